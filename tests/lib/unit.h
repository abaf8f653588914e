/*
 * What the unit tests share: cmocka with TAP output, and comparisons of bytes that show both sides
 * escaped when they differ. A test program is a list of TEST functions and one UNIT_MAIN:
 *
 *	TEST(adds_two_numbers)
 *	{
 *		assert_int_equal(1 + 1, 2);
 *	}
 *
 *	UNIT_MAIN(cmocka_unit_test(adds_two_numbers))
 */
#ifndef TESTS_LIB_UNIT_H
#define TESTS_LIB_UNIT_H

#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TEST(name) static void name(void **state __attribute__((unused)))

/* The program's main; it ends with status 0 when every test passed, else 1. The arguments are
 * cmocka_unit_test(...) entries. */
#define UNIT_MAIN(...)                                                                             \
	int main(void)                                                                             \
	{                                                                                          \
		const struct CMUnitTest tests[] = {__VA_ARGS__};                                   \
		cmocka_set_message_output(CM_OUTPUT_TAP);                                          \
		return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;                     \
	}

/* GOT and WANT are slices. */
#define assert_bytes(got, want) unit_same((got), (want), #got, __FILE__, __LINE__)

/* GOT is a slice, WANT a string literal, which may hold NUL bytes. */
#define assert_text(got, want) assert_bytes(got, SLICE(want))

/* Ends the running test as failed when the two differ; see the macros above. */
void unit_same(struct slice got, struct slice want, const char *expression, const char *file,
               int line);

#endif
