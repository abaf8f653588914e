#!/usr/bin/python3
"""The example in which mcsh began, command by command beside python-memcached on the same cache:
the same answers, and the same bytes in the cache."""

import memcache
from tap import Mcsh, Tap, flush, started

tap = Tap()
servers = started(1)
cache = servers[0]
client = memcache.Client([cache.address])
# python-memcached stores str as text and int as int; a plain word of mcsh's is bytes.
shell = Mcsh(servers, "--profile", "python-memcached")


def kept(keys):
    """Each item as the server tells it: value and flags."""
    return [cache.ask("mg %s v f" % key) for key in keys]


def lives(keys):
    """How many seconds each has to live; -1: for ever, -2: it is not there."""
    told = [cache.ask("mg %s t" % key).split() for key in keys]
    return [int(words[1][1:]) if words[0] == b"HD" else -2 for words in told]


def raw(keys):
    """What kept() tells, through mcsh."""
    status, out, _ = shell.run(*(".raw mg %s v f" % key for key in keys))
    assert status == 0
    return out


def both(name, keys, commands, answers, call, returned):
    """COMMANDS at mcsh print ANSWERS; CALL, python-memcached's way, returns RETURNED; both leave
    the same items under KEYS."""
    status, out, err = shell.run(*commands)
    tap.same("%s: mcsh's answer" % name, (0, answers, b""), (status, out, err))
    by_shell, raw_by_shell, left = kept(keys), raw(keys), lives(keys)
    tap.same("%s: python-memcached's" % name, returned, call())
    tap.same("%s: equal items" % name, kept(keys), by_shell)
    # The second may have turned between the two.
    close = all(a == b or min(a, b) >= 0 and abs(a - b) <= 5 for a, b in zip(left, lives(keys)))
    tap.ok("%s: that live as long" % name, close, left, lives(keys))
    tap.same("%s: the same through .raw" % name, raw(keys), raw_by_shell)


both("set", ["foo"], ["set foo bar"], b"STORED\n", lambda: client.set("foo", b"bar"), True)
both("get", ["foo"], ["get foo"], b"bar\n", lambda: client.get("foo"), b"bar")
both(
    "set of text",
    ["foo"],
    ["set --type text foo bar"],
    b"STORED\n",
    lambda: client.set("foo", "bar"),
    True,
)
both("get of text", ["foo"], ["get foo"], b"bar\n", lambda: client.get("foo"), "bar")

pairs = {"k1": b"1", "k2": b"2"}
both(
    "set_multi",
    ["pfx_k1", "pfx_k2", "pfx_nonexist"],
    ["set_multi --key-prefix pfx_ k1 1 k2 2"],
    b"",
    lambda: client.set_multi(pairs, key_prefix="pfx_"),
    [],
)
status, out, _ = shell.run("get_multi --key-prefix pfx_ k1 k2 nonexist")
tap.same("get_multi: k1 and k2 only", (1, b"k1\t1\nk2\t2\n"), (status, out))
tap.same(
    "get_multi: python-memcached's",
    pairs,
    client.get_multi(["k1", "k2", "nonexist"], key_prefix="pfx_"),
)
[told] = shell.json("get_multi --key-prefix pfx_ k1 k2 nonexist")
tap.same("get_multi in JSON: what is missing", ["nonexist"], told["missing"])
tap.same("get_multi in JSON: what is not", ["k1", "k2"], [v["key"] for v in told["values"]])

both(
    "a counter",
    ["counter"],
    ["set --type int counter 20", "incr counter"],
    b"STORED\n21\n",
    lambda: (client.set("counter", 20), client.incr("counter")),
    (True, 21),
)
both(
    "a counter as typed",
    ["counter"],
    ["set counter 20", "incr counter"],
    b"STORED\n21\n",
    lambda: (client.set("counter", b"20"), client.incr("counter")),
    (True, 21),
)
both(
    "decr",
    ["counter"],
    ["set counter 9", "decr counter"],
    b"STORED\n8\n",
    lambda: (client.set("counter", b"9"), client.decr("counter")),
    (True, 8),
)

# Every other call, in the same manner.
flush(servers, ["a", "b", "new"])
both(
    "add",
    ["a"],
    ["add a 1 105"],
    b"STORED\n",
    lambda: client.delete("a") and client.add("a", b"1", time=105),
    True,
)
both("replace", ["a"], ["replace a 2"], b"STORED\n", lambda: client.replace("a", b"2"), True)
both(
    "append",
    ["a"],
    ["set a b", "append a c"],
    b"STORED\nSTORED\n",
    lambda: (client.set("a", b"b"), client.append("a", b"c")),
    (True, True),
)
both(
    "prepend",
    ["a"],
    ["set a b", "prepend a c"],
    b"STORED\nSTORED\n",
    lambda: (client.set("a", b"b"), client.prepend("a", b"c")),
    (True, True),
)
both(
    "set_multi with a time",
    ["pfx_k1", "pfx_k2"],
    ["set_multi --key-prefix pfx_ --time 105 k1 1 k2 2"],
    b"",
    lambda: client.set_multi(pairs, time=105, key_prefix="pfx_"),
    [],
)
both("touch", ["a"], ["touch a 0"], b"TOUCHED\n", lambda: client.touch("a", 0), 1)
both(
    "set with a time",
    ["a"],
    ["set a b @2000000000"],
    b"STORED\n",
    lambda: client.set("a", b"b", time=2000000000),
    True,
)
both(
    "delete",
    ["a"],
    ["set a b", "delete a"],
    b"STORED\nDELETED\n",
    lambda: client.set("a", b"b") and client.delete("a"),
    1,
)
both(
    "delete_multi",
    ["pfx_k1", "pfx_k2"],
    ["set_multi --key-prefix pfx_ k1 1 k2 2", "delete_multi --key-prefix pfx_ k1 k2"],
    b"",
    lambda: (
        client.set_multi(pairs, key_prefix="pfx_"),
        client.delete_multi(["k1", "k2"], key_prefix="pfx_"),
    ),
    ([], 1),
)
both("flush_all", ["foo", "counter"], ["flush_all"], b"OK\n", client.flush_all, None)

# Without an answer: the next command on the same connection shows that it was carried out.
for name, command, call in (
    ("set", "set --noreply a 1", lambda: client.set("a", b"1", noreply=True)),
    ("add", "add --noreply new 1", lambda: client.add("new", b"1", noreply=True)),
    ("replace", "replace --noreply a 2", lambda: client.replace("a", b"2", noreply=True)),
    ("append", "append --noreply a 3", lambda: client.append("a", b"3", noreply=True)),
    ("prepend", "prepend --noreply a 4", lambda: client.prepend("a", b"4", noreply=True)),
    ("incr", "incr --noreply a 5", lambda: client.incr("a", 5, noreply=True)),
    ("decr", "decr --noreply a", lambda: client.decr("a", noreply=True)),
    ("touch", "touch --noreply a 0", lambda: client.touch("a", 0, noreply=True)),
    ("delete", "delete --noreply a", lambda: client.delete("a", noreply=True)),
    (
        "set_multi",
        "set_multi --noreply a 1 b 2",
        lambda: client.set_multi({"a": b"1", "b": b"2"}, noreply=True),
    ),
    (
        "delete_multi",
        "delete_multi --noreply a b",
        lambda: client.delete_multi(["a", "b"], noreply=True),
    ),
):
    flush(servers, ["a", "b", "new"])
    start = {} if name in ("add", "set_multi") else {"a": b"40", "b": b"1"}
    client.set_multi(start)
    _, out, _ = shell.run(command, "get new")
    tap.same("%s: mcsh tells nothing" % command, b"1\n" if name == "add" else b"", out)
    by_shell = kept(["a", "b", "new"])
    flush(servers, ["a", "b", "new"])
    client.set_multi(start)
    call()
    client.get("new")
    tap.same("%s: as noreply=True" % command, kept(["a", "b", "new"]), by_shell)


def stored():
    """How many times a value was sent to the server."""
    stats = cache.ask("stats", b"END\r\n")
    return int(stats.split(b"STAT cmd_set ")[1].split()[0])


# What stops a call before anything is sent.
for call, command in (
    (lambda: client.set("a b", b"1"), 'set "a b" 1'),
    (lambda: client.set("", b"1"), 'set "" 1'),
    (lambda: client.set("k" * 251, b"1"), "set %s 1" % ("k" * 251)),
    (
        lambda: client.get_multi(["k"], key_prefix="p" * 250),
        "get_multi --key-prefix %s k" % ("p" * 250),
    ),
    (lambda: client.set_multi({"a": 1, "b\x7f": 2}), 'set_multi a 1 "b\\x7f" 2'),
):
    before = stored()
    try:
        call()
        refused = False
    except client.MemcachedKeyError:
        refused = True
    tap.ok("python-memcached refuses %.40s" % command, refused)
    tap.same("mcsh refuses %.40s" % command, 2, shell.run(command)[0])
    tap.same("nothing is stored by %.40s" % command, before, stored())

tap.done()
