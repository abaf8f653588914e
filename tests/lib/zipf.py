"""A load of gets whose keys are distributed as Zipf has it: the key of rank r comes 1/r as often as
the first. It is pipelined, at a steady rate, and counts what it sent."""

import random
import re
import socket
import time


class Zipf:
    """KEYS keys "z:<rank>", of which gets are sent over CONNECTION in batches of DEPTH, RATE a
    second. The batches are made beforehand, so that sending is all that is left to do."""

    def __init__(self, connection, keys=10_000, rate=100_000, depth=200, seed=1, batches=400):
        self.connection, self.depth, self.period = connection, depth, depth / rate
        choose = random.Random(seed)
        weights = [1 / rank for rank in range(1, keys + 1)]
        self.batches = [
            [f"z:{rank}" for rank in choose.choices(range(1, keys + 1), weights, k=depth)]
            for _ in range(batches)
        ]
        self.lines = ["".join(f"get {key}\r\n" for key in keys).encode() for keys in self.batches]
        self.sent = 0

    def run(self, seconds):
        """Sends for that long; returns the gets a second."""
        start = time.monotonic()
        sent = 0
        while (now := time.monotonic()) < start + seconds:
            due = start + sent * self.period
            if now < due:
                time.sleep(due - now)
            self.connection.sendall(self.lines[self.sent % len(self.lines)])
            self.wait()
            self.sent += 1
            sent += 1
        return sent * self.depth / (time.monotonic() - start)

    def wait(self):
        """The answers to a batch."""
        ends, rest = 0, b""
        while ends < self.depth:
            got = rest + self.connection.recv(1 << 20)
            ends += got.count(b"END\r\n")
            rest = got[got.rfind(b"\n") + 1 :]

    def counts(self):
        """How often each key was sent."""
        counts = {}
        for i in range(self.sent):
            for key in self.batches[i % len(self.batches)]:
                counts[key] = counts.get(key, 0) + 1
        return counts
