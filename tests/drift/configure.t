#!/bin/sh
# What configure decides, in a build directory with a blank in its name.
. "${top_srcdir:?}/tests/lib/tap.sh"
run_seconds=300

mkdir "$work/a build" && cd "$work/a build" || exit 99

# made VARIABLE: its value in the Makefile.
made() {
	sed -n "s/^$1 = *//p" Makefile
}

run "$top_srcdir/configure" CC="${CC:-cc}" LIBEDIT_CFLAGS=-DGIVEN LIBEDIT_LIBS=-ledit
status_is 'configure with a libedit of the user' 0
is 'configure with a libedit of the user links that one and no archive of the system' -ledit "$(made LIBEDIT_LIBS)"
is 'configure with a libedit of the user compiles for it' -DGIVEN "$(made LIBEDIT_CFLAGS)"
case " $(made AM_CFLAGS) " in
*' -Wformat-security '*) tap_ok 'formats that are no literals are warned of' ;;
*) tap_not_ok 'formats that are no literals are warned of' ;;
esac

echo '#include <sys/types.h>
#include <time.h>
_Static_assert(sizeof(off_t) >= 8 && sizeof(time_t) >= 8, "64 bits");' >wide.c
passes 'configure makes off_t and time_t 64 bits' ${CC:-cc} $(made LARGE_CPPFLAGS) -c -o wide.o wide.c

done_testing
