#include "proto/meta.h"

#include "base/number.h"

/* The mode flag of a storage verb; set and cas have the mode that goes without saying. */
static const char modes[VERB_COUNT] = {
    [VERB_ADD] = 'E', [VERB_REPLACE] = 'R', [VERB_APPEND] = 'A', [VERB_PREPEND] = 'P'};

bool meta_has_form(const struct request *request)
{
	if (request->key_count != 1 || request->noreply)
		return false;
	switch (request->verb) {
	case VERB_GET:
	case VERB_GETS:
	case VERB_DELETE:
	case VERB_INCR:
	case VERB_DECR:
		return true;
	default:
		return verb_stores(request->verb);
	}
}

bool meta_does_the_same(const struct request *request)
{
	return meta_has_form(request) &&
	       (request->verb == VERB_SET || request->verb == VERB_DELETE);
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

/* Ends the line of R. */
static void end_line(struct buf *out, const struct request *r)
{
	char text[1 + OPAQUE_LEN] = " ";
	if (r->opaque) {
		put_opaque(r->opaque, text + 1);
		buf_add(out, text, sizeof(text));
	}
	buf_add_slice(out, SLICE("\r\n"));
}

static void add_head(struct buf *out, struct slice verb, struct slice key)
{
	buf_add_slice(out, verb);
	buf_add_slice(out, key);
}

static void add_storage(const struct request *r, struct buf *out)
{
	add_head(out, SLICE("ms "), r->keys[0]);
	buf_add_char(out, ' ');
	buf_add_u64(out, r->value.len);
	if (r->flags != 0) {
		buf_add_slice(out, SLICE(" F"));
		buf_add_u64(out, r->flags);
	}
	if (r->exptime != 0) {
		buf_add_slice(out, SLICE(" T"));
		buf_add_i64(out, r->exptime);
	}
	if (modes[r->verb]) {
		buf_add_slice(out, SLICE(" M"));
		buf_add_char(out, modes[r->verb]);
	}
	if (r->verb == VERB_CAS) {
		buf_add_slice(out, SLICE(" C"));
		buf_add_u64(out, r->number);
	}
	end_line(out, r);
	buf_add_slice(out, r->value);
	buf_add_slice(out, SLICE("\r\n"));
}

void meta_encode(const struct request *r, struct buf *out)
{
	switch (r->verb) {
	case VERB_GET:
	case VERB_GETS:
		add_head(out, SLICE("mg "), r->keys[0]);
		buf_add_slice(out, r->verb == VERB_GETS ? SLICE(" f c v") : SLICE(" f v"));
		break;
	case VERB_DELETE:
		add_head(out, SLICE("md "), r->keys[0]);
		break;
	case VERB_INCR:
	case VERB_DECR:
		add_head(out, SLICE("ma "), r->keys[0]);
		buf_add_slice(out, r->verb == VERB_DECR ? SLICE(" MD D") : SLICE(" D"));
		buf_add_u64(out, r->number);
		buf_add_slice(out, SLICE(" v"));
		break;
	default:
		add_storage(r, out);
		return;
	}
	end_line(out, r);
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
static bool read_flags(const struct request *request, struct slice rest, struct meta_head *head)
{
	char opaque[OPAQUE_LEN];
	if (request->opaque)
		put_opaque(request->opaque, opaque);
	head->fits = request->opaque == 0;
	for (struct slice word; (word = reader_word(&rest)).len > 0;) {
		char flag = word.data[0];
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

/* Reads LINE, an answer to REQUEST that is not an error line. False when it does not match. */
static bool read_head(const struct request *request, struct slice line, struct meta_head *head)
{
	enum expect expect = request_expects(request);
	*head = (struct meta_head){0};
	if (line.len < 2 || (line.len > 2 && line.data[2] != ' '))
		return false;
	struct slice rest = slice_skip(line, 2);
	bool known;
	if ((expect == EXPECT_VALUES || expect == EXPECT_NUMBER) &&
	    memcmp(line.data, "VA", 2) == 0) {
		head->kind = expect == EXPECT_VALUES ? REPLY_VALUE : REPLY_NUMBER;
		known = number_parse_u64(reader_word(&rest), &head->size) == NUMBER_OK;
	} else {
		known = read_code(expect, line, &head->kind);
	}
	return known && read_flags(request, rest, head);
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
	if (!read_head(request, line, &head)) {
		if (!reader_error(line, out))
			return reader_misfit(request, line, error);
		return reader_take(r, length, out);
	}
	if (!head.fits)
		return reader_misfit(request, line, error);
	out->kind = head.kind;
	if (head.kind != REPLY_VALUE && head.kind != REPLY_NUMBER)
		return reader_take(r, length, out);
	result = reader_block(r, length, head.size, &out->value, error);
	if (result != READER_REPLY)
		return result;
	if (head.kind == REPLY_NUMBER &&
	    number_parse_u64(slice_trim(out->value), &out->number) != NUMBER_OK)
		return reader_misfit(request, line, error);
	if (head.kind == REPLY_VALUE) {
		out->key = request->keys[0];
		out->flags = head.flags;
		out->has_cas = head.has_cas;
		out->cas = head.cas;
		*cursor = 1;
	} else {
		out->value = slice_of(NULL, 0);
	}
	return reader_take(r, length + (size_t)head.size + 2, out);
}
