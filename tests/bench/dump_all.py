# All items of a server into a file of tab-separated lines: first the whole key list, for a server
# that has to wait with it keeps a lock that gets need; then gets of 100 keys with pymemcache.
#
#	dump_all.py HOST:PORT FILE
import itertools
import socket
import sys
import urllib.parse

import pymemcache

server, path = sys.argv[1:]
host, port = server.split(":")
client = pymemcache.Client(server)
crawl = socket.create_connection((host, int(port)))
crawl.sendall(b"lru_crawler metadump hash\n")
lines = iter(list(iter(crawl.makefile("rb").readline, b"END\r\n")))
with open(path, "wb") as file:
    while batch := list(itertools.islice(lines, 100)):
        keys = [urllib.parse.unquote_to_bytes(line.split(b" ", 1)[0][4:]) for line in batch]
        for key, value in client.get_many(keys).items():
            file.write(key + b"\t" + value + b"\n")
