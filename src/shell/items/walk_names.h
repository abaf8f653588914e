/* What a file of keys names, looked up key by key. */
#ifndef SHELL_ITEMS_WALK_NAMES_H
#define SHELL_ITEMS_WALK_NAMES_H

#include "shell/items/walking.h"

void walk_names(struct walking *w);

#endif
