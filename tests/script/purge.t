#!/bin/sh
# .purge and .touch: many items changed at once, and only those that were listed.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached
first=$socket

mcsh() {
	run "$MCSH" --no-rc "$first" "$@"
}

# figures NAME|NAME: of the last run, a line each, the last column alone.
figures() {
	grep -E "^($1)	" "$work/out" | cut -f2 | tr '\n' ' ' | sed 's/ $//'
}

mcsh -c 'set page:1 a' -c 'set page:2 b 1h' -c 'set user:1 c' -c '.purge page:*'
cas=$("$MCSH" "$socket" --format=json -c 'me page:1' | jq .item.cas)
status_is 'a script without --yes: a dry run, status 0' 0
is 'a dry run: items, bytes and items looked at' '2 132 3' "$(figures 'items|bytes|looked_at')"
is 'a dry run: shows some of the keys' 'page:1 page:2' "$(grep '^sample' "$work/out" | cut -f2 | sort | tr '\n' ' ' | sed 's/ $//')"
has 'a dry run: a note names --yes' 'note: a dry run, nothing was deleted: --yes does it' "$work/err"
mcsh -c 'get page:1 page:2'
ran 'a dry run deletes nothing' 0 'page:1\ta\npage:2\tb\n'
mcsh -c '.purge --dry-run page:*'
ran_err=$(cat "$work/err")
is '--dry-run: no note' '' "$ran_err"
mcsh --trace --trace-file "$work/trace" -c '.purge page:* --yes'
status_is '--yes: status 0' 0
is '--yes: what was deleted' 'no 2 0 0 0 0 0' "$(figures 'dry_run|items|changed|gone|refused|unknown|unsent')"
mcsh -c 'get page:1 page:2 user:1'
ran '--yes deletes what fits and nothing else' 1 'user:1\tc\n'
has 'each delete compares the cas that was listed' "md page:1 C$cas O" "$work/trace"

mcsh -c '.purge'
ran '.purge without items: status 2' 2 '' 'mcsh: .purge: which items?: give a GLOB or --prefix P; "*" is all of them\n'
mcsh -c '.purge --match "" --yes' -c '.purge "" --yes' -c '.purge --prefix "" --yes' -c '.keys --count'
ran 'what is left empty by mistake does not mean all items' 2 "$("$MCSH" "$socket" -c '.keys --count')\n" 'mcsh: --match: an empty expression matches every key: leave --match out for all of them
mcsh: an empty GLOB fits no key: "*" fits all of them
mcsh: .purge: which items?: give a GLOB or --prefix P; "*" is all of them\n'
mcsh -c '.purge * --yes --dry-run'
ran '--yes and --dry-run exclude each other' 2 '' 'mcsh: --yes and --dry-run exclude each other: leave one of them out\n'
mcsh -c '.purge * --rate 0'
ran '--rate 0 is refused' 2 '' 'mcsh: --rate 0 would never end: write a number from 1 on\n'
mcsh -c '.purge * --rate much'
status_is '--rate with a word is refused' 2
mcsh -c '.pur *'
status_is 'the beginning of .purge is no command' 2
mcsh --readonly -c '.purge * --yes'
ran '--readonly refuses .purge' 2 '' 'mcsh: .purge is refused: this session is read-only: start mcsh without --readonly to change anything\n'
mcsh -c '.purge nothing:* --yes'
status_is 'nothing fits: status 0' 0
is 'nothing fits, with --yes: it was done to no items' 'no 0' "$(figures 'dry_run|items')"
mcsh -c '.purge nothing:*'
is 'nothing fits: a dry run of no items' 'yes 0' "$(figures 'dry_run|items')"

# Filters are those of .keys.
mcsh -c 'set short a 10s' -c 'set long a 1h' -c 'set ever a' -c '.purge --ttl-under 1m --yes' -c 'get short long ever user:1'
is '--ttl-under deletes what expires soon' 'long	a
ever	a
user:1	c' "$(tail -3 "$work/out")"
mcsh -c '.purge * --forever --prefix ev --yes' -c 'get long ever'
is 'a GLOB and options together: an item has to pass them all' 'long	a' "$(tail -1 "$work/out")"
mcsh --key-prefix p: -c 'set k v' -c '.purge * --yes' -c 'get k'
is 'key_prefix: only keys that begin with it' 1 "$(figures items)"
mcsh -c 'get long'
ran 'key_prefix: keys without it stay' 0 'a\n'
mcsh -c 'ms "a b" x' -c 'set n 1' -c '.purge "a b" --yes' -c 'mg "a b" v' -c 'get n'
is 'a key that goes out in base64 is deleted' 1 "$(figures items)"

# Formats.
mcsh -c 'set j:1 a' --format json -c '.purge j:*' -c '.purge j:* --yes'
is 'json: the dry run and what was done are an object each' '.purge ok true 1 ["j:1"]
.purge ok false 1 null' "$(grep -F '"command":".purge"' "$work/out" | json - .command .status .dry_run .items .samples)"
mcsh --format csv -c '.purge none*' -c '.purge none* --yes'
is 'csv: a table of both' 'command,dry_run,items,bytes,looked_at,changed,gone,refused,unknown,unsent,seconds
.purge,yes,0,0,3,0,0,0,0,0,0.000000
.purge,no,0,0,3,0,0,0,0,0,0.000000' "$(cat "$work/out")"
mcsh --format pretty --no-color -c 'set j:1 a' -c '.purge j:*' -c '.purge j:* --yes'
sed -i 's/in [0-9.]* m\{0,1\}s$/in TIME/' "$work/out"
out_is 'pretty: a sentence for the dry run and one for the deletion' 'STORED\nwould delete 1 item, 63 B, of 4 looked at, in less than a second\n  j:1\ndeleted 1 item, 63 B, in TIME\n'

# Several servers.
start_memcached
run "$MCSH" --no-rc "$first" "$socket" -c 'set_multi a 1 b 2 c 3 d 4 e 5 f 6 g 7 h 8' -c '.purge ? --yes'
is 'several servers: each item on the one that listed it' '9 0' "$(figures 'items|gone')"
run "$MCSH" --no-rc "$first" "$work/none" -c 'set zz 1' -c '.purge * --yes' -c '.keys --count --server 1'
is 'a server that is down: nothing is deleted on the others' 1 "$("$MCSH" "$first" -c '.keys --count long')"
status_is 'a server that is down: status 4' 4

# A server that dies in the middle.
start_memcached
dying=$socket dies=$server
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
	echo "set d:$i x"
done | "$MCSH" "$first" "$dying" >/dev/null
{
	until "$MCSH" "$dying" -c stats | grep -q '^delete_hits	[1-9]'; do :; done
	kill -KILL "$dies"
} 2>/dev/null &
run "$MCSH" --no-rc "$first" "$dying" -c '.purge d:* --rate 20 --yes'
status_is 'a server that dies in the middle: status 4' 4
has 'a server that dies in the middle: it is named' "$dying" "$work/err"
is 'a server that dies in the middle: every item is counted' 30 "$(figures 'items|unknown|unsent' | tr ' ' '+' | sed 's/^/echo $((/; s/$/))/' | sh)"
# Its items may have come after all of the other's, of which none are left then.
left=$("$MCSH" "$first" -c '.keys d:* --count')
passes 'a server that dies in the middle: what the others have left is counted as unsent' \
	[ "$(figures unsent)" -gt 0 -a "$left" -le "$(figures unsent)" ]
"$MCSH" "$first" -c '.purge d:* --yes' >/dev/null

# --rate.
for i in 1 2 3 4 5 6; do echo "set rate:$i x"; done | "$MCSH" "$first" >/dev/null
measure "$MCSH" --no-rc "$first" -c '.purge rate:* --rate 10 --yes'
passes '--rate 10: six items take half a second' test "$elapsed" -ge 450

# .touch
mcsh -c 'set t:1 a' -c 'set t:2 b 10s' -c '.touch t:* 1h --yes' -c 'mg t:1 t' -c 'mg t:2 t'
is '.touch GLOB gives each item the new time' 'HD	t3600 HD	t3600' "$(tail -2 "$work/out" | tr '\n' ' ' | sed 's/ $//')"
is '.touch GLOB: how many were changed' 2 "$(figures items)"
mcsh -c '.touch t:* 2h' -c 'mg t:1 t'
passes '.touch without --yes changes nothing' grep -q '^HD	t3[56]' "$work/out"
mcsh -c '.touch t:* soon'
status_is '.touch with a bad time: status 2' 2
mcsh -c '.touch t:*'
status_is '.touch without a time: status 2' 2
mcsh -c 'ms "t 3" x' -c '.touch "t 3" 1h --yes' -c 'mg "t 3" t'
is '.touch reaches a key that goes out in base64' 'HD	tHOUR' "$(tail -1 "$work/out" | sed 's/t3[56]..$/tHOUR/; s/t360[01]$/tHOUR/')"
mcsh --protocol binary -c '.touch "t *" 2h --yes' -c '.touch t:* 2h --yes' -c '.set protocol auto' -c 'mg "t 3" t' -c 'mg t:2 t'
is 'binary: .touch' '1 2 HD	t7 HD	t7' "$(figures items) $(tail -2 "$work/out" | sed 's/t7[12]..$/t7/' | tr '\n' ' ' | sed 's/ $//')"

# What cannot be guarded.
start_memcached -C
run "$MCSH" --no-rc "$socket" -c 'set a 1' -c '.purge a --yes' -c 'get a'
status_is 'no cas numbers (-C): status 3' 3
is 'no cas numbers (-C): nothing is deleted' 1 "$(tail -1 "$work/out")"
err_is 'no cas numbers (-C): the error names --unguarded' 'mcsh: a server keeps no cas numbers (-C): nothing was deleted: --unguarded deletes each, whatever was stored meanwhile\n'
run "$MCSH" --no-rc "$socket" -c '.purge a --yes --unguarded' -c 'get a'
is '--unguarded deletes on a server without cas numbers' 1 "$(figures items)"
mcsh -c '.set protocol classic' -c 'set a 1' -c '.purge a --yes' -c 'get a'
is 'the classic protocol cannot guard: nothing is deleted' 1 "$(tail -1 "$work/out")"
has 'the classic protocol cannot guard: the error says so' 'the classic protocol, which was chosen, compares no cas' "$work/err"
mcsh --trace --trace-file "$work/trace2" -c '.set protocol classic' -c '.purge a --yes --unguarded'
has '--unguarded sends the classic delete' '> delete a' "$work/trace2"
mcsh --protocol binary -c 'set b 1' -c '.purge b --yes' -c 'get b'
is 'binary: the cas in the header guards' '1 0' "$(figures 'items|changed')"

done_testing
