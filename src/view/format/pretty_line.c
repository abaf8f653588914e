#include "view/format/pretty_line.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "view/format/format.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

void pretty_label(struct view *v)
{
	if (!v->question.label)
		return;
	paint_slice(v->out, v->style->color, PAINT_HEADING, escape_add_field,
	            slice_str(v->question.server));
	buf_add_str(v->out, "  ");
}

void pretty_heading(struct view *v)
{
	if (!v->question.label)
		return;
	if (v->question.part > 0)
		buf_add_char(v->out, '\n');
	paint_slice(v->out, v->style->color, PAINT_HEADING, escape_add_field,
	            slice_str(v->question.server));
	buf_add_char(v->out, '\n');
}

void pretty_note_pattern(struct view *v)
{
	const struct request *request = v->question.request;
	struct slice key = request->key_count > 0 ? request->keys[0] : SLICE("");
	if (key.len == 0 || !memchr(key.data, '*', key.len))
		return;
	switch (request->verb) {
	case VERB_DELETE:
	case VERB_MD:
		pretty_note(v, ".purge takes patterns");
		break;
	case VERB_TOUCH:
		pretty_note(v, ".touch takes patterns");
		break;
	default:
		pretty_note(v, ".keys takes patterns");
		break;
	}
}

/* Columns of what has been written of the last line. */
static size_t line_columns(const struct view *v)
{
	const char *lf = v->out->len > 0 ? memrchr(v->out->data, '\n', v->out->len) : NULL;
	size_t from = lf ? (size_t)(lf + 1 - v->out->data) : 0;
	return paint_columns(slice_skip(buf_slice(v->out), from));
}

/* Begins the notes of a line. FIRST is the width of the first: it stands beside the answer, or
 * below it where space is short. */
static void open_tail(struct view *v, size_t first)
{
	size_t column = line_columns(v);
	if (column > 0 && column + 3 + first > v->style->columns) {
		buf_add_char(v->out, '\n');
		column = 0;
	} else if (column > 0) {
		buf_add_str(v->out, "  ");
		column += 2;
	}
	paint_on(v->out, v->style->color, PAINT_DIM);
	buf_add_char(v->out, '(');
	v->tail_column = column + 1;
	v->tail_open = true;
}

void pretty_note(struct view *v, const char *text)
{
	struct slice rest = slice_str(text);
	for (bool follows = v->tail_open; rest.len > 0; follows = true) {
		const char *comma = memmem(rest.data, rest.len, ", ", 2);
		size_t n = comma ? (size_t)(comma - rest.data) : rest.len;
		struct slice piece = slice_of(rest.data, n);
		if (follows) {
			buf_add_char(v->out, ',');
			v->tail_column++;
		} else {
			open_tail(v, utf8_columns(piece) + 1);
		}
		/* The comma or the bracket that follows has a column too. */
		v->tail_column = wrap_piece(v->out, piece, follows ? " " : "", 1, v->tail_column,
		                            v->style->columns - 1);
		rest = slice_skip(rest, n + 2);
	}
}

void pretty_end_line(struct view *v, const struct timing *timing)
{
	if (timing && v->style->timing == TIMING_ON)
		pretty_note(v, timing_text(TIMING_ON, timing).s);
	if (v->tail_open) {
		buf_add_char(v->out, ')');
		paint_off(v->out, v->style->color, PAINT_DIM);
		v->tail_open = false;
	}
	buf_add_char(v->out, '\n');
	if (v->style->timing == TIMING_FULL)
		pretty_time_line(v, timing);
}

void pretty_time_line(struct view *v, const struct timing *timing)
{
	if (!timing || v->style->timing == TIMING_OFF)
		return;
	paint_add(v->out, v->style->color, PAINT_DIM, timing_text(v->style->timing, timing).s);
	buf_add_char(v->out, '\n');
}

/* Blanks between the tokens of a document may be line feeds and tabs. */
static bool stays_on_line(struct slice json)
{
	return !memchr(json.data, '\n', json.len) && !memchr(json.data, '\r', json.len) &&
	       !memchr(json.data, '\t', json.len);
}

/* Which of the decoded bytes and words are shown, and whether the type says how. */
static void choose(struct shown *s)
{
	const struct decoded *d = &s->decoded;
	struct slice stored = s->value, text = buf_slice(&d->text);
	switch (d->type) {
	case DECODED_BYTES:
		s->value = view_inside(d, stored);
		return;
	case DECODED_TEXT:
		/* Where nothing came out of a container, what is there is looked at. */
		s->value = text.len > 0 || !d->problem[0] ? text : stored;
		return;
	case DECODED_SERIALISED:
		s->value = text.len > 0 ? text : view_inside(d, stored);
		s->set = text.len > 0 ? VALUE_LITERAL : VALUE_QUOTED;
		return;
	case DECODED_JSON:
		s->value = slice_trim(text);
		s->set = stays_on_line(s->value) ? VALUE_LITERAL : VALUE_QUOTED;
		return;
	case DECODED_TIME:
		s->value = text;
		s->set = VALUE_LITERAL;
		return;
	default:
		s->value = text;
		s->set = VALUE_NUMBER;
	}
}

void shown_read(struct shown *s, const struct view *v, const struct reply *reply)
{
	*s = (struct shown){.value = reply->value, .set = VALUE_QUOTED};
	s->has_meaning = view_meaning(v->style, reply, &s->decoded);
	if (s->has_meaning)
		choose(s);
}

void shown_release(struct shown *s)
{
	decoded_release(&s->decoded);
}

enum value_form shown_form(const struct shown *s, const struct style *style, size_t reserved)
{
	if (s->set == VALUE_NUMBER)
		return s->set;
	enum value_form form = value_form(style, s->value, reserved);
	return form == VALUE_JSON || form == VALUE_JSON_LINE || s->set == VALUE_QUOTED ? form
	                                                                               : s->set;
}

void shown_add_kind(struct buf *out, const struct shown *s, enum value_form form)
{
	const struct decoded *d = &s->decoded;
	bool json = form == VALUE_JSON || form == VALUE_JSON_LINE;
	if (s->has_meaning && d->type == DECODED_SERIALISED && d->serialiser) {
		buf_addf(out, "%s%s", d->text.len > 0 ? "outline of " : "", d->serialiser);
	} else if (s->has_meaning && d->type == DECODED_JSON) {
		buf_add_str(out, "JSON");
	} else if (s->has_meaning && d->type != DECODED_BYTES) {
		buf_addf(out, "%s%s", json ? "JSON as " : "", decoded_type_name(d->type));
	} else if (json) {
		buf_add_str(out, "JSON");
	} else if (form == VALUE_BINARY) {
		buf_add_str(out, "binary");
	} else if (form == VALUE_LINES) {
		buf_add_str(out, "text");
	}
}

static void add_size(struct buf *out, const struct decoded *d)
{
	if (!d->container) {
		buf_add_str(out, count_text(d->stored, " byte", " bytes").s);
	} else if (d->bytes.len == d->size && d->size > 0) {
		buf_addf(out, "%s, %s as %s", count_text(d->size, " byte", " bytes").s,
		         grouped_text(d->stored).s, d->container);
	} else {
		buf_add_str(out, count_text(d->stored, " byte of ", " bytes of ").s);
		buf_add_str(out, d->container);
	}
}

void shown_add_remarks(struct buf *out, const struct shown *s, const struct reply *reply)
{
	if (s->has_meaning)
		add_size(out, &s->decoded);
	else
		buf_add_str(out, count_text(reply->value.len, " byte", " bytes").s);
	if (reply->flags != 0) {
		buf_add_str(out, ", flags ");
		buf_add_u64(out, reply->flags);
	}
	if (reply->has_cas) {
		buf_add_str(out, ", cas ");
		buf_add_u64(out, reply->cas);
	}
}
