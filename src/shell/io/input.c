#include "shell/io/input.h"

#include "base/deadline.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "shell/io/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 * 1024)

static struct input *input_new(const char *name)
{
	struct input *in = xcalloc(1, sizeof(*in));
	in->name = name ? xstrdup(name) : NULL;
	in->fd = -1;
	return in;
}

struct input *input_prompt(input_prompt_fn *prompt, void *ctx)
{
	struct input *in = input_new(NULL);
	in->prompt = prompt;
	in->ctx = ctx;
	return in;
}

struct input *input_string(const char *name, struct slice text)
{
	struct input *in = input_new(name);
	in->text = text;
	in->end = true;
	return in;
}

struct input *input_descriptor(const char *name, int fd)
{
	struct input *in = input_new(name);
	in->fd = fd;
	return in;
}

void input_free(struct input *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	buf_release(&in->buffer);
	free(in->name);
	free(in);
}

size_t input_depth(const struct input *in)
{
	size_t depth = 0;
	for (; in; in = in->below)
		depth++;
	return depth;
}

bool input_push(struct input **top, struct input *in)
{
	if (input_depth(*top) > SOURCE_MAX) {
		input_free(in);
		return false;
	}
	in->below = *top;
	*top = in;
	return true;
}

/* What has been read and not taken yet. */
static struct slice ahead(const struct input *in)
{
	return in->fd < 0 ? in->text : slice_skip(buf_slice(&in->buffer), in->pos);
}

static void take(struct input *in, size_t n)
{
	in->ready = 0;
	if (in->fd < 0) {
		in->text = slice_skip(in->text, n);
		return;
	}
	in->pos += n;
	if (in->pos >= in->buffer.len) {
		buf_clear(&in->buffer);
		in->pos = 0;
	}
}

/* Whether HAVE, what is ahead, has the end of a line. Asked twice of each one: before it is read,
 * and then. */
static bool finds_end(struct input *in, struct slice have)
{
	if (in->ready == 0 && have.len > 0) {
		const char *end = memchr(have.data, '\n', have.len);
		in->ready = end ? (size_t)(end - have.data) + 1 : 0;
	}
	return in->ready > 0;
}

/* Reads more. False at the end and on failure (errno is 0 at the end). */
static bool fill(struct input *in)
{
	errno = in->failed;
	if (in->end)
		return false;
	buf_drop(&in->buffer, in->pos);
	in->pos = 0;
	char *space = buf_reserve(&in->buffer, READ_SIZE);
	ssize_t n;
	/* Ctrl-C, where it is caught, may come just before a read would begin to wait. */
	if (interrupt_fd() >= 0 &&
	    (!interrupt_wait(in->fd, POLLIN, DEADLINE_NEVER) || interrupt_pending())) {
		errno = EINTR;
		return false;
	}
	do {
		n = read(in->fd, space, READ_SIZE);
	} while (n < 0 && errno == EINTR && !interrupt_pending());
	if (n < 0 && errno == EINTR)
		return false;
	if (n <= 0) {
		in->end = true;
		in->failed = errno = n < 0 ? errno : 0;
		return false;
	}
	in->buffer.len += (size_t)n;
	in->cut = file_cut_by_terminal(in->fd, slice_of(space, (size_t)n));
	return true;
}

/* What Windows' editors put before a text. */
static const struct slice byte_order_mark = {"\xef\xbb\xbf", 3};

/* Drops the mark at the beginning of the input. True when it has to be looked at again. */
static bool drop_mark(struct input *in)
{
	struct slice have = ahead(in);
	if (have.len == 0 || in->begun)
		return false;
	if (have.len < byte_order_mark.len && slice_starts(byte_order_mark, have) && !in->end)
		return fill(in);
	in->begun = true;
	if (!slice_starts(have, byte_order_mark))
		return false;
	take(in, byte_order_mark.len);
	return true;
}

void input_drop(struct input *in)
{
	in->cut = false;
	buf_clear(&in->buffer);
	in->pos = in->ready = 0;
	tcflush(in->fd, TCIFLUSH);
}

/* What was typed after a line that the terminal has cut may be meant as data of that. */
static enum input_result skip_cut(struct input *in)
{
	input_drop(in);
	return INPUT_CUT;
}

enum input_result input_read(struct input *in, bool continuation, struct buf *line)
{
	bool too_long = false, any = false;
	if (!continuation)
		in->first_line = in->line + 1;
	in->line++;
	if (in->prompt)
		return in->prompt(in->ctx, continuation, line);
	for (;;) {
		struct slice have = ahead(in);
		if (in->cut)
			return skip_cut(in);
		if (drop_mark(in))
			continue;
		if (in->end_key && !any && have.len > 0 && have.data[0] == in->end_key)
			return INPUT_END;
		bool end = finds_end(in, have);
		size_t n = end ? in->ready - 1 : have.len;
		any |= have.len > 0;
		too_long |= line->len + n > INPUT_LINE_MAX || !buf_add(line, have.data, n);
		take(in, end ? n + 1 : n);
		if (end)
			break;
		if (!fill(in)) {
			in->failed = 0;
			if (errno != 0)
				return errno == EINTR ? INPUT_CANCELLED : INPUT_FAILED;
			if (!any)
				return INPUT_END;
			break;
		}
	}
	return too_long ? INPUT_TOO_LONG : INPUT_LINE;
}

bool input_ready(struct input *in)
{
	if (in->prompt)
		return false;
	struct slice have = ahead(in);
	if (finds_end(in, have))
		return true;
	if (in->end)
		return have.len > 0;
	/* What is at hand without waiting counts too: a file is always at hand. */
	struct pollfd p = {.fd = in->fd, .events = POLLIN};
	if (have.len > READ_SIZE || poll(&p, 1, 0) <= 0 || !(p.revents & POLLIN))
		return false;
	if (!fill(in))
		return have.len > 0;
	return finds_end(in, ahead(in));
}

bool input_waits(const struct input *in, int ms)
{
	struct pollfd p = {.fd = in->fd, .events = POLLIN};
	return ahead(in).len > 0 || (!in->end && poll(&p, 1, ms) > 0 && (p.revents & POLLIN));
}

bool input_is_stdin(const struct input *in)
{
	for (; in; in = in->below) {
		if (in->prompt || in->fd == STDIN_FILENO)
			return true;
	}
	return false;
}
