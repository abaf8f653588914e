#include "proto/binary_answer.h"

#include "base/number.h"
#include "proto/binary.h"
#include "proto/classic.h"
#include "proto/packet.h"

#include <stdio.h>

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
	char opaque[40] = "";
	if (p->opaque != request->opaque)
		snprintf(opaque, sizeof(opaque), ", opaque %u, not %u", (unsigned)p->opaque,
		         (unsigned)request->opaque);
	error_set(error, next_opens, "unexpected reply to %s: opcode 0x%02x (%s), status 0x%02x%s",
	          verb_word(request->verb), p->opcode, name ? name : "unknown", p->status, opaque);
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
	    {EXPECT_DELETE, PACKET_EXISTS, REPLY_EXISTS},
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

/* Takes what is LENGTH bytes long, and the fence that comes next, as one reply. */
static enum reader_result take_fenced(struct reply_reader *r, const struct request *request,
                                      size_t length, struct reply *out, struct error *error)
{
	struct packet noop;
	enum reader_result result = peek(r, request, length, &noop, error);
	if (result != READER_REPLY)
		return result;
	if (!is_noop(request, &noop))
		return misfit(request, &noop, error);
	if (r->fields)
		fields_add(r->fields, FIELD_FENCE, length, length_of(&noop));
	return reader_take(r, length + length_of(&noop), out);
}

/* Takes P, and the fence that comes next where FENCED, as one reply. */
static enum reader_result take(struct reply_reader *r, const struct request *request,
                               const struct packet *p, bool fenced, struct reply *out,
                               struct error *error)
{
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
	enum reader_result result = take_fenced(r, request, length, out, error);
	if (result == READER_REPLY)
		out->wire.len = length; /* the fence is nobody's answer */
	return result;
}

static bool read_value(const struct request *request, const struct packet *p, size_t *cursor,
                       struct reply *out)
{
	out->key = p->key;
	out->value = p->value;
	out->flags = number_big(p->extras.data, p->extras.len == 4 ? 4 : 0);
	out->has_cas = request->verb == VERB_GETS || request->verb == VERB_GATS;
	out->cas = out->has_cas ? p->cas : 0;
	/* In the order asked: a key before that was answered already, or missed. */
	if (!reader_key_place(request, *cursor, p->key, &out->key_index) ||
	    out->key_index < *cursor)
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

/* P, with REQUEST's opaque, is not a fence. */
static enum reader_result read_packet(struct reply_reader *r, const struct request *request,
                                      const struct packet *p, size_t *cursor, struct reply *out,
                                      struct error *error)
{
	bool fenced = binary_fence_len(request) > 0;
	if (p->opcode != binary_opcode(request))
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
		out->number = number_big(p->value.data, 8);
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
	out->kind = REPLY_STORED;
	return take_fenced(r, request, length, out, error);
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

/* Whether the fence ends the answer to REQUEST: misses before it are silent. Else one is missing.
 */
static bool ends_by_fence(const struct request *request)
{
	if (binary_fence_len(request) == 0)
		return false;
	return request_expects(request) == EXPECT_VALUES ||
	       (request->verb == VERB_STATS && classic_stats_without_end(request));
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
	if (p.opcode != OPCODE_NOOP || !ends_by_fence(request))
		return read_packet(r, request, &p, cursor, out, error);
	out->kind = REPLY_END;
	packet_note(&p, r->fields, 0, FIELD_KEY, FIELD_DATA);
	return reader_take(r, length_of(&p), out);
}
