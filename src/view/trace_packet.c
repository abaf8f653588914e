#include "view/trace_packet.h"

#include "base/number.h"
#include "base/quote.h"
#include "view/text/hexdump.h"
#include "view/text/paint.h"
#include "view/text/time.h"

size_t packet_trace_take(struct packet_trace *p, struct slice bytes, bool secret, size_t body_max)
{
	size_t taken = 0;
	if (p->bytes.len < PACKET_HEADER) {
		taken = PACKET_HEADER - p->bytes.len;
		taken = taken < bytes.len ? taken : bytes.len;
		buf_add(&p->bytes, bytes.data, taken);
		if (p->bytes.len < PACKET_HEADER)
			return taken;
		packet_read_header(p->bytes.data, &p->head);
		bytes = slice_skip(bytes, taken);
	}
	size_t wanted = p->head.body_length - p->body, kept = p->bytes.len - PACKET_HEADER;
	size_t n = wanted < bytes.len ? wanted : bytes.len, space = n;
	if (body_max > 0)
		space = kept >= body_max ? 0 : n < body_max - kept ? n : body_max - kept;
	if (secret && n > 0) {
		p->secret_at = p->secret_count > 0 ? p->secret_at : p->body;
		p->secret_count += n;
		buf_add_repeat(&p->bytes, '*', space);
	} else {
		buf_add(&p->bytes, bytes.data, space);
	}
	p->body += n;
	return taken + n;
}

bool packet_trace_whole(const struct packet_trace *p)
{
	return p->bytes.len >= PACKET_HEADER && p->body == p->head.body_length;
}

static void add_hex(struct buf *out, struct slice bytes)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes.len; i++) {
		buf_add_char(out, digits[(unsigned char)bytes.data[i] >> 4]);
		buf_add_char(out, digits[(unsigned char)bytes.data[i] & 15]);
	}
}

/* The bytes that there are of the packet's fields in hex, FROM its byte FROM on up to TO, with
 * blanks between the fields. */
static void add_fields(struct buf *out, const struct fields *f, struct slice bytes, size_t from,
                       size_t to)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct field *field = &f->at[i];
		if (field->offset < from || field->offset >= to || field->offset >= bytes.len)
			continue;
		struct slice rest = slice_skip(bytes, field->offset);
		if (field->offset > from)
			buf_add_char(out, ' ');
		add_hex(out, slice_first(rest, field->length));
	}
}

static void begin_line(const struct packet_style *style, struct buf *out)
{
	if (style->before) {
		paint_slice(out, style->color, PAINT_DIM, escape_add_field,
		            slice_str(style->before));
		buf_add_char(out, ' ');
	}
	paint_add(out, style->color, style->sent ? PAINT_SENT : PAINT_GOT,
	          style->sent ? "> " : "< ");
}

/* "set", or of a reply "set: ok"; a number where there is no name. */
static void add_name(const struct packet *head, struct buf *out)
{
	const char *name = opcode_name(head->opcode), *status = packet_status_name(head->status);
	buf_add_str(out, name ? name : "unknown opcode");
	if (head->magic == PACKET_REPLY)
		buf_addf(out, ": %s", status ? status : "unknown status");
}

static void show_header(const struct packet_trace *p, const struct packet_style *style,
                        const struct fields *f, struct buf *out)
{
	enum paint paint = style->sent ? PAINT_SENT : PAINT_GOT;
	begin_line(style, out);
	paint_on(out, style->color, PAINT_DIM);
	if (p->bytes.len < PACKET_HEADER)
		add_hex(out, buf_slice(&p->bytes));
	else
		add_fields(out, f, buf_slice(&p->bytes), 0, PACKET_HEADER);
	paint_off(out, style->color, PAINT_DIM);
	if (p->bytes.len >= PACKET_HEADER) {
		buf_add_char(out, ' ');
		paint_on(out, style->color, paint);
		add_name(&p->head, out);
		paint_off(out, style->color, paint);
	}
	if (style->after)
		paint_add(out, style->color, PAINT_DIM, style->after);
	if (!packet_trace_whole(p) && p->body == 0)
		paint_add(out, style->color, PAINT_DIM, " (broken off)");
	buf_add_char(out, '\n');
}

/* Whether its value is a number: the answer to incr and decr. */
static bool is_number(const struct packet *head)
{
	return head->magic == PACKET_REPLY && head->status == PACKET_OK &&
	       (head->opcode == OPCODE_INCR || head->opcode == OPCODE_DECR);
}

/* Extras, key and value; of what is secret three stars. */
static void show_body(const struct packet_trace *p, const struct packet_style *style,
                      const struct fields *f, struct buf *out)
{
	enum paint paint = style->sent ? PAINT_SENT : PAINT_GOT;
	struct slice body = slice_skip(buf_slice(&p->bytes), PACKET_HEADER);
	struct slice rest = slice_skip(body, p->head.extras_length);
	struct slice key = slice_first(rest, p->head.key_length);
	struct slice value = slice_skip(rest, key.len);
	size_t extras_end = PACKET_HEADER + p->head.extras_length;
	if (p->body == 0)
		return;
	begin_line(style, out);
	add_fields(out, f, buf_slice(&p->bytes), PACKET_HEADER, extras_end);
	if (key.len > 0) {
		buf_add_str(out, p->head.extras_length > 0 ? " " : "");
		paint_slice(out, style->color, paint, quote_add_word, key);
	}
	if (value.len > 0) {
		buf_add_str(out, p->head.extras_length + key.len > 0 ? " " : "");
		paint_on(out, style->color, PAINT_DATA);
		if (p->secret_count > 0)
			buf_add_str(out, "***");
		else if (is_number(&p->head))
			add_hex(out, value);
		else
			escape_add_field(out, value);
		paint_off(out, style->color, PAINT_DATA);
	}
	if (p->body > body.len) {
		paint_on(out, style->color, PAINT_DIM);
		buf_add_str(out, "\n  ... ");
		buf_add_str(out, count_text(p->body - body.len, " more byte", " more bytes").s);
		paint_off(out, style->color, PAINT_DIM);
	}
	if (!packet_trace_whole(p))
		paint_add(out, style->color, PAINT_DIM, " (broken off)");
	buf_add_char(out, '\n');
}

/* What a field of numbers means, after its name. */
static void add_meaning(struct buf *out, const struct packet *head, const struct field *field,
                        struct slice bytes)
{
	const char *name = opcode_name(head->opcode), *status = packet_status_name(head->status);
	switch (field->kind) {
	case FIELD_MAGIC:
		buf_add_str(out, head->magic == PACKET_REQUEST ? "  request" : "  reply");
		break;
	case FIELD_OPCODE:
		buf_addf(out, "  %s", name ? name : "unknown");
		break;
	case FIELD_STATUS:
		buf_addf(out, "  %s", status ? status : "unknown");
		break;
	case FIELD_KEY:
	case FIELD_DATA:
	case FIELD_LINE:
		break;
	default:
		buf_addf(out, "  %llu", (unsigned long long)number_big(bytes.data, bytes.len));
	}
}

/* A line a field; a longer one as a dump below its name. */
static void show_dump(const struct packet_trace *p, const struct packet_style *style,
                      const struct fields *f, struct buf *out)
{
	paint_on(out, style->color, PAINT_DIM);
	for (size_t i = 0; i < f->count; i++) {
		const struct field *field = &f->at[i];
		struct slice bytes =
		    slice_first(slice_skip(buf_slice(&p->bytes), field->offset), field->length);
		bool data = field->kind == FIELD_KEY || field->kind == FIELD_DATA;
		if (bytes.len == 0)
			continue;
		buf_addf(out, "  %08zx  ", field->offset);
		for (size_t k = 0; k < bytes.len && !data; k++) {
			add_hex(out, slice_of(bytes.data + k, 1));
			buf_add_char(out, ' ');
		}
		buf_add_repeat(out, ' ', data ? 25 : 25 - 3 * (bytes.len < 8 ? bytes.len : 8));
		buf_add_str(out, field_name(field->kind));
		add_meaning(out, &p->head, field, bytes);
		buf_add_char(out, '\n');
		if (data && !(field->kind == FIELD_DATA && p->secret_count > 0))
			hexdump_add(out, bytes, field->offset, 2, style->columns);
	}
	paint_off(out, style->color, PAINT_DIM);
}

void packet_trace_show(struct packet_trace *p, const struct packet_style *style, struct buf *out)
{
	struct field space[16];
	struct fields f = {.at = space, .max = sizeof(space) / sizeof(space[0])};
	/* Lengths that are more than the body's: then it is a value as a whole. */
	if (p->head.extras_length + p->head.key_length > p->head.body_length)
		p->head.extras_length = p->head.key_length = 0;
	struct packet noted = p->head;
	/* By its lengths: a packet that is cut has its fields, too. */
	noted.extras.len = noted.extras_length;
	noted.key.len = noted.key_length;
	noted.value.len = noted.body_length - noted.extras_length - noted.key_length;
	if (p->bytes.len >= PACKET_HEADER)
		packet_note(&noted, &f, 0, FIELD_KEY, FIELD_DATA);
	show_header(p, style, &f, out);
	show_body(p, style, &f, out);
	if (style->columns > 0)
		show_dump(p, style, &f, out);
	struct buf bytes = p->bytes;
	buf_clear(&bytes);
	*p = (struct packet_trace){.bytes = bytes};
}

void packet_trace_release(struct packet_trace *p)
{
	buf_release(&p->bytes);
}
