/*
 * .where --moved: which keys another distribution, or other servers, would place elsewhere.
 */
#ifndef COMMAND_MOVED_H
#define COMMAND_MOVED_H

#include "shell/lang/args.h"
#include "shell/session.h"

/* ARGS are D1 D2 [SERVER...], and --sample. */
enum status moved_show(struct session *s, struct args *args);

#endif
