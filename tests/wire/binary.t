#!/bin/sh
# The binary protocol: what goes over the wire, what comes of every command, what is refused before,
# and what ends the connection. tests/unit/test_binary.c has each packet to the byte.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

version=$(memcached -V | cut -d' ' -f2)
start_memcached

# binary ARGUMENT... runs mcsh on the server.
binary() {
	run "$MCSH" --protocol binary "$socket" "$@"
}

# The first cas number is 1 or 2, by the version.
binary -c 'set nosuch x' -c 'gets nosuch' -c 'delete nosuch'
cas=$(line 2 | cut -f2)
binary -c 'set --flags 7 foo bar' -c 'get foo' -c 'gets foo' -c 'get foo nosuch foo' -c 'get nosuch' \
	-c 'append foo !' -c 'prepend foo ?' -c 'gat 100 foo' -c 'gats 100 foo nosuch' -c 'touch foo 100' -c 'touch nosuch 1' \
	-c 'delete foo' -c 'delete foo' -c version
ran 'values' 1 "STORED
bar
foo\t$((cas + 1))\tbar
foo\tbar
foo\tbar
STORED
STORED
?bar!
foo\t$((cas + 3))\t?bar!
TOUCHED
NOT_FOUND
DELETED
NOT_FOUND
$version
" ''
binary -c 'add a 1' -c 'add a 2' -c 'replace b 1' -c 'append b 1' -c 'prepend b 1' -c 'cas a 9 1' -c 'cas b 9 1' -c 'get a'
ran 'a refusal to store is the word that classic has' 1 \
	'STORED\nNOT_STORED\nNOT_STORED\nNOT_STORED\nNOT_STORED\nEXISTS\nNOT_FOUND\n1\n' ''
binary -c 'set n 5' -c 'incr n' -c 'incr n 18446744073709551615' -c 'decr n 10' -c 'incr nosuch' -c 'set w x' -c 'incr w'
ran 'numbers' 3 'STORED\n6\n5\n0\nNOT_FOUND\nSTORED\n' \
	'mcsh: incr w: CLIENT_ERROR cannot increment or decrement non-numeric value: incr and decr work on decimal digits alone, up to 64 bits without a sign; a client may have stored the number serialised\n'
binary -c 'incr --initial 100 --time 60 c 5' -c 'incr c 5' -c 'decr --initial 7 d' -c 'get d'
ran '--initial: creates the key with this number, and adds to it from then on' 0 '100\n105\n7\n7\n' ''
run "$MCSH" "$socket" -c 'incr --initial 3 e 5' -c 'incr --initial 3 e 5' -c 'incr --initial 3 --time -1 f'
ran '--initial: without a protocol chosen it goes by meta' 0 '3\n8\n3\n' ''
run "$MCSH" --protocol classic "$socket" -c 'incr --initial 3 g'
ran '--initial: is refused in classic, which has no such thing' 2 '' \
	'mcsh: the classic protocol creates no numbers: .set protocol auto\n'
run "$MCSH" "$socket" -c 'incr --time 3 g'
ran '--initial: --time without it is refused' 2 '' 'mcsh: --time is for what --initial creates: add --initial, or use touch\n'
binary -c 'set gone x -1' -c 'get gone' -c 'set gone x' -c 'touch gone -1' -c 'get gone' -c 'set gone x' -c 'gat -1 gone' -c 'get gone'
ran 'a negative time is one in the past' 1 'STORED\nSTORED\nTOUCHED\nSTORED\nx\n' ''
binary -c 'stats nosuch'
ran 'stats of a word that the protocol has not' 2 '' 'mcsh: the binary protocol has no stats nosuch: .set protocol auto has it\n'
binary -c 'stats'
status_is 'stats' 0
has 'stats: has the first' "pid" "$work/out"
has 'stats: and the last' "direct_reclaims" "$work/out"
binary -c 'stats settings' -c 'stats items' -c 'stats reset' -c 'stats detail on' -c 'stats detail off' -c version
status_is 'stats with words' 0
is 'stats with words: reset and detail' "RESET OK OK $version" "$(tail -n 4 "$work/out" | tr '\n' ' ' | sed 's/ $//')"
binary -c 'stats sizes_enable' -c version
if memcached_is 1.6.25; then
	is 'stats sizes_enable: a word that is known no more is refused' "3 $version" "$status $(cat "$work/out")"
else
	ran 'stats sizes_enable: has one line' 0 "sizes_status\tenabled\n$version\n"
fi

# Keys of any bytes.
binary -c 'set "a b\r\n\0" x' -c 'get "a b\r\n\0"' -c 'get_multi "a b\r\n\0" "c d"' -c "get ''"
ran 'a key may hold any byte, and 1 to 250 of them' 2 'STORED\nx\na b\\r\\n\\0\tx\n' 'mcsh: the key is empty: a key has 1 to 250 bytes\n'
run "$MCSH" --protocol binary "$socket" -c 'set "a b" x' -c '.set protocol classic' -c 'get "a b"'
ran 'a key with a blank is refused by classic' 2 'STORED\n' 'mcsh: the key has a blank at byte 2: a key holds no blanks and no control bytes\n'

# Refused before anything is sent.
for command in 'verbosity 1:verbosity' '.raw get a:lines of text'; do
	binary -c "${command%:*}"
	ran "${command%:*}: refused" 2 '' "mcsh: the binary protocol has no ${command#*:}: .set protocol auto has it\n"
done
binary -c 'touch --noreply a 1'
ran 'touch --noreply: refused' 2 '' 'mcsh: the binary protocol has no touch without a reply: leave --noreply out\n'
binary -c 'cas a x 0'
ran 'a cas unique of 0: refused' 2 '' 'mcsh: a cas unique of 0 means none in the binary protocol: .set protocol auto has it\n'

# noreply: quiet opcodes and a fence; what fails of them is not said, as in classic.
binary --trace -c 'set --noreply q 1' -c 'add --noreply q 2' -c 'get q'
sed -i 's/\(0000000a\|00000006\) 00000004 0*[0-9a-f]* getk: ok/\1 00000004 000000000000CAS_ getk: ok/' "$work/err"
ran 'noreply' 0 '1\n' '> 80 11 0001 08 00 0000 0000000a 00000001 0000000000000000 setq
> 00000000 00000000 q 1
> 80 12 0001 08 00 0000 0000000a 00000002 0000000000000000 addq
> 00000000 00000000 q 2
> 80 0a 0000 00 00 0000 00000000 00000003 0000000000000000 noop (mcsh'"'"'s own fence)
> 80 0c 0001 00 00 0000 00000001 00000004 0000000000000000 getk
> q
< 81 12 0000 00 00 0002 00000014 00000002 0000000000000000 addq: exists
< Data exists for key.
< 81 0a 0000 00 00 0000 00000000 00000003 0000000000000000 noop: ok (to mcsh'"'"'s own fence)
< 81 0c 0001 04 00 0000 00000006 00000004 000000000000CAS_ getk: ok
< 00000000 q 1
'
binary --trace=hex -c 'set a "x\0y"'
sed -i 's/[0-9a-f]* set: ok/000000000000CAS_ set: ok/; $s/.. ..  cas  .*/CA S_  cas  CAS/' "$work/err"
ran 'the hex trace is cut into fields' 0 'STORED\n' '> 80 01 0001 08 00 0000 0000000c 00000001 0000000000000000 set
> 00000000 00000000 a x\\0y
  00000000  80                       magic  request
  00000001  01                       opcode  set
  00000002  00 01                    key length  1
  00000004  08                       extras length  8
  00000005  00                       data type  0
  00000006  00 00                    vbucket  0
  00000008  00 00 00 0c              body length  12
  0000000c  00 00 00 01              opaque  1
  00000010  00 00 00 00 00 00 00 00  cas  0
  00000018  00 00 00 00              flags  0
  0000001c  00 00 00 00              exptime  0
  00000020                           key
  00000020  61                                                |a|
  00000021                           data
  00000021  78 00 79                                          |x.y|
< 81 01 0000 00 00 0000 00000000 00000001 000000000000CAS_ set: ok
  00000000  81                       magic  reply
  00000001  01                       opcode  set
  00000002  00 00                    key length  0
  00000004  00                       extras length  0
  00000005  00                       data type  0
  00000006  00 00                    status  ok
  00000008  00 00 00 00              body length  0
  0000000c  00 00 00 01              opaque  1
  00000010  00 00 00 00 00 00 CA S_  cas  CAS
'
binary --format wire -c 'get nosuch' -c version
status_is 'wire: the status is as ever' 1
is 'wire: the packets as received' "810c0006000000010000000600000001$(printf %016d 0)6e6f73756368" \
	"$(head -c 30 "$work/out" | od -An -tx1 | tr -d ' \n')"

# flush_all, and a too large value, which is read whole by the server.
head -c 1100000 /dev/zero >"$work/large"
binary -c 'set a 1' -c "set --file $work/large a" -c 'get a' -c 'set b 2' -c flush_all -c 'get b' -c quit
status_is 'flush_all, and a value that is too large' 3
out_is 'flush_all, and a value that is too large: which deletes the old one' 'STORED\nSTORED\nOK\n'
has 'a value that is too large: the words are those of classic' 'mcsh: set a: SERVER_ERROR object too large for cache: ' "$work/err"

# A cas goes as a set with a number: what keeps the old value in text deletes it here, and says so.
binary -c 'set a 1' -c 'gets a'
cas=$(tail -1 "$work/out" | cut -f2)
binary -c "cas --file $work/large a $cas" -c 'get a'
ran 'a cas that is too large deletes the old value, and that is said' 3 '' \
	"mcsh: cas a: SERVER_ERROR object too large for cache: the item is larger than the server's limit (stats settings: item_size_max), and a set has deleted the old value; start the server with a larger -I, or store less\n"

# A pipelined script.
for i in $(seq 2000); do
	echo "set k$i v$i"
	echo "get k$i k$((i - 1))"
	echo "incr k$i"
done >"$work/script"
binary -f "$work/script"
cp "$work/out" "$work/out.binary"
cp "$work/err" "$work/err.binary"
status_is 'a script' 3
run "$MCSH" --protocol classic "$socket" -f "$work/script"
same_bytes 'a script: prints what it prints in classic' "$work/out" "$work/out.binary"
same_bytes 'a script: and reports the same' "$work/err" "$work/err.binary"

# .dump asks for the list of keys on a connection of its own, in text; its gets, and .load, are
# packets.
binary -c flush_all -c 'set a 1' -c 'set "b c" 2' -c ".dump $work/dump" -c flush_all -c ".load $work/dump" -c 'get a "b c"'
status_is '.dump and .load' 0
has '.dump and .load: a key with a blank is there again' 'b c	2' "$work/out"

# What comes of a server that errs. Q and R are the beginnings of a request and of a reply.
zeros='\x00\x00\x00\x00\x00\x00\x00\x00'
ask="\x80\x0c\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01${zeros}a"
again='the connection is closed, the next command opens a new one; .trace on shows the bytes'

# errs NAME ANSWER ERROR: a get of a, answered so, ends with this error, and the connection does.
errs() {
	fake <<END
accept
want $ask
send $2
gone
END
	run "$MCSH" --protocol binary "$fake" -c 'get a'
	ran "$1" 4 '' "mcsh: $3\n"
	fake_followed "$1: the connection is closed"
}
errs 'a reply to another request' "\x81\x0c\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02$zeros" \
	"unexpected reply to get: opcode 0x0c (getk), status 0x01, opaque 2, not 1: $again"
errs 'a reply to another opcode' "\x81\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01$zeros" \
	"unexpected reply to get: opcode 0x01 (set), status 0x00: $again"
errs 'a value of another key' "\x81\x0c\x00\x01\x04\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x01$zeros\x00\x00\x00\x00bx" \
	"unexpected reply to get: opcode 0x0c (getk), status 0x00: $again"
errs 'a request in place of a reply' '\x80' \
	'unexpected reply to get: "\\x80": does it speak the binary protocol? .set protocol auto speaks text'
errs 'a line of text' 'ERROR\r\n' \
	'unexpected reply to get: "ERROR": does it speak the binary protocol? .set protocol auto speaks text'
errs 'a body that is shorter than its parts' "\x81\x0c\x00\x05\x04\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x01$zeros" \
	"a reply's body is shorter than what it should hold: $again"
errs 'a body that is longer than the ceiling' "\x81\x0c\x00\x01\x04\x00\x00\x00\x7f\xff\xff\xff\x00\x00\x00\x01$zeros" \
	'the server announced a reply of 2147483647 bytes, the limit is 67108864: raise it with .set max_value, if the server is to be trusted'

# A server that does not know touch answers, and then reads over as many bytes as it did not know.
head="\x00\x00\x00\x00$zeros"
head="${head%\\x00}\x01$zeros"
fake <<END
accept
want \x80\x1c\x00\x01\x04\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x01$zeros\x00\x00\x00\x09a\x80\x0a\x00\x00$head
send \x81\x1c\x00\x00\x00\x00\x00\x81\x00\x00\x00\x0f\x00\x00\x00\x01${zeros}Unknown command
gone
accept
want \x80\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02$zeros
send \x81\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x02${zeros}9
gone
END
run "$MCSH" --protocol binary "$fake" -c 'touch a 9' -c version
status_is 'a command that is unknown there' 3
out_is 'a command that is unknown there: the next goes over a new connection' '9\n'
has 'a command that is unknown there: is reported as in classic' 'mcsh: touch a: ERROR: ' "$work/err"
fake_followed 'a command that is unknown there: the connection is closed'

# One that closes, as a proxy does.
fake <<END
accept
want $ask
close
END
run "$MCSH" --protocol binary "$fake" -c 'get a'
ran 'a server that closes on the first packet' 4 '' \
	"mcsh: $fake closed the connection without an answer: the next command connects again; whether this one was carried out is unknown; if it speaks text alone: .set protocol auto\n"

done_testing
