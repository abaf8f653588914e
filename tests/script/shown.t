#!/bin/sh
# Whatever comes from outside is shown so that it cannot drive a terminal, nor hide: values, keys,
# settings, names of files and servers, the server's words. The raw and wire formats alone are bytes.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"
start_memcached

# An escape sequence, C1 controls, an override, a zero-width blank, a tag, a soft hyphen, a variation
# selector, a byte that is not UTF-8.
evil=$(printf 'x\033[2J\302\2331m\342\200\256y\342\200\213\363\240\201\201\302\255\357\270\200\377z')
typed='x\e[2J\xc2\x9b1m\xe2\x80\xaey\xe2\x80\x8b\xf3\xa0\x81\x81\xc2\xad\xef\xb8\x80\xffz'
sent=$(printf %s "$typed" | sed 's/\\e/\\x1b/')

# harmless NAME FILE...: no byte of it does any of that, and there is something.
harmless() {
	harmless_name=$1
	shift
	passes "$harmless_name" perl -e '
		my $seen = 0;
		for my $name (@ARGV) {
			open my $in, "<:raw", $name or die "$name: $!";
			my $text = join "", <$in>;
			$seen += length $text;
			utf8::decode($text) or die "$name is not UTF-8\n";
			die sprintf "%s has U+%04X\n", $name, ord $1
				if $text =~ /([^\P{Cc}\n\t]|\p{Cf}|\p{Default_Ignorable_Code_Point}|[\x{2028}\x{2029}])/;
		}
		die "there is nothing\n" unless $seen;' "$@"
}

cd "$work" || exit 99
mkdir "$evil"
printf 'get nope\nget ""\n' >"$evil/script"
printf '# mcsh transcript 1\n\nmcsh> get nope\nwrong\n' >"$evil/transcript"

for format in pretty plain json csv; do
	run "$MCSH" "$socket" --format=$format -c "set k \"$typed\"" -c "set $format \"x\\xe2\\x80\\x8by\"" \
		-c 'get k' -c "get $format" -c "get k $format" -c 'gets k' -c ".echo \"$typed\"" \
		-c "get_multi \"$typed\"" -c "set \"$typed\" 1"
	harmless "a value in $format" out err
	run "$MCSH" "$socket" --format=$format -c ".set trace_file \"$typed\"" \
		-c ".set key_prefix \"$typed\"" -c .set -c '.set trace_file' -c '.set key_prefix'
	harmless "a setting in $format" out err
	run "$MCSH" "$socket" --format=$format -c "get k > \"/none/$typed\"" \
		-c "set --file \"$typed\" k" -c ".source \"$evil/script\"" -c ".source \"$typed/none\"" \
		-c ".record \"$evil/record\"" -c .record -c '.record off' -c ".load \"$typed\"" \
		-c ".dump \"$evil/dump\"" -c ".load \"$evil/dump\"" -c ".help \"$typed\"" -c "$typed" \
		-c "\"$typed\"" -c ".connect \"$typed\""
	harmless "names of files in $format" out err
	run "$MCSH" "$work/$evil/none" "$socket" --format=$format -c version -c 'get a b c d e' -c .servers \
		-c '.where a' -c stats -c ".connect \"$evil/none\"" -c 'get a' -c ".on \"$evil\" get a"
	harmless "names of servers in $format" out err
	run "$MCSH" --verify --format=$format "$evil/transcript" "$evil/none"
	harmless "a transcript in $format" out err
	fake <<-END
		accept
		any 7
		send STAT a$sent $sent\r\nITEM $sent\r\nEND\r\n
		any 9
		send VERSION $sent\r\n
		any 7
		send VALUE k 0 1\r\n1\r\nCLIENT_ERROR $sent\r\n
	END
	run "$MCSH" "$fake" --format=$format -c stats -c version -c 'get k'
	harmless "what a server says in $format" out err
done
run "$MCSH" "$socket" --trace=hex -c "set k \"$typed\"" -c 'get k' -c '.raw get k' -c "delete \"$typed\""
harmless 'a trace, and .raw' out err
run "$MCSH" "$socket" -c "set k \"$typed\"" -c 'get k' -c '.raw get k'
is 'the escapes are of the bytes' "STORED
$typed
VALUE k 0 $(printf %s "$evil" | wc -c)
$typed
END" "$(cat out)"
run "$MCSH" "$socket" --format=raw -c 'get k'
printf %s "$evil" >want
same_bytes 'raw is the bytes' want out

# JSON has them as escapes of its own, in pairs where they take two.
run "$MCSH" "$socket" -c 'set k "\xe2\x80\x8b\xf3\xa0\x81\x81\xc2\xad"' -c '.format json' -c 'get k'
has 'json: characters that are not shown are escaped, in surrogate pairs' '"value":"\u200b\udb40\udc41\u00ad"' out
is 'json: the escapes mean the characters that were stored' '200b e0041 ad' \
	"$(tail -n 1 out | /usr/bin/python3 -I -S -c 'import json, sys
print(*("%x" % ord(c) for c in json.load(sys.stdin)["values"][0]["value"]))')"

done_testing
