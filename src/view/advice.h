/*
 * What a server's error means and what to do about it: one table of the words that memcached is
 * known to answer (its proto_text.c, versions 1.4 to 1.6.45), matched by their beginning;
 * the row that says most of the answer is taken, wherever it stands.
 */
#ifndef VIEW_ADVICE_H
#define VIEW_ADVICE_H

#include "proto/reply.h"
#include "proto/request.h"

/* A sentence fit to follow "mcsh: set foo: SERVER_ERROR object too large for cache: ". Never
 * NULL: words that the table does not know get a general one. */
const char *advice_for(const struct request *request, const struct reply *reply);

/* Sets ERROR to what REPLY, an error, says to REQUEST, which a command has sent of its own: "SERVER
 * answers stats slabs with SERVER_ERROR busy", and the advice. */
void advice_set(struct error *error, const struct request *request, const struct reply *reply);

/* How many rows are as good as the one taken; above 1 their order would decide, which is a fault of
 * the table. 0 when none fits. */
size_t advice_rivals(const struct request *request, const struct reply *reply);

/* The texts of the table, for who looks whether each is of use. */
size_t advice_count(void);
const char *advice_row(size_t row);

#endif
