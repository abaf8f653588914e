/*
 * The answer to a get in the pretty format.
 */
#ifndef VIEW_FORMAT_PRETTY_VALUES_H
#define VIEW_FORMAT_PRETTY_VALUES_H

#include "view/view.h"

/* One value, or a value of several. */
void pretty_value(struct view *v, const struct reply *reply);
/* The answer to a get ended: misses and remarks. */
void pretty_values_end(struct view *v, const struct reply *reply);

/* The answer to an mg that is a value, with what its flags say among the remarks. */
void pretty_meta_value(struct view *v, const struct reply *reply);

#endif
