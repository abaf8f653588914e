#!/bin/sh
# .where --moved: how many keys another layout would place elsewhere.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
first=$socket
start_memcached
second=$socket
start_memcached
third=$socket
i=0
while [ $i -lt 100 ]; do
	echo "set user:$i x"
	i=$((i + 1))
done >"$work/script"
"$MCSH" "$first" "$second" --distribution ketama -f "$work/script" >/dev/null

# What .where says of each key, one by one, is what the table has to sum up.
# expected D1 D2 SERVER...: from, to, keys
expected() {
	from=$1 to=$2
	shift 2
	sed 's/^set \(.*\) x$/.where \1/' "$work/script" >"$work/where"
	"$MCSH" "$first" "$second" --format plain -f "$work/where" | awk -F '\t' -v d="$from" '$2 == d { print $4 }' >"$work/from"
	"$MCSH" "$@" --format plain -f "$work/where" | awk -F '\t' -v d="$to" '$2 == d { print $4 }' >"$work/to"
	paste "$work/from" "$work/to" | sort | uniq -c | awk -v OFS='\t' '{ print $2, $3, $1 }' | sort
}
expected ketama ketama "$first" "$second" "$third" >"$work/want"
run "$MCSH" "$first" "$second" -c ".where --moved ketama ketama $first $second $third"
status_is 'a server more: status 0' 0
cut -f1-3 "$work/out" | sort >"$work/got"
same_bytes 'a server more: each pair has the keys that .where places so' "$work/want" "$work/got"
is 'a server more: what moves, moves to it' "$third" \
	"$(awk -F '\t' '$5 == "yes" { print $2 }' "$work/out" | sort -u)"
is 'a server more: what stays does not move' '' "$(awk -F '\t' '($1 == $2) != ($5 == "no")' "$work/out")"

expected ketama python-memcached "$first" "$second" >"$work/want"
run "$MCSH" "$first" "$second" -c '.where --moved ketama python-memcached'
cut -f1-3 "$work/out" | sort >"$work/got"
same_bytes 'another distribution: each pair has the keys that .where places so' "$work/want" "$work/got"
run "$MCSH" "$first" "$second" -c ".where --moved ketama ketama"
is '.where --moved to the same layout: nothing moves' '100 no' \
	"$(awk -F '\t' '{ n += $3; m[$5] = 1 } END { printf "%d", n; for (k in m) printf " %s", k }' "$work/out")"

# A sample asks nobody.
run "$MCSH" "$work/none1" "$work/none2" --trace \
	-c ".where --moved --sample 2000 jump jump $work/none1 $work/none2 $work/none3"
ran_err=$(cat "$work/err")
is 'a sample asks no server' '' "$ran_err"
is 'a sample has as many keys as are wanted' 2000 "$(awk -F '\t' '{ n += $3 } END { print n }' "$work/out")"
passes 'jump from 2 servers to 3 moves a third of a sample' \
	awk -F '\t' '$5 == "yes" { n += $3 } END { exit !(n > 600 && n < 733) }' "$work/out"
cp "$work/out" "$work/once"
run "$MCSH" "$work/none1" "$work/none2" \
	-c ".where --moved --sample 2000 jump jump $work/none1 $work/none2 $work/none3"
same_bytes 'a sample is the same each time' "$work/once" "$work/out"
run "$MCSH" "$first" "$second" --format json -c '.where --moved --sample 10 jump jump'
is '.where --moved in JSON: numbers are numbers' '.where 5 5 no no ok 2' \
	"$(json "$work/out" .command '.rows[].keys' '.rows[].moves' .status) $(grep -o '"keys":5,' "$work/out" | wc -l)"
run "$MCSH" "$first" "$second" --format pretty --no-color -c ".where --moved --sample 10000 modula modula $first"
has 'pretty sums it up' ' of 10,000 keys would move (' "$work/out"

run "$MCSH" "$first" -c '.where --moved ketama'
ran '.where --moved with one distribution: refused' 2 '' \
	'mcsh: --moved wants two distributions: .where --moved D1 D2 [SERVER...]\n'
run "$MCSH" "$first" -c '.where --moved ketama perl'
ran 'an unknown distribution is refused' 2 '' \
	'mcsh: unknown distribution "perl": Tab after .set distribution lists them\n'
run "$MCSH" "$first" -c '.where --moved ketama ketama x:y'
status_is 'a bad server is refused' 2
run "$MCSH" "$first" -c '.where --sample 5 foo'
ran '--sample alone is refused' 2 '' \
	'mcsh: --sample is for --moved: .where --moved --sample N D1 D2 [SERVER...]\n'
run "$MCSH" "$first" "$work/none1" -c '.where --moved ketama jump'
status_is 'a server that does not list its keys: status 4' 4

# Resharding, as the manual has it.
"$MCSH" "$first" "$second" --distribution ketama -c ".dump $work/items.jsonl" >/dev/null
"$MCSH" "$first" "$second" "$third" --distribution ketama -c ".load $work/items.jsonl" >/dev/null
sed 's/^set \(.*\) x$/get \1/' "$work/script" >"$work/gets"
run "$MCSH" "$first" "$second" "$third" --distribution ketama -f "$work/gets"
is 'a dump that is loaded into another layout has every key where it belongs' '0 100' \
	"$status $(grep -c '^x$' "$work/out")"

done_testing
