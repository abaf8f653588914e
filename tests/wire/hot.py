#!/usr/bin/python3
""".hot: who is asked for most, by what real servers say of a load whose counts are known."""

import json
import re
import signal
import socket
import subprocess
import time

from tap import MCSH, Mcsh, Memcached, Tap
from zipf import Zipf

tap = Tap()


def until(holds, seconds=20):
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.005)
    return True


def watchers(server):
    return int(re.search(rb"log_watchers (\d+)", server.ask("stats", b"END\r\n")).group(1))


class Hot:
    """A mcsh that runs .hot, once its servers are watched."""

    def __init__(self, servers, options, *arguments, ready=True):
        until(lambda: all(watchers(s) == 0 for s in servers if ready))
        names = [s if isinstance(s, str) else s.address for s in servers]
        self.process = subprocess.Popen(
            [MCSH, "--no-rc", *names, *arguments, "-c", ".hot " + options, "-c", ".echo next"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if ready:
            until(lambda: all(watchers(s) > 0 for s in servers))

    def peak(self):
        """Its memory so far at the most, in KiB."""
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))

    def end(self, with_signal=None):
        if with_signal:
            self.process.send_signal(with_signal)
        try:
            out, err = self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
        return self.process.returncode, out.decode(), err.decode()


def connected(server):
    return socket.create_connection(("127.0.0.1", server.port))


def rows(out, *names):
    return [tuple(row.get(name) for name in names) for row in json.loads(out.split("\n")[0])["rows"]]


# A load with Zipf's distribution.
server = Memcached()
user = Mcsh([server])
load = Zipf(connected(server))
load.connection.sendall(
    b"".join(b"set z:%d 0 0 10 noreply\r\n0123456789\r\n" % rank for rank in range(1, 9001))
)
until(lambda: b"curr_items 9000" in server.ask("stats", b"END\r\n"))
hot = Hot([server], "--for 5s", "--format=json")
load.run(0.5)
early = hot.peak()
rate = load.run(2.5)
late = hot.peak()
status, out, err = hot.end()
answer, sent = json.loads(out.split("\n")[0]), load.counts()
missing, floor = answer["not_counted"], answer["error_max"]
top = [(row["key"], row["count"]) for row in answer["rows"]]
tap.ok("a load: status 0, ten rows", status == 0 and len(top) == 10, status, out, err)
print("# %.0f gets a second, %d sent, %d not counted" % (rate, sum(sent.values()), missing))
tap.ok(
    "a load: each count is what was sent, but for what the server left out",
    all(sent[key] - missing <= count <= sent[key] + floor for key, count in top),
    [(key, count, sent[key]) for key, count in top],
    missing,
)
wanted = sorted(sent, key=lambda key: -sent[key])
tap.ok(
    "a load: the ten hottest in their order, where counts differ by more than was left out",
    all(
        key == want or abs(sent[key] - sent[want]) <= missing + floor
        for (key, _), want in zip(top, wanted)
    ),
    top,
    wanted[:10],
)
tap.ok(
    "a load: what is counted and what is not is what was sent",
    answer["hits"] + answer["misses"] <= sum(sent.values()) <= answer["hits"] + answer["misses"] + missing,
    answer,
    sum(sent.values()),
)
tap.ok(
    "a load: found are those that were stored",
    all(row["misses"] == 0 and row["bytes"] == 10 for row in answer["rows"]) and answer["misses"] > 0,
    out,
)
tap.same("a load: what was left out is reported, and only that", missing > 0, "were not counted" in err)
tap.ok("a load: memory is flat", late - early < 8192, early, late)
load.connection.close()

# Gets, stores, and commands that look a key up.
hot = Hot([server], "--for 20s", "--format=json")
user.run("set a%b 12345", "get a%b nope", "add nope 1", "replace a%b 1", "incr nope", "set a%b 12345")
time.sleep(1.2)
status, out, err = hot.end(signal.SIGINT)
tap.same(
    "a store is not a get, and names, sizes and misses are right",
    [("a%b", 4, 1, 0, 3, 4), ("nope", 3, 1, 1, 1, 1)],
    rows(out, "key", "count", "hits", "misses", "stores", "bytes"),
)
tap.same("Ctrl-C shows what was found, and the shell ends with it", (0, ""), (status, err))
tap.same("Ctrl-C: json has its status", "ok", json.loads(out.split("\n")[0])["status"])

# Clients.
one, two = connected(server), connected(server)
hot = Hot([server], "--for 20s --by client", "--format=json")
three = connected(server)
for connection, gets in ((one, 3), (two, 1), (three, 2)):
    connection.sendall(b"get x\r\n" * gets)
time.sleep(1.2)
status, out, err = hot.end(signal.SIGINT)
names = ["127.0.0.1:%d" % connection.getsockname()[1] for connection in (one, three, two)]
tap.same(
    "--by client: connections by their addresses, old ones and new ones",
    list(zip(names, (3, 2, 1))),
    rows(out, "client", "count"),
)

# Prefixes, misses, several servers.
other = Memcached()
hot = Hot([server, other], "--for 20s --by prefix --misses --top 2", "--format=csv")
Mcsh([server]).run("get user:1 user:2 a-1 z:1")
Mcsh([other]).run("get user:3 none", "set user:4 1")
time.sleep(1.2)
status, out, err = hot.end(signal.SIGINT)
tap.ok(
    "--by prefix --misses --top 2: of all servers, by hits that are none",
    re.fullmatch(r"prefix,count,.*\nuser:,3,0,0,3,0,[\d.]+,\n,1,0,0,1,0,[\d.]+,\n", out),
    out,
)
hot = Hot([server, other], "--for 20s", "--format=plain")
Mcsh([other]).run("get k", "get k")
Mcsh([server]).run("get k")
time.sleep(1.2)
status, out, err = hot.end(signal.SIGINT)
tap.same(
    "several servers: a key of each is labelled",
    [(other.address, "k", "2"), (server.address, "k", "1")],
    [tuple(line.split("\t")[:3]) for line in out.splitlines()],
)
hot = Hot(["127.0.0.1:1", server.address], "--for 300ms", ready=False)
status, out, err = hot.end()
tap.ok("a server that is down: the others are watched, status 4", status == 4 and err.count("\n") == 1, status, err)

# The time.
begin = time.monotonic()
status, out, err = Hot([server], "--for 300ms", "--format=pretty", "--no-color", ready=False).end()
tap.ok(
    "--for: a quiet server is said to be one, and the next command follows",
    status == 0 and re.fullmatch(r"\(nobody asked for a key\)\n\(0 gets and 0 stores in [^)]*\)\nnext\n", out),
    status,
    out,
    err,
)
tap.ok("--for: it ends after that time", 0.3 <= time.monotonic() - begin < 10)

# Refusals.
for options, said in (
    ("--by keys", '--by does not know "keys": write key, prefix or client'),
    ("--for 0s", "--for takes a time: write 500ms, 5s or 2m"),
    ("--top 0", "--top takes a number of rows: write a number from 1 to 1000"),
    ("--top 1001", "--top"),
    ("key", ".hot: too many words"),
):
    status, out, err = Hot([server], options, "--trace", ready=False).end()
    tap.ok(".hot %s: status 2, nothing is sent" % options, status == 2 and said in err and "> " not in err, err)
status, out, err = Hot(["udp://" + server.address], "", ready=False).end()
tap.ok("UDP carries no events: nothing is sent", status == 2 and "UDP carries get, gets" in err, (status, err))
tap.done()
