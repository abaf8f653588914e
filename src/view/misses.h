/*
 * Which keys of a get have been answered.
 */
#ifndef VIEW_MISSES_H
#define VIEW_MISSES_H

#include "view/view.h"

/* Counts a reply without showing it. */
void view_count(struct view *v, const struct reply *reply);

/* Whether the key has been answered: by a value of its own or, once the answer is complete, by that
 * of the same key at another place. */
bool view_was_seen(const struct view *v, size_t key_index);

/* The negative answers of a get: its keys that had no value. Valid after the last reply. */
size_t view_misses(const struct view *v);

#endif
