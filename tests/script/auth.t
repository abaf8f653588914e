#!/bin/sh
# Logging in to a server that was started with -Y, and to one that asks for no login.
. "${top_srcdir:?}/tests/lib/tap.sh"

printf 'bob:secret\nann:other\n' >"$work/users"
start_memcached -Y "$work/users"
guarded=$socket

run "$MCSH" "$guarded" -c 'get foo'
ran 'without a login' 3 '' 'mcsh: get foo: CLIENT_ERROR unauthenticated: the server wants a login before anything else (it was started with -Y): .auth USER\n'

# Its error answers a fence, which costs no second then.
for i in $(seq 50); do
	echo "set a $i"
done >"$work/sets"
start=$(date +%s%N)
run "$MCSH" "$guarded" -f "$work/sets"
status_is 'sets without a login' 3
is 'sets without a login are refused at once' yes \
	"$([ $(($(date +%s%N) - start)) -lt 10000000000 ] && echo yes)"
is 'each set without a login is named' 50 "$(grep -c "^mcsh: $work/sets:[0-9]*: set a: CLIENT_ERROR " "$work/err")"
run "$MCSH" "$guarded" -c '.raw get a' -c '.raw --data x set a 0 0 1' -c '.raw lru_crawler metadump all'
ran '.raw without a login' 3 'CLIENT_ERROR unauthenticated\nCLIENT_ERROR unauthenticated\nCLIENT_ERROR unauthenticated\n'
run "$MCSH" "$guarded" -c 'set --noreply a 1'
ran 'a noreply without a login' 4 '' \
	"mcsh: $guarded wants a login: what was sent with --noreply was refused; .auth USER logs in\n"

# The server takes the first set for a login.
for words in 1 '"two words"' '"bob wrong"'; do
	run "$MCSH" "$guarded" -c "set foo $words"
	status_is "a set of $words without a login" 3
	has "a set of $words without a login: is explained by the login: $words" \
		'the server wants a login before anything else (it was started with -Y), and took this for one: .auth USER' \
		"$work/err"
done

run "$MCSH" "$guarded" -c '.auth bob secret' -c 'set foo bar' -c 'get foo'
ran 'with one' 0 'STORED\nbar\n' ''

run "$MCSH" "$guarded" --trace -c '.auth ann other' -c 'get foo' -c '.disconnect' -c 'get foo'
ran 'each connection logs in, and the trace masks it' 0 'bar\nbar\n' '> set login 0 -1 9\\r\\n (mcsh'"'"'s own login)
> ***\\r\\n
> version\\r\\n
< STORED\\r\\n
< VERSION '"$(memcached -V | cut -d' ' -f2)"'\\r\\n
> get foo\\r\\n
< VALUE foo 0 3\\r\\n
< bar\\r\\n
< END\\r\\n
> set login 0 -1 9\\r\\n (mcsh'"'"'s own login)
> ***\\r\\n
> get foo\\r\\n
< STORED\\r\\n
< VALUE foo 0 3\\r\\n
< bar\\r\\n
< END\\r\\n
'

run "$MCSH" "$guarded" -c '.auth bob wrong' -c 'set foo lost'
status_is 'a wrong password' 4
out_is 'stores nothing' ''
is 'stores nothing: is told for each command' 2 \
	"$(grep -c "refused the login: CLIENT_ERROR .*: nothing else was answered; .auth USER gives another login" "$work/err")"

run "$MCSH" "$guarded" --format hex -c '.auth bob secret' -c 'get foo'
status_is 'a format that is none' 2

run "$MCSH" "$guarded" -c '.auth bob secret' -c 'get foo' -c '.auth off' -c 'get foo'
status_is 'the login is given up' 3
out_is 'the value was there before' 'bar\n'

run setsid -w "$MCSH" "$guarded" -c '.auth bob'
ran 'no password' 2 '' 'mcsh: .auth: missing PASSWORD: usage: .auth USER PASSWORD, or .auth off\n'
run "$MCSH" "$guarded" -c '.auth bob "two words"'
ran 'a password with a blank' 2 '' 'mcsh: a user and a password have 1 to 127 bytes without blanks: memcached parts the two by a blank\n'

run "$MCSH" "$guarded" -c '.auth bob secret' -c 'set foo bar' -c '.dump --as tsv' -c '.dump --as tsv'
ran 'a dump logs in, and asks for the keys when it is' 0 'STORED\nfoo\tbar\nfoo\tbar\n' ''
run "$MCSH" "$guarded" -c '.dump --as tsv'
ran 'a dump without a login' 3 '' "mcsh: $guarded does not list its keys: CLIENT_ERROR unauthenticated: it wants a login before anything else (it was started with -Y): .auth USER\n"
run "$MCSH" "$guarded" -c '.auth bob wrong' -c '.dump --as tsv'
refusal="mcsh: $guarded refused the login: CLIENT_ERROR unauthenticated: nothing else was answered; .auth USER gives another login\n"
ran 'a dump with a wrong one' 4 '' "$refusal$refusal"

start_memcached
run "$MCSH" "$socket" -c '.auth bob secret\' -c 'set foo bar' -c 'get login foo'
ran 'a server that asks for none keeps no login' 1 'STORED\nfoo\tbar\n' ''
run "$MCSH" "$socket" -c 'stats' 
is 'a server that asks for none keeps no login: nor an item of it' 1 "$(sed -n 's/^curr_items.//p' "$work/out")"

done_testing
