#!/bin/sh
# A session that is read-only refuses whatever changes anything, before the wire.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
start='start mcsh without --readonly to change anything'
printf 'foo\tbar\n' >"$work/items.tsv"
cd "$work" || exit 99
"$MCSH" "$socket" -c 'set foo bar' -c 'set n 5' >/dev/null

# Each line is refused: status 2, not one byte sent.
cat >lines <<'END'
set foo other
set --noreply foo other
add new 1
replace foo other
append foo x
prepend foo x
cas foo other 1
set_multi a 1 b 2
gat 10 foo
gats 10 foo
touch foo 10
delete foo
delete_multi foo n
incr n
decr n
stats reset
stats detail on
stats detail off
stats sizes_enable
stats nosuch
verbosity 1
flush_all
flush_all 10
lru mode flat
slabs automove 0
lru_crawler enable
lru_crawler crawl all
cache_memlimit 64
extstore item_age 1
refresh_certs
shutdown
ms foo other
md foo
ma n
mg foo v T30
mg foo N30 v
mg foo R30
mg --force foo v Z
.raw version
.raw --for 100ms get foo
.load items.tsv
.bench get foo
END
while read -r line; do
	run "$MCSH" "$socket" --readonly --trace -c "$line"
	ran "read-only: $line is refused, and nothing is sent" 2 '' \
		"mcsh: ${line%% *} is refused: this session is read-only: $start\n"
done <lines
run "$MCSH" "$socket" --readonly -c '.repeat 3 incr n' -c '.on 1 delete n' -c 'get n'
ran 'read-only: a command within a command is refused' 2 '5\n' \
	"mcsh: incr is refused: this session is read-only: $start\nmcsh: delete is refused: this session is read-only: $start\n"
printf 'get n\nincr n\nget foo\nset n 7\nget n\n' >script
run "$MCSH" "$socket" --readonly -f script
ran 'read-only: in a script the other commands are carried out' 2 '5\nbar\n5\n' \
	"mcsh: script:2: incr is refused: this session is read-only: $start\nmcsh: script:4: set is refused: this session is read-only: $start\n"

# Each of these is carried out.
cat >lines <<'END'
get foo
gets foo n
get_multi foo n
stats
stats settings
stats items
stats slabs
stats sizes
stats conns
stats detail dump
stats cachedump 1 10
version
mg foo v t s k O9
me foo
mn
lru_crawler metadump all
watch --for 50ms
.hot --for 50ms
.report
.dump -
.servers
.servers forget-dead
.where --ask foo
.sandbox
.disconnect
quit
END
# By TCP: to stats conns memcached 1.6.18 may answer a unix socket's path with any bytes after it,
# a line feed among them.
start_memcached_tcp
"$MCSH" "127.0.0.1:$port" -c 'set foo bar' -c 'set n 5' >/dev/null
while read -r line; do
	run "$MCSH" "127.0.0.1:$port" --readonly -c "$line"
	status_is "read-only: $line is carried out" 0
done <lines
run "$MCSH" "$socket" --readonly -c 'config get cluster' -c '.servers discover'
status_is 'read-only: config get cluster is sent, whatever the server says' 3

# Of every command, what its help shows as an example: nothing that changes anything is on the wire.
"$MCSH" "$socket" --format=json -c .help | jq -r '.rows[].command | ".help \(.)"' >helps
"$MCSH" "$socket" -f helps | sed -n 's/^  > //p' >examples
passes 'the help has 60 lines of examples or more' test "$(wc -l <examples)" -ge 60
grep -vE '^(\.?quit|\.sandbox|\.connect|\.disconnect|\.repeat|\.bench|shutdown)' examples >script
run "$MCSH" --sandbox --readonly --trace -f script
is 'no example of a command sends anything that changes anything' '' \
	"$(sed -n 's/^> //p' err | sed 's/\\r\\n.*//' |
		grep -vE '^(gets? |stats( (settings|items|slabs|sizes|conns|detail dump))?$|version$|mn$|me |config get|lru_crawler (metadump|mgdump)|watch |mg )')"
passes 'an example was sent all the same' grep -q '^> get ' err

# Who may take it off.
run "$MCSH" "$socket" -c '.set readonly on' -c 'set foo other' -c '.set readonly off' -c 'set foo bar'
ran '.set readonly is taken off as it was put on' 2 'STORED\n' \
	'mcsh: set is refused: this session is read-only: .set readonly off allows it\n'
run "$MCSH" "$socket" --readonly -c '.set readonly off' -c '.set readonly | cut -f2' -c '.set readonly on' \
	-c '.set readonly off' -c ".connect $socket" -c 'delete foo' -c '.sandbox' -c 'set foo bar'
ran '--readonly outlasts .set, .connect and a sandbox' 2 'on\n' \
	"$(printf 'mcsh: this session stays read-only: %s\\n' "$start" "$start")$(
		printf 'mcsh: %s is refused: this session is read-only: %s\\n' delete "$start" set "$start")"

run "$MCSH" "$socket" -c ".cluster safe = $socket --readonly" -c ".cluster open = $socket" -c '.connect @safe' \
	-c 'set foo other' -c '.set readonly off' -c '.connect @open' -c 'set foo bar'
safe='the cluster safe is marked so; .connect elsewhere leaves it'
ran 'the mark of a cluster holds as long as it is talked to' 2 'STORED\n' \
	"mcsh: set is refused: this session is read-only: $safe\nmcsh: this session stays read-only: $safe\n"
run "$MCSH" "$socket" -c ".cluster safe = $socket --readonly" -c '.connect @safe' \
	-c ".cluster safe = $socket" -c 'set foo other'
ran 'a cluster that is defined again keeps its mark in a session that talks to it' 2 '' \
	"mcsh: set is refused: this session is read-only: $safe\n"
run "$MCSH" "$socket" -c ".cluster safe = $socket --readonly" -c '.set readonly on' -c '.connect @safe' \
	-c ".connect $socket" -c '.set readonly' -c '.set readonly off' -c 'get foo'
ran 'what the user has set comes back after a cluster' 0 \
	'readonly\ton\ton|off\tWhether commands that change anything on a server are refused.\nbar\n'
run "$MCSH" "$socket" -c ".cluster safe = $socket --readonly" -c '.connect @safe' -c '.set readonly on' \
	-c ".connect $socket" -c 'set foo other'
ran 'what the user sets in a cluster stays after it' 2 '' \
	'mcsh: set is refused: this session is read-only: .set readonly off allows it\n'
run "$MCSH" --no-rc -c '.cluster safe = a --readonly' -c '.cluster | cut -f6'
out_is '.cluster shows the mark' 'yes\n'
run "$MCSH" "$socket" --readonly --format json -c 'set foo bar'
is 'read-only: in JSON a refusal is an error with status usage' 'usage set is refused: this session is read-only' \
	"$(json out .status .error)"

done_testing
