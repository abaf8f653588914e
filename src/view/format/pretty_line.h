/*
 * The parts of a pretty line: the server before it, remarks in brackets, and the time.
 */
#ifndef VIEW_FORMAT_PRETTY_LINE_H
#define VIEW_FORMAT_PRETTY_LINE_H

#include "view/view.h"

/* The server's name before an answer of one line, when servers are to be distinguished. */
void pretty_label(struct view *v);
/* The same as a line of its own, before an answer of several lines. */
void pretty_heading(struct view *v);

/* Adds TEXT to the dim remarks in brackets at the end of the line, opening the bracket before the
 * first: "  (3 bytes, flags 8". */
void pretty_note(struct view *v, const char *text);
/* Ends the line: the time as the last remark, when it is wanted, and the bracket closed. The parts
 * of the time, when they are wanted, are a line after it. */
void pretty_end_line(struct view *v, const struct timing *timing);
/* The time on a line of its own, when it is wanted. */
void pretty_time_line(struct view *v, const struct timing *timing);

#endif
