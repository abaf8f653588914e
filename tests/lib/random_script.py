#!/usr/bin/python3
"""A long random script of commands for mcsh: random_script.py COUNT [SEED], on standard output.

Every kind of command that may go ahead of the answers before it is in it, and some that may not; so
are answers of every kind: misses, refusals, errors of the server, and lines that are never sent.
No answer depends on the cas numbers that a server gives: how many it uses up is its own affair."""

import random
import sys

KEYS = ["k%d" % i for i in range(40)] + ["a key with blanks", "", "x" * 251]
WEIGHTS = [20] * 40 + [1, 1, 1]
NUMBERS = ["n%d" % i for i in range(8)]


def quoted(text):
    return '"%s"' % text if not text or " " in text or "\n" in text else text


def value(r):
    kind = r.randrange(12)
    if kind == 0:
        return '""'
    if kind == 1:
        return '"two lines\\nand a \\x00 byte"'
    if kind == 2:
        return "'it holds blanks'"
    if kind == 3:
        return "w" * r.randrange(2000, 9000)
    return "v%d" % r.randrange(1000)


def command(r):
    key = quoted(r.choices(KEYS, WEIGHTS)[0])
    number = r.choice(NUMBERS)
    return r.choices(
        [
            lambda: "get " + key,
            lambda: "get_multi " + key,
            lambda: "get %s %s %s" % (key, r.choice(KEYS[:40]), number),
            lambda: "gets " + key,
            lambda: "gat 100 " + key,
            lambda: "set %s %s" % (key, value(r)),
            lambda: "set --flags %d --time 500 %s %s" % (r.randrange(1 << 32), key, value(r)),
            lambda: "set --noreply %s %s" % (key, value(r)),
            lambda: "set %s %s -1" % (key, value(r)),
            lambda: "set %s %d" % (number, r.randrange(1 << 20)),
            lambda: "set %s %s" % (key, "h" * ((1 << 20) + 1)),
            lambda: "add %s %s" % (key, value(r)),
            lambda: "replace %s %s" % (key, value(r)),
            lambda: "append %s %s" % (key, value(r)),
            lambda: "prepend %s %s" % (key, value(r)),
            lambda: "cas %s %s %d" % (key, value(r), r.randrange(1, 1 << 64)),
            lambda: "incr %s %d" % (number, r.randrange(100)),
            lambda: "decr %s %d" % (number, r.randrange(1 << 16)),
            lambda: "incr " + key,
            lambda: "delete " + key,
            lambda: "delete " + number,
            lambda: "touch %s 1000" % key,
            lambda: "set_multi %s 1 %s 2" % (number, r.choice(NUMBERS)),
            lambda: "delete_multi %s %s" % (number, r.choice(KEYS[:40])),
            lambda: ".echo said",
            lambda: "get",
            lambda: "no_such_command",
            lambda: "set k1 'never closed" + "'",
            lambda: "get %s > /dev/null" % key,
            lambda: "",
            lambda: "# a comment",
        ],
        [30, 3, 6, 6, 3, 30, 6, 2, 3, 6, 0.1, 6, 6, 6, 6, 6, 8, 6, 4, 8, 3, 4]
        + [0.5, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3, 0.5, 0.5],
    )[0]()


def main():
    r = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 11)
    for _ in range(int(sys.argv[1])):
        print(command(r))


main()
