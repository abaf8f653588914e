#include "shell/io/output.h"

#include "base/deadline.h"
#include "base/file.h"
#include "base/quote.h"
#include "shell/io/interrupt.h"
#include "view/text/fit.h"

#include <errno.h>
#include <unistd.h>

void output_init(struct output *o)
{
	*o = (struct output){.fd = STDOUT_FILENO, .caught = -1};
	buf_init(&o->results, 0);
	buf_init(&o->shown, OUTPUT_SHOWN_MAX);
}

void output_release(struct output *o)
{
	buf_release(&o->results);
	buf_release(&o->shown);
}

/* A buffer whose ceiling is reached takes what there is space for. */
static void add_cut(struct buf *out, struct slice text)
{
	size_t space = (out->max ? out->max : BUF_MAX) - out->len;
	if (!buf_add_slice(out, text))
		buf_add(out, text.data, text.len < space ? text.len : space);
}

static void capture(struct output *o, struct slice text, bool to_copy)
{
	if (!o->uncaptured)
		add_cut(&o->shown, text);
	for (int i = 0; to_copy && !o->own && i < COPIES; i++) {
		if (o->copies[i])
			add_cut(o->copies[i], text);
	}
}

void output_capture(struct output *o, struct slice text)
{
	capture(o, text, true);
}

/* Keeps what of the results was not kept before. What goes into a sink is not shown. */
static void keep_shown(struct output *o)
{
	if (o->results.len > o->mark)
		capture(o, slice_skip(buf_slice(&o->results), o->mark), o->sink == SINK_NONE);
	o->mark = o->results.len;
}

void output_forget(struct output *o)
{
	keep_shown(o);
	buf_clear(&o->results);
	o->mark = 0;
}

void output_unmark(struct output *o)
{
	keep_shown(o);
	o->uncaptured = true;
	o->own = false;
}

void output_aside(struct output *o)
{
	keep_shown(o);
	o->uncaptured = o->own = true;
}

void output_copy(struct output *o, enum copy which, struct buf *copy)
{
	output_flush(o);
	o->copies[which] = copy;
}

struct slice output_shown(struct output *o, bool *whole)
{
	output_unmark(o);
	*whole = !o->shown.full;
	return buf_slice(&o->shown);
}

/* All of TEXT, or errno. Ctrl-C ends the wait for a program that does not read. */
static int write_all(const struct output *o, int fd, struct slice text)
{
	if (o->child == 0 || fd != o->fd)
		return file_write(fd, text) ? 0 : errno;
	while (text.len > 0) {
		ssize_t n = write(fd, text.data, text.len);
		if (n < 0 && (errno != EINTR || interrupt_pending()))
			return errno;
		text = slice_skip(text, n > 0 ? (size_t)n : 0);
	}
	return 0;
}

int output_write(struct output *o, int fd, struct slice text)
{
	int64_t begin = clock_now();
	int failed = write_all(o, fd, text);
	if (o->spent)
		o->spent(o->spent_ctx, clock_now() - begin);
	return failed;
}

/* TEXT with the mark before each of its lines; the first may have begun in what was written before.
 */
static void add_marked(struct buf *out, struct slice text, bool mid_line)
{
	while (text.len > 0) {
		size_t len = slice_before(text, '\n').len + 1;
		if (!mid_line)
			buf_add_str(out, OUTPUT_MARK);
		buf_add(out, text.data, len < text.len ? len : text.len);
		mid_line = false;
		text = slice_skip(text, len);
	}
}

/* TEXT as the terminal shows it, in SPACE where it has to be changed. */
static struct slice shown_as(const struct output *o, struct slice text, struct buf *space)
{
	if (o->ascii == OUTPUT_AS_IT_IS)
		return text;
	ascii_add(space, text, o->ascii == OUTPUT_ASCII_JSON);
	return buf_slice(space);
}

/* In one write, whatever there is. */
static void write_results(struct output *o)
{
	bool marked = o->marked && o->fd == STDOUT_FILENO;
	o->fed |= o->results.len > 0;
	struct buf text = BUF_INIT, space = BUF_INIT;
	struct slice results = buf_slice(&o->results);
	if (o->sink == SINK_NONE)
		results = shown_as(o, results, &space);
	if (!marked) {
		o->failed = output_write(o, o->fd, results);
		buf_release(&space);
		return;
	}
	add_marked(&text, results, o->mid_line);
	o->failed = output_write(o, o->fd, buf_slice(&text));
	buf_release(&text);
	buf_release(&space);
}

void output_show(struct output *o, int fd)
{
	struct buf space = BUF_INIT;
	output_write(o, fd, shown_as(o, buf_slice(&o->results), &space));
	buf_release(&space);
}

bool output_flush(struct output *o)
{
	if (!o->failed && o->results.len > 0 && !(o->mute && o->sink == SINK_NONE))
		write_results(o);
	if (o->results.len > 0 && o->fd == STDOUT_FILENO)
		o->mid_line = o->results.data[o->results.len - 1] != '\n';
	o->written = true;
	output_forget(o);
	o->written = false;
	return !o->failed;
}

/* What follows the mark may be the half of something. */
static struct slice whole_lines(const struct output *o)
{
	size_t len = o->results.len;
	while (len > o->mark && o->results.data[len - 1] != '\n')
		len--;
	return slice_of(o->results.data, len);
}

void output_last(struct output *o)
{
	struct slice text = whole_lines(o);
	bool marked = o->marked && o->fd == STDOUT_FILENO;
	if (o->failed || o->written || (o->mute && o->sink == SINK_NONE))
		return;
	while (text.len > 0) {
		const char *end = marked ? memchr(text.data, '\n', text.len) : NULL;
		size_t len = end ? (size_t)(end - text.data) + 1 : text.len;
		if (marked && !o->mid_line)
			write_all(o, o->fd, SLICE(OUTPUT_MARK));
		write_all(o, o->fd, slice_of(text.data, len));
		o->mid_line = false;
		text = slice_skip(text, len);
	}
	o->results.len = 0;
}

bool output_end_line(struct output *o)
{
	bool ok = output_flush(o);
	if (!o->mid_line)
		return ok;
	buf_add_char(&o->results, '\n');
	return output_flush(o);
}

void output_settle(struct output *o, unsigned columns)
{
	output_aside(o);
	output_flush(o);
	if (o->adrift && columns > 0) {
		/* From the beginning of a line this many blanks just fill it, from anywhere else
		 * they go on to the next: either way the return leads to the beginning of an empty
		 * one. */
		buf_add_repeat(&o->results, ' ', columns);
		buf_add_char(&o->results, '\r');
		output_flush(o);
	} else {
		output_end_line(o);
	}
	o->mid_line = o->adrift = false;
}

void output_complain(struct output *o, struct slice text)
{
	if (o->marked && o->fd == STDOUT_FILENO)
		output_end_line(o);
	else
		output_flush(o);
	struct buf space = BUF_INIT;
	if (!o->mute)
		output_write(o, STDERR_FILENO, shown_as(o, text, &space));
	buf_release(&space);
}

bool output_is_long(const struct output *o, unsigned rows, unsigned columns)
{
	return o->results.len > 0 && fit_rows(buf_slice(&o->results), columns, rows) >= rows;
}
