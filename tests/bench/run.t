#!/bin/sh
# tests/bench/run works: it measures what it says, mcsh's replies are the right ones (a contestant whose
# output differs from the workload's has no times), and the table has its shape. How fast anything is
# is no test: machines differ.
. "${top_srcdir:?}/tests/lib/tap.sh"
run_seconds=300

bench() {
	run "$top_srcdir/tests/bench/run" --build "${top_builddir:?}" "$@"
}

# row NAME: a row of that name has a time, a ratio and a peak.
row() {
	if LC_ALL=C grep -qE "^\| $1 +\| [0-9]+\.[0-9]+ +\| [0-9.]+ +\| [0-9.]+ +\| [0-9.]+ +\|" "$work/out"; then
		tap_ok "a row: $1"
	else
		tap_not_ok "a row: $1"
		tap_show table "$work/out"
	fi
}

bench --quick script load dump
status_is 'a quick run of three benchmarks' 0
has 'says what the figures depend on' 'loopback TCP; medians of 1 round.' "$work/out"
has 'says how many commands' '### 100,000 mixed commands as a script' "$work/out"
row 'limit, meta commands'
row 'limit, woken per 16 KiB'
row 'limit, classic commands'
row 'mcsh, a script'
row 'mcsh, a script, classic'
row 'mcsh .load, tab-separated'
row 'mcsh .load, JSON Lines'
row 'mcsh .dump'
has 'says what is asked of mcsh' '1x (aim 0.72x)' "$work/out"
is 'all lines of a table are of one length' '' "$(sed -n '/^### .* as a script/,/^### /p' "$work/out" |
	awk '/^\|/ { if (length != n && n) print; n = length }')"

bench nonsense
status_is 'an unknown benchmark' 2
has 'is named, with those that there are' 'no job nonsense: give some of startup, terminal' "$work/err"

bench --rounds 0 script
status_is 'no rounds at all' 2
has 'says so' '--rounds' "$work/err"

done_testing
