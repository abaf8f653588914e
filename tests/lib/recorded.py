"""Recorded requests and replies (tests/vectors/replies_*.tsv), and a server that plays them."""

import os
import re
import socket
import threading

import fake_server
from tap import work


def unescape(text):
    """The bytes of a field: \\r, \\xHH, and {c*N}, which is c N times."""
    return fake_server.unescape(
        re.sub(r"\{(.)\*(\d+)\}", lambda m: m.group(1) * int(m.group(2)), text)
        .encode()
        .decode("latin-1")
    )


class Server:
    """Takes connections at self.place, for ever; serve(connection) is the subclass's."""

    def __init__(self):
        self.place = os.path.join(work, "server")
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(self.place)
        self.listener.listen(5)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()
