#include "view/chart.h"

#include "base/utf8.h"
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
static bool set_borders(struct chart_times *c, int64_t min, int64_t max, unsigned per_decade)
{
	*c = (struct chart_times){.used = 1};
	c->from[0] = first_border(min, per_decade);
	int64_t end = next_border(c->from[0] ? c->from[0] : 50, per_decade);
	while (end <= max && c->used < CHART_BUCKETS) {
		c->from[c->used++] = end;
		end = next_border(end, per_decade);
	}
	return end > max;
}

void chart_times_of(struct chart_times *c, const struct histogram *times)
{
	*c = (struct chart_times){0};
	if (times->count == 0)
		return;
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
	}
}

/* U+2588 is a whole block; U+2589 is seven eighths of its width, U+258F one; U+2581 is one eighth
 * of its height. */
static void add_block(struct buf *out, unsigned last)
{
	buf_add(out, (char[3]){(char)0xe2, (char)0x96, (char)last}, 3);
}

/* Adds the bar without its colour. */
static size_t add_bar(struct buf *out, bool utf8, double part, double whole, size_t width)
{
	if (!(part > 0) || !(whole > 0) || width == 0)
		return 0;
	double share = part < whole ? part / whole : 1;
	size_t eighths = (size_t)(share * (double)width * 8.0 + 0.5);
	if (!utf8) {
		size_t columns = eighths < 8 ? 1 : (eighths + 4) / 8;
		buf_add_repeat(out, '#', columns);
		return columns;
	}
	if (eighths == 0)
		eighths = 1;
	for (size_t i = 0; i < eighths / 8; i++)
		add_block(out, 0x88);
	if (eighths % 8 > 0)
		add_block(out, 0x90 - (unsigned)(eighths % 8));
	return (eighths + 7) / 8;
}

size_t chart_add_bar(struct buf *out, const struct style *style, enum paint paint, double part,
                     double whole, size_t width)
{
	struct buf bar = BUF_INIT;
	size_t columns = add_bar(&bar, style->utf8, part, whole, width);
	if (columns > 0)
		paint_slice(out, style->color, paint, NULL, buf_slice(&bar));
	buf_release(&bar);
	return columns;
}

void chart_add_sparkline(struct buf *out, const struct style *style, enum paint paint,
                         const double *values, size_t count, size_t width)
{
	if (count > width) {
		values += count - width;
		count = width;
	}
	double most = 0;
	for (size_t i = 0; i < count; i++)
		most = values[i] > most ? values[i] : most;
	buf_add_repeat(out, ' ', width - count);
	paint_on(out, style->color, paint);
	for (size_t i = 0; i < count; i++) {
		if (!(values[i] >= 0)) {
			buf_add_char(out, ' ');
			continue;
		}
		double share = most > 0 ? values[i] < most ? values[i] / most : 1 : 0;
		unsigned step = (unsigned)(share * 7.0 + 0.5);
		if (style->utf8)
			add_block(out, 0x81 + step);
		else
			buf_add_char(out, " .:-=+*#"[step]);
	}
	paint_off(out, style->color, paint);
}

/* What stands before the bar of R. */
static struct slice row_text(const struct chart_row *r, struct buf *text)
{
	if (r->text.len > 0)
		return r->text;
	buf_clear(text);
	buf_add_str(text, grouped_text(r->count).s);
	return buf_slice(text);
}

void chart_add_rows(struct buf *out, const struct style *style, const struct chart_row *rows,
                    size_t count)
{
	struct buf text = BUF_INIT;
	size_t label = 0, number = 0;
	uint64_t most = 0;
	for (size_t i = 0; i < count; i++) {
		utf8_widen(&label, rows[i].label);
		utf8_widen(&number, row_text(&rows[i], &text));
		most = rows[i].count > most ? rows[i].count : most;
	}
	if (label > style->columns / 2)
		label = style->columns / 2;
	size_t taken = 2 + label + 2 + number + 2;
	size_t width = style->columns > taken + 4 ? style->columns - taken : 4;

	for (size_t i = 0; i < count; i++) {
		buf_add_str(out, "  ");
		fit_painted(out, style, PAINT_DIM, rows[i].label, label, FIT_RIGHT);
		buf_add_str(out, "  ");
		fit_add(out, row_text(&rows[i], &text), number, FIT_RIGHT, style->utf8);
		if (rows[i].count > 0)
			buf_add_str(out, "  ");
		chart_add_bar(out, style, rows[i].paint, (double)rows[i].count, (double)most,
		              width);
		buf_add_char(out, '\n');
	}
	buf_release(&text);
}

void chart_add_times(struct buf *out, const struct style *style, const struct histogram *times)
{
	struct chart_times c;
	struct chart_row rows[CHART_BUCKETS] = {0};
	struct short_text labels[CHART_BUCKETS];
	chart_times_of(&c, times);
	for (size_t i = 0; i < c.used; i++) {
		labels[i] = short_textf("%s+", time_text(c.from[i]).s);
		rows[i] = (struct chart_row){
		    .label = slice_str(labels[i].s), .count = c.counts[i], .paint = PAINT_NUMBER};
	}
	chart_add_rows(out, style, rows, c.used);
}
