#!/bin/sh
# .undo: what was deleted comes back, and never over what was stored since.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached

mcsh() {
	run "$MCSH" --no-rc "$socket" "$@"
}

figures() {
	grep -E "^($1)	" "$work/out" | cut -f2 | tr '\n' ' ' | sed 's/ $//'
}

mcsh -c 'set --flags 5 a one 1h' -c 'delete a' -c .undo
ran 'undo off: delete keeps nothing' 1 'STORED\nDELETED\n' 'mcsh: there is nothing to undo: .set undo on keeps what is deleted from then on\n'
mcsh -c '.set undo on' -c 'set --flags 5 a one 1h' -c 'delete a' -c '.undo' -c 'mg a f t v'
is 'delete: value, flags and time come back' 'one	f5	tHOUR' "$(tail -1 "$work/out" | sed 's/t3[56]..$/tHOUR/')"
is 'delete: the figures' '1 4 0 0 0 0' "$(figures 'items|bytes|existing|expired|refused|unknown')"
mcsh -c '.set undo on' -c 'delete a' -c .undo -c .undo
has 'what came back is not brought back again' 'there is nothing to undo' "$work/err"
mcsh -c '.set undo on' -c 'delete nosuch' -c .undo
has 'a miss leaves nothing to undo' 'there is nothing to undo' "$work/err"
mcsh -c '.set undo on' -c 'set e 1' -c 'delete e' -c .undo -c 'mg e t'
is 'an item that never expires comes back so' 'HD	t-1' "$(tail -1 "$work/out")"

mcsh -c '.set undo on' -c 'delete a' -c 'set a newer' -c .undo -c 'get a'
is '.undo leaves what was stored since as it is' newer "$(tail -1 "$work/out")"
is '.undo counts what was stored since' '0 1' "$(figures 'items|existing')"
status_is '.undo of what was stored since: status 1' 1
mcsh -c '.set undo on' -c 'set x 1 1s' -c 'delete x' -c '.raw --for 2100ms get x' -c .undo -c 'get x'
is '.undo does not store what expired meanwhile' '0 1' "$(figures 'items|expired')"

mcsh -c '.set undo on' -c 'set_multi a 1 b 2 c 3' -c 'delete a' -c 'delete b' -c 'delete_multi c nosuch' -c '.undo' -c 'get a b c'
is '.undo brings back the last command, and no other' 'c	3' "$(tail -1 "$work/out")"
mcsh -c '.set undo on' -c 'set_multi a 1 b 2 c 3' -c 'delete a' -c 'delete b' -c 'delete_multi c nosuch' -c '.undo 2' -c 'get a b c'
is '.undo 2: the last two' 'b	2
c	3' "$(tail -2 "$work/out")"
mcsh -c '.set undo on' -c 'set_multi a 1 b 2 c 3' -c 'delete a' -c 'delete b' -c 'delete_multi c nosuch' -c '.undo 99' -c 'get a b c'
is '.undo with more than there is: all of them' 3 "$(figures items)"
mcsh -c '.set undo on' -c '.purge ? --yes' -c '.undo' -c 'get a b c'
is '.undo after .purge brings back all of its items' '4 a b c' "$(figures items | cut -d' ' -f2) $(tail -3 "$work/out" | cut -f1 | tr '\n' ' ' | sed 's/ $//')"
mcsh -c '.set undo on' -c '.purge ?' -c .undo
has 'a dry run of .purge leaves nothing to undo' 'there is nothing to undo' "$work/err"
mcsh --key-prefix p: -c '.set undo on' -c 'set k v' -c 'delete k' -c .undo -c 'get k'
is 'key_prefix: the key comes back under it' v "$(tail -1 "$work/out")"
mcsh -c '.undo many'
status_is '.undo with a word for a number: status 2' 2
mcsh --readonly -c '.undo'
has '--readonly refuses .undo' '.undo is refused: this session is read-only' "$work/err"

# .edit
printf '#!/bin/sh\nsed -i s/one/two/ "$1"\n' >"$work/editor"
chmod +x "$work/editor"
VISUAL=$work/editor
export VISUAL
mcsh -c '.set undo on' -c 'set --flags 3 ed "one" 1h' -c '.edit ed' -c 'get ed' -c '.undo' -c 'mg ed v f t'
has '.edit: it has changed the value' two "$work/out"
is '.edit: the value before comes back, with flags and time' 'one	f3	tHOUR' \
	"$(tail -1 "$work/out" | sed 's/t3[56]..$/tHOUR/')"
mcsh -c '.set undo on' -c '.edit ed' -c 'set ed three' -c '.undo' -c 'get ed'
is '.edit: what was stored since is left as it is' three "$(tail -1 "$work/out")"
is '.edit: what was stored since is counted' 1 "$(figures existing)"

# A pipelined script deletes what was stored before in it.
printf '.set undo on\nset s 1\nset s 2\ndelete s\nset s 3\ndelete s\n.undo 2\nget s\n' >"$work/script"
run "$MCSH" --no-rc "$socket" -f "$work/script"
is 'a script: the last value is the one that comes back' 3 "$(tail -1 "$work/out")"
is 'a script: of two values of a key the earlier one is not brought back' '1 1' "$(figures 'items|existing')"

# The bound.
head -c 40000 /dev/zero | tr '\0' x >"$work/value"
mcsh -c '.set undo on' -c '.set max_undo 64k' -c "set --file $work/value a" -c "set --file $work/value b" \
	-c 'delete a' -c 'delete b' -c '.undo 2'
has 'max_undo: the oldest command is dropped, and a note says so' 'note: the oldest 1 of the commands before can no longer be undone: .set max_undo raises what is kept' "$work/err"
is 'max_undo: the latest command comes back' 1 "$(figures items)"
mcsh -c '.set undo on' -c '.set max_undo 64k' -c "set --file $work/value a" -c "set --file $work/value b" \
	-c '.purge ? --yes' -c '.undo' -c 'set c 1' -c 'delete c'
is 'max_undo within one command: a note for that command alone' 1 "$(grep -c 'note: .undo cannot' "$work/err")"
has 'max_undo within one command: how many cannot come back' 'note: .undo cannot bring back ' "$work/err"

# Formats.
mcsh --format json -c '.set undo on' -c 'set j 1' -c 'delete j' -c .undo
is 'json: .undo is one object' '.undo ok 1 0' "$(tail -1 "$work/out" | json - .command .status .items .existing)"
mcsh --format pretty --no-color -c '.set undo on' -c 'delete j' -c 'set j 2' -c .undo
sed -i 's/in [0-9.]* m\{0,1\}s/in TIME/' "$work/out"
is 'pretty: .undo is a sentence' '0 items, 0 B, in TIME, 1 there again, and left' "$(tail -1 "$work/out")"

# Without meta commands nothing can be kept: it is deleted, and said.
mcsh --protocol binary -c '.set undo on' -c 'set b 1' -c 'delete b' -c .undo
has 'binary: the delete is carried out, and a note says that it is not kept' 'note: .undo cannot bring back 1 of them: ' "$work/err"

# What cannot be read is not deleted, and what may have been deleted stays kept.
unread='what .undo could not bring back is not deleted; .set undo off deletes it'
for command in 'delete foo' 'delete_multi foo'; do
	fake <<-'END'
		accept
		want mg foo v f t c u O001\r\n
		send EN\r\n
		gone
	END
	run "$MCSH" --no-rc "$fake" -c '.set undo on' -c "$command"
	status_is "$command: where the item cannot be read the status is 4" 4
	err_is "$command: where the item cannot be read it is said not to be deleted" \
		"mcsh: unexpected reply to mg: \"EN\": $unread\n"
	fake_followed "$command: where the item cannot be read nothing deletes it"
	fake <<-'END'
		accept
		want mg foo v f t c u O001\r\n
		send SERVER_ERROR out of memory\r\n
		gone
	END
	run "$MCSH" --no-rc "$fake" -c '.set undo on' -c "$command"
	status_is "$command: where the server fails to read the item the status is 3" 3
	fake_followed "$command: where the server fails to read the item nothing deletes it"
	fake <<-'END'
		accept
		want mg foo v f t c u O001\r\n
		send VA 3 f2 t-1 c6 O001\r\nnew\r\n
		any 11
		close
		accept
		want add foo 2 0 3\r\nnew\r\n
		send STORED\r\n
		gone
	END
	run "$MCSH" --no-rc "$fake" -c '.set undo on' -c "$command" -c .undo
	is "$command: without an answer the item stays kept, and comes back" '4 1' "$status $(figures items)"
	fake_followed "$command: without an answer .undo stores what is not there"
done
# purges_foo: a server that lists foo, is asked for it and goes on as standard input says.
purges_foo() {
	{
		cat <<'END'
accept
want stats\r\n
send STAT curr_items 1\r\nSTAT time 1000\r\nSTAT lru_crawler_running 0\r\nEND\r\n
want lru_crawler metadump hash\r\n
send key=foo exp=-1 la=1 cas=5 fetch=no cls=1 size=60\nEND\r\n
accept
want version\r\n
send VERSION 1.6.18\r\n
want mg foo v f t c u O001\r\n
END
		cat
	} >"$work/purges_foo"
	fake <"$work/purges_foo"
}

purges_foo <<'END'
close
END
run "$MCSH" --no-rc "$fake" -c '.set undo on' -c '.purge foo --unguarded --yes'
is '.purge: where items cannot be read they are not deleted, status 4' '4 0 1' "$status $(figures 'items|unsent')"

# An item of the last second that a server counts: read when ours has gone on by one.
left=$((2147483648 - $(date +%s)))
fake <<END
accept
want mg foo v f t c u O001\r\n
send VA 3 f0 t$left c6 O001\r\nnew\r\n
want md foo C6\r\n
send HD\r\n
want add foo 0 2147483647 3\r\nnew\r\n
send STORED\r\n
gone
END
run "$MCSH" --no-rc "$fake" -c '.set undo on' -c 'delete foo' -c .undo
is 'an item that expires in the last second of 32 bits comes back' '0 1' "$status $(figures items)"
fake_followed 'an item that expires in the last second of 32 bits: with that time'

# Keys with blanks and control bytes.
mcsh -c '.set undo on' -c 'ms "a b" one F5 T3600' -c 'ms "c\nd" two' -c '.purge "[ac]?[bd]" --yes' -c 'mg "a b"' -c .undo -c 'mg "a b" v f t' -c 'mg "c\nd" v f t'
is 'keys with a blank or a line feed come back, with flags and time' 'one	f5	tHOUR
two	f0	t-1' "$(tail -2 "$work/out" | sed 's/t3[56]..$/tHOUR/')"
is 'keys with a blank or a line feed are counted' '2 2' "$(figures items)"
mcsh --trace -c '.set undo on' -c '.purge "a b" --yes' -c 'ms "a b" newer' -c .undo -c 'mg "a b" v'
status_is 'a key with a blank, stored since: status 1' 1
is 'a key with a blank, stored since: left as it is' newer "$(tail -1 "$work/out")"
is 'a key with a blank, stored since: nothing is sent that could delete it' 1 "$(grep -c '^> ms ' "$work/err")"
mcsh --trace -c '.set undo on' -c '.purge "a b" --yes' -c .undo
sed -n 's/ (mcsh.s own question)$//; s/^> //p' "$work/err" | tail -4 >"$work/sent"
printf '%s\n' 'md YSBi b CAS O001\r\n' 'me YSBi b b\r\n' 'ms YSBi 5 b ME\r\n' 'newer\r\n' >"$work/want"
sed -i 's/ C[0-9]* / CAS /' "$work/sent"
same_bytes 'a key with a blank: a look whether it is there, then ms in base64' "$work/want" "$work/sent"
mcsh -c '.set undo on' -c '.purge "a b" --yes' -c '.set protocol binary' -c .undo -c '.set protocol auto' -c 'mg "a b" v'
is 'a key with a blank goes back by the binary protocol as it is' newer "$(tail -1 "$work/out")"

# Between reading and deleting another client stores: it is read again, and what is kept is what was
# deleted.
fake <<'END'
accept
want mg foo v f t c u O001\r\n
send VA 3 f1 t-1 c5 O001\r\nold\r\n
want md foo C5\r\n
send EX\r\n
want mg foo v f t c u O001\r\n
send VA 3 f2 t-1 c6 O001\r\nnew\r\n
want md foo C6\r\n
send HD\r\n
want add foo 2 0 3\r\nnew\r\n
send STORED\r\n
gone
END
run "$MCSH" --no-rc "$fake" -c '.set undo on' -c 'delete foo' -c .undo
is 'delete: stored meanwhile, it is read again, and that comes back' 'DELETED 1' "$(line 1) $(figures items)"
fake_followed 'delete: it compares the cas that was read'
{
	echo accept
	for round in 1 2 3 4 5 6 7 8; do
		printf '%s\n' 'want mg foo v f t c u O001\r\n' "send VA 1 f0 t-1 c$round O001\\r\\nv\\r\\n"
		printf '%s\n' "want md foo C$round\\r\\n" 'send EX\r\n'
	done
	printf '%s\n' 'want delete foo\r\n' 'send DELETED\r\n' gone
} >"$work/steps"
fake <"$work/steps"
run "$MCSH" --no-rc "$fake" -c '.set undo on' -c 'delete foo' -c .undo
ran 'delete: stored again and again, it is deleted all the same, and a note says that it is not kept' 1 'DELETED\n' 'mcsh: note: .undo cannot bring back 1 of them: others stored it again and again meanwhile
mcsh: there is nothing to undo: it keeps what delete, delete_multi, .purge and .edit take away\n'
fake_followed 'delete: stored again and again, it is read 8 times'
fake <<'END'
accept
want mg a v f t c u O001\r\nmg b v f t c u O002\r\n
send EN O001\r\nVA 1 f0 t-1 c2 O002\r\nb\r\n
want md a C18446744073709551615 O001\r\nmd b C2 O002\r\n
send EX O001\r\nHD O002\r\n
want mg a v f t c u O001\r\n
send VA 1 f0 t-1 c9 O001\r\nx\r\n
want md a C9 O001\r\n
send HD O001\r\n
want add b 0 0 1\r\nb\r\nadd a 0 0 1\r\nx\r\n
send STORED\r\nSTORED\r\n
want version\r\n
send VERSION 1.6.18\r\n
gone
END
run "$MCSH" --no-rc "$fake" -c '.set undo on' -c 'delete_multi a b' -c .undo
is 'delete_multi: what was not there and is stored meanwhile is read again, and both come back' 2 "$(figures items)"
fake_followed 'delete_multi: what was not there is deleted by a cas that no item has'

purges_foo <<'END'
send VA 3 f1 t-1 c6 O001\r\nold\r\n
want md foo C6 O001\r\n
send EX O001\r\n
want mg foo v f t c u O001\r\n
send VA 3 f2 t-1 c7 O001\r\nnew\r\n
want md foo C7 O001\r\n
send HD O001\r\n
want add foo 2 0 3\r\nnew\r\n
send STORED\r\n
gone
END
run "$MCSH" --no-rc "$fake" -c '.set undo on' -c '.purge foo --unguarded --yes' -c .undo
is '.purge --unguarded: stored meanwhile, it is read again, and that comes back' '1 0 1' "$(figures 'items|changed' | cut -d' ' -f 1-3)"
fake_followed '.purge --unguarded: it compares the cas that was read'

# Several servers: each item goes back to the one that it was on.
first=$socket
start_memcached
run "$MCSH" --no-rc "$first" "$socket" -c '.set undo on' -c 'set --server 2 only x' -c 'set --server 1 only y' -c '.purge only --yes' -c '.undo' \
	-c 'get --server 1 only' -c 'get --server 2 only'
is 'several servers: each gets its own back' 'y
x' "$(tail -2 "$work/out")"

done_testing
