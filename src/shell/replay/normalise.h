/*
 * Lines of output without what differs from run to run: times and rates, cas numbers, the path of a
 * sandbox, and in JSON the name of the server.
 */
#ifndef SHELL_REPLAY_NORMALISE_H
#define SHELL_REPLAY_NORMALISE_H

#include "base/buf.h"
#include "view/style.h"

struct normaliser;

struct normaliser *normaliser_new(void);
void normaliser_free(struct normaliser *s);

/* Adds LINE, which COMMAND (its name) has shown in FORMAT, with names in place of what differs. */
void normaliser_add(const struct normaliser *s, struct buf *out, struct slice line,
                    enum format format, struct slice command);

/* A line of a histogram of times: there may be more of them or fewer the next time. */
bool normaliser_is_histogram(struct slice line);

#endif
