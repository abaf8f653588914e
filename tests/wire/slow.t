#!/bin/sh
# Servers that take their time: --timeout counts for the whole command, not for each byte.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

late='the connection is closed, the next command opens a new one; --timeout or .set timeout gives it longer'
# That nothing has come at all may have another cause.
never="$late; if it was started with -S: .set protocol binary"

# between NAME LEAST MOST: the last run took so long.
between() {
	passes "$1 (took $elapsed ms)" [ "$elapsed" -ge "$2" -a "$elapsed" -le "$3" ]
}

fake <<'END'
accept
want get foo\r\n
drip 0.05 VALUE foo 0 1000\r\n012345678901234567890123456789012345678901234567890123456789
gone
END
measure "$MCSH" "$fake" --timeout 300ms -c 'get foo'
ran 'a drip that never ends in time' 4 '' "mcsh: $fake did not answer in time: $late\n"
between 'a drip that never ends in time: it ends in about the timeout' 300 2500
fake_followed 'a drip: nothing more was sent'

fake <<'END'
accept
want get a\r\n
gone
accept
want get b\r\n
send END\r\n
gone
END
measure "$MCSH" "$fake" --timeout 200ms -c 'get a' -c 'get b'
ran 'no answer at all' 4 '' "mcsh: $fake did not answer in time: $never\n"
between 'silence ends in about the timeout' 200 2500
fake_followed 'silence: the next command connects again'

fake <<'END'
accept
want get a\r\n
pause 0.3
send END\r\n
gone
END
measure "$MCSH" "$fake" -c '.set timeout off' -c 'get a'
ran 'without a timeout it waits' 1
fake_followed 'without a timeout: one question'

# The server never reads: what it cannot be told in time is lost too.
fake <<END
accept
await $work/over
END
head -c 20000000 /dev/zero >"$work/large"
measure "$MCSH" "$fake" --timeout 300ms -c "set --file $work/large k"
ran 'a server that does not read' 4 '' "mcsh: $fake did not answer in time: $never\n"
between 'sending ends in about the timeout' 300 2500
touch "$work/over"
fake_followed 'a server that does not read: all as planned'

# Nobody accepts: the socket's queue takes the connection, and no answer comes.
rm "$work/over"
fake <<END
await $work/over
accept
END
measure "$MCSH" "$fake" --timeout 200ms -c version
ran 'a server that does not accept' 4 '' "mcsh: $fake did not answer in time: $never\n"
between 'a server that does not accept: that ends in about the timeout' 200 2500
touch "$work/over"
fake_followed 'a server that does not accept: all as planned'

measure "$MCSH" "$work/nobody" -c 'get foo' -c 'get bar'
ran 'nobody there' 4 '' "$(for command in 1 2; do
	printf '%s' "mcsh: cannot connect to $work/nobody: No such file or directory: is memcached running there? mcsh --sandbox brings a private one\\n"
done)"
between 'nobody there: which is known at once' 0 1500

# A port that was free a moment ago.
free=$(/usr/bin/python3 -I -S -c '
import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])')
measure "$MCSH" "127.0.0.1:$free" -c 'get foo'
ran 'a port where nobody listens' 4 '' "mcsh: cannot connect to 127.0.0.1:$free: Connection refused: is memcached running there? mcsh --sandbox brings a private one\n"
between 'a refusal is known at once' 0 1500

# Answers that never end: in bounded memory, and in bounded time where they are shown as they come.
flood() {
	fake <<END
accept
any $2
flood $1
END
}
long='the answer is longer than 16777216 bytes, and shown only when it is whole'
plainly='--format=plain shows lines as they come; .set max_answer raises it'
# bounded MOST NAME ARGUMENT...: mcsh on the fake server, which may take 100 MB and MOST milliseconds;
# what it prints is thrown away. Where the ceiling ends it, the timeout is longer than MOST, so that
# a slow machine gets that far. What is shown as it comes has a ceiling that its third of a second would
# reach many times, if it counted.
bounded() {
	bounded_most=$1
	bounded_name=$2
	shift 2
	measure sh -c 'exec "$@" >/dev/null' sh "$MCSH" "$fake" "$@"
	resident_is_below "$bounded_name: memory" 100
	between "$bounded_name: time" 0 "$bounded_most"
}
flood 'STAT name 123\r\n' 7
bounded 45000 'endless stats as pretty' --timeout=50s --format=pretty -c stats
ran 'endless stats as pretty' 4 '' "mcsh: $long: $plainly\n"
# One megabyte comes to its end sooner.
long='the answer is longer than 1048576 bytes, and shown only when it is whole'
flood 'STAT name 123\r\n' 7
bounded 45000 'endless stats as json' --timeout=50s --format=json -c '.set max_answer 1m' -c stats
ran 'endless stats as json' 4 '' "mcsh: $long: $plainly\n"
for format in plain csv wire; do
	flood 'STAT name 123\r\n' 7
	bounded 4000 "endless stats as $format" --timeout=300ms --format=$format -c '.set max_answer 64k' -c stats
	ran "endless stats as $format" 4 '' "mcsh: $fake did not answer in time: $late\n"
done
flood 'a line of some length\r\n' 16
bounded 45000 'endless lines of .raw as json' --timeout=50s --format=json -c '.set max_answer 1m' -c '.raw hello'
ran 'endless lines of .raw as json' 4 '' "mcsh: $long: $plainly\n"
flood 'a line of some length\r\n' 7
bounded 4000 'endless lines of .raw --for as json' --format=json -c '.set max_answer 64k' -c '.raw --for 300ms hello'
ran 'endless lines of .raw --for as json end with its time' 0
flood 'a line of some length\r\n' 7
bounded 4000 'endless lines of .raw --for end with its time' -c '.set max_answer 64k' -c '.raw --for 300ms hello'
ran 'endless lines of .raw --for end with its time' 0
flood 'STAT name 123\r\n' 7
bounded 45000 'endless stats of one of several servers' "$work/nobody" --timeout=50s -c '.set max_answer 1m' -c stats
has 'endless stats of one of several servers' "mcsh: $long: --server asks one server alone; .set max_answer raises it" "$work/err"
flood 'STAT name 123\r\n' 7
bounded 45000 'a lower ceiling' --timeout=50s --format=json --trace-file /dev/null -c '.set max_answer 64k' -c stats
ran 'a lower ceiling' 4 '' "mcsh: the answer is longer than 65536 bytes, and shown only when it is whole: $plainly\n"

# The ceiling is no less: what fits is shown.
fake <<END
accept
want stats\r\n
send $(/usr/bin/python3 -I -S -c 'print("STAT name 123\\r\\n" * 1000 + "END\\r\\n")')
gone
END
run "$MCSH" "$fake" --format=json -c '.set max_answer 64k' -c stats
status_is 'an answer below the ceiling' 0
fake_followed 'an answer below the ceiling: is taken'

# A command that has several questions asks none of them of a server that did not answer one.
once() {
	fake <<END
accept
want $1
gone
await $work/ended
END
	rm -f "$work/ended"
	run "$MCSH" "$fake" --timeout=300ms -c "$2"
	: >"$work/ended"
	status_is "$2 of a server that does not answer" 4
	has "$2 of a server that does not answer: reported" "mcsh: $fake did not answer in time: $late" "$work/err"
	fake_followed "$2 asks a server that does not answer once"
}
once 'stats slabs\r\n' slabs
fake <<END
accept
want stats slabs\r\n
gone
accept
want stats slabs\r\n
gone
END
run "$MCSH" "$fake" --timeout=300ms -c slabs -c slabs
fake_followed 'the next command asks again'

# Events that were not reported are counted from the counter before; where that was not answered
# there is no count.
fake <<END
accept
want stats\r\n
gone
accept
want watch fetchers\r\n
send OK\r\n
gone
END
run "$MCSH" "$fake" --timeout=300ms --format=json -c 'watch --for 300ms fetchers'
has 'watch: the server is not asked for a counter that it did not give before' '"not_shown":0' "$work/out"
fake_followed 'watch: asks once for the counters of a server that does not answer'
fake <<END
accept
want stats\r\n
close
accept
want watch fetchers\r\n
send OK\r\n
gone
accept
want stats\r\n
send STAT log_worker_dropped 5\r\nEND\r\n
gone
END
run "$MCSH" "$fake" --timeout=5s --format=json -c 'watch --for 300ms fetchers'
has 'watch: a counter that was not known before counts nothing' '"not_shown":0' "$work/out"
fake_followed 'watch: asks for the counters before and after'

done_testing
