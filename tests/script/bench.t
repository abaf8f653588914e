#!/bin/sh
# .bench: what it counts against what the server counted, what it prints, and what it refuses.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

# counter NAME [SOCKET]: one of the server's counters.
counter() {
	"$MCSH" "${2-$socket}" -c stats | sed -n "s/^$1	//p"
}

# totals: the lines of a plain answer that do not depend on the clock, and the names of the others.
totals() {
	awk -F '\t' '/^(threads|connections|commands|errors|misses)/ { print; next } { print $1 }' \
		"$work/out"
}

clock_names='seconds
per_second
min
p50
p90
p99
p999
max'

start_memcached
first=$socket

# The server's threads count their connections themselves: that of start_memcached may come late.
before=0
until last=$before && before=$(counter total_connections) && [ "$before" -eq $((last + 1)) ]; do :; done
run "$MCSH" "$socket" -c '.bench -t 4 -c 2 -n 1000 --keys 100 --size 1k set key:{} {value}'
status_is '.bench set: status 0' 0
is '.bench set: the totals' "threads	4
connections	2
commands	1000
errors	0
misses	0
$clock_names" "$(totals)"
passes '.bench set: the percentiles are numbers in order' awk -F '\t' '
	/^(min|p50|p90|p99|p999|max)\t/ { if ($2 !~ /^[0-9]+\.[0-9][0-9][0-9]$/ || $2 < last) exit 1; last = $2; n++ }
	END { exit n != 6 }' "$work/out"
after=$(counter total_connections)
passes '.bench -t 4 -c 2: two connections at the most are opened' \
	test $((after - before)) -ge 2 -a $((after - before)) -le 3
is '.bench set: the server counts as many sets' 1000 "$(counter cmd_set)"
is '.bench --keys 100: a hundred keys are stored' 100 "$(counter curr_items)"
is '.bench --size: a value has that length' 1025 "$("$MCSH" "$socket" -c 'get key:99' | wc -c | tr -d ' ')"
is '.bench --size: each value is the same' "$("$MCSH" "$socket" -c 'get key:0')" "$("$MCSH" "$socket" -c 'get key:99')"

run "$MCSH" "$socket" -c '.bench -n 50 --keys 50 set number:{} <{}>' -c 'get number:49'
is '.bench: {} in a value is the number' '<49>' "$(tail -n 1 "$work/out")"
run "$MCSH" "$socket" -c '.bench -n 1 set braces "{}"' -c 'get braces'
is '.bench: quoted braces are data' '{}' "$(tail -n 1 "$work/out")"
run "$MCSH" "$socket" -c '.set key_prefix p:' -c '.bench -n 5 --keys 5 set x{} y'
run "$MCSH" "$socket" -c 'get p:x4'
ran '.bench: key_prefix is put before the keys' 0 'y\n'

run "$MCSH" "$socket" -c '.bench -t 2 -n 60 --keys 150 get key:{}'
status_is '.bench get of what exists: status 0' 0
run "$MCSH" "$socket" -c '.bench -n 300 --keys 150 get key:{}'
status_is '.bench get of what does not exist: status 1' 1
is '.bench get of what does not exist: misses are counted' 'misses	100' "$(grep misses "$work/out")"
run "$MCSH" "$socket" -c '.bench -n 10 --keys 10 get key:{} absent:{}'
is '.bench get of several keys: one miss among them counts' 'misses	10' "$(grep misses "$work/out")"

run "$MCSH" "$socket" -c '.bench -n 20 --keys 10 add new:{} x'
status_is '.bench add of what exists: status 1' 1
is '.bench add of what exists: counted by the name of the answer' 'misses	0
not_stored	10' "$(grep 'misses\|not_stored\|exists\|not_found' "$work/out")"
run "$MCSH" "$socket" --format pretty -c '.bench -n 10 --keys 10 add new:{} x' -c '.bench -n 7 delete absent'
passes '.bench add in pretty: NOT_STORED as the server writes it' grep -q ' per second, 10 NOT_STORED$' "$work/out"
passes '.bench delete in pretty: NOT_FOUND as the server writes it' grep -q ' per second, 7 NOT_FOUND$' "$work/out"
run "$MCSH" "$socket" -c '.bench -t 3 -n 9 incr key:{}'
status_is '.bench incr of text: status 3' 3
is '.bench incr of text: errors are counted' 'errors	9' "$(grep errors "$work/out")"
has '.bench incr of text: the first error is reported' 'mcsh: incr: 9 failed, the first: CLIENT_ERROR cannot increment or decrement non-numeric value: ' "$work/err"

run "$MCSH" "$socket" -c '.bench --seconds 50ms --keys 100 get key:{}'
status_is '.bench --seconds: status 0' 0
passes '.bench --seconds: lasts that long' awk -F '\t' '/^seconds/ { exit !($2 >= 0.05) }' "$work/out"

run "$MCSH" "$socket" --format json -c '.bench -t 2 -c 1 -n 100 get key:{}'
is '.bench in JSON: numbers are numbers' '[".bench",2,1,100,0,0,"us",true,100]' "$(jq -c '[.command, .threads, .connections, .commands,
	.errors, .misses, .unit, (.seconds > 0 and .per_second > 0 and .min <= .p50 and .p50 <= .p90
	and .p90 <= .p99 and .p99 <= .p999 and .p999 <= .max), ([.histogram[].count] | add)]' "$work/out")"
run "$MCSH" "$socket" --format csv -c '.bench -t 2 -c 1 -n 100 get key:{}'
is '.bench in csv: the header and a row' 'command,threads,connections,commands,errors,misses,not_stored,exists,not_found,seconds,per_second,min_us,p50_us,p90_us,p99_us,p999_us,max_us
.bench,2,1,100,0,0' "$(sed '2s/^\(\([^,]*,\)\{5\}[^,]*\),.*/\1/' "$work/out")"
run "$MCSH" "$socket" --format pretty -c '.bench -t 2 -c 1 -n 1 get key:{}'
passes '.bench in pretty: the lines and the histogram' perl -0777 -ne 'exit !/\A1\ command\ in\ [\d.]+\ m?s:\ [\d,]+\ per\ second\n
	\ \ 2\ threads\ over\ 1\ connection\n
	\ \ p50\ [\d.]+\ ms\ \ p90\ [\d.]+\ ms\ \ p99\ [\d.]+\ ms\ \ p99\.9\ [\d.]+\ ms\ \ max\ [\d.]+\ ms\n
	\ +[\d.]+\ ms\+\ \ 1\ \ \#+\n\z/x' "$work/out"

# What is refused is refused before anything is sent.
set_before=$(counter cmd_set)
refuses() {
	run "$MCSH" "$socket" -c "$1"
	ran "$1: refused, status 2" 2 '' "mcsh: $2\n"
}
usage='usage: .bench [-t THREADS] [-c CONNECTIONS] [-n COUNT] [--seconds S] [--keys N] [--size BYTES] COMMAND...'
refuses .bench ".bench: missing COMMAND: $usage"
refuses '.bench -t 2' ".bench: missing COMMAND: $usage"
refuses '.bench -x set a b' ".bench: unknown option -x: $usage"
refuses '.bench -t 0 set a b' '-t is too small: write a decimal number from 1 to 1024'
refuses '.bench -t 1025 set a b' '-t "1025" is too large: write a decimal number from 1 to 1024'
refuses '.bench -t two set a b' '-t "two" is not a number: write a decimal number from 1 to 1024'
refuses '.bench -c 0 set a b' '-c is too small: write a decimal number from 1 to 1024'
refuses '.bench -n 0 set a b' '-n is too small: write a decimal number from 1 to 1000000000000'
refuses '.bench --keys 0 set a{} b' '--keys is too small: write a decimal number from 1 to 1000000000'
refuses '.bench --seconds 0 set a b' '--seconds takes a time: write 10, 500ms or 2m; 24h at the most'
refuses '.bench --seconds 25h set a b' '--seconds takes a time: write 10, 500ms or 2m; 24h at the most'
refuses '.bench -n 1 --seconds 1 set a b' '.bench ends by -n or by --seconds: leave one of them out'
refuses '.bench --size 65m set a {value}' '--size takes a number of bytes: write 100, 4k or 1m; 67108864 at the most (.set max_value)'
refuses '.bench --keys 5 set a b' '--keys counts for {}, and there is none in the command: write {} where the number shall stand, as in key:{}'
refuses '.bench --size 5 set a b' '--size is for {value}, and there is none in the command: write {value} in the value'"'"'s place'
refuses '.bench incr a {}' '{} cannot vary in "{}": it stands in keys, and in values that are sent as typed; quoted, it is no more than two braces'
refuses '.bench nonsense' 'unknown command "nonsense": see .help, or send a line as it is with .raw'
refuses '.bench .echo a' '.bench does not run .echo: give a command that is one request, such as get, set or incr; .repeat runs any'
refuses '.bench .bench set a b' '.bench does not run .bench: give a command that is one request, such as get, set or incr; .repeat runs any'
refuses '.bench flush_all' '.bench does not run flush_all again and again: nothing was sent; give a command that can be repeated'
refuses '.bench quit' '.bench does not run quit again and again: nothing was sent; give a command that can be repeated'
run "$MCSH" "$socket" -c ".bench --keys 1000 set $(printf '%0248d' 0){} x"
status_is '.bench: a key that is too long with the largest number is refused, status 2' 2
is '.bench: of refused commands nothing was sent' "$set_before" "$(counter cmd_set)"

# Two servers share the keys.
start_memcached
run "$MCSH" "$first" "$socket" -c '.bench -t 4 -n 200 --keys 200 set both:{} x' \
	-c '.bench -n 200 --keys 200 get both:{} both:{}'
status_is '.bench on two servers: keys are found where they were put' 0
is '.bench on two servers: both together counted all sets' "$((200 + set_before))" $(($(counter cmd_set "$first") + $(counter cmd_set)))
passes '.bench on two servers: each counted some sets' test "$(counter cmd_set)" -gt 0 -a "$(counter cmd_set)" -lt 200
touched=$(counter cmd_touch)
run "$MCSH" "$first" "$socket" -c '.bench -n 7 touch --server 2 absent 0'
status_is '.bench touch --server 2 of what does not exist: status 1' 1
is '.bench touch --server 2: that server counts all' $((touched + 7)) "$(counter cmd_touch)"

# The protocol that is set is what is measured.
fake <<'END'
accept
want ms m:0 1\r\nx\r\n
send HD\r\n
want ms m:1 1\r\nx\r\n
send HD\r\n
END
run "$MCSH" "$fake" --protocol meta -c '.bench -n 2 set m:{} x'
status_is '.bench with the protocol meta: status 0' 0
fake_followed '.bench with the protocol meta: the commands go out in it'
start_memcached -B binary
run "$MCSH" "$socket" --protocol binary -c '.bench -n 20 --keys 10 set b:{} {value}' -c 'get b:9' \
	-c '.bench -t 2 -n 30 --keys 10 get b:{}' -c '.bench -n 9 set --noreply b:0 1' -c '.bench -n 5 incr b:0'
status_is '.bench with the protocol binary, at a server that speaks nothing else: status 0' 0
is '.bench with the protocol binary: no errors' 4 "$(grep -c '^errors	0$' "$work/out")"

run "$MCSH" "$work/nobody" -c '.bench -n 100 get a'
status_is '.bench of a server that is not there: status 4' 4
is '.bench of a server that is not there: ends after a try for each connection' 'commands	3' "$(grep commands "$work/out")"
has '.bench of a server that is not there: the first error is reported' 'mcsh: get: 3 failed, the first: ' "$work/err"

# Ctrl-C, once the server has seen some gets: what was measured is shown, and the script ends.
cat >"$work/interrupt" <<'END'
use Socket;
my ($mcsh, $where) = @ARGV;
my $child = fork // die;
if (!$child) {
	$SIG{INT} = 'DEFAULT';
	exec $mcsh, $where, '-c', '.bench -t 3 -c 2 --seconds 50 get a', '-c', '.echo never';
}
socket S, PF_UNIX, SOCK_STREAM, 0 or die;
connect S, pack_sockaddr_un $where or die;
for (my $gets = 0; $gets < 100;) {
	syswrite S, "stats\r\n";
	while (<S>) {
		$gets = $1 if /^STAT cmd_get (\d+)/;
		last if /^END/;
	}
}
kill INT => $child;
waitpid $child, 0;
exit($? & 127 ? 99 : $? >> 8);
END
start_memcached
run perl "$work/interrupt" "$MCSH" "$socket"
status_is '.bench: Ctrl-C ends it, status 4' 4
is '.bench: Ctrl-C shows the totals until then' "threads	3
connections	2
commands	N
errors	0
misses	N
$clock_names" "$(totals | sed '/commands\|misses/s/[1-9][0-9]*/N/')"
err_is '.bench: Ctrl-C is reported' 'mcsh: interrupted: what was measured until then is shown\n'

# On a terminal a line tells how far it is, and is gone at the end.
cat >"$work/progress" <<'END'
set timeout 20
log_user 0
spawn $env(MCSH) $env(SOCKET) --no-color -c {.bench -n 1000000000 get a}
expect {
	-re {\r([0-9,]+) of 1,000,000,000 commands in 0 s} {}
	timeout { puts "no progress"; exit 1 }
}
send "\003"
expect {
	-re {\r +\r([0-9,]+) commands in [0-9.]+ m?s: } {}
	timeout { puts "no end"; exit 1 }
}
expect {
	"mcsh: interrupted" {}
	timeout { puts "no word of it"; exit 1 }
}
expect eof
END
SOCKET=$socket
export SOCKET
passes '.bench: shows its progress on a terminal' expect "$work/progress"

done_testing
