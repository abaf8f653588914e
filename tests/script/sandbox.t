#!/bin/sh
# --sandbox: real servers, private, several, and nothing left of them however mcsh ends.
. "${top_srcdir:?}/tests/lib/tap.sh"

# A place of its own shows what is left; its name, in every command line, shows who is.
unset XDG_RUNTIME_DIR
TMPDIR=$work/t
export TMPDIR
mkdir "$TMPDIR"
mark=".echo $TMPDIR"

# left_over: waits until nothing is left, for ten seconds at the most; then lists what is.
left_over() {
	perl -e '
		my $dir = shift;
		my @left;
		for (1 .. 1000) {
			@left = glob "$dir/*";
			for my $file (glob "/proc/[0-9]*/cmdline") {
				open my $f, "<", $file or next;
				my $line = <$f> // "";
				push @left, $line if $line =~ /^\S*(memcached|mcsh)\0/ && index($line, $dir) >= 0;
			}
			last unless @left;
			select undef, undef, undef, 0.01;
		}
		s/\0/ /g, print "$_\n" for @left;
	' "$TMPDIR"
}

run "$MCSH" --sandbox -c "$mark" -c 'set foo bar' -c 'get foo' -c 'version | grep -c .'
ran 'a sandbox answers' 0 "$TMPDIR\nSTORED\nbar\n1\n"
is 'a sandbox answers: nothing is left of it' '' "$(left_over)"

run "$MCSH" --sandbox -c "$mark" -c 'get nope'
status_is 'a miss in a sandbox: status 1' 1
is 'a miss in a sandbox: nothing is left of it' '' "$(left_over)"

# Several servers: the keys are spread, and each is found again.
{
	perl -e 'print "set key$_ $_\n" for 1 .. 200; print "get key$_\n" for 1 .. 200'
	echo 'stats | grep -P "\tcurr_items\t"'
} >"$work/script"
run "$MCSH" --sandbox=3 <"$work/script"
status_is 'a sandbox of three servers: status 0' 0
is 'a sandbox of three servers holds every key' "$(seq 1 200)" "$(sed -n '201,400p' "$work/out")"
is 'a sandbox of three servers: each holds a part' '3 200 yes' "$(awk -F '\t' '
	NR > 400 { servers++; sum += $3; if ($3 < 20) few = 1 }
	END { print servers, sum, few ? "no" : "yes" }' "$work/out")"
is 'a sandbox of three servers: nothing is left' '' "$(left_over)"
run "$MCSH" --sandbox=64 -c 'version | wc -l'
ran 'a sandbox of sixty-four servers: status 0' 0 '64\n'
is 'sixty-four servers: nothing is left of sixty-four' '' "$(left_over)"
run "$MCSH" --sandbox=65 -c version
ran 'sixty-five are too many' 2 '' \
	'mcsh: invalid number of servers: "65": --sandbox=N takes 1 to 64\n'

# Nobody else may enter.
run "$MCSH" --sandbox -c "version | stat -c '%a %F' $TMPDIR/*"
ran 'the directory of a sandbox is this user'"'"'s alone' 0 '700 directory\n'

# However mcsh ends. It knows that the sandbox is up by the answer to its first command.
ended_by() {
	mkfifo "$work/in" "$work/answers"
	exec 7<>"$work/in" 8<>"$work/answers"
	# Who ignores a signal, as under nohup, leaves it ignored to what it starts.
	perl -e '$SIG{$_} = "DEFAULT" for qw(HUP TERM); exec @ARGV or die' \
		"$MCSH" --sandbox -f "$work/in" >"$work/answers" 2>/dev/null 7>&- 8>&- &
	child=$!
	printf '%s\nset k v\n' "$mark" >&7
	is "a sandbox whose $2 ends by $1: it answers before" "$TMPDIR STORED " "$(timeout 30 head -n 2 <&8 | tr '\n' ' ')"
	keeper=$(ps -o pid= --ppid "$child" | tr -d ' ')
	[ "$2" = mcsh ] || kill -KILL "$keeper"
	kill "-$1" "$child"
	wait "$child" 2>/dev/null
	# The lock of the directory is free when both have ended, the keeper some time after its signal.
	while [ "$2" = both ]; do
		case $(ps -o stat= -p "$keeper") in '' | Z*) break ;; esac
		sleep 0.01
	done
	exec 7>&- 8>&-
	rm "$work/in" "$work/answers"
}
for signal in TERM HUP KILL; do
	ended_by $signal mcsh
	is "a sandbox is left by $signal: no process and no file remains" '' "$(left_over)"
done

# With its keeper killed first there is nobody to sweep. The next sandbox does it, and leaves alone
# what is in use, or is not such a directory.
ended_by KILL both
is 'a directory is left when mcsh and its keeper are killed' 1 \
	"$(find "$TMPDIR" -type d -name 'mcsh-*' | wc -l | tr -d ' ')"
mkdir -m 700 "$TMPDIR/mcsh-abcdef" "$TMPDIR/mcsh-ghijkl" "$TMPDIR/mcsh-mnopqr"
touch "$TMPDIR/mcsh-ghijkl/lock" "$TMPDIR/mcsh-ghijkl/file" "$TMPDIR/mcsh-mnopqr/lock"
chmod 755 "$TMPDIR/mcsh-mnopqr"
ln -s "$work" "$TMPDIR/mcsh-link"
run "$MCSH" --sandbox -c 'set foo bar' \
	-c ".echo x | '$MCSH' --sandbox -c version >/dev/null; ls -d $TMPDIR/mcsh-??????/1.sock | wc -l" \
	-c 'get foo'
ran 'a sandbox in use is not swept by another' 0 'STORED\n1\nbar\n'
is 'what was left is swept by the next sandbox, and nothing else' \
	'mcsh-abcdef mcsh-ghijkl mcsh-link mcsh-mnopqr ' "$(ls "$TMPDIR" | tr '\n' ' ')"
is 'what was left is swept by the next sandbox, and nothing else: not even in such a directory' file "$(ls "$TMPDIR/mcsh-ghijkl")"
rm -r "$TMPDIR"/mcsh-*
ended_by KILL both
run "$MCSH" --sandbox -c version
is 'what was left is swept by the next sandbox, and nothing else: nothing is left' '' "$(left_over)"

run "$MCSH" --sandbox -e -c 'get nope' -c 'get nope'
status_is '-e ends a sandbox at the first miss, status 1' 1
is '-e ends a sandbox at the first miss: nothing is left' '' "$(left_over)"

# No memcached, no sandbox.
mkdir "$work/empty"
mcsh=$(command -v "$MCSH")
run env PATH="$work/empty" "$mcsh" --sandbox -c version
ran 'without memcached the package is named' 4 '' \
	'mcsh: cannot start memcached: it is not installed: install the package memcached (apt-get install memcached), or name a server: mcsh host:port\n'
printf '#!/bin/sh\nexit 1\n' >"$work/empty/memcached"
run env PATH="$work/empty" "$mcsh" --sandbox -c version
status_is 'a memcached that cannot be run' 4
has 'a memcached that cannot be run is reported' 'mcsh: cannot start memcached: Permission denied' "$work/err"
is 'a memcached that cannot be run: leaves nothing' '' "$(left_over)"
run "$MCSH" --sandbox somewhere:1 -c version
status_is 'a sandbox and a server are one too many' 2

done_testing
