#!/bin/sh
# Several servers: where keys go, what is reported of each, and what happens while one is dead or hangs.
# How one server is named and lost is in servers.t.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

vectors=$top_srcdir/tests/vectors

# Three servers. By the rule of python-memcached, which is the default, foo, bar and hello belong to
# the second, baz and b to the first, a to the third.
start_memcached
s1=$socket
start_memcached
s2=$socket pid2=$server
start_memcached
s3=$socket

down="is memcached running there? mcsh --sandbox brings a private one"
refused="mcsh: cannot connect to $s2: Connection refused: $down"

# A shell that is fed a line at a time, so that things can happen between two commands.
#	shell OPTION...   starts it, on the three
#	ask LINE...       runs the lines; $said is what they print, a line ended by "; "
#	shell_ends        $status, and what it wrote to standard error in $work/err
shell() {
	rm -f "$work/in" "$work/said"
	mkfifo "$work/in" "$work/said"
	timeout -k 5 60 "$MCSH" "$s1" "$s2" "$s3" "$@" <"$work/in" >"$work/said" 2>"$work/err" &
	shell_pid=$!
	exec 3>"$work/in" 4<"$work/said"
}

ask() {
	printf '%s\n' "$@" '.echo ==' >&3
	said=
	while read -r tap_line <&4 && [ "$tap_line" != == ]; do
		said="$said$tap_line; "
	done
}

asked() {
	asked_name=$1 asked_want=$2
	shift 2
	ask "$@"
	is "$asked_name" "$asked_want" "$said"
}

shell_ends() {
	exec 3>&- 4<&-
	status=0
	wait "$shell_pid" || status=$?
	: >"$work/out"
}

# Starts the second again, with nothing in it and nothing of the shell's.
second_is_back() {
	tap_serve listens "$s2" -s "$s2" 3>&- 4<&-
	pid2=$server
}

# on SERVER KEY: what one server holds, asked alone.
on() {
	"$MCSH" "$1" -c "get $2" 2>&1
}

# A server dies.

shell --dead-retry 1h
asked 'three servers: keys are stored' 'STORED; STORED; STORED; ' 'set foo 1' 'set a 1' 'set b 1'
is 'three servers: each key is on a server of its own' '1 1 1' "$(on "$s2" foo) $(on "$s3" a) $(on "$s1" b)"
stop_server "$pid2"
asked 'one of three dies: what it held is missed' '1; 1; ' 'get foo' 'get a' 'get b'
asked 'one of three dies: what it would hold is stored' 'STORED; STORED; ' 'set foo 2' 'set hello 2'
is 'one of three dies: its keys are stored where python-memcached would' '2 2' "$(on "$s1" foo) $(on "$s1" hello)"
asked 'one of three dies: its keys are found elsewhere' 'a	1; b	1; foo	2; hello	2; ' 'get a b nope foo hello'
asked 'one of three dies: counters work elsewhere' 'STORED; 21; DELETED; ' 'set --time 0 bar 20' 'incr bar' 'delete bar'
asked '.servers tells who is dead' '1 up; 2 down; 3 up; ' ".servers | cut -f1,4 | tr '\t' ' '"

# It is back, empty, and has been marked dead for an hour.
second_is_back
asked 'a server that is back within dead_retry is passed over' '2; ' 'get foo'
asked 'a server that is back within dead_retry answers to its name' 'STORED; back; ' 'set --server 2 foo back' '.on 2 get foo'
asked '.servers forget-dead: a server that is back has its keys again' 'back; ' '.servers forget-dead' 'get foo'
shell_ends
# A miss, and .servers with one down.
ran 'a server that died: status 4' 4

shell --dead-retry 50ms
asked 'a short dead_retry: the server answers' 'back; ' 'get foo'
stop_server "$pid2"
asked 'a dead server is passed over' '2; ' 'get foo'
second_is_back
tries=0
while [ $tries -lt 200 ]; do
	ask 'set foo 3'
	[ "$(on "$s2" foo)" != 3 ] || break
	tries=$((tries + 1))
	sleep 0.02
done
asked 'a short dead_retry: after it the server is tried again' 'STORED; 3; ' 'set foo 3' 'get --server 2 foo'
shell_ends
ran 'a short dead_retry: a server that is back is not reported' 0

# A server hangs.

# took COMMAND...: runs it and tells its milliseconds.
now() {
	perl -MTime::HiRes=time -e 'printf "%d\n", 1000 * time'
}

late="mcsh: stdin:%d: $s2 did not answer in time: the connection is closed, the next command opens a new one; --timeout or .set timeout gives it longer\\n"

shell --timeout 400ms --dead-retry 1h
"$MCSH" "$s1" -c 'set foo other' >"$work/out"
asked 'a server that does not hang yet: keys are stored' 'STORED; STORED; STORED; ' 'set foo 4' 'set a 4' 'set b 4'
freeze "$pid2"
begun=$(now)
asked 'a server that hangs: its key is waited for' '' 'get foo'
elapsed=$(($(now) - begun))
passes "a server that hangs: its key is waited for as long as the timeout says ($elapsed ms)" [ "$elapsed" -ge 400 -a "$elapsed" -lt 5000 ]
begun=$(now)
asked 'a server that hangs: the next command does not wait for it' 'a	4; foo	other; b	4; ' 'get a foo b'
elapsed=$(($(now) - begun))
passes "a server that hangs: the others answer at once ($elapsed ms)" [ "$elapsed" -lt 400 ]
asked 'a server that hangs is not reported a second time' 'STORED; 5; ' 'set foo 5' 'get foo'
ask '.servers forget-dead'
begun=$(now)
asked 'a server that hangs: of many keys only its own are lost' 'a	4; b	4; ' 'get a foo b'
elapsed=$(($(now) - begun))
passes "in the time of one ($elapsed ms)" [ "$elapsed" -ge 400 -a "$elapsed" -lt 5000 ]
kill -CONT "$pid2"
asked 'a server that hung answers late: no later command gets its answers' '4; 4; 4; a	4; foo	4; ' \
	'.servers forget-dead' 'get foo' 'get a' 'get foo' 'get a foo'
shell_ends
never="${late%??}; if it was started with -S: .set protocol binary\\n"
ran 'what was late is reported with its server' 4 '' "$(printf "$late$never" 5 14)\n"

# To name a server that is dead.
stop_server "$pid2"
for command in 'get --server 2 foo' '.on 2 get foo' "get --server $s2 foo" ".on $s2 set foo 1"; do
	run "$MCSH" "$s1" "$s2" "$s3" -c "$command"
	ran "a dead one by name: $(echo "$command" | sed "s,$work/,,")" 4 '' "$refused\n"
done

# Nobody takes its keys over where none is passed over.
for command in 'get foo' 'set foo 3' 'incr foo' 'get foo hello' 'set --hash 1 k 3'; do
	run "$MCSH" "$s1" "$s2" "$s3" --dead-retry off -c "$command"
	ran "dead_retry off, one of three is down: $command fails" 4 '' "$refused\n"
done
run "$MCSH" "$s1" "$s2" "$s3" --dead-retry off -c 'get a b foo' -c 'set a 4'
ran 'dead_retry off, one of three is down: the others have their keys' 4 'a\t4\nb\t4\nSTORED\n' "$refused\n"

# Commands to every server, one of which is down.
version=$(memcached -V | sed -n 's/^memcached //p')
each() {
	run "$MCSH" "$s1" "$s2" "$s3" -c "$1"
	ran "$1 with one down" 4 "$s1\t$2\n$s3\t$2\n" "$refused\n"
}
each version "$version"
each flush_all OK
each 'verbosity 0' OK
each 'stats reset' RESET
run "$MCSH" "$s1" "$s2" "$s3" -c 'stats settings'
status_is 'stats with one down' 4
is 'stats of each is labelled' "$s1 $s3 " "$(grep maxbytes "$work/out" | cut -f1 | tr '\n' ' ')"
err_is 'stats of each is labelled: the one that is down is named' "$refused\n"

run "$MCSH" "$s1" "$s2" "$s3" --format json -c version -c 'get --server 3 a' -c '.on 2 get a'
status_is 'version of three servers, one down, in JSON: status 4' 4
is 'an object for each server' "version version version $s1 $s2 $s3 ok lost ok $version null $version" \
	"$(line 1 | json - '.answers[].command' '.answers[].server' '.answers[].status' '.answers[].version')"
is 'an object for the one server that is asked' "get $s3 negative null
get $s2 lost null" "$(json "$work/out" '?.server' .command .server .status .version)"
is 'in one object a line, with the worst status' 'version lost 3
get negative 0
get lost 0' "$(json "$work/out" .command .status '.answers#')"

# Where the keys of dead servers go: tests/vectors/pymc_retry.tsv.

# rehashed FIRST SECOND THIRD DEAD...: stores every key on those; DEAD are the numbers of those that
# are down. Then the others are asked, each for all keys.
long=$(printf '%250s' '' | tr ' ' k)
grep -v '^#\|^key' "$vectors/pymc_retry.tsv" | sed "s/^{k\*250}/$long/" >"$work/rows"
every=$(cut -f1 "$work/rows" | tr '\n' ' ')
cut -f1 "$work/rows" | sed 's/.*/set & x/' >"$work/script"
rehashed() {
	rehashed_servers="$1 $2 $3"
	shift 3
	run "$MCSH" $rehashed_servers -c flush_all
	run "$MCSH" $rehashed_servers -f "$work/script"
	ran "with $* dead, every key is stored" 0 "$(sed 's/.*/STORED\\n/' "$work/script" | tr -d '\n')"
	for number in 1 2 3; do
		case " $* " in
		*" $number "*) continue ;;
		esac
		run "$MCSH" $rehashed_servers -c "get --server $number $every"
		cut -f1 "$work/out" >"$work/got"
		awk -F '\t' -v dead=" $* " -v number="$number" '{
			for (i = 2; i <= NF && index(dead, " " ($i + 1) " "); i++)
				;
			if ($i + 1 == number)
				print $1
		}' "$work/rows" >"$work/want"
		same_bytes "with $* dead, $number has what python-memcached puts there" \
			"$work/want" "$work/got"
	done
}
none=$work/nobody
rehashed "$none" "$s1" "$s3" 1
rehashed "$s1" "$none" "$s3" 2
rehashed "$s1" "$s3" "$none" 3
rehashed "$none.1" "$none.2" "$s3" 1 2
rehashed "$s1" "$none.2" "$none.3" 2 3

# An answer is that of the request it was asked for, and names the server that gave it.
run "$MCSH" "$s1" "$s3" -c flush_all
run "$MCSH" "$s1" "$none" "$s3" --format json -c 'set foo FOO' -c 'set bar BAR' -c 'get foo' \
	-c 'get bar' -c '.servers forget-dead' -c 'get foo' -c 'get bar' -c 'get a'
status_is 'JSON: one of three servers is down: status 1 for the misses' 1
json "$work/out" '?.key' .command .key .server '.values[0].value' | tr ' ' '\t' >"$work/got"
{
	printf 'set\tfoo\t%s\tnull\nset\tbar\t%s\tnull\n' "$s1" "$s3"
	for round in 1 2; do
		printf 'get\tfoo\t%s\tFOO\nget\tbar\t%s\tBAR\n' "$s1" "$s3"
	done
	printf 'get\ta\t%s\tnull\n' "$s3"
} >"$work/want"
same_bytes 'JSON: one of three servers is down: each answer has its server' "$work/want" "$work/got"

# .where: tests/vectors/server_index.tsv. Nothing listens there: it only computes.

# where SETUP SERVERS ROW: the row of that name.
where() {
	grep -F "$3	" "$vectors/server_index.tsv" | head -n 1 | cut -f2- | tr '\t' '\n' >"$work/want"
	run "$MCSH" $2 -c "$where_command"
	awk -F '\t' -v setup="$1" '$2 == setup { print $3 - 1 }' "$work/out" >"$work/got"
	same_bytes ".where $1: $3" "$work/want" "$work/got"
}
where_command=".where $(grep '^client' "$vectors/server_index.tsv" | cut -f2- |
	sed "s/{k\*250}/$long/" | tr '\t' ' ')"
equal='127.0.0.1:31211 127.0.0.1:31212 127.0.0.1:31213'
weighted='127.0.0.1:31211:1 127.0.0.1:31212:2 127.0.0.1:31213:3'
default='127.0.0.1:11211 127.0.0.2 127.0.0.3'
while IFS='|' read -r setup servers row; do
	eval "where '$setup' \"\$$servers\" '$row'"
done <<'END'
python-memcached|equal|python-memcached 1:1:1
python-memcached-1.59|weighted|python-memcached 1:2:3
python-memcached-crc32|equal|python-memcached useOldServerHashFunction
modula|equal|libmemcached default modula+oaat (pylibmc, php-memcached default)
ketama|equal|libmemcached ketama_weighted (md5)
ketama|weighted|libmemcached ketama_weighted 1:2:3
ketama|default|D: libmemcached ketama_weighted, port 11211
ketama-plain|equal|libmemcached ketama unweighted, oaat (KETAMA / CONSISTENT)
ketama-plain|weighted|libmemcached KETAMA with weights 1:2:3 (auto weighted ring, oaat key hash)
twemproxy|equal|twemproxy ketama+fnv1a_64 (its default)
twemproxy-md5|weighted|twemproxy ketama+md5 1:2:3
twemproxy-modula-crc32|weighted|twemproxy modula+crc32 1:2:3
rendezvous|equal|pymemcache HashClient, str keys
END
run "$MCSH" $equal -c '.where foo "b c" bar'
status_is '.where of a key that cannot be' 2
out_is '.where of a key that cannot be: nothing on standard output' ''
run "$MCSH" $equal --format json -c '.where foo'
is '.where in JSON' "2 127.0.0.1:31212" \
	"$(grep -o '{[^{}]*"distribution":"python-memcached"[^{}]*}' "$work/out" | json - .number .server)"
run "$MCSH" $equal -c '.where foo'
cut -f2- "$work/out" >"$work/want"
run "$MCSH" $equal --key-prefix f -c '.where oo'
cut -f2- "$work/out" >"$work/got"
same_bytes '.where counts the prefix' "$work/want" "$work/got"

# .where --ask: who really has it.
run "$MCSH" "$s1" "$none" "$s3" -c 'set --server 3 lost here' -c '.where --ask lost'
awk -F '\t' 'NF == 6 { print $3, $5 }' "$work/out" | sort -u >"$work/got"
printf '1 no\n2 no answer\n3 yes\n' >"$work/want"
same_bytes '.where --ask' "$work/want" "$work/got"
status_is '.where --ask: one server does not answer, the others do: status 0' 0
run "$MCSH" "$none" "$work/none.sock" -c '.where --ask lost' -c '.where lost'
status_is '.where --ask: no server answers: status 4' 4
is '.where --ask: no server answers: the rows say so' 'no answer' "$(awk -F '\t' 'NF == 6 { print $5 }' "$work/out" | sort -u)"
run "$MCSH" "$none" "$work/none.sock" -c '.where lost'
status_is '.where asks nobody: status 0 without servers' 0

# .on, --server and --hash that name nothing.
hint='give its number from 1 to 3, or its address; .servers lists them'
three="$s1 $none $s3"
while IFS='|' read -r command what; do
	run "$MCSH" $three -c "$command"
	ran "$command" 2 '' "mcsh: $what\n"
done <<END
.on 0 get foo|unknown server "0": $hint
.on 4 get foo|unknown server "4": $hint
.on there get foo|unknown server "there": $hint
.on -1 get foo|unknown server "-1": $hint
.on 1|.on: missing COMMAND: usage: .on SERVER COMMAND...
.on|.on: missing SERVER: usage: .on SERVER COMMAND...
get --server 4 foo|unknown server "4": $hint
get --hash x foo|--hash "x" is not a number: write a decimal number from 0 to 4294967295
get --hash 4294967296 foo|--hash "4294967296" is too large: write a decimal number from 0 to 4294967295
END
run "$MCSH" $three --distribution ketama -c 'get --hash 1 foo'
ran '--hash where keys have none' 2 '' \
	'mcsh: ketama does not place keys by a number: name the server with --server, or change .set distribution\n'
run "$MCSH" $three --distribution nonsense -c 'get foo'
status_is 'a distribution that is none' 2
run "$MCSH" $three -c 'set --hash 0 k 1' -c 'set --hash 5 k 3' -c 'get --server 1 k' \
	-c 'get --server 3 k' -c 'get --hash 3 k' -c 'get --hash 4294967294 k'
ran '--hash places a key' 0 'STORED\nSTORED\n1\n3\n1\n3\n'
run "$MCSH" $three -c 'set --hash 1 k elsewhere' -c 'get --hash 1 k' -c 'get --server 1 k' \
	-c 'get --server 3 k'
ran '--hash of a dead one: the number is hashed again' 0 'STORED\nelsewhere\nelsewhere\n3\n'

# The environment names several, with weights.
run env MEMCACHED_SERVERS="$s1,127.0.0.1:1:3, $s3" "$MCSH" -c ".servers | cut -f1-4,8"
status_is 'MEMCACHED_SERVERS with three' 4
out_is 'MEMCACHED_SERVERS with three: their weights' \
	"1\t$s1\t1\tup\t20.3\n2\t127.0.0.1:1\t3\tdown\t59.9\n3\t$s3\t1\tup\t19.8\n"

# Many keys of four servers, in the order asked.
start_memcached
s2=$socket
start_memcached
s4=$socket
four="$s1 $s2 $s3 $s4"
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
	echo "set k$n value-$n"
done >"$work/script"
run "$MCSH" $four -f "$work/script"
status_is 'twelve keys are stored' 0
number=0
for server in $four; do
	run "$MCSH" "$server" -c 'get k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11 k12'
	number=$((number + 1))
	passes "twelve keys on four servers: number $number has some" test -s "$work/out"
done
order='k7 k3 nope k12 k1 k7 k10 none k2 k5 k11 k4 k9 k8 k6'
run "$MCSH" $four -c "get $order"
status_is 'get of keys on four servers, some absent: status 1' 1
out_is 'plain: in the order asked' \
	"$(for k in $order; do [ "${k%e}" != "$k" ] || printf '%s\\tvalue-%s\\n' "$k" "${k#k}"; done)"
run "$MCSH" $four --format json -c "get $order"
status_is 'plain: in the order asked: with misses in JSON' 1
is 'JSON: in the order asked' "$(echo "$order" | sed 's/ no[a-z]*//g')" \
	"$(json "$work/out" '.values[].key')"
is 'JSON: one object' 'k7 k3 nope k12 k1 k7 k10 none k2 k5 k11 k4 k9 k8 k6 ["nope","none"] all' \
	"$(json "$work/out" '.keys[]' .missing .server)"
run "$MCSH" $four --format pretty -c "get $order"
status_is 'JSON: one object: with misses in pretty' 1
is 'pretty: in the order asked' "$order" \
	"$(sed '$d; s/ .*//' "$work/out" | tr '\n' ' ' | sed 's/ $//')"
is 'pretty: get of several keys counts those found' '(13 of 15 keys found)' "$(tail -n 1 "$work/out")"
run "$MCSH" $four --format raw -c "get $order"
is 'raw: in the order asked' \
	"$(for k in $order; do [ "${k%e}" != "$k" ] || printf 'value-%s' "${k#k}"; done)" "$(cat "$work/out")"

# Discovery, in both forms in which such answers have been seen: the lines of the block end in a
# line feed, or in CR LF.
start_memcached_tcp
p1=$port
start_memcached_tcp
p2=$port
node1="localhost|127.0.0.1|$p1" node2="localhost||$p2" node3="|127.0.0.1|$p1"
# discover NAME END NODES: where END is how a line of the block ends, in the escapes of fake.sh.
discover() {
	discover_end=$(printf %b "$2" | wc -c)
	discover_bytes=$((2 + discover_end + $(printf '%s' "$3" | wc -c) + discover_end))
	fake --tcp <<END
accept
want config get cluster\r\nversion\r\n
send CONFIG cluster 0 $discover_bytes\r\n12$2$3$2\r\nEND\r\nVERSION 1.6.6\r\n
gone
END
	run "$MCSH" "$fake" -c '.servers discover | cut -f1,2,4' -c 'set a 1' -c 'get a'
	fake_followed "discovery, $1: asked once"
}
discover 'line feeds' '\n' "$node1 $node2"
ran 'line feeds: the nodes are the servers' 0 \
	"1\tlocalhost:$p1\tup\n2\tlocalhost:$p2\tup\nSTORED\n1\n"
discover 'CR LF' '\r\n' "$node1 $node2"
ran 'CR LF: the nodes are the servers' 0 "1\tlocalhost:$p1\tup\n2\tlocalhost:$p2\tup\nSTORED\n1\n"
discover 'no name' '\n' "$node3"
ran 'a node without a name is known by its address' 0 "1\t127.0.0.1:$p1\tup\nSTORED\n1\n"
run "$MCSH" "127.0.0.1:$p1" -c '.servers discover' -c 'get a'
ran 'a server that knows of no cluster is kept' 3 '1\n' \
	'mcsh: the server offers no cluster configuration: name the servers with .connect\n'
nodes=$(perl -e 'print join " ", map { "h$_|127.0.0.1|$_" } 1 .. 100000')
discover_bytes=$((3 + $(printf %s "$nodes" | wc -c) + 1))
fake <<END
accept
any 29
send CONFIG cluster 0 $discover_bytes\r\n12\n$nodes\n\r\nEND\r\nVERSION 1.6.6\r\n
gone
END
measure "$MCSH" "$fake" -c '.servers discover'
ran 'a cluster of 100,000 nodes is refused' 3 '' \
	'mcsh: the cluster lists 100000 nodes, and discover takes 1000 at most: name those that you want with .connect\n'
passes "a cluster of 100,000 nodes is refused at once (took $elapsed ms)" [ "$elapsed" -lt 10000 ]
resident_is_below 'a cluster of 100,000 nodes: memory' 100
fake_followed 'a cluster of 100,000 nodes: asked once'
fake <<'END'
accept
any 29
close
END
run "$MCSH" "$fake" -c '.servers discover'
ran 'a connection that closes on discovery is lost' 4 '' \
	"mcsh: $fake closed the connection without an answer: the next command connects again; whether this one was carried out is unknown; a proxy, such as twemproxy, closes at a command that it does not know: ask a server after it\n"
fake_followed 'discovery on a connection that closes'

# An empty key is refused whatever its prefix is, as python-memcached does.
for line in 'set_multi --key-prefix p_ "" v' 'get_multi --key-prefix p_ ""' 'get_multi a ""' \
	'delete_multi --key-prefix p_ a ""' '.set key_prefix p_\n.where ""' '.set key_prefix p_\ntouch "" 1'; do
	run "$MCSH" "127.0.0.1:$p1" -c "$(printf %b "$line")"
	ran "an empty key after a prefix: $line" 2 '' 'mcsh: the key is empty: a key has 1 to 250 bytes\n'
done

done_testing
