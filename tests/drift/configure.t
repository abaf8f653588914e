#!/bin/sh
# What configure decides, in a build directory with a blank in its name.
. "${top_srcdir:?}/tests/lib/tap.sh"
run_seconds=300

mkdir "$work/a build" && cd "$work/a build" || exit 99

# made VARIABLE: its value in the Makefile.
made() {
	sed -n "s/^$1 = *//p" Makefile
}

run "$top_srcdir/configure" CC="${CC:-cc}" ZLIB_LIBS=-lz UTF8PROC_LIBS=-lutf8proc
status_is 'configure with a zlib of the user' 0
is 'configure with a zlib of the user links that one and no archive of the system' -lz "$(made ZLIB_LIBS)"
is 'configure with a utf8proc of the user links that one' -lutf8proc "$(made UTF8PROC_LIBS)"

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

# mcsh does not link libm. An optimizing compiler hides what needs it on machines with instructions
# for floor and the like; on others, as armhf, and with CFLAGS=-O0 the link fails.
# exported LIBRARY: the names that it has.
exported() {
	nm -D --defined-only "$(${CC:-cc} -print-file-name="$1")" | sed 's/.* //; s/@.*//' | sort -u
}
exported libm.so.6 >libm && exported libc.so.6 >libc && comm -23 libm libc >only_libm
is 'libm has floor' floor "$(grep -x floor only_libm)"
objects=$(cd "$top_srcdir" && grep -rl --include='*.c' '<math\.h>' src | sed 's/c$/o/')
passes 'sources that use math.h compile without optimization' make -s CFLAGS=-O0 $objects
is 'no source needs libm' '' "$(nm -u $objects | sed 's/.* //' | sort -u | comm -12 - only_libm)"

done_testing
