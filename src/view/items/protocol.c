/*
 * The protocol's own storage commands, as memcached-tool dumps them:
 *
 *	add <key> <flags> <exptime> <bytes>\r\n<value>\r\n
 *
 * A value is as long as its line says, whatever is in it. The word, which is one of set, add and
 * replace, is not looked at further. An exptime is what a server takes it for: seconds from now up
 * to 30 days, above that a Unix time, and below 0 in the past. Reading takes LF for CR LF.
 */
#include "base/number.h"
#include "proto/request.h"
#include "view/items/items.h"
#include "view/text/time.h"

/* The longest line that a server reads. */
#define LINE_MAX_BYTES 2048

struct head {
	struct slice key, flags, exptime;
	uint64_t bytes;
};

/* Reads a line without its line end. */
static bool read_head(struct slice line, struct head *head)
{
	int64_t exptime;
	uint64_t flags;
	line = slice_chop(line, '\r');
	if (line.len > LINE_MAX_BYTES)
		return false;
	struct slice word = slice_take(&line, ' ');
	if (!slice_lists(SLICE("set add replace"), ' ', word) || word.len == 0)
		return false;
	head->key = slice_take(&line, ' ');
	head->flags = slice_take(&line, ' ');
	head->exptime = slice_take(&line, ' ');
	struct slice bytes = slice_take(&line, ' ');
	return item_key_is_classic(head->key) &&
	       number_parse_u64(head->flags, &flags) == NUMBER_OK &&
	       number_parse_i64(head->exptime, &exptime) == NUMBER_OK &&
	       number_parse_u64(bytes, &head->bytes) == NUMBER_OK &&
	       (line.len == 0 || slice_eq(line, SLICE("noreply")));
}

bool item_is_protocol(struct slice line)
{
	struct head head;
	return read_head(line, &head);
}

/* A value that does not end where its line says is left out of its record, which says the two
 * apart. */
static size_t protocol_record(struct slice bytes, struct item_scan *scan)
{
	struct head head;
	size_t most = bytes.len < LINE_MAX_BYTES + 2 ? bytes.len : LINE_MAX_BYTES + 2;
	const char *feed = most ? memchr(bytes.data, '\n', most) : NULL;
	size_t line = feed ? (size_t)(feed - bytes.data) + 1 : 0;
	if (line == 0)
		return most < bytes.len ? item_line(bytes, scan) : 0;
	if (!read_head(slice_of(bytes.data, line - 1), &head))
		return line;
	struct slice rest = slice_skip(bytes, line);
	if (head.bytes >= rest.len)
		return 0;
	rest = slice_skip(rest, (size_t)head.bytes);
	size_t end = rest.data[0] == '\r' ? 2 : 1;
	if (rest.len < end)
		return 0;
	return rest.data[end - 1] == '\n' ? line + (size_t)head.bytes + end : line;
}

static bool protocol_add(struct buf *out, const struct item *item, bool cas)
{
	(void)cas;
	if (!item_key_is_classic(item->key))
		return false;
	buf_add_str(out, "add ");
	buf_add_slice(out, item->key);
	buf_add_char(out, ' ');
	buf_add_u64(out, item->flags);
	buf_add_char(out, ' ');
	buf_add_i64(out, item->exptime);
	buf_add_char(out, ' ');
	buf_add_u64(out, item->value.len);
	buf_add_str(out, "\r\n");
	buf_add_slice(out, item->value);
	buf_add_str(out, "\r\n");
	return true;
}

/* The Unix time that a server makes of an exptime. */
static int64_t time_of(int64_t exptime, int64_t now)
{
	if (exptime < 0)
		return -1;
	return exptime > 0 && exptime <= EXPTIME_RELATIVE_MAX ? now + exptime : exptime;
}

/* After a line that cannot be read its value would be taken for lines. */
static enum item_result protocol_parse(struct item_reader *r, struct slice record,
                                       struct item *item, struct error *error)
{
	struct head head;
	struct slice value = record, line = slice_take(&value, '\n');
	bool whole = line.len < record.len;
	*item = (struct item){0};
	line = slice_chop(line, '\r');
	if (line.len == 0)
		return ITEM_NONE;
	if (!read_head(line, &head)) {
		error_set(
		    error,
		    "a line is set, add or replace, a key, flags, exptime and the number of "
		    "bytes of the value below it",
		    "the line is not a storage command, and nothing after it can be read: %.*s",
		    SLICE_ARGS(line, 40));
		return ITEM_BAD_HEADER;
	}
	if (!whole) {
		error_set(error,
		          "were line ends changed on the way here, as by an editor or by ftp?",
		          "its value does not end where its line says, after %s, and nothing after "
		          "it can be read",
		          count_text(head.bytes, " byte", " bytes").s);
		return ITEM_BAD_HEADER;
	}
	item->key = head.key;
	item->value = slice_of(value.data, (size_t)head.bytes);
	if (!item_parse_flags(head.flags, item, error) ||
	    !item_parse_exptime(head.exptime, item, error))
		return ITEM_BAD;
	item->exptime = time_of(item->exptime, r->now);
	return ITEM_READ;
}

const struct item_format item_format_protocol = {
    .name = "protocol",
    .extensions = "",
    .certain = true,
    .add = protocol_add,
    .record = protocol_record,
    .needs_end = true,
    .parse = protocol_parse,
};
