#include "proto/meta_private.h"

#include "base/base64.h"
#include "base/number.h"
#include "proto/classic.h"
#include "proto/meta_flags.h"
#include "proto/software.h"

/* The mode flag of a storage verb; set and cas have the mode that goes without saying. */
static const char modes[VERB_COUNT] = {
    [VERB_ADD] = 'E', [VERB_REPLACE] = 'R', [VERB_APPEND] = 'A', [VERB_PREPEND] = 'P'};

bool meta_has_form(const struct request *request)
{
	if (meta_is_typed(request))
		return true;
	if (request->key_count == 0 || request->noreply)
		return false;
	switch (request->verb) {
	case VERB_GET:
	case VERB_GETS:
	case VERB_GAT:
	case VERB_GATS:
	case VERB_TOUCH:
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

struct slice meta_flag(const struct request *request, char flag)
{
	struct slice rest = request->text, word;
	while ((word = reader_word(&rest)).len > 0 && word.data[0] != flag)
		continue;
	return word;
}

bool meta_asks(const struct request *request, char flag)
{
	return meta_flag(request, flag).len > 0;
}

bool meta_is_quiet(const struct request *request)
{
	return meta_is_typed(request) && request->verb != VERB_MN && request->verb != VERB_ME &&
	       meta_asks(request, 'q');
}

bool meta_bears_opaque(const struct request *request)
{
	if (request->opaque == 0 || !meta_is_typed(request))
		return request->opaque != 0;
	if (request->verb == VERB_MN || request->verb == VERB_ME || meta_asks(request, 'O'))
		return false;
	size_t words = 3u + request->key_coded + (request->verb == VERB_MS);
	for (struct slice rest = request->text; reader_word(&rest).len > 0;)
		words++;
	return words <= META_WORDS;
}

static const struct slice fence = {"mn\r\n", 4};

size_t meta_fence_len(const struct request *request)
{
	return meta_is_quiet(request) || meta_is_several(request) ? fence.len : 0;
}

bool meta_is_marked(const struct request *request)
{
	/* One MN is like another. */
	return meta_bears_opaque(request) && meta_fence_len(request) == 0;
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

void meta_put_opaque(uint32_t opaque, char *out)
{
	static const char digits[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
	out[0] = 'O';
	for (size_t i = META_OPAQUE_LEN - 1; i > 0; i--, opaque >>= 6)
		out[i] = digits[opaque & 63];
}

/* TEXT, flags with a blank before each. */
static ALWAYS_INLINE void add_flags(struct buf *out, struct fields *f, struct slice text)
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
static ALWAYS_INLINE void add_number(struct buf *out, struct fields *f, enum field_kind kind,
                                     struct slice before, uint64_t n)
{
	size_t from = out->len + 1;
	buf_add_slice(out, before);
	buf_add_u64(out, n);
	fields_note(f, kind, from, out->len);
}

static ALWAYS_INLINE void add_line_end(struct buf *out, struct fields *f, enum field_kind kind)
{
	buf_add_slice(out, SLICE("\r\n"));
	fields_note(f, kind, out->len - 2, out->len);
}

/* Ends the line of R. */
static ALWAYS_INLINE void end_line(struct buf *out, struct fields *f, const struct request *r)
{
	char text[1 + META_OPAQUE_LEN] = " ";
	if (meta_bears_opaque(r)) {
		meta_put_opaque(r->opaque, text + 1);
		add_flags(out, f, slice_of(text, sizeof(text)));
	}
	add_line_end(out, f, FIELD_LINE_END);
}

/* The command and its key, CODED in base64. */
static ALWAYS_INLINE void add_head(struct buf *out, struct fields *f, struct slice command,
                                   struct slice key, bool coded)
{
	size_t from = out->len;
	buf_add_slice(out, command);
	fields_note(f, FIELD_COMMAND, from, from + 2);
	from = out->len;
	if (coded)
		base64_add(out, key);
	else
		buf_add_slice(out, key);
	fields_note(f, FIELD_KEY, from, out->len);
}

static ALWAYS_INLINE void add_length(struct buf *out, struct fields *f, const struct request *r)
{
	add_number(out, f, FIELD_LENGTH, SLICE(" "), r->value.len);
}

static ALWAYS_INLINE void add_block(struct buf *out, struct fields *f, const struct request *r)
{
	size_t from = out->len;
	buf_add_slice(out, r->value);
	fields_note(f, FIELD_DATA, from, out->len);
	add_line_end(out, f, FIELD_DATA_END);
}

/* A time after a blank and LETTER. */
static ALWAYS_INLINE void add_time(struct buf *out, struct fields *f, struct slice letter,
                                   int64_t exptime)
{
	size_t from = out->len + 1;
	buf_add_slice(out, letter);
	buf_add_i64(out, exptime);
	fields_note(f, FIELD_META_FLAG, from, out->len);
}

static ALWAYS_INLINE void add_storage(struct buf *out, struct fields *f, const struct request *r)
{
	add_head(out, f, SLICE("ms "), r->keys[0], r->key_coded);
	add_length(out, f, r);
	if (r->key_coded)
		add_flags(out, f, SLICE(" b"));
	if (r->flags != 0)
		add_number(out, f, FIELD_META_FLAG, SLICE(" F"), r->flags);
	if (r->exptime != 0)
		add_time(out, f, SLICE(" T"), r->exptime);
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
static ALWAYS_INLINE void add_created(const struct request *r, struct buf *out, struct fields *f)
{
	add_time(out, f, SLICE(" N"), r->exptime);
	add_number(out, f, FIELD_META_FLAG, SLICE(" J"), r->initial);
}

static ALWAYS_INLINE void add_fence(struct buf *out, struct fields *f)
{
	buf_add_slice(out, fence);
	fields_note(f, FIELD_FENCE, out->len - fence.len, out->len);
}

/* The line of R for its key I. */
static ALWAYS_INLINE void add_get(struct buf *out, struct fields *f, const struct request *r,
                                  size_t i)
{
	bool touches = r->verb == VERB_GAT || r->verb == VERB_GATS || r->verb == VERB_TOUCH;
	add_head(out, f, SLICE("mg "), r->keys[i], r->key_coded);
	if (r->key_coded)
		add_flags(out, f, SLICE(" b"));
	if (r->verb != VERB_TOUCH)
		add_flags(out, f, SLICE(" f"));
	if (r->verb == VERB_GETS || r->verb == VERB_GATS)
		add_flags(out, f, SLICE(" c"));
	if (r->verb != VERB_TOUCH)
		add_flags(out, f, SLICE(" v"));
	if (touches)
		add_time(out, f, SLICE(" T"), r->exptime);
	if (meta_is_several(r))
		add_flags(out, f, SLICE(" k q"));
	end_line(out, f, r);
}

static ALWAYS_INLINE void add_gets(struct buf *out, struct fields *f, const struct request *r)
{
	for (size_t i = 0; i < r->key_count; i++)
		add_get(out, f, r, i);
	if (meta_is_several(r))
		add_fence(out, f);
}

static void add_typed(struct buf *out, struct fields *f, const struct request *r)
{
	char command[3] = {0};
	memcpy(command, verb_word(r->verb), 2);
	command[2] = ' ';
	if (r->key_count > 0)
		add_head(out, f, slice_of(command, 3), r->keys[0], r->key_coded);
	else
		add_head(out, f, slice_of(command, 2), slice_of(NULL, 0), false);
	if (r->verb == VERB_MS)
		add_length(out, f, r);
	if (r->text.len > 0) {
		buf_add_char(out, ' ');
		add_flags(out, f, r->text);
	}
	if (r->key_coded && !meta_asks(r, 'b'))
		add_flags(out, f, SLICE(" b"));
	/* 1.6.45 takes the b of me only where another word follows it. */
	if (r->key_coded && r->verb == VERB_ME)
		add_flags(out, f, SLICE(" b"));
	end_line(out, f, r);
	if (r->verb == VERB_MS)
		add_block(out, f, r);
	if (meta_is_quiet(r))
		add_fence(out, f);
}

static ALWAYS_INLINE void encode(const struct request *r, struct buf *out, struct fields *f)
{
	switch (r->verb) {
	case VERB_GET:
	case VERB_GETS:
	case VERB_GAT:
	case VERB_GATS:
	case VERB_TOUCH:
		add_gets(out, f, r);
		return;
	case VERB_DELETE:
		add_head(out, f, SLICE("md "), r->keys[0], r->key_coded);
		if (r->key_coded)
			add_flags(out, f, SLICE(" b"));
		if (r->number != 0)
			add_number(out, f, FIELD_META_FLAG, SLICE(" C"), r->number);
		break;
	case VERB_INCR:
	case VERB_DECR:
		add_head(out, f, SLICE("ma "), r->keys[0], false);
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

void meta_encode(const struct request *request, struct buf *out, struct fields *fields)
{
	if (meta_is_typed(request))
		add_typed(out, fields, request);
	else if (fields)
		encode(request, out, fields);
	else
		encode(request, out, NULL);
}
