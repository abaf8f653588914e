#!/bin/sh
# A small value that expands to a large one: every byte is shown in each format, in little memory.
# And servers that all send a large value at once, and none of them to its end.
. "${top_srcdir:?}/tests/lib/tap.sh"

start_memcached

# A value of 64 KB that expands to 64 MiB, read from it: what goes out is not kept. It is in memory
# once, not twice.
perl -MIO::Compress::Deflate=deflate -e '
	my $text = "ab\"\n" x (1 << 24);
	deflate(\$text => \$out); print $out' >"$work/bomb"
bomb_hash=$(perl -e 'print "ab\"\n" x (1 << 24)' | cksum)
run "$MCSH" "$socket" -c "set --flags 24 --file $work/bomb bomb"
small() {
	small_name=$1
	shift
	measure "$MCSH" "$socket" --profile "$@"
	resident_is_below "$1: $small_name: memory" 100
}
for profile in auto python-memcached; do
	small 'a long expansion in plain' $profile --format=plain -c 'get bomb'
	status_is "$profile: a long expansion in plain" 0
	is "$profile: every byte of it in plain" "$bomb_hash" "$(head -c 67108864 "$work/out" | cksum)"
	small 'a long expansion in pretty' $profile --format=pretty -c 'get bomb'
	status_is "$profile: a long expansion in pretty" 0
	small 'a long expansion into a file' $profile -c "get bomb > $work/bytes"
	status_is "$profile: a long expansion into a file" 0
	is "$profile: every byte of it in a file" "$bomb_hash" "$(cksum <"$work/bytes")"
	small 'a long expansion in csv' $profile --format=csv -c 'get bomb'
	status_is "$profile: a long expansion in csv" 0
	is "$profile: every byte of it in csv" "$bomb_hash" "$(/usr/bin/python3 -c '
import csv, sys
csv.field_size_limit(1 << 30)
rows = list(csv.reader(open(sys.argv[1], newline="")))
sys.stdout.write(rows[1][3])' "$work/out" | cksum)"
	for format in plain pretty csv json; do
		small "a card of a long expansion in $format" $profile --format=$format -c '.peek bomb'
		status_is "$profile: a card of a long expansion in $format" 0
	done
	small 'a search of a long expansion' $profile --timeout=60s -c '.grep -F nosuch'
	status_is "$profile: a search of a long expansion" 1
	small 'long expansions in json' $profile --format=json -c 'get bomb bomb none' -c 'get none'
	status_is "$profile: long expansions in json" 1
	is "$profile: every byte of them in json" "$bomb_hash
get negative 2 none
get negative 0 none" "$(/usr/bin/python3 -c '
import json, sys
answers = [json.loads(line) for line in open(sys.argv[1])]
values = answers[0]["values"]
assert all(value["decoded"] == values[0]["decoded"] for value in values)
sys.stdout.write(values[0]["decoded"])' "$work/out" | cksum
/usr/bin/python3 -c '
import json, sys
for line in open(sys.argv[1]):
    a = json.loads(line)
    print(a["command"], a["status"], len(a["values"]), *a["missing"])' "$work/out")"
done

cat >"$work/unfinished.py" <<'END'
import socket, sys, threading

def serve(listener):
    peer = listener.accept()[0]
    key = peer.recv(65536).split()[1]
    try:
        peer.sendall(b"VALUE " + key + b" 0 40000000\r\n" + bytes(39999999))
        peer.recv(1)
    except OSError:
        pass

for path in sys.argv[1:]:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    threading.Thread(target=serve, args=[listener], daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
END
mkfifo "$work/open" "$work/ready"
many=
for i in 1 2 3 4 5 6; do
	many="$many $work/many.$i"
done
/usr/bin/python3 "$work/unfinished.py" $many <"$work/open" >"$work/ready" &
exec 8>"$work/open"
read -r _ <"$work/ready"
keys=$(seq 60)
measure "$MCSH" --timeout=500ms $many -c "get $(echo $keys)"
status_is 'six servers that do not finish a value of 40 MB' 4
is 'six servers that do not finish a value of 40 MB: none answered in time' 6 \
	"$(grep -c 'did not answer in time' "$work/err")"
resident_is_below 'six servers that do not finish a value of 40 MB: memory' 100
exec 8>&-

done_testing
