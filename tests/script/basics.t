#!/bin/sh
# What every user meets first: answers, exit statuses, and where words go.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
digits='incr and decr work on decimal digits alone, up to 64 bits without a sign; a client may have stored the number serialised'
usage='usage: set [--time T] [--flags F] [--type text|int|long|json|bytes] [--min-compress-len N] [--noreply] [--file FILE] KEY VALUE [TIME]'

run "$MCSH" --sandbox -c 'set foo bar' -c 'get foo'
ran 'set, get in a sandbox: the answer and the value, status 0' 0 'STORED\nbar\n'

run "$MCSH" "$socket" -c 'get nope'
ran 'get: a miss is silent, status 1' 1

run "$MCSH" "$socket" -c 'set foo bar' -c 'incr foo'
ran 'incr of text: the server'\''s error and a hint on standard error, status 3' 3 'STORED\n' \
	"mcsh: incr foo: CLIENT_ERROR cannot increment or decrement non-numeric value: $digits\n"

run "$MCSH" "$work/none" -c 'set foo bar'
status_is 'set where no server listens: status 4' 4

run "$MCSH" "$socket" -c 'set foo'
ran 'set without a value: the usage, status 2' 2 '' "mcsh: set: missing VALUE: $usage\n"

printf 'set a 1\nincr a\nget a\n' >"$work/script"
run "$MCSH" "$socket" <"$work/script"
ran 'a script on standard input: its answers, status 0' 0 'STORED\n2\n2\n'
run "$MCSH" "$socket" -f "$work/script"
ran '-f FILE runs a script' 0 'STORED\n2\n2\n'
run "$MCSH" "$socket" -f - <"$work/script"
ran '-f - runs standard input' 0 'STORED\n2\n2\n'
run "$MCSH" "$socket" -c 'set a 5' -f "$work/script" -c 'incr a 5'
ran '-c and -f run in the order given' 0 'STORED\nSTORED\n2\n2\n7\n'
printf 'set a 1\nincr a' >"$work/script"
run "$MCSH" "$socket" <"$work/script"
ran 'a script whose last line has no line feed: the line is run' 0 'STORED\n2\n'
: >"$work/script"
run "$MCSH" "$socket" <"$work/script"
ran 'an empty script: silent, status 0' 0
run "$MCSH" "$socket" -c '' -c '   ' -c '# nothing'
ran '-c with blanks or a comment alone: silent, status 0' 0
run "$MCSH" "$socket" -f "$work/no-such-script"
ran '-f of a file that does not exist: the error names it, status 2' 2 '' \
	"mcsh: cannot read \"$work/no-such-script\": No such file or directory: check the path and its rights\n"
run "$MCSH" "$socket" -f "$work"
status_is '-f of a directory: status 2' 2
has '-f of a directory: the error says so' 'Is a directory' "$work/err"

# The words of each answer, and the status it gives.
gives() {
	run "$MCSH" "$socket" -c "$1"
	ran "$1: its answer, and status $2" "$2" "$3"
}
gives 'add a 1' 1 'NOT_STORED\n'
gives 'replace nope 1' 1 'NOT_STORED\n'
gives 'append nope 1' 1 'NOT_STORED\n'
gives 'prepend nope 1' 1 'NOT_STORED\n'
gives 'cas nope 1 1' 1 'NOT_FOUND\n'
gives 'cas a 1 1' 1 'EXISTS\n'
gives 'delete nope' 1 'NOT_FOUND\n'
gives 'touch nope 1' 1 'NOT_FOUND\n'
gives 'incr nope' 1 'NOT_FOUND\n'
gives 'decr nope' 1 'NOT_FOUND\n'
gives 'touch a 0' 0 'TOUCHED\n'
gives 'delete a' 0 'DELETED\n'
gives 'gets nope' 1 ''
gives 'gat 0 nope' 1 ''
gives 'gats 0 nope' 1 ''
gives 'set n 18446744073709551615' 0 'STORED\n'
gives 'incr n' 0 '0\n'
gives 'decr n 5' 0 '0\n'
gives 'set a 1' 0 'STORED\n'
gives 'set b 2' 0 'STORED\n'
gives 'get a b' 0 'a\t1\nb\t2\n'
gives 'get a nope b' 1 'a\t1\nb\t2\n'
gives 'get a a' 0 'a\t1\na\t1\n'
gives 'version' 0 "$(memcached -V | sed -n 's/^memcached //p')\\n"
gives 'verbosity 0' 0 'OK\n'
gives 'stats reset' 0 'RESET\n'
gives 'flush_all' 0 'OK\n'
gives 'get a' 1 ''
gives 'set --noreply a 1' 0 ''
gives 'get a' 0 '1\n'

# Of several commands the highest status counts.
run "$MCSH" "$socket" -c 'get nope' -c 'get a'
ran 'of a miss and a hit the status is that of the miss, 1' 1 '1\n'
run "$MCSH" "$socket" -c 'set foo bar' -c 'incr foo' -c 'get nope' -c 'get'
status_is 'of statuses 0, 3, 1 and 2 mcsh returns the highest, 3' 3
run "$MCSH" "$socket" -c 'get' -c 'get nope'
status_is 'of statuses 2 and 1 mcsh returns the higher, 2' 2
run "$MCSH" "$socket" -e -c 'get a' -c 'get nope' -c 'get a'
ran '-e: nothing is run after a miss' 1 '1\n'
printf 'get a\nget\nget a\n' >"$work/script"
run "$MCSH" "$socket" -e -f "$work/script" -c 'get a'
ran '-e: nothing is run after an error in a script, nor the -c after it' 2 '1\n' \
	"mcsh: $work/script:2: get: missing KEY: usage: get KEY...\n"
run "$MCSH" "$socket" -c 'get a' -c quit -c 'get a'
ran 'quit: nothing is run after it, status 0' 0 '1\n'
run "$MCSH" "$socket" "$work/nobody" -c quit
ran 'quit: of several servers one that cannot be reached is no error' 0 ''
run "$MCSH" "$socket" "$work/nobody" --format=json -c quit
is 'quit: and none in json' '0 "ok" "ok" "ok"' "$status $(echo $(jq -c '.answers[].status, .status' "$work/out"))"
run "$MCSH" "$work/nobody" -c quit
status_is 'quit: the only server cannot be reached: status 4' 4
run "$MCSH" "$socket" -c 'get nope' -c .quit -c 'get a'
ran '.quit: the status is the highest so far' 1
run "$MCSH" "$socket" -c exit -c 'get a'
ran 'exit: nothing is run after it, status 0' 0

# Words that are none.
run "$MCSH" "$socket" -c 'GET a'
ran 'GET in upper case: refused with the word in lower case, status 2' 2 '' \
	'mcsh: unknown command "GET": memcached'"'"'s words are in lower case: get\n'
run "$MCSH" "$socket" -c 'frobnicate'
ran 'an unknown command: refused with what to do, status 2' 2 '' \
	'mcsh: unknown command "frobnicate": see .help, or send a line as it is with .raw\n'
run "$MCSH" "$socket" -c '.tr' -c '.ti off'
ran '.tr and .ti: dot words may be shortened' 0 'off\n'
run "$MCSH" "$socket" -c 'set foo 0 0 3'
ran 'set with flags and length, as in telnet: refused with both forms, status 2' 2 '' \
	"mcsh: set takes no flags and length here: mcsh counts the bytes itself: type set foo VALUE; or, to send the protocol's own line, .raw --data VALUE set foo 0 0 3\n"
run "$MCSH" "$socket" -c 'set k a b c'
ran 'set with too many words: refused with a word on quotes, status 2' 2 '' \
	"mcsh: set: too many words; quote a value that holds blanks: $usage\n"
run "$MCSH" "$socket" -c 'get "a'
status_is '-c with an open quote: status 2' 2
has '-c with an open quote: the error says so' 'a quote is open at the end' "$work/err"
run "$MCSH" "$socket" -c 'get a\q'
status_is 'an unknown escape: status 2' 2
has 'an unknown escape: the error has its column' 'mcsh: unknown escape \q at column 6: known are \n \r \t' "$work/err"

# The command line itself.
run "$MCSH" --version
status_is '--version: status 0' 0
passes '--version: one line with the version' sh -c '[ "$(wc -l <"$1")" = 1 ] && grep -q "^mcsh [0-9]" "$1"' sh "$work/out"
run "$MCSH" --help
status_is '--help: status 0' 0
has '--help: the usage' 'Usage: mcsh [options] [SERVER...]' "$work/out"
run "$MCSH" --bogus
ran 'an unknown long option: refused, status 2' 2 '' 'mcsh: unknown option --bogus: see mcsh --help\n'
run "$MCSH" -z
ran 'an unknown short option: refused, status 2' 2 '' 'mcsh: unknown option -z: see mcsh --help\n'
run "$MCSH" -c
ran '-c without a value: refused, status 2' 2 '' 'mcsh: option -c requires a value: see mcsh --help\n'
run "$MCSH" --format=xml -c version
ran '--format=xml: refused with the formats, status 2' 2 '' \
	'mcsh: invalid value for format: "xml": it takes pretty|plain|raw|json|csv|wire\n'
run "$MCSH" --timeout=-1 -c version
ran '--timeout=-1: refused with the range, status 2' 2 '' \
	'mcsh: invalid value for timeout: "-1": it takes 1ms to 24h, or off\n'
run "$MCSH" --sandbox=0 -c version
ran '--sandbox=0: refused with the range, status 2' 2 '' 'mcsh: invalid number of servers: "0": --sandbox=N takes 1 to 64\n'

# .help of what is not a command.
for topic in quoting times formats redis telnet; do
	run "$MCSH" "$socket" -c ".help $topic"
	status_is ".help $topic: status 0" 0
	is ".help $topic: the first line begins with the topic" "$topic: " "$(head -n 1 "$work/out" | grep -o '^[a-z]*: ')"
	run "$MCSH" "$socket" -c .help
	passes ".help: lists $topic" grep -q "^  $topic  " "$work/out"
	run "$MCSH" "$socket" --format json -c ".help $topic"
	is ".help $topic in JSON: the row has the topic" "$topic" "$(json "$work/out" '.rows[0].topic')"
done
run "$MCSH" "$socket" --format json -c .set
for setting in $(json "$work/out" '.rows[].setting'); do
	run "$MCSH" "$socket" -c ".help $setting" -c ".set $setting"
	{
		IFS= read -r help
		IFS= read -r set
	} <"$work/out"
	is ".help $setting: the line of .set $setting" "${set:-none}" "$help"
done
run "$MCSH" "$socket" -c '.help nothing'
status_is '.help of an unknown word: status 2' 2

done_testing
