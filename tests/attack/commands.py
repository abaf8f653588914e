"""Random commands for compare.py: as they are typed into mcsh, and the bytes of a plain socket."""

import random
import re

from packets import STORAGE, encode

# What an administrator types whose answer does not depend on the hour. Not flush_all with a delay: what
# an earlier one flushed is there again then, as far as the server has not come by it.
ADMIN = (
    b'stats detail on', b'stats detail off', b'stats reset', b'lru mode flat',
    b'lru mode segmented', b'lru temp_ttl 61', b'lru temp_ttl -1', b'lru tune 10 20 0.1 2.0',
    b'slabs automove 0', b'slabs automove 1', b'slabs reassign 1 1', b'slabs reassign 60 1',
    b'cache_memlimit 64', b'cache_memlimit 100', b'lru_crawler sleep 100',
    b'lru_crawler tocrawl 0', b'lru_crawler enable', b'refresh_certs', b'config get cluster',
    b'verbosity 1')

# Numbers stay below 2 ** 63: to read a larger one memcached looks for a minus sign in it, and does so
# beyond its end, in whatever memory follows (safe_strtoull of its util.c); with one there the number
# is none.
HALF = 2 ** 62


class Command:
    packets = several = whole = number = False

    def __init__(self, verb, typed, sent, keys=()):
        self.verb = verb
        self.typed = typed
        self.sent = sent
        self.keys = keys  # of a get and its kin


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
            return b'%d' % r.choice([0, 1, 9, 10, 99, 100, 2 ** 32, HALF, r.randrange(1000)])
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
                           word + b''.join(b' ' + k for k in keys) + b'\r\n', keys)
        if verb in ('incr', 'decr'):
            delta = r.choice([1, 1, 2, 10, 1000, 2 ** 40, 2 ** 32 if verb == 'incr' else 2 ** 64 - 1])
            typed = b'' if delta == 1 else b' %d' % delta
            return Command(verb, word + b' ' + quoted(key) + typed,
                           word + b' %s %d\r\n' % (key, delta))
        if verb in ('gat', 'gats'):
            exptime = r.choice([0, 1000, -1])
            keys = [key] + [self.key() for _ in range(r.choice([0, 0, 0, 1, 4]))]
            return Command(verb, word + b' -- %d' % exptime + b''.join(b' ' + quoted(k) for k in keys),
                           word + b' %d ' % exptime + b' '.join(keys) + b'\r\n', keys)
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
        word = b'"%s"' % value if value.isdigit() else quoted(value)  # a bare number is refused
        return Command('typed', start + quoted(key) + b' ' + word + end,
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
