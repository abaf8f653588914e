#!/bin/sh
# .edit: a value goes to the editor and back, as what it means, and nobody's change is lost.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached
EDITOR=$work/editor
TMPDIR=$work/tmp
export EDITOR TMPDIR
unset VISUAL XDG_RUNTIME_DIR
mkdir "$TMPDIR"

# editor COMMAND: what the editor does with the file, which is $1; it leaves a copy and its modes.
editor() {
	cat >"$EDITOR" <<END
#!/bin/sh
cp "\$1" "$work/seen"
stat -c '%a %F' "\$1" "\${1%/*}" >"$work/modes"
echo "\${1##*/}" >"$work/name"
$1
END
	chmod +x "$EDITOR"
}
mcsh() {
	run "$MCSH" "$socket" "$@"
}
# same_second: the server's clock may tick between two commands.
same_second() {
	sed -i 's/t99[89]$/t1000/; s/t499$/t500/' "$work/out"
}
# left_is NAME FILES: what is left in the temporary directory.
left_is() {
	is "$1" "$2" "$(ls "$TMPDIR" | wc -l)"
}

editor 'printf "two words\n" >"$1"'
mcsh -c 'set --flags 7 foo bar 1000' -c '.edit foo' -c 'mg foo v f t'
same_second
ran 'an edited value is stored with its flags and the time that is left' 0 'STORED\nSTORED\ntwo words\tf7\tt1000\n'
is 'the file has a line feed after the value' 'bar' "$(cat "$work/seen")"
is 'the file is the user'"'"'s alone, in a directory that is too' '600 regular file
700 directory' "$(cat "$work/modes")"
is 'the file has the name of the key' foo.txt "$(cat "$work/name")"
left_is 'no file is left after .edit' 0
mcsh --trace -c '.edit foo'
sed -n '/own question/d; s/^> //p' "$work/err" >"$work/sent"
ran_out=$(cat "$work/out")
is 'an unchanged value is not sent' 'mg foo v f t c u\r\n' "$(cat "$work/sent")"
is 'an unchanged value is reported as unchanged' unchanged "$ran_out"
editor 'sed -i s/two/three/ "$1"'
mcsh --trace -c '.edit foo'
sed -n '/own question/d; s/^> //p' "$work/err" | sed 's/ [0-9]*\\r\\n$/ CAS/; s/ 9[0-9][0-9] / TTL /; s/ 1000 / TTL /' >"$work/sent"
printf '%s\n' 'mg foo v f t c u\r\n' 'me foo\r\n' 'cas foo 7 TTL 11 CAS' 'three words\r\n' >"$work/want"
same_bytes '.edit sends mg, and at the end me and cas' "$work/want" "$work/sent"
mcsh -c 'set lines "a\nb\n\n"' -c '.edit lines' -c 'get lines > '"$work/got"
printf 'a\nb\n\n' >"$work/want"
same_bytes 'line feeds at the end of a value stay' "$work/want" "$work/got"
printf 'a\nb\n\n\n' >"$work/want"
same_bytes 'line feeds at the end of a value are seen, and one more' "$work/want" "$work/seen"
editor ': >"$1"'
mcsh -c '.edit lines' -c 'get lines' -c '.edit lines'
ran 'an empty file is an empty value' 0 'STORED\n\nunchanged\n'
mcsh -c '.edit nope'
ran 'a miss: status 1, and no editor' 1 '' 'mcsh: nope is not in the cache: set makes it\n'

# --- what it means ---

editor 'sed -i "s/bar/baz/; s/42/-7/" "$1"'
mcsh -c "set j '{\"a\": [1, \"bar\"], \"b\": {}}'" -c '.edit j' -c 'get j'
ran 'JSON on one line is stored on one line, spaced as it was' 0 'STORED\nSTORED\n{"a": [1, "baz"], "b": {}}\n'
is 'JSON on one line is edited on several' '{
  "a": [
    1,
    "bar"
  ],
  "b": {}
}' "$(cat "$work/seen")"
is 'JSON has a file whose name ends in .json' j.json "$(cat "$work/name")"
mcsh -c "set j '{\"a\":\"bar\"}'" -c '.edit --raw j' -c 'get j'
ran '--raw: JSON with no profile is spread, too' 0 'STORED\nSTORED\n{"a":"baz"}\n'
mcsh --profile python-memcached -c 'set --min-compress-len 10 --type text z "bar bar bar bar bar bar bar bar bar bar"' \
	-c '.edit z' -c 'get z' -c 'mg z f'
ran 'a compressed value is edited decoded, and compressed again' 0 'STORED\nSTORED\nbaz bar bar bar bar bar bar bar bar bar\nHD\tf24\n'
mcsh --profile python-memcached -c 'set --type int n 42' -c '.edit n' -c 'mg n v f'
ran 'an edited int stays an int' 0 'STORED\nSTORED\n-7\tf2\n'
mcsh --profile spymemcached -c 'set --type int i 42' -c '.edit i' -c 'get i' -c 'mg i s f'
ran 'an int that is stored in binary is edited in digits' 0 'STORED\nSTORED\n-7\nHD\ts4\tf512\n'
editor 'echo nothing of the kind >"$1"'
mcsh --profile python-memcached -c 'set --type int n 42' -c '.edit n' -c 'get n'
sed -i "s|$TMPDIR/mcsh-edit-......|DIR|" "$work/err"
ran 'an int edited into a word: status 2, the edit is kept' 2 'STORED\n42\n' 'mcsh: it was of type int, and no longer is\nmcsh: your edit is kept in DIR/n.txt: set --file stores it; .edit begins again from what is there now\n'
is 'an int edited into a word: the file has the edit' 'nothing of the kind' "$(cat "$TMPDIR"/mcsh-edit-*/n.txt)"
rm -r "$TMPDIR"/*
mcsh -c "set j '{\"a\":1}'" -c '.edit j' -c 'get j'
status_is 'JSON edited into something else: status 2' 2
has 'JSON edited into something else: the error says so' 'it was JSON, and no longer is' "$work/err"
left_is 'JSON edited into something else: the file has the edit' 1
rm -r "$TMPDIR"/*

# --- read-only ---

editor 'chmod u+w "$1"; echo changed >>"$1"'
mcsh -c 'set bin "\x00\x01\xff"' -c '.edit bin' -c 'mg bin s'
ran 'bytes that are not text open read-only' 0 'STORED\nunchanged\nHD\ts3\n' 'mcsh: note: bin opens read-only: its bytes are not text: nothing will be stored\n'
has 'bytes that are not text are shown in hex' '00000000  00 01 ff' "$work/seen"
is 'a file that opens read-only is not writable' '400 regular file' "$(line 1 "$work/modes")"
mcsh --profile python-memcached -c 'set --flags 1 p "\x80\x04K\x07."' -c '.edit p'
ran 'a serialised object opens read-only' 0 'STORED\nunchanged\n' 'mcsh: note: p opens read-only: a serialised object cannot be made of text: nothing will be stored\n'
is 'a serialised object is shown as its outline' 7 "$(cat "$work/seen")"
left_is 'no file is left after a read-only view' 0

# --- keys with blanks and control bytes ---

editor 'echo mine >"$1"'
mcsh --trace -c 'ms "a b" x F5 T1000' -c '.edit "a b"' -c 'mg "a b" v f t'
same_second
is 'a key with a blank: the value is stored with flags and time' 'HD
STORED
mine	f5	t1000' "$(cat "$work/out")"
sed -n '/own question/d; s/^> //p' "$work/err" | sed '1,4d; s/ C[0-9]*\\r/ CAS\\r/; s/ T9[0-9][0-9] / T1000 /' | head -2 >"$work/sent"
printf '%s\n' 'ms YSBi 4 b F5 T1000 CAS\r\n' 'mine\r\n' >"$work/want"
same_bytes 'a key with a blank: ms in base64 that compares the cas' "$work/want" "$work/sent"
editor '"$MCSH" '"$socket"' -c "ms \"a b\" theirs" >/dev/null; echo ours >"$1"'
mcsh -c '.edit "a b"' -c 'mg "a b" v'
status_is 'a key with a blank that was changed meanwhile: status 1' 1
is 'a key with a blank that was changed meanwhile: theirs stays' theirs "$(cat "$work/out")"
has 'a key with a blank that was changed meanwhile: the edit is kept' 'your edit is kept in ' "$work/err"
rm -r "$TMPDIR"/mcsh-edit-*
editor 'head -c 1048514 /dev/zero | tr "\0" x >"$1"; echo >>"$1"'
mcsh -c '.edit "a b"' -c 'mg "a b" s'
ran 'a key with a blank: what just fits is stored' 0 'STORED\nHD\ts1048514\n'
editor 'head -c 1048515 /dev/zero | tr "\0" y >"$1"; echo >>"$1"'
mcsh -c '.edit "a b"' -c 'mg "a b" s'
status_is 'a key with a blank: what does not fit is not sent, status 3' 3
is 'a key with a blank: what does not fit is not sent' 'HD	s1048514' "$(cat "$work/out")"
has 'a key with a blank: what does not fit is not sent, and that is said' "mcsh: the item would take 1048577 bytes, and $socket takes 1048576 at the most (item_size_max)" "$work/err"
rm -r "$TMPDIR"/mcsh-edit-*

# A server without memory deletes what is there in refusing an ms.
own=$socket
start_memcached -M -m 2
head -c 60000 /dev/zero >"$work/large"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	echo "set --file $work/large $i"
done >"$work/fill"
run "$MCSH" "$socket" -c 'ms "a b" x F5 T1000' -f "$work/fill"
editor 'cp "'"$work"'/large" "$1"'
run "$MCSH" "$socket" -c '.edit "a b"' -c 'mg "a b" v f t'
is 'a server without memory: what its refusal deletes is put back' 'x	f5	t1000' "$(cat "$work/out" | sed 's/t99.$/t1000/')"
status_is 'a server without memory: status 3' 3
has 'a server without memory: that it was put back is said' 'mcsh: note: the server deleted the item in refusing the edit: it has been put back' "$work/err"
has 'a server without memory: the edit is kept' 'your edit is kept in ' "$work/err"
rm -r "$TMPDIR"/mcsh-edit-*
socket=$own
fake <<'END'
accept
want version\r\n
send VERSION 1.6.18\r\n
want mn\r\n
send MN\r\n
want mg YSBi v f t c u b\r\n
send VA 3 f5 t-1 c7\r\nold\r\n
want me YSBi b b\r\n
send ME YSBi exp=-1 la=0 cas=7 fetch=no cls=1 size=65\r\n
want ms YSBi 4 b F5 C7\r\nmine\r\n
send SERVER_ERROR out of memory storing object\r\n
want ms YSBi 3 b F5 ME\r\nold\r\n
send SERVER_ERROR out of memory storing object\r\n
gone
END
editor 'echo mine >"$1"'
run "$MCSH" "$fake" -c '.edit "a b"'
status_is 'what cannot be put back: status 3' 3
fake_followed 'what cannot be put back was tried to'
is 'what cannot be put back is kept beside the edit' 'mine old' "$(cat "$TMPDIR"/mcsh-edit-*/a_b.txt) $(cat "$TMPDIR"/mcsh-edit-*/a_b.txt.before)"
has 'what cannot be put back is kept, and where is said' 'mcsh: the server deleted the item in refusing the edit: what it held is kept in ' "$work/err"
rm -r "$TMPDIR"/mcsh-edit-*

# --- conflicts ---

editor '"$MCSH" '"$socket"' -c "set foo theirs 500" >/dev/null; echo mine >"$1"'
mcsh -c 'set foo bar' -c '.edit foo' -c 'get foo'
sed -i "s|$TMPDIR/mcsh-edit-......|DIR|" "$work/err"
ran 'a change meanwhile is not overwritten, and the edit is kept: status 1' 1 'STORED\ntheirs\n' 'mcsh: it was changed meanwhile: nothing was stored\nmcsh: your edit is kept in DIR/foo.txt: set --file stores it; .edit begins again from what is there now\n'
is 'a change meanwhile: the file has the edit' mine "$(cat "$TMPDIR"/mcsh-edit-*/foo.txt)"
rm -r "$TMPDIR"/*
editor '"$MCSH" '"$socket"' -c "delete foo" >/dev/null; echo mine >"$1"'
mcsh -c '.edit foo' -c 'get foo'
has 'an item that is gone is not stored again' 'it is not in the cache any more: nothing was stored' "$work/err"
left_is 'the edit of an item that is gone is kept' 1
rm -r "$TMPDIR"/*
editor '"$MCSH" '"$socket"' -c "touch foo 500" >/dev/null; echo mine >"$1"'
mcsh -c 'set foo bar 100' -c '.edit foo' -c 'mg foo v t'
same_second
ran 'a touch meanwhile is no conflict, and its time stays' 0 'STORED\nSTORED\nmine\tt500\n'
editor 'head -c 2000000 /dev/zero | tr "\\0" x >"$1"'
mcsh -c '.edit foo' -c 'get foo'
has 'a value that is too large: the server says so' 'SERVER_ERROR object too large for cache' "$work/err"
is 'a value that is too large: the old one stays' mine "$(cat "$work/out")"
left_is 'a value that is too large is kept' 1
rm -r "$TMPDIR"/*
# A size limit stands for a full disk.
run bash -c '(ulimit -f 0; exec "$@" 2>&1) | cat; exit ${PIPESTATUS[0]}' bash "$MCSH" "$socket" -c '.edit foo'
ran 'a temporary file that cannot be written: status 4' 4 \
	'mcsh: cannot write a temporary file: File too large: $TMPDIR can name a directory with space in it\n'
left_is 'a temporary file that cannot be written is removed' 0

# --- editors ---

editor 'exit 1'
mcsh -c '.edit foo'
status_is 'an editor that fails: status 1' 1
has 'an editor that fails is named' "ended with status 1" "$work/err"
left_is 'an editor that fails leaves nothing' 0
EDITOR=$work/none mcsh -c '.edit foo'
status_is 'an editor that cannot be found: status 1' 1
VISUAL="$work/visual -x" mcsh -c '.edit foo'
has 'VISUAL goes before EDITOR, and may have options' "the editor ($work/visual -x '" "$work/err"
editor 'echo backup >"${1%/*}/foo~"; echo edited >"$1.new"; mv "$1.new" "$1"'
mcsh -c '.edit foo' -c 'get foo'
ran 'an editor that makes a new file' 0 'STORED\nedited\n'
left_is 'what the editor left beside the file is removed' 0
TMPDIR="$work/it's here" && mkdir "$TMPDIR" && export TMPDIR
editor 'echo quoted >"$1"'
mcsh -c '.edit foo' -c 'get foo'
ran 'a path with a quote and a blank in it' 0 'STORED\nquoted\n'

# --- formats, bad input ---

editor 'echo again >"$1"'
mcsh --format json -c '.edit foo' -c '.edit foo'
is 'json: an object with what came of it' '.edit foo STORED 5 ok
.edit foo unchanged 5 ok' "$(json "$work/out" .command .key .reply .bytes .status)"
editor 'echo pretty >"$1"'
mcsh --format pretty --no-color -c '.edit foo'
ran 'pretty: how long it was, and is' 0 'STORED  (6 bytes, 5 before)\n'
mcsh -c '.edit'
status_is 'no key: status 2' 2
mcsh -c '.edit a b'
status_is 'two keys: status 2' 2
mcsh --readonly -c '.edit foo'
status_is 'a read-only session refuses it: status 2' 2
stop_server "$server"
start_memcached -C
mcsh -c 'set foo bar' -c '.edit foo'
has 'a server without cas numbers: a value opens read-only' 'its server keeps no cas numbers' "$work/err"
mcsh -c '.edit --unguarded foo' -c 'get foo'
ran '--unguarded stores on a server without cas numbers' 0 'STORED\npretty\n'
done_testing
