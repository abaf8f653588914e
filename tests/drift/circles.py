#!/usr/bin/python3
"""The files of src form no circles: not by what they include, and not by the functions that one
object uses of another. No function, enum or constant is declared in two headers.

A pair of files that need each other for a reason is named in doc/architecture.md, under "Allowed
circles", as "- a.c <-> b.c: reason"; each file of the circle may be given by its end (conn.c)."""

import collections
import os
import re
import subprocess

from tap import Tap

TOP = os.environ["top_srcdir"]
BUILD = os.environ["top_builddir"]
SRC = os.path.join(TOP, "src")

tap = Tap()


def none(name, wrong):
    """WRONG is empty."""
    tap.ok(name, not wrong, *wrong)


def files(*ends):
    for folder, _, names in sorted(os.walk(SRC)):
        for name in sorted(names):
            if name.endswith(ends):
                yield os.path.relpath(os.path.join(folder, name), SRC)


def read(name):
    with open(os.path.join(SRC, name), encoding="utf-8") as file:
        return file.read()


def allowed_pairs():
    """Of the map: a set of pairs of file names."""
    path = os.path.join(TOP, "doc", "architecture.md")
    if not os.path.exists(path):
        return set()
    with open(path, encoding="utf-8") as file:
        text = file.read()
    section = re.search(r"^#+ Allowed circles$(.*?)(?=^#|\Z)", text, re.M | re.S)
    pairs = re.findall(r"^- `?([\w./]+)`? <-> `?([\w./]+)`?: .", section[1] if section else "", re.M)
    return {frozenset(pair) for pair in pairs}


ALLOWED = allowed_pairs()
used = set()


def allows(a, b):
    for pair in ALLOWED:
        x, y = pair
        for p, q in ((x, y), (y, x)):
            if ("/" + a).endswith("/" + p) and ("/" + b).endswith("/" + q):
                used.add(pair)
                return True
    return False


def circles(graph):
    """The strongly connected components of more than one node, less the pairs that are allowed."""
    graph = {a: {b for b in graph[a] if not (a in graph.get(b, ()) and allows(a, b))} for a in graph}
    index, low, stack, found = {}, {}, [], []

    def visit(a):
        index[a] = low[a] = len(index)
        stack.append(a)
        for b in sorted(graph.get(a, ())):
            if b not in index:
                visit(b)
                low[a] = min(low[a], low[b])
            elif b in stack:
                low[a] = min(low[a], index[b])
        if low[a] == index[a]:
            at = stack.index(a)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for a in sorted(graph):
        if a not in index:
            visit(a)
    return [
        "%s:\n  %s" % (", ".join(group), "\n  ".join(
            "%s -> %s" % (a, b) for a in group for b in sorted(graph[a]) if b in group))
        for group in found
    ]


def symbols(sources):
    """The graph of the objects, and which header declares what each defines."""
    defined, wanted = {}, {}
    for name in sources:
        path = os.path.join(BUILD, "src", name[:-2] + ".o")
        if name.startswith("client/transport/tls") and not os.path.exists(path):
            continue  # the other of the two: with OpenSSL or without
        text = subprocess.run(["nm", path], stdout=subprocess.PIPE, check=True, text=True).stdout
        wanted[name] = set()
        for line in text.splitlines():
            kind, symbol = line.split()[-2:]
            if kind == "U":
                wanted[name].add(symbol)
            elif kind in "TDBRVW":
                defined[symbol] = name
    graph = {name: {defined[s] for s in wanted[name] if s in defined} - {name} for name in wanted}
    return graph, defined


sources = list(files(".c"))
headers = list(files(".h"))

include_graph = {
    name: set(re.findall(r'^#include "([\w./]+)"$', read(name), re.M)) & set(headers)
    for name in headers
}
none("no header includes itself by way of others", circles(include_graph))

link_graph, defined = symbols(sources)
none("no two objects use functions of each other", circles(link_graph))
tap.ok("the sources that were read are a hundred or more", len(sources) >= 100)
none("every circle that the map allows is one", ["%s <-> %s" % tuple(sorted(p)) for p in ALLOWED - used])

# What a header declares: functions and objects by the symbols that there are, tags, and constants.
places = collections.defaultdict(set)
bodies = collections.defaultdict(set)
for name in headers:
    text = re.sub(r"/\*.*?\*/", "", read(name), flags=re.S)
    for line in text.splitlines():
        declared = re.match(r"(?!typedef|return|#|static)[a-zA-Z][\w ]*[ *](\w+)(\(|;| =|\[)", line)
        if declared and declared[1] in defined:
            places[declared[1]].add(name)
    for tag in re.findall(r"^(?:struct|enum) \w+(?= \{)", text, re.M):
        bodies[tag].add(name)
    for body in re.findall(r"enum[^;{]*\{([^}]*)\}", text):
        for constant in re.findall(r"(?:^|,)\s*([A-Z]\w+)", body):
            bodies[constant].add(name)
    for macro in re.findall(r"^#define (\w+)", text, re.M):
        bodies[macro].add(name)
none("no name is declared in two headers", [
    "%s: %s" % (what, ", ".join(sorted(where)))
    for what, where in sorted({**places, **bodies}.items()) if len(where) > 1
])

def own_header(source, header):
    """foo.c and foo_bar.c are declared by foo.h; a folder's files by the header of its name, or by
    one for them alone."""
    folder, name = os.path.split(header[:-2])
    source_folder, source_name = os.path.split(source[:-2])
    if source_folder != folder:
        return False
    room = os.path.basename(folder).rstrip("s")
    return (source_name == name or source_name.startswith(name + "_")
            or name.rstrip("s") == room or name.endswith("_private"))


none("a header declares what its own source defines", sorted({
    "%s declares %s of %s" % (header, symbol, defined[symbol])
    for symbol, where in places.items()
    for header in where
    if not own_header(defined[symbol], header)
    and header[:-2] + ".c" in sources
}))

tap.done()
