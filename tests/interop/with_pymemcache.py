#!/usr/bin/python3
"""pymemcache: its plain Client, its serde that follows python-memcached, and its HashClient."""

from placement import placement
from pymemcache import serde
from pymemcache.client.base import Client
from pymemcache.client.hash import HashClient
from tap import Mcsh, Tap, started

tap = Tap()

one = started(1)
shell = Mcsh(one, "--profile", "pymemcache")
bare = Client(("127.0.0.1", one[0].port), default_noreply=False)
client = Client(("127.0.0.1", one[0].port), serde=serde.pickle_serde, default_noreply=False)

for value, stored in ((b"\x00\xff\r\n", b"\x00\xff\r\n"), (42, b"42"), ("text", b"text")):
    bare.set("k", value)
    tap.same("bare client, %r" % (value,), stored, shell.run(".format raw", "get k")[1])
    tap.same("bare client, %r: flags" % (value,), 0, shell.get("k")["flags"])
shell.run('set k "\\0\\xff\\r\\n"')
tap.same("mcsh's bytes arrive at a bare client as they are", b"\x00\xff\r\n", bare.get("k"))

for value, flags, kind, shown in (
    ("grüße", 16, "text", "grüße"),
    (42, 2, "int", 42),
    (-7, 2, "int", -7),
    (10**40, 2, "int", str(10**40)),
    (b"\x00\xff\r\n", 0, None, None),
    (True, 1, "object", None),
    ({"a": [1, 2.5]}, 1, "object", None),
):
    client.set("k", value)
    got = shell.get("k")
    tap.same("%.40r: flags" % (value,), flags, got["flags"])
    tap.same("%.40r: type" % (value,), kind, got.get("type"))
    if shown is not None:
        tap.same("%.40r: value" % (value,), shown, got["decoded"])

for command, value in (
    ("set --type text k grüße", "grüße"),
    ("set --type int k 42", 42),
    ("set --type int k -7", -7),
    ("set --type long k %d" % 10**40, 10**40),
    ('set --type bytes k "\\0\\xff\\r\\n"', b"\x00\xff\r\n"),
    ("set k plain", b"plain"),
):
    tap.same("%s: stored" % command[:60], 0, shell.run(command)[0])
    tap.same("%s: read" % command[:60], value, client.get("k"))

client.set("k", 100)
client.decr("k", 1)
tap.same("an int that decr made shorter is one for pymemcache and mcsh", (99, 99), (client.get("k"), shell.get("k")["decoded"]))

# A HashClient knows no weights: mcsh must not make anything of them either.
for weights in ((1, 1, 1), (1, 2, 3, 1, 2)):
    servers = started(*weights)
    many = HashClient(
        [("127.0.0.1", server.port) for server in servers],
        allow_unicode_keys=True,
        encoding="utf-8",
        default_noreply=False,
    )
    placement(
        tap,
        "%d servers, str keys" % len(servers),
        servers,
        Mcsh(servers, "--distribution", "rendezvous"),
        many.set,
        lambda key: (many.get(key) or b"").decode(),
    )
    placement(
        tap,
        "%d servers, bytes keys" % len(servers),
        servers,
        Mcsh(servers, "--distribution", "rendezvous-bytes"),
        lambda key, value: many.set(key.encode(), value),
        lambda key: (many.get(key.encode()) or b"").decode(),
    )

tap.done()
