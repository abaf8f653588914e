#include "view/text/chart.h"

#include "base/number.h"
#include "view/text/fit.h"
#include "view/text/paint.h"
#include "view/text/time.h"

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

/* Sets the borders for times from MIN to MAX; false when more than CHART_BUCKETS are needed. */
static bool set_borders(struct chart *c, int64_t min, int64_t max, unsigned per_decade)
{
	*c = (struct chart){.used = 1};
	c->from[0] = first_border(min, per_decade);
	int64_t end = next_border(c->from[0] ? c->from[0] : 50, per_decade);
	while (end <= max && c->used < CHART_BUCKETS) {
		c->from[c->used++] = end;
		end = next_border(end, per_decade);
	}
	return end > max;
}

void chart_of(struct chart *c, const struct histogram *times)
{
	size_t first = 0, last = HISTOGRAM_BUCKETS - 1, bucket = 0;
	while (first < last && times->counts[first] == 0)
		first++;
	while (last > first && times->counts[last] == 0)
		last--;
	int64_t min = histogram_value(times, first), max = histogram_value(times, last);
	if (!set_borders(c, min, max, 10) && !set_borders(c, min, max, 3))
		set_borders(c, min, max, 1);
	for (size_t i = first; i <= last; i++) {
		if (times->counts[i] == 0)
			continue;
		while (bucket + 1 < c->used && histogram_value(times, i) >= c->from[bucket + 1])
			bucket++;
		c->counts[bucket] += times->counts[i];
		if (c->counts[bucket] > c->most)
			c->most = c->counts[bucket];
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

void chart_draw(struct buf *out, const struct style *style, const struct chart *c)
{
	const size_t label = 9; /* "999.9 ms" and a blank of air */
	char digits[NUMBER_DIGITS];
	size_t number = number_u64(digits, c->most).len;
	number += (number - 1) / 3;
	size_t taken = 2 + label + 3 + 2 + number;
	size_t width = style->columns > taken + 4 ? style->columns - taken : 4;

	struct buf text = BUF_INIT;
	for (size_t i = 0; i < c->used; i++) {
		buf_add_str(out, "  ");
		buf_clear(&text);
		time_add(&text, c->from[i]);
		paint_on(out, style->color, PAINT_DIM);
		fit_add(out, buf_slice(&text), label, FIT_RIGHT, style->utf8);
		buf_add_str(out, "+  ");
		paint_off(out, style->color, PAINT_DIM);
		buf_clear(&text);
		time_add_grouped(&text, c->counts[i]);
		fit_add(out, buf_slice(&text), number, FIT_RIGHT, style->utf8);
		if (c->counts[i] > 0) {
			buf_add_str(out, "  ");
			paint_on(out, style->color, PAINT_NUMBER);
			add_bar(out, style->utf8, c->counts[i], c->most, width);
			paint_off(out, style->color, PAINT_NUMBER);
		}
		buf_add_char(out, '\n');
	}
	buf_release(&text);
}
