#!/usr/bin/python3
""".purge beside a client that stores the same keys all the while, with and without the guard."""

import json
import os
import random
import re
import socket
import subprocess
import threading
import time

from tap import MCSH, Memcached, Tap

# Each run takes a part of them; a hundred thousand were tried by MCSH_PURGE_KEYS=100000.
KEYS = int(os.environ.get("MCSH_PURGE_KEYS", "20000"))

tap = Tap()


class Writer(threading.Thread):
    """Stores keys at random once the first delete was seen, until it is to end."""

    def __init__(self, server, begin):
        super().__init__(daemon=True)
        self.server = server
        self.begin = begin
        self.ending = threading.Event()
        self.stored = set()

    def run(self):
        chance = random.Random(7)
        connection = socket.create_connection(("127.0.0.1", self.server.port))
        answers = connection.makefile("rb")
        self.begin.wait()
        while not self.ending.is_set():
            numbers = [chance.randrange(KEYS) for _ in range(50)]
            connection.sendall(b"".join(b"set k:%d 0 0 3\r\nnew\r\n" % n for n in numbers))
            for n in numbers:
                if answers.readline() == b"STORED\r\n":
                    self.stored.add(n)
        connection.close()


def delete_hits(server):
    return int(re.search(rb"STAT delete_hits (\d+)", server.ask("stats", b"END\r\n")).group(1))


def held(server):
    """Every key that is there, and its value."""
    values = {}
    for first in range(0, KEYS, 100):
        line = b"get " + b" ".join(b"k:%d" % n for n in range(first, first + 100)) + b"\r\n"
        lines = server.ask(line.decode().strip(), b"END\r\n").split(b"\r\n")
        for head, value in zip(lines, lines[1:]):
            if head.startswith(b"VALUE k:"):
                values[int(head.split()[1][2:])] = value
    return values


def purge(*options):
    """What was stored while the items were deleted, what is there then, and the report."""
    server = Memcached()
    with socket.create_connection(("127.0.0.1", server.port)) as fill:
        fill.sendall(
            b"".join(b"set k:%d 0 0 3 noreply\r\nold\r\n" % n for n in range(KEYS)) + b"mn\r\n"
        )
        fill.makefile("rb").readline()
    begin = threading.Event()
    writer = Writer(server, begin)
    writer.start()
    mcsh = subprocess.Popen(
        [MCSH, "--no-rc", server.address, "--format", "json"]
        + ["-c", ".purge k:* --yes --rate %d %s" % (KEYS // 2, " ".join(options))],
        stdout=subprocess.PIPE,
    )
    give_up = time.monotonic() + 60
    while delete_hits(server) == 0 and time.monotonic() < give_up:
        time.sleep(0.002)
    begin.set()
    out, _ = mcsh.communicate(timeout=100)
    writer.ending.set()
    writer.join(30)
    return writer.stored, held(server), json.loads(out), mcsh.returncode


stored, there, report, status = purge()
tap.ok("the writer has stored keys meanwhile", len(stored) > 1000, len(stored))
tap.same("guarded: not one item that was stored meanwhile is deleted", [], sorted(stored - there.keys())[:5])
tap.same("guarded: each has the value that was stored", {b"new"}, set(there.values()))
tap.same("guarded: all the others are deleted", stored, set(there))
tap.same(
    "guarded: deleted and changed are all of them",
    KEYS,
    report["items"] + report["changed"] + report["gone"],
)
tap.ok("guarded: what was changed meanwhile is counted", report["changed"] > 0, report)
tap.same("guarded: status 1, since some were left", (1, "negative"), (status, report["status"]))

stored, there, report, status = purge("--unguarded")
tap.ok("--unguarded: items that were stored meanwhile are lost", len(stored - there.keys()) > 0)
tap.same("--unguarded: none counts as changed", 0, report["changed"])
tap.done()
