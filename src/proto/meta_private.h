/*
 * What the files of the meta dialect share: proto/meta.c writes requests, proto/meta_read.c reads
 * their answers.
 */
#ifndef PROTO_META_PRIVATE_H
#define PROTO_META_PRIVATE_H

#include "proto/meta.h"

/* An opaque's length, the O counted. */
#define META_OPAQUE_LEN 4

void meta_put_opaque(uint32_t opaque, char *out);

/* Whether REQUEST goes out with its opaque. A typed one has its own, or none where an answer
 * repeats none, or no word more fits its line. */
bool meta_bears_opaque(const struct request *request);

/* The first flag of a typed meta command that has this letter, with its token; empty: none. */
struct slice meta_flag(const struct request *request, char flag);

static inline bool meta_is_typed(const struct request *request)
{
	return request->verb >= VERB_MG && request->verb < VERB_RAW;
}

/* Whether REQUEST asks for several keys: a quiet mg each, and mn, whose MN is the end. */
static inline bool meta_is_several(const struct request *request)
{
	return request->key_count > 1;
}

#endif
