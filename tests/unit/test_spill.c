#include "base/spill.h"
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

static void add(struct spill *s, unsigned n)
{
	struct error error;
	char text[64];
	int length = snprintf(text, sizeof(text), "record %u%.*s", n, (int)(n % 30),
	                      "..............................");
	assert_true(spill_add(s, slice_of(text, (size_t)length), &error));
}

static void take(struct spill *s, unsigned n)
{
	struct error error;
	struct slice record;
	char text[64];
	int length = snprintf(text, sizeof(text), "record %u%.*s", n, (int)(n % 30),
	                      "..............................");
	assert_true(spill_take(s, &record, &error));
	assert_bytes(record, slice_of(text, (size_t)length));
}

TEST(first_in_first_out)
{
	struct spill s;
	struct error error;
	struct slice record;
	spill_init(&s, 5000);
	assert_true(spill_take(&s, &record, &error));
	assert_null(record.data);
	for (unsigned i = 0; i < 10; i++)
		add(&s, i);
	assert_int_equal(s.count, 10);
	for (unsigned i = 0; i < 10; i++)
		take(&s, i);
	assert_true(spill_take(&s, &record, &error));
	assert_null(record.data);
	assert_int_equal(s.fd, -1);
	spill_release(&s);
}

/* Whoever keeps up never needs the file, however much goes through. */
TEST(no_file_while_it_is_kept_up_with)
{
	struct spill s;
	spill_init(&s, 5000);
	for (unsigned i = 0; i < 100000; i++) {
		add(&s, i);
		take(&s, i);
	}
	assert_int_equal(s.fd, -1);
	spill_release(&s);
}

TEST(more_than_memory_holds)
{
	struct spill s;
	unsigned in = 0, out = 0;
	spill_init(&s, 5000);
	while (in < 10000)
		add(&s, in++);
	assert_true(s.fd >= 0);
	assert_true(s.head.cap + s.tail.cap < 40000);
	/* Both at once, the one faster than the other. */
	while (out < in) {
		for (int i = 0; i < 3; i++)
			take(&s, out++);
		if (in < 20000) {
			add(&s, in++);
			add(&s, in++);
		}
		if (in - out < 3)
			break;
	}
	while (out < in)
		take(&s, out++);
	assert_int_equal(s.count, 0);
	/* The file begins again. */
	assert_int_equal(s.written, 0);
	while (in < 30000)
		add(&s, in++);
	while (out < in)
		take(&s, out++);
	spill_release(&s);
}

TEST(a_file_that_cannot_be_made)
{
	struct spill s;
	struct error error = {.what = ""};
	char record[1000] = {0};
	bool ok = true;
	setenv("TMPDIR", "/nonexistent/directory", 1);
	spill_init(&s, 5000);
	for (int i = 0; ok && i < 20; i++)
		ok = spill_add(&s, slice_of(record, sizeof(record)), &error);
	assert_false(ok);
	assert_string_equal(error.what,
	                    "cannot make the temporary file: No such file or directory");
	spill_release(&s);
	unsetenv("TMPDIR");
}

UNIT_MAIN(cmocka_unit_test(first_in_first_out), cmocka_unit_test(no_file_while_it_is_kept_up_with),
          cmocka_unit_test(more_than_memory_holds), cmocka_unit_test(a_file_that_cannot_be_made))
