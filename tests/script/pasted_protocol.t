#!/bin/sh
# Lines of memcached's own protocol, as dumps and captures have them: they are refused, and the data
# that they announce is never run.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
cd "$work" || exit 99
hint="mcsh counts the bytes itself: type set KEY VALUE; a file in the protocol's own form is for .load --as protocol"

# passed NAME WORD BYTES LINES: LINES, a refused line and its data, are passed over, and the next
# command is run.
passed() {
	{
		printf 'set keep 1\n'
		printf %b "$4"
		printf 'get keep\n'
	} >s
	run "$MCSH" "$socket" <s
	status_is "$1" 2
	out_is "$1: what follows is run" 'STORED\n1\n'
	is "$1: the data is named" \
		"mcsh: stdin:3: $3 bytes passed over, the data of the \"$2\": $hint" \
		"$(line 2 err)"
	is "$1: and nothing else is reported" 2 "$(($(wc -l <err)))"
}

for word in set add replace append prepend; do
	passed "$word" $word 9 "$word foo 0 0 9\\r\\nflush_all\\r\\n"
done
passed cas cas 9 'cas foo 0 0 9 77\r\nflush_all\r\n'
hint=$(printf '%s' "$hint" | sed 's/type set/type ms/')
passed ms ms 9 'ms foo 9 T0\r\nflush_all\r\n'
hint=$(printf '%s' "$hint" | sed 's/type ms/type set/')
passed noreply set 9 'set foo 0 0 9 noreply\nflush_all\n'
passed 'a word that servers pass over' set 9 'set foo 0 0 9 again\nflush_all\n'
passed 'numbers with a plus' set 9 'set foo +0 +0 +9\nflush_all\n'
passed 'an exptime in the past' set 9 'set foo 0 -1 9\nflush_all\n'
passed 'line ends in the data' set 20 'set foo 0 0 20\r\nflush_all\r\nflush_all\r\n'
passed 'empty lines in the data' set 12 'set foo 0 0 12\n\n\nflush_all\n\n'
passed 'a key with an open quote' set 9 "set it's 0 0 9\\nflush_all\\n"
passed 'a key with a bad escape' set 9 'set a\\q 0 0 9\nflush_all\n'
passed 'data with an open quote' set 14 "set foo 0 0 14\\nit's\\nflush_all\\n"
passed 'an answer' VALUE 9 'VALUE foo 0 9\nflush_all\n'
passed 'a meta answer' VA 9 'VA 9 t-1\nflush_all\n'
# shellcheck disable=SC2016
passed 'a RESP string' '$9' 9 '$9\r\nflush_all\r\n'
passed 'data longer than announced, of one line' set 5 'set foo 0 0 5\nflush_all\n'

printf 'set keep 1\nset foo 0 0 14\nabc\nflush_all\nset bar 0 0 9\nflush_all\nget keep\n' >s
run "$MCSH" "$socket" -f s
status_is 'data that does not end where it should: reported, status 2' 2
out_is 'data that does not end where it should: the script ends' 'STORED\n'
has 'data that does not end where it should: the line is named' 'mcsh: s:3: the data of the "set" does not end where its 14 bytes end: were its line ends changed? the rest of the input was not run' err

printf 'set foo 0 0 100\nabc\nflush_all\n' >s
printf '.source s\nget keep\n' >t
run "$MCSH" "$socket" <t
status_is 'data that a sourced file does not have' 2
out_is 'data that a sourced file does not have: is not taken from the file that sources it' '1\n'
has 'data that a sourced file does not have: is named' 'mcsh: s:2: the input ends within the 100 bytes of data of the "set"' err

run "$MCSH" "$socket" -c "set foo 0 0 9
flush_all" -c 'get keep'
status_is 'data in -c: status 2' 2
out_is 'data in -c: is passed over' '1\n'

run "$MCSH" "$socket" -c 'set foo 0 0 9' -c 'get keep'
out_is 'where no data follows, nothing is passed over' '1\n'
is 'where no data follows, nothing is passed over: one error is reported' 1 "$(($(wc -l <err)))"

printf 'set foo 0 0 9\nflush_all\nget keep\n' >s
run "$MCSH" "$socket" --format=json <s
is 'json has an object for each' 'usage usage ok' \
	"$(perl -ne 'print $s++ ? " " : "", /"status":"(\w+)"/' out)"
run "$MCSH" "$socket" --expect <s
out_is 'a driver is answered for each line' \
	'mcsh expect 1\nmcsh>\n= 2 usage\nmcsh>\n= 2 usage\nmcsh>\n| 1\n= 0 ok\nmcsh>\n'
has 'a driver: each line of data is named as such' 'passed over as the data of the "set", of 9 bytes' err

# A program that waits for each answer gets it before its data is waited for.
mkfifo to from
timeout 60 "$MCSH" "$socket" --format=json <to >from 2>/dev/null &
waiting=$!
exec 7>to 8<from
echo 'set foo 0 0 9' >&7
read -r line <&8
echo "$line" >one
has 'the refusal comes before the data' '"status":"usage"' one
echo flush_all >&7
read -r line <&8
echo "$line" >two
has 'the refusal comes before the data: the data has an answer' 'passed over as the data of the' two
exec 7>&- 8<&-
wait "$waiting"

done_testing
