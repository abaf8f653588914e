#include "proto/raw.h"

#include "base/number.h"

const struct request raw_version = {.verb = VERB_RAW};

bool raw_has_form(const struct request *request)
{
	return request->verb >= VERB_RAW;
}

bool raw_is_marked(const struct request *request)
{
	(void)request; /* one fence's answer is like another's */
	return false;
}

static struct slice fence(const struct request *request)
{
	if (request->verb == VERB_LISTEN || request_asks_list(request))
		return slice_of(NULL, 0);
	return request->raw_end == RAW_END_MN ? SLICE("mn\r\n") : SLICE("version\r\n");
}

size_t raw_fence_len(const struct request *request)
{
	return fence(request).len;
}

void raw_encode(const struct request *request, struct buf *out, struct fields *fields)
{
	size_t from = out->len, data;
	buf_add_slice(out, request->text);
	data = request->secret ? slice_before(request->text, '\n').len + 1 : request->text.len;
	if (data < request->text.len) {
		fields_note(fields, FIELD_LINE, from, from + data);
		fields_note(fields, FIELD_SECRET, from + data, out->len);
	} else {
		fields_note(fields, FIELD_LINE, from, out->len);
	}
	from = out->len;
	buf_add_slice(out, fence(request));
	fields_note(fields, FIELD_FENCE, from, out->len);
}

/* The length of the data block that LINE announces, which VALUE and ElastiCache's CONFIG do by
 * their fourth word and the meta commands' VA by its second. False when it announces none. */
static bool announces_block(struct slice line, uint64_t *len)
{
	size_t before = slice_starts(line, SLICE("VA ")) ? 1 : 0;
	if (slice_starts(line, SLICE("VALUE ")) || slice_starts(line, SLICE("CONFIG ")))
		before = 3;
	for (size_t i = 0; i < before; i++)
		reader_word(&line);
	return before > 0 && number_parse_u64(reader_word(&line), len) == NUMBER_OK;
}

/* A server that wants a login answers a fence by an error, or not at all where it came in one
 * packet with what it refused. */
static bool wants_login(struct slice line)
{
	bool taken;
	return slice_starts(line, SLICE("CLIENT_ERROR ")) &&
	       reply_wants_login(slice_skip(line, 13), &taken);
}

bool raw_ends_list(struct slice line)
{
	struct slice rest = line;
	return slice_is_among(reader_word(&rest), "END EN BUSY BADCLASS NOTSTARTED") ||
	       reply_line_is_error(line);
}

/* *CURSOR of an answer that ends after the line just taken. Else it is the length of a data block
 * and one more, once its header was taken. */
#define CURSOR_OVER    (SIZE_MAX - 1)
#define CURSOR_REFUSED SIZE_MAX

enum reader_result raw_read(struct reply_reader *r, const struct request *request, size_t *cursor,
                            struct reply *out, struct error *error)
{
	struct slice line;
	size_t length;
	uint64_t len;
	enum reader_result result;

	if (*cursor >= CURSOR_OVER) {
		out->kind = REPLY_END;
		out->closing = *cursor == CURSOR_REFUSED;
		return READER_REPLY;
	}
	out->kind = REPLY_LINE;
	if (*cursor > 0) {
		len = *cursor - 1;
		result = reader_block(r, 0, len, &out->value, error);
		if (result != READER_REPLY)
			return result;
		*cursor = 0;
		out->block = true;
		reader_note(r, FIELD_DATA, out->value);
		reader_note_to(r, FIELD_DATA_END, (size_t)len + 2);
		return reader_take(r, (size_t)len + 2, out);
	}
	result = reader_line(r, &line, &length, error);
	if (result != READER_REPLY)
		return result;
	bool is_list = request_asks_list(request);
	bool fenced = request->verb == VERB_RAW && !is_list;
	if (fenced && (request->raw_end == RAW_END_MN ? slice_eq(line, SLICE("MN"))
	                                              : slice_starts(line, SLICE("VERSION ")))) {
		reader_note_to(r, FIELD_FENCE, length);
		reader_take(r, length, out);
		out->kind = REPLY_END;
		out->wire = slice_of(NULL, 0); /* the fence is nobody's answer */
		return READER_REPLY;
	}
	out->value = line;
	if (fenced && wants_login(line)) {
		*cursor = CURSOR_REFUSED;
	} else if (is_list && raw_ends_list(line)) {
		*cursor = CURSOR_OVER;
	} else if (announces_block(line, &len)) {
		if (len > r->value_max)
			return reader_block(r, length, len, &line, error);
		*cursor = (size_t)len + 1;
	}
	return reader_take_line(r, line, length, out);
}
