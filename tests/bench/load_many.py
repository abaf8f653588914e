# Items of tab-separated lines through a Python client, a thousand in a call.
#
#	load_many.py memcache|pymemcache HOST:PORT <ITEMS
import itertools
import sys

library, server = sys.argv[1:]
if library == "memcache":
    import memcache

    client = memcache.Client([server])
else:
    import pymemcache

    client = pymemcache.Client(server)
while batch := dict(line[:-1].split("\t") for line in itertools.islice(sys.stdin, 1000)):
    client.set_multi(batch)
# pymemcache has not waited for answers: when this is answered, all before is done.
client.get("end")
