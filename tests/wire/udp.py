#!/usr/bin/python3
"""UDP: memcached -U, and a server whose datagrams are lost, late, reordered and doubled."""

import os
import socket
import struct
import subprocess
import threading

from tap import MCSH, Memcached, Tap, start, work

tap = Tap()


class UdpMemcached(Memcached):
    def __init__(self):
        told = os.path.join(work, "udp.port")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            udp = probe.getsockname()[1]
        user = ["-u", "root"] if os.geteuid() == 0 else []
        self.process = start(
            ["memcached", "-l", "127.0.0.1", "-p", "-1", "-U", str(udp), *user],
            lambda: os.path.exists(told) and os.path.getsize(told) > 0,
            env={**os.environ, "MEMCACHED_PORT_FILENAME": told},
            stderr=subprocess.DEVNULL,
        )
        with open(told, encoding="ascii") as file:
            lines = dict(line.strip().rsplit(": ", 1) for line in file if ": " in line)
        self.port, self.udp = int(lines["TCP INET"]), udp


class Fake:
    """Answers the N-th datagram of a run with what ANSWERS has there, a list of functions that make
    datagrams of the number of the request."""

    def __init__(self, *answers):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.asked = []
        threading.Thread(target=self.serve, args=(answers,), daemon=True).start()

    def serve(self, answers):
        for number in range(1000):
            datagram, peer = self.socket.recvfrom(65536)
            request, *rest = struct.unpack(">HHHH", datagram[:8])
            self.asked.append((tuple(rest), datagram[8:]))
            for make in answers[number] if number < len(answers) else []:
                self.socket.sendto(make(request), peer)


def part(place, total, text, off=0):
    return lambda request: struct.pack(">HHHH", (request + off) % 65536, place, total, 0) + text


VALUE = (b"VALUE foo 0 3\r\n", b"bar\r\n", b"END\r\n")
WHOLE = part(0, 1, b"".join(VALUE))
FIRST, SECOND, THIRD = (part(i, 3, text) for i, text in enumerate(VALUE))


def mcsh(port, *arguments, stdin=b""):
    done = subprocess.run([MCSH, "--no-rc", "udp://127.0.0.1:%d" % port, *arguments], input=stdin,
                          capture_output=True, timeout=60, check=False)
    err = done.stderr.decode().replace("udp://127.0.0.1:%d" % port, "SERVER")
    return done.returncode, done.stdout.decode(), err


# memcached.

server = UdpMemcached()
big = os.path.join(work, "big")
with open(big, "w", encoding="ascii") as file:
    file.write("".join("%07d " % i for i in range(6000)))
for command in ("set foo bar", "set other x", "set --file %s big" % big):
    subprocess.run([MCSH, "--no-rc", "127.0.0.1:%d" % server.port, "-c", command], capture_output=True, check=True)
tap.same("a get", (0, "bar\n", ""), mcsh(server.udp, "-c", "get foo"))
tap.same("a miss", (1, "", ""), mcsh(server.udp, "-c", "get nope"))
tap.same("a get of several keys, of which some are missing, has the answer of TCP",
         (1, "foo\tbar\nother\tx\nfoo\tbar\n", ""),
         mcsh(server.udp, "-c", "get nope foo other no foo nothing"))
status, out, err = mcsh(server.udp, "--format", "raw", "-c", "gets big")
with open(big, encoding="ascii") as file:
    tap.same("a value of many datagrams", (0, file.read(), ""), (status, out, err))
tap.same("a version", (0, subprocess.check_output(["memcached", "-V"], text=True).split()[1] + "\n",
                       ""), mcsh(server.udp, "-c", "version"))
status, out, err = mcsh(server.udp, "-c", "stats")
tap.ok("stats, which are more than one datagram", status == 0 and "pid\t%d\n" %
       server.process.pid in out and out.count("\n") > 60, status, out, err)
tap.same("with the protocol meta gets to UDP stay classic", (1, "bar\nfoo\tbar\nother\tx\n", ""),
         mcsh(server.udp, "--protocol", "meta", "-c", "get foo", "-c", "get foo no other"))
mixed = subprocess.run([MCSH, "--no-rc", "127.0.0.1:%d" % server.port, "udp://127.0.0.1:%d" % server.udp,
                        "--protocol", "meta", "--trace", "-c", "get foo other nope"],
                       capture_output=True, text=True, check=False)
tap.same("with the protocol meta a get of several keys is classic where one of its servers is on UDP",
         ["get"] * 2, [line.split()[2] for line in mixed.stderr.splitlines() if " > " in line])
tap.same("a script", (0, "bar\n" * 500, ""), mcsh(server.udp, stdin=b"get foo\n" * 500))
status, out, err = mcsh(server.udp, "-c", ".servers")
tap.same(".servers shows the transport", (0, "UDP"), (status, out.rstrip("\n").split("\t")[-1]))
status, out, err = mcsh(server.udp, "-c", ".servers --long")
card = {line.split("\t")[2]: tuple(line.split("\t")[3:]) for line in out.splitlines()}
tap.same(".servers --long: status 0, and nothing on standard error", (0, ""), (status, err))
cannot = ("unknown", "UDP carries get, gets, version and stats alone")
for name in ("meta", "metadump", "mgdump", "watch", "binary"):
    tap.same(".servers --long: %s is unknown, since UDP does not carry the question" % name, cannot, card[name])
tap.same(".servers --long: what version and stats say is known",
         [("up", ""), ("memcached", ""), ("1048576", ""), ("yes", ""), ("yes", "")],
         [card[name] for name in ("state", "software", "item_size_max", "cas", "flush")])

# What it cannot carry is not sent.

only = "mcsh: SERVER: UDP carries get, gets, version and stats alone: name the server without udp://\n"
fake = Fake()
for command in ("set foo bar", "delete foo", "incr foo", "touch foo 10", "gat 10 foo", "flush_all",
                ".raw get foo", ".dump", "set --noreply foo bar", "verbosity 1"):
    status, out, err = mcsh(fake.port, "-c", command)
    tap.same("%s is refused" % command, (2, only), (status, err))
tap.same("what is refused is not sent", [], fake.asked)

# What networks do.

fake = Fake([WHOLE], [part(0, 1, b"VERSION 1\r\n")])
tap.same("one datagram", (0, "bar\n", ""), mcsh(fake.port, "-c", "get foo"))
tap.same("a request is the first and only datagram", [((0, 1, 0), b"get foo\r\n")], fake.asked)
fake = Fake([part(0, 1, b"VALUE a 0 1\r\nx\r\nEND\r\n")], [part(0, 1, b"END\r\n")],
            [part(0, 1, b"SERVER_ERROR out of memory\r\n")], [part(0, 1, b"VERSION 1\r\n")])
status, out, err = mcsh(fake.port, "-c", "get a b c d")
tap.same("each key is a request, until an error, and then a fence",
         [b"get a\r\n", b"get b\r\n", b"get c\r\n", b"version\r\n"],
         [text for _, text in fake.asked])
tap.ok("an error in the place of a key is the answer", status == 3 and out == "a\tx\n" and
       "SERVER_ERROR out of memory" in err, status, out, err)
for name, datagrams in {
        "in order": (FIRST, SECOND, THIRD),
        "reordered": (THIRD, FIRST, SECOND),
        "doubled": (FIRST, FIRST, SECOND, SECOND, THIRD, THIRD),
        "after late ones": (part(0, 1, b"VALUE foo 0 3\r\nold\r\nEND\r\n", -1), THIRD,
                            part(1, 3, b"old\r\n", -1), SECOND, FIRST),
}.items():
    fake = Fake([*datagrams])
    tap.same("three datagrams " + name, (0, "bar\n", ""), mcsh(fake.port, "-c", "get foo"))
fake = Fake([WHOLE, WHOLE], [part(0, 1, b"END\r\n")])
tap.same("an answer that comes twice is not that of the next command", (1, "bar\n", ""),
         mcsh(fake.port, "-c", "get foo", "-c", "get nope"))


def overdue(name, want, *datagrams):
    tap.same(name, (4, "", "mcsh: SERVER did not answer in time: " + want + "\n"),
             mcsh(Fake([*datagrams]).port, "--timeout", "200ms", "-c", "get foo"))


silent = "lost on the way, or does memcached listen on UDP there (-U PORT)?"
some = "datagrams are lost on the way; TCP sends them again"
overdue("no datagram at all", "no datagram came: " + silent)
overdue("one that is lost", "2 of 3 datagrams came, number 2 did not; 1 out of order: " + some,
        FIRST, THIRD)
overdue("one that is lost while another came twice",
        "2 of 3 datagrams came, number 3 did not; 1 came twice: " + some, FIRST, SECOND, SECOND)
overdue("the answer to another request alone", "no datagram came; 1 for another request: " + silent,
        part(0, 1, b"VALUE foo 0 3\r\nold\r\nEND\r\n", 1))
fake = Fake([FIRST, SECOND], [part(0, 1, b"END\r\n")])
status, out, err = mcsh(fake.port, "--timeout", "200ms", "-c", "get foo", "-c", "get nope")
tap.ok("after a lost answer the next command has its own", (status, out) == (4, "") and
       len(fake.asked) == 2, status, out, err)
for name, datagram in {"too short a datagram": lambda request: b"\0\1\0",
                       "a place that there is not": part(1, 1, b"END\r\n")}.items():
    tap.same(name, (4, "", "mcsh: SERVER: a datagram came that belongs to no answer: is it "
                    "memcached's UDP port?\n"), mcsh(Fake([datagram]).port, "-c", "get foo"))
tap.same("an answer beyond max_value", (4, "", "mcsh: SERVER: the answer is larger than any that is "
         "accepted: .set max_value allows more\n"),
         mcsh(Fake([part(i, 65535, 60000 * b"x") for i in range(20)]).port, "-c", ".set max_value 1k",
              "-c", "get foo"))
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
    closed.bind(("127.0.0.1", 0))
    free = closed.getsockname()[1]
tap.same("a port where nothing listens", (4, "", "mcsh: nothing listens at SERVER: memcached listens "
         "on UDP when it was started with -U PORT\n"), mcsh(free, "-c", "get foo"))

tap.done()
