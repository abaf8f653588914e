/*
 * csv, with a header line (none when the answer before had the same; the server is the first column
 * when several answer):
 *
 *   values   key,flags,bytes,value,encoding   (gets, gats: key,flags,bytes,cas,value,encoding)
 *            value is what plain prints of it (view_plain_value), bytes the length as stored;
 *            encoding is empty for text and "base64" for the rest; misses have no row
 *   stats    name,value
 *   others   as in plain, without a header
 *
 * Keys, names and stats values that are not text are escaped as in plain.
 */
#include "view/csv.h"

#include "base/base64.h"
#include "base/quote.h"
#include "view/json_write.h"
#include "view/view_format.h"

static bool needs_quotes(struct slice text)
{
	bool quote = text.len > 0 && (text.data[0] == ' ' || text.data[text.len - 1] == ' ');
	for (size_t i = 0; !quote && i < text.len; i++)
		quote = memchr(",\"\r\n", text.data[i], 4) != NULL;
	return quote;
}

/* What stands within quotes. */
static void add_quoted(struct buf *out, struct slice text)
{
	const char *mark;
	while (text.len > 0 && (mark = memchr(text.data, '"', text.len))) {
		size_t upto = (size_t)(mark - text.data) + 1;
		buf_add(out, text.data, upto);
		buf_add_char(out, '"');
		text = slice_skip(text, upto);
	}
	buf_add_slice(out, text);
}

void csv_add_field(struct buf *out, struct slice text)
{
	if (!needs_quotes(text)) {
		buf_add_slice(out, text);
		return;
	}
	buf_add_char(out, '"');
	add_quoted(out, text);
	buf_add_char(out, '"');
}

/* Whether a spreadsheet computes it. A number is one to it as it is. */
static bool is_formula(struct slice text)
{
	if (text.len == 0 || !memchr("=+-@\t\r", text.data[0], 6))
		return false;
	bool number = text.len > 1 && (text.data[0] == '-' || text.data[0] == '+');
	for (size_t i = 1; number && i < text.len; i++)
		number = (text.data[i] >= '0' && text.data[i] <= '9') || text.data[i] == '.';
	return !number;
}

static bool is_guarded(const struct style *style, struct slice text)
{
	return style->csv_guard && is_formula(text);
}

void csv_add_data(struct buf *out, const struct style *style, struct slice text)
{
	if (!is_guarded(style, text)) {
		csv_add_field(out, text);
		return;
	}
	buf_add(out, "\"'", 2);
	add_quoted(out, text);
	buf_add_char(out, '"');
}

void csv_end_header(struct buf *out, size_t from, const struct style *style)
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */
	if (!style->csv_last)
		return;
	for (size_t i = from; i < out->len; i++)
		hash = (hash ^ (unsigned char)out->data[i]) * 0x100000001b3;
	if (*style->csv_last == hash || *style->csv_last == CSV_ANY)
		buf_cut(out, from);
	*style->csv_last = hash;
}

/* The same of a value, which may be long. */
static void add_text(struct view *v, struct slice text)
{
	bool guarded = is_guarded(v->style, text), quote = guarded || needs_quotes(text);
	if (quote)
		buf_add_str(v->out, guarded ? "\"'" : "\"");
	view_add_pieces(v, quote ? add_quoted : view_add_bytes, text);
	if (quote)
		buf_add_char(v->out, '"');
}

static void add_base64(struct view *v, struct slice bytes)
{
	for (; bytes.len > VIEW_PIECE; bytes = slice_skip(bytes, VIEW_PIECE)) {
		base64_add(v->out, slice_of(bytes.data, VIEW_PIECE));
		view_drain(v);
	}
	base64_add(v->out, bytes);
}

static void add_safe_field(struct view *v, struct slice bytes)
{
	if (bytes_are_text(bytes)) {
		csv_add_data(v->out, v->style, bytes);
		return;
	}
	buf_clear(&v->arena);
	escape_add_field(&v->arena, bytes);
	csv_add_data(v->out, v->style, buf_slice(&v->arena));
}

static void add_server(struct view *v)
{
	if (!v->question.label)
		return;
	add_safe_field(v, slice_str(v->question.server));
	buf_add_char(v->out, ',');
}

static void csv_begin(struct view *v)
{
	bool stats = v->question.request->verb == VERB_STATS;
	if (!stats && !view_asks_values(v))
		return;
	if (v->question.label && v->question.part > 0)
		return;
	/* Held back until there is a row, or an answer that has none. */
	v->kept = 1;
}

static void add_header(struct view *v)
{
	if (v->kept == 0)
		return;
	v->kept = 0;
	size_t from = v->out->len;
	if (v->question.label)
		buf_add_str(v->out, "server,");
	if (!view_asks_values(v))
		buf_add_str(v->out, "name,value\n");
	else if (view_asks_cas(v))
		buf_add_str(v->out, "key,flags,bytes,cas,value,encoding\n");
	else
		buf_add_str(v->out, "key,flags,bytes,value,encoding\n");
	csv_end_header(v->out, from, v->style);
}

static void add_value(struct view *v, const struct reply *reply)
{
	struct buf *out = v->out;
	add_safe_field(v, reply->key);
	buf_add_char(out, ',');
	buf_add_u64(out, reply->flags);
	buf_add_char(out, ',');
	buf_add_u64(out, reply->value.len);
	buf_add_char(out, ',');
	if (view_asks_cas(v)) {
		if (reply->has_cas)
			buf_add_u64(out, reply->cas);
		buf_add_char(out, ',');
	}
	struct decoded decoded;
	struct slice value = view_plain_value(v, reply, &decoded);
	if (bytes_are_text(value)) {
		add_text(v, value);
		buf_add_str(out, ",\n");
	} else {
		add_base64(v, value);
		buf_add_str(out, ",base64\n");
	}
	decoded_release(&decoded);
}

static void csv_reply(struct view *v, const struct reply *reply)
{
	switch (reply->kind) {
	case REPLY_VALUE:
		add_header(v);
		add_server(v);
		add_value(v, reply);
		break;
	case REPLY_STAT:
		add_header(v);
		add_server(v);
		add_safe_field(v, reply->key);
		buf_add_char(v->out, ',');
		add_safe_field(v, reply->value);
		buf_add_char(v->out, '\n');
		break;
	case REPLY_END:
		add_header(v);
		break;
	case REPLY_LINE:
	case REPLY_STORED:
	case REPLY_NOT_STORED:
	case REPLY_EXISTS:
	case REPLY_NOT_FOUND:
	case REPLY_DELETED:
	case REPLY_TOUCHED:
	case REPLY_OK:
	case REPLY_RESET:
	case REPLY_NUMBER:
	case REPLY_VERSION:
	case REPLY_ERROR:
	case REPLY_CLIENT_ERROR:
	case REPLY_SERVER_ERROR:
	case REPLY_NONE:
	case REPLY_LOST:
		format_plain.reply(v, reply);
	}
}

const struct view_format format_csv = {csv_begin, csv_reply, NULL};
