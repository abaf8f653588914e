#include "view/diff.h"

#include "base/quote.h"
#include "base/xalloc.h"
#include "view/text/paint.h"

#include <stdlib.h>

/* Lines around a change. */
#define CONTEXT 3

void lines_add_one(struct lines *l, struct slice line)
{
	l->list = xgrow(l->list, &l->cap, l->count + 1, sizeof(*l->list));
	l->list[l->count++] = line;
}

void lines_add(struct lines *l, struct slice text)
{
	while (text.len > 0)
		lines_add_one(l, slice_take(&text, '\n'));
}

void lines_release(struct lines *l)
{
	free(l->list);
	*l = (struct lines){0};
}

void diff_release(struct diff *d)
{
	free(d->rows);
	*d = (struct diff){0};
}

/*
 * The search: after d steps, reach[k] is how far down the first text a path on diagonal k (place in
 * the first text minus place in the second) has come. Every step's reach is kept, for the way back.
 */
struct search {
	struct slice *a, *b; /* without what they have in common at their ends */
	long a_count, b_count;
	long *steps; /* those of step d begin at d * d, that of diagonal k at d + k after it */
};

static long *reach(const struct search *s, long d, long k)
{
	return &s->steps[d * d + d + k];
}

/* Whether step D comes to diagonal K down from K + 1, by a line of the second text. */
static bool comes_down(const struct search *s, long d, long k)
{
	return k == -d || (k != d && *reach(s, d - 1, k - 1) < *reach(s, d - 1, k + 1));
}

/* The number of steps that lead to the end, or -1 when there are too many. */
static long search_run(struct search *s)
{
	for (long d = 0; d <= s->a_count + s->b_count && d <= DIFF_MOST; d++) {
		s->steps = xreallocarray(s->steps, (size_t)((d + 1) * (d + 1)), sizeof(*s->steps));
		for (long k = -d; k <= d; k += 2) {
			long x = d == 0                ? 0
			         : comes_down(s, d, k) ? *reach(s, d - 1, k + 1)
			                               : *reach(s, d - 1, k - 1) + 1;
			while (x < s->a_count && x - k < s->b_count && x - k >= 0 &&
			       slice_eq(s->a[x], s->b[x - k]))
				x++;
			*reach(s, d, k) = x;
			if (x >= s->a_count && x - k >= s->b_count)
				return d;
		}
	}
	return -1;
}

/* Goes back from the end and notes the lines that are in one text only. */
static void search_mark(const struct search *s, long d, bool *only_a, bool *only_b)
{
	long x = s->a_count, y = s->b_count;
	for (; d > 0; d--) {
		long k = x - y;
		bool down = comes_down(s, d, k);
		long before = down ? k + 1 : k - 1;
		x = *reach(s, d - 1, before);
		y = x - before;
		if (down)
			only_b[y] = true;
		else
			only_a[x] = true;
	}
}

static void add_row(struct diff *d, char sign, struct slice text)
{
	d->rows[d->count++] = (struct diff_row){sign, text};
	d->changed += sign != ' ';
}

void diff_make(struct diff *d, const struct lines *a, const struct lines *b)
{
	size_t least = a->count < b->count ? a->count : b->count, head = 0, tail = 0;
	while (head < least && slice_eq(a->list[head], b->list[head]))
		head++;
	while (tail < least - head &&
	       slice_eq(a->list[a->count - 1 - tail], b->list[b->count - 1 - tail]))
		tail++;
	size_t a_end = a->count - tail, b_end = b->count - tail;
	bool *only_a = xcalloc(a->count + 1, sizeof(*only_a));
	bool *only_b = xcalloc(b->count + 1, sizeof(*only_b));
	struct search s = {.a = a->count ? a->list + head : NULL,
	                   .b = b->count ? b->list + head : NULL,
	                   .a_count = (long)(a_end - head),
	                   .b_count = (long)(b_end - head)};
	long steps = search_run(&s);
	if (steps >= 0) {
		search_mark(&s, steps, only_a + head, only_b + head);
	} else {
		memset(only_a + head, true, a_end - head);
		memset(only_b + head, true, b_end - head);
	}
	d->rows = xcalloc(a->count + b->count + 1, sizeof(*d->rows));
	for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
		if (i < a->count && only_a[i])
			add_row(d, '-', a->list[i++]);
		else if (j < b->count && only_b[j])
			add_row(d, '+', b->list[j++]);
		else {
			add_row(d, ' ', a->list[i++]);
			j++;
		}
	}
	free(s.steps);
	free(only_a);
	free(only_b);
}

static enum paint paint_of(char sign)
{
	return sign == '-' ? PAINT_BAD : sign == '+' ? PAINT_GOOD : PAINT_NONE;
}

static void add_line(struct buf *out, const struct diff_row *row, const char *space, bool color)
{
	paint_on(out, color, paint_of(row->sign));
	buf_add_char(out, row->sign);
	buf_add_str(out, space);
	escape_add_text(out, row->text);
	paint_off(out, color, paint_of(row->sign));
	buf_add_char(out, '\n');
}

/* "12,3": where and how many; of none, the line before. */
static void add_range(struct buf *out, size_t before, size_t count)
{
	buf_add_u64(out, count == 0 ? before : before + 1);
	if (count != 1) {
		buf_add_char(out, ',');
		buf_add_u64(out, count);
	}
}

/* The rows from FROM to END; A and B lines of the two texts stand before them. */
static void add_hunk(struct buf *out, const struct diff *d, size_t from, size_t end, size_t a,
                     size_t b, bool color)
{
	size_t a_count = 0, b_count = 0;
	for (size_t i = from; i < end; i++) {
		a_count += d->rows[i].sign != '+';
		b_count += d->rows[i].sign != '-';
	}
	paint_on(out, color, PAINT_DIM);
	buf_add_str(out, "@@ -");
	add_range(out, a, a_count);
	buf_add_str(out, " +");
	add_range(out, b, b_count);
	buf_add_str(out, " @@");
	paint_off(out, color, PAINT_DIM);
	buf_add_char(out, '\n');
	for (size_t i = from; i < end; i++)
		add_line(out, &d->rows[i], "", color);
}

/* Where the hunk ends whose first change is at FIRST: when no change follows closely. */
static size_t hunk_end(const struct diff *d, size_t first)
{
	size_t last = first;
	for (size_t i = first; i < d->count && i - last <= (size_t)2 * CONTEXT + 1; i++) {
		if (d->rows[i].sign != ' ')
			last = i;
	}
	return last + 1 + CONTEXT < d->count ? last + 1 + CONTEXT : d->count;
}

void diff_add_unified(struct buf *out, const struct diff *d, bool color)
{
	size_t a = 0, b = 0, done = 0;
	for (size_t i = 0; i < d->count; i++) {
		if (d->rows[i].sign == ' ')
			continue;
		size_t from = i > done + CONTEXT ? i - CONTEXT : done, end = hunk_end(d, i);
		a += from - done; /* what lies between hunks is in both */
		b += from - done;
		add_hunk(out, d, from, end, a, b, color);
		for (size_t k = from; k < end; k++) {
			a += d->rows[k].sign != '+';
			b += d->rows[k].sign != '-';
		}
		done = end;
		i = end - 1;
	}
}

void diff_add_short(struct buf *out, const struct diff *d, size_t most, bool color)
{
	size_t shown = 0;
	for (size_t i = 0; i < d->count && shown < most; i++) {
		if (d->rows[i].sign == ' ')
			continue;
		add_line(out, &d->rows[i], " ", color);
		shown++;
	}
	if (shown < d->changed)
		buf_addf(out, "(%zu more lines differ)\n", d->changed - shown);
}
