#!/usr/bin/python3
"""One random script, played in the classic, the meta and the binary protocol on servers of their own,
over TCP and over TLS: what is printed is the same to the byte, in every format but wire, and so are the
errors and the exit status. It is played with commands pipelined and, for a part, awaited.
ATTACK_COMMANDS sets the length, ATTACK_SEED the script. TLS, which knows nothing of formats, is played
in two of them.

What is left out of the script, or masked, because the servers do not do the same there:

  - what a decr that makes a number shorter leaves: classic and binary fill it up with blanks, meta does
    not. Numbers are read by incr of 0 alone;
  - keys with blanks or control bytes, which binary takes and the others refuse;
  - an append or a replace that makes an item too large: a refused ms deletes the old one;
  - incr --initial, which classic has not; cas with 0, touch --noreply, verbosity, and stats with other
    words than some, which binary has not.

Times, and in json the server's name, are masked too."""

import os
import random
import re
import signal
import subprocess

from certificates import Authority, TlsMemcached
from tap import MCSH, Memcached, Tap, end, work

COMMANDS = int(os.environ.get("ATTACK_COMMANDS", "4000"))
SEED = int(os.environ.get("ATTACK_SEED", "1"))
DIALECTS = ("classic", "meta", "binary")
FORMATS = ("plain", "json", "pretty", "csv", "raw")
TLS_FORMATS = ("json", "raw")
KEYS = ["k%d" % i for i in range(30)] + ["kä", "x" * 250]
NUMBERS = ["n%d" % i for i in range(8)]
signal.alarm(60 + COMMANDS // 50)


def value(r):
    return r.choice(
        (
            '""',
            '"two lines\\r\\nand a \\x00 byte"',
            "'it holds blanks'",
            "'{\"a\": [1, 2.5]}'",
            "END",
            "w" * r.randrange(2000, 9000),
            "v%d" % r.randrange(1000),
            "v%d" % r.randrange(1000),
        )
    )


def command(r):
    key, other, number = r.choice(KEYS), r.choice(KEYS), r.choice(NUMBERS)
    quiet = "--noreply " if r.randrange(12) == 0 else ""
    rows = (
        (30, lambda: "get " + key),
        (4, lambda: "get_multi %s %s" % (key, other)),
        (8, lambda: "get %s %s %s" % (key, other, r.choice(KEYS))),
        (3, lambda: "get %s %s" % (key, key)),
        (8, lambda: "gets " + key),
        (2, lambda: "gets %s %s" % (key, other)),
        (4, lambda: "gat %d %s" % (r.choice((100, 0, -1)), key)),
        (2, lambda: "gats 100 %s %s" % (key, other)),
        (30, lambda: "set %s%s %s" % (quiet, key, value(r))),
        (8, lambda: "set --flags %d %s %s 500" % (r.randrange(1 << 32), key, value(r))),
        (3, lambda: "set %s %s -1" % (key, value(r))),
        (0.2, lambda: "set %s %s" % (key, "h" * ((1 << 20) + 1))),
        (8, lambda: "add %s%s %s" % (quiet, key, value(r))),
        (8, lambda: "replace %s%s %s" % (quiet, key, value(r))),
        (5, lambda: "append %s%s !" % (quiet, key)),
        (5, lambda: "prepend %s%s ?" % (quiet, key)),
        (6, lambda: "cas %s %s %d" % (key, value(r), r.randrange(1, 1 << 64))),
        (8, lambda: "set %s %d" % (number, r.randrange(1 << 20))),
        (8, lambda: "incr %s%s %d" % (quiet, number, r.choice((0, 0, 1, 77, (1 << 64) - 1)))),
        (6, lambda: "decr %s%s %d" % (quiet, number, r.randrange(1 << 21))),
        (3, lambda: "incr " + key),
        (8, lambda: "delete %s%s" % (quiet, key)),
        (3, lambda: "delete " + number),
        (4, lambda: "touch %s %d" % (key, r.choice((1000, 0, -1)))),
        (3, lambda: "set_multi %s 1 %s 2" % (key, other)),
        (3, lambda: "delete_multi %s %s" % (key, other)),
        (0.5, lambda: "version"),
        (0.2, lambda: "flush_all"),
        (0.3, lambda: "get"),
        (0.3, lambda: "get " + "y" * 251),
        (0.3, lambda: "no_such_command"),
    )
    return r.choices([row[1] for row in rows], [row[0] for row in rows])[0]()


MASKS = (
    (re.compile(rb'"server":"[^"]*"'), b'"server":""'),
    (re.compile(rb'"time_us":\{[^}]*\}'), b'"time_us":{}'),
    (re.compile(rb"(tls://)?127\.0\.0\.1:\d+"), b"server"),
)

def masked(text):
    for mask, by in MASKS:
        text = mask.sub(by, text)
    return text


def play(dialect, kind, script, awaited, tls):
    server = TlsMemcached(*CERTIFICATE) if tls else Memcached()
    options = ["--tls-ca", OURS.file] if tls else []
    options += ["--trace-file", "/dev/null"] if awaited else []
    run = subprocess.run(
        [MCSH, "--protocol", dialect, "--format", kind, "-f", script, server.address] + options,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    end(server.process)
    return run.returncode, masked(run.stdout), masked(run.stderr)


def difference(want, got, commands):
    """The first lines that are not alike."""
    wants, gots = want.split(b"\n"), got.split(b"\n")
    for i, line in enumerate(wants):
        if i >= len(gots) or gots[i] != line:
            return "line %d: expected %.300r, got %.300r" % (
                i + 1,
                wants[i : i + 2],
                gots[i : i + 2],
            )
    return "more: %.300r" % gots[len(wants) : len(wants) + 2]


def compare(kind, awaited, script, count):
    """Plays SCRIPT in all dialects, and shows what differs."""
    want = play("classic", kind, script, awaited, False)
    others = [(dialect, False) for dialect in DIALECTS[1:]]
    if HAS_TLS and kind in TLS_FORMATS:
        others += [(dialect, True) for dialect in DIALECTS]
    for dialect, tls in others:
        got = play(dialect, kind, script, awaited, tls)
        name = "%s, %s%s, %d commands %s: " % (
            kind,
            dialect,
            " over TLS" if tls else "",
            count,
            "awaited" if awaited else "pipelined",
        )
        for what, a, b in zip(("exit status", "output", "errors"), want, got):
            same = a == b
            tap.ok(
                name + "the same %s as classic over TCP" % what,
                same,
                a if same or isinstance(a, int) else difference(a, b, script),
                "seed %d" % SEED,
            )


tap = Tap()
HAS_TLS = b"built without TLS" not in subprocess.run(
    [MCSH, "tls://127.0.0.1:1", "-c", "get foo"], capture_output=True
).stderr
if HAS_TLS:
    OURS = Authority("Test CA")
    CERTIFICATE = OURS.sign("server", "127.0.0.1", "IP:127.0.0.1")
r = random.Random(SEED)
share = max(COMMANDS // (2 * len(FORMATS)), 1)
for kind in FORMATS:
    for awaited in (False, True):
        count = share if not awaited else share // 4
        script = os.path.join(work, "script.mc")
        with open(script, "w", encoding="utf-8") as file:
            file.write("".join(command(r) + "\n" for _ in range(count)))
        compare(kind, awaited, script, count)
tap.done()
