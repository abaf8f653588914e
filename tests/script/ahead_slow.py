#!/usr/bin/python3
"""Reading ahead when somebody is slow: a program that waits for each answer, a reader that does not
read, a server that does not answer."""

import os
import re
import select
import signal
import socket
import subprocess
import threading
import time

from tap import MCSH, Memcached, Tap, work

tap = Tap()
BIG = 500_000


def shell(servers, *arguments):
    command = [MCSH, *arguments, *(server.address for server in servers)]
    # A sanitizer keeps what was freed for a while, which is not the memory that is looked at here.
    options = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "ASAN_OPTIONS": options.lstrip(":")},
    )


def gets(server):
    return int(re.search(rb"STAT cmd_get (\d+)", server.ask("stats", b"END\r\n")).group(1))


def settled(count):
    """What COUNT() says once it says the same for a while."""
    last, since = count(), time.monotonic()
    while time.monotonic() - since < 0.3:
        time.sleep(0.02)
        now = count()
        if now != last:
            last, since = now, time.monotonic()
    return last


def peak(process):
    """The most memory that it has taken, in MiB."""
    with open("/proc/%d/status" % process.pid, encoding="ascii") as file:
        return int(re.search(r"VmHWM:\s*(\d+) kB", file.read()).group(1)) / 1024


server = Memcached()

# A program that sends a line and waits for its answer; nothing else it sends would bring that on.
mcsh = shell([server])
good = 0
for i in range(700):
    mcsh.stdin.write(b"set k %d\n" % i)
    mcsh.stdin.flush()
    good += mcsh.stdout.readline() == b"STORED\n"
    if i % 3 == 0:
        mcsh.stdin.write(b"get k\nincr k 1\nget none\nget k\n")
        mcsh.stdin.flush()
        answers = [mcsh.stdout.readline() for _ in range(3)]
        good += answers == [b"%d\n" % i, b"%d\n" % (i + 1), b"%d\n" % (i + 1)]
tap.same("a program that waits for each answer gets it", 700 + 234, good)

# Half a line is no command: what was whole before it is answered all the same.
mcsh.stdin.write(b"set k a\nset k b\nget k\nge")
mcsh.stdin.flush()
tap.same(
    "half a line keeps no answer before it back",
    [b"STORED\n", b"STORED\n", b"b\n"],
    [mcsh.stdout.readline() for _ in range(3)],
)
mcsh.stdin.write(b"t k\n")
mcsh.stdin.flush()
tap.same("half a line is a command with its other half", b"b\n", mcsh.stdout.readline())
mcsh.stdin.close()
tap.same("a program that waits for each answer: status 1 for its misses", 1, mcsh.wait())

# Nor does a command that has begun, on whose rest or whose value mcsh has to wait.
mcsh = shell([server])
mcsh.stdin.write(b"set k a\nset k c\nget k\nset q 'one\n")
mcsh.stdin.flush()
ready, _, _ = select.select([mcsh.stdout], [], [], 10)
tap.ok("an open quote keeps no answer before it back", ready)
mcsh.stdin.write(b"two'\n")
mcsh.stdin.close()
tap.same("an open quote is a command with its other half", b"STORED\nSTORED\nc\nSTORED\n", mcsh.stdout.read())
tap.same("an open quote: status 0", 0, mcsh.wait())

fifo = os.path.join(work, "fifo")
script = os.path.join(work, "script")
os.mkfifo(fifo)
for name in (fifo, "-"):
    with open(script, "w", encoding="ascii") as file:
        print("set k a\nget k\nset --file %s k\nget k" % name, file=file)
    before = gets(server)
    mcsh = shell([server], "-f", script)
    deadline = time.monotonic() + 10
    while gets(server) == before and time.monotonic() < deadline:
        time.sleep(0.02)
    tap.same("set --file of a value that is to come: what is before it is sent", 1, gets(server) - before)
    with open(fifo, "wb") if name == fifo else mcsh.stdin as file:
        file.write(b"value")
    tap.same("set --file of a value that is to come: the value is sent", b"STORED\na\nSTORED\nvalue\n", mcsh.stdout.read())
    mcsh.wait()

# Nobody reads what comes out.
other = Memcached()
load = shell([server])
load.communicate(b"set big %s\n" % (b"b" * BIG))
before = gets(server)
mcsh = shell([server], "-f", "/dev/stdin")
script = b"get big\n" * 400
mcsh.stdin.write(script)
mcsh.stdin.close()
read = settled(lambda: gets(server)) - before
tap.ok("a reader that does not read: no more is asked", read < 100, "%d were asked" % read)
tap.ok("a reader that does not read: memory does not grow", peak(mcsh) < 64, "%d MiB" % peak(mcsh))
total = 0
while True:
    piece = mcsh.stdout.read(1 << 20)
    if not piece:
        break
    total += len(piece)
tap.same("a reader that begins to read gets every byte", 400 * (BIG + 1), total)
tap.same("a reader that begins to read: status 0", 0, mcsh.wait())

# One of two servers stands still: the other's answers wait, and take no more room than they may.
ask = shell([server, other])
out, _ = ask.communicate(b".where " + b" ".join(b"k%d" % i for i in range(40)) + b"\n")
placed = [line.split(b"\t") for line in out.splitlines()]
placed = {row[3]: row[0] for row in placed if row[1] == b"python-memcached"}
fast_key, slow_key = placed[server.address.encode()], placed[other.address.encode()]
load = shell([server, other])
load.communicate(b"set %s %s\nset %s slow\n" % (fast_key, b"f" * BIG, slow_key))
before = gets(server)
script = b"get %s\nget %s\nget %s\n" % (fast_key, slow_key, slow_key) + (b"get %s\n" % fast_key) * 200
script += b"get %s\n" % slow_key
mcsh = shell([server, other])
mcsh.stdin.write(b"set warm 1\n")
mcsh.stdin.flush()
mcsh.stdout.readline()
mcsh.stdin.write(b"get %s\nget %s\n" % (slow_key, fast_key))
mcsh.stdin.flush()
mcsh.stdout.readline()
mcsh.stdout.read(BIG + 1)
os.kill(other.process.pid, signal.SIGSTOP)
mcsh.stdin.write(script)
mcsh.stdin.close()
first = mcsh.stdout.read(BIG + 1)
settled(lambda: gets(server))
most = peak(mcsh)
os.kill(other.process.pid, signal.SIGCONT)
rest = mcsh.stdout.read()
tap.ok("answers that overtake a frozen server take bounded memory", most < 64, "%d MiB" % most)
value = b"f" * BIG + b"\n"
tap.ok("answers that overtake a frozen server: what came first was shown first", first == value)
tap.ok("answers that overtake a frozen server are shown in order", rest == b"slow\nslow\n" + value * 200 + b"slow\n")
tap.same("answers that overtake a frozen server: status 0", 0, mcsh.wait())



def slow_server(name, seconds):
    """Answers each get with a miss after so many seconds."""

    def answer(listener):
        connection = listener.accept()[0]
        with connection, connection.makefile("rb") as lines:
            for line in lines:
                if line.startswith(b"get "):
                    time.sleep(seconds)
                connection.sendall(b"END\r\n" if line.startswith(b"get ") else b"VERSION 1\r\n")

    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.join(work, name))
    listener.listen()
    threading.Thread(target=answer, args=(listener,), daemon=True).start()
    return listener.getsockname()


def overtake(slow, slow_gets, fast_gets, value):
    """Gets of the slow server, then those of the fast one, whose answers, VALUE and a line feed, come
    first. mcsh after it has ended, what it printed, and the most memory in MiB that it took."""
    load = shell([server])
    load.communicate(b"set %s %s\n" % (fast_key, value))
    script = b"get --server 1 none\nget --server 2 %s\n" % fast_key
    script += b"get --server 1 none\n" * slow_gets + b"get --server 2 %s\n" % fast_key * fast_gets
    mcsh = shell([server], "--timeout", "1s", slow)
    mcsh.stdin.write(script)
    mcsh.stdin.close()
    first = mcsh.stdout.read(2 * len(value) + 2)
    most = peak(mcsh)
    rest = mcsh.stdout.read()
    mcsh.wait()
    return mcsh, first + rest, most


# Nor does the fast one's time run out while its answers are left to wait.
mcsh, out, _ = overtake(slow_server("slow", 0.3), 4, 100, b"f" * BIG)
tap.ok("a fast server, left to wait beyond the timeout, is not taken for lost", out == value * 101)
tap.same("a fast server, left to wait beyond the timeout: status 1 for the misses", 1, mcsh.returncode)

# Each answer of the slow one frees some memory, which is no reason to read the fast one until half of
# it is free. The answers are short: of long ones so much is read at once that it is beyond any limit.
value = b"f" * 20000
_, _, least = overtake(slow_server("once", 0.3), 1, 2000, value)
mcsh, out, most = overtake(slow_server("trickle", 0.01), 100, 2000, value)
tap.ok("answers that overtake a trickle take bounded memory", most < least + 4, "%d, %d MiB" % (least, most))
tap.ok("answers that overtake a trickle are all shown", out == (value + b"\n") * 2001)

tap.done()
