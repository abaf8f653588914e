#!/bin/sh
# .grep: what is found in values, and that looking through them uses no item.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached

mcsh() {
	run "$MCSH" "$socket" "$@"
}
# The keys come in the order of the server's hash table.
sorted() {
	sort -o "$work/out" "$work/out"
}

printf '%s\n' 'one' 'two words here' 'three words' >"$work/lines"
mcsh -c "set --file $work/lines page:1" -c 'set --time 5m page:2 "else words"' -c 'set other words' -c 'set empty ""'
mcsh -c '.grep w.r'
sorted
ran 'plain: key, line, offset and the line, of each line' 0 'other\t1\t0\twords\npage:1\t2\t8\ttwo words here\npage:1\t3\t25\tthree words\npage:2\t1\t5\telse words\n'
mcsh -c '.grep ^w.*s$'
ran '^ and $ are the ends of a line' 0 'other\t1\t0\twords\n'
mcsh -c '.grep nothing'
ran 'what is nowhere: status 1' 1
mcsh -c '.grep WORDS'
ran 'case counts' 1
mcsh -c '.grep -i WORDS other'
ran '-i: case does not count' 0 'other\t1\t0\twords\n'
mcsh -c '.grep -F w.r'
ran '-F: the pattern is a string' 1
mcsh -c '.grep -F -i "O W" page:1'
ran '-F -i: a string, whatever its case' 0 'page:1\t2\t6\ttwo words here\n'
mcsh -c '.grep -l words'
sorted
ran '-l: each key once' 0 'other\npage:1\npage:2\n'
mcsh -c '.grep --count words' -c '.grep --count nothing'
ran '--count: how many items' 1 '3\n0\n'
mcsh -c '.grep words page:*' -c '.echo'
status_is 'a glob: status 0' 0
is 'a glob: only keys that fit' 'page:1 page:2' "$(cut -f 1 "$work/out" | grep . | sort -u | tr '\n' ' ' | sed 's/ $//')"
mcsh -c '.grep words --ttl-under 10m' -c '.grep --prefix oth words -l' -c '.grep --match "^p.*1$" -l words' -c '.grep --larger 1000 words'
ran 'filters of .keys choose the items that are searched' 1 'page:2\t1\t5\telse words\nother\npage:1\n'
mcsh -c '.grep -l --limit 1 words | wc -l'
ran '--limit: as many items as it says' 0 '1\n'
mcsh -c '.grep --count ""'
ran 'an empty pattern is in every value, an empty one too' 0 '4\n'
mcsh -c 'ms "a b" "x\0\xff words"' -c '.grep words "a*"'
ran 'a key that goes out in base64, and bytes that are not text' 0 'HD\na b\t1\t4\tx\\0\\xff words\n'
mcsh -c 'md "a b"'
mcsh --key-prefix page: -c '.grep -l three'
ran 'the session'"'"'s prefix is taken off, and others are not looked through' 0 '1\n'
mcsh --key-prefix page: -c '.grep --count words'
ran 'the session'"'"'s prefix: only items that have it' 0 '2\n'
mcsh --profile python-memcached -c 'set --min-compress-len 10 --type text z "squeezed squeezed squeezed squeezed squeezed"' \
	-c '.grep -l squeezed' -c 'mg z s'
has 'a compressed value is searched in its decompressed form' 'z' "$work/out"
mcsh -c '.grep -l eJy'
status_is 'a compressed value is not searched in its stored bytes' 1
awk 'BEGIN { for (i = 0; i < 1000; i++) printf "abc%03d ", i; print "" }' >"$work/long"
mcsh -c "set --file $work/long long" -c '.grep abc500 long'
is 'of a long line a piece is shown' 3500 "$(tail -n 1 "$work/out" | cut -f 3)"
passes 'of a long line a piece is shown, between dots' grep -q '	\.\.\..*abc500.*\.\.\.$' "$work/out"
passes 'of a long line no more is shown than is said' awk -F '\t' 'END { exit length($4) > 210 }' "$work/out"

mcsh --format json -c '.grep w.r other'
is 'json: an object a line, and one with what was done' '.grep other 1 0 words null null null
.grep null null null null 1 1 ok' \
	"$(json "$work/out" .command .key .line .offset .text .found_in .values .status)"
mcsh --format csv -c '.grep w.r other'
sed -i "s|$socket|SOCKET|" "$work/out"
ran 'csv: a header, and a row a line' 0 'server,key,line,offset,text\nSOCKET,other,1,0,words\n'
mcsh --format pretty --no-color -c '.grep w.r other'
sed -i 's/ in [0-9.]* m*s)/ in TIME)/' "$work/out"
ran 'pretty: the key, the line and what was looked through' 0 'other:1: words\n(in 1 of 1 value, 10 B, in TIME)\n'

# --- nothing is used, and all is found ---

stop_server "$server"
start_memcached
awk 'BEGIN { srand(7); for (i = 0; i < 3000; i++) printf "set k:%d \"%s\"\n", i, rand() < 0.3 ? "has the needle in it" : "only straw" }' >"$work/script"
"$MCSH" "$socket" -f "$work/script" >/dev/null
want=$(grep -c needle "$work/script")
perl -e 'select undef, undef, undef, 2.2' # until the items are where they stay
"$MCSH" "$socket" -c 'lru_crawler metadump all' --format plain >"$work/before"
mcsh -c '.grep --count needle' -c '.grep --count straw'
ran 'as many are found as were stored' 0 "$want\n$((3000 - want))\n"
"$MCSH" "$socket" -c 'lru_crawler metadump all' --format plain >"$work/after"
same_bytes '.grep changes no last bump, no fetched mark and no place in the LRU' "$work/before" "$work/after"
passes 'the cards of two looks are there to compare' [ "$(wc -l <"$work/before")" = 3000 ]
mcsh --readonly -c '.grep --count needle'
ran 'a read-only session may search' 0 "$want\n"

first=$socket
start_memcached
run "$MCSH" "$first" "$socket" -c '.on 2 set k:7 needle' -c '.grep --count needle' -c '.grep -l --server 2 needle' -c '.grep --misplaced --count ""'
is 'several servers are searched, or the one that is named' "STORED $((want + 1)) k:7" "$(head -n 3 "$work/out" | tr '\n' ' ' | sed 's/ $//')"
passes '--misplaced: items on servers that are not asked for them' [ "$(tail -n 1 "$work/out")" -gt 1000 ]

printf 'k:1\nk:2\nk:7\tmore\nnowhere\n' >"$work/names"
run "$MCSH" "$first" --trace -c ".grep --count --keys-from $work/names ''" -c ".grep -l --keys-from $work/names needle"
want=$(grep -E '^set k:(1|2|7) .*needle' "$work/script" | cut -d ' ' -f 2)
is '--keys-from: the keys in a file, in their order' "3 $(echo $want)" "$(echo $(cat "$work/out"))"
run "$MCSH" "$first" --format json -c ".grep --count --keys-from $work/names ''"
is '--keys-from: the bytes of keys and values are counted' \
	"3 $(sed -nE 's/^set (k:[127]) "(.*)"$/\1\2/p' "$work/script" | tr -d '\n' | wc -c)" "$(json "$work/out" .values .bytes)"
run "$MCSH" "$first" --trace -c ".grep --count --keys-from $work/names ''"
is '--keys-from: no server lists' 0 "$(grep -c metadump "$work/err")"
run "$MCSH" "$first" -c ".grep --keys-from $work/nothing x"
status_is '--keys-from: a file that there is not: status 2' 2

start_memcached
run "$MCSH" "$socket" -c 'set s stale' -c 'set t fresh' -c 'md s I' -c '.grep -l stale'
ran 'a stale item: that its token was taken is said' 0 'STORED\nSTORED\nHD\ns\n' 'mcsh: note: reading took the token to fetch it again of 1 stale item: md KEY I marks one stale again, and the next who gets it is shown W\n'

# --- an expression that takes its time ---

start_memcached
awk 'BEGIN { print "words first"; for (i = 0; i < 900000; i++) printf "a"; print ""; print "words last" }' >"$work/slow"
mcsh -c "set --file $work/slow slow" -c 'set quick aab'
mcsh --timeout 300ms -c '.grep -l "(a+)+$b|aab"'
ran 'a value that takes longer than the timeout is left, and the others are searched: status 4' 4 'quick\n' 'mcsh: 1 value took longer than 300.0 ms to search and was not searched to the end: -F searches for a string; .set timeout gives it longer\n'
mcsh --timeout 300ms -c '.grep "(a+)+$b|words" slow'
ran 'what was found before the line that takes too long is shown' 4 'slow\t1\t0\twords first\n' 'mcsh: 1 value took longer than 300.0 ms to search and was not searched to the end: -F searches for a string; .set timeout gives it longer\n'
printf 'slow\nslow\nquick\n' >"$work/names2"
mcsh --timeout 300ms -c ".grep --keys-from $work/names2 '(a+)+\$b|aab'"
ran '--keys-from: each that takes too long is counted' 4 'quick\t1\t0\taab\n' 'mcsh: 2 values took longer than 300.0 ms to search and were not searched to the end: -F searches for a string; .set timeout gives them longer\n'
for n in 1 2; do
	awk -v n=$n 'BEGIN { for (i = 0; i < 9000; i++) printf "x"; printf " needle%d", n }' >"$work/long"
	mcsh -c "set --file $work/long long$n"
done
printf 'long1\nslow\nlong2\nlong1\n' >"$work/names3"
mcsh --timeout 1s -c ".grep --keys-from $work/names3 '(a+)+\$b|needle.' | cut -f 1-3" -c ".grep -l --keys-from $work/names3 needle.\$"
ran 'long values are searched one after the other, also after one that takes too long' 4 \
	'long1\t1\t9001\nlong2\t1\t9001\nlong1\t1\t9001\nlong1\nlong2\nlong1\n' 'mcsh: 1 value took longer than 1.000 s to search and was not searched to the end: -F searches for a string; .set timeout gives it longer\n'
mcsh -c 'delete long1' -c 'delete long2'
mcsh -c '.grep words slow'
ran 'a long line is searched to the end, and what follows it' 0 'slow\t1\t0\twords first\nslow\t3\t900013\twords last\n'
mcsh -c '.grep a{9} slow | cut -c 1-20'
ran 'what a long line holds is found' 0 'slow\t2\t12\taaaaaaaaaa\n'
mcsh -c '.grep --count "^a*$" slow' -c '.grep -l "t$" slow'
ran 'a long line: -l and --count end at the first match' 0 '1\nslow\n'
mcsh --timeout 300ms -c '.grep -F "(a+)+$b"'
ran 'a string is searched in no time' 1
run perl -e '
	my $child = fork;
	if ($child == 0) {
		$SIG{INT} = "DEFAULT";
		exec @ARGV[1 .. $#ARGV];
	}
	open my $children, ">", $ARGV[0] or die;
	my $n;
	for (1 .. 500) {
		select undef, undef, undef, 0.02;
		last if $n = () = qx(ps -o pid= --ppid $child) =~ /\d+/g;
	}
	print $children $n;
	kill INT => $child;
	waitpid $child, 0;
	exit($? >> 8);
' "$work/children" "$MCSH" "$socket" --timeout off -c '.grep "(a+)+$b|words" slow'
is 'a long line is searched by a process of its own' 1 "$(cat "$work/children")"
ran 'SIGINT ends the search of a long line: what was found by then is shown' 4 'slow\t1\t0\twords first\n' 'mcsh: interrupted after 1 value: what was found by then is shown\n'

# --- who cannot be searched, bad input ---

fake --tcp <<'END'
accept
want version\r\n
send VERSION 1.5.6\r\n
gone
END
run "$MCSH" "$fake" -c '.grep x'
ran 'a server without meta commands is not searched' 3 '' "mcsh: $fake does not answer the meta commands: its values are not read: get would use every item; .dump does\n"
run "$MCSH" "$work/none" -c '.grep x'
status_is 'no server: status 4' 4
printf '%s\n' '.grep "("' '.keys --match "("' '.echo on' | "$MCSH" "$socket" >"$work/out" 2>"$work/err"
is 'an invalid expression: standard input is read on' on "$(cat "$work/out")"
has 'an invalid expression: the error says why' 'cannot read the expression "("' "$work/err"
mcsh -c '.grep'
status_is 'no pattern: status 2' 2
mcsh -c '.grep a b c'
status_is 'a third operand: status 2' 2
mcsh -c '.grep --limit 0 a'
status_is '--limit 0: status 2' 2
mcsh -c '.grep --ttl-under never a'
status_is 'a filter that cannot be read: status 2' 2
done_testing
