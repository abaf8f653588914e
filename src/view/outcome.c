#include "view/outcome.h"

#include "base/quote.h"
#include "view/text/csv_write.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"

static bool failed(const struct outcome *o, size_t i)
{
	return o->words[i].len > 0;
}

static size_t count_failed(const struct outcome *o)
{
	size_t n = 0;
	for (size_t i = 0; i < o->count; i++)
		n += failed(o, i);
	return n;
}

static size_t count_absent(const struct outcome *o)
{
	size_t n = 0;
	for (size_t i = 0; o->absent && i < o->count; i++)
		n += o->absent[i];
	return n;
}

static void add_pretty(struct buf *out, const struct style *style, const struct outcome *o)
{
	size_t bad = count_failed(o), absent = count_absent(o);
	for (size_t i = 0; i < o->count; i++) {
		if (!failed(o, i))
			continue;
		paint_on(out, style->color, PAINT_KEY);
		quote_add_word(out, o->keys[i]);
		paint_off(out, style->color, PAINT_KEY);
		buf_add_str(out, "  ");
		paint_on(out, style->color, PAINT_BAD);
		escape_add_field(out, o->words[i]);
		paint_off(out, style->color, PAINT_BAD);
		buf_add_char(out, '\n');
	}
	paint_on(out, style->color, bad ? PAINT_BAD : PAINT_GOOD);
	buf_addf(out, "%zu %s", o->count - bad - absent, o->done_word);
	if (absent)
		buf_addf(out, ", %zu %s", absent, o->absent_word);
	if (bad)
		buf_addf(out, ", %zu failed", bad);
	paint_off(out, style->color, bad ? PAINT_BAD : PAINT_GOOD);
	if (style->timing != TIMING_OFF) {
		buf_add_str(out, "  ");
		paint_on(out, style->color, PAINT_DIM);
		buf_add_char(out, '(');
		time_add(out, o->total_ns);
		buf_add_char(out, ')');
		paint_off(out, style->color, PAINT_DIM);
	}
	buf_add_char(out, '\n');
}

static void add_json(struct buf *out, const struct outcome *o)
{
	json_open(out, '{');
	json_name(out, "command");
	json_string(out, slice_str(o->command));
	json_name(out, "keys");
	json_open(out, '[');
	for (size_t i = 0; i < o->count; i++)
		json_bytes(out, o->keys[i]);
	buf_add_char(out, ']');
	json_name(out, "status");
	json_string(out, slice_str(status_name(o->status)));
	json_name(out, "done");
	json_u64(out, o->count - count_failed(o) - count_absent(o));
	json_name(out, "failed");
	json_open(out, '[');
	for (size_t i = 0; i < o->count; i++) {
		if (!failed(o, i))
			continue;
		json_open(out, '{');
		json_bytes_member(out, "key", "key_encoding", o->keys[i]);
		json_bytes_member(out, "reply", "reply_encoding", o->words[i]);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
	json_name(out, "time_us");
	json_open(out, '{');
	json_name(out, "total");
	json_u64(out, (uint64_t)(o->total_ns + 500) / 1000);
	buf_add_str(out, "}}\n");
}

static void add_csv_header(struct buf *out, const struct style *style)
{
	size_t from = out->len;
	buf_add_str(out, "key,reply\n");
	csv_end_header(out, from, style);
}

void outcome_add(struct buf *out, const struct style *style, const struct outcome *o)
{
	if (style->format == FORMAT_PRETTY) {
		add_pretty(out, style, o);
		return;
	}
	if (style->format == FORMAT_JSON) {
		add_json(out, o);
		return;
	}
	bool csv = style->format == FORMAT_CSV;
	if (csv)
		add_csv_header(out, style);
	for (size_t i = 0; i < o->count; i++) {
		if (!failed(o, i))
			continue;
		if (csv)
			csv_add_data(out, style, o->keys[i]);
		else
			escape_add_field(out, o->keys[i]);
		buf_add_char(out, csv ? ',' : '\t');
		if (csv)
			csv_add_data(out, style, o->words[i]);
		else
			escape_add_field(out, o->words[i]);
		buf_add_char(out, '\n');
	}
}
