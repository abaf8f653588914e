/*
 * What a request may be answered by, and what each answer means.
 */
#ifndef VIEW_EXPLAIN_ANSWERS_H
#define VIEW_EXPLAIN_ANSWERS_H

#include "proto/reply.h"
#include "proto/request.h"

/* The I-th way in which REQUEST can be answered: *WORD as it comes on the wire, *TEXT what it
 * means. False after the last. */
bool answer_at(const struct request *request, size_t i, const char **word, const char **text);

/* What a reply of KIND to REQUEST means; "" where its word says all. */
const char *answer_meaning(const struct request *request, enum reply_kind kind);

#endif
