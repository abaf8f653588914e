/* slabs without a word: what its row in command/slabs.c runs. */
#ifndef COMMAND_SLAB_CLASSES_H
#define COMMAND_SLAB_CLASSES_H

#include "shell/lang/args.h"
#include "shell/session.h"

bool slab_classes_runs(const struct args *args);
enum status slab_classes_run(struct session *s, struct args *args);

#endif
