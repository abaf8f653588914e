#!/usr/bin/python3
"""The meta commands against what memcached was recorded to answer, 1.6.18 and 1.6.45.

A server that plays the recorded bytes (tests/vectors/replies_meta.tsv) is asked by mcsh for each
recorded line, typed as a person would: of an ms the value stands in the length's place. Either the
line arrives as it was recorded and the answer is shown byte for byte, with the status that it means;
or mcsh refuses it, and nothing arrives but the question for the version. What it refuses a server
refuses too, ignores, or takes for something else than it looks like, which the list below says.
"""

import json
import os
import re
import socket
import subprocess

import recorded
from recorded import unescape
from tap import MCSH, Tap

VECTORS = os.path.join(os.environ["top_srcdir"], "tests", "vectors", "replies_meta.tsv")

# Refused although the server answers, and why.
LENIENT = {
    "vxyz": "characters after a flag that has no token",
    "s99": "characters after a flag that has no token",
    "bar": "the flag b, with characters after it",
    "C1": "of mg, ignored before 1.6.40",
    "MAA": "1.6.45 looks at the first letter alone",
    "N60": "of ms, ignored before 1.6.20",
    "s": "of ms, ignored before 1.6.20",
    "x": "of me, ignored",
    "F4294967296": "cut to 32 bits before 1.6.40",
    "F4294967299": "cut to 32 bits before 1.6.40",
    "S": "the length, before 1.6.12",
    "f": "of ma, ignored",
    "k": "of mn, ignored",
    "b": "of me with a key that is not base64",
}

tap = Tap()


def json_is(line):
    try:
        return json.loads(line) is not None
    except ValueError:
        return False


class Server(recorded.Server):
    def play(self, version, request, data, reply):
        self.version, self.request, self.data, self.reply = version, request, data, reply
        self.got = b""

    def serve(self, connection):
        stream = connection.makefile("rb")
        for line in stream:
            if line == b"version\r\n":
                connection.sendall(b"VERSION %s\r\n" % self.version)
                continue
            if line == b"mn\r\n" and self.request != b"mn\r\n":
                connection.sendall(b"MN\r\n")
                continue
            self.got += line
            if line != self.request:
                break
            if self.data is not None:
                self.got += stream.read(len(self.data))
            connection.sendall(self.reply)
        connection.shutdown(socket.SHUT_RDWR)


server = Server()


def status_of(reply):
    if re.match(rb"(CLIENT_|SERVER_)?ERROR", reply):
        return 3
    return 1 if reply[:2] in (b"EN", b"NF", b"NS", b"EX") else 0


def check(version, line, reply):
    words = line.split(b" ")
    data, typed = None, line
    if words[0] == b"ms" and len(words) > 2 and re.fullmatch(rb"\d{1,4}", words[2]):
        data = b"d" * int(words[2]) + b"\r\n"
        typed = b" ".join(words[:2] + [data[:-2] or b"''"] + words[3:])
    elif words[0] == b"ms":
        return None  # no length: there is no way to type it
    server.play(version, line + b"\r\n", data, reply)
    done = subprocess.run(
        [MCSH, "--no-rc", server.place, "--format=wire", "-c", typed],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    name = "%s: %s is answered %s" % (
        version.decode(),
        line.decode("utf-8", "replace")[:60],
        reply.decode("utf-8", "replace").split("\r\n")[0],
    )
    if done.returncode == 2:
        error = status_of(reply) == 3
        why = [LENIENT[w] for w in LENIENT if w.encode() in words[2:] or w.encode() in words[1:2]]
        tap.ok(
            name + ", and never sent",
            server.got == b"" and done.stdout == b"" and (error or why),
            done,
            server.got,
        )
        return False
    tap.ok(
        name,
        server.got == line + b"\r\n" + (data or b"")
        and done.stdout == reply
        and done.returncode == status_of(reply),
        done,
        server.got,
        typed,
    )
    return True


with open(VECTORS, encoding="utf-8") as vectors:
    rows = [line.rstrip("\n").split("\t") for line in vectors if not line.startswith("#")][1:]
# A refused line whose data ran as commands was answered more than once.
rows = [r for r in rows if r[2].count("\\r\\n") == 1 or r[2].startswith("VA")]
# In 1.6.45 the b of me counts only where another word follows it: mcsh writes one.
rows = [r for r in rows if not re.match(r"me \S+ b$", r[1])]
sent = [check(v.encode(), unescape(line), unescape(reply)) for v, line, reply in rows]
tap.ok("most of the recorded lines are sent: %d of %d" % (sent.count(True), len(sent)),
       sent.count(True) > 130)

# A key that needs base64 with me.
server.play(b"1.6.45", b"me YSBi b b\r\n", None, b"ME YSBi exp=-100 la=3 cas=2 fetch=yes cls=1 size=69\r\n")
done = subprocess.run(
    [MCSH, "--no-rc", server.place, "--format=pretty", "-c", "me 'a b'"],
    stdin=subprocess.DEVNULL, capture_output=True, check=False)
tap.ok("me: a key in base64 has a word after b, and the times of 1.6.18 are read",
       server.got == b"me YSBi b b\r\n" and done.returncode == 0
       and done.stdout.startswith(b'"a b"  (expires in 1 min 40 s, 2'), done, server.got)

# In json the names that a server chose are text, and unique in their object.
server.play(b"1.6.45", b"me a\r\n", None,
            b'ME a exp=-5 exp=7 \x1b[2J=1 "\\=2 \xff=3 =4 zz ttl=9 la=nan\r\n')
done = subprocess.run(
    [MCSH, "--no-rc", server.place, "--format=json", "-c", "me a"],
    stdin=subprocess.DEVNULL, capture_output=True, check=False)
shown = [json.loads(line) for line in done.stdout.splitlines() if json_is(line)]
tap.ok("me: a member of any name is valid JSON",
       len(shown) == 1 and shown[0]["item"] == {
           "exp": -5, "ttl": 5, "\x1b[2J": 1, '"\\': 2, "base64:/w==": 3, "": 4, "la": "nan"}, done)
tap.ok("me: of a name that came before, the first is the member",
       len(shown) == 1 and shown[0]["repeated"] == [
           {"name": "exp", "value": 7}, {"name": "", "value": "zz"}, {"name": "ttl", "value": 9}],
       done)
server.play(b"1.6.45", b"mg a t s\r\n", None, b'HD t5 t6 s1 s2 W W y1 y2\r\n')
done = subprocess.run(
    [MCSH, "--no-rc", server.place, "--format=json", "-c", "mg a t s"],
    stdin=subprocess.DEVNULL, capture_output=True, check=False)
tap.ok("mg: a flag that came before is left out",
       b'"meta":{"ttl":5,"size":1,"won":true,"y":"1"},' in done.stdout, done)

# 1.6.45's answers in words.
for line, typed, reply, shown in [
    (b"md d x I T30 k O5", b"md d x I T30 k O5", b"HD kd O5\r\n", b"HD  (marked stale, key d, opaque 5)\n"),
    (b"md d x", b"md d x", b"HD\r\n", b"HD  (its value was removed)\n"),
    (b"mg d v f E77 C5", b"mg d v f E77 C5", b"HD f0 X W\r\n",
     b"HD  (it is in the cache, flags 0, stale, won: it is yours to fetch)\n"),
    (b"ms a 2 MA s c", b"ms a dd MA s c", b"HD s4 c16\r\n", b"HD  (stored, 4 bytes, cas 16)\n"),
    (b"mg d v y1", b"mg --force d v y1", b"VA 1 y7\r\nx\r\n", b'"x"  (1 byte, y7)\n'),
]:
    data = b"dd\r\n" if line.startswith(b"ms") else None
    server.play(b"1.6.45", line + b"\r\n", data, reply)
    done = subprocess.run(
        [MCSH, "--no-rc", server.place, "--format=pretty", "--trace", "-c", typed],
        stdin=subprocess.DEVNULL, capture_output=True, check=False)
    tap.ok("%s in words" % typed.decode(), done.stdout == shown, shown, done, server.got)

tap.done()
