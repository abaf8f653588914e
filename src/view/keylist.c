#include "view/keylist.h"

#include "base/number.h"
#include "view/text/time.h"

#include <stdio.h>

enum {
	KEY,
	SIZE,
	TTL,
	UNBUMPED,
	CLASS,
	FETCHED,
	FLAGS,
	KEY_LAST, /* pretty has it there, where its length moves nothing */
	COLUMNS,
};

static const struct row_column all_columns[COLUMNS] = {
    [KEY] = {"key", NULL, 0, false, PAINT_KEY},
    [SIZE] = {"size", "size", 9, true, PAINT_NUMBER},
    [TTL] = {"ttl", "expires in", 11, true, PAINT_NONE},
    [UNBUMPED] = {"unbumped", "unbumped", 11, true, PAINT_NONE},
    [CLASS] = {"class", "class", 5, true, PAINT_NONE},
    [FETCHED] = {"fetched", "read", 4, false, PAINT_NONE},
    [FLAGS] = {"flags", "flags", 6, true, PAINT_NONE},
    [KEY_LAST] = {NULL, "key", 0, false, PAINT_KEY},
};

/* The same order, for eyes that see less of it. */
static const struct row_column few_columns[COLUMNS] = {
    [KEY] = {"key", NULL, 0, false, PAINT_KEY},
    [SIZE] = {"size", "size", 9, true, PAINT_NUMBER},
    [TTL] = {"ttl", "expires in", 11, true, PAINT_NONE},
    [UNBUMPED] = {"unbumped", NULL, 11, true, PAINT_NONE},
    [CLASS] = {"class", NULL, 5, true, PAINT_NONE},
    [FETCHED] = {"fetched", NULL, 4, false, PAINT_NONE},
    [FLAGS] = {"flags", NULL, 6, true, PAINT_NONE},
    [KEY_LAST] = {NULL, "key", 0, false, PAINT_KEY},
};

static bool is_for_programs(const struct style *style)
{
	return style->format == FORMAT_JSON || style->format == FORMAT_CSV;
}

void keylist_init(struct rows *r, const struct style *style, struct buf *out, const char *command,
                  bool in_long)
{
	bool alone = !in_long && !is_for_programs(style) && style->format != FORMAT_PRETTY;
	rows_init(r, style, out, command, in_long ? all_columns : few_columns, alone ? 1 : COLUMNS);
}

bool keylist_labels(const struct style *style, bool in_long)
{
	return in_long || is_for_programs(style) || style->format == FORMAT_PRETTY;
}

/* The decimal digits of N in TEXT, or nothing where it is not KNOWN. */
static struct slice digits(char text[static NUMBER_DIGITS], bool known, int64_t n)
{
	int len = known ? snprintf(text, NUMBER_DIGITS, "%lld", (long long)n) : 0;
	return slice_of(text, (size_t)len);
}

static void add_for_eyes(struct rows *r, const char *server, const struct crawled *item,
                         const struct slice *cells)
{
	struct slice eyes[COLUMNS] = {{0}};
	struct buf size = BUF_INIT, ttl = BUF_INIT, unbumped = BUF_INIT;
	if (item->known & CRAWLED_SIZE)
		buf_add_str(&size, grouped_text(item->size).s);
	if (crawled_ttl(item) < 0)
		buf_add_str(&ttl, "never");
	else
		buf_add_str(&ttl, span_text((uint64_t)crawled_ttl(item)).s);
	if (item->known & CRAWLED_BUMPED)
		buf_add_str(&unbumped, span_text((uint64_t)crawled_unbumped(item)).s);
	eyes[SIZE] = buf_slice(&size);
	eyes[TTL] = buf_slice(&ttl);
	eyes[UNBUMPED] = buf_slice(&unbumped);
	rows_add(r, server, cells, eyes);
	buf_release(&size);
	buf_release(&ttl);
	buf_release(&unbumped);
}

void keylist_add(struct rows *r, const char *server, const struct crawled *item)
{
	struct slice cells[COLUMNS] = {[KEY] = item->key, [KEY_LAST] = item->key};
	char text[COLUMNS][NUMBER_DIGITS];
	if (r->count == 1) {
		rows_add(r, server, cells, NULL);
		return;
	}
	cells[SIZE] = digits(text[SIZE], item->known & CRAWLED_SIZE, (int64_t)item->size);
	cells[TTL] = digits(text[TTL], true, crawled_ttl(item));
	cells[UNBUMPED] =
	    digits(text[UNBUMPED], item->known & CRAWLED_BUMPED, crawled_unbumped(item));
	cells[CLASS] = digits(text[CLASS], item->known & CRAWLED_CLASS, item->cls);
	cells[FLAGS] = digits(text[FLAGS], item->known & CRAWLED_FLAGS, (int64_t)item->flags);
	if (item->known & CRAWLED_FETCHED)
		cells[FETCHED] = item->fetched ? SLICE("yes") : SLICE("no");
	if (r->style->format == FORMAT_PRETTY)
		add_for_eyes(r, server, item, cells);
	else
		rows_add(r, server, cells, NULL);
}
