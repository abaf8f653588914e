/*
 * Storing under a key that the classic commands cannot carry (proto/item.h): by ms with the key in
 * base64, or in packets, which carry any key.
 *
 * A server that refuses an ms, as too large or for want of memory, deletes what is there, whatever
 * the mode; of the classic commands only set does. So the size is compared with the server's limit
 * before anything is sent, and who adds looks first whether the item is there.
 */
#ifndef SHELL_FLOW_CODED_H
#define SHELL_FLOW_CODED_H

#include "proto/request.h"
#include "shell/session.h"

/* Gives REQUEST, which stores under its one whole key, the form that carries it. Returns whether
 * that is an ms in base64: then what is said above holds. */
bool coded_form(const struct session *s, struct request *request);

/* What a server takes, zeroed before it is asked for. */
struct item_limit {
	bool asked;
	uint64_t most; /* bytes of an item; UINT64_MAX: it does not say */
	bool cas;      /* it keeps cas numbers, which take memory */
};

/* Whether SERVER takes REQUEST by its size. LIMIT is SERVER's, which is asked for it (stats
 * settings) where an item of that size can be refused at all. False: ERROR says by how much. */
bool coded_fits(struct session *s, size_t server, const struct request *request,
                struct item_limit *limit, struct error *error);

#endif
