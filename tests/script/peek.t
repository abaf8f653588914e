#!/bin/sh
# .peek: what is known of an item, and that looking leaves no trace but one get.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached

mcsh() {
	run "$MCSH" "$socket" "$@"
}

# facts NAME...: of the last run, without what differs from run to run.
facts() {
	grep -E "^($1)	" "$work/out"
}

cas_of() {
	"$MCSH" "$socket" --format=json -c "me $1" | jq .item.cas
}

mcsh -c 'set foo bar 100' -c '.peek foo'
status_is 'a hit: status 0' 0
sed -i "s|$socket|SOCKET|; s/^\(exptime\t\)[0-9]*/\1AT/; s/^\(ttl\t\)99$/\1100/; s/^\(bumped\t\)1$/\10/; 1d" "$work/out"
out_is 'plain: a line for each fact' 'key\tfoo\nserver\tSOCKET\nflags\t0\nbytes\t3\nvalue\tbar\ntype\ttext\nclass\t1\nchunk\t96\nsize\t65\nttl\t100\nexptime\tAT\nbumped\t0\nfetched\tno\ncas\t'"$(cas_of foo)"'\n'
mcsh -c '.peek foo' -c '.peek foo'
is '.peek does not mark an item as read' 'fetched	no' "$(facts fetched | sort -u)"
mcsh -c 'get foo' -c '.peek foo'
is 'a get marks it as read' 'fetched	yes' "$(facts fetched)"
mcsh -c '.peek nope'
ran 'a miss prints nothing, status 1' 1
mcsh -c '.peek --no-value nope'
ran '--no-value: a miss is silent, status 1' 1
mcsh -c '.peek foo --no-value'
is '--no-value shows neither the value nor its flags' 'key server class chunk size ttl exptime bumped fetched cas' \
	"$(cut -f1 "$work/out" | tr '\n' ' ' | sed 's/ $//')"
mcsh -c 'set a 1' -c 'set --flags 8 b ""' -c '.peek a nope b | grep -E "	(key|value|flags)	"'
ran 'several keys: each line begins with its key' 1 'STORED\nSTORED\na\tkey\ta\na\tflags\t0\na\tvalue\t1\nb\tkey\tb\nb\tflags\t8\nb\tvalue\t\n'
mcsh -c '.peek a nope b' -c '.echo'
status_is 'a miss among several keys: status 1' 1
mcsh -c 'ms "a b" "x\ny"' -c '.peek "a b" | grep -E "^(key|value|bytes)"'
ran 'a key that goes out in base64' 0 'HD\nkey\ta b\nbytes\t3\nvalue\tx\\ny\n'
mcsh --key-prefix p: -c 'set k v' -c '.peek k | grep -E "^(key|size)"'
ran 'the prefix is on the wire, and not shown' 0 'STORED\nkey\tk\nsize\t63\n'
mcsh --profile python-memcached -c 'set --type int n 42' -c '.peek n | grep -E "^(type|profile|value|flags)"'
ran 'the type and the client by the flags' 0 'STORED\nflags\t2\nvalue\t42\ntype\tint\nprofile\tpython-memcached\n'
head -c 700000 /dev/zero >"$work/large"
mcsh -c "set --file $work/large large" -c '.peek large --no-value | grep -E "^(class|chunk|size)"'
ran 'a large item has a chunk that is smaller than it' 0 'STORED\nclass\t39\nchunk\t524288\nsize\t700064\n'
mcsh --format pretty --no-color -c '.peek large --no-value'
has 'pretty: a large item spans chunks, and no waste is invented' '  memory    700,064 bytes, class 39, in several chunks of up to 524,288' "$work/out"
mcsh --format pretty --no-color -c 'set foo bar 50d' -c '.peek foo'
sed -i "s|$socket|SOCKET|; s/until .*/until THEN/" "$work/out"
out_is 'pretty: the value as get shows it, and a line for each fact' "STORED
foo
\"bar\"  (3 bytes)
  server    SOCKET
  type      text, flags 0
  memory    65 bytes, class 1, in a chunk of 96: 31 unused
  ttl       50 d, until THEN
  bumped    just now
  fetched   never
  cas       $(cas_of foo)
"
mcsh --format pretty --no-color -c '.peek nope'
sed -i "s|$socket|SOCKET|" "$work/out"
ran 'pretty: a miss' 1 'nope  (miss)\n  server    SOCKET\n'
mcsh --format json -c 'set foo "\xff" 100' -c '.peek foo nope'
is 'json: an object for each key, the last with the status' \
	'foo true /w== base64 100 false null
nope false null null null null negative' \
	"$(sed '1d; s/"ttl":99,/"ttl":100,/' "$work/out" | json - .key .found .value .encoding .ttl .fetched .status)"
mcsh --format csv -c '.peek foo nope a --no-value | cut -d, -f 1,10,11,12,13'
sed -i 's/,99$/,100/' "$work/out"
ran 'csv: a header, and a row for each hit' 1 'key,class,chunk,size,ttl\nfoo,1,96,63,100\na,1,96,61,-1\n'
mcsh --format csv -c '.peek foo | cut -d, -f 1,6,7,8'
ran 'csv: bytes that are not text are base64' 0 'key,value,encoding,type\nfoo,/w==,base64,bytes\n'

# --- what goes out ---

mcsh --trace -c '.peek foo'
sed -n '/own question/d; s/^> //p' "$work/err" >"$work/sent"
printf '%s\n' 'me foo\r\n' 'mg foo v f t c u\r\n' >"$work/want"
same_bytes '.peek sends me, and mg without a bump' "$work/want" "$work/sent"
mcsh --trace -c '.peek nope'
sed -n '/own question/d; s/^> //p' "$work/err" >"$work/sent"
printf '%s\n' 'me nope\r\n' >"$work/want"
same_bytes '.peek of a miss asks for no value' "$work/want" "$work/sent"
mcsh --trace -c '.peek foo --no-value'
sed -n '/own question/d; s/^> //p' "$work/err" >"$work/sent"
printf '%s\n' 'me foo\r\n' >"$work/want"
same_bytes '--no-value sends me alone' "$work/want" "$work/sent"

# --- a stale item ---

mcsh -c 'set s x' -c 'md s I T60' -c '.peek s --no-value | grep -c stale' -c '.peek s | grep stale'
ran '.peek says that it took the token of a stale item' 1 'STORED\nHD\n0\nstale\tyes\n' 'mcsh: note: the item is stale, and reading it took the token to fetch it again: md KEY I marks it stale again, and the next who gets it is shown W\n'
mcsh -c '.peek s | grep stale'
ran 'a stale item that someone else fetches: nothing is taken' 0 'stale\tyes\n'
mcsh -c 'mg s v' -c 'md s I T60' -c 'mg s v'
ran 'md I gives the token back' 0 'x\tZ\tX\nHD\nx\tX\tW\n'

# --- no trace is left ---

# counters: those of gets, of the server and of its classes.
counters() {
	"$MCSH" "$socket" -c stats -c 'stats slabs' -c 'stats items' |
		grep -E 'cmd_get|get_|lru_hits|hits|moves_to_warm|moves_within' | grep -v -E 'delete|incr|decr|cas|badval'
}
# listing: each item's time of the last bump, its fetched mark, cas and place in its LRU.
listing() {
	"$MCSH" "$socket" --format plain -c 'lru_crawler metadump all'
}
stop_server "$server"
start_memcached
i=0
while [ $i -lt 50 ]; do
	echo "set key:$i value-$i 1000"
	i=$((i + 1))
done >"$work/script"
"$MCSH" "$socket" -f "$work/script" >/dev/null
mcsh -c 'get key:7' -c 'get key:7'
perl -e 'select undef, undef, undef, 2.2'
listing >"$work/before"
passes 'the list has all 50 keys' test "$(wc -l <"$work/before")" = 50
counters >"$work/counters"
passes 'stats has counters of gets' grep -q cmd_get "$work/counters"
mcsh -c '.peek --no-value key:3 key:7 nope' -c '.peek --no-value key:3'
counters >"$work/counters.after"
same_bytes '--no-value leaves all counters of gets as they were' "$work/counters" "$work/counters.after"
mcsh -c '.peek key:3'
counters >"$work/counters.after"
diff "$work/counters" "$work/counters.after" | sed -n 's/^> //p' >"$work/more"
is '.peek of a value is one get: one counter of each kind' 'cmd_get get_hits 1:get_hits items:1:hits_to_cold' \
	"$(cut -f1 "$work/more" | tr '\n' ' ' | sed 's/ $//')"
old=$(awk -F '\t' '$1 == "cmd_get" { print $2 }' "$work/counters")
is '.peek of a value is one get' "$((old + 1))" "$(awk -F '\t' '$1 == "cmd_get" { print $2 }' "$work/counters.after")"
mcsh -c '.peek key:3 key:4 key:7' -c '.peek key:3 key:4 key:7'
listing >"$work/after"
same_bytes 'the last bump, the mark and the order of the LRU are as before' "$work/before" "$work/after"
mcsh -c 'me key:3'
passes '.peek is no bump: the last one was before the looks' awk -F '\t' '$1 == "la" && $2 >= 2 { found = 1 } END { exit !found }' "$work/out"
mcsh -c 'get key:3' -c 'get key:3'
for tries in 1 2 3 4 5 6 7 8 9 10; do # the server moves them up in a thread of its own
	listing >"$work/bumped"
	cmp -s "$work/before" "$work/bumped" || break
	perl -e 'select undef, undef, undef, 0.3'
done
passes 'two gets are a bump' [ "$tries" -lt 10 ]

# --- who cannot be asked ---

fake --tcp <<'END'
accept
want version\r\n
send VERSION 1.5.6\r\n
gone
END
run "$MCSH" "$fake" -c '.peek foo'
ran 'a server without meta commands: what to do' 3 '' "mcsh: $fake does not answer the meta commands: memcached has them since 1.6.12, and proxies mostly do not; gets KEY reads it there, and counts as a use\n"
mcsh --protocol binary -c '.peek foo'
ran 'the binary protocol has no meta commands' 4 '' 'mcsh: the binary protocol has no me: .set protocol auto has it\n'
run "$MCSH" "$work/none" -c '.peek foo'
status_is 'no server: status 4' 4

# --- bad input ---

mcsh -c '.peek'
status_is 'no key: status 2' 2
mcsh -c '.peek ""'
ran 'an empty key' 2 '' 'mcsh: the key is empty: a key has 1 to 250 bytes\n'
mcsh -c ".peek $(printf '%0251d' 0)"
status_is 'a key of 251 bytes: status 2' 2
mcsh -c '.peek --nope foo'
status_is 'an unknown option: status 2' 2
run "$MCSH" --readonly "$socket" -c '.peek key:3 | grep -c .'
ran 'a read-only session may peek' 0 '14\n'

# --- several servers ---

first=$socket
start_memcached
run "$MCSH" "$first" "$socket" -c 'set foo 1' -c 'set b 2' -c '.peek foo b | grep -E "(server|placed)"'
sed -i "s|$first|FIRST|; s|$socket|SECOND|" "$work/out"
ran 'several servers: which has it, and why' 0 'STORED\nSTORED\nfoo\tserver\tSECOND\nfoo\tplaced\thash 3187 (CRC-32, bits 16 to 30), modulo 2 buckets: bucket 1\nb\tserver\tFIRST\nb\tplaced\thash 29118 (CRC-32, bits 16 to 30), modulo 2 buckets: bucket 0\n'
run "$MCSH" "$first" "$socket" -c '.peek foo --server 1'
ran '--server: another server is asked' 1
run "$MCSH" "$first" "$socket" -c 'set --server 1 foo 1' -c '.peek foo --server 1 | grep placed'
sed -i "s|$socket|SECOND|" "$work/out"
ran '--server: where the key belongs is said' 0 "STORED\nplaced\tit was named, or others do not answer; the key's own server is SECOND by hash 3187 (CRC-32, bits 16 to 30), modulo 2 buckets: bucket 1\n"

# What a server says is shown as it says it, with nothing after a word that stands alone.
for words in ERROR 'SERVER_ERROR no \e memory'; do
	fake <<-END
		accept
		want version\\r\\n
		send VERSION 1.6.18\\r\\n
		want mn\\r\\n
		send MN\\r\\n
		want me a\\r\\n
		send $(printf '%s' "$words" | sed 's/\\e/\\x1b/')\\r\\n
		gone
	END
	run "$MCSH" "$fake" -c '.peek a'
	status_is ".peek: a server that answers $words, status 3" 3
	has ".peek: a server that answers $words is reported in its words" "mcsh: $fake: $words: the server" "$work/err"
done
done_testing
