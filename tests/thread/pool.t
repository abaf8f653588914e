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

# build PROGRAM: tests/unit/PROGRAM.c with the core, without TLS, into $work.
client=$(ls "$top_srcdir"/src/client/*.c | grep -v '/\(openssl\|tls\|tls_errors\|tls_setup\)\.c$')
build() {
	$cc -std=c17 -D_GNU_SOURCE -g -O1 -fsanitize=thread -fno-omit-frame-pointer \
		-I"$top_srcdir/src" -I"$top_srcdir/tests" -o "$work/$1" \
		"$top_srcdir/tests/unit/$1.c" \
		"$top_srcdir/tests/lib/server.c" "$top_srcdir/tests/lib/unit.c" \
		"$top_srcdir"/src/base/*.c "$top_srcdir"/src/proto/*.c \
		$client "$top_srcdir"/src/client/distribution/*.c \
		$libraries -lpthread
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

for program in test_pool test_load; do
	passes "$program is built" build "$program"
	run_sanitized "$work/$program"
	pass_on "$program"
done

done_testing
