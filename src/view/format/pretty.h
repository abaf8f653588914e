/*
 * The parts of the pretty format, split by what they show.
 */
#ifndef VIEW_FORMAT_PRETTY_H
#define VIEW_FORMAT_PRETTY_H

#include "view/format/format.h"

/* The server's name before an answer of one line, when servers are to be told apart. */
void pretty_label(struct view *v);
/* The same as a line of its own, before an answer of several lines. */
void pretty_heading(struct view *v);

/* Adds TEXT to the dim remarks in brackets at the end of the line, opening the bracket before the
 * first: "  (3 bytes, flags 8". */
void pretty_note(struct view *v, const char *text);
/* Ends the line: the time as the last remark, when it is wanted, and the bracket closed. The parts
 * of the time, when they are wanted, are a line behind it. */
void pretty_end_line(struct view *v, const struct timing *timing);
/* The time on a line of its own, when it is wanted. */
void pretty_time_line(struct view *v, const struct timing *timing);

/* One value, or a value of several. */
void pretty_value(struct view *v, const struct reply *reply);
/* The answer to a get ended: misses and remarks. */
void pretty_values_end(struct view *v, const struct reply *reply);

#endif
