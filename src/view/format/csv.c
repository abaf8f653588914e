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
#include "base/base64.h"
#include "base/quote.h"
#include "view/format/formats.h"
#include "view/text/csv_write.h"
#include "view/text/json_write.h"

/* csv_add_data for a value, which may be long. */
static void add_text(struct view *v, struct slice text)
{
	const char *quote = csv_quote(v->style, text);
	buf_add_str(v->out, quote);
	view_add_pieces(v, *quote ? csv_add_quoted : view_add_bytes, text);
	if (*quote)
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
