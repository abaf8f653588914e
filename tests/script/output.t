#!/bin/sh
# Where results go: pipes, files, readers that leave, disks that are full, and when they are written.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
full='cannot write the output: No space left on device'

"$MCSH" "$socket" -c 'set foo bar' -c 'set json "{\"a\": [1, 2]}"' >/dev/null

# Redirections.

run "$MCSH" "$socket" -c 'get json | cut -c 6-'
ran 'a pipe to a program: its output' 0 ' [1, 2]}\n'
run "$MCSH" "$socket" -c 'get foo | tr a-z A-Z | sed "s/$/!/"'
ran 'the rest of the line is the shell'"'"'s' 0 'BAR!'
run "$MCSH" "$socket" -c "get foo > $work/file" -c "get foo >> $work/file" -c "get foo > '$work/two words'"
ran 'redirections into files: status 0 and no output' 0
printf barbar >"$work/want"
same_bytes '> writes a file, >> adds to it' "$work/want" "$work/file"
printf bar >"$work/want"
same_bytes 'a value arrives byte for byte, without a line feed' "$work/want" "$work/two words"
run "$MCSH" "$socket" -c "get foo > $work/file"
same_bytes '> empties the file first' "$work/want" "$work/file"
run "$MCSH" "$socket" -c 'set op ">"' -c "set op2 '|' " -c 'get op' -c 'get op2'
ran 'quoted > and | are data' 0 'STORED\nSTORED\n>\n|\n'
run "$MCSH" "$socket" -c 'get nope | cat' -c 'get foo'
ran 'a miss in a pipe is a miss' 1 'bar\n'
run "$MCSH" "$socket" -c "get foo > $work/no/such"
ran 'a file that cannot be written' 2 '' \
	"mcsh: cannot write \"$work/no/such\": No such file or directory: nothing was sent; check the path and its rights\n"
run "$MCSH" "$socket" -c "set sent 1 > $work/no/such" -c 'get sent'
is 'a file that cannot be written: nothing was sent' '2 ' "$status $(cat "$work/out")"
run "$MCSH" "$socket" -c 'get foo > /dev/full' -c 'get foo'
ran 'a full disk after >' 4 'bar\n' "mcsh: $full: what was written before is there\n"
run "$MCSH" "$socket" -c '| cat' -c 'get foo >' -c 'get foo > a b'
status_is 'redirections without a command or a file, or with two: status 2' 2
is 'redirections without a command or a file, or with two: an error each' 3 "$(wc -l <"$work/err")"
run "$MCSH" "$socket" --format json -c "get foo > $work/file" -c 'get foo | cat >/dev/null'
status_is 'other formats are redirected as they are' 0
is 'json into a file' bar "$(json "$work/file" '.values[0].value')"

# Readers that leave.

run "$MCSH" "$socket" -c 'stats | head -1 | cut -f1'
ran 'a reader within that leaves is not a failure' 0 'pid\n'
head -c 900000 /dev/zero | tr '\0' '\n' >"$work/lines"
run "$MCSH" "$socket" -c "set --file $work/lines lines" -c 'get lines | head -1' -c 'get foo'
ran 'a program after a pipe that leaves in the middle is not a failure' 0 'STORED\n\nbar\n'
yes 'get lines' | head -100 >"$work/script"
run sh -c '"$1" "$2" <"$3" | head -1; echo done' sh "$MCSH" "$socket" "$work/script"
ran 'a reader outside that leaves ends mcsh' 0 '\ndone\n'
run sh -c '{ "$1" "$2" <"$3"; echo "$?" >"$4"; } | head -1' sh "$MCSH" "$socket" "$work/script" "$work/left"
is 'a reader outside that leaves ends mcsh: with status 0' 0 "$(cat "$work/left")"

# Full disks.

run sh -c '"$1" "$2" -c "get foo" >/dev/full' sh "$MCSH" "$socket"
ran 'a full disk at the end' 4 '' "mcsh: $full: make room, and run it again\n"
run sh -c '"$1" "$2" <"$3" >/dev/full' sh "$MCSH" "$socket" "$work/script"
ran 'a full disk in the middle' 4 '' "mcsh: $full: make room, and run it again\n"
run "$MCSH" "$socket" --trace-file /dev/full -c 'get foo' -c 'get foo'
ran 'a full disk under a trace file is reported once, and the trace is shown' 4 'bar\nbar\n' \
	"mcsh: cannot write the trace file \"/dev/full\": No space left on device: the trace goes to standard error\n> get foo\\\\r\\\\n\n< VALUE foo 0 3\\\\r\\\\n\n< bar\\\\r\\\\n\n< END\\\\r\\\\n\n> get foo\\\\r\\\\n\n< VALUE foo 0 3\\\\r\\\\n\n< bar\\\\r\\\\n\n< END\\\\r\\\\n\n"
run "$MCSH" "$socket" --trace-file "$work/no/such" -c 'get foo'
status_is 'a trace file that cannot be opened: status 4' 4
run sh -c '"$1" "$2" --trace -c "get foo" 2>/dev/full' sh "$MCSH" "$socket"
ran 'a full disk under standard error, with a trace: status 4' 4 'bar\n'
run sh -c '"$1" "$2" --trace -c "get foo" 2>&-' sh "$MCSH" "$socket"
ran 'standard error closed, with a trace: status 0' 0 'bar\n'
run "$MCSH" "$socket" -c '.record /dev/full' -c 'get foo'
ran 'a full disk under a transcript' 4 'bar\n' \
	'mcsh: cannot write the transcript: No space left on device: what was recorded before is there\n'
for option in --help --version; do
	run sh -c '"$1" "$2" >/dev/full' sh "$MCSH" "$option"
	status_is "a full disk and $option" 4
done

# No memory. Under a sanitizer, which takes address space without end for itself, it is the one that
# refuses.
printf 'get foo\nset --file /dev/zero big\n' >"$work/large.script"
starved() {
	if sanitized; then
		run env ASAN_OPTIONS="allocator_may_return_null=1:max_allocation_size_mb=32:log_path=$work/asan" \
			"$MCSH" "$@" <"$work/large.script"
	else
		run sh -c 'ulimit -v 60000; exec "$@"' sh "$MCSH" "$@" <"$work/large.script"
	fi
}
starved "$socket"
ran 'what was answered is written when memory is out' 4 'bar\n' \
	'mcsh: out of memory: free some and start again\n'
starved --expect "$socket"
is 'what was answered is written for a driver when memory is out' '| bar' "$(grep bar "$work/out")"

# In time: a driver that waits for each answer before it asks again gets it.

cat >"$work/driver" <<'END'
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
for question, answer in [(b'set a 1\n', b'STORED\n'), (b'incr a\n', b'2\n'), (b'get a\n', b'2\n'),
                         (b'.echo a\n', b'a\n'), (b'get a nope | cat\n', b'a\t2\n')]:
    child.stdin.write(question)
    got = child.stdout.read(len(answer))
    if got != answer:
        sys.exit(f'{question}: {got}')
child.stdin.close()
sys.exit(child.wait() != 1 or child.stdout.read() != b'')
END
run /usr/bin/python3 -I -S "$work/driver" "$MCSH" "$socket"
ran 'a program that types by answers: each answer comes before its next command' 0

# A reader that is slow: what mcsh cannot write yet is no reason to blame the server.

head -c 100000 /dev/zero | tr '\0' x >"$work/large"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
	echo "set --file $work/large large$i"
done >"$work/stores"
"$MCSH" "$socket" <"$work/stores" >/dev/null
large=$(sed 's/.* //' "$work/stores" | tr '\n' ' ')
wanted=$("$MCSH" "$socket" -c "get $large" | wc -c)
for format in plain json wire; do
	run sh -c '{ "$1" "$2" --timeout=400ms --format="$3" -c "get $4"; echo "$?" >"$5"; } | (sleep 1.2; wc -c)' \
		sh "$MCSH" "$socket" "$format" "$large" "$work/left"
	is "a slow reader outside, as $format" 0 "$(cat "$work/left")"
	err_is "a slow reader outside, as $format: no word of a timeout ($format)" ''
done
run "$MCSH" "$socket" --timeout=400ms -c "get $large | (sleep 1.2; wc -c)"
ran 'a slow reader within gets every byte' 0 "$wanted\n"
"$MCSH" "$socket" <"$work/stores" >/dev/null
sed 's/.* /get /' "$work/stores" >"$work/gets"
run sh -c '{ "$1" "$2" --timeout=400ms <"$3"; echo "$?" >"$4"; } | (sleep 1.2; wc -c)' \
	sh "$MCSH" "$socket" "$work/gets" "$work/left"
ran 'a slow reader of a script gets every byte' 0 '3000030\n'
is 'a slow reader of a script gets every byte: its status is 0' 0 "$(cat "$work/left")"

# Live: what comes is written as it comes, whatever is still to come.
# live TEXT COMMAND ARGUMENT...: reads from mcsh, as many bytes at most as TEXT has, closes
# its end, and runs COMMAND in a shell, if any.

live() {
	run perl -MTime::HiRes=time -e '
		my ($text, $more, @command) = @ARGV;
		my $begin = time;
		pipe(my $from, my $to) or die;
		my $child = fork // die;
		if (!$child) {
			open(STDOUT, ">&", $to) or die;
			exec(@command) or die;
		}
		close($to);
		sysread($from, my $got, length($text));
		my $seen = time - $begin;
		close($from);
		system("$more >/dev/null") if $more;
		waitpid($child, 0);
		my ($status, $ended) = ($? >> 8, time - $begin);
		print $got, "status $status ", $seen < 5 ? "at once" : "after $seen s",
			$ended < 10 ? " and ends\n" : " but ends after $ended s\n";
	' "$@"
}
for format in plain pretty raw csv; do
	live 'OK ' '' "$MCSH" "$socket" --format="$format" \
		-c '.raw --for 20s watch fetchers'
	ran "lines as they arrive, until the reader leaves ($format)" 0 \
		'OK\nstatus 0 at once and ends\n'
done
live 'OK....' '' "$MCSH" "$socket" --format=wire -c '.raw --for 20s watch fetchers'
has "lines as they arrive, until the reader leaves ($format): as they were received" 'at once and ends' "$work/out"
# A program notices that its reader has left when it writes again: a get is its next line.
live OK. "'$MCSH' $socket -c 'get foo'" "$MCSH" "$socket" -c '.raw --for 20s watch fetchers | cat'
has 'lines as they arrive, through a program, until the reader of that leaves' 'at once and ends' "$work/out"
run timeout 10 "$MCSH" "$socket" -c '.raw --for 20s watch fetchers | head -1' -c 'get foo'
ran 'a program that has seen enough ends the command, not the next' 0 'OK\nbar\n'
run timeout 10 sh -c '"$1" "$2" -c ".raw --for 20s watch fetchers" -c "set never 1" >/dev/full' \
	sh "$MCSH" "$socket"
ran 'a full disk ends lines as they arrive, status 4' 4 '' "mcsh: $full: make room, and run it again\n"
run "$MCSH" "$socket" -c 'get never'
status_is 'a full disk ends lines as they arrive: the next command is not run' 1

# Results and errors are in order when both go to one place.
run sh -c '"$1" "$2" -c "get foo" -c get -c "get foo" 2>&1' sh "$MCSH" "$socket"
ran 'errors stand where they happened' 2 \
	'bar\nmcsh: get: missing KEY: usage: get KEY...\nbar\n'

# Colours: none but on a terminal, and none where they are not wanted.

for set in TERM=xterm NO_COLOR=1 TERM=dumb; do
	run env "$set" "$MCSH" "$socket" --format pretty -c 'get foo'
	ran "pretty in a pipe has no colours ($set)" 0 '"bar"  (3 bytes)\n'
done

# on_terminal ARGUMENT...: mcsh with standard output on a terminal; what came is in $work/out.
on_terminal() {
	run /usr/bin/python3 -I -S -c '
import os, pty, sys
out = b""
def read(fd):
    global out
    data = os.read(fd, 65536)
    out += data
    return b""
pid, fd = pty.fork()
if pid == 0:
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    out += data
os.write(1, out)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$@"
}
coloured() {
	grep -q "$(printf '\033')" "$work/out" && echo yes || echo no
}
on_terminal "$MCSH" "$socket" -c 'get foo'
is 'a terminal gets pretty answers in colour' '0 yes' "$status $(coloured)"
on_terminal env NO_COLOR=1 "$MCSH" "$socket" -c 'get foo'
is 'NO_COLOR on a terminal: no colour' '0 no' "$status $(coloured)"
on_terminal env TERM=dumb "$MCSH" "$socket" -c 'get foo'
is 'TERM=dumb on a terminal: no colour' '0 no' "$status $(coloured)"
on_terminal "$MCSH" "$socket" --no-color -c 'get foo'
is '--no-color on a terminal: no colour' '0 no' "$status $(coloured)"
ran '--no-color on a terminal: pretty all the same' 0 '"bar"  (3 bytes)\r\n'
on_terminal "$MCSH" "$socket" -c 'get foo | cat'
ran 'a pipe within gets the bytes' 0 'bar'
on_terminal "$MCSH" "$socket" --format plain -c 'get foo'
ran '--format plain on a terminal: plain' 0 'bar\r\n'

# A limit of a file's size is an error like a full disk, and not the end of mcsh. limited COMMAND:
# what it prints, on a pipe, and its status.
limited() {
	{
		(
			ulimit -f 0
			exec "$@"
		) 2>&1
		echo "$?"
	} | cat
}
is 'a file that may not grow is named' \
	"mcsh: cannot write the output: File too large: make room, and run it again
4" "$(limited sh -c 'exec "$@" >"$0"' "$work/limited" "$MCSH" "$socket" -c 'get foo')"
is 'a file of a redirection that may not grow: status 4' 4 "$(limited "$MCSH" "$socket" -c "get foo > $work/limited" | tail -1)"
is 'what runs in a pipe has the default' 'killed
1' "$(limited "$MCSH" "$socket" -c "get foo | sh -c 'sh -c \"echo x; echo y\" >$work/limited || echo killed; exit 1' 2>/dev/null")"

done_testing
