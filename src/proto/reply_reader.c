#include "proto/reply_reader.h"

#include "base/number.h"
#include "base/quote.h"
#include "proto/meta.h"
#include "proto/stranger.h"

/* How much room is offered to one read. */
#define READ_SIZE ((size_t)64 * 1024)

/* What input may be held beyond a value: its header, the next replies read along with it. */
#define READ_SLACK ((size_t)1024 * 1024)

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
	buf_clear(&r->in);
	r->pos = r->scanned = 0;
}

char *reply_reader_room(struct reply_reader *r, size_t *room)
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
	char *data = buf_room(&r->in, READ_SIZE);
	*room = data ? r->in.cap - r->in.len : 0;
	return data;
}

void reply_reader_fed(struct reply_reader *r, size_t n)
{
	r->in.len += n;
}

void reply_reader_feed(struct reply_reader *r, struct slice bytes)
{
	while (bytes.len > 0) {
		size_t room;
		char *data = reply_reader_room(r, &room);
		size_t n = bytes.len < room ? bytes.len : room;
		if (!data)
			return;
		memcpy(data, bytes.data, n);
		reply_reader_fed(r, n);
		bytes = slice_skip(bytes, n);
	}
}

/* The words of a line, taken one by one: the next run of bytes up to a blank. */
static struct slice next_word(struct slice *rest)
{
	while (rest->len > 0 && rest->data[0] == ' ')
		*rest = slice_skip(*rest, 1);
	/* Most words are short. */
	size_t n = 0;
	while (n < rest->len && rest->data[n] != ' ')
		n++;
	struct slice word = slice_of(rest->data, n);
	*rest = slice_skip(*rest, n);
	return word;
}

/* The first whole line, without its line end, and its length with it. */
static enum reader_result take_line(struct reply_reader *r, struct slice *line, size_t *length,
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

static enum reader_result does_not_fit(const struct request *request, struct slice line,
                                       struct error *error)
{
	struct buf shown = BUF_INIT;
	const char *stranger = stranger_name(line);
	escape_add_field(&shown, slice_of(line.data, line.len < 60 ? line.len : 60));
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

static enum reader_result took(struct reply_reader *r, size_t length, struct reply *out)
{
	out->wire = slice_of(r->in.data + r->pos, length);
	r->pos += length;
	r->scanned = 0;
	return READER_REPLY;
}

/*
 * The data block of LEN bytes after a line of LENGTH bytes, and the CR LF that must end it.
 * Memory is taken as the bytes arrive, never on the word of the header.
 */
static enum reader_result take_block(struct reply_reader *r, size_t length, uint64_t len,
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

/* The place of KEY among those of REQUEST, from *FROM on first: some servers have an order of their
 * own, and answer a key that was asked twice once. */
static bool find_key(const struct request *request, size_t from, struct slice key, size_t *place)
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

/* VALUE <key> <flags> <bytes>[ <cas>] and the block after it. */
static enum reader_result take_value(struct reply_reader *r, const struct request *request,
                                     size_t *cursor, struct slice line, size_t length,
                                     struct reply *out, struct error *error)
{
	struct slice rest = slice_skip(line, 6);
	uint64_t len;
	out->kind = REPLY_VALUE;
	size_t i = *cursor;
	/* The keys that are there come in the order in which they were asked for, as a rule. */
	if (i < request->key_count && slice_starts(rest, request->keys[i]) &&
	    rest.len > request->keys[i].len && rest.data[request->keys[i].len] == ' ') {
		out->key = slice_of(rest.data, request->keys[i].len);
		rest = slice_skip(rest, out->key.len);
	} else {
		out->key = next_word(&rest);
	}
	if (number_parse_u64(next_word(&rest), &out->flags) != NUMBER_OK ||
	    number_parse_u64(next_word(&rest), &len) != NUMBER_OK)
		return does_not_fit(request, line, error);
	struct slice cas = next_word(&rest);
	out->has_cas = cas.len > 0;
	if ((out->has_cas && number_parse_u64(cas, &out->cas) != NUMBER_OK) ||
	    next_word(&rest).len > 0)
		return does_not_fit(request, line, error);

	if (!find_key(request, *cursor, out->key, &i))
		return does_not_fit(request, line, error);
	enum reader_result result = take_block(r, length, len, &out->value, error);
	if (result != READER_REPLY)
		return result;
	out->key_index = i;
	*cursor = i + 1;
	return took(r, length + (size_t)len + 2, out);
}

/* ERROR, CLIENT_ERROR and SERVER_ERROR, each alone, with a blank and words, or with a colon. */
static bool is_error(struct slice line, struct reply *out)
{
	static const enum reply_kind kinds[] = {REPLY_ERROR, REPLY_CLIENT_ERROR,
	                                        REPLY_SERVER_ERROR};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct slice word = slice_str(reply_word(kinds[i]));
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
	return is_error(line, &ignored);
}

/* An answer that is one fixed word. */
static bool is_word(enum expect expect, struct slice line, struct reply *out)
{
	static const struct {
		enum expect expect;
		enum reply_kind kind;
	} words[] = {
	    {EXPECT_VALUES, REPLY_END},         {EXPECT_STORAGE, REPLY_STORED},
	    {EXPECT_STORAGE, REPLY_NOT_STORED}, {EXPECT_STORAGE, REPLY_EXISTS},
	    {EXPECT_STORAGE, REPLY_NOT_FOUND},  {EXPECT_TOUCH, REPLY_TOUCHED},
	    {EXPECT_TOUCH, REPLY_NOT_FOUND},    {EXPECT_DELETE, REPLY_DELETED},
	    {EXPECT_DELETE, REPLY_NOT_FOUND},   {EXPECT_NUMBER, REPLY_NOT_FOUND},
	    {EXPECT_STATS, REPLY_END},          {EXPECT_STATS, REPLY_OK},
	    {EXPECT_STATS, REPLY_RESET},        {EXPECT_OK, REPLY_OK},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].expect == expect && slice_eq_str(line, reply_word(words[i].kind))) {
			out->kind = words[i].kind;
			return true;
		}
	}
	return false;
}

/* An answer to a request in its meta form. *CURSOR is 1 once its value was taken: its end goes
 * without saying. */
static enum reader_result take_meta(struct reply_reader *r, const struct request *request,
                                    size_t *cursor, struct reply *out, struct error *error)
{
	struct slice line;
	size_t length;
	struct meta_head head;

	if (*cursor > 0) {
		out->kind = REPLY_END;
		return READER_REPLY;
	}
	enum reader_result result = take_line(r, &line, &length, error);
	if (result != READER_REPLY)
		return result;
	if (!meta_read(request, line, &head)) {
		if (!is_error(line, out))
			return does_not_fit(request, line, error);
		return took(r, length, out);
	}
	if (!head.fits)
		return does_not_fit(request, line, error);
	out->kind = head.kind;
	if (head.kind != REPLY_VALUE && head.kind != REPLY_NUMBER)
		return took(r, length, out);
	result = take_block(r, length, head.size, &out->value, error);
	if (result != READER_REPLY)
		return result;
	if (head.kind == REPLY_NUMBER &&
	    number_parse_u64(slice_trim(out->value), &out->number) != NUMBER_OK)
		return does_not_fit(request, line, error);
	if (head.kind == REPLY_VALUE) {
		out->key = request->keys[0];
		out->flags = head.flags;
		out->has_cas = head.has_cas;
		out->cas = head.cas;
		*cursor = 1;
	} else {
		out->value = slice_of(NULL, 0);
	}
	return took(r, length + (size_t)head.size + 2, out);
}

/* STAT <name> <value>; ITEM (cachedump) and PREFIX (detail dump) lines are shown as they are. */
static bool is_stat(struct slice line, struct reply *out)
{
	if (slice_starts(line, SLICE("STAT "))) {
		struct slice rest = slice_skip(line, 5);
		out->kind = REPLY_STAT;
		out->key = next_word(&rest);
		out->value = slice_skip(rest, 1);
		return out->key.len > 0;
	}
	out->kind = REPLY_LINE;
	out->value = line;
	return slice_starts(line, SLICE("ITEM ")) || slice_starts(line, SLICE("PREFIX "));
}

/* memcached before 1.6.25 answers these two with one STAT line and no END. */
static bool stats_without_end(const struct request *request)
{
	return slice_eq_str(request->text, "sizes_enable") ||
	       slice_eq_str(request->text, "sizes_disable");
}

/* The length of the data block that LINE announces, which VALUE and ElastiCache's CONFIG do by
 * their fourth word and the meta commands' VA by its second. False when it announces none. */
static bool announces_block(struct slice line, uint64_t *len)
{
	size_t before = slice_starts(line, SLICE("VA ")) ? 1 : 0;
	if (slice_starts(line, SLICE("VALUE ")) || slice_starts(line, SLICE("CONFIG ")))
		before = 3;
	for (size_t i = 0; i < before; i++)
		next_word(&line);
	return before > 0 && number_parse_u64(next_word(&line), len) == NUMBER_OK;
}

/* A server that wants a login answers a fence by an error, or not at all where it came in one
 * packet with what it refused. No other server sends these words. */
static bool wants_login(struct slice line)
{
	static const char *const words[] = {"unauthenticated", "authentication failure",
	                                    "bad authentication token format",
	                                    "auth token too long", "bad command line termination"};
	if (!slice_starts(line, SLICE("CLIENT_ERROR ")))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (slice_eq_str(slice_skip(line, 13), words[i]))
			return true;
	}
	return false;
}

/* The end of a list of keys (lru_crawler metadump, mgdump), or a line that refuses one. */
static bool ends_list(struct slice line)
{
	static const char *const words[] = {"END", "EN", "BUSY", "BADCLASS", "NOTSTARTED"};
	struct slice rest = line, first = next_word(&rest);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (slice_eq_str(first, words[i]))
			return true;
	}
	return reply_line_is_error(line);
}

/* *CURSOR of an answer that ends after the line just taken. */
#define CURSOR_OVER    (SIZE_MAX - 1)
#define CURSOR_REFUSED SIZE_MAX

/* Lines of any kind, up to the fence's answer. A data block is a line of its own, whatever it
 * holds: *CURSOR is its length and one more once its header was taken. */
static enum reader_result take_any(struct reply_reader *r, const struct request *request,
                                   size_t *cursor, struct reply *out, struct error *error)
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
		result = take_block(r, 0, len, &out->value, error);
		if (result != READER_REPLY)
			return result;
		*cursor = 0;
		out->block = true;
		return took(r, (size_t)len + 2, out);
	}
	result = take_line(r, &line, &length, error);
	if (result != READER_REPLY)
		return result;
	bool fenced = request_expects(request) == EXPECT_FENCE && !request->is_list;
	if (fenced && (request->fence_mn ? slice_eq(line, SLICE("MN"))
	                                 : slice_starts(line, SLICE("VERSION ")))) {
		took(r, length, out);
		out->kind = REPLY_END;
		out->wire = slice_of(NULL, 0); /* the fence is nobody's answer */
		return READER_REPLY;
	}
	out->value = line;
	if (fenced && wants_login(line)) {
		*cursor = CURSOR_REFUSED;
	} else if (request->is_list && ends_list(line)) {
		*cursor = CURSOR_OVER;
	} else if (announces_block(line, &len)) {
		if (len > r->value_max)
			return take_block(r, length, len, &line, error);
		*cursor = (size_t)len + 1;
	}
	return took(r, length, out);
}

enum reader_result reply_reader_next(struct reply_reader *r, const struct request *request,
                                     size_t *cursor, struct reply *out, struct error *error)
{
	enum expect expect = request_expects(request);
	struct slice line;
	size_t length;

	memset(out, 0, sizeof(*out));
	if (expect == EXPECT_STATS && *cursor > 0 && stats_without_end(request)) {
		out->kind = REPLY_END;
		return READER_REPLY;
	}
	if (expect == EXPECT_FENCE || expect == EXPECT_ANY)
		return take_any(r, request, cursor, out, error);
	if (request->meta)
		return take_meta(r, request, cursor, out, error);
	enum reader_result result = take_line(r, &line, &length, error);
	if (result != READER_REPLY)
		return result;
	if (expect == EXPECT_VALUES && slice_starts(line, SLICE("VALUE ")))
		return take_value(r, request, cursor, line, length, out, error);
	if (is_word(expect, line, out) || is_error(line, out))
		return took(r, length, out);
	if (expect == EXPECT_STATS && is_stat(line, out)) {
		*cursor = 1;
		return took(r, length, out);
	}
	if (expect == EXPECT_NUMBER && number_parse_u64(line, &out->number) == NUMBER_OK) {
		out->kind = REPLY_NUMBER;
		return took(r, length, out);
	}
	if (expect == EXPECT_VERSION && slice_starts(line, SLICE("VERSION "))) {
		out->kind = REPLY_VERSION;
		out->value = slice_skip(line, 8);
		return took(r, length, out);
	}
	if (expect == EXPECT_NOOP && slice_eq(line, SLICE("MN"))) {
		out->kind = REPLY_OK;
		return took(r, length, out);
	}
	return does_not_fit(request, line, error);
}
