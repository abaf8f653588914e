/*
 * Lines of a server that is watched, and of one that lists its keys: reading ends, what is read
 * lies in the line, and each row that is shown of it is one line.
 */
#include "proto/attributes.h"
#include "view/keys/listed.h"
#include "view/live/watched.h"

#include <stdlib.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

static bool lies_in(struct slice part, struct slice line)
{
	return part.len == 0 ||
	       (part.data >= line.data && part.data + part.len <= line.data + line.len);
}

/* What OUT has is one line, or a header and one. */
static void check_lines(struct buf *out, size_t most)
{
	size_t lines = 0;
	for (size_t i = 0; i < out->len; i++)
		lines += out->data[i] == '\n';
	check(lines >= 1 && lines <= most && out->data[out->len - 1] == '\n');
	buf_clear(out);
}

static void show(struct slice line, const struct event *event, enum format format)
{
	struct style style = {.format = format, .columns = 80};
	struct buf out = BUF_INIT, key = BUF_INIT;
	struct row_column columns[WATCHED_COLUMNS];
	struct rows rows;
	size_t count;
	watched_columns(columns, 120, false);
	rows_init(&rows, &style, &out, "watch", columns, WATCHED_COLUMNS);
	attribute_decode(&key, event->fields[EVENT_KEY]);
	watched_add(&rows, "s", event, buf_slice(&key));
	check_lines(&out, format == FORMAT_CSV ? 1000 : 2);
	rows_release(&rows);
	for (int alone = 0; alone < 2; alone++) {
		const struct row_column *listed = listed_columns(alone, &count);
		rows_init(&rows, &style, &out, "lru_crawler", listed, count);
		listed_add(&rows, "s", line, 1000);
		check_lines(&out, format == FORMAT_CSV ? 1000 : 2);
		rows_release(&rows);
	}
	buf_release(&out);
	buf_release(&key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice line = slice_of((const char *)data, size);
	struct event event;
	if (size > 8192 || (size > 0 && memchr(data, '\n', size)))
		return 0;
	if (!event_parse(line, &event))
		event = (struct event){.text = line};
	for (size_t i = 0; i < EVENT_FIELDS; i++)
		check(lies_in(event.fields[i], line) ||
		      (i == EVENT_TYPE && slice_eq_str(event.fields[i], "rawcmd")));
	check(lies_in(event.text, line) && event.usec <= 999999);
	for (unsigned f = FORMAT_PRETTY; f <= FORMAT_WIRE; f++)
		show(line, &event, (enum format)f);
	return 0;
}
