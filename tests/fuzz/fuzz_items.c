/*
 * libFuzzer target: any bytes as a file of items, in each format that is read; and as the key and
 * value of an item. What must hold: records follow each other and end; a bad one has an error; an
 * item that was read, or made of the bytes, is read back from what is written of it as the same.
 */
#include "view/items/items.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

/* ITEM comes back from FORMAT. */
static void check_round_trip(const struct item_format *format, const struct item *item)
{
	struct item_reader r = {.format = format};
	struct buf text = BUF_INIT;
	struct error error;
	struct item back;
	if (format->begin)
		format->begin(&text, false);
	if (!format->add(&text, item, false)) {
		check(!item_key_is_classic(item->key));
		buf_release(&text);
		return;
	}
	struct slice rest = buf_slice(&text);
	enum item_result result = ITEM_NONE;
	while (result == ITEM_NONE && rest.len > 0) {
		struct item_scan scan = {0};
		size_t n = format->record(rest, &scan);
		check(n > 0);
		result = format->parse(&r, slice_of(rest.data, n - 1), &back, &error);
		rest = slice_skip(rest, n);
	}
	check(result == ITEM_READ && rest.len == 0);
	check(slice_eq(back.key, item->key) && slice_eq(back.value, item->value));
	check(back.flags == item->flags && back.exptime == item->exptime);
	item_reader_release(&r);
	buf_release(&text);
}

static void check_file(const struct item_format *format, struct slice text)
{
	struct item_reader r = {.format = format};
	while (text.len > 0) {
		struct error error = {.what = ""};
		struct item item;
		struct item_scan scan = {0}, parts = {0};
		size_t n = format->record(text, &scan);
		check(n <= text.len);
		/* The same when it comes in two parts. */
		struct slice half = slice_of(text.data, text.len / 2);
		size_t first = format->record(half, &parts);
		check(n == (first ? first : format->record(text, &parts)));
		struct slice record = slice_of(text.data, n > 0 ? n - 1 : text.len);
		enum item_result result = format->parse(&r, record, &item, &error);
		bool bad = result == ITEM_BAD || result == ITEM_BAD_HEADER;
		check(bad == (error.what[0] != '\0'));
		/* A key is not empty, and what has a negative time is not dumped. */
		if (result == ITEM_READ && item.key.len > 0 && item.exptime >= 0)
			check_round_trip(format, &item);
		text = slice_skip(text, n > 0 ? n : text.len);
	}
	item_reader_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	size_t half = size > 250 ? 250 : (size + 1) / 2;
	struct item item = {.key = slice_of(text.data, half),
	                    .value = slice_skip(text, half),
	                    .flags = (uint32_t)size * 2654435761u,
	                    .exptime = size % 3 ? (int64_t)size : 0};
	item_format_of_bytes(text);
	for (size_t i = 0; item_formats[i]; i++) {
		if (!item_formats[i]->parse)
			continue;
		check_file(item_formats[i], text);
		if (half > 0)
			check_round_trip(item_formats[i], &item);
	}
	return 0;
}
