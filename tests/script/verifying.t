#!/bin/sh
# Transcripts: .record writes them, --verify plays them again, --update rewrites them.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
cd "$work" || exit 99

# transcript NAME: standard input becomes that file.
transcript() {
	cat >"$1"
}

# What a session shows, recorded and verified: in every format, with everything that could be taken
# for something else.
cat >session <<'END'
set foo bar
get foo
get nope
# a comment
  # and another

incr foo
.echo "mcsh> x"
.echo "#y"
.echo "a\n\nb\n\n"
.echo '<any>'
.echo 'x (re)'
.echo 'two
lines' \
three
.echo ''
get foo | cat
get foo > file
get foo | false
gets foo
set e "\e[31m\x00\xff\r\n"
get e
stats settings | grep -c maxconns
.repeat 20 get foo
.trace on
get foo
fet
get "foo
"
.trace off
.source more
.set max_shown 16
set long 0123456789abcdefghij
get long
.expect x
.expect status 0
END
printf 'get foo\n.echo sourced\nget\n' >more
for format in pretty plain raw json csv wire; do
	{
		echo ".record $format.mc"
		cat session
	} >script
	run "$MCSH" "$socket" --format $format --timing=full -f script
	status_is "a session in $format is recorded" 5
	run env MEMCACHED_SERVERS=/nowhere "$MCSH" --verify $format.mc
	ran "a session in $format is recorded: verified in $format" 0 '1 transcript, 30 commands: all as recorded\n'
done
is '.record: the header has the settings that are not the defaults' '# mcsh transcript 1 format=pretty timing=full' "$(head -1 pretty.mc)"
sed -n '1,/^mcsh> get foo | c/p' plain.mc >got
cat >want <<'END'
# mcsh transcript 1 timing=full

mcsh> set foo bar
STORED
mcsh> get foo
bar
mcsh> get nope

# a comment
# and another
mcsh> incr foo
mcsh: incr foo: CLIENT_ERROR cannot increment or decrement non-numeric value: incr and decr work on decimal digits alone, up to 64 bits without a sign; a client may have stored the number serialised
mcsh> .echo "mcsh> x"
\x6dcsh> x (esc)
mcsh> .echo "#y"
\x23y (esc)
mcsh> .echo "a\n\nb\n\n"
a

b
 (esc)
 (esc)
mcsh> .echo '<any>'
<any> (esc)
mcsh> .echo 'x (re)'
x (re) (esc)
mcsh> .echo 'two
...> lines' \
...> three
two
lines three
mcsh> .echo ''
 (esc)
mcsh> get foo | cat
END
same_bytes '.record: the transcript is text, as expected byte for byte' want got

# Recording leaves what is printed and the exit status as they are.
run "$MCSH" --sandbox --format plain -f session
cp out plain.out
cp err plain.err
{
	echo .record again.mc
	cat session
} >session2
run "$MCSH" --sandbox --format plain -f session2
status_is '.record: does not change the status' 5
sed -E '/^(min|median|p[0-9]+|max)/d; s/^(foo.).*(.bar)/\1CAS\2/' plain.out >want
sed -E '/^(min|median|p[0-9]+|max)/d; s/^(foo.).*(.bar)/\1CAS\2/' out >got
same_bytes '.record: does not change what is printed' want got
sed -E 's/^mcsh: session:[0-9]+:/mcsh: S:/' plain.err >want
sed -E 's/^mcsh: session2:[0-9]+:/mcsh: S:/' err >got
same_bytes '.record: does not change what is reported' want got

# .record itself.

run "$MCSH" "$socket" -c .record -c '.record "a b"' -c .record -c 'get nope' -c '.record off' -c .record -c 'get foo'
ran '.record alone: names the file' 1 'not recording\nrecording to a b\nnot recording\nbar\n'
printf '# mcsh transcript 1\n\nmcsh> get nope\n' >want
same_bytes '.record alone: is not recorded' want 'a b'
run "$MCSH" "$socket" --format json -c '.record one' -c .record -c '.record off'
ran '.record in JSON: names the file' 0 '{"command":".record","file":"one","status":"ok"}\n{"command":".record","file":"one","status":"ok"}\n{"command":".record","file":null,"status":"ok"}\n'
run "$MCSH" "$socket" -c '.record one' -c 'get nope' -c '.record two' -c version -c '.record off'
printf '# mcsh transcript 1\n\nmcsh> get nope\n' >want
same_bytes '.record while recording: ends the first transcript' want one
passes '.record while recording: goes on in the second file' grep -qx 'mcsh> version' two
run "$MCSH" "$socket" -c '.record two'
printf '# mcsh transcript 1\n\n' >want
same_bytes '.record: a file that is a transcript is replaced' want two
run "$MCSH" "$socket" -c '.record session' -c '.record /nowhere/x' -c '.record "a\0b"' -c '.record ""'
ran '.record: a file that is not a transcript is not replaced' 2 '' 'mcsh: "session" exists and is not a transcript: name another file, or remove it
mcsh: cannot write "/nowhere/x": No such file or directory: check the path and its rights
mcsh: a NUL byte is in the name of the file: no file has such a name
mcsh: the name of the file is empty: no file has such a name\n'
run "$MCSH" "$socket" -c '.record /dev/full' -c 'get foo' -c version
status_is '.record on a full disk: status 4' 4
has '.record on a full disk: reported' 'mcsh: cannot write the transcript: No space left on device: what was recorded before is there' err
run "$MCSH" "$socket" -c '.record secret' -c '.repeat 1 .auth bob hunter2' -c '.auth eve "hunter2\q"' \
	-c 'mcsh> .auth bob hunter2' -c 'get foo; .auth bob hunter2' -c '.auth bob hunter2 && get foo' \
	-c '.auth “bob” hunter2' -c '.auth bob hunter2 2>&1' -c '.auth bob hunter2 # me' \
	-c '.login bob hunter2' -c 'authenticate bob hunter2'
is '.record: secrets are left out' '# a command whose words are secret was here' "$(grep -v '^mcsh' secret | sed -n 3p)"
passes '.record: no part of a secret is in the file' sh -c '! grep hunter secret'
passes '.record: no error repeats a secret' sh -c '! grep hunter "$1"' sh "$work/err"
has 'a prompt before a line that is secret: reported without it' \
	'mcsh: "mcsh>" is not a command, it stands before one: its words are secret: .help .auth says how it is typed' secret
has '.login: .auth is meant' 'mcsh: unknown command ".login": did you mean .auth?' "$work/err"
# What a program after a pipe reads and prints is not in the command's own output.
run "$MCSH" --sandbox -c '.record assert' -c 'set a x' -c 'get a | tr x y' -c '.expect x' -c 'get a > f' -c '.expect x'
status_is '.expect sees the same while recording' 0
run "$MCSH" "$socket" -c '.record gone.mc' -c 'get foo | exit 3' -c .quit
run "$MCSH" --verify gone.mc
ran '--verify: a pipe that failed, and the .quit after it, are as recorded' 0 '1 transcript, 1 command: all as recorded\n'
printf '.record driven.mc\nset a "b\\nc"\nget a\n.echo x\n' | "$MCSH" --expect "$socket" >out
run "$MCSH" --verify driven.mc
ran '.record of a session that a program drives: status 0' 0 '1 transcript, 3 commands: all as recorded\n'
is '.record of a session that a program drives: the lines are fields' 'b\nc' "$(grep -x 'b.*' driven.mc)"

# Differences.

transcript t <<'END'
# mcsh transcript 1

# one
mcsh> set foo bar
STORED

# two
mcsh> get foo
baz

mcsh> version
1.<any>
mcsh> .echo "a\nb\nc\nd"
a
[b-x] (re)
C

# behind
d
# the end

END
cp t t.orig
run "$MCSH" --verify t
ran '--verify: what differs is shown as by diff -u, status 5' 5 '--- t
+++ t
@@ -6,16 +6,15 @@
 
 # two
 mcsh> get foo
-baz
+bar
 
 mcsh> version
 1.<any>
 mcsh> .echo "a\\nb\\nc\\nd"
 a
 [b-x] (re)
-C
-
-# behind
+c
 d
+# behind
 # the end
 
1 transcript, 4 commands: 1 differs\n'
same_bytes '--verify: the transcript is not written' t.orig t
run "$MCSH" --verify --format=json t
is '--verify in JSON: the counts and the diff' 't 4 2 false --- t' \
	"$(json out .file .commands .differing .updated .diff | head -n 1)"
chmod 640 t
ln -s t link
run "$MCSH" --verify --update link plain.mc
status_is '--update: status 0' 0
is '--update: reports how many were updated' '2 transcripts, 34 commands: 1 updated' "$(tail -1 out)"
is '--update: the file keeps its permissions, a link stays a link' '640 link' "$(stat -c %a t) $(readlink link >/dev/null && echo link)"
run "$MCSH" --verify t
ran '--update: the file has the new answers' 0 '1 transcript, 4 commands: all as recorded\n'
passes '--update: patterns that match are kept' grep -qxF '[b-x] (re)' t
passes '--update: comments are kept' grep -qx '# behind' t
is '--update: no other file is left' 't
t.orig' "$(ls -d t t.*)"
run "$MCSH" --verify --update t
ran '--update of a file that is right: reports nothing to update' 0 '1 transcript, 4 commands: all as recorded\n'

transcript inner <<'END'
mcsh> .record inner.out
mcsh> .echo a
a
mcsh> .record off
END
run "$MCSH" --verify inner
ran '--verify of a transcript with .record: status 0' 0 '1 transcript, 3 commands: all as recorded\n'
printf '# mcsh transcript 1\n\nmcsh> .echo a\na\n' >want
same_bytes '--verify of a transcript with .record: the record is written while it is played' want inner.out

# Each file has a server of its own, and nothing of the surroundings.

transcript first <<'END'
mcsh> add once 1
STORED
END
cp first second
run env MEMCACHED_SERVERS="$socket" "$MCSH" --verify --format=pretty --timing --key-prefix=p --trace first second
ran '--verify: files do not see each other, options do not change them' 0 '2 transcripts, 2 commands: all as recorded\n'
run "$MCSH" "$socket" -c 'get once'
status_is '--verify: the servers of MEMCACHED_SERVERS are not asked' 1
transcript many <<'END'
# mcsh transcript 1 servers=3 columns=40 key_prefix="a b" json=on
mcsh> .servers | wc -l | tr -d ' '
3
mcsh> .set key_prefix | cut -f 2
a b
END
run "$MCSH" --verify many
ran '--verify: the first line sets settings' 0 '1 transcript, 2 commands: all as recorded\n'
sed -i 's/servers=3//' many
run "$MCSH" --verify --sandbox=3 many
ran '--verify: the first line sets the number of servers' 0 '1 transcript, 2 commands: all as recorded\n'
run "$MCSH" --sandbox=2 -c '.record two' -c 'set_multi a 1 b 2 c 3' -c 'get_multi a b c' -c '.servers | wc -l | tr -d " "'
run "$MCSH" --verify two
ran '.record: the first line has the number of servers' 0 '1 transcript, 3 commands: all as recorded\n'

transcript reads <<'END'
mcsh> set --file - a
STORED
mcsh> get a
 (esc)
END
echo input | "$MCSH" --verify reads >out
is '--verify: standard input is empty for programs' '1 transcript, 2 commands: all as recorded' "$(cat out)"

transcript left <<'END'
mcsh> .quit
mcsh> .echo a
a
END
run "$MCSH" --verify left
status_is '--verify: lines recorded after the end of the session differ, status 5' 5
transcript bad <<'END'
mcsh> .echo a
( (re)
END
run "$MCSH" --verify bad
status_is '--verify: an invalid pattern, status 5' 5
err_is '--verify: an invalid pattern is reported' 'mcsh: bad: cannot read the expression "(": Unmatched ( or \\(: it is a POSIX extended regular expression, see regex(7)\n'
# Two of them: the time is that of all expressions of a step.
head -c 300000 /dev/zero | tr '\0' a >long
transcript slow <<'END'
mcsh> .set timeout 300ms
mcsh> set --file long k
STORED
mcsh> get k
(a+)+$b (re)
(a+)+$c (re)
mcsh> get k
a+ (re)
END
seconds=$(date +%s)
run bash -c '"$@" | cut -c1-40' bash timeout 60 "$MCSH" --verify slow
ran '--verify: an expression that takes longer than the timeout differs, and the next step goes on' 0 '--- slow
+++ slow
@@ -2,7 +2,6 @@
 mcsh> set --file long k
 STORED
 mcsh> get k
-(a+)+$b (re)
-(a+)+$c (re)
+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
 mcsh> get k
 a+ (re)
1 transcript, 4 commands: 1 differs\n' \
	'mcsh: slow: the expression took longer than 300.0 ms in 293 KiB of output: write a simpler one; .set timeout gives it longer\n'
passes '--verify: what expressions take is bounded' test $(($(date +%s) - seconds)) -lt 30
printf 'STORED\n' >none
printf '# mcsh transcript 2\n' >newer
printf '# mcsh transcript 1 nothing=1\n' >unknown
printf '# mcsh transcript 1 columns=1\n' >narrow
printf '# mcsh transcript 1 timing\n' >lacks
printf '# mcsh transcript 1\r\nmcsh> .echo a\r\na\r\n' >dos
run "$MCSH" --verify none newer unknown narrow lacks dos absent . first
ran '--verify: files that cannot be played are refused, status 2' 2 '1 transcript, 1 command: all as recorded\n' \
	'mcsh: none: line 1 is output, and no command is before it: a command begins with "mcsh> ", a comment with "#"; a script of commands alone is run by mcsh -f
mcsh: newer: line 1 is the header of a transcript that this mcsh does not know: see TRANSCRIPTS in man mcsh
mcsh: unknown: unknown setting "nothing": .set lists them
mcsh: narrow: invalid value for columns: "1": prompt, driven and utf8 take on or off, columns 20 to 10000, servers 1 to 64
mcsh: lacks: invalid value for timing: "": it takes off|on|full
mcsh: dos: line 1 ends with CR LF: write its lines with LF alone: sed -i '"'s/\\\\r\$//'"' FILE
mcsh: absent: cannot read it: No such file or directory: check the path and its rights
mcsh: .: cannot read it: Is a directory: check the path and its rights\n'
mkdir dir
cp t.orig dir/t
chmod 500 dir
if [ "$(id -u)" != 0 ]; then
	run "$MCSH" --verify --update dir/t
	status_is 'a file that cannot be replaced' 2
fi
chmod 700 dir
# A size limit stands for a full disk.
sed 's/^STORED$/STORES/' first >full
cp full full.orig
run bash -c '(ulimit -f 0; exec "$@" 2>&1) | grep mcsh:; exit ${PIPESTATUS[0]}' bash "$MCSH" --verify --update full
ran 'an update that the disk does not take is reported, with status 4' 4 \
	'mcsh: full: cannot write it: File too large: it is as it was\n'
same_bytes 'an update that the disk does not take leaves the file as it was' full.orig full
is 'an update that the disk does not take leaves nothing beside it' 'full
full.orig' "$(ls -d full*)"
nothing=': the command is missing: a command follows the prompt, as in "mcsh> get foo"\n'
: >empty
run "$MCSH" --verify empty
ran '--verify of an empty file: refused, status 2' 2 '' "mcsh: empty$nothing"
run env PATH=/nowhere "$MCSH" --verify first
ran '--verify where memcached is not installed: reported, status 4' 4 '' 'mcsh: first: cannot start memcached: it is not installed: install the package memcached (apt-get install memcached), or name a server: mcsh host:port\n'

# The command line.

run "$MCSH" --verify
ran '--verify without a file: refused' 2 '' 'mcsh: --verify wants the names of transcripts: mcsh --verify FILE\n'
run "$MCSH" --update first
ran '--update without --verify: refused' 2 '' 'mcsh: --update is for --verify alone: mcsh --verify --update FILE\n'
for other in '-c version' '-f first' --expect; do
	# shellcheck disable=SC2086
	run "$MCSH" --verify $other first
	ran "--verify and $other" 2 '' 'mcsh: --verify goes with neither -c nor -f nor --expect: put the commands into a transcript\n'
done

# A long output is cut, and compared as far as it goes.
{ head -c 1500000 /dev/zero | tr '\0' x | fold -w 99; echo; } >big
run "$MCSH" --sandbox -c '.set max_value 8m' -c '.record long.mc' -c '.echo before' -c '.echo x | cat big' -c '.echo after'
is '.record: an answer over 1 MiB is cut' '<any>|mcsh> .echo after|after' "$(tail -3 long.mc | tr '\n' '|' | sed 's/|$//')"
same_bytes '.record: an answer over 1 MiB is shown whole' big "$(sed '1d; $d' out >shown && echo shown)"
run "$MCSH" --verify long.mc
ran '--verify: an answer over 1 MiB that was cut is the same' 0 '1 transcript, 3 commands: all as recorded\n'

# What proves nothing.
printf '# mcsh transcript 1\n' >none
run "$MCSH" --verify none
ran '--verify of a file without a command: refused, status 2' 2 '' "mcsh: none$nothing"
printf '# mcsh transcript 1\n\nmcsh> set a b\nSTORED\nmcsh> .quit\nmcsh> get a\nb\n' >left
run "$MCSH" --verify left
ran '--verify: a command after .quit is reported as never run, status 5' 5 '1 transcript, 3 commands: 1 differs\n' 'mcsh: left: the command of line 6 is never run: take it out: the one before it leaves\n'

# As Windows' editors write it.
printf '\357\273\277# mcsh transcript 1 format=json\n\nmcsh> .echo a\n{"command":".echo","text":"a","status":"ok"}\n' >bom
run "$MCSH" --verify bom
ran 'a byte order mark before the header is no part of it' 0 '1 transcript, 1 command: all as recorded\n'

done_testing
