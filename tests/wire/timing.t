#!/bin/sh
# Where the time of a command goes: each part of it (connect, send, wait, receive) counts where a
# server makes it pass, and nowhere else.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

# More than any socket's buffers take, so that sending lasts until the server reads.
head -c 1000000 /dev/zero >"$work/large"

# A server that reads late, answers late, and ends its answer late; then one command at once.
fake <<'END'
accept
pause 0.3
any 1000021
pause 0.2
send STO
pause 0.4
send RED\r\n
want get k\r\n
send END\r\n
gone
END
run "$MCSH" "$fake" --format=json --timeout=20s -c "set --file $work/large k" -c 'get k'
status_is 'a slow server and a miss' 1
fake_followed 'a slow server and a miss: both commands are sent as they are'

# part ANSWER PART: its microseconds.
part() {
	line "$1" | json - ".time_us.$2"
}

# lasts NAME LEAST MICROSECONDS
lasts() {
	passes "$1 (it took $3 us)" [ "$3" -ge "$2" ]
}
# A client that a busy machine lets run late counts what it missed to the part before, so that a part
# is held to half of what the server took.
lasts 'connect: the time until the connection is there' 1 "$(part 1 connect)"
lasts 'send: the time until the server has read' 150000 "$(part 1 send)"
lasts 'wait: the time until the answer begins' 100000 "$(part 1 wait)"
lasts 'receive: the time until the answer has ended' 200000 "$(part 1 receive)"
is 'connect: a connection that is there takes none' 0 "$(part 2 connect)"
for answer in 1 2; do
	passes "answer $answer: the parts add up to the total, but for what is rounded" \
		jq -se ".[$answer - 1].time_us |
			(.connect + .send + .wait + .receive - .total) | fabs < 5" "$work/out"
done

done_testing
