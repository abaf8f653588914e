#!/bin/sh
# The meta commands as they are typed: what goes out, what is refused before that, and how answers
# are shown in each format.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

start_memcached

mcsh() {
	run "$MCSH" "$socket" "$@"
}

# sends NAME COMMAND LINE...: the lines that COMMAND sends, by the trace.
sends() {
	name=$1
	run "$MCSH" --trace "$socket" -c "$2"
	shift 2
	sed -n 's/ *(mcsh.*)$//; s/^> //p' "$work/err" >"$work/sent"
	printf '%s\n' "$@" >"$work/want"
	same_bytes "$name" "$work/want" "$work/sent"
}

# --- what goes out ---

sends 'mg: flags go out as they were typed' 'mg foo v t Oabc' 'mg foo v t Oabc\r\n'
sends 'ms: the value is counted, and its length stands where it stood' 'ms foo "b r" T90 F5' 'ms foo 3 T90 F5\r\n' 'b r\r\n'
sends 'ma: flags go out as they were typed' 'ma n N0 J10 D2' 'ma n N0 J10 D2\r\n'
sends 'md: a quiet one is followed by a fence of mcsh' 'md foo I T30 q' 'md foo I T30 q\r\n' 'mn\r\n'
sends 'mn' 'mn' 'mn\r\n'
sends 'me' 'me foo' 'me foo\r\n'
sends 'mg: a key with a blank goes out in base64, with b' 'mg "a b" v' 'mg YSBi v b\r\n'
sends 'ms: a key with a control byte goes out in base64, with b' 'ms "a\x01" "1"' 'ms YQE= 1 b\r\n' '1\r\n'
sends 'mg: a key typed in base64 stays as it is' 'mg YSBi b v' 'mg YSBi b v\r\n'
run "$MCSH" "$socket" --trace --key-prefix 'p ' -c 'mg k v'
has 'mg: the prefix is within the base64' '> mg cCBr v b\r\n' "$work/err"
printf 'a\r\nb' >"$work/value"
mcsh -c "ms --file $work/value foo T90 q" -c 'get foo | od -An -c | tr -d " "'
ran 'ms: --file stores a file, byte for byte, beside flags' 0 'a\\r\\nb\n'

# --- what answers are ---

mcsh -c 'set foo bar 150' -c 'mg foo v' -c 'mg foo' -c 'mg foo v s k Oabc f' -c 'mg foo t s | cut -c1-5'
ran 'mg: plain is the value or the code, and flags after tabs' 0 'STORED\nbar\nHD\nbar\ts3\tkfoo\tOabc\tf0\nHD\tt1\n'
mcsh -c 'mg nope v k'
ran 'mg: a miss prints nothing, status 1' 1
mcsh -c 'mg nope v q'
ran 'mg: a miss with q is silent, status 1' 1
mcsh -c 'mg foo v q' -c 'ms foo bar q' -c 'ma n N0 q' -c 'md n q'
ran 'q: silence is success of ms, ma and md, and a hit of mg is answered' 0 'bar\n'
mcsh -c 'md nope q'
ran 'md: NF is answered in spite of q, status 1' 1 'NF\n'
mcsh -c 'ms foo x ME'
ran 'ms: NS, status 1' 1 'NS\n'
mcsh -c 'ms foo x C1'
ran 'ms: EX, status 1' 1 'EX\n'
mcsh -c 'ms foo two MA' -c 'ms foo "1" MP' -c 'mg foo v'
ran 'ms: modes' 0 'HD\nHD\n1bartwo\n'
mcsh -c 'ma n N0 J10 v' -c 'ma n D5 v' -c 'ma n MD D3 v t' -c 'ma n'
ran 'ma: the number, and flags after tabs' 0 '10\n15\n12\tt-1\nHD\n'
mcsh -c 'ms foo 3 T90'
ran 'ms: a bare number may be a length and is refused' 2 '' "mcsh: ms: 3 may be the value or, as in the protocol, its length: mcsh counts the bytes itself: quote it if it is the value, '3'\n"
mcsh -c 'ma foo v q'
ran 'ma: an error is shown in spite of q, status 3' 3 '' 'mcsh: ma foo: CLIENT_ERROR cannot increment or decrement non-numeric value: incr and decr work on decimal digits alone, up to 64 bits without a sign; a client may have stored the number serialised\n'
mcsh -c 'set s x' -c 'md s I T30' -c 'mg s v' -c 'mg s v' -c 'mg new N30 v' -c 'mg new v'
ran 'mg: won, stale, someone else' 0 'STORED\nHD\nx\tX\tW\nx\tZ\tX\n\tW\n\tZ\n'
mcsh -c 'ms "a b" "1"' -c 'mg "a b" v k' -c 'mg YSBi b k' -c 'me "a b" | head -2'
ran 'a key in base64 is shown decoded' 0 'HD\n1\tka b\nHD\tka b\nkey\ta b\nexp\t-1\n'
mcsh -c 'set me 12345 100' -c 'me me | cut -f1'
ran 'me: a line a member' 0 'STORED\nkey\nexp\nla\ncas\nfetch\ncls\nsize\n'
mcsh -c 'me nope'
ran 'me: a miss prints nothing, status 1' 1
mcsh -c 'set z "\xff\n"' -c "mg z v > $work/z"
printf '\377\n' >"$work/want"
same_bytes 'mg: a value alone is redirected byte for byte' "$work/want" "$work/z"
mcsh --format raw -c 'mg z v f'
same_bytes 'mg: raw is the bytes as stored' "$work/want" "$work/out"
mcsh --format wire -c 'mg foo v s'
ran 'mg: wire is the reply' 0 'VA 7 s7\r\n1bartwo\r\n'
mcsh -c 'set --profile python-memcached x' 2>/dev/null
mcsh -c '.profile python-memcached' -c 'set --type json j "[1, 2]"' -c 'set --type int i 42' -c 'mg i v f'
has 'mg: a value is decoded by its flags' '42	f2' "$work/out"

mcsh --format json -c 'set foo bar 100' -c 'mg foo v c s t f k h l Oabc' -c 'mg nope k q' -c 'ma n v' -c 'me foo' -c 'ms foo bar q'
jq -c 'del(.server, .time_us) | if .meta.cas then .meta.cas = 0 | .meta.ttl |= (. > 90) | .meta.idle |= (. < 9) else . end
	| if .item then .item.cas = 0 | .item.la |= (. < 9) | .item.ttl |= (. > 90) | .item.exp |= (. < -90 or . > 90) else . end' "$work/out" >"$work/json"
cat >"$work/want" <<'END'
{"command":"set","key":"foo","status":"ok","reply":"STORED"}
{"command":"mg","key":"foo","status":"ok","reply":"VA","values":[{"key":"foo","flags":0,"bytes":3,"value":"bar"}],"meta":{"cas":0,"size":3,"ttl":true,"flags":0,"key":"foo","hit":false,"idle":true,"opaque":"abc"}}
{"command":"mg","key":"nope","status":"negative","reply":"EN","silent":true}
{"command":"ma","key":"n","status":"ok","reply":"VA","number":14,"meta":{}}
{"command":"me","key":"foo","status":"ok","reply":"ME","item":{"exp":true,"ttl":true,"la":true,"cas":0,"fetch":"yes","cls":1,"size":65}}
{"command":"ms","key":"foo","status":"ok","silent":true}
END
sed -i 's/"size":6[0-9]}}/"size":65}}/' "$work/json"
same_bytes 'json: a member a flag, by name; silences; exp and ttl of me' "$work/want" "$work/json"
mcsh --format csv -c 'ms foo "a,b" F5' -c 'mg foo v f s' -c 'mg nope' -c 'md foo q'
ran 'csv: a column a flag, one header' 1 'key,reply,bytes,value,encoding,cas,flags,hit,idle,size,ttl,opaque,won,stale,fetching\nfoo,HD,,,,,,,,,,,,,\nfoo,VA,3,"a,b",,,5,,,3,,,,,\nnope,EN,,,,,,,,,,,,,\nfoo,,,,,,,,,,,,,,\n'
mcsh --format pretty -c 'ms foo bar T0' -c 'mg foo v t c' -c 'md foo I' -c 'mg foo h t' -c 'mg foo' -c 'ms foo x ME' -c 'md foo q' -c 'mg foo q' -c 'mn'
sed -i 's/cas [0-9]*/cas N/' "$work/out"
ran 'pretty: in words' 1 'HD  (stored)\n"bar"  (3 bytes, never expires, cas N)\nHD  (marked stale)\nHD  (it is in the cache, read before, never expires, stale,\n won: it is yours to fetch)\nHD  (it is in the cache, someone else is fetching it, stale)\nNS  (the key exists already)\nno answer  (deleted, as the silence says)\n(miss)  (foo is not in the cache, as the silence says)\nMN  (all before it was answered)\n'
mcsh --format pretty -c 'ms foo bar T100' -c 'mg foo t'
sed -i 's/1 min 39 s/1 min 40 s/' "$work/out"
has 'pretty: a time to live as a span and a date' 'HD  (it is in the cache, expires in 1 min 40 s, 20' "$work/out"

# --- what is refused before anything is sent ---

# refused NAME COMMAND ERROR
refused() {
	run "$MCSH" --trace "$socket" -c "$2"
	ran "$1" 2 '' "mcsh: $3\n"
}

refused 'flags that are typed together' 'mg foo vtf' 'the flag v takes nothing after it: "vtf": write a blank between flags'
refused 'an unknown flag' 'mg foo y' 'mg has no flag "y": .help mg lists its flags; --force sends it all the same'
refused 'a flag of another command' 'md foo v' 'md has no flag "v": v is a flag of mg ma; .help md lists those of md'
refused 'a flag twice' 'mg foo v v' 'the flag v stands twice: a server takes each flag once'
refused 'a token that is no number' 'ms foo bar T1h' 'the time in "T1h" is not a number: write T and seconds, as in T90; 0 is never, and above 30 days it is a Unix time'
refused 'an opaque of 32 bytes' 'mg foo O12345678901234567890123456789012' 'the text after O has 32 bytes: 31 bytes are the most that a server takes'
refused 'a key that b says to be base64' 'mg foo b' 'b says that the key is base64, and "foo" is not: leave b out: where it has to, mcsh writes a key in base64 by itself'
key=$(perl -e 'print "a b" x 63')
refused 'a key that is too long in base64' "mg '$key'" 'the key has 189 bytes, and goes out in base64: 186 bytes are the most that base64 makes 250 of'
key=$(perl -e 'print "k" x 251')
refused 'a key of 251 bytes' "mg $key" "the key has 251 bytes: memcached takes 250 bytes at the most; shorten it or store under its hash"

# The server is asked for its version once, where a flag is newer than the commands.
fake <<END
accept
want version\r\n
send VERSION 1.6.18\r\n
gone
END
run "$MCSH" --trace "$fake" -c 'mg foo E5' -c 'ms foo bar s' -c 'md foo x'
sed -i "s|$fake|SERVER|" "$work/err"
ran 'flags that are newer than the server' 2 '' '> version\\r\\n (mcsh'\''s own question)\n< VERSION 1.6.18\\r\\n (to mcsh'\''s own question)\nmcsh: mg knows the flag E5 since memcached 1.6.27: SERVER has 1.6.18; --force sends it all the same\nmcsh: ms knows the flag s since memcached 1.6.20: SERVER has 1.6.18; --force sends it all the same\nmcsh: md knows the flag x since memcached 1.6.27: SERVER has 1.6.18; --force sends it all the same\n'
fake <<END
accept
want mg foo E5 v\r\n
send VA 3\r\nbar\r\n
gone
accept
want mg foo C5 v\r\n
send CLIENT_ERROR invalid flag\r\n
gone
END
run "$MCSH" "$fake" -c 'mg --force foo E5 v' -c .disconnect -c 'mg --force foo C5 v'
ran '--force sends them all the same' 3 'bar\n' 'mcsh: mg foo: CLIENT_ERROR invalid flag: a meta flag is unknown to this server; flags are single letters, and newer servers know more\n'
fake_followed '--force: flags are on the wire as they are typed'
mcsh -c 'md foo T30'
ran 'a flag that changes nothing alone is warned of' 0 'HD\n' 'mcsh: warning: T changes nothing without I: give both, or leave it out\n'

# --- help, and the protocol meta ---

mcsh -c '.help mg'
has '.help: flags with tokens and meanings' '  TSECONDS  the new time to live' "$work/out"
has '.help: the version that brought a flag' '  EN        the cas number to give to the item (1.6.27)' "$work/out"
has '.help: flags of answers' '  Z         in answers: another client has won, and is fetching it' "$work/out"
for command in mg ms md ma me; do
	mcsh -c ".help $command"
	sed -n '/^Flags/,/^$/s/^  \([^ ]\).*/\1/p' "$work/out"
done | sort -u | tr -d '\n' >"$work/letters"
awk '/^\.Sh META FLAGS/ {on = 1; next} /^\.Sh/ {on = 0} on && /^\.(It )?Cm / {
	sub(/^\.(It )?Cm /, ""); n = split($0, word, / *, *|Cm /)
	for (i = 1; i <= n; i++) if (word[i] ~ /^[A-Za-z]( |$)/) print substr(word[i], 1, 1)}' \
	"$top_srcdir/doc/mcsh.1" | sort -u | tr -d '\n' >"$work/manual"
same_bytes 'the manual has the flags that .help has' "$work/letters" "$work/manual"
run "$MCSH" "$socket" --trace -c '.set protocol meta' -c 'set foo bar 90' -c 'get foo' -c 'gets foo' -c 'add foo x' -c 'delete foo' -c 'delete foo' -c 'ma n2 N0 J5' -c 'incr n2 3' -c 'decr n2'
sed -n 's/^> //p' "$work/err" >"$work/sent"
printf '%s\n' 'ms foo 3 T90\r\n' 'bar\r\n' 'mg foo f v\r\n' 'mg foo f c v\r\n' 'ms foo 1 ME\r\n' 'x\r\n' 'md foo\r\n' 'md foo\r\n' \
	'ma n2 N0 J5\r\n' 'ma n2 D3 v\r\n' 'ma n2 MD D1 v\r\n' >"$work/want"
same_bytes 'classic commands go out as meta ones with the protocol meta' "$work/want" "$work/sent"
sed -i 's/^foo\t[0-9]*/foo\tCAS/' "$work/out"
out_is 'protocol meta: the answers are those of classic' 'STORED\nbar\nfoo\tCAS\tbar\nNOT_STORED\nDELETED\nNOT_FOUND\nHD\n8\n7\n'
mcsh -c 'ms c29uZw== la b' -c 'set tune lo'
run "$MCSH" "$socket" --trace -c '.set protocol meta' -c 'get song no tune' -c 'gat 90 tune' -c 'gat 90 tune no' \
	-c 'touch tune 0' -c 'touch no 60' -c 'set_multi a 1 b 2' -c 'delete_multi a b' -c 'mg tune t'
sed -n 's/^> //p' "$work/err" >"$work/sent"
fence="mn\\\\r\\\\n (mcsh's own fence)"
printf '%b\n' 'mg song f v k q\\r\\n' 'mg no f v k q\\r\\n' 'mg tune f v k q\\r\\n' "$fence" \
	'mg tune f v T90\\r\\n' 'mg tune f v T90 k q\\r\\n' 'mg no f v T90 k q\\r\\n' "$fence" \
	'mg tune T0\\r\\n' 'mg no T60\\r\\n' 'ms a 1 O001\\r\\n' '1\\r\\n' 'ms b 1 O002\\r\\n' '2\\r\\n' \
	'md a O001\\r\\n' 'md b O002\\r\\n' 'mg tune t\\r\\n' >"$work/want"
same_bytes 'gat, touch, gets of several keys and set_multi go out as meta ones' "$work/want" "$work/sent"
out_is 'gat, touch, gets of several keys and set_multi in meta: the answers of classic' \
	'song\tla\ntune\tlo\nlo\ntune\tlo\nTOUCHED\nNOT_FOUND\nHD\tt-1\n'

# --- in scripts ---

perl -e 'print "ms k$_ v$_ T100\nmg k$_ v s\nmd k$_ q\nmg k$_ v\n" for 1 .. 2000' >"$work/script"
perl -e 'print "HD\nv$_\ts".length("v$_")."\n" for 1 .. 2000' >"$work/want"
run "$MCSH" "$socket" <"$work/script"
same_bytes 'pipelined meta commands: each has its own answer' "$work/want" "$work/out"
status_is 'pipelined meta commands: status 1, for the misses' 1
run "$MCSH" "$socket" --format wire <"$work/script"
has 'pipelined, wire shows the reply to what was typed' 'VA 5 s5' "$work/out"

done_testing
