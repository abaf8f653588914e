#include "view/keys/keylist.h"

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

static const struct row_column columns[COLUMNS] = {
    [KEY] = {"key", NULL, 0, false, PAINT_KEY},
    [SIZE] = {"size", "size", 9, true, PAINT_NUMBER},
    [TTL] = {"ttl", "expires in", 11, true, PAINT_NONE},
    [UNBUMPED] = {"unbumped", "unbumped", 11, true, PAINT_NONE},
    [CLASS] = {"class", "class", 5, true, PAINT_NONE},
    [FETCHED] = {"fetched", "read", 4, false, PAINT_NONE},
    [FLAGS] = {"flags", "flags", 6, true, PAINT_NONE},
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
	rows_init(r, style, out, command, columns, alone ? 1 : COLUMNS);
	if (!in_long)
		r->hidden = 1u << UNBUMPED | 1u << CLASS | 1u << FETCHED | 1u << FLAGS;
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
	struct short_text size = grouped_text(item->size);
	struct short_text ttl = span_text((uint64_t)crawled_ttl(item));
	struct short_text unbumped = span_text((uint64_t)crawled_unbumped(item));
	if (item->known & CRAWLED_SIZE)
		eyes[SIZE] = slice_str(size.s);
	eyes[TTL] = crawled_ttl(item) < 0 ? SLICE("never") : slice_str(ttl.s);
	if (item->known & CRAWLED_BUMPED)
		eyes[UNBUMPED] = slice_str(unbumped.s);
	rows_add(r, server, cells, eyes);
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
