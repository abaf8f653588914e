"""What a person sees: a program run on a terminal of its own, lines typed when it asks for them,
and the text that its screen shows in the end."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

COLUMNS = 80
# High enough that nothing scrolls away and no pager is called.
ROWS = 500
# The longest that one answer may take, in seconds.
PATIENCE = 30


class Screen:
    """The part of an xterm that line editors and coloured output need. A control sequence that it
    does not know is an error: to ignore it could hide what a person would see."""

    SEQUENCE = re.compile(r"\x1b\[([?\d;]*)([@-~])|\x1b([=>78M]|\(B)")

    def __init__(self):
        self.rows = [[]]
        self.wrapped = set()
        self.row = self.column = 0
        self.rest = ""

    def feed(self, text):
        text = self.rest + text
        at = 0
        while at < len(text):
            if text[at] != "\x1b":
                self._put(text[at])
                at += 1
                continue
            match = self.SEQUENCE.match(text, at)
            if match:
                if match[2]:
                    self._control(match[1], match[2])
                at = match.end()
            elif len(text) - at > 32:
                raise ValueError("unknown sequence %r" % text[at : at + 16])
            else:
                break
        self.rest = text[at:]

    def _line(self):
        while len(self.rows) <= self.row:
            self.rows.append([])
        return self.rows[self.row]

    def _put(self, char):
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self.row += 1
            self._line()
        elif char == "\b":
            self.column = max(0, min(self.column, COLUMNS - 1) - 1)
        elif char == "\t":
            self.column = min(COLUMNS - 1, self.column // 8 * 8 + 8)
        elif char == "\a":
            pass
        elif char < " ":
            raise ValueError("unknown control character %r" % char)
        else:
            self._print(char)

    def _print(self, char):
        # As in xterm, a full row breaks only when one more character comes.
        if self.column == COLUMNS:
            self.wrapped.add(self.row)
            self.row += 1
            self.column = 0
        line = self._line()
        line.extend(" " * (self.column + 1 - len(line)))
        line[self.column] = char
        self.column += 1

    def _control(self, parameters, final):
        if final == "m" or parameters.startswith("?") and final in "hl":
            return
        numbers = [int(n) if n else 0 for n in parameters.split(";")]
        count = numbers[0] or 1
        line = self._line()
        if final == "G":
            self.column = count - 1
        elif final == "H":
            self.row = count - 1
            self.column = (numbers[1] if len(numbers) > 1 else 1) - 1
        elif final == "A":
            self.row = max(0, self.row - count)
        elif final == "B":
            self.row += count
        elif final == "C":
            self.column = min(COLUMNS - 1, self.column + count)
        elif final == "D":
            self.column = max(0, self.column - count)
        elif final == "@" and self.column < len(line):
            line[self.column : self.column] = " " * count
            del line[COLUMNS:]
        elif final == "P":
            del line[self.column : self.column + count]
        elif final == "K" and numbers[0] == 0:
            del line[self.column :]
        elif final == "J" and numbers[0] == 0:
            del line[self.column :]
            del self.rows[self.row + 1 :]
        elif final != "@":
            raise ValueError("unknown sequence CSI %s %s" % (parameters, final))
        self._line()

    def cursor_line(self):
        """What stands before the cursor in its row."""
        line = "".join(self._line())
        return line.ljust(self.column)[: self.column]

    def text(self, rows=None):
        """The rows above ROWS (all of them unless given), without blanks at their ends; what the
        terminal broke because it was too long is one line again."""
        text = ""
        for number, row in enumerate(self.rows[:rows]):
            text += "".join(row)
            if number not in self.wrapped:
                text = text.rstrip(" ") + "\n"
        return text.rstrip("\n") + "\n" if text.strip() else ""


class Silence(Exception):
    """The program neither ended nor asked."""


class Terminal:
    def __init__(self, arguments):
        self.screen = Screen()
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.ended = False
        self.asked = -1
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                self._become(arguments)
            finally:
                os._exit(127)

    @staticmethod
    def _become(arguments):
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.environ["TERM"] = "xterm"
        os.execvp(arguments[0], arguments)

    def _hear(self, seconds):
        if not select.select([self.fd], [], [], max(0, seconds))[0]:
            raise Silence()
        try:
            heard = os.read(self.fd, 65536)
        except OSError:
            heard = b""
        if heard:
            self.screen.feed(self.decoder.decode(heard))
        else:
            self.ended = True

    def wait(self, prompts):
        """Waits until one of PROMPTS stands before the cursor, in a row where nothing was typed
        yet, or until the program has ended. Returns the prompt, or None at the end."""
        until = time.monotonic() + PATIENCE
        while not self.ended:
            line = self.screen.cursor_line()
            if line in prompts and self.screen.row > self.asked:
                return line
            self._hear(until - time.monotonic())
        return None

    def type(self, text):
        self.asked = self.screen.row
        os.write(self.fd, text.encode())

    def close(self):
        """Hangs up, and returns the program's wait status once it is gone."""
        os.close(self.fd)
        for _ in range(PATIENCE * 100):
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return status
            time.sleep(0.01)
        os.kill(self.pid, signal.SIGKILL)
        return os.waitpid(self.pid, 0)[1]
