#!/bin/sh
# Every example that the documents show is run, and must show what they say. tests/lib/transcript.py
# tells how an example is marked.
. "${top_srcdir:?}/tests/lib/tap.sh"

LC_ALL=C.UTF-8
EDITRC=/dev/null
MCSH_HISTFILE=
PYTHONDONTWRITEBYTECODE=1
export LC_ALL EDITRC MCSH_HISTFILE PYTHONDONTWRITEBYTECODE
unset NO_COLOR PAGER

transcript() {
	python3 "$top_srcdir/tests/lib/transcript.py" "$@"
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
	passes "$1 is read" transcript split "$2" "$work/$1"
	step_count=0
	for step in "$work/$1"/*/; do
		step_count=$((step_count + 1))
		transcript play "$step" >"$step/got" 2>&1
		same_bytes "$1: $(tr '#\n' '  ' <"$step/command")" "$step/want" "$step/got"
	done
	passes "$1 has its $3 examples or more: $step_count" test "$step_count" -ge "$3"
	unset MEMCACHED_SERVERS
	stop_server "$server"
}

document README "$top_srcdir/README" 8
document manual "$top_srcdir/doc/mcsh.1" 10

# The example in each command's row, in plain format.
run "$MCSH" --sandbox --format json -c .help
status_is 'the rows are told' 0
cp "$work/out" "$work/help.json"
passes 'the rows are read' transcript rows "$work/help.json" "$work/rows"
row_count=0
for step in "$work/rows"/* "$work/rows"/.[!.]*; do
	row_count=$((row_count + 1))
	sh "$step/command" >"$step/got" 2>&1 </dev/null
	same_bytes ".help $(basename "$step")" "$step/want" "$step/got"
done
is 'every example of a row was run' "$(jq '[.rows[] | select(.example)] | length' "$work/help.json")" \
	"$row_count"
is 'only what needs servers of its own has none' '.connect' \
	"$(jq -r '.rows[] | select(.example | not) | .command' "$work/help.json")"
passes "there are 30 rows or more: $row_count" test "$row_count" -ge 30

done_testing
