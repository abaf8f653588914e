#include "proto/meta.h"

#include "base/number.h"
#include "proto/classic.h"
#include "proto/software.h"

/* The mode flag of a storage verb; set and cas have the mode that goes without saying. */
static const char modes[VERB_COUNT] = {
    [VERB_ADD] = 'E', [VERB_REPLACE] = 'R', [VERB_APPEND] = 'A', [VERB_PREPEND] = 'P'};

static bool is_typed(const struct request *request)
{
	return request->verb >= VERB_MG && request->verb < VERB_RAW;
}

bool meta_has_form(const struct request *request)
{
	if (is_typed(request))
		return true;
	if (request->key_count != 1 || request->noreply)
		return false;
	switch (request->verb) {
	case VERB_GET:
	case VERB_GETS:
	case VERB_DELETE:
	case VERB_INCR:
	case VERB_DECR:
		return true;
	case VERB_LOGIN:
		return false;
	default:
		return verb_stores(request->verb);
	}
}

bool meta_does_the_same(const struct request *request)
{
	return (request->verb == VERB_SET || request->verb == VERB_DELETE) &&
	       meta_has_form(request);
}

bool meta_is_quiet(const struct request *request)
{
	struct slice rest = request->text;
	if (!is_typed(request) || request->verb == VERB_MN || request->verb == VERB_ME)
		return false;
	for (struct slice word; (word = reader_word(&rest)).len > 0;) {
		if (word.data[0] == 'q')
			return true;
	}
	return false;
}

bool meta_is_marked(const struct request *request)
{
	return request->opaque != 0 || request->verb == VERB_MN || meta_is_quiet(request);
}

static const struct slice fence = {"mn\r\n", 4}, fence_answer = {"MN\r\n", 4};

size_t meta_fence_len(const struct request *request)
{
	return meta_is_quiet(request) ? fence.len : 0;
}

bool meta_leaves_rest(const struct request *request, size_t cursor, const struct reply *reply,
                      bool alone)
{
	if (request->verb == VERB_MS)
		return reply->kind == REPLY_ERROR || reply->kind == REPLY_CLIENT_ERROR;
	return classic_leaves_rest(request, cursor, reply, alone);
}

const struct request meta_noop = {.verb = VERB_MN, .own = true};

bool meta_is_known_to(struct slice version)
{
	return software_is_since(version, 1, 6, 12);
}

/* An opaque's length, the O counted. */
#define OPAQUE_LEN 4

static void put_opaque(uint32_t opaque, char *out)
{
	static const char digits[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
	out[0] = 'O';
	for (size_t i = OPAQUE_LEN - 1; i > 0; i--, opaque >>= 6)
		out[i] = digits[opaque & 63];
}

/* TEXT, flags with a blank before each. */
static void add_flags(struct buf *out, struct fields *f, struct slice text)
{
	size_t from = out->len;
	buf_add_slice(out, text);
	if (!f)
		return;
	for (struct slice rest = text, word; (word = reader_word(&rest)).len > 0;) {
		size_t at = from + (size_t)(word.data - text.data);
		fields_note(f, FIELD_META_FLAG, at, at + word.len);
	}
}

/* A number after a blank and the letter that may be after that. */
static void add_number(struct buf *out, struct fields *f, enum field_kind kind, struct slice before,
                       uint64_t n)
{
	size_t from = out->len + 1;
	buf_add_slice(out, before);
	buf_add_u64(out, n);
	fields_note(f, kind, from, out->len);
}

static void add_line_end(struct buf *out, struct fields *f, enum field_kind kind)
{
	buf_add_slice(out, SLICE("\r\n"));
	fields_note(f, kind, out->len - 2, out->len);
}

/* Ends the line of R. */
static void end_line(struct buf *out, struct fields *f, const struct request *r)
{
	char text[1 + OPAQUE_LEN] = " ";
	if (r->opaque) {
		put_opaque(r->opaque, text + 1);
		add_flags(out, f, slice_of(text, sizeof(text)));
	}
	add_line_end(out, f, FIELD_LINE_END);
}

/* The command and its key. */
static void add_head(struct buf *out, struct fields *f, struct slice command, struct slice key)
{
	size_t from = out->len;
	buf_add_slice(out, command);
	fields_note(f, FIELD_COMMAND, from, from + 2);
	from = out->len;
	buf_add_slice(out, key);
	fields_note(f, FIELD_KEY, from, out->len);
}

static void add_length(struct buf *out, struct fields *f, const struct request *r)
{
	add_number(out, f, FIELD_LENGTH, SLICE(" "), r->value.len);
}

static void add_block(struct buf *out, struct fields *f, const struct request *r)
{
	size_t from = out->len;
	buf_add_slice(out, r->value);
	fields_note(f, FIELD_DATA, from, out->len);
	add_line_end(out, f, FIELD_DATA_END);
}

static void add_storage(struct buf *out, struct fields *f, const struct request *r)
{
	add_head(out, f, SLICE("ms "), r->keys[0]);
	add_length(out, f, r);
	if (r->flags != 0)
		add_number(out, f, FIELD_META_FLAG, SLICE(" F"), r->flags);
	if (r->exptime != 0) {
		size_t from = out->len + 1;
		buf_add_slice(out, SLICE(" T"));
		buf_add_i64(out, r->exptime);
		fields_note(f, FIELD_META_FLAG, from, out->len);
	}
	if (modes[r->verb]) {
		char mode[] = {' ', 'M', modes[r->verb]};
		add_flags(out, f, slice_of(mode, sizeof(mode)));
	}
	if (r->verb == VERB_CAS)
		add_number(out, f, FIELD_META_FLAG, SLICE(" C"), r->number);
	end_line(out, f, r);
	add_block(out, f, r);
}

/* N with the exptime, J with the number of what is created where the key is missing. */
static void add_created(const struct request *r, struct buf *out, struct fields *f)
{
	size_t from = out->len + 1;
	buf_add_slice(out, SLICE(" N"));
	buf_add_i64(out, r->exptime);
	fields_note(f, FIELD_META_FLAG, from, out->len);
	add_number(out, f, FIELD_META_FLAG, SLICE(" J"), r->initial);
}

static void add_typed(struct buf *out, struct fields *f, const struct request *r)
{
	char command[3] = {0};
	memcpy(command, verb_word(r->verb), 2);
	command[2] = ' ';
	if (r->key_count > 0)
		add_head(out, f, slice_of(command, 3), r->keys[0]);
	else
		add_head(out, f, slice_of(command, 2), slice_of(NULL, 0));
	if (r->verb == VERB_MS)
		add_length(out, f, r);
	if (r->text.len > 0) {
		buf_add_char(out, ' ');
		add_flags(out, f, r->text);
	}
	end_line(out, f, r);
	if (r->verb == VERB_MS)
		add_block(out, f, r);
	if (meta_is_quiet(r)) {
		buf_add_slice(out, fence);
		fields_note(f, FIELD_FENCE, out->len - fence.len, out->len);
	}
}

void meta_encode(const struct request *r, struct buf *out, struct fields *f)
{
	if (is_typed(r)) {
		add_typed(out, f, r);
		return;
	}
	switch (r->verb) {
	case VERB_GET:
	case VERB_GETS:
		add_head(out, f, SLICE("mg "), r->keys[0]);
		add_flags(out, f, r->verb == VERB_GETS ? SLICE(" f c v") : SLICE(" f v"));
		break;
	case VERB_DELETE:
		add_head(out, f, SLICE("md "), r->keys[0]);
		break;
	case VERB_INCR:
	case VERB_DECR:
		add_head(out, f, SLICE("ma "), r->keys[0]);
		if (r->verb == VERB_DECR)
			add_flags(out, f, SLICE(" MD"));
		if (r->creates)
			add_created(r, out, f);
		add_number(out, f, FIELD_META_FLAG, SLICE(" D"), r->number);
		add_flags(out, f, SLICE(" v"));
		break;
	default:
		add_storage(out, f, r);
		return;
	}
	end_line(out, f, r);
}

/* What the head of a meta answer says. */
struct meta_head {
	enum reply_kind kind; /* REPLY_VALUE and REPLY_NUMBER announce a block */
	uint64_t size;        /* of that block, in bytes */
	uint64_t flags;
	uint64_t cas;
	bool has_cas;
	bool fits; /* it bears the request's opaque, if it was sent one */
};

/* The answers without a block. */
static bool read_code(enum expect expect, struct slice code, enum reply_kind *kind)
{
	static const struct {
		enum expect expect;
		char code[3];
		enum reply_kind kind;
	} codes[] = {
	    {EXPECT_STORAGE, "HD", REPLY_STORED},     {EXPECT_VALUES, "EN", REPLY_END},
	    {EXPECT_STORAGE, "NS", REPLY_NOT_STORED}, {EXPECT_STORAGE, "EX", REPLY_EXISTS},
	    {EXPECT_STORAGE, "NF", REPLY_NOT_FOUND},  {EXPECT_DELETE, "HD", REPLY_DELETED},
	    {EXPECT_DELETE, "NF", REPLY_NOT_FOUND},   {EXPECT_NUMBER, "NF", REPLY_NOT_FOUND},
	};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].expect == expect && memcmp(codes[i].code, code.data, 2) == 0) {
			*kind = codes[i].kind;
			return true;
		}
	}
	return false;
}

/* The flags of an answer, in any order: f<flags>, c<cas> and O<opaque>. What else there is was not
 * asked for and is not looked at; some servers send more. */
static bool read_flags(struct reply_reader *r, const struct request *request, struct slice rest,
                       struct meta_head *head)
{
	char opaque[OPAQUE_LEN];
	if (request->opaque)
		put_opaque(request->opaque, opaque);
	head->fits = request->opaque == 0;
	for (struct slice word; (word = reader_word(&rest)).len > 0;) {
		char flag = word.data[0];
		reader_note(r, FIELD_META_FLAG, word);
		if (flag == 'O' && request->opaque)
			head->fits = slice_eq(word, slice_of(opaque, sizeof(opaque)));
		if (flag != 'f' && flag != 'c')
			continue;
		if (number_parse_u64(slice_skip(word, 1),
		                     flag == 'f' ? &head->flags : &head->cas) != NUMBER_OK)
			return false;
		head->has_cas |= flag == 'c';
	}
	return true;
}

/* VA's length. */
static bool read_length(struct reply_reader *r, struct slice *rest, uint64_t *length)
{
	struct slice word = reader_word(rest);
	reader_note(r, FIELD_LENGTH, word);
	return number_parse_u64(word, length) == NUMBER_OK;
}

/* Reads LINE, an answer to REQUEST that is not an error line. False when it does not match. */
static bool read_head(struct reply_reader *r, const struct request *request, struct slice line,
                      struct meta_head *head)
{
	enum expect expect = request_expects(request);
	*head = (struct meta_head){0};
	if (line.len < 2 || (line.len > 2 && line.data[2] != ' '))
		return false;
	struct slice rest = slice_skip(line, 2);
	bool known;
	reader_note(r, FIELD_CODE, slice_of(line.data, 2));
	if ((expect == EXPECT_VALUES || expect == EXPECT_NUMBER) &&
	    memcmp(line.data, "VA", 2) == 0) {
		head->kind = expect == EXPECT_VALUES ? REPLY_VALUE : REPLY_NUMBER;
		known = read_length(r, &rest, &head->size);
	} else {
		known = read_code(expect, line, &head->kind);
	}
	return known && read_flags(r, request, rest, head);
}

struct slice meta_reply_flags(const struct reply *reply)
{
	const char *end = memchr(reply->wire.data, '\n', reply->wire.len);
	struct slice rest = slice_of(reply->wire.data, end ? (size_t)(end - reply->wire.data) : 0);
	rest = slice_skip(rest, 2);
	if (reply->kind == REPLY_VA)
		reader_word(&rest);
	return slice_trim(rest);
}

/* The codes that answer a typed command, and the kinds of replies that they are. */
static bool read_typed_code(enum verb verb, struct slice line, enum reply_kind *kind)
{
	static const char *const codes[VERB_COUNT] = {
	    [VERB_MG] = "VA HD EN NF",    [VERB_MS] = "HD NS EX NF", [VERB_MD] = "HD NF EX NS",
	    [VERB_MA] = "HD VA NF NS EX", [VERB_MN] = "MN",          [VERB_ME] = "ME EN",
	};
	struct slice code = reader_word(&line);
	if (!slice_lists(slice_str(codes[verb]), ' ', code))
		return false;
	for (*kind = REPLY_HD; *kind <= REPLY_ME; ++*kind) {
		if (slice_eq_str(code, reply_word(*kind)))
			return true;
	}
	return false;
}

/* Ends what was read from a line of *LENGTH bytes. Where OUT is a value its block follows, of SIZE
 * bytes; *LENGTH gets all of them. */
static enum reader_result end_reading(struct reply_reader *r, size_t *length, uint64_t size,
                                      struct reply *out, struct error *error)
{
	bool block = out->kind == REPLY_VA || out->kind == REPLY_VALUE || out->kind == REPLY_NUMBER;
	if (!block) {
		if (r->fields)
			reader_note_end(r, *length);
		return READER_REPLY;
	}
	enum reader_result result = reader_block(r, *length, size, &out->value, error);
	if (result != READER_REPLY)
		return result;
	if (r->fields)
		reader_note_block(r, *length, out->value);
	*length += (size_t)size + 2;
	return READER_REPLY;
}

/* The answer to a typed command, from LINE of LENGTH bytes on. *LENGTH gets all its bytes. */
static enum reader_result read_typed(struct reply_reader *r, const struct request *request,
                                     struct slice line, size_t *length, struct reply *out,
                                     struct error *error)
{
	struct slice rest = slice_skip(line, 2);
	uint64_t size = 0;
	if (!read_typed_code(request->verb, line, &out->kind)) {
		if (!reader_error(line, out))
			return reader_misfit(request, line, error);
		if (r->fields)
			reader_note_line(r, line, *length, out);
		return READER_REPLY;
	}
	reader_note(r, FIELD_CODE, slice_of(line.data, 2));
	if (out->kind == REPLY_VA && !read_length(r, &rest, &size))
		return reader_misfit(request, line, error);
	enum field_kind first = out->kind == REPLY_ME ? FIELD_KEY : FIELD_META_FLAG,
			kind = out->kind == REPLY_ME ? FIELD_VALUE : FIELD_META_FLAG;
	for (struct slice word; r->fields && (word = reader_word(&rest)).len > 0; first = kind)
		reader_note(r, first, word);
	return end_reading(r, length, size, out, error);
}

/* The same with what the fence after a quiet command is answered by, which is not of OUT's. */
static enum reader_result take_typed(struct reply_reader *r, const struct request *request,
                                     struct slice line, size_t length, struct reply *out,
                                     struct error *error)
{
	bool quiet = meta_is_quiet(request);
	if (quiet && slice_eq(line, SLICE("MN"))) {
		reader_note_to(r, FIELD_FENCE, length);
		reader_take(r, length, out);
		out->kind = REPLY_QUIET;
		out->wire = slice_of(NULL, 0);
		return READER_REPLY;
	}
	enum reader_result result = read_typed(r, request, line, &length, out, error);
	if (result != READER_REPLY)
		return result;
	if (!quiet)
		return reader_take(r, length, out);
	struct slice after = slice_skip(reply_reader_bytes(r), length);
	struct slice got =
	    slice_of(after.data, after.len < fence_answer.len ? after.len : fence_answer.len);
	if (!slice_starts(fence_answer, got))
		return reader_misfit(request, after, error);
	if (got.len < fence_answer.len)
		return READER_MORE;
	reader_note_to(r, FIELD_FENCE, length + fence_answer.len);
	reader_take(r, length + fence_answer.len, out);
	out->wire.len = length;
	return READER_REPLY;
}

enum reader_result meta_read(struct reply_reader *r, const struct request *request, size_t *cursor,
                             struct reply *out, struct error *error)
{
	struct slice line;
	size_t length;
	struct meta_head head;

	if (*cursor > 0) { /* its value was taken, and the end goes without saying */
		out->kind = REPLY_END;
		return READER_REPLY;
	}
	enum reader_result result = reader_line(r, &line, &length, error);
	if (result != READER_REPLY)
		return result;
	if (request_expects(request) == EXPECT_META)
		return take_typed(r, request, line, length, out, error);
	if (!read_head(r, request, line, &head)) {
		if (!reader_error(line, out))
			return reader_misfit(request, line, error);
		return reader_take_line(r, line, length, out);
	}
	if (!head.fits)
		return reader_misfit(request, line, error);
	out->kind = head.kind;
	result = end_reading(r, &length, head.size, out, error);
	if (result != READER_REPLY)
		return result;
	if (head.kind == REPLY_NUMBER) {
		if (number_parse_u64(slice_trim(out->value), &out->number) != NUMBER_OK)
			return reader_misfit(request, line, error);
		out->value = slice_of(NULL, 0);
	}
	if (head.kind == REPLY_VALUE) {
		out->key = request->keys[0];
		out->flags = head.flags;
		out->has_cas = head.has_cas;
		out->cas = head.cas;
		*cursor = 1;
	}
	return reader_take(r, length, out);
}
