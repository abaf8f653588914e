#!/bin/sh
# Servers that take their time: --timeout counts for the whole command, not for each byte.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

late='the connection is closed, the next command opens a new one; --timeout or .set timeout gives it longer'

# timed COMMAND...: a run that also leaves its milliseconds in $elapsed.
timed() {
	run python3 -c '
import subprocess, sys, time
start = time.monotonic()
status = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    print(int((time.monotonic() - start) * 1000), file=file)
sys.exit(status)' "$work/elapsed" "$@"
	read -r elapsed <"$work/elapsed"
}

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
timed "$MCSH" "$fake" --timeout 300ms -c 'get foo'
ran 'a drip that never ends in time' 4 '' "mcsh: $fake did not answer in time: $late\n"
between 'it ends in about the timeout' 300 2500
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
timed "$MCSH" "$fake" --timeout 200ms -c 'get a' -c 'get b'
ran 'no answer at all' 4 '' "mcsh: $fake did not answer in time: $late\n"
between 'silence ends in about the timeout' 200 2500
fake_followed 'silence: the next command connects anew'

fake <<'END'
accept
want get a\r\n
pause 0.3
send END\r\n
gone
END
timed "$MCSH" "$fake" -c '.set timeout off' -c 'get a'
ran 'without a timeout it waits' 1
fake_followed 'without a timeout: one question'

# The server never reads: what it cannot be told in time is lost too.
fake <<END
accept
await $work/over
END
head -c 20000000 /dev/zero >"$work/large"
timed "$MCSH" "$fake" --timeout 300ms -c "set --file $work/large k"
ran 'a server that does not read' 4 '' "mcsh: $fake did not answer in time: $late\n"
between 'sending ends in about the timeout' 300 2500
touch "$work/over"
fake_followed 'a server that does not read: all as planned'

# Nobody accepts: the socket's queue takes the connection, and no answer comes.
rm "$work/over"
fake <<END
await $work/over
accept
END
timed "$MCSH" "$fake" --timeout 200ms -c version
ran 'a server that does not accept' 4 '' "mcsh: $fake did not answer in time: $late\n"
between 'and that ends in about the timeout' 200 2500
touch "$work/over"
fake_followed 'a server that does not accept: all as planned'

timed "$MCSH" "$work/nobody" -c 'get foo' -c 'get bar'
ran 'nobody there' 4 '' "$(for command in 1 2; do
	printf '%s' "mcsh: cannot connect to $work/nobody: No such file or directory: is memcached running there? mcsh --sandbox brings a private one\\n"
done)"
between 'which is known at once' 0 1500

# A port that was free a moment ago.
free=$(python3 -c '
import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])')
timed "$MCSH" "127.0.0.1:$free" -c 'get foo'
ran 'a port where nobody listens' 4 '' "mcsh: cannot connect to 127.0.0.1:$free: Connection refused: is memcached running there? mcsh --sandbox brings a private one\n"
between 'a refusal is known at once' 0 1500

done_testing
