#!/bin/sh
# The manual and the program say the same: commands, options, settings, exit statuses and variables,
# in both directions. So do --help, the completion for bash and the package list of README.
. "${top_srcdir:?}/tests/lib/tap.sh"

LC_ALL=C.UTF-8
export LC_ALL
page=$top_srcdir/doc/mcsh.1

manual() {
	/usr/bin/python3 "$top_srcdir/tests/lib/manual.py" "$1" "$page" "$2"
}

# same_lines NAME WANTED GOT LEAST: the files hold the same lines, and LEAST of them at least.
same_lines() {
	same_bytes "$1" "$2" "$3"
	passes "$1: there are $4 or more" test "$(wc -l <"$2")" -ge "$4"
}

# known NAME ALL SOME: every line of SOME is in ALL.
known() {
	LC_ALL=C sort -u "$2" >"$work/known.all"
	LC_ALL=C sort -u "$3" >"$work/known.some"
	LC_ALL=C comm -13 "$work/known.all" "$work/known.some" >"$work/known.only"
	is "$1" '' "$(cat "$work/known.only")"
}

for file in mcsh.1 mcsh.exp.3; do
	run groff -m mdoc -d AD=l -T utf8 -ww "$top_srcdir/doc/$file"
	err_is "groff can break every line of $file" ''
done
run mandoc -T lint -W warning "$page"
ran 'mandoc finds nothing to warn of in the manual of mcsh' 0

# Commands: the same usages in the same order.
run "$MCSH" --sandbox --format=json -c .help
status_is '.help in JSON lists the commands: status 0' 0
cp "$work/out" "$work/help.json"
jq -r '.rows[].usage' "$work/help.json" >"$work/usages"
manual entries COMMANDS >"$work/entries"
same_lines 'every command is in the manual with its usage' "$work/usages" "$work/entries" 30

jq -r '.rows | map(.group) | reduce .[] as $g ([]; if index([$g]) then . else . + [$g] end) | .[]' \
	"$work/help.json" >"$work/groups"
manual marked Ss >"$work/headings"
known 'the groups are headings' "$work/headings" "$work/groups"

# Whatever the manual calls a command, .help knows.
manual marked Ic | cut -d ' ' -f 1 | sort -u >"$work/marked"
while read -r word; do
	run "$MCSH" --sandbox -c ".help $word" </dev/null
	status_is "the manual's $word is a command" 0
done <"$work/marked"

# What the topics for users of other programs offer are commands.
jq -r '.rows[].command' "$work/help.json" >"$work/commands"
run "$MCSH" --no-rc --format=plain -c '.help redis' -c '.help telnet'
sed -n 's/^  [^ ].*  *  \([a-z_.]*\).*/\1/p' "$work/out" >"$work/offered"
passes 'the topics for users of Redis and telnet offer 20 commands' \
	test "$(wc -l <"$work/offered")" -ge 20
known 'and each of them exists' "$work/commands" "$work/offered"

# Settings: names, ranges and defaults.
run "$MCSH" --sandbox -c .set
awk -F '\t' '{ printf "%s (%s; default %s)\n", $1, $3, $2 }' "$work/out" >"$work/settings"
manual entries SETTINGS >"$work/entries"
same_lines 'the manual has every setting, its values and its default' "$work/settings" "$work/entries" 10
cut -d ' ' -f 1 "$work/settings" >"$work/names"
manual marked Va | cut -d ' ' -f 1 >"$work/marked"
known 'the manual names no other setting' "$work/names" "$work/marked"

# Who places keys how: the rows of .where, but for those of a client's further hashes.
run "$MCSH" --no-rc localhost -c '.where key'
status_is '.where lists the distributions: status 0' 0
cut -f 2,5 "$work/out" | grep -vE '^(modula|ketama-plain|twemproxy|twemproxy-modula)-' >"$work/ways"
manual table 'SEVERAL SERVERS' >"$work/entries"
same_lines 'the manual has every distribution and its clients' "$work/ways" "$work/entries" 20
cut -f 2 "$work/out" >"$work/names"
manual marked Cm >"$work/marked"
sed -nE 's/^(modula|ketama-plain|twemproxy|twemproxy-modula)-//p' "$work/names" >"$work/hashes"
passes 'the manual has 20 hashes or more' test "$(wc -l <"$work/hashes")" -ge 20
known 'the manual names every further hash' "$work/marked" "$work/hashes"

# The program's options: --help, the manual, the completion.
run "$MCSH" --help
cp "$work/out" "$work/usage"
sed -n 's/^ \{2,6\}\(-[^ ]*\( [A-Z]\{1,\}\)\{0,1\}\) .*/\1/p' "$work/usage" >"$work/options"
manual entries OPTIONS >"$work/entries"
same_lines 'every option of --help is in the manual' "$work/options" "$work/entries" 15
sed 's/[ =[].*//' "$work/options" | LC_ALL=C sort >"$work/names"
bash -c 'source "$1/doc/mcsh.bash"
	COMP_WORDS=(mcsh -) COMP_CWORD=1
	_mcsh
	printf "%s\n" "${COMPREPLY[@]}"' completion "$top_srcdir" | LC_ALL=C sort >"$work/offered"
same_lines 'the completion for bash offers the same options' "$work/names" "$work/offered" 15

# Options that the manual names anywhere are the program's or a command's, and the other way round.
set --
for word in $(jq -r '.rows[].command' "$work/help.json"); do
	set -- "$@" -c ".help $word"
done
run "$MCSH" --sandbox "$@"
status_is '.help of each command: status 0' 0
sed -n '/^Options$/,/^$/s/^  \(-[^ ]*\).*/\1/p' "$work/out" | sort -u >"$work/told"
cat "$work/names" "$work/told" >"$work/all"
manual marked Fl | sed 's/[ =[].*//' >"$work/marked"
known 'the manual names no other option' "$work/all" "$work/marked"
known 'the manual names every option of a command' "$work/marked" "$work/told"

# Exit statuses: those that --help lists, and the first five as they come about.
tr '\n' ' ' <"$work/usage" | grep -o 'Exit status: [^.]*' | grep -oE '[0-9]' >"$work/statuses"
manual entries 'EXIT STATUS' >"$work/entries"
same_lines 'the exit statuses of --help are in the manual' "$work/statuses" "$work/entries" 5
for ask in '0 version' '1 get nope' '2 fet nope' '3 incr word'; do
	run "$MCSH" --sandbox -c 'set word letters' -c "${ask#* }"
	status_is "exit status $ask" "${ask%% *}"
done
run "$MCSH" "$work/nobody.sock" -c version
status_is 'exit status 4 without a server' 4

# Variables: what the sources ask the environment for.
grep -rhoE 'getenv\("[A-Z_]+"\)' "$top_srcdir/src" | tr -dc 'A-Z_\n' | sort -u >"$work/asked"
manual entries ENVIRONMENT | tr -d ' ' | tr ',' '\n' | sort >"$work/entries"
known 'every variable asked for is in the manual' "$work/entries" "$work/asked"
while read -r name; do
	passes "the program knows the manual's $name" \
		grep -rqE "[\"\$]$name\>" "$top_srcdir/src"
done <"$work/entries"

# Help fits a terminal of the usual width.
for format in plain pretty; do
	run "$MCSH" --sandbox --format=$format --no-color -c .help "$@"
	status_is "all of .help in $format: status 0" 0
	is "all of .help in $format: no line has more than 80 columns" '' \
		"$(awk 'length($0) > 80' "$work/out")"
	passes "all of .help in $format: 300 lines or more" test "$(wc -l <"$work/out")" -ge 300
done
is '--help has no line of more than 80 columns' '' "$(awk 'length($0) > 80' "$work/usage")"

# The packages that bootstrap installs are those that README names.
sed -n "/^build_packages='/,/^'/p; /^check_packages='/,/^'/p" "$top_srcdir/bootstrap" |
	awk 'NF == 2 { print $1 }' >"$work/packages"
passes 'bootstrap installs 10 packages or more' test "$(wc -l <"$work/packages")" -ge 10
tr -s ' ,:.\n' '\n' <"$top_srcdir/README" >"$work/words"
known 'README names every package' "$work/words" "$work/packages"

done_testing
