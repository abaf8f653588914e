#!/bin/sh
# Answers to refused commands, of which servers send more lines than one can know: a fence tells
# where they end, and the next command gets its own answer.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

chunk='the data block is longer or shorter than the length that the line announced, in bytes; what is too much is read as the next command'
form='keys and numbers are within their limits, so it is the command, or its form, that the server, or a proxy before it, does not take; .trace on shows what was sent'

fake <<'END'
accept
want gets k\r\n
send CLIENT_ERROR bad command line format\r\n
want version\r\n
send VERSION 1.2.4\r\n
gone
END
run "$MCSH" "$fake" -c 'gets k'
ran 'a server without gets is not explained by a long key' 3 '' \
	'mcsh: gets k: CLIENT_ERROR bad command line format: the keys are within their limits, so it is the command that the server, or a proxy before it, does not take; try get\n'
fake_followed 'gets: nothing more was sent'

fake <<'END'
accept
want set k 0 0 3\r\nabc\r\n
send CLIENT_ERROR bad data chunk\r\nERROR\r\n
want version\r\n
send VERSION 1.6.18\r\n
want get k\r\n
send VALUE k 0 3\r\nold\r\nEND\r\n
gone
END
run "$MCSH" "$fake" -c 'set k abc' -c 'get k'
ran 'a refused set with two lines' 3 'old\n' "mcsh: set k: CLIENT_ERROR bad data chunk: $chunk\n"
fake_followed 'a refused set is fenced'

fake <<'END'
accept
want set k 0 0 3\r\nabc\r\n
send CLIENT_ERROR bad data chunk\r\n
want version\r\n
pause 0.05
send ERROR\r\nERROR\r\nVER
pause 0.05
send SION 1.6.45\r\n
want incr n 1\r\n
send 8\r\n
gone
END
run "$MCSH" "$fake" -c 'set k abc' -c 'incr n'
ran 'lines that come late after an error: the next command has its own answer' 3 '8\n' "mcsh: set k: CLIENT_ERROR bad data chunk: $chunk\n"
fake_followed 'lines that come late after an error are read before the fence'

# 1.6.45 sends an empty line too many here.
fake <<'END'
accept
want get a b\r\n
send CLIENT_ERROR bad command line format\r\n\r\n
want version\r\n
send VERSION 1.6.45\r\n
want get c\r\n
send END\r\n
gone
END
run "$MCSH" "$fake" -c 'get a b' -c 'get c'
ran 'an empty line after an error: the next command has its own answer' 3 '' \
	"mcsh: get a ...: CLIENT_ERROR bad command line format: $form\n"
fake_followed 'an empty line after an error is read before the fence'

fake <<'END'
accept
want get a\r\n
send VALUE a 0 1\r\nx\r\nSERVER_ERROR out of memory writing get response\r\n
want version\r\n
send VERSION 1\r\n
want get b\r\n
send VALUE b 0 1\r\ny\r\nEND\r\n
gone
END
run "$MCSH" "$fake" -c 'get a' -c 'get b'
ran 'an error of the server ends an answer with values' 3 'x\ny\n' \
	"mcsh: get a: SERVER_ERROR out of memory writing get response: the server is short of memory for connections; look at stats: read_buf_oom, response_obj_oom\n"
fake_followed 'an error of the server in place of values is fenced'

fake <<'END'
accept
want get k\r\n
send ERROR Too many open connections\r\n
close
accept
want get k\r\n
send END\r\n
gone
END
run "$MCSH" "$fake" -c 'get k' -c 'get k'
ran 'a server with too many connections: its error is reported, status 3' 3 '' \
	'mcsh: get k: ERROR Too many open connections: the server is at its limit of connections (-c); close some, or raise it\n'
fake_followed 'a server with too many connections: the next command connects again'

fake <<'END'
accept
want set k 0 0 1\r\nv\r\n
send CLIENT_ERROR unauthenticated\r\n
gone
accept
want version\r\n
send CLIENT_ERROR unauthenticated\r\n
want delete k\r\n
send CLIENT_ERROR unauthenticated\r\n
gone
END
run "$MCSH" "$fake" -c 'set k v' -c version -c 'delete k'
login='the server wants a login before anything else (it was started with -Y): .auth USER'
ran 'a server that wants a login' 3 '' \
	"mcsh: set k: CLIENT_ERROR unauthenticated: $login\nmcsh: version: CLIENT_ERROR unauthenticated: $login\nmcsh: delete k: CLIENT_ERROR unauthenticated: $login\n"
fake_followed 'a login: no fence, which it would not answer'

fake <<'END'
accept
want set k 0 0 1\r\nv\r\n
send ERROR\r\n
want version\r\n
gone
accept
want get k\r\n
send END\r\n
gone
END
run "$MCSH" "$fake" -c 'set k v' -c 'get k'
ran 'a fence that is not answered' 3 '' \
	'mcsh: set k: ERROR: the server does not know the command; is it an older one, a proxy, or a service that leaves it out?\n'
fake_followed 'a fence that is not answered ends the connection'

# Noreply: nothing is waited for, and what comes all the same is no answer.
fake <<'END'
accept
want set k 0 0 1 noreply\r\nv\r\n
want version\r\n
send VERSION 1\r\n
gone
END
run "$MCSH" "$fake" -c 'set --noreply k v'
ran 'a noreply before the end' 0
fake_followed 'a noreply before the end is confirmed by a fence'

unknown='whether what was sent with --noreply was carried out is unknown'
fake <<'END'
accept
want set k 0 0 1 noreply\r\nv\r\n
want version\r\n
gone
END
start=$(date +%s%N)
run "$MCSH" "$fake" -c 'set --noreply k v'
ran 'a noreply that is not confirmed' 4 '' "mcsh: $fake did not answer in time: $unknown\n"
is 'a fence before the end is waited for a second' yes \
	"$([ $(($(date +%s%N) - start)) -lt 3000000000 ] && echo yes)"
fake_followed 'a noreply that is not confirmed: no more is sent'

fake <<'END'
accept
want set k 0 0 1 noreply\r\nv\r\n
want version\r\n
close
END
run "$MCSH" "$fake" -c 'set --noreply k v'
ran 'a noreply, and the server closes' 4 '' \
	"mcsh: $fake closed the connection without an answer: $unknown\n"
fake_followed 'a noreply, and the server closes: the fence was sent'

# The connection is lost before the next command, which a new one answers.
fake <<END
accept
want set k 0 0 1 noreply\r\nv\r\n
close
tell $work/closed
accept
want get k\r\n
send END\r\n
gone
END
{
	echo 'set --noreply k v'
	until [ -e "$work/closed" ]; do sleep 0.01; done
	echo 'get k'
} | {
	run "$MCSH" "$fake"
	echo "$status" >"$work/status"
}
status=$(cat "$work/status")
ran 'a noreply on a connection that was lost meanwhile' 4 '' \
	"mcsh: stdin:2: $fake closed the connection: $unknown\n"
fake_followed 'a noreply on a connection that was lost: the next command has a new one'

# Every way of giving a connection up.
for giving_up in .disconnect '.auth off' '.connect /nowhere'; do
	fake <<-'END'
		accept
		want set k 0 0 1 noreply\r\nv\r\n
		want version\r\n
		send SERVER_ERROR late\r\nVERSION 1\r\n
		gone
	END
	run "$MCSH" "$fake" -c 'set --noreply k v' -c "$giving_up"
	fake_followed "a noreply before $giving_up is confirmed by a fence"
	fake <<-'END'
		accept
		want set k 0 0 1 noreply\r\nv\r\n
		want version\r\n
		close
	END
	run "$MCSH" "$fake" -c 'set --noreply k v' -c "$giving_up"
	status_is "a noreply before $giving_up that is not confirmed" 4
	has "a noreply before $giving_up that is not confirmed: the error" \
		"mcsh: $fake closed the connection without an answer: $unknown" "$work/err"
	fake_followed "a noreply before $giving_up: the server was asked"
done

fake <<'END'
accept
want set k 0 0 1 noreply\r\nv\r\n
want version\r\n
send VERSION 1\r\n
want config get cluster\r\nversion\r\n
send CONFIG cluster 0 19\r\n1\nh|127.0.0.1|11\r\n\r\n\r\nEND\r\nVERSION 1\r\n
gone
END
run "$MCSH" "$fake" -c 'set --noreply k v' -c '.servers discover'
fake_followed 'a noreply before .servers discover is confirmed by a fence'

# An error to a noreply that comes while nothing is asked is left for the fence.
fake <<END
accept
want set k 0 0 1 noreply\r\nv\r\n
send SERVER_ERROR late\r\n
tell $work/late
want set k 0 0 1 noreply\r\nw\r\n
want version\r\n
send VERSION 1\r\n
gone
END
{
	echo 'set --noreply k v'
	until [ -e "$work/late" ]; do sleep 0.01; done
	echo 'set --noreply k w'
} | {
	run "$MCSH" "$fake"
	echo "$status" >"$work/status"
}
status=$(cat "$work/status")
ran 'a late error to a noreply does not end the connection' 0
fake_followed 'a late error to a noreply is read with the fence'

fake <<'END'
accept
want set k 0 0 1 noreply\r\nv\r\nversion\r\nget k\r\n
send SERVER_ERROR late\r\nVERSION 1\r\nVALUE k 0 1\r\nv\r\nEND\r\n
gone
END
run "$MCSH" "$fake" -c 'set --noreply k v' -c 'get k'
ran 'a late error to a noreply is nobody else'"'"'s answer' 0 'v\n'
fake_followed 'a question after a noreply is asked after a fence'

# .raw: any lines, up to its fence.
fake <<'END'
accept
want lru_crawler metadump all\r\n
send key=a exp=-1 la=1 cas=2 fetch=no cls=1 size=63\nkey=b exp=-1\nEND\r\n
want version\r\nmn\r\n
send VERSION 1\r\nMN\r\n
want set k 0 0 3\r\nabc\r\nversion\r\n
send STORED\r\nVERSION 1\r\n
want mg k v\r\nversion\r\n
send VA 11\r\nVERSION 9\r\n\r\nVERSION 1\r\n
gone
END
run "$MCSH" "$fake" -c '.raw lru_crawler metadump all' -c '.raw version' \
	-c '.raw --data abc set k 0 0 3' -c '.raw mg k v | od -An -c | tr -d "\\n"'
ran 'raw lines' 0 'key=a exp=-1 la=1 cas=2 fetch=no cls=1 size=63\nkey=b exp=-1\nEND\nVERSION 1\nSTORED\n   V   A       1   1  \\n   V   E   R   S   I   O   N       9  \\r  \\n  \\n'
fake_followed 'raw lines are fenced, with mn where version is asked'

done_testing
