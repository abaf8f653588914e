#include "view/stats/since.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/stats/health.h"
#include "view/stats/servers.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/time.h"

#include <stdlib.h>

static const char *const since_words[] = {
    [SINCE_LOOK] = "look", [SINCE_START] = "start", [SINCE_RESTART] = "restart"};

/* What a counter has become more by, without its sign. */
static uint64_t step_of(const struct change *c)
{
	return c->now < c->before ? c->before - c->now : c->now - c->before;
}

static double rate_of(const struct change *c, const struct interval *v)
{
	return ((double)c->now - (double)c->before) / v->seconds;
}

static enum stat_unit unit_of(struct slice name)
{
	const struct stat_field *field = stat_field_find(name, STATS_OTHER);
	return field ? field->unit : UNIT_COUNT;
}

static void add_row(struct table *t, const struct interval *v, const struct change *c)
{
	bool rises = !c->gauge && v->seconds > 0;
	enum stat_unit unit = unit_of(c->name);
	const char *sign = c->gauge ? c->now < c->before ? "-" : "+" : "";
	char digits[NUMBER_DIGITS];
	struct slice change = number_u64(digits, c->now - c->before);
	table_cell(t, PAINT_KEY, c->name);
	table_cellf(t, c->gauge ? PAINT_NONE : stats_health_of(c->name, change), "%s%s", sign,
	            stat_text(step_of(c), unit).s);
	table_cell_str(t, PAINT_NUMBER, rises ? stat_rate_text(rate_of(c, v), unit).s : "");
	table_cell_str(t, PAINT_NONE, stat_text(c->now, unit).s);
}

/* A row for each counter that changed, known ones in the order of stats. */
static void add_changes(struct buf *out, const struct style *style, const struct interval *v)
{
	static const struct table_column columns[] = {
	    {"counter", false}, {"change", true}, {"a second", true}, {"now", true}};
	struct table t;
	size_t changed = 0;
	table_begin(&t, style, out, "stats", columns, 4);
	for (size_t i = 0; i < stat_field_count; i++) {
		const struct change *c = stat_fields[i].group < STATS_COUNT
		                             ? interval_find(v, slice_str(stat_fields[i].name))
		                             : NULL;
		if (c && c->now != c->before) {
			add_row(&t, v, c);
			changed++;
		}
	}
	for (size_t i = 0; i < v->count; i++) {
		const struct change *c = &v->changes[i];
		if (c->now != c->before && !stat_field_find(c->name, STATS_OTHER)) {
			add_row(&t, v, c);
			changed++;
		}
	}
	table_end(&t);
	if (v->since != SINCE_LOOK)
		return; /* what goes up and down has no start */
	paint_addf(out, style->color, PAINT_DIM, "%zu of %zu did not change", v->count - changed,
	           v->count);
	buf_add_char(out, '\n');
}

static void add_length(struct buf *out, double seconds)
{
	if (seconds < 1)
		buf_add_str(out, time_text((int64_t)(seconds * 1e9)).s);
	else if (seconds < 60)
		buf_addf(out, "%.1f s", seconds);
	else
		buf_add_str(out, span_text((uint64_t)seconds).s);
}

/* "32.1 s since the last look", and what else there is to know of the interval. */
static void add_title(struct buf *out, const struct style *style, const struct interval *v)
{
	paint_on(out, style->color, PAINT_HEADING);
	add_length(out, v->seconds);
	buf_add_str(out, v->since == SINCE_LOOK ? " since the last look" : " since the start");
	paint_off(out, style->color, PAINT_HEADING);
	if (v->since == SINCE_START)
		buf_add_str(out, ": this is the first look, the next one counts from now");
	else if (v->since == SINCE_RESTART)
		buf_add_str(out, ": it was restarted after the last look");
	else if (v->reset)
		buf_add_str(out, ": counters were reset meanwhile, and count from then");
	buf_add_char(out, '\n');
}

static void add_ratios(struct buf *out, const struct style *style, const struct stat *stats,
                       size_t count)
{
	struct buf text = BUF_INIT;
	const char *reason;
	size_t width = 0;
	for (int draw = 0; draw < 2; draw++) {
		for (size_t i = 0; i < STATS_RATIOS; i++) {
			buf_clear(&text);
			const char *name = stats_ratio(stats, count, i, &text);
			if (!name)
				continue;
			size_t columns = strlen(name);
			width = columns > width ? columns : width;
			if (!draw)
				continue;
			buf_addf(out, "  %-*s  ", (int)width, name);
			buf_add_repeat(out, ' ', text.len < 9 ? 9 - text.len : 0);
			paint_slice(out, style->color,
			            stats_health(stats, count, slice_str(name), &reason), NULL,
			            buf_slice(&text));
			buf_add_char(out, '\n');
		}
	}
	buf_release(&text);
}

static void show_one(struct buf *out, const struct style *style, const struct since_of *of)
{
	struct buf arena = BUF_INIT;
	size_t count;
	struct stat *stats = interval_stats(&of->interval, &arena, &count);
	add_title(out, style, &of->interval);
	add_ratios(out, style, stats, count);
	stats_add_health(out, style, stats, count, false);
	buf_add_char(out, '\n');
	add_changes(out, style, &of->interval);
	free(stats);
	buf_release(&arena);
}

/* Whether a line of the table says something: it changed on one of the servers, or a ratio is made
 * of it. */
static bool is_of_use(struct slice name, const struct since_of *list, size_t servers)
{
	static const char kept[] =
	    "bytes limit_maxbytes curr_connections max_connections curr_items "
	    "get_hits get_misses evictions total_items cmd_get cmd_set";
	bool any = slice_lists(SLICE(kept), ' ', name);
	for (size_t n = 0; n < servers && !any; n++) {
		const struct change *c = list[n].server ? interval_find(&list[n].interval, name)
		                                        : NULL;
		any = c && c->now != c->before;
	}
	return any;
}

/* The others are taken out; the seconds of the interval are for the ratios alone. */
static size_t keep_changed(struct stat *stats, size_t count, const struct since_of *list,
                           size_t servers)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		stats[i].shown = slice_eq_str(stats[i].name, "uptime");
		if (stats[i].shown || is_of_use(stats[i].name, list, servers))
			stats[kept++] = stats[i];
	}
	return kept;
}

/* One for all servers, where that says enough; else each has its own. */
static void add_titles(struct buf *out, const struct style *style, const struct since_of *list,
                       size_t count)
{
	const struct interval *first = NULL;
	bool alike = true;
	for (size_t i = 0; i < count; i++) {
		const struct interval *v = &list[i].interval;
		if (!list[i].server)
			continue;
		first = first ? first : v;
		alike &= v->since == first->since && !v->reset && v->seconds - first->seconds < 1 &&
		         first->seconds - v->seconds < 1;
	}
	for (size_t i = 0; !alike && i < count; i++) {
		if (!list[i].server)
			continue;
		escape_add_field(out, slice_str(list[i].server));
		buf_add_str(out, ": ");
		add_title(out, style, &list[i].interval);
	}
	if (alike && first)
		add_title(out, style, first);
}

static void show_several(struct buf *out, const struct style *style, const struct since_of *list,
                         size_t count)
{
	struct stats_column *columns = xcalloc(count, sizeof(*columns));
	struct buf *arenas = xcalloc(count, sizeof(*arenas));
	for (size_t i = 0; i < count; i++) {
		size_t used = 0;
		if (!list[i].server)
			continue;
		columns[i] = (struct stats_column){
		    .server = list[i].server, .number = i + 1, .interval = &list[i].interval};
		columns[i].stats = interval_stats(&list[i].interval, &arenas[i], &used);
		columns[i].count = keep_changed(columns[i].stats, used, list, count);
	}
	add_titles(out, style, list, count);
	buf_add_char(out, '\n');
	stats_show_columns(out, style, columns, count, false);
	for (size_t i = 0; i < count; i++) {
		free(columns[i].stats);
		buf_release(&arenas[i]);
	}
	free(columns);
	free(arenas);
}

static void show_table(struct buf *out, const struct style *style, const struct since_of *list,
                       size_t count)
{
	static const struct table_column columns[] = {{"server", false}, {"seconds", true},
	                                              {"name", false},   {"now", true},
	                                              {"change", true},  {"per_second", true}};
	bool labelled = count > 1 || style->format == FORMAT_CSV;
	struct table t;
	table_begin(&t, style, out, "stats", labelled ? columns : columns + 1, labelled ? 6 : 5);
	for (size_t i = 0; i < count; i++) {
		const struct interval *v = &list[i].interval;
		for (size_t n = 0; list[i].server && n < v->count; n++) {
			const struct change *c = &v->changes[n];
			if (labelled)
				table_cell_str(&t, PAINT_NONE, list[i].server);
			table_cellf(&t, PAINT_NONE, "%.3f", v->seconds);
			table_cell(&t, PAINT_NONE, c->name);
			table_cellf(&t, PAINT_NONE, "%llu", (unsigned long long)c->now);
			table_cellf(&t, PAINT_NONE, "%s%llu", c->now < c->before ? "-" : "",
			            (unsigned long long)step_of(c));
			if (c->gauge || v->seconds <= 0)
				table_cell_str(&t, PAINT_NONE, "");
			else
				table_cellf(&t, PAINT_NONE, "%.3f", rate_of(c, v));
		}
	}
	table_end(&t);
}

static void add_json_stats(struct buf *out, const struct interval *v)
{
	json_open_member(out, "stats", '{');
	for (size_t i = 0; i < v->count; i++) {
		const struct change *c = &v->changes[i];
		/* The first of a name counts. */
		if (interval_find(v, c->name) != c || !utf8_valid(c->name))
			continue;
		json_string(out, c->name);
		buf_add_char(out, ':');
		json_open(out, '{');
		json_u64_member(out, "now", c->now);
		json_name(out, "change");
		buf_addf(out, "%s%llu", c->now < c->before ? "-" : "",
		         (unsigned long long)step_of(c));
		if (!c->gauge && v->seconds > 0) {
			json_name(out, "per_second");
			buf_addf(out, "%.3f", rate_of(c, v));
		}
		buf_add_char(out, '}');
	}
	buf_add_char(out, '}');
}

static void add_json_ratios(struct buf *out, const struct interval *v)
{
	struct buf arena = BUF_INIT, text = BUF_INIT;
	size_t count;
	struct stat *stats = interval_stats(v, &arena, &count);
	for (size_t i = 0; i < STATS_RATIOS; i++) {
		double value;
		bool percent;
		buf_clear(&text);
		buf_add_str(&text, stats_ratio_name(i));
		for (size_t n = 0; n < text.len; n++)
			text.data[n] = text.data[n] == ' ' ? '_' : text.data[n];
		json_name(out, buf_cstr(&text));
		if (stats_ratio_value(stats, count, i, &value, &percent))
			buf_addf(out, percent ? "%.1f" : "%.3f", value);
		else
			buf_add_str(out, "null");
	}
	free(stats);
	buf_release(&arena);
	buf_release(&text);
}

static void show_json(struct buf *out, const struct since_of *list, size_t count)
{
	buf_add_char(out, '{');
	json_string_member(out, "command", "stats");
	json_open_member(out, "servers", '[');
	for (size_t i = 0; i < count; i++) {
		const struct interval *v = &list[i].interval;
		if (!list[i].server)
			continue;
		json_open(out, '{');
		json_text_member(out, "server", slice_str(list[i].server));
		json_string_member(out, "since", since_words[v->since]);
		json_bool_member(out, "reset", v->reset);
		json_name(out, "seconds");
		buf_addf(out, "%.3f", v->seconds);
		add_json_ratios(out, v);
		add_json_stats(out, v);
		buf_add_char(out, '}');
	}
	buf_add_str(out, "]}\n");
}

void since_show(struct buf *out, const struct style *style, const struct since_of *list,
                size_t count)
{
	if (style->format == FORMAT_JSON)
		show_json(out, list, count);
	else if (style->format != FORMAT_PRETTY)
		show_table(out, style, list, count);
	else if (count == 1 && list[0].server)
		show_one(out, style, &list[0]);
	else if (count > 1)
		show_several(out, style, list, count);
}
