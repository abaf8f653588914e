/*
 * In the json format every line that is typed ends with exactly one object that has a status, so
 * that a program knows where its answer ends, whatever the command. Blank lines and comments have
 * none. Commands write what they have, as objects without a status (the last of which gets it) or
 * as one with it (answer_given); here the status is added, or an object of its own is written:
 *
 *   {"command":".disconnect","status":"ok"}
 *   {"command":"frob","status":"usage","error":"...","hint":"..."}
 *
 * What a command sends into a file or a program has its object there; the line's own follows on
 * standard output.
 */
#ifndef SHELL_ANSWER_H
#define SHELL_ANSWER_H

#include "base/status.h"

struct session;
struct output;

/* The object that ends the answer to a line in the json format. */
struct answer {
	bool due;    /* the line being run ends with an object that has a status */
	bool given;  /* it has it */
	bool failed; /* `error` was reported for it */
	struct error error;
};

/* A line was typed. */
void answer_begin(struct session *s);

/* The object that ends the answer has been written, or will be in its order. */
void answer_given(struct answer *a);

/* Of a failure of the line being run. */
void answer_failed(struct answer *a, const struct error *error);

/* Completes what the command sent into a file or a program by O, before that is closed. */
void answer_complete(struct answer *a, struct output *o, enum status status);

/* The line, of the command NAME (empty: unknown), has been run, and its status is known: writes
 * what is missing to O. */
void answer_end(struct answer *a, struct output *o, struct slice name, enum status status);

#endif
