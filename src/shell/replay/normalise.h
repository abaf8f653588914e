/*
 * Lines of output without what differs from run to run: times and rates, cas numbers, the path of a
 * sandbox, and in JSON the name of the server.
 */
#ifndef SHELL_REPLAY_NORMALISE_H
#define SHELL_REPLAY_NORMALISE_H

#include "base/buf.h"
#include "view/style.h"

struct steady;

struct steady *steady_new(void);
void steady_free(struct steady *s);

/* Adds LINE, which COMMAND (its name) has shown in FORMAT, with names in place of what differs. */
void steady_add(const struct steady *s, struct buf *out, struct slice line, enum format format,
                struct slice command);

/* A line of a histogram of times: there may be more of them or fewer the next time. */
bool steady_is_histogram(struct slice line);

#endif
