#!/usr/bin/python3
"""Each line by which the installed memcached can refuse is in tests/vectors/refusals.tsv, for which
tests/unit/test_advice.c shows that there is advice."""

import os
import re
import shutil

from tap import Tap

# What it writes to its own log, or completes before it sends it, or what a compiler makes of a text
# that is copied in two pieces.
LOG = re.compile(
    rb".*[\n%]|Error (discovering|initializing|while)|(CLIENT|SERVER)_ERROR $|Error TLS not en$"
    rb"|ERROR locked tryry"
)
REFUSAL = re.compile(
    rb"(CLIENT_ERROR|SERVER_ERROR|ERROR|BUSY|BADCLASS|NOSPARE|NOTFULL|UNSAFE|SAME|NOTSTARTED"
    rb"|MEMLIMIT_|WATCHER_|Error )[ _:A-Za-z]"
)

tap = Tap()
top = os.environ["top_srcdir"]
with open(os.path.join(top, "tests/vectors/refusals.tsv"), "rb") as file:
    known = [line.rstrip(b"\n") for line in file if not line.startswith(b"#")][1:]

memcached = shutil.which("memcached", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/bin")
with open(memcached, "rb") as file:
    texts = set(re.findall(rb"[\x20-\x7e\n]{5,}", file.read()))
refusals = sorted(text for text in texts if REFUSAL.match(text) and not LOG.match(text))
tap.ok("the texts of memcached that refuse are 50 or more", len(refusals) >= 50, len(refusals))
tap.same(
    "each of them has its line in tests/vectors/refusals.tsv",
    [],
    [text for text in refusals if text not in known],
)
tap.same("the lines of tests/vectors/refusals.tsv stand once, in order", sorted(set(known)), known)
tap.done()
