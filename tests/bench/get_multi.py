# One get of many keys, again and again, through a Python client; prints the median in microseconds.
#
#	get_multi.py memcache|pylibmc|pymemcache ROUNDS KEYS HOST:PORT...
import sys
import time

library, rounds, count, servers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
if library == "memcache":
    import memcache

    client = memcache.Client(servers)
elif library == "pylibmc":
    import pylibmc

    client = pylibmc.Client(servers, behaviors={"tcp_nodelay": True})
else:
    import pymemcache

    client = pymemcache.Client(servers[0]) if len(servers) == 1 else pymemcache.HashClient(servers)
filler = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
keys = ["key:%08d" % i for i in range(count)]
assert not client.set_multi({k: filler[: 16 + i % 49] for i, k in enumerate(keys)})
times = []
for _ in range(rounds):
    start = time.perf_counter()
    found = client.get_multi(keys)
    times.append(time.perf_counter() - start)
    assert len(found) == count
print("%.0f" % (sorted(times)[rounds // 2] * 1e6))
