# A fake server for test scripts, beside tap.sh:
#
#	fake [--tcp] <<'END'      starts one that follows the steps on standard input, which
#	accept                    tests/lib/fake_server.py lists; its address is $fake
#	...
#	END
#	fake_followed NAME        waits for its end; one check: all went as the steps say

fake() {
	fake_serial=$((${fake_serial:-0} + 1))
	fake_place=$work/fake/$fake_serial
	fake=
	[ "$fake_serial" -gt 1 ] || fake_begin
	cat >"$fake_place.steps"
	echo "$fake_serial $*" >"$work/fake/ask"
	read -r fake <"$work/fake/ready"
	[ -n "$fake" ] || fake_bail_out
}

fake_begin() {
	mkdir "$work/fake"
	mkfifo "$work/fake/ask" "$work/fake/ready"
	/usr/bin/python3 -I -S "$top_srcdir/tests/lib/fake_server.py" "$work/fake" </dev/null 2>"$work/fake/log" &
	tap_servers="$tap_servers $!"
	timeout 10 grep -q asked "$work/fake/ready" || fake_bail_out
}

fake_bail_out() {
	echo 'Bail out! the fake server did not start'
	tap_show 'it printed' "$work/fake/log"
	exit 99
}

fake_followed() {
	read -r fake_status <"$fake_place.status"
	if [ "$fake_status" = 0 ]; then
		tap_ok "$1"
	else
		tap_not_ok "$1"
		tap_show 'the server said' "$fake_place.log"
	fi
}
