#!/bin/sh
# What .dump writes and .load reads, to and from real servers: every byte comes back, with its flags
# and its time, from files, pipes and gzip, from one server and from several.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
other=$socket
start_memcached

mcsh() {
	"$MCSH" "$socket" "$@"
}

# The items of a server as they stand in a sorted dump.
items() {
	"$MCSH" "$1" -c .dump | sort
}

far=4000000000
soon=2000000000

# --- an item of each kind ---

run "$MCSH" "$socket" -c 'set --flags 7 foo bar' -c "set text \"a\\tb\\nc \\\"d\\\" \\\\ \\e\" @$soon" \
	-c 'set --flags 4294967295 bytes "\0\xff\r\n\x80"' -c 'set empty ""' -c "set caf\\xc3\\xa9 \\xe2\\x82\\xac"
status_is 'items of each kind are stored' 0
run "$MCSH" "$socket" -c '.dump'
status_is '.dump: to standard output, status 0' 0
sort "$work/out" >"$work/sorted"
printf '%s\n' '{"key":"bytes","flags":4294967295,"exptime":0,"value":"AP8NCoA=","encoding":"base64"}' \
	'{"key":"café","flags":0,"exptime":0,"value":"€"}' \
	'{"key":"empty","flags":0,"exptime":0,"value":""}' \
	'{"key":"foo","flags":7,"exptime":0,"value":"bar"}' \
	"{\"key\":\"text\",\"flags\":0,\"exptime\":$soon,\"value\":\"a\\tb\\nc \\\"d\\\" \\\\ \\u001b\"}" \
	'{"mcsh_items":1}' >"$work/want"
same_bytes '.dump: each item is a line of JSON' "$work/want" "$work/sorted"
err_is '.dump: standard error is empty' ''
head -1 "$work/out" >"$work/first"
printf '{"mcsh_items":1}\n' >"$work/want1"
same_bytes '.dump: the first line names the format' "$work/want1" "$work/first"

for format in jsonl csv tsv; do
	run "$MCSH" "$socket" -c ".dump $work/all.$format"
	status_is "$format is written" 0
	run "$MCSH" "$other" -c flush_all -c ".load $work/all.$format"
	status_is ".load of $format: status 0" 0
	has ".load of $format: the report counts all five items" 'items	5' "$work/out"
	items "$other" >"$work/sorted"
	same_bytes ".dump and .load by $format: the same items" "$work/want" "$work/sorted"
	run "$MCSH" "$socket" -c ".dump $work/all.$format.gz"
	passes ".dump to .$format.gz: a gzip file" gzip -t "$work/all.$format.gz"
	run "$MCSH" "$other" -c flush_all -c ".load $work/all.$format.gz"
	items "$other" >"$work/sorted"
	same_bytes ".dump and .load by $format.gz: the same items" "$work/want" "$work/sorted"
done
run "$MCSH" "$socket" -c ".dump $work/all.mcsh"
run "$MCSH" "$other" -c flush_all -c ".source $work/all.mcsh"
status_is '.source of a dump in commands: status 0' 0
items "$other" >"$work/sorted"
same_bytes '.source of a dump in commands: the same items' "$work/want" "$work/sorted"
run "$MCSH" "$other" -c flush_all
mcsh -c .dump | "$MCSH" "$other" -c '.load -' >"$work/out"
items "$other" >"$work/sorted"
same_bytes '.load - of a pipe: the same items' "$work/want" "$work/sorted"
mcsh -c .dump | gzip | "$MCSH" "$other" -c flush_all -c '.load -' >"$work/out"
items "$other" >"$work/sorted"
same_bytes '.load - of a compressed pipe: the same items' "$work/want" "$work/sorted"
run "$MCSH" "$socket" -c ".dump > $work/redirected" -c ".dump --as tsv | grep -c ^foo"
ran '.dump into a redirection and a program' 0 '1\n'
sort "$work/redirected" >"$work/sorted"
same_bytes '.dump into a redirection: the file holds all items' "$work/want" "$work/sorted"

# --- the protocol's own commands, as memcached-tool dumps them ---

run "$MCSH" "$socket" -c flush_all -c 'set --flags 7 foo bar' -c 'set empty ""' -c "set timed x @$soon" \
	-c 'set lines "a\r\nflush_all\r\nset foo 0 0 3\r\nno!\r\n"' -c 'set --flags 4294967295 bytes "\0\xff\r\n\x80"'
items "$socket" >"$work/want"
run perl /usr/share/memcached/scripts/memcached-tool "$socket" dump
cp "$work/out" "$work/tool.txt"
has 'memcached-tool dump: has the add lines that are loaded below' 'add foo 7 0 3' "$work/tool.txt"
for how in '' '--as protocol '; do
	run "$MCSH" "$other" -c flush_all -c ".load $how$work/tool.txt | head -1"
	ran ".load ${how}of memcached-tool's dump: five items" 0 'OK\nitems\t5\n'
	items "$other" >"$work/sorted"
	same_bytes ".load ${how}of memcached-tool's dump: the same items, flags and times" "$work/want" "$work/sorted"
done
run "$MCSH" "$other" -c flush_all -c "set foo kept" -c ".load --add $work/tool.txt | head -1" -c 'get foo'
ran '.load --add of memcached-tool'\''s dump: an item that exists is kept' 1 'OK\nSTORED\nitems\t4\nkept\n'
gzip -c "$work/tool.txt" >"$work/tool.gz"
run "$MCSH" "$other" -c flush_all -c ".load $work/tool.gz | head -1"
ran '.load of memcached-tool'\''s dump, compressed: five items' 0 'OK\nitems\t5\n'
run "$MCSH" "$socket" -c ".dump --as protocol $work/ours.txt | head -1"
ran '.dump --as protocol: five items' 0 'items\t5\n'
sort "$work/tool.txt" >"$work/wanted"
sort "$work/ours.txt" >"$work/got"
same_bytes '.dump --as protocol: the lines of memcached-tool'\''s dump' "$work/wanted" "$work/got"
printf 'set soon 0 3600 1\r\nx\r\nset never 0 0 1\r\ny\r\nset past 0 -1 1\r\nz\r\n' >"$work/times.txt"
run "$MCSH" "$other" -c flush_all -c ".load $work/times.txt | head -3" -c '.dump --as tsv --prefix soon'
status_is '.load of protocol lines with exptimes: status 0' 0
has '.load of protocol lines: a negative exptime counts as expired' 'expired	1' "$work/out"
passes '.load of protocol lines: a small exptime counts from now' perl -ane 'exit !($F[3] > time + 3500 && $F[3] <= time + 3600) if $F[0] eq "soon"' "$work/out"
printf 'set a 0 0 3\r\nabc\r\nset b 0 0 3\r\nlonger\r\nset c 0 0 1\r\nx\r\n' >"$work/broken.txt"
run "$MCSH" "$other" -c flush_all -c ".load $work/broken.txt | grep -e items -e bad"
ran '.load of protocol lines: a value of another length ends the load, status 2' 2 'OK\nitems\t1\nbad\t1\n' \
	"mcsh: $work/broken.txt:3: its value does not end where its line says, after 3 bytes, and nothing after it can be read: were line ends changed on the way here, as by an editor or by ftp?\n"
printf 'set a 0 0 3\r\nabc\r\nflush_all\r\nset c 0 0 1\r\nx\r\n' >"$work/broken.txt"
run "$MCSH" "$other" -c 'set kept 1' -c ".load $work/broken.txt | grep -e items -e bad" -c 'get kept'
ran '.load of protocol lines: a line of another command is not sent, and ends the load' 2 'STORED\nitems\t1\nbad\t1\n1\n' \
	"mcsh: $work/broken.txt:3: the line is not a storage command, and nothing after it can be read: flush_all: a line is set, add or replace, a key, flags, exptime and the number of bytes of the value below it\n"
printf 'set a 0 0 3\r\nab' >"$work/broken.txt"
run "$MCSH" "$other" -c ".load $work/broken.txt | head -1"
ran '.load of protocol lines: a value that is cut short is not stored, status 4' 4 'items\t0\n' \
	"mcsh: $work/broken.txt:1: the last line does not end, the file may be cut short: if the file is whole, add a line feed; what came before was loaded\n"
run "$MCSH" "$socket" -c flush_all -c ".load $work/all.jsonl"

# --- reports ---

run "$MCSH" "$socket" -c ".dump $work/all.jsonl"
sed 's/^seconds.*/seconds/' "$work/out" >"$work/got"
printf 'items\t5\nbytes\t46\nexpired\t0\ngone\t0\nleft_out\t0\nseconds\n' >"$work/wanted"
same_bytes '.dump FILE: the report, every line' "$work/wanted" "$work/got"
run "$MCSH" "$socket" --format json -c ".load --add $work/all.jsonl"
status_is '.load --add of items that exist: status 1' 1
sed 's/"seconds":.*/"seconds"/' "$work/out" >"$work/got"
printf '{"command":".load","file":"%s","status":"negative","items":0,"bytes":0,"expired":0,"existing":5,"refused":0,"bad":0,"unknown":0,"seconds"\n' \
	"$work/all.jsonl" >"$work/wanted"
same_bytes '.load in JSON: the report' "$work/wanted" "$work/got"
run "$MCSH" "$socket" --format pretty -c ".load $work/all.jsonl"
has '.load in pretty: the report is a line' '5 items, 46 B, in ' "$work/out"
run "$MCSH" "$socket" --format csv -c ".load $work/all.jsonl"
has '.load in csv: the header of the report' 'command,file,items,bytes,expired,existing,refused,bad,unknown,seconds' "$work/out"

# --- choices ---

run "$MCSH" "$socket" -c flush_all -c 'set_multi user:1 a user:2 b page:1 c' -c 'set user:30 d'
run "$MCSH" "$socket" -c '.dump --prefix user: --as tsv | sort'
ran '.dump --prefix: keys with that prefix alone' 0 'user:1\ta\nuser:2\tb\nuser:30\td\n'
run "$MCSH" "$socket" -c ".dump --match '*:?' --as tsv | sort"
ran '.dump --match: keys that match alone' 0 'page:1\tc\nuser:1\ta\nuser:2\tb\n'
run "$MCSH" "$socket" -c ".dump --match '*3*' --prefix user --as tsv | sort"
ran '.dump --match --prefix: keys that fit both' 0 'user:30\td\n'
run "$MCSH" "$socket" -c ".dump --match '*3*' $work/some.tsv | grep -v seconds"
ran '.dump --match: the report counts the keys looked at' 0 'items\t1\nbytes\t8\nexpired\t0\ngone\t0\nleft_out\t0\nlooked_at\t4\n'
run "$MCSH" "$socket" --format json --key-prefix page: -c ".dump $work/some.tsv"
has '.dump in JSON with a key prefix: counts the keys looked at' '"items":1,"bytes":7,"expired":0,"gone":0,"left_out":0,"looked_at":4,"seconds":' "$work/out"
run "$MCSH" "$socket" --format pretty -c ".dump --prefix user:3 $work/some.tsv"
has '.dump in pretty: counts the keys looked at' ', 4 keys looked at' "$work/out"
run "$MCSH" "$socket" -c '.dump --ttl-under 1h --as tsv' -c '.dump --forever --smaller 1k --as tsv | wc -l' -c '.dump --larger 1k --as tsv'
ran '.dump: the options of .keys say which items' 0 '4\n'
run "$MCSH" "$socket" -c '.dump --class x'
ran '.dump: a bad value of these is refused' 2 '' 'mcsh: --class takes the number of a slab class: stats items names those in use\n'
run "$MCSH" "$socket" -c '.dump --misplaced'
ran '.dump --misplaced: one server has nothing misplaced' 2 '' 'mcsh: --misplaced: on a single server no item is: name all of the cluster\n'
run "$MCSH" "$socket" --key-prefix user: -c '.dump --as tsv | sort' -c '.dump --match "?" --as tsv | sort'
ran '.dump with a key prefix: keys come without it' 0 '1\ta\n2\tb\n30\td\n1\ta\n2\tb\n'
printf 'x\ty\n' >"$work/one.tsv"
run "$MCSH" "$socket" --key-prefix new: -c ".load $work/one.tsv" -c 'get x'
run "$MCSH" "$socket" -c 'get new:x'
ran '.load with a key prefix: keys are stored with it' 0 'y\n'
run "$MCSH" "$socket" -c '.dump --cas --as csv --prefix new:'
cas=$("$MCSH" "$socket" --format csv -c 'gets new:x' | sed -n 's/^new:x,0,1,\([0-9]*\),.*/\1/p')
ran '.dump --cas: a column with the cas unique' 0 "key,flags,exptime,cas,value,encoding,key_encoding\nnew:x,0,0,$cas,y,,\n"
run "$MCSH" "$socket" -c 'set here old' -c 'delete x'
printf 'here\tnew\nthere\tnew\n' >"$work/two.tsv"
run "$MCSH" "$socket" -c ".load --replace $work/two.tsv | grep -v seconds" -c 'get here'  -c 'get there'
ran '.load --replace: only what exists is stored, the rest counts as missing' 1 'items\t1\nbytes\t7\nexpired\t0\nmissing\t1\nrefused\t0\nbad\t0\nunknown\t0\nnew\n'
printf 'here\tnewer\nthere\tnewer\n' >"$work/two.tsv"
run "$MCSH" "$socket" -c ".load --add $work/two.tsv | grep -v seconds" -c 'get here'  -c 'get there'
ran '.load --add: only what does not exist is stored, the rest counts as existing' 1 'items\t1\nbytes\t10\nexpired\t0\nexisting\t1\nrefused\t0\nbad\t0\nunknown\t0\nnew\nnewer\n'

# --- times ---

printf 'past\tx\t0\t1000\nlong\tx\t0\t86400\nnever\tx\t0\t0\nneg\tx\t0\t-1\nlate\tx\t0\t%s\n' $far >"$work/times.tsv"
run "$MCSH" "$socket" -c flush_all -c ".load $work/times.tsv | grep -v seconds" -c '.dump --as tsv'
ran '.load: expired items are counted, exptime 0 stays 0, one past 2038 is refused' 2 \
	'OK\nitems\t1\nbytes\t6\nexpired\t3\nexisting\t0\nrefused\t0\nbad\t1\nunknown\t0\nnever\tx\n' \
	"mcsh: $work/times.tsv:5: its exptime is later than the server's 32 bits reach: a server's times end in January 2038
mcsh: warning: 2 of the expired had times of January 1970: an exptime is a Unix time, in seconds since 1970; 0 is never\n"

# --- keys that only base64 carries, large values, many servers ---

printf '{"key":"a b\\u0000\\n","flags":9,"exptime":%s,"value":"blank"}\n' $soon >"$work/odd.jsonl"
run "$MCSH" "$socket" -c flush_all -c ".load $work/odd.jsonl | head -1"
ran '.load: a key with blanks and controls is stored' 0 'OK\nitems\t1\n'
run "$MCSH" "$socket" -c '.dump'
ran '.dump: a key with blanks and controls comes back as it was' 0 "{\"mcsh_items\":1}\\n$(sed 's/\\/\\\\/g' "$work/odd.jsonl")\n"
run "$MCSH" "$socket" -c '.dump --as mcsh'
ran '.dump --as mcsh: a key with blanks and controls is counted as missing, status 1' 1 '' \
	'mcsh: 1 item is missing: the format has no words for their keys or flags: jsonl and csv have room for all of them\n'
run "$MCSH" "$socket" -c flush_all
perl -e 'for my $i (1 .. 40) { print "big$i\t", "\\x0$_" x 1000, "y" x (25000 * $i), "\n" for $i % 7 + 1 }' >"$work/big.tsv"
run "$MCSH" "$socket" -c ".load $work/big.tsv | head -1"
ran '.load: values of up to a million bytes are stored' 0 'items\t40\n'
mcsh -c '.dump --as tsv' | sort >"$work/got"
sort "$work/big.tsv" >"$work/wanted"
same_bytes '.dump: values of up to a million bytes come back as they were' "$work/wanted" "$work/got"
perl -e 'print "huge\t", "y" x 2000000, "\nsmall\tx\n"' >"$work/huge.tsv"
run "$MCSH" "$socket" -c flush_all -c ".load $work/huge.tsv | grep -v seconds" -c 'get small'
ran '.load: a value too large is reported with its line, the others are stored' 3 \
	'OK\nitems\t1\nbytes\t6\nexpired\t0\nexisting\t0\nrefused\t1\nbad\t0\nunknown\t0\nx\n' \
	"mcsh: $work/huge.tsv:1: SERVER_ERROR object too large for cache: the item is larger than the server's limit (stats settings: item_size_max), and a set has deleted the old value; start the server with a larger -I, or store less\n"

# --- a refused add or replace keeps the old value, in every protocol ---

kept_by() {
	run "$MCSH" "$socket" -c flush_all -c 'set huge old' -c ".set protocol $2" \
		-c ".load $1 $work/huge.tsv | grep -v seconds" -c 'get huge'
	ran "$1 of a too large item keeps the old value, protocol $2" 3 \
		"OK\nSTORED\nitems\t$3\nbytes\t$4\nexpired\t0\n$5\nrefused\t1\nbad\t0\nunknown\t0\nold\n" \
		"mcsh: $work/huge.tsv:1: SERVER_ERROR object too large for cache: the item is larger than the server's limit (stats settings: item_size_max); start the server with a larger -I, or store less\n"
}
for protocol in auto classic meta; do
	kept_by --add $protocol 1 6 'existing\t0'
	kept_by --replace $protocol 0 0 'missing\t1'
done

# A key with a blank is carried by ms alone.
perl -e 'print "{\"key\":\"a b\",\"value\":\"", "y" x 2000000, "\"}\n"' >"$work/blank.jsonl"
for option in --add --replace; do
	run "$MCSH" "$socket" -c flush_all -c '.raw --data old ms YSBi 3 b' \
		-c ".load $option $work/blank.jsonl | grep -v seconds" -c '.raw mg YSBi b v'
	ran "$option of a key that needs base64 is refused and deletes nothing" 2 \
		"OK\nHD\nitems\t0\nbytes\t0\nexpired\t0\n$([ $option = --add ] && echo existing || echo missing)\t0\nrefused\t0\nbad\t1\nunknown\t0\nVA 3\nold\n" \
		"mcsh: $work/blank.jsonl:1: a blank or a control byte is in its key: add and replace do not carry it, and an ms that is refused deletes the old value; load it without --add and --replace\n"
done

# --- files that are damaged, and lines without an end ---

perl -e 'print "key-$_\tvalue $_\n" for 1 .. 2000' | gzip >"$work/sound.gz"
cp "$work/sound.gz" "$work/crc.tsv.gz"
perl -e 'open(my $f, "+<", $ARGV[0]) or die; seek($f, -8, 2); print $f "\xde\xad\xbe\xef"' "$work/crc.tsv.gz"
run "$MCSH" "$socket" -c flush_all -c ".load $work/crc.tsv.gz | head -1" -c 'get key-2000'
ran '.load: a .gz with a wrong checksum is stored up to there, status 4' 4 'OK\nitems\t2000\nvalue 2000\n' \
	"mcsh: $work/crc.tsv.gz:2001: the gzip file is damaged: what came before was loaded\n"
size=$(stat -c %s "$work/sound.gz")
head -c $((size - 9)) "$work/sound.gz" >"$work/cut.tsv.gz"
run "$MCSH" "$socket" -c flush_all -c ".load $work/cut.tsv.gz | grep items"
status_is '.load: a .gz that is cut short, status 4' 4
has '.load: a .gz that is cut short is reported' 'the gzip file is cut short: what came before was loaded' "$work/err"
passes '.load: a .gz that is cut short is stored up to there' awk '$1 == "items" && $2 > 1900 { ok = 1 } END { exit !ok }' "$work/out"

printf 'key,value,exptime\na,1,300\nb,2,0\nc,3,1700000000\n' >"$work/times.csv"
run "$MCSH" "$socket" -c ".load $work/times.csv | head -3"
ran '.load: times of January 1970 are warned of' 0 'items\t1\nbytes\t2\nexpired\t2\n' \
	'mcsh: warning: 1 of the expired had times of January 1970: an exptime is a Unix time, in seconds since 1970; 0 is never\n'

done_testing
