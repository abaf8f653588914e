/*
 * One output format: what it does when an answer begins and with each reply. view_begin clears the
 * view's counters and chooses the format; view_reply counts a value before the format sees it.
 */
#ifndef VIEW_VIEW_FORMAT_H
#define VIEW_VIEW_FORMAT_H

#include "view/view.h"

struct view_format {
	void (*begin)(struct view *v); /* NULL: nothing to do */
	void (*reply)(struct view *v, const struct reply *reply);
};

extern const struct view_format format_pretty;
extern const struct view_format format_plain;
extern const struct view_format format_raw;
extern const struct view_format format_wire;
extern const struct view_format format_json;
extern const struct view_format format_csv;

/* True when the answer consists of values (get, gets, gat, gats). */
bool view_asks_values(const struct view *v);
/* True for gets and gats, whose values carry a cas unique. */
bool view_asks_cas(const struct view *v);
/* True when each value is shown with its key: several keys, or the question says so. */
bool view_shows_keys(const struct view *v);

/* Notes which key a value answers. Costs a byte a key, so only formats that tell misses call it. */
void view_mark_seen(struct view *v, const struct reply *reply);
bool view_was_seen(const struct view *v, size_t key_index);

#endif
