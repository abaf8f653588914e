#include "view/explain/explain.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "proto/dialect.h"
#include "view/text/fit.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

/* Where the fields of a line begin, and what is between two of them. */
#define MARGIN 2
#define GAP    2

/* The most columns that a text takes beside others, and the most of a label. */
#define TEXT_MOST  40
#define LABEL_MOST 16

/* The bytes of data that are escaped to be shown: more would not fit. */
#define BYTES_MOST 256

/* Two rows that are being filled: texts and, under them, names. */
struct rows {
	struct buf *out;
	const struct style *style;
	const struct message *m;
	struct buf texts, names;
	size_t column; /* of both */
	bool begun;    /* the line's first row is out */
};

static unsigned columns_of(const struct style *style)
{
	return style->columns ? style->columns : 80;
}

static enum paint paint_of(const struct message *m, enum field_kind kind)
{
	switch (kind) {
	case FIELD_KEY:
	case FIELD_NAME:
		return PAINT_KEY;
	case FIELD_DATA:
	case FIELD_SECRET:
		return PAINT_DATA;
	case FIELD_LINE_END:
	case FIELD_DATA_END:
	case FIELD_FENCE:
		return PAINT_DIM;
	default:
		return m->reply ? PAINT_GOT : PAINT_SENT;
	}
}

static void end_row(struct buf *out, struct buf *row)
{
	fit_trim_end(row, 0);
	buf_add_slice(out, buf_slice(row));
	buf_add_char(out, '\n');
	buf_clear(row);
}

/* Writes both rows, if there is anything in them. */
static void flush_rows(struct rows *r)
{
	if (r->column == 0)
		return;
	end_row(r->out, &r->texts);
	end_row(r->out, &r->names);
	r->column = 0;
}

static void begin_rows(struct rows *r)
{
	bool color = r->style->color;
	if (r->begun)
		buf_add_str(&r->texts, "  ");
	else
		paint_add(&r->texts, color, r->m->reply ? PAINT_GOT : PAINT_SENT,
		          r->m->reply ? "< " : "> ");
	buf_add_str(&r->names, "  ");
	r->column = MARGIN;
	r->begun = true;
}

/* Adds PIECE of COLUMNS columns, and blanks up to WIDTH and the gap after it. */
static void add_cell(struct buf *row, bool color, enum paint paint, struct slice piece,
                     size_t columns, size_t width)
{
	paint_slice(row, color, paint, NULL, piece);
	buf_add_repeat(row, ' ', width - columns + GAP);
}

static const char *column_name(const struct message *m, const struct field *field)
{
	switch (field->kind) {
	case FIELD_META_FLAG:
		return "flag";
	case FIELD_LINE_END:
	case FIELD_DATA_END:
		return "end";
	case FIELD_FENCE:
		return m->reply ? "to mcsh's fence" : "mcsh's fence";
	default:
		return field_name(field->kind);
	}
}

static void add_column(struct rows *r, const struct field *field)
{
	const char *name = column_name(r->m, field);
	struct buf escaped = BUF_INIT, text = BUF_INIT;
	size_t most = columns_of(r->style) - MARGIN - GAP;
	bool utf8 = r->style->utf8;

	most = most < TEXT_MOST ? most : TEXT_MOST;
	meaning_show(&escaped, r->m, field, BYTES_MOST);
	fit_add(&text, buf_slice(&escaped), most, FIT_CUT, utf8);
	size_t columns = utf8_columns(buf_slice(&text)), name_columns = strlen(name);
	size_t width = columns > name_columns ? columns : name_columns;
	if (r->column > 0 && r->column + width > columns_of(r->style))
		flush_rows(r);
	if (r->column == 0)
		begin_rows(r);
	add_cell(&r->texts, r->style->color, paint_of(r->m, field->kind), buf_slice(&text), columns,
	         width);
	add_cell(&r->names, r->style->color, PAINT_DIM, slice_str(name), name_columns, width);
	r->column += width + GAP;
	buf_release(&escaped);
	buf_release(&text);
}

void explain_row(struct buf *out, const struct style *style, size_t indent, size_t width,
                 enum paint paint, struct slice label, struct slice text)
{
	size_t columns = utf8_columns(label);
	if (indent + columns > columns_of(style)) {
		wrap_add(out, label, indent, 0, columns_of(style));
		wrap_add(out, text, indent + 2, 0, columns_of(style));
		return;
	}
	buf_add_repeat(out, ' ', indent);
	paint_slice(out, style->color, paint, NULL, label);
	size_t column = indent + columns;
	if (text.len == 0) {
		buf_add_char(out, '\n');
		return;
	}
	if (columns > width || indent + width + 16 > columns_of(style)) {
		buf_add_char(out, '\n');
		wrap_add(out, text, indent + 2, 0, columns_of(style));
		return;
	}
	buf_add_repeat(out, ' ', width - columns + GAP);
	column = indent + width + GAP;
	wrap_add(out, text, column, column, columns_of(style));
}

/* What a meaning is given under: the field's name, a meta flag's bytes. */
static struct slice label_of(const struct message *m, const struct field *field)
{
	struct slice text = meaning_text(m, field);
	if (field->kind != FIELD_META_FLAG)
		return slice_str(field_name(field->kind));
	return slice_of(text.data, fit_bytes(text, LABEL_MOST));
}

static bool has_meaning(const struct message *m, const struct field *field, struct buf *meaning)
{
	buf_clear(meaning);
	meaning_add(meaning, m, field);
	return meaning->len > 0;
}

/* The meanings of the fields from FIRST to below END, and an empty line where there are any. */
static void add_meanings(struct rows *r, size_t first, size_t end)
{
	const struct field *at = r->m->fields->at;
	struct buf meaning = BUF_INIT;
	size_t width = 0;
	for (size_t i = first; i < end; i++) {
		size_t columns =
		    has_meaning(r->m, &at[i], &meaning) ? utf8_columns(label_of(r->m, &at[i])) : 0;
		width = columns > width ? columns : width;
	}
	if (width > 0)
		buf_add_char(r->out, '\n');
	for (size_t i = first; i < end; i++) {
		struct buf label = BUF_INIT;
		if (!has_meaning(r->m, &at[i], &meaning))
			continue;
		escape_add_field(&label, label_of(r->m, &at[i]));
		explain_row(r->out, r->style, 4, width, PAINT_HEADING, buf_slice(&label),
		            buf_slice(&meaning));
		buf_release(&label);
	}
	if (width > 0)
		buf_add_char(r->out, '\n');
	buf_release(&meaning);
}

/* Whether the I-th field ends a line of M; of a packet, its header, or the whole. */
static bool ends_line(const struct message *m, size_t i)
{
	const struct field *at = &m->fields->at[i];
	if (i + 1 == m->fields->count)
		return true;
	if (meaning_is_packet(m))
		return (at->kind == FIELD_CAS && at[-1].kind == FIELD_OPAQUE) ||
		       at[1].kind == FIELD_MAGIC || at[1].kind == FIELD_FENCE;
	return at->kind == FIELD_LINE_END || at->kind == FIELD_DATA_END || at->kind == FIELD_FENCE;
}

/* Who it goes to or comes from, where that does not go without saying. */
static void add_head(struct rows *r)
{
	if (!r->m->server && !r->m->own)
		return;
	paint_on(r->out, r->style->color, PAINT_DIM);
	if (r->m->server) {
		buf_add_str(r->out, r->m->reply ? "from " : "to ");
		escape_add_line(r->out, slice_str(r->m->server));
	}
	if (r->m->own)
		buf_addf(r->out, "%s%s", r->m->server ? ", " : "",
		         r->m->reply ? "the answer to what mcsh asked by itself"
		                     : "mcsh's own: nobody typed it");
	paint_off(r->out, r->style->color, PAINT_DIM);
	buf_add_char(r->out, '\n');
}

void explain_draw(struct buf *out, const struct style *style, const struct message *m)
{
	struct rows r = {.out = out, .style = style, .m = m};
	size_t first = 0;
	add_head(&r);
	for (size_t i = 0; i < m->fields->count; i++) {
		const struct field *field = &m->fields->at[i];
		if (field->kind != FIELD_BLANK)
			add_column(&r, field);
		if (!ends_line(m, i))
			continue;
		flush_rows(&r);
		add_meanings(&r, first, i + 1);
		if (out->data[out->len - 2] != '\n')
			buf_add_char(out, '\n');
		first = i + 1;
		r.begun = false;
	}
	buf_release(&r.texts);
	buf_release(&r.names);
}

void explain_json(struct buf *out, const struct message *m)
{
	struct buf meaning = BUF_INIT;
	json_open(out, '{');
	json_name(out, "sent");
	buf_add_str(out, m->reply ? "false" : "true");
	if (m->server)
		json_text_member(out, "server", slice_str(m->server));
	json_string_member(out, "dialect", dialect_of(m->request)->name);
	if (m->own)
		json_bool_member(out, "own", true);
	json_u64_member(out, "bytes", m->bytes.len);
	json_open_member(out, "fields", '[');
	for (size_t i = 0; i < m->fields->count; i++) {
		const struct field *field = &m->fields->at[i];
		json_open(out, '{');
		json_u64_member(out, "offset", field->offset);
		json_u64_member(out, "length", field->length);
		json_string_member(out, "name", field_name(field->kind));
		json_bytes_member(out, "text", "encoding", meaning_text(m, field));
		if (has_meaning(m, field, &meaning))
			json_text_member(out, "meaning", buf_slice(&meaning));
		buf_add_char(out, '}');
	}
	buf_add_str(out, "]}");
	buf_release(&meaning);
}
