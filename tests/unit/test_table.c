#include "lib/unit.h"
#include "view/text/table.h"

static const struct table_column columns[] = {{"key", false}, {"bytes", true}, {"note", false}};

static void fill(struct table *t)
{
	table_cell(t, PAINT_KEY, SLICE("foo"));
	table_cell_str(t, PAINT_NUMBER, "12345678");
	table_cellf(t, PAINT_NONE, "%s, %d", "a \"b\"", 7);
	table_cell(t, PAINT_KEY, SLICE("k\xc3\xa9\tx\x1b"));
	table_cell(t, PAINT_NUMBER, SLICE("007"));
	table_cell(t, PAINT_NONE, SLICE(""));
}

static void render(struct buf *out, struct style style)
{
	struct table t;
	table_begin(&t, &style, out, ".keys", columns, 3);
	fill(&t);
	table_end(&t);
}

TEST(pretty_is_aligned_and_safe)
{
	struct buf out = BUF_INIT;
	render(&out, (struct style){.format = FORMAT_PRETTY, .columns = 80});
	assert_text(buf_slice(&out), "key         bytes  note\n"
	                             "foo      12345678  a \"b\", 7\n"
	                             "k\xc3\xa9\\tx\\e       007  -\n");
	buf_release(&out);
}

TEST(colours_surround_the_text_and_not_the_blanks)
{
	struct buf out = BUF_INIT;
	struct style style = {.format = FORMAT_PRETTY, .columns = 80, .color = true};
	struct table t;
	table_begin(&t, &style, &out, "x", columns, 2);
	table_cell_str(&t, PAINT_KEY, "a");
	table_cell_str(&t, PAINT_NUMBER, "1");
	table_end(&t);
	assert_text(buf_slice(&out), "\033[1mkey\033[0m  \033[1mbytes\033[0m\n"
	                             "\033[1ma\033[0m        \033[36m1\033[0m\n");
	buf_release(&out);
}

TEST(a_table_that_does_not_fit_stands_upright)
{
	static const char long_text[] = "the quick brown fox jumps over the lazy dog";
	struct buf out = BUF_INIT;
	struct style style = {.format = FORMAT_PRETTY, .columns = 40, .utf8 = true};
	struct table t;
	table_begin(&t, &style, &out, "x", columns, 3);
	table_cell_str(&t, PAINT_NONE, "short");
	table_cell_str(&t, PAINT_NONE, "18446744073709551615");
	table_cell_str(&t, PAINT_NONE, long_text);
	table_end(&t);
	assert_text(buf_slice(&out), "key    short\n"
	                             "bytes  18446744073709551615\n"
	                             "note   the quick brown fox jumps over\n"
	                             "       the lazy dog\n");
	buf_clear(&out);
	table_begin(&t, &style, &out, "x", columns, 3);
	for (int i = 0; i < 2; i++) {
		table_cell_str(&t, PAINT_NONE, "a key that is as long as half a line");
		table_cell_str(&t, PAINT_NONE, "7");
		table_cell_str(&t, PAINT_NONE, "");
	}
	table_end(&t);
	assert_text(buf_slice(&out), "key    a key that is as long as half a\n"
	                             "       line\n"
	                             "bytes  7\n"
	                             "note   -\n"
	                             "\n"
	                             "key    a key that is as long as half a\n"
	                             "       line\n"
	                             "bytes  7\n"
	                             "note   -\n");
	buf_release(&out);
}

TEST(the_text_of_the_last_column_is_broken_where_the_others_leave_room)
{
	struct buf out = BUF_INIT;
	struct style style = {.format = FORMAT_PRETTY, .columns = 40, .color = true};
	struct table t;
	table_begin(&t, &style, &out, "x", columns, 3);
	table_cell_str(&t, PAINT_NONE, "short");
	table_cell_str(&t, PAINT_NONE, "1234");
	table_cell_str(&t, PAINT_DIM, "the quick brown fox jumps over the lazy dog");
	table_end(&t);
	assert_text(buf_slice(&out),
	            "\033[1mkey\033[0m    \033[1mbytes\033[0m  \033[1mnote\033[0m\n"
	            "short   1234  \033[2mthe quick brown fox jumps\n"
	            "              over the lazy dog\033[0m\n");
	buf_release(&out);
}

TEST(plain_is_fields_and_tabs)
{
	struct buf out = BUF_INIT;
	static const enum format formats[] = {FORMAT_PLAIN, FORMAT_RAW, FORMAT_WIRE};
	for (size_t i = 0; i < 3; i++) {
		buf_clear(&out);
		render(&out, (struct style){.format = formats[i]});
		assert_text(buf_slice(&out), "foo\t12345678\ta \"b\", 7\n"
		                             "k\xc3\xa9\\tx\\e\t007\t\n");
	}
	buf_release(&out);
}

TEST(csv_has_a_header_and_quotes)
{
	struct buf out = BUF_INIT;
	render(&out, (struct style){.format = FORMAT_CSV});
	assert_text(buf_slice(&out), "key,bytes,note\n"
	                             "foo,12345678,\"a \"\"b\"\", 7\"\n"
	                             "k\xc3\xa9\\tx\\e,007,\n");
	buf_release(&out);
}

TEST(json_is_one_object_with_rows)
{
	struct buf out = BUF_INIT;
	render(&out, (struct style){.format = FORMAT_JSON});
	assert_text(buf_slice(&out),
	            "{\"command\":\".keys\",\"rows\":["
	            "{\"key\":\"foo\",\"bytes\":12345678,\"note\":\"a \\\"b\\\", 7\"},"
	            "{\"key\":\"k\xc3\xa9\\tx\\u001b\",\"bytes\":\"007\",\"note\":null}]}\n");
	buf_release(&out);
}

TEST(bytes_that_are_not_utf8_are_base64_in_json)
{
	struct buf out = BUF_INIT;
	struct style style = {.format = FORMAT_JSON};
	struct table t;
	table_begin(&t, &style, &out, "x", columns, 1);
	table_cell(&t, PAINT_NONE, SLICE("\xff"));
	table_end(&t);
	assert_text(buf_slice(&out),
	            "{\"command\":\"x\",\"rows\":[{\"key\":{\"base64\":\"/w==\"}}]}\n");
	buf_release(&out);
}

TEST(no_rows)
{
	static const struct {
		enum format format;
		const char *want;
	} cases[] = {{FORMAT_PRETTY, ""},
	             {FORMAT_PLAIN, ""},
	             {FORMAT_CSV, "key,bytes,note\n"},
	             {FORMAT_JSON, "{\"command\":\"x\",\"rows\":[]}\n"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = BUF_INIT;
		struct style style = {.format = cases[i].format, .columns = 80};
		struct table t;
		table_begin(&t, &style, &out, "x", columns, 3);
		table_end(&t);
		assert_bytes(buf_slice(&out), slice_str(cases[i].want));
		buf_release(&out);
	}
}

TEST(a_row_that_was_begun_is_filled_up)
{
	struct buf out = BUF_INIT;
	struct style style = {.format = FORMAT_PLAIN};
	struct table t;
	table_begin(&t, &style, &out, "x", columns, 3);
	table_cell_str(&t, PAINT_NONE, "a");
	table_end(&t);
	assert_text(buf_slice(&out), "a\t\t\n");
	buf_release(&out);
}

UNIT_MAIN(cmocka_unit_test(pretty_is_aligned_and_safe),
          cmocka_unit_test(colours_surround_the_text_and_not_the_blanks),
          cmocka_unit_test(a_table_that_does_not_fit_stands_upright),
          cmocka_unit_test(the_text_of_the_last_column_is_broken_where_the_others_leave_room),
          cmocka_unit_test(plain_is_fields_and_tabs), cmocka_unit_test(csv_has_a_header_and_quotes),
          cmocka_unit_test(json_is_one_object_with_rows),
          cmocka_unit_test(bytes_that_are_not_utf8_are_base64_in_json), cmocka_unit_test(no_rows),
          cmocka_unit_test(a_row_that_was_begun_is_filled_up))
