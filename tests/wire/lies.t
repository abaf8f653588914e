#!/bin/sh
# Servers that cut, delay, lie or fall silent: what is printed, the exit status, and what was sent.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

fits='the connection is closed, the next command opens a new one; .trace on shows the bytes'
again='the next command connects again; whether this one was carried out is unknown'

# A server that sends no cas: none is made up.
for format in plain csv json; do
	fake <<-'END'
		accept
		want gets foo fox\r\n
		send VALUE foo 0 3\r\nbar\r\nVALUE fox 0 3 0\r\nbox\r\nEND\r\n
		gone
	END
	case $format in
	plain) want='foo\t\tbar\nfox\t0\tbox\n' ;;
	csv) want='key,flags,bytes,cas,value,encoding\nfoo,0,3,,bar,\nfox,0,3,0,box,\n' ;;
	json) want='null 0\n' ;;
	esac
	run "$MCSH" "$fake" --format=$format -c 'gets foo fox'
	if [ $format = json ]; then
		json "$work/out" '.values[].cas' >"$work/cas"
		mv "$work/cas" "$work/out"
	fi
	ran "a gets without cas in $format" 0 "$want"
	fake_followed "a gets without cas in $format: asked once"
done
fake <<'END'
accept
want gets foo\r\n
send VALUE foo 0 3\r\nbar\r\nEND\r\n
gone
END
printf 'gets foo\n' >"$work/lines"
run "$MCSH" --expect "$fake" <"$work/lines"
has 'a gets without cas for a driver' '| foo		bar' "$work/out"

# Answers in pieces.

fake <<'END'
accept
want get foo\r\n
drip 0.002 VALUE foo 0 5\r\na\r\nb\x00\r\nEND\r\n
gone
END
run "$MCSH" "$fake" --format raw -c 'get foo'
ran 'an answer one byte at a time is shown' 0 'a\r\nb\0'
fake_followed 'an answer one byte at a time: asked for once'

fake <<'END'
accept
want set foo 0 0 3\r\nbar\r\n
send STO
pause 0.02
send RED\r
pause 0.02
send \n
want get foo\r\n
send VALUE foo 0 3\r\nbar\r\nEND
pause 0.02
send \r\n
gone
END
run "$MCSH" "$fake" -c 'set foo bar' -c 'get foo'
ran 'torn lines are put together: set and get have their answers' 0 'STORED\nbar\n'
fake_followed 'torn lines: all commands go over one connection'

fake <<'END'
accept
want get foo\r\n
send VALUE foo 0 5\r\nab
close
END
run "$MCSH" "$fake" -c 'get foo'
ran 'a value cut in half is not shown' 4 '' \
	"mcsh: $fake closed the connection in the middle of its answer: $again\n"
fake_followed 'a value cut in half is not asked for again'

fake <<'END'
accept
want get foo fox\r\n
send VALUE foo 0 3\r\nbar\r\nVALUE fo
close
END
run "$MCSH" "$fake" -c 'get foo fox'
ran 'whole values before the cut are shown' 4 'foo\tbar\n' \
	"mcsh: $fake closed the connection in the middle of its answer: $again\n"
fake_followed 'values cut: nothing more was sent'

# The keys of an answer: any order, and one that was asked twice may be answered once.

# order NAME VALUES STATUS OUT FORMAT: what comes of `get a b a c`, where the server sends VALUES.
order() {
	fake <<-END
		accept
		want get a b a c\r\n
		send $2END\r\n
		want get a\r\n
		send END\r\n
		gone
	END
	run "$MCSH" "$fake" --no-color --format="$5" -c 'get a b a c' -c '.format plain' -c 'get a'
	ran "$1" "$3" "$4"
	fake_followed "$1: the connection is kept"
}

value() {
	printf 'VALUE %s 0 1\\r\\n%s\\r\\n' "$1" "$1"
}
order 'values in another order are known by their keys' "$(value c; value a; value b; value a)" 1 \
	'c\tc\na\ta\nb\tb\na\ta\n' plain
order 'a key that was asked twice is answered once' "$(value a; value b; value c)" 1 \
	'a\ta\nb\tb\nc\tc\n' plain
order 'get a b a c: a value for each key, in order, is no miss' "$(value a; value b; value c)" 1 \
	'a  "a"  (1 byte)\nb  "b"  (1 byte)\nc  "c"  (1 byte)\n(4 of 4 keys found)\n' pretty
order 'get a b a c, answered by c b a: all keys are found' "$(value c; value b; value a)" 1 \
	'b  "b"  (1 byte)\na  "a"  (1 byte)\nc  "c"  (1 byte)\n(4 of 4 keys found)\n' pretty
order 'get a b a c, answered by c a: b is a miss' "$(value c; value a)" 1 \
	'a  "a"  (1 byte)\nb  (miss)\nc  "c"  (1 byte)\n(3 of 4 keys found)\n' pretty
for answered in "$(value c; value a; value b; value a)" "$(value b; value c; value a)" \
	"$(value a; value b; value c)" "$(value a; value b; value c; value c)"; do
	fake <<-END
		accept
		want get a b a c\r\n
		send ${answered}END\r\n
		gone
	END
	run "$MCSH" "$fake" --format=json -c 'get a b a c'
	status_is "get a b a c, answered by $answered, has all keys" 0
	has "get a b a c, answered by $answered, has none missing in JSON" '"missing":[]' "$work/out"
	fake_followed "get a b a c, answered by $answered, is asked once"
done

# As many values as keys, and yet one is missing.
fake <<END
accept
want get a b\r\n
send $(value a; value a)END\r\n
gone
END
run "$MCSH" "$fake" --format=json -c 'get a b'
status_is 'get a b, answered by a twice, is a miss' 1
has 'get a b, answered by a twice, has b missing in JSON' '"missing":["b"]' "$work/out"
fake_followed 'get a b, answered by a twice, is asked once'

# Lies.

# lie NAME ANSWER WHAT: the answer to `get foo`, and what the error says of it. The next command gets
# its own answer, from a new connection.
lie() {
	fake <<-END
		accept
		want get foo\r\n
		send $2
		gone
		accept
		want get fox\r\n
		send VALUE fox 0 3\r\nbox\r\nEND\r\n
		gone
	END
	run "$MCSH" "$fake" -c 'get foo' -c 'get fox'
	ran "$1" 4 'box\n' "mcsh: $3\n"
	fake_followed "$1: the next command connects again"
}

lie 'another key' 'VALUE bar 0 3\r\nbar\r\nEND\r\n' \
	"unexpected reply to get: \"VALUE bar 0 3\": $fits"
lie 'a length that is too short' 'VALUE foo 0 2\r\nbar\r\nEND\r\n' \
	'a value of 2 bytes did not end where the server said it would: the connection is closed, the next command opens a new one'
lie 'a length that is too long' 'VALUE foo 0 5\r\nbar\r\nEND\r\nVERSION\r\n' \
	'a value of 5 bytes did not end where the server said it would: the connection is closed, the next command opens a new one'
lie 'a length of 4 GiB' 'VALUE foo 0 4294967296\r\nbar\r\nEND\r\n' \
	'the server announced a value of 4294967296 bytes, the limit is 67108864: raise it with .set max_value, if the server is to be trusted'
lie 'a length over 64 bits' 'VALUE foo 0 18446744073709551616\r\n' \
	"unexpected reply to get: \"VALUE foo 0 18446744073709551616\": $fits"
lie 'the answer to another question' 'STORED\r\n' "unexpected reply to get: \"STORED\": $fits"
lie 'another protocol' 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n' \
	"this is a web server, it answered \"HTTP/1.1 400 Bad Request\": is it the right port? memcached's own is 11211"
lie 'bytes that drive a terminal' '\x1b[2J\xff\x00\r\n' \
	"unexpected reply to get: \"\\\\e[2J\\\\xff\\\\0\": $fits"
lie 'an empty line' '\r\nEND\r\n' "unexpected reply to get: \"\": $fits"

fake <<'END'
accept
want get foo\r\n
fill 10000000 x
gone
END
run "$MCSH" "$fake" -c 'get foo'
ran 'a line without an end' 4 '' \
	'mcsh: the server sent a line of more than 65536 bytes: is this a memcached server?\n'
fake_followed 'a line without an end: nothing more was sent'

# Values may come in any order, and a key that was asked twice may be answered once; never more often
# than it was asked.
fake <<'END'
accept
want get foo fox\r\n
send VALUE fox 0 1\r\n1\r\nVALUE foo 0 1\r\n2\r\nVALUE fox 0 1\r\n3\r\n
gone
END
run "$MCSH" "$fake" -c 'get foo fox'
ran 'more values than keys' 4 'fox\t1\nfoo\t2\n' \
	"mcsh: $fake sent more values than keys were asked for: the connection is closed, the next command opens a new one; .trace on shows the bytes\n"
fake_followed 'more values than keys: the connection is closed'

# Memory is taken for what comes, not for what was announced.
fake <<'END'
accept
want get foo\r\n
send VALUE foo 0 1073741824\r\nbar\r\nEND\r\n
gone
END
run /usr/bin/python3 -I -S -c '
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 300000)
sys.exit(status)' "$MCSH" "$fake" --timeout 200ms -c '.set max_value 1g' -c 'get foo'
ran 'a GiB that was announced and never came takes no memory' 4 'True\n' \
	"mcsh: $fake did not answer in time: the connection is closed, the next command opens a new one; --timeout or .set timeout gives it longer\n"
fake_followed 'a GiB: nothing more was sent'

# Lines that nobody asked for.

fake <<'END'
accept
want set foo 0 0 3\r\nbar\r\n
send STORED\r\nVALUE foo 0 4\r\nlies\r\nEND\r\n
gone
accept
want get foo\r\n
send VALUE foo 0 3\r\nbar\r\nEND\r\n
gone
END
run "$MCSH" "$fake" -c 'set foo bar' -c 'get foo'
ran 'lines after an answer are not the next answer' 4 'STORED\nbar\n' \
	"mcsh: $fake sent something that was not asked for: whether every answer belongs to its command is unknown\n"
fake_followed 'lines after an answer: a new connection'

fake <<'END'
accept
want get foo\r\n
send VALUE foo 0 3\r\nbar\r\nEND\r\n\r\n
gone
accept
want incr n 1\r\n
send 7\r\n
gone
END
run "$MCSH" "$fake" -c 'get foo' -c 'incr n'
ran 'an empty line after an answer harms nothing' 0 'bar\n7\n'
fake_followed 'an empty line after an answer: a new connection'

fake <<'END'
accept
send VALUE foo 0 4\r\nlies\r\nEND\r\n
want version\r\n
gone
accept
want get foo\r\n
send VALUE foo 0 3\r\nbar\r\nEND\r\n
gone
END
run "$MCSH" "$fake" -c version -c 'get foo'
ran 'a line before the question is no answer to it' 4 'bar\n' \
	"mcsh: unexpected reply to version: \"VALUE foo 0 4\": $fits\n"
fake_followed 'a line before the question: a new connection'

# Ends.

fake <<END
accept
want get a\r\n
close
accept
want get b\r\n
send VALUE b 0 1\r\nB\r\nEND\r\n
close
tell $work/closed
accept
want get c\r\n
send VALUE c 0 1\r\nC\r\nEND\r\n
gone
END
run "$MCSH" "$fake" -c 'get a' -c 'get b' \
	-c ".echo | until [ -e $work/closed ]; do sleep 0.01; done" -c 'get c'
ran 'a server that died is asked again by later commands' 4 'B\nC\n' \
	"mcsh: $fake closed the connection without an answer: $again\n"
fake_followed 'a server that dies after each answer: each command goes over a connection of its own'

fake --tcp <<'END'
accept
want get a\r\n
reset
accept
want get b\r\n
send END\r\n
want get c\r\n
reset
END
run "$MCSH" "$fake" -c 'get a' -c 'get b' -c 'get c'
ran 'a reset leaves unknown whether the command was carried out, and before the first answer may mean TLS' 4 '' \
	"mcsh: $fake closed the connection without an answer: $again; if that ends so too, is it a TLS port? --tls
mcsh: $fake closed the connection without an answer: $again\n"
fake_followed 'a reset: a new connection'

fake <<'END'
accept
want quit\r\n
close
END
run "$MCSH" "$fake" -c quit -c 'get not-reached'
ran 'quit is answered by the end' 0
fake_followed 'quit: nothing more was sent'

fake <<'END'
accept
want .bogus\r\nversion\r\n
close
END
run "$MCSH" "$fake" -c '.raw .bogus'
ran 'a proxy that closes on what it does not know' 4 '' \
	"mcsh: $fake closed the connection without an answer: $again; a proxy, such as twemproxy, closes at a command that it does not know: ask a server after it\n"
fake_followed 'a proxy that closes: nothing more was sent'

# Answers that another command of its kind would have.

fake <<'END'
accept
want mg a v O1\r\n
send VA 1 O2\r\nb\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -c 'mg a v O1'
ran 'a meta answer with another opaque than was typed is not shown' 4 '' \
	"mcsh: unexpected reply to mg: \"VA 1 O2\": $fits\n"

fake <<'END'
accept
want me a\r\n
send ME b exp=-1 la=0 cas=7 fetch=no cls=1 size=60\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -c 'me a'
ran 'what me says of another key is not shown' 4 '' \
	"mcsh: unexpected reply to me: \"ME b exp=-1 la=0 cas=7 fetch=no cls=1 size=60\": $fits\n"

# Two chunks of items go out together. The end of the first comes twice, and the second has an error.
big=$(head -c 70000 /dev/zero | tr '\0' v)
printf '%s\n' '{"mcsh_items":1}' '{"key":"a","flags":0,"exptime":0,"value":"'"$big"'"}' \
	'{"key":"b","flags":0,"exptime":0,"value":"'"$big"'"}' >"$work/items.jsonl"
fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want mn\r\n
send MN\r\n
any 140040
send MN\r\nMN\r\n
want version\r\n
send SERVER_ERROR out of memory storing object\r\nMN\r\nVERSION 1.6.18\r\n
gone
END
run "$MCSH" "$fake" -c ".load $work/items.jsonl"
status_is 'the end of a chunk of .load that comes twice does not pass for that of the next' 4
has 'the end of a chunk of .load that comes twice is reported' \
	'sent something that was not asked for: whether every answer belongs to its command is unknown' \
	"$work/err"
fake_followed 'after pipelined chunks of .load the server is asked for one more answer'

fake <<'END'
accept
want .bogus\r\nversion\r\n
send ERR
close
END
run "$MCSH" "$fake" -c '.raw .bogus'
ran 'a server that closes in the middle of an answer knew the command: no word of a proxy' 4 '' \
	"mcsh: $fake closed the connection in the middle of its answer: $again\n"
fake_followed 'a server that closes in the middle of an answer: nothing more was sent'

done_testing
