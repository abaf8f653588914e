# A script of get, set and incr lines through a Python client, one command after another, since none
# of the clients pipelines; prints what mcsh prints for it.
#
#	one_at_a_time.py memcache|pylibmc|pymemcache HOST:PORT <SCRIPT
import sys

library, server = sys.argv[1:]
if library == "memcache":
    import memcache

    client = memcache.Client([server])
elif library == "pylibmc":
    import pylibmc

    client = pylibmc.Client([server])
else:
    import pymemcache

    client = pymemcache.Client(server)
# pymemcache waits for no answer to a set unless told to.
answered = {"noreply": False} if library == "pymemcache" else {}
for line in sys.stdin:
    verb, key, *value = line.split()
    if verb == "set":
        print("STORED" if client.set(key, value[0], **answered) else "NOT_STORED")
    elif verb == "incr":
        print(client.incr(key, 1))
    else:
        found = client.get(key)
        if found is not None:
            print(found.decode() if isinstance(found, bytes) else found)
