# The macros that configure.ac uses and nobody else provides.

# MCSH_PROBE_CFLAGS(VARIABLE, FLAGS...)
# Appends to VARIABLE those compiler flags, one by one, that the compiler takes without a warning
# (hence -Werror: clang only warns about flags that it does not know). Those that VARIABLE has by
# then are given, too: gcc warns about -Wformat-security without -Wformat, which is in -Wall.
AC_DEFUN([MCSH_PROBE_CFLAGS], [
  AC_LANG_ASSERT([C])
  m4_foreach_w([mcsh_flag], [$2], [
    AS_VAR_PUSHDEF([mcsh_cache], [mcsh_cv_cflag_]mcsh_flag)
    AC_CACHE_CHECK([whether $CC accepts mcsh_flag], [mcsh_cache], [
      mcsh_saved_CFLAGS=$CFLAGS
      CFLAGS="$CFLAGS $$1 -Werror mcsh_flag"
      AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
        [AS_VAR_SET([mcsh_cache], [yes])], [AS_VAR_SET([mcsh_cache], [no])])
      CFLAGS=$mcsh_saved_CFLAGS
    ])
    AS_VAR_IF([mcsh_cache], [yes], [AS_VAR_APPEND([$1], [" mcsh_flag"])])
    AS_VAR_POPDEF([mcsh_cache])
  ])
])

# MCSH_PROBE_LDFLAGS(VARIABLE, FLAGS...)
# The same for flags of the link step.
AC_DEFUN([MCSH_PROBE_LDFLAGS], [
  AC_LANG_ASSERT([C])
  m4_foreach_w([mcsh_flag], [$2], [
    AS_VAR_PUSHDEF([mcsh_cache], [mcsh_cv_ldflag_]mcsh_flag)
    AC_CACHE_CHECK([whether $CC links with mcsh_flag], [mcsh_cache], [
      mcsh_saved_LDFLAGS=$LDFLAGS
      LDFLAGS="$LDFLAGS $$1 mcsh_flag"
      AC_LINK_IFELSE([AC_LANG_PROGRAM()],
        [AS_VAR_SET([mcsh_cache], [yes])], [AS_VAR_SET([mcsh_cache], [no])])
      LDFLAGS=$mcsh_saved_LDFLAGS
    ])
    AS_VAR_IF([mcsh_cache], [yes], [AS_VAR_APPEND([$1], [" mcsh_flag"])])
    AS_VAR_POPDEF([mcsh_cache])
  ])
])

# MCSH_64BIT_FILES_AND_TIME
# Sets LARGE_CPPFLAGS to what makes off_t and time_t 64 bits wide where they are not from the start:
# dumps above 2 GiB, and expiry times after 2038, on 32-bit machines. They go on the command line,
# not into config.h, because every file must agree. (AC_SYS_YEAR2038 needs Autoconf 2.72.)
AC_DEFUN([MCSH_64BIT_FILES_AND_TIME], [
  AC_CACHE_CHECK([for what makes off_t and time_t 64 bits wide], [mcsh_cv_large], [
    mcsh_cv_large=unknown
    mcsh_saved_CPPFLAGS=$CPPFLAGS
    for mcsh_large in '' '-D_FILE_OFFSET_BITS=64' '-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64'; do
      CPPFLAGS="$mcsh_saved_CPPFLAGS $mcsh_large"
      AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
        #include <sys/types.h>
        #include <time.h>
      ]], [[
        static int wide[sizeof(off_t) >= 8 && sizeof(time_t) >= 8 ? 1 : -1];
        return wide[0];
      ]])], [
        mcsh_cv_large=${mcsh_large:-none needed}
        break
      ])
    done
    CPPFLAGS=$mcsh_saved_CPPFLAGS
  ])
  LARGE_CPPFLAGS=
  AS_CASE([$mcsh_cv_large],
    ['none needed'], [],
    [unknown], [
      LARGE_CPPFLAGS='-D_FILE_OFFSET_BITS=64'
      AC_MSG_WARN([time_t has 32 bits here: expiry times after January 2038 cannot be shown as dates])
    ],
    [LARGE_CPPFLAGS=$mcsh_cv_large])
  AC_SUBST([LARGE_CPPFLAGS])
])

# MCSH_SANITIZER
# MCSH_PACK_RELOCATIONS
# Adds to AM_LDFLAGS what lists pointers in a few words (DT_RELR): thousands of them in tables, which
# are put right at each start. A C library before glibc 2.36 does not start such a program, and a
# linker that does not know it only warns: so one has to run.
AC_DEFUN([MCSH_PACK_RELOCATIONS], [
  AC_CACHE_CHECK([whether programs with packed relocations start], [mcsh_cv_pack_relocations], [
    mcsh_saved_LDFLAGS=$LDFLAGS
    LDFLAGS="$LDFLAGS -Wl,-z,pack-relative-relocs -Wl,--fatal-warnings"
    AC_RUN_IFELSE([AC_LANG_PROGRAM([[static const char *const table[] = {"a", "b"};]],
        [[return table[1][0] != 'b';]])],
      [mcsh_cv_pack_relocations=yes], [mcsh_cv_pack_relocations=no],
      [mcsh_cv_pack_relocations=no])
    LDFLAGS=$mcsh_saved_LDFLAGS
  ])
  AS_IF([test "$mcsh_cv_pack_relocations" = yes],
    [AS_VAR_APPEND([AM_LDFLAGS], [" -Wl,-z,pack-relative-relocs"])])
])

# --with-sanitizer=LIST, the list as -fsanitize takes it. What was asked for and does not link is
# an error: a check that silently checks nothing is worse than none.
AC_DEFUN([MCSH_SANITIZER], [
  AC_ARG_WITH([sanitizer],
    [AS_HELP_STRING([--with-sanitizer=LIST],
      [build with sanitizers: address,undefined or thread])],
    [], [with_sanitizer=no])
  AS_CASE([$with_sanitizer],
    [no], [],
    [yes|''], [AC_MSG_ERROR([--with-sanitizer needs a list: --with-sanitizer=address,undefined])],
    [
      mcsh_sanitize="-fsanitize=$with_sanitizer -fno-sanitize-recover=all -fno-omit-frame-pointer"
      AC_MSG_CHECKING([whether $CC links with -fsanitize=$with_sanitizer])
      mcsh_saved_CFLAGS=$CFLAGS
      CFLAGS="$CFLAGS $mcsh_sanitize"
      AC_LINK_IFELSE([AC_LANG_PROGRAM()], [mcsh_links=yes], [mcsh_links=no])
      CFLAGS=$mcsh_saved_CFLAGS
      AC_MSG_RESULT([$mcsh_links])
      AS_IF([test "$mcsh_links" = no],
        [AC_MSG_ERROR([$CC cannot build with -fsanitize=$with_sanitizer: install the sanitizer's library or leave --with-sanitizer out])])
      AS_VAR_APPEND([AM_CFLAGS], [" $mcsh_sanitize"])
      AS_VAR_APPEND([AM_LDFLAGS], [" -fsanitize=$with_sanitizer"])
    ])
])

# MCSH_STATIC_LIBEDIT
# Replaces LIBEDIT_LIBS by the static archives of libedit and of what it needs. Loading and
# relocating these shared libraries is most of what a short run of mcsh would cost. --with-static-libedit asks
# for it (and fails when it cannot be had), --without-static-libedit keeps the shared library; by
# default the archives are used where they link. A LIBEDIT_LIBS that the user gave (then in
# mcsh_given_LIBEDIT) stays as it is: which libedit it is to be is decided.
AC_DEFUN([MCSH_STATIC_LIBEDIT], [
  AC_ARG_WITH([static-libedit],
    [AS_HELP_STRING([--with-static-libedit],
      [link libedit from its static archive @<:@where it links@:>@])],
    [], [with_static_libedit=auto])
  mcsh_static_libedit=no
  AS_IF([test -n "$mcsh_given_LIBEDIT"], [
    AS_IF([test "$with_static_libedit" = yes],
      [AC_MSG_ERROR([LIBEDIT_LIBS says which libedit to link: leave --with-static-libedit out, or name the archives there])])
    with_static_libedit=no
  ])
  AS_IF([test "$with_static_libedit" != no], [
    AC_MSG_CHECKING([for a static libedit])
    mcsh_saved_LIBS=$LIBS
    for mcsh_needs in '-ltinfo -lbsd -lmd' '-ltinfo -lbsd' '-ltinfo' '-lncursesw -lbsd -lmd' '-lncursesw'; do
      mcsh_static="-Wl,-Bstatic -ledit $mcsh_needs -Wl,-Bdynamic"
      LIBS="$mcsh_static $mcsh_saved_LIBS"
      AC_LINK_IFELSE([AC_LANG_PROGRAM([[
        #include <stdio.h>
        #include <histedit.h>
      ]], [[
        EditLine *e = el_init("mcsh", stdin, stdout, stderr);
        History *h = history_init();
        int n;
        return e && h && el_gets(e, &n) != NULL;
      ]])], [mcsh_static_libedit=yes])
      AS_IF([test "$mcsh_static_libedit" = yes], [
        LIBEDIT_LIBS=$mcsh_static
        break
      ])
    done
    LIBS=$mcsh_saved_LIBS
    AC_MSG_RESULT([$mcsh_static_libedit])
    AS_IF([test "$with_static_libedit:$mcsh_static_libedit" = yes:no],
      [AC_MSG_ERROR([libedit does not link statically: install libedit.a and the archives it needs, or leave --with-static-libedit out])])
  ])
])

# MCSH_STATIC_LIB(NAME, INCLUDES, STATEMENT)
# Replaces NAME_LIBS by the static archive, as MCSH_STATIC_LIBEDIT does and where it did, when a
# program with STATEMENT links that way. NAME_LIBS that the user gave (mcsh_given_NAME) stay.
AC_DEFUN([MCSH_STATIC_LIB], [
  AS_IF([test "$mcsh_static_libedit" = yes && test -z "$mcsh_given_$1"], [
    AC_MSG_CHECKING([for a static $1])
    mcsh_static="-Wl,-Bstatic $[]$1[]_LIBS -Wl,-Bdynamic"
    mcsh_static_lib=no
    mcsh_saved_LIBS=$LIBS
    LIBS="$mcsh_static $LIBS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[$2]], [[$3;]])], [
      mcsh_static_lib=yes
      $1[]_LIBS=$mcsh_static
    ])
    LIBS=$mcsh_saved_LIBS
    AC_MSG_RESULT([$mcsh_static_lib])
  ])
])
