"""What every benchmark needs: servers, runs of a program, rows with their ratios, and the table."""

import os
import socket
import statistics
import subprocess
import time


class Failed(Exception):
    """A contestant did not do its job; its row says why."""


class Sample:
    """One run: wall and processor time in seconds, peak memory in MiB."""

    def __init__(self, wall, cpu=None, peak=None):
        self.wall, self.cpu, self.peak = wall, cpu, peak


class Row:
    """A contestant. run() does the job once and returns its Sample, or raises Failed; without it
    the job fills samples itself.

    base is the row, or the rows of which the faster one counts, that the ratios are to. must and
    aim are such ratios; memory is the peak in MiB that it must stay under.
    """

    def __init__(self, name, base=(), run=None, must=None, aim=None, memory=None):
        self.name, self.run = name, run
        self.bases = (base,) if isinstance(base, Row) else tuple(base)
        self.must, self.aim, self.memory = must, aim, memory
        self.samples, self.problem = [], None

    def measure(self):
        if self.problem or not self.run:
            return
        try:
            self.samples.append(self.run())
        except Failed as problem:
            self.samples, self.problem = [], str(problem)

    def ratio(self):
        """The median over the rounds of this row's time by its base's of the same round."""
        bases = [base for base in self.bases if base.samples]
        if not bases:
            return None
        return statistics.median(
            sample.wall / min(base.samples[i].wall for base in bases)
            for i, sample in enumerate(self.samples)
        )

    def median(self, of):
        values = [getattr(sample, of) for sample in self.samples]
        return None if not values or None in values else statistics.median(values)

    def verdict(self):
        ratio, peak = self.ratio(), self.median("peak")
        if self.must is None or ratio is None:
            return ""
        if ratio > self.must or (self.memory and peak >= self.memory):
            return "not met"
        return "met" if self.aim is None or ratio > self.aim else "aim met"


def measure(rows, rounds):
    """Each round runs every row once, in turn."""
    for _ in range(rounds):
        for row in rows:
            row.measure()


def number(value, digits):
    return "" if value is None else f"{value:.{digits}f}"


def cells(row, scale, digits):
    must = "" if row.must is None else f"{row.must:g}x"
    if row.memory:
        must += f", {row.memory} MiB"
    if row.aim is not None:
        must += f" (aim {row.aim:g}x)"
    if not row.samples:
        return [row.name, "", "", "", "", must, row.problem or "not run"]
    return [
        row.name,
        number(row.median("wall") * scale, digits),
        number(row.ratio(), 2) or "1",
        number(row.median("cpu") and row.median("cpu") * scale, digits),
        number(row.median("peak"), 1),
        must,
        row.verdict(),
    ]


def table(lines):
    """Lines of cells, the first of which are the headings, as a table of Markdown in columns; one
    without any cell is left out."""
    filled = [i for i in range(len(lines[0])) if any(line[i] for line in lines[1:])]
    lines = [[line[i] for i in filled] for line in lines]
    widths = [max(3, *map(len, column)) for column in zip(*lines)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
        for line in lines
    )


def section(title, rows, unit="s"):
    """The table of some rows under its title; unit is s, ms or us."""
    scale, digits = {"s": (1, 2), "ms": (1e3, 2), "us": (1e6, 0)}[unit]
    head = ["", unit, "ratio", "CPU " + unit, "peak MiB", "must", ""]
    return f"### {title}\n\n" + table([head] + [cells(row, scale, digits) for row in rows])


class Server:
    """A memcached of its own on a loopback port that the kernel chooses; a context manager. With
    TLS it has a certificate, the file `cert`, that it has signed itself."""

    def __init__(self, work, tls=False):
        self.port_file = os.path.join(work, "port")
        self.more, self.cert = [], os.path.join(work, "cert.pem")
        if tls:
            key = os.path.join(work, "key.pem")
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
                + ["-nodes", "-keyout", key, "-out", self.cert, "-subj", "/CN=localhost"]
                + ["-addext", "subjectAltName=IP:127.0.0.1"],
                check=True,
                capture_output=True,
            )
            self.more = ["-Z", "-o", f"ssl_chain_cert={self.cert},ssl_key={key}"]

    def __enter__(self):
        if os.path.exists(self.port_file):
            os.unlink(self.port_file)
        self.process = subprocess.Popen(
            ["memcached", "-l", "127.0.0.1", "-p", "-1", "-U", "0", "-m", "2048"]
            + (["-u", "root"] if os.geteuid() == 0 else [])
            + self.more,
            env={**os.environ, "MEMCACHED_PORT_FILENAME": self.port_file},
            stdin=subprocess.DEVNULL,
        )
        # It writes the file when it listens, and gives it this name when it is whole.
        while not os.path.exists(self.port_file):
            if self.process.poll() is not None:
                raise SystemExit("run: memcached did not start")
            time.sleep(0.01)
        with open(self.port_file, encoding="ascii") as file:
            self.port = file.readline().split()[-1]
        self.address = "127.0.0.1:" + self.port
        return self

    def stats(self):
        """What the server tells of itself."""
        with socket.create_connection(("127.0.0.1", int(self.port))) as connection:
            connection.sendall(b"stats\r\nquit\r\n")
            lines = connection.makefile("r", encoding="ascii").read().splitlines()
        return dict(line.split(" ", 2)[1:] for line in lines if line.startswith("STAT "))

    def settle(self):
        """Waits until the hash table has grown to what the items need: it does so by a step a second
        (assoc_start_expand of memcached), and a list of keys that begins at that moment may stop
        1.6.18's crawler for good, with a lock that the table's thread waits for."""
        for _ in range(600):
            stats = self.stats()
            buckets = 1 << int(stats["hash_power_level"])
            if int(stats["curr_items"]) * 2 <= buckets * 3 and stats["hash_is_expanding"] == "0":
                return
            time.sleep(0.05)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
