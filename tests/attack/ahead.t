#!/bin/sh
# Long random scripts, whose commands are pipelined, against the same scripts whose every command is
# awaited, as it is with a trace: the answers are the same, in each way of asking.
. "${top_srcdir:?}/tests/lib/tap.sh"

tab=$(printf '\t')

# What the last run left, less what no two runs have in common: times, the sockets' names, the
# blanks with which the server fills up a number that was counted down in place, and cas numbers:
# memcached 1.6.38 uses one more up for an ms that it refuses.
outcome() {
	for i in out err; do
		sed -E -e 's/ *$//' -e 's/,"time_us":\{[^}]*\}//' -e 's/"[^"]*memcached\.[0-9]+"/"SERVER"/' \
			-e "s/^([^$tab]*$tab)[0-9]+$tab/\\1CAS$tab/" -e 's/"cas":[0-9]+/"cas":CAS/g' "$work/$i"
	done
	echo "status $status"
}

# same_ways NAME SERVERS ARGUMENT... runs the script in each of the ways.
same_ways() {
	name=$1
	shift
	run_fresh "$@" --trace-file=/dev/null -f "$work/script"
	outcome >"$work/awaited"
	for way in classic meta auto; do
		run_fresh "$@" -c ".set protocol $way" -f "$work/script"
		outcome | LC_ALL=C grep -av '"setting":"protocol"' >"$work/ahead"
		if cmp -s "$work/awaited" "$work/ahead"; then
			tap_ok "$name: the same with protocol $way"
		else
			tap_not_ok "$name: the same with protocol $way"
			diff "$work/awaited" "$work/ahead" | cut -c1-200 | head -20 | sed 's/^/# /'
		fi
	done
}

# The scripts begin with a cas whose number fits, that of a server's first item, and with one whose
# number is out of date by then.
start_memcached
first=$("$MCSH" "$socket" -c 'set c 1' -c 'gets c' | cut -sf 2)
random() {
	{
		printf 'set c 1\ncas c 2 %s\ncas c 3 %s\nget c\n' "$first" "$first"
		/usr/bin/python3 "$top_srcdir/tests/lib/random_script.py" "$@"
		printf 'get c\n'
	} >"$work/script"
}

random 12000 1
same_ways 'a random script on one server' 1
random 4000 2
same_ways 'a random script on three servers' 3
random 1500 3
same_ways 'a random script with a prefix, in JSON' 2 --format=json --key-prefix=p:
random 1500 4
same_ways 'a random script with values as bytes' 2 --format=raw
random 1500 5
printf '.source %s\nset after 1\n.source %s\n' "$work/first" "$work/first" >"$work/outer"
mv "$work/script" "$work/first"
mv "$work/outer" "$work/script"
same_ways 'random scripts that are sourced' 2

done_testing
