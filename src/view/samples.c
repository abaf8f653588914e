/* The times of a repeated command, summed up and drawn. */
#include "view/samples.h"

#include "base/number.h"
#include "view/text/csv_write.h"
#include "view/text/fit.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

#include <stdlib.h>

/* What is told of the samples, in this order, as a percentage of the way through them. */
static const struct {
	const char *name;
	unsigned percent; /* 0: the smallest */
} ranks[] = {{"min", 0}, {"median", 50}, {"p90", 90}, {"p99", 99}, {"max", 100}};
#define RANKS (sizeof(ranks) / sizeof(ranks[0]))

/* Nearest rank: the smallest sample that PERCENT of them do not exceed. COUNT is not 0. */
static int64_t at_rank(const int64_t *sorted, size_t count, unsigned percent)
{
	/* Split, so that no count overflows. */
	size_t rank = count / 100 * percent + (count % 100 * percent + 99) / 100;
	return sorted[rank > 0 ? rank - 1 : 0];
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

void samples_add_usec(struct buf *out, int64_t ns)
{
	uint64_t n = ns > 0 ? (uint64_t)ns : 0;
	buf_add_u64(out, n / 1000);
	buf_addf(out, ".%03u", (unsigned)(n % 1000));
}

static void add_plain(struct buf *out, const int64_t *sorted, size_t count)
{
	buf_add_str(out, "count\t");
	buf_add_u64(out, count);
	buf_add_char(out, '\n');
	for (size_t i = 0; count > 0 && i < RANKS; i++) {
		buf_add_str(out, ranks[i].name);
		buf_add_char(out, '\t');
		samples_add_usec(out, at_rank(sorted, count, ranks[i].percent));
		buf_add_char(out, '\n');
	}
}

static void add_json(struct buf *out, const char *command, const int64_t *sorted, size_t count)
{
	buf_add_char(out, '{');
	json_name(out, "command");
	json_string(out, slice_str(command));
	json_name(out, "count");
	json_u64(out, count);
	json_name(out, "unit");
	json_string(out, SLICE("us"));
	for (size_t i = 0; count > 0 && i < RANKS; i++) {
		json_name(out, ranks[i].name);
		samples_add_usec(out, at_rank(sorted, count, ranks[i].percent));
	}
	buf_add_str(out, "}\n");
}

static void add_csv(struct buf *out, const struct style *style, const char *command,
                    const int64_t *sorted, size_t count)
{
	size_t from = out->len;
	buf_add_str(out, "command,count");
	for (size_t i = 0; i < RANKS; i++) {
		buf_add_char(out, ',');
		buf_add_str(out, ranks[i].name);
		buf_add_str(out, "_us");
	}
	buf_add_char(out, '\n');
	csv_end_header(out, from, style);
	csv_add_field(out, slice_str(command));
	buf_add_char(out, ',');
	buf_add_u64(out, count);
	for (size_t i = 0; i < RANKS; i++) {
		buf_add_char(out, ',');
		if (count > 0)
			samples_add_usec(out, at_rank(sorted, count, ranks[i].percent));
	}
	buf_add_char(out, '\n');
}

/* The border above B in a series that has PER_DECADE round steps between powers of ten. */
static int64_t next_border(int64_t b, unsigned per_decade)
{
	static const unsigned tens[] = {10, 100};
	static const unsigned threes[] = {10, 20, 50, 100};
	static const unsigned many[] = {10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100};
	const unsigned *series = per_decade == 1 ? tens : per_decade == 3 ? threes : many;
	int64_t decade = 100; /* so that no step has a fraction */
	while (decade <= b / 10)
		decade *= 10;
	if (decade > INT64_MAX / 100)
		return INT64_MAX;
	while (decade / 10 * *series <= b)
		series++;
	return decade / 10 * *series;
}

/* The last border at or below the smallest sample. */
static int64_t first_border(int64_t min, unsigned per_decade)
{
	int64_t border = 100;
	if (min < border)
		return 0;
	for (int64_t next; (next = next_border(border, per_decade)) <= min && next < INT64_MAX;)
		border = next;
	return border;
}

void samples_bucket(struct sample_buckets *b, const struct samples *samples)
{
	static const unsigned series[] = {10, 3, 1};
	int64_t max = samples->values[samples->used - 1];
	for (size_t s = 0; s < sizeof(series) / sizeof(series[0]); s++) {
		*b = (struct sample_buckets){.used = 1};
		b->from[0] = first_border(samples->values[0], series[s]);
		int64_t end = next_border(b->from[0] ? b->from[0] : 50, series[s]);
		while (end <= max && b->used < SAMPLE_BUCKETS) {
			b->from[b->used++] = end;
			end = next_border(end, series[s]);
		}
		if (end > max)
			break;
	}
	size_t bucket = 0;
	for (size_t i = 0; i < samples->used; i++) {
		while (bucket + 1 < b->used && samples->values[i] >= b->from[bucket + 1])
			bucket++;
		b->counts[bucket] += samples->counts ? samples->counts[i] : 1;
		if (b->counts[bucket] > b->most)
			b->most = b->counts[bucket];
	}
}

/* A bar in eighths of a column where the terminal has the characters, in whole ones where not. */
static void add_bar(struct buf *out, bool utf8, uint64_t part, uint64_t most, size_t width)
{
	size_t eighths = (size_t)((double)part / (double)most * (double)width * 8.0 + 0.5);
	if (part > 0 && eighths < (utf8 ? 1 : 8))
		eighths = utf8 ? 1 : 8;
	if (!utf8) {
		buf_add_repeat(out, '#', (eighths + 4) / 8);
		return;
	}
	for (size_t i = 0; i < eighths / 8; i++)
		buf_add_str(out, "\xe2\x96\x88");
	/* U+2589 is seven eighths, U+258F one. */
	if (eighths % 8 > 0)
		buf_add(out, (char[3]){(char)0xe2, (char)0x96, (char)(0x90 - eighths % 8)}, 3);
}

void samples_draw(struct buf *out, const struct style *style, const struct samples *samples)
{
	struct sample_buckets h;
	samples_bucket(&h, samples);
	const size_t label = 9; /* "999.9 ms" and a blank of air */
	char digits[NUMBER_DIGITS];
	size_t number = number_u64(digits, h.most).len;
	number += (number - 1) / 3;
	size_t taken = 2 + label + 3 + 2 + number;
	size_t width = style->columns > taken + 4 ? style->columns - taken : 4;

	struct buf text = BUF_INIT;
	for (size_t i = 0; i < h.used; i++) {
		buf_add_str(out, "  ");
		buf_clear(&text);
		time_add(&text, h.from[i]);
		paint_on(out, style->color, PAINT_DIM);
		fit_add(out, buf_slice(&text), label, FIT_RIGHT, style->utf8);
		buf_add_str(out, "+  ");
		paint_off(out, style->color, PAINT_DIM);
		buf_clear(&text);
		time_add_grouped(&text, h.counts[i]);
		fit_add(out, buf_slice(&text), number, FIT_RIGHT, style->utf8);
		if (h.counts[i] > 0) {
			buf_add_str(out, "  ");
			paint_on(out, style->color, PAINT_NUMBER);
			add_bar(out, style->utf8, h.counts[i], h.most, width);
			paint_off(out, style->color, PAINT_NUMBER);
		}
		buf_add_char(out, '\n');
	}
	buf_release(&text);
}

size_t samples_add_rank(struct buf *out, const struct style *style, const char *name, int64_t ns,
                        size_t column)
{
	struct buf text = BUF_INIT;
	buf_addf(&text, "%s%s ", column == 0 ? "  " : "", name);
	time_add(&text, ns);
	column = wrap_piece(out, buf_slice(&text), "  ", 2, column, style->columns);
	buf_release(&text);
	return column;
}

static void add_pretty(struct buf *out, const struct style *style, const int64_t *sorted,
                       size_t count)
{
	time_add_grouped(out, count);
	buf_add_str(out, count == 1 ? " sample" : " samples");
	if (count == 0) {
		buf_add_char(out, '\n');
		return;
	}
	buf_add_char(out, '\n');
	size_t column = 0;
	for (size_t i = 0; i < RANKS; i++)
		column = samples_add_rank(out, style, ranks[i].name,
		                          at_rank(sorted, count, ranks[i].percent), column);
	buf_add_char(out, '\n');
	samples_draw(out, style, &(struct samples){.values = sorted, .used = count});
}

void time_add_samples(struct buf *out, const struct style *style, const char *command,
                      int64_t *samples, size_t count)
{
	if (count > 0)
		qsort(samples, count, sizeof(*samples), compare);
	switch (style->format) {
	case FORMAT_PRETTY:
		add_pretty(out, style, samples, count);
		break;
	case FORMAT_JSON:
		add_json(out, command, samples, count);
		break;
	case FORMAT_CSV:
		add_csv(out, style, command, samples, count);
		break;
	case FORMAT_PLAIN:
	case FORMAT_RAW:
	case FORMAT_WIRE:
		add_plain(out, samples, count);
		break;
	}
}
