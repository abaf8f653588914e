#!/usr/bin/python3
"""The layout changes: a server is down, one is added, one has another port or name, the weights
are others. The clients and mcsh lose, keep and move the same keys."""

import collections
import json
import os
import subprocess

import memcache
import pylibmc
from placement import many_keys, numbered
from tap import Mcsh, Tap, end, flush, started, work

tap = Tap()

# File names to memccp, so without a slash.
KEYS = [key for key in many_keys(1000) if "/" not in key]
VALUES = numbered(KEYS)


def named(server):
    """A server as a client is given it: host:port:weight. A name may stand in its place."""
    return server if isinstance(server, str) else "%s:%d" % (server.address, server.weight)


def text(value):
    return value.decode() if isinstance(value, bytes) else value


class Pylibmc:
    """What libmemcached refuses is the key's loss."""

    def __init__(self, **behaviors):
        self.behaviors = behaviors

    def connect(self, servers):
        client = pylibmc.Client(list(map(named, servers)), behaviors=self.behaviors)

        def attempt(call, *arguments):
            try:
                return call(*arguments)
            except pylibmc.Error:
                return None

        def store(values):
            return {key for key in values if attempt(client.set, key, values[key])}

        def load(keys):
            found = {key: attempt(client.get, key) for key in keys}
            return {key: text(value) for key, value in found.items() if value is not None}

        return store, load


class PythonMemcached:
    def connect(self, servers):
        pairs = [named(server).rsplit(":", 1) for server in servers]
        client = memcache.Client([(address, int(weight)) for address, weight in pairs])

        def store(values):
            return {key for key in values if client.set(key, values[key])}

        def load(keys):
            found = {key: client.get(key) for key in keys}
            return {key: text(value) for key, value in found.items() if value is not None}

        return store, load


class Tools:
    """memccp and memccat: the key is the file's name. They write no weight as mcsh does."""

    def connect(self, servers):
        listed = "--servers=" + ",".join(named(server).rsplit(":", 1)[0] for server in servers)
        names = {value: key for key, value in VALUES.items()}

        def store(values):
            for key, value in values.items():
                with open(os.path.join(work, key), "w", encoding="ascii") as file:
                    file.write(value)
            # It ends at the first failure.
            paths = [os.path.join(work, key) for key in values]
            done = subprocess.run(["memccp", listed, *paths], capture_output=True, timeout=60)
            return set(values) if done.returncode == 0 else set()

        def load(keys):
            done = subprocess.run(["memccat", listed, *keys], capture_output=True, timeout=60)
            return {names[word]: word for word in done.stdout.decode().split()}

        return store, load


def shell_on(servers, *options):
    return Mcsh(list(map(named, servers)), *options)


def places(servers, keys):
    """The number of the server that holds each key."""
    return {key: i for i, server in enumerate(servers) for key in server.held(keys)}


def lost(shell, values):
    """The keys that mcsh cannot store, each by a command of its own."""
    script = ".format json\n" + "".join("set %s %s\n" % item for item in values.items())
    _, out, _ = shell.run(script=script.encode())
    answers = [json.loads(line) for line in out.splitlines()]
    return {answer["key"] for answer in answers if answer["status"] == "lost"}


def moves(shell, distribution, servers):
    """What .where --moved counts, and the share that it reports as moving."""
    words = [".where --moved", distribution, distribution, *map(named, servers)]
    status, out, err = shell.run(" ".join(words))
    rows = [line.split("\t") for line in out.decode().splitlines()]
    counted = collections.Counter({(row[0], row[1]): int(row[2]) for row in rows})
    moving = sum(int(row[2]) for row in rows if row[4] == "yes")
    return (status, err), counted, moving


def changed(name, client, distribution, before, after, real_before, real_after, bounds):
    """BEFORE and AFTER are the layouts as the clients are given them, with their processes in
    REAL_...: the same process under two names holds what it held. BOUNDS: the least and the
    largest share of the keys that move."""
    every = list({server.port: server for server in real_before + real_after}.values())
    store, _ = client.connect(before)
    tap.same(name + ": the client stores", set(VALUES), store(VALUES))
    old = places(real_before, KEYS)
    old_shell = shell_on(before, "--distribution", distribution)
    tap.all_same(name + ": before it mcsh finds all", VALUES, old_shell.get_all(KEYS))
    ended, counted, moving = moves(old_shell, distribution, after)
    tap.same(name + ": .where --moved ends well", (0, b""), ended)

    store, load = client.connect(after)
    new_shell = shell_on(after, "--distribution", distribution)
    found = load(KEYS)
    tap.all_same(name + ": after it mcsh finds and misses what the client does", found, new_shell.get_all(KEYS))

    flush(every, KEYS)
    tap.same(name + ": the client stores again", set(VALUES), store(VALUES))
    new = places(real_after, KEYS)
    stay = {key for key in KEYS if real_before[old[key]] is real_after[new[key]]}
    tap.same(name + ": those that stay are found", stay, set(found))

    names = [[named(s).rsplit(":", 1)[0] for s in layout] for layout in (before, after)]
    real = collections.Counter((names[0][old[key]], names[1][new[key]]) for key in KEYS)
    tap.all_same(name + ": .where --moved counts the keys that the client moves", real, counted)
    share = moving / len(KEYS)
    tap.ok("%s: %.3f of the keys move" % (name, share), bounds[0] <= share <= bounds[1], bounds)
    flush(every, KEYS)
    return old, new


def weighing(servers, weights):
    return ["%s:%d" % pair for pair in zip((s.address for s in servers), weights)]


LEGACY = "python-memcached"
if tuple(map(int, memcache.__version__.split(".")[:2])) < (1, 60):
    LEGACY = "python-memcached-1.59"
RINGS = (
    ("pylibmc ketama", Pylibmc(ketama=True), "ketama-plain"),
    ("pylibmc ketama_weighted", Pylibmc(ketama_weighted=True), "ketama"),
)
MODULO = (
    ("pylibmc", Pylibmc(), "modula"),
    ("memccp", Tools(), "modula"),
    ("python-memcached", PythonMemcached(), LEGACY),
)

for name, client, distribution in RINGS + MODULO:
    ring = (name, client, distribution) in RINGS
    # The crawler lists what was flushed, as long as nobody asked for it: new servers each time.
    a, b, c, d = started(1, 1, 1, 1)
    old, new = changed(
        name + ", a fourth server", client, distribution, [a, b, c], [a, b, c, d], [a, b, c], [a, b, c, d],
        (0.15, 0.35) if ring else (0.65, 0.85),
    )
    if ring:
        tap.same(name + ", a fourth server: what moves, moves to it", {3}, {new[k] for k in KEYS if new[k] != old[k]})

    a, b, c, d = started(1, 1, 1, 1)
    old, new = changed(
        name + ", the second on another port", client, distribution, [a, b, c], [a, d, c], [a, b, c], [a, d, c],
        (0.35, 0.75) if ring else (0.2, 0.45),
    )
    if not ring:
        tap.same(name + ", the second on another port: its keys move, and no others", old, new)

    # The same process by another name: to a ring another server, to a modulo the same one.
    a, b, c = started(1, 1, 1)
    renamed = "127.1:%d:1" % b.port
    store, _ = client.connect([a, b, c])
    store(VALUES)
    _, load = client.connect([a, renamed, c])
    found = load(KEYS)
    got = shell_on([a, renamed, c], "--distribution", distribution).get_all(KEYS)
    tap.all_same(name + ", the second by another name: mcsh finds and misses what the client does", found, got)
    tap.ok(name + ", the second by another name: some are missed on a ring alone", (len(found) < len(KEYS)) == ring, len(found))

    if name != "memccp":
        a, b, c = started(1, 1, 1)
        weighted = weighing([a, b, c], (1, 2, 3))
        old, new = changed(
            name + ", weights 1:2:3", client, distribution, [a, b, c], weighted, [a, b, c], [a, b, c],
            # libmemcached's modulo knows no weights; its plain ring is another once it has some.
            (0, 0) if distribution == "modula" else (0.15, 0.75),
        )
        counts = [list(new.values()).count(i) / len(KEYS) for i in range(3)]
        near = all(abs(got - want) < 0.1 for got, want in zip(counts, (1 / 6, 2 / 6, 3 / 6)))
        fair = all(abs(got - 1 / 3) < 0.1 for got in counts)
        tap.ok(name + ", weights 1:2:3: each server has its share", fair if distribution == "modula" else near, counts)

# One of three is down. libmemcached gives no key to another server unless it ejects: dead_retry off.
for name, behaviors, distribution in (
    ("pylibmc", {}, "modula"),
    ("pylibmc ketama", {"ketama": True}, "ketama-plain"),
    ("pylibmc ketama_weighted", {"ketama_weighted": True}, "ketama"),
):
    for weights in ((1, 1, 1), (1, 2, 3)):
        servers = started(*weights)
        up = [servers[0], servers[1]]
        name_of = "%s, the third of %s down: " % (name, ":".join(map(str, weights)))
        end(servers[2].process)
        store, load = Pylibmc(**behaviors).connect(servers)
        stored = store(VALUES)
        held = [server.held(KEYS) for server in up]
        flush(up, KEYS)
        off = shell_on(servers, "--distribution", distribution, "--dead-retry", "off")
        tap.same_set(name_of + "with dead_retry off mcsh loses the keys that the client loses", set(KEYS) - stored, lost(off, VALUES))
        tap.ok(name_of + "those are a part of all", 0.1 < 1 - len(stored) / len(KEYS) < 0.7, len(stored))
        tap.same(name_of + "the others are in the same places", held, [server.held(KEYS) for server in up])
        found = load(KEYS)
        tap.same_set(name_of + "the client reads them", stored, set(found))
        tap.all_same(name_of + "mcsh reads them at once", found, off.get_all(KEYS))
        flush(up, KEYS)

        # Ejected, its keys go on along the ring. The first key is lost to the discovery.
        if distribution == "modula":
            continue
        ejecting = Pylibmc(auto_eject=True, failure_limit=1, dead_timeout=60, **behaviors)
        store, load = ejecting.connect(servers)
        store(VALUES)
        flush(up, KEYS)
        tap.same(name_of + "a client that ejects stores all", set(VALUES), store(VALUES))
        # The ring is made again of those that are left, whose weights are to each other's mean.
        left = shell_on(up, "--distribution", distribution)
        tap.all_same(name_of + "ejected, mcsh on those that are left finds all", VALUES, left.get_all(KEYS))
        if weights == (1, 1, 1):
            shell = shell_on(servers, "--distribution", distribution)
            tap.all_same(name_of + "ejected, mcsh on all three finds all", VALUES, shell.get_all(KEYS))
            held = [server.held(KEYS) for server in up]
            flush(up, KEYS)
            tap.same(name_of + "ejected, mcsh loses none", set(), lost(shell, VALUES))
            tap.same(name_of + "ejected, mcsh stores in the same places", held, [server.held(KEYS) for server in up])
            tap.same(name_of + "ejected, the client reads them", VALUES, load(KEYS))

tap.done()
