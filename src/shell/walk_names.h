/* What a file of keys names, looked up key by key. */
#ifndef SHELL_WALK_NAMES_H
#define SHELL_WALK_NAMES_H

#include "shell/walking.h"

void walk_names(struct walking *w);

#endif
