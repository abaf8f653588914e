#!/bin/sh
# .keys: what the servers list, filtered, sorted, counted, in each format.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached
first=$socket
cd "$work" || exit 99
on() {
	run "$MCSH" "$first" "$@"
}

on -c .keys
ran 'an empty server lists nothing, status 0' 0
on -c '.keys --count'
ran '--count of an empty server is 0' 0 '0\n'

on -c 'set user:1 foo' -c 'set user:22 bar 1h' -c 'set page:1 bar 2h' -c 'set big 0123456789012345678901234567890123456789' -c 'get user:1'
on -c '.keys --sort key'
ran 'plain: a key a line' 0 'big\npage:1\nuser:1\nuser:22\n'
on -c '.keys user:* --sort key'
ran 'a GLOB is for the whole key' 0 'user:1\nuser:22\n'
on -c '.keys user'
ran 'a GLOB that is the beginning of a key fits nothing' 0
on -c '.keys --prefix user: --sort key'
ran '--prefix: the keys that begin so' 0 'user:1\nuser:22\n'
on -c ".keys --match '2|^p' --sort key"
ran '--match is a regular expression somewhere in the key' 0 'page:1\nuser:22\n'
on -c ".keys user:* --match '1$'"
ran 'GLOB and --match: both have to fit' 0 'user:1\n'
on -c '.keys --forever --sort key'
ran '--forever' 0 'big\nuser:1\n'
on -c '.keys --ttl-over 90m'
ran '--ttl-over leaves out what expires before and what never does' 0 'page:1\n'
on -c '.keys --ttl-under 90m'
ran '--ttl-under leaves out what expires later and what never does' 0 'user:22\n'
on -c '.keys --larger 80'
ran '--larger counts as the server does' 0 'big\n'
on -c '.keys --smaller 80 --count'
ran '--smaller: the keys of items below that size' 0 '3\n'
on -c '.keys --unread --sort key'
ran '--unread leaves out what was read' 0 'big\npage:1\nuser:22\n'
on -c '.keys --unbumped 1h'
ran '--unbumped leaves out what is new' 0
on -c '.keys --unbumped 0s --count'
ran '--unbumped 0s is everything' 0 '4\n'
on -c '.keys --class 1 --count' -c '.keys --class 2 --count'
ran '--class: the keys of one slab class' 0 '3\n1\n'
on -c '.keys --sort size --limit 1'
ran '--sort size: the largest first' 0 'big\n'
on -c '.keys --sort ttl'
ran '--sort ttl: what expires soonest first, what never does last' 0 'user:22\npage:1\nbig\nuser:1\n'
on -c '.keys --sort ttl --limit 2'
ran '--sort with --limit: the first of all' 0 'user:22\npage:1\n'
on -c '.keys --limit 3 | wc -l'
ran '--limit without --sort: as many keys as it says' 0 '3\n'
on -c '.keys --limit 3 --count'
ran '--limit ends a count too' 0 '3\n'
on -c '.keys --sort key --limit 18446744073709551615 | wc -l'
ran '--limit 18446744073709551615: all keys' 0 '4\n'
on -c '.keys --count' -c 'stats' -c '.keys --count' >/dev/null
flags= # which the crawler lists since 1.6.24
memcached_is 1.6.24 && flags=0
on -c '.keys --long user:1 | cut -f 1-3,5-'
ran 'plain --long: key, size, ttl, unbumped, class, fetched, flags' 0 "user:1\\t68\\t-1\\t1\\tyes\\t$flags\\n"
on --format json -c '.keys user:1'
sed -i 's/"\(unbumped\|seconds\)":[0-9.]*/"\1":0/' "$work/out"
ran 'json: an object an item, then one with the status' 0 \
	'{"command":".keys","server":"'"$first"'","key":"user:1","size":68,"ttl":-1,"unbumped":0,"class":1,"fetched":"yes"'"${flags:+,\"flags\":$flags}"'}
{"command":".keys","keys":1,"bytes":68,"looked_at":4,"seconds":0,"status":"ok"}\n'
on --format json -c '.keys --count --prefix user:'
sed -i 's/"seconds":[0-9.]*/"seconds":0/' "$work/out"
ran 'json: --count is one object' 0 '{"command":".keys","keys":2,"bytes":137,"looked_at":4,"seconds":0,"status":"ok"}\n'
on --format csv -c '.keys --forever --sort key | cut -d, -f 1-3,5-' -c '.keys page:1 | cut -d, -f 1-2'
ran 'csv has a header and all columns' 0 \
	"key,size,ttl,class,fetched,flags\\nbig,102,-1,2,no,$flags\\nuser:1,68,-1,1,yes,$flags\\nkey,size\\npage:1,68\\n"
on --format csv -c '.keys --count --forever | cut -d, -f 1-3'
ran 'csv: --count has a header and a row' 0 'keys,bytes,looked_at\n2,170,4\n'
on --format pretty -c '.keys --forever --sort size --limit 1' -c '.keys --count user:*'
sed -i 's/in [0-9].*/in T)/' "$work/out"
ran 'pretty: columns, a header, and what there is' 0 \
	'     size   expires in  key\n      102        never  big\n(1 shown; 2 keys of 4 looked at, 170 B, in T)\n(2 keys of 4 looked at, 137 B, in T)\n'
on --format pretty -c '.keys user:1 --class 1'
has 'pretty: a filter shows how many were looked at' '     size   expires in     unbumped  class  read   flags  key' "$work/out"

# Keys of any bytes.
on -c 'ms YSBiCQA= x b' -c '.keys --smaller 67' -c ".keys 'a b*' --count" -c 'md YSBiCQA= b'
ran 'a key of any bytes is escaped' 0 'HD\na b\\t\\0\n1\nHD\n'

# A session with a prefix.
on --key-prefix user: -c '.keys --sort key' -c '.keys 1' -c '.keys --prefix 2' -c ".keys user:*" -c '.keys --count'
ran 'with a key prefix its keys alone are listed, without it' 0 '1\n22\n1\n22\n2\n'
run "$MCSH" "$first" --key-prefix user: --format pretty --no-color -c .keys
is 'with a key prefix pretty counts what was looked at' '(2 keys of 4 looked at' "$(tail -n 1 "$work/out" | cut -d , -f 1)"

# Bad input sends nothing.
bad() {
	on -c ".keys $1"
	ran "refused: .keys $1" 2 '' "mcsh: $2\n"
}
bad '--sort name' 'cannot sort by "name": sort by key, size, ttl or unbumped'
bad '--limit 0' '--limit takes a number of keys: write a number from 1 on'
bad '--limit x' '--limit takes a number of keys: write a number from 1 on'
bad '--larger x' '--larger takes a size in bytes: write 500, 10k or 1m'
bad '--ttl-under x' '--ttl-under takes a time: write 90s, 15m, 12h or 45d'
bad '--class x' '--class takes the number of a slab class: stats items names those in use'
bad '--count --sort key' '--count has nothing to --sort: leave one of them out'
bad '--forever --ttl-over 1h' 'what lasts --forever has no time left for --ttl-under and --ttl-over: leave one of them out'
bad "--match '('" 'cannot read the expression "(": Unmatched ( or \\(: it is a POSIX extended regular expression, see regex(7)'
bad "--match '(a{1,100}){1,100}'" 'cannot read the expression "(a{1,100}){1,100}": its repetitions make it too large: it is a POSIX extended regular expression, see regex(7)'
bad "--match '(.)\\1'" 'cannot read the expression "(.)\\1": it refers back to a group, for which no time would be enough: it is a POSIX extended regular expression, see regex(7)'
bad '--misplaced' '--misplaced: on a single server no item is: name all of the cluster'
on -c '.keys a b'
status_is '.keys with two GLOBs is refused' 2

mkfifo lines
{ echo '.keys --limit x'; sleep 0.3; echo '.dump --class x'; sleep 0.3; echo '.keys --count'; } >lines &
on <lines
ran '.keys after a refused line reads standard input on' 2 '4\n' 'mcsh: stdin:1: --limit takes a number of keys: write a number from 1 on
mcsh: stdin:2: --class takes the number of a slab class: stats items names those in use\n'

# Words of other programs name the command, and run nothing.
for word in 'keys *' 'scan 0' ls; do
	on -c "$word"
	status_is "$word is no command" 2
	has "$word names .keys" 'did you mean .keys?' "$work/err"
done
on -c bigkeys
ran 'bigkeys names .keys --sort size' 2 '' 'mcsh: unknown command "bigkeys": type .keys --sort size --limit 10\n'
on -c dbsize
ran 'dbsize names .keys --count' 2 '' 'mcsh: unknown command "dbsize": type .keys --count\n'

# Keys from a file, which no server lists.
printf 'user:1\nnosuch\nbig\t102\tmore\n\npage:1' >names
on -c '.keys --keys-from names'
ran '--keys-from: the keys of a file that are there' 0 'user:1\nbig\npage:1\n'
on -c '.keys --keys-from names --forever --larger 80'
ran '--keys-from: filters leave keys of the file out' 0 'big\n'
on -c '.keys --keys-from names --limit 1'
ran '--keys-from: --limit ends the look-ups' 0 'user:1\n'
on -c '.keys --keys-from - --count' <names
ran '--keys-from -: standard input' 0 '3\n'
on -c 'get big' -c '.keys big --long | cut -f 6' -c 'set big 0123456789012345678901234567890123456789' -c '.keys --keys-from names --long big | cut -f 1-3,5-7' -c '.keys big --long | cut -f 6' -c '.keys --long big | cut -f 1-3,5-7'
ran '--keys-from: looking a key up marks nothing as read' 0 \
	"0123456789012345678901234567890123456789\\nyes\\nSTORED\\nbig\\t102\\t-1\\t2\\tno\\t\\nno\\nbig\\t102\\t-1\\t2\\tno\\t$flags\\n"
on --key-prefix user: -c '.keys --keys-from names'
ran '--keys-from: the key prefix is put before each key' 0
printf '1\n22\n' >short
on --key-prefix user: -c '.keys --keys-from -' <short
ran '--keys-from: with a key prefix its keys are short' 0 '1\n22\n'
on -c 'ms YSBiCQA= x b' -c '.keys a* > odd' -c '.keys --keys-from odd' -c 'md YSBiCQA= b'
ran '--keys-from: reads what .keys writes, of any bytes' 0 'HD\na b\\t\\0\nHD\n'
perl -e 'print "user:1\n" x 1234, "nosuch\n"' >many
on -c '.keys --keys-from many --count'
ran '--keys-from: more keys than are asked for at a time' 0 '1234\n'
perl -e 'print "k" x 251, "\nuser:1\n"' >long
on -c '.keys --keys-from long'
ran '--keys-from: a line that is not a key is reported' 2 'user:1\n' 'mcsh: 1 line of "long" is not a key: a key has 1 to 250 bytes; one a line, escaped as .keys shows it\n'
on -c '.keys --keys-from nosuch'
ran '--keys-from: a file that is not there' 2 '' 'mcsh: cannot read "nosuch": No such file or directory: check the path and its rights\n'

# --- several servers ---

start_memcached
second=$socket
run "$MCSH" "$second" -c 'set other 1' -c 'set user:1 on-the-second'
both() {
	run "$MCSH" "$first" "$second" "$@"
}
both -c '.keys --count' -c '.keys --sort key'
ran 'several servers: their keys are one list' 0 '6\nbig\nother\npage:1\nuser:1\nuser:1\nuser:22\n'
both -c '.keys --sort key --long user:* | cut -f 1-3'
ran 'several servers: --long names the server first' 0 \
	"$first\tuser:1\t68\n$second\tuser:1\t78\n$first\tuser:22\t69\n"
both -c '.keys --server 2 --sort key'
ran 'several servers: --server lists one alone' 0 'other\nuser:1\n'
# What is on the server that the distribution does not name, by .where.
for key in big page:1 user:1 user:22; do echo "$first	$key"; done >"$work/placed"
for key in other user:1; do echo "$second	$key"; done >>"$work/placed"
while IFS='	' read -r where key; do
	home=$("$MCSH" "$first" "$second" --format json -c ".where $key" | grep -o '{[^{}]*"distribution":"python-memcached"[^{}]*}' | json - .server)
	[ "$where" = "$home" ] || printf '%s\t%s\n' "$where" "$key"
done <"$work/placed" | LC_ALL=C sort -t '	' -k 2 >"$work/misplaced"
both -c '.keys --misplaced --sort key --long | cut -f 1,2'
same_bytes '--misplaced: what is on another server than the distribution names' "$work/misplaced" "$work/out"
run "$MCSH" "$first" /nonexistent/socket -c '.keys --count'
ran 'a server that is down is reported, the others are listed' 4 '4\n' \
	'mcsh: cannot connect to /nonexistent/socket: No such file or directory: is memcached running there? mcsh --sandbox brings a private one\n'
for command in .keys '.keys --count' .tree '.grep x' '.hot --for 1s' 'lru_crawler metadump hash'; do
	for format in pretty plain json csv; do
		"$MCSH" --format $format /nonexistent/socket -c "$command" 2>"$work/err" |
			grep -v '^{"command":"[^"]*","status":"lost","error":'
	done
done >"$work/counted"
same_bytes 'no server listed anything: nothing is counted, no 0 is shown' /dev/null "$work/counted"

run "$MCSH" "$second" -c 'set big 2nd' -c 'delete big'
both -c '.keys --keys-from names --sort key | sort -u'
ran 'several servers: --keys-from asks the server of each key' 0 "$(
	for key in big page:1 user:1; do "$MCSH" "$first" "$second" -c "get $key" >/dev/null && printf '%s\\n' "$key"; done)"
both -c '.keys --keys-from names --misplaced --long | cut -f 1,2 | sort'
both -c '.keys --keys-from names --misplaced --long | cut -f 1,2 | sort' -c ".keys --misplaced --match '^(big|page:1|user:1)$' --long | cut -f 1,2 | sort"
cp out two
run perl -e 'open F, "two"; my @l = <F>; my $h = @l / 2; print "same\n" if $h > 0 && join("", @l[0 .. $h - 1]) eq join("", @l[$h .. $#l])'
ran 'several servers: --keys-from with --misplaced asks all of them' 0 'same\n'

# --- servers that do not list ---

start_memcached -X
run "$MCSH" "$socket" -c '.keys'
status_is 'dumps are disabled: status 3' 3
err_is 'dumps are disabled: the error names -X, and --keys-from' "mcsh: $socket does not list its keys: ERROR metadump not allowed: it was started with -X, which forbids it; --keys-from FILE looks up keys that you name\n"
run "$MCSH" "$socket" -c 'set user:1 x' -c '.keys --keys-from names'
ran 'dumps are disabled: --keys-from works' 0 'STORED\nuser:1\n'

list='accept
want stats\r\n
send STAT time 1000000\r\nSTAT curr_items 3\r\nSTAT total_items 3\r\nEND\r\n
want lru_crawler metadump hash\r\n'
fake <<END
$list
send OK\\r\\nkey=a exp=1000090 la=999900 cas=1 fetch=yes cls=1 size=66 flags=7 \\nkey=b exp=-1 la=999990 cas=2 fetch=no cls=2 size=99\\nkey=c exp=999999 la=1000001\\nEND\\r\\n
gone
END
run "$MCSH" "$fake" -c '.keys --sort key --long'
ran "times are by the server's clock" 0 \
	'a\t66\t90\t100\t1\tyes\t7\nb\t99\t-1\t10\t2\tno\t\nc\t\t0\t0\t\t\t\n'
fake_followed '.keys closes its connection at the end of the list'
fake <<END
$list
send key=a exp=-1 la=1 cas=1 fetch=no cls=1 size=60\\nkey=b exp=-1 la=1 cas=1 fetch=no cls=1 size=60\\n
gone
END
run "$MCSH" "$fake" -c '.keys --limit 1'
ran '--limit ends the walk while the list comes' 0 'a\n'
fake_followed '--limit: the list is closed, not waited for'
fake <<'END'
accept
want stats\r\n
send ERROR\r\n
want lru_crawler metadump hash\r\n
send ERROR\r\n
gone
END
run "$MCSH" "$fake" -c .keys
ran 'a proxy or a managed service: who it may be, and what to do' 3 '' "mcsh: $fake does not list its keys: ERROR: it has no lru_crawler metadump, as proxies, services such as ElastiCache Serverless, and memcached before 1.4.31; --keys-from FILE looks up keys that you name\n"

fake <<'END'
accept
want version\r\n
send VERSION 1.5.6\r\n
gone
END
run "$MCSH" "$fake" -c '.keys --keys-from names'
ran 'a server without meta commands is asked for no key' 3 '' "mcsh: $fake does not answer the meta commands: memcached has them since 1.6.12, and proxies mostly do not; gets KEY reads it there, and counts as a use\n"
fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want mn\r\n
send MN\r\n
want me user:1\r\nme nosuch\r\nme big\r\nme page:1\r\n
send ERROR\r\nERROR\r\nERROR\r\nERROR\r\n
gone
END
run "$MCSH" "$fake" -c '.keys --keys-from names'
ran 'a server that refuses me is reported once' 3 '' "mcsh: $fake answered ERROR to me: --keys-from takes the meta command me, which proxies and services such as ElastiCache Serverless lack; get KEY shows whether a key is there\n"
run "$MCSH" /nonexistent/socket -c '.keys --keys-from names'
ran '--keys-from: a server that is down is reported once' 4 '' \
	'mcsh: cannot connect to /nonexistent/socket: No such file or directory: is memcached running there? mcsh --sandbox brings a private one\n'

done_testing
