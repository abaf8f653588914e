#!/usr/bin/python3
"""While nobody reads what a walk through the keys prints, no other client waits for its server, and
when it is read it is all there."""

import random
import socket
import subprocess
import time

from tap import MCSH, Memcached, Tap

KEYS = 60_000
SECONDS = 1.5
# Generous: a frozen server answers never.
LONGEST = 1.0

tap = Tap()
server = Memcached()
with socket.create_connection(("127.0.0.1", server.port)) as connection:
    connection.sendall(b"".join(b"set key-%09d 0 0 1 noreply\r\n1\r\n" % i for i in range(KEYS)) + b"version\r\n")
    assert connection.makefile("rb").readline().startswith(b"VERSION")


def longest_wait():
    longest = 0
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            start = time.monotonic()
            connection.sendall(b"get key-%09d\r\n" % random.randrange(KEYS))
            got = b""
            while not got.endswith(b"END\r\n"):
                got += connection.recv(4096)
            longest = max(longest, time.monotonic() - start)
    return longest


def running():
    return b"STAT lru_crawler_running 1" in server.ask("stats", b"END\r\n")


def settled():
    """Whether the server has come to the end of its list."""
    until = time.monotonic() + 10
    while running() and time.monotonic() < until:
        time.sleep(0.05)
    return not running()


for command, rows in ((".keys", KEYS), (".keys --long", KEYS), (".dump", KEYS + 1), (".keys key-*7", KEYS // 10)):
    reader = subprocess.Popen(
        [MCSH, "--no-rc", server.address, "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    wait = longest_wait()
    tap.ok("%s, not read: no get waits long (%.0f ms)" % (command, wait * 1000), wait < LONGEST)
    tap.ok("%s, not read: the list comes to its end all the same" % command, settled())
    tap.same("%s, not read: it is all there in the end" % command, rows, len(reader.stdout.read().splitlines()))
    tap.same("%s, not read: status 0" % command, 0, reader.wait())

# A reader that goes away ends the walk.
reader = subprocess.Popen(
    [MCSH, "--no-rc", server.address, "-c", ".keys"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
)
reader.stdout.read(100)
reader.stdout.close()
tap.ok("a reader that goes away ends .keys", reader.wait(10) is not None)
tap.ok("a reader that goes away: and the list", settled())

tap.done()
