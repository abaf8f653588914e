#!/bin/sh
# .where --ask at an mcrouter, which says where it sends a key; nobody else is asked for that.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

cat >"$work/steps" <<'END'
accept
want version\r\n
send VERSION mcrouter 1.0\r\n
want get foo\r\n
send VALUE foo 0 3\r\nbar\r\nEND\r\n
want get __mcrouter__.route(get,foo)\r\n
send VALUE __mcrouter__.route(get,foo) 0 32\r\n127.0.0.1:10001\r\n127.0.0.1:10002\r\nEND\r\n
gone
END

fake <"$work/steps"
run "$MCSH" "$fake" --format csv -c '.where --ask foo | cut -d , -f 4,5,7- | sed -n 1,2p'
status_is 'an mcrouter: status 0' 0
has 'an mcrouter: its destinations are the last column' '127.0.0.1:10001 127.0.0.1:10002' "$work/out"
has 'an mcrouter: which has a name' 'routed_to' "$work/out"
fake_followed 'an mcrouter: is asked for its version, the key and the route, in this order'

fake <"$work/steps"
run "$MCSH" "$fake" --format pretty --no-color -c '.where --ask foo'
is 'an mcrouter: pretty says it in a line' \
	"$fake is mcrouter, and sends it to 127.0.0.1:10001 127.0.0.1:10002" \
	"$(tail -n +2 "$work/out" | tr -s '\n ' ' ' | sed 's/^ //; s/ $//')"
fake_followed 'an mcrouter: pretty asks the same'

fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want get foo\r\n
send END\r\n
gone
END
run "$MCSH" "$fake" --format csv -c '.where --ask foo | head -n 1'
is 'a memcached: there is no such column' 'key,distribution,number,server,has it,clients' "$(tr -d '\r' <"$work/out")"
fake_followed 'a memcached is not asked for a route'

done_testing
