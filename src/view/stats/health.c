/* The thresholds are one table. */
#include "view/stats/health.h"

#include "base/buf.h"
#include "view/text/paint.h"
#include "view/text/wrap.h"

/* PART of WHOLE (and ALSO) in thousandths, or PART itself without a WHOLE. */
static const struct rule {
	const char *name; /* of the line that is painted: a counter, or a ratio of the summary */
	const char *part, *whole, *also;
	bool low;            /* little is what is bad */
	uint64_t judge_from; /* a smaller whole says nothing yet */
	uint64_t notice, bad;
	const char *reason;
} rules[] = {
    {"hit ratio", "get_hits", "get_hits", "get_misses", true, 100, 800, 500,
     "many keys that are asked for are not there: expired, evicted, or never stored"},
    {"memory used", "bytes", "limit_maxbytes", NULL, false, 1, 950, UINT64_MAX,
     "the memory is nearly full: items will be evicted for new ones; -m gives more"},
    {"connections used", "curr_connections", "max_connections", NULL, false, 1, 800, 950,
     "new clients will be turned away; -c allows more, idle_timeout closes unused ones"},
    {"evicted of all stored", "evictions", "total_items", NULL, false, 1, 1, 100,
     "items were thrown out for want of memory before they expired; -m gives more"},
    {"evictions", "evictions", NULL, NULL, false, 0, 1, UINT64_MAX, NULL},
    {"evicted_unfetched", "evicted_unfetched", NULL, NULL, false, 0, 1, UINT64_MAX,
     "of the items thrown out, so many were never asked for: is storing them of use?"},
    {"rejected_connections", "rejected_connections", NULL, NULL, false, 0, 1, 1,
     "clients were turned away at the limit of connections; -c allows more"},
    {"listen_disabled_num", "listen_disabled_num", NULL, NULL, false, 0, 1, 1,
     "the limit of connections was hit, and clients waited; -c allows more"},
    {"accepting_conns", "accepting_conns", NULL, NULL, true, 0, 1, 1,
     "no new connection is taken at present"},
    {"conn_yields", "conn_yields", NULL, NULL, false, 0, 1, UINT64_MAX,
     "a connection sent so many commands at once that others were served first; -R allows more"},
    {"auth_errors", "auth_errors", NULL, NULL, false, 0, 1, UINT64_MAX, "logins were refused"},
    {"ssl_handshake_errors", "ssl_handshake_errors", NULL, NULL, false, 0, 1, UINT64_MAX,
     "TLS connections could not be opened"},
    {"store_too_large", "store_too_large", NULL, NULL, false, 0, 1, UINT64_MAX,
     "values were refused as too large; -I allows larger ones"},
    {"store_no_memory", "store_no_memory", NULL, NULL, false, 0, 1, 1,
     "values were refused because there was no memory; -m gives more"},
    {"malloc_fails", "malloc_fails", NULL, NULL, false, 0, 1, 1,
     "the machine had no memory for the server"},
    {"read_buf_oom", "read_buf_oom", NULL, NULL, false, 0, 1, 1,
     "connections were closed for want of buffers"},
    {"response_obj_oom", "response_obj_oom", NULL, NULL, false, 0, 1, 1,
     "connections were closed for want of memory for answers"},
    {"log_watcher_skipped", "log_watcher_skipped", NULL, NULL, false, 0, 1, UINT64_MAX,
     "a watcher was too slow and missed lines of the log"},
    {"log_worker_dropped", "log_worker_dropped", NULL, NULL, false, 0, 1, UINT64_MAX,
     "lines of the log were dropped"},
    {"evicted", "evicted", NULL, NULL, false, 0, 1, UINT64_MAX, NULL},
    {"outofmemory", "outofmemory", NULL, NULL, false, 0, 1, 1, NULL},
    {"tailrepairs", "tailrepairs", NULL, NULL, false, 0, 1, UINT64_MAX, NULL},
};

#define RULES (sizeof(rules) / sizeof(rules[0]))

static enum paint judge(const struct rule *rule, uint64_t part, uint64_t whole)
{
	uint64_t level = part;
	if (rule->whole) {
		if (whole < rule->judge_from || whole == 0)
			return PAINT_NONE;
		level = (uint64_t)((double)part / (double)whole * 1000.0);
	}
	if (rule->low ? level < rule->bad : level >= rule->bad)
		return PAINT_BAD;
	if (rule->low ? level < rule->notice : level >= rule->notice)
		return PAINT_NOTICE;
	return PAINT_GOOD;
}

enum paint stats_health(const struct stat *stats, size_t count, struct slice name,
                        const char **reason)
{
	*reason = NULL;
	for (size_t i = 0; i < RULES; i++) {
		const struct rule *rule = &rules[i];
		uint64_t part, whole = 0, also = 0;
		if (!slice_eq_str(name, rule->name))
			continue;
		if (!stat_number(stats, count, rule->part, &part) ||
		    (rule->whole && !stat_number(stats, count, rule->whole, &whole)) ||
		    (rule->also && !stat_number(stats, count, rule->also, &also)))
			return PAINT_NONE;
		*reason = rule->reason;
		return judge(rule, part, whole + also);
	}
	return PAINT_NONE;
}

enum paint stats_health_of(struct slice name, struct slice value)
{
	struct stat one = {.name = name, .value = value};
	const char *reason;
	return stats_health(&one, 1, name, &reason);
}

/* "  bad hit ratio: many keys ...", WHOSE being put before the name. */
static void add_line(struct buf *out, const struct style *style, enum paint paint,
                     const char *whose, const char *name, const char *reason)
{
	struct buf line = BUF_INIT;
	paint_add(&line, style->color, paint, paint == PAINT_BAD ? "bad" : "notice");
	buf_addf(&line, " %s%s: %s", whose, name, reason);
	buf_add_str(out, "  ");
	wrap_add(out, buf_slice(&line), 4, 4, style->columns - 2);
	buf_release(&line);
}

static bool is_worth_a_line(enum paint paint, const char *reason)
{
	return reason && (paint == PAINT_BAD || paint == PAINT_NOTICE);
}

bool stats_add_health(struct buf *out, const struct style *style, const struct stat *stats,
                      size_t count, bool first)
{
	bool any = false;
	const char *reason;
	for (size_t i = 0; i < RULES; i++) {
		const char *name = rules[i].name;
		enum paint paint = stats_health(stats, count, slice_str(name), &reason);
		if (!is_worth_a_line(paint, reason))
			continue;
		if (!any) {
			buf_add_str(out, first ? "" : "\n");
			paint_add(out, style->color, PAINT_HEADING, "Health");
			buf_add_char(out, '\n');
		}
		any = true;
		add_line(out, style, paint, "", name, reason);
	}
	return any;
}

/* The line of NAME for those of LIST of which it is PAINT. */
static bool add_line_of(struct buf *out, const struct style *style, const struct health_of *list,
                        size_t servers, const char *name, enum paint paint)
{
	const char *reason, *why = NULL;
	struct buf whose = BUF_INIT;
	for (size_t n = 0; n < servers; n++) {
		if (stats_health(list[n].stats, list[n].count, slice_str(name), &reason) != paint ||
		    !is_worth_a_line(paint, reason))
			continue;
		buf_addf(&whose, "%s%s", why ? ", " : "", list[n].server);
		why = reason;
	}
	buf_add_char(&whose, ' ');
	if (why)
		add_line(out, style, paint, buf_cstr(&whose), name, why);
	buf_release(&whose);
	return why != NULL;
}

bool stats_add_health_of(struct buf *out, const struct style *style, const struct health_of *list,
                         size_t servers)
{
	bool any = false;
	for (size_t i = 0; i < RULES; i++) {
		any |= add_line_of(out, style, list, servers, rules[i].name, PAINT_BAD);
		any |= add_line_of(out, style, list, servers, rules[i].name, PAINT_NOTICE);
	}
	return any;
}
