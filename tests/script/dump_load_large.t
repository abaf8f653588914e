#!/bin/sh
# .dump and .load of many items and of long lines: to one server, to several, and while one is down.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached

perl -e 'print "key-$_\tvalue $_\n" for 1 .. 20000' >"$work/many.tsv"
run "$MCSH" "$socket" -c flush_all -c ".load $work/many.tsv | head -1"
ran '.load: twenty thousand items are stored' 0 'OK\nitems\t20000\n'
"$MCSH" "$socket" -c '.dump --as tsv' | sort >"$work/got"
sort "$work/many.tsv" >"$work/wanted"
same_bytes '.dump: twenty thousand items come back as they were' "$work/wanted" "$work/got"

start_memcached_tcp
first=127.0.0.1:$port
start_memcached_tcp
second=127.0.0.1:$port:3
run "$MCSH" "$first" "$second" -c ".load $work/many.tsv | head -1" -c 'get key-1' -c 'get key-777' -c 'get key-20000'
ran '.load to two servers: each key goes to its server' 0 'items\t20000\nvalue 1\nvalue 777\nvalue 20000\n'
run "$MCSH" "$first" -c 'stats | grep curr_items'
has '.load to two servers: the first has items' 'curr_items' "$work/out"
passes '.load to two servers: they have items by their weights' awk '$2 < 3000 || $2 > 9000 { bad = 1 } END { exit bad }' "$work/out"
"$MCSH" "$first" "$second" -c '.dump --as tsv' | sort >"$work/got"
same_bytes '.dump of two servers: all items of both come' "$work/wanted" "$work/got"
run "$MCSH" "$first" "$second" -c '.dump --server 1 --as tsv | wc -l' -c 'stats --server 1 | grep curr_items'
is '.dump --server 1: as many items as that server has' "$(sed -n 's/curr_items	//p' "$work/out")" "$(sed -n 1p "$work/out" | tr -d ' ')"
run "$MCSH" "$first" "$second" -c flush_all -c ".load --server 2 $work/many.tsv | head -1" -c '.dump --server 1 --as tsv'
has '.load --server 2: all items go to that server' 'items	20000' "$work/out"

run "$MCSH" "$first" -c 'set x 1'
run "$MCSH" "$first" 127.0.0.1:1 -c ".dump $work/half"
status_is '.dump while one of two servers is down: status 4' 4
has '.dump while one of two servers is down: the server is named' 'mcsh: cannot connect to 127.0.0.1:1: ' "$work/err"
has '.dump while one of two servers is down: the rest is in a file, which is named' "is in \"$work/half.part\"" "$work/err"
passes '.dump while one of two servers is down: the file does not get its final name' test ! -e "$work/half"
head -n 20 "$work/many.tsv" >"$work/few.tsv"
run "$MCSH" "$first" 127.0.0.1:1 -c ".load $work/few.tsv | head -1"
ran '.load while one of two servers is down: the other gets all, and a note says so' 0 'items\t20\n' 'mcsh: note: 127.0.0.1:1 is down, and what belongs there went to other servers: load the file again with .set dead_retry off, or when it is back\n'
run "$MCSH" "$first" 127.0.0.1:1 -c ".load --server 1 $work/many.tsv | head -1"
ran '.load --server 1 while the other is down: all is stored, without a note' 0 'items\t20000\n'
run "$MCSH" "$first" -c flush_all
run "$MCSH" "$first" 127.0.0.1:1 -c '.set dead_retry off' -c ".load $work/many.tsv"
status_is '.load with dead_retry off while one of two servers is down: status 4' 4
has '.load with dead_retry off while one of two servers is down: the reason is given' 'cannot connect to 127.0.0.1:1: ' "$work/err"
line=$(sed -n 's/.*many.tsv:\([0-9]*\): .*/\1/p' "$work/err")
is '.load with dead_retry off: every line before the failed one is counted' $((line - 1)) \
	"$(awk '$1 == "items" || $1 == "unknown" { n += $2 } END { print n }' "$work/out")"
items=$(sed -n 's/^items	//p' "$work/out")
run "$MCSH" "$first" -c '.dump --as tsv'
is '.load with dead_retry off: the server that is up has the items counted as stored' "$items" "$(wc -l <"$work/out")"

perl -e 'print "a\t1\nb\t"; print "x" x 1000000 for 1 .. 120; print "\n"' | gzip -1 >"$work/wide.tsv.gz"
measure "$MCSH" "$socket" -c flush_all -c ".load $work/wide.tsv.gz | head -1"
ran '.load: a line of 120 MB is refused, and names the limit' 4 'OK\nitems\t1\n' \
	"mcsh: $work/wide.tsv.gz:2: a record is longer than 16777216 bytes: is it another kind of file? --as names its format; .set max_record raises the limit\n"
passes ".load: a line of 120 MB is refused within 20 s (took $elapsed ms)" [ "$elapsed" -lt 20000 ]
resident_is_below '.load: a line of 120 MB takes less than 100 MB of memory' 100
run "$MCSH" "$socket" -c '.set max_record 20m' -c ".load $work/wide.tsv.gz | head -1"
has '.set max_record raises the limit of a line' 'a record is longer than 20971520 bytes' "$work/err"

perl -e 'printf "key-%012d\t%s\n", $_, "v" x (16 + $_ % 49) for 1 .. 100000' >"$work/more.tsv"
run "$MCSH" "$socket" -c flush_all -c ".load $work/more.tsv | head -1"
ran '.load: a hundred thousand items are stored' 0 'OK\nitems\t100000\n'
run "$MCSH" "$socket" -c '.dump --as tsv | sort | cksum'
ran '.dump: a hundred thousand items come back as they were' 0 "$(sort "$work/more.tsv" | cksum)\n"

# A server that stands still keeps the dump from its end, until a signal ends mcsh.
full=$socket
start_memcached
freeze "${tap_servers##* }"
mkdir "$work/cut"
for signal in TERM HUP; do
	"$MCSH" --timeout=20s "$full" "$socket" -c ".dump --as tsv $work/cut/items" 2>/dev/null &
	mcsh=$!
	while kill -0 $mcsh && ! test -s "$(echo "$work"/cut/items.*)"; do sleep 0.05; done
	kill -s $signal $mcsh
	wait $mcsh
	is "SIG$signal in .dump: one file is left, named FILE.part" items.part "$(ls "$work/cut")"
	passes "SIG$signal in .dump: what was written is in it" grep -q '^key-' "$work/cut/items.part"
	rm "$work/cut/items.part"
done

done_testing
