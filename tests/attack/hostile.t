#!/bin/sh
# A server that cuts, repeats, leaves out, reorders, lies and never ends: see hostile.c. `make
# check-long` plays a million requests.
. "${top_srcdir:?}/tests/lib/tap.sh"

passes 'a hostile server: mcsh ends, in bounds, and shows no value under another key' \
	"$top_builddir/tests/attack/hostile" --seed "${ATTACK_SEED:-1}" \
	--exchanges "${ATTACK_EXCHANGES:-10000}" "$MCSH"
cat "$work/tap.got"

done_testing
