#!/bin/sh
# Scripts: where their errors are, what continues a line, sourcing, settings, repeating, long lines.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
cd "$work" || exit 99
usage='usage: get KEY...'

# script NAME: the lines on standard input become the file s, which is run.
script() {
	cat >s
	run "$MCSH" "$socket" -f s
}

script <<'END'
# a comment; don't mind the quote
set a 1

  # and one after blanks
get
  get a
END
ran 'an error names its file and line' 2 'STORED\n1\n' "mcsh: s:5: get: missing KEY: $usage\n"
run "$MCSH" "$socket" <s
ran 'an error of standard input has its line' 2 'STORED\n1\n' "mcsh: stdin:5: get: missing KEY: $usage\n"
run "$MCSH" "$socket" -c 'get'
ran 'an error of -c has no line' 2 '' "mcsh: get: missing KEY: $usage\n"

script <<'END'
set a "one
two
three"
set b 'x
y' z z z
incr a \
5
get a
END
status_is 'a quoted value of several lines is one command' 3
out_is 'a quoted value of several lines keeps its line feeds' 'STORED\none\ntwo\nthree\n'
has 'an error of a command of several lines names the first' 'mcsh: s:4: set: too many words' "$work/err"
has 'a backslash at the end continues a line' 'mcsh: s:6: incr a: CLIENT_ERROR' "$work/err"

script <<'END'
set a 1
set b "never
closed
END
ran 'an open quote at the end of a script: reported with its line, status 2' 2 'STORED\n' \
	"mcsh: s:2: a quote is open at the end: close it; a quote or a backslash that is data is written \\\\\" or \\\\\\\\\n"

printf 'set a 1\r\nget a\r\n# comment\r\n\r\nset b "x y"\r\nget b | cat\r\n' >s
run "$MCSH" "$socket" -f s
ran 'a script whose lines end in CR LF' 0 'STORED\n1\nSTORED\nx y'

printf '\357\273\277set a 1\nget a\n' >s
run "$MCSH" "$socket" -f s
ran 'a byte order mark before a script is ignored' 0 'STORED\n1\n'
run "$MCSH" "$socket" -c '.source s'
ran 'a byte order mark before a sourced script is ignored' 0 'STORED\n1\n'
run "$MCSH" "$socket" --expect <s
out_is 'a byte order mark before what a driver sends is ignored' \
	'mcsh expect 1\nmcsh>\n| STORED\n= 0 ok\nmcsh>\n| 1\n= 0 ok\nmcsh>\n'
printf '\357\273\277get a\n\357\273\277get a\n' >s.parts
run sh -c '{ head -c 1 s.parts; sleep 0.2; tail -c +2 s.parts; } | "$0" "$1"' "$MCSH" "$socket"
status_is 'a byte order mark that comes in pieces is ignored, one in a later line is not: status 2' 2
out_is 'a byte order mark that comes in pieces: the first command is run' '1\n'

printf 'set nul "a\0b"\nget nul\n' >s
run "$MCSH" "$socket" --format raw -f s
ran 'a NUL in a script is a byte' 0 'STORED\na\0b'

# Sourcing.

printf '.source two\nget a\n' >one
printf 'set a 2\nget\n' >two
run "$MCSH" "$socket" -c '.source one' -c 'get a'
ran 'scripts source scripts' 2 'STORED\n2\n2\n' "mcsh: two:2: get: missing KEY: $usage\n"
run "$MCSH" "$socket" -e -c '.source one' -c 'get a'
ran '-e ends nested scripts' 2 'STORED\n' "mcsh: two:2: get: missing KEY: $usage\n"
run "$MCSH" "$socket" -c '.source none' -c 'get a'
ran '.source of a file that does not exist: refused, status 2' 2 '2\n' \
	'mcsh: cannot read "none": No such file or directory: check the path and its rights\n'
run "$MCSH" "$socket" -c '.source .' -c 'get a'
ran '.source of a directory: reported, status 2' 2 '2\n' \
	'mcsh: .:1: cannot read it: Is a directory: check the file and its rights\n'
run "$MCSH" "$socket" --format=json -c '.source .' -c '.echo next'
ran '.source of a directory: one object in json' 2 \
	'{"command":".source","status":"usage","error":"cannot read it: Is a directory","hint":"check the file and its rights"}\n{"command":".echo","text":"next","status":"ok"}\n' \
	'mcsh: .:1: cannot read it: Is a directory: check the file and its rights\n'
printf '.source self\n' >self
run "$MCSH" "$socket" -c '.source self' -c 'get a'
ran 'a script that sources itself: ended with an error, status 2' 2 '2\n' \
	'mcsh: self:1: scripts are nested too deep: does it source itself?\n'
printf '.quit\nget a\n' >leave
run "$MCSH" "$socket" -c '.source leave' -c 'get a'
ran '.quit in a script leaves mcsh' 0

# Settings.

run "$MCSH" "$socket" -c '.set timeout' -c '.set timeout 250ms' -c '.set timeout | cut -f1,2' \
	-c '.set fo csv' -c .format
ran 'settings are shown and changed' 0 \
	'timeout\t5s\t1ms to 24h, or off\tHow long a command may take, connecting included.\ntimeout\t250ms\ncsv\n'
run "$MCSH" "$socket" -c '.set | cut -f1'
status_is '.set lists the settings: status 0' 0
for setting in color confirm connect_timeout format json max_answer max_record max_shown max_value pager timeout timing trace; do
	passes ".set lists $setting" grep -qx "$setting" out
done
run "$MCSH" "$socket" -c '.set timeout 25h' -c '.set max_value 0' -c '.set nothing 1' -c '.set t 1'
ran '.set of invalid names and values: refused, status 2' 2 '' 'mcsh: invalid value for timeout: "25h": it takes 1ms to 24h, or off
mcsh: invalid value for max_value: "0": it takes 1k to 1g
mcsh: unknown setting "nothing": .set lists them
mcsh: "t" could be timing or trace: write more of it; .set lists them\n'
run "$MCSH" "$socket" -c '.format raw' -c 'get a' -c '.format wire' -c 'delete a'
ran '.format lasts until the next .format' 0 '2DELETED\r\n'

# Repeating.

run "$MCSH" "$socket" -c 'set n 0' -c '.repeat 100 incr n' -c 'get n'
status_is '.repeat 3: status 0' 0
is '.repeat: runs as often as asked, and shows times alone' 'STORED count 100 100' \
	"$(sed -n '1p; 2p; $p' out | tr '\t\n' '  ' | sed 's/ $//')"
run "$MCSH" "$socket" --format json -c '.repeat 3 get n'
is '.repeat in json' '.repeat 3' "$(json out .command .count)"
run "$MCSH" "$socket" --format csv -c '.repeat 3 get n'
passes '.repeat in csv' grep -q , out
run "$MCSH" "$socket" --format pretty -c '.repeat 3 get n'
has '.repeat in pretty shows the last answer' '100' out
printf '%s\n' '.format csv' '.repeat 100000 .echo a' >few
printf '%s\n' '.format csv' '.repeat 1500000 .echo a' >many
measure "$MCSH" "$socket" -f few
few_resident=$resident
measure "$MCSH" "$socket" -f many
status_is '.repeat runs one and a half million times' 0
passes ".repeat takes no memory for each run ($resident KB, of 100,000 runs $few_resident KB)" \
	[ "$few_resident" -gt 0 -a "$resident" -lt $((few_resident + 10000)) ]
run "$MCSH" "$socket" -c '.repeat 3 get nope'
status_is '.repeat of a miss is a miss' 1
run "$MCSH" "$socket" -c 'set s x' -c '.repeat 1000 incr s'
status_is '.repeat stops at an error' 3
is '.repeat stops at the first error: one is reported' 1 "$(wc -l <err)"
run "$MCSH" "$socket" -c '.repeat 0 get nope'
ran '.repeat 0: runs nothing, status 0' 0
run "$MCSH" "$socket" -c '.repeat x get a'
ran '.repeat wants a number' 2 '' \
	'mcsh: the number of times "x" is not a number: write a decimal number from 0 to 10000000\n'
run "$MCSH" "$socket" -c '.repeat 2 .repeat 2 .repeat 2 .repeat 2 get a'
status_is '.repeat nested too deep: status 2' 2
has '.repeat nested too deep: the error says so' 'commands are nested too deep' err
run "$MCSH" "$socket" -c '.repeat 2 set q "a b" 0' -c 'get q'
is '.repeat keeps the quotes' 'a b' "$(tail -n 1 out)"

# Long lines.

perl -e 'print "set long ", "x" x 1000000, "\nget long\n"' >s
run "$MCSH" "$socket" --format raw -f s
is 'a line of a million bytes: stored and read' '0 1000007' "$status $(wc -c <out)"
perl -e 'print "set long \"", join("\n", map { "line $_" } 1 .. 500), "\"\nget long | wc -l\n"' >s
run "$MCSH" "$socket" -f s
ran 'a command of 500 lines: the value has them' 0 'STORED\n499\n'
perl -e 'print "set k1 v\nget ", join(" ", map { "k$_" } 1 .. 99999), "\n"' >s
run "$MCSH" "$socket" -f s
ran 'get of a hundred thousand keys on a line: status 1' 1 'STORED\nk1\tv\n'
perl -e 'print "set k$_ $_\n" for 1 .. 5000; print "get ", join(" ", map { "k$_" } 1 .. 5000), "\n"' >s
run "$MCSH" "$socket" -f s
is 'five thousand commands, then get of all their values' '0 10000 k5000 5000' \
	"$status $(wc -l <out) $(tail -n 1 out | tr '\t' ' ')"

# Help.

run "$MCSH" -c '.help'
status_is '.help needs no server' 0
for command in set get gat incr stats flush_all .set .repeat .raw .quit; do
	passes ".help lists $command" grep -q "^  $command  *[a-z]" out
done
run "$MCSH" -c '.help get' -c 'help gets | head -1' -c '? .tr | head -1'
status_is '.help of several commands: status 0' 0
has '.help get: has the usage' 'get KEY...' out
has '.help get: has the bytes on the wire' 'get <key> [<key>...]\r\n' out
has '.help .tr: has the usage of .trace' '.trace [off|on|hex|explain]' out
run "$MCSH" -c '.help explain | head -1'
run_line=$(cat "$work/out")
is '.help of a dot word without its dot' '.explain COMMAND...' "$run_line"
run "$MCSH" -c '.help frob'
ran '.help of an unknown word: refused, status 2' 2 '' \
	'mcsh: unknown command "frob": see .help, or send a line as it is with .raw\n'

done_testing
