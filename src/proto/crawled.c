#include "proto/crawled.h"

#include "base/number.h"
#include "proto/attributes.h"
#include "proto/request.h"

/* A key without a % stands in the line as it is. */
static bool read_key(struct slice text, struct crawled *item, struct buf *key)
{
	item->key = text;
	if (text.len > 0 && memchr(text.data, '%', text.len)) {
		buf_clear(key);
		if (!attribute_decode(key, text))
			return false;
		item->key = buf_slice(key);
	}
	return item->key.len > 0 && item->key.len <= KEY_MAX_BYTES;
}

static void read_number(struct slice text, unsigned bit, uint64_t *number, struct crawled *item)
{
	if (number_parse_u64(text, number) == NUMBER_OK)
		item->known |= bit;
}

/* The words that not all servers have. */
static void read_word(struct slice word, struct crawled *item)
{
	uint64_t n = 0;
	if (slice_starts(word, SLICE("la="))) {
		read_number(slice_skip(word, 3), CRAWLED_BUMPED, &n, item);
		item->bumped = n > INT64_MAX ? INT64_MAX : (int64_t)n;
	} else if (slice_starts(word, SLICE("cas="))) {
		read_number(slice_skip(word, 4), CRAWLED_CAS, &item->cas, item);
	} else if (slice_starts(word, SLICE("fetch="))) {
		item->known |= CRAWLED_FETCHED;
		item->fetched = slice_eq_str(word, "fetch=yes");
	} else if (slice_starts(word, SLICE("cls="))) {
		read_number(slice_skip(word, 4), CRAWLED_CLASS, &n, item);
		item->cls = (unsigned)n;
	} else if (slice_starts(word, SLICE("size="))) {
		read_number(slice_skip(word, 5), CRAWLED_SIZE, &item->size, item);
	} else if (slice_starts(word, SLICE("flags="))) {
		read_number(slice_skip(word, 6), CRAWLED_FLAGS, &item->flags, item);
	}
}

bool crawled_read(struct slice line, bool terse, struct crawled *item, struct buf *key)
{
	*item = (struct crawled){0};
	while (line.len > 0 && !(terse && item->key.data && item->known)) {
		struct slice word = slice_take(&line, ' ');
		if (slice_starts(word, SLICE("key="))) {
			if (item->key.data || !read_key(slice_skip(word, 4), item, key))
				return false;
		} else if (slice_starts(word, SLICE("exp="))) {
			if (number_parse_i64(slice_skip(word, 4), &item->exptime) != NUMBER_OK)
				return false;
			item->exptime = item->exptime < 0 ? 0 : item->exptime;
			item->known |= CRAWLED_EXPTIME;
		} else if (!terse) {
			read_word(word, item);
		}
	}
	return item->key.data && item->known & CRAWLED_EXPTIME;
}
