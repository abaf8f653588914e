#include "proto/reply_reader.h"

#include "base/quote.h"
#include "proto/stranger.h"

/* How much space is offered to one read. */
#define READ_SIZE ((size_t)64 * 1024)

/* What input may be held beyond a value: its header, the next replies read along with it. */
#define READ_SLACK ((size_t)1024 * 1024)

/* Memory that is kept from one value to the next. */
#define READ_KEEP ((size_t)4 * 1024 * 1024)

void reply_reader_init(struct reply_reader *r, size_t value_max)
{
	*r = (struct reply_reader){.value_max = value_max};
	buf_init(&r->in, 0);
}

void reply_reader_release(struct reply_reader *r)
{
	buf_release(&r->in);
}

void reply_reader_reset(struct reply_reader *r)
{
	if (r->in.cap > READ_KEEP)
		buf_release(&r->in);
	buf_clear(&r->in);
	r->pos = r->scanned = 0;
}

char *reply_reader_reserve(struct reply_reader *r, size_t *space)
{
	r->in.max = r->value_max + READ_SLACK;
	if (r->pos == r->in.len)
		reply_reader_reset(r);
	else if (r->pos >= r->in.len - r->pos || r->in.len + READ_SIZE > r->in.max) {
		/* More has been taken than is left: moving the rest costs no more than reading it
		 * did. */
		buf_drop(&r->in, r->pos);
		r->pos = 0;
	}
	char *data = buf_reserve(&r->in, READ_SIZE);
	*space = data ? r->in.cap - r->in.len : 0;
	return data;
}

void reply_reader_fed(struct reply_reader *r, size_t n)
{
	r->in.len += n;
}

void reply_reader_feed(struct reply_reader *r, struct slice bytes)
{
	while (bytes.len > 0) {
		size_t space;
		char *data = reply_reader_reserve(r, &space);
		size_t n = bytes.len < space ? bytes.len : space;
		if (!data)
			return;
		memcpy(data, bytes.data, n);
		reply_reader_fed(r, n);
		bytes = slice_skip(bytes, n);
	}
}

enum reader_result reader_line(struct reply_reader *r, struct slice *line, size_t *length,
                               struct error *error)
{
	size_t have = r->in.len - r->pos;
	if (have == 0)
		return READER_MORE;
	const char *start = r->in.data + r->pos;
	const char *end = have > r->scanned ? memchr(start + r->scanned, '\n', have - r->scanned)
	                                    : NULL;
	if (!end && have <= REPLY_LINE_MAX) {
		r->scanned = have;
		return READER_MORE;
	}
	if (!end || (size_t)(end - start) > REPLY_LINE_MAX) {
		error_set(error, "is this a memcached server?",
		          "the server sent a line of more than %d bytes", REPLY_LINE_MAX);
		return READER_BAD;
	}
	*length = (size_t)(end - start) + 1;
	size_t text = *length - 1;
	if (text > 0 && start[text - 1] == '\r')
		text--;
	*line = slice_of(start, text);
	return READER_REPLY;
}

enum reader_result reader_misfit(const struct request *request, struct slice line,
                                 struct error *error)
{
	struct buf shown = BUF_INIT;
	const char *stranger = stranger_name(line);
	escape_add_field(&shown, slice_first(line, 60));
	if (stranger) {
		error_set(error, "is it the right port? memcached's own is 11211",
		          "this is %s, it answered \"%s%s\"", stranger, buf_cstr(&shown),
		          line.len > 60 ? "..." : "");
		buf_release(&shown);
		return READER_BAD;
	}
	error_set(
	    error,
	    "the connection is closed, the next command opens a new one; .trace on shows the bytes",
	    "unexpected reply to %s: \"%s%s\"", verb_word(request->verb), buf_cstr(&shown),
	    line.len > 60 ? "..." : "");
	buf_release(&shown);
	return READER_BAD;
}

enum reader_result reader_block(struct reply_reader *r, size_t length, uint64_t len,
                                struct slice *block, struct error *error)
{
	if (len > r->value_max) {
		error_set(error, "raise it with .set max_value, if the server is to be trusted",
		          "the server announced a value of %llu bytes, the limit is %zu",
		          (unsigned long long)len, r->value_max);
		return READER_BAD;
	}
	size_t have = r->in.len - r->pos - length;
	if (have < len + 2)
		return READER_MORE;
	const char *data = r->in.data + r->pos + length;
	if (data[len] != '\r' || data[len + 1] != '\n') {
		error_set(error, "the connection is closed, the next command opens a new one",
		          "a value of %llu byte%s did not end where the server said it would",
		          (unsigned long long)len, len == 1 ? "" : "s");
		return READER_BAD;
	}
	*block = slice_of(data, (size_t)len);
	return READER_REPLY;
}

void reader_note_end(struct reply_reader *r, size_t length)
{
	size_t end = length > 1 && r->in.data[r->pos + length - 2] == '\r' ? 2 : 1;
	fields_add(r->fields, FIELD_LINE_END, length - end, end);
}

void reader_note_block(struct reply_reader *r, size_t length, struct slice block)
{
	reader_note_end(r, length);
	fields_add(r->fields, FIELD_DATA, length, block.len);
	fields_add(r->fields, FIELD_DATA_END, length + block.len, 2);
}

void reader_note_line(struct reply_reader *r, struct slice line, size_t length,
                      const struct reply *out)
{
	struct slice rest = line, code = reader_word(&rest);
	switch (out->kind) {
	case REPLY_NUMBER:
		reader_note(r, FIELD_NUMBER, line);
		break;
	case REPLY_STAT:
		reader_note(r, FIELD_CODE, code);
		reader_note(r, FIELD_NAME, out->key);
		reader_note(r, FIELD_VALUE, out->value);
		break;
	case REPLY_VERSION:
		reader_note(r, FIELD_CODE, code);
		reader_note(r, FIELD_VERSION, out->value);
		break;
	case REPLY_ERROR:
	case REPLY_CLIENT_ERROR:
	case REPLY_SERVER_ERROR:
		reader_note(r, FIELD_CODE, code);
		reader_note(r, FIELD_MESSAGE, out->value);
		break;
	case REPLY_LINE:
		reader_note(r, FIELD_LINE, line);
		break;
	case REPLY_REFUSED:
		reader_note(r, FIELD_CODE, code);
		reader_note(r, FIELD_MESSAGE, slice_skip(rest, 1));
		break;
	default:
		reader_note(r, FIELD_CODE, line);
	}
	reader_note_end(r, length);
}

bool reader_error(struct slice line, struct reply *out)
{
	static const enum reply_kind kinds[] = {REPLY_ERROR, REPLY_CLIENT_ERROR,
	                                        REPLY_SERVER_ERROR};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct slice word = reply_words[kinds[i]];
		if (!slice_starts(line, word))
			continue;
		struct slice rest = slice_skip(line, word.len);
		if (rest.len > 0 && rest.data[0] != ' ' && rest.data[0] != ':')
			continue;
		out->kind = kinds[i];
		out->value = slice_trim(slice_skip(rest, 1));
		return true;
	}
	return false;
}

bool reply_line_is_error(struct slice line)
{
	struct reply ignored;
	return reader_error(line, &ignored);
}

bool reader_key_place(const struct request *request, size_t from, struct slice key, size_t *place)
{
	if (request->key_count == 1 && from == 1)
		return false; /* one key has one value */
	for (size_t n = 0, i = from; n < request->key_count; n++, i++) {
		if (i >= request->key_count)
			i = 0;
		if (slice_eq(request->keys[i], key)) {
			*place = i;
			return true;
		}
	}
	return false;
}
