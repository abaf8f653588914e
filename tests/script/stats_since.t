#!/bin/sh
# stats --since: what changed on real servers since the last look of the session.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached
first=$socket first_server=$server
start_memcached
second=$socket

cat >"$work/script" <<'END'
set foo bar
stats --since
get foo
get foo
get nosuch
stats --since
stats --since
END
# Of each answer: since when, and the change of some counters.
changes='.servers[].since .servers[].stats.cmd_set.change .servers[].stats.cmd_get.change .servers[].stats.get_misses.change'
set -f # for the brackets of $changes
run "$MCSH" "$first" --format=json -f "$work/script"
is 'stats --since counts from the start, then from the last look' 'start 1 0 0
look 0 3 1
look 0 0 0' "$(grep -F '"command":"stats"' "$work/out" | json - $changes)"
is 'stats --since: the ratios are those of the interval' 'null
66.7
null' "$(grep -F '"command":"stats"' "$work/out" | json - '.servers[0].hit_ratio')"
run "$MCSH" "$first" --format=json -c stats -c 'get foo' -c 'stats items' -c '.servers' -c 'stats --since'
is 'stats is a look, stats items and .servers are none' 'look 0 1 0' \
	"$(tail -n 1 "$work/out" | json - $changes)"
run "$MCSH" "$first" --format=json -c '.repeat 2 stats' -c 'get foo' -c 'stats --since'
is '.repeat of stats is a look, although it shows none' 'look 0 1 0' "$(tail -n 1 "$work/out" | json - $changes)"
run "$MCSH" "$first" --format=json -c 'stats --since' -c 'get foo' -c 'stats reset' -c 'get foo' -c 'stats --since'
is 'stats --since after a reset counts from 0' 'true look 0 1 0' \
	"$(tail -n 1 "$work/out" | json - '.servers[0].reset' $changes)"
run "$MCSH" "$first" --format=json -c 'stats --since' -c ".connect $second" -c "set foo bar" -c 'stats --since' \
	-c ".connect $first" -c 'get foo' -c 'stats --since'
is 'each server has a look of its own, which outlasts .connect' 'start
look' "$(grep -F '"command":"stats"' "$work/out" | tail -n 2 | json - '.servers[0].since')"
is 'stats --since after .connect counts from the look before it' '1' "$(tail -n 1 "$work/out" | json - '.servers[0].stats.cmd_get.change')"

run "$MCSH" "$first" "$second" -c 'stats --since' -c 'get --server 2 foo' -c 'stats --since | grep get_hits | cut -f1,3-5'
is 'stats --since of several servers names them' "$(printf '%s\tget_hits\t%s\t0\n%s\tget_hits\t1\t1' "$first" 1 "$second")" \
	"$(tail -n 2 "$work/out" | sed "1s/\t[0-9]*\t0\$/\t1\t0/")"
run "$MCSH" "$first" "$second" -c 'stats --since --server 2 | grep cmd_set | cut -f2-4'
ran 'stats --since of one server of several has no server in its lines' 0 'cmd_set\t1\t1\n' ''
run "$MCSH" "$first" --format=csv -c 'stats --since | head -n 1'
ran 'stats --since in csv has a header' 0 'server,seconds,name,now,change,per_second\n' ''
run "$MCSH" "$first" --format=pretty -c stats -c 'get foo' -c 'stats --since'
has 'stats --since in pretty: how long, and since when' 's since the last look' "$work/out"
passes 'stats --since in pretty: a counter that changed, by how much, its rate' \
	grep -q '^cmd_get  *1  *[0-9,.]*  *[0-9]' "$work/out"
passes 'stats --since in pretty: what did not change is counted' grep -q ' did not change$' "$work/out"
run "$MCSH" "$first" --readonly --trace -c 'stats --since'
is 'read-only: stats --since sends stats' '0 > stats\r\n' "$status $(line 1 "$work/err")"

for line in 'stats --since items' 'stats --since reset' 'stats --since 5' 'stats --since --server 9'; do
	run "$MCSH" "$first" --trace -c "$line"
	is "$line is refused, and nothing is sent" '2  0' "$status $(cat "$work/out") $(grep -c '^>' "$work/err")"
done

# A server that is down hides none of the others; one that refuses is reported.
stop_server "$first_server"
run "$MCSH" "$second" "$first" -c 'stats --since | grep cmd_set | cut -f1,3,4'
ran 'stats --since: a server that is down' 4 "$second\tcmd_set\t1\n" "$(cat "$work/err")\n"
has 'stats --since: the server that is down is named' "cannot connect to $first" "$work/err"
fake <<'END'
accept
want stats\r\n
send STAT pid 1\r\nSTAT uptime 10\r\nSTAT cmd_get 5\r\nEND\r\n
want stats\r\n
send SERVER_ERROR busy\r\n
want stats\r\n
send STAT pid 2\r\nSTAT uptime 1\r\nSTAT cmd_get 3\r\nEND\r\n
gone
END
run "$MCSH" "$fake" --format=json -c stats -c 'stats --since' -c 'stats --since'
is 'a refused look is none; a server that was restarted counts from its start' 'server / restart 3 1.000' \
	"$(line 2 | json - .status) / $(tail -n 1 "$work/out" | json - '.servers[0].since' '.servers[0].stats.cmd_get.change' '.servers[0].seconds')"
fake_followed 'stats --since asks once'

# Three servers, one of which is asked for more than the others.
start_memcached
third=$socket
start_memcached
fourth=$socket
for server in $third $third $fourth $second; do
	"$MCSH" "$server" -c '.repeat 200 set foo bar' >/dev/null
done
"$MCSH" "$third" -c '.repeat 900 set foo bar' >/dev/null
run "$MCSH" "$second" "$third" "$fourth" --format=pretty -c stats
passes 'stats of three servers marks the one that is far from the others' \
	grep -q '^  cmd_set .*[*]1,300' "$work/out"
has 'stats --since of several servers: the mark is explained' '* is far from what most of these servers have' "$work/out"

done_testing
