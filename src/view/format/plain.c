/*
 * The formats for pipes.
 *
 * plain  get, gat, one key: the value, escaped like text (escape_add_text), and a line feed.
 *        Several keys, a line each: key, tab, value. gets, gats: key, tab, cas unique, tab,
 *        value, for one key too; the cas is empty where the server sent none. Storage words and the
 * like as the server spells them; incr and decr: the number; version: its text; stats: name, tab,
 * value. Fields are escaped by escape_add_field, so that a line stays a line. With a label every
 * line begins with the server and a tab, and a value is a field. A miss, a noreply and an error
 * print nothing. A value that its flags say to be compressed or of a type is printed as what it
 * means (view_plain_value): "42" for an int however it is stored, a text out of its zlib stream.
 *        Serialised objects stay bytes. Where the style has fields, a value alone and what .raw
 *        received are fields too.
 * raw    values are their bytes as stored, one after the other; the rest is as in plain.
 * bytes  one value that is redirected: what plain prints, byte for byte and nothing added.
 * wire   every reply, errors too, is the bytes that came.
 *
 * Scripts come through here a million times: nothing is allocated beyond the output, and nothing
 * is printed by way of a format string.
 */
#include "view/format/format.h"

#include "base/quote.h"
#include "view/format/meta.h"

/* What may be a line of its own or several. */
static void add_text(struct view *v, struct slice text)
{
	view_add_pieces(v, v->style->fields ? escape_add_field : escape_add_text, text);
}

static void plain_value(struct view *v, const struct reply *reply)
{
	struct decoded decoded;
	struct slice value = view_plain_value(v, reply, &decoded);
	bool cas = view_asks_cas(v), keyed = cas || view_shows_keys(v);
	view_add_label(v);
	if (keyed) {
		escape_add_field(v->out, reply->key);
		buf_add_char(v->out, '\t');
	}
	if (cas) {
		if (reply->has_cas)
			buf_add_u64(v->out, reply->cas);
		buf_add_char(v->out, '\t');
	}
	if (keyed || v->question.label)
		view_add_pieces(v, escape_add_field, value);
	else
		add_text(v, value);
	buf_add_char(v->out, '\n');
	decoded_release(&decoded);
}

/* The version, then a line a node. */
static void add_config(struct view *v, struct slice text)
{
	struct slice word;
	while (view_config_next(&text, &word)) {
		view_add_label(v);
		escape_add_field(v->out, word);
		buf_add_char(v->out, '\n');
	}
}

static void plain_reply(struct view *v, const struct reply *reply)
{
	switch (reply->kind) {
	case REPLY_VALUE:
		plain_value(v, reply);
		return;
	case REPLY_STAT:
		view_add_label(v);
		escape_add_field(v->out, reply->key);
		buf_add_char(v->out, '\t');
		escape_add_field(v->out, reply->value);
		break;
	case REPLY_LINE:
		if (view_is_config(v, reply)) {
			add_config(v, reply->value);
			return;
		}
		view_add_label(v);
		add_text(v, reply->value);
		break;
	case REPLY_NUMBER:
		view_add_label(v);
		buf_add_u64(v->out, reply->number);
		break;
	case REPLY_VERSION:
		view_add_label(v);
		escape_add_field(v->out, reply->value);
		break;
	case REPLY_END:
	case REPLY_ERROR:
	case REPLY_CLIENT_ERROR:
	case REPLY_SERVER_ERROR:
	case REPLY_REFUSED:
	case REPLY_NONE:
	case REPLY_LOST:
		return;
	default: /* STORED and its like */
		if (view_asks_meta(v)) {
			meta_plain(v, reply);
			return;
		}
		view_add_label(v);
		buf_add_str(v->out, reply_word(reply->kind));
	}
	buf_add_char(v->out, '\n');
}

static void raw_reply(struct view *v, const struct reply *reply)
{
	if (reply->kind == REPLY_VALUE || reply->kind == REPLY_VA)
		view_add_pieces(v, view_add_bytes, reply->value);
	else
		plain_reply(v, reply);
}

static void bytes_reply(struct view *v, const struct reply *reply)
{
	if (reply->kind != REPLY_VALUE && reply->kind != REPLY_VA) {
		plain_reply(v, reply);
		return;
	}
	struct decoded decoded;
	struct reply value = *reply;
	if (reply->kind == REPLY_VA)
		value = meta_as_value(v, reply);
	view_add_pieces(v, view_add_bytes, view_plain_value(v, &value, &decoded));
	decoded_release(&decoded);
}

static void wire_reply(struct view *v, const struct reply *reply)
{
	view_add_pieces(v, view_add_bytes, reply->wire);
}

const struct view_format format_plain = {NULL, plain_reply, NULL};
const struct view_format format_raw = {NULL, raw_reply, NULL};
const struct view_format format_bytes = {NULL, bytes_reply, NULL};
const struct view_format format_wire = {NULL, wire_reply, NULL};
