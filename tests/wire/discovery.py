#!/usr/bin/python3
""".servers discover, typed again: by the number of the configuration the servers change or stay. And
asked again by mcsh itself: where a node is lost, and where one was lost and is there again."""

import socket
import subprocess
import threading

from tap import MCSH, Tap

tap = Tap()


class Node:
    """Answers `config get cluster` by its configurations, one after the other, and counts connections."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.configurations = []
        self.accepted = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        for line in connection.makefile("rb"):
            if line.startswith(b"config"):
                number, ports = self.configurations.pop(0)
                nodes = " ".join("host|127.0.0.1|%d" % port for port in ports)
                block = b"%d\n%s\n" % (number, nodes.replace("host", "127.0.0.1").encode())
                connection.sendall(b"CONFIG cluster 0 %d\r\n%s\r\nEND\r\n" % (len(block), block))
            elif line.startswith(b"get gone"):
                self.listener.shutdown(socket.SHUT_RDWR)
                return connection.shutdown(socket.SHUT_RDWR)
            elif line.startswith(b"get lost"):
                return connection.shutdown(socket.SHUT_RDWR)
            elif line.startswith(b"get"):
                connection.sendall(b"END\r\n")
            elif line.startswith(b"stats"):
                connection.sendall(b"STAT version 1.6.6\r\nEND\r\n")
            else:
                connection.sendall(b"VERSION 1.6.6\r\n")


def discover(*configurations):
    """Types .servers discover once for each: status, the ports listed by each, errors, connections."""
    first, second = Node(), Node()
    ports = {"first": first.port, "second": second.port}
    first.configurations = [(n, [ports[name] for name in names]) for n, names in configurations]
    commands = [word for _ in configurations for word in ("-c", ".servers discover | cut -f2")]
    done = subprocess.run(
        [MCSH, "--no-rc", "--format", "plain", "127.0.0.1:%d" % first.port, *commands],
        capture_output=True, text=True, check=False)
    out = done.stdout
    for name, port in ports.items():
        out = out.replace("127.0.0.1:%d" % port, name)
    return done.returncode, out.split(), done.stderr, first.accepted


status, out, err, accepted = discover((12, ["first"]), (13, ["first", "second"]))
tap.same("a number that has risen: the servers change",
         (0, ["first", "first", "second"], ""), (status, out, err))
status, out, err, accepted = discover((12, ["first"]), (12, ["first"]))
tap.same("the same number: the servers stay", (0, ["first", "first"], ""), (status, out, err))
tap.same("the same number: and so do the connections, which a change closes", 2, accepted)
status, out, err, accepted = discover((12, ["first"]), (11, ["second"]))
tap.same("a number that is lower: status 3, and why",
         (3, ["first"], "mcsh: the configuration that it has, 11, is older than the one in use, 12: "
          "the servers stay as they are; ask again when it has caught up\n"), (status, out, err))


def follow(loss, *configurations):
    """discover, then LOSS on the second node and three gets of the first: errors and configurations left."""
    first, second, third = Node(), Node(), Node()
    ports = {"first": first.port, "second": second.port, "third": third.port}
    first.configurations = [(n, [ports[name] for name in names]) for n, names in configurations]
    commands = [".servers discover | cut -f2", "get --server 2 " + loss, "get --server 2 a",
                "get --server 1 a", "get --server 1 a", ".echo | sleep 5.2", "get --server 1 a",
                ".servers | cut -f2"]
    done = subprocess.run(
        [MCSH, "--no-rc", "--format", "plain", "127.0.0.1:%d" % first.port, "--trace-file", "/dev/null", "-f",
         "/dev/stdin"],
        input="\n".join(commands) + "\n", capture_output=True, text=True, check=False)
    out, err = done.stdout, done.stderr
    for name, port in ports.items():
        out, err = (text.replace("127.0.0.1:%d" % port, name) for text in (out, err))
    said = [line.split(": ", 2)[1:] for line in err.splitlines() if "have changed" in line]
    return out.split(), said, len(first.configurations)


out, said, left = follow("gone", (12, ["first", "second"]), (13, ["first", "third"]), (14, ["first"]))
tap.same("a node that cannot be reached: the servers of the new configuration, which is said",
         (["first", "second", "first", "third"],
          [["/dev/stdin:4", "the servers have changed, second left, third came: .servers lists them"]], 1),
         (out, said, left))
out, said, left = follow("lost", (12, ["first", "second"]), (12, ["first", "second"]),
                         (13, ["first", "second", "third"]))
tap.same("a node that was lost and is there again: asked, and the same number changes nothing",
         (["first", "second"] * 2, [], 1), (out, said, left))
out, said, left = follow("gone", (12, ["first", "second"]), (12, ["first", "second"]),
                         (13, ["first"]))
tap.same("a node that cannot be reached: asked again after some seconds",
         (["first", "second", "first"],
          [["/dev/stdin:7", "the servers have changed, second left: .servers lists them"]], 0),
         (out, said, left))
tap.done()
