/*
 * Answers that are kept until they are whole, and shown then: those that several servers make up,
 * and lists of keys. Each function sends WIRE, the request of ASK as it goes on the wire, waits,
 * and shows; it returns the status of the answer, STATUS_USAGE where it could not be sent. What may
 * be kept has a ceiling (shell/flow/show.h, shell/flow/listing.h).
 */
#ifndef SHELL_FLOW_PARTS_H
#define SHELL_FLOW_PARTS_H

#include "shell/flow/route.h"

/* The keys are divided over servers or lines; the answer is one. */
enum status parts_shares(struct session *s, const struct ask *ask, const struct request *wire);

/* Every server's answer, in the order of the list; one that is down hides none of the others. */
enum status parts_each(struct session *s, const struct ask *ask, const struct request *wire);

/* A list of keys, of the server TO names: read as fast as it comes, and shown when it is over. */
enum status parts_list(struct session *s, const struct ask *ask, const struct request *wire,
                       const struct destination *to);

#endif
