#include "view/summary.h"

#include "base/quote.h"
#include "view/chart.h"
#include "view/figures.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

/* ", 1,000 misses" after COLUMN columns of a sentence, where there are any. */
static size_t add_share(struct buf *out, const struct style *style, uint64_t n, enum paint paint,
                        const char *phrase, size_t column, size_t width)
{
	if (n == 0)
		return column;
	struct buf text = BUF_INIT;
	paint_addf(&text, style->color, paint, "%s %s", grouped_text(n).s, phrase);
	buf_add_char(out, ',');
	column = wrap_piece(out, buf_slice(&text), " ", 2, column + 1, width);
	buf_release(&text);
	return column;
}

void summary_add_times(struct buf *out, const struct style *style, const struct histogram *times,
                       const struct rank *ranks)
{
	struct buf text = BUF_INIT;
	size_t column = 0;
	for (const struct rank *r = ranks; r->name; r++) {
		buf_clear(&text);
		buf_addf(&text, "%s%s ", column == 0 ? "  " : "", r->title);
		buf_add_str(&text, time_text(histogram_at(times, r->per_mille)).s);
		column = wrap_piece(out, buf_slice(&text), "  ", 2, column, style->columns);
	}
	buf_add_char(out, '\n');
	buf_release(&text);
	chart_add_times(out, style, times);
}

static const struct rank repeat_ranks[] = {
    {"min", "min", 0},   {"median", "median", 500}, {"p90", "p90", 900},
    {"p99", "p99", 990}, {"max", "max", 1000},      {0},
};

void summary_add_repeat(struct buf *out, const struct style *style, const char *command,
                        const struct histogram *times)
{
	struct figures f = {0};
	if (style->format == FORMAT_PRETTY) {
		buf_add_str(out, count_text(times->count, " sample\n", " samples\n").s);
		if (times->count > 0)
			summary_add_times(out, style, times, repeat_ranks);
		return;
	}
	figures_put_text(&f, "command", command, IN_JSON | IN_CSV);
	figures_put_count(&f, "count", times->count);
	figures_put_ranks(&f, times, repeat_ranks);
	figures_add(out, style, &f);
}

static const struct rank bench_ranks[] = {
    {"min", "min", 0},
    {"p50", "p50", 500},
    {"p90", "p90", 900},
    {"p99", "p99", 990},
    {"p999", "p99.9", 999},
    {"max", "max", 1000},
    {0},
};

static double rate(uint64_t n, int64_t elapsed)
{
	return elapsed > 0 ? (double)n * 1e9 / (double)elapsed : 0;
}

static void add_bench_totals(struct buf *out, const struct style *style,
                             const struct bench_report *r)
{
	const size_t width = style->columns - 1; /* a comma follows */
	struct buf text = BUF_INIT;
	buf_addf(&text, "%s%s:", count_text(r->commands, " command in ", " commands in ").s,
	         time_text(r->elapsed).s);
	size_t column = wrap_piece(out, buf_slice(&text), "", 0, 0, style->columns);
	buf_clear(&text);
	buf_add_str(&text, grouped_text((uint64_t)(rate(r->commands, r->elapsed) + 0.5)).s);
	buf_add_str(&text, " per second");
	column = wrap_piece(out, buf_slice(&text), " ", 2, column, width);
	column = add_share(out, style, r->misses, PAINT_MISS, r->misses == 1 ? "miss" : "misses",
	                   column, width);
	column = add_share(out, style, r->not_stored, PAINT_MISS, "NOT_STORED", column, width);
	column = add_share(out, style, r->exists, PAINT_MISS, "EXISTS", column, width);
	column = add_share(out, style, r->not_found, PAINT_MISS, "NOT_FOUND", column, width);
	add_share(out, style, r->errors, PAINT_BAD, r->errors == 1 ? "error" : "errors", column,
	          width);
	buf_add_char(out, '\n');
	buf_release(&text);
}

static void add_bench_pretty(struct buf *out, const struct style *style,
                             const struct bench_report *r)
{
	add_bench_totals(out, style, r);
	paint_addf(out, style->color, PAINT_DIM, "  %u thread%s over %u connection%s", r->threads,
	           r->threads == 1 ? "" : "s", r->connections, r->connections == 1 ? "" : "s");
	buf_add_char(out, '\n');
	if (r->times->count > 0)
		summary_add_times(out, style, r->times, bench_ranks + 1); /* without the smallest */
}

void summary_add_bench(struct buf *out, const struct style *style, const struct bench_report *r)
{
	struct figures f = {0};
	if (style->format == FORMAT_PRETTY) {
		add_bench_pretty(out, style, r);
		return;
	}
	figures_put_text(&f, "command", r->command, IN_JSON | IN_CSV);
	figures_put_count(&f, "threads", r->threads);
	figures_put_count(&f, "connections", r->connections);
	figures_put_count(&f, "commands", r->commands);
	figures_put_count(&f, "errors", r->errors);
	figures_put_count(&f, "misses", r->misses);
	figures_put_rare(&f, "not_stored", r->not_stored);
	figures_put_rare(&f, "exists", r->exists);
	figures_put_rare(&f, "not_found", r->not_found);
	figures_put(&f, (struct figure){"seconds", FIGURE_SECONDS, IN_ALL, .ns = r->elapsed});
	figures_put(&f, (struct figure){"per_second", FIGURE_RATE, IN_ALL,
	                                .rate = rate(r->commands, r->elapsed)});
	figures_put_ranks(&f, r->times, bench_ranks);
	figures_put_histogram(&f, "histogram", r->times);
	figures_add(out, style, &f);
}

static void add_bulk_pretty(struct buf *out, const struct style *style, const struct bulk_report *r)
{
	const size_t width = style->columns - 1; /* a comma or a colon follows */
	struct buf text = BUF_INIT;
	buf_addf(&text, "%s%s,", count_text(r->items, " item, ", " items, ").s,
	         size_text(r->bytes).s);
	size_t column = wrap_piece(out, buf_slice(&text), "", 0, 0, width);
	buf_clear(&text);
	buf_addf(&text, "in %s", time_text(r->elapsed).s);
	column = wrap_piece(out, buf_slice(&text), " ", 2, column, width);
	if (r->items > 1 && r->elapsed > 0) {
		buf_clear(&text);
		paint_add(&text, style->color, PAINT_NUMBER,
		          grouped_text((uint64_t)(rate(r->items, r->elapsed) + 0.5)).s);
		buf_add_str(&text, " per second");
		buf_add_char(out, ':');
		column = wrap_piece(out, buf_slice(&text), " ", 2, column + 1, width);
	}
	for (const struct bulk_count *c = r->others; c->name; c++)
		column = add_share(out, style, c->n, PAINT_MISS, c->phrase, column, width);
	buf_add_char(out, '\n');
	buf_release(&text);
}

void summary_add_bulk(struct buf *out, const struct style *style, const struct bulk_report *r)
{
	struct figures f = {0};
	if (style->format == FORMAT_PRETTY) {
		add_bulk_pretty(out, style, r);
		return;
	}
	figures_put_text(&f, "command", r->command, IN_JSON | IN_CSV);
	if (r->file.len > 0)
		figures_put(
		    &f, (struct figure){"file", FIGURE_FILE, IN_JSON | IN_CSV, .file = r->file});
	figures_put_text(&f, "status", status_name(r->status), IN_JSON);
	figures_put_count(&f, "items", r->items);
	figures_put_count(&f, "bytes", r->bytes);
	for (const struct bulk_count *c = r->others; c->name; c++)
		figures_put_count(&f, c->name, c->n);
	figures_put(&f, (struct figure){"seconds", FIGURE_SECONDS, IN_ALL, .ns = r->elapsed});
	figures_add(out, style, &f);
}

static bool failed(const struct outcome *o, size_t i)
{
	return o->words[i].len > 0;
}

static void add_outcome_pretty(struct buf *out, const struct style *style, const struct outcome *o,
                               size_t done, size_t bad)
{
	for (size_t i = 0; i < o->count; i++) {
		if (!failed(o, i))
			continue;
		paint_slice(out, style->color, PAINT_KEY, quote_add_word, o->keys[i]);
		buf_add_str(out, "  ");
		paint_slice(out, style->color, PAINT_BAD, escape_add_field, o->words[i]);
		buf_add_char(out, '\n');
	}
	paint_on(out, style->color, bad ? PAINT_BAD : PAINT_GOOD);
	buf_addf(out, "%zu %s", done, o->done_word);
	if (done + bad < o->count)
		buf_addf(out, ", %zu %s", o->count - done - bad, o->absent_word);
	if (bad)
		buf_addf(out, ", %zu failed", bad);
	paint_off(out, style->color, bad ? PAINT_BAD : PAINT_GOOD);
	if (style->timing != TIMING_OFF) {
		buf_add_str(out, "  ");
		paint_addf(out, style->color, PAINT_DIM, "(%s)", time_text(o->total_ns).s);
	}
	buf_add_char(out, '\n');
}

static void add_keys(struct buf *out, const void *of)
{
	const struct outcome *o = of;
	json_open(out, '[');
	for (size_t i = 0; i < o->count; i++)
		json_bytes(out, o->keys[i]);
	buf_add_char(out, ']');
}

static void add_failed(struct buf *out, const void *of)
{
	const struct outcome *o = of;
	json_open(out, '[');
	for (size_t i = 0; i < o->count; i++) {
		if (!failed(o, i))
			continue;
		json_open(out, '{');
		json_bytes_member(out, "key", "key_encoding", o->keys[i]);
		json_bytes_member(out, "reply", "reply_encoding", o->words[i]);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_total_time(struct buf *out, const void *of)
{
	const struct outcome *o = of;
	json_open(out, '{');
	json_u64_member(out, "total", (uint64_t)(o->total_ns + 500) / 1000);
	buf_add_char(out, '}');
}

/* plain and csv: a row for each key that failed. */
static void add_outcome_rows(struct buf *out, const struct style *style, const struct outcome *o)
{
	static const struct table_column columns[] = {{"key", false}, {"reply", false}};
	struct table t;
	table_begin(&t, style, out, o->command, columns, 2);
	for (size_t i = 0; i < o->count; i++) {
		if (!failed(o, i))
			continue;
		table_cell(&t, PAINT_NONE, o->keys[i]);
		table_cell(&t, PAINT_NONE, o->words[i]);
	}
	table_end(&t);
}

void summary_add_outcome(struct buf *out, const struct style *style, const struct outcome *o)
{
	struct figures f = {0};
	size_t bad = 0, absent = 0;
	for (size_t i = 0; i < o->count; i++) {
		bad += failed(o, i);
		absent += o->absent && o->absent[i];
	}
	if (style->format == FORMAT_PRETTY) {
		add_outcome_pretty(out, style, o, o->count - bad - absent, bad);
		return;
	}
	if (style->format != FORMAT_JSON) {
		add_outcome_rows(out, style, o);
		return;
	}
	figures_put_text(&f, "command", o->command, IN_JSON);
	figures_put_json(&f, "keys", add_keys, o);
	figures_put_text(&f, "status", status_name(o->status), IN_JSON);
	figures_put_count(&f, "done", o->count - bad - absent);
	figures_put_json(&f, "failed", add_failed, o);
	figures_put_json(&f, "time_us", add_total_time, o);
	figures_add(out, style, &f);
}
