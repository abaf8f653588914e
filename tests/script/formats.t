#!/bin/sh
# Each command in each format, byte for byte; what changes from run to run (times, cas numbers) is
# replaced first.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached
version=$(memcached -V | sed -n 's/^memcached //p')

# formatted FORMAT NAME STATUS WANT COMMAND...: one run; WANT is for printf %b. JSON loses its times
# and its server.
formatted() {
	format=$1 name=$2 want_status=$3 want=$4
	shift 4
	for line; do
		set -- "$@" -c "$line"
		shift
	done
	run "$MCSH" "$socket" --format "$format" "$@"
	if [ "$format" = json ]; then
		sed -e 's/,"time_us":{"connect":[0-9]*,"send":[0-9]*,"wait":[0-9]*,"receive":[0-9]*,"total":[0-9]*}}$/}/' \
			-e "s|,\"server\":\"$socket\"||" "$work/out" >"$work/out.1"
		mv "$work/out.1" "$work/out"
	fi
	ran "$format: $name: its answer and status" "$want_status" "$want"
}

# fresh: what the rows below find on the server.
fresh() {
	run "$MCSH" "$socket" -c flush_all -c 'set foo bar' -c 'set --flags 7 bin "\x00\xff"' \
		-c 'set text "a \"b\"\n\tc,d"' -c 'set empty ""' -c 'set n 41'
	status_is "$1: fresh values are stored" 0
}

words='set x 1|add x 2|replace y 3|append x 4|prepend x 5|touch x 0|touch y 0|delete x|delete x|incr n|decr n|incr y|cas foo v 1|cas y v 1|set --noreply x 1|verbosity 0|version|stats reset|flush_all'

# split FORMAT STATUS WANT: the words above in one run.
split() {
	split_format=$1 split_status=$2 split_want=$3
	fresh "$split_format"
	set --
	rest=$words
	while [ -n "$rest" ]; do
		set -- "$@" "${rest%%|*}"
		case $rest in
		*\|*) rest=${rest#*|} ;;
		*) rest= ;;
		esac
	done
	formatted "$split_format" 'words' "$split_status" "$split_want" "$@"
}

lines="STORED\nNOT_STORED\nNOT_STORED\nSTORED\nSTORED\nTOUCHED\nNOT_FOUND\nDELETED\nNOT_FOUND\n42\n41\nNOT_FOUND\nEXISTS\nNOT_FOUND\nOK\n$version\nRESET\nOK\n"
split plain 1 "$lines"
split raw 1 "$lines"
split csv 1 "$lines"
split wire 1 "STORED\r\nNOT_STORED\r\nNOT_STORED\r\nSTORED\r\nSTORED\r\nTOUCHED\r\nNOT_FOUND\r\nDELETED\r\nNOT_FOUND\r\n42\r\n41\r\nNOT_FOUND\r\nEXISTS\r\nNOT_FOUND\r\nOK\r\nVERSION $version\r\nRESET\r\nOK\r\n"
split pretty 1 "STORED
NOT_STORED  (the key exists already)
NOT_STORED  (no such key)
STORED
STORED
TOUCHED
NOT_FOUND  (no such key)
DELETED
NOT_FOUND  (no such key)
42
41
NOT_FOUND  (no such key)
EXISTS  (changed since its cas was read)
NOT_FOUND  (no such key)
sent, no reply asked for
OK
memcached $version
RESET
OK
"
split json 1 "{\"command\":\"set\",\"key\":\"x\",\"status\":\"ok\",\"reply\":\"STORED\"}
{\"command\":\"add\",\"key\":\"x\",\"status\":\"negative\",\"reply\":\"NOT_STORED\"}
{\"command\":\"replace\",\"key\":\"y\",\"status\":\"negative\",\"reply\":\"NOT_STORED\"}
{\"command\":\"append\",\"key\":\"x\",\"status\":\"ok\",\"reply\":\"STORED\"}
{\"command\":\"prepend\",\"key\":\"x\",\"status\":\"ok\",\"reply\":\"STORED\"}
{\"command\":\"touch\",\"key\":\"x\",\"status\":\"ok\",\"reply\":\"TOUCHED\"}
{\"command\":\"touch\",\"key\":\"y\",\"status\":\"negative\",\"reply\":\"NOT_FOUND\"}
{\"command\":\"delete\",\"key\":\"x\",\"status\":\"ok\",\"reply\":\"DELETED\"}
{\"command\":\"delete\",\"key\":\"x\",\"status\":\"negative\",\"reply\":\"NOT_FOUND\"}
{\"command\":\"incr\",\"key\":\"n\",\"status\":\"ok\",\"number\":42}
{\"command\":\"decr\",\"key\":\"n\",\"status\":\"ok\",\"number\":41}
{\"command\":\"incr\",\"key\":\"y\",\"status\":\"negative\",\"reply\":\"NOT_FOUND\"}
{\"command\":\"cas\",\"key\":\"foo\",\"status\":\"negative\",\"reply\":\"EXISTS\"}
{\"command\":\"cas\",\"key\":\"y\",\"status\":\"negative\",\"reply\":\"NOT_FOUND\"}
{\"command\":\"set\",\"key\":\"x\",\"status\":\"ok\",\"noreply\":true}
{\"command\":\"verbosity\",\"status\":\"ok\",\"reply\":\"OK\"}
{\"command\":\"version\",\"status\":\"ok\",\"version\":\"$version\"}
{\"command\":\"stats\",\"status\":\"ok\",\"reply\":\"RESET\"}
{\"command\":\"flush_all\",\"status\":\"ok\",\"reply\":\"OK\"}
"

# Values.

fresh values
formatted plain 'a value' 0 'bar\n' 'get foo'
formatted plain 'bytes' 0 '\\0\\xff\n' 'get bin'
formatted plain 'text' 0 'a "b"\n\tc,d\n' 'get text'
formatted plain 'an empty value' 0 '\n' 'get empty'
formatted plain 'a miss' 1 '' 'get nope'
formatted plain 'several' 1 'foo\tbar\ntext\ta "b"\\n\\tc,d\nempty\t\n' 'get foo nope text empty'
formatted raw 'values' 1 'bar\0\0377a "b"\n\tc,d' 'get foo' 'get bin text nope'
formatted wire 'values' 1 \
	'VALUE bin 7 2\r\n\0\0377\r\nEND\r\nVALUE foo 0 3\r\nbar\r\nVALUE empty 0 0\r\n\r\nEND\r\nEND\r\n' \
	'get bin' 'gat 0 foo empty' 'get nope'
formatted csv 'values' 1 \
	'key,flags,bytes,value,encoding\nfoo,0,3,bar,\nbin,7,2,AP8=,base64\ntext,0,10,"a ""b""\n\tc,d",\nempty,0,0,,\n' \
	'get foo' 'get bin text nope empty'
formatted json 'a value' 0 \
	'{"command":"get","key":"foo","status":"ok","values":[{"key":"foo","flags":0,"bytes":3,"value":"bar"}],"missing":[]}\n' \
	'get foo'
formatted json 'several' 1 \
	'{"command":".set","setting":"profile","value":"none","status":"ok"}\n{"command":"get","keys":["bin","nope","text"],"status":"negative","values":[{"key":"bin","flags":7,"bytes":2,"value":"AP8=","encoding":"base64"},{"key":"text","flags":0,"bytes":10,"value":"a \\"b\\"\\n\\tc,d"}],"missing":["nope"]}\n' \
	'.set profile none' 'get bin nope text'
formatted json 'a miss' 1 \
	'{"command":"gat","key":"nope","status":"negative","values":[],"missing":["nope"]}\n' \
	'gat 0 nope'
formatted json 'a key that is no text' 1 \
	'{"command":"get","key":"/w==","key_encoding":"base64","status":"negative","values":[],"missing":[{"base64":"/w=="}]}\n' \
	'get "\xff"'
formatted pretty 'a value' 0 '"bar"  (3 bytes)\n' 'get foo'
run "$MCSH" "$socket" --format pretty -c 'get nope'
status_is 'pretty: a miss has status 1' 1
passes 'pretty: a miss is named' test -s "$work/out"

# The cas number is the server's to choose.
run "$MCSH" "$socket" -c 'gets foo'
cas=$(cut -f2 "$work/out")
ran 'plain: gets prints key, cas and value' 0 "foo\t$cas\tbar\n"
formatted csv 'gets' 0 "key,flags,bytes,cas,value,encoding\nfoo,0,3,$cas,bar,\n" 'gets foo'
formatted wire 'gets' 0 "VALUE foo 0 3 $cas\r\nbar\r\nEND\r\n" 'gets foo'
formatted raw 'gets' 0 'bar' 'gets foo'
formatted json 'gets' 0 \
	"{\"command\":\"gets\",\"key\":\"foo\",\"status\":\"ok\",\"values\":[{\"key\":\"foo\",\"flags\":0,\"bytes\":3,\"cas\":$cas,\"value\":\"bar\"}],\"missing\":[]}\n" \
	'gets foo'

# Stats.

formatted plain 'stats' 0 'sizes_status\tdisabled\n' 'stats sizes'
formatted csv 'stats' 0 'name,value\nsizes_status,disabled\n' 'stats sizes'
fake <<'END'
accept
want stats detail dump\r\n
send PREFIX a get 2 hit 1 set 1 del 0\r\nPREFIX =b,c get 0 hit 0 set 1 del 0\r\nEND\r\n
want stats cachedump 1 10\r\n
send ITEM a:b [1 b; 0 s]\r\nEND\r\n
END
run "$MCSH" "$fake" --format=csv -c '.set csv_guard on' -c 'stats detail dump' -c 'stats cachedump 1 10'
ran 'csv: prefixes and items are rows of the table, after its header' 0 \
	"name,value\na,get 2 hit 1 set 1 del 0\n\"'=b,c\",get 0 hit 0 set 1 del 0\na:b,[1 b; 0 s]\n" ''

# Of classes and connections csv has a row each. What it says is what plain says, once more with a
# second server.
start_memcached
second=$socket
socket=$work/memcached.1
"$MCSH" "$socket" -c "set long $(printf '%0500d' 0)" -c 'set short 1' >/dev/null
"$MCSH" "$second" -c 'set short 1' >/dev/null
for words in items slabs conns; do
	for servers in "$socket" "$socket $second"; do
		# Connections differ from run to run, and the server moves items while it is asked.
		"$MCSH" $servers --format=plain -c "stats $words" >"$work/plain"
		run "$MCSH" $servers --format=csv -c "stats $words"
		passes "csv: stats $words of $(echo $servers | wc -w) has a row each, and all of plain" \
			/usr/bin/python3 -I -S - "$work/plain" "$work/out" $words $servers <<'END'
import csv, re, sys
plain, table, words, *servers = sys.argv[1:]
want, got = {}, {}
for line in open(plain):
    *server, name, value = line.rstrip("\n").split("\t")
    number, field = re.fullmatch(r"(?:items:)?(?:(\d+):)?(.*)", name).groups("")
    want[*server, number, field] = value
rows = list(csv.reader(open(table)))
keys = (["server"] if len(servers) > 1 else []) + ["fd" if words == "conns" else "class"]
assert rows[0][: len(keys)] == keys, rows[0]
for row in rows[1:]:
    assert len(row) == len(rows[0]), row
    assert tuple(row[: len(keys)]) not in {key[: len(keys)] for key in got}, row
    for field, value in zip(rows[0][len(keys) :], row[len(keys) :]):
        if value:
            got[*row[: len(keys)], field] = value
assert len(rows) >= (3 if words != "items" else 2)
steady = ("number", "mem_requested", "chunk_size", "total_pages", "active_slabs")
if words == "conns":
    want, got = ({key[-1] for key in side} for side in (want, got))
assert set(want) == set(got), (want, got)
assert all(want[key] == got[key] for key in want if key[-1] in steady), (want, got)
END
	done
done
fake <<'END'
accept
want stats conns\r\n
send STAT 7:a x,y\r\nSTAT 7:b "\r\nSTAT 8:b =1\r\nSTAT 8:c \r\nSTAT total 2\r\nEND\r\n
want stats conns\r\n
send STAT 9:a 1\r\nSTAT 9:b 2\r\nSTAT 9:c 3\r\nSTAT total 1\r\nEND\r\n
want stats slabs\r\n
send END\r\n
want stats items\r\n
send STAT items:1:number 5\r\nSERVER_ERROR no more\r\n
gone
END
run "$MCSH" "$fake" --format=csv -c 'stats conns' -c 'stats conns' -c 'stats slabs' -c 'stats items'
ran 'csv: a row has all columns, and what is answered alike is one table' 3 'fd,a,b,c,total
7,"x,y","""",,
8,,=1,,
,,,,2
9,1,2,3,
,,,,1
class
class,number
1,5
' "$(printf %s "mcsh: stats: SERVER_ERROR no more: $(sed -n 's/.*no more: //p' "$work/err")\n")"
fake_followed 'csv: stats with rows asks once'

formatted wire 'stats' 0 'STAT sizes_status disabled\r\nEND\r\n' 'stats sizes'
formatted json 'stats' 0 \
	'{"command":"stats","status":"ok","stats":{"sizes_status":"disabled"}}\n' 'stats sizes'
formatted json 'no stats' 0 '{"command":"stats","status":"ok","stats":{}}\n' 'stats extstore'
run "$MCSH" "$socket" --format json -c stats
is 'json: numeric stats are numbers, others strings' 3 \
	"$(grep -oE '"(pid|curr_items)":[0-9]+,|"version":"[^"]+",' "$work/out" | wc -l)"
run "$MCSH" "$socket" --format pretty -c stats
status_is 'pretty: stats has status 0' 0
has 'pretty: stats show the version' "$version" "$work/out"

# Errors are objects too.

run "$MCSH" "$socket" --format json -c 'incr foo' -c 'get' -c 'frob "\xff"' -c 'set k "a' -c 'get ""' \
	-c '.set nothing 1' -c 'set --file /none k'
status_is 'json: of a script with errors the highest status, 3' 3
is 'json: each failed command is an object with its status' 'incr server
get usage
frob usage
set usage
get usage
.set usage
set usage' "$(json "$work/out" .command .status)"
is 'json: each error has a text' 'true' \
	"$(jq -s 'all(.[]; (.error | length) > 0 and (.hint == null or (.hint | type) == "string"))' "$work/out")"
passes 'json: each error is a line in UTF-8' /usr/bin/python3 -I -S -c '
import json, sys
for line in open(sys.argv[1], "rb"):
    json.loads(line.decode("utf-8"))' "$work/out"
run "$MCSH" "$work/none" --format json -c 'get foo'
status_is 'json: no server has status 4' 4
is 'json: no server is an object with status lost' 'lost get foo cannot connect' \
	"$(json "$work/out" .status .command .key .error | cut -c 1-27)"

# The shell's own commands.

formatted json '.echo' 0 '{"command":".echo","text":"a b","status":"ok"}\n{"command":".echo","text":"/w==","encoding":"base64","status":"ok"}\n' \
	'.echo a b' '.echo "\xff"'
formatted plain '.echo' 0 'a b\n\n\\e[0m\n' '.echo a b' .echo '.echo "\e[0m"'
formatted csv '.format' 0 'csv\n' .format
for format in json csv plain pretty; do
	run "$MCSH" "$socket" --format "$format" -c '.repeat 5 get foo' -c '.help' -c '.set' -c '.servers'
	status_is "$format: .repeat, .help, .set and .servers have status 0" 0
	passes "$format: .repeat, .help, .set and .servers print something" test -s "$work/out"
done
run "$MCSH" "$socket" --format json -c '.repeat 5 get foo' -c .help -c '.help get' -c .set -c .servers
passes 'json: .repeat, .help, .set and .servers print JSON alone' json "$work/out" .
run "$MCSH" "$socket" --format csv -c .help
passes 'csv: .help has as many cells in each row as in its header' /usr/bin/python3 -I -S -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="")))
assert len(rows) > 20 and {len(row) for row in rows} == {8}, rows' "$work/out"

# csv is one table as long as answers are of one kind, wherever it goes.

printf 'get foo\nget n\nget nope\nstats sizes\nstats sizes\nget foo\n' >"$work/lines"
run "$MCSH" "$socket" --format=csv <"$work/lines"
ran 'csv: each table has a header' 1 'key,flags,bytes,value,encoding\nfoo,0,3,bar,\nn,0,2,41,\nname,value\nsizes_status,disabled\nsizes_status,disabled\nkey,flags,bytes,value,encoding\nfoo,0,3,bar,\n'
rm -f "$work/t"
run "$MCSH" "$socket" --format=csv -c "get foo >> $work/t" -c "get n >> $work/t" -c 'get foo' \
	-c "get n > $work/u" -c 'get n' -c 'get foo | cat'
ran 'csv: a program after a pipe gets a header' 0 \
	'key,flags,bytes,value,encoding\nfoo,0,3,bar,\nn,0,2,41,\nkey,flags,bytes,value,encoding\nfoo,0,3,bar,\n'
is 'csv: a file that is appended to has one header' 'key,flags,bytes,value,encoding
foo,0,3,bar,
n,0,2,41,' "$(cat "$work/t")"
is 'csv: a new file gets a header' 'key,flags,bytes,value,encoding
n,0,2,41,' "$(cat "$work/u")"
run "$MCSH" "$socket" --format=csv -c '.set confirm' -c '.set pager' -c '.repeat 1 get foo' -c '.repeat 2 get foo'
is 'csv: .set and .repeat have their rows' 4 "$(grep -c '^confirm\|^pager\|^\.repeat' "$work/out")"
is 'csv: .set and .repeat have a header each' 2 "$(grep -c '^setting,\|^command,' "$work/out")"

# What a spreadsheet would compute.
run "$MCSH" "$socket" -c "set f \"=cmd|'/c calc'!A0\"" -c 'set g "@x,\"y\""' -c 'set -- n -41.5' -c 'set =k v'
run "$MCSH" "$socket" --format=csv -c 'get f g n =k' -c '.set csv_guard on' -c 'get f g n =k'
ran 'csv: formulas stay as they are, and are marked with csv_guard' 0 "key,flags,bytes,value,encoding
f,0,17,=cmd|'/c calc'!A0,
g,0,6,\"@x,\"\"y\"\"\",
n,0,5,-41.5,
=k,0,1,v,
f,0,17,\"'=cmd|'/c calc'!A0\",
g,0,6,\"'@x,\"\"y\"\"\",
n,0,5,-41.5,
\"'=k\",0,1,v,
"

done_testing
