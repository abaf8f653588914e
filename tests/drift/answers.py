#!/usr/bin/python3
"""In json every line typed ends with exactly one object that has a status: the whole command table.

Each command is typed bare, with words that it does not know, and as its example has it, to a mcsh
that reads from a pipe, by a driver that reads until the object with the status comes and only then
types the next line. A line that nothing answers, or that is answered twice, is named.
"""

import json
import os
import select
import subprocess
import tempfile

from tap import MCSH, Tap

SECONDS = 15  # .hot and .latency measure for five

os.environ.pop("MEMCACHED_SERVERS", None)
tap = Tap()


class Shell:
    """A mcsh on a sandbox of its own, driven through pipes."""

    def __init__(self, *options):
        self.options = options
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [MCSH, "--sandbox", "--format=json", "--timeout=2s", *self.options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self.pending = b""

    def restart(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait()
        self.start()

    def line(self):
        """The next line, or None when none comes."""
        while b"\n" not in self.pending:
            if not select.select([self.process.stdout], [], [], SECONDS)[0]:
                return None
            piece = os.read(self.process.stdout.fileno(), 1 << 20)
            if not piece:
                return None
            self.pending += piece
        line, _, self.pending = self.pending.partition(b"\n")
        return line.decode()

    def type(self, text):
        self.process.stdin.write(text.encode() + b"\n")

    def answer(self, text, foreign=False):
        """The object that ends the answer, and the rows before it. FOREIGN: a program prints too."""
        rows = []
        self.type(text)
        while True:
            line = self.line()
            if line is None:
                return None, rows
            try:
                row = json.loads(line, object_pairs_hook=unique)
            except ValueError:
                if not foreign:
                    raise
                row = line
            if not foreign and not isinstance(row, dict):
                raise ValueError("%s is not an object" % line)
            if isinstance(row, dict) and "status" in row and not (foreign and row in rows):
                if not foreign or row.keys() <= {"command", "status", "error", "hint"}:
                    return row, rows
            rows.append(row)


def unique(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a name comes twice: %s" % names)
    return dict(pairs)


table = json.loads(
    subprocess.run([MCSH, "--no-rc", "--format=json", "-c", ".help"], stdout=subprocess.PIPE).stdout
)["rows"]
work = tempfile.TemporaryDirectory()
os.chdir(work.name)
with open("script", "w") as script:
    script.write("set sourced 1\n\n# a comment\nget nothing\n")

LEAVES = {"quit", "shutdown", ".quit"}
STATUSES = {"ok", "negative", "usage", "server", "lost", "assert"}
shell = Shell()
serial = 0


def check(text, foreign=False, leaves=False):
    """TEXT has one answer, and what is typed next has its own."""
    global serial
    serial += 1
    mark = "mark %d" % serial
    try:
        answer, rows = shell.answer(text, foreign)
        after, between = (None, []) if leaves or not answer else shell.answer(".echo '%s'" % mark)
    except ValueError as why:
        tap.ok(text, False, "it printed what is no JSON: %s" % why)
        shell.restart()
        return
    good = answer is not None and answer["status"] in STATUSES
    good = good and (foreign or not any("status" in row for row in rows))
    if not leaves:
        good = good and between == [] and after == {"command": ".echo", "text": mark, "status": "ok"}
    tap.ok(text, good, "answer: %s" % answer, "rows: %s" % rows, "then: %s" % (between if answer else ""))
    if not good or leaves:
        shell.restart()


for row in table:
    name = row["command"]
    if name == ".bench":
        check(".bench -t 1 -c 1 -n 10 get a")
    elif name in ("watch", ".top"):  # they go on
        check(name + " --for 100ms")
    elif name not in LEAVES:
        check(name)
    if name not in LEAVES:
        check(name + " --nope 1 2 3 4 5 6 7 8 9")
        check(name + (' --for 100ms' if name == ".watch" else "") + ' "a\nb/c"')
        check(name + " > /none/of/it")
    for line in (row["example"] or "").split("\n"):
        if line.startswith("> ") and name != ".format":  # it would leave json
            check(line[2:], foreign=" | " in line or " --as " in line, leaves=line[2:].split()[0] in LEAVES)
    if name in LEAVES and not row["example"]:
        check(name, leaves=True)

for line in (
    "frob",
    ".frob",
    "| cat",
    ".set nothing",
    ".set max_shown 9k",
    ".set max_shown off",
    ".set trace_file trace",
    ".timing full",
    ".profile pylibmc",
    ".profile --list",
    ".trace hex",
    ".trace off",
    ".disconnect",
    ".servers forget-dead",
    ".connect /none/of/it",
    ".connect sandbox",
    ".sandbox 3",
    "version",
    "stats",
    "stats sizes",
    "flush_all",
    "verbosity 0",
    "set_multi a 1 b 2 c 3",
    "get a b c d",
    "delete_multi a b c",
    "set a 1 > file",
    "get a > file",
    "get a >> file",
    ".servers > file",
    ".on 1 .servers",
    ".on 1 get a",
    ".repeat 0 get a",
    ".repeat 3 get a",
    ".repeat 2 frob",
    ".dump file",
    ".load file",
    ".load /none/of/it",
    ".dump -",
    "incr a",
    ".raw frob",
    "ms a x T90",
    "mg a v t",
    "mg a vt",
    "mg nothing v q",
    "md a q",
    "me a",
    "ma a",
    "mn",
    "watch nosuch",
    "lru_crawler metadump all",
    "lru_crawler mgdump all",
    "slabs reassign 1 1",
    "lru tune 1",
    ".explain mg a v",
    ".explain frob",
    ".trace explain",
    "mg a v",
    "stats",
    ".trace off",
    ".servers --long",
    ".cluster",
    ".where --moved",
    ".set readonly on",
    "ms a x",
    ".set readonly off",
    ".format plain",
    "get nothing",
):
    if line == ".format plain":
        answer, rows = shell.answer(line)
        tap.ok(".format plain in json is answered in json", answer and answer["value"] == "plain", answer)
        shell.type(".format json")
    else:
        check(line)
check("get a | cat", foreign=True)
check("get a | exit 3", foreign=True)

# Of a script that is sourced each line has its answer, and .source has its own after them.
shell.type(".source script")
got = [json.loads(shell.line()) for _ in range(3)]
tap.ok(
    ".source",
    [(o["command"], o["status"]) for o in got]
    == [("set", "ok"), ("get", "negative"), (".source", "negative")],
    got,
)
check(".source /none/of/it")

# Nothing answers what is no command.
for line in ("", "   ", "# a comment"):
    shell.type(line)
check("get nothing")

# Nor is a file a place for more than was sent there.
shell.answer("set k v > sent")
with open("sent") as sent:
    sent = [json.loads(line) for line in sent]
tap.ok("a file that a reply is sent to holds that reply alone", [o.get("reply") for o in sent] == ["STORED"], sent)

shell.process.stdin.close()
tap.ok("the end of a session prints nothing", shell.line() is None)
shell.process.wait()
tap.done()
