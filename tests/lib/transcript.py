#!/usr/bin/env python3
"""The examples of the documents, to be run and compared.

    transcript.py split DOCUMENT DIRECTORY   one folder a step, 001 and on, with the files
                                             command (for sh), typed (to mcsh) and want
    transcript.py play DIRECTORY/001         runs it on a terminal and prints what that shows
    transcript.py rows HELP DIRECTORY        the examples of `.help` in JSON: one folder a command,
                                             with the files command and want

In README an example is an indented block whose first line begins with "$ "; in the manual it is a
literal display that does. Each line that begins with "$ " is typed to the system's shell, and the
lines behind it, to the next one, are all that the terminal shows then. Where they hold prompts of
mcsh, what stands behind these is typed too. What differs from run to run (times, rates and their
histogram, memcached's version) is the same in `want` and in what `play` prints.
"""

import html.parser
import json
import os
import re
import shlex
import subprocess
import sys

from terminal import Silence, Terminal

SHELL = "$ "
PROMPTS = ("sandbox> ", "...> ", "Type yes to go on: ")


def same_every_time(text):
    text = re.sub(r"(?m)^( +\d[\d,.]* (ns|us|µs|ms|s)\+ .*\n)+", "HISTOGRAM\n", text)
    text = re.sub(r"\b[\d,]+ per second\b", "RATE per second", text)
    text = re.sub(r"\d[\d,]*(\.\d+)? (ns|us|µs|ms|s)\b", "TIME", text)
    text = re.sub(r"\b(connect|send|wait|receive) \d+\.\d+", r"\1 TIME", text)
    return re.sub(r"\bmemcached \d+\.\d+\.\d+", "memcached VERSION", text)


def indented_blocks(text):
    """The blocks of a text that are four blanks in, between blank lines or lines that are not."""
    block = []
    for line in text.split("\n") + ["end"]:
        if line.startswith("    ") or not line.strip():
            block.append(line[4:])
            continue
        while block and not block[0]:
            del block[0]
        if block:
            yield "\n".join(block).rstrip() + "\n"
        block = []


class Displays(html.parser.HTMLParser):
    """The literal displays of a manual page, as its reader sees them."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.depth = 0

    def handle_starttag(self, tag, attrs):
        if tag == "pre":
            self.depth = 1
            self.found.append("")

    def handle_endtag(self, tag):
        if tag == "pre":
            self.depth = 0

    def handle_data(self, data):
        if self.depth:
            self.found[-1] += data


def blocks_of(path):
    if not re.search(r"\.[1-9]$", path):
        with open(path, encoding="utf-8") as file:
            return list(indented_blocks(file.read()))
    page = subprocess.run(["mandoc", "-T", "html", path], stdout=subprocess.PIPE, check=True)
    displays = Displays()
    displays.feed(page.stdout.decode())
    return [text.strip("\n") + "\n" for text in displays.found]


def steps_of(block):
    """The pairs of what is typed to sh and what is seen then."""
    steps = []
    for line in block.split("\n")[:-1]:
        if line.startswith(SHELL):
            steps.append((line[len(SHELL) :], ""))
        else:
            steps[-1] = (steps[-1][0], steps[-1][1] + line + "\n")
    return steps


def write_step(directory, name, **files):
    folder = os.path.join(directory, name)
    os.makedirs(folder)
    for what, text in files.items():
        with open(os.path.join(folder, what), "w", encoding="utf-8") as file:
            file.write(text)


def read_step(folder, what):
    with open(os.path.join(folder, what), encoding="utf-8") as file:
        return file.read()


def typed(want):
    """The prompts' lines of what is to be seen, without the prompts."""
    for line in want.split("\n"):
        for prompt in PROMPTS:
            if line.startswith(prompt):
                yield line[len(prompt) :] + "\n"


def split(document, directory):
    blocks = [block for block in blocks_of(document) if block.startswith(SHELL)]
    steps = [step for block in blocks for step in steps_of(block)]
    for number, (command, want) in enumerate(steps, 1):
        write_step(
            directory,
            "%03d" % number,
            command=command + "\n",
            typed="".join(typed(want)),
            want=same_every_time(want),
        )


def play(folder):
    lines = read_step(folder, "typed").splitlines()
    terminal = Terminal(["sh", "-c", read_step(folder, "command")])
    rows = None
    failure = ""
    try:
        for text in lines:
            # A prompt that is not the one due is answered all the same: the comparison will tell.
            if terminal.wait(PROMPTS) is None:
                break
            terminal.type(text + "\r")
        if terminal.wait(PROMPTS if lines else ()) is not None:
            rows = terminal.screen.row
            terminal.type("\x04")
            terminal.wait(())
    except (Silence, ValueError) as trouble:
        failure = "[%s: %s]\n" % (type(trouble).__name__, trouble)
    terminal.close()
    sys.stdout.write(same_every_time(terminal.screen.text(rows)) + failure)


def rows(help_file, directory):
    with open(help_file, encoding="utf-8") as file:
        table = json.load(file)["rows"]
    for row in table:
        if not row["example"]:
            continue
        lines = row["example"].split("\n")
        commands = [line[2:] for line in lines if line.startswith("> ")]
        want = "".join(line + "\n" for line in lines[:-1] if not line.startswith("> "))
        arguments = "".join(" -c " + shlex.quote(command) for command in commands)
        command = 'exec "$MCSH" --sandbox' + arguments + "\n"
        write_step(directory, row["command"], command=command, want=want)


if __name__ == "__main__":
    {"split": split, "play": play, "rows": rows}[sys.argv[1]](*sys.argv[2:])
