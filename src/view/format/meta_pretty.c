/* The answers to meta commands for eyes. */
#include "view/format/meta.h"

#include "base/number.h"
#include "base/quote.h"
#include "proto/attributes.h"
#include "proto/item_state.h"
#include "proto/meta.h"
#include "view/format/pretty_line.h"
#include "view/text/paint.h"
#include "view/text/time.h"

/* "expires in 1 min 39 s, 2026-11-26 15:31:01 UTC" */
static void add_expiry(struct buf *out, const struct style *style, int64_t seconds)
{
	if (seconds < 0) {
		buf_add_str(out, "never expires");
		return;
	}
	buf_addf(out, "expires in %s", span_text((uint64_t)seconds).s);
	if (style->now > 0)
		buf_addf(out, ", %s", date_text((uint64_t)(style->now + seconds)).s);
}

static void add_idle(struct buf *out, uint64_t seconds)
{
	buf_add_str(out, seconds == 0 ? "used just now" : "last used ");
	if (seconds == 0)
		return;
	buf_addf(out, "%s ago", span_text(seconds).s);
}

static void add_named(struct buf *out, const char *name, struct slice token)
{
	buf_addf(out, "%s ", name);
	escape_add_field(out, token);
}

static void add_remark(struct buf *out, const struct view *v, const struct reply *reply,
                       char letter, struct slice token)
{
	struct buf text = BUF_INIT;
	uint64_t n = 0;
	int64_t signed_n = 0;
	number_parse_u64(token, &n);
	switch (letter) {
	case 'c':
		add_named(out, "cas", token);
		break;
	case 'f':
		add_named(out, "flags", token);
		break;
	case 'h':
		buf_add_str(out, slice_eq_str(token, "0") ? "not read before" : "read before");
		break;
	case 'k':
		meta_add_key(&text, v, reply, token);
		buf_add_str(out, "key ");
		quote_add_word(out, buf_slice(&text));
		break;
	case 'l':
		add_idle(out, n);
		break;
	case 'O':
		add_named(out, "opaque", token);
		break;
	case 's':
		buf_add_str(out, count_text(n, " byte", " bytes").s);
		break;
	case 't':
		if (number_parse_i64(token, &signed_n) == NUMBER_OK)
			add_expiry(out, v->style, signed_n);
		break;
	case 'W':
		buf_add_str(out, "won: it is yours to fetch");
		break;
	case 'X':
		buf_add_str(out, "stale");
		break;
	case 'Z':
		buf_add_str(out, "someone else is fetching it");
		break;
	default:
		escape_add_field(out, slice_of(&letter, 1));
		escape_add_field(out, token);
	}
	buf_release(&text);
}

/* What the line says by itself: the value's length, the flags that are not 0, that k is base64. */
static bool goes_without_saying(const struct reply *reply, char letter, struct slice token)
{
	return letter == 'b' || (reply->kind == REPLY_VA &&
	                         (letter == 's' || (letter == 'f' && !slice_eq_str(token, "0"))));
}

void meta_add_remarks(struct buf *out, const struct view *v, const struct reply *reply)
{
	struct slice rest = meta_reply_flags(reply), flag;
	while (meta_next_flag(v->question.request, &rest, &flag)) {
		struct slice token = slice_skip(flag, 1);
		if (goes_without_saying(reply, flag.data[0], token))
			continue;
		buf_add_str(out, out->len > 0 ? ", " : "");
		add_remark(out, v, reply, flag.data[0], token);
	}
}

/* What it means that the command was carried out. */
static const char *done_phrase(const struct request *request)
{
	switch (request->verb) {
	case VERB_MG:
		return "it is in the cache";
	case VERB_MS:
		return "stored";
	case VERB_MD:
		return meta_asks(request, 'I')   ? "marked stale"
		       : meta_asks(request, 'x') ? "its value was removed"
		                                 : "deleted";
	default:
		return "done";
	}
}

/* The mode of a typed ms, 'S' unless it is given. */
static char mode_of(const struct request *request)
{
	struct slice rest = request->text, word;
	while ((word = slice_take(&rest, ' ')).len > 0) {
		if (word.len == 2 && word.data[0] == 'M')
			return word.data[1];
	}
	return 'S';
}

static const char *why_not(const struct request *request, enum reply_kind kind)
{
	if (kind == REPLY_EX)
		return "its cas number is another by now";
	if (kind == REPLY_NS && mode_of(request) == 'E')
		return "the key exists already";
	if (kind == REPLY_NF || mode_of(request) == 'R' || mode_of(request) == 'A' ||
	    mode_of(request) == 'P')
		return "no such key";
	return "not stored";
}

static void add_item_remark(struct buf *out, const struct view *v, const struct attribute *a)
{
	uint64_t n = 0;
	bool number = number_parse_u64(a->value, &n) == NUMBER_OK;
	buf_add_str(out, out->len > 0 ? ", " : "");
	if (slice_eq_str(a->name, "exp")) {
		add_expiry(out, v->style, item_seconds_left(a->value));
	} else if (slice_eq_str(a->name, "la") && number) {
		add_idle(out, n);
	} else if (slice_eq_str(a->name, "fetch")) {
		buf_add_str(out, slice_eq_str(a->value, "yes") ? "read before" : "not read before");
	} else if (slice_eq_str(a->name, "cls")) {
		add_named(out, "slab class", a->value);
	} else if (slice_eq_str(a->name, "size") && number) {
		buf_add_str(out, count_text(n, " byte of memory", " bytes of memory").s);
	} else {
		escape_add_field(out, a->name);
		add_named(out, "", a->value);
	}
}

static void pretty_item(struct view *v, const struct reply *reply)
{
	struct buf remarks = BUF_INIT;
	struct slice key, rest = meta_item_members(reply, &key);
	struct attribute a;
	while (attribute_next(&rest, &a))
		add_item_remark(&remarks, v, &a);
	pretty_label(v);
	paint_slice(v->out, v->style->color, PAINT_KEY, quote_add_word,
	            v->question.request->keys[0]);
	pretty_note(v, buf_cstr(&remarks));
	pretty_end_line(v, reply->timing);
	buf_release(&remarks);
}

static void pretty_word(struct view *v, const struct reply *reply, enum paint paint,
                        const char *word, const char *phrase)
{
	struct buf remarks = BUF_INIT;
	buf_add_str(&remarks, phrase);
	if (meta_is_silence(reply))
		buf_add_str(&remarks, ", as the silence says");
	meta_add_remarks(&remarks, v, reply);
	pretty_label(v);
	paint_add(v->out, v->style->color, paint, word);
	pretty_note(v, buf_cstr(&remarks));
	if (paint == PAINT_MISS && reply->kind != REPLY_NS && reply->kind != REPLY_EX)
		pretty_note_pattern(v);
	pretty_end_line(v, reply->timing);
	buf_release(&remarks);
}

static void pretty_miss(struct view *v, const struct reply *reply)
{
	struct buf phrase = BUF_INIT;
	quote_add_word(&phrase, v->question.request->keys[0]);
	buf_add_str(&phrase, " is not in the cache");
	pretty_word(v, reply, PAINT_MISS, "(miss)", buf_cstr(&phrase));
	buf_release(&phrase);
}

/* The new number of ma. */
static void pretty_number(struct view *v, const struct reply *reply)
{
	struct buf remarks = BUF_INIT;
	meta_add_remarks(&remarks, v, reply);
	pretty_label(v);
	paint_slice(v->out, v->style->color, PAINT_NUMBER, escape_add_field, reply->value);
	pretty_note(v, buf_cstr(&remarks));
	pretty_end_line(v, reply->timing);
	buf_release(&remarks);
}

void meta_pretty(struct view *v, const struct reply *reply)
{
	const struct request *request = v->question.request;
	switch (reply->kind) {
	case REPLY_VA:
		pretty_number(v, reply);
		break;
	case REPLY_EN:
		pretty_miss(v, reply);
		break;
	case REPLY_ME:
		pretty_item(v, reply);
		break;
	case REPLY_MN:
		pretty_word(v, reply, PAINT_GOOD, "MN", "all before it was answered");
		break;
	case REPLY_HD:
		pretty_word(v, reply, PAINT_GOOD, "HD", done_phrase(request));
		break;
	case REPLY_QUIET:
		pretty_word(v, reply, PAINT_DIM, "no answer", done_phrase(request));
		break;
	default:
		pretty_word(v, reply, PAINT_MISS, reply_word(reply->kind),
		            why_not(request, reply->kind));
	}
}
