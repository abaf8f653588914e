#!/bin/sh
# The completion for bash: what it offers for a command line whose last word is being typed.
. "${top_srcdir:?}/tests/lib/tap.sh"

cat >"$work/ask" <<'END'
set -u
source "$top_srcdir/doc/mcsh.bash"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_mcsh
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
END

# offers NAME EXPECTED WORDS...: the offers as lines for printf %b.
offers() {
	offer_name=$1
	offer_want=$2
	shift 2
	run bash "$work/ask" mcsh "$@"
	ran "$offer_name" 0 "$offer_want"
}

cd "$work" || exit 99
mkdir in
: >in/script.mc
: >'in/two words'

offers 'every option' '-c
-e
-f
--connect-timeout
--dead-retry
--distribution
--expect
--format
--help
--key-prefix
--no-color
--no-edit
--no-rc
--password-file
--profile
--sandbox
--timeout
--timing
--trace
--trace-file
--update
--user
--verify
--version\n' -
offers 'the options that begin alike' '--timeout\n--timing\n' --ti
offers 'options after other words' '--verify
--version\n' localhost --timing --v
offers 'every format' 'pretty\nplain\nraw\njson\ncsv\nwire\n' --format ''
offers 'one format' 'json\n' --format j
offers 'a format behind =, which bash splits' 'json\n' --format = j
offers 'all of them behind =' 'pretty\nplain\nraw\njson\ncsv\nwire\n' --format =
offers 'a format behind =, unsplit' '--format=json\n' --format=j
offers 'the kinds of trace' 'on\nhex\noff\n' --trace =
offers '--trace alone takes no word' '--timing\n' --trace --timi
offers '--sandbox alone takes no word' '--timing\n' --sandbox --timi
offers 'nothing behind -c' '' -c g
offers 'nothing behind -c, not even options' '' -c -
offers 'nothing behind a time' '' --timeout ''
offers 'the kinds of timing' 'on\nfull\noff\n' --timing =
offers 'nothing behind a distribution' '' --distribution ''
offers 'scripts behind -f' 'in/script.mc\n' -f in/s
offers 'file names with blanks' 'in/two words\n' --trace-file in/t
offers 'files for a password' 'in/script.mc\n' --password-file in/s
offers 'nothing for a user' '' --user ''
offers 'no file, no offer' '' -f nowhere/
offers 'transcripts behind --verify' 'in/script.mc\n' --verify in/s
offers 'more of them' 'in/two words\n' --verify --update in/script.mc in/t
offers 'sockets for a server' './in\n' ./i

run bash -c 'source "$top_srcdir/doc/mcsh.bash" && complete -p mcsh'
ran 'it is bound to mcsh' 0 'complete -F _mcsh mcsh\n'

done_testing
