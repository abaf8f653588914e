#!/bin/sh
# .latency: the round trip to real servers, and to some that are not well.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached
first=$socket
start_memcached_tcp
second=127.0.0.1:$port second_server=$server

run "$MCSH" "$first" --format=json -c '.latency --for 300ms' -c 'get nothing'
is '.latency measures for as long as --for says, on a unix socket without a network' 'ok true true 0 null null' \
	"$(head -n 1 "$work/out" | jq -r '[.status, .seconds >= 0.3 and .seconds < 2, (.servers[0] | .round_trips > 5 and .round_trips <= 61, .lost, .rtt, .rest)] | map(tostring) | join(" ")')"
is '.latency: the histogram has every round trip, and the percentiles rise' 'true true' \
	"$(head -n 1 "$work/out" | jq -r '.servers[0] | [([.histogram[].count] | add) == .round_trips, (.min > 0 and .min <= .p50 and .p50 <= .p90 and .p90 <= .p99 and .p99 <= .p999 and .p999 <= .max)] | join(" ")')"
run "$MCSH" "$second" --format=json -c '.latency --for 300ms'
is '.latency over TCP: the network is the least round trip of the kernel, the rest the rest of the median' 'true true' \
	"$(jq -r '.servers[0] | [.least_rtt > 0 and .least_rtt <= .rtt, ((.p50 - .least_rtt - .rest) | fabs) < 0.01 or .rest == 0] | join(" ")' "$work/out")"
run "$MCSH" "$first" "$second" --format=csv -c '.latency --for 100ms'
is '.latency in csv: a line a server' "server,round_trips,lost,min_us $first 0 $second 0" \
	"$(sed '1s/^\([^,]*,[^,]*,[^,]*,[^,]*\),.*/\1/; 2,$s/^\([^,]*\),[0-9]*,\([0-9]*\),.*/\1 \2/' "$work/out" | tr '\n' ' ' | sed 's/ $//')"
run "$MCSH" "$first" "$second" -c '.latency --server 2 --for 100ms | cut -f1'
ran '.latency of one server' 0 "$second\n" ''
run "$MCSH" "$first" "$second" --readonly --trace --format=pretty -c 'get nothing' -c '.latency --for 100ms'
is 'read-only: .latency measures; the trace is off meanwhile' '1 2 0 2' \
	"$status $(grep -c ' [<>] ' "$work/err") $(grep -c version "$work/err") $(grep -c ' round trips in ' "$work/out")"
"$MCSH" "$first" -c stats >"$work/before"
run "$MCSH" "$first" -c '.latency --for 100ms'
"$MCSH" "$first" -c stats >"$work/after"
is '.latency leaves the counters of gets and sets alone' \
	"$(grep -E '^(cmd_|get_|total_items)' "$work/before")" "$(grep -E '^(cmd_|get_|total_items)' "$work/after")"

for line in '.latency --for x' '.latency --for 0' '.latency --for' '.latency 5' '.latency --server 9' '.latency --nope'; do
	run "$MCSH" "$first" "$second" --trace -c "$line"
	is "$line is refused, and nothing is sent" '2  0' "$status $(cat "$work/out") $(grep -c '^>' "$work/err")"
done

run "$MCSH" "$first" "$work/nobody" --format=json -c '.latency --for 100ms'
is '.latency: a server that is down is named, the others are measured' 'lost 0 1 some none' \
	"$(json "$work/out" .status '.servers[].lost' '.servers[].round_trips' | sed 's/ [1-9][0-9]* 0$/ some none/')"
has '.latency: a server that is down: the error says why' "cannot connect to $work/nobody" "$work/err"
freeze "$second_server"
measure "$MCSH" "$second" --format=json --timeout=0 -c '.latency --for 200ms'
passes ".latency: a server that stands still is given a second more ($elapsed ms)" [ "$elapsed" -ge 1200 ]
is '.latency: a server that stands still has lost a round trip' 'lost 1 0' \
	"$(json "$work/out" .status '.servers[0].lost' '.servers[0].round_trips')"
ran '.latency: a server that stands still, in words' 4 "$(cat "$work/out")\n" \
	"mcsh: $second did not answer by the end: --for gives it longer\n"
run "$MCSH" "$second" --timeout=100ms -c '.latency --for 30s | cut -f2,3'
is '.latency: a server that lets the timeout pass is asked no more' '4 0	1' "$status $(cat "$work/out")"
kill -CONT "$second_server"
fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want version\r\n
send ERROR\r\n
gone
END
run "$MCSH" "$fake" -c '.latency --for 30s | cut -f2,3'
is '.latency: a server that answers with an error is asked no more' "3 0	0 mcsh: $fake answers version with ERROR" \
	"$status $(cat "$work/out") $(cut -d: -f1,2 "$work/err")"
fake_followed '.latency: a server that answers with an error gets one question'

done_testing
