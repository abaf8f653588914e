#include "view/format/meta.h"

#include "base/base64.h"
#include "base/number.h"
#include "base/quote.h"
#include "proto/attributes.h"
#include "proto/item_state.h"
#include "proto/meta.h"
#include "proto/meta_flags.h"
#include "view/format/format.h"
#include "view/format/json_stats.h"
#include "view/text/csv_write.h"
#include "view/text/json_write.h"

#include <limits.h>

bool view_asks_meta(const struct view *v)
{
	return request_expects(v->question.request) == EXPECT_META;
}

bool view_asks_meta_value(const struct view *v)
{
	const struct request *r = v->question.request;
	if (r->verb != VERB_MG || !meta_asks(r, 'v'))
		return false;
	for (const struct meta_flag *f = meta_flags; f->letter; f++) {
		if (f->name && meta_flag_find(SLICE("mg"), f->letter) && meta_asks(r, f->letter))
			return false;
	}
	return true;
}

bool meta_is_silence(const struct reply *reply)
{
	return reply->wire.len == 0;
}

/* The token of the flag LETTER in REPLY; false: it has none. */
static bool find_flag(const struct view *v, const struct reply *reply, char letter,
                      struct slice *token)
{
	struct slice rest = meta_reply_flags(reply), flag;
	while (meta_next_flag(v->question.request, &rest, &flag)) {
		if (flag.data[0] == letter) {
			*token = slice_skip(flag, 1);
			return true;
		}
	}
	return false;
}

struct reply meta_as_value(const struct view *v, const struct reply *reply)
{
	struct reply value = *reply;
	struct slice token;
	uint64_t n;
	if (find_flag(v, reply, 'f', &token) && number_parse_u64(token, &n) == NUMBER_OK)
		value.flags = n;
	if (v->question.request->key_count > 0)
		value.key = v->question.request->keys[0];
	return value;
}

/* The key of a flag k, out of its base64 where REPLY says so. */
void meta_add_key(struct buf *out, const struct view *v, const struct reply *reply,
                  struct slice key)
{
	struct slice ignored;
	if (!find_flag(v, reply, 'b', &ignored) || !base64_decode(out, key))
		buf_add_slice(out, key);
}

/* The members of ME, after its key. */
struct slice meta_item_members(const struct reply *reply, struct slice *key)
{
	struct slice rest = meta_reply_flags(reply);
	*key = slice_take(&rest, ' ');
	return rest;
}

static void plain_item(struct view *v, const struct reply *reply)
{
	struct slice key, rest = meta_item_members(reply, &key);
	struct attribute a;
	view_add_label(v);
	buf_add_str(v->out, "key\t");
	escape_add_field(v->out, v->question.request->keys[0]);
	buf_add_char(v->out, '\n');
	while (attribute_next(&rest, &a)) {
		view_add_label(v);
		escape_add_field(v->out, a.name);
		buf_add_char(v->out, '\t');
		escape_add_field(v->out, a.value);
		buf_add_char(v->out, '\n');
	}
}

static void plain_flags(struct view *v, const struct reply *reply)
{
	struct slice rest = meta_reply_flags(reply), flag;
	struct buf key = BUF_INIT;
	while (meta_next_flag(v->question.request, &rest, &flag)) {
		if (flag.data[0] == 'b')
			continue;
		buf_add_char(v->out, '\t');
		if (flag.data[0] != 'k') {
			escape_add_field(v->out, flag);
			continue;
		}
		buf_clear(&key);
		meta_add_key(&key, v, reply, slice_skip(flag, 1));
		buf_add_char(v->out, 'k');
		escape_add_field(v->out, buf_slice(&key));
	}
	buf_release(&key);
}

void meta_plain(struct view *v, const struct reply *reply)
{
	struct decoded decoded;
	if (reply->kind == REPLY_EN || reply->kind == REPLY_QUIET)
		return;
	if (reply->kind == REPLY_ME) {
		plain_item(v, reply);
		return;
	}
	view_add_label(v);
	if (reply->kind == REPLY_VA) {
		struct reply value = meta_as_value(v, reply);
		struct slice text = view_plain_value(v, &value, &decoded);
		struct slice rest = meta_reply_flags(reply), flag;
		bool alone = !v->question.label && !v->style->fields &&
		             !meta_next_flag(v->question.request, &rest, &flag);
		view_add_pieces(v, alone ? escape_add_text : escape_add_field, text);
		decoded_release(&decoded);
	} else {
		buf_add_str(v->out, reply_word(reply->kind));
	}
	plain_flags(v, reply);
	buf_add_char(v->out, '\n');
}

/* The value of a flag's member: a number, true, or a string. */
static void json_flag(struct view *v, const struct reply *reply, const struct meta_flag *f,
                      struct slice token)
{
	struct buf *out = v->out, key = BUF_INIT;
	switch (f->letter) {
	case 'k':
		meta_add_key(&key, v, reply, token);
		json_bytes_member(out, f->name, "key_encoding", buf_slice(&key));
		break;
	case 'O':
		json_bytes_member(out, f->name, "opaque_encoding", token);
		break;
	case 'h':
		json_name(out, f->name);
		buf_add_str(out, slice_eq_str(token, "0") ? "false" : "true");
		break;
	case 'W':
	case 'X':
	case 'Z':
		json_name(out, f->name);
		buf_add_str(out, "true");
		break;
	default:
		json_name(out, f->name);
		json_number_or_string(out, token);
	}
	buf_release(&key);
}

static void json_flags(struct view *v, const struct reply *reply)
{
	struct slice rest = meta_reply_flags(reply), flag;
	bool seen[UCHAR_MAX + 1] = {false};
	json_open_member(v->out, "meta", '{');
	while (meta_next_flag(v->question.request, &rest, &flag)) {
		const struct meta_flag *f = meta_flag_answered(flag.data[0]);
		bool *again = &seen[(unsigned char)flag.data[0]];
		if (*again)
			continue;
		*again = true;
		if (f && f->name) {
			json_flag(v, reply, f, slice_skip(flag, 1));
		} else if (!f && flag.data[0] > ' ' && flag.data[0] < 0x7f && flag.data[0] != '"' &&
		           flag.data[0] != '\\') {
			char name[] = {flag.data[0], '\0'};
			json_bytes_member(v->out, name, NULL, slice_skip(flag, 1));
		}
	}
	buf_add_char(v->out, '}');
}

static void json_item(struct view *v, const struct reply *reply)
{
	struct json_stats members = {0};
	struct buf ttl = BUF_INIT;
	struct slice key, rest = meta_item_members(reply, &key);
	struct attribute a;
	while (attribute_next(&rest, &a)) {
		json_stats_add(&members, a.name, a.value);
		if (ttl.len > 0 || !slice_eq_str(a.name, "exp"))
			continue;
		buf_add_i64(&ttl, item_seconds_left(a.value));
		json_stats_add(&members, slice_str("ttl"), buf_slice(&ttl));
	}
	json_stats_write(&members, "item", v->out);
	json_stats_release(&members);
	buf_release(&ttl);
}

void meta_json(struct view *v, const struct reply *reply)
{
	if (meta_is_silence(reply))
		buf_add_str(v->out, ",\"silent\":true");
	if (reply->kind == REPLY_VA && v->question.request->verb != VERB_MG) {
		json_name(v->out, "number");
		json_number_or_string(v->out, slice_trim(reply->value));
	}
	if (reply->kind == REPLY_ME)
		json_item(v, reply);
	else if (!meta_is_silence(reply) && reply->kind != REPLY_MN)
		json_flags(v, reply);
}

const char *meta_csv_header(const struct view *v)
{
	return v->question.request->verb == VERB_ME
	           ? "key,exp,la,cas,fetch,cls,size\n"
	           : "key,reply,bytes,value,encoding,cas,flags,hit,idle,size,ttl,opaque,won,stale,"
	             "fetching\n";
}

static void csv_item(struct view *v, const struct reply *reply)
{
	static const char *const names[] = {"exp", "la", "cas", "fetch", "cls", "size"};
	struct slice key, members = meta_item_members(reply, &key);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct slice value = {0}, rest = members;
		struct attribute a;
		while (value.len == 0 && attribute_next(&rest, &a)) {
			if (slice_eq_str(a.name, names[i]))
				value = a.value;
		}
		buf_add_char(v->out, ',');
		csv_add_safe(v->out, v->style, value);
	}
}

static void csv_value(struct view *v, const struct reply *reply)
{
	struct decoded decoded;
	struct reply value = meta_as_value(v, reply);
	struct slice text = view_plain_value(v, &value, &decoded);
	buf_add_u64(v->out, reply->value.len);
	buf_add_char(v->out, ',');
	if (bytes_are_text(text)) {
		csv_add_data(v->out, v->style, text);
		buf_add_char(v->out, ',');
	} else {
		base64_add(v->out, text);
		buf_add_str(v->out, ",base64");
	}
	decoded_release(&decoded);
}

void meta_csv_row(struct view *v, const struct reply *reply)
{
	static const char columns[] = "cfhlstOWXZ";
	csv_add_safe(v->out, v->style, v->question.request->keys[0]);
	if (v->question.request->verb == VERB_ME) {
		csv_item(v, reply);
		buf_add_char(v->out, '\n');
		return;
	}
	buf_add_char(v->out, ',');
	if (!meta_is_silence(reply))
		buf_add_str(v->out, reply_word(reply->kind));
	buf_add_char(v->out, ',');
	if (reply->kind == REPLY_VA)
		csv_value(v, reply);
	else
		buf_add_str(v->out, ",,");
	for (const char *c = columns; *c; c++) {
		struct slice token;
		buf_add_char(v->out, ',');
		if (!find_flag(v, reply, *c, &token))
			continue;
		if (*c == 'W' || *c == 'X' || *c == 'Z')
			buf_add_str(v->out, "1");
		else
			csv_add_safe(v->out, v->style, token);
	}
	buf_add_char(v->out, '\n');
}
