#!/usr/bin/python3
"""The example of each command that is a request is explained, and its fields are the bytes that the
trace shows.

The rows are those of `.help` in JSON; a row is a request's when .explain takes it."""

import base64
import json
import os
import re
import subprocess

from tap import MCSH, Tap

os.environ.pop("MEMCACHED_SERVERS", None)
tap = Tap()


def mcsh(*arguments):
    return subprocess.run(
        [MCSH, "--sandbox", "--no-rc", "--timeout=2s", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=30,
    )


def traced(line):
    """The bytes that were sent for LINE, as the dumps of the trace have them."""
    sent, sending = bytearray(), False
    trace = mcsh("--trace=hex", "-c", line).stderr.decode("utf-8", "replace")
    for text in trace.split("\n"):
        if text[:2] in ("> ", "< "):
            sending = text[0] == ">" and not text.endswith(")")
        dump = re.match(r"  [0-9a-f]{8}  ((?:[0-9a-f]{2} {1,2})+)", text + " ")
        if dump and sending:
            sent += bytes.fromhex(dump.group(1))
    return bytes(sent)


def explained(line):
    """The fields of each request of LINE; None when it is not one."""
    answer = mcsh("--format=json", "-c", ".explain " + line).stdout.decode()
    whole = json.loads(answer)
    return whole.get("requests")


def examples(row):
    for line in (row["example"] or "").split("\n"):
        words = line[2:].split(" ")
        if line.startswith("> ") and words[0] in row["usage"].split(" ")[:1]:
            yield line[2:].split(" | ")[0]


def text_of(field):
    if field.get("encoding") == "base64":
        return base64.b64decode(field["text"])
    return field["text"].encode()


rows = json.loads(mcsh("--format=json", "-c", ".help").stdout)["rows"]
explained_rows = 0
for row in rows:
    for line in examples(row):
        requests = explained(line)
        if requests is None:
            continue
        explained_rows += 1
        wrong = []
        for request in requests:
            end = 0
            for field in request["fields"]:
                if field["offset"] != end or field["length"] == 0:
                    wrong.append("at %d: %s" % (end, field))
                end += field["length"]
                if len(text_of(field)) != field["length"]:
                    wrong.append("its text has another length: %s" % field)
            if end != request["bytes"]:
                wrong.append("%d bytes, and fields of %d" % (request["bytes"], end))
        told = b"".join(text_of(f) for r in requests for f in r["fields"])
        sent = traced(line)
        # A warning or an error comes with it, but not the bytes of another command.
        if told != sent:
            wrong.append("explained: %r" % told)
            wrong.append("sent:      %r" % sent)
        tap.ok("`%s`: each byte that is sent belongs to one field" % line, not wrong, *wrong)

tap.ok("twenty commands or more are explained: %d" % explained_rows, explained_rows >= 20)
tap.done()
