#!/bin/sh
# mcsh --expect on a pipe: the grammar for programs, to the byte. What stands here does not change.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
hello='mcsh expect 1\nmcsh>\n'
ok='= 0 ok\nmcsh>\n'
done_='| STORED\n= 0 ok\nmcsh>\n'

# drive LINES ARG...: LINES, for printf %b, are sent at once.
drive() {
	printf %b "$1" >"$work/lines"
	shift
	run "$MCSH" --expect "$@" <"$work/lines"
}

drive '' "$socket"
ran '--expect: without commands the greeting alone' 0 "$hello"

drive 'set foo bar\nget foo\n' "$socket"
ran 'a reply is data, status, prompt' 0 "$hello$done_| bar\n$ok"

drive 'get nope\nset empty ""\nget empty\n' "$socket"
ran 'a miss has no data line, an empty value has one' 1 \
	"$hello= 1 negative\nmcsh>\n$done_| \n$ok"

drive 'set lines "a\\nb\\r\\n\\t\\\\\\x00\\e\\x80mcsh>"\nget lines\ngets lines\n' "$socket"
cas=$("$MCSH" "$socket" -c 'gets lines' | cut -f 2)
ran 'a value stays in its line, whatever it is' 0 \
	"$hello$done_| a\\\\nb\\\\r\\\\n\\\\t\\\\\\\\\\\\0\\\\e\\\\x80mcsh>\n$ok| lines\t$cas\ta\\\\nb\\\\r\\\\n\\\\t\\\\\\\\\\\\0\\\\e\\\\x80mcsh>\n$ok"

drive 'get foo nope empty\n' "$socket"
ran 'several keys are a line each' 1 "$hello| foo\tbar\n| empty\t\n= 1 negative\nmcsh>\n"

drive '\n  \n# a comment\n' "$socket"
ran 'every line has a reply' 0 "$hello$ok$ok$ok"

drive 'set foo bar\r\nget foo\r\n' "$socket"
ran 'lines may end in CR LF' 0 "$hello$done_| bar\n$ok"

drive 'get foo' "$socket"
ran 'the last line may lack its end' 0 "$hello| bar\n$ok"

drive 'set two "a\nb"\nget two\n' "$socket"
ran 'an open quote is reported' 0 "$hello"'mcsh...>\n'"$done_| a\\\\nb\n$ok"

drive 'set two "a\n' "$socket"
ran '--expect: an open quote at the end of input is an error' 2 "$hello"'mcsh...>\n= 2 usage\nmcsh>\n' \
	'mcsh: a quote is open at the end: close it; a quote or a backslash that is data is written \\" or \\\\\n'

drive 'version\n.quit\nget foo\n' "$socket"
version=$("$MCSH" "$socket" -c version)
ran '.quit has a status, and no prompt' 0 "$hello| $version\n$ok= 0 ok\n"

# Errors.
drive 'fet foo\nincr foo\nget foo\n' "$socket"
status_is 'the exit status is the highest' 3
out_is '--expect: each command has its own reply' "$hello= 2 usage\nmcsh>\n= 3 server\nmcsh>\n| bar\n$ok"
has 'an error names no line of the input' 'mcsh: unknown command "fet": ' "$work/err"
is 'errors are lines of their own' 2 "$(grep -c '^mcsh: ' "$work/err")"

printf 'get foo\nfet\n.quit\n' | "$MCSH" --expect "$socket" >"$work/both" 2>&1
printf 'mcsh expect 1\nmcsh>\n| bar\n= 0 ok\nmcsh>\n%s\n= 2 usage\nmcsh>\n= 0 ok\n' \
	'mcsh: unknown command "fet": did you mean set? see .help, or send a line as it is with .raw' \
	>"$work/want"
same_bytes 'on one stream an error comes before its status' "$work/want" "$work/both"

drive 'get foo\n' "$work/nobody"
status_is '--expect: no server: status 4' 4
out_is '--expect: no server: a reply with lost' "$hello= 4 lost\nmcsh>\n"

drive 'get nope\nget foo\n' -e "$socket"
ran '-e stops after the status' 1 "$hello= 1 negative\n"

# Assertions.
drive 'get foo\n.expect bar\n.expect status 1\nget foo\n' "$socket"
status_is 'an assertion that does not hold' 5
out_is '--expect: an assertion that does not hold has status 5 in its reply' "$hello| bar\n$ok$ok= 5 assert\nmcsh>\n| bar\n$ok"
drive 'get nope\n.expect status 1\n' "$socket"
ran 'an expected miss is one all the same, and no failure' 0 "$hello= 1 negative\nmcsh>\n$ok"
printf 'get foo\nget nope\n.expect status 1\n' >"$work/file"
drive ".source $work/file\nincr foo\n.source $work/file\n.expect status 0\n" "$socket"
status_is '--expect: assertions in a sourced file: status 5' 5
out_is 'in a file: it is forgiven within the reply' \
	"$hello| bar\n$ok= 3 server\nmcsh>\n| bar\n$ok= 5 assert\nmcsh>\n"

# One reply for what a file runs.
printf 'get foo\nget nope\n.echo "a\\nb"\n' >"$work/file"
drive ".source $work/file\nget foo\n" "$socket"
ran '.source has one reply' 1 "$hello| bar\n| a\\\\nb\n= 1 negative\nmcsh>\n| bar\n$ok"
printf 'get foo' >"$work/file"
drive ".source $work/file\n" "$socket"
ran 'a file without a last line end' 0 "$hello| bar\n$ok"
printf 'get foo\n.quit\n' >"$work/file"
drive ".source $work/file\nget foo\n" "$socket"
ran 'a file that leaves' 0 "$hello| bar\n= 0 ok\n"
drive '.source /nowhere\n' "$socket"
out_is 'a file that is not there' "$hello= 2 usage\nmcsh>\n"

# What is large goes out in pieces, and is marked once.
perl -e 'printf "set big%d %s\n", $_, "x" x 60000 for 1 .. 4; print "get big1 big2 big3 big4\n"' \
	>"$work/lines"
run "$MCSH" --expect "$socket" <"$work/lines"
status_is '--expect: large values: status 0' 0
{
	printf %b "$hello$done_$done_$done_$done_"
	perl -e 'printf "| big%d\t%s\n", $_, "x" x 60000 for 1 .. 4'
	printf %b "$ok"
} >"$work/want"
same_bytes 'have a mark before each line' "$work/want" "$work/out"

# Tables are lines of fields, and .help is one.
drive '.set format\n.help .quit\n.raw --data "a\\nb" set raw 0 0 3\n.raw get raw\n' "$socket"
status_is '--expect: tables: status 0' 0
has '--expect: .set is a line of fields' '| format	plain	pretty|plain|raw|json|csv|wire	' "$work/out"
has 'help is a line a command' '| .quit	The shell itself	.quit	leave	' "$work/out"
has '.raw is a line a line' '| VALUE raw 0 3' "$work/out"
has '.raw is a line a line: a data block one' '| a\nb' "$work/out"
is '--expect: each line begins as the grammar says' '' \
	"$(grep -vE '^(mcsh expect 1|mcsh>|\| .*|= [0-5] [a-z]+)$' "$work/out")"

# Where results go.
drive "get lines > $work/value\nget foo | cat\n" "$socket"
ran 'a file gets bytes, a program nothing' 2 "$hello$ok= 2 usage\nmcsh>\n" \
	"mcsh: a driver cannot read what a program would print: nothing was sent; take the reply's lines, or write to a file by >\n"
printf 'a\nb\r\n\t\\\000\033\200mcsh>' >"$work/want"
same_bytes 'the bytes are the value' "$work/want" "$work/value"

# Nothing asks, nothing is timed, nothing is coloured, nothing is remembered, no file is read.
mkdir -p "$XDG_CONFIG_HOME/mcsh"
echo '.echo from mcshrc' >"$XDG_CONFIG_HOME/mcsh/mcshrc"
drive '.set color on\n.set timing full\nget foo\nflush_all\nget foo\n' "$socket" --timing
ran '--expect: no colour and no timing in a reply' 1 "$hello$ok$ok| bar\n$ok| OK\n$ok= 1 negative\nmcsh>\n"
passes '--expect: no history is written' test ! -e "$MCSH_HISTFILE"
drive 'get foo\n' "$socket" --trace
ran 'a trace is on standard error' 1 "$hello= 1 negative\nmcsh>\n" \
	'> get foo\\r\\n\n< END\\r\\n\n'

# Options.
drive 'set foo bar\nget foo\n' --sandbox --key-prefix=p: --timeout=5s --distribution=ketama
ran 'options of the command line work' 0 "$hello$done_| bar\n$ok"
drive '' -c version
ran '--expect and -c: refused' 2 '' \
	'mcsh: --expect takes its commands from standard input: leave out either --expect or -c and -f\n'
drive '' -f "$work/file"
ran '--expect with -f: refused' 2 '' \
	'mcsh: --expect takes its commands from standard input: leave out either --expect or -c and -f\n'
drive '' --format=json
ran '--expect with another format: refused' 2 '' \
	'mcsh: the format of --expect is plain: leave out either --expect or --format\n'
drive '' --format=plain "$socket"
ran 'plain may be said' 0 "$hello"
drive '.format json\n.format plain\n.format\n' "$socket"
ran '--expect: the format stays plain' 2 "$hello= 2 usage\nmcsh>\n$ok| plain\n$ok" \
	'mcsh: the format of --expect is plain: leave --expect out for the others\n'

# Nobody reads, from the beginning.
run perl -e 'pipe R, W; close R; open STDOUT, ">&W"; exec @ARGV or die' \
	"$MCSH" --expect --sandbox <"$work/lines"
status_is 'a driver that is gone ends it' 4
err_is 'a driver that is gone ends it: no word is lost on it' ''

done_testing
