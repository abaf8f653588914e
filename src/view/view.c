#include "view/view.h"

#include "view/format/format.h"
#include "view/format/meta.h"

static const struct view_format *format_choose(const struct view *v)
{
	enum format format = v->style->format;
	/* A redirected value arrives byte for byte, whatever the answers on the screen look like.
	 */
	if (v->style->value_bytes && (format == FORMAT_PRETTY || format == FORMAT_PLAIN) &&
	    ((view_asks_values(v) && !view_asks_cas(v) && !view_shows_keys(v)) ||
	     view_asks_meta_value(v)))
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

void view_init(struct view *v, const struct style *style, struct buf *out)
{
	*v = (struct view){.style = style, .out = out};
}

void view_release(struct view *v)
{
	buf_release(&v->arena);
	json_stats_release(&v->stats);
	buf_release(&v->seen);
	buf_release(&v->shared);
}

void view_begin(struct view *v, const struct question *question)
{
	v->question = *question;
	v->values = 0;
	v->lines = 0;
	v->kept = 0;
	v->overflow = false;
	v->streams = false;
	v->tail_open = false;
	v->key_width = 0;
	buf_clear(&v->arena);
	json_stats_clear(&v->stats);
	buf_clear(&v->seen);
	if (v->shared.len > 0 && (!question->label || question->part == 0))
		buf_clear(&v->shared);
	v->format = format_choose(v);
	if (v->format->begin)
		v->format->begin(v);
}

void view_reply(struct view *v, const struct reply *reply)
{
	bool line = reply->kind == REPLY_STAT || reply->kind == REPLY_LINE;
	if (line && v->overflow)
		return;
	view_count(v, reply);
	v->arena.max = v->shared.max = line ? v->style->gather_max : 0;
	v->format->reply(v, reply);
	if (line && (v->arena.full || v->shared.full ||
	             json_stats_exceed(&v->stats, v->style->gather_max))) {
		v->overflow = true;
		json_stats_clear(&v->stats);
		v->kept = v->lines = 0;
		buf_clear(&v->arena);
		buf_clear(&v->shared);
	}
}

void view_end_parts(struct view *v, enum status status)
{
	if (v->format->end_parts)
		v->format->end_parts(v, status);
}
