/*
 * The forms that a request and its answer have on the wire. A dialect is a row of functions; the
 * request says which it goes out in (request_dialect). Nobody else asks which one that is: what
 * differs between them is a question here.
 *
 * To add one: a file beside proto/meta.c, a line in enum dialect_id (proto/request.h), a row in
 * proto/dialect.c.
 */
#ifndef PROTO_DIALECT_H
#define PROTO_DIALECT_H

#include "proto/classic.h"
#include "proto/field.h"

struct dialect {
	const char *name;

	/* Whether REQUEST can be said in it, and is answered by the same replies. */
	bool (*has_form)(const struct request *request);

	/* The same, and on false ERROR says why not. NULL: has_form says all. */
	bool (*check)(const struct request *request, struct error *error);

	/* Appends REQUEST, which has such a form and has passed request_check, to OUT, whose
	 * ceiling the caller looks after. FIELDS, which may be NULL, gets where its fields lie. */
	void (*encode)(const struct request *request, struct buf *out, struct fields *fields);

	/* As dialect_read. */
	enum reader_result (*read)(struct reply_reader *r, const struct request *request,
	                           size_t *cursor, struct reply *out, struct error *error);

	/* Whether the answer shows by itself that it is REQUEST's: by an opaque, or a word that
	 * answers no other. */
	bool (*is_marked)(const struct request *request);

	/* How many of the last bytes of REQUEST are a fence that nobody asked for. NULL: none. */
	size_t (*fence_len)(const struct request *request);

	/* Whether lines that answer nothing can come after REPLY, an error that ended the answer to
	 * REQUEST and its *CURSOR; ALONE: no other request was under way. NULL: never. */
	bool (*leaves_rest)(const struct request *request, size_t cursor, const struct reply *reply,
	                    bool alone);

	/* The dialect of what is sent for the connection's own ends where requests in this one go:
	 * VERB_LOGIN, and the fence, a request whose answer ends whatever came before it. */
	enum dialect_id own;
	const struct request *fence;

	/* What to do about a server that has never answered in this dialect. */
	const char *unheard;

	/* It goes in packets (proto/packet.h), each with an opaque that the connection counts. */
	bool packets;

	/* The largest opaque of a request; above it they start again at 1. 0: it carries none. */
	uint32_t opaque_max;

	/* The verbs, a bit each, where a server that refuses to store deletes the old item. */
	uint32_t refusal_deletes;

	/* Whether the server speaks it is known by VERSION, what it answers to `version`, and then
	 * by REPLY_OK... to PROBE: a proxy may pass on the version of another. NULL: any does. */
	bool (*is_known_to)(struct slice version);
	const struct request *probe;
};

extern const struct dialect dialects[DIALECT_COUNT];

/* What a connection speaks on which PROTOCOL, a dialect's name or "auto", is asked for: that
 * dialect where it goes in packets; or text, in which each request says its own. */
enum dialect_id dialect_spoken(struct slice protocol);

static inline const struct dialect *dialect_of(const struct request *request)
{
	return &dialects[request_dialect(request)];
}

/* Appends the request in wire form to OUT, and to FIELDS, which may be NULL, where its fields lie.
 * The request has passed request_check. Returns false, with OUT as it was, when OUT's ceiling
 * forbids it. */
static inline bool dialect_encode(const struct request *request, struct buf *out,
                                  struct fields *fields)
{
	size_t start = out->len;
	out->full = false;
	if (fields)
		fields_begin(fields, start);
	if (request_dialect(request) == DIALECT_CLASSIC)
		classic_encode(request, out, fields);
	else
		dialect_of(request)->encode(request, out, fields);
	if (out->full)
		buf_cut(out, start);
	return !out->full;
}

/*
 * Takes the next reply of an answer to REQUEST, whose value answered last was of the key before
 * *CURSOR (starts at 0; the dialect moves it). A value belongs to the next key of its name, from
 * there on and then from the first one on: most servers keep to the order asked.
 * OUT's slices are borrowed until the next call on R. Where R has fields to note, they are those of
 * OUT's wire. On READER_BAD, ERROR says what came.
 */
static inline enum reader_result dialect_read(struct reply_reader *r, const struct request *request,
                                              size_t *cursor, struct reply *out,
                                              struct error *error)
{
	memset(out, 0, sizeof(*out));
	if (r->fields)
		fields_begin(r->fields, 0);
	if (request_dialect(request) == DIALECT_CLASSIC)
		return classic_read(r, request, cursor, out, error);
	return dialect_of(request)->read(r, request, cursor, out, error);
}

/* Whether REQUEST, which has passed request_check, can go out in its dialect. On false ERROR says
 * why not. */
static inline bool dialect_check(const struct request *request, struct error *error)
{
	if (request_dialect(request) == DIALECT_CLASSIC)
		return classic_check(request, error);
	const struct dialect *d = dialect_of(request);
	return !d->check || d->check(request, error);
}

static inline bool dialect_is_marked(const struct request *request)
{
	return request_dialect(request) == DIALECT_CLASSIC
	           ? classic_is_marked(request)
	           : dialect_of(request)->is_marked(request);
}

static inline size_t dialect_fence_len(const struct request *request)
{
	const struct dialect *d = dialect_of(request);
	return d->fence_len ? d->fence_len(request) : 0;
}

static inline bool dialect_leaves_rest(const struct request *request, size_t cursor,
                                       const struct reply *reply, bool alone)
{
	const struct dialect *d = dialect_of(request);
	return reply_is_error(reply->kind) && d->leaves_rest &&
	       d->leaves_rest(request, cursor, reply, alone);
}

/* Whether a server that refuses REQUEST deletes the item that was there. */
bool dialect_refusal_deletes(const struct request *request);

#endif
