#include "view/stats/stats.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/stats/classes.h"
#include "view/stats/health.h"
#include "view/stats/servers.h"
#include "view/text/fit.h"
#include "view/text/paint.h"
#include "view/text/time.h"

#include <stdlib.h>

/* Meanings are shown from this width on; below it they would mostly be cut. */
#define MEANING_FROM 100

/* Longer names and values are cut. */
#define NAME_MAX_COLUMNS  32
#define VALUE_MAX_COLUMNS 24

/* The kept counters as an array; caller frees. */
static struct stat *kept_stats(const struct view *v, size_t *count)
{
	struct slice rest = buf_slice(&v->shared);
	struct stat *stats = NULL;
	size_t cap = 0, part;
	const char *server;
	for (*count = 0;; ++*count) {
		stats = xgrow(stats, &cap, *count + 1, sizeof(*stats));
		if (!stats_next_shared(&rest, &stats[*count], &part, &server))
			return stats;
	}
}

/* Widths that all lines of an answer share, and a place to build text in. */
struct layout {
	const struct stat *stats; /* of the answer: what health is judged by */
	size_t count;
	const struct style *style;
	struct buf *out;
	size_t name, value, raw;
	bool right; /* values are mostly numbers: aligned to the right */
	struct buf scratch;
};

static void measure(struct layout *l, const struct stat *stat, enum stat_unit unit)
{
	buf_clear(&l->scratch);
	escape_add_field(&l->scratch, stat->name);
	utf8_widen(&l->name, buf_slice(&l->scratch));

	buf_clear(&l->scratch);
	bool less = stat_add_value(&l->scratch, stat->value, unit);
	utf8_widen(&l->value, buf_slice(&l->scratch));
	if (less && stat->value.len > l->raw)
		l->raw = stat->value.len;
}

static void cap_widths(struct layout *l)
{
	l->name = l->name < NAME_MAX_COLUMNS ? l->name : NAME_MAX_COLUMNS;
	size_t rest = l->style->columns > l->name + 4 ? l->style->columns - l->name - 4 : 8;
	size_t cap = l->right && rest > VALUE_MAX_COLUMNS ? VALUE_MAX_COLUMNS : rest;
	/* Texts as long as paths must leave space for the meanings, where these are shown. */
	if (!l->right && l->style->columns >= MEANING_FROM && cap > 32)
		cap = 32;
	l->value = l->value < cap ? l->value : cap;
}

static void add_name(struct layout *l, struct slice name)
{
	buf_add_str(l->out, "  ");
	buf_clear(&l->scratch);
	escape_add_field(&l->scratch, name);
	fit_add(l->out, buf_slice(&l->scratch), l->name, FIT_LEFT, l->style->utf8);
	buf_add_str(l->out, "  ");
}

/* A value that is wider than the others goes on to the right, or has the next line for itself: it
 * is never cut. */
static void add_value(struct layout *l, struct slice text, enum paint paint)
{
	size_t columns = utf8_columns(text), name = 2 + l->name + 2;
	size_t pad = columns < l->value ? l->value - columns : 0;
	if (name + columns > l->style->columns && columns > l->value) {
		buf_add_str(l->out, "\n    ");
		if (l->right && 4 + columns < l->style->columns)
			buf_add_repeat(l->out, ' ', l->style->columns - 4 - columns);
	}
	if (l->right)
		buf_add_repeat(l->out, ' ', pad);
	paint_slice(l->out, l->style->color, paint, NULL, text);
	if (!l->right)
		buf_add_repeat(l->out, ' ', pad);
}

/* TEXT, dim, after USED columns of the line, cut at its end. */
static void add_beside(struct layout *l, struct slice text, size_t used)
{
	if (text.len == 0 || l->style->columns < used + 2 + 8)
		return;
	buf_add_str(l->out, "  ");
	fit_painted(l->out, l->style, PAINT_DIM, text, l->style->columns - used - 2, FIT_CUT);
}

/* What follows a value: its digits where the value was rounded, and what it means. The digits have
 * a column of their own where there are meanings to be aligned. */
static void add_remarks(struct layout *l, struct slice raw, struct slice meaning)
{
	size_t used = 2 + l->name + 2 + l->value;
	bool column = l->raw > 0 && l->style->columns >= MEANING_FROM;
	if (column && meaning.len > 0) {
		buf_add_str(l->out, "  ");
		fit_painted(l->out, l->style, PAINT_DIM, raw, l->raw, FIT_LEFT);
		used += 2 + l->raw;
	} else if (raw.len > 0) {
		add_beside(l, raw, used);
		used += 2 + raw.len;
	}
	add_beside(l, meaning, used);
}

/* Colour is for health alone; a 0 that means nothing is faint. */
static enum paint paint_of(const struct layout *l, struct slice name, struct slice value)
{
	const char *reason;
	enum paint paint = stats_health(l->stats, l->count, name, &reason);
	return paint == PAINT_NONE && slice_eq_str(value, "0") ? PAINT_DIM : paint;
}

static void add_stat(struct layout *l, struct stat *stat, const struct stat_field *field)
{
	size_t from = l->out->len;
	enum stat_unit unit = field ? field->unit : UNIT_TEXT;
	stat->shown = true;
	add_name(l, stat->name);
	buf_clear(&l->scratch);
	bool less = stat_add_value(&l->scratch, stat->value, unit);
	add_value(l, buf_slice(&l->scratch), paint_of(l, stat->name, stat->value));

	struct slice meaning = {NULL, 0};
	uint64_t n;
	if (unit == UNIT_UNIX && number_parse_u64(stat->value, &n) == NUMBER_OK) {
		/* The date says it all, and is worth its space in any width. */
		buf_clear(&l->scratch);
		buf_add_str(&l->scratch, date_text(n).s);
		meaning = buf_slice(&l->scratch);
	} else if (field && l->style->columns >= MEANING_FROM) {
		meaning = slice_str(field->meaning);
	}
	add_remarks(l, less ? stat->value : slice_of(NULL, 0), meaning);
	fit_trim_end(l->out, from);
	buf_add_char(l->out, '\n');
}

static void add_heading(struct layout *l, const char *name, bool first)
{
	if (!first)
		buf_add_char(l->out, '\n');
	paint_add(l->out, l->style->color, PAINT_HEADING, name);
	buf_add_char(l->out, '\n');
}

static struct stat *find(struct stat *stats, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_str(stats[i].name, name))
			return &stats[i];
	}
	return NULL;
}

static bool add_ratio(struct layout *l, struct stat *stats, size_t count, size_t i, bool first)
{
	struct buf text = BUF_INIT;
	const char *name = stats_ratio(stats, count, i, &text);
	if (name) {
		if (first)
			add_heading(l, "Summary", true);
		add_name(l, slice_str(name));
		add_value(l, buf_slice(&text), paint_of(l, slice_str(name), SLICE("")));
		add_beside(l, slice_str(stats_ratio_formula(i)), 2 + l->name + 2 + l->value);
		buf_add_char(l->out, '\n');
	}
	buf_release(&text);
	return name != NULL;
}

static bool add_summary(struct layout *l, struct stat *stats, size_t count)
{
	bool any = false;
	/* The names are short, and the formulas want the space. */
	size_t name = l->name;
	l->name = sizeof("evicted of all stored") - 1;
	for (size_t i = 0; i < STATS_RATIOS; i++)
		any |= add_ratio(l, stats, count, i, !any);
	l->name = name;
	return any;
}

/* The counters of a group in the table's order; in the last group, those that no table knows. */
static bool add_group(struct layout *l, struct stat *stats, size_t count, enum stat_group group,
                      bool first)
{
	bool any = false;
	for (size_t i = 0; i < stat_field_count; i++) {
		const struct stat_field *field = &stat_fields[i];
		struct stat *stat = field->group == group ? find(stats, count, field->name) : NULL;
		if (!stat || stat->shown)
			continue;
		if (!any)
			add_heading(l, stat_group_names[group], first);
		any = true;
		add_stat(l, stat, field);
	}
	for (size_t i = 0; group == STATS_OTHER && i < count; i++) {
		if (stats[i].shown)
			continue;
		if (!any)
			add_heading(l, stat_group_names[group], first);
		any = true;
		add_stat(l, &stats[i], NULL);
	}
	return any;
}

static void show_groups(struct layout *l, struct stat *stats, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct stat_field *field = stat_field_find(stats[i].name, STATS_OTHER);
		measure(l, &stats[i], field ? field->unit : UNIT_TEXT);
	}
	l->right = true;
	cap_widths(l);
	l->stats = stats;
	l->count = count;
	bool any = add_summary(l, stats, count);
	any |= stats_add_health(l->out, l->style, stats, count, !any);
	for (enum stat_group group = 0; group < STATS_COUNT; group++)
		any |= add_group(l, stats, count, group, !any);
}

static void show_list(struct layout *l, struct stat *stats, size_t count, enum stat_group group)
{
	for (size_t i = 0; i < count; i++) {
		const struct stat_field *field = stat_field_find(stats[i].name, group);
		if (!stats[i].shown)
			measure(l, &stats[i], field ? field->unit : UNIT_TEXT);
	}
	cap_widths(l);
	for (size_t i = 0; i < count; i++) {
		if (!stats[i].shown)
			add_stat(l, &stats[i], stat_field_find(stats[i].name, group));
	}
}

void stats_show(struct view *v)
{
	size_t count;
	struct stat *stats = kept_stats(v, &count);
	struct layout l = {.style = v->style, .out = v->out};
	struct slice words = slice_trim(v->question.request->text);
	if (words.len == 0) {
		show_groups(&l, stats, count);
	} else if (slice_eq_str(words, "settings")) {
		show_list(&l, stats, count, STATS_SETTINGS);
	} else {
		size_t from = v->out->len;
		stats_show_table(v, stats, count);
		bool rest = false;
		for (size_t i = 0; i < count; i++)
			rest |= !stats[i].shown;
		if (rest && v->out->len > from)
			buf_add_char(v->out, '\n');
		show_list(&l, stats, count, STATS_CLASS);
	}
	buf_release(&l.scratch);
	free(stats);
	buf_clear(&v->shared);
}
