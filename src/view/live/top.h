/*
 * What happens on servers now, as .top shows it: figures taken from the counters of two looks,
 * their last values, and a screen of them. Several servers have a row each, below what they make
 * together.
 */
#ifndef VIEW_LIVE_TOP_H
#define VIEW_LIVE_TOP_H

#include "base/buf.h"
#include "view/stats/sample.h"
#include "view/style.h"

/* What can be added up over servers: rates a second, then what there is now. */
enum top_sum {
	TOP_GETS,
	TOP_SETS, /* every storage command, cas too */
	TOP_DELETES,
	TOP_COUNTS, /* incr and decr */
	TOP_TOUCHES,
	TOP_METAS, /* meta commands, which count as what they do, too */
	TOP_HITS,
	TOP_MISSES,
	TOP_EVICTIONS,
	TOP_IN, /* bytes */
	TOP_OUT,
	TOP_CONNECTIONS,
	TOP_CONNECTIONS_MAX,
	TOP_ITEMS,
	TOP_MEMORY,
	TOP_MEMORY_MAX,
	TOP_SUMS,
};

/* One look; what is not known is NAN. */
struct top_look {
	double sums[TOP_SUMS];
};

/* Of the interval V; rates are not known of one that is not between two looks. */
void top_look_of(struct top_look *look, const struct interval *v);
/* Nothing is known. */
void top_look_unknown(struct top_look *look);
/* Adds what is known of LOOK to TOTAL. */
void top_look_add(struct top_look *total, const struct top_look *look);

/* The looks that are kept for sparklines: the last of them, as wide as a screen gets. */
#define TOP_LOOKS 200

struct top_history {
	struct top_look looks[TOP_LOOKS]; /* a ring */
	size_t count;                     /* that there ever were */
};

void top_history_add(struct top_history *h, const struct top_look *look);

/* What is shown; their number, and the key that sorts by them, see the table in view/live/top.c. */
#define TOP_FIGURES 13

/* Value of FIGURE; NAN: not known. The hit ratio and the memory are percentages. */
double top_value(const struct top_look *look, size_t figure);
/* The name for programs: gets, sets, ..., hit_ratio, ... */
const char *top_name(size_t figure);

/* Whether it is a whole number of what there is. */
bool top_is_count(size_t figure);

/* The figure that KEY sorts by; TOP_FIGURES: by the number of the server; -1: none. */
int top_sort_of(char key);

struct top_server {
	const char *label;
	const char *problem; /* NULL: it answers */
	char version[32];
	uint64_t uptime;
	struct top_history history;
};

struct top_view {
	struct top_server *servers;
	size_t count;
	const struct top_history *total; /* of several servers */
	int sort;                        /* as top_sort_of has it */
	bool reverse;
	int64_t interval; /* nanoseconds */
};

/* A screen of at most ROWS lines, each with a line feed, and none wider than style->columns where
 * these are 33 or more. */
void top_draw(struct buf *out, const struct style *style, unsigned rows, const struct top_view *v);

#endif
