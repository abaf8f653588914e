# A fake server for test scripts, beside tap.sh:
#
#	fake [--tcp] <<'END'      starts one that follows the steps on standard input, which
#	accept                    tests/lib/fake_server.py lists; its address is $fake
#	...
#	END
#	fake_followed NAME        waits for its end; one check: all went as the steps say

fake() {
	fake_serial=$((${fake_serial:-0} + 1))
	cat >"$work/fake.steps"
	rm -f "$work/fake.ready"
	mkfifo "$work/fake.ready"
	python3 "$top_srcdir/tests/lib/fake_server.py" "$@" "$work/fake.$fake_serial" \
		<"$work/fake.steps" 2>"$work/fake.log" 3>"$work/fake.ready" &
	fake_pid=$!
	tap_servers="$tap_servers $fake_pid"
	fake=
	read -r fake <"$work/fake.ready"
	[ -n "$fake" ] && return
	echo 'Bail out! the fake server did not start'
	tap_show 'it printed' "$work/fake.log"
	exit 99
}

fake_followed() {
	fake_status=0
	wait "$fake_pid" || fake_status=$?
	if [ "$fake_status" = 0 ]; then
		tap_ok "$1"
	else
		tap_not_ok "$1"
		printf '# the server ended with status %s\n' "$fake_status"
		tap_show 'it said' "$work/fake.log"
	fi
}
