#!/bin/sh
# Servers that speak the protocol and are not memcached: what each of them does otherwise, and what
# mcsh says of it. A file of tests/wire/quirks is such a server; its lines, divided by tabs:
#
#	case NAME      begins a case
#	type COMMAND   what is typed, one after the other
#	step STEP      what the server does (tests/lib/fake_server.py)
#	status N       the exit status
#	out TEXT       all of the output, and err TEXT of the errors, as printf %b has them; SERVER is
#	               the server
#	has NAME ...   a line of .servers --long, from its third field on, as many as there are
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

# The case that was read.
play() {
	[ -n "$case" ] || return 0
	fake <"$work/steps"
	set -- "$MCSH" --format plain --timeout 400ms "$fake"
	while IFS= read -r command; do
		set -- "$@" -c "$command"
	done <"$work/commands"
	run "$@"
	sed "s|$fake|SERVER|g" "$work/out" >"$work/shown.out"
	sed "s|$fake|SERVER|g" "$work/err" >"$work/shown.err"
	while IFS='	' read -r check wanted; do
		case $check in
		status) status_is "$case: status $wanted" "$wanted" ;;
		out | err)
			printf '%b' "$wanted" >"$work/want"
			same_bytes "$case: $check" "$work/want" "$work/shown.$check"
			;;
		has)
			fields=$(printf '%s\n' "$wanted" | awk -F '\t' '{ print NF }')
			is "$case: $wanted" "$wanted" "$(cut -f3- "$work/shown.out" | cut -f"1-$fields" |
				grep "^${wanted%%	*}	")"
			;;
		esac
	done <"$work/wanted"
	fake_followed "$case: nothing else was sent"
}

for file in "$top_srcdir"/tests/wire/quirks/*.tsv; do
	server=$(basename "$file" .tsv)
	case=
	while IFS='	' read -r what text; do
		case $what in
		case)
			play
			case="$server: $text"
			for list in steps commands wanted; do
				: >"$work/$list"
			done
			;;
		type) printf '%s\n' "$text" >>"$work/commands" ;;
		step) printf '%s\n' "$text" >>"$work/steps" ;;
		'#'*) ;;
		*) printf '%s\t%s\n' "$what" "$text" >>"$work/wanted" ;;
		esac
	done <"$file"
	play
done

done_testing
