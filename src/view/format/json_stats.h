/*
 * The counters of a stats answer, or what me lists of an item, as members of a JSON object: their
 * names are the server's. It may send a name twice, and
 * two names that are not text may be written alike; an object whose names are not unique is read by
 * some programs in one way, by others in another, and by some not at all. So the first of them is
 * the member, and the others are reported beside the object.
 */
#ifndef VIEW_FORMAT_JSON_STATS_H
#define VIEW_FORMAT_JSON_STATS_H

#include "base/buf.h"

struct json_stats {
	struct buf text;  /* "name":value,... */
	struct buf marks; /* where each begins in it */
};

void json_stats_release(struct json_stats *s);
void json_stats_clear(struct json_stats *s);

static inline bool json_stats_empty(const struct json_stats *s)
{
	return s->text.len == 0;
}

/* Whether it takes more than MAX bytes; 0: no limit. */
static inline bool json_stats_exceed(const struct json_stats *s, size_t max)
{
	return max > 0 && s->text.len + s->marks.len > max;
}

/* VALUE is a number where it is one in JSON's own spelling. A NAME that is not UTF-8 is written as
 * base64:... */
void json_stats_add(struct json_stats *s, struct slice name, struct slice value);

/* The member NAME, an object, and, where a name in it came again, repeated, an array of {name,
 * value} in the order in which they came. */
void json_stats_write(struct json_stats *s, const char *name, struct buf *out);

#endif
