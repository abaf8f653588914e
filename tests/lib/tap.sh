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
#	has NAME TEXT FILE           TEXT, as it is, stands in FILE
#	line N [FILE]                prints line N of standard output, or of FILE, and starts no program for it
#	json FILE PATH...            prints the values at the paths in each line of FILE, which is JSON: a
#	                             line each, a blank between values, text without quotes, null for
#	                             what is not there. `.rows[0].key`, `.rows[].key` of each element,
#	                             `.rows#` how many; `?.rows` leaves out lines without. - for FILE is
#	                             standard input. What this cannot say jq does, at thirty times the cost
#	is NAME EXPECTED ACTUAL      two strings
#	same_bytes NAME EXPECTED_FILE ACTUAL_FILE
#	passes NAME COMMAND...       the command ends with status 0
#	start_memcached [ARG]...     a private server; its unix socket is $socket, its process $server
#	start_memcached_tcp [ARG]... the same on 127.0.0.1, at a port of the kernel's choice: $port
#	stop_server PID              ends one of them early
#	memcached_is VERSION         whether the memcached that is installed is of VERSION or later
#	run_fresh SERVERS ARGUMENT... runs mcsh on as many servers, which hold nothing and end with it
#	freeze PID                   stops it by SIGSTOP, and returns once it stands
#
# A NAME must not hold a "#", which TAP gives a meaning.

tap_count=0
tap_failed=0
tap_servers=
tap_tool=${top_builddir:?}/tests/lib/tap_tool
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
	if "$tap_tool" same "$2" "$3"; then
		tap_ok "$1"
	else
		tap_not_ok "$1"
		tap_show expected "$2"
		tap_show got "$3"
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		tap_ok "$1"
	else
		tap_not_ok "$1"
		printf %s "$2" >"$work/tap.want"
		printf %s "$3" >"$work/tap.got"
		tap_show expected "$work/tap.want"
		tap_show got "$work/tap.got"
	fi
}

line() {
	tap_left=$1
	while IFS= read -r tap_line || [ -n "$tap_line" ]; do
		tap_left=$((tap_left - 1))
		[ "$tap_left" -gt 0 ] || break
		tap_line=
	done <"${2-$work/out}"
	printf '%s\n' "$tap_line"
}

json() {
	"$tap_tool" json "$@"
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
	if "$tap_tool" has "$2" "$3"; then
		tap_ok "$1"
	else
		tap_not_ok "$1"
		printf %s "$2" >"$work/tap.want"
		tap_show "expected to find" "$work/tap.want"
		tap_show in "$3"
	fi
}

# Whatever hangs is ended after a minute, or after the $run_seconds of a script whose runs are long,
# with status 124; a measured run, which may be a long one under a sanitizer, after four minutes.
run() {
	tap_run run "${run_seconds:-60}" "$@"
}

measure() {
	elapsed=-1 resident=-1
	tap_run measure "$work/tap.used" 240 "$@"
	read -r elapsed resident <"$work/tap.used"
	rm -f "$work/tap.used"
}

tap_run() {
	status=0
	if [ -t 0 ]; then
		"$tap_tool" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	else
		"$tap_tool" "$@" >"$work/out" 2>"$work/err" || status=$?
	fi
}

resident_is_below() {
	tap_most=$(($2 * 1000))
	if sanitized; then
		tap_most=$((tap_most * 2))
	fi
	passes "$1 (took $resident KB)" [ "$resident" -gt 0 -a "$resident" -lt "$tap_most" ]
}

sanitized() {
	if [ -z "${tap_sanitized-}" ]; then
		tap_sanitized=false
		if "$tap_tool" has __asan_init "$MCSH"; then
			tap_sanitized=true
		fi
	fi
	$tap_sanitized
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
	printf %b "${3-}" >"$work/tap.want"
	printf %b "${4-}" >"$work/tap.wanterr"
	if [ "$status" = "$2" ] &&
		"$tap_tool" same "$work/tap.want" "$work/out" "$work/tap.wanterr" "$work/err"; then
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

# tap_serve READY PATH ARGUMENT... starts memcached and waits until it listens at the socket PATH, or
# until the file PATH exists and is not empty: for ten seconds at the most, and no longer than the
# server lives. Only root has to name a user.
tap_serve() {
	tap_ready=$1
	tap_where=$2
	shift 2
	memcached -u root "$@" </dev/null >"$work/memcached.log" 2>&1 &
	server=$!
	tap_servers="$tap_servers $server"
	"$tap_tool" "$tap_ready" "$server" "$tap_where" && return
	echo 'Bail out! memcached did not start'
	tap_show "it printed" "$work/memcached.log"
	exit 99
}

start_memcached() {
	tap_serial=$((${tap_serial:-0} + 1))
	socket=$work/memcached.$tap_serial
	tap_serve listens "$socket" -s "$socket" "$@"
}

start_memcached_tcp() {
	tap_serve_tcp 127.0.0.1 "$@"
	port=$tap_port
}

# tap_serve_tcp ADDRESS ARGUMENT... sets $tap_port, which the server writes to the file when it
# listens.
tap_serve_tcp() {
	tap_serial=$((${tap_serial:-0} + 1))
	MEMCACHED_PORT_FILENAME=$work/port.$tap_serial
	export MEMCACHED_PORT_FILENAME
	tap_address=$1
	shift
	tap_serve exists "$MEMCACHED_PORT_FILENAME" -l "$tap_address" -p -1 -U 0 "$@"
	unset MEMCACHED_PORT_FILENAME
	while read -r tap_line; do
		case $tap_line in
		'TCP INET'*': '*) tap_port=${tap_line##*: } ;;
		esac
	done <"$tap_where"
}

memcached_is() {
	printf '%s\n' "$1" "$(memcached -V | cut -d' ' -f2)" | sort -V -C
}

freeze() {
	kill -STOP "$1"
	"$tap_tool" stopped "$1"
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
