#!/bin/sh
# --servers-file and .connect --servers-file: a list of servers in a file.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
first=$socket
start_memcached_tcp
"$MCSH" "$first" -c 'set who unix' >/dev/null
"$MCSH" "127.0.0.1:$port" -c 'set who tcp' >/dev/null
cd "$work" || exit 99

# refused NAME LINES MESSAGE: the file with these lines is refused, before anything is run.
refused() {
	printf "$2" >list
	run "$MCSH" --servers-file list -c '.echo run'
	ran "$1" 2 '' "mcsh: $3\n"
}

forms='write host, host:port, host:port:weight, [ipv6]:port, tls://host:port, udp://host:port or /path/to/socket'
a_line='write a server a line, in a form that mcsh takes as SERVER; # begins a comment'

{
	printf '\357\273\277# the first rack\r\n\r\n  %s  # on this machine\r\n' "$first"
	printf '\t127.0.0.1:%s:3\t# three times the memory\n# 10.0.0.9:11211\nlocalhost:%s' "$port" "$port"
} >list
run "$MCSH" --servers-file list -c '.servers | cut -f2,3'
ran 'a list has comments, blank lines, CR LF, weights and a last line without its end' 0 \
	"$first\t1\n127.0.0.1:$port\t3\nlocalhost:$port\t1\n"
run env MEMCACHED_SERVERS="$work/none" "$MCSH" --servers-file=list -c 'version | wc -l'
ran 'a list comes before the environment' 0 '3\n'
printf '%s#1\n' "$work/none" >list
run "$MCSH" --servers-file list -c '.servers | cut -f2'
out_is 'a # within a word is part of it' "$work/none#1\n"
printf '/tmp/a b\n' >list
run "$MCSH" --servers-file list -c '.servers | cut -f2'
out_is 'the path of a socket may hold a blank' '/tmp/a b\n'

refused 'a port that none is: names its line' '# one\n\n127.0.0.1:99999\n' \
	"list:3: server address \"127.0.0.1:99999\" has a port (1 to 65535) or weight (0 to 1000) that is none: $forms"
refused 'a line of two servers is refused' "$first\ncache1 cache2\n" \
	"list:2: \"cache1 cache2\" is more than one word: $a_line"
refused 'commas are refused' "cache1,cache2\n" \
	"list:1: \"cache1,cache2\" is more than one word: $a_line"
refused 'a port of its own is refused' '11211\n' \
	"list:1: 11211 is a port, and a server goes there: write 127.0.0.1:11211"
refused 'a list of comments names no server' '# later\n' "\"list\" lists no server: $a_line"
refused 'an empty file names no server' '' "\"list\" lists no server: $a_line"
rm list
run "$MCSH" --servers-file list -c '.echo run'
ran 'a list that does not exist is refused' 2 '' \
	'mcsh: cannot read "list": No such file or directory: check the path and its rights\n'
run "$MCSH" --servers-file . -c '.echo run'
ran 'a directory is no list' 2 '' 'mcsh: cannot read ".": Is a directory: check the path and its rights\n'
head -c 1100000 /dev/zero | tr '\0' '#' >list
run "$MCSH" --servers-file list -c '.echo run'
ran 'a list of more than 1 MiB is refused' 2 '' \
	'mcsh: cannot read "list": File too large: a list of servers has 1 MiB at the most\n'
perl -e 'print "$ARGV[0]/none$_\n" for 1 .. 1001' "$work" >list
run "$MCSH" --servers-file list -c '.echo run'
ran 'more servers than mcsh takes are refused' 2 '' \
	'mcsh: 1001 servers are named, and mcsh takes 1000 at most: leave some out\n'

printf '%s\n' "$first" >list
run "$MCSH" --servers-file list cache1 -c '.echo run'
ran 'a list and a server together are refused' 2 '' \
	'mcsh: --servers-file and "cache1" cannot both be talked to: leave one of them out\n'
run "$MCSH" --servers-file list --sandbox -c '.echo run'
ran 'a list and a sandbox together are refused' 2 '' \
	'mcsh: --servers-file and a sandbox cannot both be talked to: leave one of them out\n'

# Within a session.
run "$MCSH" "127.0.0.1:$port" -c '.connect --servers-file list' -c 'get who'
ran '.connect --servers-file goes there' 0 'unix\n'
printf 'x:y\n' >bad
run "$MCSH" "127.0.0.1:$port" -c '.connect --servers-file bad' -c 'get who'
ran '.connect --servers-file: a bad line leaves the servers as they were' 2 'tcp\n' \
	"mcsh: bad:1: server address \"x:y\" has a port (1 to 65535) or weight (0 to 1000) that is none: $forms\n"
run "$MCSH" "$first" -c ".connect --servers-file list cache1"
status_is '.connect --servers-file takes no server beside it' 2
has '.connect --servers-file takes no server beside it: says so' '.connect: too many words' "$work/err"

done_testing
