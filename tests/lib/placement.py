"""Keys by the thousand, which a client and mcsh have to find on the same servers."""

from tap import flush


def many_keys(count=1000):
    """Keys as people make them, a fifth of them beyond ASCII, of 1 to 250 bytes."""
    shapes = (
        "user:%d",
        "session/%08x/data",
        "ключ:%d",
        "page.%d.html?lang=日本語",
        "%d",
        "Grüße-%d-\U0001f511",
        "A%dz",
        "a" * 243 + ":%06d",
        "ns:{%d}:tag",
        "v%d_" + "x" * 30,
    )
    return [shapes[i % len(shapes)] % i for i in range(count)]


def numbered(keys):
    """A value of its own for each key, that is text to every client."""
    return {key: "v%d" % i for i, key in enumerate(keys)}


def placement(tap, name, servers, shell, store, load, keys=None):
    """A client and mcsh find the other's keys, each on one server of many: STORE(key, value) and
    LOAD(key), which returns text, are the client's. Every server gets some of the keys."""
    values = numbered(keys or many_keys())
    flush(servers, values)
    for key, value in values.items():
        store(key, value)
    tap.all_same("%s: mcsh finds the client's keys" % name, values, shell.get_all(values))
    held = [server.holds(values) for server in servers]
    tap.ok("%s: on every server some" % name, min(held) > 0, held)
    tap.same("%s: and each but once" % name, len(values), sum(held))

    flush(servers, values)
    tap.same("%s: mcsh stores keys" % name, [], shell.store_all(values))
    found = {key: load(key) for key in values}
    tap.all_same("%s: and the client finds them" % name, values, found)
    again = [server.holds(values) for server in servers]
    tap.same("%s: in the same places" % name, held, again)
