#!/usr/bin/python3
"""What .report, .tree, slabs, stats --since and .top say of caches is what was put into them, to the
item and the byte: each cache is built from a list, and what is to be shown is counted from that."""

import json
import socket
import subprocess
import time
from statistics import median

from tap import MCSH, Mcsh, Memcached, Tap

# memcached's header of an item, its cas, the zero byte after the key, and CR LF.
HEADER = 48 + 8 + 1 + 2
HOUR, DAY = 3600, 86400

tap = Tap()


class Item:
    def __init__(self, key, length, ttl=0, reads=0):
        self.key, self.length, self.ttl, self.reads = key, length, ttl, reads
        self.size = HEADER + len(key) + length


def fill(server, items):
    """Stores ITEMS, and reads them as often as they say."""
    lines = [
        b"set %s 0 %d %d noreply\r\n%s\r\n" % (i.key.encode(), i.ttl, i.length, b"x" * i.length)
        for i in items
    ]
    lines += [b"get %s\r\n" % i.key.encode() for i in items for _ in range(i.reads)]
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(b"".join(lines) + b"mn\r\n")
        got = b""
        while not got.endswith(b"MN\r\n"):
            got += connection.recv(1 << 20)


def sums(items):
    return {"items": len(items), "bytes": sum(i.size for i in items)}


def classes(items, value, borders):
    """A histogram of ITEMS: the sums from each border up to the next one."""
    found = {}
    for item in items:
        below = max(border for border in borders if border <= value(item))
        found.setdefault(below, []).append(item)
    return {border: sums(inside) for border, inside in found.items()}


def shown(rows):
    return {
        row["from"]: {"items": row["items"], "bytes": row["bytes"]} for row in rows if row["items"]
    }


def report(*servers):
    return Mcsh(servers).json(".report")[-1]


def tree(server, line):
    *rows, end = Mcsh([server]).json(line)
    return {row["key"]: row for row in rows}, end


# Sizes on both sides of each border, and the classes that they are in.
SIZES = [0] + [64 << n for n in range(15)]
server = Memcached()
items = [
    Item("s%d" % n, size - HEADER - len("s%d" % n))
    for n, size in enumerate(
        size for border in SIZES[1:13] for size in (border - 1, border, border + 1) if size >= 62
    )
]
fill(server, items)
page = report(server)
tap.same("sizes: all items and bytes", sums(items), page["keys"]["all"])
tap.same(
    "sizes: curr_items and bytes of stats are the same",
    sums(items),
    {"items": page["counters"]["curr_items"], "bytes": page["counters"]["bytes"]},
)
tap.same(
    "sizes: each class of the histogram",
    classes(items, lambda i: i.size, SIZES),
    shown(page["keys"]["size"]),
)
tap.same(
    "sizes: the ten largest, in their order",
    sorted((i.size for i in items), reverse=True)[:10],
    [row["bytes"] for row in page["keys"]["largest"]],
)
rows = Mcsh([server]).json("slabs")[-1]["rows"]
chunks = sorted(row["chunk_size"] for row in rows)
wanted = {chunk: [] for chunk in chunks}
for item in items:
    wanted[next(chunk for chunk in chunks if chunk >= item.size)].append(item)
tap.same(
    "sizes: slabs has each item in the smallest chunk that holds it, with what it uses and wastes",
    {c: (len(i), sums(i)["bytes"], c * len(i) - sums(i)["bytes"]) for c, i in wanted.items()},
    {row["chunk_size"]: (row["items"], row["used"], row["wasted"]) for row in rows},
)

# Times to live.
TTLS = [0, 60, 600, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY]
server = Memcached()
ttls = [30, 30, 300, 900, 1800, 5000, 5000, 20000, 40000, 2 * DAY, 8 * DAY, 29 * DAY, 0, 0, 0, 0, 0]
items = [Item("t:%d:x" % n, 10 + n, ttl) for n, ttl in enumerate(ttls)]
items += [Item("u:%d" % n, 5, 0 if n % 4 else 4050 + 100 * n) for n in range(400)]
fill(server, items)
page = report(server)
# Some seconds pass: no time to live is near a border.
wanted = classes([i for i in items if i.ttl], lambda i: i.ttl - 10, TTLS)
wanted[None] = sums([i for i in items if not i.ttl])
tap.same("ttl: each class of the histogram, and never", wanted, shown(page["keys"]["ttl"]))
tap.same("ttl: what never expires", wanted[None], page["keys"]["forever"])
rows, end = tree(server, ".tree --depth 1")
for name in ("t", "u"):
    own = [i for i in items if i.key.startswith(name)]
    row = next(r for key, r in rows.items() if key.startswith(name))
    tap.same(
        ".tree: items, bytes, share and what never expires of %s" % name,
        {**sums(own), "share": round(100 * sums(own)["bytes"] / sums(items)["bytes"], 1)}
        | {"forever": sum(not i.ttl for i in own)},
        {name: row[name] for name in ("items", "bytes", "share", "forever")},
    )
    half = median(i.ttl for i in own if i.ttl)
    tap.ok(
        ".tree: the ttl of half of %s is the median, to a step of the root of 2" % name,
        half / 1.5 <= row["ttl"] <= half * 1.5,
        half,
        row["ttl"],
    )
tap.same(".tree: the end has all", sums(items), {name: end[name] for name in ("items", "bytes")})
fewer = [i for i in items if i.key.startswith("u:") and i.ttl]
page = Mcsh([server]).json(".report u:* --ttl-over 1m")[-1]
tap.same(".report of a part: its items and bytes", sums(fewer), page["keys"]["all"])

# Reads.
server = Memcached()
items = [Item("r:%d" % n, n % 50, reads=n % 3) for n in range(300)]
items += [Item("cold:%d" % n, 100) for n in range(40)]
fill(server, items)
page = report(server)
unread = [i for i in items if not i.reads]
tap.same("reads: what was never read", sums(unread), page["keys"]["unread"])
tap.same(
    "reads: the unread bytes of each prefix",
    {
        name: sums([i for i in unread if i.key.startswith(name)])["bytes"]
        for name in ("r:", "cold:")
    },
    {row["prefix"]: row["unread_bytes"] for row in page["keys"]["prefixes"]},
)
tap.same(
    "reads: gets, all of them hits",
    [sum(i.reads for i in items)] * 2,
    [page["counters"][name] for name in ("cmd_get", "get_hits")],
)

# An interval.
server = Memcached()
fill(server, [Item("k", 1, reads=50)])
gone = "get nope" + "\nget k" * 3
script = ".format json\nstats\n%s\nset n 1\ndelete n\nstats --since\n" % "\n".join([gone] * 25)
since = json.loads(Mcsh([server]).run(script=script.encode())[1].splitlines()[-1])["servers"][0]
names = ("cmd_get", "get_hits", "get_misses", "cmd_set", "delete_hits")
risen = [since["stats"][name]["change"] for name in names]
tap.same(
    "stats --since: gets, hits, misses, sets and deletes of the interval, and no others",
    [100, 75, 25, 1, 1, 75.0],
    [*risen, since["hit_ratio"]],
)
tap.same("stats --since: now is what stats has", 150, since["stats"]["cmd_get"]["now"])
tap.same(
    "stats --since: gets a second are those of the counter",
    since["stats"]["cmd_get"]["per_second"],
    since["gets_a_second"],
)

# Several servers, and what happens on them while .top looks.
servers = [Memcached(), Memcached()]
spread = [[Item("a:%d" % n, 20) for n in range(30)], [Item("b:%d" % n, 30) for n in range(20)]]
for one, own in zip(servers, spread):
    fill(one, own)
page = report(*servers)
tap.same("several: the sum", sums(spread[0] + spread[1]), page["keys"]["all"])
tap.same("several: each", [sums(own) for own in spread], [s["listed"] for s in page["servers"]])
asked = Mcsh(servers).json(*("get " + i.key for own in spread for i in own))
home = {row["key"]: row["server"] for row in asked}
lost = [i for one, own in zip(servers, spread) for i in own if home[i.key] != one.address]
tap.same("several: what lies where nobody asks for it", sums(lost), page["keys"]["misplaced"])
top = subprocess.Popen(
    [MCSH, "--no-rc", *(s.address for s in servers), "--format=json", "-c", ".top --for 3s 250ms"],
    stdin=subprocess.DEVNULL,
    stdout=subprocess.PIPE,
)
looks = [json.loads(top.stdout.readline()) for _ in servers]
fill(servers[0], [Item("x", 1, reads=700)])
fill(servers[1], [Item("y", 1, reads=200)])
looks += [json.loads(line) for line in top.communicate()[0].splitlines()[:-1]]
for one, gets, items in zip(servers, (700, 200), (31, 21)):
    own = [look for look in looks if look["server"] == one.address]
    counted, stored = (
        sum(look[name] * (look["time"] - before["time"]) for before, look in zip(own, own[1:]))
        for name in ("gets", "sets")
    )
    tap.ok(
        ".top: the gets of all looks are those that there were",
        abs(counted - gets) <= gets / 20,
        counted,
        gets,
    )
    tap.ok(".top: the sets of all looks are those that there were", abs(stored - 1) <= 0.1, stored)
    tap.same(".top: items in the last look", items, own[-1]["items"])
tap.done()
