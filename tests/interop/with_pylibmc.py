#!/usr/bin/python3
"""pylibmc, the Python side of libmemcached, and mcsh on the same caches."""

import pylibmc
from placement import placement
from tap import Mcsh, Tap, started

tap = Tap()

one = started(1)
client = pylibmc.Client([one[0].address])
shell = Mcsh(one, "--profile", "pylibmc")

for value, flags, kind, shown in (
    ("grüße", 16, "text", "grüße"),
    (42, 4, "int", 42),
    (-7, 4, "int", -7),
    (10**40, 4, "int", str(10**40)),
    (b"\x00\xff\r\n", 0, None, None),
    (True, 2, "bool", True),
    (False, 2, "bool", False),
    (1.5, 1, "object", None),
    ({"a": [1, 2.5]}, 1, "object", None),
):
    client.set("k", value)
    got = shell.get("k")
    tap.same("%.40r: flags" % (value,), flags, got["flags"])
    tap.same("%.40r: type" % (value,), kind, got.get("type"))
    if shown is not None:
        tap.same("%.40r: value" % (value,), shown, got["decoded"])

client.set("k", b"\x00\xff\r\n")
tap.same("bytes of pylibmc arrive as they are", b"\x00\xff\r\n", shell.run(".format raw", "get k")[1])
for value, flags, kind in (("word " * 500, 24, "text"), (10**2000, 12, "int")):
    client.set("k", value, min_compress_len=100)
    got = shell.get("k")
    tap.same("compressed %s: flags" % kind, flags, got["flags"])
    tap.same("compressed %s: type" % kind, kind, got["type"])
    tap.same("compressed %s: container" % kind, "zlib", got["container"])
    tap.same("compressed %s: value" % kind, str(value), got["decoded"])

long_text = "word " * 500
for command, value in (
    ("set --type text k grüße", "grüße"),
    ("set --type int k 42", 42),
    ("set --type int k -7", -7),
    ("set --type long k %d" % 10**40, 10**40),
    ('set --type bytes k "\\0\\xff\\r\\n"', b"\x00\xff\r\n"),
    ("set --flags 2 k 1", True),
    ("set --type text --min-compress-len 100 k '%s'" % long_text, long_text),
    ("set --type int --min-compress-len 100 k %d" % 10**2000, 10**2000),
):
    tap.same("%s: stored" % command[:60], 0, shell.run(command)[0])
    # A bool comes back as the int that it is in Python.
    tap.ok("%s: read" % command[:60], value == client.get("k"), client.get("k"))
tap.ok("mcsh compresses for pylibmc", b" f12" in one[0].ask("mg k f"))

client.set("k", 100)
client.decr("k")
tap.same("an int that decr made shorter is one for pylibmc and mcsh", (99, 99), (client.get("k"), shell.get("k")["decoded"]))


# The binary protocol on either side.
packets = pylibmc.Client([one[0].address], binary=True)
packed = Mcsh(one, "--profile", "pylibmc", "--protocol", "binary")
for value, flags, kind, shown in (
    ("grüße", 16, "text", "grüße"),
    (42, 4, "int", 42),
    (b"\x00\xff\r\n", 0, None, None),
    ({"a": [1, 2.5]}, 1, "object", None),
    ("word " * 500, 16, "text", "word " * 500),
):
    packets.set("packet", value)
    for which, reader in (("packets", packed), ("lines", shell)):
        got = reader.get("packet")
        name = "%.20r, set by packets, read by %s: " % (value, which)
        tap.same(name + "flags", flags, got["flags"])
        tap.same(name + "type", kind, got.get("type"))
        if shown is not None:
            tap.same(name + "value", shown, got["decoded"])
for command, value in (
    ("set --type text packet grüße", "grüße"),
    ("set --type int packet 42", 42),
    ('set --type bytes packet "\\0\\xff\\r\\n"', b"\x00\xff\r\n"),
    ("set --type text --min-compress-len 100 packet '%s'" % long_text, long_text),
    ("incr --initial 9 --time 60 packet_number", b"9"),
):
    key = "packet_number" if "packet_number" in command else "packet"
    tap.same("%s, by packets: stored" % command[:40], 0, packed.run(command)[0])
    tap.same("%s, by packets: read by packets" % command[:40], value, packets.get(key))
    tap.same("%s, by packets: read by lines" % command[:40], value, client.get(key))
packets.set("packet", 5)
tap.same("incr by packets", b"8\n", packed.run("incr packet 3")[1])
tap.same("incr by packets: read", 8, packets.get("packet"))
tap.same("incr by the other's packets", 10, packets.incr("packet", 2))
tap.same("incr by the other's packets: read", b"10\n", packed.run("get packet")[1])
packets.set("a", "1")
packets.set("b", "2")
tap.same("several by packets", b"a\t1\nb\t2\n", packed.run("get a nosuch b")[1])
tap.same("delete by packets", b"DELETED\n", packed.run("delete a")[1])
tap.same("delete by packets: it is gone", None, packets.get("a"))


def text(value):
    return value if isinstance(value, str) else (value or b"").decode()


# What pylibmc is told, and what mcsh is told to do the same.
HASHES = ("md5", "crc", "fnv1_64", "fnv1a_64", "fnv1_32", "fnv1a_32", "murmur")
plain = [({}, "modula"), ({"ketama": True}, "ketama-plain")]
plain += [({"hash": name}, "modula-" + name) for name in HASHES]
weighted = [({"ketama_weighted": True}, "ketama"), ({"ketama": True}, "ketama-plain")]
for weights, setups in (((1, 1, 1), plain + weighted[:1]), ((1, 2, 3, 1, 2), weighted)):
    servers = started(*weights)
    addresses = ["%s:%d" % (server.address, server.weight) for server in servers]
    for behaviors, distribution in setups:
        many = pylibmc.Client(addresses, behaviors=behaviors)
        placement(
            tap,
            "%d servers, %s" % (len(servers), distribution),
            servers,
            Mcsh(servers, "--distribution", distribution),
            many.set,
            lambda key, many=many: text(many.get(key)),
        )

tap.done()
