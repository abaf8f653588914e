#!/bin/sh
# Allocations that fail, one at a time: see fail_allocations.py. `make check-long` fails each of them.
. "${top_srcdir:?}/tests/lib/tap.sh"
start_memcached

passes 'memory that is out ends mcsh with a message, and no answer is lost' \
	/usr/bin/python3 "$top_srcdir/tests/attack/fail_allocations.py" --seed "${ATTACK_SEED:-1}" \
	--stride "${ATTACK_STRIDE:-5}" "$socket" "$MCSH"
cat "$work/tap.got"

done_testing
