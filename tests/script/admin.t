#!/bin/sh
# What an administrator types: slabs, lru, lru_crawler, cache_memlimit, extstore, refresh_certs, config,
# shutdown, and the words of stats. Each answer that 1.6.45 gave is in tests/wire/admin.py.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached -A
first=$socket first_server=$server
start_memcached -A
second=$socket

# gives LINE STATUS OUT ERR: LINE to the first server.
gives() {
	run "$MCSH" "$first" -c "$1"
	ran "$1" "$2" "$3" "$4"
}

# never LINE WHY: mcsh refuses it, and says WHY.
never() {
	run "$MCSH" "$first" --trace -c "$1"
	ran "$1 is never sent" 2 '' "mcsh: $2\n"
}

for line in 'slabs automove 0' 'slabs automove 1' 'slabs automove ratio 0.8' 'lru mode flat' \
	'lru mode segmented' 'lru tune 10 25 0.1 2.0' 'lru temp_ttl 60' 'lru temp_ttl -1' \
	'lru_crawler sleep 100' 'lru_crawler tocrawl 0' 'cache_memlimit 64' \
	'extstore item_age 3600' 'extstore max_frag 0.8' 'stats detail on' 'stats detail off'; do
	run "$MCSH" "$first" --trace -c "$line"
	ran "$line" 0 'OK\n' "> $line\\\\r\\\\n\n< OK\\\\r\\\\n\n"
done
gives 'slabs reassign 1 1' 3 '' \
	'mcsh: slabs reassign: SAME src and dst class are identical: name two slab classes; -1 as the first is any\n'
if memcached_is 1.6.34; then
	gives 'slabs automove window 30' 0 'OK\n' ''
else
	gives 'slabs automove window 30' 3 '' \
		"mcsh: slabs automove: CLIENT_ERROR bad command line format: the server does not know these words; freeratio and window are memcached's since 1.6.34\n"
fi
gives 'refresh_certs' 3 '' \
	'mcsh: refresh_certs: Error TLS not enabled: the server speaks no TLS, so it has no certificates; it would be started with -Z\n'
gives 'config get cluster' 3 '' \
	'mcsh: config: ERROR: memcached knows no config: services such as ElastiCache do, where discovery is on\n'
gives 'lru_crawler enable' 3 '' \
	'mcsh: lru_crawler enable: ERROR failed to start lru crawler thread: the crawler is running already; lru_crawler disable stops it\n'

# Before 1.6.25 these two are answered without an END; since then they are not known.
run "$MCSH" "$first" -c 'stats sizes_enable' -c 'stats sizes' -c 'stats sizes_disable' -c 'get still'
if memcached_is 1.6.25; then
	unknown='mcsh: stats: ERROR: the server knows no stats of that name: settings, items, slabs, sizes, conns and detail are the usual ones; proxies and services may have stats alone\n'
	ran 'stats sizes_enable and sizes_disable' 3 'sizes_status\tdisabled\n' "$unknown$unknown"
else
	ran 'stats sizes_enable and sizes_disable' 1 \
		'sizes_status\tenabled\nsizes_status\tdisabled\n' ''
fi

never 'slabs reassign' 'slabs reassign: a word is missing: SRC is a slab class from 1 to 63, -1 for any, or 0 for the free pages'
never 'slabs re 1 2' \
	'slabs: "re" is an abbreviation: write the whole word, reassign: a server may take part of one for it'
never 'stats r' \
	'stats: "r" is an abbreviation: write the whole word, reset: a server may take part of one for it'
never 'stats detail' 'stats detail: a word is missing: it takes on|off|dump; .help stats'
never 'lru tune 50 50 0.1 2' \
	'lru tune: HOT and WARM are 100 per cent of memory together: together they may have 80 at most'
never 'lru tune 10 25 0 2' 'lru tune 10 25: HOT-AGE cannot be "0": HOT-AGE is a number above 0, as 0.2'
never 'cache_memlimit 1m' \
	'cache_memlimit: MEGABYTES cannot be "1m": MEGABYTES is a whole number from 8 to 1000000000, in MiB'
never 'shutdown now' 'shutdown: the next word cannot be "now": it takes graceful; .help shutdown'
never 'slabs reassign 1 2 noreply' 'slabs reassign 1 2 takes no more words: leave out "noreply"; see .help slabs'
run "$MCSH" "$first" "$second" -c 'slabs automove 1 --server 1'
ran 'an option after the words of an admin word is an option' 0 'OK\n'
run "$MCSH" "$first" -c 'stats malloc'
status_is 'stats with a word that no form has is sent' 3

# Several servers.
run "$MCSH" "$first" "$second" -c 'lru mode flat' -c 'lru --server 2 mode segmented'
ran 'an admin word on two servers: each answers, labelled' 0 "$first\tOK\n$second\tOK\nOK\n" ''
run "$MCSH" "$first" "$second" -c 'stats settings | grep lru_segmented'
ran 'one server is tuned alone' 0 "$first\tlru_segmented\tno\n$second\tlru_segmented\tyes\n" ''
run "$MCSH" "$first" "$second" --format=json -c 'slabs reassign 1 1'
is 'json: the refusals of several servers' \
	"server slabs slabs server server SAME src and dst class are identical SAME src and dst class are identical" \
	"$(json "$work/out" .status '.answers[].command' '.answers[].status' '.answers[].error')"
run "$MCSH" "$first" --format=json -c 'slabs automove 1' -c 'slabs automove 9'
is 'json: one object a line' 'slabs ok OK
slabs usage null' "$(json "$work/out" .command .status .reply)"
run "$MCSH" "$first" --format=csv -c 'slabs automove 1'
ran 'csv' 0 'OK\n' ''
run "$MCSH" "$first" --format=pretty --no-color -c '.timing off' -c 'slabs automove 1'
ran 'pretty' 0 'OK\n' ''

# In a script the answers keep their order, and nothing is lost.
printf 'set a 1\nslabs automove 1\nget a\nslabs reassign 1 1\nget a\nlru_crawler metadump hash\nget a\n' >"$work/lines"
run "$MCSH" "$first" -f "$work/lines"
is 'a script keeps the order of its answers' 'STORED OK 1 1 key=a 1 ' \
	"$(sed 's/ exp=.*//' "$work/out" | tr '\n' ' ')"
status_is 'a script with a refusal' 3

# Lists of keys.
run "$MCSH" "$first" -c flush_all -c 'set --flags 7 foo bar 100' -c 'set 50% x' -c 'set ключ x' -c 'get foo'
run "$MCSH" "$first" --trace -c 'lru_crawler metadump hash'
status_is 'metadump' 0
flags=
memcached_is 1.6.24 && flags=' flags='
is 'metadump: the lines of the server' "key=%D0%BA%D0%BB%D1%8E%D1%87 exp=-1 fetch=no${flags:+${flags}0}|key=50%25 exp=-1 fetch=no${flags:+${flags}0}|key=foo fetch=yes${flags:+${flags}7}|" \
	"$(grep ^key "$work/out" | sed -E 's/ (exp=[0-9]+|la=[0-9]+|cas=[0-9]+|cls=1|size=[0-9]+)//g' | LC_ALL=C sort -k1,1 | tr '\n' '|')"
has 'metadump: what is asked before is marked' "> stats\\r\\n (mcsh's own question)" "$work/err"
has 'metadump: the line as it is typed' '> lru_crawler metadump hash\r\n' "$work/err"
run "$MCSH" "$first" --format=json -c 'lru_crawler metadump hash'
is 'metadump in json: an object an item, and one with the status' '50% null null
foo null null
null 3 ok
ключ null null' "$(json "$work/out" .key .items .status | sort)"
is 'metadump in json: numbers are numbers' 4 \
	"$(grep -F '"key":"foo"' "$work/out" | grep -oE '"(exp|la|cas|size)":-?[0-9]+[,}]' | wc -l)"
run "$MCSH" "$first" --format=csv -c 'lru_crawler metadump hash'
is 'metadump in csv: a header' 'key,exp,la,cas,fetch,cls,size,flags' "$(head -1 "$work/out")"
is 'metadump in csv: keys are decoded' '50% foo ключ ' \
	"$(sed 1d "$work/out" | cut -d, -f1 | LC_ALL=C sort | tr '\n' ' ')"
run "$MCSH" "$first" --format=pretty --no-color -c 'lru_crawler metadump hash'
is 'metadump in pretty: a heading' ' expires in     idle for  read  class      size   flags  key' \
	"$(head -1 "$work/out")"
is 'metadump in pretty: rows in columns' "never no 1 ключ|" \
	"$(awk '/ключ/ { print $1, $4, $5, $8 }' "$work/out" | tr '\n' '|')"
is 'metadump in pretty: the number of items' '(3 items)' "$(tail -1 "$work/out")"
is 'metadump in pretty: no line is wider than 80 columns' '' "$(LC_ALL=C.UTF-8 awk 'length($0) > 80' "$work/out")"
run "$MCSH" "$first" "$second" -c 'lru_crawler metadump hash'
is 'metadump of several servers is labelled' "$first" "$(cut -f1 "$work/out" | sort -u)"
run "$MCSH" "$first" -c 'lru_crawler metadump all | head -1' -c 'get foo'
is 'metadump: a reader that has seen enough ends it' '2 0' "$(wc -l <"$work/out") $status"
fake <<END
accept
want stats\r\n
send STAT lru_crawler_running 0\r\nEND\r\n
want lru_crawler mgdump all\r\n
send ERROR\r\n
gone
END
run "$MCSH" "$fake" --format pretty -c 'lru_crawler mgdump all'
ran 'a list that is refused counts no items' 3 '' \
	"mcsh: $fake does not list its keys: ERROR: it knows no lru_crawler mgdump: memcached has it since 1.6.19; metadump is older\n"
if memcached_is 1.6.19; then
	run "$MCSH" "$first" -c 'lru_crawler mgdump all'
	is 'mgdump: a line an item' 'mg 50%|mg foo|mg ключ|' "$(LC_ALL=C sort "$work/out" | tr '\n' '|')"
fi
run "$MCSH" "$work/nobody" "$second" -c 'set --server 2 k v' -c 'lru_crawler metadump hash'
status_is 'metadump: one server that is down' 4
is 'metadump: one server that is down hides no other' 1 "$(grep -c "^$second	key=k " "$work/out")"
start_memcached -o no_lru_crawler
run "$MCSH" "$socket" -c 'lru_crawler metadump all' -c 'lru_crawler crawl all'
status_is 'without a crawler' 3
is 'without a crawler both are explained' 2 "$(grep -c 'CLIENT_ERROR lru crawler disabled: .*lru_crawler enable' "$work/err")"

# mgdump and flags, which 1.6.18 has not, and what nobody can decode.
fake <<END
accept
want stats\r\n
send STAT lru_crawler_running 0\r\nEND\r\n
want lru_crawler mgdump all\r\n
send OK\r\nmg Y b\r\nEN\r\n
gone
END
run "$MCSH" "$fake" --format=json -c 'lru_crawler mgdump all'
ran 'json: a key that cannot be decoded is in an object, too' 0 \
	"{\"command\":\"lru_crawler\",\"server\":\"$fake\",\"key\":\"Y b\"}\n{\"command\":\"lru_crawler\",\"items\":1,\"status\":\"ok\"}\n" ''
fake <<END
accept
want stats\r\n
send STAT lru_crawler_running 0\r\nEND\r\n
want lru_crawler mgdump hash\r\n
send OK\r\nmg foo\r\nmg YSBi b\r\nEN\r\n
gone
accept
want stats\r\n
send STAT lru_crawler_running 0\r\nEND\r\n
want lru_crawler metadump 1,2\r\n
send OK\r\nkey=a%20b exp=-1 la=1 cas=2 fetch=no cls=1 size=66 flags=5 \nEND\r\n
gone
accept
want stats\r\n
send STAT lru_crawler_running 0\r\nEND\r\n
want lru_crawler mgdump all\r\n
send OK\r\nmg foo\r\n
close
END
run "$MCSH" "$fake" --format=csv -c 'lru_crawler mgdump hash' -c 'lru_crawler metadump 1,2' -c 'lru_crawler mgdump all'
ran 'mgdump, flags, and a list that breaks off' 4 \
	'key\nfoo\na b\nkey,exp,la,cas,fetch,cls,size,flags\na b,-1,1,2,no,1,66,5\nkey\nfoo\n' \
	"mcsh: $fake closed the connection before the list of its keys had ended: what it had named by then was read; try again\n"
fake_followed 'mgdump: each list has a connection of its own'

# config get cluster, which only services answer.
fake <<END
accept
want config get cluster\r\n
send CONFIG cluster 0 45\r\n12\na.example|10.0.0.1|11211 b.example||11211\n\r\nEND\r\n
want config get cluster\r\n
send CONFIG cluster 0 3\r\n13\n\r\n\r\nEND\r\n
want version\r\n
send VERSION 1.6.6\r\n
END
run "$MCSH" "$fake" -c 'config get cluster' -c 'config get cluster' -c version
ran 'config get cluster: the version, then a line a node' 0 \
	'12\na.example|10.0.0.1|11211\nb.example||11211\n13\n1.6.6\n' ''
fake_followed 'config get cluster: the answer is read to its end'

# shutdown.
start_memcached
run "$MCSH" "$socket" -c shutdown -c shutdown
ran 'shutdown without -A' 3 '' "$(for i in 1 2; do
	printf '%s' 'mcsh: shutdown: ERROR shutdown not enabled: the server was started without -A; end it where it runs\n'
done)"
run "$MCSH" "$first" --format=json -c shutdown -c '.echo still here'
is 'shutdown: the close is the answer' 'shutdown ok
.echo ok' "$(json "$work/out" .command .status)"
status_is 'shutdown: the shell goes on' 0
passes 'shutdown: the server has ended' sh -c "for i in \$(seq 100); do
	kill -0 $first_server 2>/dev/null || exit 0; sleep 0.05; done; exit 1"
run "$MCSH" "$second" -c 'shutdown graceful'
ran 'shutdown graceful' 0 '' ''
run "$MCSH" --sandbox -c 'set foo bar' -c shutdown -c .sandbox -c 'get foo' -c version
status_is 'shutdown of a sandbox: .sandbox starts another, which is empty' 1
is 'shutdown of a sandbox: the other one answers' 2 "$(grep -c . "$work/out")"

done_testing
