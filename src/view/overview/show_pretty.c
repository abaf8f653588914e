#include "base/quote.h"
#include "view/chart.h"
#include "view/overview/classes.h"
#include "view/overview/show.h"
#include "view/text/fit.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

#define NAME_WIDTH  14
#define BAR_WIDTH   20
#define SHARE_BAR   12
#define LEVEL_WIDTH 8

struct page {
	struct buf *out;
	const struct style *style;
	const struct overview *o;
	const struct overview_page *p;
	struct buf text; /* of a line that is being made */
};

static void heading(struct page *g, const char *text)
{
	buf_add_char(g->out, '\n');
	paint_add(g->out, g->style->color, PAINT_HEADING, text);
	buf_add_char(g->out, '\n');
}

/* NAME, and g->text, which is cleared. */
static void end_line(struct page *g, const char *name)
{
	paint_on(g->out, g->style->color, PAINT_KEY);
	fit_add(g->out, slice_str(name), NAME_WIDTH, FIT_LEFT, g->style->utf8);
	paint_off(g->out, g->style->color, PAINT_KEY);
	wrap_add(g->out, buf_slice(&g->text), NAME_WIDTH, NAME_WIDTH, g->style->columns);
	buf_clear(&g->text);
}

static uint64_t count(const struct page *g, enum overview_counter counter)
{
	return g->o->sum.n[counter];
}

static bool knows(const struct page *g, enum overview_counter counter)
{
	return overview_knows(&g->o->sum, counter);
}

/* ", 1,234 since then (12 a second)" */
static void add_rise(struct page *g, enum overview_counter counter)
{
	uint64_t rise;
	if (!g->p->past || !overview_past_rise(g->p->past, g->o, counter, &rise))
		return;
	int64_t span = overview_past_span(g->p->past, g->o);
	buf_addf(&g->text, ", %s since then", grouped_text(rise).s);
	if (rise > 0 && span > 0)
		buf_addf(&g->text, " (%.1f a second)", (double)rise / (double)span);
}

static void add_title(struct page *g)
{
	size_t up = 0;
	const char *version = NULL;
	bool same = true;
	for (size_t i = 0; i < g->o->count; i++) {
		const struct overview_server *s = &g->o->servers[i];
		if (!s->answered)
			continue;
		up++;
		same &= !version || strcmp(version, s->version) == 0;
		version = s->version;
	}
	buf_addf(&g->text, "%s: %s", date_text((uint64_t)g->o->time).s,
	         count_text(up, " server", " servers").s);
	if (version && version[0] && same) {
		buf_add_str(&g->text, ", version ");
		escape_add_field(&g->text, slice_str(version));
	}
	if (knows(g, COUNT_UPTIME)) {
		buf_addf(&g->text, ", up %s%s", span_text(count(g, COUNT_UPTIME)).s,
		         up > 1 ? " or more" : "");
	}
	paint_slice(g->out, g->style->color, PAINT_HEADING, NULL, buf_slice(&g->text));
	buf_add_char(g->out, '\n');
	buf_clear(&g->text);
	if (!g->p->past)
		return;
	buf_addf(&g->text, "compared with the report of %s, %s before",
	         date_text((uint64_t)g->p->past->time).s,
	         span_text((uint64_t)overview_past_span(g->p->past, g->o)).s);
	if (overview_past_restarted(g->p->past, g->o))
		buf_add_str(&g->text, "; servers were started since, or their counters reset");
	paint_on(g->out, g->style->color, PAINT_DIM);
	wrap_add(g->out, buf_slice(&g->text), 0, 0, g->style->columns);
	g->out->len--;
	paint_off(g->out, g->style->color, PAINT_DIM);
	buf_add_char(g->out, '\n');
	buf_clear(&g->text);
}

/* A bar in a frame of blanks: USED of WHOLE. */
static void add_used(struct page *g, uint64_t used, uint64_t whole, enum paint paint)
{
	size_t taken =
	    chart_add_bar(&g->text, g->style, paint, (double)used, (double)whole, BAR_WIDTH);
	/* wrap_add breaks at blanks, and takes several for one. */
	for (; taken < BAR_WIDTH; taken++)
		buf_add_str(&g->text, g->style->utf8 ? "\xc2\xb7" : ".");
	buf_add_char(&g->text, ' ');
}

static void add_memory(struct page *g)
{
	uint64_t used = count(g, COUNT_BYTES), limit = count(g, COUNT_LIMIT);
	if (!knows(g, COUNT_BYTES))
		return;
	if (limit > 0)
		add_used(g, used, limit, used >= limit / 100 * 95 ? PAINT_NOTICE : PAINT_GOOD);
	buf_add_str(&g->text, size_text(used).s);
	if (limit > 0) {
		buf_addf(&g->text, " of %s (%s)", size_text(limit).s, percent_text(used, limit).s);
	}
	if (g->p->past && overview_knows(&g->p->past->sum, COUNT_BYTES)) {
		buf_addf(&g->text, ", then %s", size_text(g->p->past->sum.n[COUNT_BYTES]).s);
	}
	end_line(g, "Memory");
}

static void add_hits(struct page *g)
{
	uint64_t hits = count(g, COUNT_HITS), gets = hits + count(g, COUNT_MISSES);
	uint64_t hit_rise, miss_rise;
	if (!knows(g, COUNT_HITS))
		return;
	if (gets > 0)
		add_used(g, hits, gets, hits >= gets / 10 * 8 ? PAINT_GOOD : PAINT_NOTICE);
	buf_addf(&g->text, "%s of %s", percent_text(hits, gets).s,
	         count_text(gets, " get", " gets").s);
	if (g->p->past && overview_past_rise(g->p->past, g->o, COUNT_HITS, &hit_rise) &&
	    overview_past_rise(g->p->past, g->o, COUNT_MISSES, &miss_rise)) {
		buf_addf(&g->text, ", since then %s of %s",
		         percent_text(hit_rise, hit_rise + miss_rise).s,
		         grouped_text(hit_rise + miss_rise).s);
	}
	end_line(g, "Hits");
}

static void add_connections(struct page *g)
{
	uint64_t used = count(g, COUNT_CONNECTIONS), most = count(g, COUNT_MAX_CONNECTIONS);
	if (!knows(g, COUNT_CONNECTIONS))
		return;
	if (most > 0)
		add_used(g, used, most, used >= most / 10 * 8 ? PAINT_BAD : PAINT_GOOD);
	buf_add_str(&g->text, grouped_text(used).s);
	if (most > 0) {
		buf_addf(&g->text, " of %s", grouped_text(most).s);
	}
	end_line(g, "Connections");
}

/* A counter, its share of WHOLE where that is one, and its rise. */
static void add_count(struct page *g, const char *name, enum overview_counter counter,
                      enum overview_counter whole)
{
	if (!knows(g, counter))
		return;
	buf_add_str(&g->text, grouped_text(count(g, counter)).s);
	if (whole < OVERVIEW_COUNTERS && count(g, counter) > 0) {
		buf_addf(&g->text, ", %s of what was stored",
		         percent_text(count(g, counter), count(g, whole)).s);
	}
	add_rise(g, counter);
	end_line(g, name);
}

static void add_figures(struct page *g)
{
	buf_add_char(g->out, '\n');
	add_memory(g);
	add_hits(g);
	add_connections(g);
	if (knows(g, COUNT_ITEMS)) {
		buf_add_str(&g->text, grouped_text(count(g, COUNT_ITEMS)).s);
		if (g->p->past && overview_knows(&g->p->past->sum, COUNT_ITEMS)) {
			buf_add_str(&g->text, ", then ");
			buf_add_str(&g->text, grouped_text(g->p->past->sum.n[COUNT_ITEMS]).s);
		}
		end_line(g, "Items");
	}
	add_count(g, "Stores", COUNT_SETS, OVERVIEW_COUNTERS);
	add_count(g, "Evictions", COUNT_EVICTIONS, COUNT_TOTAL_ITEMS);
}

static void cell(struct page *g, struct table *t)
{
	table_cell(t, PAINT_NONE, buf_slice(&g->text));
	buf_clear(&g->text);
}

static void add_servers(struct page *g)
{
	static const struct table_column columns[] = {
	    {"server", false}, {"up", true},   {"items", true},   {"memory", true},
	    {"of", true},      {"hits", true}, {"evicted", true}, {"conns", true},
	};
	struct table t;
	if (g->o->count < 2)
		return;
	heading(g, "Servers");
	table_begin(&t, g->style, g->out, ".report", columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < g->o->count; i++) {
		const struct overview_server *s = &g->o->servers[i];
		const uint64_t *n = s->counts.n;
		table_cell_str(&t, s->answered ? PAINT_KEY : PAINT_BAD, s->label);
		if (!s->answered) {
			table_cell_str(&t, PAINT_BAD, "down");
			for (size_t k = 2; k < sizeof(columns) / sizeof(columns[0]); k++)
				table_cell_str(&t, PAINT_NONE, "");
			continue;
		}
		buf_add_str(&g->text, span_text(n[COUNT_UPTIME]).s);
		cell(g, &t);
		buf_add_str(&g->text, grouped_text(n[COUNT_ITEMS]).s);
		cell(g, &t);
		buf_add_str(&g->text, size_text(n[COUNT_BYTES]).s);
		cell(g, &t);
		buf_add_str(&g->text, size_text(n[COUNT_LIMIT]).s);
		cell(g, &t);
		buf_add_str(&g->text,
		            percent_text(n[COUNT_HITS], n[COUNT_HITS] + n[COUNT_MISSES]).s);
		cell(g, &t);
		buf_add_str(&g->text, grouped_text(n[COUNT_EVICTIONS]).s);
		cell(g, &t);
		buf_add_str(&g->text, grouped_text(n[COUNT_CONNECTIONS]).s);
		cell(g, &t);
	}
	table_end(&t);
}

static void add_share(struct page *g, const char *name, const struct overview_share *share)
{
	uint64_t whole = g->o->all.bytes, part = share->bytes;
	if (whole == 0) {
		whole = g->o->all.items;
		part = share->items;
	}
	add_used(g, part, whole, PAINT_NUMBER);
	buf_addf(&g->text, "%s%s%s%s", percent_text(part, whole).s,
	         g->o->all.bytes > 0 ? " of the memory of items: " : " of the items: ",
	         count_text(share->items, " item, ", " items, ").s, size_text(share->bytes).s);
	end_line(g, name);
}

static void add_shares(struct page *g)
{
	heading(g, "What is in it");
	buf_add_str(&g->text, count_text(g->o->all.items, " item, ", " items, ").s);
	buf_add_str(&g->text, size_text(g->o->all.bytes).s);
	if (g->o->all.items > 0) {
		buf_addf(&g->text, ", %s on average",
		         size_text(g->o->all.bytes / g->o->all.items).s);
	}
	if (!g->o->whole)
		buf_add_str(&g->text, "; the list was not read to its end");
	end_line(g, "Listed");
	if (g->o->all.items == 0)
		return;
	if (g->o->known & CRAWLED_FETCHED)
		add_share(g, "Never read", &g->o->unread);
	add_share(g, "Never expire", &g->o->forever);
	if (g->o->misplaced.items > 0)
		add_share(g, "Misplaced", &g->o->misplaced);
}

static void add_prefixes(struct page *g)
{
	static const struct table_column columns[] = {
	    {"items", true},  {"memory", true},  {"share", true},   {"", false},
	    {"unread", true}, {"forever", true}, {"prefix", false},
	};
	struct table t;
	uint64_t whole = g->o->all.bytes > 0 ? g->o->all.bytes : g->o->all.items;
	heading(g, g->o->all.bytes > 0 ? "Prefixes by memory" : "Prefixes by items");
	table_begin(&t, g->style, g->out, ".report", columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < g->o->prefix_count; i++) {
		const struct overview_prefix *x = &g->o->prefixes[i];
		buf_add_str(&g->text, grouped_text(x->all.items).s);
		cell(g, &t);
		buf_add_str(&g->text, size_text(g->o->all.bytes > 0 ? x->bytes : 0).s);
		cell(g, &t);
		buf_add_str(&g->text, percent_text(x->bytes, whole).s);
		cell(g, &t);
		struct style plain = *g->style;
		plain.color = false; /* cells are painted as a whole */
		chart_add_bar(&g->text, &plain, PAINT_NONE, (double)x->bytes, (double)whole,
		              SHARE_BAR);
		if (g->text.len == 0)
			buf_add_char(&g->text, ' ');
		table_cell(&t, PAINT_NUMBER, buf_slice(&g->text));
		buf_clear(&g->text);
		if (g->o->known & CRAWLED_FETCHED)
			buf_add_str(&g->text, percent_text(x->unread, x->all.bytes).s);
		cell(g, &t);
		buf_add_str(&g->text, percent_text(x->forever, x->all.bytes).s);
		cell(g, &t);
		if (x->name.len > 0)
			table_cell(&t, PAINT_KEY, x->name);
		else
			table_cell_str(&t, PAINT_DIM, "(none)");
	}
	table_end(&t);
	if (g->o->prefix_floor > 0) {
		buf_addf(&g->text,
		         "(more prefixes than counters: a figure may be too high, and one missing, "
		         "by %s)",
		         size_text(g->o->prefix_floor).s);
		paint_slice(g->out, g->style->color, PAINT_DIM, NULL, buf_slice(&g->text));
		buf_add_char(g->out, '\n');
		buf_clear(&g->text);
	}
}

static void add_classes(struct page *g, const struct overview_classes *c)
{
	struct chart_row rows[OVERVIEW_SIZES];
	struct buf labels[OVERVIEW_SIZES] = {BUF_INIT};
	size_t first, last, used = 0;
	if (!overview_classes_range(c, &first, &last))
		return;
	heading(g, c->title);
	for (size_t i = first; i < last; i++, used++) {
		labels[used] = (struct buf)BUF_INIT;
		overview_add_border(&labels[used], c, i);
		if (i < c->borders_count)
			buf_add_char(&labels[used], '+');
		rows[used] = (struct chart_row){.label = buf_slice(&labels[used]),
		                                .count = c->classes[i].items,
		                                .paint = PAINT_NUMBER};
	}
	chart_add_rows(g->out, g->style, rows, used);
	for (size_t i = 0; i < used; i++)
		buf_release(&labels[i]);
}

static void add_largest(struct page *g)
{
	static const struct table_column columns[] = {
	    {"size", true}, {"expires in", true}, {"key", false}};
	struct table t;
	if (g->o->large == 0)
		return;
	heading(g, "Largest items");
	table_begin(&t, g->style, g->out, ".report", columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < g->o->large; i++) {
		const struct overview_large *l = &g->o->largest[i];
		buf_add_str(&g->text, size_text(l->size).s);
		cell(g, &t);
		if (l->ttl < 0)
			buf_add_str(&g->text, "never");
		else
			buf_add_str(&g->text, span_text((uint64_t)l->ttl).s);
		cell(g, &t);
		table_cell(&t, PAINT_KEY, slice_of(l->key, l->key_len));
	}
	table_end(&t);
}

static void add_findings(struct page *g)
{
	const struct findings *list = g->p->findings;
	size_t width = g->style->columns < WRAP_WIDTH ? g->style->columns : WRAP_WIDTH;
	heading(g, "Findings");
	if (list->count == 0)
		buf_add_str(g->out, "Nothing stands out.\n");
	for (size_t i = 0; i < list->count; i++) {
		const struct overview_finding *f = &list->list[i];
		paint_on(g->out, g->style->color, f->level);
		fit_add(g->out, slice_str(finding_level(f)), LEVEL_WIDTH, FIT_LEFT, g->style->utf8);
		paint_off(g->out, g->style->color, f->level);
		buf_addf(&g->text, "%s", f->rule);
		if (g->p->past && !overview_past_found(g->p->past, f->rule))
			buf_add_str(&g->text, " (new)");
		buf_add_str(&g->text, ": ");
		if (f->server) {
			escape_add_field(&g->text, slice_str(f->server));
			buf_add_str(&g->text, ": ");
		}
		escape_add_field(&g->text, buf_slice(&f->evidence));
		buf_add_str(&g->text, ": ");
		escape_add_field(&g->text, buf_slice(&f->advice));
		wrap_add(g->out, buf_slice(&g->text), LEVEL_WIDTH, LEVEL_WIDTH, width);
		buf_clear(&g->text);
	}
	for (size_t i = 0; g->p->past && i < g->p->past->findings_count; i++) {
		if (findings_have(list, g->p->past->findings[i]))
			continue;
		paint_add(g->out, g->style->color, PAINT_GOOD, "gone    ");
		buf_addf(g->out, "%s\n", g->p->past->findings[i]);
	}
}

void overview_show_pretty(struct buf *out, const struct style *style, const struct overview_page *p)
{
	struct page g = {.out = out, .style = style, .o = p->overview, .p = p, .text = BUF_INIT};
	add_title(&g);
	add_figures(&g);
	add_servers(&g);
	if (g.o->listed) {
		add_shares(&g);
		if (g.o->all.items > 0)
			add_prefixes(&g);
		for (size_t i = 0; i < OVERVIEW_DISTRIBUTIONS; i++) {
			struct overview_classes c = overview_classes_at(g.o, i);
			if (c.known)
				add_classes(&g, &c);
		}
		add_largest(&g);
	}
	add_findings(&g);
	buf_release(&g.text);
}
