#!/bin/sh
# .why: what has become of a key, found out without changing anything.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
first=$socket
start_memcached
second=$socket
both() {
	run "$MCSH" "$first" "$second" "$@"
	sed -i "s|$first|FIRST|g; s|$second|SECOND|g" "$work/out"
}
# cause NAME: likelihood and evidence of it in the last run.
cause() {
	awk -F '\t' -v c="$1" '$2 == c { print $1 ": " $3 }' "$work/out"
}

i=0
while [ $i -lt 40 ]; do
	echo "set user:$i x 300"
	i=$((i + 1))
done >"$work/script"
"$MCSH" "$first" "$second" -f "$work/script" >/dev/null
both -c '.why user:7 | cut -f 1,2'
ran 'a key that is there: status 0' 0 'certain\tthere\n'
both -c '.why user:99'
status_is 'a key that is not there: status 1' 1
is 'keys like the missing one expire: possible' likely "$(cause expired | cut -d : -f 1)"
has 'keys like the missing one expire: their longest time is shown' 'like user:<n> expire, the last in 5 min' "$work/out"
is 'the key on no other server: no cause' 'ruled out: none of the 2 servers has it' "$(cause elsewhere)"
is 'no key is near' 'ruled out: of the 40 keys that are listed none is spelt nearly so' "$(cause spelling)"
has 'nothing was evicted' 'ruled out	evicted	' "$work/out"
has 'no flush since the server started: no cause' 'ruled out	flushed	nobody has flushed ' "$work/out"
has 'no store was too large' 'ruled out	too large	' "$work/out"
both -c '.why usr:7'
is 'a key that is spelt nearly so is named' 'likely: user:7 (1 edit away) is there' "$(cause spelling)"
both --key-prefix app: -c '.why user:7'
is 'a key that was stored without the prefix is named' 'likely: user:7 (another prefix, or zeros) is there' "$(cause spelling)"

both -c '.where user:5 | head -n 1 | cut -f 3'
own=$(cat "$work/out") other=$((3 - own))
both -c ".on $other set user:5 astray" -c ".on $own delete user:5" -c '.why user:5'
has 'the key on another server: certain, and first' 'certain	elsewhere	it is on ' "$work/out"
passes 'the key on another server: the one that should have it is named' grep -q 'and looked for on' "$work/out"
both -c ".on $other .why user:5 | head -n 1 | cut -f 1,2"
ran '.on: the named server is the one that should have the key' 0 'certain\tthere\n'
both -c flush_all -c '.why user:99'
has 'a flush since the key was stored: possible' 'flushed 1 time, the last time about ' "$work/out"
head -c 1100000 /dev/zero >"$work/large"
both -c "set --file $work/large user:99" -c '.why user:99'
has 'a store that was too large: possible' 'possible	too large	1 store was refused as larger than 1 MiB' "$work/out"

# --- nothing is changed ---

"$MCSH" "$first" "$second" -f "$work/script" >/dev/null
snapshot() {
	"$MCSH" "$first" "$second" --format plain -c stats -c 'lru_crawler metadump all' |
		grep -E '	(cmd_get|cmd_set|cmd_touch|cmd_flush|get_hits|get_misses|curr_items|total_items|evictions)	|user%3A' | sort
}
perl -e 'select undef, undef, undef, 1.5' # until the items are where they stay
snapshot >"$work/before"
both -c '.why user:99' -c '.why user:7' -c '.why usr:7'
snapshot >"$work/after"
passes 'the counters of two looks are there to compare' grep -q user%3A39 "$work/before"
same_bytes '.why changes no counter of commands, no item and no mark' "$work/before" "$work/after"
run "$MCSH" --readonly "$first" "$second" -c '.why user:7 | cut -f 2'
ran 'a read-only session may ask why' 0 'there\n'

# --- other ways ---

run "$MCSH" "$first" "$second" --trace -c '.why --no-list user:99'
is '--no-list lists no keys' 0 "$(grep -c metadump "$work/err")"
both --format json -c '.why user:99'
is 'json: an object with the rows' '.why user:99 false negative possible' \
	"$(json "$work/out" .command .key .found .status) $(grep -o '{[^{}]*"cause":"never stored"[^{}]*}' "$work/out" | json - .likelihood)"
both --format csv -c '.why user:7'
is 'csv: a header and a row a cause' 'likelihood,cause,evidence,todo certain,there' \
	"$(cut -c 1-32 "$work/out" | sed 's/,".*//; s/there,.*/there,/' | tr '\n' ' ' | sed 's/ $//')"
both --format pretty --no-color -c '.why user:99'
passes 'pretty: no line is wider than the terminal' awk 'length > 80 { exit 1 }' "$work/out"
is 'pretty: the key and that it is missing' 'user:99  (miss)' "$(head -n 1 "$work/out")"
both -c '.why'
status_is 'no key: status 2' 2
both -c '.why a b'
status_is 'two keys: status 2' 2
both -c '.why ""'
status_is 'an empty key: status 2' 2
run "$MCSH" "$work/none" -c '.why foo'
status_is 'no server: status 4' 4

# A server that lists no keys: those named before are looked through.
start_memcached -X
run "$MCSH" "$socket" -c '.why foo'
status_is 'a server that lists no keys: status 1' 1
has 'a server that lists no keys: what is known is shown' 'deleted' "$work/out"
has 'a server that lists no keys: why' 'metadump not allowed' "$work/err"

# A server that evicts.
start_memcached -m 8
i=0
while [ $i -lt 40 ]; do
	echo "set --file $work/half page:$i"
	i=$((i + 1))
done >"$work/script"
head -c 400000 /dev/zero >"$work/half"
"$MCSH" "$socket" -f "$work/script" >/dev/null
run "$MCSH" "$socket" -c '.why page:0'
has 'keys like the missing one are in a class that evicts: likely' 'likely	evicted	' "$work/out"
has 'keys like the missing one never expire: unlikely' 'unlikely	expired	of ' "$work/out"
is 'keys like the missing one are in a class that evicts: the first cause' evicted "$(line 1 | cut -f 2)"
for i in 1 2 3 4 5; do
	echo "set --file $work/half page:$i 1h"
	echo "set --file $work/half page:1$i 1h"
	echo "set --file $work/half page:2$i 1h"
	echo "set --file $work/half page:3$i 1h"
	echo "set --file $work/half page:4$i 1h"
done >"$work/script"
"$MCSH" "$socket" -c flush_all -f "$work/script" >/dev/null
"$MCSH" "$socket" -f "$work/script" >/dev/null
run "$MCSH" "$socket" -c '.why page:0'
is 'evicted long before it would have expired: the first cause' evicted "$(line 1 | cut -f 2)"

# One of three servers is down: its keys are looked for on the others.
down() {
	run "$MCSH" "$first" "$second" "$work/nobody" -c "get $1" -c ".why $1"
}
i=0
until down "away:$i" && grep -q '	down	' "$work/out" || [ $i = 40 ]; do
	i=$((i + 1))
done
is 'a key of a server that is down: likely, and first' 'likely	down' "$(line 1 "$work/out" | cut -f 1,2)"
has 'a key of a server that is down: which' "	$work/nobody, which it belongs to, did not answer; it is looked for on $work/" "$work/out"
is 'a server that is down is reported once' 1 "$(grep -c 'cannot connect' "$work/err")"
run "$MCSH" "$work/nobody" -c '.why foo' -c '.why --no-list foo'
ran 'the only server is down: that alone' 4 '' "$(sed p "$work/err" | line 1 /dev/stdin)
$(line 1 "$work/err")\n"

# Stories: the first cause is the true one.
start_memcached
story() { # NAME CAUSE ARGUMENTS...
	story=$1 cause=$2
	shift 2
	run "$MCSH" "$socket" "$@"
	is "$story: the first cause" "$cause" "$(grep -E '^(certain|likely|possible)	' "$work/out" | line 1 /dev/stdin | cut -f 2)"
}
for stem in alpha bravo kilos tango; do
	printf "set $stem:1 v\nset $stem:2 v\nset $stem:3 v\nset $stem:4 v\n"
done >"$work/script"
"$MCSH" "$socket" -f "$work/script" >/dev/null
story 'a store that was too large' 'too large' -c "set --file $work/large alpha:1" -c '.why alpha:1'
run "$MCSH" "$socket" -c 'delete --noreply bravo:1' -c '.why bravo:1'
has 'deleted without an answer: how many were' 'possible	deleted	1 item was deleted from ' "$work/out"
story 'a blank at the end' spelling -c 'ms "name " v' -c '.why name'
story 'a key prefix too much' spelling --key-prefix dev: -c '.why kilos:2'
has 'a key prefix too much: what to type has the key as it was typed' '.watch kilos:2 shows' "$work/out"
run "$MCSH" "$socket" -c 'set tango:1 v 2592001' -c '.why tango:1'
has 'a time of more than 30 days in seconds: expiring is not ruled out, and how it does is said' \
	'unlikely	expired	of 3 keys like tango:<n> none expires	a time of more than 30 days in seconds is read as a date' "$work/out"
story 'a flush' flushed -c flush_all -c '.why kilos:2'
start_memcached
story 'a server on which nothing was stored' 'never stored' -c '.why kilos:2'
echo 'joe:secret' >"$work/users"
start_memcached_tcp -Y "$work/users"
run "$MCSH" "127.0.0.1:$port" -c '.why kilos:2'
ran 'a server that wants a login: that is said, and no cause is made up' 3 '' "mcsh: 127.0.0.1:$port: CLIENT_ERROR unauthenticated: the server wants a login before anything else (it was started with -Y): .auth USER
mcsh: 127.0.0.1:$port does not list its keys: CLIENT_ERROR unauthenticated: it wants a login before anything else (it was started with -Y): .auth USER\n"
done_testing
