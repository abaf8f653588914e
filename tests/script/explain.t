#!/bin/sh
# .explain takes a command apart and sends nothing; .trace explain does it to what is sent.
. "${top_srcdir:?}/tests/lib/tap.sh"

# What the last run printed, without dates and empty lines.
now_free() {
	grep -v 'from now: \|in a Unix time\|^$' "$work/out" >"$work/free"
}

# No server is there: nothing can have been sent.
gone=$work/none.sock

run "$MCSH" "$gone" --format=pretty -c '.explain set --type int --time 90s counter 42'
status_is '.explain set: needs no server' 0
now_free
passes '.explain set: each step, field and answer' cmp "$work/free" - <<END
set: store a value, whether the key is there or not. Nothing is sent.
Before the wire, step by step as python-memcached's _set
  1. key       counter: 7 bytes of at most 250; no blank, no control byte
  2. server    $gone, the only one: every key is there
  3. type      int: its decimal digits, and the flags 2 (2 int) of
               python-memcached
  4. compress  no: min_compress_len is off
On the wire, classic
> set      counter  2      90       2       \\r\\n
  command  key      flags  exptime  length  end
    flags    2 int (python-memcached)
    length   2 bytes of data, without the line end
> 42    \\r\\n
  data  end
    data  int
What can come back
  STORED             it was stored
  ERROR              the server does not know the command
  CLIENT_ERROR text  the line or the data is wrong
  SERVER_ERROR text  the server could not do it
  SERVER_ERROR object too large for cache
    the item is larger than the server's limit (stats settings: item_size_max),
    and a set has deleted the old value; start the server with a larger -I, or
    store less
  SERVER_ERROR out of memory storing object
    the server found no space in the slab class of this size, and a set has
    deleted the old value; raise its memory (-m), or look at stats slabs; with
    -M it never evicts
END
has '.explain set: a time is a length and a date' 'exptime  1 min 30 s from now: 20' "$work/out"

run "$MCSH" "$gone" -c '.explain delete foo'
ran '.explain delete: in plain a line for each part' 0 "before\t\t\t\tkey\t\tfoo: 3 bytes of at most 250; no blank, no control byte
before\t\t\t\tserver\t\t$gone, the only one: every key is there
request\t$gone\t0\t6\tcommand\tdelete\t
request\t$gone\t6\t1\tblank\t \t
request\t$gone\t7\t3\tkey\tfoo\t
request\t$gone\t10\t2\tline end\t\\\\r\\\\n\t
answer\t\t\t\tDELETED\t\tthe item is gone
answer\t\t\t\tNOT_FOUND\t\tno item had the key
answer\t\t\t\tERROR\t\tthe server does not know the command
answer\t\t\t\tCLIENT_ERROR text\t\tthe line or the data is wrong
answer\t\t\t\tSERVER_ERROR text\t\tthe server could not do it
"

run "$MCSH" "$gone" --format=json -c '.explain touch foo 0'
status_is '.explain touch in json' 0
passes '.explain touch in json: one object, its fields with offset, length, name, meaning, text' \
	/usr/bin/python3 -I -S - "$work/out" <<'END'
import json, sys
whole = json.load(open(sys.argv[1]))
assert (whole["command"], whole["line"], whole["status"]) == (".explain", "touch foo 0", "ok"), whole
assert [s["name"] for s in whole["before"]] == ["key", "server"], whole
(request,) = whole["requests"]
assert request["bytes"] == 13 and request["dialect"] == "classic", request
assert request["fields"][4] == {
    "offset": 10, "length": 1, "name": "exptime", "text": "0", "meaning": "never expires"}, request
assert [a["reply"] for a in whole["answers"]][:2] == ["TOUCHED", "NOT_FOUND"], whole
END

run "$MCSH" "$gone" --format=csv -c '.explain version'
has '.explain version in csv has a header' 'part,server,offset,length,name,text,meaning' "$work/out"

# Whose bytes they are, and why there.
run "$MCSH" "$gone" --format=pretty --key-prefix app: -c '.explain get a b'
has '.explain: the prefix is part of the key' '> get      app:a  app:b  \r\n' "$work/out"
has '.explain: and named' 'the prefix app:' "$work/out"
run "$MCSH" 127.0.0.1:1 127.0.0.1:2 127.0.0.1:3 --format=pretty -c '.explain get foo'
has '.explain: the server, by hash and bucket' '127.0.0.1:2: hash 3187 (CRC-32, bits 16 to 30), modulo 3' "$work/out"
run "$MCSH" 127.0.0.1:1 127.0.0.1:2 --format=plain -c '.explain get a b c d'
is '.explain: keys of several servers are requests to each' 2 \
	"$(grep -c 'command	get' "$work/out")"
run "$MCSH" 127.0.0.1:1 127.0.0.1:2 --format=pretty -c '.explain flush_all 10'
has '.explain: a command for all of them is shown once' 'to each of them' "$work/out"
is '.explain: a command for all of them, once' 1 "$(grep -c '^> flush_all' "$work/out")"

# What becomes of a value.
long=$(printf '%0100d' 0)
run "$MCSH" "$gone" --format=pretty -c ".explain set --type text --min-compress-len 10 k $long"
has '.explain: flags bit by bit' 'flags    16 text + 8 zlib (python-memcached)' "$work/out"
has '.explain: why it is compressed' 'yes: longer than min_compress_len, 10, and smaller' "$work/out"
has '.explain: what the bytes are' 'data  zlib of 100 bytes: text' "$work/out"
run "$MCSH" "$gone" --format=pretty -c '.explain set --min-compress-len 10 k short'
has '.explain: why it is not compressed' 'no: 5 bytes, and min_compress_len is 10' "$work/out"
run "$MCSH" "$gone" --format=pretty -c '.explain set --type int --min-compress-len 1 k 123'
has '.explain: what is never compressed' 'no: python-memcached never compresses int' "$work/out"
run "$MCSH" "$gone" --format=pretty -c '.explain set --min-compress-len 1 k abc'
has '.explain: what would not get smaller' 'no: zlib would not make it smaller' "$work/out"
run "$MCSH" "$gone" --format=pretty -c '.profile spymemcached' -c '.explain set --type int k 7'
has '.explain: flags of another client' '512 int (spymemcached)' "$work/out"
has ".explain: that client's bytes" "spymemcached's bytes for it" "$work/out"
run "$MCSH" "$gone" --format=pretty -c '.explain append k abc'
has '.explain append: flags are not looked at' 'flags    not looked at: the item keeps its own' "$work/out"
has '.explain append --type: refused, a piece has no type' 'a piece of a value has no type' "$work/out"

# Other dialects, and what is answered by nothing.
run "$MCSH" "$gone" --format=pretty -c '.set protocol meta' -c '.explain decr n 3'
has '.explain: the meta form' '> ma       n    MD    D3    v     \r\n' "$work/out"
has '.explain: each meta flag' 'MD       the mode: subtract the delta, as decr' "$work/out"
has '.explain: the meta answers' '  NF                 no item has the key' "$work/out"
run "$MCSH" "$gone" --format=pretty -c '.set protocol meta' -c '.explain touch k 5'
has '.explain: the meta answers to touch' '  EN                 no item has the key' "$work/out"
run "$MCSH" "$gone" --format=pretty -c '.set protocol meta' -c '.explain get a b'
has '.explain: several keys in meta end with a no-op' '  MN                 nothing more; a key without a value' "$work/out"
run "$MCSH" "$gone" --format=pretty -c '.explain delete --noreply k'
has '.explain: noreply' '  nothing  it was asked for no answer' "$work/out"

run "$MCSH" "$gone" --format=pretty -c '.explain mg "a b" v q'
has '.explain mg: a key in base64' 'key  base64 of "a b"' "$work/out"
has '.explain mg: why it is in base64' 'in base64, for its' "$work/out"
has '.explain mg: silence is an answer to q' '  nothing            the usual answer, which q leaves out' "$work/out"

is '.explain mg: NF, which no server answers, is not among the answers' 0 "$(grep -c '  NF ' "$work/out")"

# What cannot be explained.
run "$MCSH" "$gone" -c '.explain nosuch'
ran '.explain: an unknown command' 2 '' \
	'mcsh: unknown command "nosuch": did you mean touch? see .help, or send a line as it is with .raw\n'
run "$MCSH" "$gone" -c '.explain .dump f'
ran '.explain: a command of several requests' 2 '' \
	'mcsh: .dump is not one request: .help .dump says what it sends, and .trace explain shows it when it does\n'
run "$MCSH" "$gone" -c '.explain .auth joe secret'
status_is '.explain .auth is refused' 2
passes '.explain .auth: the secret is nowhere' test "$(cat "$work/out" "$work/err" | grep -c secret)" = 0
run "$MCSH" "$gone" -c '.explain get "a b"'
status_is '.explain: a key that cannot be sent' 2
has '.explain: why it cannot be sent' 'the key has a blank at byte 2' "$work/err"
run "$MCSH" "$gone" -c '.explain'
status_is '.explain alone' 2
run "$MCSH" "$gone" -c '.explain set k v 99999999999'
status_is '.explain: a time that cannot be sent' 2

# The trace.
start_memcached
run "$MCSH" "$socket" --trace=explain -c 'set foo bar' -c 'get foo' -c 'delete foo'
out_is '.trace explain: results stay results' 'STORED\nbar\nDELETED\n'
err_is '.trace explain: each message with its fields' "> set      foo  0      0        3       \\\\r\\\\n
  command  key  flags  exptime  length  end

    flags    bytes (python-memcached)
    exptime  never expires
    length   3 bytes of data, without the line end

> bar   \\\\r\\\\n
  data  end

< STORED  \\\\r\\\\n
  code    end

    code  it was stored

> get      foo  \\\\r\\\\n
  command  key  end

< VALUE  foo  0      3       \\\\r\\\\n
  code   key  flags  length  end

    code    an item: its data follows, and after that a line end
    flags   bytes (python-memcached)
    length  3 bytes of data, without the line end

< bar   \\\\r\\\\n
  data  end

< END   \\\\r\\\\n
  code  end

    code  nothing more; a key without a value is not there

> delete   foo  \\\\r\\\\n
  command  key  end

< DELETED  \\\\r\\\\n
  code     end

    code  the item is gone

"
run "$MCSH" "$gone" --trace=explain -c 'get foo'
is '.trace explain: what was not sent is not shown' 0 "$(grep -c '^>' "$work/err")"
run "$MCSH" "$socket" --trace=explain -c '.raw mg a v'
has '.trace explain: the fence of .raw is marked' 'mcsh'"'"'s fence' "$work/err"
run "$MCSH" "$socket" --trace=explain -c 'set --noreply a b' -c 'get a'
has '.trace explain: a fence that nobody typed' "mcsh's own: nobody typed it" "$work/err"
run "$MCSH" "$socket" --trace=explain -c 'stats'
lines=$(wc -l <"$work/out")
is '.trace explain: of the lines of one form the first three are drawn, the rest counted' \
	"3 ... $((lines - 3)) more lines like these" \
	"$(grep -c '^< STAT' "$work/err") $(grep 'more lines' "$work/err")"
has '.trace explain: the end of a list is drawn' '< END   \r\n' "$work/err"
run "$MCSH" "$socket" --trace=explain --format=json -c 'stats'
is '.trace explain in json: each line of a list is there' "$lines" "$(grep -c '"text":"STAT"' "$work/err")"
run "$MCSH" "$socket" --trace -c 'stats'
is '.trace on: each line of a list is there' "$lines" "$(grep -c '^< STAT' "$work/err")"
run "$MCSH" "$socket" --trace=explain --format=json -c 'get nothing'
passes '.trace explain in json: an object a message' /usr/bin/python3 -I -S - "$work/err" <<'END'
import json, sys
sent, received = [json.loads(line) for line in open(sys.argv[1])]
assert sent["sent"] is True and received["sent"] is False, (sent, received)
assert "".join(f["text"] for f in sent["fields"]) == "get nothing\r\n", sent
assert "".join(f["text"] for f in received["fields"]) == "END\r\n", received
END

# A login is drawn without its secret.
printf 'joe:swordfish\n' >"$work/users"
start_memcached -Y "$work/users"
MCSH_PASSWORD=swordfish
export MCSH_PASSWORD
run "$MCSH" "$socket" --user joe --trace=explain -c 'get foo'
unset MCSH_PASSWORD
has '.trace explain: a login is named as one' 'the login has the form of a set' "$work/err"
has '.trace explain: its secret is ***' '> ***     \r\n' "$work/err"
passes '.trace explain: the password is nowhere' test "$(grep -c swordfish "$work/err")" = 0

done_testing
