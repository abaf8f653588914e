/*
 * What several commands read from their arguments in the same way.
 */
#ifndef COMMAND_COMMON_H
#define COMMAND_COMMON_H

#include "shell/session.h"

/*
 * A time as people write it, as the exptime that the server shall get: seconds ("90", "0" never,
 * "-1" at once), a number with a unit ("90s 15m 12h 45d 2w"), or a Unix time ("@1800000000"). With
 * a unit, what is over 30 days becomes the Unix time that was meant; a bare number over it is sent
 * as it is, with a warning that the server reads it as a date.
 */
bool common_time(struct session *s, struct slice text, int64_t *exptime, struct error *error);

/* An unsigned number of at most MOST; NAME is what the error calls it. */
bool common_number(struct slice text, const char *name, uint64_t most, uint64_t *out,
                   struct error *error);

/* The value of a storage command: the operand at INDEX, or what --file names, read whole into
 * ARGS->file. */
bool common_value(struct session *s, struct args *args, size_t index, struct slice *value,
                  struct error *error);

/* Shows a setting, its value and what it takes; of all of them with NULL. (command/look.c) */
struct setting;
enum status look_setting(struct session *s, const struct setting *only);

#endif
