#include "view/overview/lines.h"

#include "view/text/time.h"

/* A line that is being made. */
struct making {
	const struct overview_page *p;
	overview_line_fn *show;
	void *ctx;
	struct buf value, more;
};

static void end_line(struct making *m, const char *name, uint64_t part, uint64_t whole,
                     enum paint paint)
{
	struct overview_line line = {.name = name,
	                             .value = buf_slice(&m->value),
	                             .more = buf_slice(&m->more),
	                             .part = part,
	                             .whole = whole,
	                             .paint = paint};
	m->show(m->ctx, &line);
	buf_clear(&m->value);
	buf_clear(&m->more);
}

static uint64_t count(const struct making *m, enum overview_counter counter)
{
	return m->p->overview->sum.n[counter];
}

static bool knows(const struct making *m, enum overview_counter counter)
{
	return overview_knows(&m->p->overview->sum, counter);
}

/* What the report that it is compared with has of COUNTER; NULL: nothing. */
static const uint64_t *past(const struct making *m, enum overview_counter counter)
{
	const struct overview_past *past = m->p->past;
	return past && overview_knows(&past->sum, counter) ? &past->sum.n[counter] : NULL;
}

static bool rise_of(const struct making *m, enum overview_counter counter, uint64_t *rise)
{
	return m->p->past && overview_past_rise(m->p->past, m->p->overview, counter, rise);
}

static void add_memory(struct making *m)
{
	uint64_t used = count(m, COUNT_BYTES), limit = count(m, COUNT_LIMIT);
	const uint64_t *then = past(m, COUNT_BYTES);
	if (!knows(m, COUNT_BYTES))
		return;
	buf_add_str(&m->value, size_text(used).s);
	if (limit > 0)
		buf_addf(&m->more, " of %s (%s)", size_text(limit).s, percent_text(used, limit).s);
	if (then)
		buf_addf(&m->more, ", then %s", size_text(*then).s);
	end_line(m, "Memory", used, limit, used >= limit / 100 * 95 ? PAINT_NOTICE : PAINT_GOOD);
}

static void add_hits(struct making *m)
{
	uint64_t hits = count(m, COUNT_HITS), gets = hits + count(m, COUNT_MISSES);
	uint64_t hit_rise, miss_rise;
	if (!knows(m, COUNT_HITS))
		return;
	buf_add_str(&m->value, percent_text(hits, gets).s);
	buf_addf(&m->more, " of %s", count_text(gets, " get", " gets").s);
	if (rise_of(m, COUNT_HITS, &hit_rise) && rise_of(m, COUNT_MISSES, &miss_rise))
		buf_addf(&m->more, ", since then %s of %s",
		         percent_text(hit_rise, hit_rise + miss_rise).s,
		         grouped_text(hit_rise + miss_rise).s);
	end_line(m, "Hits", hits, gets, hits >= gets / 10 * 8 ? PAINT_GOOD : PAINT_NOTICE);
}

static void add_connections(struct making *m)
{
	uint64_t used = count(m, COUNT_CONNECTIONS), most = count(m, COUNT_MAX_CONNECTIONS);
	if (!knows(m, COUNT_CONNECTIONS))
		return;
	buf_add_str(&m->value, grouped_text(used).s);
	if (most > 0)
		buf_addf(&m->more, " of %s", grouped_text(most).s);
	end_line(m, "Connections", used, most, used >= most / 10 * 8 ? PAINT_BAD : PAINT_GOOD);
}

static void add_items(struct making *m)
{
	const uint64_t *then = past(m, COUNT_ITEMS);
	if (!knows(m, COUNT_ITEMS))
		return;
	buf_add_str(&m->value, grouped_text(count(m, COUNT_ITEMS)).s);
	if (then)
		buf_addf(&m->more, ", then %s", grouped_text(*then).s);
	end_line(m, "Items", 0, 0, PAINT_NONE);
}

/* A counter, its share of WHOLE where that is one, and its rise. */
static void add_count(struct making *m, const char *name, enum overview_counter counter,
                      enum overview_counter whole)
{
	uint64_t rise, n = count(m, counter);
	if (!knows(m, counter))
		return;
	buf_add_str(&m->value, grouped_text(n).s);
	if (whole < OVERVIEW_COUNTERS && n > 0)
		buf_addf(&m->more, ", %s of what was stored", percent_text(n, count(m, whole)).s);
	if (rise_of(m, counter, &rise)) {
		int64_t span = overview_past_span(m->p->past, m->p->overview);
		buf_addf(&m->more, ", %s since then", grouped_text(rise).s);
		if (rise > 0 && span > 0)
			buf_addf(&m->more, " (%.1f a second)", (double)rise / (double)span);
	}
	end_line(m, name, 0, 0, PAINT_NONE);
}

static void making_release(struct making *m)
{
	buf_release(&m->value);
	buf_release(&m->more);
}

void overview_each_figure(const struct overview_page *p, overview_line_fn *show, void *ctx)
{
	struct making m = {.p = p, .show = show, .ctx = ctx};
	add_memory(&m);
	add_hits(&m);
	add_connections(&m);
	add_items(&m);
	add_count(&m, "Stores", COUNT_SETS, OVERVIEW_COUNTERS);
	add_count(&m, "Evictions", COUNT_EVICTIONS, COUNT_TOTAL_ITEMS);
	making_release(&m);
}

static void add_listed(struct making *m)
{
	const struct overview *o = m->p->overview;
	const struct overview_share *all = &o->all;
	buf_add_str(&m->value, count_text(all->items, " item", " items").s);
	if (o->scope.len > 0)
		buf_addf(&m->more, " of %s looked at", grouped_text(o->looked_at).s);
	buf_addf(&m->more, ", %s", size_text(all->bytes).s);
	if (all->items > 0)
		buf_addf(&m->more, ", %s on average", size_text(all->bytes / all->items).s);
	if (!o->whole)
		buf_add_str(&m->more, "; the list was not read to its end");
	end_line(m, "Listed", 0, 0, PAINT_NONE);
}

static void add_share(struct making *m, const char *name, const struct overview_share *share)
{
	const struct overview_share *all = &m->p->overview->all;
	bool sized = all->bytes > 0;
	uint64_t part = sized ? share->bytes : share->items;
	uint64_t whole = sized ? all->bytes : all->items;
	buf_add_str(&m->value, percent_text(part, whole).s);
	buf_addf(&m->more, " of the %s: %s, %s", sized ? "memory of items" : "items",
	         count_text(share->items, " item", " items").s, size_text(share->bytes).s);
	end_line(m, name, part, whole, PAINT_NUMBER);
}

void overview_each_share(const struct overview_page *p, overview_line_fn *show, void *ctx)
{
	struct making m = {.p = p, .show = show, .ctx = ctx};
	const struct overview *o = p->overview;
	add_listed(&m);
	if (o->all.items > 0 && o->known & CRAWLED_FETCHED)
		add_share(&m, "Never read", &o->unread);
	if (o->all.items > 0)
		add_share(&m, "Never expire", &o->forever);
	if (o->misplaced.items > 0)
		add_share(&m, "Misplaced", &o->misplaced);
	making_release(&m);
}
