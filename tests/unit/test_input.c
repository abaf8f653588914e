#include "lib/unit.h"
#include "shell/io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Reads a line; it must be there and be TEXT. */
static void reads(struct input *in, struct slice text)
{
	struct buf line = BUF_INIT;
	assert_int_equal(input_read(in, false, &line), INPUT_LINE);
	assert_bytes(buf_slice(&line), text);
	buf_release(&line);
}

static void ends(struct input *in)
{
	struct buf line = BUF_INIT;
	assert_int_equal(input_read(in, false, &line), INPUT_END);
	assert_int_equal(line.len, 0);
	buf_release(&line);
	input_free(in);
}

/* A pipe: the reading end as an input, the writing end in *WRITER. */
static struct input *piped(int *writer)
{
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	*writer = fds[1];
	return input_descriptor("pipe", fds[0]);
}

static void put(int fd, struct slice text)
{
	assert_int_equal(write(fd, text.data, text.len), text.len);
}

TEST(a_string_is_lines)
{
	struct input *in = input_string(NULL, SLICE("one\ntwo\r\n\nfour\0x\nlast"));
	assert_null(in->name);
	reads(in, SLICE("one"));
	reads(in, SLICE("two\r"));
	reads(in, SLICE(""));
	reads(in, SLICE("four\0x"));
	reads(in, SLICE("last"));
	ends(in);
	ends(input_string("empty", SLICE("")));
	in = input_string("one line", SLICE("\n"));
	reads(in, SLICE(""));
	ends(in);
}

TEST(a_descriptor_is_lines)
{
	int writer;
	struct input *in = piped(&writer);
	put(writer, SLICE("one\ntw"));
	put(writer, SLICE("o\n\nlast\xff"));
	close(writer);
	reads(in, SLICE("one"));
	reads(in, SLICE("two"));
	reads(in, SLICE(""));
	reads(in, SLICE("last\xff"));
	ends(in);
}

TEST(a_line_is_handed_out_before_the_next_comes)
{
	int writer;
	struct input *in = piped(&writer);
	assert_false(input_ready(in));
	put(writer, SLICE("one\n"));
	reads(in, SLICE("one"));
	assert_false(input_ready(in));
	put(writer, SLICE("tw"));
	assert_false(input_ready(in));
	put(writer, SLICE("o\nthree"));
	assert_true(input_ready(in));
	reads(in, SLICE("two"));
	assert_false(input_ready(in));
	close(writer);
	reads(in, SLICE("three"));
	ends(in);
}

TEST(lines_are_counted)
{
	struct buf line = BUF_INIT;
	struct input *in = input_string("script", SLICE("one\ntwo\nthree\nfour\n"));
	assert_int_equal(input_read(in, false, &line), INPUT_LINE);
	assert_int_equal(in->line, 1);
	assert_int_equal(in->first_line, 1);
	assert_int_equal(input_read(in, false, &line), INPUT_LINE);
	assert_int_equal(in->first_line, 2);
	assert_int_equal(input_read(in, true, &line), INPUT_LINE);
	assert_int_equal(in->line, 3);
	assert_int_equal(in->first_line, 2);
	assert_text(buf_slice(&line), "onetwothree");
	assert_int_equal(input_read(in, false, &line), INPUT_LINE);
	assert_int_equal(in->first_line, 4);
	input_free(in);
	buf_release(&line);
}

/* A file of LEN letters and a line feed, then a short line. */
static struct input *long_line(size_t len)
{
	char path[] = "/tmp/mcsh-input.XXXXXX";
	int fd = mkstemp(path);
	char block[65536];
	assert_true(fd >= 0);
	unlink(path);
	memset(block, 'x', sizeof(block));
	for (size_t left = len; left > 0;) {
		size_t n = left < sizeof(block) ? left : sizeof(block);
		put(fd, slice_of(block, n));
		left -= n;
	}
	put(fd, SLICE("\nnext\n"));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return input_descriptor("long", fd);
}

TEST(a_line_may_be_very_long)
{
	static const size_t lengths[] = {65535, 65536, 65537, 1 << 20, 10 << 20};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct buf line = BUF_INIT;
		struct input *in = long_line(lengths[i]);
		assert_int_equal(input_read(in, false, &line), INPUT_LINE);
		assert_int_equal(line.len, lengths[i]);
		buf_release(&line);
		reads(in, SLICE("next"));
		ends(in);
	}
}

TEST(a_line_that_is_too_long_is_skipped)
{
	struct buf line;
	buf_init(&line, INPUT_LINE_MAX);
	struct input *in = long_line(INPUT_LINE_MAX + 1);
	assert_int_equal(input_read(in, false, &line), INPUT_TOO_LONG);
	buf_release(&line);
	reads(in, SLICE("next"));
	ends(in);
}

TEST(what_cannot_be_read_says_why)
{
	struct buf line = BUF_INIT;
	struct input *in = input_descriptor("directory", open("/", O_RDONLY));
	assert_int_equal(input_read(in, false, &line), INPUT_FAILED);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(input_read(in, false, &line), INPUT_END);
	input_free(in);
	/* Found while it was read ahead, too. */
	in = input_descriptor("directory", open("/", O_RDONLY));
	assert_false(input_ready(in));
	assert_int_equal(input_read(in, false, &line), INPUT_FAILED);
	assert_int_equal(errno, EISDIR);
	input_free(in);
	buf_release(&line);
}

/* What a prompt was asked. */
struct asked {
	int times;
	bool continuation;
};

static enum input_result answer(void *ctx, bool continuation, struct buf *line)
{
	struct asked *asked = ctx;
	asked->times++;
	asked->continuation = continuation;
	buf_add_str(line, "typed");
	return asked->times < 3 ? INPUT_LINE : INPUT_CANCELLED;
}

TEST(a_prompt_is_asked_each_time)
{
	struct asked asked = {0};
	struct input *in = input_prompt(answer, &asked);
	struct buf line = BUF_INIT;
	assert_false(input_ready(in));
	reads(in, SLICE("typed"));
	assert_int_equal(asked.times, 1);
	assert_false(asked.continuation);
	assert_int_equal(input_read(in, true, &line), INPUT_LINE);
	assert_true(asked.continuation);
	assert_int_equal(input_read(in, false, &line), INPUT_CANCELLED);
	input_free(in);
	buf_release(&line);
}

TEST(a_key_ends_it_at_the_beginning_of_a_line)
{
	int writer;
	struct input *in = piped(&writer);
	in->end_key = '\x04';
	put(writer, SLICE("a\x04z\nb\n\x04 c\n"));
	reads(in, SLICE("a\x04z"));
	reads(in, SLICE("b"));
	ends(in);
	close(writer);
}

UNIT_MAIN(cmocka_unit_test(a_string_is_lines), cmocka_unit_test(a_descriptor_is_lines),
          cmocka_unit_test(a_line_is_handed_out_before_the_next_comes),
          cmocka_unit_test(lines_are_counted), cmocka_unit_test(a_line_may_be_very_long),
          cmocka_unit_test(a_line_that_is_too_long_is_skipped),
          cmocka_unit_test(what_cannot_be_read_says_why),
          cmocka_unit_test(a_key_ends_it_at_the_beginning_of_a_line),
          cmocka_unit_test(a_prompt_is_asked_each_time))
