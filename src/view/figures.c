#include "view/figures.h"

#include "base/quote.h"
#include "view/chart.h"
#include "view/text/csv_write.h"
#include "view/text/json_write.h"

void figures_put(struct figures *f, struct figure figure)
{
	if (f->used < FIGURES_MAX)
		f->list[f->used++] = figure;
}

void figures_put_text(struct figures *f, const char *name, const char *text, unsigned in)
{
	figures_put(f, (struct figure){name, FIGURE_TEXT, in, .text = text});
}

void figures_put_count(struct figures *f, const char *name, uint64_t n)
{
	figures_put(f, (struct figure){name, FIGURE_COUNT, IN_ALL, .count = n});
}

void figures_put_rare(struct figures *f, const char *name, uint64_t n)
{
	figures_put(f, (struct figure){name, FIGURE_COUNT, n > 0 ? IN_ALL : IN_CSV, .count = n});
}

void figures_put_json(struct figures *f, const char *name, void (*add)(struct buf *, const void *),
                      const void *of)
{
	figures_put(f, (struct figure){name, FIGURE_JSON, IN_JSON, .json = {add, of}});
}

void figures_add_histogram(struct buf *out, const struct histogram *times)
{
	struct chart_times c;
	chart_times_of(&c, times);
	json_open(out, '[');
	for (size_t i = 0; i < c.used; i++) {
		json_open(out, '{');
		json_name(out, "from");
		figures_add_microseconds(out, c.from[i]);
		json_u64_member(out, "count", c.counts[i]);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_histogram(struct buf *out, const void *of)
{
	figures_add_histogram(out, of);
}

void figures_put_histogram(struct figures *f, const char *name, const struct histogram *times)
{
	if (times->count > 0)
		figures_put_json(f, name, add_histogram, times);
}

void figures_put_ranks(struct figures *f, const struct histogram *times, const struct rank *ranks)
{
	unsigned in = times->count > 0 ? IN_ALL : IN_CSV;
	figures_put_text(f, "unit", "us", IN_JSON);
	for (const struct rank *r = ranks; r->name; r++)
		figures_put(f, (struct figure){r->name, FIGURE_MICROSECONDS, in,
		                               .ns = times->count > 0
		                                         ? histogram_at(times, r->per_mille)
		                                         : -1});
}

void figures_add_microseconds(struct buf *out, int64_t ns)
{
	buf_addf(out, "%lld.%03lld", (long long)ns / 1000, (long long)ns % 1000);
}

static void add_figure(struct buf *out, const struct figure *f)
{
	switch (f->kind) {
	case FIGURE_COUNT:
		buf_add_u64(out, f->count);
		break;
	case FIGURE_RATE:
		buf_addf(out, "%.1f", f->rate);
		break;
	case FIGURE_SECONDS:
		buf_addf(out, "%lld.%06lld", (long long)f->ns / 1000000000,
		         (long long)f->ns / 1000 % 1000000);
		break;
	case FIGURE_MICROSECONDS:
		if (f->ns >= 0)
			figures_add_microseconds(out, f->ns);
		break;
	case FIGURE_TEXT:
		buf_add_str(out, f->text);
		break;
	case FIGURE_FILE:
		escape_add_field(out, f->file);
		break;
	case FIGURE_JSON:
		f->json.add(out, f->json.of);
		break;
	}
}

static void add_plain(struct buf *out, const struct figures *f)
{
	for (size_t i = 0; i < f->used; i++) {
		if (!(f->list[i].in & IN_PLAIN))
			continue;
		buf_addf(out, "%s\t", f->list[i].name);
		add_figure(out, &f->list[i]);
		buf_add_char(out, '\n');
	}
}

static void add_json(struct buf *out, const struct figures *f)
{
	json_open(out, '{');
	for (size_t i = 0; i < f->used; i++) {
		const struct figure *figure = &f->list[i];
		if (!(figure->in & IN_JSON))
			continue;
		if (figure->kind == FIGURE_FILE) {
			json_bytes_member(out, figure->name, "file_encoding", figure->file);
			continue;
		}
		json_name(out, figure->name);
		if (figure->kind == FIGURE_TEXT)
			json_string(out, slice_str(figure->text));
		else
			add_figure(out, figure);
	}
	buf_add_str(out, "}\n");
}

static void add_csv(struct buf *out, const struct style *style, const struct figures *f)
{
	struct buf field = BUF_INIT;
	size_t from = out->len;
	const char *comma = "";
	for (size_t i = 0; i < f->used; i++) {
		const struct figure *figure = &f->list[i];
		if (!(figure->in & IN_CSV))
			continue;
		buf_addf(out, "%s%s%s", comma, figure->name,
		         figure->kind == FIGURE_MICROSECONDS ? "_us" : "");
		comma = ",";
	}
	buf_add_char(out, '\n');
	csv_end_header(out, from, style);
	comma = "";
	for (size_t i = 0; i < f->used; i++) {
		if (!(f->list[i].in & IN_CSV))
			continue;
		buf_clear(&field);
		add_figure(&field, &f->list[i]);
		buf_add_str(out, comma);
		csv_add_field(out, buf_slice(&field));
		comma = ",";
	}
	buf_add_char(out, '\n');
	buf_release(&field);
}

void figures_add(struct buf *out, const struct style *style, const struct figures *f)
{
	if (style->format == FORMAT_JSON)
		add_json(out, f);
	else if (style->format == FORMAT_CSV)
		add_csv(out, style, f);
	else
		add_plain(out, f);
}
