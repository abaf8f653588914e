/*
 * The values of a get for eyes. One key: the value and a few remarks, in the form that suits it;
 * below it what is wrong with it, and what a profile that guesses went by. A value whose profile
 * says its type is shown as that, and the type is the first remark.
 */
#include "view/format/pretty_values.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "view/format/format.h"
#include "view/format/pretty_line.h"
#include "view/format/pretty_list.h"
#include "view/format/pretty_shown.h"
#include "view/text/paint.h"
#include "view/text/wrap.h"
#include "view/value.h"

/* Columns that a time takes as the last remark, ", 0.084 ms". */
#define TIME_COLUMNS 10

static void add_one_line(struct view *v, const struct shown *s, enum value_form form,
                         const char *kind, const char *remarks, size_t reserved)
{
	size_t from = v->out->len;
	value_add(v->out, v->style, form, s->value);
	/* Remarks that would be torn by the end of the line go below it. Escape sequences take no
	 * columns, so with colours this measures too much by a constant. */
	size_t painted = v->style->color ? sizeof("\033[32m\033[0m") - 1 : 0;
	size_t columns = utf8_columns(slice_of(v->out->data + from, v->out->len - from)) - painted;
	if (form != VALUE_JSON_LINE && columns + reserved > v->style->columns)
		buf_add_char(v->out, '\n');
	if (*kind)
		pretty_note(v, kind);
	pretty_note(v, remarks);
}

static void add_many_lines(struct view *v, const struct shown *s, enum value_form form,
                           const char *kind, const char *remarks)
{
	struct buf *out = v->out;
	paint_on(out, v->style->color, PAINT_DIM);
	buf_add_char(out, '<');
	buf_add_str(out, kind);
	buf_add_str(out, ", ");
	if (form == VALUE_LINES) {
		shown_add_count(out, value_lines(s->value), " line", " lines");
		buf_add_str(out, ", ");
	}
	buf_add_str(out, remarks);
	buf_add_char(out, '>');
	paint_off(out, v->style->color, PAINT_DIM);
	buf_add_char(out, '\n');
	value_add(out, v->style, form, s->value);
}

/* A line of running text for below the value, kept until its own has ended. */
static void keep_note(struct view *v, enum paint paint, const char *text)
{
	if (!*text)
		return;
	paint_on(&v->arena, v->style->color, paint);
	wrap_add(&v->arena, slice_str(text), 0, 0, v->style->columns);
	v->arena.len--; /* the line feed follows the colour */
	paint_off(&v->arena, v->style->color, paint);
	buf_add_char(&v->arena, '\n');
}

static void keep_notes(struct view *v, const struct shown *s)
{
	keep_note(v, PAINT_BAD, s->decoded.problem);
	keep_note(v, PAINT_DIM, s->decoded.why);
}

static void add_single(struct view *v, const struct reply *reply)
{
	struct shown s;
	struct buf remarks = BUF_INIT, kind = BUF_INIT;
	shown_read(&s, v, reply);
	shown_add_remarks(&remarks, &s, reply);
	size_t label = v->question.label ? utf8_columns(slice_str(v->question.server)) + 2 : 0;
	size_t reserved = label + remarks.len + sizeof("  ()") - 1 +
	                  (v->style->timing == TIMING_ON ? TIME_COLUMNS : 0);
	shown_add_kind(&kind, &s, VALUE_JSON_LINE);
	enum value_form form = shown_form(&s, v->style, reserved + kind.len + 2);
	buf_clear(&kind);
	shown_add_kind(&kind, &s, form);
	reserved += kind.len > 0 ? kind.len + 2 : 0;
	if (form == VALUE_BINARY || form == VALUE_JSON || form == VALUE_LINES) {
		pretty_heading(v);
		add_many_lines(v, &s, form, buf_cstr(&kind), buf_cstr(&remarks));
	} else {
		pretty_label(v);
		add_one_line(v, &s, form, buf_cstr(&kind), buf_cstr(&remarks), reserved);
	}
	if (s.has_meaning)
		keep_notes(v, &s);
	buf_release(&remarks);
	buf_release(&kind);
	shown_release(&s);
}

static void add_miss(struct view *v, const struct reply *reply)
{
	pretty_label(v);
	paint_add(v->out, v->style->color, PAINT_MISS, "(miss)");
	struct buf note = BUF_INIT;
	quote_add_word(&note, v->question.request->keys[0]);
	buf_add_str(&note, " is not in the cache");
	pretty_note(v, buf_cstr(&note));
	pretty_end_line(v, reply->timing);
	buf_release(&note);
}

static void end_single(struct view *v, const struct timing *timing)
{
	bool one_line = v->tail_open;
	if (one_line)
		pretty_end_line(v, timing);
	buf_add_slice(v->out, buf_slice(&v->arena));
	buf_clear(&v->arena);
	if (!one_line)
		pretty_time_line(v, timing);
}

void pretty_value(struct view *v, const struct reply *reply)
{
	if (view_shows_keys(v))
		pretty_list_keep(v, reply);
	else
		add_single(v, reply);
}

void pretty_values_end(struct view *v, const struct reply *reply)
{
	if (view_shows_keys(v))
		pretty_list_end(v, reply);
	else if (v->values > 0)
		end_single(v, reply->timing);
	else if (reply->kind == REPLY_END)
		add_miss(v, reply);
}
