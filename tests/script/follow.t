#!/bin/sh
# .watch: what happens to a key, live, and what its card is before and after.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

# follow ARGUMENT...: begins to watch, into the files that a run leaves.
follow() {
	rm -f "$work/trace"
	timeout -k 5 60 "$MCSH" --trace --trace-file "$work/trace" "$@" >"$work/follow" 2>"$work/follow.err" </dev/null &
	follower=$!
}
# watching: waits until the server has said that it is watched, ten seconds at the most.
watching() {
	for tries in $(seq 100); do
		grep -q '^< OK' "$work/trace" 2>/dev/null && break
		perl -e 'select undef, undef, undef, 0.1'
	done
}
followed() {
	status=0
	wait "$follower" || status=$?
	mv "$work/follow" "$work/out"
	mv "$work/follow.err" "$work/err"
}

start_memcached_tcp
other="127.0.0.1:$port"
run "$MCSH" "$other" -c 'set foo bar 60'
# The stream of deletions came with 1.6.20; before, a delete is a look-up.
deleted=read
memcached_is 1.6.20 && deleted=deleted
follow "$other" -c '.watch --limit 6 foo'
watching
run "$MCSH" "$other" -c 'get foo' -c 'set foo baz 90' -c 'get unheard' -c 'add foo x' -c 'touch foo 10' -c 'delete foo' -c 'get foo'
followed
status_is '--limit: ends after as many events: status 0' 0
is 'reads, stores, what was refused, and misses, in their order; a store is not a read' \
	"read stored refused read $deleted miss" "$(cut -f 2 "$work/out" | tr '\n' ' ' | sed 's/ $//')"
is 'a store has its command, what came of it, its ttl and its size' 'set stored 90 3 foo' \
	"$(awk -F '\t' '$2 == "stored" { print $4, $5, $6, $7, $8 }' "$work/out")"
passes 'each event has the address of its client' awk -F '\t' '$3 !~ /^127\.0\.0\.1:[0-9]+$/ { exit 1 }' "$work/out"

run "$MCSH" "$other" -c 'set foo bar 60'
follow "$other" --format json -c '.watch --limit 2 foo user:*'
watching
run "$MCSH" "$other" -c 'set user:5 x' -c 'set page:1 x' -c 'set foo changed' -c 'set user:6 y'
followed
is 'a pattern, beside a key: only what fits' 'user:5
foo' "$(json "$work/out" '?.event' .key)"
is 'json: the card before and after, and the counts with the status last' \
	'foo true null 65 null null null null
user:5 null stored SIZE null null stored null
foo null stored SIZE null null stored null
foo true null 69 null null null null
null null null null 2 2 null ok' \
	"$(json "$work/out" .key .found .event .size .events .stored .result .status | sed '/ stored /s/ [0-9]* / SIZE /')"

follow "$other" --format pretty --no-color -c '.watch --limit 1 foo'
watching
run "$MCSH" "$other" -c 'delete foo' -c 'get foo'
followed
is 'pretty: the card before and after' 'foo foo  (miss)' "$(grep '^foo' "$work/out" | tr '\n' ' ' | sed 's/ $//')"
has 'pretty: what happened is counted' '(1 ' "$work/out"
passes 'pretty: no line of an event is wider than the terminal' awk 'length > 80 { exit 1 }' "$work/out"

run "$MCSH" "$other" -c 'set key:of:18:letters bar 60'
follow "$other" --format pretty --no-color -c '.watch --limit 4 key:*'
watching
run "$MCSH" "$other" -c 'set key:of:18:letters x 90' -c 'add key:of:18:letters x' -c 'cas key:of:18:letters x 1' -c 'get key:none'
followed
is 'pretty: a line an event, with the command, or what was refused' '  time (UTC)  event             client             ttl    size  key
TIME  stored (set)      CLIENT 90       1  key:of:18:letters
TIME  not_stored (add)  CLIENT 0       1  key:of:18:letters
TIME  exists (cas)      CLIENT 0       1  key:of:18:letters
TIME  miss              CLIENT -       0  key:none' \
	"$(sed -n '/^  time/,/none$/p' "$work/out" | sed 's/^[0-9][0-9:.]* /TIME /; s/127\.0\.0\.1:[0-9]* */CLIENT /')"

follow "$other" --format csv --key-prefix p: -c '.watch --limit 1 foo'
watching
run "$MCSH" "$other" -c 'set foo x' -c 'set p:foo y'
followed
is 'csv: a header and a row; the prefix is not shown' 'event,key stored,foo' \
	"$(cut -d , -f 2,8 "$work/out" | tr '\n' ' ' | sed 's/ $//')"

follow "$other" -c '.watch --for 1500ms nobody'
followed
ran '--for: ends although nothing happens' 0

# --- counters ---

gets() {
	"$MCSH" "$other" -c stats | grep -E '^(cmd_get|get_hits|get_misses)	'
}
gets >"$work/before"
run "$MCSH" "$other" --format json -c '.watch --for 100ms foo'
gets >"$work/after"
same_bytes 'the cards count as no get' "$work/before" "$work/after"
run "$MCSH" "$other" --readonly -c '.watch --for 100ms foo'
status_is 'a read-only session may watch' 0

# --- evictions ---

start_memcached -m 8
head -c 400000 /dev/zero >"$work/half"
follow "$socket" -c '.watch --for 6s "big:*" | grep evicted | head -n 1 | cut -f 2,3,8 | sed "s/[0-9]*$/N/"'
watching
i=0
while [ $i -lt 60 ]; do
	echo "set --file $work/half big:$i"
	i=$((i + 1))
done >"$work/script"
"$MCSH" "$socket" -f "$work/script" >/dev/null
followed
ran 'an eviction is shown without a client' 0 'evicted\t\tbig:N\n'

# --- several servers ---

first=$socket
start_memcached
second=$socket
run "$MCSH" "$first" "$second" -c '.where foo | head -n 1 | cut -f 3'
own=$(cat "$work/out")
run "$MCSH" "$first" "$second" --trace -c '.watch --for 100ms foo'
is 'a key is watched on its own server' 1 "$(grep -c '^> watch\|> watch fetchers' "$work/err")"
run "$MCSH" "$first" "$second" --trace -c '.watch --for 100ms "foo*"'
is 'a pattern is watched on all' 2 "$(grep -c '> watch fetchers' "$work/err")"
passes 'a pattern is watched on all, the server of foo among them' [ "$own" = 1 -o "$own" = 2 ]

for key in bar baz qux quux; do
	run "$MCSH" "$first" "$second" -c ".where $key | head -n 1 | cut -f 3"
	[ "$(cat "$work/out")" = "$own" ] || break
done
run "$MCSH" "$first" "$second" --trace -c ".watch --for 100ms foo $key"
is 'keys of two servers are watched on both' 2 "$(grep -c '> watch fetchers' "$work/err")"

# --- what only a fake server does in time ---

fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want stats conns\r\n
send END\r\n
want stats\r\n
send END\r\n
accept
want watch fetchers mutations evictions connevents\r\n
send OK\r\nskipped=12\nts=1.5 gid=1 type=item_get key=y:foo status=found clsid=1 cfd=9 size=3\nts=1.6 gid=2 type=item_get key=x:foo status=found clsid=1 cfd=9 size=3\n
accept
want stats\r\n
send END\r\n
gone
END
run "$MCSH" "$fake" --key-prefix x: -c '.watch foo'
is 'a read that may belong to a store is shown when the stream ends, without the prefix; of others nothing is' \
	'read foo' "$(cut -f 2,8 "$work/out" | tr '\t' ' ')"
has 'what the server left out is reported' 'note: at least 12 events were not reported' "$work/err"

# --- refusals, bad input ---

start_memcached -W
run "$MCSH" "$socket" -c '.watch --for 5s foo'
status_is 'a server that allows no watching: status 3' 3
run "$MCSH" "$work/none" -c '.watch --for 5s foo'
status_is 'no server: status 4' 4
for line in .watch '.watch --limit 0 foo' '.watch --for soon foo' '.watch --nope foo' '.watch ""'; do
	run "$MCSH" "$first" -c "$line"
	status_is "$line: status 2" 2
done
done_testing
