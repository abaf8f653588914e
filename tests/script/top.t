#!/bin/sh
# .top where there is no terminal: a line for each look, what it costs, and servers that are not well.
# Its screen is in tests/expect/top.exp.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached
first=$socket first_server=$server
start_memcached
second=$socket second_server=$server

run "$MCSH" "$first" --format=json -c '.top 100ms --for 450ms' -c 'get nothing'
is '.top in json: an object a look, without a status, then one that has it' '.top [3-6] ok true true' \
	"$(grep rounds "$work/out" | json - .command .rounds .status | sed 's/ [3-6] / [3-6] /') $(case $(grep -v rounds "$work/out" | grep -c '"command":".top"') in [2-5]) echo true ;; esac) $(grep gets "$work/out" | grep -q '"status"' || echo true)"
is '.top in json: the members of an object' \
	'command server time gets sets deletes counts touches metas evictions bytes_in bytes_out connections items memory' \
	"$(line 1 | grep -o '"[a-z_]*":' | tr -d '":' | tr '\n' ' ' | sed 's/ $//')"
run "$MCSH" "$first" --format=csv -c '.top 100ms --for 350ms'
is '.top in csv: one header' 'time,gets,sets,deletes,counts,touches,metas,hit_ratio,evictions,bytes_in,bytes_out,connections,items,memory 1' \
	"$(head -n 1 "$work/out") $(grep -c time "$work/out")"
run "$MCSH" "$first" --format=pretty -c '.top 100ms --for 350ms'
is '.top in pretty without a terminal: headings, and lines without control characters' 'time gets sets hit % evict received sent conns mem % 0' \
	"$(head -n 1 "$work/out" | tr -s ' ' | sed 's/^ //') $(LC_ALL=C grep -c '[[:cntrl:]]' "$work/out")"
passes '.top in pretty fits 80 columns' awk 'length > 80 { exit 1 }' "$work/out"

# What happens meanwhile is in the next look.
(sleep 0.2; "$MCSH" "$second" -c 'set foo bar' -c '.repeat 30 get foo' -c '.repeat 10 get nothing' -c 'incr nothing' -c 'delete foo' >/dev/null 2>&1) &
run "$MCSH" "$first" "$second" --format=json -c '.top 100ms --for 2s'
wait $!
# The rates are over the time between answers, and an object has the time at which it was printed: on a
# busy machine those differ by some milliseconds.
is '.top of several servers: what each was asked, summed over its looks' "$first 0 0 0 0 0 / $second 40 1 1 1 75 / " \
	"$(jq -s -r --arg first "$first" --arg second "$second" '. as $all | $first, $second | . as $s |
		$all | map(select(.server == $s)) as $rows |
		def sum(f): [range(1; $rows | length) as $i |
			($rows[$i] | f) * ($rows[$i].time - $rows[$i - 1].time)] | add;
		def one(f): sum(f) | if . > 0.5 and . < 2 then 1 else round end;
		[$s, (sum(.gets) / 10 | round * 10), one(.sets), one(.deletes), one(.counts),
			([$rows[].hit_ratio // empty] | if length == 0 then 0 else 75 end), "/"] | join(" ")' "$work/out" | tr '\n' ' ')"

for line in '.top 0' '.top x' '.top 99ms' '.top 2h' '.top 1 2' '.top --for x' '.top --server 9' '.top --nope' '.top -1'; do
	run "$MCSH" "$first" --trace -c "$line"
	is "$line is refused, and nothing is sent" '2  0' "$status $(cat "$work/out") $(grep -c '^>' "$work/err")"
done
run "$MCSH" "$first" -c '.top 99ms'
ran '.top 99ms: the error says what an INTERVAL is' 2 '' \
	'mcsh: invalid INTERVAL: write 500ms, 2 or 1m; 100ms at the least, 1h at the most\n'
run "$MCSH" "$first" "$second" --readonly -c '.top 100ms --for 250ms --server 2 | cut -f2 | sort -u'
ran 'read-only: .top of one server' 0 '0.0\n' ''
run "$MCSH" "$first" -c '.top 100ms | head -n 2 | wc -l'
ran '.top ends when nobody reads it any more' 0 '2\n' ''

# What it costs, in hundredths of a second of three seconds: 1 % is 3 of the server's, 2 % is 6.
ticks() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}
before=$(ticks "$first_server")
used=$(/usr/bin/python3 -I -S -c '
import os, sys
start = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
usage = os.wait4(start, 0)[2]
print(int((usage.ru_utime + usage.ru_stime) * 1000))' "$MCSH" "$first" -c '.top --for 3s')
cost=$(($(ticks "$first_server") - before))
passes ".top costs the server less than 1 % of a core ($cost ticks in 3 s)" [ "$cost" -le 3 ]
if sanitized; then
	used=0
fi
passes ".top takes less than 2 % of a core ($used ms of 3 s)" [ "$used" -lt 60 ]

run "$MCSH" "$first" "$work/nobody" --format=json -c '.top 100ms --for 450ms'
is '.top: a server that is down hides none of the others, and is reported once' "lost $first 1" \
	"$(tail -n 1 "$work/out" | json - .status) $(json "$work/out" '?.server' .server | sort -u) $(grep -c "cannot connect to $work/nobody" "$work/err")"
freeze "$second_server"
run "$MCSH" "$second" "$first" --timeout=0 --format=json -c '.top 200ms --for 1100ms'
is '.top: a server that stands still holds none of the others up, and is named' \
	"lost $first true mcsh: $second does not answer: --timeout would close its connection" \
	"$(tail -n 1 "$work/out" | json - .status) $(json "$work/out" '?.server' .server | sort -u) $([ "$(grep -c gets "$work/out")" -ge 2 ] && echo true) $(cat "$work/err")"
kill -CONT "$second_server"
fake <<'END'
accept
want stats\r\n
send STAT pid 1\r\nSTAT uptime 10\r\nSTAT cmd_get 5\r\nSTAT bytes_read 1\r\nEND\r\n
want stats\r\n
send STAT pid 2\r\nSTAT uptime 0\r\nSTAT cmd_get 900\r\nSTAT bytes_read 1\r\nEND\r\n
want stats\r\n
send SERVER_ERROR busy\r\n
gone
END
run "$MCSH" "$fake" -c '.top 200ms --for 550ms'
is '.top: a restart is no rate, an error is reported' "3  mcsh: $fake answers stats with SERVER_ERROR busy" \
	"$status $(cat "$work/out") $(cut -d: -f1,2 "$work/err")"
fake_followed '.top asks once an interval'

done_testing
