#!/usr/bin/python3
"""watch: the events of a real server, and of one that does what no real one can be brought to do."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import threading
import time

from tap import MCSH, Mcsh, Memcached, Tap, start, work

tap = Tap()


def until(holds, seconds=20):
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.005)
    return True


class Watch:
    """A mcsh that watches, and its lines as they come."""

    def __init__(self, servers, *arguments, out=subprocess.PIPE, ready=True):
        names = [s if isinstance(s, str) else s.address for s in servers]
        self.process = subprocess.Popen(
            [MCSH, "--no-rc", *names, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.PIPE,
        )
        real = [s for s in servers if isinstance(s, Memcached)] if ready else []
        self.began = until(lambda: all(watchers(s) > 0 for s in real))

    def end(self, with_signal=None):
        """The exit status, and what was printed."""
        if with_signal:
            self.process.send_signal(with_signal)
        try:
            out, err = self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            return "hangs", out, err
        return self.process.returncode, (out or b"").decode(), err.decode()

    def line(self):
        return self.process.stdout.readline().decode()


def watchers(server):
    return int(re.search(rb"log_watchers (\d+)", server.ask("stats", b"END\r\n")).group(1))


def quiet(server):
    """No watcher is left from what was before."""
    return until(lambda: watchers(server) == 0)


server = Memcached()
user = Mcsh([server])

# The events of commands.
watch = Watch([server], "--format=json", "-c", "watch --limit 6 fetchers mutations")
user.run("set 'a%b' 1 60", "get a%b nope", "incr nope", "delete nope", "set last 1")
status, out, err = watch.end()
events = [json.loads(line) for line in out.splitlines()]
tap.same(
    "json: an object an event, keys decoded",
    [
        ("item_get", "a%b", "not_found", None),
        ("item_store", "a%b", "stored", "set"),
        ("item_get", "a%b", "found", None),
        ("item_get", "nope", "not_found", None),
        ("item_get", "nope", "not_found", None),
        ("item_get", "nope", "not_found", None),
    ],
    [(e.get("type"), e.get("key"), e.get("result"), e.get("cmd")) for e in events[:-1]],
)
tap.same("json: the last object alone has a status, which ends the answer", [], [e for e in events[:-1] if "status" in e])
tap.same(
    "json: the last object has the number and the status",
    ("watch", 6, 0, "ok"),
    tuple(events[-1].get(name) for name in ("command", "events", "not_shown", "status")),
)
tap.same("json: each event names its server", {server.address}, {e["server"] for e in events[:-1]})
tap.ok("json: ts and ttl are numbers", events[0]["ts"] > 1e9 and events[1]["ttl"] in (59, 60), events)
tap.same("--limit ends it, status 0", (0, ""), (status, err))
quiet(server)

# The end by Ctrl-C.
watch = Watch([server], "--format=pretty", "--no-color", "-c", "watch mutations", "-c", ".echo next")
user.run("set foo bar")
head, row = watch.line(), watch.line()
status, out, err = watch.end(signal.SIGINT)
tap.same("Ctrl-C ends it: status 0, no error, and the shell with it", (0, ""), (status, err))
tap.same("pretty: a heading", "  time (UTC)  event       status      cmd          size  key\n", head)
tap.ok(
    "pretty: an event in its columns, as it comes",
    re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3}  item_store  stored      set             3  foo\n", row),
    row,
)
tap.ok("pretty: a summary", re.fullmatch(r"\(1 event in [\d.]+ m?s\)\n", out), out)
quiet(server)

# Those that read no more.
watch = Watch([server], "-c", "watch fetchers | head -2", "-c", "version")
user.run("get a", "get b", "get c", "get d")
status, out, err = watch.end()
tap.same("| head -2 ends it, and the next command follows", (0, 3, ""), (status, out.count("\n"), err))
tap.same("a watch that ended left no watcher", True, quiet(server))
watch = Watch([server], "-c", "watch")
user.run("get a")
line = watch.line()
watch.process.stdout.close()
begin = time.monotonic()
watch.process.stdout = None
watch.end()
tap.ok("plain: tabs, from ts to text", re.fullmatch(r"\d+\.\d{6}\t\d+\titem_get\ta\tnot_found\t.*", line.strip("\n")) and line.count("\t") == 16, line)
tap.ok("a reader that has gone ends it although nothing happens", time.monotonic() - begin < 10)
quiet(server)

# Filters.
watch = Watch([server], "-c", "watch --misses --match 'k[12]' --limit 2")
user.run("set k1 1", "get k1 k2 k3 x", "get k2")
status, out, err = watch.end()
tap.same(
    "--misses and --match",
    (0, [("k1", "not_found"), ("k2", "not_found")]),
    (status, [tuple(line.split("\t")[3:5]) for line in out.splitlines()]),
)
quiet(server)
begin = time.monotonic()
status, out, err = Watch([server], "-c", "watch --for 300ms evictions", ready=False).end()
tap.same("--for ends it, and nothing is printed in plain", (0, "", ""), (status, out, err))
tap.ok("--for ends after that time", 0.3 <= time.monotonic() - begin < 10)
quiet(server)

# Several servers.
other = Memcached()
watch = Watch([server, other], "-c", "watch --limit 2 mutations")
Mcsh([server]).run("set a 1")
Mcsh([other]).run("set b 1")
status, out, err = watch.end()
tap.same(
    "several servers at once, each event labelled",
    (0, [(server.address, "a"), (other.address, "b")]),
    (status, sorted(((f[0], f[4]) for f in map(lambda l: l.split("\t"), out.splitlines())), key=lambda f: f[1])),
)
quiet(server)
watch = Watch([os.path.join(work, "nobody"), server], "-c", "watch --limit 1 mutations")
user.run("set a 1")
status, out, err = watch.end()
tap.same("a server that is down hides no other", (4, 1, 1), (status, out.count("\n"), err.count("\n")))
quiet(server)

# Refusals.
for command, said in (
    ("watch fetch", "unknown stream \"fetch\": the streams are fetchers mutations evictions"),
    ("watch --misses mutations", "--misses: only fetchers have misses: add the stream fetchers"),
    ("watch --for 0s", "--for takes a time: write 500ms, 5s or 2m"),
    ("watch --limit x", "--limit takes a number of events: write a number from 1 on"),
    ("watch --limit 0", "--limit takes a number of events: write a number from 1 on"),
    ("watch fetchers -- --limit 1", "unknown stream \"--limit\""),
):
    status, out, err = Watch([server], "--trace", "-c", command, ready=False).end()
    tap.ok(command + " is never sent", status == 2 and out == "" and said in err and ">" not in err, (status, err))
status, out, err = Watch(["udp://%s" % server.address], "-c", "watch").end()
tap.ok("UDP carries no events: nothing is sent", status == 2 and "UDP carries get, gets" in err, (status, err))
watch = Watch([server], "--protocol=binary", "-c", "watch --limit 1 mutations")
user.run("set a 1")
tap.same("a session in binary watches in text", 0, watch.end()[0])
quiet(server)
taken = []
for _ in range(20):
    taken.append(socket.create_connection(("127.0.0.1", server.port)))
    taken[-1].sendall(b"watch evictions\r\n")
for one in taken:
    one.recv(10)
status, out, err = Watch([server], "-c", "watch", ready=False).end()
tap.ok(
    "the twenty-first watcher is refused, and why",
    status == 3 and "WATCHER_TOO_MANY log watcher limit reached: a server takes 20 watchers at a time" in err,
    (status, err),
)
for one in taken:
    one.close()


class Fake:
    """A server that answers stats by DROPPED and hands each watching connection to PLAY."""

    serial = 0

    def __init__(self, play, dropped=()):
        Fake.serial += 1
        self.play = play
        self.dropped = list(dropped)
        self.asked = []
        self.address = os.path.join(work, "fake.%d" % Fake.serial)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(self.address)
        self.listener.listen(9)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        for line in connection.makefile("rb"):
            if line == b"stats\r\n":
                dropped = self.dropped.pop(0) if self.dropped else 0
                connection.sendall(b"STAT log_worker_dropped %d\r\nEND\r\n" % dropped)
                continue
            self.asked.append(line)
            try:
                self.play(connection)
            except OSError:
                pass
            connection.close()
            return


LINES = (
    b"OK\r\n"
    b"ts=1795327625.23728 gid=9 type=item_store key=big status=too_large cmd=set ttl=0 clsid=24 cfd=4 size=0\n"
    b"skipped=12\n"
    b"ts=1795327625.7 gid=3 type=proxy_user msg=two words\n"
    b"ts=1795327626.0 gid=4 type=deleted key=%1b%5b2J cmd=md clsid=1 size=3\n"
    b"another form\n"
)
EVENT = b"ts=1795327625.23728 gid=9 type=item_get key=%s status=found clsid=1 cfd=4 size=3\n" % (b"k" * 200)


def linger(connection):
    connection.sendall(LINES)
    connection.recv(1)


fake = Fake(linger, [5, 8])
status, out, err = Watch([fake.address], "--format=json", "-c", "watch --limit 4 mutations proxyuser deletions").end()
events = [json.loads(line) for line in out.splitlines()]
tap.same("the streams are asked for as they are typed", [b"watch mutations proxyuser deletions\r\n"], fake.asked)
tap.same(
    "ts is padded, and what is random in a line is not there",
    {"command": "watch", "server": fake.address, "ts": 1795327625.023728, "gid": 9, "type": "item_store",
     "key": "big", "result": "too_large", "cmd": "set", "ttl": 0, "size": 0},
    events[0],
)
tap.same("free words are text", ("proxy_user", "msg=two words"), (events[1]["type"], events[1]["text"]))
tap.same("a key's bytes are the key's", "\x1b[2J", events[2]["key"])
tap.same("a line of another form is text", "another form", events[3].get("text"))
tap.same("skipped lines and the rise of log_worker_dropped add up", (4, 15, "ok"),
         (events[4]["events"], events[4]["not_shown"], events[4]["status"]))
tap.ok("what was not shown is said", "mcsh: note: at least 15 events were not shown: " in err and status == 0, err)
fake = Fake(linger)
status, out, err = Watch([fake.address], "--format=pretty", "--no-color", "-c", "watch --limit 4 mutations").end()
tap.ok("pretty: no byte of a key drives the terminal", "\x1b" not in out and "\\e[2J" in out, out)
tap.same("pretty: no line is wider than 80 columns", [], [line for line in out.split("\n") if len(line) > 80])

# What memcached's proxy logs, as its t/proxyconfig.t and its documentation have it.
PROXY = (
    b"OK\r\n"
    b"ts=1668554204.413679 gid=2 type=proxy_req elapsed=222 type=105 code=17 status=0 cfd=23 "
    b"be=127.1.1.1:11212 detail=sync req=get /a/b\n"
    b"ts=1668554204.413784 gid=3 type=proxy_conf status=done\n"
)


def proxy_lines(connection):
    connection.sendall(PROXY)
    connection.recv(1)


_, out, _ = Watch([Fake(proxy_lines).address], "--format=json", "-c",
                  "watch --limit 2 proxyreqs proxyevents").end()
tap.same("what the proxy logs is text, whole", [
    ("proxy_req", "elapsed=222 type=105 code=17 status=0 cfd=23 be=127.1.1.1:11212 detail=sync req=get /a/b"),
    ("proxy_conf", "status=done")],
    [(event["type"], event["text"]) for event in map(json.loads, out.splitlines()[:2])])

fake = Fake(lambda connection: connection.sendall(b"OK\r\n" + EVENT))
status, out, err = Watch([fake.address], "-c", "watch").end()
tap.ok("a connection that breaks off: status 4", status == 4 and out.count("\n") == 1 and "closed the connection that was to be watched" in err, (status, err))
fake = Fake(lambda connection: connection.recv(1))
status, out, err = Watch([fake.address], "--timeout=300ms", "-c", "watch").end()
tap.ok("no answer in time: status 4", status == 4 and "did not answer in time when it was to be watched" in err, (status, err))
fake = Fake(lambda connection: connection.sendall(b"ERROR\r\n"))
status, out, err = Watch([fake], "-c", "watch deletions", "-c", ".echo next", ready=False).end()
tap.ok(
    "a stream that the server does not know: status 3, and the next command follows",
    status == 3 and out == "next\n" and err.startswith("mcsh: watch at %s: ERROR: the server does not know" % fake.address),
    (status, out, err),
)
fake = Fake(lambda connection: connection.sendall(b"CLIENT_ERROR watch commands not allowed\r\n"))
status, out, err = Watch([fake.address], "-c", "watch").end()
tap.ok("a server that refuses the watch: status 3, with a hint", status == 3 and err.endswith("CLIENT_ERROR watch commands not allowed: the server was started with -W, which forbids watching\n"), (status, err))

# Output that nobody reads: the server is read all the same, in bounded memory.
sent = []


def flood(connection):
    connection.sendall(b"OK\r\n")
    for _ in range(400):
        connection.sendall(EVENT * 500)
    sent.append(True)
    connection.recv(1)


fake = Fake(flood)
reading, writing = os.pipe()
watch = Watch([fake.address], "-c", "watch", out=writing)
os.close(writing)
tap.ok("a server is read although the output is not", until(lambda: sent, 60))
watch.process.send_signal(signal.SIGINT)
with os.fdopen(reading, "rb") as pipe:
    got = pipe.read().count(b"\n")
status, _, err = watch.end()
lost = re.search(r"note: at least ([\d,]+) events were not shown", err)
tap.ok("what was dropped for that is counted", status == 0 and lost and 0 < got <= 200000 - int(lost.group(1).replace(",", "")), (status, err, got))
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
tap.ok("the memory is bounded: %d KB" % most, most < (200000 if b"asan" in subprocess.check_output(["ldd", MCSH]) else 60000))

# Ctrl-Z: the connection is closed before the program stops, and made again when it goes on.
closed = []


def stay(connection):
    connection.sendall(b"OK\r\n" + EVENT)
    connection.recv(1)
    closed.append(True)


fake = Fake(stay)
watch = Watch([fake.address], "-c", "watch")
first = watch.line()
watch.process.send_signal(signal.SIGTSTP)
tap.ok("Ctrl-Z closes the connection", first and until(lambda: closed))
watch.process.send_signal(signal.SIGCONT)
second = watch.line()
tap.ok("Ctrl-Z: the connection is made again when mcsh goes on", second == first and len(fake.asked) == 2)
status, out, err = watch.end(signal.SIGINT)
until(lambda: len(closed) == 2)
closed.clear()
pair = [Fake(stay), Fake(stay)]
both = Watch([one.address for one in pair], "-c", "watch")
lines = {both.line(), both.line()}
both.process.send_signal(signal.SIGTSTP)
tap.ok("Ctrl-Z closes the connections of all servers", len(lines) == 2 and until(lambda: len(closed) == 2))
both.process.send_signal(signal.SIGCONT)
tap.same("Ctrl-Z: the connections of all servers are made again", lines, {both.line(), both.line()})
both.end(signal.SIGINT)
tap.ok("Ctrl-Z: that events may be missing is reported", status == 0 and "note: stopped, and so were the connections that were watched" in err, (status, err))
tap.done()
