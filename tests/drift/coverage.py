#!/usr/bin/python3
"""doc/protocol-coverage.md has a row for each command, flag, reply, opcode and status of the protocol
that the sources have, each with how it is typed, how it is shown, and a check that is there."""

import os
import re

from tap import Tap

tap = Tap()
top = os.environ["top_srcdir"]


def text_of(*path):
    with open(os.path.join(top, *path), encoding="utf-8") as file:
        return file.read()


def cells_of(line):
    cells = re.split(r"(?<!\\)\|", line.strip()[1:-1])
    return [cell.strip().replace("\\|", "|") for cell in cells]


sections, table = {}, None
for line in text_of("doc", "protocol-coverage.md").split("\n"):
    if line.startswith("## "):
        table = sections[line[3:]] = []
    elif line.startswith("|") and not line.startswith("| ---"):
        table.append(cells_of(line))
heads = {name: [row for row in rows if row[-1] == "proof"] for name, rows in sections.items()}
rows = [row for part in sections.values() for row in part if row[-1] != "proof"]
tap.ok("the tables have 150 rows or more", len(rows) >= 150, len(rows))
tap.same("no cell is empty", [], [row for row in rows if "" in row])
tap.same(
    "each row has as many cells as its heading",
    [],
    [row for name, part in sections.items() for row in part if len(row) != len(heads[name][0])],
)


def first_words(part):
    return {row[0].split(" ")[0] for row in sections[part]}


# What is typed are commands, and each command is typed.
commands = re.findall(r"^COMMAND\((\w+)\)", text_of("src", "command", "list.h"), re.M)
commands = {re.sub("^dot_", ".", name) for name in commands}
typed = set()
for row in rows:
    typed |= {code.split(" ")[0] for code in re.findall(r"`([^`]+)`", row[-3])}
others = {word for word in typed if not re.match(r"-|\w+://", word)}
tap.same("what is typed are commands of mcsh", set(), others - commands)
tap.same("each command of the protocol is typed", set(),
         {name for name in commands if name[0] != "."} - typed)

# The flags of the meta commands, and who takes them.
flags = {}
for letter, takers in re.findall(r"^    \{'(\w)', *\"([a-z ]*)\"", text_of("src/proto/meta_flags.c"), re.M):
    flags.setdefault(letter, set()).update(takers.split() or ["answers"])
listed = {row[0]: set(row[1].split()) for row in sections["Flags of the meta commands"] if len(row[0]) == 1}
tap.ok("meta_flags.c is read", len(flags) > 20, flags)
tap.same("each flag of a meta command has its row, with the commands that take it", flags, listed)

# The words of replies: those that have a kind, and those by which memcached refuses.
replies = set(re.findall(r'SLICE_INIT\("([A-Z_]+)|SLICE\("([A-Z_]+)|\{"([A-Z_]+)"', text_of("src/proto/reply.c")))
replies = {"".join(names) for names in replies} - {""}
refusals = [line for line in text_of("tests/vectors/refusals.tsv").split("\n")[1:] if line and line[0] != "#"]
replies |= {line.split(" ")[0].rstrip(":") for line in refusals} - {"reply"}
tap.ok("the words of replies are read", len(replies) > 25, replies)
tap.same("each reply has its row", set(), replies - first_words("Replies"))

# The binary protocol's numbers.
packet = text_of("src/proto/packet.h")
numbers = {"%s %s" % (number, name) for name, number in re.findall(r"OPCODE_(\w+) = (0x\w\w)", packet)}
status = packet[packet.index("PACKET_OK"):]
numbers |= {"%s %s" % (number, name) for name, number in re.findall(r"PACKET_(\w+) = (0x\w\w)", status)}
tap.ok("packet.h is read", len(numbers) > 40, numbers)
tap.same("each opcode and status has its row", numbers,
         {row[0] for row in sections["Binary protocol"] if row[0].startswith("0x")})

# The checks.
missing = []
for row in rows:
    file, _, name = row[-1].partition(": ")
    file = file.strip("`")
    path = os.path.join(top, "tests", file)
    if not os.path.isfile(path) or not name:
        missing.append(row[-1])
    elif file.endswith(".tsv"):
        if name not in {c.replace("\\r\\n", "") for l in text_of("tests", file).split("\n") for c in l.split("\t")[:2]}:
            missing.append(row[-1])
    elif not re.search("['\"(]" + re.escape(name), text_of("tests", file)):
        missing.append(row[-1])
tap.same("each proof is a check that is there", [], missing)
tap.done()
