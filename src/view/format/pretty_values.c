/*
 * The values of a get for eyes. One key: the value and a few remarks, in the form that suits it;
 * below it what is wrong with it, and what a profile that guesses went by. A value whose profile
 * says its type is shown as that, and the type is the first remark.
 * Several: a line each, in the order asked, with the misses in their places; these are kept until
 * the answer has ended, because values may come in another order from several servers.
 */
#include "view/format/pretty_values.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/format/format.h"
#include "view/format/pretty_line.h"
#include "view/misses.h"
#include "view/text/fit.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"
#include "view/value.h"

#include <stdlib.h>

/* Columns that a time takes as the last remark, ", 0.084 ms". */
#define TIME_COLUMNS 10

/* In a list, the least room for a value beside its remarks. */
#define VALUE_MIN 16

/* And blanks before a document that is laid out below its key. */
#define BLOCK_INDENT 2

static void add_count(struct buf *out, uint64_t n, const char *one, const char *many)
{
	time_add_grouped(out, n);
	buf_add_str(out, n == 1 ? one : many);
}

/* A value as it is to be shown. */
struct shown {
	struct decoded decoded;
	bool told;           /* there is more to tell than its bytes: `decoded` */
	struct slice value;  /* of the reply or of `decoded` */
	enum value_form set; /* the form that its type has, or VALUE_QUOTED: by the bytes */
};

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
	case DECODED_INTEGER:
	case DECODED_LONG:
	case DECODED_DOUBLE:
	case DECODED_BOOLEAN:
		s->value = text;
		s->set = VALUE_NUMBER;
		return;
	}
}

static void shown_read(struct shown *s, const struct view *v, const struct reply *reply)
{
	*s = (struct shown){.value = reply->value, .set = VALUE_QUOTED};
	s->told = view_meaning(v->style, reply, &s->decoded);
	if (s->told)
		choose(s);
}

static void shown_release(struct shown *s)
{
	decoded_release(&s->decoded);
}

/* JSON is laid out whatever kind of value it stands in. */
static enum value_form shown_form(const struct shown *s, const struct style *style, size_t reserved)
{
	if (s->set == VALUE_NUMBER)
		return s->set;
	enum value_form form = value_form(style, s->value, reserved);
	return form == VALUE_JSON || form == VALUE_JSON_LINE || s->set == VALUE_QUOTED ? form
	                                                                               : s->set;
}

/* What kind of value it is, in a word or a few; nothing for bytes on one line. */
static void add_kind(struct buf *out, const struct shown *s, enum value_form form)
{
	const struct decoded *d = &s->decoded;
	bool json = form == VALUE_JSON || form == VALUE_JSON_LINE;
	if (s->told && d->type == DECODED_SERIALISED && d->serialiser) {
		buf_add_str(out, d->text.len > 0 ? "outline of " : "");
		buf_add_str(out, d->serialiser);
	} else if (s->told && d->type == DECODED_JSON) {
		buf_add_str(out, "JSON");
	} else if (s->told && d->type != DECODED_BYTES) {
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
		add_count(out, d->stored, " byte", " bytes");
	} else if (d->bytes.len == d->size && d->size > 0) {
		add_count(out, d->size, " byte", " bytes");
		buf_add_str(out, ", ");
		time_add_grouped(out, d->stored);
		buf_addf(out, " as %s", d->container);
	} else {
		add_count(out, d->stored, " byte of ", " bytes of ");
		buf_add_str(out, d->container);
	}
}

/* "3 bytes, flags 8, cas 12"; flags of 0 are what nobody asks about. */
static void add_remarks(struct buf *out, const struct shown *s, const struct reply *reply)
{
	if (s->told)
		add_size(out, &s->decoded);
	else
		add_count(out, reply->value.len, " byte", " bytes");
	if (reply->flags != 0) {
		buf_add_str(out, ", flags ");
		buf_add_u64(out, reply->flags);
	}
	if (reply->has_cas) {
		buf_add_str(out, ", cas ");
		buf_add_u64(out, reply->cas);
	}
}

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
		add_count(out, value_lines(s->value), " line", " lines");
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
	add_remarks(&remarks, &s, reply);
	size_t label = v->question.label ? utf8_columns(slice_str(v->question.server)) + 2 : 0;
	size_t reserved = label + remarks.len + sizeof("  ()") - 1 +
	                  (v->style->timing == TIMING_ON ? TIME_COLUMNS : 0);
	add_kind(&kind, &s, VALUE_JSON_LINE);
	enum value_form form = shown_form(&s, v->style, reserved + kind.len + 2);
	buf_clear(&kind);
	add_kind(&kind, &s, form);
	reserved += kind.len > 0 ? kind.len + 2 : 0;
	if (form == VALUE_BINARY || form == VALUE_JSON || form == VALUE_LINES) {
		pretty_heading(v);
		add_many_lines(v, &s, form, buf_cstr(&kind), buf_cstr(&remarks));
	} else {
		pretty_label(v);
		add_one_line(v, &s, form, buf_cstr(&kind), buf_cstr(&remarks), reserved);
	}
	if (s.told)
		keep_notes(v, &s);
	buf_release(&remarks);
	buf_release(&kind);
	shown_release(&s);
}

/* A kept line of the list: which key it answers, and its text after the key. */
struct entry {
	size_t key_index;
	size_t at; /* where the text begins in the arena */
	size_t len;
};

/* Columns for the keys: the widest, within two fifths of the line. */
static size_t key_columns(const struct view *v)
{
	const struct request *request = v->question.request;
	size_t limit = (size_t)v->style->columns * 2 / 5, widest = 0;
	struct buf key = BUF_INIT;
	for (size_t i = 0; i < request->key_count && widest < limit; i++) {
		buf_clear(&key);
		quote_add_word(&key, request->keys[i]);
		size_t columns = utf8_columns(buf_slice(&key));
		widest = columns > widest ? columns : widest;
	}
	buf_release(&key);
	return widest < limit ? widest : limit;
}

static void add_bracketed(struct view *v, const struct buf *remarks, size_t column)
{
	struct buf *out = &v->arena;
	paint_on(out, v->style->color, PAINT_DIM);
	buf_add_char(out, '(');
	wrap_piece(out, buf_slice(remarks), "", column + 1, column + 1, v->style->columns - 1);
	buf_add_char(out, ')');
	paint_off(out, v->style->color, PAINT_DIM);
}

/* On the key's line: a value that fits there with its remarks, or with these below it. */
static void list_line(struct view *v, const struct shown *s, enum value_form form,
                      const struct buf *remarks)
{
	struct buf *out = &v->arena;
	size_t taken = v->key_width + 2 + remarks->len + sizeof("  ()") - 1;
	size_t beside = v->style->columns > taken ? v->style->columns - taken : 0;
	size_t alone = v->style->columns > v->key_width + 2 + VALUE_MIN
	                   ? v->style->columns - v->key_width - 2
	                   : VALUE_MIN;
	size_t from = out->len;
	if (form == VALUE_JSON_LINE)
		value_add(out, v->style, form, s->value);
	else
		value_add_short(out, v->style, form, s->value, beside < VALUE_MIN ? alone : beside);
	bool below = paint_columns(slice_skip(buf_slice(out), from)) > beside;
	if (below) {
		buf_add_char(out, '\n');
		buf_add_repeat(out, ' ', v->key_width);
	}
	buf_add_str(out, "  ");
	add_bracketed(v, remarks, below ? v->key_width + 2 : v->key_width + 3);
}

/* The remarks on the key's line, the value below it. */
static void list_block(struct view *v, const struct shown *s, enum value_form form,
                       const struct buf *remarks)
{
	struct buf *out = &v->arena, block = BUF_INIT;
	struct style narrow = *v->style;
	add_bracketed(v, remarks, v->key_width + 2);
	buf_add_char(out, '\n');
	/* Text has its own indentation. */
	size_t indent = form == VALUE_JSON ? BLOCK_INDENT : 0;
	narrow.columns = narrow.columns > indent ? narrow.columns - (unsigned)indent : 1;
	value_add(&block, &narrow, form, s->value);
	struct slice rest = buf_slice(&block);
	while (rest.len > 0) {
		const char *lf = memchr(rest.data, '\n', rest.len);
		size_t n = lf ? (size_t)(lf - rest.data) : rest.len;
		buf_add_repeat(out, ' ', n > 0 ? indent : 0);
		buf_add(out, rest.data, n);
		rest = slice_skip(rest, n + 1);
		if (rest.len > 0)
			buf_add_char(out, '\n');
	}
	buf_release(&block);
}

static void add_listed(struct view *v, const struct reply *reply)
{
	struct shown s;
	struct buf remarks = BUF_INIT, *out = &v->arena;
	shown_read(&s, v, reply);
	const char *problem = s.told ? s.decoded.problem : "";
	/* What the remarks say of the kind depends on the form, and takes room. */
	add_kind(&remarks, &s, VALUE_JSON_LINE);
	buf_add_str(&remarks, ", ");
	add_remarks(&remarks, &s, reply);
	enum value_form form =
	    shown_form(&s, v->style, v->key_width + 2 + remarks.len + sizeof("  ()") - 1);
	bool block = form == VALUE_JSON || form == VALUE_LINES;
	buf_clear(&remarks);
	if (s.told || block || form == VALUE_JSON_LINE)
		add_kind(&remarks, &s, form == VALUE_BINARY ? VALUE_QUOTED : form);
	if (form == VALUE_LINES) {
		buf_add_str(&remarks, remarks.len > 0 ? ", " : "");
		add_count(&remarks, value_lines(s.value), " line", " lines");
	}
	buf_add_str(&remarks, remarks.len > 0 ? ", " : "");
	add_remarks(&remarks, &s, reply);
	if (block)
		list_block(v, &s, form, &remarks);
	else
		list_line(v, &s, form == VALUE_BINARY ? s.set : form, &remarks);
	if (*problem) {
		buf_add_char(out, '\n');
		paint_on(out, v->style->color, PAINT_BAD);
		wrap_add(out, slice_str(problem), 2, 0, v->style->columns);
		out->len--; /* the line feed follows the colour */
		paint_off(out, v->style->color, PAINT_BAD);
	}
	buf_release(&remarks);
	shown_release(&s);
}

static void keep_listed(struct view *v, const struct reply *reply)
{
	if (v->kept == 0)
		v->key_width = key_columns(v);
	struct entry entry = {.key_index = reply->key_index};
	size_t header = v->arena.len;
	buf_add(&v->arena, &entry, sizeof(entry));
	entry.at = v->arena.len;
	add_listed(v, reply);
	entry.len = v->arena.len - entry.at;
	if (v->arena.full)
		return;
	memcpy(v->arena.data + header, &entry, sizeof(entry));
	v->kept++;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	if (x->key_index != y->key_index)
		return x->key_index < y->key_index ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* The kept entries in the order of the keys asked; caller frees. */
static struct entry *sorted_entries(const struct view *v)
{
	struct entry *entries = xcalloc(v->kept + 1, sizeof(*entries));
	size_t at = 0;
	for (size_t i = 0; i < v->kept; i++) {
		memcpy(&entries[i], v->arena.data + at, sizeof(*entries));
		at = entries[i].at + entries[i].len;
	}
	qsort(entries, v->kept, sizeof(*entries), compare_entries);
	return entries;
}

static void add_list_key(struct view *v, size_t key_index, struct buf *scratch)
{
	buf_clear(scratch);
	quote_add_word(scratch, v->question.request->keys[key_index]);
	paint_on(v->out, v->style->color, PAINT_KEY);
	fit_add(v->out, buf_slice(scratch), v->key_width, FIT_LEFT, v->style->utf8);
	paint_off(v->out, v->style->color, PAINT_KEY);
	buf_add_str(v->out, "  ");
}

static void add_list(struct view *v, bool complete)
{
	size_t count = v->question.request->key_count;
	if (v->kept == 0)
		v->key_width = key_columns(v);
	struct entry *entries = sorted_entries(v);
	struct buf scratch = BUF_INIT;
	size_t next = 0;
	for (size_t key = 0; key < count; key++) {
		bool found = next < v->kept && entries[next].key_index == key;
		for (; next < v->kept && entries[next].key_index == key; next++) {
			add_list_key(v, key, &scratch);
			buf_add(v->out, v->arena.data + entries[next].at, entries[next].len);
			buf_add_char(v->out, '\n');
		}
		if (!found && complete && !view_was_seen(v, key)) {
			add_list_key(v, key, &scratch);
			paint_add(v->out, v->style->color, PAINT_MISS, "(miss)");
			buf_add_char(v->out, '\n');
		}
	}
	buf_release(&scratch);
	free(entries);
}

static void end_list(struct view *v, const struct reply *reply)
{
	bool complete = reply->kind == REPLY_END;
	if (!complete && v->kept == 0)
		return;
	pretty_heading(v);
	add_list(v, complete);
	if (!complete)
		return;
	struct buf summary = BUF_INIT;
	size_t count = v->question.request->key_count;
	buf_add_u64(&summary, count - view_misses(v));
	buf_add_str(&summary, " of ");
	add_count(&summary, count, " key found", " keys found");
	pretty_note(v, buf_cstr(&summary));
	pretty_end_line(v, reply->timing);
	buf_release(&summary);
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
		keep_listed(v, reply);
	else
		add_single(v, reply);
}

void pretty_values_end(struct view *v, const struct reply *reply)
{
	if (view_shows_keys(v))
		end_list(v, reply);
	else if (v->values > 0)
		end_single(v, reply->timing);
	else if (reply->kind == REPLY_END)
		add_miss(v, reply);
}
