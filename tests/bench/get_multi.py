# The same get of many keys through python-memcached or pylibmc; prints the median in microseconds.
#
#	get_multi.py memcache|pylibmc ROUNDS KEYS SERVER...
import sys
import time

library, rounds, count, servers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
if library == "memcache":
    import memcache

    client = memcache.Client(["unix:" + s for s in servers])
else:
    import pylibmc

    client = pylibmc.Client(servers)
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
