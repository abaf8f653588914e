#include "view/format/format.h"

#include "base/quote.h"
#include "base/xalloc.h"
#include "codec/codec.h"
#include "view/text/fit.h"

#include <stdlib.h>

bool view_asks_values(const struct view *v)
{
	enum verb verb = v->question.request->verb;
	return verb == VERB_GET || verb == VERB_GETS || verb == VERB_GAT || verb == VERB_GATS;
}

bool view_config_next(struct slice *rest, struct slice *word)
{
	size_t len = 0;
	*rest = slice_trim(*rest);
	while (len < rest->len && !memchr(" \t\r\n", rest->data[len], 4))
		len++;
	*word = slice_of(rest->data, len);
	*rest = slice_skip(*rest, len);
	return len > 0;
}

bool view_is_config(const struct view *v, const struct reply *reply)
{
	return v->question.request->verb == VERB_CONFIG && reply->kind == REPLY_LINE;
}

bool view_asks_cas(const struct view *v)
{
	enum verb verb = v->question.request->verb;
	return verb == VERB_GETS || verb == VERB_GATS;
}

bool view_shows_keys(const struct view *v)
{
	return v->question.keyed || v->question.request->key_count != 1;
}

bool view_meaning(const struct style *style, const struct reply *reply, struct decoded *d)
{
	const struct codec *p = style->profile;
	*d = (struct decoded){0};
	if (!p)
		return false;
	codec_decode(p, reply->flags, reply->value, style->inflate_max, d);
	if (d->problem[0] || d->container || d->serialiser)
		return true;
	if (d->type != DECODED_BYTES && d->type != DECODED_TEXT)
		return true;
	if (reply->flags != 0 && (p->guesses || !decoded_by_content(d)))
		return true;
	return d->type == DECODED_TEXT && !slice_eq(buf_slice(&d->text), reply->value);
}

struct slice view_inside(const struct decoded *d, struct slice stored)
{
	bool read = d->container && (d->bytes.len > 0 || !d->problem[0]);
	return read ? buf_slice(&d->bytes) : stored;
}

static bool is_shown_as_stored(const struct codec *p, const struct reply *reply)
{
	return !p || (p->guesses && reply->flags == 0);
}

struct slice view_plain_meaning(struct view *v, const struct reply *reply, const struct decoded *d)
{
	const struct codec *p = v->style->profile;
	if (is_shown_as_stored(p, reply) || !d || (p->guesses && decoded_by_content(d)))
		return reply->value;
	if (d->problem[0]) {
		if (v->complain)
			v->complain(v->complain_ctx, reply->key, d->problem);
		return reply->value;
	}
	if (d->type == DECODED_BYTES || d->type == DECODED_SERIALISED)
		return view_inside(d, reply->value);
	return buf_slice(&d->text);
}

struct slice view_plain_value(struct view *v, const struct reply *reply, struct decoded *d)
{
	*d = (struct decoded){0};
	bool means = !is_shown_as_stored(v->style->profile, reply) &&
	             view_meaning(v->style, reply, d);
	return view_plain_meaning(v, reply, means ? d : NULL);
}

struct slice view_next_piece(struct slice *rest)
{
	size_t n = fit_bytes(*rest, VIEW_PIECE);
	/* What stands before a line feed is escaped or not as it is known whether one follows. */
	while (n > 1 && n < rest->len && rest->data[n - 1] == '\r')
		n--;
	struct slice piece = slice_of(rest->data, n);
	*rest = slice_skip(*rest, n);
	return piece;
}

void view_add_pieces(struct view *v, void (*add)(struct buf *out, struct slice piece),
                     struct slice text)
{
	while (text.len > VIEW_PIECE) {
		add(v->out, view_next_piece(&text));
		view_drain(v);
	}
	add(v->out, text);
}

void view_add_bytes(struct buf *out, struct slice bytes)
{
	buf_add_slice(out, bytes);
}

void view_add_label(struct view *v)
{
	if (!v->question.label)
		return;
	escape_add_field(v->out, slice_str(v->question.server));
	buf_add_char(v->out, '\t');
}

static void mark_seen(struct view *v, const struct reply *reply)
{
	size_t count = v->question.request->key_count;
	v->values++;
	if (count < 2)
		return;
	if (v->seen.len != count) {
		buf_clear(&v->seen);
		buf_add_repeat(&v->seen, 0, count);
	}
	if (reply->key_index < v->seen.len)
		v->seen.data[reply->key_index] = 1;
}

bool view_was_seen(const struct view *v, size_t key_index)
{
	if (v->question.request->key_count == 1)
		return v->values > 0;
	return key_index < v->seen.len && v->seen.data[key_index] != 0;
}

static int compare_keys(const void *a, const void *b, void *keys)
{
	const struct slice *x = (const struct slice *)keys + *(const size_t *)a,
			   *y = (const struct slice *)keys + *(const size_t *)b;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->len ? memcmp(x->data, y->data, x->len) : 0;
}

/* Of a key that was asked several times one value may have come: it answers all of them. Only where
 * something is missing is that worth the sorting, and all else is not to pay for it. */
static __attribute__((noinline)) void spread_seen(struct view *v)
{
	const struct request *r = v->question.request;
	size_t count = r->key_count;
	if (!view_asks_values(v) || v->seen.len != count || !memchr(v->seen.data, 0, count))
		return;
	size_t *order = xreallocarray(NULL, count, sizeof(*order));
	for (size_t i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof(*order), compare_keys, (void *)(uintptr_t)r->keys);
	for (size_t from = 0, to; from < count; from = to) {
		char seen = 0;
		for (to = from; to < count && slice_eq(r->keys[order[to]], r->keys[order[from]]);
		     to++)
			seen |= v->seen.data[order[to]];
		while (from < to)
			v->seen.data[order[from++]] = seen;
	}
	free(order);
}

void view_count(struct view *v, const struct reply *reply)
{
	if (reply->kind == REPLY_VALUE)
		mark_seen(v, reply);
	else if (reply->kind == REPLY_LINE)
		v->lines++;
	else if (reply->kind == REPLY_END && v->question.request->key_count > 1)
		spread_seen(v);
}

size_t view_misses(const struct view *v)
{
	size_t asked = v->question.request->key_count, missed = 0;
	if (v->values == 0)
		return asked;
	for (size_t i = 0; i < v->seen.len; i++)
		missed += v->seen.data[i] == 0;
	return missed;
}
