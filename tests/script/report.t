#!/bin/sh
# .report of real servers: each finding has a cache that is built to trigger it, and one that is not;
# those of which a real one cannot be built in seconds are in tests/unit/test_findings.c.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

# rules SERVER...: the findings of a report, then their levels.
rules() {
	set -- $("$MCSH" "$@" --format=json -c .report | json - '.findings[].rule' '.findings[].level')
	echo "$*"
}

# lines FORMAT FIRST LAST: a command for each number, which FORMAT has once.
lines() {
	awk -v f="$1" -v a="$2" -v b="$3" 'BEGIN { for (i = a; i <= b; i++) printf f "\n", i }'
}

start_memcached
first=$socket
is 'an empty cache: nothing stands out' '' "$(rules "$first")"
run "$MCSH" "$first" --format=json -c .report
is 'an empty cache in json' 'ok true 0 0 0' \
	"$(json "$work/out" .status .keys.whole .keys.all.items .keys.all.bytes '.findings#')"
run "$MCSH" "$first" --trace -c .report
is '.report: what is sent, marked as the own of mcsh' 'stats stats slabs stats items stats settings stats lru_crawler metadump hash' \
	"$(sed -n 's/^.*> \([a-z_ ]*\)\\r\\n.*$/\1/p' "$work/err" | grep -v version | tr '\n' ' ' | sed 's/ $//')"

# What is in it.
"$MCSH" "$first" -c 'set user:1 aaaaaaaaaa' -c 'set user:2 bbbbbbbbbb 4000' -c 'set 77/x c 100' -c 'set bare d' \
	-c 'get user:1' -c "set big:1 $(printf '%020000d' 0)" >/dev/null
"$MCSH" "$first" -c stats >"$work/before"
run "$MCSH" "$first" -c .report
"$MCSH" "$first" -c stats >"$work/after"
is '.report counts as no get and reads no item' \
	"$(grep -E '^(cmd_|get_|curr_items)' "$work/before")" "$(grep -E '^(cmd_|get_|curr_items)' "$work/after")"
is 'plain: prefixes, most memory first, numbers folded' 'big: 1, user: 2,  1, <n>/ 1' \
	"$(awk -F'\t' '$1 == "prefix" { printf "%s%s %s", n++ ? ", " : "", $2, $4 }' "$work/out")"
is 'plain: items by time to live' '60 1, 3600 1, never 3' \
	"$(awk -F'\t' '$1 == "ttl" { seen[$2] = $4 } END { printf "60 %d, 3600 %d, never %d", seen[60], seen[3600], seen["never"] }' "$work/out")"
is 'plain: the largest item' 'big:1 -1' "$(awk -F'\t' '$1 == "largest" { print $2, $3; exit }' "$work/out")"
is 'plain: sizes are as the server counts them' "$("$MCSH" "$first" -c 'lru_crawler metadump hash' |
	grep -o 'size=[0-9]*' | awk -F= '{ n += $2 } END { print n + 0 }')" \
	"$(awk -F'\t' '$1 == "keys" && $2 == "all" { print $5 }' "$work/out")"
is 'plain: never read, never expiring' 'unread 4, forever 3' \
	"$(awk -F'\t' '$1 == "keys" && $2 != "all" { printf "%s%s %s", n++ ? ", " : "", $2, $4 }' "$work/out")"
run "$MCSH" "$first" --format=csv -c '.report --no-keys'
is 'csv: a header, and --no-keys leaves out what takes the keys' 'section,name,value,items,bytes,text figure server' \
	"$(head -1 "$work/out") $(sed 1d "$work/out" | cut -d, -f1 | uniq | tr '\n' ' ' | sed 's/ $//')"
run "$MCSH" "$first" --format=pretty --no-color -c .report
is 'pretty: the headings' 'What is in it/Prefixes by memory/Sizes/Time to live/Time since the last bump in the LRU/Largest items/Findings' \
	"$(grep -A1 '^$' "$work/out" | grep -E '^[A-Z][a-zA-Z ]*$' | tr '\n' '/' | sed 's,/$,,')"
passes 'pretty: no line is wider than 80 columns' test "$(awk '{ if (length > n) n = length } END { print n }' "$work/out")" -le 80
run "$MCSH" "$first" --format=pretty --no-color -c '.report --format json'
is '--format json: an object from a session in pretty' '.report 5' "$(json "$work/out" .command .keys.all.items)"

run "$MCSH" "$first" --format=json -c ".report --html $work/page.html"
is '--html: the page, and the report all the same' 'ok 1 1' \
	"$(json "$work/out" .status) $(grep -c '^<!DOCTYPE html>$' "$work/page.html") $(grep -c '^</html>$' "$work/page.html")"
run "$MCSH" "$first" -c ".report --html $work/no/page.html"
is '--html where nothing can be written: status 2, and why' "2 1" "$status $(grep -c 'no/page.html' "$work/err")"

run "$MCSH" "$first" -c ".report --html -"
is '--html -: the page alone' 'html> 0' "$(tail -c 6 "$work/out" | tr -d '\n') $(grep -c '^figure' "$work/out")"

# A part of the keys.
run "$MCSH" "$first" --format=json -c ".report 'user:*'"
is 'GLOB: its items alone, the counters of all, and what is left out' 'user:* 2 5 5 unread forever misplaced' \
	"$(json "$work/out" .keys.scope .keys.all.items .keys.looked_at .counters.curr_items '.findings_left_out[]')"
run "$MCSH" "$first" --format=json -c '.report --prefix user: --forever'
is 'the filters of .keys: both have to fit' '--prefix user: --forever 1 user: 1' \
	"$(json "$work/out" .keys.scope .keys.all.items '.keys.prefixes[].prefix' '.keys.prefixes#')"
printf 'bare\nbig:1\nnope\n' >"$work/keys"
run "$MCSH" "$first" --format=json -c ".report --keys-from $work/keys"
is '--keys-from: items that are looked up' '2 3 big:1 bare' \
	"$(json "$work/out" .keys.all.items .keys.looked_at '.keys.largest[].key')"
for line in ".report --no-keys 'user:*'" '.report --no-keys --unread' '.report --misplaced' '.report --larger x' '.report a b'; do
	run "$MCSH" "$first" --trace -c "$line"
	is "$line is refused, and nothing is sent" '2  0' "$status $(cat "$work/out") $(grep -c '^>' "$work/err")"
done

# Comparison.
"$MCSH" "$first" -c ".report --format json > $work/then.json"
"$MCSH" "$first" -c 'get user:1 nope' -c 'set more 1' >/dev/null
run "$MCSH" "$first" --format=json -c ".report --since $work/then.json"
is '--since: the counters that rose' 'false 1 1 1 0.500' \
	"$(json "$work/out" .since.restarted .since.rises.get_hits .since.rises.get_misses .since.rises.cmd_set .since.hit_ratio)"
run "$MCSH" "$first" -c ".report --since $work/then.json"
is '--since in plain: a counter and its rise' '1' "$(awk -F'\t' '$1 == "since" && $2 == "cmd_set" { print $3 }' "$work/out")"
jq '.counters.cmd_set += 1000' "$work/then.json" >"$work/larger.json"
run "$MCSH" "$first" --format=pretty -c ".report --html $work/since.html --since $work/then.json"
is '--since in pretty: memory and items as they were then, hits and stores since' '1 1 1 1' \
	"$(for line in 'Memory.*), then [0-9.]* [KM]*i*B$' 'Items *[0-9]*, then [0-9]*$' 'Hits.*, since then 50.0 % of 2$' \
		'Stores *[0-9]*, 1 since then'; do grep -c "^$line" "$work/out"; done | tr '\n' ' ' | sed 's/ $//')"
is '--since in html: the same beside each figure' '1 1' \
	"$(for card in 'Memory</span>.*%), then [^<]*</span></div>' 'Stores</span><b>[0-9]*</b><span class="dim">1 since then'; do
		grep -c "$card" "$work/since.html"; done | tr '\n' ' ' | sed 's/ $//')"
run "$MCSH" "$first" --format=json -c ".report --since $work/larger.json"
is '--since: counters that are lower than then were reset' 'true 0' \
	"$(json "$work/out" .since.restarted '.since.rises#')"
printf '{"command":".hot"}\n' >"$work/other.json"
run "$MCSH" "$first" --trace -c ".report --since $work/other.json"
ran '--since of something else is refused, and nothing is sent' 2 '' \
	"mcsh: \"$work/other.json\": it is not a report in json: write one with: .report --format json > FILE\n"
run "$MCSH" "$first" -c ".report --since $work/nosuch"
is '--since of a file that is not there: status 2' 2 "$status"
for line in '.report --format xml' '.report --nope' '.report --server 9'; do
	run "$MCSH" "$first" --trace -c "$line"
	is "$line is refused, and nothing is sent" '2  0' "$status $(cat "$work/out") $(grep -c '^>' "$work/err")"
done

# Servers that are down, or do not list their keys.
run "$MCSH" "$first" "$work/nobody" --format=json -c .report
is 'a server that is down: the others are shown, status 4' '4 true false 6' \
	"$status $(json "$work/out" '.servers[].up' .keys.all.items)"
is 'a server that is down is a finding' "down bad $work/nobody" \
	"$(echo $(json "$work/out" '.findings[0].rule' '.findings[0].level' '.findings[0].server'))"
start_memcached -X
run "$MCSH" "$socket" --format=json -c .report
is '-X: no keys, and the rest is there' '3 null 0' "$status $(json "$work/out" .keys .counters.curr_items)"
run "$MCSH" "$socket" --format=json -c '.report --no-keys'
is '-X and --no-keys: nothing is missing' 'ok null' "$(json "$work/out" .status .keys)"

# Findings.
start_memcached -m 2
lines "set log:%d $(printf '%0860d' 0)" 1 6000 >"$work/script"
run "$MCSH" "$socket" -f "$work/script"
is 'evictions, and memory that never expires: found' 'evictions bad forever notice' \
	"$(rules "$socket" | awk '{ n = NF / 2; for (i = 1; i <= n; i++) if ($i ~ /^(evictions|forever)$/) printf "%s%s %s", found++ ? " " : "", $i, $(n + i) }')"
start_memcached -m 2 -M
run "$MCSH" "$socket" -f "$work/script"
is 'a full server that evicts nothing: no_memory, and its class' 'no_memory out_of_memory bad bad' "$(rules "$socket")"
start_memcached -m 64
run "$MCSH" "$socket" -f "$work/script"
is 'memory for all items: nothing stands out' '' "$(rules "$socket")"
lines 'get no:%d' 1 1200 >"$work/script"
run "$MCSH" "$socket" -f "$work/script"
is 'misses alone: hit_ratio' 'hit_ratio bad' "$(rules "$socket")"
lines 'get log:%d' 1 5000 >"$work/script"
run "$MCSH" "$socket" -f "$work/script"
is 'more hits than misses by four to one: no hit_ratio' '' "$(rules "$socket")"
head -c 1100000 /dev/zero >"$work/large"
run "$MCSH" "$socket" -c "set --file $work/large large"
is 'a value that is too large: too_large' 'too_large notice' "$(rules "$socket")"

start_memcached -c 900
python=/usr/bin/python3
hold() { # CONNECTIONS: open, as far as they are taken, and counted by the server, while the command after it runs
	held=$1
	shift
	"$python" -c '
import socket, subprocess, sys, time
held = []
for _ in range(int(sys.argv[2])):
    one = socket.socket(socket.AF_UNIX)
    one.setblocking(False)
    try:
        one.connect(sys.argv[1])
    except BlockingIOError: # a server that takes no more lets none wait, either
        break
    one.setblocking(True)
    held.append(one)
end = time.monotonic() + 10
while time.monotonic() < end:
    held[0].sendall(b"stats\r\n")
    answer = b""
    while not answer.endswith(b"END\r\n"):
        answer += held[0].recv(65536)
    counts = dict(line.split()[1:3] for line in answer.splitlines() if line.startswith(b"STAT "))
    if int(counts[b"curr_connections"]) >= len(held) or int(counts.get(b"rejected_connections", 0)) or \
            int(counts[b"listen_disabled_num"]):
        break
    time.sleep(0.01)
sys.exit(subprocess.call(sys.argv[3:]))' "$socket" "$held" "$@"
}
is 'connections near the limit: found while they are open' 'connections' \
	"$(hold 740 "$MCSH" "$socket" --format=json -c .report | json - '.findings[].rule')"
is 'connections below the limit: not found' '' "$(rules "$socket")"
start_memcached -c 100 -o maxconns_fast
hold 120 true
is 'connections that were turned away: found' 'rejected_connections bad' "$(rules "$socket" --wait=10s)"

start_memcached -c 100 -o no_maxconns_fast
hold 120 true
is 'connections that had to wait: found' 'waiting_connections bad' "$(rules "$socket" --wait=10s)"

start_memcached
second=$socket
lines 'set even:%d 1' 1 2000 >"$work/script"
run "$MCSH" "$first" -c flush_all
run "$MCSH" "$first" "$second" -f "$work/script"
lines 'get even:%d' 1 2000 >"$work/script"
run "$MCSH" "$first" "$second" -f "$work/script"
is 'two servers that share the keys: nothing stands out' '' "$(rules "$first" "$second")"
run "$MCSH" "$second" -f "$work/script"
run "$MCSH" "$second" -f "$work/script"
is 'gets to one of them, by another placement: uneven, hit_ratio' 'hit_ratio uneven notice notice' \
	"$(rules "$first" "$second")"
lines 'set even:%d 1' 1 100 >"$work/script"
run "$MCSH" "$second" -f "$work/script"
is 'items where nobody looks for them: misplaced' 'misplaced notice' \
	"$(rules "$first" "$second" | awk '{ n = NF / 2; for (i = 1; i <= n; i++) if ($i == "misplaced") print $i, $(n + i) }')"

# Lists that no real server can be made to send in seconds: of items that are old, and one without
# an end.
counters='accept
want stats\r\n
send STAT version 1.6.18\r\nSTAT uptime 90000\r\nSTAT get_hits 5000\r\nSTAT get_misses 10\r\nSTAT curr_items 2000\r\nEND\r\n
want stats slabs\r\n
send END\r\n
want stats items\r\n
send END\r\n
want stats settings\r\n
send ERROR\r\n
accept
want stats\r\n
send STAT time 1000000\r\nSTAT curr_items 2000\r\nSTAT total_items 3\r\nEND\r\n
want lru_crawler metadump hash\r\n'
# old FETCHED: a thousand items, stored 50 minutes ago.
old() {
	awk -v fetched="$1" 'BEGIN {
		for (i = 0; i < 1000; i++)
			printf "key=log%%3A%d exp=-1 la=997000 cas=1 fetch=%s cls=1 size=100\\n", i, fetched
		printf "END\\r\\n\n"
	}'
}
for fetched in no yes; do
	fake <<END
$counters
send $(old $fetched)
END
	case $fetched in
	no) is 'items that nobody has read for 50 minutes: unread' 'unread notice' "$(rules "$fake")" ;;
	yes) is 'items that were read: nothing stands out' '' "$(rules "$fake")" ;;
	esac
done
fake <<END
$counters
send key=a exp=1000090 la=1 cas=1 fetch=no cls=1 size=60\nkey=b exp=-1 la=1 cas=1 fetch=no cls=1 size=60\n
pause 0.3
tell $work/listed
pause 20
END
timeout 20 perl -e '
	my $child = fork;
	if (!$child) {
		$SIG{INT} = "DEFAULT";
		exec @ARGV[1 .. $#ARGV];
	}
	select undef, undef, undef, 0.01 until -e $ARGV[0];
	kill INT => $child;
	waitpid $child, 0;
	exit $? >> 8' "$work/listed" "$MCSH" "$fake" --format=json -c .report >"$work/out" 2>"$work/err"
is 'Ctrl-C: what was found by then is shown, status 4' '4 lost 2 false' \
	"$? $(json "$work/out" .status .keys.all.items .keys.whole)"

# The file that becomes the page is there for a moment; the signal comes in it.
start_memcached
mkdir "$work/pages"
timeout 60 perl -MPOSIX=:sys_wait_h -e '
	my ($dir, @command) = @ARGV;
	my ($met, $left, $cut) = (0, 0, 0);
	for (1 .. 30) {
		unlink glob "$dir/*";
		my $child = fork;
		if (!$child) {
			$SIG{INT} = "DEFAULT";
			open STDOUT, ">", "/dev/null";
			open STDERR, ">", "/dev/null";
			exec @command;
		}
		for (;;) {
			last if waitpid($child, WNOHANG) > 0;
			opendir my $pages, $dir;
			next unless grep /part$/, readdir $pages;
			kill INT => $child;
			$met++;
			waitpid $child, 0;
			last;
		}
		my @parts = glob "$dir/*.part";
		$left += @parts;
		$cut++ if -e "$dir/page.html" && qx(tail -n 1 "$dir/page.html") !~ m{</html>};
	}
	print $met > 0 ? "met" : "not met", ", left $left, cut $cut\n"' \
	"$work/pages" "$MCSH" "$socket" -c ".report --html $work/pages/page.html" >"$work/out" 2>"$work/err"
is 'Ctrl-C while the page is written leaves no part of it' 'met, left 0, cut 0' "$(cat "$work/out")"

fake <<'END'
accept
want stats\r\n
send STAT pid 1\r\nSTAT upt
close
END
run "$MCSH" "$fake" --format=pretty -c .report
status_is 'counters that are cut in half: status 4' 4
out_is 'counters that are cut in half: nothing is judged by them' ''

done_testing
