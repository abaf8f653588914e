/*
 * The classic text commands, as memcached's doc/protocol.txt has them: a line, a data block after
 * the storage commands, and answers that do not describe themselves.
 */
#ifndef PROTO_CLASSIC_H
#define PROTO_CLASSIC_H

#include "proto/field.h"
#include "proto/reply_reader.h"

/* These are a row of proto/dialect.c: see struct dialect. */
bool classic_has_form(const struct request *request);
static inline bool classic_check(const struct request *request, struct error *error)
{
	if (request->creates)
		return error_set(error, ".set protocol auto",
		                 "the classic protocol creates no numbers");
	if (request->key_coded)
		return error_set(error, ".set protocol auto",
		                 "the classic protocol has no keys in base64");
	return request->verb != VERB_DELETE || request->number == 0 ||
	       error_set(error, ".set protocol auto", "the classic delete compares no cas");
}
void classic_encode(const struct request *request, struct buf *out, struct fields *fields);
enum reader_result classic_read(struct reply_reader *r, const struct request *request,
                                size_t *cursor, struct reply *out, struct error *error);
static inline bool classic_is_marked(const struct request *request)
{
	return request_expects(request) == EXPECT_VERSION;
}

/*
 * After an error to a command that carries data, or that several lines may answer, the server may
 * have read the data as commands and answer those too. Only an error in the place of one key's
 * value leaves no doubt.
 */
bool classic_leaves_rest(const struct request *request, size_t cursor, const struct reply *reply,
                         bool alone);

/* Whether REQUEST, of statistics, is one of the two that memcached before 1.6.25 answers with one
 * STAT and no end, in packets too. */
bool classic_stats_without_end(const struct request *request);

/* Whether LINE refuses a command of an administrator (proto_text.c of memcached, 1.4.15 to 1.6.45,
 * and doc/protocol.txt): OUT's kind and value then. */
bool classic_is_refusal(struct slice line, struct reply *out);

#endif
