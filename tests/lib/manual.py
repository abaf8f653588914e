#!/usr/bin/env python3
"""What the manual page says, as lists to be held against the program.

    manual.py entries PAGE SECTION   the tags of the section's outermost lists, one a line
    manual.py marked PAGE CLASS      every text that is marked up with the mdoc macro CLASS (Fl, Ic,
                                     Va ...), sorted, once each
    manual.py table PAGE SECTION     the rows of the section's column lists, one a line, with tabs
                                     between the cells

PAGE is the manual in mdoc; it is read as mandoc renders it, so that what counts is what a reader
sees. White space in a text is one blank.
"""

import html.parser
import subprocess
import sys


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.section = ""
        self.lists = 0
        self.entries = {}
        self.marked = {}
        self.tables = {}
        self.open = []
        page = subprocess.run(["mandoc", "-T", "html", path], stdout=subprocess.PIPE, check=True)
        self.feed(page.stdout.decode())

    # Tags that hold no text of interest, or are never closed.
    VOID = ("meta", "link", "br", "hr", "col")

    def handle_starttag(self, tag, attrs):
        if tag in self.VOID:
            return
        if tag == "dl":
            self.lists += 1
        if tag == "tr":
            self.tables.setdefault(self.section, []).append([])
        self.open.append((tag, dict(attrs).get("class", ""), []))

    def handle_data(self, data):
        for _, _, text in self.open:
            text.append(data)

    def handle_endtag(self, tag):
        if tag in self.VOID:
            return
        while self.open:
            name, marks, pieces = self.open.pop()
            text = " ".join("".join(pieces).split())
            self._close(name, marks, text)
            if name == tag:
                return

    def _close(self, name, marks, text):
        if name == "dl":
            self.lists -= 1
        elif name == "h1" and "Sh" in marks.split():
            self.section = text
        elif name == "dt" and self.lists == 1:
            self.entries.setdefault(self.section, []).append(text)
        elif name == "td" and self.section in self.tables:
            self.tables[self.section][-1].append(text)
        for mark in marks.split():
            self.marked.setdefault(mark, set()).add(text)


def main(what, path, name):
    page = Page(path)
    if what == "entries":
        found = page.entries[name]
    elif what == "table":
        found = ["\t".join(cells) for cells in page.tables[name]]
    else:
        found = sorted(page.marked[name])
    sys.stdout.write("".join(line + "\n" for line in found))


if __name__ == "__main__":
    main(*sys.argv[1:])
