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

# offers WHAT EXPECTED WORDS...: the offers as lines for printf %b.
offers() {
	offer_name=$1
	offer_want=$2
	shift 2
	run bash "$work/ask" mcsh "$@"
	ran "bash offers $offer_name" 0 "$offer_want"
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
--insecure
--key-prefix
--no-color
--no-edit
--no-rc
--password-file
--profile
--protocol
--readonly
--sandbox
--servers-file
--timeout
--timing
--tls
--tls-ca
--tls-cert
--tls-key
--tls-name
--trace
--trace-file
--update
--user
--verify
--version
--wait\n' -
offers 'the options that begin alike' '--timeout\n--timing\n' --ti
offers 'options after other words' '--verify
--version\n' localhost --timing --v
offers 'every format' 'pretty\nplain\nraw\njson\ncsv\nwire\n' --format ''
offers 'the format that begins so' 'json\n' --format j
offers 'a format after =, which bash splits' 'json\n' --format = j
offers 'every format after =, which bash splits' 'pretty\nplain\nraw\njson\ncsv\nwire\n' --format =
offers 'a format after =, unsplit' '--format=json\n' --format=j
offers 'the protocol that begins so' 'classic\n' --protocol c
offers 'the kinds of trace' 'on\nhex\nexplain\noff\n' --trace =
offers 'options after --trace, which takes no word' '--timing\n' --trace --timi
offers 'options after --sandbox, which takes no word' '--timing\n' --sandbox --timi
offers 'nothing after -c' '' -c g
offers 'nothing after -c, not even options' '' -c -
offers 'nothing after a time' '' --timeout ''
offers 'the kinds of timing' 'on\nfull\noff\n' --timing =
offers 'nothing after a distribution' '' --distribution ''
offers 'scripts after -f' 'in/script.mc\n' -f in/s
offers 'file names with blanks' 'in/two words\n' --trace-file in/t
offers 'files for a password' 'in/script.mc\n' --password-file in/s
offers 'nothing for a user' '' --user ''
offers 'nothing for a file that does not exist' '' -f nowhere/
offers 'transcripts after --verify' 'in/script.mc\n' --verify in/s
offers 'further transcripts after --verify FILE' 'in/two words\n' --verify --update in/script.mc in/t
mkdir -p "$XDG_CONFIG_HOME/mcsh"
printf '.trace on\n.cluster prod = a b --production\n  .cluster test-2 = c\n' >"$XDG_CONFIG_HOME/mcsh/mcshrc"
offers 'the clusters of mcshrc for a server' '@prod\n@test-2\n' @
offers 'the cluster that begins so' '@test-2\n' @t
offers 'sockets for a server' './in\n' ./i

run bash -c 'source "$top_srcdir/doc/mcsh.bash" && complete -p mcsh'
ran 'bash completes mcsh by this function' 0 'complete -F _mcsh mcsh\n'

done_testing
