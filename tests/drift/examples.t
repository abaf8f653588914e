#!/bin/sh
# Every example that the documents show is run, and must show what they say: they are made into
# transcripts, which mcsh --verify plays. tests/lib/transcript.py tells how an example is marked.
. "${top_srcdir:?}/tests/lib/tap.sh"

LC_ALL=C.UTF-8
EDITRC=/dev/null
MCSH_HISTFILE=
export LC_ALL EDITRC MCSH_HISTFILE
unset NO_COLOR PAGER

transcript() {
	/usr/bin/python3 "$top_srcdir/tests/lib/transcript.py" "$@"
}

# The documents' "mcsh" is the one that was built, and the files they make are made here.
mkdir "$work/bin" "$work/here"
ln -s "$(command -v "$MCSH")" "$work/bin/mcsh"
PATH=$work/bin:$PATH
cd "$work/here" || exit 99

# document NAME FILE LEAST: plays the examples of FILE, of which there must be LEAST steps, each
# document with a server of its own.
document() {
	start_memcached
	MEMCACHED_SERVERS=$socket
	export MEMCACHED_SERVERS
	step_count=$(transcript split "$2" "$work/$1")
	run "$MCSH" --verify "$work/$1/transcript"
	ran "the examples of $1" 0 "1 transcript, $step_count commands: all as recorded\n"
	for own in "$work/$1"/own-*; do
		[ -e "$own" ] || continue
		run "$MCSH" --verify "$own"
		status_is "a transcript in $1" 0
	done
	passes "$1 has its $3 examples or more: $step_count" test "$step_count" -ge "$3"
	unset MEMCACHED_SERVERS
	stop_server "$server"
}

document README "$top_srcdir/README" 8
document manual "$top_srcdir/doc/mcsh.1" 10

# The example in each command's row, in plain format, each on a server of its own.
run "$MCSH" --sandbox --format json -c .help
status_is '.help in JSON: status 0' 0
cp "$work/out" "$work/help.json"
passes '.help in JSON: every row is read' transcript rows "$work/help.json" "$work/rows"
row_count=0
for row in "$work/rows"/* "$work/rows"/.[!.]*; do
	row_count=$((row_count + 1))
	run "$MCSH" --verify "$row"
	status_is ".help $(basename "$row")" 0
done
is '.help: every example of a row was run' "$(jq '[.rows[] | select(.example)] | length' "$work/help.json")" \
	"$row_count"
is '.help: only what needs servers of its own, or an editor, has no example' 'refresh_certs config .connect .edit ' \
	"$(jq -r '.rows[] | select(.example | not) | .command' "$work/help.json" | tr '\n' ' ')"
passes ".help: there are 30 rows or more: $row_count" test "$row_count" -ge 30

done_testing
