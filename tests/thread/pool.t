#!/bin/sh
# The tests of what several threads share, built with ThreadSanitizer and run: a data race in the
# client core ends them. $CC is the compiler of the build.
. "${top_srcdir:?}/tests/lib/tap.sh"

cc=${CC:-cc}
libraries=$(pkg-config --cflags --libs cmocka libmd libutf8proc zlib) || exit 99

# There are machines without it, 32-bit ones first of all.
echo 'int main(void) { return 0; }' >"$work/empty.c"
if ! $cc -fsanitize=thread -o "$work/empty" "$work/empty.c" 2>/dev/null; then
	echo "1..0 # SKIP $cc has no ThreadSanitizer here"
	exit 0
fi

# The core, without TLS, and what the tests share, compiled once, in $work.
client=$(ls "$top_srcdir"/src/client/*.c "$top_srcdir"/src/client/*/*.c | grep -v '/\(openssl\|tls\|tls_errors\|tls_setup\)\.c$')
compile="$cc -std=c17 -D_GNU_SOURCE -g -O1 -fsanitize=thread -fno-omit-frame-pointer -I$top_srcdir/src -I$top_srcdir/tests"
build_core() {
	mkdir "$work/core" && cd "$work/core" || return
	$compile -c "$top_srcdir/tests/lib/server.c" "$top_srcdir/tests/lib/unit.c" && mkdir base && (
		cd base && $compile -c "$top_srcdir"/src/base/*.c "$top_srcdir"/src/proto/*.c
	) && mkdir client && (
		cd client && $compile -c $client
	)
}

# build PROGRAM SOURCE...: of tests/unit/PROGRAM.c, the sources and the core, into $work.
build() {
	program=$1
	shift
	$compile -o "$work/$program" "$top_srcdir/tests/unit/$program.c" "$@" \
		"$work"/core/*.o "$work"/core/*/*.o $libraries -lpthread
}

# Older runtimes cannot place their memory where the kernel randomizes addresses widely.
run_sanitized() {
	run "$1"
	if grep -q 'ThreadSanitizer: unexpected memory mapping' "$work/err"; then
		run setarch -R "$1"
	fi
}

# pass_on PROGRAM: its results as ours.
pass_on() {
	while IFS= read -r line; do
		case $line in
		'ok '*) tap_ok "$1: ${line#*- }" ;;
		'not ok '*) tap_not_ok "$1: ${line#*- }" ;;
		esac
	done <"$work/out"
	status_is "$1 ends well" 0
}

# check PROGRAM SOURCE...
check() {
	passes "$1 is built" build "$@"
	run_sanitized "$work/$1"
	pass_on "$1"
}

passes 'the core is built' build_core
check test_pool "$top_srcdir/tests/lib/pool.c"
check test_pool_queue "$top_srcdir/tests/lib/pool.c"
check test_load

done_testing
