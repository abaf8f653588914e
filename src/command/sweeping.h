/*
 * What .purge and .touch share: the options, the dry run, the question, and the report of what was
 * done (shell/items/sweep.h does it).
 */
#ifndef COMMAND_SWEEPING_H
#define COMMAND_SWEEPING_H

#include "shell/items/sweep.h"
#include "shell/lang/args.h"

/* The rows of their options. */
/* clang-format off */
#define SWEEPING_OPTIONS                                                                           \
	KEYFILTER_MATCH,                                                                           \
	KEYFILTER_OPTIONS,                                                                         \
	{"--rate", "N", "at most N items a second", NULL},                                         \
	{"--dry-run", NULL, "only show what would be done", NULL},                                 \
	{"--yes", NULL, "do it without asking; a script needs it", NULL}
/* clang-format on */

/* Carries out what ARGS ask for. PLAN is zeroed but for its verb, exptime and guarded; VERB and
 * DONE are what it does, and did, to items: "delete", "deleted"; AFTER is what the question says
 * besides, a sentence. */
enum status sweeping_run(struct session *s, const struct args *args, struct sweep_plan *plan,
                         const char *verb, const char *done, const char *after);

#endif
