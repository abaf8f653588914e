#!/usr/bin/python3
"""python-memcached, as Debian packages it (1.59 or 1.62), and mcsh on the same caches."""

import memcache
from placement import many_keys, numbered, placement
from tap import Mcsh, Tap, end, flush, started

# The client that is installed decides how it places keys; 1.59 still calls itself 1.58.
VERSION = tuple(map(int, memcache.__version__.split(".")[:2]))
DISTRIBUTION = "python-memcached" if VERSION >= (1, 60) else "python-memcached-1.59"

tap = Tap()


def text_of(value):
    """What mcsh stored without a type is bytes to the client."""
    return value.decode() if isinstance(value, bytes) else value


one = started(1)
client = memcache.Client([one[0].address])
shell = Mcsh(one, "--profile", "python-memcached")

# What each type is in the cache and to mcsh. An object is named, and never unpickled.
for value, flags, kind, shown in (
    ("grüße", 16, "text", "grüße"),
    ("", 16, "text", ""),
    (42, 2, "int", 42),
    (-7, 2, "int", -7),
    (10**40, 2, "int", str(10**40)),
    (b"\x00\xff\r\n", 0, None, None),
    (True, 1, "object", None),
    (None, 1, "object", None),
    ({"a": [1, 2.5]}, 1, "object", None),
):
    client.set("k", value)
    got = shell.get("k")
    tap.same("%.40r: flags" % (value,), flags, got["flags"])
    tap.same("%.40r: type" % (value,), kind, got.get("type"))
    if shown is not None:
        tap.same("%.40r: value" % (value,), shown, got["decoded"])
    if kind == "object":
        tap.same("%.40r: named" % (value,), "pickle protocol 0", got["serialiser"])

client.set("k", 100)
client.decr("k", 1)
tap.same("an int that decr made shorter is one for python-memcached and mcsh", (99, 99), (client.get("k"), shell.get("k")["decoded"]))

client.set("k", b"\x00\xff\r\n")
tap.same("bytes of python-memcached arrive as they are", b"\x00\xff\r\n", shell.run(".format raw", "get k")[1])
client.set("k", "word " * 500, min_compress_len=100)
got = shell.get("k")
tap.same("compressed text: flags", 24, got["flags"])
tap.same("compressed text: container", "zlib", got["container"])
tap.same("compressed text: value", "word " * 500, got["decoded"])
client.set("k", b"word " * 500, min_compress_len=100)
got = shell.get("k")
tap.same("compressed bytes: flags", 8, got["flags"])
tap.same("compressed bytes: expanded", "word " * 500, got["decoded"])

# The other way round.
for command, value in (
    ("set --type text k grüße", "grüße"),
    ('set --type text k ""', ""),
    ("set --type int k 42", 42),
    ("set --type int k -7", -7),
    ("set --type int k %d" % 10**40, 10**40),
    ("set --type long k 42", 42),
    ('set --type bytes k "\\0\\xff\\r\\n"', b"\x00\xff\r\n"),
    ("set k plain", b"plain"),
    ("set --flags 1 k \"I01\\n.\"", True),
):
    tap.same("%s: stored" % command[:60], 0, shell.run(command)[0])
    tap.same("%s: read" % command[:60], value, client.get("k"))

long_text = "word " * 500
shell.run("set --type text --min-compress-len 100 k '%s'" % long_text)
tap.ok("text of mcsh is compressed", one[0].ask("mg k s").split()[1] < b"s999", one[0].ask("mg k s f"))
tap.same("text that mcsh compressed is expanded by the client", long_text, client.get("k"))
stored = one[0].ask("mg k v f")
client.set("k", long_text, min_compress_len=100)
tap.same("text that mcsh compressed has the bytes of the client's own", one[0].ask("mg k v f"), stored)
shell.run("set --min-compress-len 2500 k '%s'" % long_text)
tap.same("mcsh does not compress a value of just min_compress_len", b"HD s2500\r\n", one[0].ask("mg k s"))
client.set("k", long_text.encode(), min_compress_len=2500)
tap.same("the client does not compress a value of just min_compress_len", b"HD s2500\r\n", one[0].ask("mg k s"))
flags_of_int = shell.run("set --type int --min-compress-len 10 k %d" % 10**60)
tap.same("mcsh never compresses an int", b"HD f2 s61\r\n", one[0].ask("mg k f s"))

# Calls that change what the other stored.
shell.run("set --type int n 20")
tap.same("the client increments mcsh's int", 21, client.incr("n"))
tap.same("mcsh decrements the client's int", b"20\n", shell.run("decr n")[1])
tap.same("the client reads an int after mcsh's decr", 20, client.get("n"))
client.set("n", "one")
shell.run("append n -two", "prepend n zero-")
tap.same("append and prepend of mcsh keep the client's type", "zero-one-two", client.get("n"))
tap.same("the client misses what mcsh deleted", None, shell.run("delete n") and client.get("n"))
caching = memcache.Client([one[0].address], cache_cas=True)
client.set("c", "1")
caching.gets("c")
shell.run("set c 2")
tap.same("the client's cas fails after mcsh's change", False, caching.cas("c", "3"))

tap.same("the client's cas succeeds without a change in between", True, caching.gets("c") == b"2" and caching.cas("c", b"4"))
cas = shell.run("gets c")[1].split(b"\t")[1].decode()
tap.same("mcsh's cas with the number of its gets stores", b"STORED\n", shell.run("cas c 5 " + cas)[1])
tap.same("mcsh's cas with an old number does not store", (1, b"EXISTS\n"), shell.run("cas c 6 " + cas)[:2])

cas = shell.run("gets c")[1].split(b"\t")[1].decode()
tap.same("mcsh's cas --noreply stores", b"7\n", shell.run("cas --noreply c 7 " + cas, "get c")[1])

# Statistics.
for argument in ("", "settings"):
    [(_, theirs)] = client.get_stats(argument or None)
    [ours] = shell.json("stats " + argument)
    tap.same("stats %s: the same names" % argument, sorted(theirs), sorted(ours["stats"]))
for argument in ("items", "slabs"):
    [ours] = shell.json("stats " + argument)
    names = {name.rsplit(":", 1)[-1] for name in ours["stats"]}
    tap.ok("stats " + argument, names >= {"number" if argument == "items" else "chunk_size"}, names)

# Placement.
for weights in ((1, 1, 1), (1, 2, 3, 1, 2)):
    servers = started(*weights)
    many = memcache.Client([(server.address, server.weight) for server in servers])
    placement(
        tap,
        "%d servers" % len(servers),
        servers,
        Mcsh(servers, "--distribution", DISTRIBUTION),
        many.set,
        lambda key: text_of(many.get(key)),
        # Of this key the hash is 0, which versions before 1.60 take for 1.
        many_keys() + ["z37384"],
    )

    # A hash of the caller's own in the key's place.
    hashes = [0, 1, 2, 3, 7, 8, 12345, 2**31, 2**32 - 1]
    hashed = ["key-%d" % n for n in hashes]
    flush(servers, hashed)
    for n in hashes:
        many.set((n, "key-%d" % n), str(n))
    shell = Mcsh(servers, "--distribution", DISTRIBUTION)
    got = [shell.run("get --hash %d key-%d" % (n, n))[1] for n in hashes]
    tap.same("%d servers: (hash, key) is --hash" % len(servers), [b"%d\n" % n for n in hashes], got)
    flush(servers, hashed)
    for n in hashes:
        shell.run("set --hash %d key-%d %d" % (n, n, n))
    got = [many.get((n, "key-%d" % n)) for n in hashes]
    tap.same("%d servers: --hash is (hash, key)" % len(servers), [b"%d" % n for n in hashes], got)

    memcache.serverHashFunction, before = memcache.binascii.crc32, memcache.serverHashFunction
    placement(
        tap,
        "%d servers, useOldServerHashFunction" % len(servers),
        servers,
        Mcsh(servers, "--distribution", "python-memcached-crc32"),
        many.set,
        lambda key: text_of(many.get(key)),
    )
    memcache.serverHashFunction = before

# Servers that are dead: both hash again until they find one that is not.
for weights, dead in (((1, 1, 1), (1,)), ((1, 2, 3, 1, 2), (1, 3))):
    servers = started(*weights)
    for i in dead:
        end(servers[i].process)
    alive = [server for i, server in enumerate(servers) if i not in dead]
    name = "%d of %d servers dead" % (len(dead), len(servers))
    addresses = [(server.address, server.weight) for server in servers]
    shell = Mcsh(servers, "--distribution", DISTRIBUTION)
    values = numbered(many_keys(300))
    many = memcache.Client(addresses)
    tap.same(name + ": the client stores", {True}, {many.set(*item) for item in values.items()})
    tap.all_same(name + ": mcsh finds", values, shell.get_all(values))
    held = [server.holds(values) for server in alive]
    flush(alive, values)
    tap.same(name + ": mcsh stores", [], shell.store_all(values))
    found = {key: text_of(many.get(key)) for key in values}
    tap.all_same(name + ": the client finds", values, found)
    tap.same(name + ": in the same places", held, [server.holds(values) for server in alive])

# The calls for many keys at once.
servers = started(1, 2, 1)
many = memcache.Client([(server.address, server.weight) for server in servers])
shell = Mcsh(servers, "--distribution", DISTRIBUTION)
values = {"k%d" % i: "v%d" % i for i in range(50)}
tap.same("the client's set_multi with key_prefix stores all", [], many.set_multi(values, key_prefix="pfx_"))
status, out, _ = shell.run("get_multi --key-prefix pfx_ " + " ".join(values))
tap.same("mcsh's get_multi has what the client's set_multi stored", "".join("%s\t%s\n" % item for item in values.items()), out.decode())
status, out, _ = shell.run("delete_multi --key-prefix pfx_ " + " ".join(values))
tap.same("mcsh's delete_multi leaves the client nothing", {}, many.get_multi(list(values), key_prefix="pfx_"))
words = " ".join("%s %s" % item for item in values.items())
status, out, _ = shell.run("set_multi --key-prefix pfx_ --type text " + words)
tap.same("mcsh's set_multi ends well", 0, status)
tap.same("the client's get_multi has what mcsh's set_multi stored", values, many.get_multi(list(values), key_prefix="pfx_"))
many.delete_multi(list(values), key_prefix="pfx_")
status, out, _ = shell.run("get_multi --key-prefix pfx_ " + " ".join(values))
tap.same("the client's delete_multi leaves mcsh nothing", (1, b""), (status, out))

tap.done()
