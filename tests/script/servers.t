#!/bin/sh
# Which server is talked to, several of them, and servers that stop, hang, die and come back.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
first=$socket first_pid=$server
start_memcached_tcp
"$MCSH" "$first" -c 'set who unix' >/dev/null
"$MCSH" "127.0.0.1:$port" -c 'set who tcp' >/dev/null

# Every way to name one.

answers() {
	answers_name=$1 answers_want=$2
	shift 2
	run "$@" -c 'get who'
	ran "$answers_name" 0 "$answers_want\n"
}
answers 'a path' unix "$MCSH" "$first"
answers 'a path after unix:' unix "$MCSH" "unix:$first"
answers 'an address and a port' tcp "$MCSH" "127.0.0.1:$port"
answers 'a name and a port' tcp "$MCSH" "localhost:$port"
# The same where no file and no server knows the name, as in a small container.
if unshare -rm true 2>/dev/null; then
	for file in hosts resolv.conf; do
		[ ! -e /etc/$file ] || echo "mount --bind /dev/null /etc/$file || exit 99"
	done >"$work/hide"
	answers 'localhost without /etc/hosts' tcp \
		unshare -rm sh -c '. "$1"; shift; exec "$@"' - "$work/hide" "$MCSH" "localhost:$port"
fi
answers 'a weight after the port' tcp "$MCSH" "127.0.0.1:$port:3"
answers 'the form of python-memcached' tcp "$MCSH" "inet:127.0.0.1:$port"
answers 'the environment' unix env MEMCACHED_SERVERS="$first" "$MCSH"
answers 'blanks and commas in it' unix env MEMCACHED_SERVERS=" $first , " "$MCSH"
answers 'the command line before the environment' tcp env MEMCACHED_SERVERS="$first" "$MCSH" "127.0.0.1:$port"
answers 'options after the server' tcp "$MCSH" "127.0.0.1:$port" --format plain
cd "$work" || exit 99
answers 'a path from here' unix "$MCSH" "./$(basename "$first")"

# IPv6, on a machine that has it.
if /usr/bin/python3 -I -S -c 'import socket; socket.create_server(("::1", 0), family=socket.AF_INET6)' 2>/dev/null; then
	tap_serve_tcp ::1
	v6=$tap_port
	run "$MCSH" "[::1]:$v6" -c 'set who v6' -c 'get who'
	ran 'IPv6 in brackets' 0 'STORED\nv6\n'
	run "$MCSH" "inet6:[::1]:$v6" -c 'get who'
	ran 'IPv6 as python-memcached has it' 0 'v6\n'
else
	run "$MCSH" '[::1]:1' -c 'get who'
	status_is 'IPv6 as python-memcached has it: without IPv6 there is no such server' 4
fi

run "$MCSH" 'host:port' -c version
ran 'an address that is none' 2 '' \
	'mcsh: server address "host:port" has a port (1 to 65535) or weight (0 to 1000) that is none: write host, host:port, host:port:weight, [ipv6]:port, tls://host:port, udp://host:port or /path/to/socket\n'
run "$MCSH" no-such-host.invalid:1 --connect-timeout 5s -c version
status_is 'a name that nobody knows' 4
has 'a name that nobody knows is reported with the name' 'no-such-host.invalid' "$work/err"

# Several.

run "$MCSH" "$first" "127.0.0.1:$port" -c version -c 'verbosity 0'
status_is 'two servers' 0
is 'version of two servers: each answers, labelled' "$first 127.0.0.1:$port $first 127.0.0.1:$port" \
	"$(cut -f1 out | tr '\n' ' ' | sed 's/ $//')"
run "$MCSH" "$first" "127.0.0.1:$port" --trace -c 'set a 1' -c 'get a'
status_is 'a key has its server' 0
is 'a key has its server: which the trace names' 1 "$(grep '^[^ ]* > ' err | cut -d ' ' -f1 | sort -u | wc -l)"
run "$MCSH" "$first" "$work/none" --format json -c version
status_is 'version while one of two servers is down: status 4' 4
is 'version while one of two servers is down: the other answers' "$first ok" \
	"$(json out '.answers[0].server' '.answers[0].status')"

# How many there may be.
sockets() {
	perl -e 'print join $ARGV[1], map { "$ARGV[2]/none$_" } 1 .. $ARGV[0]' "$1" "$2" "$work"
}
too_many='mcsh: 1001 servers are named, and mcsh takes 1000 at most: leave some out\n'
run env MEMCACHED_SERVERS="$(sockets 1000 ,)" "$MCSH" -c '.servers | wc -l'
out_is 'a thousand servers in MEMCACHED_SERVERS are a thousand' '1000\n'
run env MEMCACHED_SERVERS="$(sockets 1001 ,)" "$MCSH" -c '.servers | wc -l'
ran 'too many servers in MEMCACHED_SERVERS: refused' 2 '' "${too_many%\\n}; \$MEMCACHED_SERVERS names the servers\n"
run "$MCSH" $(sockets 1000 ' ') -c '.servers | wc -l'
out_is 'a thousand servers on the command line are a thousand' '1000\n'
run "$MCSH" $(sockets 1001 ' ') -c '.servers | wc -l'
ran 'too many servers on the command line: refused' 2 '' "$too_many"
run "$MCSH" "$first" -c ".connect $(sockets 1001 ' ')" -c '.servers | cut -f2'
ran 'too many servers for .connect: refused, and the servers stay' 2 "$first\n" "$too_many"

run "$MCSH" "$first" "$work/none" -c '.servers | cut -f2,4'
status_is '.servers tells who is down' 4
out_is '.servers tells who is down: who is up' "$first\tup\n$work/none\tdown\n"
run "$MCSH" "$first" -c ".connect 127.0.0.1:$port" -c 'get who' -c '.connect nowhere:x' -c 'get who'
status_is '.connect' 2
out_is 'goes elsewhere, and stays when it cannot be read' 'tcp\ntcp\n'
run "$MCSH" "$first" -c ".connect $work/none" -c 'set who lost'
ran 'after a failed .connect a script talks to no other server' 4 '' \
	"mcsh: cannot connect to $work/none: No such file or directory: is memcached running there? mcsh --sandbox brings a private one\nmcsh: cannot connect to $work/none: No such file or directory: is memcached running there? mcsh --sandbox brings a private one\n"
run "$MCSH" "$first" -c '.sandbox' -c 'get who' -c 'set who private' -c ".connect $first" -c 'get who' \
	-c '.connect sandbox' -c 'get who' -c '.sandbox 2' -c 'get who' -c '.servers | wc -l' -c '.sandbox 65'
ran '.sandbox and .connect sandbox go to private servers and back' 2 \
	'STORED\nunix\nprivate\n2\n' \
	'mcsh: the number of servers "65" is too large: write a decimal number from 0 to 64\n'
run "$MCSH" "$first" -c '.sandbox 0' -c 'get who'
ran 'a sandbox of none leaves the servers as they are' 2 'unix\n' \
	'mcsh: a sandbox of 0 servers holds nothing: .sandbox N takes 1 to 64\n'
run "$MCSH" "$first" -c 'get who' -c '.disconnect' -c 'get who'
ran '.disconnect' 0 'unix\nunix\n'

# A server that hangs. The driver stops and continues it between two commands.

cat >driver <<'END'
import glob, os, signal, subprocess, sys, time
pid = int(sys.argv[1])
def state(task):
    with open(task) as file:
        return file.read().rsplit(')', 1)[1].split()[0]
def stop():
    # Each of its threads stops when it is scheduled, not when the signal is sent.
    os.kill(pid, signal.SIGSTOP)
    while any(state(task) not in 'tT' for task in glob.glob(f'/proc/{pid}/task/*/stat')):
        time.sleep(0.001)
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
def ask(line, answer):
    child.stdin.write(line)
    got = child.stdout.read(len(answer))
    if got != answer:
        sys.exit(f'{line}: {got}')
ask(b'get who\n', b'unix\n')
stop()
start = time.monotonic()
ask(b'get who\n.echo late\n', b'late\n')
print(0.3 <= time.monotonic() - start < 5)
os.kill(pid, signal.SIGCONT)
ask(b'get who\n', b'unix\n')
child.stdin.close()
sys.exit(child.wait())
END
run /usr/bin/python3 -I -S driver "$first_pid" "$MCSH" "$first" --timeout 300ms
ran 'a server that hangs' 4 'True\n' \
	"mcsh: stdin:2: $first did not answer in time: the connection is closed, the next command opens a new one; --timeout or .set timeout gives it longer\n"

# A server that dies and comes back.

cat >driver <<'END'
import os, signal, socket, subprocess, sys, time
path, mcsh = sys.argv[1:]
def serve():
    user = ['-u', 'root'] if os.geteuid() == 0 else []
    server = subprocess.Popen(['memcached', '-s', path, *user])
    for _ in range(1000):
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(path)
            return server
        except OSError:
            time.sleep(0.01)
    sys.exit('memcached does not start')
server = serve()
child = subprocess.Popen([mcsh, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
def ask(line, answer):
    child.stdin.write(line)
    got = child.stdout.read(len(answer))
    if got != answer:
        sys.exit(f'{line}: {got}')
try:
    ask(b'set k 1\n', b'STORED\n')
    server.kill()
    server.wait()
    ask(b'get k\n.echo gone\n', b'gone\n')
    os.unlink(path)
    server = serve()
    ask(b'set k 2\n', b'STORED\n')
    server.kill()
    server.wait()
    os.unlink(path)
    server = serve()
    ask(b'set k 3\n', b'STORED\n')
    child.stdin.close()
    sys.exit(child.wait())
finally:
    server.kill()
END
run /usr/bin/python3 -I -S driver "$work/mortal" "$MCSH"
ran 'a server that dies is missed once, and found again' 4 '' \
	"mcsh: stdin:2: cannot connect to $work/mortal: Connection refused: is memcached running there? mcsh --sandbox brings a private one\n"

done_testing
