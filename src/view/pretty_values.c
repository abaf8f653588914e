/*
 * The values of a get for eyes. One key: the value and a few remarks, in the form that suits it.
 * Several: a line each, in the order asked, with the misses in their places; these are kept until
 * the answer has ended, because values may come in another order from several servers.
 */
#include "view/pretty.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/fit.h"
#include "view/paint.h"
#include "view/value.h"

#include <stdlib.h>

/* Columns that a time takes as the last remark, ", 0.084 ms". */
#define TIME_COLUMNS 10

static void add_count(struct buf *out, uint64_t n, const char *one, const char *many)
{
	buf_add_u64(out, n);
	buf_add_str(out, n == 1 ? one : many);
}

/* "3 bytes, flags 8, cas 12"; flags of 0 are what nobody asks about. */
static void add_remarks(struct buf *out, const struct reply *reply)
{
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

static void add_one_line(struct view *v, const struct reply *reply, enum value_form form,
                         const char *remarks, size_t reserved)
{
	size_t from = v->out->len;
	value_add(v->out, v->style, form, reply->value);
	/* Remarks that would be torn by the end of the line go below it. Escape sequences take no
	 * columns, so with colours this measures too much by a constant. */
	size_t painted = v->style->color ? sizeof("\033[32m\033[0m") - 1 : 0;
	size_t columns = utf8_columns(slice_of(v->out->data + from, v->out->len - from)) - painted;
	if (form == VALUE_QUOTED && columns + reserved > v->style->columns)
		buf_add_char(v->out, '\n');
	if (form == VALUE_JSON_LINE)
		pretty_note(v, "JSON");
	pretty_note(v, remarks);
}

static void add_many_lines(struct view *v, const struct reply *reply, enum value_form form,
                           const char *remarks)
{
	struct buf *out = v->out;
	paint_on(out, v->style->color, PAINT_DIM);
	buf_add_str(out, form == VALUE_BINARY ? "<binary, "
	                 : form == VALUE_JSON ? "<JSON, "
	                                      : "<text, ");
	if (form == VALUE_LINES) {
		add_count(out, value_lines(reply->value), " line", " lines");
		buf_add_str(out, ", ");
	}
	buf_add_str(out, remarks);
	buf_add_char(out, '>');
	paint_off(out, v->style->color, PAINT_DIM);
	buf_add_char(out, '\n');
	value_add(out, v->style, form, reply->value);
}

static void add_single(struct view *v, const struct reply *reply)
{
	struct buf remarks = BUF_INIT;
	add_remarks(&remarks, reply);
	size_t label = v->question.label ? utf8_columns(slice_str(v->question.server)) + 2 : 0;
	size_t reserved = label + remarks.len + sizeof("  ()") - 1 +
	                  (v->style->timing == TIMING_ON ? TIME_COLUMNS : 0);
	enum value_form form = value_form(v->style, reply->value, reserved + sizeof("JSON, ") - 1);
	if (form == VALUE_QUOTED || form == VALUE_JSON_LINE) {
		pretty_label(v);
		add_one_line(v, reply, form, buf_cstr(&remarks), reserved);
	} else {
		pretty_heading(v);
		add_many_lines(v, reply, form, buf_cstr(&remarks));
	}
	buf_release(&remarks);
}

/* A kept line of the list: which key it answers, and its text behind the key. */
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

static void keep_listed(struct view *v, const struct reply *reply)
{
	if (v->kept == 0)
		v->key_width = key_columns(v);
	struct buf remarks = BUF_INIT;
	add_remarks(&remarks, reply);
	size_t taken = v->key_width + 2 + remarks.len + sizeof("  ()") - 1;
	size_t width = v->style->columns > taken + 8 ? v->style->columns - taken : 8;

	struct entry entry = {.key_index = reply->key_index};
	size_t header = v->arena.len;
	buf_add(&v->arena, &entry, sizeof(entry));
	entry.at = v->arena.len;
	value_add_short(&v->arena, v->style, reply->value, width);
	buf_add_str(&v->arena, "  ");
	paint_on(&v->arena, v->style->color, PAINT_DIM);
	buf_add_char(&v->arena, '(');
	buf_add_slice(&v->arena, buf_slice(&remarks));
	buf_add_char(&v->arena, ')');
	paint_off(&v->arena, v->style->color, PAINT_DIM);
	entry.len = v->arena.len - entry.at;
	buf_release(&remarks);
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
		if (!found && complete) {
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
	buf_add_u64(&summary, v->values);
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
	else if (v->tail_open)
		pretty_end_line(v, reply->timing);
	else if (v->values > 0)
		pretty_time_line(v, reply->timing);
	else if (reply->kind == REPLY_END)
		add_miss(v, reply);
}
