#include "view/stats/stat.h"

#include "base/number.h"
#include "base/quote.h"
#include "view/text/time.h"

bool stat_number(const struct stat *stats, size_t count, const char *name, uint64_t *out)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_str(stats[i].name, name))
			return number_parse_u64(stats[i].value, out) == NUMBER_OK;
	}
	return false;
}

static bool add_number(struct buf *out, uint64_t n, enum stat_unit unit)
{
	switch (unit) {
	case UNIT_TEXT:
		buf_add_u64(out, n);
		return false;
	case UNIT_COUNT:
		time_add_grouped(out, n);
		return false;
	case UNIT_BYTES:
		time_add_size(out, n);
		return n >= 1024;
	case UNIT_SECONDS:
		time_add_span(out, n);
		return n >= 60;
	case UNIT_USEC:
		time_add(out, n < INT64_MAX / 1000 ? (int64_t)n * 1000 : INT64_MAX);
		return n >= 10000;
	case UNIT_UNIX:
		buf_add_u64(out, n);
		return false;
	case UNIT_YES_NO:
		if (n > 1)
			buf_add_u64(out, n);
		else
			buf_add_str(out, n ? "yes" : "no");
		return false;
	}
	return false;
}

bool stat_add_value(struct buf *out, struct slice value, enum stat_unit unit)
{
	uint64_t n;
	if (unit != UNIT_TEXT && number_parse_u64(value, &n) == NUMBER_OK)
		return add_number(out, n, unit);
	escape_add_field(out, value);
	return false;
}

/* What follows from two or three counters; shown with its formula. */
static const struct ratio {
	const char *name;
	const char *part;
	const char *whole;
	const char *also; /* added to the whole, or NULL */
	bool rate;        /* a second, not a percentage */
	const char *formula;
} ratios[STATS_RATIOS] = {
    {"hit ratio", "get_hits", "get_hits", "get_misses", false,
     "get_hits / (get_hits + get_misses)"},
    {"memory used", "bytes", "limit_maxbytes", NULL, false, "bytes / limit_maxbytes"},
    {"connections used", "curr_connections", "max_connections", NULL, false,
     "curr_connections / max_connections"},
    {"evicted of all stored", "evictions", "total_items", NULL, false, "evictions / total_items"},
    {"gets a second", "cmd_get", "uptime", NULL, true, "cmd_get / uptime"},
    {"sets a second", "cmd_set", "uptime", NULL, true, "cmd_set / uptime"},
};

const char *stats_ratio(const struct stat *stats, size_t count, size_t i, struct buf *out)
{
	const struct ratio *ratio = &ratios[i];
	uint64_t part, whole, also = 0;
	if (!stat_number(stats, count, ratio->part, &part) ||
	    !stat_number(stats, count, ratio->whole, &whole) ||
	    (ratio->also && !stat_number(stats, count, ratio->also, &also)))
		return NULL;
	if (!ratio->rate)
		time_add_percent(out, part, whole + also);
	else if (whole == 0)
		buf_add_char(out, '-');
	else
		buf_addf(out, "%.1f", (double)part / (double)whole);
	return ratio->name;
}

const char *stats_ratio_formula(size_t i)
{
	return ratios[i].formula;
}
