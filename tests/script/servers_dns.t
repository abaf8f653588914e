#!/bin/sh
# dns://name:port is every address of a name, as this machine knows localhost.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached_tcp
"$MCSH" "127.0.0.1:$port" -c 'set who tcp' >/dev/null
# The addresses as another program finds them, in the order that is promised.
/usr/bin/python3 -I -S - "$port" >"$work/want" <<'END'
import ipaddress, socket, sys
port = sys.argv[1]
try:
    found = {a[4][0] for a in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)}
except socket.gaierror:  # nothing names it here: what RFC 6761 says it is
    found = {"127.0.0.1", "::1"}
found = {ipaddress.ip_address(a) for a in found}
for a in sorted(found, key=lambda a: (a.version, a)):
    print(f"[{a}]:{port}" if a.version == 6 else f"{a}:{port}")
END
run "$MCSH" "dns://localhost:$port" -c '.servers | cut -f2'
same_bytes 'dns:// is the list of the addresses of a name' "$work/want" "$work/out"
has 'dns://: 127.0.0.1 is among those of localhost' "127.0.0.1:$port" "$work/out"
run "$MCSH" "dns://localhost:$port" "dns://127.0.0.1:$port:3" -c '.servers | cut -f2,3 | tail -n 1' \
	-c 'get --server 1 who'
out_is 'dns://: an address in numbers is itself, with its weight' "127.0.0.1:$port\t3\ntcp\n"
run "$MCSH" 'dns://[::1]:1' -c '.servers | cut -f2'
out_is 'dns://: IPv6 in brackets' '[::1]:1\n'
run "$MCSH" "127.0.0.1:1" -c ".connect dns://localhost:$port" -c 'get --server 1 who' -c .disconnect \
	-c 'get --server 1 who'
out_is 'dns:// is looked up by .connect, and again by .disconnect' 'tcp\ntcp\n'
run "$MCSH" "127.0.0.1:$port" -c '.connect dns://nowhere:x' -c 'get who'
status_is 'dns:// with a bad port leaves the servers as they were' 2
out_is 'dns:// with a bad port leaves the servers as they were: which answer' 'tcp\n'
for spec in dns:///tmp/socket dns://tls://localhost; do
	run "$MCSH" "$spec" -c '.echo run'
	ran "$spec is refused" 2 '' \
		"mcsh: \"${spec#dns://}\" is not a name that has addresses: write dns://name:port\n"
done
run "$MCSH" dns://no-such-host.invalid:1 --connect-timeout 5s -c version
status_is 'dns:// with a name that nobody knows: no connection' 4
has 'dns:// with a name that nobody knows: says so' 'no-such-host.invalid' "$work/err"
printf 'dns://localhost:%s\n' "$port" >"$work/list"
run "$MCSH" --servers-file "$work/list" -c '.servers | cut -f2'
same_bytes 'dns:// in a list of servers' "$work/want" "$work/out"
run "$MCSH" --no-rc -c ".cluster c = dns://localhost:$port" -c '.connect @c' -c '.servers | cut -f2'
same_bytes 'dns:// in a cluster' "$work/want" "$work/out"

# Where a name gains addresses, which a file of hosts of our own shows, without a network; the C
# library has another order for them.
if unshare -rmn true 2>/dev/null; then
	printf '127.0.0.9 cache.test\n' >"$work/hosts"
	cat >"$work/commands" <<END
.servers | cut -f2
get nothing | printf '127.0.0.10 cache.test\n10.9.9.9 cache.test\n' >>$work/hosts
.disconnect
.servers | cut -f2
END
	run unshare -rmn sh -c 'mount --bind "$1" /etc/hosts && exec "$2" dns://cache.test:1 -f "$3"' - \
		"$work/hosts" "$MCSH" "$work/commands"
	out_is 'dns://: a name that gains addresses has them after .disconnect' \
		'127.0.0.9:1\n10.9.9.9:1\n127.0.0.9:1\n127.0.0.10:1\n'

	# with_hosts NAME COMMANDS: mcsh with the file of hosts, which COMMANDS write.
	with_hosts() {
		printf '%s\n' "$2" >"$work/commands"
		printf '127.0.0.9 cache.test\n' >"$work/hosts"
		run unshare -rmn sh -c 'mount --bind "$1" /etc/hosts && ip link set lo up && exec "$2" "$4" -f "$3"' - \
			"$work/hosts" "$MCSH" "$work/commands" "$1"
		sed -i "s,$work/commands,s," "$work/err"
	}
	with_hosts dns://cache.test:1 "get a
.echo | : >$work/hosts
.servers | cut -f2
.echo | printf '127.0.0.8 cache.test\n127.0.0.7 cache.test\n127.0.0.6 cache.test\n127.0.0.5 cache.test\n' >$work/hosts
get b
.servers | cut -f2
.echo | sleep 5.2
.servers | cut -f2"
	out_is 'dns://: asked again when a server cannot be reached, after 5 seconds at the earliest' \
		'127.0.0.9:1\n127.0.0.9:1\n127.0.0.5:1\n127.0.0.6:1\n127.0.0.7:1\n127.0.0.8:1\n'
	is 'dns://: what has changed is said' \
		'8: the servers have changed, 127.0.0.9:1 left, 127.0.0.5:1, 127.0.0.6:1, 127.0.0.7:1 and 1 more came: .servers lists them' \
		"$(sed -n 's/^mcsh: s:\([0-9]*: the servers\)/\1/p' "$work/err")"
fi

done_testing
