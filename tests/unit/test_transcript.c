#include "lib/unit.h"
#include "shell/replay/transcript.h"

/* What is written is read back as the same: a command and its output. */
static void check_round(struct slice output, const char *want)
{
	struct buf text = BUF_INIT, back = BUF_INIT;
	struct transcript t = {0};
	struct error error = {.what = ""};
	transcript_add_command(&text, SLICE("get a"));
	size_t from = text.len;
	transcript_add_output(&text, output, false);
	assert_bytes(slice_skip(buf_slice(&text), from), slice_str(want));
	transcript_add_command(&text, SLICE("get b"));
	assert_true(transcript_read(&t, buf_slice(&text), &error));
	assert_int_equal(t.count, 2);
	for (size_t i = 0; i < t.steps[0].outputs_n; i++) {
		struct buf arena = BUF_INIT;
		struct output_line line = output_line_read(t.outputs.list[i], &arena);
		assert_false(line.regex);
		buf_add_slice(&back, line.text);
		if (!line.open)
			buf_add_char(&back, '\n');
		buf_release(&arena);
	}
	assert_bytes(buf_slice(&back), output);
	transcript_release(&t);
	buf_release(&text);
	buf_release(&back);
}

TEST(output_is_text_as_it_is)
{
	check_round(SLICE(""), "");
	check_round(SLICE("bar\n"), "bar\n");
	check_round(SLICE("a\tb\n\nc \\n \"d\" é\n"), "a\tb\n\nc \\n \"d\" é\n");
	check_round(SLICE("> get a\\r\\n\n"), "> get a\\r\\n\n");
	check_round(SLICE("\n\na\n"), "\n\na\n");
}

TEST(what_could_be_taken_for_something_else_is_escaped)
{
	check_round(SLICE("mcsh> get a\n"), "\\x6dcsh> get a (esc)\n");
	check_round(SLICE("mcsh>\n"), "\\x6dcsh> (esc)\n");
	check_round(SLICE("...> a\n"), "\\x2e..> a (esc)\n");
	check_round(SLICE("# a\n"), "\\x23 a (esc)\n");
	check_round(SLICE("a<any>\\\n"), "a<any>\\\\ (esc)\n");
	check_round(SLICE("a (re)\nb (esc)\nc (no-eol)\n"),
	            "a (re) (esc)\nb (esc) (esc)\nc (no-eol) (esc)\n");
	check_round(SLICE("a\n\n\n"), "a\n (esc)\n (esc)\n");
	check_round(SLICE("a \nb\t\n"), "a\\x20 (esc)\nb\\t (esc)\n");
	check_round(SLICE(" \n"), "\\x20 (esc)\n");
	check_round(SLICE("\033[31m\xff\0\r\n"), "\\e[31m\\xff\\0\\r (esc)\n");
}

TEST(a_last_line_may_be_open)
{
	check_round(SLICE("bar"), "bar (no-eol)\n");
	check_round(SLICE("a\n# b"), "a\n\\x23 b (esc) (no-eol)\n");
	check_round(SLICE("a (no-eol)"), "a (no-eol) (esc) (no-eol)\n");
}

TEST(what_was_cut_ends_in_any)
{
	struct buf out = BUF_INIT;
	transcript_add_output(&out, SLICE("one\ntwo\nthr"), true);
	transcript_add_output(&out, SLICE("thr"), true);
	assert_text(buf_slice(&out), "one\ntwo\n<any>\n<any>\n");
	buf_release(&out);
}

TEST(commands_span_lines)
{
	struct buf out = BUF_INIT;
	transcript_add_command(&out, SLICE("set a 'b\n\n c'"));
	assert_text(buf_slice(&out), "mcsh> set a 'b\n...> \n...>  c'\n");
	/* An editor may have taken the blank after a prompt away. */
	struct slice text = SLICE("mcsh> set a 'b\n...>\n...>  c'\nmcsh>\n");
	struct transcript t = {0};
	struct error error;
	assert_true(transcript_read(&t, text, &error));
	assert_int_equal(t.count, 2);
	assert_text(t.steps[0].command, "set a 'b\n\n c'");
	assert_text(t.steps[1].command, "");
	transcript_release(&t);
	buf_release(&out);
}

TEST(comments_and_blank_lines_are_no_output)
{
	struct transcript t = {0};
	struct error error;
	assert_true(transcript_read(&t,
	                            SLICE("# mcsh transcript 1 format=raw  columns=90 \n\n# one\n"
	                                  "mcsh> get a\n\nx\n\ny\n\n# two\n\nmcsh> get b\nz\n\n"),
	                            &error));
	assert_text(t.settings, "format=raw  columns=90");
	assert_int_equal(t.count, 2);
	assert_int_equal(t.steps[0].line, 3);
	assert_int_equal(t.steps[0].body, 4);
	assert_int_equal(t.steps[0].end, 11);
	assert_int_equal(t.steps[0].outputs_n, 4);
	assert_text(t.outputs.list[0], "");
	assert_text(t.outputs.list[1], "x");
	assert_text(t.outputs.list[2], "");
	assert_text(t.outputs.list[3], "y");
	assert_int_equal(t.steps[1].outputs, 4);
	assert_int_equal(t.steps[1].outputs_n, 1);
	assert_text(t.outputs.list[4], "z");
	transcript_release(&t);
}

TEST(what_cannot_be_read_is_told)
{
	static const struct {
		const char *text, *what;
	} cases[] = {
	    {"\nSTORED\n", "line 2 is output, and no command is before it"},
	    {"...> a\n", "line 1 is output, and no command is before it"},
	    {"# mcsh transcript 2\n",
	     "line 1 is the header of a transcript that this mcsh does not know"},
	    {"# mcsh transcript 11\n",
	     "line 1 is the header of a transcript that this mcsh does not know"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct transcript t = {0};
		struct error error;
		assert_false(transcript_read(&t, slice_str(cases[i].text), &error));
		assert_string_equal(error.what, cases[i].what);
		transcript_release(&t);
	}
}

TEST(suffixes_are_read_in_their_order)
{
	static const struct {
		const char *line, *text;
		bool regex, escaped, open;
	} cases[] = {
	    {"a.* (re)", "a.*", true, false, false},
	    {"a.* (re) (no-eol)", "a.*", true, false, true},
	    {"a\\x41\\q (esc)", "aA\\q", false, true, false},
	    {"(re)", "(re)", false, false, false},
	    {"a(re)", "a(re)", false, false, false},
	    {"a (re) (esc)", "a (re)", false, true, false},
	    {"a\\", "a\\", false, false, false},
	    {"a\\ (esc)", "a\\", false, true, false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf arena = BUF_INIT;
		struct output_line line = output_line_read(slice_str(cases[i].line), &arena);
		assert_bytes(line.text, slice_str(cases[i].text));
		assert_int_equal(line.regex, cases[i].regex);
		assert_int_equal(line.escaped, cases[i].escaped);
		assert_int_equal(line.open, cases[i].open);
		buf_release(&arena);
	}
}

UNIT_MAIN(cmocka_unit_test(output_is_text_as_it_is),
          cmocka_unit_test(what_could_be_taken_for_something_else_is_escaped),
          cmocka_unit_test(a_last_line_may_be_open), cmocka_unit_test(what_was_cut_ends_in_any),
          cmocka_unit_test(commands_span_lines),
          cmocka_unit_test(comments_and_blank_lines_are_no_output),
          cmocka_unit_test(what_cannot_be_read_is_told),
          cmocka_unit_test(suffixes_are_read_in_their_order))
