#include "view/overview/show.h"

#include "view/overview/classes.h"
#include "view/text/table.h"

#include <stdio.h>

/* The columns of plain and csv. */
static const struct table_column columns[] = {
    {"section", false}, {"name", false}, {"value", false},
    {"items", true},    {"bytes", true}, {"text", false},
};

static void add(struct table *t, const char *section, struct slice name)
{
	table_cell_str(t, PAINT_NONE, section);
	table_cell(t, PAINT_NONE, name);
}

static void add_number(struct table *t, uint64_t n)
{
	table_cellf(t, PAINT_NONE, "%llu", (unsigned long long)n);
}

static void add_empty(struct table *t, size_t cells)
{
	while (cells-- > 0)
		table_cell_str(t, PAINT_NONE, "");
}

/* A share of all items. */
static void add_share(struct table *t, const char *section, const char *name,
                      const struct overview_share *share)
{
	add(t, section, slice_str(name));
	add_empty(t, 1);
	add_number(t, share->items);
	add_number(t, share->bytes);
	add_empty(t, 1);
}

static void add_counts(struct table *t, const struct overview_page *p)
{
	const struct overview *o = p->overview;
	unsigned ratio;
	for (size_t i = 0; i < OVERVIEW_COUNTERS; i++) {
		if (!overview_knows(&o->sum, (enum overview_counter)i))
			continue;
		add(t, "figure", slice_str(overview_counter_name((enum overview_counter)i)));
		add_number(t, o->sum.n[i]);
		add_empty(t, 3);
	}
	if (overview_hit_ratio(&o->sum, &ratio)) {
		add(t, "figure", SLICE("hit_ratio"));
		table_cellf(t, PAINT_NONE, "%u.%03u", ratio / 1000, ratio % 1000);
		add_empty(t, 3);
	}
	for (size_t i = 0; p->past && i < OVERVIEW_COUNTERS; i++) {
		uint64_t rise;
		if (!overview_past_rise(p->past, o, (enum overview_counter)i, &rise))
			continue;
		add(t, "since", slice_str(overview_counter_name((enum overview_counter)i)));
		add_number(t, rise);
		add_empty(t, 3);
	}
}

static void add_keys(struct table *t, const struct overview *o)
{
	add_share(t, "keys", "all", &o->all);
	if (o->scope.len > 0) {
		add(t, "keys", SLICE("looked_at"));
		add_empty(t, 1);
		add_number(t, o->looked_at);
		add_empty(t, 1);
		table_cell(t, PAINT_NONE, o->scope);
	}
	if (o->known & CRAWLED_FETCHED)
		add_share(t, "keys", "unread", &o->unread);
	add_share(t, "keys", "forever", &o->forever);
	if (o->count > 1)
		add_share(t, "keys", "misplaced", &o->misplaced);
	for (size_t i = 0; i < OVERVIEW_DISTRIBUTIONS; i++) {
		struct overview_classes c = overview_classes_at(o, i);
		for (size_t k = 0; c.known && k < c.count; k++) {
			char name[24] = "never";
			if (c.classes[k].items == 0)
				continue;
			if (k < c.borders_count)
				snprintf(name, sizeof(name), "%llu",
				         (unsigned long long)c.borders[k]);
			add_share(t, c.section, name, &c.classes[k]);
		}
	}
	for (size_t i = 0; i < o->prefix_count; i++) {
		const struct overview_prefix *x = &o->prefixes[i];
		add(t, "prefix", x->name);
		add_number(t, x->error);
		add_number(t, x->all.items);
		add_number(t, x->bytes);
		add_empty(t, 1);
	}
	for (size_t i = 0; i < o->large; i++) {
		const struct overview_large *l = &o->largest[i];
		add(t, "largest", slice_of(l->key, l->key_len));
		table_cellf(t, PAINT_NONE, "%lld", (long long)l->ttl);
		add_number(t, 1);
		add_number(t, l->size);
		table_cell_str(t, PAINT_NONE, o->servers[l->server].label);
	}
}

static void show_fields(struct buf *out, const struct style *style, const struct overview_page *p)
{
	struct table t;
	struct buf text = BUF_INIT;
	const struct overview *o = p->overview;
	table_begin(&t, style, out, ".report", columns, sizeof(columns) / sizeof(columns[0]));
	add_counts(&t, p);
	for (size_t i = 0; i < o->count; i++) {
		const struct overview_server *s = &o->servers[i];
		add(&t, "server", slice_str(s->label));
		table_cell_str(&t, PAINT_NONE, s->answered ? "up" : "down");
		add_number(&t, s->counts.n[COUNT_ITEMS]);
		add_number(&t, s->counts.n[COUNT_BYTES]);
		table_cell_str(&t, PAINT_NONE, s->version);
	}
	if (o->listed)
		add_keys(&t, o);
	for (size_t i = 0; i < p->findings->count; i++) {
		const struct overview_finding *f = &p->findings->list[i];
		add(&t, "finding", slice_str(f->rule));
		table_cell_str(&t, PAINT_NONE, finding_level(f));
		add_empty(&t, 2);
		buf_clear(&text);
		if (f->server)
			buf_addf(&text, "%s: ", f->server);
		buf_add_slice(&text, buf_slice(&f->evidence));
		buf_add_str(&text, ": ");
		buf_add_slice(&text, buf_slice(&f->advice));
		table_cell(&t, PAINT_NONE, buf_slice(&text));
	}
	table_end(&t);
	buf_release(&text);
}

void overview_show(struct buf *out, const struct style *style, const struct overview_page *p)
{
	if (style->format == FORMAT_PRETTY)
		overview_show_pretty(out, style, p);
	else if (style->format == FORMAT_JSON)
		overview_show_json(out, p);
	else
		show_fields(out, style, p);
}
