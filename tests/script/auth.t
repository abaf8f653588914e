#!/bin/sh
# Logging in to a server that was started with -Y, and to one that asks for no login.
. "${top_srcdir:?}/tests/lib/tap.sh"

printf 'bob:secret\nann:other\n' >"$work/users"
start_memcached -Y "$work/users"
guarded=$socket

run "$MCSH" "$guarded" -c 'get foo'
ran 'get without a login: the error and what to do, status 3' 3 '' 'mcsh: get foo: CLIENT_ERROR unauthenticated: the server wants a login before anything else (it was started with -Y): .auth USER\n'

# Its error answers a fence, which costs no second then.
for i in $(seq 50); do
	echo "set a $i"
done >"$work/sets"
start=$(date +%s%N)
run "$MCSH" "$guarded" -f "$work/sets"
status_is 'a script of sets without a login: status 3' 3
is 'a script of sets without a login: no wait for each' yes \
	"$([ $(($(date +%s%N) - start)) -lt 10000000000 ] && echo yes)"
is 'a script of sets without a login: each is reported' 50 "$(grep -c "^mcsh: $work/sets:[0-9]*: set a: CLIENT_ERROR " "$work/err")"
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
ran '.auth: set and get are answered, status 0' 0 'STORED\nbar\n' ''

run "$MCSH" "$guarded" --trace -c '.auth ann other' -c 'get foo' -c '.disconnect' -c 'get foo'
ran '.auth: each connection logs in, and the trace masks it' 0 'bar\nbar\n' '> set login 0 -1 9\\r\\n (mcsh'"'"'s own login)
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
status_is '.auth with a wrong password: status 4' 4
out_is '.auth with a wrong password: no command is answered' ''
is '.auth with a wrong password: each command reports it' 2 \
	"$(grep -c "refused the login: CLIENT_ERROR .*: nothing else was answered; .auth USER gives another login" "$work/err")"

run "$MCSH" "$guarded" --format hex -c '.auth bob secret' -c 'get foo'
status_is '--format hex with .auth: refused, status 2' 2

run "$MCSH" "$guarded" -c '.auth bob secret' -c 'get foo' -c '.auth off' -c 'get foo'
status_is '.auth off: the next command has no login, status 3' 3
out_is '.auth off: the value read before it is shown' 'bar\n'

run setsid -w "$MCSH" "$guarded" -c '.auth bob'
ran '.auth without a password: the usage, status 2' 2 '' 'mcsh: .auth: missing PASSWORD: usage: .auth USER PASSWORD, or .auth off\n'
run "$MCSH" "$guarded" -c '.auth bob "two words"'
ran '.auth with a blank in the password: refused, status 2' 2 '' 'mcsh: a user and a password have 1 to 127 bytes without blanks: memcached parts the two by a blank\n'

run "$MCSH" "$guarded" -c '.auth bob secret' -c 'set foo bar' -c '.dump --as tsv' -c '.dump --as tsv'
ran '.dump: logs in, and then asks for the keys' 0 'STORED\nfoo\tbar\nfoo\tbar\n' ''
run "$MCSH" "$guarded" -c '.dump --as tsv'
ran '.dump without a login: status 3' 3 '' "mcsh: $guarded does not list its keys: CLIENT_ERROR unauthenticated: it wants a login before anything else (it was started with -Y): .auth USER\n"
run "$MCSH" "$guarded" -c .report
status_is '.report without a login: status 3' 3
has '.report without a login: reported' 'CLIENT_ERROR unauthenticated' "$work/err"
run "$MCSH" "$guarded" -c '.auth bob wrong' -c '.dump --as tsv'
refused="mcsh: $guarded refused the login: CLIENT_ERROR" other='nothing else was answered; .auth USER gives another login\n'
ran '.dump with a wrong password: status 4' 4 '' "$refused unauthenticated: $other$refused authentication failure: $other"

# A server refuses to watch or to list where the login came in the same packet.
for command in 'watch --for 200ms fetchers' '.watch --for 200ms foo' '.hot --for 200ms' \
	'.raw --for 200ms watch fetchers' '.raw lru_crawler metadump all' 'lru_crawler metadump hash' .keys; do
	run env MCSH_PASSWORD=secret "$MCSH" --user bob "$guarded" -c "$command"
	status_is "--user: $command" 0
	is "--user: $command: nothing is refused" '' "$(cat "$work/err"; grep ERROR "$work/out")"
done

# A login that is typed as the set that it is, where the server has said that it wants one.
refused='> get a\\r\\n\n< CLIENT_ERROR unauthenticated\\r\\n\n'
because='mcsh: get a: CLIENT_ERROR unauthenticated: the server wants a login before anything else (it was started with -Y): .auth USER\n'
run "$MCSH" "$guarded" --trace -c 'get a' -c 'set x "bob secret"' -c 'set foo bar'
ran 'a set that logs in by hand: its data is masked, that of the next is not' 3 'STORED\nSTORED\n' \
	"$refused$because"'> set x 0 0 10\\r\\n
> ***\\r\\n
< STORED\\r\\n
> set foo 0 0 3\\r\\n
> bar\\r\\n
< STORED\\r\\n
'
run "$MCSH" "$guarded" --trace -c 'get a' -c '.raw --data "bob secret" set x 0 0 10' -c .disconnect \
	-c 'set x "bob secret"'
ran '.raw that logs in by hand: its data is masked, and again on the next connection' 3 'STORED\nSTORED\n' \
	"$refused$because"'> set x 0 0 10\\r\\n
> ***\\r\\n
> version\\r\\n (mcsh'"'"'s own fence)
< STORED\\r\\n
< VERSION '"$(memcached -V | cut -d' ' -f2)"'\\r\\n (to mcsh'"'"'s own fence)
> set x 0 0 10\\r\\n
> ***\\r\\n
< STORED\\r\\n
'
for mode in hex explain; do
	run "$MCSH" "$guarded" --trace=$mode -c 'get a' -c '.raw --data "bob secret" set x 0 0 10' \
		-c .disconnect -c 'set x "bob secret"'
	is "a login by hand in a trace with $mode: twice masked" '2 0' \
		"$(grep -c '\*\*\*' "$work/err") $(grep -c 'bob\|62 6f 62' "$work/err")"
done
printf '%s\n' 'get a' 'set x "bob wrong"' 'set x "bob secret"' >"$work/logins"
run "$MCSH" "$guarded" --trace -f "$work/logins"
is 'two logins by hand in a script: neither is in the trace' 0 "$(grep -c 'bob' "$work/err")"
run "$MCSH" "$guarded" --trace -c 'get a' -c 'set_multi x "bob wrong" y "bob secret"'
is 'two logins by hand, sent together: neither is in the trace' 0 "$(grep -c 'bob' "$work/err")"
run "$MCSH" "$guarded" --trace -c '.servers --long' -c 'set x "bob secret"'
is 'a login by hand, after .servers --long has found out: masked' '1 0' \
	"$(grep -c '^> \*\*\*' "$work/err") $(grep -c 'bob' "$work/err")"
run "$MCSH" "$guarded" --trace -c 'get a' -c '.auth ann other' -c .disconnect -c 'set x "two words"'
has 'a set after the login of .auth: its data is in the trace' '> two words\r\n' "$work/err"
run "$MCSH" "$guarded" -c ".record $work/by-hand" -c 'set x "bob wrong"' -c 'set x "bob secret"' \
	-c 'set foo bar' -c '.record off'
is 'a login by hand in a transcript: left out, a wrong one too' '2 0 1' \
	"$(grep -c '^# a command whose words are secret' "$work/by-hand") $(grep -c bob "$work/by-hand") $(
		grep -c '^mcsh> set foo bar$' "$work/by-hand")"

# --user: the password is in the environment, in a file, or typed (tests/expect/secret.exp).
run env MCSH_PASSWORD=secret "$MCSH" --user bob "$guarded" -c 'set foo bar' -c 'get foo' -c .disconnect -c 'get foo'
ran '--user: MCSH_PASSWORD logs in on each connection' 0 'STORED\nbar\nbar\n' ''
run env MCSH_PASSWORD=secret "$MCSH" --user=bob "$guarded" \
	-c 'get foo | cat /proc/$PPID/environ /proc/$PPID/cmdline /proc/self/environ | tr "\000" "\n"'
is 'MCSH_PASSWORD is gone from the environment of mcsh and of what it runs' 0 \
	"$(grep -ac 'MCSH_PASSWORD=.\|^secret' "$work/out")"
run env MCSH_PASSWORD=secret "$MCSH" --user=bob "$guarded" -c 'get foo | tr "\000" "\n" </proc/self/environ'
is 'MCSH_PASSWORD is all that is taken from the environment' 1 "$(grep -ac '^PATH=' "$work/out")"
run env MCSH_PASSWORD=secret "$MCSH" --user=bob "$guarded" -c 'get foo | env'
is 'MCSH_PASSWORD is not a name that a program after a pipe has' 0 "$(grep -c MCSH_PASSWORD "$work/out")"
run env MCSH_PASSWORD=secret "$MCSH" --user bob --trace "$guarded" -c ".record $work/transcript" \
	-c 'get foo' -c 'get x y' -c '.record off' -c '.set'
is 'the password of --user: neither in output, trace nor transcript' 0 \
	"$(cat "$work/out" "$work/err" "$work/transcript" | grep -c secret)"

printf 'secret\n' >"$work/password"
chmod 600 "$work/password"
run env MCSH_PASSWORD=wrong "$MCSH" --user bob --password-file "$work/password" "$guarded" -c 'get foo'
ran '--password-file: has precedence over MCSH_PASSWORD, its line end is cut' 0 'bar\n' ''
printf 'secret' >"$work/password"
run "$MCSH" --user bob --password-file "$work/password" "$guarded" -c 'get foo'
ran '--password-file: a line end is not needed' 0 'bar\n' ''
chmod 640 "$work/password"
run "$MCSH" --user bob --password-file "$work/password" "$guarded" -c 'get foo'
ran '--password-file: a file that others may read is refused' 2 '' \
	"mcsh: other users may read the password file \"$work/password\", mode 0640: chmod 600 $work/password\n"
chmod 600 "$work/password"
printf 'secret\nsecond\n' >"$work/password"
run "$MCSH" --user bob --password-file "$work/password" "$guarded" -c 'get foo'
ran '--password-file: two lines are refused' 2 '' \
	"mcsh: the password file \"$work/password\" has more than one line: it holds the password, and nothing else\n"
printf '\n' >"$work/password"
run "$MCSH" --user bob --password-file "$work/password" "$guarded" -c 'get foo'
ran '--password-file: an empty line is refused' 2 '' \
	"mcsh: the password file \"$work/password\" is empty: it holds the password, and nothing else\n"
run "$MCSH" --user bob --password-file "$work/nowhere" "$guarded" -c 'get foo'
ran '--password-file: a file that does not exist is refused' 2 '' \
	"mcsh: cannot read the password file \"$work/nowhere\": No such file or directory: check the path and its rights\n"
run "$MCSH" --user bob --password-file /dev/zero "$guarded" -c 'get foo'
ran '--password-file: a file without an end is refused' 2 '' \
	'mcsh: cannot read the password file "/dev/zero": File too large: check the path and its rights\n'
run "$MCSH" --password-file "$work/password" "$guarded" -c 'get foo'
ran '--password-file: refused without --user' 2 '' 'mcsh: --password-file is for --user: add --user=NAME\n'
run setsid -w "$MCSH" --user bob "$guarded" -c 'get foo'
ran '--user: without a password and a terminal nothing is sent' 2 '' \
	'mcsh: there is no password for --user, and no terminal to ask for it: give it in MCSH_PASSWORD or by --password-file\n'
run env MCSH_PASSWORD='two words' "$MCSH" --user bob "$guarded" -c 'get foo'
ran '--user: a password with a blank is refused and not shown' 2 '' \
	'mcsh: a user and a password have 1 to 127 bytes without blanks: memcached parts the two by a blank\n'
echo 'get foo' >"$work/driver"
run env MCSH_PASSWORD=secret "$MCSH" --user bob --expect "$guarded" <"$work/driver"
has '--user with --expect: no terminal is needed' 'bar' "$work/out"

# A login that was refused is not tried again, whatever follows.
run env MCSH_PASSWORD=wrong "$MCSH" --user bob --trace "$guarded" -c 'get a' -c 'get b' -c 'set c 1'
status_is 'a refused login: status 4' 4
is 'a refused login: sent once for all commands' 1 "$(grep -c '^> set login' "$work/err")"
is 'a refused login: each command reports it' 3 "$(grep -c '^mcsh: .* refused the login: CLIENT_ERROR ' "$work/err")"
run env MCSH_PASSWORD=wrong "$MCSH" --user bob --trace "$guarded" -c 'get a' -c .disconnect -c 'get b' \
	-c '.auth bob secret' -c 'get foo'
is 'a refused login: sent again after .disconnect and after another .auth' 3 "$(grep -c '^> set login' "$work/err")"
out_is 'a refused login: a right one after it is used' 'bar\n'

# What crashes with a password in its memory leaves no core. Where the system gives cores to a
# program, or the sanitizer forbids them, there is nothing to compare with.
crash() {
	mkdir "$work/$1" && cd "$work/$1" || exit 99
	ulimit -c unlimited 2>/dev/null
	run env MCSH_PASSWORD=secret "$MCSH" $2 "$guarded" -c 'version | kill -ABRT $PPID; sleep 1'
	cd "$work" || exit 99
	cores=$(find "$work/$1" -type f | wc -l)
}
crash without
if [ "$cores" -gt 0 ]; then
	crash with '--user bob'
	is 'a crash while a password is held leaves no core' 0 "$cores"
else
	tap_ok 'a crash while a password is held leaves no core # SKIP there is none without one either'
fi

start_memcached
run "$MCSH" "$socket" -c '.auth bob secret\' -c 'set foo bar' -c 'get login foo'
ran '.auth at a server without logins: commands are answered' 1 'STORED\nfoo\tbar\n' ''
run "$MCSH" "$socket" -c 'stats' 
is '.auth at a server without logins: no item of the login is left' 1 "$(sed -n 's/^curr_items.//p' "$work/out")"

printf '\357\273\277secret\r\n' >"$work/marked"
chmod 600 "$work/marked"
run "$MCSH" --user bob --password-file "$work/marked" "$guarded" -c 'set foo bar'
ran '--password-file: a byte order mark and CR LF are no part of the password' 0 'STORED\n' ''

# A login in a form that mcsh does not know: neither the transcript nor an error or an answer has it.
cat >"$work/forms" <<'END'
.auth=bob:hunter
.password=hunter
.set password=hunter
.set user bob:hunter
user bob hunter
HELLO 3 AUTH bob hunter
CONFIG SET requirepass hunter
sasl_auth PLAIN hunter
export MCSH_PASSWORD=hunter
MCSH_PASSWORD=hunter
mcsh --user bob --password hunter
--user=bob --password=hunter
connect bob:hunter@cache:1
.connect bob:hunter@cache:1
.connect memcached://bob:hunter@cache:1
.cluster x bob:hunter@cache:1
END
for format in plain json; do
	rm -f "$work/forms.record"
	{ printf '.record %s\n' "$work/forms.record"; cat "$work/forms"; } >"$work/script"
	run "$MCSH" "$socket" --format=$format --no-rc <"$work/script"
	status_is "$format: logins in other forms: refused, status 2" 2
	is "$format: logins in other forms are in no transcript, answer or error" '' \
		"$(grep -h hunter "$work/out" "$work/err" "$work/forms.record")"
	is "$format: logins in other forms: each line is left out of the transcript, and said to be" "$(wc -l <"$work/forms")" \
		"$(grep -c '^# a command whose words are secret' "$work/forms.record")"
done
# Keys and values of known commands are no logins, whatever they are called.
printf '.record %s\nset user:joe@example password\nget auth:pass\n.peek user:a@b\n.on 1 get user:a@b\n.set trace off\n' \
	"$work/keys.record" >"$work/script"
run "$MCSH" "$socket" <"$work/script"
is 'keys that look like logins are in the transcript' 5 "$(grep -c '^mcsh> ' "$work/keys.record")"

done_testing
