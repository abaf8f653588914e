#include "view/keys/sweep.h"

#include "base/deadline.h"
#include "base/quote.h"
#include "view/figures.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

/* "12 items, 1.2 KiB, of 3,456 looked at". */
static void add_items(struct buf *out, const struct sweep_report *r)
{
	buf_addf(out, "%s%s", count_text(r->counts.done, " item, ", " items, ").s,
	         size_text(r->counts.bytes).s);
	if (r->looked_at > r->counts.done)
		buf_addf(out, ", of %s looked at", grouped_text(r->looked_at).s);
}

/* ", 12 were stored meanwhile", where there are any. */
static void add_count(struct buf *out, uint64_t n, const char *phrase)
{
	if (n == 0)
		return;
	buf_addf(out, ", %s %s", grouped_text(n).s, phrase);
}

static void add_plan(struct buf *out, const struct sweep_report *r)
{
	buf_addf(out, "would %s ", r->verb);
	add_items(out, r);
	if (r->counts.done == 0)
		return;
	if (r->counts.elapsed < NSEC_PER_SEC) {
		buf_add_str(out, ", in less than a second");
		return;
	}
	buf_addf(out, ", in about %s", span_text((uint64_t)(r->counts.elapsed / NSEC_PER_SEC)).s);
}

static void add_result(struct buf *out, const struct sweep_report *r)
{
	buf_addf(out, "%s %s%s, in %s", r->done,
	         count_text(r->counts.done, " item, ", " items, ").s, size_text(r->counts.bytes).s,
	         time_text(r->counts.elapsed).s);
	add_count(out, r->counts.changed, "changed meanwhile and left");
	add_count(out, r->counts.gone, "gone already");
	add_count(out, r->counts.refused, "refused by the server");
	add_count(out, r->counts.unknown, "of which no answer came");
	add_count(out, r->counts.unsent, "not reached");
}

static void add_pretty(struct buf *out, const struct style *style, const struct sweep_report *r)
{
	struct buf text = BUF_INIT;
	if (r->dry_run)
		add_plan(&text, r);
	else
		add_result(&text, r);
	wrap_add(out, buf_slice(&text), 0, 0, style->columns);
	buf_release(&text);
	for (size_t i = 0; r->dry_run && i < r->sample_count; i++) {
		buf_add_str(out, "  ");
		paint_slice(out, style->color, PAINT_KEY, quote_add_word, r->samples[i]);
		buf_add_char(out, '\n');
	}
}

static void add_dry_run(struct buf *out, const void *of)
{
	const struct sweep_report *r = of;
	buf_add_str(out, r->dry_run ? "true" : "false");
}

static void add_samples(struct buf *out, const void *of)
{
	const struct sweep_report *r = of;
	json_open(out, '[');
	for (size_t i = 0; i < r->sample_count; i++)
		json_bytes(out, r->samples[i]);
	buf_add_char(out, ']');
}

void sweep_add(struct buf *out, const struct style *style, const struct sweep_report *r)
{
	struct figures f = {0};
	if (style->format == FORMAT_PRETTY) {
		add_pretty(out, style, r);
		return;
	}
	figures_put_text(&f, "command", r->command, IN_JSON | IN_CSV);
	figures_put_text(&f, "status", status_name(r->status), IN_JSON);
	figures_put_text(&f, "dry_run", r->dry_run ? "yes" : "no", IN_PLAIN | IN_CSV);
	figures_put_json(&f, "dry_run", add_dry_run, r);
	figures_put_count(&f, "items", r->counts.done);
	figures_put_count(&f, "bytes", r->counts.bytes);
	figures_put_count(&f, "looked_at", r->looked_at);
	figures_put_count(&f, "changed", r->counts.changed);
	figures_put_count(&f, "gone", r->counts.gone);
	figures_put_count(&f, "refused", r->counts.refused);
	figures_put_count(&f, "unknown", r->counts.unknown);
	figures_put_count(&f, "unsent", r->counts.unsent);
	figures_put(&f,
	            (struct figure){"seconds", FIGURE_SECONDS, IN_ALL, .ns = r->counts.elapsed});
	if (r->dry_run)
		figures_put_json(&f, "samples", add_samples, r);
	figures_add(out, style, &f);
	bool lines = style->format != FORMAT_JSON && style->format != FORMAT_CSV;
	for (size_t i = 0; r->dry_run && lines && i < r->sample_count; i++) {
		buf_add_str(out, "sample\t");
		escape_add_field(out, r->samples[i]);
		buf_add_char(out, '\n');
	}
}
