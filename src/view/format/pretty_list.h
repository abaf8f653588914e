/*
 * The answer to a get of several keys in the pretty format: a line a key.
 */
#ifndef VIEW_FORMAT_PRETTY_LIST_H
#define VIEW_FORMAT_PRETTY_LIST_H

#include "view/view.h"

/* Keeps a value's line in the view's arena. */
void pretty_list_keep(struct view *v, const struct reply *reply);
/* Shows the list; the keys that had no value, and the count, when the answer is complete. */
void pretty_list_end(struct view *v, const struct reply *reply);

#endif
