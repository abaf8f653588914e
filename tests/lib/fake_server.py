#!/usr/bin/env python3
"""A server that does what a script says, for what no real memcached can be brought to do.

    fake_server.py DIRECTORY

writes "asked" to the fifo ready in DIRECTORY, then takes from the fifo ask there a line for each server
that is wanted, "N" or "N --tcp". Server N listens on the unix socket N (or on 127.0.0.1 at a port of
the kernel's choice); its address goes to ready, or nothing if it cannot listen. In a process of its own it follows the script N.steps, a step a line:

    accept          waits for the next connection
    want BYTES      reads exactly these bytes
    any N           reads N bytes of whatever kind
    send BYTES      sends them in one piece
    drip S BYTES    sends them one at a time, S seconds apart
    fill N C        sends the byte C, N times, as far as the client takes it
    flood BYTES     sends them over and over, until the client has closed
    pause S         waits S seconds
    tell FILE       makes FILE, for the test to see how far things are
    await FILE      waits until FILE is there
    close           closes the connection
    reset           closes it with a TCP reset
    gone            waits until the client has closed, and sent nothing before it did

In BYTES \\r \\n \\t \\\\ \\xNN are single bytes; blanks count. A line that begins with '#' is a
comment. At the end the connection is closed, and another one that waits is an error. What went
differently is written to N.log, and 1 to the fifo N.status, or 0 where nothing did; after 30 seconds
it gives up. One process for all servers of a test, since Python takes longer to start than to serve.
"""

import ctypes
import os
import re
import select
import signal
import socket
import struct
import sys
import time

PR_SET_PDEATHSIG = 1


class Differs(Exception):
    pass


def unescape(text):
    names = {b'r': b'\r', b'n': b'\n', b't': b'\t', b'\\': b'\\'}

    def byte(match):
        what = match.group(1)
        return names[what] if what in names else bytes([int(what[1:], 16)])

    return re.sub(rb'\\(x[0-9a-f]{2}|[rnt\\])', byte, text.encode('latin-1'))


class Peer:
    """The connection being served, if any."""

    def __init__(self, listener):
        self.listener = listener
        self.socket = None

    def accept(self):
        self.close()
        self.socket, _ = self.listener.accept()

    def read(self, count):
        got = b''
        while len(got) < count:
            piece = self.socket.recv(count - len(got))
            if not piece:
                break
            got += piece
        return got

    def want(self, wanted):
        got = self.read(len(wanted))
        if got != wanted:
            raise Differs(f'wanted {wanted!r}, got {got!r}')

    def any(self, count):
        got = self.read(int(count))
        if len(got) != int(count):
            raise Differs(f'wanted {count} bytes, got {len(got)}')

    def send(self, data):
        self.socket.sendall(data)

    def drip(self, seconds, data):
        try:
            for i in range(len(data)):
                self.socket.sendall(data[i:i + 1])
                time.sleep(float(seconds))
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client has had enough: for it to say, not for us

    def fill(self, count, byte):
        left = int(count)
        try:
            while left > 0:
                left -= self.socket.send(byte * min(left, 65536))
        except (BrokenPipeError, ConnectionResetError):
            pass

    def flood(self, data):
        data *= 65536 // len(data) + 1
        try:
            while True:
                self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.close()

    def gone(self):
        try:
            more = self.socket.recv(1000)
        except ConnectionResetError:
            more = b''  # it closed with something of ours unread
        if more:
            raise Differs(f'wanted the end, got {more!r}')
        self.close()

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None


def follow(peer, line):
    verb, _, rest = line.partition(' ')
    if verb == 'flood':
        peer.flood(unescape(rest))
    elif verb in ('accept', 'close', 'reset', 'gone'):
        getattr(peer, verb)()
    elif verb in ('want', 'send'):
        getattr(peer, verb)(unescape(rest))
    elif verb == 'drip':
        seconds, _, data = rest.partition(' ')
        peer.drip(seconds, unescape(data))
    elif verb == 'fill':
        count, _, byte = rest.partition(' ')
        peer.fill(count, unescape(byte))
    elif verb == 'any':
        peer.any(rest)
    elif verb == 'pause':
        time.sleep(float(rest))
    elif verb == 'tell':
        open(rest, 'w').close()
    elif verb == 'await':
        while not os.path.exists(rest):
            time.sleep(0.01)
    else:
        raise Differs('no such step')


def listen(place, kind):
    if kind == '--tcp':
        listener = socket.create_server(('127.0.0.1', 0))
        return listener, f'127.0.0.1:{listener.getsockname()[1]}'
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    listener.listen()
    return listener, place


def serve(listener, steps):
    """Follows the steps; what went differently, or None."""
    peer = Peer(listener)
    for number, line in enumerate(steps.split('\n'), 1):
        if not line or line.startswith('#'):
            continue
        try:
            follow(peer, line)
        except (Differs, OSError) as error:
            return f'step {number}, {line}: {error}'
    peer.close()
    if select.select([listener], [], [], 0)[0]:
        return 'another connection is waiting'
    return None


def give_up(*_):
    raise Differs('not done after 30 seconds')


def start(place, kind):
    """Starts a server; its address, and the fifo of its status: open, so that it keeps what is in it."""
    listener, address = listen(place, kind)
    os.mkfifo(place + '.status')
    status = os.open(place + '.status', os.O_RDWR)
    if os.fork():
        listener.close()
        return address, status
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(30)
    wrong = 'it failed'
    try:
        with open(place + '.steps', encoding='utf-8') as steps:
            wrong = serve(listener, steps.read())
    finally:
        with open(place + '.log', 'w', encoding='utf-8', errors='backslashreplace') as log:
            print(wrong or 'all went as planned', file=log)
        os.write(status, b'1\n' if wrong else b'0\n')
        os._exit(0)


def main(directory):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Both directions, so that neither has an end in between.
    ask = open(os.open(directory + '/ask', os.O_RDWR), encoding='ascii')
    ready = os.open(directory + '/ready', os.O_RDWR)
    os.write(ready, b'asked\n')
    statuses = []
    for line in ask:
        number, kind = (line.split() + [''])[:2]
        try:
            address, status = start(f'{directory}/{number}', kind)
        except OSError as error:
            print(f'server {number}: {error}', file=sys.stderr)
            address, status = '', -1
        statuses.append(status)
        os.write(ready, f'{address}\n'.encode())


if __name__ == '__main__':
    main(sys.argv[1])
