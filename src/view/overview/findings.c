#include "view/overview/findings.h"

#include "base/xalloc.h"
#include "view/stats/slab_rules.h"
#include "view/text/time.h"

#include <stdlib.h>

/* What the figures have to reach. */
#define GETS_LEAST      1000 /* fewer say nothing of how a cache is used */
#define ITEMS_LEAST     1000
#define HITS_NOTICE     800 /* per mille: the thresholds of view/stats/health.c */
#define HITS_BAD        500
#define CONNECTIONS_BAD 95 /* per cent of the limit */
#define CONNECTIONS     80
#define EVICTED_LEAST   100 /* items */
#define EVICTED_BAD     10  /* per cent of what was stored; one and more is a notice */
#define UNREAD_SHARE    50  /* per cent of the memory of items */
#define FOREVER_SHARE   50
#define MISPLACED_SHARE 1
#define EVEN_SHARE      150 /* per cent of a server's even share of the gets */

/* "1,234 items (5.6 MiB)" */
static struct short_text share_text(const struct overview_share *s)
{
	return short_textf("%s (%s)", count_text(s->items, " item", " items").s,
	                   size_text(s->bytes).s);
}

static bool is_share(uint64_t part, uint64_t whole, uint64_t percent)
{
	return whole > 0 && (double)part * 100 >= (double)whole * (double)percent;
}

/* A counter that should be 0. */
static bool find_counter(const struct overview *o, enum overview_counter counter, const char *one,
                         const char *many, struct overview_finding *f)
{
	if (o->sum.n[counter] == 0)
		return false;
	buf_add_str(&f->evidence, count_text(o->sum.n[counter], one, many).s);
	return true;
}

static size_t count_down(const struct overview *o)
{
	size_t down = 0;
	for (size_t i = 0; i < o->count; i++)
		down += !o->servers[i].answered;
	return down;
}

static bool find_down(const struct overview *o, struct overview_finding *f)
{
	size_t down = count_down(o);
	if (down == 0)
		return false;
	for (size_t i = 0; i < o->count && down == 1; i++) {
		if (!o->servers[i].answered)
			f->server = o->servers[i].label;
	}
	buf_addf(&f->evidence, "%zu of %s %s not answered", down,
	         count_text(o->count, " server", " servers").s, down == 1 ? "has" : "have");
	buf_add_str(&f->advice, ".servers says why; until then their keys are misses, or go to the "
	                        "others and are stale when they are back");
	return true;
}

static bool find_no_memory(const struct overview *o, struct overview_finding *f)
{
	bool never_evicts = false;
	for (size_t i = 0; i < o->count; i++)
		never_evicts |= o->servers[i].slabs.never_evicts;
	buf_add_str(&f->advice, never_evicts
	                            ? "servers started with -M evict nothing: start them without, "
	                              "or with more memory (-m)"
	                            : "give the servers more memory (-m, or cache_memlimit)");
	return find_counter(o, COUNT_NO_MEMORY, " value was refused for want of memory",
	                    " values were refused for want of memory", f);
}

static bool find_malloc(const struct overview *o, struct overview_finding *f)
{
	buf_add_str(&f->advice,
	            "the machine has too little memory for -m and what connections take");
	return find_counter(o, COUNT_MALLOC_FAILS, " time the machine had no memory for a server",
	                    " times the machine had no memory for a server", f);
}

static bool find_buffers(const struct overview *o, struct overview_finding *f)
{
	uint64_t lost = o->sum.n[COUNT_READ_BUF_OOM] + o->sum.n[COUNT_RESPONSE_OOM];
	if (lost == 0)
		return false;
	buf_add_str(&f->evidence, count_text(lost, " connection was closed for want of a buffer",
	                                     " connections were closed for want of a buffer")
	                              .s);
	buf_add_str(&f->advice, "-o read_buf_mem_limit=N (MiB) allows more, 0 as much as it takes");
	return true;
}

static bool find_rejected(const struct overview *o, struct overview_finding *f)
{
	buf_add_str(&f->advice, "-c allows more; clients that keep few connections open need less");
	return find_counter(o, COUNT_REJECTED, " connection was turned away at the limit",
	                    " connections were turned away at the limit", f);
}

static bool find_waited(const struct overview *o, struct overview_finding *f)
{
	buf_add_str(&f->advice, "-c allows more connections");
	return find_counter(o, COUNT_LISTEN_DISABLED,
	                    " time the limit of connections was reached, and clients waited",
	                    " times the limit of connections was reached, and clients waited", f);
}

/* Of the server that is nearest to its limit. */
static bool find_connections(const struct overview *o, struct overview_finding *f)
{
	const struct overview_server *worst = NULL;
	double most = 0;
	for (size_t i = 0; i < o->count; i++) {
		const uint64_t *n = o->servers[i].counts.n;
		double used = n[COUNT_MAX_CONNECTIONS] > 0
		                  ? (double)n[COUNT_CONNECTIONS] / (double)n[COUNT_MAX_CONNECTIONS]
		                  : 0;
		if (used > most) {
			most = used;
			worst = &o->servers[i];
		}
	}
	if (!worst || most * 100 < CONNECTIONS)
		return false;
	f->level = most * 100 >= CONNECTIONS_BAD ? PAINT_BAD : PAINT_NOTICE;
	f->server = o->count > 1 ? worst->label : NULL;
	buf_addf(&f->evidence, "%s of %s connections are open",
	         grouped_text(worst->counts.n[COUNT_CONNECTIONS]).s,
	         grouped_text(worst->counts.n[COUNT_MAX_CONNECTIONS]).s);
	buf_add_str(&f->advice, "-c allows more, -o idle_timeout=N closes unused ones");
	return true;
}

static bool find_hits(const struct overview *o, struct overview_finding *f)
{
	const uint64_t *n = o->sum.n;
	unsigned ratio;
	if (n[COUNT_HITS] + n[COUNT_MISSES] < GETS_LEAST || !overview_hit_ratio(&o->sum, &ratio) ||
	    ratio >= HITS_NOTICE)
		return false;
	f->level = ratio < HITS_BAD ? PAINT_BAD : PAINT_NOTICE;
	buf_addf(
	    &f->evidence,
	    "%s of %s gets found something; of the misses %s met an expired item, %s a flushed "
	    "one, and %s",
	    percent_text(n[COUNT_HITS], n[COUNT_HITS] + n[COUNT_MISSES]).s,
	    grouped_text(n[COUNT_HITS] + n[COUNT_MISSES]).s,
	    percent_text(n[COUNT_GET_EXPIRED], n[COUNT_MISSES]).s,
	    percent_text(n[COUNT_GET_FLUSHED], n[COUNT_MISSES]).s,
	    count_text(n[COUNT_EVICTIONS], " item was evicted", " items were evicted").s);
	buf_add_str(&f->advice, ".hot --misses names the keys that are not found");
	return true;
}

static bool find_evictions(const struct overview *o, struct overview_finding *f)
{
	const uint64_t *n = o->sum.n;
	if (n[COUNT_EVICTIONS] < EVICTED_LEAST ||
	    !is_share(n[COUNT_EVICTIONS], n[COUNT_TOTAL_ITEMS], 1))
		return false;
	f->level = is_share(n[COUNT_EVICTIONS], n[COUNT_TOTAL_ITEMS], EVICTED_BAD) ? PAINT_BAD
	                                                                           : PAINT_NOTICE;
	buf_addf(&f->evidence,
	         "%s (%s of what was stored) had to leave before they expired, %s of them unread",
	         count_text(n[COUNT_EVICTIONS], " item", " items").s,
	         percent_text(n[COUNT_EVICTIONS], n[COUNT_TOTAL_ITEMS]).s,
	         grouped_text(n[COUNT_EVICTED_UNFETCHED]).s);
	buf_add_str(&f->advice, "more memory (-m), or store less of what nobody reads; slabs shows "
	                        "which sizes are affected");
	return true;
}

static bool find_too_large(const struct overview *o, struct overview_finding *f)
{
	buf_add_str(&f->advice,
	            "-I allows larger items; a set that is refused deletes the value before it");
	return find_counter(o, COUNT_TOO_LARGE, " value was refused as too large",
	                    " values were refused as too large", f);
}

static bool find_unread(const struct overview *o, struct overview_finding *f)
{
	uint64_t gets = o->sum.n[COUNT_HITS] + o->sum.n[COUNT_MISSES];
	const struct overview_prefix *most = NULL;
	if (o->all.items < ITEMS_LEAST || gets < GETS_LEAST ||
	    !is_share(o->ignored.bytes, o->all.bytes, UNREAD_SHARE))
		return false;
	buf_addf(&f->evidence,
	         "%s of the memory of items, %s, was stored %s ago or before, and never read since",
	         percent_text(o->ignored.bytes, o->all.bytes).s, share_text(&o->ignored).s,
	         span_text(OVERVIEW_IGNORED).s);
	for (size_t i = 0; i < o->prefix_count; i++) {
		if (!most || o->prefixes[i].ignored > most->ignored)
			most = &o->prefixes[i];
	}
	if (most && most->name.len > 0)
		buf_addf(&f->evidence, "; most of it under \"%.*s\"", SLICE_ARGS(most->name, 60));
	buf_add_str(&f->advice,
	            "store less of it, or for a shorter time; .keys --unread lists the keys");
	return true;
}

static bool find_forever(const struct overview *o, struct overview_finding *f)
{
	const uint64_t *n = o->sum.n;
	if (o->all.items < ITEMS_LEAST || n[COUNT_EVICTIONS] < EVICTED_LEAST ||
	    !is_share(o->forever.bytes, o->all.bytes, FOREVER_SHARE))
		return false;
	buf_addf(&f->evidence,
	         "%s of the memory of items, %s, never expires and leaves by eviction alone, of "
	         "which there were %s",
	         percent_text(o->forever.bytes, o->all.bytes).s, share_text(&o->forever).s,
	         grouped_text(n[COUNT_EVICTIONS]).s);
	buf_add_str(
	    &f->advice,
	    "give what is of use for a time only that time; .keys --forever lists the keys");
	return true;
}

static bool find_misplaced(const struct overview *o, struct overview_finding *f)
{
	if (o->misplaced.items == 0 || !is_share(o->misplaced.bytes, o->all.bytes, MISPLACED_SHARE))
		return false;
	buf_addf(&f->evidence,
	         "%s, %s of the memory of items, lie on servers that are not asked for their keys",
	         share_text(&o->misplaced).s, percent_text(o->misplaced.bytes, o->all.bytes).s);
	buf_add_str(&f->advice, "either the servers or the distribution here are not what clients "
	                        "have, or the list of servers has changed; .keys --misplaced lists "
	                        "the keys");
	return true;
}

static bool find_uneven(const struct overview *o, struct overview_finding *f)
{
	const struct overview_server *most = NULL;
	uint64_t gets = 0;
	size_t up = o->count - count_down(o);
	for (size_t i = 0; i < o->count; i++) {
		gets += o->servers[i].counts.n[COUNT_GETS];
		if (!most || o->servers[i].counts.n[COUNT_GETS] > most->counts.n[COUNT_GETS])
			most = &o->servers[i];
	}
	if (up < 2 || gets < GETS_LEAST ||
	    !is_share(most->counts.n[COUNT_GETS] * up, gets, EVEN_SHARE))
		return false;
	f->server = most->label;
	buf_addf(&f->evidence, "%s of the gets go to one of %zu servers",
	         percent_text(most->counts.n[COUNT_GETS], gets).s, up);
	buf_add_str(&f->advice, ".hot names the keys that it is asked for");
	return true;
}

/* Worst first. */
static const struct rule {
	const char *name;
	enum paint level; /* where the rule itself does not set it */
	bool (*find)(const struct overview *o, struct overview_finding *f);
	bool keys; /* it takes all of them */
	const char *source;
} rules[] = {
    {"down", PAINT_BAD, find_down, false,
     "the session's servers: one that refuses its counters is down, too"},
    {"no_memory", PAINT_BAD, find_no_memory, false,
     "memcached doc/protocol.txt, store_no_memory: rejected storage requests caused by exhaustion "
     "of the -m memory limit"},
    {"malloc_fails", PAINT_BAD, find_malloc, false,
     "memcached memcached.c, malloc_fails: memory that the system refused"},
    {"buffers", PAINT_BAD, find_buffers, false,
     "memcached doc/protocol.txt, read_buf_oom and response_obj_oom: connections closed by lack of "
     "memory"},
    {"rejected_connections", PAINT_BAD, find_rejected, false,
     "memcached doc/protocol.txt, rejected_connections: conns rejected in maxconns_fast mode"},
    {"waiting_connections", PAINT_BAD, find_waited, false,
     "memcached doc/protocol.txt, listen_disabled_num: the server has stopped accepting new "
     "connections (maxconns)"},
    {"connections", PAINT_NOTICE, find_connections, false,
     "memcached doc/protocol.txt, curr_connections and max_connections"},
    {"hit_ratio", PAINT_NOTICE, find_hits, false,
     "memcached doc/protocol.txt, get_hits and get_misses"},
    {"evictions", PAINT_NOTICE, find_evictions, false,
     "memcached doc/protocol.txt, evictions: valid items removed from cache to free memory for new "
     "items"},
    {"too_large", PAINT_NOTICE, find_too_large, false,
     "memcached doc/protocol.txt, store_too_large: rejected for being too large; -I in "
     "memcached.1"},
    {"unread", PAINT_NOTICE, find_unread, true,
     "memcached crawler.c, metadump fetch=no: not read since it was stored"},
    {"forever", PAINT_NOTICE, find_forever, true,
     "memcached crawler.c, metadump exp=-1; doc/protocol.txt, evictions"},
    {"misplaced", PAINT_NOTICE, find_misplaced, true,
     "the session's distribution: an item on a server that it does not name for its key"},
    {"uneven", PAINT_NOTICE, find_uneven, false,
     "the session's servers: an even share is one part in as many as there are"},
};

#define RULES (sizeof(rules) / sizeof(rules[0]))

bool finding_takes_keys(const char *rule)
{
	for (size_t i = 0; i < RULES; i++) {
		if (strcmp(rules[i].name, rule) == 0)
			return rules[i].keys;
	}
	return false;
}

void findings_add_left_out(struct buf *out, const struct overview *o, const char *separator)
{
	size_t from = out->len;
	for (size_t i = 0; !overview_has_all_keys(o) && i < RULES; i++) {
		if (rules[i].keys)
			buf_addf(out, "%s%s", out->len > from ? separator : "", rules[i].name);
	}
}

bool findings_have(const struct findings *f, const char *rule)
{
	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(f->list[i].rule, rule) == 0)
			return true;
	}
	return false;
}

const char *finding_level(const struct overview_finding *f)
{
	return f->level == PAINT_BAD ? "bad" : "notice";
}

static void release(struct overview_finding *f)
{
	buf_release(&f->evidence);
	buf_release(&f->advice);
}

static void add(struct findings *f, const struct overview_finding *finding)
{
	f->list = xgrow(f->list, &f->cap, f->count + 1, sizeof(*f->list));
	f->list[f->count++] = *finding;
}

/* The bad ones stand before the others, each in the order in which they were found. */
static void sort(struct findings *f)
{
	struct overview_finding *sorted = xcalloc(f->count + 1, sizeof(*sorted));
	size_t n = 0;
	for (size_t i = 0; i < f->count; i++) {
		if (f->list[i].level == PAINT_BAD)
			sorted[n++] = f->list[i];
	}
	for (size_t i = 0; i < f->count; i++) {
		if (f->list[i].level != PAINT_BAD)
			sorted[n++] = f->list[i];
	}
	free(f->list);
	f->list = sorted;
	f->cap = f->count + 1;
}

static void find_in_classes(struct findings *f, const struct overview *o, size_t server)
{
	const struct overview_server *s = &o->servers[server];
	for (size_t i = 0; i < SLAB_RULES; i++) {
		struct slab_finding found;
		if (!slab_find(&s->slabs, i, &found))
			continue;
		struct overview_finding one = {.rule = found.rule,
		                               .source = slab_rule_source(i),
		                               .level = found.level,
		                               .server = o->count > 1 ? s->label : NULL,
		                               .evidence = found.evidence,
		                               .advice = found.advice};
		add(f, &one);
	}
}

void findings_find(struct findings *f, const struct overview *o)
{
	for (size_t i = 0; i < RULES; i++) {
		struct overview_finding one = {
		    .rule = rules[i].name, .source = rules[i].source, .level = rules[i].level};
		if ((!rules[i].keys || overview_has_all_keys(o)) && rules[i].find(o, &one))
			add(f, &one);
		else
			release(&one);
	}
	for (size_t i = 0; i < o->count; i++)
		find_in_classes(f, o, i);
	sort(f);
}

void findings_release(struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		release(&f->list[i]);
	free(f->list);
	*f = (struct findings){0};
}
