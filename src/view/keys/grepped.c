#include "view/keys/grepped.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "view/text/csv_write.h"
#include "view/text/fit.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"

/* What is shown of the line: around what was found, torn within no character. */
struct piece {
	struct slice before, found, after;
	bool cut_before, cut_after;
};

/* The first byte of the character that the byte at I of LINE is in. */
static size_t character_start(struct slice line, size_t i)
{
	for (size_t n = 0; n < 3 && i > 0 && utf8_continues(line.data[i]); n++)
		i--;
	return i;
}

static struct piece cut(const struct grepped *m)
{
	struct slice line = m->line;
	size_t len = m->len < GREPPED_SHOWN ? m->len
	                                    : fit_bytes(slice_skip(line, m->at), GREPPED_SHOWN);
	size_t around = GREPPED_SHOWN - len, from = 0, to = line.len;
	if (line.len > GREPPED_SHOWN) {
		from = m->at > around / 2 ? character_start(line, m->at - around / 2) : 0;
		to = from + GREPPED_SHOWN < line.len ? character_start(line, from + GREPPED_SHOWN)
		                                     : line.len;
		to = to < m->at + len ? m->at + len : to;
	}
	return (struct piece){.before = slice_of(line.data + from, m->at - from),
	                      .found = slice_of(line.data + m->at, len),
	                      .after = slice_of(line.data + m->at + len, to - m->at - len),
	                      .cut_before = from > 0,
	                      .cut_after = to < line.len};
}

static void add_text(struct buf *out, const struct piece *p)
{
	buf_add_str(out, p->cut_before ? "..." : "");
	buf_add_slice(out, p->before);
	buf_add_slice(out, p->found);
	buf_add_slice(out, p->after);
	buf_add_str(out, p->cut_after ? "..." : "");
}

static void add_pretty(struct buf *out, const struct style *style, const struct grepped *m,
                       const struct piece *p)
{
	if (m->labelled) {
		paint_slice(out, style->color, PAINT_HEADING, escape_add_field,
		            slice_str(m->server));
		buf_add_str(out, "  ");
	}
	paint_slice(out, style->color, PAINT_KEY, quote_add_word, m->key);
	if (!p) {
		buf_add_char(out, '\n');
		return;
	}
	paint_addf(out, style->color, PAINT_DIM, ":%llu: %s", (unsigned long long)m->line_number,
	           p->cut_before ? "..." : "");
	escape_add_field(out, p->before);
	paint_slice(out, style->color, PAINT_BAD, escape_add_field, p->found);
	escape_add_field(out, p->after);
	paint_add(out, style->color, PAINT_DIM, p->cut_after ? "..." : "");
	buf_add_char(out, '\n');
}

static void add_json(struct buf *out, const struct grepped *m, struct slice text, bool place)
{
	buf_add_char(out, '{');
	json_string_member(out, "command", ".grep");
	json_string_member(out, "server", m->server);
	json_bytes_member(out, "key", "key_encoding", m->key);
	if (place) {
		json_u64_member(out, "line", m->line_number);
		json_u64_member(out, "offset", m->offset);
		json_bytes_member(out, "text", "text_encoding", text);
	}
	buf_add_str(out, "}\n");
}

static void add_csv(struct buf *out, const struct style *style, const struct grepped *m,
                    struct slice text, bool place)
{
	size_t from = out->len;
	buf_add_str(out, place ? "server,key,line,offset,text\n" : "server,key\n");
	csv_end_header(out, from, style);
	csv_add_safe(out, style, slice_str(m->server));
	buf_add_char(out, ',');
	csv_add_safe(out, style, m->key);
	if (place) {
		buf_addf(out, ",%llu,%llu,", (unsigned long long)m->line_number,
		         (unsigned long long)m->offset);
		csv_add_safe(out, style, text);
	}
	buf_add_char(out, '\n');
}

static void add_plain(struct buf *out, const struct grepped *m, struct slice text, bool place)
{
	escape_add_field(out, m->key);
	if (place) {
		buf_addf(out, "\t%llu\t%llu\t", (unsigned long long)m->line_number,
		         (unsigned long long)m->offset);
		escape_add_field(out, text);
	}
	buf_add_char(out, '\n');
}

static void add(struct buf *out, const struct style *style, const struct grepped *m, bool place)
{
	struct piece piece = place ? cut(m) : (struct piece){.cut_before = false};
	struct buf text = BUF_INIT;
	if (place && style->format != FORMAT_PRETTY)
		add_text(&text, &piece);
	if (style->format == FORMAT_PRETTY)
		add_pretty(out, style, m, place ? &piece : NULL);
	else if (style->format == FORMAT_JSON)
		add_json(out, m, buf_slice(&text), place);
	else if (style->format == FORMAT_CSV)
		add_csv(out, style, m, buf_slice(&text), place);
	else
		add_plain(out, m, buf_slice(&text), place);
	buf_release(&text);
}

void grepped_add(struct buf *out, const struct style *style, const struct grepped *m)
{
	add(out, style, m, true);
}

void grepped_add_key(struct buf *out, const struct style *style, const struct grepped *m)
{
	add(out, style, m, false);
}
