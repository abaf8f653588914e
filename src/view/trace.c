#include "view/trace.h"

#include "base/number.h"
#include "base/quote.h"
#include "view/text/hexdump.h"
#include "view/text/paint.h"
#include "view/text/time.h"

void trace_init(struct trace *t)
{
	*t = (struct trace){0};
}

void trace_release(struct trace *t)
{
	buf_release(&t->lines[TRACE_SENT].bytes);
	buf_release(&t->lines[TRACE_RECEIVED].bytes);
	packet_trace_release(&t->packets[TRACE_SENT]);
	packet_trace_release(&t->packets[TRACE_RECEIVED]);
}

static void line_clear(struct trace_line *line)
{
	buf_clear(&line->bytes);
	line->dropped = 0;
	line->begun = line->secret = line->secret_cr = false;
	line->marks = 0;
}

/* Word I of a line, from 0; empty when there are fewer. */
static struct slice word(struct slice line, unsigned i)
{
	for (;; i--) {
		while (line.len > 0 && line.data[0] == ' ')
			line = slice_skip(line, 1);
		size_t n = 0;
		while (n < line.len && !memchr(" \r\n", line.data[n], 3))
			n++;
		if (i == 0 || n == 0)
			return slice_of(line.data, i == 0 ? n : 0);
		line = slice_skip(line, n);
	}
}

/* The length of the data block, line end included, that LINE announces; 0: none. */
static uint64_t announced(enum trace_direction direction, struct slice line)
{
	static const struct {
		enum trace_direction direction;
		const char *word;
		unsigned place;
	} forms[] = {
	    {TRACE_SENT, "set", 4},    {TRACE_SENT, "add", 4},     {TRACE_SENT, "replace", 4},
	    {TRACE_SENT, "append", 4}, {TRACE_SENT, "prepend", 4}, {TRACE_SENT, "cas", 4},
	    {TRACE_SENT, "ms", 2},     {TRACE_RECEIVED, "VA", 1},  {TRACE_RECEIVED, "VALUE", 3},
	};
	struct slice first = word(line, 0);
	uint64_t bytes;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (forms[i].direction == direction && slice_eq_str(first, forms[i].word))
			return number_parse_u64(word(line, forms[i].place), &bytes) == NUMBER_OK &&
			               bytes < UINT64_MAX - 2
			           ? bytes + 2
			           : 0;
	}
	return 0;
}

/* "version" and "mn" are what a fence is made of, and a login is answered first: whose answer a
 * line is follows from the order of what was sent. Of an answer to a question only that one line
 * has a remark. */
static const char *own_remark(struct trace *t, enum trace_direction direction,
                              const struct trace_line *line)
{
	struct slice first = word(buf_slice(&line->bytes), 0);
	bool fence = slice_eq_str(first, "version") || slice_eq_str(first, "mn");
	bool own = line->marks & TRACE_OWN, question = line->marks & TRACE_QUESTION;
	if (direction == TRACE_SENT) {
		if (fence) {
			t->asked = t->asked << 1 | own;
			t->questions = t->questions << 1 | question;
			t->asked_count += t->asked_count < 64;
		}
		return !own       ? NULL
		       : question ? " (mcsh's own question)"
		       : fence    ? " (mcsh's own fence)"
		                  : " (mcsh's own login)";
	}
	if (t->asked_count > 0 && (slice_eq_str(first, "VERSION") || slice_eq_str(first, "MN"))) {
		t->asked_count--;
		if (t->asked >> t->asked_count & 1)
			return t->questions >> t->asked_count & 1 ? " (to mcsh's own question)"
			                                          : " (to mcsh's own fence)";
	}
	return NULL;
}

/* Bytes at the end of a line that are its line end. Within a data block a line feed is data. */
static size_t line_end(struct slice bytes, bool data)
{
	if (data || bytes.len == 0 || bytes.data[bytes.len - 1] != '\n')
		return 0;
	return bytes.len > 1 && bytes.data[bytes.len - 2] == '\r' ? 2 : 1;
}

static void add_painted(struct trace *t, struct buf *out, enum paint paint, struct slice bytes)
{
	if (bytes.len == 0)
		return;
	paint_slice(out, t->color, paint, escape_add_field, bytes);
}

static void add_server(struct trace *t, struct buf *out)
{
	if (!t->server)
		return;
	paint_slice(out, t->color, PAINT_DIM, escape_add_field, slice_str(t->server));
	buf_add_char(out, ' ');
}

/* The bytes of a line, and whether they are data. */
static void add_bytes(struct trace *t, struct buf *out, enum trace_direction direction)
{
	struct trace_line *line = &t->lines[direction];
	struct slice bytes = buf_slice(&line->bytes);
	enum paint paint = direction == TRACE_SENT ? PAINT_SENT : PAINT_GOT;
	bool data = line->block > 0;
	if (line->secret) {
		line->block = 0;
	} else if (data) {
		uint64_t len = bytes.len + line->dropped;
		line->block -= len < line->block ? len : line->block;
	} else {
		line->block = announced(direction, bytes);
	}
	size_t end = line_end(bytes, data && line->block > 0);
	paint_add(out, t->color, paint, direction == TRACE_SENT ? "> " : "< ");
	add_painted(t, out, data ? PAINT_DATA : paint, slice_of(bytes.data, bytes.len - end));
	add_painted(t, out, PAINT_DIM, slice_skip(bytes, bytes.len - end));
}

/* Shows a line, whole or, when FLUSHED, without its end, and makes space for the next. */
static void show(struct trace *t, struct buf *out, enum trace_direction direction, bool flushed)
{
	struct trace_line *line = &t->lines[direction];
	struct slice bytes = buf_slice(&line->bytes);
	const char *remark = line->block > 0 ? NULL : own_remark(t, direction, line);

	add_server(t, out);
	add_bytes(t, out, direction);
	if (line->dropped > 0) {
		paint_on(out, t->color, PAINT_DIM);
		buf_add_str(out, "\n  ... ");
		buf_add_str(out, count_text(line->dropped, " more byte", " more bytes").s);
		paint_off(out, t->color, PAINT_DIM);
	}
	if (flushed)
		paint_add(out, t->color, PAINT_DIM, " (no line end)");
	if (remark)
		paint_add(out, t->color, PAINT_DIM, remark);
	buf_add_char(out, '\n');

	/* An offset that moved on over a masked line would reveal how long it was. */
	if (!line->secret) {
		if (t->mode == TRACE_HEX) {
			paint_on(out, t->color, PAINT_DIM);
			hexdump_add(out, bytes, line->offset, 2, t->columns ? t->columns : 80);
			paint_off(out, t->color, PAINT_DIM);
		}
		line->offset += bytes.len + line->dropped;
	}
	line_clear(line);
}

/* Bytes of one line, as many as line_max lets in; the rest are counted. */
static void keep(struct trace *t, struct trace_line *line, struct slice bytes)
{
	size_t space = bytes.len;
	if (t->line_max > 0) {
		size_t left = t->line_max > line->bytes.len ? t->line_max - line->bytes.len : 0;
		space = space < left ? space : left;
	}
	if (!buf_add(&line->bytes, bytes.data, space))
		space = 0;
	line->dropped += bytes.len - space;
}

/* The same for bytes that nobody shall see. */
static void keep_secret(struct trace_line *line, struct slice bytes)
{
	bool ends = bytes.data[bytes.len - 1] == '\n';
	size_t content = bytes.len - (ends ? 1 : 0);
	bool cr = content > 0 ? bytes.data[content - 1] == '\r' : line->secret_cr;
	bool only_cr = content == 1 && cr && ends;
	if (content > 0 && !only_cr && !line->secret) {
		buf_add_str(&line->bytes, "***");
		line->secret = true;
	}
	line->secret_cr = cr;
	if (ends)
		buf_add_str(&line->bytes, cr ? "\r\n" : "\n");
}

/* Whose packet it is: a NOOP is always a fence, and SASL a login. */
static const char *packet_remark(const struct packet_trace *p, bool sent)
{
	bool fence = p->head.opcode == OPCODE_NOOP;
	bool login = p->head.opcode >= OPCODE_SASL_LIST && p->head.opcode <= OPCODE_SASL_STEP;
	if (!packet_trace_whole(p))
		return NULL;
	if (fence || login)
		return !sent   ? (fence ? " (to mcsh's own fence)" : " (to mcsh's own login)")
		       : fence ? " (mcsh's own fence)"
		               : " (mcsh's own login)";
	return sent && (p->marks & TRACE_QUESTION) ? " (mcsh's own question)" : NULL;
}

static void show_packet(struct trace *t, struct buf *out, enum trace_direction direction)
{
	struct packet_trace *p = &t->packets[direction];
	bool sent = direction == TRACE_SENT;
	const struct packet_style style = {
	    .sent = sent,
	    .color = t->color,
	    .columns = t->mode != TRACE_HEX ? 0
	               : t->columns         ? t->columns
	                                    : 80,
	    .before = t->server,
	    .after = packet_remark(p, sent),
	};
	packet_trace_show(p, &style, out);
}

static void add_packets(struct trace *t, struct buf *out, enum trace_direction direction,
                        struct slice bytes, unsigned marks)
{
	struct packet_trace *p = &t->packets[direction];
	while (bytes.len > 0) {
		if (!packet_trace_begun(p))
			p->marks = marks;
		bytes = slice_skip(bytes,
		                   packet_trace_take(p, bytes, marks & TRACE_SECRET, t->line_max));
		if (packet_trace_whole(p))
			show_packet(t, out, direction);
	}
}

void trace_add(struct trace *t, struct buf *out, enum trace_direction direction, struct slice bytes,
               unsigned marks)
{
	if (t->mode == TRACE_OFF)
		return;
	if (marks & TRACE_PACKETS) {
		add_packets(t, out, direction, bytes, marks);
		return;
	}
	struct trace_line *line = &t->lines[direction];
	while (bytes.len > 0) {
		const char *lf = memchr(bytes.data, '\n', bytes.len);
		size_t n = lf ? (size_t)(lf - bytes.data) + 1 : bytes.len;
		line->marks = line->begun ? line->marks : marks;
		line->begun = true;
		if (marks & TRACE_SECRET)
			keep_secret(line, slice_of(bytes.data, n));
		else
			keep(t, line, slice_of(bytes.data, n));
		if (lf)
			show(t, out, direction, false);
		bytes = slice_skip(bytes, n);
	}
}

void trace_flush(struct trace *t, struct buf *out)
{
	for (enum trace_direction d = TRACE_SENT; d <= TRACE_RECEIVED; d++) {
		if (t->lines[d].begun)
			show(t, out, d, true);
		if (packet_trace_begun(&t->packets[d]))
			show_packet(t, out, d);
		t->lines[d].offset = t->lines[d].block = 0;
	}
	t->asked_count = 0;
}
