#!/bin/sh
# .raw: lines of the protocol as they are, against a real memcached.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
version=$(memcached -V | sed -n 's/^memcached //p')

raw() {
	run "$MCSH" "$socket" -c "$1" -c 'get still'
	ran "$1: its answer, and the next command has its own" "$2" "$3here\n" "${4-}"
}
"$MCSH" "$socket" -c 'set still here' >/dev/null

raw '.raw --data bar set foo 0 0 3' 0 'STORED\n'
raw '.raw get foo' 0 'VALUE foo 0 3\nbar\nEND\n'
raw '.raw get foo foo nope' 0 'VALUE foo 0 3\nbar\nVALUE foo 0 3\nbar\nEND\n'
raw '.raw version' 0 "VERSION $version\n"
raw '.raw mn' 0 'MN\n'
raw '.raw mg foo v t' 0 'VA 3 t-1\nbar\n'
raw '.raw mg nope v' 0 'EN\n'
raw '.raw --data "" ms foo 0' 0 'HD\n'
raw '.raw mg foo s v' 0 'VA 0 s0\n\n'
raw '.raw md foo q' 0 ''
raw '.raw incr nope 1' 0 'NOT_FOUND\n'
raw '.raw verbosity 0' 0 'OK\n'
raw '.raw "get still\r\nget still"' 0 'VALUE still 0 4\nhere\nEND\nVALUE still 0 4\nhere\nEND\n'
raw '.raw bget still' 0 'VALUE still 0 4\nhere\nEND\n'
raw '.raw misbehave' 3 'ERROR\n'
raw '.raw stats sizes' 0 'STAT sizes_status disabled\nEND\n'
raw '.raw set --noreply' 3 'ERROR\n'
raw '.raw -- --bogus' 3 'ERROR\n'
raw '.raw set foo 0 0 3' 2 '' \
	'mcsh: the server would wait for the data of this line: give it by --data VALUE, or see the server wait with --for 2s\n'
# Lines that lack a word, or have no length: the server answers them at once.
raw '.raw set foo 0 0' 3 'ERROR\n'
raw '.raw set foo 0 0 x' 3 'CLIENT_ERROR bad command line format\n'
raw '.raw set foo 0 0 -1' 3 'CLIENT_ERROR bad command line format\n'
raw '.raw cas foo 0 0 6' 3 'ERROR\n'
raw '.raw ms foo x' 3 'CLIENT_ERROR bad command line format\n'
raw '.raw ms foo' 3 'CLIENT_ERROR bad command line format\n'
for line in 'cas foo 0 0 6 1' 'ms foo 2' 'append foo 0 0 3 noreply'; do
	raw ".raw $line" 2 '' \
		'mcsh: the server would wait for the data of this line: give it by --data VALUE, or see the server wait with --for 2s\n'
done
raw '.raw --bogus get foo' 2 '' \
	'mcsh: .raw: unknown option --bogus: usage: .raw [--data VALUE] [--escapes] [--no-crlf] [--for T] [WORD...]\n'
raw '.raw --for 0 mn' 2 '' 'mcsh: --for takes a time: write 500ms, 5s or 2m\n'
raw '.raw --for soon mn' 2 '' 'mcsh: --for takes a time: write 500ms, 5s or 2m\n'
# Alone it is for a prompt (tests/expect/telnet.exp).
alone='mcsh: .raw alone reads lines that a person types at the prompt: in a script write each line after it: .raw get foo\n'
raw '.raw' 2 '' "$alone"
raw '.raw --escapes' 2 '' "$alone"
raw '.raw --for 5s' 2 '' 'mcsh: --data and --for go with a line: write the line after it: .raw --for 5s watch\n'
raw '.raw --data x' 2 '' 'mcsh: --data and --for go with a line: write the line after it: .raw --for 5s watch\n'
raw '.raw --escapes mn' 2 '' 'mcsh: --escapes and --no-crlf are for .raw alone: quote the line: .raw "get foo\\r\\n"\n'
raw '.raw --no-crlf mn' 2 '' 'mcsh: --escapes and --no-crlf are for .raw alone: quote the line: .raw "get foo\\r\\n"\n'
printf '.raw\nget still\n' >"$work/s"
run "$MCSH" "$socket" -f "$work/s"
ran '.raw alone in a script is refused, and what follows is run as commands' 2 'here\n' \
	"mcsh: $work/s:1: ${alone#mcsh: }"
run "$MCSH" "$socket" --expect <"$work/s"
ran '.raw alone is refused by --expect' 2 'mcsh expect 1\nmcsh>\n= 2 usage\nmcsh>\n| here\n= 0 ok\nmcsh>\n' \
	"$alone"
# A wrong length: the server reads the rest as a command, and all its lines belong to this answer.
run "$MCSH" "$socket" -c '.raw --data toolong set foo 0 0 3' -c 'get still'
status_is '.raw set with a wrong length: status 3' 3
is '.raw set with a wrong length: all its lines are its own, and the next command has its answer' 'CLIENT_ERROR bad data chunk here' \
	"$(sed -n '1p;$p' "$work/out" | tr '\n' ' ' | sed 's/ $//')"

# After commands that want no answer: they are confirmed first, in a packet of their own.
long=$(printf 'b%.0s' $(seq 260))
printf 'set --noreply k1 1\n.raw get %s\nget k1\n' "$long" >"$work/s"
run "$MCSH" "$socket" --timeout=2s -f "$work/s"
ran '.raw after --noreply has its answer' 3 'CLIENT_ERROR bad command line format\n1\n'
run "$MCSH" "$socket" -c 'set --noreply k1 1' -c '.raw lru_crawler metadump hash' -c 'get k1'
status_is '.raw lru_crawler metadump after --noreply: status 0' 0
is '.raw lru_crawler metadump after --noreply: ends by its END, and the next command has its answer' 'END 1' "$(tail -n 2 "$work/out" | tr '\n' ' ' | sed 's/ $//')"
run "$MCSH" "$socket" -c '.raw lru_crawler metadump all' -c '.raw lru_crawler metadump 0' -c 'get k1'
status_is '.raw lru_crawler metadump of all and of an invalid class: status 0' 0
is '.raw lru_crawler metadump of an invalid class: ends by the refusal, and the next command has its answer' 'END BADCLASS invalid class id 1' \
	"$(tail -n 3 "$work/out" | tr '\n' ' ' | sed 's/ $//')"
# memcached 1.6.18 does not know it yet.
run "$MCSH" "$socket" -c '.raw lru_crawler mgdump all' -c 'get still'
is '.raw lru_crawler mgdump: ends, or is refused by a server that does not have it' yes \
	"$(grep -qxE 'ERROR|EN' "$work/out" && [ "$status" -lt 4 ] && echo yes)"
is '.raw lru_crawler mgdump: the next command has its answer' here "$(tail -n 1 "$work/out")"

# The end of the connection, and what is answered for a while.
raw '.raw quit' 0 ''
raw '.raw --for 100ms mn' 0 'MN\n'
# The server's own crawler may be at work on an item, which a dump then leaves out: it is asked again.
for try in 1 2 3 4 5 6 7 8 9 10; do
	run "$MCSH" "$socket" -c '.raw --for 200ms lru_crawler metadump all' -c 'get still'
	! grep -q '^key=still ' "$work/out" || break
done
status_is '.raw --for 200ms lru_crawler metadump: status 0' 0
has '.raw --for 200ms lru_crawler metadump: lists the keys' 'key=still exp=-1' "$work/out"
is '.raw --for 200ms lru_crawler metadump: the next command has its answer' here "$(tail -n 1 "$work/out")"
raw '.raw --for 100ms set foo 0 0 3' 0 ''
run "$MCSH" "$socket" --format json -c '.raw get still' -c '.raw mn'
is '.raw in json: its lines are a list' '["VALUE still 0 4","here","END"]
["MN"]' "$(json "$work/out" .lines)"
run "$MCSH" "$socket" --format json -c '.raw --for 100ms "mn\r\nmg \xff\r\nmn"'
is '.raw --for in json: an object for each line, then the status' '.raw MN null
.raw EN null
.raw MN null
.raw null ok' "$(json "$work/out" .command .line .status)"
measure "$MCSH" "$socket" --format json -c '.raw --for 20s watch fetchers | head -1'
is '.raw --for in json ends when its reader does' '.raw OK null
.raw null ok' "$(json "$work/out" .command .line .status)"
passes ".raw --for in json ends at once when its reader does (took $elapsed ms)" [ "$elapsed" -lt 10000 ]
run "$MCSH" "$socket" --format wire -c '.raw mn'
ran '.raw in wire: the answer has its CR LF' 0 'MN\r\n'
run "$MCSH" "$socket" -c '.raw flush_all -1'
ran '.raw flush_all -1: sent, and answered OK' 0 'OK\n'

done_testing
