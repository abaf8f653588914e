#!/bin/sh
# What hands type that know another shell, another client or a word processor: it is refused, with
# what to type in its place, and nothing is sent.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
cd "$work" || exit 99

# refused LINE WHAT HINT
refused() {
	printf '%s\nget keep\n' "$1" >line
	run "$MCSH" "$socket" -c 'set keep 1' -f line
	ran "refused: $(printf %s "$1" | tr '#' %)" 2 'STORED\n1\n' "mcsh: line:1: $2: $3\n"
}

one='a line holds one command'
quotes='what is data stands in quotes'
refused 'get a;get b' "$one" "type get a and, on the next line, get b; $quotes"
refused 'get a; get b' "$one" "type get a and, on the next line, get b; $quotes"
refused 'get a ; flush_all' "$one" "type get a and, on the next line, flush_all; $quotes"
refused 'set keep 2 && get keep' "$one" "type set keep 2 and, on the next line, get keep; $quotes"
refused 'set keep 2 || get keep' "$one" "type set keep 2 and, on the next line, get keep; $quotes"
refused 'no && such' "$one" 'type each on a line of its own'
refused 'set keep 2 > /dev/null 2>&1' 'too many words after > and its file' \
	'leave 2> out: what a command prints is redirected, not its errors'
refused 'set keep 2;get keep' "$one" "type set keep 2 and, on the next line, get keep; $quotes"
refused 'set keep 2 # why' 'a comment has a line of its own' "type set keep 2; $quotes"
refused 'clear' 'unknown command "clear"' 'Ctrl-L clears the screen; what empties the cache is flush_all'
see='see .help, or send a line as it is with .raw'
option='noreply is an option here, and options come first'
refused 'set keep 2 noreply' "$option" 'type set --noreply keep 2'
refused 'set --flags 5 keep "a b" noreply' "$option" 'type set --noreply keep "a b"'
refused 'cas keep 2 5 noreply' "$option" 'type cas --noreply keep 2 5'
refused 'incr keep 1 noreply' "$option" 'type incr --noreply keep 1'
refused 'delete keep noreply' "$option" 'type delete --noreply keep'
refused 'touch keep 60 noreply' "$option" 'type touch --noreply keep 60'
refused 'flush_all noreply' "$option" 'type flush_all --noreply'
refused INFO 'unknown command "INFO"' 'did you mean stats?'
refused 'SCAN 0' 'unknown command "SCAN"' 'did you mean .keys?'
refused 'KEYS *' 'unknown command "KEYS"' "did you mean .keys? $see"
refused 'TTL keep' 'unknown command "TTL"' 'type .peek KEY, or mg KEY t: the seconds that are left, -1 for ever'
refused '.ttl keep' 'unknown command ".ttl"' 'type .peek KEY, or mg KEY t: the seconds that are left, -1 for ever'
refused 'rename keep kept' 'unknown command "rename"' 'type .copy KEY NEW, then delete KEY'
refused find 'unknown command "find"' 'did you mean .grep?'
refused backup 'unknown command "backup"' 'did you mean .dump?'
refused .restore 'unknown command ".restore"' 'did you mean .load?'
refused '.dump user:*' '"user:*" is a pattern, and .dump takes a FILE' \
	'type .dump --match GLOB; a file of this name is ./NAME'
refused '.dump "page?"' '"page?" is a pattern, and .dump takes a FILE' \
	'type .dump --match GLOB; a file of this name is ./NAME'
refused MONITOR 'unknown command "MONITOR"' 'did you mean watch?'
refused 'Expire keep 10' 'unknown command "Expire"' "$("$MCSH" "$socket" -c 'expire keep 10' 2>&1 | sed 's/^[^:]*: [^:]*: //')"
refused FLUSHALL 'unknown command "FLUSHALL"' "$("$MCSH" "$socket" -c flushall 2>&1 | sed 's/^[^:]*: [^:]*: //')"
refused 'GET keep' 'unknown command "GET"' "memcached's words are in lower case: get"
errors='mcsh redirects what a command prints, by > and |, and not its errors'
refused 'get keep 2>&1' "$errors" "type get keep; $quotes"
refused 'get keep 2>/dev/null' "$errors" "type get keep; $quotes"
typographic="typographic quotes are none of mcsh's"
refused 'set keep “x y”' "$typographic" 'type set keep "x y"; in quotes they are data'
refused 'set keep “x”' "$typographic" 'type set keep "x"; in quotes they are data'
refused 'set keep ‘x’' "$typographic" "type set keep 'x'; in quotes they are data"
refused 'mcsh> get keep' '"mcsh>" is not a command, it stands before one' 'type get keep'
refused 'sandbox> get keep' '"sandbox>" is not a command, it stands before one' 'type get keep'
refused '127.0.0.1:11211> get keep' '"127.0.0.1:11211>" is not a command, it stands before one' \
	'type get keep'
refused '$ get keep' '"$" is not a command, it stands before one' 'type get keep'
refused 'set keep bar EX 10' 'EX is an option of Redis' 'type set keep bar 10'
refused 'set keep bar ex' 'ex is an option of Redis' 'type set keep bar SECONDS'
refused 'set keep bar NX' 'NX is an option of Redis' 'type add keep bar'
refused 'set keep bar XX' 'XX is an option of Redis' 'type replace keep bar'
refused 'set keep bar PX 1000' 'PX is an option of Redis' \
	'type set keep bar SECONDS, or @UNIXTIME'

# Data is data.
run "$MCSH" "$socket" -c 'set k "a;get"' -c 'get k' -c 'set k "#"' -c 'get k' -c "set k '“x”'" -c 'get k' \
	-c 'set k a;b' -c 'get k' -c 'set k #fff' -c 'get k' -c 'set k a&&b' -c 'get k' -c 'set k it’s' -c 'get k' \
	-c '.echo a # b' -c '.raw --data x set k;get 0 0 1'
ran 'separators and quotes of other programs: in quotes, or where no command follows, they are data' 0 \
	'STORED\na;get\nSTORED\n#\nSTORED\n“x”\nSTORED\na;b\nSTORED\n#fff\nSTORED\na&&b\nSTORED\nit’s\na # b\nSTORED\n'

# A server in the forms of other programs.
run "$MCSH" 127.0.0.1 11999 -c version
ran 'HOST PORT on the command line: refused with HOST:PORT' 2 '' \
	'mcsh: 11999 is a port, and a server goes there: write 127.0.0.1:11999\n'
run "$MCSH" 11999 -c version
ran 'a port alone on the command line: refused with 127.0.0.1:PORT' 2 '' 'mcsh: 11999 is a port, and a server goes there: write 127.0.0.1:11999\n'
run "$MCSH" "$socket" -c '.connect localhost 11999'
status_is '.connect HOST PORT: status 2' 2
has '.connect HOST PORT: refused with HOST:PORT' '11999 is a port, and a server goes there: write localhost:11999' err
for words in '-h 127.0.0.1 -p 11999' '--host 127.0.0.1 --port 11999' '-p11999 -h 127.0.0.1' '-p 11999' '--servers=127.0.0.1:11999' \
	'--servers 127.0.0.1:11999' '--host=127.0.0.1 --port=11999' '-s 127.0.0.1 -p 11999'; do
	# shellcheck disable=SC2086
	run "$MCSH" $words -c version
	ran "options for a server: $words" 2 '' \
		'mcsh: a server is named without an option: write 127.0.0.1:11999\n'
done
run "$MCSH" -h 127.0.0.1
ran '-h HOST: refused with HOST alone' 2 '' 'mcsh: a server is named without an option: write 127.0.0.1\n'
run "$MCSH" --servers=a:1,b -c version
ran '--servers=LIST: refused with blanks in place of commas' 2 '' 'mcsh: a server is named without an option: write a:1 b\n'
for format in json csv raw; do
	run "$MCSH" "$socket" "--$format" -c version
	ran "--$format: refused with --format=$format" 2 '' "mcsh: unknown option --$format: write --format=$format\n"
done
run "$MCSH" "$socket" --format=plain get keep
ran 'SERVER get keep: refused with -c' 2 '' \
	"mcsh: \"get\" is a command, and servers go there: write mcsh $socket -c 'get keep'\n"
run "$MCSH" get "it's"
ran 'a command with a quote: its name in -c' 2 '' \
	"mcsh: \"get\" is a command, and servers go there: write mcsh -c 'get ...'\n"
run "$MCSH" -h
status_is '-h alone: the help, status 0' 0

# Servers of another kind are known by their answers.
# stranger NAME BYTES WHAT [HINT [COMMAND]]: a server that answers BYTES
stranger() {
	perl -MSocket -e '
		my ($where, $bytes) = @ARGV;
		$bytes =~ s/\\x(..)/chr hex $1/ge;
		socket L, PF_UNIX, SOCK_STREAM, 0 or die;
		bind L, pack_sockaddr_un "$where.new" or die;
		listen L, 1 or die;
		rename "$where.new", $where or die; # there once it listens
		alarm 60;
		accept C, L or die;
		sysread C, my $line, 100;
		syswrite C, $bytes;
		close C;
	' "$work/other" "$2" &
	other=$!
	perl -e 'for (1 .. 1000) { exit 0 if -S $ARGV[0]; select undef, undef, undef, 0.01 } exit 1' \
		"$work/other"
	run "$MCSH" "$work/other" -c "${5-get a}"
	wait "$other"
	rm -f "$work/other"
	status_is "$1: status 4" 4
	has "$1: is named" "$3" err
	has "$1: the hint says what to do" "${4-is it the right port? memcached's own is 11211}" err
}
stranger 'a web server' 'HTTP/1.1 400 Bad Request\x0d\x0a' 'this is a web server, it answered "HTTP/1.1 400 Bad Request"'
stranger 'a Redis server' '-ERR unknown command\x0d\x0a' 'this is a Redis server, it answered "-ERR unknown command"'
stranger 'a Redis server with a password' '-NOAUTH Authentication required.\x0d\x0a' 'this is a Redis server'
stranger 'a TLS port' '\x15\x03\x03\x00\x02\x02\x46' 'other is a TLS port' \
	'--tls talks TLS to it, and so does tls:// before its name'
stranger 'an SSH server' 'SSH-2.0-OpenSSH_9.2\x0d\x0a' 'this is an SSH server'
stranger 'a MySQL server' 'J\x00\x00\x00\x0a8.0.35\x00' 'this is a MySQL server'
port="is it the right port? memcached's own is 11211"
stranger '.keys: a Redis server' '-ERR unknown command\x0d\x0a' 'other is a Redis server' "$port" .keys
stranger '.keys: a TLS port' '\x15\x03\x03\x00\x02\x02\x46' 'other is a TLS port' \
	'--tls talks TLS to it, and so does tls:// before its name' .keys
stranger '.dump: a web server' 'HTTP/1.1 400 Bad Request\x0d\x0a' 'other is a web server' "$port" '.dump -'
stranger 'lru_crawler: a web server' 'HTTP/1.1 400 Bad Request\x0d\x0a' 'other is a web server' "$port" 'lru_crawler metadump hash'

# What people write for an address is named, with the one that was meant.
# meant ADDRESS SHOWN WHY BETTER
meant() {
	run "$MCSH" "$1" -c version
	ran "address: $1" 2 '' "mcsh: server address \"$2\" $3: write $4\n"
}
url='is a URL, of which mcsh knows tls:// and udp:// alone'
meant memcached://127.0.0.1:4 memcached://127.0.0.1:4 "$url" 127.0.0.1:4
meant http://cache:80/x http://cache:80/x "$url" cache:80
meant file:///run/mc.sock file:///run/mc.sock "$url" /run/mc.sock
meant ::1 ::1 'is an IPv6 address, which stands in brackets' '[::1]'
meant tls://::1:11211 tls://::1:11211 'is an IPv6 address, which stands in brackets' 'tls://[::1]:11211'
meant 'cache:7 ' 'cache:7 ' 'has a blank or a line end at one of its ends' cache:7
meant "$(printf 'cache:7\r')" 'cache:7?' 'has a blank or a line end at one of its ends' cache:7
meant cache:7,other:7 cache:7,other:7 'has a comma' 'servers with a blank between them'
login='has a login in it, which goes into --user NAME or .auth USER'
meant bob:secret@cache:7 '***@cache:7' "$login" cache:7
meant tls://bob:secret@cache:7 '***@cache:7' "$login" tls://cache:7
meant memcached://bob:sec@ret@cache:7/0 '***@cache:7/0' "$login" cache:7
run "$MCSH" 'bob:secret@cache:x' -c version
is 'address: a login is not shown, whatever else is wrong' 0 "$(grep -c secret err)"
run "$MCSH" —sandbox -c version
status_is 'address: a typographic dash is not a host' 2
has 'address: a typographic dash is named' 'begins with a typographic dash; options begin with --' err
mkdir "$work/directory"
: >"$work/file"
run "$MCSH" "$work/directory" -c version
ran 'a directory in place of a socket' 4 '' \
	"mcsh: cannot connect to $work/directory: it is a directory: write the path of the socket, as memcached -s has it\n"
run "$MCSH" "$work/file" -c version
ran 'a file in place of a socket' 4 '' \
	"mcsh: cannot connect to $work/file: it is not a socket: write the path of the socket, as memcached -s has it\n"
run "$MCSH" file -c version
has 'the name of a file in place of a host' 'a file has this name: if it is the socket, write ./ before it' err

# --- a pattern where a key stands: it is asked for as it is, and the note names what takes patterns ---

pattern() {
	run "$MCSH" --format=pretty --no-rc "$socket" -c "$1"
	ran "$1: the note names what takes patterns" 1 "$2\n"
}
pattern 'get user:*' '(miss)  (user:* is not in the cache, .keys takes patterns)'
pattern 'mg user:* v' '(miss)  (user:* is not in the cache, .keys takes patterns)'
pattern 'delete user:*' 'NOT_FOUND  (no such key, .purge takes patterns)'
pattern 'md user:*' 'NF  (no such key, .purge takes patterns)'
pattern 'touch user:* 60' 'NOT_FOUND  (no such key, .touch takes patterns)'
pattern 'get page?' '(miss)  (page? is not in the cache)'
pattern 'append user:* 1' 'NOT_STORED  (no such key, or the result would be too large)'
run "$MCSH" "$socket" -c '.dump ./a*b | head -1'
run test -f 'a*b'
status_is '.dump ./a*b: that is a file' 0

run "$MCSH" "$socket" -c 'set word noreply' -c 'get word' -c 'set_multi a noreply' -c 'delete_multi noreply' -c 'get noreply'
ran 'noreply: a value, or a key' 1 'STORED\nnoreply\n'

# --- --help after a command ---

for command in get .keys .raw quit; do
	"$MCSH" "$socket" -c ".help $command" >want
	run "$MCSH" "$socket" -c "$command --help"
	ran "$command --help is .help $command" 0 "$(sed 's/\\/\\\\/g' want)\n"
done
run "$MCSH" "$socket" -c 'get "--help"'
ran 'get "--help": quoted it is a key' 1 ''


run env MEMCACHED_SERVERS=cache:7,memcached://other:7 "$MCSH" -c version
ran 'a wrong address in $MEMCACHED_SERVERS is said to be there' 2 '' \
	"mcsh: server address \"memcached://other:7\" $url: write other:7; \$MEMCACHED_SERVERS names the servers\n"

# A password as an argument: refused, and not shown again.
for words in '--password secret' --password=secret '--pass secret' --pass=secret '-a secret' --auth=bob:secret --token=secret; do
	# shellcheck disable=SC2086
	run "$MCSH" --user bob $words "$socket" -c version
	ran "an option for a password: ${words%%[= ]*}" 2 '' \
		"mcsh: ${words%%[= ]*}: whoever lists the processes sees a password that stands here: --user=NAME asks for it, or has it from MCSH_PASSWORD or --password-file=F\n"
done
run "$MCSH" --secret=hunter "$socket" -c version
ran 'an unknown option: what is after = is not shown' 2 '' 'mcsh: unknown option --secret: see mcsh --help\n'
run "$MCSH" "$socket" -c --password
has 'an option for a password: after -c it is a command' 'unknown command "--password"' err
run "$MCSH" "$socket" 'get foo'
ran 'a command in quotes where a server goes' 2 '' \
	"mcsh: \"get foo\" is a command, and servers go there: write mcsh $socket -c 'get foo'\n"

# What other programs' hands type: named, with a line that works.
# typed LINE ERROR
typed() {
	run "$MCSH" "$socket" -c "$1"
	ran "typed: $1" 2 '' "mcsh: $2\n"
}
typed "$(printf 'get\302\240foo')" 'blanks of this line are not those of the keyboard, as web pages have them: type get foo'
typed "$(printf 'set\343\200\200foo\302\240bar 60')" \
	'blanks of this line are not those of the keyboard, as web pages have them: type set foo bar 60'
typed 'mcsh get foo' '"mcsh" is not a command, it stands before one: type get foo'
typed "mcsh --sandbox -c 'get foo'" 'mcsh runs here already: .quit leaves it; .connect and .set change what its options do'
typed 'mcsh 127.0.0.1:1' 'mcsh runs here already: .quit leaves it; .connect and .set change what its options do'
printf 'set foo 0 3600 3 bar\nget keep\n' >line
run "$MCSH" "$socket" -c 'set keep 1' -f line
ran 'set with a length and a value on its line: the next line is no data' 2 'STORED\n1\n' \
	'mcsh: line:1: set takes no length here: mcsh counts the bytes itself: type set foo bar 3600\n'
typed 'set foo 0 3600 3 bar' 'set takes no length here: mcsh counts the bytes itself: type set foo bar 3600'
typed 'add foo 5 0 3 "a b"' 'add takes no length here: mcsh counts the bytes itself: type add --flags 5 foo "a b"'
typed 'gat foo 10' 'the time "foo" is not a time: type gat 10 foo'
typed 'touch 90s foo' 'the time "foo" is not a time: type touch foo 90s'
typed 'touch foo bar' 'the time "bar" is not a time: write seconds, 90s 15m 12h 45d 2w, or @UNIXTIME'
typed '.auth=bob:hunter' 'unknown command ".auth=***": a blank stands after a command; .help .auth'
typed flush 'unknown command "flush": did you mean flush_all?'
typed 'quit;' 'unknown command "quit;": did you mean .quit?'
typed 'telnet localhost 11211' 'unknown command "telnet": type .connect HOST:PORT'
typed '.set trace=on' 'unknown setting "trace": write .set SETTING VALUE; .set lists them'

done_testing
