#!/bin/sh
# Makefile.am names every source, header and test of the tree, once, and each test's extension says
# its language.
. "${top_srcdir:?}/tests/lib/tap.sh"
cd "$top_srcdir" || exit 99

# Words of Makefile.am that are paths of such files, one a line; a unit test is named without its .c.
tr -s ' \t\\=' '\n' <Makefile.am | grep -E '^(src|tests|doc)/[^$*]*\.[a-z]+$' >"$work/named"
tr -s ' \t\\=' '\n' <Makefile.am | sed -n 's|^tests/unit/test_[a-z0-9_]*$|&.c|p' >>"$work/named"

# What the sources are compiled from, and what the tests run.
find src tests -type f \( -name '*.[ch]' -o -name '*.def' -o -name '*.inc' -o -name '*.tcl' -o -name '*.py' -o \
	-name '*.sh' -o -name '*.t' -o -name '*.exp' -o -name '*.tsv' \) | LC_ALL=C sort >"$work/there"
LC_ALL=C sort -u "$work/named" >"$work/listed"
is 'every source, header, test and helper is in Makefile.am' '' "$(comm -23 "$work/there" "$work/listed")"
is 'every file that Makefile.am names is there' '' \
	"$(while read -r file; do [ -f "$file" ] || echo "$file"; done <"$work/listed" | grep -v -e '^doc/completion/' -e '\.a$')"
passes 'sources, headers, tests and helpers are 300 or more' [ "$(wc -l <"$work/there")" -ge 300 ]

# A unit test with a _SOURCES of its own has its name there once more.
is 'Makefile.am has each file in one list' '' "$(grep -v -e '^tests/unit/' -e '^src/term/history\.c$' -e '\.a$' -e '^doc/' "$work/named" |
	LC_ALL=C sort | uniq -d)"

# make would run one of them for both.
is 'no two files beside each other differ by a test extension alone' '' \
	"$(sed -nE 's/^(tests.*)\.(t|exp|py)$/\1/p' "$work/there" | LC_ALL=C sort | uniq -d)"

# is_by_extension EXTENSION INTERPRETER
is_by_extension() {
	is "tests/*/*.$1 is for $2" '' "$(find tests -name "*.$1" -perm -100 | while read -r file; do
		head -n 1 "$file" | grep -q "^#!.*$2" || echo "$file"
	done)"
}
is_by_extension t /sh
is_by_extension exp expect
is_by_extension py python3

done_testing
