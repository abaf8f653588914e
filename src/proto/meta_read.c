/* The answers to requests in the meta form, and to meta commands as they are typed. */
#include "proto/meta_private.h"

#include "base/base64.h"
#include "base/number.h"
#include "proto/meta_flags.h"

static const struct slice fence_answer = {"MN\r\n", 4};

/* What the head of a meta answer says. */
struct meta_head {
	enum reply_kind kind; /* REPLY_VALUE and REPLY_NUMBER announce a block */
	uint64_t size;        /* of that block, in bytes */
	uint64_t flags;
	uint64_t cas;
	struct slice key; /* as it came */
	bool key_coded;   /* that is in base64: whoever stored the item named it so */
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
	    {EXPECT_DELETE, "NF", REPLY_NOT_FOUND},   {EXPECT_DELETE, "EX", REPLY_EXISTS},
	    {EXPECT_NUMBER, "NF", REPLY_NOT_FOUND},   {EXPECT_TOUCH, "HD", REPLY_TOUCHED},
	    {EXPECT_TOUCH, "EN", REPLY_NOT_FOUND},
	};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].expect == expect && memcmp(codes[i].code, code.data, 2) == 0) {
			*kind = codes[i].kind;
			return true;
		}
	}
	return false;
}

/* The flags of an answer, in any order: f<flags>, c<cas>, k<key>, b and O<opaque>. What else there
 * is was not asked for and is not looked at; some servers send more. */
static bool read_flags(struct reply_reader *r, const struct request *request, struct slice rest,
                       struct meta_head *head)
{
	char opaque[META_OPAQUE_LEN];
	if (request->opaque)
		meta_put_opaque(request->opaque, opaque);
	head->fits = request->opaque == 0;
	for (struct slice word; (word = reader_word(&rest)).len > 0;) {
		char flag = word.data[0];
		reader_note(r, FIELD_META_FLAG, word);
		if (flag == 'O' && request->opaque)
			head->fits = slice_eq(word, slice_of(opaque, sizeof(opaque)));
		if (flag == 'k')
			head->key = slice_skip(word, 1);
		head->key_coded |= flag == 'b';
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
	if (reply->wire.len == 0) /* the silence that answers a quiet command */
		return (struct slice){0};
	const char *end = memchr(reply->wire.data, '\n', reply->wire.len);
	struct slice rest = slice_of(reply->wire.data, end ? (size_t)(end - reply->wire.data) : 0);
	rest = slice_skip(rest, 2);
	if (reply->kind == REPLY_VA)
		reader_word(&rest);
	return slice_trim(rest);
}

bool meta_next_flag(const struct request *request, struct slice *rest, struct slice *flag)
{
	while ((*flag = reader_word(rest)).len > 0) {
		if (flag->data[0] != 'O' || meta_asks(request, 'O'))
			return true;
	}
	return false;
}

/* Whether FLAGS, of an answer, have the opaque among them that REQUEST was sent with: that of its
 * text, or its own. */
static bool has_opaque(const struct request *request, struct slice flags)
{
	char opaque[META_OPAQUE_LEN];
	struct slice sent = slice_of(opaque, sizeof(opaque));
	if (request->verb == VERB_MN)
		return true;
	if (meta_bears_opaque(request))
		meta_put_opaque(request->opaque, opaque);
	else if ((sent = meta_flag(request, 'O')).len == 0)
		return true;
	for (struct slice word; (word = reader_word(&flags)).len > 0;) {
		if (slice_eq(word, sent))
			return true;
	}
	return false;
}

/* Whether TEXT, what a server says of an item, begins with KEY. */
static bool names(struct slice text, struct slice key)
{
	return slice_starts(text, key) && text.len > key.len && text.data[key.len] == ' ';
}

/* Whether TEXT is of the key of REQUEST, a me. It has the key as it was sent, or out of base64, or
 * in base64, by who stored the item and by the server's version. */
static bool is_of_key(const struct request *request, struct slice text)
{
	struct buf other;
	struct slice key = request->keys[0];
	buf_init(&other, 2 * KEY_MAX_BYTES);
	bool is = names(text, key);
	if (!is && base64_decode(&other, key))
		is = names(text, buf_slice(&other));
	buf_clear(&other);
	base64_add(&other, key);
	is = is || names(text, buf_slice(&other));
	buf_release(&other);
	return is;
}

/* The codes that answer a typed command, and the kinds of replies that they are. */
static bool read_typed_code(enum verb verb, struct slice line, enum reply_kind *kind)
{
	struct slice code = reader_word(&line);
	if (!slice_lists(meta_answers(verb_rows[verb].word), ' ', code))
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
	if (out->kind == REPLY_ME ? !is_of_key(request, slice_skip(rest, 1))
	                          : !has_opaque(request, rest))
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
		out->kind = request->verb == VERB_MG ? REPLY_EN : REPLY_QUIET;
		out->wire = slice_of(NULL, 0);
		return READER_REPLY;
	}
	enum reader_result result = read_typed(r, request, line, &length, out, error);
	if (result != READER_REPLY)
		return result;
	if (!quiet)
		return reader_take(r, length, out);
	struct slice after = slice_skip(reply_reader_bytes(r), length);
	struct slice got = slice_first(after, fence_answer.len);
	if (!slice_starts(fence_answer, got))
		return reader_misfit(request, after, error);
	if (got.len < fence_answer.len)
		return READER_MORE;
	reader_note_to(r, FIELD_FENCE, length + fence_answer.len);
	reader_take(r, length + fence_answer.len, out);
	out->wire.len = length;
	return READER_REPLY;
}

/* The place of HEAD's key among those of REQUEST. They are answered in the order asked: one before
 * FROM was answered already, or missed. */
static bool find_key(const struct request *request, const struct meta_head *head, size_t from,
                     size_t *place)
{
	struct buf decoded;
	buf_init(&decoded, KEY_MAX_BYTES);
	bool found = !head->key_coded || base64_decode(&decoded, head->key);
	struct slice key = head->key_coded ? buf_slice(&decoded) : head->key;
	found = found && reader_key_place(request, from, key, place) && *place >= from;
	buf_release(&decoded);
	return found;
}

/* Which of the keys of REQUEST a value is of, whose head is HEAD. False: of none. */
static bool read_value(const struct request *request, const struct meta_head *head, size_t *cursor,
                       struct reply *out)
{
	if (meta_is_several(request) && !find_key(request, head, *cursor, &out->key_index))
		return false;
	out->key = request->keys[out->key_index];
	out->flags = head->flags;
	out->has_cas = head->has_cas;
	out->cas = head->cas;
	*cursor = out->key_index + 1;
	return true;
}

enum reader_result meta_read(struct reply_reader *r, const struct request *request, size_t *cursor,
                             struct reply *out, struct error *error)
{
	struct slice line;
	size_t length;
	struct meta_head head;

	if (*cursor > 0 && !meta_is_several(request)) {
		out->kind = REPLY_END; /* its value was taken, and the end goes without saying */
		return READER_REPLY;
	}
	enum reader_result result = reader_line(r, &line, &length, error);
	if (result != READER_REPLY)
		return result;
	if (meta_is_several(request) && slice_eq(line, SLICE("MN"))) {
		out->kind = REPLY_END;
		return reader_take_line(r, line, length, out);
	}
	if (request_expects(request) == EXPECT_META)
		return take_typed(r, request, line, length, out, error);
	if (!read_head(r, request, line, &head)) {
		if (!reader_error(line, out))
			return reader_misfit(request, line, error);
		return reader_take_line(r, line, length, out);
	}
	if (!head.fits || (head.kind == REPLY_END && meta_is_several(request)))
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
	if (head.kind == REPLY_VALUE && !read_value(request, &head, cursor, out))
		return reader_misfit(request, line, error);
	return reader_take(r, length, out);
}
