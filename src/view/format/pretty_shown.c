#include "view/format/pretty_shown.h"

#include "view/format/format.h"
#include "view/text/time.h"

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
		buf_add_str(out, d->text.len > 0 ? "outline of " : "");
		buf_add_str(out, d->serialiser);
	} else if (s->has_meaning && d->type == DECODED_JSON) {
		buf_add_str(out, "JSON");
	} else if (s->has_meaning && d->type != DECODED_BYTES) {
		buf_add_str(out, json ? "JSON as " : "");
		buf_add_str(out, decoded_type_name(d->type));
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
		shown_add_count(out, d->stored, " byte", " bytes");
	} else if (d->bytes.len == d->size && d->size > 0) {
		shown_add_count(out, d->size, " byte", " bytes");
		buf_add_str(out, ", ");
		time_add_grouped(out, d->stored);
		buf_addf(out, " as %s", d->container);
	} else {
		shown_add_count(out, d->stored, " byte of ", " bytes of ");
		buf_add_str(out, d->container);
	}
}

void shown_add_remarks(struct buf *out, const struct shown *s, const struct reply *reply)
{
	if (s->has_meaning)
		add_size(out, &s->decoded);
	else
		shown_add_count(out, reply->value.len, " byte", " bytes");
	if (reply->flags != 0) {
		buf_add_str(out, ", flags ");
		buf_add_u64(out, reply->flags);
	}
	if (reply->has_cas) {
		buf_add_str(out, ", cas ");
		buf_add_u64(out, reply->cas);
	}
}

void shown_add_count(struct buf *out, uint64_t n, const char *one, const char *many)
{
	time_add_grouped(out, n);
	buf_add_str(out, n == 1 ? one : many);
}
