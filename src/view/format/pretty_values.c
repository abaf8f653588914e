/*
 * The values of a get for eyes. One key: the value and a few remarks, in the form that suits it;
 * below it what is wrong with it, and what a profile that guesses went by. A value whose profile
 * says its type is shown as that, and the type is the first remark.
 */
#include "view/format/pretty_values.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/format/format.h"
#include "view/format/meta.h"
#include "view/format/pretty_line.h"
#include "view/text/fit.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"
#include "view/value.h"

#include <stdlib.h>

/* Several keys: a line each, in the order asked, with the misses in their places; these are kept
 * until the answer has ended, because values may come in another order from several servers. */

/* In a list, the least space for a value beside its remarks. */
#define VALUE_MIN 16

/* And blanks before a document that is laid out below its key. */
#define BLOCK_INDENT 2

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
		utf8_widen(&widest, buf_slice(&key));
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
		struct slice line = slice_take(&rest, '\n');
		buf_add_repeat(out, ' ', line.len > 0 ? indent : 0);
		buf_add_slice(out, line);
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
	const char *problem = s.has_meaning ? s.decoded.problem : "";
	/* What the remarks say of the kind depends on the form, and takes space. */
	shown_add_kind(&remarks, &s, VALUE_JSON_LINE);
	buf_add_str(&remarks, ", ");
	shown_add_remarks(&remarks, &s, reply);
	enum value_form form =
	    shown_form(&s, v->style, v->key_width + 2 + remarks.len + sizeof("  ()") - 1);
	bool block = form == VALUE_JSON || form == VALUE_LINES;
	buf_clear(&remarks);
	if (s.has_meaning || block || form == VALUE_JSON_LINE)
		shown_add_kind(&remarks, &s, form == VALUE_BINARY ? VALUE_QUOTED : form);
	if (form == VALUE_LINES) {
		buf_add_str(&remarks, remarks.len > 0 ? ", " : "");
		buf_add_str(&remarks, count_text(value_lines(s.value), " line", " lines").s);
	}
	buf_add_str(&remarks, remarks.len > 0 ? ", " : "");
	shown_add_remarks(&remarks, &s, reply);
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

static void pretty_list_keep(struct view *v, const struct reply *reply)
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
	fit_painted(v->out, v->style, PAINT_KEY, buf_slice(scratch), v->key_width, FIT_LEFT);
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

static void pretty_list_end(struct view *v, const struct reply *reply)
{
	bool complete = reply->kind == REPLY_END;
	if (!complete && v->kept == 0)
		return;
	pretty_heading(v);
	add_list(v, complete);
	if (!complete)
		return;
	size_t count = v->question.request->key_count;
	pretty_note(v, short_textf("%zu of %s", count - view_misses(v),
	                           count_text(count, " key found", " keys found").s)
	                   .s);
	pretty_end_line(v, reply->timing);
}

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
	buf_addf(out, "<%s, ", kind);
	if (form == VALUE_LINES)
		buf_addf(out, "%s, ", count_text(value_lines(s->value), " line", " lines").s);
	buf_addf(out, "%s>", remarks);
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
	if (reply->kind == REPLY_VA)
		meta_add_remarks(&remarks, v, reply);
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
	pretty_note_pattern(v);
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

void pretty_meta_value(struct view *v, const struct reply *reply)
{
	struct reply value = meta_as_value(v, reply);
	add_single(v, &value);
	end_single(v, reply->timing);
}
