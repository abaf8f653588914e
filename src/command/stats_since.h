/* stats --since: what its row in command/stats.c runs. */
#ifndef COMMAND_STATS_SINCE_H
#define COMMAND_STATS_SINCE_H

#include "shell/lang/args.h"
#include "shell/session.h"

bool stats_since_runs(const struct args *args);
enum status stats_since_run(struct session *s, struct args *args);

#endif
