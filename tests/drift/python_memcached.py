#!/usr/bin/python3
"""doc/python-memcached.md against the client that is installed and the mcsh that was built: every
public name and argument has a row, every row names a test that is there and, in mcsh's column,
words that mcsh knows. A row marked "since 1.60" or "until 1.59" is held against such a client alone.

It runs with /usr/bin/python3, for which Debian packages the client."""

import __future__
import inspect
import json
import os
import re
import subprocess
import types

import memcache
from tap import MCSH, Tap

TOP = os.environ["top_srcdir"]

tap = Tap()


def read_tables(path):
    """The rows of each section: lists of three cells."""
    tables = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("## "):
                rows = tables.setdefault(line[3:].strip(), [])
            elif line.startswith("| ") and not line.startswith("| ---"):
                rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return {name: rows[1:] for name, rows in tables.items()}


def spans(cell):
    return re.findall("`([^`]+)`", cell)


def public(holder):
    return {name: value for name, value in vars(holder).items() if not name.startswith("_")}


def arguments(function):
    return [name for name in inspect.signature(function).parameters if name != "self"]


def mcsh(*words):
    return subprocess.run([MCSH, *words], capture_output=True, check=True, timeout=60).stdout


# 1.59 still calls itself 1.58, and 1.62 calls itself 1.60.
NEW = tuple(map(int, memcache.__version__.split(".")[:2])) >= (1, 60)


def rows_of(section):
    """The section's rows for the client that is installed."""
    absent = "(until 1.59)" if NEW else "(since 1.60)"
    return [row for row in tables[section] if absent not in row[0]]


tables = read_tables(os.path.join(TOP, "doc", "python-memcached.md"))
rows = [(section, *row) for section in tables for row in tables[section]]
calls = {n: f for n, f in public(memcache.Client).items() if inspect.isfunction(f)}

tap.same_set(
    "the table has these sections",
    {"Making a Client", "Calls", "Arguments of calls", "Names of the module"},
    set(tables),
)
odd = {row for row in rows if len(row) != 4 or not all(row)}
tap.same_set("every row of the table has three cells, none of them empty", set(), odd)
tap.same_set(
    "the table has every argument of the constructor",
    set(arguments(memcache.Client.__init__)),
    {spans(row[0])[0] for row in rows_of("Making a Client")},
)
tap.same_set(
    "the table has every method",
    set(calls),
    {spans(row[0])[0] for row in rows_of("Calls")},
)
tap.same_set(
    "the table has every argument of a method",
    {"%s of %s" % (a, name) for name, function in calls.items() for a in arguments(function)},
    {
        "%s of %s" % (spans(row[0])[0], name)
        for row in rows_of("Arguments of calls")
        for name in spans(row[0])[1:]
    },
)


def own(value):
    """Whether a name of the module is more than something that it imports."""
    if inspect.isclass(value) or inspect.isfunction(value):
        return value.__module__ == "memcache"
    return not isinstance(value, (types.ModuleType, __future__._Feature))


of_module = {name for name, value in public(memcache).items() if own(value)}
in_client = public(memcache.Client).items()
of_client = {"Client." + name for name, value in in_client if inspect.isclass(value)}
tap.same_set(
    "the table has every name of the module",
    of_module | of_client,
    {spans(row[0])[0] for row in rows_of("Names of the module")},
)

# MemcachedStringEncodingError: made and never raised.
with open(memcache.__file__, encoding="utf-8") as file:
    source = file.read()
tap.same_set("StringEncodingError is never raised", set(), set(re.findall("raise .*StringEncodingError", source)))

tests = {(row[0][:40], name) for _, *row in rows for name in spans(row[2])}
tap.same_set("every row of the table names a test", set(), {row[0] for _, *row in rows if not spans(row[2])})
tap.same_set("every test that a row names exists", set(), {t for t in tests if not os.path.isfile(os.path.join(TOP, t[1]))})

# Words that mcsh is said to know.
known = json.loads(mcsh("--no-rc", "--format", "json", "-c", ".help"))["rows"]
usage = mcsh("--help").decode() + " ".join(row["usage"] for row in known)
usage += " --server --hash "
settings = {line.split("\t")[0] for line in mcsh("--no-rc", "-c", ".set").decode().splitlines()}
commands = {row["command"] for row in known}
distributions = mcsh("--no-rc", "127.0.0.1:1", "127.0.0.1:2", "-c", ".where k").decode()


def knows(text):
    """Whether each word of a code span in mcsh's column is one of mcsh's."""
    words = text.split()
    first = words[0]
    if first.startswith("--"):
        place = words[1] if first == "--distribution" and len(words) > 1 else None
        return first in usage and (place is None or "\t%s\t" % place in distributions)
    if first == ".set":
        return words[1] in settings
    if first.startswith("$") or first[0].isupper() or first[0] in "@0123456789":
        return first in ("$MEMCACHED_SERVERS", "SERVER...", "90s", "@UNIXTIME")
    return first in commands and all(w in usage for w in words[1:] if w.startswith("--"))


said = {(row[0][:40], text) for _, *row in rows for text in spans(row[1])}
tap.same_set("mcsh knows every word of the table", set(), {pair for pair in said if not knows(pair[1])})

tap.done()
