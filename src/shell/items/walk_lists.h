/* What servers list, all at once. */
#ifndef SHELL_ITEMS_WALK_LISTS_H
#define SHELL_ITEMS_WALK_LISTS_H

#include "shell/items/walking.h"

void walk_lists(struct walking *w);

#endif
