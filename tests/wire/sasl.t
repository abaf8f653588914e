#!/bin/sh
# SASL over the binary protocol: a server that was started with -S, with a user database of its own.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

mkdir "$work/sasl"
printf 'mech_list: plain cram-md5\nlog_level: 0\nsasldb_path: %s\n' "$work/sasl/db" >"$work/sasl/memcached.conf"
PATH=$PATH:/usr/sbin
printf 'pass word' | saslpasswd2 -a memcached -c -p -f "$work/sasl/db" -u "$(hostname)" bob
SASL_CONF_PATH=$work/sasl
export SASL_CONF_PATH
start_memcached -S

# as USER PASSWORD ARGUMENT...: mcsh in binary, logged in.
as() {
	user=$1
	MCSH_PASSWORD=$2
	export MCSH_PASSWORD
	shift 2
	run "$MCSH" --user "$user" --protocol binary "$socket" "$@"
	unset MCSH_PASSWORD
}

as bob 'pass word' -c 'set foo bar' -c 'get foo' -c .disconnect -c 'get foo'
ran 'a login: on each connection' 0 'STORED\nbar\nbar\n' ''
as bob 'pass word' --trace -c 'get foo'
sed -i 's/ 00000000000000[0-9a-f][0-9a-f] getk: ok/ CAS getk: ok/' "$work/err"
ran 'a login: its packets, and no password' 0 'bar\n' "> 80 20 0000 00 00 0000 00000000 00000001 0000000000000000 sasl list (mcsh's own login)
> 80 21 0005 00 00 0000 00000013 00000001 0000000000000000 sasl auth (mcsh's own login)
> PLAIN ***
> 80 0a 0000 00 00 0000 00000000 00000001 0000000000000000 noop (mcsh's own fence)
> 80 0c 0003 00 00 0000 00000003 00000002 0000000000000000 getk
> foo
< 81 20 0000 00 00 0000 0000000e 00000001 0000000000000000 sasl list: ok (to mcsh's own login)
< PLAIN CRAM-MD5
< 81 21 0000 00 00 0000 0000000d 00000001 0000000000000000 sasl auth: ok (to mcsh's own login)
< Authenticated
< 81 0a 0000 00 00 0000 00000000 00000001 0000000000000000 noop: ok (to mcsh's own fence)
< 81 0c 0003 04 00 0000 0000000a 00000002 CAS getk: ok
< 00000000 foo bar
"
as bob 'pass word' --trace=hex -c 'get foo'
is 'a login: no password in the hex dump' 0 "$(grep -c 'pass\|word\|70 61 73' "$work/err")"
as bob wrong -c 'set foo lost' -c 'get foo' -c 'set --noreply foo lost'
status_is 'a wrong password: the status' 4
out_is 'a wrong password: nothing is done' ''
is 'a wrong password: each command says so' 3 \
	"$(grep -c "^mcsh: $socket refused the login: CLIENT_ERROR Auth failure: " "$work/err")"
as bob wrong --trace -c 'get a' -c 'get b'
is 'a wrong password: is sent once' 1 "$(grep -c '^> PLAIN' "$work/err")"
as bob 'pass word' -c 'set foo bar' -c '.auth bob wrong' -c 'get foo' -c ".auth bob 'pass word'" -c 'get foo'
status_is 'another login: the status of the wrong one' 4
out_is 'another login: one that is right is used again' 'STORED\nbar\n'

wants='the server wants a login before anything else (it was started with -S): .auth USER'
run "$MCSH" --protocol binary "$socket" -c 'get foo' -c 'get foo foo' -c 'set foo x' -c 'stats' -c version
ran 'without a login: each command is refused, and the version is not' 3 "$(memcached -V | cut -d' ' -f2)\n" \
	"mcsh: get foo: CLIENT_ERROR Auth failure: $wants
mcsh: get foo ...: CLIENT_ERROR Auth failure: $wants
mcsh: set foo: CLIENT_ERROR Auth failure: $wants
mcsh: stats: CLIENT_ERROR Auth failure: $wants
"
seq 300 | sed 's/.*/set k& &/' >"$work/script"
run "$MCSH" --protocol binary "$socket" -f "$work/script"
out_is 'without a login: a script stores nothing' ''
as bob 'pass word' -f "$work/script"
is 'with a login: a script stores all' 300 "$(grep -c STORED "$work/out")"

as bob 'pass word' --timeout 300ms -c '.load -' -c .dump <<'END'
{"mcsh_items":1}
{"key":"loaded","flags":0,"exptime":0,"value":"x"}
END
status_is '.load and .dump: the status' 4
has '.load: its items go as packets' 'items	1' "$work/out"
has '.dump: lists of keys are text, which this server does not speak' \
	': lists of keys are text: a server that was started with -S, which speaks the binary protocol alone, gives none' "$work/err"

# Text: the server does not answer, or closes.
run env MCSH_PASSWORD=secret "$MCSH" --user bob --timeout 300ms "$socket" -c 'get foo'
status_is 'text for a server with -S: the status' 4
has 'text for a server with -S: a login names the protocol that it speaks' \
	'; if it was started with -S: .set protocol binary' "$work/err"
run "$MCSH" --timeout 300ms "$socket" -c 'get foo'
ran 'text for a server with -S: silence names it too' 4 '' \
	"mcsh: $socket did not answer in time: the connection is closed, the next command opens a new one; --timeout or .set timeout gives it longer; if it was started with -S: .set protocol binary\n"

as bob 'pass word' --format plain -c '.servers --long'
is '.servers --long with a login by SASL: what there is, and what -S rules out' \
	'binary yes with -S it speaks nothing else
login yes SASL (-S)
watch no with -S it speaks the binary protocol alone' \
	"$(grep -E '	(login|binary|watch)	' "$work/out" | cut -f3- | tr '\t' ' ' | sort)"

# Servers that ask for no login, or for another one.
start_memcached
as bob 'pass word' -c 'set foo bar' -c 'get foo'
ran 'a server without SASL needs no login' 0 'STORED\nbar\n' ''
printf 'bob:secret\n' >"$work/users"
start_memcached -Y "$work/users"
as bob secret --timeout 300ms -c 'get foo'
ran 'binary for a server with -Y: its line of text names the protocol' 4 '' \
	'mcsh: unexpected reply to login: "CLIENT_ERROR unauthenticated": does it speak the binary protocol? .set protocol auto speaks text\n'
run "$MCSH" --protocol binary --timeout 300ms "$socket" -c 'get foo'
ran 'binary for a server with -Y: so does its silence' 4 '' \
	"mcsh: $socket did not answer in time: the connection is closed, the next command opens a new one; --timeout or .set timeout gives it longer; if it speaks text alone: .set protocol auto\n"
as bob "$(printf 'a%.0s' $(seq 128))" -c 'get foo'
ran 'a password of 128 bytes is refused' 2 '' 'mcsh: a user and a password have 1 to 127 bytes without NUL: SASL parts the two by NUL\n'
run "$MCSH" --protocol binary "$socket" -c '.auth bob "a\0b"'
ran 'a password with NUL is refused' 2 '' 'mcsh: a user and a password have 1 to 127 bytes without NUL: SASL parts the two by NUL\n'

# What a server of another kind answers. The mechanisms are listed, PLAIN is not one of them.
head='\x00\x00\x00\x00\x00\x00\x00\x00'
fake <<END
accept
want \x80\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01$head\x80\x21\x00\x05\x00\x00\x00\x00\x00\x00\x00\x0b\x00\x00\x00\x01${head}PLAIN\x00bob\x00x\x80\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01$head\x80\x0c\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x02${head}a
send \x81\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x01${head}CRAM-MD5\x81\x21\x00\x00\x00\x00\x00\x20\x00\x00\x00\x00\x00\x00\x00\x01$head
gone
END
socket=$fake
as bob x -c 'get a'
ran 'a server without PLAIN is named' 4 '' \
	"mcsh: $fake refused the login: CLIENT_ERROR PLAIN is not one of its mechanisms: nothing else was answered; .auth USER gives another login\n"
fake_followed 'a server without PLAIN: nothing else is sent'

done_testing
