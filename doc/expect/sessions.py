#!/usr/bin/python3
"""The sessions of this folder from Python, with pexpect (Debian: python3-pexpect).

    sessions.py health [SERVER]
    sessions.py warmup FILE [SERVER ...]
    sessions.py cas_conflict
    sessions.py failover

Mcsh, below, is all that is needed to drive mcsh: it reads the grammar of mcsh(1), FOR DRIVERS.
"""

import os
import re
import signal
import sys

import pexpect


class Mcsh:
    """A shell. What pexpect raises, TIMEOUT and EOF, it leaves alone."""

    def __init__(self, *arguments, timeout=10):
        self.child = pexpect.spawn("mcsh", ["--expect", *arguments], timeout=timeout, echo=False)
        self.child.delaybeforesend = None
        if not self._read().startswith(b"mcsh expect 1\n"):
            raise RuntimeError("mcsh does not speak version 1 of the grammar")

    def _read(self):
        """What comes before the next prompt, which always has a line end before it."""
        self.child.expect_exact(b"\nmcsh>\r\n")
        return self.child.before.replace(b"\r\n", b"\n").rstrip(b"\r") + b"\n"

    def ask(self, command, *words):
        """Runs a command; WORDS are keys and values, any bytes. Returns the status and the rows,
        each a list of fields."""
        line = " ".join([command, *(quote(word) for word in words)])
        self.child.send(line.encode() + b"\r")
        status, rows = None, []
        for reply in self._read().splitlines():
            if reply.startswith(b"| "):
                rows.append([unescape(field) for field in reply[2:].split(b"\t")])
            elif reply.startswith(b"= "):
                status = int(reply.split()[1])
        return status, rows

    def get(self, key, default=None):
        status, rows = self.ask("get", key)
        if status > 1:
            raise RuntimeError("get %r: status %d" % (key, status))
        return rows[0][0] if rows else default

    def quit(self):
        """Leaves; returns the exit status."""
        self.child.send(b".quit\r")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


def quote(word):
    data = word.encode() if isinstance(word, str) else word
    return '"%s"' % "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else "\\x%02x" % byte for byte in data
    )


ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"\0", b"e": b"\x1b", b"\\": b"\\"}


def unescape(field):
    return re.sub(
        rb"\\(x..|.)",
        lambda m: ESCAPES.get(m[1]) or bytes([int(m[1][1:], 16)]),
        field,
    )


def health(*servers):
    try:
        cache = Mcsh("--timeout=1s", *servers, timeout=2)
        _, version = cache.ask("version")
        probe = "health:%d" % os.getpid()
        stored = cache.ask("set", probe, "alive", "60s") == (0, [[b"STORED"]])
        if not stored or cache.get(probe) != b"alive" or cache.ask("delete", probe)[0] != 0:
            raise RuntimeError("it does not store and answer")
        cache.quit()
    except (pexpect.ExceptionPexpect, RuntimeError) as trouble:
        print("CRITICAL: %s" % str(trouble).split("\n", maxsplit=1)[0])
        return 2
    print("OK: memcached %s stores and answers" % version[0][0].decode())
    return 0


def warmup(path, *servers):
    with open(path, "rb") as file:
        keys = file.read().splitlines()
    cache = Mcsh(*servers)
    warm = {}
    for i in range(0, len(keys), 100):
        status, rows = cache.ask("get_multi", *keys[i : i + 100])
        if status > 1:
            raise RuntimeError("get_multi: status %d" % status)
        warm.update(rows)
    cache.quit()
    missing = [key for key in keys if key not in warm]
    for key in missing:
        print("missing: %s" % key.decode())
    total = sum(len(value) for value in warm.values())
    print("%d of %d keys are warm, %d bytes" % (len(warm), len(keys), total))
    return 1 if missing else 0


def cas_conflict():
    alice = Mcsh("--sandbox")
    bob = Mcsh(alice.ask(".servers")[1][0][1].decode())
    alice.ask("set", "stock", "10")
    number_a = alice.ask("gets", "stock")[1][0][1]
    number_b = bob.ask("gets", "stock")[1][0][1]
    print("bob:   %s" % bob.ask("cas", "stock", "7", number_b)[1][0][0].decode())
    print("alice: %s" % alice.ask("cas", "stock", "9", number_a)[1][0][0].decode())
    number_a = alice.ask("gets", "stock")[1][0][1]
    print("alice: %s" % alice.ask("cas", "stock", "6", number_a)[1][0][0].decode())
    stock = bob.get("stock")
    print("10 - 3 - 1 = %s" % stock.decode())
    bob.quit()
    alice.quit()
    return 0 if stock == b"6" else 1


def failover():
    cache = Mcsh("--sandbox=2", "--timeout=1s", "--dead-retry=1h")
    keys = ["user:%d" % number for number in range(100)]
    for key in keys:
        cache.ask("set", key, "old")
    key = next(key for key in keys if cache.ask(".on 2 get", key)[0] == 0)
    victim = int(dict(row[-2:] for row in cache.ask(".on 2 stats")[1])[b"pid"])
    os.kill(victim, signal.SIGSTOP)
    # Its threads stop as they are scheduled: until then they answer.
    while (status := cache.ask("get", key)[0]) == 0:
        pass
    seen = [status, cache.ask("get", key)[0], cache.ask("set", key, "new")[0]]
    os.kill(victim, signal.SIGCONT)
    cache.ask(".servers forget-dead")
    print("lost, a miss, stored elsewhere: %s; back with %s" % (seen, cache.get(key).decode()))
    cache.quit()
    return 0 if seen == [4, 1, 0] else 1


SESSIONS = {"health": health, "warmup": warmup, "cas_conflict": cas_conflict, "failover": failover}

if __name__ == "__main__":
    if sys.argv[1:] in ([], ["warmup"]) or sys.argv[1] not in SESSIONS:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(SESSIONS[sys.argv[1]](*sys.argv[2:]))
