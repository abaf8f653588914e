#!/bin/sh
# .expect: what the last command showed, its status, a value in JSON; and how failures are reported.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
cd "$work" || exit 99

# script ARGUMENT...: the lines on standard input become the file s, which is run.
script() {
	cat >s
	run "$MCSH" "$socket" "$@" -f s
}

script <<'END'
set a 1
.expect STORED
.expect -re ^ST
.expect status 0
set a "one\ntwo"
# neither a comment nor a blank line is a command

get a
.expect "one\ntwo"
.expect 'one
two'
.expect -re 'one.two'
.echo
.expect ''
.echo -5
.expect -5
.echo -- -re
.expect -- -re
incr nope
.expect NOT_FOUND
.expect status 1
get nope
.expect ''
.expect status 1
END
ran 'assertions that hold say nothing, and expected misses do not count' 0 \
	'STORED\nSTORED\none\ntwo\n\n-5\n-re\nNOT_FOUND\n'

script <<'END'
set a "one\n"
get a
.expect one
set a one
get a
.expect "one\n"
set a "1+1 (2)"
get a
.expect -re '1+1 (2)'
.expect -re '1\+1 \(2\)'
END
ran 'what a difference does not show is said' 5 'STORED\none\n\nSTORED\none\nSTORED\n1+1 (2)\n' \
	'mcsh: s:3: expected other output: - expected, + got
(there is one more line feed at the end)
mcsh: s:6: expected other output: - expected, + got
(there is one line feed less at the end)
mcsh: s:9: expected a match of the expression: - expected, + got
(as text it is the same: \\ before . [ ( * + ? { | ^ $ takes their meaning)
mcsh: 3 of 4 assertions failed\n'

script <<'END'
set a "one\ntwo\nthree"
get a
.expect "one\n2\nthree"
.expect -re two$
get a
END
ran 'an assertion that does not hold shows the difference, and the script goes on' 5 \
	'STORED\none\ntwo\nthree\none\ntwo\nthree\n' \
	'mcsh: s:3: expected other output: - expected, + got
- 2
+ two
mcsh: s:4: expected a match of the expression: - expected, + got
- two$
+ one
+ two
+ three
mcsh: 2 of 2 assertions failed\n'

script -e <<'END'
set a 1
.expect STORED
.expect NOT_STORED
get a
END
ran '-e ends it there' 5 'STORED\n' 'mcsh: s:3: expected other output: - expected, + got
- NOT_STORED
+ STORED
mcsh: 1 of 2 assertions failed\n'

run "$MCSH" "$socket" -c 'get nope' -c '.expect status 0' -c '.expect status 1' -c '.expect status 3'
ran '.expect status: the difference is reported' 5 '' 'mcsh: expected status 0 (ok), got 1 (negative)
mcsh: expected status 3 (server), got 1 (negative)
mcsh: 2 of 3 assertions failed\n'

run "$MCSH" "$socket" -c 'get nope' -c 'get nope' -c '.expect status 1'
ran 'a status that nobody expected counts' 1
awk 'BEGIN { for (i = 0; i < 900000; i++) printf "a" }' >"$work/slow"
run "$MCSH" "$socket" --timeout 300ms -c "set --file $work/slow slow" -c 'get slow > /dev/null' -c ".expect -re '(a+)+\$b'" \
	-c ".expect -re '^a+\$'"
ran '-re: an expression that takes longer than the timeout does not hold; another is searched to the end' 5 'STORED\n' \
	'mcsh: the expression took longer than 300.0 ms in 878.9 KiB of output: write a simpler one; .set timeout gives it longer
mcsh: 1 of 2 assertions failed\n'
run "$MCSH" "$socket" -c 'set w x' -c 'incr w' -c '.expect -re non-numeric' -c '.expect -re "^mcsh: incr w: CL"' \
	-c '.expect status 3'
ran 'an error is part of what was shown' 0 'STORED\n' 'mcsh: incr w: CLIENT_ERROR cannot increment or decrement non-numeric value: incr and decr work on decimal digits alone, up to 64 bits without a sign; a client may have stored the number serialised\n'
run "$MCSH" "$socket" -c 'fet w' -c '.expect -re "unknown command"' -c '.expect status 2'
status_is '.expect status of a command that was not sent' 0
run "$MCSH" "$socket" -c 'get "w' -c '.expect -re "quote is open"' -c '.expect status 2'
status_is '.expect status of a line that is no command' 0
run "$MCSH" "$socket" -c '.expect ""' -c '.expect status 0'
ran 'before the first command there is nothing to look at' 2 '' 'mcsh: .expect has no command before it: put it after the command that it is about
mcsh: .expect has no command before it: put it after the command that it is about\n'

# Output that has been written already is remembered; so is the part that was not.
{
	printf 'set big "'
	head -c 200000 /dev/zero | tr '\0' x
	printf '"\nget big\n.expect "'
	head -c 200000 /dev/zero | tr '\0' x
	printf '"\n.expect -re ^x*$\n.expect short\n'
} >s
run "$MCSH" "$socket" -f s
status_is 'what is longer than a block is compared whole' 5
is 'to its last byte' 'mcsh: 1 of 3 assertions failed' "$(tail -1 err)"
head -c 1048577 /dev/zero | tr '\0' x >big
run "$MCSH" "$socket" -c '.echo "'"$(head -c 100000 big)"'"' -c '.repeat 1 version' -c '.expect -re count'
status_is 'a mark is where the command begins' 0
{
	printf '.echo "'
	cat big
	printf '"\n.expect -re x\n.expect status 0\nget nope\n.expect ""\n'
} >s
run "$MCSH" "$socket" -f s
err_is '.expect: more than 1 MiB of output is refused' 'mcsh: s:2: more than 1048576 bytes were shown, too many to compare: ask for less, or for the status alone
mcsh: 1 of 3 assertions failed\n'

run "$MCSH" "$socket" -c 'set a 1' -c 'get a > file' -c '.expect 1' -c 'get a | tr 1 2' -c '.expect 1'
ran 'what went into a file or a program' 0 'STORED\n2'

printf '.expect 2\nset a 3\n' >more
run "$MCSH" "$socket" -c 'set a 2' -c 'get a' -c '.source more' -c '.expect STORED' -c '.expect 2'
ran 'scripts that are sourced' 5 'STORED\n2\nSTORED\n' 'mcsh: more:1: expected other output: - expected, + got
- 2
mcsh: expected other output: - expected, + got
- 2
+ STORED
mcsh: 2 of 3 assertions failed\n'

printf 'set many "' >s
seq 30 | tr '\n' ' ' | sed 's/ /\\n/g' >>s
printf '"\nget many\n.expect ""\n' >>s
run "$MCSH" "$socket" -f s
is 'a long difference is cut' '+ 20|(10 more lines differ)|mcsh: 1 of 1 assertions failed|' \
	"$(tail -3 err | tr '\n' '|')"
run "$MCSH" "$socket" --format raw -c 'set e "\e[31mred\xff"' -c 'get e' -c '.expect "\e[31mred\xff"' -c '.expect x'
ran 'bytes are compared as they are, and shown escaped' 5 'STORED\n\033[31mred\377' \
	'mcsh: expected other output: - expected, + got\n- x\n+ \\e[31mred\\xff\nmcsh: 1 of 2 assertions failed\n'

# JSON.

cat >s <<'END'
set --flags 7 page '{"hits": [1, 2.50, "x\u00e9"], "none": null}'
.expect json .status ok
.expect json status '"ok"'
get page
.expect json .values[0].flags 7
.expect json .values[0].flags 7.0
get a
.expect json .values '[{"bytes": 1, "flags": 0, "value": "\u0033", "key": "a"}]'
.format plain
get page
.expect json .hits[1] 2.5
.expect json .hits[2] xé
.expect json .none null
.expect json .hits '[1,2.5,"xé"]'
END
run "$MCSH" "$socket" --format json -f s
status_is '.expect in JSON: status 0' 0
err_is 'all hold' ''
is '.expect in JSON: one object for each' 5 "$(json out .command .status | grep -cx '.expect ok')"

script --format json <<'END'
get page
.expect json .values[0].flags 8
.expect json .values[0].key "7"
.expect json .values[1] 1
.expect json values[ 1
.expect text
END
status_is 'in JSON failures are objects too' 5
jq -cs '[.[] | select(.command == ".expect") | [.status, .expected, .got[0:9]]] | .[]' out >got
printf '["assert","8","7"]\n["assert","7","\\"page\\""]\n["assert","1","{\\"command"]\n["usage",null,null]\n["assert","text","{\\"command"]\n' >want
same_bytes 'in JSON failures are objects too: with what was expected and what came' want got
err_is 'beside the errors' 'mcsh: s:2: expected another value at .values[0].flags
mcsh: s:3: expected another value at .values[0].key
mcsh: s:4: expected a value at .values[1], and there is none
mcsh: s:5: cannot read the path "values[": write it like .values[0].flags
mcsh: s:6: expected other output
mcsh: 4 of 4 assertions failed\n'
run "$MCSH" "$socket" -c 'set a 1' -c '.expect json .a 1' -c 'incr page' -c '.expect json .a 1'
has 'what is no JSON' 'mcsh: expected JSON, and the output is none: .format json makes every answer JSON' err
run "$MCSH" "$socket" -c 'get page' -c '.expect json .hits[0] 2'
err_is 'the two values are shown' 'mcsh: expected another value at .hits[0]: - expected, + got\n- 2\n+ 1\nmcsh: 1 of 1 assertions failed\n'

# What it does not take.

forms='write .expect TEXT, .expect -re REGEX, .expect status N, or .expect json PATH VALUE, each one word: quote what holds blanks'
for words in 'hello world' 'json .a' '-re json .a 1' '-re status 1' 'a b c' 'status 1 2 3'; do
	run "$MCSH" "$socket" -c version -c ".expect $words"
	status_is ".expect $words is malformed" 2
	err_is ".expect $words: the forms of .expect are reported" "mcsh: this is none of the forms of .expect: $forms\n"
done
run "$MCSH" "$socket" -c '.expect'
ran '.expect without a word: the usage' 2 '' 'mcsh: .expect: missing WORD: usage: .expect [-re] WORD...\n'
run "$MCSH" "$socket" -c 'set a 1' -c '.expect status 6' -c '.expect status x' -c '.expect -re "("'
ran 'statuses and expressions that are none' 2 'STORED\n' 'mcsh: the status "6" is too large: write a decimal number from 0 to 5
mcsh: the status "x" is not a number: write a decimal number from 0 to 5
mcsh: cannot read the expression "(": Unmatched ( or \\(: it is a POSIX extended regular expression, see regex(7)\n'

done_testing
