#include "base/quote.h"
#include "view/chart.h"
#include "view/overview/classes.h"
#include "view/overview/lines.h"
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
	fit_painted(g->out, g->style, PAINT_KEY, slice_str(name), NAME_WIDTH, FIT_LEFT);
	wrap_add(g->out, buf_slice(&g->text), NAME_WIDTH, NAME_WIDTH, g->style->columns);
	buf_clear(&g->text);
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
	if (overview_knows(&g->o->sum, COUNT_UPTIME))
		buf_addf(&g->text, ", up %s%s", span_text(g->o->sum.n[COUNT_UPTIME]).s,
		         up > 1 ? " or more" : "");
	wrap_add_painted(g->out, g->style, PAINT_HEADING, buf_slice(&g->text), 0);
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

static void add_line(void *ctx, const struct overview_line *line)
{
	struct page *g = ctx;
	if (line->whole > 0)
		add_used(g, line->part, line->whole, line->paint);
	buf_add_slice(&g->text, line->value);
	buf_add_slice(&g->text, line->more);
	end_line(g, line->name);
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
		table_cell_str(&t, PAINT_NONE, span_text(n[COUNT_UPTIME]).s);
		table_cell_str(&t, PAINT_NONE, grouped_text(n[COUNT_ITEMS]).s);
		table_cell_str(&t, PAINT_NONE, size_text(n[COUNT_BYTES]).s);
		table_cell_str(&t, PAINT_NONE, size_text(n[COUNT_LIMIT]).s);
		table_cell_str(&t, PAINT_NONE,
		               percent_text(n[COUNT_HITS], n[COUNT_HITS] + n[COUNT_MISSES]).s);
		table_cell_str(&t, PAINT_NONE, grouped_text(n[COUNT_EVICTIONS]).s);
		table_cell_str(&t, PAINT_NONE, grouped_text(n[COUNT_CONNECTIONS]).s);
	}
	table_end(&t);
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
		table_cell_str(&t, PAINT_NONE, grouped_text(x->all.items).s);
		table_cell_str(&t, PAINT_NONE, size_text(g->o->all.bytes > 0 ? x->bytes : 0).s);
		table_cell_str(&t, PAINT_NONE, percent_text(x->bytes, whole).s);
		struct style plain = *g->style;
		plain.color = false; /* cells are painted as a whole */
		chart_add_bar(&g->text, &plain, PAINT_NONE, (double)x->bytes, (double)whole,
		              SHARE_BAR);
		if (g->text.len == 0)
			buf_add_char(&g->text, ' ');
		table_cell(&t, PAINT_NUMBER, buf_slice(&g->text));
		buf_clear(&g->text);
		bool fetched = g->o->known & CRAWLED_FETCHED;
		table_cell_str(&t, PAINT_NONE,
		               fetched ? percent_text(x->unread, x->all.bytes).s : "");
		table_cell_str(&t, PAINT_NONE, percent_text(x->forever, x->all.bytes).s);
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
	struct short_text labels[OVERVIEW_SIZES];
	size_t first, last, used = 0;
	if (!overview_classes_range(c, &first, &last))
		return;
	heading(g, c->title);
	for (size_t i = first; i < last; i++, used++) {
		labels[used] = overview_border_text(c, i);
		rows[used] = (struct chart_row){.label = slice_str(labels[used].s),
		                                .count = c->classes[i].items,
		                                .paint = PAINT_NUMBER};
	}
	chart_add_rows(g->out, g->style, rows, used);
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
		table_cell_str(&t, PAINT_NONE, size_text(l->size).s);
		table_cell_str(&t, PAINT_NONE,
		               l->ttl < 0 ? "never" : span_text((uint64_t)l->ttl).s);
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
		fit_painted(g->out, g->style, f->level, slice_str(finding_level(f)), LEVEL_WIDTH,
		            FIT_LEFT);
		buf_addf(&g->text, "%s", f->rule);
		if (g->p->past && overview_past_lacked(g->p->past, f->rule))
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
	const char *rule;
	for (size_t i = 0; g->p->past && (rule = overview_past_gone(g->p->past, g->o, list, i));
	     i++) {
		paint_add(g->out, g->style->color, PAINT_GOOD, "gone    ");
		buf_addf(g->out, "%s\n", rule);
	}
	if (overview_has_all_keys(g->o))
		return;
	buf_add_str(&g->text, "(not looked for, since they take all keys: ");
	findings_add_left_out(&g->text, g->o, ", ");
	buf_add_char(&g->text, ')');
	wrap_add_painted(g->out, g->style, PAINT_DIM, buf_slice(&g->text), 0);
	buf_clear(&g->text);
}

static void add_shares(struct page *g)
{
	buf_add_str(&g->text, "What is in it");
	if (g->o->scope.len > 0) {
		buf_add_str(&g->text, ", of ");
		escape_add_line(&g->text, g->o->scope);
	}
	heading(g, buf_cstr(&g->text));
	buf_clear(&g->text);
	overview_each_share(g->p, add_line, g);
}

void overview_show_pretty(struct buf *out, const struct style *style, const struct overview_page *p)
{
	struct page g = {.out = out, .style = style, .o = p->overview, .p = p, .text = BUF_INIT};
	add_title(&g);
	buf_add_char(out, '\n');
	overview_each_figure(p, add_line, &g);
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
