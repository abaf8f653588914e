#!/bin/sh
# The helper tested with itself: what it calls a failure must be one, or no other test means much.
. "${top_srcdir:?}/tests/lib/tap.sh"

# inner SCRIPT: runs SCRIPT as a test of its own.
inner() {
	printf '%s\n' ". '$top_srcdir/tests/lib/tap.sh'" "$1" >"$work/inner"
	run sh "$work/inner"
}

inner 'is same a a; is different a b; done_testing'
ran 'is: a difference fails and is shown' 1 \
	'ok 1 - same\nnot ok 2 - different\n# expected:\n#     a\n# got:\n#     b\n1..2\n'

inner 'is newline a "a
"; done_testing'
ran 'is: a line feed more is a difference' 1 \
	'not ok 1 - newline\n# expected:\n#     a\n# got:\n#     a\\n\n1..1\n'

inner 'printf "a\0\033\tb\\\\\377" >"$work/x"; : >"$work/y"; same_bytes bytes "$work/x" "$work/y"'
ran 'same_bytes: bytes are shown escaped' 0 \
	'not ok 1 - bytes\n# expected:\n#     a\\0\\e\\tb\\\\\\xff\n# got:\n#     \n'

inner 'printf "a\0b" >"$work/x"; printf "a\0c" >"$work/y"; same_bytes differ "$work/x" "$work/y"; same_bytes equal "$work/x" "$work/x"'
is 'same_bytes: bytes after a NUL are compared' 'not ok' \
	"$(awk '/^(not )?ok/ { printf "%s%s", sep, $1; sep = " " }' "$work/out")"

inner 'head -c 65538 /dev/zero | tr "\0" x >"$work/x"; same_bytes long /dev/null "$work/x"'
is 'same_bytes: of a long file the beginning is shown' '#     ... 2 more bytes\n' "$(tail -n 1 "$work/out")"

inner 'run sh -c "printf out; printf err >&2; exit 3"
status_is status 3; out_is out out; err_is err err; ran all 3 out err
status_is status 0; out_is out ""; err_is err "err\n"; ran all 3 out ""; ran all 0 out err
done_testing'
status_is 'the run of a script is checked' 1
is 'status_is, out_is, err_is and ran: each part of a run is checked on its own' 'ok ok ok ok not not not not not' \
	"$(awk '/^(not )?ok/ { printf "%s%s", sep, $1; sep = " " }' "$work/out")"

inner 'run cat; ran empty 0; done_testing'
ran 'a run takes no more from standard input than there is' 0 'ok 1 - empty\n1..1\n' ''

run no-such-command
status_is 'run: a command that is not there has status 127' 127
run sh -c 'kill -KILL $$'
status_is 'run: a command that a signal ends has 128 and its number' 137
status=0
"$tap_tool" run 0.2 sleep 30 || status=$?
is 'run: a command that hangs is ended, with status 124' 124 "$status"
measure sh -c 'sleep 0.1; exit 3'
status_is 'measure: the status is that of the command' 3
passes "measure: milliseconds and memory ($elapsed ms, $resident KB)" \
	[ "$elapsed" -ge 100 -a "$elapsed" -lt 10000 -a "$resident" -gt 100 -a "$resident" -lt 100000 ]

inner 'passes true true; passes false sh -c "echo why; exit 1"; done_testing'
ran 'passes: commands pass or fail' 1 \
	'ok 1 - true\nnot ok 2 - false\n# it printed:\n#     why\\n\n1..2\n'

inner 'echo a.b >"$work/x"; has found .b "$work/x"; has missing a.. "$work/x"; done_testing'
is 'has: text is found as it is, not as a pattern' 'ok not' \
	"$(awk '/^(not )?ok/ { printf "%s%s", sep, $1; sep = " " }' "$work/out")"

printf '%s\n' '{"a":"x \"\u00e9\ud83d\ude00","b":[1,{"c":null}],"d":{"e":-1.50,"f":[]}}' '{"a":false,"b":[]}' >"$work/json"
run "$tap_tool" json "$work/json" .a '.b[0]' '.b[1]' '.b[].c' '.b#' .d.e '.d#' .d.f .g.h
ran 'json: a line for each document, its values as text' 0 \
	'x "é😀 1 {"c":null} null null 2 -1.50 2 [] null\nfalse null null  0 null 0 null null\n'
run "$tap_tool" json "$work/json" '?.a' .b
ran 'json: ? leaves out the lines where it is false' 0 '[1,{"c":null}]\n'
for text in '{' '[1,]' '{"a" 1}' '{"a":1}}' '01' '1.' '"\x"' '"\ud800"' '"a' 'tru' '1 2' ''; do
	echo "$text" >"$work/json"
	run "$tap_tool" json "$work/json" .
	ran "json: \"$text\" is refused" 1 '' "$(printf 'tap_tool: not JSON: %s' "$text" | sed 's/\\/&&/g')\n"
done
echo '{}' >"$work/json"
run "$tap_tool" json "$work/json" .a 'b'
ran 'json: what is not a path is refused' 1 'null ' 'tap_tool: b is not a path\n'

inner 'echo "$work"; exit 7'
status_is 'a script that ends early keeps its status' 7
passes 'a script that ends early prints no plan' sh -c '! grep -q "^1\.\." "$1"' sh "$work/out"
passes 'a script that ends early leaves no directory' sh -c '! test -e "$(cat "$1")"' sh "$work/out"

ask='
	use Socket;
	my $where = shift;
	if ($where =~ m{/}) {
		socket S, PF_UNIX, SOCK_STREAM, 0 or die;
		connect S, pack_sockaddr_un $where or die "connect: $!";
	} else {
		socket S, PF_INET, SOCK_STREAM, 0 or die;
		connect S, pack_sockaddr_in $where, INADDR_LOOPBACK or die "connect: $!";
	}
	syswrite S, "set a 0 0 1\r\nx\r\n";
	print scalar <S>;
'
start_memcached
run perl -e "$ask" "$socket"
ran 'a private memcached answers on its socket' 0 'STORED\r\n'
start_memcached_tcp
run perl -e "$ask" "$port"
ran 'a private memcached answers on its port' 0 'STORED\r\n'
stop_server "$server"
passes 'a stopped server is gone' sh -c '! kill -0 "$1" 2>/dev/null' sh "$server"

inner 'start_memcached; echo "$server"'
read -r left <"$work/out"
passes 'a server ends with its script' sh -c '! kill -0 "$1" 2>/dev/null' sh "$left"

inner 'start_memcached --no-such-option; echo not reached'
status_is 'a server that does not start ends the script' 99
has 'a server that does not start is reported to the harness' 'Bail out!' "$work/out"

is 'no signal is ignored, not even under nohup' '' \
	"$(perl -e 'print grep { ($SIG{$_} // "") eq "IGNORE" } qw(HUP INT QUIT PIPE TERM TSTP)')"

done_testing
