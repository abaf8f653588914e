#!/usr/bin/python3
"""doc/architecture.md against the tree: the files that it names exist; each include is one that its
table of rooms allows; each function of the route stands in the file beside it, and the route is
short; the sources use each word of the glossary. And command/list.h has every command."""

import os
import re

from tap import Tap

TOP = os.environ["top_srcdir"]
ROUTE_FILES = 12  # from the line to the bytes, outside of base

tap = Tap()


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


def spans(text):
    return re.findall("`([^`\n]+)`", text)


def sections(text):
    """The text below each heading, up to the next one."""
    parts = re.split(r"^#+ (.*)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def table(text):
    """The rows of a table as lists of cells, without its head."""
    lines = [line.strip().strip("|") for line in text.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


page = read("doc/architecture.md")
section = sections(page)
sources = {}
for folder, _, names in os.walk(os.path.join(TOP, "src")):
    for name in names:
        if name.endswith((".c", ".h")):
            path = os.path.relpath(os.path.join(folder, name), TOP)
            sources[path] = read(path)

# Files and folders.
named = {s for s in spans(page) if re.fullmatch(r"[\w.-]+(/[\w.-]+)+", s)}
named |= set(re.findall(r"\btests/[\w/]+\b(?:\.\w+)?", page))
rooms = {row[0].strip("`"): spans(row[2]) for row in table(section["Rooms"])}
missing = sorted(
    name
    for name in named - set(rooms)
    if not os.path.exists(os.path.join(TOP, name)) and not os.path.exists(os.path.join(TOP, name + ".c"))
)
tap.ok("the map names %d files or folders, 40 at least" % len(named), len(named) >= 40)
tap.ok("every file and folder that the map names exists", not missing, *missing)
for name in rooms:
    tap.ok("the table of rooms: %s exists" % name, os.path.exists(os.path.join(TOP, "src", name)))

# Rooms: includes.


def room_of(path):
    """The row that PATH, below src, belongs to."""
    while path and path not in rooms:
        path = os.path.dirname(path)
    return path


def lies_in(path, room):
    return path == room or path.startswith(room + "/")


wrong = []
for path, text in sorted(sources.items()):
    path = path[len("src/") :]
    room = room_of(path)
    if not room:
        wrong.append("%s: no row has its folder" % path)
    for included in re.findall(r'^#include "([\w./]+)"', text, re.M):
        if included == "config.h" or not room:
            continue
        if "src/" + included not in sources:
            wrong.append("%s includes %s, which is not there" % (path, included))
        elif not lies_in(included, room):
            if not any(lies_in(included, other) for other in rooms[room]):
                wrong.append("%s includes %s: not in the row of %s" % (path, included, room))
tap.ok("the table of rooms allows each include of %d files" % len(sources), not wrong, *wrong)
order = list(rooms)
back = [
    "%s allows %s" % (room, other)
    for i, room in enumerate(order)
    for other in rooms[room]
    if other not in order[:i] and other != os.path.dirname(room)
]
tap.ok("the table of rooms: a room allows those above it, and the one that it is in", not back, *back)
libedit = [path for path, text in sources.items() if "<histedit.h>" in text]
tap.ok("term alone includes libedit", all(p.startswith("src/term/") for p in libedit), *libedit)

# The route. A row's function, such as build_get, is called by its place in the row: ->build().


def steps(text):
    """Of each step the file, its functions, and the files by which they are called."""
    for step in re.findall(r"^\d+\. ((?:.+\n)+?)(?=\d|\n|\Z)", text, re.M):
        (path, *functions), via = spans(step.split(":")[0]), spans(step.split(":", 1)[1])
        yield path, functions, [name for name in via if name in sources]


def calls(text, function):
    return re.search(r"\b%s\b|->%s\(" % (function, function.split("_")[0]), text)


there, back = map(list, map(steps, section["The route of one command"].split("And back")))
for path, functions, _ in there + back:
    text = sources.get(path, "")
    for function in functions:
        defined = re.search(r"^\w[\w *]*\b%s\(" % function, text, re.M)
        tap.ok("the route: %s defines %s" % (path, function), defined)
before, strange = [there[0][0]], []
for path, functions, via in there[1:] + back:
    if not any(calls(sources.get(b, ""), f) for b in before + via for f in functions):
        strange.append(path)
    before.append(path)
tap.ok("the route: each file is called by one before it", not strange, *strange)
sends = [p for p, _, _ in there if re.search(r"\b(send|sendmsg|writev?|transport_write)\(", sources.get(p, ""))]
tap.ok("the route: one file of the way there sends", len(sends) == 1, *sends)
files = {path for path, _, _ in there if not path.startswith("src/base/")}
tap.ok("the route: %d files from the line to the bytes, 12 at most" % len(files), 5 < len(files) <= ROUTE_FILES)

# The glossary.
words = [row[0] for row in table(section["Glossary"])]
text = "\n".join(sources.values())
strange = [w for w in words if not re.search(r"\b%s" % w, text, re.I)]
tap.ok("the glossary has %d words, 25 at least" % len(words), len(words) >= 25)
tap.ok("the glossary: the sources use each word", not strange, *strange)
tap.same("the glossary: each word has one line", sorted(set(words)), sorted(words))

# The list of commands.
listed = re.findall(r"^COMMAND\((\w+)\)", sources["src/command/list.h"], re.M)
defined = re.findall(r"^const struct command command_(\w+) = ", text, re.M)
tap.same_set("src/command/list.h has each row of a command", set(defined), set(listed))
tap.same("src/command/list.h has each row once", len(set(listed)), len(listed))

# It is part of what is released, and found.
tap.ok("doc/architecture.md is in the release", "doc/architecture.md" in read("Makefile.am"))
tap.ok("README names doc/architecture.md", "doc/architecture.md" in read("README"))
tap.done()
