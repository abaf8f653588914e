#!/bin/sh
# Keys and values of all kinds: bytes, lengths, flags, times, files, and what is refused.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached

# Bytes.

printf 'a b\r\nget k\000\377' >"$work/want"
run "$MCSH" "$socket" --format raw -c "set 'k' \"a b\\r\\nget k\\x00\\xff\""
ran 'set of a value that looks like the protocol: STORED' 0 'STORED\n'
run "$MCSH" "$socket" --format raw -c 'get k'
same_bytes 'raw: a value that looks like the protocol comes back byte for byte' "$work/want" "$work/out"
run "$MCSH" "$socket" -c "get k > $work/file"
ran '> FILE: a value that looks like the protocol, status 0' 0
same_bytes '> FILE: a value that looks like the protocol is in the file byte for byte' "$work/want" "$work/file"
run "$MCSH" "$socket" -c "get k | cat >'$work/file'"
same_bytes 'a pipe gets a value that looks like the protocol byte for byte' "$work/want" "$work/file"
run "$MCSH" "$socket" -c 'get k'
ran 'plain: escapes what could drive a terminal' 0 'a b\r\nget k\\0\\xff\n'
run "$MCSH" "$socket" -c 'get k k'
ran 'plain: of several keys each value stays in its line' 0 'k\ta b\\r\\nget k\\0\\xff\nk\ta b\\r\\nget k\\0\\xff\n'

perl -e 'print map chr, 0 .. 255' >"$work/all"
run "$MCSH" "$socket" --format raw -c "set --file $work/all all" -c 'get all'
{ printf 'STORED\n' && cat "$work/all"; } >"$work/want"
same_bytes '--file: every byte comes back by raw' "$work/want" "$work/out"
run "$MCSH" "$socket" --format json -c 'get all'
printf %s "$(json "$work/out" '.values[0].value')" | base64 -d >"$work/got"
same_bytes 'json: every byte comes back by base64' "$work/all" "$work/got"

run "$MCSH" "$socket" -c 'set empty ""' -c 'get empty' -c 'get nothing'
ran 'get of an empty value and of a miss: a line for the value, status 1' 1 'STORED\n\n'
run "$MCSH" "$socket" -c "set --file /dev/null empty" -c 'get empty'
ran '--file of an empty file: an empty value' 0 'STORED\n\n'
run "$MCSH" "$socket" -c "set lit 'a\\nb'" -c 'get lit'
ran 'a value in single quotes is literal' 0 'STORED\na\\nb\n'
run "$MCSH" "$socket" -c 'set touch "a"'"'b'"'\x63' -c 'get touch'
ran 'quoted pieces that touch are one value' 0 'STORED\nabc\n'
run "$MCSH" "$socket" -c 'set dash -5' -c 'get dash' -c "set dash '--file'" -c 'get dash'
ran 'negative numbers and quoted options are values' 0 'STORED\n-5\nSTORED\n--file\n'
run "$MCSH" "$socket" -c 'set caf\xc3\xa9 \xe2\x82\xac' -c 'get café'
ran 'UTF-8 in keys and values' 0 'STORED\n€\n'

printf '\033]0;title\007\033[2J\302\233x\342\200\256' >"$work/evil"
for format in plain pretty; do
	run "$MCSH" "$socket" --format "$format" -c "set --file $work/evil evil" -c 'get evil' \
		-c 'get evil evil' -c '.echo \e[2J'
	status_is "$format: a value with escape sequences has status 0" 0
	passes "$format: escape sequences of a value are not printed as they are" \
		sh -c '! LC_ALL=C grep -q "$(printf "[\001-\010\013-\037\177]")" "$1" &&
			! grep -q "$(printf "\302\233")" "$1" && ! grep -q "$(printf "\342\200\256")" "$1"' \
		sh "$work/out"
done
run "$MCSH" "$socket" -c 'set evil-"\xff" 1' -c 'incr "evil-\xff\xfe"' -c 'get "\e[2J"'
ran "$format: escape sequences of a key are escaped in errors" 2 'STORED\nNOT_FOUND\n' \
	'mcsh: the key has \\e at byte 1: a key holds no blanks and no control bytes\n'

# Keys.

long=$(printf '%0251d' 0)
run "$MCSH" "$socket" -c "set ${long#0} v" -c "get ${long#0}"
ran 'a key of 250 bytes is stored' 0 'STORED\nv\n'
run "$MCSH" "$socket" --trace -c "set $long v"
ran 'a key of 251 bytes is refused, status 2' 2 '' \
	"mcsh: the key has 251 bytes: memcached takes 250 bytes at the most; shorten it or store under its hash\n"
run "$MCSH" "$socket" --trace -c 'get ""'
ran 'an empty key is refused, status 2' 2 '' 'mcsh: the key is empty: a key has 1 to 250 bytes\n'
run "$MCSH" "$socket" -c 'set keep me' -c 'set "k\r\nflush_all" v' -c 'get keep'
status_is 'a key with a line end: status 2' 2
out_is 'a key with a line end: the command after it is not sent' 'STORED\nme\n'

# Large values.

head -c 1048576 /dev/zero | tr '\0' x >"$work/mib"
run "$MCSH" "$socket" -c 'set big old' -c "set --file $work/mib big" -c 'get big'
ran 'a value over the server'"'"'s limit takes the old one with it' 3 'STORED\n' \
	"mcsh: set big: SERVER_ERROR object too large for cache: the item is larger than the server's limit (stats settings: item_size_max), and a set has deleted the old value; start the server with a larger -I, or store less\n"
run "$MCSH" "$socket" -c 'set big old' -c "replace --file $work/mib big" -c 'get big'
status_is 'replace by a value over the server'\''s limit: status 3' 3
out_is 'replace by a value over the server'\''s limit leaves the old one' 'STORED\nold\n'
start_memcached -I 2m
run "$MCSH" "$socket" -c "set --file $work/mib big" -c "get big > $work/file"
ran 'a value of 1 MiB is stored where the server takes it' 0 'STORED\n'
same_bytes 'a value of 1 MiB comes back whole' "$work/mib" "$work/file"
run "$MCSH" "$socket" -c '.set max_value 1k' -c "set --file $work/mib big"
ran '--file of a file over max_value: refused, status 2' 2 '' \
	"mcsh: \"$work/mib\" is larger than 1024 bytes: raise it with .set max_value\n"

# Files.

printf 'from standard input\n' >"$work/in"
run "$MCSH" "$socket" --format raw -c 'set --file - in' -c 'get in' <"$work/in"
ran '--file - reads standard input' 0 'STORED\nfrom standard input\n'
printf 'set --file - in\nget in\n' >"$work/script"
run "$MCSH" "$socket" <"$work/script"
status_is '--file - in a script on standard input: status 2' 2
has '--file - in a script on standard input: the error says so' 'stdin:1: standard input is where the commands come from' "$work/err"
run "$MCSH" "$socket" -c "set --file $work/none in"
ran '--file of a file that does not exist: refused, status 2' 2 '' \
	"mcsh: cannot read \"$work/none\": No such file or directory: check the path and its rights\n"
run "$MCSH" "$socket" -c "set --file $work in"
ran '--file of a directory: refused, status 2' 2 '' \
	"mcsh: cannot read \"$work\": Is a directory: check the path and its rights\n"

# Numbers.

refused() {
	run "$MCSH" "$socket" -c "$1"
	ran "$1: refused, status 2" 2 '' "mcsh: $2\n"
}
flags='write a decimal number from 0 to 4294967295'
delta='write a decimal number from 0 to 18446744073709551615'
forms='write seconds, 90s 15m 12h 45d 2w, or @UNIXTIME'
refused 'set --flags 4294967296 k v' "--flags \"4294967296\" is too large: $flags"
refused 'set --flags -1 k v' "--flags \"-1\" is negative: $flags"
refused 'set --flags 0x10 k v' "--flags \"0x10\" is not a number: $flags"
refused 'incr k 18446744073709551616' \
	"the delta \"18446744073709551616\" is larger than 64 bits hold: $delta"
refused 'incr k -1' 'the delta is negative: use decr to count down'
refused 'decr k -1' 'the delta is negative: use incr to count up'
refused 'set k v 1.5s' "the time \"1.5s\" is not whole seconds, and the server counts in these: $forms"
refused 'set k v 500ms' "the time \"500ms\" is not whole seconds, and the server counts in these: $forms"
refused 'set k v soon' "the time \"soon\" is not a time: $forms"
refused 'set k v 99999999999' "the time \"99999999999\" is out of range for the server's 32 bits: $forms"
refused 'set k v @5' "the time \"@5\" is in January 1970; the server would read it as seconds from now: $forms"
refused 'set k v @99999999999' "the time \"@99999999999\" is later than the server's 32 bits reach (January 2038): $forms"
refused 'set --time 5 k v 5' 'set has two times: give it once, as --time T or after the value'
refused 'delete k 5' 'delete takes no time but 0: memcached deletes at once and has dropped that argument: leave it out'
run "$MCSH" "$socket" --format json -c 'set --flags 4294967295 k v' -c 'get k'
is '--flags 4294967295: come back in JSON' 4294967295 "$(json "$work/out" '?.values' '.values[0].flags')"

# Times. What the server made of one is asked by mg, in seconds left.

left() {
	run "$MCSH" "$socket" -c "$1" -c '.raw mg t t'
	is "$1: mg answers t$2" "$2" "$(sed -n 's/^HD t//p' "$work/out")"
}
left 'set t v' -1
left 'set t v 0' -1
left 'set t v 90s' 90
left 'set t v 15m' 900
left 'set t v 12h' 43200
left 'set t v 30d' 2592000
left 'set --time 2w t v' 1209600
left 'touch t 100' 100
left 'gat 200 t' 200
# Over 30 days it is a date for the server, and still the span that was meant; a second may pass.
run "$MCSH" "$socket" -c 'set t v 45d' -c '.raw mg t t'
passes 'set t v 45d: mg answers 45 days, within a second or so' sh -c '[ "$1" -ge 3887990 ] && [ "$1" -le 3888001 ]' sh \
	"$(sed -n 's/^HD t//p' "$work/out")"
run "$MCSH" "$socket" -c "set t v @$(($(date +%s) + 1000))" -c '.raw mg t t'
passes 'set t v @UNIXTIME: mg answers the seconds until then' sh -c '[ "$1" -ge 990 ] && [ "$1" -le 1001 ]' sh \
	"$(sed -n 's/^HD t//p' "$work/out")"
run "$MCSH" "$socket" -c 'set t v 2592001' -c 'get t'
ran 'a bare number over 30 days is warned of' 1 'STORED\n' \
	'mcsh: warning: the server reads 2592001 as a date, being over 30 days: for a span write a unit, as in 45d; for a date write @UNIXTIME\n'
run "$MCSH" "$socket" -c 'set t v -1' -c 'get t'
ran 'a negative time: the item is expired at once' 1 'STORED\n'

# Compression as python-memcached does it.
head -c 1000 "$work/mib" >"$work/kb"
run "$MCSH" "$socket" --format json -c "set --min-compress-len 999 --file $work/kb z" -c 'get z'
is 'a value over --min-compress-len is stored as zlib' '8 1' \
	"$(json "$work/out" '?.values' '.values[0].flags') $(grep -cE '"bytes":[1-9][0-9]?,' "$work/out")"
run "$MCSH" "$socket" --format json -c "set --min-compress-len 1000 --file $work/kb z" -c 'get z'
is 'a value as long as --min-compress-len is stored as it is' '0 1000' \
	"$(json "$work/out" '?.values' '.values[0].flags' '.values[0].bytes')"

run "$MCSH" "$socket" -c 'set j {"a":"b c"}' -c 'get j' -c "set j '{\"a\":1}'" -c 'get j' -c 'set j x"y"'
ran 'JSON typed bare: loses its quotes, and a warning says so' 0 'STORED\n{a:b c}\nSTORED\n{"a":1}\nSTORED\n' \
	"mcsh: warning: the value is {a:b c}: quotes are mcsh's own; to keep them write the whole in '...'\n"

# JSON is read by one reader, and is JSON up to 128 brackets inside brackets wherever it is looked at.
# nested DEPTH: so many arrays around a 7.
nested() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++) { left = left "["; right = right "]" }
		printf "%s7%s", left, right
	}'
}
for depth in 63 64 65 70 127 128; do
	json=$(nested $depth)
	printf '{"key":"deep","flags":2,"value":"%s"}\n' "$json" >"$work/deep.jsonl"
	run "$MCSH" "$socket" --format json -c '.set profile node-memcached' -c ".load $work/deep.jsonl" \
		-c 'get deep'
	is "JSON $depth deep is JSON to .load and get" "json null $json" \
		"$(json "$work/out" '?.values' '.values[0].type' '.values[0].problem' '.values[0].decoded')"
	run "$MCSH" "$socket" -c 'get deep' -c ".expect json . '$json'"
	ran "JSON $depth deep is JSON to .expect" 0 "$json\n"
	run "$MCSH" "$socket" --format pretty -c 'get deep'
	is "JSON $depth deep is laid out, not quoted" '[' "$(line 2)"
done
json=$(nested 129)
run "$MCSH" "$socket" --format json -c '.set profile node-memcached' -c "set --flags 2 deep '$json'" -c 'get deep'
is 'JSON 129 deep is text to get' 'text the flags say JSON, and the bytes are no JSON document' \
	"$(json "$work/out" '?.values' '.values[0].type' '.values[0].problem')"
run "$MCSH" "$socket" -c 'get deep' -c ".expect json . '$json'"
status_is 'JSON 129 deep is not JSON to .expect, status 5' 5
has 'JSON 129 deep is not JSON to .expect, and the error says so' 'expected JSON, and the output is none' "$work/err"
run "$MCSH" "$socket" --format pretty -c 'get deep'
has 'JSON 129 deep is shown as text' "\"$json\"" "$work/out"

done_testing
