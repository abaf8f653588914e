/*
 * What several commands read from their arguments in the same way.
 */
#ifndef COMMAND_ARGUMENTS_H
#define COMMAND_ARGUMENTS_H

#include "shell/session.h"

/*
 * A time as people write it, as the exptime that the server shall get: seconds ("90", "0" never,
 * "-1" at once), a number with a unit ("90s 15m 12h 45d 2w"), or a Unix time ("@1800000000"). With
 * a unit, what is over 30 days becomes the Unix time that was meant; a bare number over it is sent
 * as it is, with a warning that the server reads it as a date.
 */
bool argument_time(struct session *s, struct slice text, int64_t *exptime, struct error *error);

/* The same of the operand at PLACE, the key being the other one: where the two were exchanged ERROR
 * has the line that was meant. */
bool argument_time_at(struct session *s, const struct args *args, size_t place, int64_t *exptime,
                      struct error *error);

/* The option that many commands have, a row of their options. */
#define NOREPLY_OPTION                                                                             \
	{                                                                                          \
		"--noreply", NULL, "ask the server for no answer", NULL                            \
	}

/* Of a command that has no other. */
extern const struct command_option noreply_options[];

/* Builds a request that takes no arguments. */
bool argument_none(struct session *s, struct args *args, struct request *request,
                   struct error *error);

/* The operands as the request's text, with blanks between: for a command whose forms were checked.
 */
bool argument_words(struct session *s, struct args *args, struct request *request,
                    struct error *error);

/* The first operand as the request's one key, and --noreply. */
bool argument_key(struct args *args, struct request *request, struct error *error);

/* An unsigned number of at most MOST; NAME is what the error calls it. */
bool argument_number(struct slice text, const char *name, uint64_t most, uint64_t *out,
                     struct error *error);

/* The option NAME, a number of WHAT from 1 to MOST; without it *OUT stays as it is. */
bool argument_count(const struct args *args, const char *name, const char *what, uint64_t most,
                    uint64_t *out, struct error *error);

/* The value of a storage command: the operand at INDEX, or what --file names, read whole into
 * ARGS->file. */
bool argument_value(struct session *s, struct args *args, size_t index, struct slice *value,
                    struct error *error);

#endif
