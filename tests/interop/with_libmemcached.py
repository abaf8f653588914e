#!/usr/bin/python3
"""The command line tools of libmemcached and mcsh on the same caches: memccp, memccat, memcexist,
memcrm, memctouch."""

import os
import subprocess

from tap import Mcsh, Tap, flush, started, work

tap = Tap()


def tool(name, servers, *arguments):
    """Exit status and output of a tool; SERVERS as the tools read them."""
    command = [name, "--servers=" + ",".join(s.address for s in servers), *arguments]
    done = subprocess.run(command, capture_output=True, timeout=60)
    return done.returncode, done.stdout


def file_of(key, value):
    """memccp stores a file under its name."""
    path = os.path.join(work, key)
    with open(path, "wb") as file:
        file.write(value)
    return path


one = started(1)
shell = Mcsh(one)
value = bytes(range(256)) * 10
tap.same("memccp ends well", 0, tool("memccp", one, file_of("k", value))[0])
tap.same("mcsh reads every byte that memccp stored", value, shell.run(".format raw", "get k")[1])
tap.same("memccp --flag ends well", 0, tool("memccp", one, "--flag=4000000000", file_of("f", b"x"))[0])
tap.same("mcsh shows the flags of memccp --flag", 4000000000, shell.get("f")["flags"])
shell.run("set --file %s back" % os.path.join(work, "k"))
target = os.path.join(work, "target")
tap.same("memccat ends well", 0, tool("memccat", one, "--file=" + target, "back")[0])
with open(target, "rb") as file:
    tap.same("memccat reads every byte that mcsh stored", value, file.read())
shell.run("set --flags 77 g text")
tap.ok("memccat --flags reads the flags that mcsh stored", b"77" in tool("memccat", one, "--flags", "g")[1])
tap.same("memcexist finds what mcsh stored", 0, tool("memcexist", one, "g")[0])
shell.run("delete g")
tap.ok("memcexist does not find what mcsh deleted", tool("memcexist", one, "g")[0] != 0)
shell.run("set g text")
tap.same("memcrm ends well", 0, tool("memcrm", one, "g")[0])
tap.same("mcsh misses what memcrm removed", 1, shell.run("get g")[0])
shell.run("set g text")
tap.same("memctouch ends well", 0, tool("memctouch", one, "--expire=100", "g")[0])
tap.ok("mcsh sees the time of memctouch", one[0].ask("mg g t") in (b"HD t100\r\n", b"HD t99\r\n"))

# The same list in the environment, as the tools read it too.
servers = started(1, 1, 1)
listed = ",".join(server.address for server in servers)
os.environ["MEMCACHED_SERVERS"] = listed
by_environment = Mcsh([], "--distribution", "modula")
status, out, _ = by_environment.run(".servers | cut -f2")
del os.environ["MEMCACHED_SERVERS"]
tap.same("mcsh reads the servers of MEMCACHED_SERVERS in order", [s.address for s in servers], out.decode().split())

keys = ["user:%d" % i if i % 3 else "ключ:%d" % i for i in range(999)]
paths = {key: file_of(key, b"v" + key.encode()) for key in keys}
values = {key: "v" + key for key in keys}
for servers in (servers, started(1, 1, 1, 1, 1)):
    for option, distribution in (
        ((), "modula"),
        (("--hash=md5",), "modula-md5"),
        (("--hash=crc",), "modula-crc"),
        (("--hash=fnv1a_32",), "modula-fnv1a_32"),
        (("--hash=jenkins",), "modula-jenkins"),
    ):
        name = "%d servers, %s" % (len(servers), distribution)
        shell = Mcsh(servers, "--distribution", distribution)
        flush(servers, keys)
        tap.same(name + ": memccp", 0, tool("memccp", servers, *option, *paths.values())[0])
        tap.all_same(name + ": mcsh finds its keys", values, shell.get_all(keys))
        held = [server.holds(keys) for server in servers]
        tap.ok(name + ": on every server some", min(held) > 0, held)
        flush(servers, keys)
        tap.same(name + ": mcsh stores keys", [], shell.store_all(values))
        status, out = tool("memccat", servers, *option, *keys)
        tap.same(name + ": and memccat reads them", list(values.values()), out.decode().split())
        tap.same(name + ": in the same places", held, [server.holds(keys) for server in servers])

tap.done()
