/*
 * How the commands ended, and what becomes of it: the exit status, a driver's reply, and what
 * assertions have said.
 */
#ifndef SHELL_VERDICT_H
#define SHELL_VERDICT_H

#include "base/status.h"

#include <stddef.h>

struct verdict {
	enum status worst;   /* of all commands so far: the exit status */
	enum status last;    /* of the last one that is not an assertion */
	enum status excused; /* of all but that one: what `worst` is if its status was expected */
	enum status reply;   /* worst, of the commands since a driver was answered last */
	enum status reply_excused; /* and excused, of these */
	bool ran;                  /* a command that is not an assertion */
	size_t asserted;           /* assertions made */
	size_t refuted;            /* of these, the ones that did not hold */
	struct error failure;      /* reported last */
};

/* Counts the STATUS of a command that has ended. An assertion (ASSERTS) can excuse the status of
 * the last command that is none. */
void verdict_count(struct verdict *v, enum status status, bool asserts);

/* Counts what no command did: the exit status, and a driver's reply, is STATUS or worse. */
void verdict_raise(struct verdict *v, enum status status);

/* The last command's status was expected: it raises nothing. */
void verdict_excuse(struct verdict *v);

/* ERROR was reported. */
void verdict_failed(struct verdict *v, const struct error *error);

/* Counts an assertion. */
void verdict_assert(struct verdict *v, bool holds);

/* The worst status since the last call, for a driver. */
enum status verdict_take_reply(struct verdict *v);

#endif
