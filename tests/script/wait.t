#!/bin/sh
# --wait: until every server answers, logged in.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
there=$socket
late=$work/late.sock

if [ "$(id -u)" = 0 ]; then
	root='-u root'
fi
(
	sleep 0.5
	# shellcheck disable=SC2086 # two words or none
	exec memcached -U 0 -s "$late" $root
) &
tap_servers="$tap_servers $!"
run "$MCSH" --wait 30s "$there" "$late" -c 'set --server 2 foo bar'
ran 'a server that starts late is waited for' 0 'STORED\n' ''

run "$MCSH" --wait 10ms "$there" -c 'set foo bar'
ran '--wait: a server that is there is not waited for' 0 'STORED\n' ''

start=$(date +%s%N)
run "$MCSH" --wait 300ms "$there" "$work/never" "$work/no" -c 'set foo lost'
took=$((($(date +%s%N) - start) / 1000000))
status_is 'servers that never come: status 4' 4
out_is 'servers that never come: no command is run' ''
sed -E 's/waited [0-9.]+ s:/waited T:/' "$work/err" >"$work/said"
printf 'mcsh: waited T: cannot connect to %s: No such file or directory: is memcached running there? mcsh --sandbox brings a private one\n' \
	"$work/never" "$work/no" >"$work/want"
same_bytes 'servers that never come: each is named, and those that are there are not' "$work/want" "$work/said"
passes 'servers that never come: they were waited for' [ "$took" -ge 300 ]

freeze "$server"
start=$(date +%s%N)
run "$MCSH" --wait 300ms "$there" -c 'get foo'
took=$((($(date +%s%N) - start) / 1000000))
status_is 'a server that is silent: status 4' 4
has 'a server that is silent: is named' "$there did not answer in time" "$work/err"
passes 'a server that is silent: no longer than asked' [ "$took" -lt 3000 ]
kill -CONT "$server"

printf 'bob:secret\n' >"$work/users"
start_memcached -Y "$work/users"
printf 'secret\n' >"$work/password"
printf 'wrong\n' >"$work/other"
chmod 600 "$work/password" "$work/other"
run "$MCSH" --wait 30s --user bob --password-file "$work/password" "$socket" -c 'set foo bar'
ran 'a server with a login is there when that was accepted' 0 'STORED\n' ''
start=$(date +%s%N)
run "$MCSH" --wait 30s --user bob --password-file "$work/other" "$socket" -c 'set foo bar'
took=$((($(date +%s%N) - start) / 1000000))
passes 'a login that is refused ends the wait' [ "$took" -lt 15000 ]
status_is 'a login that is refused is not waited for' 4
has 'a login that is refused is named' "refused the login" "$work/err"
start=$(date +%s%N)
run "$MCSH" --wait 30s "$socket" -c 'set foo bar'
took=$((($(date +%s%N) - start) / 1000000))
passes 'a server that wants a login ends the wait' [ "$took" -lt 15000 ]
status_is 'a server that wants a login is not waited for' 4
has 'a server that wants a login is named' "$socket wants a login: --user NAME logs in" "$work/err"

for time in 0 -1s 25h soon ''; do
	run "$MCSH" --wait "$time" "$there" -c 'get foo'
	ran "a time to wait of \"$time\" is refused" 2 '' \
		"mcsh: invalid time to wait: \"$time\": --wait=T takes 1ms to 24h\n"
done

done_testing
