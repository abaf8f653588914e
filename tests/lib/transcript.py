#!/usr/bin/env python3
"""The examples of the documents, as transcripts that mcsh --verify plays and compares.

    transcript.py split DOCUMENT DIRECTORY   writes DIRECTORY/transcript, a command for each step of
                                             the examples, and how many there are to standard output;
                                             transcripts in the document become DIRECTORY/own-1 ...
                                             what a step shows is in DIRECTORY/001/want ...
    transcript.py rows HELP DIRECTORY        the examples of `.help` in JSON: one transcript a
                                             command

In README an example is an indented block whose first line begins with "$ "; in the manual it is a
literal display that does; one that begins with the first line of a transcript is one. Each line
that begins with "$ " is typed to the system's shell, and the lines after it, to the next one, are
all that the terminal shows then. Where they hold prompts of mcsh, what stands after these is typed
too: play.tcl does. memcached's version may be any, and so may the cas numbers that it gives.
"""

import html.parser
import json
import os
import re
import shlex
import subprocess
import sys

SHELL = "$ "
HEADER = "# mcsh transcript 1"
PROMPTS = ("sandbox> ", "'...> ", '"...> ', "...> ", "Type yes to go on: ")


def output_line(line):
    """A line of output as a transcript has it."""
    if re.search(r"^((mcsh|\.\.\.)>( |$)|#)| \((re|esc|no-eol)\)$| $", line):
        return re.sub(r"^.| $", lambda byte: "\\x%02x" % ord(byte[0]), line.replace("\\", "\\\\")) + " (esc)"
    return re.sub(r"\bmemcached \d+\.\d+\.\d+", "memcached <any>", line)


def output(text):
    return "".join(output_line(line) + "\n" for line in text.split("\n")[:-1])


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


def write(folder, what, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, what), "w", encoding="utf-8") as file:
        file.write(text)


def typed(want):
    """The prompts' lines of what is to be seen, without the prompts."""
    for line in want.split("\n"):
        for prompt in PROMPTS:
            if line.startswith(prompt):
                yield line[len(prompt) :] + "\n"


def split(document, directory):
    all_blocks = list(blocks_of(document))
    for number, block in enumerate((b for b in all_blocks if b.startswith(HEADER)), 1):
        write(directory, "own-%d" % number, block)
    blocks = [block for block in all_blocks if block.startswith(SHELL)]
    steps = [step for block in blocks for step in steps_of(block)]
    # Times are told from data in what is pretty.
    transcript = "# mcsh transcript 1 format=pretty\n"
    for number, (command, want) in enumerate(steps, 1):
        folder = os.path.join(directory, "%03d" % number)
        write(folder, "command", command + "\n")
        write(folder, "typed", "".join(typed(want)))
        write(folder, "want", want)
        transcript += "\n# %s\nmcsh> .echo | expect %s %s\n%s" % (
            command,
            shlex.quote(os.path.join(os.path.dirname(os.path.abspath(__file__)), "play.tcl")),
            shlex.quote(os.path.abspath(folder)),
            output(want),
        )
    write(directory, "transcript", transcript)
    print(len(steps))


def rows(help_file, directory):
    with open(help_file, encoding="utf-8") as file:
        table = json.load(file)["rows"]
    for row in table:
        if not row["example"]:
            continue
        text = ""
        for line in row["example"].split("\n")[:-1]:
            text += "mcsh" + line + "\n" if line.startswith("> ") else output_line(line) + "\n"
        write(directory, row["command"], text)


if __name__ == "__main__":
    {"split": split, "rows": rows}[sys.argv[1]](*sys.argv[2:])
