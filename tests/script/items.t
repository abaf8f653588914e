#!/bin/sh
# Files of items that are damaged, cut short or something else; places that cannot be written; and
# what is said of each.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached

mcsh() {
	"$MCSH" "$socket" "$@"
}

json='each line is one JSON object with a key and a value'
reported='items\t%s\nbytes\t%s\nexpired\t0\nexisting\t0\nrefused\t0\nbad\t%s\nunknown\t0\n'

# loads FILE ITEMS BYTES BAD: what .load prints.
loads() {
	run "$MCSH" "$socket" -c ".load $1"
	sed -i '/^seconds/d' "$work/out"
	shift
	# shellcheck disable=SC2059
	wanted=$(printf "$reported" "$@")
}

# --- damaged records ---

printf '{"key":"a","value":"1"}\n{"key":"b","value":"2"\n{"key":"c","value":"3"}\n\n{"key":"","value":"4"}\n{"key":"d","value":"5"}\n' >"$work/bad.jsonl"
loads "$work/bad.jsonl" 3 6 2
ran 'bad lines are told, the others are stored' 2 "$wanted\n" "mcsh: $work/bad.jsonl:2: invalid JSON object: it ends too early, at byte 23: $json
mcsh: $work/bad.jsonl:5: its key is empty: memcached's keys have 1 to 250 bytes\n"
perl -e 'print "{\"key\":\"k$_\"}\n" for 1 .. 15' >"$work/many.jsonl"
run "$MCSH" "$socket" -c ".load $work/many.jsonl"
status_is 'many bad lines' 2
is 'ten are told' 10 "$(grep -c "many.jsonl:[0-9]*: it has no value: $json" "$work/err")"
has 'ten are told: the others are counted' 'mcsh: 5 more errors of this kind were not reported' "$work/err"
has 'all are counted' 'bad	15' "$work/out"
perl -e 'print "k" x 251, "\tx\ngood\tx\n"' >"$work/long.tsv"
loads "$work/long.tsv" 1 5 1
ran 'a key that is too long' 2 "$wanted\n" "mcsh: $work/long.tsv:1: its key has 251 bytes: memcached's keys have 1 to 250 bytes\n"
printf 'key,value\n"a\nb",1\nc,"2\n3"\nd\n' >"$work/lines.csv"
loads "$work/lines.csv" 2 8 1
ran 'lines within a field are counted' 2 "$wanted\n" "mcsh: $work/lines.csv:6: it has 1 field, the header has 2: is the file cut short?\n"

# --- as spreadsheets write them ---

printf '\357\273\277key,value\r\na,1\r\n' >"$work/mark.csv"
loads "$work/mark.csv" 1 2 0
ran 'CSV with a byte order mark and CR LF' 0 "$wanted\n"
printf '\357\273\277b\t2\r\nc\t3\\r\r\n' >"$work/mark.tsv"
loads "$work/mark.tsv" 2 5 0
ran 'tab-separated likewise' 0 "$wanted\n"
run "$MCSH" "$socket" --format=json -c 'get a b c | jq -c .values[].value'
ran 'tab-separated likewise: neither is in the items' 0 '"1"\n"2"\n"3\\r"\n{"command":"get","status":"ok"}\n'
printf 'id;name\n1;Tea\n2;Milk\n' >"$work/other.csv"
loads "$work/other.csv" 0 0 1
ran 'other columns are told once' 2 "$wanted\n" "mcsh: $work/other.csv:1: unknown column \"id;name\": the first line names the columns, with commas between: key, flags, exptime, cas, value, encoding, key_encoding\n"

# --- cut short ---

printf '{"key":"a","value":"1"}\n{"key":"b","val' >"$work/cut.jsonl"
loads "$work/cut.jsonl" 1 2 1
ran 'JSON Lines' 2 "$wanted\n" "mcsh: $work/cut.jsonl:2: invalid JSON object: a string does not end, at byte 16: $json\n"
printf '{"key":"a","value":"1"}\n{"key":"b","value":"2"}' >"$work/whole.jsonl"
loads "$work/whole.jsonl" 2 4 0
ran 'only the last line feed is missing' 0 "$wanted\n"
printf 'a\t1\nb\t2' >"$work/cut.tsv"
loads "$work/cut.tsv" 1 2 0
ran 'tab-separated' 4 "$wanted\n" "mcsh: $work/cut.tsv:2: the last line does not end, the file may be cut short: if the file is whole, add a line feed; what came before was loaded\n"
perl -e 'printf "%04d\t%s\n", $_, join "", map chr(97 + rand 26), 1 .. 50 for 1 .. 5000' >"$work/all.tsv"
gzip -c "$work/all.tsv" >"$work/all.tsv.gz"
head -c 100000 "$work/all.tsv.gz" >"$work/cut.tsv.gz"
run "$MCSH" "$socket" -c flush_all -c ".load $work/cut.tsv.gz"
status_is 'gzip' 4
has 'gzip: it is told' ': the gzip file is cut short: what came before was loaded' "$work/err"
line=$(sed -n 's/.*cut.tsv.gz:\([0-9]*\): .*/\1/p' "$work/err")
has 'gzip: with its line' "items	$((line - 1))" "$work/out"
run "$MCSH" "$socket" -c '.dump --as tsv'
sort "$work/out" >"$work/got"
head -n $((line - 1)) "$work/all.tsv" >"$work/want"
same_bytes 'what came before is there' "$work/want" "$work/got"
perl -e 'undef $/; $_ = <>; substr($_, 50000, 8) = "damaged!"; print' "$work/all.tsv.gz" >"$work/bad.tsv.gz"
run "$MCSH" "$socket" -c ".load $work/bad.tsv.gz"
status_is 'damaged gzip' 4
has 'damaged gzip: is told' ': the gzip file is damaged: what came before was loaded' "$work/err"

# --- something else ---

printf 'hello\n' >"$work/what"
run "$MCSH" "$socket" -c ".load $work/what"
ran 'no form of items' 2 '' "mcsh: cannot determine the format of \"$work/what\": name it with --as jsonl, csv, tsv or protocol\n"
printf 'PK\003\004\tkey,\000\n' >"$work/book"
run "$MCSH" "$socket" -c ".load $work/book"
ran 'a workbook' 2 '' "mcsh: cannot determine the format of \"$work/book\": name it with --as jsonl, csv, tsv or protocol\n"
printf '' >"$work/none"
run "$MCSH" "$socket" -c ".load $work/none"
ran 'an empty file' 2 '' "mcsh: \"$work/none\" is empty: is it the right file?\n"
printf 'set foo bar\n' >"$work/commands"
run "$MCSH" "$socket" -c ".load $work/commands"
ran 'a script' 2 '' "mcsh: \"$work/commands\" is a script of commands: run it with .source\n"
run "$MCSH" "$socket" -c ".load --as mcsh $work/commands"
ran 'a script that is called one' 2 '' 'mcsh: unknown format for .load: "mcsh": write jsonl, csv, tsv or protocol; a script is run with .source\n'
run "$MCSH" "$socket" -c '.load /nonexistent'
ran 'no file' 2 '' 'mcsh: cannot read "/nonexistent": No such file or directory: check the path and its rights\n'
run "$MCSH" "$socket" -c ".load $work"
ran 'a directory' 2 '' "mcsh: cannot read \"$work\": Is a directory: check the path and its rights\n"
printf '.load -\n' | run "$MCSH" "$socket"
ran 'standard input is the script' 2 '' 'mcsh: stdin:1: standard input is where the commands come from: name a file, or give the command by -c\n'
run "$MCSH" "$socket" -c ".load --add --replace $work/all.tsv"
ran 'two ways at once' 2 '' 'mcsh: --add and --replace exclude each other: leave one of them out\n'
run "$MCSH" "$socket" -c ".dump --as xml"
ran 'no such format' 2 '' 'mcsh: unknown format of items: "xml": write jsonl, csv, tsv, mcsh or protocol\n'
perl -e 'print "a\t", "x" x 4000, "\n"' >"$work/wide.tsv"
run "$MCSH" "$socket" -c '.set max_value 64' -c ".load --as jsonl $work/wide.tsv"
status_is 'a record of another form' 2

# --- places that cannot be written ---

run "$MCSH" "$socket" -c '.dump /nonexistent/dump'
ran 'no directory' 2 '' 'mcsh: cannot write "/nonexistent/dump": No such file or directory: nothing was dumped; check the path and its rights\n'
run "$MCSH" "$socket" -c '.dump /dev/full'
status_is 'a full disk' 4
has 'a full disk: is told' 'mcsh: cannot write "/dev/full" after ' "$work/err"
has 'a full disk: with its reason' ': No space left on device: free some room, or name another file' "$work/err"
run sh -c "'$MCSH' '$socket' -c .dump >/dev/full"
status_is 'a full standard output' 4
has 'a full standard output: is told' 'No space left on device' "$work/err"
run "$MCSH" "$socket" -c '.dump | head -1'
ran 'a reader that has seen enough' 0 '{"mcsh_items":1}\n'
printf 'old\n' >"$work/kept"
run "$MCSH" /nonexistent/socket -c ".dump $work/kept"
status_is 'a server that is not there' 4
printf 'old\n' >"$work/want"
same_bytes 'the file that was there stays' "$work/want" "$work/kept"
run "$MCSH" "$socket" -c ".dump $work/kept"
passes 'a whole dump takes its place' grep -q mcsh_items "$work/kept"
is 'a whole dump takes its place: leaves nothing beside it' "$work/kept" "$(echo "$work"/kept*)"
chmod 600 "$work/kept"
ln -s kept "$work/link"
(
	umask 022
	"$MCSH" "$socket" -c ".dump --as csv $work/link" >/dev/null
)
is 'a symbolic link stays one' kept "$(readlink "$work/link")"
has 'what it leads to is replaced' 'key,flags,' "$work/kept"
is 'what it leads to is replaced: who could not read it cannot now' 600 "$(stat -c %a "$work/kept")"

# What others may have put at the names that a dump takes.
printf 'precious\n' >"$work/victim"
for plant in 'ln -s' ln mkfifo; do
	rm -f "$work/plant.part"
	case $plant in
	mkfifo) mkfifo "$work/plant.part" ;;
	*) $plant "$work/victim" "$work/plant.part" ;;
	esac
	run "$MCSH" "$socket" -c ".dump $work/plant | head -1"
	status_is "$plant plant.part: a dump passes by it" 0
	run "$MCSH" "$socket" /nonexistent/socket -c ".dump $work/plant"
	status_is "$plant plant.part: one that fails" 4
	has 'says where its part is' "is in \"$work/plant.part\"" "$work/err"
	passes 'says where its part is: which is a file of its own' sh -c "test -f '$work/plant.part' && test ! -L '$work/plant.part'"
	is 'says where its part is: what was led to stays as it is' precious "$(cat "$work/victim")"
done
if [ "$(id -u)" = 0 ]; then
	ln -s victim "$work/foreign"
	chown -h 65534 "$work/foreign"
	run "$MCSH" "$socket" -c ".dump $work/foreign"
	ran 'a link of another user is not followed' 2 '' "mcsh: cannot write \"$work/foreign\": Operation not permitted: nothing was dumped; check the path and its rights\n"
	run "$MCSH" "$socket" --trace --trace-file "$work/foreign" -c 'set a 1'
	has 'by a trace neither' "mcsh: cannot write the trace file \"$work/foreign\": Operation not permitted: the trace goes to standard error" "$work/err"
	run "$MCSH" "$socket" -c ".record $work/foreign"
	has 'by a trace neither: nor by a transcript' "cannot write \"$work/foreign\": Operation not permitted" "$work/err"
	is 'what it leads to stays as it is' precious "$(cat "$work/victim")"
fi

# Two dumps to one file.
fake <<END
accept
want stats\\r\\n
send END\\r\\n
want lru_crawler metadump hash\\r\\n
send key=slow exp=-1 la=1\\n
tell $work/begun
await $work/go
send END\\r\\n
accept
want get slow\\r\\n
send VALUE slow 0 1\\r\\nx\\r\\nEND\\r\\n
gone
END
"$MCSH" "$fake" -c ".dump $work/both.tsv" >"$work/first" &
first=$!
perl -e 'for (1 .. 500) { exit 0 if -e $ARGV[0]; select undef, undef, undef, 0.02 } exit 1' "$work/begun"
run "$MCSH" "$socket" -c flush_all -c 'set quick y' -c ".dump $work/both.tsv | head -1"
ran 'another dump to the same file' 0 'OK\nSTORED\nitems\t1\n'
printf 'quick\ty\n' >"$work/want"
same_bytes 'another dump to the same file: is whole' "$work/want" "$work/both.tsv"
: >"$work/go"
wait "$first"
fake_followed 'the one that was begun first ends'
printf 'slow\tx\n' >"$work/want"
same_bytes 'the one that was begun first ends: its file is whole too' "$work/want" "$work/both.tsv"
is 'nothing is left beside it' "$work/both.tsv" "$(echo "$work"/both.tsv*)"

# --- a server that does not list its keys ---

start_memcached -o no_lru_crawler
run "$MCSH" "$socket" -c 'set foo bar' -c .dump
ran 'without a crawler' 3 'STORED\n{"mcsh_items":1}\n' "mcsh: $socket does not list its keys: CLIENT_ERROR lru crawler disabled: its keys cannot be listed; lru_crawler enable switches it on, unless it was started with -o no_lru_crawler\n"

done_testing
