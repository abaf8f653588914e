#!/bin/sh
# A small value that expands to a large one: every byte is shown in each format, in little memory.
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

done_testing
