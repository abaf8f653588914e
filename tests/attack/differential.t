#!/bin/sh
# Random commands through mcsh and by a plain socket, byte for byte: see compare.py. `make
# check-long` plays a hundred thousand.
. "${top_srcdir:?}/tests/lib/tap.sh"

passes 'random commands are answered as without mcsh' \
	/usr/bin/python3 "$top_srcdir/tests/attack/compare.py" --seed "${ATTACK_SEED:-1}" \
	--commands "${ATTACK_COMMANDS:-3200}" "$MCSH"
cat "$work/tap.got"

done_testing
