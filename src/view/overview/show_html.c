/*
 * The page is one file: its style and its charts (SVG) stand in it, and nothing is fetched or run.
 * It follows the browser's light or dark scheme. Whatever comes from outside is escaped by
 * add_text.
 */
#include "base/quote.h"
#include "view/overview/classes.h"
#include "view/overview/lines.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

/* The charts' measures, in units of their viewBox. */
#define CHART_WIDTH 928
#define ROW_HEIGHT  22
#define LABEL_WIDTH 90
#define COUNT_WIDTH 90
#define CARD_WIDTH  200

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Cache report</title>\n<style>\n"
    ":root{--bg:#fff;--fg:#1f2328;--dim:#59636e;--line:#d1d9e0;--card:#f6f8fa;--bar:#2f6fb3;"
    "--rest:#dfe5eb;--good:#2e7d32;--notice:#9a5b00;--bad:#c62828}\n"
    "@media (prefers-color-scheme:dark){:root{--bg:#14181d;--fg:#dbe1e8;--dim:#98a4b0;"
    "--line:#343c45;--card:#1c2229;--bar:#6ea8e6;--rest:#303943;--good:#6cc070;--notice:#e0a84a;"
    "--bad:#f0807a}}\n"
    "body{margin:0 auto;padding:2rem 1rem;max-width:60rem;background:var(--bg);color:var(--fg);"
    "font:16px/1.5 system-ui,sans-serif}\n"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}\n"
    "p{margin:.25rem 0}.dim{color:var(--dim)}a{color:var(--bar)}\n"
    ".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.75rem;"
    "margin-top:1rem}\n"
    ".card{background:var(--card);border:1px solid var(--line);border-radius:6px;"
    "padding:.6rem .8rem}.card b{display:block;font-size:1.15rem}\n"
    "svg{display:block;width:100%;height:auto}svg text{fill:var(--fg);font-size:13px}\n"
    "@media(max-width:40rem){svg text{font-size:17px}}\n"
    ".bar{fill:var(--bar)}.rest{fill:var(--rest)}\n"
    ".wide{overflow-x:auto}.chart{min-width:36rem}table{border-collapse:collapse;width:100%;font-"
    "size:.9rem}"
    "th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:right;"
    "white-space:nowrap}th{color:var(--dim);font-weight:600}"
    ".name{text-align:left;white-space:normal;overflow-wrap:anywhere;"
    "font-family:ui-monospace,monospace}.name{min-width:9rem}td.name{width:40%}th.name{font-family:"
    "inherit}\n"
    ".finding{border-left:4px solid var(--notice);background:var(--card);padding:.5rem .8rem;"
    "margin:.5rem 0}.finding.bad{border-color:var(--bad)}.level{color:var(--notice);"
    "font-weight:600}.bad .level,.bad.level{color:var(--bad)}.gone{color:var(--good)}\n"
    "</style>\n</head>\n<body>\n";

/* TEXT, any bytes, as text of the page. */
static void add_text(struct buf *out, struct slice text)
{
	struct buf safe = BUF_INIT;
	escape_add_field(&safe, text);
	for (size_t i = 0; i < safe.len; i++) {
		switch (safe.data[i]) {
		case '&':
			buf_add_str(out, "&amp;");
			break;
		case '<':
			buf_add_str(out, "&lt;");
			break;
		case '>':
			buf_add_str(out, "&gt;");
			break;
		case '"':
			buf_add_str(out, "&quot;");
			break;
		default:
			buf_add_char(out, safe.data[i]);
		}
	}
	buf_release(&safe);
}

/* TEXT, of which numbers and their units stay in one line. */
static void add_prose(struct buf *out, struct slice text)
{
	while (text.len > 0) {
		struct slice piece = wrap_unbroken(text), word = slice_before(piece, ' ');
		add_text(out, word);
		if (piece.len > word.len)
			buf_add_str(out, "&nbsp;");
		add_text(out, slice_skip(piece, word.len + 1));
		text = slice_skip(text, piece.len);
		if (text.len > 0)
			buf_add_char(out, ' ');
		text = slice_skip(text, 1);
	}
}

static uint64_t part_of(uint64_t part, uint64_t whole, uint64_t width)
{
	if (whole == 0 || part == 0)
		return 0;
	double x = (double)part / (double)whole * (double)width;
	return part >= whole ? width : x < 1 ? 1 : (uint64_t)x;
}

/* A bar of PART of WHOLE. */
static void add_bar(struct buf *out, uint64_t part, uint64_t whole)
{
	buf_addf(out,
	         "<svg viewBox=\"0 0 %d 8\" aria-hidden=\"true\"><rect class=\"rest\" width=\"%d\" "
	         "height=\"8\" rx=\"2\"/><rect class=\"bar\" width=\"%llu\" height=\"8\" "
	         "rx=\"2\"/></svg>",
	         CARD_WIDTH, CARD_WIDTH, (unsigned long long)part_of(part, whole, CARD_WIDTH));
}

static void add_card(void *ctx, const struct overview_line *line)
{
	struct buf *out = ctx;
	struct slice more = line->more;
	while (more.len > 0 && (more.data[0] == ' ' || more.data[0] == ','))
		more = slice_skip(more, 1);
	buf_addf(out, "<div class=\"card\"><span class=\"dim\">%s</span><b>", line->name);
	add_text(out, line->value);
	buf_add_str(out, "</b>");
	if (line->whole > 0)
		add_bar(out, line->part, line->whole);
	if (more.len > 0) {
		buf_add_str(out, "<span class=\"dim\">");
		add_prose(out, more);
		buf_add_str(out, "</span>");
	}
	buf_add_str(out, "</div>\n");
}

static void add_title(struct buf *out, const struct overview_page *p)
{
	const struct overview *o = p->overview;
	struct buf text = BUF_INIT;
	size_t up = 0;
	for (size_t i = 0; i < o->count; i++)
		up += o->servers[i].answered;
	buf_addf(&text, "%s, %s, up %s", date_text((uint64_t)o->time).s,
	         count_text(up, " server", " servers").s, span_text(o->sum.n[COUNT_UPTIME]).s);
	if (p->past) {
		buf_addf(&text, ", compared with %s", date_text((uint64_t)p->past->time).s);
		if (overview_past_restarted(p->past, o))
			buf_add_str(&text, " (counters were reset since)");
	}
	buf_add_str(out, "<h1>Cache report</h1>\n<p class=\"dim\">");
	add_prose(out, buf_slice(&text));
	buf_add_str(out, "</p>\n<p>");
	size_t bad = 0;
	for (size_t i = 0; i < p->findings->count; i++)
		bad += p->findings->list[i].level == PAINT_BAD;
	if (p->findings->count == 0)
		buf_add_str(out, "Nothing stands out.");
	else
		buf_addf(out, "<a href=\"#findings\">%zu finding%s</a>, %zu of them bad.",
		         p->findings->count, p->findings->count == 1 ? "" : "s", bad);
	buf_add_str(out, "</p>\n");
	buf_release(&text);
}

/* A table's head: NAMES with | between, the first of which is of names, not of numbers. */
static void begin_table(struct buf *out, const char *title, const char *names)
{
	struct slice rest = slice_str(names);
	buf_addf(out, "<h2>%s</h2>\n<div class=\"wide\"><table>\n<tr>", title);
	while (rest.len > 0) {
		bool first = rest.data == names;
		struct slice name = slice_take(&rest, '|');
		buf_add_str(out, first ? "<th class=\"name\">" : "<th>");
		buf_add_slice(out, name);
		buf_add_str(out, "</th>");
	}
	buf_add_str(out, "</tr>\n");
}

static void end_table(struct buf *out)
{
	buf_add_str(out, "</table></div>\n");
}

static void add_cell(struct buf *out, const char *text)
{
	buf_addf(out, "<td>%s</td>", text);
}

static void begin_row(struct buf *out, struct slice name)
{
	buf_add_str(out, "<tr><td class=\"name\">");
	add_text(out, name);
	buf_add_str(out, "</td>");
}

static void end_row(struct buf *out)
{
	buf_add_str(out, "</tr>\n");
}

static void add_servers(struct buf *out, const struct overview *o)
{
	if (o->count < 2)
		return;
	begin_table(out, "Servers", "server|up|items|memory|of|hits|evicted|connections");
	for (size_t i = 0; i < o->count; i++) {
		const struct overview_server *s = &o->servers[i];
		const uint64_t *n = s->counts.n;
		begin_row(out, slice_str(s->label));
		if (!s->answered) {
			buf_add_str(out,
			            "<td class=\"bad level\">down</td><td colspan=\"6\"></td>");
			end_row(out);
			continue;
		}
		add_cell(out, span_text(n[COUNT_UPTIME]).s);
		add_cell(out, grouped_text(n[COUNT_ITEMS]).s);
		add_cell(out, size_text(n[COUNT_BYTES]).s);
		add_cell(out, size_text(n[COUNT_LIMIT]).s);
		add_cell(out, percent_text(n[COUNT_HITS], n[COUNT_HITS] + n[COUNT_MISSES]).s);
		add_cell(out, grouped_text(n[COUNT_EVICTIONS]).s);
		add_cell(out, grouped_text(n[COUNT_CONNECTIONS]).s);
		end_row(out);
	}
	end_table(out);
}

static void add_prefixes(struct buf *out, const struct overview *o)
{
	bool sized = o->all.bytes > 0;
	uint64_t whole = sized ? o->all.bytes : o->all.items;
	begin_table(out, sized ? "Prefixes by memory" : "Prefixes by items",
	            "prefix|items|memory|share||unread|forever");
	for (size_t i = 0; i < o->prefix_count; i++) {
		const struct overview_prefix *x = &o->prefixes[i];
		begin_row(out, x->name.len > 0 ? x->name : SLICE("(none)"));
		add_cell(out, grouped_text(x->all.items).s);
		add_cell(out, size_text(sized ? x->bytes : 0).s);
		add_cell(out, percent_text(x->bytes, whole).s);
		buf_add_str(out, "<td style=\"min-width:8rem\">");
		add_bar(out, x->bytes, whole);
		buf_add_str(out, "</td>");
		add_cell(out, percent_text(x->unread, x->all.bytes).s);
		add_cell(out, percent_text(x->forever, x->all.bytes).s);
		end_row(out);
	}
	end_table(out);
	if (o->prefix_floor > 0) {
		buf_addf(
		    out,
		    "<p class=\"dim\">More prefixes than counters: a figure may be too high, and "
		    "one missing, by %s.</p>\n",
		    size_text(o->prefix_floor).s);
	}
}

/* A row of a chart at Y. */
static void add_chart_row(struct buf *out, const struct overview_classes *c, size_t i,
                          uint64_t most, unsigned y)
{
	static const char text[] = "<text x=\"%d\" y=\"%u\" text-anchor=\"end\">%s</text>";
	buf_addf(out, text, LABEL_WIDTH - 10, y + 15, overview_border_text(c, i).s);
	buf_addf(out, text, LABEL_WIDTH + COUNT_WIDTH - 10, y + 15,
	         grouped_text(c->classes[i].items).s);
	buf_addf(out,
	         "<rect class=\"bar\" x=\"%d\" y=\"%u\" width=\"%llu\" height=\"%d\" rx=\"2\"/>",
	         LABEL_WIDTH + COUNT_WIDTH, y + 3,
	         (unsigned long long)part_of(c->classes[i].items, most,
	                                     CHART_WIDTH - LABEL_WIDTH - COUNT_WIDTH),
	         ROW_HEIGHT - 6);
}

static void add_classes(struct buf *out, const struct overview_classes *c)
{
	size_t first, last;
	uint64_t most = 0;
	if (!overview_classes_range(c, &first, &last))
		return;
	for (size_t i = first; i < last; i++)
		most = c->classes[i].items > most ? c->classes[i].items : most;
	buf_addf(out,
	         "<h2>%s</h2>\n<div class=\"wide\"><svg class=\"chart\" viewBox=\"0 0 %d %u\" "
	         "role=\"img\" aria-label=\"%s\">",
	         c->title, CHART_WIDTH, (unsigned)(last - first) * ROW_HEIGHT, c->title);
	for (size_t i = first; i < last; i++)
		add_chart_row(out, c, i, most, (unsigned)(i - first) * ROW_HEIGHT);
	buf_add_str(out, "</svg></div>\n");
}

static void add_largest(struct buf *out, const struct overview *o)
{
	if (o->large == 0)
		return;
	begin_table(out, "Largest items", "key|size|expires in");
	for (size_t i = 0; i < o->large; i++) {
		const struct overview_large *l = &o->largest[i];
		begin_row(out, slice_of(l->key, l->key_len));
		add_cell(out, size_text(l->size).s);
		add_cell(out, l->ttl < 0 ? "never" : span_text((uint64_t)l->ttl).s);
		end_row(out);
	}
	end_table(out);
}

static void add_findings(struct buf *out, const struct overview_page *p)
{
	buf_add_str(out, "<h2 id=\"findings\">Findings</h2>\n");
	if (p->findings->count == 0)
		buf_add_str(out, "<p>Nothing stands out.</p>\n");
	for (size_t i = 0; i < p->findings->count; i++) {
		const struct overview_finding *f = &p->findings->list[i];
		bool fresh = p->past && overview_past_lacked(p->past, f->rule);
		buf_addf(out,
		         "<div class=\"finding %s\"><span class=\"level\">%s</span> %s%s: <span>",
		         finding_level(f), finding_level(f), f->rule, fresh ? " (new)" : "");
		if (f->server) {
			add_text(out, slice_str(f->server));
			buf_add_str(out, ": ");
		}
		add_prose(out, buf_slice(&f->evidence));
		buf_add_str(out, ".</span><p>What to do: ");
		add_prose(out, buf_slice(&f->advice));
		buf_add_str(out, ".</p><p class=\"dim\">");
		add_text(out, slice_str(f->source));
		buf_add_str(out, "</p></div>\n");
	}
	const char *rule;
	for (size_t i = 0;
	     p->past && (rule = overview_past_gone(p->past, p->overview, p->findings, i)); i++) {
		buf_add_str(out, "<p class=\"gone\">Gone: ");
		add_text(out, slice_str(rule));
		buf_add_str(out, "</p>\n");
	}
	if (overview_has_all_keys(p->overview))
		return;
	buf_add_str(out, "<p class=\"dim\">Not looked for, since they take all keys: ");
	findings_add_left_out(out, p->overview, ", ");
	buf_add_str(out, ".</p>\n");
}

static void add_shares(struct buf *out, const struct overview_page *p)
{
	buf_add_str(out, "<h2>What is in it");
	if (p->overview->scope.len > 0) {
		buf_add_str(out, ", of ");
		add_text(out, p->overview->scope);
	}
	buf_add_str(out, "</h2>\n<div class=\"cards\">\n");
	overview_each_share(p, add_card, out);
	buf_add_str(out, "</div>\n");
}

void overview_show_html(struct buf *out, const struct overview_page *p)
{
	const struct overview *o = p->overview;
	buf_add_str(out, head);
	add_title(out, p);
	buf_add_str(out, "<div class=\"cards\">\n");
	overview_each_figure(p, add_card, out);
	buf_add_str(out, "</div>\n");
	add_servers(out, o);
	if (o->listed) {
		add_shares(out, p);
		if (o->all.items > 0)
			add_prefixes(out, o);
		for (size_t i = 0; i < OVERVIEW_DISTRIBUTIONS; i++) {
			struct overview_classes c = overview_classes_at(o, i);
			if (c.known)
				add_classes(out, &c);
		}
		add_largest(out, o);
	}
	add_findings(out, p);
	buf_add_str(out, "</body>\n</html>\n");
}
