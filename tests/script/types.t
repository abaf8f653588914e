#!/bin/sh
# Typed values and client profiles: what --type stores, what each format makes of it and of what the
# client libraries store, and what is refused.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached

# with PROFILE OPTION|-c COMMAND...: one run against the server.
with() {
	with_profile=$1
	shift
	run "$MCSH" "$socket" --no-color --profile "$with_profile" "$@"
}

# members NAME...: what these members of the value have in the last line of $work/out, which is JSON; "none"
# where there is none. jq and perl would take a second for all of them.
members() {
	while IFS= read -r json_next; do
		json_line=$json_next
	done <"$work/out"
	json_value=${json_line#*'"values":['}
	json_blank=
	for json_name; do
		case $json_value in
		*"\"$json_name\":\""*) json_string "${json_value#*"\"$json_name\":\""}" ;;
		*"\"$json_name\":"*)
			json_text=${json_value#*"\"$json_name\":"}
			json_text=${json_text%%[,\}]*}
			;;
		*) json_text=none ;;
		esac
		printf '%s%s' "$json_blank" "$json_text"
		json_blank=' '
	done
}

# json_string REST: $json_text becomes what stands in REST before the quote that ends the string.
json_string() {
	json_text=
	json_rest=$1
	while :; do
		json_piece=${json_rest%%\"*}
		json_rest=${json_rest#*\"}
		json_text=$json_text$json_piece
		# A quote after an odd number of backslashes belongs to the string.
		json_odd=false
		while [ "$json_piece" != "${json_piece%\\}" ]; do
			json_piece=${json_piece%\\}
			$json_odd && json_odd=false || json_odd=true
		done
		$json_odd || return 0
		json_text=$json_text\"
	done
}

# What is stored.

# stores PROFILE TYPE VALUE FLAGS [BYTES]: BYTES as json has them, VALUE unless given.
stores() {
	with "$1" -c "set --type $2 k '$3'" -c '.profile none' -c '.format json' -c 'get k'
	is "$1: --type $2 $3 is stored" "STORED $4 ${5-$3}" \
		"$(line 1) $(members flags value)"
}

stores auto text 'hé llo' 16
stores auto text '' 16
stores auto int 42 2
stores auto int -123456789012345678901234567890 2
stores auto int 007 2
stores auto long 42 4
stores auto bytes 'a b' 0
stores none text abc 16
stores none int 42 2
stores python-memcached text abc 16
stores pylibmc int 42 4
stores pylibmc long 42 4
stores pymemcache text abc 16
stores pymemcache int 42 2
stores pymemcache long 42 4
stores php-memcached text abc 0
stores php-memcached int 42 1
stores php-memcached json '{"a":[1,2]}' 6 '{\"a\":[1,2]}'
stores pecl-memcache int -7 768
stores dalli text abc 0
stores spymemcached int 42 512 '*'
stores spymemcached int 0 512 ''
stores spymemcached int -7 512 ////+Q==
stores spymemcached long 42 768 '*'
stores spymemcached bytes abc 2048
stores spymemcached json '[1]' 0
stores node-memcached int 42 8
stores node-memcached json '{"a": 1}' 2 '{\"a\": 1}'
stores node-memcached bytes é 4 'Ã©'

with auto -c 'set k 42' -c '.format json' -c 'get k'
is 'without --type a value is bytes with flags 0' '0 42 null' \
	"$(line 2 | json - '.values[0].flags' '.values[0].value' '.values[0].type')"

for word in add replace; do
	with auto -c 'delete k' -c 'set k 1' -c "$([ $word = replace ] || echo delete k)" \
		-c "$word --type int k 7" -c '.format json' -c 'get k'
	is "$word takes --type" 'int 7' \
		"$(tail -n 1 "$work/out" | json - '.values[0].type' '.values[0].decoded')"
done
with auto -c 'gets k'
with auto -c "cas --type text k x $(cut -f 2 "$work/out")" -c '.format json' -c 'get k'
is 'cas takes --type' 'STORED text x' "$(line 1) $(
	line 2 | json - '.values[0].type' '.values[0].decoded')"
printf '{"from": "a file"}' >"$work/json"
with node-memcached -c "set --type json --file $work/json k" -c 'get k'
ran 'a file is checked and typed' 0 'STORED\n{"from": "a file"}\n'

# What is refused, with nothing sent.

# refused PROFILE WORDS WHY: the trace stays empty.
refused() {
	with "$1" --trace -c "set $2"
	ran "$1: set $2 is refused" 2 '' "mcsh: $3\n"
}

refused auto '--type int k 4x' \
	'the value "4x" is not a whole number: write decimal digits, with a minus in front if it is negative'
refused auto '--type int k 1.5' \
	'the value "1.5" is not a whole number: write decimal digits, with a minus in front if it is negative'
refused auto '--type int k ""' \
	'the value "" is not a whole number: write decimal digits, with a minus in front if it is negative'
refused auto '--type long k +1' \
	'the value "+1" is not a whole number: write decimal digits, with a minus in front if it is negative'
refused auto '--type text k "a\xff"' \
	'the value "a\\xff" is not valid UTF-8: store other bytes with --type bytes'
refused auto '--type json k {}' \
	'python-memcached has no flags for json: store it as text, or with .profile one of php-memcached, spymemcached, node-memcached'
refused dalli '--type int k 1' \
	'dalli has no flags for int: store it as text, or with .profile one of python-memcached, pylibmc, pymemcache, php-memcached, pecl-memcache, spymemcached, node-memcached'
refused php-memcached '--type json k [1,]' \
	"the value \"[1,]\" is not a JSON document: quote a whole one, as in '{\"a\": [1, 2]}'"
refused spymemcached '--type int k 2147483648' \
	'the value "2147483648" is more than the int of spymemcached can hold: store it as text, or choose another .profile'
refused spymemcached '--type long k 9223372036854775808' \
	'the value "9223372036854775808" is more than the long of spymemcached can hold: store it as text, or choose another .profile'
refused auto '--type float k 1' 'invalid value for --type: "float": it takes text|int|long|json|bytes'
refused auto '--type object k 1' 'invalid value for --type: "object": it takes text|int|long|json|bytes'
refused auto '--type int --flags 2 k 1' \
	'--type and --flags both say what the flags shall be: give one of them'
refused spymemcached '--min-compress-len 1 k xxx' \
	'spymemcached does not compress with zlib: leave --min-compress-len away and .set min_compress_len off, or choose another .profile'
with auto -c '.profile python'
ran 'an unknown profile is refused' 2 '' \
	'mcsh: invalid value for profile: "python": it takes none|python-memcached|pylibmc|pymemcache|php-memcached|pecl-memcache|dalli|spymemcached|node-memcached|auto\n'
run "$MCSH" --profile Dalli -c .profile
status_is 'an unknown profile is refused: on the command line, too' 2

# What each client's values are read as: by hand, with that client's flags.

# reads PROFILE FLAGS VALUE TYPE PLAIN PRETTY: VALUE is for printf %b, as are the two lines.
reads() {
	printf %b "$3" >"$work/stored"
	with "$1" -c "set --flags $2 --file $work/stored k" -c 'get k' -c '.format pretty' \
		-c 'get k' -c '.format raw' -c "get k > $work/raw" -c '.format json' -c 'get k'
	printf 'STORED\n%b\n%b\n' "$5" "$6" >"$work/want"
	sed '$d' "$work/out" >"$work/shown"
	same_bytes "$1: flags $2 are $4 in plain and pretty" "$work/want" "$work/shown"
	is "$1: flags $2 are $4 in json" "$4 $1" \
		"$(members type profile)"
	same_bytes "$1: flags $2 are bytes in raw" "$work/stored" "$work/raw"
}

reads python-memcached 16 'hé' text 'hé' '"hé"  (text, 3 bytes, flags 16)'
reads python-memcached 2 42 int 42 '42  (int, 2 bytes, flags 2)'
reads python-memcached 4 -7 long -7 '-7  (long, 2 bytes, flags 4)'
reads python-memcached 1 '(lp0\nI1\naI2\na.' object '(lp0\nI1\naI2\na.' \
	'[1, 2]  (outline of pickle protocol 0, 14 bytes, flags 1)'
reads pylibmc 2 1 bool true 'true  (bool, 1 byte, flags 2)'
reads pylibmc 4 42 int 42 '42  (int, 2 bytes, flags 4)'
reads pymemcache 16 abc text abc '"abc"  (text, 3 bytes, flags 16)'
reads php-memcached 1 42 int 42 '42  (int, 2 bytes, flags 1)'
reads php-memcached 2 1.5 double 1.5 '1.5  (double, 3 bytes, flags 2)'
reads php-memcached 3 '' bool false 'false  (bool, 0 bytes, flags 3)'
reads php-memcached 6 '[1,2]' json '[1,2]' '[1, 2]  (JSON, 5 bytes, flags 6)'
reads php-memcached 4 'a:1:{i:0;i:1;}' object 'a:1:{i:0;i:1;}' \
	'[1]  (outline of PHP serialize, 14 bytes, flags 4)'
reads pecl-memcache 768 42 int 42 '42  (int, 2 bytes, flags 768)'
reads pecl-memcache 256 0 bool false 'false  (bool, 1 byte, flags 256)'
reads dalli 4 abc text abc '"abc"  (text, 3 bytes, flags 4)'
reads dalli 1 '\0004\bi/' object '\\x04\\x08i/' \
	'42  (outline of Ruby Marshal 4.8, 4 bytes, flags 1)'
reads spymemcached 512 '*' int 42 '42  (int, 1 byte, flags 512)'
reads spymemcached 1024 '' time 1970-01-01T00:00:00Z \
	'1970-01-01T00:00:00Z  (time, 0 bytes, flags 1024)'
reads node-memcached 8 1.5 double 1.5 '1.5  (double, 3 bytes, flags 8)'
reads node-memcached 2 'null' json null 'null  (JSON, 4 bytes, flags 2)'

# The same item, other meanings.

with auto -c 'set --flags 2 k 1' -c '.profile python-memcached' -c '.format pretty' -c 'get k' \
	-c '.profile pylibmc' -c 'get k' -c '.profile none' -c 'get k' \
	-c '.profile php-memcached' -c 'get k' -c .profile -c '.profile auto' -c 'get k'
ran '.profile changes what the same item means' 0 'STORED
1  (int, 1 byte, flags 2)
true  (bool, 1 byte, flags 2)
"1"  (1 byte, flags 2)
1  (double, 1 byte, flags 2)
php-memcached
1  (int, 1 byte, flags 2)
flags 2 and decimal digits: an integer as python-memcached writes it; pylibmc\ncould have written it too\n'
with auto -c '.profile --list' -c .profile
is '.profile --list has a line for each' 11 "$(wc -l <"$work/out" | tr -d ' ')"
with auto -c '.set profile dalli' -c .profile
ran '.set profile is the same' 0 'dalli\n'

# json as the formats' tests have it, end to end.
with php-memcached -c 'set --type json k "{\"a\":\n[1, 2]}"' -c '.format json' -c 'get k'
is 'a document is embedded as a document' 'json {"a":[1,2]}' \
	"$(line 2 | json - '.values[0].type' '.values[0].decoded')"
is 'on one line' 2 "$(wc -l <"$work/out" | tr -d ' ')"
with auto -c 'set k plain' -c '.format json' -c 'get k'
is 'on one line: without flags json says nothing more' '{"key":"k","flags":0,"bytes":5,"value":"plain"}' \
	"$(line 2 | json - '.values[0]')"
with auto --format csv -c 'set --type int k 42' -c 'get k'
ran 'csv has what plain has' 0 'STORED\nkey,flags,bytes,value,encoding\nk,2,2,42,\n'

# Compression.

x=xxxxxxxxxxxxxxxxxxxx
x100=$x$x$x$x$x

# compresses PROFILE TYPE FLAGS BYTES CONTAINER: a hundred letters x, longer than 99.
compresses() {
	with "$1" -c "set --min-compress-len 99 --type $2 k $x100" -c 'get k' -c '.format json' \
		-c 'get k'
	is "$1: $2 is compressed" "STORED $x100 $3 $4 $5 $2 $x100" \
		"$(line 1) $(line 2) $(members flags bytes container type decoded)"
}

compresses python-memcached text 24 12 zlib
compresses pylibmc text 24 12 zlib
compresses pymemcache text 24 12 zlib
compresses php-memcached text 48 16 zlib
compresses pecl-memcache text 2 12 zlib
compresses dalli text 2 12 zlib

# flags_of NAME WANT COMMAND...: the flags and the length of k after the commands.
flags_of() {
	flags_name=$1
	flags_want=$2
	shift 2
	with auto "$@" -c '.profile none' -c '.format json' -c 'get k'
	is "$flags_name" "$flags_want" "$(members flags bytes)"
}

digits=1000000000000000000000000000000000000000
flags_of 'untyped bytes are compressed as bytes' '8 12' -c "set --min-compress-len 99 k $x100"
flags_of 'bytes are not compressed when they are no longer than --min-compress-len' '0 100' -c "set --min-compress-len 100 k $x100"
flags_of 'bytes are not compressed when they would grow' '16 3' -c 'set --type text --min-compress-len 1 k abc'
flags_of 'python-memcached compresses no ints' '2 40' \
	-c "set --type int --min-compress-len 9 k $digits"
flags_of 'pylibmc compresses ints' '12 12' -c '.profile pylibmc' \
	-c "set --type int --min-compress-len 9 k $digits"
flags_of '.set min_compress_len is the default of --min-compress-len' '24 12' -c '.set min_compress_len 50' \
	-c "set --type text k $x100"
flags_of '--min-compress-len 0 turns compression off' '16 100' -c '.set min_compress_len 50' \
	-c "set --type text --min-compress-len 0 k $x100"
flags_of 'append is never compressed' '0 101' -c '.set min_compress_len 50' \
	-c 'set k x' -c "append k $x100"
flags_of 'compress_level is heeded' '0 100' -c '.set compress_level 0' \
	-c "set --min-compress-len 50 k $x100"
flags_of 'compress_level has a default' '8 12' -c '.set compress_level default' \
	-c "set --min-compress-len 50 k $x100"
flags_of '--flags are kept beside the one of compression' '11 12' \
	-c "set --flags 3 --min-compress-len 50 k $x100"

with auto -c "set --type text --min-compress-len 9 k $x100" -c "get k > $work/file" \
	-c "get k | cat >$work/piped" -c '.format raw' -c "get k > $work/raw"
printf %s "$x100" >"$work/want"
same_bytes 'a redirected value is what was stored, expanded' "$work/want" "$work/file"
same_bytes 'a piped value is what was stored, expanded' "$work/want" "$work/piped"
perl -MCompress::Zlib -0777 -ne 'print uncompress($_)' <"$work/raw" >"$work/got"
same_bytes 'raw has the stream' "$work/want" "$work/got"

# Streams that cannot be read.

warning='it is shown as stored; .profile chooses whose flags to believe'
with auto -c "set --flags 24 k 'xyz'" -c '.profile python-memcached' -c 'get k'
ran 'a damaged stream is printed as stored, and told' 0 'STORED\nxyz\n' \
	"mcsh: warning: k: the zlib stream is damaged after 2 of its 3 bytes, 0 bytes came out: $warning\n"
with python-memcached --format pretty -c 'get k'
ran 'a damaged stream: pretty says so below the value' 0 '"xyz"  (text, 3 bytes of zlib, flags 24)
the zlib stream is damaged after 2 of its 3 bytes, 0 bytes came out\n'
with python-memcached --format json -c 'get k'
is 'a damaged stream: json has a member problem' \
	'the zlib stream is damaged after 2 of its 3 bytes, 0 bytes came out' \
	"$(json "$work/out" '.values[0].problem')"
with auto -c 'set --flags 2 k 4x' -c '.profile python-memcached' -c 'get k'
ran 'an int that is none is reported' 0 'STORED\n4x\n' \
	"mcsh: warning: k: the flags say an integer, and the bytes are not decimal digits: $warning\n"

# Bytes after the end of a stream: the value is not what its flags say.
printf 'x\234\313\314+\316LI\005\0\b\326\002}tail' >"$work/tail"
with auto -c "set --flags 24 --file $work/tail k" -c '.profile python-memcached' -c 'get k'
ran 'a stream with bytes after its end is printed as stored, and they are counted' 0 \
	'STORED\nx\\x9c\\xcb\\xcc+\\xceLI\\x05\\0\\x08\\xd6\\x02}tail\n' \
	"mcsh: warning: k: 4 bytes follow the end of the zlib stream: $warning\n"

# A stream of 1,000,000 bytes under a ceiling of 1024.
perl -e 'print "x" x 1000000' >"$work/million"
with auto -c "set --type text --min-compress-len 9 --file $work/million k" -c 'get k'
is 'a long value comes back' 1000008 "$(wc -c <"$work/out" | tr -d ' ')"
with auto -c '.set max_value 1k' -c 'get k' --format json
is 'an expansion stops at max_value' \
	'[1024,"the zlib stream expands to more than the 1024 bytes allowed: what follows is left out"]' \
	"$(jq -c 'select(.values) | .values[0] | [(.decoded | length), .problem]' "$work/out")"

done_testing
