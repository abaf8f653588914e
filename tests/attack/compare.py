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
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from packets import NOOP, STORAGE, Packet, encode, packet, read_packets

ROUND = 400
PROTOCOLS = ('classic', 'meta', 'binary')
# What an administrator types whose answer does not depend on the hour. Not flush_all with a delay: what
# an earlier one flushed is there again then, as far as the server has not come by it.
ADMIN = (
    b'stats detail on', b'stats detail off', b'stats reset', b'lru mode flat',
    b'lru mode segmented', b'lru temp_ttl 61', b'lru temp_ttl -1', b'lru tune 10 20 0.1 2.0',
    b'slabs automove 0', b'slabs automove 1', b'slabs reassign 1 1', b'slabs reassign 60 1',
    b'cache_memlimit 64', b'cache_memlimit 100', b'lru_crawler sleep 100',
    b'lru_crawler tocrawl 0', b'lru_crawler enable', b'refresh_certs', b'config get cluster',
    b'verbosity 1')


class Server:
    """A memcached of our own, and a connection to it."""

    def __init__(self, directory, name):
        self.path = os.path.join(directory, name)
        user = ['-u', 'root'] if os.getuid() == 0 else []
        self.process = subprocess.Popen(
            ['memcached', '-s', self.path, '-m', '64'] + user, stdin=subprocess.DEVNULL,
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


class Command:
    packets = several = whole = number = False

    def __init__(self, verb, typed, sent):
        self.verb = verb
        self.typed = typed
        self.sent = sent


def quoted(data):
    """DATA as a word that mcsh reads."""
    if data and re.fullmatch(rb'[A-Za-z0-9_]+', data):
        return data
    return b'"' + b''.join(b'%c' % c if chr(c).isalnum() and c < 128 else b'\\x%02x' % c
                           for c in data) + b'"'


class Generator:
    def __init__(self, seed, protocol, typed):
        self.random = random.Random(seed)
        self.meta = protocol == 'meta'
        self.binary = protocol == 'binary'
        self.typed = typed  # mcsh has the meta commands
        self.keys = [b'k%d' % i for i in range(24)]
        self.keys += [b'n%d' % i for i in range(8)]  # numbers, mostly
        self.keys += [b'x' * 250, b'y' * 249 + b'1', 'schlüssel'.encode(), b'\xff\xfe', b'a\\b"c\'d']

    def key(self, numbers=True):
        while True:
            key = self.random.choice(self.keys)
            if numbers or not key.startswith(b'n'):
                return key

    def value(self, key):
        r = self.random
        if key.startswith(b'n') and not r.randrange(8) == 0:
            return b'%d' % r.choice([0, 1, 9, 10, 99, 100, 2 ** 32, 2 ** 64 - 1, r.randrange(1000)])
        kind = r.randrange(40)
        if kind == 0:
            return b'z' * r.choice([1048400, 1048600, 70000, 300000])
        if kind == 1:
            return b''
        if kind < 4:
            return b'a\r\nEND\r\nVALUE k1 0 1\r\nx\r\nSTORED\r\nHD\r\n'
        if kind < 12:
            return bytes(r.randrange(256) for _ in range(r.randrange(1, 40)))
        return b'v' * r.randrange(1, 60)

    def storage(self, verb):
        r = self.random
        # What stands after the blanks of a number would show them.
        key = self.key(verb not in ('append', 'prepend'))
        value = self.value(key)
        if self.meta and verb != 'set':
            value = value[:100000]  # a refused ms deletes the old item, which a replace does not
        flags = r.choice([0, 0, 0, 1, 65535, 65536, 4294967295])
        exptime = r.choice([0, 0, 0, 0, 1000, 2592000, -1])
        if verb in ('append', 'prepend'):
            flags = exptime = 0  # the server would pass over them
        options = b' --flags %d' % flags if flags else b''
        noreply = verb != 'cas' and r.randrange(12) == 0
        typed = verb.encode() + options + (b' --noreply' if noreply else b'') + b' -- '
        typed += quoted(key) + b' ' + quoted(value)
        sent = verb.encode() + b' %s %d %d %d' % (key, flags, exptime, len(value))
        if verb == 'cas':
            cas = r.choice([0, 1, 2, 7, r.randrange(200), 2 ** 64 - 1])
            typed += b' %d' % cas
            sent += b' %d' % cas
        if exptime:
            typed += b' %d' % exptime
        sent += (b' noreply' if noreply else b'') + b'\r\n' + value + b'\r\n'
        return Command('noreply' if noreply else verb, typed, sent)

    def valid(self):
        r = self.random
        verb = r.choice(['get'] * 8 + ['gets'] * 3 + ['set'] * 6 + list(STORAGE) + [
            'delete', 'delete', 'incr', 'incr', 'decr', 'decr', 'touch', 'gat', 'gats', 'version',
            'stats', 'verbosity', 'flush_all'])
        key = self.key()
        word = verb.encode()
        if verb in STORAGE:
            return self.storage(verb)
        if verb in ('get', 'gets'):
            keys = [self.key() for _ in range(r.choice([1, 1, 1, 2, 3, 8]))]
            return Command(verb, word + b''.join(b' ' + quoted(k) for k in keys),
                           word + b''.join(b' ' + k for k in keys) + b'\r\n')
        if verb in ('incr', 'decr'):
            delta = r.choice([1, 1, 2, 10, 1000, 2 ** 63, 2 ** 64 - 1])
            typed = b'' if delta == 1 else b' %d' % delta
            return Command(verb, word + b' ' + quoted(key) + typed,
                           word + b' %s %d\r\n' % (key, delta))
        if verb in ('gat', 'gats'):
            exptime = r.choice([0, 1000, -1])
            return Command(verb, word + b' -- %d ' % exptime + quoted(key),
                           word + b' %d %s\r\n' % (exptime, key))
        if verb == 'touch':
            exptime = r.choice([0, 1000, 5000])
            return Command(verb, word + b' ' + quoted(key) + b' %d' % exptime,
                           word + b' %s %d\r\n' % (key, exptime))
        if verb == 'delete':
            return Command(verb, word + b' ' + quoted(key), word + b' ' + key + b'\r\n')
        if verb == 'stats':
            what = r.choice([b'', b' settings', b' items', b' slabs', b' sizes'])
            return Command(verb, word + what, word + what + b'\r\n')
        if verb == 'verbosity':
            return Command(verb, b'verbosity 0', b'verbosity 0\r\n')
        if verb == 'flush_all' and r.randrange(6):
            verb, word = 'version', b'version'
        return Command(verb, word, word + b'\r\n')

    def admin(self):
        line = self.random.choice(ADMIN)
        return Command('admin', line, line + b'\r\n')

    def typed_meta(self):
        """A meta command as it is typed; of its flags only such as 1.6.18 knows."""
        r = self.random
        verb = r.choice(['mg'] * 5 + ['ms'] * 4 + ['ma'] * 2 + ['md', 'mn', 'me'])
        if self.meta and verb == 'me':
            verb = 'mg'  # it shows the cas
        if verb == 'mn':
            return Command('typed', b'mn', b'mn\r\n')
        flags = {
            'mg': ['v', 'v', 'f', 's', 'k', 't', 'h', 'q', 'N30', 'T100', 'O123', 'c'],
            'ms': ['T100', 'F5', 'F4294967295', 'q', 'k', 'O1', 'M' + r.choice('EAPRS'), 'c'],
            'ma': ['N0', 'J5', 'D2', 'D1000', 'T100', 'q', 'v', 't', 'k', 'O7',
                   'M' + r.choice('ID+-'), 'c'],
            'md': ['q', 'k', 'O9'],
            'me': [],
        }[verb]
        if self.meta:
            flags = [f for f in flags if f != 'c']
        chosen = {f[0]: f for f in r.sample(flags, min(len(flags), r.randrange(5)))}
        words = [f.encode() for f in chosen.values()]
        key = r.choice(self.keys[24:32]) if verb == 'ma' else self.key(False)
        start = verb.encode() + b' '
        end = b''.join(b' ' + w for w in words)
        if verb != 'ms':
            return Command('typed', start + quoted(key) + end, start + key + end + b'\r\n')
        value = self.value(key)[:100000]
        return Command('typed', start + quoted(key) + b' ' + quoted(value) + end,
                       start + key + b' %d' % len(value) + end + b'\r\n' + value + b'\r\n')

    def word(self, numbers):
        r = self.random
        return r.choice([
            b'k1', b'n1' if numbers else b'k2', b'0', b'1', b'-1', b'3', b'5', b'abc', b'99999999999999999999', b'4294967296',
            b'noreply', b'v', b'f', b'c', b't', b'k', b's', b'h', b'q', b'T0', b'T1000', b'F7', b'O123',
            b'MS', b'ME', b'MA', b'MX', b'D5', b'N0', b'J3', b'C1', b'b', b'azE=', b'x' * 251, b'+1',
            b'0x10', b'1.5', b'\xff\xfe', b'I', b'S3', b'zz', b'ON', b'a' * 40, self.key(numbers)])

    def raw(self):
        """A line as it is, with or without a block; most are refused."""
        r = self.random
        verb = r.choice(list(STORAGE) * 2 + ['ms'] * 4 + ['mg'] * 5 + [
            'md', 'md', 'ma', 'ma', 'me', 'mn', 'get', 'gets', 'gat', 'gats', 'touch', 'delete', 'incr',
            'decr', 'verbosity', 'bogus', 'GET', 'cache_memlimit', 'slabs', 'stats', 'lru', 'flush_all',
            'refresh_certs', 'extstore'])
        numbers = verb in ('ma', 'incr', 'decr')
        words = [self.word(numbers) for _ in range(r.randrange(0, 6))]
        if self.meta:
            # Nothing that tells a cas number, or depends on it.
            verb = {'gets': 'get', 'gats': 'gat', 'me': 'mg', 'cas': 'set'}.get(verb, verb)
            words = [{b'c': b'f', b'C1': b'h'}.get(w, w) for w in words]
        words.insert(0, verb.encode())
        block = None
        if verb in STORAGE or verb == 'ms':
            value = self.value(b'k')[:2000]
            if r.randrange(2):
                at = {'ms': 2}.get(verb, 4)
                words[1:at] = [self.key(False), b'0', b'0'][:at - 1]
                length = len(value) + r.choice([0, 0, 0, 0, -1, 1])
                words[at:at + 1] = [b'%d' % max(length, 0)]
                if length > len(value):
                    value += b'!'  # else the server waits for more
            elif any(re.fullmatch(rb'\+?[0-9]{1,19}', w) for w in words[2:]):
                # What is taken for the length must not be longer than what follows.
                words[2:] = [b'abc' if re.fullmatch(rb'\+?[0-9].*', w) else w for w in words[2:]]
            block = value
        elif verb in ('flush_all', 'cache_memlimit', 'slabs', 'stats', 'lru', 'extstore'):
            words[1:] = r.choice([[b'abc'], [b'-x'], [b'reassign', b'1'], [b'mode', b'x'], [b'bogus']])
            if verb == 'flush_all':
                words[1:] = [b'abc']
        typed = b'.raw '
        if block is not None:
            typed += b'--data ' + quoted(block) + b' '
        typed += b'-- ' + b' '.join(quoted(w) for w in words)
        sent = b' '.join(words) + b'\r\n'
        if block is not None:
            sent += block + b'\r\n'
        return Command('raw', typed, sent)

    def packet(self):
        while True:
            command = self.valid()
            if command.verb not in ('stats', 'verbosity') or command.typed == b'stats settings':
                done = encode(command)
                if done:
                    return done

    def command(self):
        kind = self.random.randrange(24)
        if self.binary:
            return self.packet()
        if kind < 6:
            return self.raw()
        if kind < 8:
            return self.admin()
        if kind < 12 and self.typed:
            return self.typed_meta()
        return self.valid()

    def commands(self, count):
        return [self.command() for _ in range(count)]


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
            elif first == b'VA':
                return self.meta_value(command, words)
            elif first in (b'HD', b'EN', b'NF', b'NS', b'EX'):
                return self.meta_word(command, first)
            else:
                return got + line

    def meta_value(self, command, words):
        block = self.block(int(words[1]))
        if command.verb in ('incr', 'decr'):
            return block
        flags = {w[:1]: w[1:] for w in words[2:]}
        key = command.sent.split()[1]
        cas = b' ' + flags[b'c'] if b'c' in flags else b''
        return (b'VALUE %s %s %d%s\r\n' % (key, flags.get(b'f', b'?'), int(words[1]), cas) +
                block + b'END\r\n')

    @staticmethod
    def meta_word(command, word):
        names = {b'EN': b'END', b'NF': b'NOT_FOUND', b'NS': b'NOT_STORED', b'EX': b'EXISTS',
                 b'HD': b'DELETED' if command.verb == 'delete' else b'STORED'}
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
        os.unlink(one.path)
        os.unlink(other.path)
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
