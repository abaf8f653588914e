#!/bin/sh
# .copy: an item under another key, or on another server.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached

mcsh() {
	run "$MCSH" "$socket" "$@"
}

mcsh -c 'set --flags 7 foo "b\0r" 1000' -c '.copy foo new' -c 'mg new v f t'
sed -i 's/t99[89]$/t1000/' "$work/out"
ran '.copy keeps the bytes, the flags and the time that is left' 0 'STORED\nSTORED\nb\\0r\tf7\tt1000\n'
mcsh -c 'set foo bar' -c '.copy foo forever' -c 'mg forever v f t'
ran 'a copy of what never expires never expires' 0 'STORED\nSTORED\nbar\tf0\tt-1\n'
mcsh -c 'set foo bar 45d' -c '.copy foo long' -c 'mg long t | cut -c 1-8'
ran 'a copy of more than 30 days has a date' 0 'STORED\nSTORED\nHD\tt3888\n'
mcsh -c 'set there old' -c '.copy foo there' -c 'get there'
ran 'an item that is there already stays, status 1' 1 'STORED\nNOT_STORED\nold\n'
mcsh -c '.copy --overwrite foo there' -c 'get there'
ran '--overwrite replaces the item that is there' 0 'STORED\nbar\n'
mcsh -c '.copy nope new2' -c 'get new2'
ran 'a miss stores nothing, status 1' 1 '' 'mcsh: nope is not in the cache: nothing was stored\n'
run "$MCSH" "$socket" -c '.copy user:* old'
ran 'a pattern that is no key: what copies many' 1 '' 'mcsh: user:* is not in the cache: nothing was stored; .dump --match takes a pattern, and .load stores it\n'
mcsh -c 'ms "a b" x' -c '.copy "a b" ab' -c 'get ab'
ran 'an item whose key has a blank is copied to one that has none' 0 'HD\nSTORED\nx\n'
mcsh -c 'set --flags 7 foo bar 1000' -c '.copy foo "c\0d"' -c 'mg "c\0d" v f t'
sed -i 's/t99[89]$/t1000/' "$work/out"
ran 'a new key with a control byte is stored, with flags and time' 0 'STORED\nSTORED\nbar\tf7\tt1000\n'
mcsh -c '.copy forever "c\0d"' -c 'mg "c\0d" v f'
ran 'a new key with a control byte that is there already stays, status 1' 1 'bar\tf7\n' 'mcsh: "c\\0d" is there already: --overwrite replaces it\n'
mcsh -c 'set foo bar' -c '.copy --overwrite foo "c\0d"' -c 'mg "c\0d" v f'
ran '--overwrite replaces a key with a control byte, too' 0 'STORED\nSTORED\nbar\tf0\n'
head -c 1048515 /dev/zero >"$work/large"
mcsh -c "set --file $work/large l" -c '.copy l "c "' -c 'mg "c " s' -c '.copy --overwrite l "c d"' -c 'mg "c d" s'
ran 'a new key with a blank by which the item gets too large: nothing is sent' 3 'STORED\nSTORED\nHD\ts1048515\n' \
	"mcsh: the item would take 1048577 bytes, and $socket takes 1048576 at the most (item_size_max): nothing was stored; start the server with a larger -I, or store less\n"
mcsh -c 'delete l'
mcsh -c '.set protocol classic' -c '.copy foo "c d"'
ran 'a new key with a blank is refused where the classic protocol was chosen' 2 '' 'mcsh: the classic protocol has no keys in base64: .set protocol auto\n'
mcsh -c '.copy "n\0pe" x'
ran 'a miss names its key whole' 1 '' 'mcsh: "n\\0pe" is not in the cache: nothing was stored\n'
mcsh --key-prefix p: -c 'set k v' -c '.copy k l' -c 'get l'
ran '--key-prefix is before both keys' 0 'STORED\nSTORED\nv\n'
mcsh -c 'get p:l'
ran '--key-prefix is before the new key on the wire' 0 'v\n'
mcsh --trace -c '.copy foo wire'
sed -n '/own question/d; s/^> //p' "$work/err" >"$work/sent"
printf '%s\n' 'mg foo v f t c u\r\n' 'add wire 0 3888000 3\r\n' 'bar\r\n' |
	sed 's/3888000/AT/' >"$work/want"
sed -i 's/^\(add wire 0 \)[0-9]* /\1AT /' "$work/sent"
same_bytes '.copy sends mg without a bump, then add' "$work/want" "$work/sent"
mcsh --format json -c '.copy foo json'
is 'json: the answer is that of add, under the new key' '.copy json STORED ok' \
	"$(json "$work/out" .command .key .reply .status)"
mcsh --readonly -c '.copy foo x' -c '.echo'
ran 'a read-only session refuses it' 2 '\n' 'mcsh: .copy is refused: this session is read-only: start mcsh without --readonly to change anything\n'
mcsh -c '.copy foo'
status_is 'one key alone: status 2' 2
mcsh -c '.copy foo bar baz'
status_is 'a third operand: status 2' 2
mcsh -c 'set s x' -c 'md s I' -c '.copy s t'
ran 'the token of a stale item: that it was taken is said' 0 'STORED\nHD\nSTORED\n' 'mcsh: note: the item is stale, and reading it took the token to fetch it again: md KEY I marks it stale again, and the next who gets it is shown W\n'

# --- several servers ---

first=$socket
start_memcached
both() {
	run "$MCSH" "$first" "$socket" "$@"
}
both -c 'set a two' -c '.copy a b' -c '.on 1 get b' -c '.on 2 get a'
ran 'each key has its own server' 0 'STORED\nSTORED\ntwo\ntwo\n'
both -c '.copy --to 2 b b' -c '.on 2 get b'
ran '--to: the new item is stored on that server' 0 'STORED\ntwo\n'
both -c '.on 2 set b astray' -c 'delete b' -c '.copy --server 2 b b' -c '.on 1 get b'
ran '--server: an item is copied to where it belongs, under the same key' 0 'STORED\nDELETED\nSTORED\nastray\n'
both -c '.copy --to 3 b b'
status_is '--to: an unknown server: status 2' 2
both -c '.on 1 .copy b d' -c '.on 1 get d'
ran '.on: both keys are on that server' 0 'STORED\nastray\n'
done_testing
