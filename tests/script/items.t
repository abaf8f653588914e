#!/bin/sh
# Files of items that are damaged, cut short or something else; places that cannot be written; and
# what is said of each.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached

mcsh() {
	"$MCSH" "$socket" "$@"
}

json='each line is one JSON object with a key and a value'
reported='items\t%s\nbytes\t%s\nexpired\t0\nexisting\t0\nrefused\t0\nbad\t%s\nunknown\t0\n'

# loads FILE ITEMS BYTES BAD: what .load prints.
loads() {
	run "$MCSH" "$socket" -c ".load $1"
	sed -i '/^seconds/d' "$work/out"
	shift
	# shellcheck disable=SC2059
	wanted=$(printf "$reported" "$@")
}

# --- damaged records ---

printf '{"key":"a","value":"1"}\n{"key":"b","value":"2"\n{"key":"c","value":"3"}\n\n{"key":"","value":"4"}\n{"key":"d","value":"5"}\n' >"$work/bad.jsonl"
loads "$work/bad.jsonl" 3 6 2
ran '.load: bad lines are reported, the others are stored, status 2' 2 "$wanted\n" "mcsh: $work/bad.jsonl:2: invalid JSON object: it ends too early, at byte 23: $json
mcsh: $work/bad.jsonl:5: its key is empty: memcached's keys have 1 to 250 bytes\n"
perl -e 'print "{\"key\":\"k$_\"}\n" for 1 .. 15' >"$work/many.jsonl"
run "$MCSH" "$socket" -c ".load $work/many.jsonl"
status_is '.load of fifteen bad lines: status 2' 2
is '.load of fifteen bad lines: ten are reported' 10 "$(grep -c "many.jsonl:[0-9]*: it has no value: $json" "$work/err")"
has '.load of fifteen bad lines: the other five are counted' 'mcsh: 5 more errors of this kind were not reported' "$work/err"
has '.load of fifteen bad lines: the report counts all' 'bad	15' "$work/out"
perl -e 'print "k" x 251, "\tx\ngood\tx\n"' >"$work/long.tsv"
loads "$work/long.tsv" 1 5 1
ran '.load of a key of 251 bytes: reported with its line, the others are stored' 2 "$wanted\n" "mcsh: $work/long.tsv:1: its key has 251 bytes: memcached's keys have 1 to 250 bytes\n"
printf 'key,value\n"a\nb",1\nc,"2\n3"\nd\n' >"$work/lines.csv"
loads "$work/lines.csv" 2 8 1
ran '.load of CSV: lines within a field count for line numbers' 2 "$wanted\n" "mcsh: $work/lines.csv:6: it has 1 field, the header has 2: is the file cut short?\n"

# --- as spreadsheets write them ---

printf '\357\273\277key,value\r\na,1\r\n' >"$work/mark.csv"
loads "$work/mark.csv" 1 2 0
ran '.load of CSV with a byte order mark and CR LF: the item is stored' 0 "$wanted\n"
printf '\357\273\277b\t2\r\nc\t3\\r\r\n' >"$work/mark.tsv"
loads "$work/mark.tsv" 2 5 0
ran '.load of TSV with a byte order mark and CR LF: the items are stored' 0 "$wanted\n"
run "$MCSH" "$socket" --format=json -c "get a b c | '$tap_tool' json - .values"
ran '.load of CSV and TSV: neither byte order mark nor CR LF is in the items' 0 '[{"key":"a","flags":0,"bytes":1,"value":"1"},{"key":"b","flags":0,"bytes":1,"value":"2"},{"key":"c","flags":0,"bytes":2,"value":"3\\r"}]\n{"command":"get","status":"ok"}\n'
printf 'id;name\n1;Tea\n2;Milk\n' >"$work/other.csv"
loads "$work/other.csv" 0 0 1
ran '.load of CSV with an unknown column: reported once' 2 "$wanted\n" "mcsh: $work/other.csv:1: unknown column \"id;name\": the first line names the columns, with commas between: key, flags, exptime, cas, value, encoding, key_encoding\n"

# --- cut short ---

printf '{"key":"a","value":"1"}\n{"key":"b","val' >"$work/cut.jsonl"
loads "$work/cut.jsonl" 1 2 1
ran '.load of JSON Lines cut within a string: reported with its line' 2 "$wanted\n" "mcsh: $work/cut.jsonl:2: invalid JSON object: a string does not end, at byte 16: $json\n"
printf '{"key":"a","value":"1"}\n{"key":"b","value":"2"}' >"$work/whole.jsonl"
loads "$work/whole.jsonl" 2 4 0
ran '.load of JSON Lines without the last line feed: all is stored' 0 "$wanted\n"
printf 'a\t1\nb\t2' >"$work/cut.tsv"
loads "$work/cut.tsv" 1 2 0
ran '.load of TSV cut within a line: the last line is not stored, status 4' 4 "$wanted\n" "mcsh: $work/cut.tsv:2: the last line does not end, the file may be cut short: if the file is whole, add a line feed; what came before was loaded\n"
perl -e 'printf "%04d\t%s\n", $_, join "", map chr(97 + rand 26), 1 .. 50 for 1 .. 5000' >"$work/all.tsv"
gzip -c "$work/all.tsv" >"$work/all.tsv.gz"
head -c 100000 "$work/all.tsv.gz" >"$work/cut.tsv.gz"
run "$MCSH" "$socket" -c flush_all -c ".load $work/cut.tsv.gz"
status_is '.load of a .gz that is cut short: status 4' 4
has '.load of a .gz that is cut short: reported' ': the gzip file is cut short: what came before was loaded' "$work/err"
line=$(sed -n 's/.*cut.tsv.gz:\([0-9]*\): .*/\1/p' "$work/err")
has '.load of a .gz that is cut short: the line reported is the one after the items stored' "items	$((line - 1))" "$work/out"
run "$MCSH" "$socket" -c '.dump --as tsv'
sort "$work/out" >"$work/got"
head -n $((line - 1)) "$work/all.tsv" >"$work/want"
same_bytes '.load of a .gz that is cut short: the items before are stored' "$work/want" "$work/got"
perl -e 'undef $/; $_ = <>; substr($_, 50000, 8) = "damaged!"; print' "$work/all.tsv.gz" >"$work/bad.tsv.gz"
run "$MCSH" "$socket" -c ".load $work/bad.tsv.gz"
status_is '.load of a damaged .gz: status 4' 4
has '.load of a damaged .gz: reported' ': the gzip file is damaged: what came before was loaded' "$work/err"

# --- something else ---

printf 'hello\n' >"$work/what"
run "$MCSH" "$socket" -c ".load $work/what"
ran '.load of another kind of file: refused' 2 '' "mcsh: cannot determine the format of \"$work/what\": name it with --as jsonl, csv, tsv or protocol\n"
printf 'PK\003\004\tkey,\000\n' >"$work/book"
run "$MCSH" "$socket" -c ".load $work/book"
ran '.load of a workbook: refused' 2 '' "mcsh: cannot determine the format of \"$work/book\": name it with --as jsonl, csv, tsv or protocol\n"
printf '' >"$work/none"
run "$MCSH" "$socket" -c ".load $work/none"
ran '.load of an empty file: refused' 2 '' "mcsh: \"$work/none\" is empty: is it the right file?\n"
printf 'set foo bar\n' >"$work/commands"
run "$MCSH" "$socket" -c ".load $work/commands"
ran '.load of a script of commands: refused, .source is named' 2 '' "mcsh: \"$work/commands\" is a script of commands: run it with .source\n"
run "$MCSH" "$socket" -c ".load --as mcsh $work/commands"
ran '.load --as mcsh: refused, .source is named' 2 '' 'mcsh: unknown format for .load: "mcsh": write jsonl, csv, tsv or protocol; a script is run with .source\n'
run "$MCSH" "$socket" -c '.load /nonexistent'
ran '.load of a file that does not exist: refused' 2 '' 'mcsh: cannot read "/nonexistent": No such file or directory: check the path and its rights\n'
run "$MCSH" "$socket" -c ".load $work"
ran '.load of a directory: refused' 2 '' "mcsh: cannot read \"$work\": Is a directory: check the path and its rights\n"
printf '.load -\n' | run "$MCSH" "$socket"
ran '.load - in a script on standard input: refused' 2 '' 'mcsh: stdin:1: standard input is where the commands come from: name a file, or give the command by -c\n'
run "$MCSH" "$socket" -c ".load --add --replace $work/all.tsv"
ran '.load --add --replace: refused' 2 '' 'mcsh: --add and --replace exclude each other: leave one of them out\n'
run "$MCSH" "$socket" -c ".dump --as xml"
ran '.dump --as xml: refused with the formats' 2 '' 'mcsh: unknown format of items: "xml": write jsonl, csv, tsv, mcsh or protocol\n'
perl -e 'print "a\t", "x" x 4000, "\n"' >"$work/wide.tsv"
run "$MCSH" "$socket" -c '.set max_value 64' -c ".load --as jsonl $work/wide.tsv"
status_is '.load --as jsonl of a TSV file, its line over max_value: status 2' 2

# --- places that cannot be written ---

run "$MCSH" "$socket" -c '.dump /nonexistent/dump'
ran '.dump into a directory that does not exist: refused' 2 '' 'mcsh: cannot write "/nonexistent/dump": No such file or directory: nothing was dumped; check the path and its rights\n'
run "$MCSH" "$socket" -c '.dump /dev/full'
status_is '.dump to a full disk: status 4' 4
has '.dump to a full disk: reported with the file' 'mcsh: cannot write "/dev/full" after ' "$work/err"
has '.dump to a full disk: reported with the reason' ': No space left on device: free some room, or name another file' "$work/err"
run "$MCSH" --sandbox -c 'set a 1' -c '.dump /dev/full'
has '.dump of one item to a full disk: counted in the singular' 'mcsh: cannot write "/dev/full" after 1 item: ' "$work/err"
run sh -c "'$MCSH' '$socket' -c .dump >/dev/full"
status_is '.dump to a full standard output: status 4' 4
has '.dump to a full standard output: reported' 'No space left on device' "$work/err"
run "$MCSH" "$socket" -c '.dump | head -1'
ran '.dump to a reader that ends early: status 0' 0 '{"mcsh_items":1}\n'
printf 'old\n' >"$work/kept"
run "$MCSH" /nonexistent/socket -c ".dump $work/kept"
status_is '.dump without a server: status 4' 4
printf 'old\n' >"$work/want"
same_bytes '.dump without a server: the file that existed stays' "$work/want" "$work/kept"
run "$MCSH" "$socket" -c ".dump $work/kept"
passes '.dump to a file that exists: replaces it' grep -q mcsh_items "$work/kept"
is '.dump to a file that exists: no other file is left' "$work/kept" "$(echo "$work"/kept*)"
chmod 600 "$work/kept"
ln -s kept "$work/link"
(
	umask 022
	"$MCSH" "$socket" -c ".dump --as csv $work/link" >/dev/null
)
is '.dump to a symbolic link: it stays a link' kept "$(readlink "$work/link")"
has '.dump to a symbolic link: the target is replaced' 'key,flags,' "$work/kept"
is '.dump to a symbolic link: the target keeps its permissions' 600 "$(stat -c %a "$work/kept")"

# What others may have put at the names that a dump takes.
printf 'precious\n' >"$work/victim"
for plant in 'ln -s' ln mkfifo; do
	rm -f "$work/plant.part"
	case $plant in
	mkfifo) mkfifo "$work/plant.part" ;;
	*) $plant "$work/victim" "$work/plant.part" ;;
	esac
	run "$MCSH" "$socket" -c ".dump $work/plant | head -1"
	status_is "$plant plant.part: .dump plant ends with status 0" 0
	run "$MCSH" "$socket" /nonexistent/socket -c ".dump $work/plant"
	status_is "$plant plant.part: a .dump that fails has status 4" 4
	has "$plant plant.part: a .dump that fails names its partial file" "is in \"$work/plant.part\"" "$work/err"
	passes "$plant plant.part: the partial file of a .dump is a file of its own" sh -c "test -f '$work/plant.part' && test ! -L '$work/plant.part'"
	is "$plant plant.part: .dump leaves the planted target as it was" precious "$(cat "$work/victim")"
done
if [ "$(id -u)" = 0 ]; then
	ln -s victim "$work/foreign"
	chown -h 65534 "$work/foreign"
	run "$MCSH" "$socket" -c ".dump $work/foreign"
	ran '.dump: a link of another user is not followed' 2 '' "mcsh: cannot write \"$work/foreign\": Operation not permitted: nothing was dumped; check the path and its rights\n"
	run "$MCSH" "$socket" --trace --trace-file "$work/foreign" -c 'set a 1'
	has '--trace-file: a link of another user is not followed' "mcsh: cannot write the trace file \"$work/foreign\": Operation not permitted: the trace goes to standard error" "$work/err"
	run "$MCSH" "$socket" -c ".record $work/foreign"
	has '.record: a link of another user is not followed' "cannot write \"$work/foreign\": Operation not permitted" "$work/err"
	is '.dump, --trace-file, .record: the target of another user'\''s link stays as it is' precious "$(cat "$work/victim")"
fi

# Two dumps to one file.
fake <<END
accept
want stats\\r\\n
send END\\r\\n
want lru_crawler metadump hash\\r\\n
send key=slow exp=-1 la=1\\n
tell $work/begun
await $work/go
send END\\r\\n
accept
want get slow\\r\\n
send VALUE slow 0 1\\r\\nx\\r\\nEND\\r\\n
gone
END
"$MCSH" "$fake" -c ".dump $work/both.tsv" >"$work/first" &
first=$!
perl -e 'for (1 .. 500) { exit 0 if -e $ARGV[0]; select undef, undef, undef, 0.02 } exit 1' "$work/begun"
run "$MCSH" "$socket" -c flush_all -c 'set quick y' -c ".dump $work/both.tsv | head -1"
ran '.dump while another one to the same file is under way: status 0' 0 'OK\nSTORED\nitems\t1\n'
printf 'quick\ty\n' >"$work/want"
same_bytes '.dump while another one to the same file is under way: its file is whole' "$work/want" "$work/both.tsv"
: >"$work/go"
wait "$first"
fake_followed 'two .dump to one file: the first one ends later'
printf 'slow\tx\n' >"$work/want"
same_bytes 'two .dump to one file: the file of the last to end is whole' "$work/want" "$work/both.tsv"
is 'two .dump to one file: no other file is left' "$work/both.tsv" "$(echo "$work"/both.tsv*)"

# --- a server that does not list its keys ---

start_memcached -o no_lru_crawler
run "$MCSH" "$socket" -c 'set foo bar' -c .dump
ran '.dump of a server whose crawler is off: status 3, and what to do' 3 'STORED\n{"mcsh_items":1}\n' "mcsh: $socket does not list its keys: CLIENT_ERROR lru crawler disabled: its keys cannot be listed; lru_crawler enable switches it on, unless it was started with -o no_lru_crawler\n"

done_testing
