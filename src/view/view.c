#include "view/view.h"

#include "view/profile.h"
#include "view/view_format.h"

void view_init(struct view *v, const struct style *style, struct buf *out)
{
	*v = (struct view){.style = style, .out = out};
}

void view_release(struct view *v)
{
	buf_release(&v->arena);
	buf_release(&v->seen);
}

bool view_asks_values(const struct view *v)
{
	enum verb verb = v->question.request->verb;
	return verb == VERB_GET || verb == VERB_GETS || verb == VERB_GAT || verb == VERB_GATS;
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

void view_mark_seen(struct view *v, const struct reply *reply)
{
	size_t count = v->question.request->key_count;
	if (v->seen.len != count) {
		buf_clear(&v->seen);
		buf_add_repeat(&v->seen, 0, count);
	}
	if (reply->key_index < v->seen.len)
		v->seen.data[reply->key_index] = 1;
}

bool view_was_seen(const struct view *v, size_t key_index)
{
	return key_index < v->seen.len && v->seen.data[key_index] != 0;
}

/* No client was recognised: the content alone has decided. */
static bool by_content(const struct decoded *d)
{
	return d->profile == profiles[0]->name;
}

bool view_meaning(const struct style *style, const struct reply *reply, struct decoded *d)
{
	const struct profile *p = style->profile;
	*d = (struct decoded){0};
	if (!p)
		return false;
	p->decode(reply->flags, reply->value, style->inflate_max, d);
	if (d->problem[0] || d->container || d->serialiser)
		return true;
	if (d->type != DECODED_BYTES && d->type != DECODED_TEXT)
		return true;
	if (reply->flags != 0 && (p->guesses || !by_content(d)))
		return true;
	return d->type == DECODED_TEXT && !slice_eq(buf_slice(&d->text), reply->value);
}

struct slice view_inside(const struct decoded *d, struct slice stored)
{
	bool read = d->container && (d->bytes.len > 0 || !d->problem[0]);
	return read ? buf_slice(&d->bytes) : stored;
}

struct slice view_plain_value(struct view *v, const struct reply *reply, struct decoded *d)
{
	const struct profile *p = v->style->profile;
	if (!p || (p->guesses && reply->flags == 0)) {
		*d = (struct decoded){0};
		return reply->value;
	}
	if (!view_meaning(v->style, reply, d) || (p->guesses && by_content(d)))
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

static const struct view_format *choose(const struct view *v)
{
	enum format format = v->style->format;
	/* A redirected value arrives byte for byte, whatever the answers on the screen look like.
	 */
	if (v->style->value_bytes && (format == FORMAT_PRETTY || format == FORMAT_PLAIN) &&
	    view_asks_values(v) && !view_asks_cas(v) && !view_shows_keys(v))
		return &format_bytes;
	switch (format) {
	case FORMAT_PRETTY:
		return &format_pretty;
	case FORMAT_RAW:
		return &format_raw;
	case FORMAT_JSON:
		return &format_json;
	case FORMAT_CSV:
		return &format_csv;
	case FORMAT_WIRE:
		return &format_wire;
	case FORMAT_PLAIN:
		break;
	}
	return &format_plain;
}

void view_begin(struct view *v, const struct question *question)
{
	v->question = *question;
	v->values = 0;
	v->lines = 0;
	v->kept = 0;
	v->tail_open = false;
	v->key_width = 0;
	buf_clear(&v->arena);
	buf_clear(&v->seen);
	v->format = choose(v);
	if (v->format->begin)
		v->format->begin(v);
}

void view_reply(struct view *v, const struct reply *reply)
{
	if (reply->kind == REPLY_VALUE)
		v->values++;
	else if (reply->kind == REPLY_LINE)
		v->lines++;
	v->format->reply(v, reply);
}
