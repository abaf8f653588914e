#!/usr/bin/env python3
"""Random commands, through mcsh and without it.

    compare.py [--seed N] [--commands N] MCSH

plays random commands, valid ones and such as a server refuses, through `mcsh --format=wire` against
one memcached, and by a plain socket against another, and compares what came back byte for byte.
Valid commands are typed, the others go by .raw. A round is 400 commands on two fresh servers; the
rounds take turns at the classic, the meta and the binary protocol, and at being read ahead and
awaited. Meta commands, and what an administrator types, are among those of classic and meta rounds.

In a meta round the plain socket speaks classic, and a meta reply is first written as the classic one
that says the same, but for meta commands that were typed. In a binary round it sends packets of its
own making, and there is no .raw. Clocks, process numbers and opaques are masked, and cas numbers where
one side spoke meta: servers count them differently there. So are the blanks that an incr or a decr
leaves: the server leaves them unless another of its threads looks at the item.

What differs is named by its seed and its command; `--seed N --commands 1` plays that round alone.
The exit status is 1 then.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from commands import Generator
from packets import NOOP, Packet, packet, read_packets

ROUND = 400
PROTOCOLS = ('classic', 'meta', 'binary')


class Server:
    """A memcached of our own, and a connection to it."""

    def __init__(self, directory, name, options=()):
        self.path = os.path.join(directory, name)
        user = ['-u', 'root'] if os.getuid() == 0 else []
        self.process = subprocess.Popen(
            ['memcached', '-s', self.path, '-m', '64'] + user + list(options), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1000):
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(self.path)
                break
            except OSError:
                self.socket.close()
                time.sleep(0.01)
        else:
            raise SystemExit('memcached did not start')
        self.socket.settimeout(20)
        self.file = self.socket.makefile('rb')

    def close(self):
        self.process.kill()
        self.process.wait()
        self.file.close()
        self.socket.close()
        os.unlink(self.path)

    def line(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError('the server closed')
        return line

    def ask(self, command):
        """The bytes that answer COMMAND."""
        self.socket.sendall(command.sent)
        got = b''
        if command.packets:
            return self.packets(command)
        if command.verb == 'noreply':
            return got
        if command.verb == 'typed':
            return self.meta(command)
        if command.verb == 'raw':
            self.socket.sendall(b'version\r\n')
            while not (line := self.line()).startswith(b'VERSION '):
                got += line
            return got
        while True:
            line = self.line()
            got += line
            words = line.split()
            if words[:1] == [b'VALUE']:
                got += self.file.read(int(words[3]) + 2)
            elif words[:1] != [b'STAT']:
                return got

    def meta(self, command):
        """The lines of a meta command, which may be quiet: a no-op after it shows their end."""
        self.socket.sendall(b'mn\r\n')
        got = self.line() if command.sent == b'mn\r\n' else b''
        while (line := self.line()) != b'MN\r\n':
            got += line
            if line.startswith(b'VA '):
                got += self.file.read(int(line.split()[1]) + 2)
        return got

    def packets(self, command):
        """The packets that answer COMMAND; those that it wants none of are read all the same."""
        if command.verb == 'noreply':
            self.socket.sendall(packet(NOOP))
            last = Packet(self.file.read)
            while last.opcode != NOOP:
                last = Packet(self.file.read)
            return []
        return read_packets(self.file.read, command)


class Reader:
    """What mcsh printed, taken apart by the commands that were typed."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def line(self):
        end = self.data.find(b'\n', self.at)
        line = self.data[self.at:end + 1 if end >= 0 else len(self.data)]
        self.at += len(line)
        return line

    def take(self, size):
        block = self.data[self.at:self.at + size]
        self.at += len(block)
        return block

    def block(self, size):
        return self.take(size + 2)

    def like(self, direct):
        """As many lines and blocks as DIRECT: a time in them may have one digit more."""
        got, at = b'', Reader(direct)
        while at.at < len(direct):
            words = at.line().split()
            got += self.line()
            place = {b'VALUE': 3, b'VA': 1}.get(words[0] if words else b'')
            if place and len(words) > place:
                at.block(int(words[place]))
                got += self.block(int(words[place]))
        return got

    def answer(self, command, direct):
        """The bytes for COMMAND, of which DIRECT came by the plain socket; a meta reply as the
        classic one."""
        if command.packets:
            return read_packets(self.take, command) if direct else []
        if command.verb in ('noreply', 'raw', 'typed'):
            return self.like(direct)
        got = b''
        while True:
            line = self.line()
            words = line.split()
            first = words[0] if words else b''
            if first == b'VALUE' and len(words) > 3:
                got += line + self.block(int(words[3]))
            elif first == b'STAT':
                got += line
            elif first == b'VA' and command.verb in ('incr', 'decr'):
                return self.block(int(words[1]))
            elif first == b'VA':
                got += self.meta_value(command, words)
                if len(command.keys) == 1:
                    return got + b'END\r\n'
            elif first == b'MN':
                return got + b'END\r\n'
            elif first in (b'HD', b'EN', b'NF', b'NS', b'EX'):
                return self.meta_word(command, first)
            else:
                return got + line

    def meta_value(self, command, words):
        flags = {w[:1]: w[1:] for w in words[2:]}
        key = flags.get(b'k', command.keys[0])
        cas = b' ' + flags[b'c'] if b'c' in flags else b''
        return (b'VALUE %s %s %d%s\r\n' % (key, flags.get(b'f', b'?'), int(words[1]), cas) +
                self.block(int(words[1])))

    @staticmethod
    def meta_word(command, word):
        done = {'delete': b'DELETED', 'touch': b'TOUCHED'}
        names = {b'EN': b'NOT_FOUND' if command.verb == 'touch' else b'END', b'NF': b'NOT_FOUND',
                 b'NS': b'NOT_STORED', b'EX': b'EXISTS', b'HD': done.get(command.verb, b'STORED')}
        return names[word] + b'\r\n'


def masked(command, answer, meta):
    if command.packets:
        return [p.masked(command) for p in answer]
    if command.verb == 'stats' and command.typed in (b'stats items', b'stats slabs'):
        return answer[-5:]  # what is expired leaves its class when the crawler comes by
    if command.verb == 'stats':
        return re.sub(rb'(?m)^STAT (\S+) .*$', rb'STAT \1', answer)
    if command.verb in ('raw', 'typed'):
        answer = re.sub(rb'exp=-?\d+ la=\d+', b'exp= la=', answer)
        answer = re.sub(rb'(?m)^((?:VA \d+|HD)(?: \S+)*?) t\d+', rb'\1 t', answer)
    answer = re.sub(rb'(?m)^(VALUE n\d+ \d+) \d+((?: \d+)?\r\n\d*) *\r$', rb'\1\2\r', answer)
    if meta and command.verb in ('gets', 'gats'):
        answer = re.sub(rb'(?m)^(VALUE (?:n\d+ \d+|[^n]\S* \d+ \d+)) \d+\r', rb'\1\r', answer)
    return answer


def play(mcsh, directory, seed, protocol, awaited, typed):
    """Where the round of SEED differs, or None."""
    meta = protocol == 'meta'
    generator = Generator(seed, protocol, typed)
    commands = generator.commands(ROUND)
    if meta:
        # What a cas does depends on a number that servers count differently there.
        commands = [c for c in commands if c.verb != 'cas']
    script = b'.set protocol %s\n' % protocol.encode()
    script += b'\n'.join(c.typed for c in commands) + b'\n'
    one, other = Server(directory, 'one'), Server(directory, 'other')
    try:
        run = subprocess.run(
            [mcsh, '--no-rc', '--format=wire', '--timeout=20s', one.path] +
            (['--trace-file=/dev/null'] if awaited else []),
            input=script, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        reader = Reader(run.stdout)
        for number, command in enumerate(commands, 1):
            direct = other.ask(command)
            got = reader.answer(command, direct)
            if masked(command, got, meta) != masked(command, direct, meta):
                if command.packets:
                    got, direct = masked(command, got, meta), masked(command, direct, meta)
                return (f'command {number}: {command.typed[:300]!r}\n#   direct {direct[:300]!r}\n'
                        f'#   mcsh   {got[:300]!r}\n#   status {run.returncode}, errors '
                        f'{run.stderr[-300:]!r}')
        if reader.at != len(reader.data):
            return f'mcsh printed more: {reader.data[reader.at:reader.at + 200]!r}'
        if run.returncode not in range(5) or run.returncode in (2, 4):
            return f'status {run.returncode}: {run.stderr[-400:]!r}'
    except (ConnectionError, OSError, subprocess.TimeoutExpired) as error:
        return f'{error!r}'
    finally:
        one.close()
        other.close()
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--commands', type=int, default=1600)
    parser.add_argument('mcsh')
    options = parser.parse_args()
    directory = tempfile.mkdtemp(prefix='mcsh-attack.')
    typed = subprocess.run([options.mcsh, '--no-rc', '-c', '.help mg'], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False).returncode == 0
    began, failed, rounds = time.time(), 0, 0
    try:
        while rounds * ROUND < options.commands and failed < 10:
            seed = options.seed + rounds
            protocol, awaited = PROTOCOLS[seed % 3], seed % 2 == 1
            difference = play(options.mcsh, directory, seed, protocol, awaited, typed)
            if difference:
                failed += 1
                print(f'# seed {seed}, {protocol}, {"awaited" if awaited else "read ahead"}: '
                      f'{difference}', flush=True)
            rounds += 1
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(f'# {rounds * ROUND} commands in {rounds} rounds from seed {options.seed}, '
          f'{failed} rounds differ, {time.time() - began:.0f} s')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
