/*
 * The format of an answer.
 */
#ifndef VIEW_FORMAT_CHOOSE_H
#define VIEW_FORMAT_CHOOSE_H

#include "view/format/format.h"

/* The format in which V shows its question. */
const struct view_format *format_choose(const struct view *v);

#endif
