#include "view/bulk.h"

#include "base/quote.h"
#include "view/text/csv_write.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"

static void add_seconds(struct buf *out, int64_t ns)
{
	buf_addf(out, "%lld.%06lld", (long long)ns / 1000000000, (long long)ns / 1000 % 1000000);
}

static void add_pretty(struct buf *out, const struct style *style, const struct bulk_report *r)
{
	time_add_grouped(out, r->items);
	buf_add_str(out, r->items == 1 ? " item, " : " items, ");
	time_add_size(out, r->bytes);
	buf_add_str(out, ", in ");
	time_add(out, r->elapsed);
	if (r->items > 1 && r->elapsed > 0) {
		buf_add_str(out, ": ");
		paint_on(out, style->color, PAINT_NUMBER);
		time_add_grouped(out,
		                 (uint64_t)((double)r->items * 1e9 / (double)r->elapsed + 0.5));
		paint_off(out, style->color, PAINT_NUMBER);
		buf_add_str(out, " per second");
	}
	for (const struct bulk_count *c = r->others; c->name; c++) {
		if (c->n == 0)
			continue;
		buf_add_str(out, ", ");
		paint_on(out, style->color, PAINT_MISS);
		time_add_grouped(out, c->n);
		buf_addf(out, " %s", c->phrase);
		paint_off(out, style->color, PAINT_MISS);
	}
	buf_add_char(out, '\n');
}

static void add_plain(struct buf *out, const struct bulk_report *r)
{
	buf_addf(out, "items\t%llu\nbytes\t%llu\n", (unsigned long long)r->items,
	         (unsigned long long)r->bytes);
	for (const struct bulk_count *c = r->others; c->name; c++)
		buf_addf(out, "%s\t%llu\n", c->name, (unsigned long long)c->n);
	buf_add_str(out, "seconds\t");
	add_seconds(out, r->elapsed);
	buf_add_char(out, '\n');
}

static void add_member(struct buf *out, const char *name, uint64_t n)
{
	json_name(out, name);
	json_u64(out, n);
}

static void add_json(struct buf *out, const struct bulk_report *r)
{
	json_open(out, '{');
	json_name(out, "command");
	json_string(out, slice_str(r->command));
	json_bytes_member(out, "file", "file_encoding", r->file);
	json_name(out, "status");
	json_string(out, slice_str(status_name(r->status)));
	add_member(out, "items", r->items);
	add_member(out, "bytes", r->bytes);
	for (const struct bulk_count *c = r->others; c->name; c++)
		add_member(out, c->name, c->n);
	json_name(out, "seconds");
	add_seconds(out, r->elapsed);
	buf_add_str(out, "}\n");
}

static void add_csv(struct buf *out, const struct style *style, const struct bulk_report *r)
{
	size_t from = out->len;
	struct buf file = BUF_INIT;
	buf_add_str(out, "command,file,items,bytes");
	for (const struct bulk_count *c = r->others; c->name; c++)
		buf_addf(out, ",%s", c->name);
	buf_add_str(out, ",seconds\n");
	csv_end_header(out, from, style);
	buf_addf(out, "%s,", r->command);
	escape_add_field(&file, r->file);
	csv_add_field(out, buf_slice(&file));
	buf_addf(out, ",%llu,%llu", (unsigned long long)r->items, (unsigned long long)r->bytes);
	for (const struct bulk_count *c = r->others; c->name; c++)
		buf_addf(out, ",%llu", (unsigned long long)c->n);
	buf_add_char(out, ',');
	add_seconds(out, r->elapsed);
	buf_add_char(out, '\n');
	buf_release(&file);
}

void bulk_add(struct buf *out, const struct style *style, const struct bulk_report *report)
{
	switch (style->format) {
	case FORMAT_PRETTY:
		add_pretty(out, style, report);
		break;
	case FORMAT_JSON:
		add_json(out, report);
		break;
	case FORMAT_CSV:
		add_csv(out, style, report);
		break;
	case FORMAT_PLAIN:
	case FORMAT_RAW:
	case FORMAT_WIRE:
		add_plain(out, report);
		break;
	}
}
