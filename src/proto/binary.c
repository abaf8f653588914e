#include "proto/binary.h"

#include "proto/packet.h"

/* What each verb goes out as, with noreply and without; 0: it has no such form. */
static const struct {
	unsigned char opcode, quiet;
} opcodes[VERB_COUNT] = {
    [VERB_SET] = {OPCODE_SET, OPCODE_SETQ},
    [VERB_ADD] = {OPCODE_ADD, OPCODE_ADDQ},
    [VERB_REPLACE] = {OPCODE_REPLACE, OPCODE_REPLACEQ},
    [VERB_APPEND] = {OPCODE_APPEND, OPCODE_APPENDQ},
    [VERB_PREPEND] = {OPCODE_PREPEND, OPCODE_PREPENDQ},
    [VERB_CAS] = {OPCODE_SET, OPCODE_SETQ},
    [VERB_GET] = {OPCODE_GETK, 0},
    [VERB_GETS] = {OPCODE_GETK, 0},
    [VERB_GAT] = {OPCODE_GATK, 0},
    [VERB_GATS] = {OPCODE_GATK, 0},
    [VERB_TOUCH] = {OPCODE_TOUCH, 0},
    [VERB_DELETE] = {OPCODE_DELETE, OPCODE_DELETEQ},
    [VERB_INCR] = {OPCODE_INCR, OPCODE_INCRQ},
    [VERB_DECR] = {OPCODE_DECR, OPCODE_DECRQ},
    [VERB_STATS] = {OPCODE_STAT, 0},
    [VERB_VERSION] = {OPCODE_VERSION, 0},
    [VERB_FLUSH_ALL] = {OPCODE_FLUSH, OPCODE_FLUSHQ},
    [VERB_QUIT] = {OPCODE_QUITQ, OPCODE_QUITQ},
    [VERB_NOOP] = {OPCODE_NOOP, 0},
    [VERB_LOGIN] = {OPCODE_SASL_AUTH, 0},
};

const struct request binary_noop = {.verb = VERB_NOOP, .dialect = DIALECT_BINARY};

/* The words after `stats` that servers know here too. */
static bool knows_stats(struct slice text)
{
	static const char *const words[] = {
	    "",      "items",     "slabs",      "sizes",        "settings",
	    "reset", "detail on", "detail off", "sizes_enable", "sizes_disable"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (slice_eq_str(text, words[i]))
			return true;
	}
	return false;
}

bool binary_check(const struct request *request, struct error *error)
{
	static const char elsewhere[] = ".set protocol auto has it";
	const char *word = verb_word(request->verb);
	if (opcodes[request->verb].opcode == 0)
		return error_set(error, elsewhere, "the binary protocol has no %s",
		                 word[0] ? word : "lines of text");
	if (request->noreply && opcodes[request->verb].quiet == 0)
		return error_set(error, "leave --noreply out",
		                 "the binary protocol has no %s without a reply", word);
	if (request->verb == VERB_STATS && !knows_stats(request->text))
		return error_set(error, elsewhere, "the binary protocol has no stats %.*s",
		                 (int)(request->text.len < 60 ? request->text.len : 60),
		                 request->text.data);
	if (request->verb == VERB_CAS && request->number == 0)
		return error_set(error, elsewhere,
		                 "a cas unique of 0 means none in the binary protocol");
	if (request->verb == VERB_FLUSH_ALL && request->number > UINT32_MAX)
		return error_set(error, "4294967295 is the most",
		                 "the binary protocol has 32 bits for the delay");
	return true;
}

bool binary_has_form(const struct request *request)
{
	struct error ignored;
	return binary_check(request, &ignored);
}

bool binary_is_marked(const struct request *request)
{
	(void)request;
	return true;
}

static bool is_gat(const struct request *request)
{
	return request->verb == VERB_GAT || request->verb == VERB_GATS;
}

/* Whether NOOP goes after REQUEST, and its answer after that to REQUEST. */
static bool is_fenced(const struct request *request)
{
	return request->verb == VERB_TOUCH || request->verb == VERB_STATS ||
	       request->verb == VERB_LOGIN || is_gat(request) || request->key_count > 1;
}

size_t binary_fence_len(const struct request *request)
{
	return is_fenced(request) ? PACKET_HEADER : 0;
}

bool binary_leaves_rest(const struct request *request, size_t cursor, const struct reply *reply,
                        bool alone)
{
	(void)cursor, (void)alone;
	return request_expects(request) == EXPECT_VALUES && is_fenced(request) &&
	       reply_is_error(reply->kind);
}

/* A packet that is being written. */
struct writer {
	const struct request *request;
	struct buf *out;
	struct fields *fields;
	enum field_kind value; /* what values are */
};

static void add_packet(const struct writer *w, unsigned opcode, struct slice extras,
                       struct slice key, struct slice value)
{
	char header[PACKET_HEADER];
	struct packet p = {.magic = PACKET_REQUEST,
	                   .opcode = opcode,
	                   .opaque = w->request->opaque,
	                   .cas = w->request->verb == VERB_CAS ? w->request->number : 0,
	                   .extras = extras,
	                   .key = key,
	                   .value = value};
	size_t from = w->out->len;
	packet_write_header(&p, header);
	buf_add(w->out, header, sizeof(header));
	buf_add_slice(w->out, extras);
	buf_add_slice(w->out, key);
	buf_add_slice(w->out, value);
	if (w->fields)
		packet_note(&p, w->fields, from - w->fields->base,
		            w->request->verb == VERB_STATS ? FIELD_ARGUMENT : FIELD_KEY, w->value);
}

static void add_noop(const struct writer *w)
{
	struct writer fence = {w->request, w->out, NULL, FIELD_DATA};
	struct slice none = slice_of(NULL, 0);
	add_packet(&fence, OPCODE_NOOP, none, none, none);
	fields_note(w->fields, FIELD_FENCE, w->out->len - PACKET_HEADER, w->out->len);
}

/* A time in the past: negative ones are no times here, and this is what they mean elsewhere. */
static uint32_t wire_exptime(int64_t exptime)
{
	return (uint32_t)(exptime < 0 ? EXPTIME_RELATIVE_MAX + 1 : exptime);
}

/* The extras of REQUEST, in SPACE. */
static struct slice make_extras(const struct request *r, char space[20])
{
	switch (request_expects(&(struct request){.verb = r->verb})) {
	case EXPECT_STORAGE:
		if (r->verb == VERB_APPEND || r->verb == VERB_PREPEND)
			break;
		packet_put_number(space, 4, r->flags);
		packet_put_number(space + 4, 4, wire_exptime(r->exptime));
		return slice_of(space, 8);
	case EXPECT_NUMBER:
		packet_put_number(space, 8, r->number);
		packet_put_number(space + 8, 8, r->creates ? r->initial : 0);
		/* All ones: nothing is created. */
		packet_put_number(space + 16, 4,
		                  r->creates ? wire_exptime(r->exptime) : UINT32_MAX);
		return slice_of(space, 20);
	case EXPECT_VALUES:
		if (!is_gat(r))
			break;
		/* fall through */
	case EXPECT_TOUCH:
		packet_put_number(space, 4, wire_exptime(r->exptime));
		return slice_of(space, 4);
	case EXPECT_OK:
		if (!r->has_exptime)
			break;
		packet_put_number(space, 4, r->number);
		return slice_of(space, 4);
	default:
		break;
	}
	return slice_of(NULL, 0);
}

/* SASL's PLAIN: nobody to act for, the user, the password, with NUL bytes between. */
static void add_login(const struct writer *w)
{
	const struct slice none = {NULL, 0};
	char message[2 + 2 * LOGIN_MAX_BYTES];
	struct slice user = w->request->keys[0], password = w->request->value;
	size_t len = 0;
	add_packet(w, OPCODE_SASL_LIST, none, none, none);
	message[len++] = '\0';
	memcpy(message + len, user.data, user.len);
	len += user.len;
	message[len++] = '\0';
	memcpy(message + len, password.data, password.len);
	len += password.len;
	add_packet(w, OPCODE_SASL_AUTH, none, SLICE("PLAIN"), slice_of(message, len));
	explicit_bzero(message, sizeof(message));
	add_noop(w);
}

/* The opcode of REQUEST. */
static unsigned opcode_of(const struct request *request)
{
	if (request_expects(request) == EXPECT_VALUES && is_fenced(request))
		return is_gat(request) ? OPCODE_GATKQ : OPCODE_GETKQ;
	return request->noreply ? opcodes[request->verb].quiet : opcodes[request->verb].opcode;
}

void binary_encode(const struct request *r, struct buf *out, struct fields *fields)
{
	const struct writer w = {r, out, fields, r->verb == VERB_LOGIN ? FIELD_SECRET : FIELD_DATA};
	const struct slice none = {NULL, 0};
	char space[20];
	if (r->verb == VERB_LOGIN) {
		add_login(&w);
		return;
	}
	struct slice extras = make_extras(r, space);
	for (size_t i = 0; i < r->key_count; i++)
		add_packet(&w, opcode_of(r), extras, r->keys[i], r->value);
	if (r->key_count == 0)
		add_packet(&w, opcode_of(r), extras, r->verb == VERB_STATS ? r->text : none, none);
	if (is_fenced(r))
		add_noop(&w);
}

/* Bytes that a packet has beside a value, at the most. */
#define PACKET_SLACK (PACKET_HEADER + 255 + UINT16_MAX)

static const char next_opens[] =
    "the connection is closed, the next command opens a new one; .trace on shows the bytes";

static enum reader_result not_binary(const struct request *request, struct slice bytes,
                                     struct error *error)
{
	reader_misfit(request, slice_trim(slice_before(bytes, '\n')), error);
	error_hint(error, "does it speak the binary protocol? .set protocol auto speaks text");
	return READER_BAD;
}

/* The packet that begins AT bytes after the first that was not taken. */
static enum reader_result peek(struct reply_reader *r, const struct request *request, size_t at,
                               struct packet *p, struct error *error)
{
	struct slice bytes = slice_skip(reply_reader_bytes(r), at);
	if (bytes.len == 0)
		return READER_MORE;
	if ((unsigned char)bytes.data[0] != PACKET_REPLY)
		return not_binary(request, bytes, error);
	if (bytes.len < PACKET_HEADER)
		return READER_MORE;
	if (!packet_read_header(bytes.data, p)) {
		error_set(error, next_opens, "a reply's body is shorter than what it should hold");
		return READER_BAD;
	}
	if (p->body_length > r->value_max + PACKET_SLACK) {
		error_set(error, "raise it with .set max_value, if the server is to be trusted",
		          "the server announced a reply of %zu bytes, the limit is %zu",
		          p->body_length, r->value_max);
		return READER_BAD;
	}
	if (bytes.len - PACKET_HEADER < p->body_length)
		return READER_MORE;
	packet_read_body(bytes.data + PACKET_HEADER, p);
	return READER_REPLY;
}

static size_t length_of(const struct packet *p)
{
	return PACKET_HEADER + p->body_length;
}

/* P does not answer REQUEST. */
static enum reader_result misfit(const struct request *request, const struct packet *p,
                                 struct error *error)
{
	const char *name = opcode_name(p->opcode);
	error_set(error, next_opens,
	          "unexpected reply to %s: opcode 0x%02x (%s), status 0x%02x, opaque %u, not %u",
	          verb_word(request->verb), p->opcode, name ? name : "unknown", p->status,
	          (unsigned)p->opaque, (unsigned)request->opaque);
	return READER_BAD;
}

static bool is_noop(const struct request *request, const struct packet *p)
{
	return p->opcode == OPCODE_NOOP && p->opaque == request->opaque;
}

/* The replies that STATUS stands for, in answer to VERB. */
static bool read_status(enum verb verb, unsigned status, enum reply_kind *kind)
{
	static const struct {
		enum expect expect;
		enum packet_status status;
		enum reply_kind kind;
	} kinds[] = {
	    {EXPECT_VALUES, PACKET_OK, REPLY_VALUE},
	    {EXPECT_VALUES, PACKET_NOT_FOUND, REPLY_END},
	    {EXPECT_STORAGE, PACKET_OK, REPLY_STORED},
	    {EXPECT_STORAGE, PACKET_NOT_STORED, REPLY_NOT_STORED},
	    {EXPECT_STORAGE, PACKET_EXISTS, REPLY_EXISTS},
	    {EXPECT_STORAGE, PACKET_NOT_FOUND, REPLY_NOT_FOUND},
	    {EXPECT_DELETE, PACKET_OK, REPLY_DELETED},
	    {EXPECT_DELETE, PACKET_NOT_FOUND, REPLY_NOT_FOUND},
	    {EXPECT_TOUCH, PACKET_OK, REPLY_TOUCHED},
	    {EXPECT_TOUCH, PACKET_NOT_FOUND, REPLY_NOT_FOUND},
	    {EXPECT_NUMBER, PACKET_OK, REPLY_NUMBER},
	    {EXPECT_NUMBER, PACKET_NOT_FOUND, REPLY_NOT_FOUND},
	    {EXPECT_STATS, PACKET_OK, REPLY_STAT},
	    {EXPECT_VERSION, PACKET_OK, REPLY_VERSION},
	    {EXPECT_OK, PACKET_OK, REPLY_OK},
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].expect != verb_rows[verb].expect || kinds[i].status != status)
			continue;
		*kind = kinds[i].kind;
		/* Classic says which key was there, or not, of cas alone. */
		if (verb_stores(verb) && verb != VERB_CAS && *kind != REPLY_STORED)
			*kind = REPLY_NOT_STORED;
		return true;
	}
	return false;
}

/* An error, in the words that classic has for it; else the server's own, or the status's name. */
static void read_error(const struct request *request, const struct packet *p, struct reply *out)
{
	static const struct {
		enum packet_status status;
		enum reply_kind kind;
		const char *words; /* NULL: the server's */
	} errors[] = {
	    {PACKET_TOO_LARGE, REPLY_SERVER_ERROR, "object too large for cache"},
	    {PACKET_NO_MEMORY, REPLY_SERVER_ERROR, "out of memory storing object"},
	    {PACKET_NON_NUMERIC, REPLY_CLIENT_ERROR,
	     "cannot increment or decrement non-numeric value"},
	    {PACKET_INVALID, REPLY_CLIENT_ERROR, NULL},
	    {PACKET_AUTH_FAILED, REPLY_CLIENT_ERROR, "Auth failure"},
	    {PACKET_AUTH_CONTINUE, REPLY_CLIENT_ERROR, "PLAIN alone is not enough"},
	    {PACKET_UNKNOWN_COMMAND, REPLY_ERROR, ""},
	    {PACKET_NOT_FOUND, REPLY_ERROR, ""},
	};
	const char *name = packet_status_name(p->status);
	out->kind = REPLY_SERVER_ERROR;
	out->value = p->value.len > 0 ? p->value : slice_str(name ? name : "unknown status");
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i].status != p->status)
			continue;
		out->kind = errors[i].kind;
		if (errors[i].words)
			out->value = slice_str(errors[i].words);
	}
	/* The server closes, or reads over what comes next. */
	out->closing = request->verb != VERB_LOGIN &&
	               (p->status == PACKET_UNKNOWN_COMMAND || p->status == PACKET_AUTH_FAILED ||
	                p->status == PACKET_INVALID);
}

/* Takes P, and the fence that comes next where FENCED, as one reply. */
static enum reader_result take(struct reply_reader *r, const struct request *request,
                               const struct packet *p, bool fenced, struct reply *out,
                               struct error *error)
{
	struct packet noop;
	size_t length = length_of(p);
	bool is_text = out->kind == REPLY_VERSION;
	packet_note(p, r->fields, 0, out->kind == REPLY_STAT ? FIELD_NAME : FIELD_KEY,
	            reply_is_error(out->kind)   ? FIELD_MESSAGE
	            : is_text                   ? FIELD_VERSION
	            : out->kind == REPLY_NUMBER ? FIELD_NUMBER
	            : out->kind == REPLY_STAT   ? FIELD_VALUE
	                                        : FIELD_DATA);
	if (!fenced || out->closing)
		return reader_take(r, length, out);
	enum reader_result result = peek(r, request, length, &noop, error);
	if (result != READER_REPLY)
		return result;
	if (!is_noop(request, &noop))
		return misfit(request, &noop, error);
	if (r->fields)
		fields_add(r->fields, FIELD_FENCE, length, length_of(&noop));
	reader_take(r, length + length_of(&noop), out);
	out->wire.len = length; /* the fence is nobody's answer */
	return READER_REPLY;
}

static bool read_value(const struct request *request, const struct packet *p, size_t *cursor,
                       struct reply *out)
{
	out->key = p->key;
	out->value = p->value;
	out->flags = packet_number(p->extras.data, p->extras.len == 4 ? 4 : 0);
	out->has_cas = request->verb == VERB_GETS || request->verb == VERB_GATS;
	out->cas = out->has_cas ? p->cas : 0;
	if (!reader_key_place(request, *cursor, p->key, &out->key_index))
		return false;
	*cursor = out->key_index + 1;
	return true;
}

/* How the answer ends in which a packet of statistics without a name is the last. */
static enum reply_kind end_of_stats(struct slice text)
{
	return slice_eq_str(text, "reset")            ? REPLY_RESET
	       : slice_starts(text, SLICE("detail ")) ? REPLY_OK
	                                              : REPLY_END;
}

/* P, with REQUEST's opaque, is no fence. */
static enum reader_result read_packet(struct reply_reader *r, const struct request *request,
                                      const struct packet *p, size_t *cursor, struct reply *out,
                                      struct error *error)
{
	bool fenced = binary_fence_len(request) > 0;
	if (p->opcode != opcode_of(request))
		return misfit(request, p, error);
	if (!read_status(request->verb, p->status, &out->kind)) {
		read_error(request, p, out);
		fenced = fenced && request_expects(request) != EXPECT_VALUES;
		return take(r, request, p, fenced, out, error);
	}
	switch (out->kind) {
	case REPLY_VALUE:
		if (!read_value(request, p, cursor, out))
			return misfit(request, p, error);
		fenced = false;
		break;
	case REPLY_STAT:
		out->key = p->key;
		out->value = p->value;
		if (p->key.len == 0)
			out->kind = end_of_stats(request->text);
		fenced = p->key.len == 0;
		break;
	case REPLY_NUMBER:
		if (p->value.len != 8)
			return misfit(request, p, error);
		out->number = packet_number(p->value.data, 8);
		break;
	case REPLY_VERSION:
		out->value = p->value;
		break;
	case REPLY_END: /* a miss among several is silent, but some answer it */
		if (fenced)
			return misfit(request, p, error);
		break;
	default:
		break;
	}
	return take(r, request, p, fenced, out, error);
}

/* The answers to SASL LIST, to SASL AUTH, and, where the login was not refused, to NOOP. A server
 * without SASL knows neither: then there is nothing to log in to. */
static enum reader_result read_login(struct reply_reader *r, const struct request *request,
                                     struct reply *out, struct error *error)
{
	struct packet list, p;
	enum reader_result result = peek(r, request, 0, &list, error);
	if (result == READER_REPLY)
		result = peek(r, request, length_of(&list), &p, error);
	if (result != READER_REPLY)
		return result;
	if (list.opcode != OPCODE_SASL_LIST || p.opcode != OPCODE_SASL_AUTH)
		return misfit(request, list.opcode != OPCODE_SASL_LIST ? &list : &p, error);
	size_t length = length_of(&list) + length_of(&p);
	packet_note(&list, r->fields, 0, FIELD_KEY, FIELD_MESSAGE);
	packet_note(&p, r->fields, length_of(&list), FIELD_KEY, FIELD_MESSAGE);
	if (p.status != PACKET_OK && p.status != PACKET_UNKNOWN_COMMAND) {
		read_error(request, &p, out);
		if (list.status == PACKET_OK &&
		    !slice_lists(slice_trim(list.value), ' ', SLICE("PLAIN")))
			out->value = SLICE("PLAIN is not one of its mechanisms");
		return reader_take(r, length, out);
	}
	struct packet noop;
	result = peek(r, request, length, &noop, error);
	if (result != READER_REPLY)
		return result;
	if (!is_noop(request, &noop))
		return misfit(request, &noop, error);
	if (r->fields)
		fields_add(r->fields, FIELD_FENCE, length, length_of(&noop));
	out->kind = REPLY_STORED;
	return reader_take(r, length + length_of(&noop), out);
}

/* An answer to a fence: errors to requests that want no answer come before it. */
static enum reader_result read_fence(struct reply_reader *r, const struct request *request,
                                     const struct packet *p, struct reply *out, struct error *error)
{
	bool quiet = p->opcode >= OPCODE_SETQ && p->opcode <= OPCODE_PREPENDQ;
	if (!quiet && p->opcode != OPCODE_NOOP)
		return misfit(request, p, error);
	/* A NOOP of before is one after an error that ended its answer. */
	out->kind = is_noop(request, p) ? REPLY_END : REPLY_LINE;
	packet_note(p, r->fields, 0, FIELD_KEY, FIELD_MESSAGE);
	reader_take(r, length_of(p), out);
	out->wire = slice_of(NULL, 0);
	return READER_REPLY;
}

enum reader_result binary_read(struct reply_reader *r, const struct request *request,
                               size_t *cursor, struct reply *out, struct error *error)
{
	struct packet p;
	bool fenced = binary_fence_len(request) > 0;
	if (request->verb == VERB_LOGIN)
		return read_login(r, request, out, error);
	if (*cursor > 0 && !fenced) { /* its value was taken, and the end goes without saying */
		out->kind = REPLY_END;
		return READER_REPLY;
	}
	enum reader_result result = peek(r, request, 0, &p, error);
	if (result != READER_REPLY)
		return result;
	if (request->verb == VERB_NOOP)
		return read_fence(r, request, &p, out, error);
	if (p.opaque != request->opaque)
		return misfit(request, &p, error);
	if (!fenced || p.opcode != OPCODE_NOOP)
		return read_packet(r, request, &p, cursor, out, error);
	out->kind = REPLY_END;
	packet_note(&p, r->fields, 0, FIELD_KEY, FIELD_DATA);
	return reader_take(r, length_of(&p), out);
}
