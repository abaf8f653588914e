#!/bin/sh
# What once went wrong, and must not again.
. "${top_srcdir:?}/tests/lib/tap.sh"
start_memcached
cd "$work" || exit 99
# 1. a closed descriptor 1 (or 2): the connection's socket takes its number, results go to the server
"$MCSH" "$socket" -c 'set foo bar' >/dev/null
run sh -c '"$1" "$2" -c "get foo" >&-' sh "$MCSH" "$socket"
status_is 'standard output closed: status 4' 4
run sh -c '"$1" "$2" -c "set k v" -c "incr k" -c "get k" 2>&-' sh "$MCSH" "$socket"
ran 'standard error closed: answers are printed, status 3' 3 'STORED\nv\n'
# 2. a backslash and a line feed between blanks make an empty word
printf '.echo a \\\n  b\n' >s
run "$MCSH" "$socket" -f s
ran 'a continued line between blanks is one command' 0 'a b\n'
# 3. a backslash at the end of a CR LF line does not continue it
printf '.echo a\\\r\nb\r\n' >s
run "$MCSH" "$socket" -f s
ran 'a continued line in a CR LF script is one command' 0 'ab\n'
# 4. the trace comes after the error that it explains
"$MCSH" "$socket" -c 'set foo bar' >/dev/null
run "$MCSH" "$socket" --trace -c 'incr foo'
is '--trace: what was sent is shown before the error about it' '> incr foo 1\r\n' "$(line 1 err)"
# 5. a hundred thousand keys in one get
perl -e 'print "get ", join(" ", map { "k$_" } 1 .. 100000), "\n"' >s
run "$MCSH" "$socket" -f s
ran 'get of 100,000 keys, all misses: silent, status 1' 1
# 6. a NUL in a file name: the file before it is created or read
run "$MCSH" "$socket" -c 'get foo > "made\0up"'
status_is 'a NUL in the name of a redirection: status 2' 2
passes 'a NUL in the name of a redirection: no file is created' test ! -e made
printf secret >file
run "$MCSH" "$socket" -c 'set --file "file\0x" k'
status_is 'a NUL in the name of --file: status 2' 2
run "$MCSH" "$socket" -c '.source "file\0x"'
status_is 'a NUL in the name of .source: status 2' 2
has 'a NUL in the name of .source: the error says so' 'NUL byte' err
# 7. many continued lines
perl -e 'print "set k \"", "x\n" x 20000, "\"\n"' >s
run timeout 2 "$MCSH" "$socket" -f s
status_is 'a value of 20,000 lines within 2 s' 0
# 8. the telnet form of cas lacks its cas number in the hint
run "$MCSH" "$socket" -c 'cas foo 0 0 3 77'
has 'cas with flags and length, as in telnet: refused with the .raw form' '.raw --data VALUE cas foo 0 0 3 77' err
# A set_multi by a hash goes where a set by it goes.
first=$socket
start_memcached
second=$socket
start_memcached
third=$socket
run "$MCSH" "$first" "$second" "$third" -c 'set_multi --hash 1 a 1 b 2 c 3' -c 'get --server 2 a b c' \
	-c 'delete_multi --hash 1 a b c' -c 'get --server 2 a b c'
ran 'get --server N: keys stored by set_multi --hash are on one server' 1 'a\t1\nb\t2\nc\t3\n'

# Two servers that are down are both named.
run "$MCSH" "$work/none.1" "$work/none.2" -c 'get a b c d e f g h i j'
status_is 'two servers, neither there: status 4' 4
has 'two servers, neither there: the first is named' "none.1: No such file" "$work/err"
has 'two servers, neither there: the second is named' "none.2: No such file" "$work/err"

# A line in one quoted word is looked at as well as one in several.
run "$MCSH" "$first" -c '.raw "set foo 0 0 3"'
ran '.raw of a quoted set without its data: refused, status 2' 2 '' \
	'mcsh: the server would wait for the data of this line: give it by --data VALUE, or see the server wait with --for 2s\n'

# The output of a script is not what the command that names it prints.
printf 'version\n' >s
run "$MCSH" "$first" -c '.source s > out.txt'
status_is '.source redirected into a file: refused, status 2' 2
run "$MCSH" "$first" -c '.repeat 2 .source s'
status_is '.repeat 2 .source: refused, status 2' 2

# What a program after a pipe says of the answer counts.
run "$MCSH" "$first" -c 'set a ok' -c 'get a | grep -q nope'
status_is 'a command before "grep -q" that finds nothing: status 1' 1
run "$MCSH" "$first" -c 'get a | grep -q ok'
status_is 'a command before "grep -q" that finds it: status 0' 0
run "$MCSH" "$first" -e -c 'get a | false' -c 'set a changed'
is '-e: nothing is run after a pipe whose program fails' ok "$("$MCSH" "$first" -c 'get a')"

# A command in a server's place.
run "$MCSH" version
ran 'mcsh version: refused, with what to type' 2 '' \
	'mcsh: "version" is a command, and servers go there: write mcsh -c '"'version'"'\n'
run "$MCSH" "$first" --trace-file=traced -c 'get a'
has '--trace-file: the trace is on, and in the file' '> get a' traced

done_testing
