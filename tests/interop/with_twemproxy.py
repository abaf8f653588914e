#!/usr/bin/python3
"""twemproxy: what goes through it, mcsh finds on the servers behind it, and the other way round."""

import os
import socket
import subprocess

from placement import many_keys, numbered, placement
from tap import Mcsh, Tap, accepts, end, flush, start, started, work

tap = Tap()

POOL = """{name}:
  listen: {work}/{name}
  hash: {hash}
  distribution: {distribution}
{more}  servers:
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def proxy(pools, more=""):
    """One twemproxy; POOLS: name, hash, distribution, servers. Its sockets are named so. MORE are
    lines that each pool has."""
    config = os.path.join(work, "nutcracker.%d.yml" % len(os.listdir(work)))
    with open(config, "w", encoding="ascii") as file:
        for name, hash_name, distribution, servers in pools:
            file.write(
                POOL.format(
                    name=name, work=work, hash=hash_name, distribution=distribution, more=more
                )
            )
            for server in servers:
                file.write("   - %s:%d\n" % (server.address, server.weight))
    # It wants a port for its statistics.
    where = ["-a", "127.0.0.1", "-s", str(free_port())]
    where += ["-p", config + ".pid", "-o", config + ".log"]
    last = os.path.join(work, pools[-1][0])
    start(
        ["nutcracker", "-c", config, *where],
        lambda: os.path.exists(last) and accepts(last),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


SETUPS = (
    ("ketama", "fnv1a_64", "twemproxy"),
    ("ketama", "md5", "twemproxy-md5"),
    ("ketama", "crc16", "twemproxy-crc16"),
    ("ketama", "murmur", "twemproxy-murmur"),
    ("modula", "fnv1a_64", "twemproxy-modula-fnv1a_64"),
    ("modula", "one_at_a_time", "twemproxy-modula-one_at_a_time"),
    ("modula", "crc32a", "twemproxy-modula-crc32a"),
)

# In the order in which they got their ports, which need not be that of twemproxy.
clusters = [started(*w) for w in ((1, 1, 1), (1, 2, 3, 1, 2))]
pools = []
for servers in clusters:
    for distribution, hash_name, known_as in SETUPS:
        name = "%s-of-%d" % (known_as, len(servers))
        pools.append((name, hash_name, distribution, servers))
proxy(pools)


class Text:
    """A client of the proxy that knows nothing but the protocol."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self.file = self.socket.makefile("rwb")

    def tell(self, request):
        self.file.write(request)
        self.file.flush()
        return self.file.readline()

    def store(self, key, value):
        line = "set %s 0 0 %d\r\n%s\r\n" % (key, len(value), value)
        if self.tell(line.encode()) != b"STORED\r\n":
            raise ValueError(key)

    def load(self, key):
        line = self.tell(b"get %s\r\n" % key.encode())
        if line == b"END\r\n":
            return None
        value = self.file.read(int(line.split()[3]) + 2)[:-2]
        assert self.file.readline() == b"END\r\n"
        return value.decode()


for (name, _, _, servers), setup in zip(pools, SETUPS * 2):
    client = Text(os.path.join(work, name))
    shell = Mcsh(servers, "--distribution", setup[2])
    placement(tap, name, servers, shell, client.store, client.load)

# mcsh as a client of the proxy.
through = Mcsh([os.path.join(work, pools[0][0])])
direct = Mcsh(clusters[0], "--distribution", "twemproxy")
status, out, _ = through.run(
    "set a 1", "incr a", "add a 3", "append a 0", "get a nope ключ", "touch a 1h", "delete nope"
)
tap.same(
    "through twemproxy: each command has its answer",
    (1, b"STORED\n2\nNOT_STORED\nSTORED\na\t20\nTOUCHED\nNOT_FOUND\n"),
    (status, out),
)
tap.same("through twemproxy: what is stored is on the server", b"20\n", direct.run("get a")[1])
# It closes on `mn`, by which mcsh asks for the meta commands, and nothing is lost by that.
lines = ["set many-%d %d" % (i, i) for i in range(700)] + ["get many-%d" % i for i in range(700)]
script = os.path.join(work, "many")
with open(script, "w", encoding="ascii") as file:
    file.write("\n".join(lines) + "\n")
status, out, err = through.run(".source " + script)
want = b"STORED\n" * 700 + b"".join(b"%d\n" % i for i in range(700))
tap.same("through twemproxy: a pipelined script has each answer in order", (0, want, b""), (status, out, err))
items = os.path.join(work, "items.tsv")
with open(items, "w", encoding="ascii") as file:
    file.write("".join("item-%d\tvalue %d\t7\n" % (i, i) for i in range(700)))
status, out, err = through.run(".load " + items, "get item-0", "get item-699")
tap.same("through twemproxy: .load ends well", (0, b""), (status, err))
tap.ok("through twemproxy: .load stores every item", out.startswith(b"items\t700\n") and out.endswith(b"value 0\nvalue 699\n"), out)
tap.same("through twemproxy: what .load stores is on the servers", b"value 350\n", direct.run("get item-350")[1])
status, _, err = through.run(".dump /dev/null")
tap.same("through twemproxy: .dump fails, status 4", 4, status)
tap.ok("through twemproxy: .dump says what to do", b"name the servers themselves" in err, err)
status, _, err = through.run("stats", "get a")
tap.same("through twemproxy: a refused command ends the connection, status 4", 4, status)
tap.ok("through twemproxy: a refused command is reported", b"mcsh: " in err, err)
tap.same("through twemproxy: after a refused command the next one connects", b"20\n", through.run("flush_all", "get a")[1])

status, out, _ = through.run(".servers --long")
rows = dict(line.split("\t")[2:4] for line in out.decode().splitlines())
tap.same(
    "through twemproxy: its card says that it is a proxy, and what it lacks",
    (0, "yes", "no", "no", "no"),
    (status, rows["proxy"], rows["meta"], rows["metadump"], rows["watch"]),
)

# The last server is down. It is ejected at the first failure, which its client sees; a proxy
# that may not eject refuses every key of that server.
DOWN_SETUPS = (SETUPS[0], SETUPS[5])
EJECT = "  auto_eject_hosts: true\n  server_failure_limit: 1\n  server_retry_timeout: 600000\n"


def stored_by(client, values):
    """The keys that it could store."""
    stored = set()
    for key, value in values.items():
        try:
            client.store(key, value)
            stored.add(key)
        except ValueError:
            pass
    return stored


keys = many_keys(300)
values = numbered(keys)
for ejects in (False, True):
    for weights in ((1, 1, 1), (1, 2, 3)):
        for distribution, hash_name, known_as in DOWN_SETUPS:
            servers = started(*weights)
            up = servers[:-1]
            path = "down-%d-%d-%s" % (ejects, weights[2], known_as)
            name = "%s, the last of %d:%d:%d down" % (known_as, *weights) + ", ejected" * ejects
            proxy([(path, hash_name, distribution, servers)], EJECT if ejects else "")
            end(servers[-1].process)
            client = Text(os.path.join(work, path))
            stored_by(client, values)
            flush(up, keys)
            stored = stored_by(client, values)
            if ejects:
                tap.same_set(name + ": the proxy stores all", set(keys), stored)
                shell = Mcsh(up, "--distribution", known_as)
                tap.all_same(name + ": mcsh on those that are left finds all", values, shell.get_all(keys))
                if weights == (1, 1, 1) and distribution == "ketama":
                    shell = Mcsh(servers, "--distribution", known_as)
                    tap.all_same(name + ": mcsh on all three finds all", values, shell.get_all(keys))
            else:
                shell = Mcsh(servers, "--distribution", known_as, "--dead-retry", "off")
                want = {key: values[key] for key in stored}
                tap.ok(name + ": the proxy loses some", 0 < len(want) < len(keys), len(want))
                tap.all_same(name + ": mcsh with dead_retry off finds what the proxy stored", want, shell.get_all(keys))
                flush(up, keys)
                failed = shell.store_all(values)
                tap.same(name + ": and loses as many", len(keys) - len(want), len(failed))
                tap.same_set(name + ": and the same", stored, up[0].held(keys) | up[1].held(keys))

tap.done()
