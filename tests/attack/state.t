#!/bin/sh
# What random commands leave on a server, as without mcsh: see effects.py. `make check-long` plays more.
. "${top_srcdir:?}/tests/lib/tap.sh"

passes 'random commands leave on a server what they stand for in the protocol' \
	/usr/bin/python3 "$top_srcdir/tests/attack/effects.py" --seed "${ATTACK_SEED:-1}" \
	--rounds "${ATTACK_ROUNDS:-10}" "$MCSH"
cat "$work/tap.got"

done_testing
