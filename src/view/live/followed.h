/*
 * What happens to a few keys, event by event, as rows (view/rows.h):
 *
 *   ts event client cmd status ttl size key
 *
 * event is read, miss, stored, refused (status says why), deleted or evicted. client is the address
 * of the connection, where that is known, else its descriptor in the server; an eviction has none.
 * In pretty the time is that of the day, UTC.
 *
 * Servers log a look-up of the key before each store and delete, by the same connection, which is
 * not a read: it is kept back until that connection does something else, or followed_settle says
 * that nothing came.
 */
#ifndef VIEW_LIVE_FOLLOWED_H
#define VIEW_LIVE_FOLLOWED_H

#include "proto/event.h"
#include "view/rows.h"

#define FOLLOWED_COLUMNS 9

enum followed_event {
	FOLLOWED_READ,
	FOLLOWED_MISS,
	FOLLOWED_STORED,
	FOLLOWED_REFUSED,
	FOLLOWED_DELETED,
	FOLLOWED_EVICTED,
	FOLLOWED_EVENTS,
};

/* "read" */
extern const char *const followed_names[FOLLOWED_EVENTS];

struct followed;

/* Rows go to OUT. KEYED: each has its key in pretty, too. Borrows STYLE and OUT. */
struct followed *followed_new(const struct style *style, struct buf *out, bool keyed);
void followed_free(struct followed *f);

/* The names of servers, where there are several. */
void followed_label(struct followed *f, const char *server);

/* The connection FD of SERVER is from ADDRESS. */
void followed_client(struct followed *f, size_t server, uint64_t fd, struct slice address);

/* EVENT of SERVER, whose name LABEL is, about KEY, decoded; of one without a key who connects is
 * noted. */
void followed_add(struct followed *f, size_t server, const char *label, const struct event *event,
                  struct slice key);

/* Shows look-ups that have been kept back for longer than NS nanoseconds, by NOW (clock_now); with
 * NS 0 all of them. */
void followed_settle(struct followed *f, int64_t ns, int64_t now);

/* How many of each were shown. */
uint64_t followed_count(const struct followed *f, enum followed_event event);

#endif
