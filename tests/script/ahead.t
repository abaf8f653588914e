#!/bin/sh
# Scripts that are read ahead: nothing but their cost may tell that from a script whose every
# command is awaited, as it is with a trace.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/fake.sh"

# What goes over the wire. A server's first command is awaited; those after it go together.

closed='the next command connects again; whether this one was carried out is unknown'
cd "$work" || exit 99

printf 'set k0 v\nset k1 v\nget k2\nset k3 v\nset k4 v\n.echo and on\nget k0\n' >s
fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send STORED\r\n
want set k1 0 0 1\r\nv\r\nget k2\r\nset k3 0 0 1\r\nv\r\nset k4 0 0 1\r\nv\r\n
send STORED\r\nVALUE k2 0 3\r\nab
close
accept
want get k0\r\n
send VALUE k0 0 3\r\nold\r\nEND\r\n
gone
END
run "$MCSH" "$fake" -f s
ran 'a connection that is lost loses what was sent' 4 'STORED\nSTORED\nand on\nold\n' \
	"mcsh: s:3: $fake closed the connection in the middle of its answer: $closed
mcsh: s:4: 2 more commands, to line 5, had no answer: whether they were carried out is unknown\n"
fake_followed 'a connection that is lost loses what was sent: none of it is sent again'

printf 'set k0 v\nset k1 v\nset k2 v\nget k3\n' >s
fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send STORED\r\n
want set k1 0 0 1\r\nv\r\nset k2 0 0 1\r\nv\r\nget k3\r\n
send ERROR\r\nERROR\r\nSTORED\r\nEND\r\n
gone
END
run "$MCSH" "$fake" -f s
status_is 'a refused value, of which the server may read commands' 4
out_is 'a refused value, of which the server may read commands: no answer is shown that another command could have' 'STORED\n'
has 'a refused value, of which the server may read commands: the command is reported' 'mcsh: s:2: set k1: ERROR' err
has 'a refused value, of which the server may read commands: the lost one after it is reported' 'mcsh: s:3: ' err
has 'a refused value, of which the server may read commands: the rest is counted' 'mcsh: s:4: 1 more command had no answer: whether it was carried out is unknown' err
fake_followed 'a refused value, of which the server may read commands: the connection is closed'

printf 'set k0 v\nset k1 v\nget k2\nset k3 v\n' >refused
fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send STORED\r\n
want set k1 0 0 1\r\nv\r\nget k2\r\nset k3 0 0 1\r\nv\r\n
send SERVER_ERROR out of memory storing object\r\nSERVER_ERROR busy\r\nSTORED\r\n
want version\r\n
send VERSION 1.6.18\r\n
gone
END
run "$MCSH" "$fake" -f refused
status_is 'an error that is certainly a command of its own' 3
out_is 'an error that is certainly a command of its own leaves the others their answers' 'STORED\nSTORED\n'
fake_followed 'an error that is certainly a command of its own leaves the connection'

fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send NOT_STORED\r\n
gone
END
run "$MCSH" "$fake" -e -f s
ran '-e sends nothing after a failure' 1 'NOT_STORED\n'
fake_followed '-e sends not a byte after a failure'

fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send STORED\r\n
want set k1 0 0 1\r\nv\r\n
send STORED\r\n
want stats\r\n
send STAT pid 1\r\nEND\r\n
want set k2 0 0 1\r\nv\r\nget k3\r\n
send STORED\r\nEND\r\n
want version\r\n
send VERSION 1.6.18\r\n
gone
END
printf 'set k0 v\nset k1 v\nstats\nset k2 v\nget k3\n' >s
run "$MCSH" "$fake" -f s
ran 'stats is a barrier in a script' 1 'STORED\nSTORED\npid\t1\nSTORED\n'
fake_followed 'stats is sent alone in a script'

# After answers without a mark a marked one proves that each was given to its command.
printf 'get a\nme b\nme c\nget d\nstats\n' >s
fake <<'END'
accept
want mg a f v\r\n
send EN\r\n
want me b\r\nme c\r\nmg d f v O003\r\n
send EN\r\nEN\r\nEN O003\r\n
want stats\r\n
send END\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -f s
ran 'me me get in meta: a marked answer ends the doubt about those before it' 1 ''
fake_followed 'me me get in meta: no fence is sent after the marked answer'

printf 'set k0 v\nset --noreply k1 v\nget k2\nset --noreply k3 v\nset --noreply k4 v\ndelete k5\n' >s
fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send STORED\r\n
want set k1 0 0 1 noreply\r\nv\r\nversion\r\nget k2\r\n
want set k3 0 0 1 noreply\r\nv\r\nset k4 0 0 1 noreply\r\nv\r\nversion\r\ndelete k5\r\n
send SERVER_ERROR out of memory\r\nVERSION 1\r\nVALUE k2 0 1\r\nv\r\nEND\r\n
send VERSION 1\r\nDELETED\r\n
gone
END
run "$MCSH" "$fake" -f s
ran 'an answer to what wants none is not taken for the next command' 0 'STORED\nv\nDELETED\n'
fake_followed 'a fence stands between what wants no answer and the next command'

# Of two servers one is lost. The other's answers come in between, and change nothing about that.
start_memcached
{
	printf 'set --server 1 k v\nset --server 2 k v\n'
	for i in $(seq 50); do
		printf 'get --server 2 k\nget --server 1 k\nget --server 1 k\n'
	done
} >s
{
	printf 'accept\nwant set k 0 0 1\\r\\nv\\r\\n\nsend STORED\\r\\n\nwant '
	printf 'get k\\r\\n%.0s' $(seq 50)
	printf '\nsend END\\r\\n\nclose\n'
} >steps
fake <steps
run "$MCSH" "$socket" "$fake" -f s
ran 'what one of two servers loses is reported once' 4 "$(printf 'STORED\\n'; printf 'STORED\\n'; printf 'v\\n%.0s' $(seq 100))" \
	"mcsh: s:6: $fake closed the connection without an answer: $closed
mcsh: s:9: 48 more commands, to line 150, had no answer: whether they were carried out is unknown\n"
fake_followed 'what one of two servers loses is reported once: with all that it was sent'

# The question whether a server speaks meta, after 256 commands that were pipelined.

many() {
	for i in $(seq 300); do
		echo "set k $i"
	done
}

# many_steps FROM TO, as a server that speaks no meta sees them.
many_steps() {
	for i in $(seq "$1" "$2"); do
		printf 'want set k 0 0 %d\\r\\n%d\\r\\n\nsend STORED\\r\\n\n' "${#i}" "$i"
	done
}

# opaque N, of the Nth meta command.
opaque() {
	opaque_number=$1
	set -- 0 1 2 3 4 5 6 7 8 9 A B C D E F G H I J K L M N O P Q R S T U V W X Y Z \
		a b c d e f g h i j k l m n o p q r s t u v w x y z
	shift "$opaque_number"
	printf '00%s' "$1"
}

# The question at the end whether answers are left over.
proof() {
	printf 'want version\\r\\n\nsend VERSION 1.6.12\\r\\n\n'
}

stored=$(printf 'STORED\\n%.0s' $(seq 300))
version='want version\r\n
send VERSION 1.6.12\r\n'
many >s

{
	echo accept
	many_steps 1 257
	printf '%s\n' "$version"
	printf 'want mn\\r\\n\nsend MN\\r\\n\n'
	for i in $(seq 258 300); do
		mark=$(opaque $((i - 257)))
		printf 'want ms k 3 O%s\\r\\n%d\\r\\n\nsend HD O%s\\r\\n\n' \
			"$mark" "$i" "$mark"
	done
	echo gone
} >steps
fake <steps
run "$MCSH" "$fake" -f s
ran 'a server that speaks meta is spoken to in it' 0 "$stored"
fake_followed 'a server that speaks meta is asked for it once'

{
	echo accept
	many_steps 1 257
	printf '%s\n' "$version"
	printf 'want mn\\r\\n\nsend ERROR\\r\\n\n'
	many_steps 258 300
	proof
	echo gone
} >steps
fake <steps
run "$MCSH" "$fake" -f s
ran 'a server that speaks no meta is spoken to in classic' 0 "$stored"
fake_followed 'a server that speaks no meta is asked once'

{
	echo accept
	many_steps 1 257
	printf '%s\n' "$version"
	printf 'want mn\\r\\n\nclose\naccept\n'
	many_steps 258 300
	proof
	echo gone
} >steps
fake <steps
run "$MCSH" "$fake" -f s
ran 'a proxy that closes on the question loses nothing' 0 "$stored"
fake_followed 'a proxy that closes on the question loses nothing: the question is not sent again'

# ElastiCache has 1.6.6, which answers mn and has another ms.
for old in 'VERSION 1.6.11' 'VERSION 1.5.22' 'VERSION 0.5.0' 'VERSION none' 'ERROR'; do
	{
		echo accept
		many_steps 1 257
		printf 'want version\\r\\n\nsend %s\\r\\n\n' "$old"
		many_steps 258 300
		proof
		echo gone
	} >steps
	fake <steps
	run "$MCSH" "$fake" -f s
	ran "$old is not asked for mn" 0 "$stored"
	fake_followed "$old is not asked for mn: is spoken to in classic words"
done

for how in '.set protocol classic' '.format wire'; do
	{
		echo accept
		many_steps 1 300
		proof
		echo gone
	} >steps
	fake <steps
	run "$MCSH" "$fake" -c "$how" -f s
	status_is "with $how: status 0" 0
	fake_followed "with $how: no server is asked for meta"
done

fake <<'END'
accept
want mg k f v\r\n
send VA 3 f7\r\nabc\r\n
want mg k f c v O001\r\n
send VA 3 c9 O001 f0\r\nabc\r\n
want ms k 1 F5 T60 ME O002\r\nv\r\n
send NS O002\r\n
want ms k 1 C9 O003\r\nv\r\n
send EX O003\r\n
want ma k D2 v O004\r\n
send VA 2 O004\r\n12\r\n
want ma k MD D3 v O005\r\n
send NF O005\r\n
want md k O006\r\n
send HD O006\r\n
want mg k T5 O007\r\n
send HD O007\r\n
want mg k T-1 O008\r\n
send EN O008\r\n
want mg k f v T60 O009\r\n
send VA 1 f0 O009\r\nv\r\n
want mg k f c v T0 O00A\r\n
send VA 1 f3 c12 O00A\r\nv\r\n
want version\r\n
send VERSION 1.6.18\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -c 'get k' -c 'gets k' -c 'add --flags 5 k v 60' \
	-c 'cas k v 9' -c 'incr k 2' -c 'decr k 3' -c 'delete k' -c 'touch k 5' -c 'touch -- k -1' \
	-c 'gat 60 k' -c 'gats 0 k' -c 'version'
ran '.set protocol meta speaks it from the start' 1 \
	'abc\nk\t9\tabc\nNOT_STORED\nEXISTS\n12\nNOT_FOUND\nDELETED\nTOUCHED\nNOT_FOUND\nv\nk\t12\tv\n1.6.18\n'
fake_followed '.set protocol meta: classic where a command has no meta form'

# Several keys: quiet, and a no-op whose answer is the end. Values are known by their keys.
fake <<'END'
accept
want mg a f v k q\r\nmg b f v k q\r\nmg c f v k q\r\nmn\r\n
send VA 1 f0 ka\r\n1\r\nVA 4 f0 kc\r\nMN\r\n\r\nMN\r\n
want mg a f c v T9 k q\r\nmg b f c v T9 k q\r\nmn\r\n
send VA 1 f0 c7 kb\r\n2\r\nMN\r\n
want mg a f v k q O001\r\nmg a f v k q O001\r\nmn\r\n
send VA 1 f0 ka O001\r\n3\r\nMN\r\n
want ms x 1 O001\r\n1\r\nms y 1 O002\r\n2\r\n
send HD O001\r\nHD O002\r\n
want md x O001\r\n
send HD O001\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -c 'get a b c' -c 'gats 9 a b' -c 'get_multi a a' \
	-c 'set_multi x 1 y 2' -c 'delete_multi x'
ran 'get of several keys in meta: values by their keys, up to MN' 1 'a\t1\nc\tMN\\r\\n\nb\t7\t2\na\t3\n'
fake_followed 'get of several keys in meta: a quiet mg each, and mn'

# several_keys NAME ERR ANSWER : what comes of `get a b` in meta when that answers it.
several_keys() {
	fake <<-END
		accept
		want mg a f v k q\\r\\nmg b f v k q\\r\\nmn\\r\\n
		send $3
		gone
	END
	run "$MCSH" "$fake" -c '.set protocol meta' -c 'get a b'
	ran "get a b in meta, $1: is an error" 4 '' "mcsh: $2: the connection is closed, the next command opens a new one; .trace on shows the bytes\n"
	fake_followed "get a b in meta, $1: closes the connection"
}
several_keys 'the value of another key' 'unexpected reply to get: "VA 1 f0 kc"' 'VA 1 f0 kc\r\n1\r\nMN\r\n'
several_keys 'a value without a key' 'unexpected reply to get: "VA 1 f0"' 'VA 1 f0\r\n1\r\nMN\r\n'
several_keys 'a miss that is not silent' 'unexpected reply to get: "EN"' 'EN\r\nMN\r\n'
several_keys 'an END' 'unexpected reply to get: "END"' 'END\r\n'

# An error ends the answer; what else comes is read up to the answer to a fence.
fake <<'END'
accept
want mg a f v k q\r\nmg b f v k q\r\nmn\r\n
send SERVER_ERROR out of memory\r\nVA 12 f0 kb\r\nVERSION 1\r\n1\r\nMN\r\n
want version\r\n
send VERSION 1\r\n
want get x\r\n
send END\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -c 'get a b' -c '.set protocol classic' -c 'get x'
ran 'get a b in meta: after an error the connection is of use' 3 '' "$(cat "$work/err")\n"
fake_followed 'get a b in meta: an error is followed by a fence'

fake <<'END'
accept
want mg k f v\r\n
send VA 3 f7 X W\r\nabc\r\n
want mg k f c v O001\r\n
send VA 0 Z c9 f0 O001\r\n\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -c 'get k' -c 'gets k'
ran 'an item that is stale, or is to be fetched again, is shown like any other' 0 'abc\nk\t9\t\n'
fake_followed 'an item that is stale, or is to be fetched again, is shown like any other: keeps the connection'

fake <<'END'
accept
want mg k f v\r\n
send VA x f0\r\nabc\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -c 'get k'
ran 'a meta answer that does not fit is an error' 4 '' "mcsh: unexpected reply to get: \"VA x f0\": the connection is closed, the next command opens a new one; .trace on shows the bytes\n"
fake_followed 'a meta answer that does not fit closes the connection'

misfit='the connection is closed, the next command opens a new one; .trace on shows the bytes'
memory='the server is short of memory for connections; look at stats: read_buf_oom, response_obj_oom'

# Gets that follow one another share a line, on a server that is known to be memcached.

sets_257=$(many | head -n 257)
steps_257=$(many_steps 1 257)

# joins NAME STATUS OUT ERR SCRIPT STEP... : what comes of SCRIPT after 257 sets, with these steps.
joins() {
	joins_name=$1 joins_status=$2 joins_out=$3 joins_err=$4
	printf "%s\n$5" "$sets_257" >s
	shift 5
	{
		printf 'accept\n%s\n%s\n' "$steps_257" "$version"
		printf 'want mn\\r\\n\nsend MN\\r\\n\n'
		printf '%s\n' "$@"
	} >steps
	fake <steps
	run "$MCSH" "$fake" -f s
	sed -i "s|$fake|SERVER|" "$work/err"
	sed 257q "$work/out" >"$work/sets"
	sed 1,257d "$work/out" >"$work/rest"
	mv "$work/rest" "$work/out"
	ran "$joins_name" "$joins_status" "$joins_out" "$joins_err"
	fake_followed "$joins_name: what was sent"
}
end='want version\r\n
send VERSION 1.6.18\r\n
gone'

joins 'gets go out on one line, and each has its own answer' 1 'A\nC\nA\n' '' \
	'get a\nget b\nget c\nget d\nget a\nget e\n' \
	'want get a b c d a e\r\n' 'send VALUE a 0 1\r\nA\r\nVALUE c 0 1\r\nC\r\nVALUE a 0 1\r\nA\r\nEND\r\n' gone
joins 'all gets of a line are misses' 1 '' '' 'get a\nget b\nget c\n' \
	'want get a b c\r\n' 'send END\r\n' gone
joins 'changes of other keys are sent before gets, answers keep their order' 0 'A\nSTORED\nB\n5\nA\n' '' \
	'get a\nset x 1\nget b\nincr n\nget a\n' \
	'want ms x 1 O001\r\n1\r\nincr n 1\r\nget a b a\r\n' \
	'send HD O001\r\n5\r\nVALUE a 0 1\r\nA\r\nVALUE b 0 1\r\nB\r\nVALUE a 0 1\r\nA\r\nEND\r\n' "$end"
joins 'values in another order are shown in that of the commands' 1 'B\nD\n' '' \
	'get a\nget b\nget c\nget d\n' 'want get a b c d\r\n' \
	'send VALUE d 0 1\r\nD\r\nVALUE b 0 1\r\nB\r\nEND\r\n' gone
joins 'a change of the same key goes between its gets' 0 'A\nB\nSTORED\nX\n' '' \
	'get a\nget b\nset a X\nget a\n' \
	'want get a b\r\nms a 1 O001\r\nX\r\nget a\r\n' \
	'send VALUE a 0 1\r\nA\r\nVALUE b 0 1\r\nB\r\nEND\r\nHD O001\r\nVALUE a 0 1\r\nX\r\nEND\r\n' "$end"
joins 'gets is a line of its own' 0 'A\nb\t7\tB\n' '' 'get a\ngets b\n' \
	'want get a\r\ngets b\r\n' \
	'send VALUE a 0 1\r\nA\r\nEND\r\nVALUE b 0 1 7\r\nB\r\nEND\r\n' "$end"
joins 'get and gets by turns: a line each, the longer one last' 0 'A\nb\t7\tB\nC\n' '' \
	'get a\ngets b\nget c\n' 'want gets b\r\nget a c\r\n' \
	'send VALUE b 0 1 7\r\nB\r\nEND\r\nVALUE a 0 1\r\nA\r\nVALUE c 0 1\r\nC\r\nEND\r\n' "$end"
joins 'a change of a key of gets goes after it, and after the gets before it' 0 'A\nb\t7\tB\nC\nSTORED\n' '' \
	'get a\ngets b\nget c\nset b X\n' 'want gets b\r\nget a c\r\nms b 1 O001\r\nX\r\n' \
	'send VALUE b 0 1 7\r\nB\r\nEND\r\nVALUE a 0 1\r\nA\r\nVALUE c 0 1\r\nC\r\nEND\r\nHD O001\r\n' gone
joins 'an error that comes before the gets that it was typed after: its words' 3 'A\nB\n' \
	"mcsh: s:259: incr n: CLIENT_ERROR cannot increment or decrement non-numeric value: incr and decr work on decimal digits alone, up to 64 bits without a sign; a client may have stored the number serialised\n" \
	'get a\nincr n\nget b\n' 'want incr n 1\r\nget a b\r\n' \
	'send CLIENT_ERROR cannot increment or decrement non-numeric value\r\nVALUE a 0 1\r\nA\r\nVALUE b 0 1\r\nB\r\nEND\r\n' "$end"
joins 'what wants no answer ends a line' 0 'A\nB\n' '' 'get a\nset --noreply x 1\nget b\n' \
	'want get a\r\nset x 0 0 1 noreply\r\n1\r\nversion\r\nget b\r\n' \
	'send VALUE a 0 1\r\nA\r\nEND\r\nVERSION 1.6.18\r\nVALUE b 0 1\r\nB\r\nEND\r\n' gone
joins 'a value that was not asked for is nobody'"'"'s' 4 'A\n' \
	"mcsh: s:259: unexpected reply to get: \"VALUE z 0 1\": $misfit
mcsh: s:260: 1 more command had no answer: whether it was carried out is unknown\n" \
	'get a\nget b\nget c\n' \
	'want get a b c\r\n' 'send VALUE a 0 1\r\nA\r\nVALUE z 0 1\r\nZ\r\nEND\r\n' gone
joins 'an error ends the line for all' 3 'A\n' \
	"mcsh: s:259: get b: SERVER_ERROR out of memory writing get response: $memory
mcsh: s:260: get c: SERVER_ERROR out of memory writing get response: $memory\n" \
	'get a\nget b\nget c\n' \
	'want get a b c\r\n' 'send VALUE a 0 1\r\nA\r\nSERVER_ERROR out of memory writing get response\r\n' \
	'want version\r\n' gone
joins 'a line that breaks off loses what did not come' 4 'A\n' \
	"mcsh: s:259: SERVER closed the connection in the middle of its answer: $closed
mcsh: s:260: 1 more command had no answer: whether it was carried out is unknown\n" \
	'get a\nget b\nget c\n' \
	'want get a b c\r\n' 'send VALUE a 0 1\r\nA\r\nVALUE b' close

# Answers that are left over: those before belonged to other commands.
printf 'set k0 v\nset k1 v\nincr n\nincr n\n' >s
unknown='whether every answer belongs to its command is unknown'
for rest in '8\r\n' 'STORED\r\n' 'VALUE k 0 1\r\nv\r\nEND\r\n'; do
	fake <<-END
		accept
		want set k0 0 0 1\r\nv\r\n
		send STORED\r\n
		want set k1 0 0 1\r\nv\r\nincr n 1\r\nincr n 1\r\n
		send STORED\r\n7\r\n7\r\n
		want version\r\n
		send ${rest}VERSION 1.6.18\r\n
		gone
	END
	run "$MCSH" "$fake" -f s
	ran "what is left over after a script is reported: $rest" 4 'STORED\nSTORED\n7\n7\n' \
		"mcsh: $fake sent something that was not asked for: $unknown\n"
	fake_followed "what is left over after a script is asked for by a fence: $rest"
done

fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send STORED\r\n
want set k1 0 0 1\r\nv\r\nincr n 1\r\nincr n 1\r\n
send STORED\r\n7\r\n7\r\n8\r\n
gone
END
run "$MCSH" "$fake" -f s
ran 'what is left over at once is reported' 4 'STORED\nSTORED\n7\n7\n' \
	"mcsh: $fake sent something that was not asked for: $unknown\n"
fake_followed 'what is left over at once ends the connection'

fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send STORED\r\n
want set k1 0 0 1\r\nv\r\nincr n 1\r\nincr n 1\r\n
send STORED\r\n7\r\n8\r\n
want version\r\n
send ERROR\r\n
gone
END
run "$MCSH" "$fake" -f s
ran 'a server that does not know the fence has nothing left over' 0 'STORED\nSTORED\n7\n8\n'
fake_followed 'a server that does not know the fence is left'

fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send STORED\r\n
want set k1 0 0 1\r\nv\r\nincr n 1\r\nincr n 1\r\n
send STORED\r\n7\r\n8\r\n
close
END
run "$MCSH" "$fake" -f s
ran 'a server that closes after the last answer has nothing left over' 0 'STORED\nSTORED\n7\n8\n'
fake_followed 'a server that closes after the last answer'

fake <<'END'
accept
want set k0 0 0 1\r\nv\r\n
send STORED\r\n
want set k1 0 0 1\r\nv\r\nincr n 1\r\nincr n 1\r\n
send STORED\r\n7\r\n8\r\n
want version\r\n
gone
END
run "$MCSH" "$fake" -f s
ran 'a fence without an answer after a script is reported' 4 'STORED\nSTORED\n7\n8\n' \
	"mcsh: $fake did not answer in time: $unknown\n"
fake_followed 'a fence without an answer after a script'

# The same effect, not only the same answer: what a refused ms would delete, and a token that mg would
# take, stay where they are, by default as with classic commands.
big() {
	head -c 1100000 /dev/zero >"$work/big"
	for i in $(seq 260); do
		echo "set w$i 1"
	done
	echo 'set k old'
}
for how in classic auto; do
	for refused in append prepend replace add cas; do
		last=
		[ $refused != cas ] || last=' 18446744073709551614'
		{ big; echo "$refused --file $work/big k$last"; echo 'get k'; } >s
		run_fresh 1 -c ".set protocol $how" -f s
		is "a refused $refused leaves the old value, $how" old "$(tail -n 1 "$work/out")"
	done
	{ big; echo "set --file $work/big k"; echo 'get k'; } >s
	run_fresh 1 -c ".set protocol $how" -f s
	status_is "a refused set does not, $how" 3
	is "a refused set does not leave the old value, $how" STORED "$(tail -n 1 "$work/out")"
	{ big; printf '%s\n' '.raw md k I' 'get k' 'gets k' '.raw mg k v'; } >s
	run_fresh 1 -c ".set protocol $how" -f s
	is "the token of a stale item is left to others, $how" "VA 3 X W" \
		"$(tail -n 2 "$work/out" | head -n 1)"
	{ big; printf '%s\n' 'set n 100' 'decr n' 'get n'; } >s
	run_fresh 1 --format=raw -c ".set protocol $how" -f s
	is "a number that gets shorter keeps its blank, $how" '99 |' "$(tail -c 3 "$work/out")|"
done

# Whose answer it is: one that is sent twice, or not at all, is noticed at once.
printf 'get a\nget a\nget b\nget c\nget d\n' >s
fake <<'END'
accept
want mg a f v\r\n
send VA 1 f0\r\na\r\n
want mg a f v O001\r\nmg b f v O002\r\nmg c f v O003\r\nmg d f v O004\r\n
send VA 1 f0 O001\r\na\r\nVA 1 f0 O001\r\na\r\nVA 1 f0 O002\r\nb\r\nVA 1 f0 O003\r\nc\r\nVA 1 f0 O004\r\nd\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -f s
ran 'a meta answer that is sent twice is not taken for the next one' 4 'a\na\n' \
	"mcsh: s:3: unexpected reply to get: \"VA 1 f0 O001\": $misfit\nmcsh: s:4: 2 more commands, to line 5, had no answer: whether they were carried out is unknown\n"
fake_followed 'a meta answer that is sent twice ends the connection'
fake <<'END'
accept
want mg a f v\r\n
send EN\r\n
want mg a f v O001\r\nmg b f v O002\r\nmg c f v O003\r\nmg d f v O004\r\n
send EN O001\r\nEN O003\r\nVA 1 f0 O004\r\nd\r\n
gone
END
run "$MCSH" "$fake" -c '.set protocol meta' -f s
ran 'a meta answer that is left out is noticed at the next one' 4 '' \
	"mcsh: s:3: unexpected reply to get: \"EN O003\": $misfit\nmcsh: s:4: 2 more commands, to line 5, had no answer: whether they were carried out is unknown\n"
fake_followed 'a meta answer that is left out ends the connection'

# The prefix counts: on a line that gets share a key is checked as it goes out.
start_memcached
{
	seq 300 | sed 's/^/get k/'
	printf 'get %060d\nget k1\n' 0
} >s
run "$MCSH" "$socket" --key-prefix="$(printf '%0200d' 0)" -f s
ran 'of gets that share a line one whose prefix makes it too long is refused alone' 2 '' \
	"mcsh: s:301: the key has 260 bytes: memcached takes 250 bytes at the most; shorten it or store under its hash\n"

# A script takes the memory of what is under way. Lines of gets, and answers that come before their
# turn, add little to it.
if ! sanitized; then
	awk 'BEGIN { for (i = 0; i < 100000; i++)
		print i % 20 == 1 ? "gets k" i % 9000 : i % 2 ? "get k" i % 9000 : "set k" i % 4999 " value" i }' >many
	printf '.set protocol classic\n' | cat - many >classic
	measure "$MCSH" "$socket" -f classic
	least=$resident
	measure "$MCSH" "$socket" -f many
	passes "a hundred thousand commands: little more memory with protocol auto ($resident KB, classic $least KB)" \
		[ "$least" -gt 0 -a "$resident" -lt $((least + 1200)) ]
fi

# The trace awaits each command, and what is pipelined after it is not traced.
{
	printf 'set k v\n.trace on\nget k\n.trace off\n'
	printf 'get k\n%.0s' $(seq 6000)
} >s
run "$MCSH" "$socket" -f s
err_is '.trace off in a script: nothing after it is traced' '> get k\\r\\n\n< VALUE k 0 1\\r\\n\n< v\\r\\n\n< END\\r\\n\n'

done_testing
