/*
 * The forms that a request and its answer have on the wire: classic (proto/classic.h), meta
 * (proto/meta.h) and bytes of the caller's own (proto/raw.h). The request says which it is.
 */
#ifndef PROTO_DIALECT_H
#define PROTO_DIALECT_H

#include "proto/classic.h"
#include "proto/meta.h"
#include "proto/raw.h"

static inline bool dialect_is_raw(const struct request *request)
{
	return request->verb == VERB_RAW || request->verb == VERB_LISTEN;
}

/* Appends the request in wire form to OUT. The request has passed request_check. Returns false,
 * with OUT as it was, when OUT's ceiling forbids it. */
static inline bool dialect_encode(const struct request *request, struct buf *out)
{
	size_t start = out->len;
	out->full = false;
	if (request->meta)
		meta_encode(request, out);
	else if (dialect_is_raw(request))
		raw_encode(request, out);
	else
		classic_encode(request, out);
	if (out->full)
		buf_cut(out, start);
	return !out->full;
}

/*
 * Takes the next reply of an answer to REQUEST, whose value answered last was of the key before
 * *CURSOR (starts at 0; the dialect moves it). A value belongs to the next key of its name, from
 * there on and then from the first one on: most servers keep to the order asked.
 * OUT's slices are borrowed until the next call on R. On READER_BAD, ERROR says what came.
 */
static inline enum reader_result dialect_read(struct reply_reader *r, const struct request *request,
                                              size_t *cursor, struct reply *out,
                                              struct error *error)
{
	memset(out, 0, sizeof(*out));
	if (request->meta)
		return meta_read(r, request, cursor, out, error);
	if (dialect_is_raw(request))
		return raw_read(r, request, cursor, out, error);
	return classic_read(r, request, cursor, out, error);
}

#endif
