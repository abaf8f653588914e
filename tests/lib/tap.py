"""What the tests in Python share: TAP, private servers, and mcsh on them.

The scripts run with /usr/bin/python3, since that is the Python for which Debian packages the
clients; another one that comes first in PATH does not see them.

    from tap import Mcsh, Memcached, Tap
    tap = Tap()
    servers = [Memcached(), Memcached(weight=2)]
    Mcsh(servers, "--distribution", "ketama").run("set foo bar")
    tap.same("a name", want, got)
    tap.done()

Every server is a child on a port of the kernel's choice, or a unix socket in a directory that is
gone afterwards, and dies with the script, which gives up after two minutes.
"""

import atexit
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SECONDS = 120
READY_SECONDS = 10
PR_SET_PDEATHSIG = 1

MCSH = os.environ["MCSH"]


def on_signal(number, _frame):
    print("Bail out! %s" % signal.Signals(number).name, flush=True)
    sys.exit(99)


for number in (signal.SIGALRM, signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    signal.signal(number, on_signal)
signal.alarm(SECONDS)

work = tempfile.mkdtemp(prefix="mcsh-test.")
atexit.register(shutil.rmtree, work, ignore_errors=True)


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, name, holds, *notes):
        """One check; NOTES are shown when it does not hold."""
        self.count += 1
        self.failed += not holds
        print("%sok %d - %s" % ("" if holds else "not ", self.count, name.replace("#", "")))
        for note in () if holds else notes:
            for line in str(note).split("\n"):
                print("# " + line[:2000])
        sys.stdout.flush()

    def same(self, name, want, got):
        """Equal, and of the same type: 1 is not True here, nor b"1" "1"."""
        self.ok(
            name,
            type(want) is type(got) and want == got,
            "expected: %r" % (want,),
            "got:      %r" % (got,),
        )

    def all_same(self, name, want, got):
        """Two dictionaries; of what differs some is shown."""
        wrong = [key for key in {**want, **got} if key not in want or want[key] != got.get(key)]
        self.ok(
            "%s: %d of %d" % (name, len(want) - len(wrong), len(want)),
            not wrong,
            *("%r: expected %r, got %r" % (k, want.get(k), got.get(k)) for k in wrong[:5]),
        )

    def same_set(self, name, want, got):
        """Two sets; what only one of them has is shown."""
        notes = ["missing: %s" % item for item in sorted(map(str, want - got))]
        notes += ["too many: %s" % item for item in sorted(map(str, got - want))]
        self.ok(name, want == got, *notes)

    def done(self):
        print("1..%d" % self.count, flush=True)
        sys.exit(1 if self.failed else 0)


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, ready, **options):
    """Starts a server and waits until READY() says that it is there."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent, **options
    )
    atexit.register(end, process)
    give_up = time.monotonic() + READY_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > give_up:
            print("Bail out! %s did not start" % command[0], flush=True)
            sys.exit(99)
        time.sleep(0.005)
    return process


def end(process):
    if process.poll() is None:
        process.kill()
        process.wait()


def accepts(where):
    family = socket.AF_UNIX if isinstance(where, str) else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as s:
        return s.connect_ex(where) == 0


class Memcached:
    """A memcached on 127.0.0.1."""

    serial = 0

    def __init__(self, weight=1):
        Memcached.serial += 1
        told = os.path.join(work, "port.%d" % Memcached.serial)
        user = ["-u", "root"] if os.geteuid() == 0 else []
        self.process = start(
            ["memcached", "-l", "127.0.0.1", "-p", "-1", "-U", "0", *user],
            lambda: os.path.exists(told) and os.path.getsize(told) > 0,
            env={**os.environ, "MEMCACHED_PORT_FILENAME": told},
            stderr=subprocess.DEVNULL,
        )
        with open(told, encoding="ascii") as file:
            line = next(line for line in file if line.startswith("TCP INET: "))
        self.port = int(line.split()[-1])
        self.weight = weight
        self.address = "127.0.0.1:%d" % self.port

    def ask(self, line, end=b"\r\n"):
        """What the server itself answers, without any client in between; END is how that ends."""
        with socket.create_connection(("127.0.0.1", self.port), READY_SECONDS) as s:
            s.sendall(line.encode() + b"\r\n")
            got = b""
            while not got.endswith(end):
                piece = s.recv(65536)
                if not piece:
                    break
                got += piece
        return got

    def held(self, keys):
        """Those of the keys that it holds, as a set."""
        lines = self.ask("get " + " ".join(keys), b"END\r\n").splitlines()
        return {line.split()[1].decode() for line in lines if line.startswith(b"VALUE ")}

    def holds(self, keys):
        """How many of the keys it holds. No counter of its own tells that: they count items that
        were flushed a while ago, and the crawler passes over those that are in use."""
        return len(self.held(keys))


def started(*weights):
    return [Memcached(weight) for weight in weights]


def flush(servers, keys):
    """Makes every item expire. Some versions spare an item of the same second: it is asked again
    until the servers hold none of the keys."""
    until = time.monotonic() + 10
    for server in servers:
        assert server.ask("flush_all") == b"OK\r\n"
        while server.holds(keys) and time.monotonic() < until:
            time.sleep(0.2)
            assert server.ask("flush_all") == b"OK\r\n"


class Mcsh:
    """mcsh on these servers. An address may stand in a server's place."""

    def __init__(self, servers, *options):
        self.command = [MCSH, "--no-rc"]
        for server in servers:
            if isinstance(server, str):
                self.command.append(server)
            else:
                self.command.append("%s:%d" % (server.address, server.weight))
        self.command += options

    def run(self, *commands, script=None):
        """The exit status, and what was printed, as bytes."""
        arguments = [word for command in commands for word in ("-c", command)]
        done = subprocess.run(
            self.command + arguments, input=script or b"", capture_output=True, timeout=60
        )
        return done.returncode, done.stdout, done.stderr

    def json(self, *commands):
        """What each command answers, as objects."""
        _, out, _ = self.run(".format json", *commands)
        return [json.loads(line) for line in out.splitlines()]

    def get(self, key):
        """One value as mcsh shows it to a program: the object in `values`, or None."""
        values = self.json("get %s" % key)[-1]["values"]
        return values[0] if values else None

    def store_all(self, values):
        """Stores a dictionary of words; the lines of those that failed."""
        lines = ["set %s %s\n" % item for item in values.items()]
        _, out, err = self.run(script="".join(lines).encode())
        said = out.decode().splitlines() + err.decode().splitlines()
        return [line for line in said if line != "STORED"]

    def get_all(self, keys):
        script = ".format json\nget %s\n" % " ".join(keys)
        _, out, _ = self.run(script=script.encode())
        found = [v for line in out.splitlines() for v in json.loads(line)["values"]]
        return {v["key"]: v["value"] for v in found}
