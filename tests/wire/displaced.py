#!/usr/bin/python3
"""One answer too many, or one too few: what commands that ask for many items one by one show belongs
to its key all the same, and the status says that not all came."""

import contextlib
import os
import socket
import subprocess
import threading

from tap import MCSH, Memcached, Tap, work

KEYS = ["key-%02d" % i for i in range(30)]

tap = Tap()
server = Memcached()
with socket.create_connection(("127.0.0.1", server.port)) as connection:
    for key in KEYS:
        connection.sendall(b"set %s 0 0 6\r\n%s\r\n" % (key.encode(), key.encode()))
    connection.sendall(b"quit\r\n")
    connection.makefile("rb").read()
with open(os.path.join(work, "keys"), "w", encoding="ascii") as file:
    file.write("\n".join(KEYS) + "\n")


def relay(client, code, copies):
    """Between mcsh and the server: of the answers that begin with CODE the fifth is sent COPIES times."""
    gone = contextlib.suppress(OSError)
    with gone, client, socket.create_connection(("127.0.0.1", server.port)) as upstream:

        def up():
            with contextlib.suppress(OSError):
                while piece := client.recv(65536):
                    upstream.sendall(piece)
                upstream.shutdown(socket.SHUT_WR)

        threading.Thread(target=up, daemon=True).start()
        answers = upstream.makefile("rb")
        seen = 0
        while line := answers.readline():
            if line.startswith(b"VA "):
                line += answers.read(int(line.split()[1]) + 2)
            seen += line.startswith(code)
            client.sendall(line * (copies if line.startswith(code) and seen == 5 else 1))


def run(command, code, copies):
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            threading.Thread(target=relay, args=(listener.accept()[0], code, copies), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return subprocess.run(
        [MCSH, "--no-rc", "--timeout=2s", "127.0.0.1:%d" % listener.getsockname()[1], "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )


for name, copies in (("twice", 2), ("not at all", 0)):
    got = run(".grep key", b"VA ", copies)
    rows = [line.split("\t") for line in got.stdout.splitlines()]
    tap.same(".grep: a value that is sent %s leaves each under its key" % name, [], [r for r in rows if r[0] != r[3]])
    tap.ok(".grep: a value that is sent %s: those before it are shown" % name, len(rows) >= 4, got.stdout)
    tap.same(".grep: a value that is sent %s: status 4" % name, 4, got.returncode)
    tap.ok(".grep: a value that is sent %s is reported" % name, "unexpected reply to mg" in got.stderr, got.stderr)
    got = run(".keys --long --keys-from %s/keys" % work, b"ME ", copies)
    tap.ok(
        ".keys --keys-from: a description that is sent %s is reported" % name,
        "unexpected reply to me" in got.stderr,
        got.stderr,
    )
    tap.same(".keys --keys-from: a description that is sent %s: status 4" % name, 4, got.returncode)

tap.done()
