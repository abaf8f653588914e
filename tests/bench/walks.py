"""The jobs of tests/bench/run that walk through the keys of a server."""

import random
import socket
import subprocess
import time

from bench import find
from measure import Failed, Row, Sample, Server, measure

# What a paused reader is watched for.
SECONDS = 3


def walk_rows(bench, server, count, commands):
    """The limit, and mcsh's COMMANDS: a name, a command, how many lines it prints, and what is asked
    of it at the full size."""

    def counted(command, lines):
        def run():
            sample = bench.once(command)
            with open(bench.out, "rb") as file:
                got = file.read()
            if lines(got) is False:
                raise Failed(f"it printed {got[:60]!r}")
            return sample

        return run

    limit = bench.program("limit_list", "dial", static=True)
    base = Row(
        f"{count:,} items: limit, the list alone",
        run=counted([limit, server.address], lambda got: got == b"%d\n" % count),
    )
    rows = [base]
    for name, command, lines, must in commands:
        run = counted([bench.mcsh, server.address, "-c", command], lines)
        rows.append(
            Row(f"{count:,} items: mcsh {name}", base, run, **(must if count == bench.size else {}))
        )
    return rows


def walks(bench, title, commands):
    rows = []
    for count in (10_000, bench.size):
        with Server(bench.work) as server:
            bench.stream(server, bench.workload("items-meta", count))
            server.settle()
            more = walk_rows(bench, server, count, commands(count))
            measure(more, bench.rounds)
        rows += more
    bench.show(title, rows)


def keys(bench):
    """the keys of 10,000 and of 1,000,000 items, counted, listed, and the first ten"""

    def commands(count):
        must = {"must": 1.3, "memory": 16}
        return [
            (".keys --count", ".keys --count", lambda got: got == b"%d\n" % count, must),
            (".keys GLOB", ".keys *7", lambda got: got.count(b"\n") == count // 10, must),
            (".keys", ".keys", lambda got: got.count(b"\n") == count, must),
            (".keys --limit 10", ".keys --limit 10", lambda got: got.count(b"\n") == 10, {"must": 0.1}),
            (".keys --sort size --limit 10", ".keys --sort size --limit 10", lambda got: got.count(b"\n") == 10, must),
        ]

    walks(bench, "The keys of a server, listed", commands)


def tree(bench):
    """the keys of 10,000 and of 1,000,000 items as a tree"""

    def commands(count):
        must = {"must": 1.5, "memory": 32}
        return [(".tree", ".tree", lambda got: b"\t%d\t" % count in got, must)]

    walks(bench, "The keys of a server, as a tree", commands)


def report(bench):
    """a report of 10,000 and of 1,000,000 items"""

    def commands(count):
        command = ".report | cut -f1,2,4 | grep -P '^keys\\tall'"
        return [(".report", command, lambda got: b"keys\tall\t%d\n" % count in got, {"must": 1.6, "memory": 32})]

    walks(bench, "The keys of a server, walked through for a report", commands)


def longest_wait(server, keys_count):
    """Gets random keys, one after another, and returns the longest wait in seconds."""
    longest = 0
    with socket.create_connection(("127.0.0.1", int(server.port))) as connection:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            start = time.monotonic()
            connection.sendall(b"get key-%012d\r\n" % random.randrange(keys_count))
            got = b""
            while not got.endswith(b"END\r\n"):
                got += connection.recv(1 << 16)
            longest = max(longest, time.monotonic() - start)
    return longest


def waits(bench):
    """the longest that a get of another client waits while the output of a walk is not read"""

    def paused(command):
        def run():
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as reader:
                try:
                    return Sample(longest_wait(server, bench.size))
                finally:
                    reader.kill()

        return run

    with Server(bench.work) as server:
        find(bench.mcsh)
        bench.stream(server, bench.workload("items-meta", bench.size))
        server.settle()
        rows = [Row("no walk", run=lambda: Sample(longest_wait(server, bench.size)))]
        for command in (".keys", ".keys --long", ".dump", "lru_crawler metadump hash"):
            rows.append(Row(f"{command}, not read", rows[0], paused([bench.mcsh, server.address, "-c", command])))
        measure(rows, min(bench.rounds, 3))
    bench.show("The longest wait of a get beside a walk", rows, unit="ms")
