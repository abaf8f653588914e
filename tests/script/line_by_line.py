#!/usr/bin/python3
"""A program that writes a line, reads the answer and only then writes the next: with --expect and
without, on plain pipes. Nothing here waits for a time; a reply that is held back would be waited
for until the test is given up."""

import os
import signal
import socket
import subprocess

from tap import MCSH, Tap

tap = Tap()


class Shell:
    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [MCSH, "--sandbox", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def send(self, line):
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def line(self):
        return self.process.stdout.readline()

    def reply(self):
        """The lines up to the prompt."""
        return b"".join(iter(self.line, b"mcsh>\n"))

    def end(self):
        self.process.stdin.close()
        rest = self.process.stdout.read()
        return self.process.wait(), rest


shell = Shell()
right = 0
for number in range(300):
    shell.send(b"set key%d %d" % (number % 7, number))
    stored = shell.line()
    shell.send(b"get key%d" % (number % 7))
    if (stored, shell.line()) != (b"STORED\n", b"%d\n" % number):
        break
    right += 1
tap.same("standard input: each line is answered when it has come", 300, right)
shell.send(b'set text "one')
shell.send(b'two"')
tap.same("standard input: a quote that is open waits for its end", b"STORED\n", shell.line())
shell.send(b"get text nope key1")
tap.same("standard input: an answer of several lines begins", b"text\tone\\ntwo\n", shell.line())
tap.same("standard input: an answer of several lines is written to its end", b"key1\t295\n", shell.line())
# Two lines at once, the second in two pieces.
shell.process.stdin.write(b"get key1\nget k")
shell.process.stdin.flush()
tap.same("standard input: of two lines that which has come whole is answered", b"295\n", shell.line())
shell.send(b"ey2")
tap.same("standard input: a line in two pieces is answered", b"296\n", shell.line())
tap.same("standard input: its end ends mcsh with status 1, for a miss", (1, b""), shell.end())

shell = Shell("--expect")
tap.same("--expect begins with a greeting", b"mcsh expect 1\n", shell.reply())
right = 0
for number in range(300):
    shell.send(b"set key %d" % number)
    stored = shell.reply()
    shell.send(b"get key")
    if (stored, shell.reply()) != (b"| STORED\n= 0 ok\n", b"| %d\n= 0 ok\n" % number):
        break
    right += 1
tap.same("--expect: each command that comes line by line is answered", 300, right)
shell.send(b'set text "one')
tap.same("--expect: an open quote is prompted by mcsh...>", b"mcsh...>\n", shell.line())
shell.send(b'two"')
tap.same("--expect: a quote that is closed is answered", b"| STORED\n= 0 ok\n", shell.reply())
shell.process.stdin.write(b"get key\nget text\nget k")
shell.process.stdin.flush()
tap.same("--expect: the first of commands sent together is answered", b"| 299\n= 0 ok\n", shell.reply())
tap.same("--expect: the second of commands sent together is answered", b"| one\\ntwo\n= 0 ok\n", shell.reply())
shell.send(b"ey")
tap.same("--expect: a line in two pieces is answered", b"| 299\n= 0 ok\n", shell.reply())
mute = socket.create_server(("127.0.0.1", 0))
shell.send(b".connect 127.0.0.1:%d" % mute.getsockname()[1])
asked, _ = mute.accept()
tap.same("--expect: .connect asks the server", b"stats\r\n", asked.recv(100))
shell.process.send_signal(signal.SIGINT)
tap.same("--expect: SIGINT ends a command that waits, as lost", b"= 4 lost\n", shell.reply()[-9:])
shell.process.send_signal(signal.SIGINT)
shell.send(b".echo still here")
tap.same("--expect: SIGINT between commands does nothing", b"| still here\n= 0 ok\n", shell.reply())
tap.same("--expect: the end of input ends mcsh with status 4, for a lost command", (4, b""), shell.end())

tap.done()
