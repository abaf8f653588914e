# TAP for test scripts in sh. A script begins with
#
#	. "${top_srcdir:?}/tests/lib/tap.sh"
#
# and ends with done_testing, which prints the plan: without it the script counts as died. What a
# test needs of the machine it makes in $work, a directory of its own that is gone afterwards.
#
#	run COMMAND ARGUMENTS...     runs it, its input empty unless redirected; then $status is its
#	                             exit status and the files $work/out, $work/err what it printed
#	measure COMMAND ARGUMENTS... the same, and $elapsed its milliseconds, $resident the most memory
#	                             that it took, in KB; a sanitizer's quarantine is kept small
#	resident_is_below NAME MB    of the last measured run; twice that under a sanitizer, which takes
#	                             as much again for itself
#	sanitized                    whether $MCSH is built with AddressSanitizer
#	ran NAME STATUS [OUT [ERR]]  one check of all that the last run left
#	status_is NAME STATUS
#	out_is NAME TEXT             every byte of standard output; TEXT is for printf %b: 'a\tb\n'
#	err_is NAME TEXT             the same of standard error
#	has NAME TEXT FILE           TEXT, as it is, stands in a line of FILE
#	is NAME EXPECTED ACTUAL      two strings
#	same_bytes NAME EXPECTED_FILE ACTUAL_FILE
#	passes NAME COMMAND...       the command ends with status 0
#	start_memcached [ARG]...     a private server; its unix socket is $socket, its process $server
#	start_memcached_tcp [ARG]... the same on 127.0.0.1, at a port of the kernel's choice: $port
#	stop_server PID              ends one of them early
#	run_fresh SERVERS ARGUMENT... runs mcsh on as many servers, which hold nothing and end with it
#	freeze PID                   stops it by SIGSTOP, and returns once it stands
#
# A NAME must not hold a "#", which TAP gives a meaning.

tap_count=0
tap_failed=0
tap_servers=
work=$(mktemp -d "${TMPDIR:-/tmp}/mcsh-test.XXXXXX") || exit 99

# SIGKILL, since a private server has nothing to put in order and would take a second for it.
tap_kill() {
	{ kill -KILL "$1" && wait "$1"; } 2>/dev/null
}

tap_clean() {
	for tap_pid in $tap_servers; do
		tap_kill "$tap_pid"
	done
	rm -rf "$work"
}
trap tap_clean EXIT
trap 'exit 99' HUP INT TERM

tap_ok() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s\n' "$tap_count" "$1"
}

tap_not_ok() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$1"
}

# The bytes of a file as comment lines, each line feed both shown and followed; of a long one its
# beginning.
tap_show() {
	printf '# %s:\n' "$1"
	perl -0777 -ne '
		my $more = length($_) - 65536;
		substr($_, 65536) = "\n... $more more bytes\n" if $more > 0;
		s/\\/\\\\/g; s/\t/\\t/g; s/\r/\\r/g; s/\e/\\e/g; s/\0/\\0/g;
		s/([^\n -~])/sprintf "\\x%02x", ord $1/ge;
		s/\n/\\n\n/g; s/^/#     /mg;
		print; print "\n" unless /\n\z/;
	' "$2"
}

same_bytes() {
	if cmp -s "$2" "$3"; then
		tap_ok "$1"
	else
		tap_not_ok "$1"
		tap_show expected "$2"
		tap_show got "$3"
	fi
}

is() {
	printf %s "$2" >"$work/tap.want"
	printf %s "$3" >"$work/tap.got"
	same_bytes "$1" "$work/tap.want" "$work/tap.got"
}

passes() {
	tap_name=$1
	shift
	if "$@" >"$work/tap.got" 2>&1; then
		tap_ok "$tap_name"
	else
		tap_not_ok "$tap_name"
		tap_show "it printed" "$work/tap.got"
	fi
}

has() {
	if LC_ALL=C grep -qF -e "$2" "$3"; then
		tap_ok "$1"
	else
		tap_not_ok "$1"
		printf %s "$2" >"$work/tap.want"
		tap_show "expected to find" "$work/tap.want"
		tap_show in "$3"
	fi
}

# Whatever hangs is ended after a minute, with status 124; a measured run, which may be a long one
# under a sanitizer, after four.
run() {
	status=0
	if [ -t 0 ]; then
		timeout -k 5 "${tap_seconds:-60}" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	else
		timeout -k 5 "${tap_seconds:-60}" "$@" >"$work/out" 2>"$work/err" || status=$?
	fi
}

measure() {
	tap_seconds=240
	run env ASAN_OPTIONS="quarantine_size_mb=1:${ASAN_OPTIONS-}" /usr/bin/python3 -I -S -c '
import os, sys, time
start = time.monotonic()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    print(int((time.monotonic() - start) * 1000), usage.ru_maxrss, file=file)
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
' "$work/tap.used" "$@"
	tap_seconds=60 elapsed=-1 resident=-1
	read -r elapsed resident <"$work/tap.used"
	rm -f "$work/tap.used"
}

resident_is_below() {
	tap_most=$(($2 * 1000))
	if sanitized; then
		tap_most=$((tap_most * 2))
	fi
	passes "$1 (took $resident KB)" [ "$resident" -gt 0 -a "$resident" -lt "$tap_most" ]
}

sanitized() {
	ldd "$MCSH" | grep -q asan
}

status_is() {
	if [ "$status" = "$2" ]; then
		tap_ok "$1"
	else
		tap_not_ok "$1"
		printf '# expected status %s, got %s\n' "$2" "$status"
		tap_show "standard output" "$work/out"
		tap_show "standard error" "$work/err"
	fi
}

out_is() {
	printf %b "$2" >"$work/tap.want"
	same_bytes "$1" "$work/tap.want" "$work/out"
}

err_is() {
	printf %b "$2" >"$work/tap.want"
	same_bytes "$1" "$work/tap.want" "$work/err"
}

ran() {
	tap_right=true
	[ "$status" = "$2" ] || tap_right=false
	printf %b "${3-}" >"$work/tap.want"
	cmp -s "$work/tap.want" "$work/out" || tap_right=false
	printf %b "${4-}" >"$work/tap.wanterr"
	cmp -s "$work/tap.wanterr" "$work/err" || tap_right=false
	if $tap_right; then
		tap_ok "$1"
		return
	fi
	tap_not_ok "$1"
	printf '# expected status %s, got %s\n' "$2" "$status"
	tap_show "standard output expected" "$work/tap.want"
	tap_show "standard output got" "$work/out"
	tap_show "standard error expected" "$work/tap.wanterr"
	tap_show "standard error got" "$work/err"
}

# tap_serve READY ARGUMENT... starts memcached and waits until READY, an expression of perl, is true
# of $where, for ten seconds at the most and no longer than the server lives.
tap_serve() {
	tap_ready=$1
	shift
	if [ "$(id -u)" = 0 ]; then
		set -- -u root "$@"
	fi
	memcached "$@" </dev/null >"$work/memcached.log" 2>&1 &
	server=$!
	tap_servers="$tap_servers $server"
	perl -MSocket -e '
		my ($pid, $where) = @ARGV;
		for (1 .. 1000) {
			exit 0 if eval { '"$tap_ready"' };
			last unless kill 0, $pid;
			select undef, undef, undef, 0.01;
		}
		exit 1;
	' "$server" "$tap_where" && return
	echo 'Bail out! memcached did not start'
	tap_show "it printed" "$work/memcached.log"
	exit 99
}

start_memcached() {
	tap_serial=$((${tap_serial:-0} + 1))
	socket=$work/memcached.$tap_serial
	tap_where=$socket
	tap_serve '
		socket(S, PF_UNIX, SOCK_STREAM, 0) && connect(S, pack_sockaddr_un($where))
	' -s "$socket" "$@"
}

# The server writes its port to the file when it listens.
start_memcached_tcp() {
	tap_serial=$((${tap_serial:-0} + 1))
	tap_where=$work/port.$tap_serial
	MEMCACHED_PORT_FILENAME=$tap_where
	export MEMCACHED_PORT_FILENAME
	tap_serve '-s $where' -l 127.0.0.1 -p -1 -U 0 "$@"
	unset MEMCACHED_PORT_FILENAME
	port=$(sed -n 's/^TCP INET: //p' "$tap_where")
}

# Each thread of a process stops when it is scheduled, not when the signal is sent.
freeze() {
	kill -STOP "$1"
	perl -e 'for (1 .. 10000) {
		exit 0 unless grep { open(my $f, "<", $_); (<$f> // ") T") !~ /.*\) [tT]/ }
			glob "/proc/$ARGV[0]/task/*/stat";
		select undef, undef, undef, 0.001;
	}
	exit 1' "$1"
}

stop_server() {
	tap_kill "$1"
	tap_rest=
	for tap_pid in $tap_servers; do
		[ "$tap_pid" = "$1" ] || tap_rest="$tap_rest $tap_pid"
	done
	tap_servers=$tap_rest
}

run_fresh() {
	tap_fresh=
	tap_wanted=$1
	shift
	while [ "$tap_wanted" -gt 0 ]; do
		tap_wanted=$((tap_wanted - 1))
		start_memcached
		tap_fresh="$tap_fresh $server"
		set -- "$@" "$socket"
	done
	run "$MCSH" "$@"
	for tap_pid in $tap_fresh; do
		stop_server "$tap_pid"
	done
}

done_testing() {
	printf '1..%d\n' "$tap_count"
	[ "$tap_failed" = 0 ] || exit 1
}
