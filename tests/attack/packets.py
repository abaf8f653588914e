"""The binary protocol for compare.py: the packets of commands, as mcsh sends them, and of answers."""

import struct

STORAGE = ('set', 'add', 'replace', 'append', 'prepend', 'cas')
NOOP = 0x0a
STAT = 0x10

CODES = {'set': (0x01, 0x11), 'add': (0x02, 0x12), 'replace': (0x03, 0x13),
         'append': (0x0e, 0x19), 'prepend': (0x0f, 0x1a), 'cas': (0x01, 0x11)}


def packet(opcode, key=b'', value=b'', extras=b'', cas=0):
    return struct.pack('>BBHBBHIIQ', 0x80, opcode, len(key), len(extras), 0, 0,
                       len(extras) + len(key) + len(value), 0, cas) + extras + key + value


class Packet:
    """A reply, as READ, which returns a number of bytes, gives it."""

    def __init__(self, read):
        head = read(24)
        if len(head) < 24:
            raise ConnectionError('no packet: %r' % head)
        (self.magic, self.opcode, keys, extras, kind, self.status, total, _, self.cas) = \
            struct.unpack('>BBHBBHIIQ', head)
        body = read(total)
        self.extras, self.key = body[:extras], body[extras:extras + keys]
        self.value = body[extras + keys:]
        self.rest = (self.magic, kind, len(body) == total)

    def masked(self, command):
        value = self.value
        if self.opcode == STAT:
            value = b'' if command.whole else None
        elif command.number or self.key.startswith(b'n'):
            value = value.rstrip(b' ')
        return (self.opcode, self.status, self.key if value is not None else b'', self.extras, value,
                self.cas, self.rest)


def read_packets(read, command):
    """The packets of the answer to COMMAND."""
    got = []
    while True:
        got.append(Packet(read))
        last = got[-1]
        if last.opcode == NOOP or (last.opcode == STAT and not last.key) or (
                last.opcode != STAT and not command.several):
            return got


def exptime(word):
    """Without a sign in a packet: what is below 0 is a time long past."""
    return struct.pack('>I', int(word) if int(word) >= 0 else 2592001)


def encode(command):
    """COMMAND, whose bytes are classic, in packets; None where there is no such packet."""
    line, _, rest = command.sent.partition(b'\r\n')
    words = line.split(b' ')
    verb, keys = words[0].decode(), words[1:]
    number = False
    several = False
    if verb in STORAGE:
        sent = storage(verb, words, rest[:-2], command.verb == 'noreply')
    elif verb in ('get', 'gets', 'gat', 'gats'):
        extras, code, several = b'', 0x0d, len(keys) > 1
        if verb.startswith('gat'):
            extras, code, several = exptime(keys[0]), 0x24, True
            keys = keys[1:]
        sent = b''.join(packet(code if several else 0x0c, k, extras=extras) for k in keys)
        sent += packet(NOOP) if several else b''
    elif verb in ('incr', 'decr'):
        number = True
        sent = packet(0x05 if verb == 'incr' else 0x06, keys[0],
                      extras=struct.pack('>QQI', int(keys[1]), 0, 0xffffffff))
    elif verb == 'touch':
        sent = packet(0x1c, keys[0], extras=exptime(keys[1]))
    elif verb in ('delete', 'version', 'flush_all', 'stats'):
        code = {'delete': 0x04, 'version': 0x0b, 'flush_all': 0x08, 'stats': STAT}[verb]
        sent = packet(code, keys[0] if keys else b'')
    else:
        sent = None
    if sent is None:
        return None
    done = type(command)(command.verb, command.typed, sent)
    done.packets, done.several, done.number = True, several, number
    done.whole = verb == 'stats' and keys not in ([b'items'], [b'slabs'])
    return done


def storage(verb, words, value, quiet):
    extras = b'' if verb in ('append', 'prepend') else struct.pack(
        '>I', int(words[2])) + exptime(words[3])
    cas = int(words[5]) if verb == 'cas' else 0
    if verb == 'cas' and cas == 0:
        return None  # a packet without a cas is a set
    return packet(CODES[verb][quiet], words[1], value, extras, cas)
