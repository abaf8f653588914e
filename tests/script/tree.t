#!/bin/sh
# .tree: the keys by what they have in common.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
first=$socket
on() {
	run "$MCSH" "$first" "$@"
}

on -c .tree
ran 'an empty server has no rows' 0
on --format json -c .tree
sed -i 's/"seconds":[0-9.]*/"seconds":0/' "$work/out"
ran 'json of an empty server: the object with the status' 0 \
	'{"command":".tree","items":0,"bytes":0,"looked_at":0,"given_up":0,"seconds":0,"status":"ok"}\n'

on -c 'set user:1:profile a' -c 'set user:27:profile a' -c 'set user:3:cart a 1h' -c 'set page/9e107d9d372bb6826bd81d3542a419d6.html a 1h' \
	-c 'set page/0f5c9a1e-7d7b-4b0e-9f0c-2f1d3c4b5a69.html a' -c 'set plain a'
on -c '.tree | cut -f 1-6'
ran 'plain: key, depth, items, bytes, share, forever' 0 "$(printf '%s\\n' \
	'user:<n>:\t1\t3\t220\t44.6\t2' 'user:<n>:profile\t2\t2\t149\t30.2\t2' 'user:<n>:cart\t2\t1\t71\t14.4\t0' \
	'page/\t1\t2\t208\t42.2\t1' 'page/<uuid>.html\t2\t1\t106\t21.5\t1' 'page/<hash>.html\t2\t1\t102\t20.7\t0' 'plain\t1\t1\t65\t13.2\t1')"
on -c '.tree user:1 | cut -f 1-3'
ran 'a PREFIX is where the tree begins' 0 'user:1:profile\t1\t1\n'
on -c '.tree --prefix user: --depth 1 --by items | cut -f 1-3'
ran '--depth ends at a level' 0 'user:<n>:\t1\t3\n'
on -c '.tree --top 1 --depth 1 | cut -f 1-5'
ran '--top: the rest of a level is one row' 0 'user:<n>:\t1\t3\t220\t44.6\n<others>\t1\t3\t273\t55.4\n'
on -c '.tree --separators / --by items --depth 1 | cut -f 1-3,5'
ran '--separators: keys are divided at those bytes' 0 'page/\t1\t2\t33.3\nuser:<n>:profile\t1\t2\t33.3\nplain\t1\t1\t16.7\nuser:<n>:cart\t1\t1\t16.7\n'
on -c '.tree --forever --by items --depth 1 | cut -f 1,3'
ran 'the options of .keys say what counts' 0 'user:<n>:profile\t2\npage/<uuid>.html\t1\nplain\t1\n'
on -c ".tree --match cart | cut -f 1,7 | sed 's/[23][0-9][0-9][0-9]/an hour/'"
ran 'ttl: the median of what expires' 0 'user:<n>:cart\tan hour\n'
on --format csv -c '.tree page/ --depth 1 | cut -d , -f 1-6'
ran 'csv: a header and a row a branch' 0 'key,depth,items,bytes,share,forever\npage/<uuid>.html,1,1,106,51.0,1\npage/<hash>.html,1,1,102,49.0,0\n'
on --format json -c '.tree pla'
sed -i 's/"seconds":[0-9.]*/"seconds":0/' "$work/out"
ran 'json: an object a row, then one with the status' 0 \
	'{"command":".tree","key":"plain","depth":1,"items":1,"bytes":65,"share":100.0,"forever":1}
{"command":".tree","items":1,"bytes":65,"looked_at":6,"given_up":0,"seconds":0,"status":"ok"}\n'
on --format pretty -c '.tree --depth 1 --top 1 --larger 65'
sed -i 's/in [0-9].*/in T)/' "$work/out"
ran 'pretty: numbers, a bar, and names' 0 "$(printf '%s\\n' \
	'    items       size   share             never     ttl  key' \
	'        5      428 B  100.0 %  ########  60.0 %     1 h  all' \
	'        3      220 B  51.4 %  ####      66.7 %     1 h  user:<n>:' \
	'        2      208 B  48.6 %  ####      50.0 %     1 h  others' \
	'(5 keys of 6 looked at, 428 B, in T)')"

start_memcached
run "$MCSH" "$socket" -c 'set user:9:cart a'
run "$MCSH" "$first" "$socket" -c '.tree user: | cut -f 1,3'
ran 'several servers are one tree' 0 'user:<n>:\t4\nuser:<n>:profile\t2\nuser:<n>:cart\t2\n'

bad() {
	on -c ".tree $1"
	ran "refused: .tree $1" 2 '' "mcsh: $2\n"
}
bad '--depth 0' '--depth takes a number of levels: write a number from 1 to 16'
bad '--depth 17' '--depth takes a number of levels: write a number from 1 to 16'
bad '--top x' '--top takes a number of rows: write a number from 1 to 100000'
bad '--by size' 'no order by "size": write bytes or items'
bad '--prefix a b' 'PREFIX is what --prefix is: leave one of them out'
bad '--unbumped x' '--unbumped takes a time: write 90s, 15m, 12h or 45d'

# More names than are kept: what has many keys is exact all the same.
perl -e 'for my $i (0 .. 99999) { printf "once:%s\t1\n", join "", map { chr 103 + ($i / 17 ** $_) % 17 } 0 .. 4; printf "many:%d\t1\n", $i if $i % 4 == 0 }' >"$work/many.tsv"
start_memcached -m 200
run "$MCSH" "$socket" -c ".load $work/many.tsv | head -1"
measure "$MCSH" "$socket" -c '.tree --by items --top 1 | cut -f 1-3'
status_is 'more names than are kept: status 0' 0
has 'more names than are kept: how many branches are left out is reported' 'names of a few keys each were more than are kept' "$work/err"
has 'more names than are kept: the sums are exact' 'once:	1	100000' "$work/out"
has 'more names than are kept: each large branch keeps its largest' '<others>	1	25000' "$work/out"
resident_is_below 'more names than are kept: memory is bounded' 32

done_testing
