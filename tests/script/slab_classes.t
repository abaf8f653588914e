#!/bin/sh
# slabs without a word: the classes of real servers, and of some that do not say all.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached
first=$socket
start_memcached
second=$socket
"$MCSH" "$first" -c 'set foo bar' -c "set long $(printf '%0500d' 0)" >/dev/null

run "$MCSH" "$first" -c slabs
is 'slabs: a line for each class, chunk, pages, free chunks, items, used, wasted' \
	'1,96,1,10921,1,65,31 9,600,1,1746,1,563,37' \
	"$(cut -f1-7 "$work/out" | tr '\t\n' ', ' | sed 's/ $//')"
is 'slabs: the numbers are those of stats slabs and stats items' \
	"$("$MCSH" "$first" -c 'stats items' -c 'stats slabs' |
		awk -F'[:\t]' '/^items:9:(number|mem_requested|reclaimed)\t/ || /^9:(chunk_size|free_chunks)\t/ {print $NF}' |
		sort | tr '\n' ' ')" \
	"$(awk -F'\t' '$1 == 9 {print $5; print $6; print $11; print $2; print $4}' "$work/out" | sort | tr '\n' ' ')"
run "$MCSH" "$first" --trace -c slabs
is 'slabs: what is sent, marked as the own of mcsh' 'stats slabs stats items stats settings' \
	"$(sed -n 's/^.*> \(stats [a-z]*\)\\r\\n.*$/\1/p' "$work/err" | tr '\n' ' ' | sed 's/ $//')"

run "$MCSH" "$first" "$second" --format=json -c slabs
is 'slabs in json: an object of several servers, one of which is empty' "ok $first $first 1 9 []" \
	"$(json "$work/out" .status '.rows[].server' '.rows[].class' .findings)"
run "$MCSH" "$first" "$second" -c 'slabs --server 1 | cut -f1'
ran 'slabs of one server of several has no server in its lines' 0 '1\n9\n' ''
run "$MCSH" "$first" "$second" -c 'slabs | cut -f1,2'
ran 'slabs of several servers names them' 0 "$first\t1\n$first\t9\n" ''
run "$MCSH" "$second" --format=pretty -c slabs
ran 'slabs of an empty server says so' 0 'no class has memory yet: nothing was stored\n' ''
run "$MCSH" "$second" -c slabs
ran 'slabs of an empty server in plain is empty' 0 '' ''
run "$MCSH" "$first" --readonly -c slabs -c 'slabs automove 1'
is 'read-only: slabs shows, slabs automove is refused' '1 9 / 2' "$(cut -f1 "$work/out" | tr '\n' ' ')/ $status"

run "$MCSH" "$first" "$work/nobody" -c 'slabs | cut -f1,2'
ran 'slabs: a server that is down hides none of the others' 4 "$first\t1\n$first\t9\n" \
	"mcsh: cannot connect to $work/nobody: No such file or directory: is memcached running there? mcsh --sandbox brings a private one\n"
for line in 'slabs 1' 'slabs --nope' 'slabs --server 9' 'slabs classes'; do
	run "$MCSH" "$first" --trace -c "$line"
	is "$line is refused, and nothing is sent" '2  0' "$status $(cat "$work/out") $(grep -c '^>' "$work/err")"
done

# One that refuses the settings, and one that knows no classes.
fake <<'END'
accept
want stats slabs\r\n
send STAT 5:chunk_size 240\r\nSTAT 5:chunks_per_page 4369\r\nSTAT 5:total_pages 1\r\nSTAT 12:chunks_per_page 100\r\nSTAT 12:free_chunks 500\r\nEND\r\n
want stats items\r\n
send STAT items:5:number 2\r\nSTAT items:5:mem_requested 400\r\nSTAT items:5:evicted 7\r\nEND\r\n
want stats settings\r\n
send ERROR\r\n
gone
END
run "$MCSH" "$fake" --format=csv -c slabs
ran 'slabs without settings: a class that evicts beside free pages is noted' 0 \
	"server,class,chunk_size,pages,free_chunks,items,used,wasted,evicted,evicted_unfetched,age,reclaimed,outofmemory,note
$fake,5,240,1,0,2,400,80,7,0,0,0,0,evicts_beside_free
$fake,12,0,0,500,0,0,0,0,0,0,0,0,\n" ''
fake_followed 'slabs without settings: three questions'
fake <<'END'
accept
want stats slabs\r\n
send SERVER_ERROR no slabs here\r\n
want stats items\r\n
send END\r\n
want stats settings\r\n
send END\r\n
gone
END
run "$MCSH" "$fake" -c slabs
is 'slabs: a server that refuses is reported with its words, status 3' "3 mcsh: $fake answers stats slabs with SERVER_ERROR no slabs here" \
	"$status $(cut -d: -f1-2 "$work/err")"
fake_followed 'slabs: after a refused question the others are asked'

# A cache that is full of what nobody reads, in chunks that do not fit.
start_memcached -m 4
full=$socket
awk 'BEGIN { for (i = 0; i < 60000; i++) printf "set key%d %0100d\n", i, 0 }' >"$work/fill"
"$MCSH" "$full" -f "$work/fill" >/dev/null
run "$MCSH" "$full" --format=json -c slabs
is 'slabs: evictions of what nobody read are found in a full cache' 'evicted_unread' \
	"$(json "$work/out" '.findings[].rule' | grep -o '[a-z_]*unread')"
is 'slabs: the used memory of a class is the bytes of its items' '0' \
	"$(jq '[.rows[] | .items * .chunk_size - .used - .wasted] | add' "$work/out")"

done_testing
