#include "view/tree/tree_rows.h"

#include "base/quote.h"
#include "view/chart.h"
#include "view/text/fit.h"
#include "view/text/time.h"

enum {
	KEY,
	DEPTH,
	ITEMS,
	BYTES,
	SHARE,
	FOREVER,
	TTL,
	/* For eyes. */
	SIZE,
	PERCENT,
	BAR,
	NEVER,
	LIFE,
	NAME,
};

/* Of the widths in pretty, all but those of the bar and the name, with the gaps. */
#define OTHERS_WIDTH 48
#define BAR_MIN      8
#define BAR_MAX      20
/* Columns of the name that are left before the bar grows. */
#define NAME_WISH 40

static const struct row_column columns[TREE_COLUMNS] = {
    [KEY] = {"key", NULL, 0, false, PAINT_KEY},
    [DEPTH] = {"depth", NULL, 0, true, PAINT_NONE},
    [ITEMS] = {"items", "items", 9, true, PAINT_NUMBER},
    [BYTES] = {"bytes", NULL, 0, true, PAINT_NONE},
    [SHARE] = {"share", NULL, 0, true, PAINT_NONE},
    [FOREVER] = {"forever", NULL, 0, true, PAINT_NONE},
    [TTL] = {"ttl", NULL, 0, true, PAINT_NONE},
    [SIZE] = {NULL, "size", 9, true, PAINT_NUMBER},
    [PERCENT] = {NULL, "share", 6, true, PAINT_NONE},
    [BAR] = {NULL, " ", 0, false, PAINT_HEADING},
    [NEVER] = {NULL, "never", 6, true, PAINT_NONE},
    [LIFE] = {NULL, "ttl", 6, true, PAINT_NONE},
    [NAME] = {NULL, "key", 0, false, PAINT_KEY},
};

void tree_rows_init(struct tree_rows *t, const struct style *style, struct buf *out,
                    const char *command, struct slice prefix, bool by_items)
{
	*t = (struct tree_rows){.prefix = prefix, .by_items = by_items};
	unsigned wide = OTHERS_WIDTH + BAR_MIN + NAME_WISH;
	unsigned bar = BAR_MIN + (style->columns > wide ? (style->columns - wide) / 2 : 0);
	memcpy(t->columns, columns, sizeof(columns));
	t->columns[BAR].width = bar < BAR_MAX ? bar : BAR_MAX;
	rows_init(&t->rows, style, out, command, t->columns, TREE_COLUMNS);
}

void tree_rows_release(struct tree_rows *t)
{
	for (size_t i = 0; i < TREE_COLUMNS; i++)
		buf_release(&t->text[i]);
	rows_release(&t->rows);
}

static uint64_t weight(const struct tree_rows *t, const struct keytree_sums *sums)
{
	return t->by_items ? sums->items : sums->bytes;
}

/* The largest unit alone: "5 h", "12 d". */
static void add_life(struct buf *out, int64_t seconds)
{
	static const int64_t units[] = {86400, 3600, 60, 1};
	size_t i = 0;
	if (seconds < 0)
		return;
	while (i < 3 && seconds < units[i])
		i++;
	buf_add_str(out, span_text((uint64_t)((seconds + units[i] / 2) / units[i] * units[i])).s);
}

/* Set in by the depth, and in the columns that are left. */
static void add_name(struct tree_rows *t, const struct keytree_row *row)
{
	const struct style *style = t->rows.style;
	struct buf name = BUF_INIT;
	size_t used = OTHERS_WIDTH + t->columns[BAR].width;
	size_t left = style->columns > used + BAR_MIN ? style->columns - used : BAR_MIN;
	buf_add_repeat(&name, ' ', 2 * (size_t)(row->depth ? row->depth - 1 : 0));
	if (row->depth == 0 && t->prefix.len > 0)
		escape_add_field(&name, t->prefix);
	else if (row->depth == 0 || row->others)
		buf_add_str(&name, row->others ? "others" : "all");
	else
		escape_add_field(&name, row->name);
	fit_add(&t->text[NAME], buf_slice(&name), left, FIT_CUT, style->utf8);
	buf_release(&name);
}

static void add_for_eyes(struct tree_rows *t, const struct keytree_row *row)
{
	struct style plain = *t->rows.style;
	const struct keytree_sums *sums = &row->sums;
	plain.color = false; /* the column's paint is its colour */
	buf_add_str(&t->text[SIZE], size_text(sums->bytes).s);
	buf_add_str(&t->text[PERCENT], percent_text(weight(t, sums), t->whole).s);
	if (!chart_add_bar(&t->text[BAR], &plain, PAINT_NONE, (double)weight(t, sums),
	                   (double)t->whole, t->columns[BAR].width))
		buf_add_char(&t->text[BAR], ' ');
	buf_add_str(&t->text[NEVER], percent_text(sums->forever, sums->items).s);
	add_life(&t->text[LIFE], keytree_median_ttl(sums));
	add_name(t, row);
}

static void add_for_programs(struct tree_rows *t, const struct keytree_row *row)
{
	const struct keytree_sums *sums = &row->sums;
	int64_t ttl = keytree_median_ttl(sums);
	buf_add_slice(&t->text[KEY], t->prefix);
	buf_add_slice(&t->text[KEY], row->path);
	if (row->others)
		buf_add_str(&t->text[KEY], "<others>");
	buf_add_u64(&t->text[DEPTH], row->depth);
	buf_add_u64(&t->text[BYTES], sums->bytes);
	buf_addf(&t->text[SHARE], "%.1f",
	         t->whole ? (double)weight(t, sums) * 100 / (double)t->whole : 0.0);
	buf_add_u64(&t->text[FOREVER], sums->forever);
	if (ttl >= 0)
		buf_add_i64(&t->text[TTL], ttl);
}

void tree_rows_add(void *ctx, const struct keytree_row *row)
{
	struct tree_rows *t = ctx;
	bool pretty = t->rows.style->format == FORMAT_PRETTY;
	struct slice cells[TREE_COLUMNS];
	if (row->depth == 0)
		t->whole = weight(t, &row->sums);
	if (row->depth == 0 && !pretty)
		return;
	for (size_t i = 0; i < TREE_COLUMNS; i++)
		buf_clear(&t->text[i]);
	if (pretty) {
		buf_add_str(&t->text[ITEMS], grouped_text(row->sums.items).s);
		add_for_eyes(t, row);
	} else {
		buf_add_u64(&t->text[ITEMS], row->sums.items);
		add_for_programs(t, row);
	}
	for (size_t i = 0; i < TREE_COLUMNS; i++)
		cells[i] = buf_slice(&t->text[i]);
	rows_add(&t->rows, NULL, cells, NULL);
}
