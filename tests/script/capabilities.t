#!/bin/sh
# .servers --long: what each server is and can do, in each format, and that asking changes nothing.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

# found SERVER...: the capabilities of one or more, as lines of name, answer and note.
found() {
	run "$MCSH" --format plain "$@" -c '.servers --long'
	cut -f3- "$work/out" >"$work/found"
}
# says NAME CAPABILITY ANSWER NOTE
says() {
	is "$1" "$2	$3	$4" "$(grep "^$2	" "$work/found")"
}

start_memcached
plain=$socket
found "$plain"
status_is 'a server that answers: status 0' 0
says 'a card has the state' state up ''
says 'a card has the software' software memcached ''
version=$("$MCSH" "$plain" -c version)
says 'a card has the version' version "$version" ''
says 'a card has the largest item, in bytes' item_size_max 1048576 ''
says 'a card has the memory, in bytes' memory 67108864 ''
says 'meta is yes' meta yes ''
says 'metadump is yes' metadump yes ''
says 'watch is yes' watch yes ''
says 'cas is yes' cas yes ''
says 'flush is yes' flush yes ''
says 'login is no' login no ''
says 'binary is yes' binary yes ''
says 'shutdown is no, with why' shutdown no 'started without -A'
is 'a card is 19 lines' 19 "$(wc -l <"$work/found" | tr -d ' ')"

# What it counts is the same after as before, but for the connections and what was read.
stats() {
	run "$MCSH" --format plain "$plain" -c stats
	grep -E '^(cmd_|get_|curr_items|total_items|lru_crawler_starts|log_watchers|cas_|slabs_moved|evictions|auth_)' \
		"$work/out"
}
stats | grep -v cmd_meta >"$work/before"
found "$plain"
stats | grep -v cmd_meta >"$work/after"
same_bytes 'asking changes no counter of items, commands, crawls or watchers' "$work/before" "$work/after"

run "$MCSH" "$plain" -c 'set a 1' -c '.servers --long | grep -c yes' -c 'get a'
status_is 'the connection of the session goes on' 0
is 'the connection of the session goes on: and its values' 1 "$(tail -n 1 "$work/out")"

# The formats.
run "$MCSH" --format json "$plain" -c '.servers --long'
is 'json: a member that is true, one that is false, and why' 'true false started without -A' \
	"$(json "$work/out" '.rows[0].watch' '.rows[0].shutdown' '.rows[0].why.shutdown')"
is 'json: numbers are numbers' '1 1' \
	"$(grep -c '"item_size_max":1048576,' "$work/out") $(grep -c '"number":1,' "$work/out")"
is 'json: one object, with a status' ok "$(json "$work/out" .status)"
run "$MCSH" --format csv "$plain" -c '.servers --long'
is 'csv: a heading' 'number,server,capability,answer,note' "$(line 1)"
is 'csv: a note with a comma is quoted' '1' "$(grep -c ',extstore,no,"built with it, started' "$work/out")"
run "$MCSH" --format pretty "$plain" -c '.servers --long'
has 'pretty: a plain yes has its meaning' 'flush_all is allowed' "$work/out"
is 'pretty: no line is wider than 80' '' "$(grep -E '.{81}' "$work/out")"
is 'pretty: a note that there is not is left empty' 'software       memcached' "$(grep software "$work/out")"
is 'pretty: no line ends with a blank or a dash' '' "$(grep -E '[ -]$' "$work/out")"
run "$MCSH" --format pretty "$plain" "$plain" -c '.servers --long'
is 'pretty: an empty line is between two servers, and nowhere else' "2: $plain" "$(grep -A1 '^$' "$work/out" | tail -n +2)"

# What is switched off.
start_memcached -X -W -F -C -B ascii
found "$socket"
says 'with -X: no metadump' metadump no 'it was started with -X, which forbids it'
says 'with -W: no watch' watch no 'started with -W'
says 'with -F: no flush' flush no 'started with -F'
says 'with -C: no cas' cas no 'started with -C'
says 'with -B ascii: no binary' binary no 'started with -B ascii'
start_memcached -A
found "$socket"
says 'with -A: shutdown' shutdown yes ''

# A login.
echo 'bob:secret' >"$work/users"
chmod 644 "$work/users"
start_memcached -Y "$work/users"
found "$socket"
status_is 'a server that wants a login is there: status 0' 0
says 'without the login: login is yes' login yes 'before anything else (-Y or -S): .auth USER'
says 'without the login: the rest is unknown' meta unknown 'it wants a login first'
MCSH_PASSWORD=secret
export MCSH_PASSWORD
found --user bob "$socket"
unset MCSH_PASSWORD
says 'with the login: how' login yes 'a token (-Y)'
says 'with the login: the rest is known' meta yes ''
says 'with -Y: no binary' binary no 'with -Y it speaks text alone'

# In the binary protocol the text has connections of its own.
found --protocol binary "$plain"
says 'in binary: watch is asked for in text' watch yes ''
says 'in binary: binary is yes' binary yes ''

# One that is down, one that hangs, and one that answers: all at once.
start_memcached
hung=$socket
freeze "$server"
measure "$MCSH" --format plain --timeout 500ms "$plain" "$work/none" "$hung" -c '.servers --long'
status_is 'one is down and one hangs: status 4' 4
is 'one is down and one hangs: the states' 'up down down' \
	"$(grep '	state	' "$work/out" | cut -f4 | tr '\n' ' ' | sed 's/ $//')"
passes 'one is down and one hangs: no longer than the timeout' test "$elapsed" -lt 3000
run "$MCSH" --format json "$work/none" -c '.servers --long'
is 'json: one that is down: null, and why' 'down null it did not answer' \
	"$(json "$work/out" '.rows[0].state' '.rows[0].watch' '.rows[0].why.watch')"

# One that falls silent at a question is asked nothing more.
fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want stats\r\n
send END\r\n
want stats settings\r\n
send END\r\n
want mn\r\nversion\r\n
gone
END
measure "$MCSH" --format plain --timeout 300ms "$fake" -c '.servers --long'
fake_followed 'a server that falls silent is asked nothing more'
cut -f3- "$work/out" >"$work/found"
says 'a server that falls silent: what it did not say' watch unknown 'it did not answer more'
passes 'a server that falls silent: within the timeout' test "$elapsed" -lt 3000

# A proxy that closes at stats: no second try, no packet.
fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want stats\r\n
close
END
found "$fake"
fake_followed 'a proxy that closes at stats is asked nothing more'
status_is 'a proxy is there: status 0' 0
says 'a proxy that closes at stats: what it is' proxy yes \
	"such as twemproxy: the version is a server's after it"
says 'a proxy that closes at stats: what it lacks' meta no \
	'it closes the connection at commands that it does not know'

run "$MCSH" "$plain" -c '.servers --long discover'
ran '--long goes with no word' 2 '' \
	'mcsh: --long shows servers, and discover does not: type .servers --long\n'

done_testing
