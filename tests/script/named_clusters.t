#!/bin/sh
# .cluster gives servers a name, and @NAME stands for them.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached
first=$socket
start_memcached
second=$socket
"$MCSH" "$first" -c 'set who first' -c 'set p:who prefixed' >/dev/null
"$MCSH" "$second" -c 'set who second' >/dev/null
mkdir -p "$XDG_CONFIG_HOME/mcsh"
rc=$XDG_CONFIG_HOME/mcsh/mcshrc
cat >"$rc" <<END
.echo not run
.set key_prefix q:
.cluster prod = $first \\
	--profile dalli --key-prefix p: --production
# .cluster none = nowhere
.cluster both = $first $second --distribution ketama
.set note "
.cluster quoted = nowhere
"
.cluster --key-prefix x: late = host:port
END
both="$first $second"

# Known from mcshrc.

run "$MCSH" @prod -c 'get who' -c '.profile' -c '.set key_prefix | cut -f2'
ran '@NAME has the servers and the settings of a cluster' 0 'prefixed\ndalli\np:\n'
run "$MCSH" @prod --key-prefix= --profile none -c 'get who' -c .profile
ran 'what the command line sets comes before it' 0 'first\nnone\n'
run env MEMCACHED_SERVERS=@prod "$MCSH" -c 'get who'
ran '@NAME in the environment' 0 'prefixed\n'
run "$MCSH" @both -c '.servers | cut -f2' -c '.set distribution | cut -f2'
ran 'a cluster of two servers with a distribution' 0 "$first\n$second\nketama\n"
run "$MCSH" "$second" -c '.set profile none' -c '.connect @prod' -c 'get who' -c .profile \
	-c ".connect $second" -c 'get who' -c .profile -c '.set key_prefix | cut -f2'
ran 'the settings of a cluster go with it' 0 'prefixed\ndalli\nsecond\nnone\noff\n'
run "$MCSH" @prod -c '.connect @both' -c .profile -c '.set distribution | cut -f2' -c .sandbox \
	-c '.set distribution | cut -f2'
ran 'from one cluster to another, and to a sandbox' 0 'auto\nketama\npython-memcached\n'
run "$MCSH" @prod -c '.connect nowhere:x' -c 'get who'
status_is 'a .connect that is refused leaves the cluster' 2
out_is 'a .connect that is refused leaves the key prefix of the cluster' 'prefixed\n'

# In mcshrc a wrong line is named where a cluster is not found, and only there.
forms='write host, host:port, host:port:weight, [ipv6]:port, tls://host:port, udp://host:port or /path/to/socket'
run "$MCSH" @nix -c '.echo run'
ran 'a wrong line of mcshrc may be why a cluster is not known' 2 '' \
	"mcsh: $rc:10: server address \"host:port\" has a port (1 to 65535) or weight (0 to 1000) that is none: $forms\n"
sed -i '/ late /d' "$rc"
run "$MCSH" @nix -c '.echo run'
ran 'an unknown cluster is refused before anything is run' 2 '' \
	'mcsh: unknown cluster "nix": .cluster NAME = SERVER... in mcshrc defines one; .cluster lists them\n'
run "$MCSH" @quoted -c '.echo run'
status_is 'a line within a quoted value of mcshrc defines nothing' 2
for option in --no-rc --expect; do
	printf '.connect @prod\n' | run "$MCSH" $option "$first"
	has "with $option mcshrc is not read" \
		'unknown cluster "prod": .cluster NAME = SERVER... in mcshrc defines one, which is not read here' \
		"$work/err"
done
run "$MCSH" @prod "$second" -c '.echo run'
ran 'a cluster and a server together are refused' 2 '' \
	'mcsh: @prod is a cluster, and has its servers: give it alone\n'
rm "$rc"
mkfifo "$rc"
run "$MCSH" @prod -c '.echo run'
ran 'a fifo in place of mcshrc is not waited for' 2 '' \
	"mcsh: \"$rc\" is not a file: put a file there, or start with --no-rc\n"
rm "$rc"

# Defined in a session.

for format in plain json csv; do
	run "$MCSH" --no-rc --format $format -c '.cluster a = h1 h2:2:3' -c '.cluster --production b = /s' \
		-c '.cluster a = h3 --key-prefix a: --distribution jump' -c .cluster -c '.cluster b'
	status_is ".cluster in $format: status 0" 0
	cp "$work/out" "$work/$format"
done
printf 'a\tjump\t\ta:\t\t\t\th3\nb\t\t\t\tyes\t\t\t/s\nb\t\t\t\tyes\t\t\t/s\n' >"$work/want"
same_bytes '.cluster lists them in the order of their first definition' "$work/want" "$work/plain"
is '.cluster in JSON: an object a command' \
	'.cluster 0
.cluster 0
.cluster 0
.cluster 2
.cluster 1' "$(json "$work/json" .command '.rows#')"
is '.cluster in JSON: a row has its settings' \
	'{"cluster":"a","distribution":"jump","profile":null,"key_prefix":"a:","production":null,"readonly":null,"in_use":null,"servers":"h3"}' \
	"$(line 4 "$work/json" | json - '.rows[0]')"
is '.cluster in CSV: the header' 'cluster,distribution,profile,key_prefix,production,readonly,in_use,servers' \
	"$(head -n 1 "$work/csv" | tr -d '\r')"

# bad NAME LINE MESSAGE: .cluster LINE is refused and defines nothing.
bad() {
	run "$MCSH" --no-rc -c ".cluster $2" -c .cluster
	ran "$1" 2 '' "mcsh: $3\n"
}
bad 'without an = there is no cluster' 'a b c' \
	'.cluster: a name, = and the servers are wanted: .cluster NAME = SERVER..., with blanks around the ='
bad 'without servers there is no cluster' 'a =' \
	'.cluster: a name, = and the servers are wanted: .cluster NAME = SERVER..., with blanks around the ='
bad 'a name with a slash is refused' 'a/b = c' \
	'a cluster cannot be called "a/b": a name has letters, digits, and after the first - _ and .; 63 at most'
bad 'a cluster holds no cluster' 'a = @b' 'a cluster holds no other: @b: name its servers'
bad 'a bad server is refused' 'a = b x:y' \
	"server address \"x:y\" has a port (1 to 65535) or weight (0 to 1000) that is none: $forms"
bad 'an option that is unknown is refused, after the servers too' 'a = b --colour red' \
	'.cluster: unknown option --colour: usage: .cluster [--distribution NAME] [--profile CLIENT] [--key-prefix P] [--readonly] [--production] [NAME] [=] [SERVER...]'
run "$MCSH" --no-rc -c '.cluster a = b --profile perl' -c .cluster -c .profile
status_is 'a profile that does not exist is refused' 2
out_is 'a profile that does not exist is refused: nothing is defined, nothing changed' 'auto\n'
bad 'a name that is not known cannot be shown' nix \
	'unknown cluster "nix": .cluster NAME = SERVER... defines one; .cluster lists them'
run "$MCSH" --no-rc -c ".cluster a = $first" -c '.connect @a' -c '.cluster a = x --key-prefix p:' -c 'get who' \
	-c '.cluster a | cut -f7,8'
ran 'a cluster that is defined again while it is in use is so with the next .connect' 0 'first\nyes\tx\n'

done_testing
