#!/usr/bin/env python3
"""What random commands leave on a server, through mcsh and without it.

    effects.py [--seed N] [--rounds N] MCSH

plays random commands that store, change and delete through mcsh against one memcached, and what each
stands for in the classic protocol by a plain socket against another; then the items of both are
compared: values, flags and times. compare.py compares the answers; here are the commands whose answers
have no like in the protocol: set_multi, delete_multi, .load in its forms, .copy, .undo, .repeat, values
from files, key prefixes, values at the limit of a server, which is another one in some rounds. The
rounds take turns at the protocols, and at being read ahead and awaited.

What differs is named by its seed; `--seed N --rounds 1` plays that round alone. The exit status is 1
then.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from commands import quoted
from compare import Server

COMMANDS = 120
PROTOCOLS = ('classic', 'auto', 'binary', 'meta', 'auto')
# The server refuses a value of 1048516 bytes under a key of one, and deletes the old one of a set.
SIZES = (1048514, 1048515, 1048516, 1048517, 1048576, 1048577, 1100000, 70000, 500000)
# So many sets come first: from then on auto chooses the meta form.
FIRST = 300


def stored(verb, key, value, flags=0, exptime=0, rest=b''):
    return b'%s %s %d %d %d%s\r\n%s\r\n' % (verb, key, flags, exptime, len(value), rest, value)


class Generator:
    """Pairs of what is typed into mcsh, and what has the same effect on a plain socket."""

    def __init__(self, seed, protocol, directory):
        self.random = random.Random(seed)
        self.protocol = protocol
        self.directory = directory
        self.files = 0
        self.keys = [b'k%d' % i for i in range(6)] + [b'x' * 250, b'k' + b'y' * 200]

    def value(self):
        r = self.random
        kind = r.randrange(12)
        if kind == 0:
            return b'z' * r.choice(SIZES)
        if kind == 1:
            return b''
        if kind == 2:
            return b'%d' % r.choice([0, 9, 10, 99, 100, 2 ** 32, 2 ** 62])
        if kind == 3:
            return b'a\r\nflush_all\r\nEND\r\n'
        return bytes(r.randrange(32, 127) for _ in range(r.randrange(1, 40)))

    def file(self, data):
        self.files += 1
        path = os.path.join(self.directory, 'f%d' % self.files)
        with open(path, 'wb') as file:
            file.write(data)
        return path.encode()

    def quiet(self):
        return (b' --noreply', b' noreply') if self.random.randrange(8) == 0 else (b'', b'')

    def store(self):
        r = self.random
        verb, key, value, quiet = r.choice([b'set', b'set', b'add', b'replace']), r.choice(self.keys), \
            self.value(), self.quiet()
        flags, exptime = r.choice([0, 0, 1, 4294967295]), r.choice([0, 0, 1000, 2592000, 2147483647, -1])
        how = b' --file ' + self.file(value) if r.randrange(3) == 0 else b''
        typed = b'%s%s --flags %d%s -- %s' % (verb, quiet[0], flags, how, key)
        typed += b'' if how else b' ' + quoted(value)
        typed += b' %d' % exptime if exptime else b''
        return typed, stored(verb, key, value, flags, exptime, quiet[1])

    def add_to(self):
        r = self.random
        verb, key, value, quiet = r.choice([b'append', b'prepend']), r.choice(self.keys), self.value(), \
            self.quiet()
        typed = b'%s%s -- %s %s' % (verb, quiet[0], key, quoted(value))
        return typed, stored(verb, key, value, rest=quiet[1])

    def cas(self):
        key, value = self.random.choice(self.keys), self.value()
        if self.protocol == 'binary':
            return self.get()  # a refused one deletes there, and with -C it always stores
        return (b'cas -- %s %s 99999999' % (key, quoted(value)),
                stored(b'cas', key, value, rest=b' 99999999'))

    def change(self):
        r = self.random
        verb, key, quiet = r.choice([b'incr', b'decr', b'delete', b'touch']), r.choice(self.keys), \
            self.quiet()
        if verb == b'touch' and self.protocol == 'binary':
            quiet = (b'', b'')  # which has none without an answer
        word = {b'delete': b'', b'touch': b' 500'}.get(verb, b' 7')
        return b'%s%s %s%s' % (verb, quiet[0], key, word), b'%s %s%s%s\r\n' % (verb, key, word, quiet[1])

    def get(self):
        key = self.random.choice(self.keys)
        return b'gat 700 ' + key, b'gat 700 %s\r\n' % key

    def several(self):
        keys, quiet = self.random.sample(self.keys, 3), self.quiet()
        if self.random.randrange(3) == 0:
            return (b'delete_multi%s ' % quiet[0] + b' '.join(keys),
                    b''.join(b'delete %s%s\r\n' % (key, quiet[1]) for key in keys))
        values = [self.value() for _ in keys]
        return (b'set_multi%s --flags 7 ' % quiet[0] +
                b' '.join(k + b' ' + quoted(v) for k, v in zip(keys, values)),
                b''.join(stored(b'set', k, v, 7, 0, quiet[1]) for k, v in zip(keys, values)))

    def load(self):
        r = self.random
        verb = r.choice([b'set', b'add', b'replace'])
        option = {b'set': b'', b'add': b' --add', b'replace': b' --replace'}[verb]
        pairs = [(key, self.value()) for key in r.sample(self.keys, 4)]
        if r.randrange(2):
            form = b'protocol'
            text = b''.join(stored(b'set', k, v, 3) for k, v in pairs)
        else:
            form = b'jsonl'
            text = '{"mcsh_items":1}\n' + ''.join(
                json.dumps({'key': k.decode(), 'flags': 3, 'exptime': 0, 'value': v.decode()}) + '\n'
                for k, v in pairs)
            text = text.encode()
        return (b'.load%s --as %s %s' % (option, form, self.file(text)),
                b''.join(stored(verb, k, v, 3) for k, v in pairs))

    def repeat(self):
        key = self.random.choice(self.keys)
        return b'.repeat 3 append %s RR' % key, stored(b'append', key, b'RR') * 3

    def prefixed(self):
        key, value = self.random.choice(self.keys[:6]), self.value()
        return (b'.set key_prefix k\nset %s %s\n.set key_prefix ""' % (key[1:], quoted(value)),
                stored(b'set', key, value))

    def undone(self):
        key = self.random.choice(self.keys)
        if self.protocol == 'binary':
            return self.get()  # which has no mg to read by
        return b'.set undo on\ndelete %s\n.undo\n.set undo off' % key, b''

    def copy(self):
        """As the other server has them: (FROM, TO) in place of bytes."""
        one, other = self.random.sample(self.keys, 2)
        if self.protocol == 'binary':
            return self.get()
        return b'.copy --overwrite %s %s' % (one, other), (one, other)

    def created(self):
        key = self.random.choice(self.keys)
        if self.protocol == 'classic':
            return self.get()
        return b'incr --initial 5 --time 900 %s 3' % key, b'ma %s N900 J5 D3\r\n' % key

    def commands(self):
        kinds = [self.store] * 6 + [self.change] * 4 + [
            self.add_to, self.add_to, self.cas, self.get, self.several, self.several, self.load, self.load,
            self.repeat, self.prefixed, self.undone, self.copy, self.created]
        first = FIRST if self.protocol == 'auto' else 0
        return [(b'set first 1', stored(b'set', b'first', b'1'))] * first + [
            self.random.choice(kinds)() for _ in range(COMMANDS)]


def settle(server):
    """All before it was carried out."""
    server.socket.sendall(b'version\r\n')
    while not server.line().startswith(b'VERSION '):
        pass


def item(server, key):
    """Value, flags and time of KEY, or None. Of a number without the blanks that a decr left."""
    server.socket.sendall(b'mg %s v f t u\r\n' % key)
    words = server.line().split()
    if words[0] == b'EN':
        return None
    value = server.file.read(int(words[1]) + 2)[:-2]
    return value.rstrip(b' '), int(words[2][1:]), int(words[3][1:])


def copy(server, one, other):
    found = item(server, one)
    if found:
        value, flags, ttl = found
        if ttl > 2592000:  # from there on it is a date
            ttl = min(ttl + int(time.time()), 2147483647)
        server.socket.sendall(stored(b'set', other, value, flags, max(ttl, 0)))


def differs(one, other):
    if not one or not other:
        return one != other
    return one[:2] != other[:2] or abs(one[2] - other[2]) > 3 or (one[2] < 0) != (other[2] < 0)


def shown(found):
    return found and (len(found[0]), found[0][:40]) + found[1:]


def play(mcsh, directory, seed):
    """What differs in the round of SEED, as lines."""
    protocol = PROTOCOLS[seed % len(PROTOCOLS)]
    generator = Generator(seed, protocol, directory)
    options = generator.random.choice(['', '', '-I 2m', '-C']).split()
    style = generator.random.choice([[], ['--trace-file=/dev/null'], ['--format=json']])
    if '-C' in options:
        generator.undone = generator.get  # without cas numbers what .undo keeps is not guarded
    commands = generator.commands()
    if protocol == 'meta':
        # A refused ms deletes the old item in each of its modes: no value is too large there.
        options = ['-I', '2m']
    one, other = Server(directory, 'one', options), Server(directory, 'other', options)
    found = []
    try:
        run = subprocess.run(
            [mcsh, '--no-rc', '--timeout=20s', '--protocol=' + protocol, one.path] + style,
            input=b'\n'.join(typed for typed, _ in commands) + b'\n', stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=120)
        for _, sent in commands:
            if isinstance(sent, tuple):
                copy(other, *sent)
            else:
                other.socket.sendall(sent)
            settle(other)
        if run.returncode not in (0, 1, 3):
            found.append(f'status {run.returncode}: {run.stderr[-300:]!r}')
        for key in generator.keys:
            left, wanted = item(one, key), item(other, key)
            if differs(left, wanted):
                found.append(f'{key[:20]!r} is {shown(left)}, and without mcsh {shown(wanted)}')
    except (OSError, subprocess.TimeoutExpired) as error:
        found.append(repr(error))
    finally:
        one.close()
        other.close()
    return [f'seed {seed}, {protocol} {" ".join(options + style)}: {line}' for line in found]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('mcsh')
    options = parser.parse_args()
    differences = 0
    for seed in range(options.seed, options.seed + options.rounds):
        directory = tempfile.mkdtemp(prefix='mcsh-attack.')
        try:
            for line in play(options.mcsh, directory, seed):
                differences += 1
                print(f'# {line}', flush=True)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
    print(f'# {options.rounds} rounds from seed {options.seed}, {differences} differences')
    return 1 if differences else 0


if __name__ == '__main__':
    sys.exit(main())
