#!/bin/sh
# What crosses the wire for each command, both ways, against a real memcached.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached -I 2m
version=$(memcached -V | sed -n 's/^memcached //p')

# wire COMMAND TRANSCRIPT: the trace of one command, in printf's %b escapes but for its own, where
# '\\r\\n' ends a line as the trace shows it.
wire() {
	run "$MCSH" "$socket" --trace -c "$1"
	err_is "$1" "$2"
}

e='\\r\\n\n' # the end of a line in a trace
own="\\\\r\\\\n (mcsh's own fence)\\n"
to_own="\\\\r\\\\n (to mcsh's own fence)\\n"
confirmed="> version$own< VERSION $version$to_own" # a noreply, before the connection is closed

wire 'set foo bar' "> set foo 0 0 3$e> bar$e< STORED$e"
wire 'get foo' "> get foo$e< VALUE foo 0 3$e< bar$e< END$e"
wire 'set --flags 4294967295 --time 100 foo ""' "> set foo 4294967295 100 0$e> $e< STORED$e"
wire 'get foo' "> get foo$e< VALUE foo 4294967295 0$e< $e< END$e"
wire 'set foo "a\r\nb\0\xff" 45m' \
	"> set foo 0 2700 6$e> a$e> b\\\\0\\\\xff$e< STORED$e"
wire 'get foo nope foo' \
	"> get foo nope foo$e< VALUE foo 0 6$e< a$e< b\\\\0\\\\xff$e< VALUE foo 0 6$e< a$e< b\\\\0\\\\xff$e< END$e"
wire 'set --noreply foo bar' "> set foo 0 0 3 noreply$e> bar$e$confirmed"
wire 'add foo bar' "> add foo 0 0 3$e> bar$e< NOT_STORED$e"
wire 'add --time -1 gone bar' "> add gone 0 -1 3$e> bar$e< STORED$e"
wire 'replace gone bar' "> replace gone 0 0 3$e> bar$e< NOT_STORED$e"
wire 'replace foo 10' "> replace foo 0 0 2$e> 10$e< STORED$e"
wire 'append foo 5' "> append foo 0 0 1$e> 5$e< STORED$e"
wire 'prepend foo 9' "> prepend foo 0 0 1$e> 9$e< STORED$e"
wire 'append --noreply foo 0' "> append foo 0 0 1 noreply$e> 0$e$confirmed"
wire 'incr foo' "> incr foo 1$e< 91051$e"
wire 'incr foo 18446744073709551615' "> incr foo 18446744073709551615$e< 91050$e"
wire 'decr foo 91000' "> decr foo 91000$e< 50$e"
wire 'decr --noreply foo 40' "> decr foo 40 noreply$e$confirmed"
wire 'get foo' "> get foo$e< VALUE foo 0 5$e< 10   $e< END$e"
wire 'incr nope' "> incr nope 1$e< NOT_FOUND$e"
wire 'touch foo 1h' "> touch foo 3600$e< TOUCHED$e"
wire 'touch --noreply foo 0' "> touch foo 0 noreply$e$confirmed"
wire 'touch nope 0' "> touch nope 0$e< NOT_FOUND$e"
wire 'gat 10s foo nope' "> gat 10 foo nope$e< VALUE foo 0 5$e< 10   $e< END$e"
wire 'delete foo' "> delete foo$e< DELETED$e"
wire 'delete foo 0' "> delete foo$e< NOT_FOUND$e"
wire 'delete --noreply foo' "> delete foo noreply$e$confirmed"
wire 'cas nope v 18446744073709551615' \
	"> cas nope 0 0 1 18446744073709551615$e> v$e< NOT_FOUND$e"
wire 'version' "> version$e< VERSION $version$e"
wire 'verbosity 0' "> verbosity 0$e< OK$e"
wire 'verbosity --noreply 0' "> verbosity 0 noreply$e$confirmed"
wire 'flush_all' "> flush_all$e< OK$e"
wire 'flush_all 0' "> flush_all 0$e< OK$e"
wire 'stats reset' "> stats reset$e< RESET$e"
wire 'stats detail on' "> stats detail on$e< OK$e"
wire 'stats detail dump' "> stats detail dump$e< END$e"
wire 'stats detail off' "> stats detail off$e< OK$e"
wire 'stats items' "> stats items$e< END$e"
wire 'quit' "> quit$e"
wire '.raw mn' "> mn$e> version$own< MN$e< VERSION $version$to_own"
wire '.raw version' "> version$e> mn$own< VERSION $version$e< MN$to_own"
wire '.raw --data bar set foo 0 0 3' \
	"> set foo 0 0 3$e> bar$e> version$own< STORED$e< VERSION $version$to_own"
wire '.raw --for 50ms mn' "> mn$e< MN$e"
wire '.raw quit' "> quit$e"

wire 'get foo' "> get foo$e< VALUE foo 0 3$e< bar$e< END$e"

# The cas number is the server's to choose.
run "$MCSH" "$socket" --trace -c 'gets foo'
cas=$(cut -f2 "$work/out")
err_is 'gets foo' "> gets foo$e< VALUE foo 0 3 $cas$e< bar$e< END$e"
wire "cas foo new $cas" "> cas foo 0 0 3 $cas$e> new$e< STORED$e"
wire "cas foo newer $cas" "> cas foo 0 0 5 $cas$e> newer$e< EXISTS$e"
run "$MCSH" "$socket" --trace -c 'gats 0 foo'
cas=$(cut -f2 "$work/out")
err_is 'gats 0 foo' "> gats 0 foo$e< VALUE foo 0 3 $cas$e< new$e< END$e"

# What is refused here is not sent: the server counts no connection and no command for it.
counters() {
	"$MCSH" "$socket" -c 'stats | grep -E "^(cmd_set|cmd_get|total_connections|get_misses)	"'
}
counters >"$work/before"
for line in 'set "a b" v' 'set "a\r\nflush_all" v' 'get "a\nb"' 'get ""' 'get "\0"' \
	"get $(printf '%0251d' 0)" 'delete "\x7f"' 'touch "a\tb" 5' 'incr "\x01"' \
	'set --flags 4294967296 k v' 'set --flags -1 k v' 'incr k 18446744073709551616' \
	'incr k -1' 'set k v 1.5s' 'set k v 500ms' 'set k v 99999999999' 'cas k v -1' \
	'cas k v 18446744073709551616' 'touch k x' 'gat x k' 'delete k 5' 'stats "a\r\nb"' \
	'stats r' 'flush_all -1' 'verbosity x' 'set k' 'set k v 0 0' 'GET k' '.raw set k 0 0 1'; do
	run "$MCSH" "$socket" --trace -c "$line"
	is "nothing is sent for $line" "2 0" "$status $(grep -c '^[<>] ' "$work/err")"
done
counters >"$work/after"
# The second count is itself a connection.
is "nothing is sent for $line: the server has noticed nothing" \
	"$(awk '{ print $1, $2 + ($1 == "total_connections") }' "$work/before")" \
	"$(tr '\t' ' ' <"$work/after")"

# Refused by the server: the trace and the error are both there.
run "$MCSH" "$socket" --trace -c 'incr foo'
status_is 'what the server refuses' 3
is 'what the server refuses: is traced as anything else' "$(printf %b "> incr foo 1$e< CLIENT_ERROR cannot increment or decrement non-numeric value$e")" \
	"$(grep '^[<>] ' "$work/err")"
has 'what the server refuses: told as an error' 'mcsh: incr foo: CLIENT_ERROR cannot increment' "$work/err"

# The other modes.
run "$MCSH" "$socket" --trace=hex -c 'set foo bar'
err_is 'hex dumps every line' \
	"> set foo 0 0 3$e  00000000  73 65 74 20 66 6f 6f 20  30 20 30 20 33 0d 0a     |set foo 0 0 3..|
> bar$e  0000000f  62 61 72 0d 0a                                    |bar..|
< STORED$e  00000000  53 54 4f 52 45 44 0d 0a                           |STORED..|\n"
run "$MCSH" "$socket" --trace --trace-file "$work/trace" -c 'set foo bar' -c 'get foo'
ran 'a trace to a file is nowhere else' 0 'STORED\nbar\n'
printf %b "> set foo 0 0 3$e> bar$e< STORED$e> get foo$e< VALUE foo 0 3$e< bar$e< END$e" \
	>"$work/want"
same_bytes 'a trace to a file is nowhere else: is all there' "$work/want" "$work/trace"
run "$MCSH" "$socket" -c 'get foo' -c '.trace on' -c 'get foo' -c '.trace off' -c 'get foo'
ran 'a trace to a file is nowhere else: it is switched' 0 'bar\nbar\nbar\n' "> get foo$e< VALUE foo 0 3$e< bar$e< END$e"
run "$MCSH" "$socket" --trace --trace-file "$work/no/such" -c 'get foo'
status_is 'a trace file that cannot be written is reported' 4
has 'a trace file that cannot be written: the trace is on standard error' '> get foo' "$work/err"

# On a server of its own: ten seconds later it has emptied it.
start_memcached
wire 'flush_all --noreply 10' "> flush_all 10 noreply$e$confirmed"

# Many keys of one server are divided into lines, each of which is answered before all are asked for.
for many in '1000 1' '1001 6'; do
	run "$MCSH" "$socket" --trace -c "get $(seq -s ' ' "${many% *}")"
	status_is "${many% *} keys: none is there" 1
	is "${many% *} keys of one server: as many lines" "${many#* }" "$(grep -c '^> get ' "$work/err")"
done

done_testing
