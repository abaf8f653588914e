/* What servers list, all at once. */
#ifndef SHELL_WALK_LISTS_H
#define SHELL_WALK_LISTS_H

#include "shell/walking.h"

void walk_lists(struct walking *w);

#endif
