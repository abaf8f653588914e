/*
 * Named figures: a list that is written in one way in plain, json and csv, whatever they count.
 *
 *   plain, raw, wire name, tab, value, a line each
 *   json             one object with all of them
 *   csv              a header and a row
 *
 * Seconds have six decimals, microseconds three, rates one.
 */
#ifndef VIEW_FIGURES_H
#define VIEW_FIGURES_H

#include "base/buf.h"
#include "base/histogram.h"
#include "view/style.h"

/* The formats that show a figure. */
enum {
	IN_PLAIN = 1,
	IN_JSON = 2,
	IN_CSV = 4,
	IN_ALL = IN_PLAIN | IN_JSON | IN_CSV,
};

enum figure_kind {
	FIGURE_COUNT,
	FIGURE_RATE,
	FIGURE_SECONDS,
	FIGURE_MICROSECONDS, /* in csv the name ends in _us, and the field is empty without times */
	FIGURE_TEXT,
	FIGURE_FILE,
	FIGURE_JSON, /* written by a function; in json only */
};

struct figure {
	const char *name;
	enum figure_kind kind;
	unsigned in;
	union {
		uint64_t count;
		double rate;
		int64_t ns;
		const char *text;
		struct slice file;
		struct {
			void (*add)(struct buf *out, const void *of);
			const void *of;
		} json;
	};
};

/* The most that a list has. */
#define FIGURES_MAX 24

/* Zeroed, it is empty. */
struct figures {
	struct figure list[FIGURES_MAX];
	size_t used;
};

void figures_put(struct figures *f, struct figure figure);
void figures_put_text(struct figures *f, const char *name, const char *text, unsigned in);
void figures_put_count(struct figures *f, const char *name, uint64_t n);
/* A count that only some commands have: left out while it is 0, but in csv. */
void figures_put_rare(struct figures *f, const char *name, uint64_t n);
/* ADD writes a JSON value made of OF, which is borrowed until figures_add. */
void figures_put_json(struct figures *f, const char *name, void (*add)(struct buf *, const void *),
                      const void *of);

/* The buckets of TIMES by view/chart.h: [{"from":100.000,"count":3},...], in microseconds; left out
 * while there are no times. */
void figures_put_histogram(struct figures *f, const char *name, const struct histogram *times);

/* A percentile, for programs and for eyes. */
struct rank {
	const char *name, *title;
	unsigned per_mille; /* 0: the smallest */
};

/* Percentiles of TIMES in microseconds, left out while there are no times, but in csv. RANKS ends
 * with a row without a name. */
void figures_put_ranks(struct figures *f, const struct histogram *times, const struct rank *ranks);

/* In the style's format; pretty, which has sentences, is the caller's. */
void figures_add(struct buf *out, const struct style *style, const struct figures *f);

/* The array of figures_put_histogram, as a JSON value; [] without times. */
void figures_add_histogram(struct buf *out, const struct histogram *times);

/* "84.210"; NS is not negative. */
void figures_add_microseconds(struct buf *out, int64_t ns);

#endif
