#!/bin/sh
# What the documents show of driving mcsh is run: the manual page of mcsh.exp, and every session in
# doc/expect, each with what it has to print.
. "${top_srcdir:?}/tests/lib/tap.sh"

page=$top_srcdir/doc/mcsh.exp.3
sessions=$top_srcdir/doc/expect

# The package and the program are found by the words that README and the manual page print, in what
# looks like a checkout.
mkdir -p "$work/checkout/build" "$work/here"
ln -s "$top_srcdir/src" "$work/checkout/src"
ln -s "$(command -v "$MCSH")" "$work/checkout/build/mcsh"
printed() {
	grep -o 'TCLLIBPATH=[^ ]* PATH=[^ ]*' "$1" | sed 's/\.$//'
}
is 'README and the manual page set up the same' "$(printed "$top_srcdir/README")" "$(printed "$page")"
unset TCLLIBPATH
cd "$work/checkout" || exit 99
eval "$(printed "$page")"
export TCLLIBPATH PATH
passes 'expect finds the package as README sets it up' expect -c 'package require mcsh'
is 'the package finds the mcsh that was built' "$work/checkout/build/mcsh" "$(command -v mcsh)"
cd "$work/here" || exit 99

# The manual page.
run mandoc -T lint -W warning "$page"
ran 'mandoc finds nothing to warn of in the manual of the package' 0
/usr/bin/python3 "$top_srcdir/tests/lib/manual.py" entries "$page" DESCRIPTION | LC_ALL=C sort >"$work/told"
run expect -c 'package require mcsh
	puts [join [lsort [lmap p [info commands mcsh::\[a-z\]*] {string trimleft $p :}]] \n]'
same_bytes 'every procedure is in the manual, and no other' "$work/out" "$work/told"
sed -n 's/^.*Fail \[\{0,1\}\(list \)\{0,1\}\([A-Z]*\) .*/\2/p' "$top_srcdir/src/tcl/mcsh.exp" |
	LC_ALL=C sort -u >"$work/raised"
/usr/bin/python3 "$top_srcdir/tests/lib/manual.py" entries "$page" ERRORS | cut -d ' ' -f 1 |
	LC_ALL=C sort >"$work/told"
same_bytes 'every error is in the manual, and no other' "$work/raised" "$work/told"
passes 'the errors of the package are 9 or more' test "$(wc -l <"$work/told")" -ge 9

is 'the manual of the package has two examples' 2 \
	"$(/usr/bin/python3 "$top_srcdir/tests/lib/transcript.py" split "$page" "$work/page")"
cp "$work/page/001/want" counter.exp
run "$MCSH" --verify "$work/page/transcript"
ran 'the examples in the manual of the package run as printed' 0 '1 transcript, 2 commands: all as recorded\n'

# session NAME STATUS OUT FILE ARG...: runs one of doc/expect.
session() {
	session_name=$1
	session_status=$2
	session_out=$3
	session_file=$4
	shift 4
	echo "$session_file" >>"$work/run"
	case $session_file in
	*.exp) run expect "$sessions/$session_file" "$@" ;;
	*.py) run /usr/bin/python3 "$sessions/$session_file" "$@" ;;
	esac
	ran "$session_file${1:+ $1}: $session_name" "$session_status" "$session_out"
}

start_memcached
version=$("$MCSH" "$socket" -c version)
"$MCSH" "$socket" -c 'set_multi page:1 one page:2 two page:3 ""'
printf 'page:1\npage:2\npage:3\n' >warm
perl -e 'print "page:$_\n" for 1 .. 205' >cold
{
	perl -e 'print "missing: page:$_\n" for 4 .. 205'
	echo '3 of 205 keys are warm, 6 bytes'
} >"$work/missing"
missing=$(cat "$work/missing")

session 'a healthy server' 0 "OK: memcached $version stores and answers\n" health.exp "$socket"
session 'a cache that is warm' 0 '3 of 3 keys are warm, 6 bytes\n' warmup.exp warm "$socket"
session 'one that is not' 1 "$missing\n" warmup.exp cold "$socket"
session 'a healthy server' 0 "OK: memcached $version stores and answers\n" \
	sessions.py health "$socket"
session 'a cache that is warm' 0 '3 of 3 keys are warm, 6 bytes\n' sessions.py warmup warm "$socket"
session 'one that is not' 1 "$missing\n" sessions.py warmup cold "$socket"

run expect "$sessions/warmup.exp"
ran 'warmup.exp: without its list' 2 '' 'usage: warmup.exp FILE [SERVER ...]\n'
run /usr/bin/python3 "$sessions/sessions.py" warmup
status_is 'sessions.py warmup: without its list' 2
has 'sessions.py warmup without its list: the usage' 'sessions.py warmup FILE' "$work/err"

freeze "$server"
session 'a server that hangs' 2 \
	"CRITICAL: version: expected status ok, got 4 lost: $socket did not answer in time: the connection is closed, the next command opens a new one; --timeout or .set timeout gives it longer; if it was started with -S: .set protocol binary\n" \
	health.exp "$socket"
session 'a server that hangs' 2 'CRITICAL: it does not store and answer\n' \
	sessions.py health "$socket"
stop_server "$server"

# Which cas number is a server's first depends on its version.
"$MCSH" --sandbox -c 'set stock 10' -c 'gets stock' >"$work/first"
cas=$(cut -sf 2 "$work/first")
later=$((cas + 1))
session 'Bob is faster' 0 "alice  set stock 10     STORED
alice  gets stock       stock\\t$cas\\t10
bob    gets stock       stock\\t$cas\\t10
$(printf 'bob    %-16s STORED' "cas stock 7 $cas")
$(printf 'alice  %-16s EXISTS' "cas stock 9 $cas")
alice  gets stock       stock\\t$later\\t7
$(printf 'alice  %-16s STORED' "cas stock 6 $later")
10 - 3 - 1 = 6
" cas_conflict.exp
session 'Bob is faster' 0 'bob:   STORED\nalice: EXISTS\nalice: STORED\n10 - 3 - 1 = 6\n' \
	sessions.py cas_conflict

session 'one of two servers hangs' 0 'ok      both are up
ok      the first to ask waits, and gets an error
ok      then the server is passed over: a miss
ok      the other one takes the key
ok      and has it
ok      back again
ok      it answers with what it had: stale data
ok      which is why one flushes what comes back
ok      a miss is better than a lie
' failover.exp
session 'one of two servers hangs' 0 \
	'lost, a miss, stored elsewhere: [4, 1, 0]; back with old\n' sessions.py failover

# Every file of the folder was run, and every one is installed.
LC_ALL=C sort -u "$work/run" >"$work/ran"
ls "$sessions" | LC_ALL=C sort >"$work/files"
same_bytes 'every session of doc was run' "$work/files" "$work/ran"
sed -n 's#^	doc/expect/\([^ ]*\).*#\1#p' "$top_srcdir/Makefile.am" >"$work/installed"
same_bytes 'every session is installed' "$work/files" "$work/installed"

done_testing
