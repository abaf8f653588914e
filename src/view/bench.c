#include "view/bench.h"

#include "base/xalloc.h"
#include "view/samples.h"
#include "view/text/csv_write.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

#include <stdlib.h>

static const struct {
	const char *name, *title; /* for programs, and for eyes */
	unsigned per_mille;
} ranks[] = {{"min", "min", 0},   {"p50", "p50", 500},    {"p90", "p90", 900},
             {"p99", "p99", 990}, {"p999", "p99.9", 999}, {"max", "max", 1000}};
#define RANKS (sizeof(ranks) / sizeof(ranks[0]))

/* The totals, by the names that programs read. */
static const char *const names[] = {"threads", "connections", "commands", "errors",
                                    "misses",  "not_stored",  "exists",   "not_found",
                                    "seconds", "per_second"};
#define NAMES (sizeof(names) / sizeof(names[0]))

static double per_second(const struct bench_report *r)
{
	return r->elapsed > 0 ? (double)r->commands * 1e9 / (double)r->elapsed : 0;
}

/* Whether names[I] is left out: the negative answers that only some commands have. */
static bool is_idle(const struct bench_report *r, size_t i)
{
	return (i == 5 && r->not_stored == 0) || (i == 6 && r->exists == 0) ||
	       (i == 7 && r->not_found == 0);
}

/* The value that names[I] has. */
static void add_total(struct buf *out, const struct bench_report *r, size_t i)
{
	const uint64_t counts[] = {r->threads, r->connections, r->commands, r->errors,
	                           r->misses,  r->not_stored,  r->exists,   r->not_found};
	if (i < sizeof(counts) / sizeof(counts[0]))
		buf_add_u64(out, counts[i]);
	else if (i == NAMES - 1)
		buf_addf(out, "%.1f", per_second(r));
	else
		buf_addf(out, "%lld.%06lld", (long long)r->elapsed / 1000000000,
		         (long long)r->elapsed / 1000 % 1000000);
}

/* Room for a tally's buckets without the empty ones; too large for the stack of a thread. */
struct flat {
	int64_t values[TALLY_BUCKETS];
	uint64_t counts[TALLY_BUCKETS];
};

/* The tally as samples, which stand in FLAT. */
static struct samples flatten(const struct tally *t, struct flat *flat)
{
	size_t used = 0;
	for (size_t i = 0; i < TALLY_BUCKETS; i++) {
		if (t->counts[i] == 0)
			continue;
		flat->values[used] = tally_value(t, i);
		flat->counts[used++] = t->counts[i];
	}
	return (struct samples){flat->values, flat->counts, used};
}

static void add_plain(struct buf *out, const struct bench_report *r)
{
	for (size_t i = 0; i < NAMES; i++) {
		if (is_idle(r, i))
			continue;
		buf_addf(out, "%s\t", names[i]);
		add_total(out, r, i);
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; r->times->count > 0 && i < RANKS; i++) {
		buf_addf(out, "%s\t", ranks[i].name);
		samples_add_usec(out, tally_at(r->times, ranks[i].per_mille));
		buf_add_char(out, '\n');
	}
}

static void add_json_histogram(struct buf *out, const struct tally *times)
{
	struct flat *flat = xmalloc(sizeof(*flat));
	struct samples samples = flatten(times, flat);
	struct sample_buckets b;
	samples_bucket(&b, &samples);
	json_name(out, "histogram");
	json_open(out, '[');
	for (size_t i = 0; i < b.used; i++) {
		json_open(out, '{');
		json_name(out, "from");
		samples_add_usec(out, b.from[i]);
		json_name(out, "count");
		json_u64(out, b.counts[i]);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
	free(flat);
}

static void add_json(struct buf *out, const struct bench_report *r)
{
	json_open(out, '{');
	json_name(out, "command");
	json_string(out, slice_str(r->command));
	for (size_t i = 0; i < NAMES; i++) {
		if (is_idle(r, i))
			continue;
		json_name(out, names[i]);
		add_total(out, r, i);
	}
	json_name(out, "unit");
	json_string(out, SLICE("us"));
	for (size_t i = 0; r->times->count > 0 && i < RANKS; i++) {
		json_name(out, ranks[i].name);
		samples_add_usec(out, tally_at(r->times, ranks[i].per_mille));
	}
	if (r->times->count > 0)
		add_json_histogram(out, r->times);
	buf_add_str(out, "}\n");
}

static void add_csv(struct buf *out, const struct style *style, const struct bench_report *r)
{
	size_t from = out->len;
	buf_add_str(out, "command");
	for (size_t i = 0; i < NAMES; i++)
		buf_addf(out, ",%s", names[i]);
	for (size_t i = 0; i < RANKS; i++)
		buf_addf(out, ",%s_us", ranks[i].name);
	buf_add_char(out, '\n');
	csv_end_header(out, from, style);
	csv_add_field(out, slice_str(r->command));
	for (size_t i = 0; i < NAMES; i++) {
		buf_add_char(out, ',');
		add_total(out, r, i);
	}
	for (size_t i = 0; i < RANKS; i++) {
		buf_add_char(out, ',');
		if (r->times->count > 0)
			samples_add_usec(out, tally_at(r->times, ranks[i].per_mille));
	}
	buf_add_char(out, '\n');
}

/* "1,000 misses", where there are any. */
static size_t add_share(struct buf *out, const struct style *style, uint64_t n, enum paint paint,
                        const char *name, size_t column)
{
	if (n == 0)
		return column;
	struct buf text = BUF_INIT;
	paint_on(&text, style->color, paint);
	time_add_grouped(&text, n);
	buf_addf(&text, " %s", name);
	paint_off(&text, style->color, paint);
	buf_add_char(out, ',');
	column = wrap_piece(out, buf_slice(&text), " ", 2, column + 1, style->columns - 1);
	buf_release(&text);
	return column;
}

static void add_totals(struct buf *out, const struct style *style, const struct bench_report *r)
{
	struct buf text = BUF_INIT;
	time_add_grouped(&text, r->commands);
	buf_add_str(&text, r->commands == 1 ? " command in " : " commands in ");
	time_add(&text, r->elapsed);
	buf_add_char(&text, ':');
	size_t column = wrap_piece(out, buf_slice(&text), "", 0, 0, style->columns);
	buf_clear(&text);
	time_add_grouped(&text, (uint64_t)(per_second(r) + 0.5));
	buf_add_str(&text, " per second");
	column = wrap_piece(out, buf_slice(&text), " ", 2, column, style->columns - 1);
	column = add_share(out, style, r->misses, PAINT_MISS, r->misses == 1 ? "miss" : "misses",
	                   column);
	column = add_share(out, style, r->not_stored, PAINT_MISS, "NOT_STORED", column);
	column = add_share(out, style, r->exists, PAINT_MISS, "EXISTS", column);
	column = add_share(out, style, r->not_found, PAINT_MISS, "NOT_FOUND", column);
	add_share(out, style, r->errors, PAINT_BAD, r->errors == 1 ? "error" : "errors", column);
	buf_add_char(out, '\n');
	buf_release(&text);
}

static void add_pretty(struct buf *out, const struct style *style, const struct bench_report *r)
{
	add_totals(out, style, r);
	paint_on(out, style->color, PAINT_DIM);
	buf_addf(out, "  %u thread%s over %u connection%s", r->threads, r->threads == 1 ? "" : "s",
	         r->connections, r->connections == 1 ? "" : "s");
	paint_off(out, style->color, PAINT_DIM);
	buf_add_char(out, '\n');
	if (r->times->count == 0)
		return;
	size_t column = 0;
	for (size_t i = 1; i < RANKS; i++)
		column = samples_add_rank(out, style, ranks[i].title,
		                          tally_at(r->times, ranks[i].per_mille), column);
	buf_add_char(out, '\n');
	struct flat *flat = xmalloc(sizeof(*flat));
	struct samples samples = flatten(r->times, flat);
	samples_draw(out, style, &samples);
	free(flat);
}

void bench_add(struct buf *out, const struct style *style, const struct bench_report *report)
{
	switch (style->format) {
	case FORMAT_PRETTY:
		add_pretty(out, style, report);
		break;
	case FORMAT_JSON:
		add_json(out, report);
		break;
	case FORMAT_CSV:
		add_csv(out, style, report);
		break;
	case FORMAT_PLAIN:
	case FORMAT_RAW:
	case FORMAT_WIRE:
		add_plain(out, report);
		break;
	}
}
