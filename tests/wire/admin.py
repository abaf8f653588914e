#!/usr/bin/python3
"""What an administrator types, as bytes: each answer that memcached 1.6.45 was recorded to give.

A server that plays the recorded bytes (tests/vectors/replies_1.6.45.tsv) is asked by mcsh for each
recorded line. Either the line arrives as it was typed and the answer is shown byte for byte, with
the status that it means and, of a refusal, what to do; or mcsh refuses it, which is right for lines
that the server refuses too, and nothing arrives.
"""

import os
import re
import socket
import subprocess
import threading

import recorded
from recorded import unescape
from tap import MCSH, Tap

VECTORS = os.path.join(os.environ["top_srcdir"], "tests", "vectors", "replies_1.6.45.tsv")

# Answers that are in the source of memcached, 1.6.18 or 1.6.45, and that no server was brought to.
FROM_SOURCE = [
    (b"slabs reassign 1 2\r\n", b"BUSY currently processing reassign request\r\n"),
    (b"slabs reassign 1 2\r\n", b"CLIENT_ERROR slab reassignment disabled\r\n"),
    (b"slabs reassign 1 2\r\n", b"NOTFULL dest class has spare memory\r\n"),
    (b"slabs reassign 1 2\r\n", b"UNSAFE source class cannot yield a page right now\r\n"),
    (b"lru_crawler crawl all\r\n", b"BUSY currently processing crawler request\r\n"),
    (b"lru_crawler crawl all\r\n", b"NOTSTARTED no items to crawl\r\n"),
    (b"lru_crawler crawl all\r\n", b"ERROR an unknown error happened\r\n"),
    (b"lru_crawler disable\r\n", b"ERROR failed to stop lru crawler thread\r\n"),
    (b"lru_crawler metadump all\r\n", b"NOTSTARTED no items to crawl\r\n"),
    (b"cache_memlimit 64\r\n", b"OK\r\n"),
    (b"cache_memlimit 8\r\n", b"MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m\r\n"),
    (b"cache_memlimit 1024\r\n", b"MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust\r\n"),
    (
        b"cache_memlimit 1000000000\r\n",
        b"MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes\r\n",
    ),
    (b"refresh_certs\r\n", b"OK\r\n"),
    (b"refresh_certs\r\n", b"Error TLS not enabled\r\n"),
    (b"refresh_certs\r\n", b"Error loading the certificate chain: /cert.pem\r\n"),
    (b"shutdown\r\n", b"ERROR: shutdown not enabled\r\n"),
    (b"extstore item_age 3600\r\n", b"OK\r\n"),
    (b"config get cluster\r\n", b"CONFIG cluster 0 19\r\n12\nh|127.0.0.1|1121\r\nEND\r\n"),
    (b"config get cluster\r\n", b"CONFIG cluster 0 20\r\n12\nh|127.0.0.1|11211\r\n\r\nEND\r\n"),
    (b"stats sizes_enable\r\n", b"STAT sizes_status enabled\r\n"),
    (b"stats proxy\r\n", b"STAT cmd_mg 1\r\nEND\r\n"),
]

tap = Tap()


class Server(recorded.Server):
    """Answers each line of any connection by what ANSWERS has; other lines end the connection."""

    def __init__(self):
        self.answers = {}
        self.lines = []
        self.items = 0
        self.done = threading.Event()  # an answer was sent
        super().__init__()

    def serve(self, connection):
        stream = connection.makefile("rb")
        for line in stream:
            # What mcsh asks before a list of keys.
            if line == b"stats\r\n":
                stats = b"STAT curr_items %d\r\nSTAT lru_crawler_running 0\r\nEND\r\n"
                connection.sendall(stats % self.items)
                continue
            self.lines.append(line)
            if line not in self.answers:
                break
            connection.sendall(self.answers[line])
            self.done.set()
        connection.shutdown(socket.SHUT_RDWR)


server = Server()


def check(request, reply):
    name = "%s is answered %s" % (
        request.decode("utf-8", "replace").strip(),
        reply.decode("utf-8", "replace").split("\r\n")[0],
    )
    server.answers = {request: reply}
    server.lines = []
    done = subprocess.run(
        [MCSH, "--no-rc", server.place, "--format=wire", "-c", request.decode().strip()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    refused = re.match(rb"(ERROR|CLIENT_ERROR|SERVER_ERROR|[A-Z_]+ |Error)", reply) is not None
    refused = refused and not re.match(rb"(OK|RESET|END|STAT|ITEM|PREFIX|CONFIG)\b", reply)
    listing = request.startswith((b"lru_crawler m", b"watch"))
    if done.returncode == 2:
        tap.ok(
            name + ", and never sent",
            refused and server.lines == [] and done.stdout == b"" and done.stderr.count(b": ") >= 2,
            done,
            server.lines,
        )
        return False
    shown = reply
    if listing:
        shown = b"".join(line + b"\n" for line in re.findall(rb"^(?:key=|mg )[^\r\n]*", reply, re.M))
    if listing and refused:
        shown = b""
    said = done.stderr.decode()
    first = reply.split(b"\r\n")[0].decode().replace("ERROR:", "ERROR")
    advised = said.count("\n") == 1 and first in said and len(said.split(first)[1]) > 20
    advised = advised and "trace on shows what was sent" not in said
    tap.ok(
        name,
        server.lines == [request]
        and done.stdout == shown
        and (done.returncode, bool(said)) == ((3, True) if refused else (0, False))
        and (advised or not refused),
        done,
        server.lines,
    )
    return True


with open(VECTORS, encoding="utf-8") as vectors:
    rows = [line.rstrip("\n").split("\t") for line in vectors if not line.startswith("#")][1:]
rows = [row for row in rows if row[0] != r"slabs\r\n"]  # without a word it is a table by mcsh
sent = sum(check(unescape(request), unescape(reply)) for request, reply in rows)
tap.ok("most of the %d recorded lines are sent: %d" % (len(rows), sent), sent >= len(rows) * 0.55)
for request, reply in FROM_SOURCE:
    check(request, reply)

# A list is read as fast as it comes, although what is printed of it is not read.
LINE = b"key=%s exp=-1 la=1 cas=2 fetch=no cls=1 size=66\n" % (b"k" * 200)
COUNT = 200000
server.items = COUNT
server.answers = {b"lru_crawler metadump all\r\n": b"OK\r\n" + LINE * COUNT + b"END\r\n"}
server.done = threading.Event()
reading, writing = os.pipe()
shell = subprocess.Popen(
    [MCSH, "--no-rc", server.place, "-c", "lru_crawler metadump all"], stdout=writing
)
os.close(writing)
tap.ok("a list is read to its end although its output is not read", server.done.wait(60))
with open("/proc/%d/status" % shell.pid, encoding="ascii") as file:
    most = int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))
with os.fdopen(reading, "rb") as pipe:
    tap.ok("what was not read then is not lost", pipe.read() == LINE * COUNT)
tap.same("a list that was read late ends well", 0, shell.wait(30))
sanitized = b"asan" in subprocess.check_output(["ldd", MCSH])
tap.ok("its memory is bounded: %d KB" % most, most < (300000 if sanitized else 30000))

# One that is longer than what there can be may never end.
server.items = 0
request = b"lru_crawler mgdump all\r\n"
server.answers = {request: b"OK\r\n" + b"mg a\r\n" * 1000002}
done = subprocess.run(
    [MCSH, "--no-rc", server.place, "-c", request.decode().strip()],
    stdin=subprocess.DEVNULL,
    capture_output=True,
    check=False,
    timeout=60,
)
tap.ok(
    "a list of more keys than a server can have is left",
    done.returncode == 4 and b"counts 0 items, and listed more than 1000000 keys" in done.stderr,
    done.returncode,
    done.stderr,
)
tap.done()
