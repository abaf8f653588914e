#!/usr/bin/python3
"""20,000 items that four clients have stored, of all sizes, in all classes and LRUs: .keys and .tree
count and list what was stored, and nothing else."""

import base64
import random
import re
import socket

import memcache
import pylibmc
from pymemcache.client.base import Client
from tap import Mcsh, Tap, started

EACH = 5000

tap = Tap()
server = started(1)[0]
shell = Mcsh([server])
random.seed(11)

python_memcached = memcache.Client([server.address])
libmemcached = pylibmc.Client([server.address])
bare = Client(("127.0.0.1", server.port), default_noreply=False)

# Sizes in some twenty slab classes, and all of it in 64 MB; half of it expires.
stored = {}
for number in range(EACH):
    size = int(1.5 ** random.uniform(0, 21))
    value = "x" * size
    ttl = random.choice((0, 0, 600, 86400))
    for name, key in (
        ("memcache", "session:%d" % number),
        ("pylibmc", "page/%d/html" % number),
        ("pymemcache", "user_%d-cart" % number),
        ("meta", "bin\x00 %d" % number),
    ):
        stored[key] = (name, len(value), ttl)

with socket.create_connection(("127.0.0.1", server.port)) as connection:
    answers = connection.makefile("rb")
    for key, (name, size, ttl) in stored.items():
        if name == "memcache":
            assert python_memcached.set(key, "x" * size, time=ttl)
        elif name == "pylibmc":
            assert libmemcached.set(key, "x" * size, time=ttl)
        elif name == "pymemcache":
            assert bare.set(key, "x" * size, expire=ttl)
        else:
            coded = base64.b64encode(key.encode()).decode()
            connection.sendall(b"ms %s %d b T%d\r\n%s\r\n" % (coded.encode(), size, ttl, b"x" * size))
            assert answers.readline().startswith(b"HD")

# Items that were read, some of them long ago in another LRU.
read = {"session:%d" % number for number in range(0, EACH, 7)}
for key in read:
    assert python_memcached.get(key)
server.ask("lru mode segmented")


def listed(*options):
    status, out, err = shell.run(".keys " + " ".join(options))
    assert status == 0 and err == b"", (status, err)
    unescaped = re.sub(rb"\\(0|x[0-9a-f]{2}|.)", lambda m: b"\0" if m[1] == b"0" else m[1], out)
    return {line.decode() for line in unescaped.splitlines()}


def count(*options):
    status, out, err = shell.run(".keys --count " + " ".join(options))
    assert status == 0 and err == b"", (status, err)
    return int(out)


everything = set(stored)
tap.same("all that was stored is there", 4 * EACH, int(dict(
    line.split()[1:] for line in server.ask("stats", b"END\r\n").splitlines() if line.startswith(b"STAT curr_items")
)[b"curr_items"]))
tap.same("--count counts all of it", 4 * EACH, count())
tap.same_set("all of it is listed", everything, listed())
tap.same("--prefix", EACH, count("--prefix", "session:"))
tap.same_set("GLOB", {k for k in everything if k.startswith("page/") and k.endswith("7/html")}, listed("page/*7/html"))
tap.same_set("GLOB over a NUL and a blank", {k for k in everything if k.startswith("bin")}, listed("bin*"))
tap.same_set("--match", {k for k in everything if re.search("[13]5", k)}, listed("--match", "[13]5"))
tap.same_set("--forever", {k for k, v in stored.items() if v[2] == 0}, listed("--forever"))
tap.same("--ttl-under", sum(v[2] == 600 for v in stored.values()), count("--ttl-under", "1h"))
tap.same("--ttl-over", sum(v[2] == 86400 for v in stored.values()), count("--ttl-over", "1h"))
tap.same_set("--unread", everything - read, listed("--unread"))
tap.same("larger and smaller are all but those of that size", 4 * EACH, count("--larger", "999") + count("--smaller", "1000"))

objects = [o for o in shell.json(".keys --long") if "key" in o]
classes = {o["class"] for o in objects}
tap.ok("the items are in more than fifteen classes", len(classes) > 15, classes)
tap.same("the classes together are all", 4 * EACH, sum(count("--class", str(c)) for c in sorted(classes)))
values = {o["key"]: o["size"] for o in objects}
wrong = [k for k in stored if k in values and not 0 < values[k] - stored[k][1] - len(k) < 80]
tap.same("a size is header, key and value", [], wrong[:3])
top = [o["key"] for o in shell.json(".keys --sort size --limit 50") if "key" in o]
tap.same("--sort size: the largest fifty", sorted(values.values())[-50:][::-1], [values[k] for k in top])

rows = [o for o in shell.json(".tree --depth 1") if "key" in o]
tap.all_same(
    ".tree has each kind of key once",
    {"session:<n>": EACH, "page/<n>/html": EACH, "user_<n>-cart": EACH, "bin\x00 <n>": EACH},
    {o["key"]: o["items"] for o in rows},
)
tap.same(".tree has all bytes", sum(values.values()), sum(o["bytes"] for o in rows))

tap.done()
