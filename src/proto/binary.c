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
	return text.len == 0 ||
	       slice_is_among(text, "items slabs sizes settings reset sizes_enable "
	                            "sizes_disable") ||
	       slice_eq_str(text, "detail on") || slice_eq_str(text, "detail off");
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
		                 SLICE_ARGS(request->text, 60));
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

static bool compares_cas(const struct request *request)
{
	return request->verb == VERB_CAS || request->verb == VERB_DELETE;
}

static void add_packet(const struct writer *w, unsigned opcode, struct slice extras,
                       struct slice key, struct slice value)
{
	char header[PACKET_HEADER];
	struct packet p = {.magic = PACKET_REQUEST,
	                   .opcode = opcode,
	                   .opaque = w->request->opaque,
	                   .cas = compares_cas(w->request) ? w->request->number : 0,
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

unsigned binary_opcode(const struct request *request)
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
		add_packet(&w, binary_opcode(r), extras, r->keys[i], r->value);
	if (r->key_count == 0)
		add_packet(&w, binary_opcode(r), extras, r->verb == VERB_STATS ? r->text : none,
		           none);
	if (is_fenced(r))
		add_noop(&w);
}
