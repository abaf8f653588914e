#!/bin/sh
# Lists of keys and answers to what is loaded that no real memcached can be brought to give when one
# wants them.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

ask='want stats\r\n
send STAT threads 4\r\nSTAT lru_crawler_running 0\r\nEND\r\n
want lru_crawler metadump hash\r\n'
head='{"mcsh_items":1}\n'

busy="accept
$ask
send BUSY currently processing crawler request\\r\\n
gone"
fake <<END
$(for i in 1 2 3 4 5 6 7 8 9 10 11; do printf '%s\n' "$busy"; done)
END
run "$MCSH" --timeout=1s "$fake" -c .dump
ran '.dump: a crawler that stays busy, status 3' 3 "$head" "mcsh: $fake does not list its keys: BUSY currently processing crawler request: another list or crawl is under way there; try again when it has ended\n"
fake_followed '.dump: a crawler that stays busy is asked eleven times within the timeout'

fake <<END
$busy
accept
$ask
send END\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a crawler that was busy for a moment, status 0' 0 "$head"
fake_followed '.dump: a crawler that was busy for a moment is asked again'

fake <<END
accept
$ask
send ERROR locked try again later\\r\\n
gone
$busy
accept
$ask
send END\\r\\n
gone
END
run timeout 20 "$MCSH" --timeout=1h "$fake" -c .dump
ran 'a hash table that grows, and a crawler that was busy for a moment: a long timeout makes no long pause' 0 "$head"
fake_followed 'a hash table that grows, and a crawler that was busy for a moment: a third time is asked'

# grown POWER ITEMS GROWS: what a server says of its hash table, and that it is left then.
grown() {
	printf 'accept\nwant stats\\r\\n\n'
	printf 'send STAT curr_items %s\\r\\nSTAT hash_power_level %s\\r\\nSTAT hash_is_expanding %s\\r\\nEND\\r\\n\n' "$2" "$1" "$3"
}
fake <<END
$(grown 16 98305 0)
gone
$(grown 17 98305 1)
gone
$(grown 17 98305 0)
want lru_crawler metadump hash\\r\\n
send END\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a hash table that is about to grow, then grows, status 0' 0 "$head"
fake_followed '.dump: no list is asked for until the hash table has grown'

fake <<END
$(grown 16 98304 0)
want lru_crawler metadump hash\\r\\n
send END\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a hash table with three items to two buckets, status 0' 0 "$head"
fake_followed '.dump: a hash table with three items to two buckets is not waited for'

crawling="accept
want stats\\r\\n
send STAT lru_crawler_running 1\\r\\nEND\\r\\n
gone"
fake <<END
$(for i in 1 2 3 4 5 6 7 8 9 10 11; do printf '%s\n' "$crawling"; done)
END
run "$MCSH" --timeout=1s "$fake" -c .dump
ran '.dump: a crawler that stays running, status 3' 3 "$head" "mcsh: $fake does not list its keys: BUSY lru_crawler_running is 1: another list or crawl is under way there; try again when it has ended\n"
fake_followed '.dump: no list is asked for while a crawler runs'

fake <<END
$crawling
accept
$ask
send END\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a crawler that ran for a moment, status 0' 0 "$head"
fake_followed '.dump: the list is asked for once a crawler has ended'

# Older servers and proxies.
fake <<END
accept
want stats\\r\\n
send ERROR\\r\\n
want lru_crawler metadump hash\\r\\n
send END\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a server without statistics, status 0' 0 "$head"
fake_followed '.dump: a server without statistics is asked for the list'

fake <<END
accept
want stats\\r\\n
close
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a proxy that closes at stats, status 4' 4 "$head" "mcsh: $fake closed the connection before the list of its keys had ended: a proxy closes at commands that it does not know: name the servers themselves\n"

# A list that does not end.
few='accept
want stats\r\n
send STAT curr_items 2\r\nSTAT lru_crawler_running 0\r\nEND\r\n
want lru_crawler metadump hash\r\n'
fake <<END
$few
flood key=foo exp=-1 la=1 cas=1 fetch=no cls=1 size=60\n
END
run "$MCSH" "$fake" -c '.dump --match nothing'
ran '.dump: a list without an end is cut, status 4' 4 "$head" "mcsh: $fake counts 2 items, and listed more than 1000004 keys: what it had named by then was read; is it a memcached server?\n"

fake <<END
$few
$(for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do
	printf 'send key=foo exp=-1 la=1 cas=1 fetch=no cls=1 size=60\\n\npause 0.1\n'
done)
END
run "$MCSH" "$fake" --timeout=200ms -c '.dump --match nothing'
matches='took more than 2 s to list its keys, and named [0-9]* of 2: what it had named by then was read; --timeout or .set timeout gives it longer'
status_is '.dump: a list that goes on slowly ends after ten timeouts, status 4' 4
passes '.dump: a list that goes on slowly ends with a report' grep "$matches" "$work/err"

# A program that stands still reads nothing. The group of its own is one that can be stopped.
stopped() {
	rm -f "$work/listing" "$work/closed"
	perl -MPOSIX -e '
		my ($mcsh, $fake, $work, $command) = @ARGV;
		sub await {
			for (1 .. 500) { return if -e "$work/$_[0]"; select undef, undef, undef, 0.02 }
			die "never $_[0]\n";
		}
		my $child = fork // die;
		if (!$child) {
			setpgid(0, 0);
			open(STDERR, ">", "$work/err") && open(STDOUT, ">", "$work/out") or die;
			exec($mcsh, split(/ /, $fake), "-c", $command) or die;
		}
		await("listing");
		kill "TSTP", $child;
		await("closed");
		for (1 .. 500) {
			open(my $f, "<", "/proc/$child/stat") or die;
			print("stopped\n"), last if <$f> =~ /.*\) T/;
			select undef, undef, undef, 0.02;
		}
		kill "CONT", $child;
		waitpid($child, 0);
		print $? >> 8, "\n";
	' "$MCSH" "$fake" "$work" "$1" >"$work/status" 2>&1
	is "Ctrl-Z stops $1, and the list is closed meanwhile" 'stopped
4' "$(cat "$work/status")"
	fake_followed "Ctrl-Z during $1: the server sees the list closed"
}
fake <<END
accept
$ask
send key=a exp=-1 la=1\\n
tell $work/listing
gone
tell $work/closed
END
stopped '.dump --prefix other'
err_is 'Ctrl-Z during .dump: reported once mcsh goes on' "mcsh: stopped while $fake listed its keys: the list was closed, because a server stands still with one that is not read: what it had named by then was dumped; run it again\n"
fake <<END
accept
$ask
send key=a exp=-1 la=1\\n
tell $work/listing
gone
tell $work/closed
END
stopped '.keys other*'
err_is 'Ctrl-Z during .keys: reported once mcsh goes on' "mcsh: stopped while $fake listed its keys: the list was closed, because a server stands still with one that is not read: give the command again\n"
fake <<END
accept
$ask
send key=a exp=-1 la=1\\n
tell $work/first
gone
tell $work/first_closed
END
first=$fake
fake <<END
accept
$ask
send key=b exp=-1 la=1\\n
await $work/first
tell $work/listing
gone
await $work/first_closed
tell $work/closed
END
second=$fake
fake="$first $second" stopped '.keys other*'
why='listed its keys: the list was closed, because a server stands still with one that is not read: give the command again'
is 'Ctrl-Z during .keys of two servers: of each is reported that mcsh has closed its list' \
	"$(printf '%s\n' "mcsh: stopped while $first $why" "mcsh: stopped while $second $why" | sort)" "$(sort "$work/err")"
fake <<END
accept
want lru_crawler metadump hash\\r\\n
send key=a exp=-1 la=1\\n
tell $work/listing
gone
tell $work/closed
END
stopped '.raw lru_crawler metadump hash'
err_is 'Ctrl-Z during .raw: reported once mcsh goes on' 'mcsh: stopped while the keys were being listed: the list was closed, because a server stands still with one that is not read: give the command again\n'
out_is 'Ctrl-Z during .raw: the lines that had come are shown' 'key=a exp=-1 la=1\n'

# A key with a blank is asked for by mg, in base64.
for refusal in ERROR 'CLIENT_ERROR bad command line format'; do
	fake <<END
accept
$ask
send key=a%20b exp=-1 la=1\\nEND\\r\\n
gone
accept
want mg YSBi v f b O001\\r\\n
send $refusal\\r\\n
gone
END
	run "$MCSH" "$fake" -c .dump
	ran ".dump: a key in base64 that is answered by $refusal is counted as missing, status 1" 1 "$head" \
		'mcsh: 1 item is missing: no command can ask for their keys: they hold blanks or control bytes and are too long for base64, or the server has no meta commands\n'
	fake_followed ".dump: a key in base64 that is answered by $refusal is asked for once"
done

# A list is read to its end before anybody reads what is shown of it.
list=$(perl -e 'printf "key=key-%06d exp=-1 la=1795374908 cas=2 fetch=no cls=1 size=66\\n", $_ for 1 .. 30000')
held() {
	fake <<END
accept
$2
send $list
tell $work/sent
send END\\r\\n
close
END
	rm -f "$work/sent"
	"$MCSH" "$fake" $3 -c "$1" 2>&1 |
		perl -e 'for (1 .. 500) { last if -e $ARGV[0]; select undef, undef, undef, 0.02 }
			print -e $ARGV[0] ? "sent\n" : "held back\n"; $n += /key-/ while <STDIN>; print "$n\n"' "$work/sent" >"$work/out"
	out_is "$1${3:+, $3} is not held back by a slow reader" 'sent\n30000\n'
}
plain='want lru_crawler metadump hash\r\n'
held '.raw lru_crawler metadump hash' "$plain"
held '.raw --for 10s lru_crawler metadump hash' "$plain"
held '.raw lru_crawler metadump hash > /dev/null' "$plain" --trace
held '.dump --prefix other' "$ask" --trace
held .keys "$ask"
held '.keys --long' "$ask"
held '.keys --sort key' "$ask"
held '.keys other*' "$ask" --trace


fake <<END
accept
$ask
send ERROR\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a server that answers ERROR to metadump, status 3' 3 "$head" "mcsh: $fake does not list its keys: ERROR: it has no lru_crawler metadump, as proxies, services such as ElastiCache Serverless, and memcached before 1.4.31\n"
fake_followed '.dump: a server that answers ERROR to metadump is asked once'

# The longest beginning explains an error, not the first one of its kind.
while IFS='|' read -r error hint; do
	fake <<END
accept
$ask
send $error\\r\\n
gone
END
	run "$MCSH" "$fake" -c .dump
	ran ".dump: a list refused by $error, status 3" 3 "$head" "mcsh: $fake does not list its keys: $error: $hint\n"
	fake_followed ".dump: a list refused by $error is asked for once"
done <<'END'
ERROR metadump not allowed|it was started with -X, which forbids it
ERROR Too many open connections|it is at its limit of connections (-c); close some, or raise it
ERROR an unknown error happened|its keys cannot be listed now; try again
NOTSTARTED no items to crawl|it found nothing to list; try again
CLIENT_ERROR bad command line format|its keys cannot be listed
CLIENT_ERROR unauthenticated|it wants a login before anything else (it was started with -Y): .auth USER
END

fake <<END
accept
$ask
send END\\r\\nEND\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a list that ends twice, status 4' 4 "$head" "mcsh: $fake sent more after the end of the list of its keys: what the list named was read; whether it is all there is, is unknown\n"
fake_followed '.dump: a list that ends twice, the connection is closed'

fake <<END
accept
$ask
send something else\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: an answer that is not a list, status 4' 4 "$head" "mcsh: $fake sent something else than a list of its keys: something else: is it a memcached server?\n"
fake_followed '.dump: an answer that is not a list, the connection is closed'

fake <<END
accept
$ask
close
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a proxy that closes at metadump, status 4' 4 "$head" "mcsh: $fake closed the connection before the list of its keys had ended: a proxy closes at commands that it does not know: name the servers themselves\n"

# Newer servers begin with OK, and their lines have more words; keys are encoded.
fake <<END
accept
$ask
send OK\\r\\nkey=a%2fb exp=-1 la=1 cas=2 fetch=no cls=1 size=66 flags=7 \\nkey=gone exp=-1 la=1\\nkey=old exp=1000 la=1\\nkey=c%25 exp=4000000000 la=1\\nEND\\r\\n
gone
accept
want get a/b gone old c%\\r\\n
send VALUE a/b 7 1\\r\\nx\\r\\nVALUE c% 0 1\\r\\ny\\r\\nEND\\r\\n
gone
END
run "$MCSH" "$fake" -c ".dump $work/file | grep -v seconds"
ran '.dump: keys that are gone when they are fetched are counted, and a note says so' 0 'items\t2\nbytes\t7\nexpired\t1\ngone\t1\nleft_out\t0\n' 'mcsh: note: 1 of the keys that were listed were gone before they were read: they were deleted or evicted meanwhile\n'
fake_followed '.dump: a list that newer servers begin with OK is read'
printf '%b' "$head"'{"key":"a/b","flags":7,"exptime":0,"value":"x"}\n{"key":"c%","flags":0,"exptime":4000000000,"value":"y"}\n' >"$work/want"
same_bytes '.dump: a list that newer servers begin with OK, the items are in the file' "$work/want" "$work/file"

# Flags of 64 bits, as a server with -o client_flags_size=8 has them.
for as in jsonl csv tsv; do
	case $as in
	jsonl) printf '{"mcsh_items":1}\n{"key":"a","flags":4294967303,"exptime":0,"value":"x"}\n' ;;
	csv) printf 'key,flags,exptime,value,encoding,key_encoding\na,4294967303,0,x,,\n' ;;
	tsv) printf 'a\tx\t4294967303\n' ;;
	esac >"$work/want"
	fake <<END
accept
$ask
send key=a exp=-1 la=1\\nEND\\r\\n
accept
want get a\\r\\n
send VALUE a 4294967303 1\\r\\nx\\r\\nEND\\r\\n
gone
END
	run "$MCSH" "$fake" -c ".dump --as $as"
	same_bytes ".dump --as $as: flags of 64 bits are kept" "$work/want" "$work/out"
	run "$MCSH" /nonexistent -c ".load --as $as - | grep bad" <"$work/want"
	ran ".load of $as: flags of 64 bits are refused by a server with 32" 2 'bad\t1\n' \
		"mcsh: -:$(sed -n '$=' "$work/want"): its flags 4294967303 are too large: flags are a number from 0 to 4294967295\n"
done
fake <<END
accept
$ask
send key=a exp=-1 la=1\\nEND\\r\\n
accept
want get a\\r\\n
send VALUE a 4294967303 1\\r\\nx\\r\\nEND\\r\\n
gone
END
run "$MCSH" "$fake" -c '.dump --as mcsh'
ran '.dump --as mcsh: flags of 64 bits are counted as missing, status 1' 1 '' 'mcsh: 1 item is missing: the format has no words for their keys or flags: jsonl and csv have room for all of them\n'

for line in 'key=a%2 exp=-1' 'key=a%zz exp=-1' 'key= exp=-1' 'key=a exp=x' 'key=a'; do
	fake <<END
accept
$ask
send $line la=1\\n
gone
END
	run "$MCSH" "$fake" -c .dump
	ran ".dump: the list has the invalid line \"$line\", status 4" 4 "$head" \
		"mcsh: $fake sent something else than a list of its keys: $line la=1: is it a memcached server?\n"
	fake_followed ".dump: the list ends at the invalid line \"$line\""
done

fake <<END
accept
$ask
send key=a exp=-1 la=1\\n
accept
want get a\\r\\n
send VALUE a 0 1\\r\\nx\\r\\nEND\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a list that breaks off, status 4' 4 "$head"'{"key":"a","flags":0,"exptime":0,"value":"x"}\n' "mcsh: $fake closed the connection before the list of its keys had ended: what it had named by then was read; try again\n"
fake_followed '.dump: of a list that breaks off the named keys are fetched'

fake <<END
accept
$ask
send key=a exp=-1 la=1\\nEND\\r\\n
accept
want get a\\r\\n
send VALUE a 0 1\\r\\nx\\r\\nEND\\r\\nVALUE a 0 1\\r\\nx\\r\\nEND\\r\\n
gone
END
run "$MCSH" "$fake" -c .dump
ran '.dump: a value that is sent twice, status 4' 4 "$head"'{"key":"a","flags":0,"exptime":0,"value":"x"}\n' "mcsh: $fake sent something that was not asked for: whether every answer belongs to its command is unknown\n"
fake_followed '.dump: a value that is sent twice was asked for once'

fake <<END
accept
$ask
send key=a exp=-1 la=1\\n
pause 1
END
run "$MCSH" --timeout 200ms "$fake" -c .dump
status_is '.dump: a server that falls silent, status 4' 4

# --- what is loaded ---

printf 'a\t1\nb\t2\nc\t3\n' >"$work/three.tsv"

fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want mn\r\n
send MN\r\n
want ms a 1 q\r\n1\r\nms b 1 q\r\n2\r\nms c 1 q\r\n3\r\nmn\r\n
send SERVER_ERROR out of memory storing object\r\nMN\r\n
gone
END
run "$MCSH" "$fake" -c ".load $work/three.tsv | grep -v seconds"
status_is '.load: one refused item of several, status 3' 3
out_is '.load: one refused item of several, the others are stored' 'items\t2\nbytes\t6\nexpired\t0\nexisting\t0\nrefused\t1\nbad\t0\nunknown\t0\n'
has '.load: one refused item of several is reported with the lines it is among' "$work/three.tsv: one of the lines 1 to 3: SERVER_ERROR out of memory storing object" "$work/err"
fake_followed '.load: items are sent together, quiet'

fake <<'END'
accept
want add a 0 0 1\r\n1\r\nadd b 0 0 1\r\n2\r\nadd c 0 0 1\r\n3\r\n
send STORED\r\nNOT_STORED\r\nSERVER_ERROR out of memory storing object\r\n
want version\r\n
send VERSION 1.5.6\r\n
gone
END
run "$MCSH" "$fake" -c ".load --add $work/three.tsv | grep -v seconds"
status_is '.load: a server without meta commands, status 3' 3
out_is '.load: a server without meta commands, each item is counted by its answer' 'items\t1\nbytes\t2\nexpired\t0\nexisting\t1\nrefused\t1\nbad\t0\nunknown\t0\n'
has '.load: a server without meta commands, the refused item is reported with its line' "$work/three.tsv:3: SERVER_ERROR out of memory storing object" "$work/err"
fake_followed '.load: a server without meta commands gets classic commands'

for how in set add replace; do
	fake <<END
accept
want $how a 0 0 1\\r\\n1\\r\\n$how b 0 0 1\\r\\n2\\r\\n$how c 0 0 1\\r\\n3\\r\\n
send STORED\\r\\nSTORED\\r\\nSTORED\\r\\n
want version\\r\\n
send VERSION 1.6.18\\r\\n
gone
END
	run "$MCSH" "$fake" -c '.set protocol classic' -c ".load $([ $how = set ] || echo --$how) $work/three.tsv | head -1"
	ran ".load in protocol classic by $how: all items are stored" 0 'items\t3\n'
	fake_followed ".load in protocol classic by $how: no version before it, no mn, no ms, only the fence at the end"
done

fake <<'END'
accept
want add a 0 0 1\r\n1\r\nadd b 0 0 1\r\n2\r\nadd c 0 0 1\r\n3\r\n
send STORED\r\nSTORED\r\nSTORED\r\n
want version\r\n
send VERSION 1.5.6\r\n
gone
END
run "$MCSH" "$fake" -c ".load --add $work/three.tsv | head -1"
ran '.load --add in protocol auto: all items are stored' 0 'items\t3\n'
fake_followed '.load --add in protocol auto: the classic command is sent'

# A proxy that passes the version on, and closes at what it does not know.
fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want mn\r\n
close
accept
want set a 0 0 1\r\n1\r\nset b 0 0 1\r\n2\r\nset c 0 0 1\r\n3\r\n
send STORED\r\nSTORED\r\nSTORED\r\n
want version\r\n
send VERSION 1.5.6\r\n
gone
END
run "$MCSH" "$fake" -c ".load $work/three.tsv | head -1"
ran '.load: a proxy that closes at mn, all items are stored' 0 'items\t3\n'
fake_followed '.load: a proxy that closes at mn gets classic commands'

printf '{"key":"a b","value":"1"}\n' >"$work/blank.jsonl"
fake <<'END'
accept
want version\r\n
send VERSION 1.5.6\r\n
gone
END
run "$MCSH" "$fake" -c ".load $work/blank.jsonl | head -1"
ran '.load: a key with a blank for a server without meta commands, status 2' 2 'items\t0\n' "mcsh: $work/blank.jsonl:1: a blank or a control byte is in its key: this server takes such a key by no command\n"
fake_followed '.load: a key with a blank is not sent to a server without meta commands'
run "$MCSH" "$fake" -c '.set protocol classic' -c ".load $work/blank.jsonl | head -1"
ran '.load: a key with a blank in protocol classic, status 2' 2 'items\t0\n' "mcsh: $work/blank.jsonl:1: a blank or a control byte is in its key: only meta commands carry it: .set protocol auto\n"

fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want mn\r\n
send MN\r\n
want ms a 1 q\r\n1\r\nms b 1 q\r\n2\r\nms c 1 q\r\n3\r\nmn\r\n
close
END
run "$MCSH" "$fake" -c ".load $work/three.tsv | grep -v seconds"
status_is '.load: a server that closes, status 4' 4
out_is '.load: a server that closes, the items count as unknown' 'items\t0\nbytes\t0\nexpired\t0\nexisting\t0\nrefused\t0\nbad\t0\nunknown\t3\n'

# lru_crawler lists servers one after another, in their order, however slow the first one is.
listing='accept
want stats\r\n
send STAT lru_crawler_running 0\r\nEND\r\n
want lru_crawler metadump all\r\n'
fake <<END
$listing
pause 0.3
send key=a exp=-1\nEND\r\n
gone
END
slow=$fake
slow_place=$fake_place
fake <<END
$listing
send key=b exp=-1\nEND\r\n
gone
END
run "$MCSH" "$slow" "$fake" -c 'lru_crawler metadump all | cut -f 2'
ran 'lru_crawler metadump of two servers: the slow first one stands first' 0 'key=a exp=-1\nkey=b exp=-1\n'
fake_followed 'lru_crawler metadump of two servers: the second is asked'
fake_place=$slow_place
fake_followed 'lru_crawler metadump of two servers: the first is asked'

done_testing
