#include "view/stats/slab_table.h"

#include "base/quote.h"
#include "view/stats/slab_rules.h"
#include "view/stats/stat.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

/* In which part of a narrow pretty table a column is. */
enum part {
	PART_MEMORY = 1,
	PART_EVICTIONS = 2,
	PART_PROGRAMS = 4, /* in no pretty table */
	PART_BOTH = PART_MEMORY | PART_EVICTIONS,
};

static const struct column {
	const char *name, *heading; /* for programs, for eyes */
	enum part parts;
	enum stat_unit unit;
	bool adds_up;
	size_t offset; /* of the number in struct slab_class */
} columns[] = {
    {"class", "class", PART_BOTH, UNIT_TEXT, false, offsetof(struct slab_class, id)},
    {"chunk_size", "chunk", PART_MEMORY, UNIT_BYTES, false,
     offsetof(struct slab_class, chunk_size)},
    {"pages", "pages", PART_MEMORY, UNIT_COUNT, true, offsetof(struct slab_class, pages)},
    {"free_chunks", NULL, PART_PROGRAMS, UNIT_COUNT, true,
     offsetof(struct slab_class, free_chunks)},
    {"items", "items", PART_MEMORY, UNIT_COUNT, true, offsetof(struct slab_class, items)},
    {"used", "used", PART_MEMORY, UNIT_BYTES, true, offsetof(struct slab_class, requested)},
#define WASTED 6
    {"wasted", "wasted", PART_MEMORY, UNIT_BYTES, true, 0},
    {"evicted", "evicted", PART_EVICTIONS, UNIT_COUNT, true, offsetof(struct slab_class, evicted)},
    {"evicted_unfetched", "unread", PART_EVICTIONS, UNIT_COUNT, true,
     offsetof(struct slab_class, evicted_unfetched)},
    {"age", "tail age", PART_EVICTIONS, UNIT_SECONDS, false, offsetof(struct slab_class, age)},
    {"reclaimed", "reclaimed", PART_EVICTIONS, UNIT_COUNT, true,
     offsetof(struct slab_class, reclaimed)},
    {"outofmemory", "oom", PART_EVICTIONS, UNIT_COUNT, true,
     offsetof(struct slab_class, outofmemory)},
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* What one server's rules found. */
struct found {
	struct slab_finding list[SLAB_RULES];
	size_t count;
};

static void found_init(struct found *f, const struct slabs *slabs)
{
	f->count = 0;
	for (size_t rule = 0; rule < SLAB_RULES; rule++)
		f->count += slab_find(slabs, rule, &f->list[f->count]);
}

static void found_release(struct found *f)
{
	for (size_t i = 0; i < f->count; i++)
		slab_finding_release(&f->list[i]);
}

/* The number of a column; false: it is not known. */
static bool number_of(const struct slab_class *c, size_t column, uint64_t *n)
{
	if (column == WASTED)
		return slab_wasted(c, n);
	memcpy(n, (const char *)c + columns[column].offset, sizeof(*n));
	return true;
}

/* Names of the findings about the class at PLACE, or, for eyes, their numbers. */
static void add_note(struct buf *out, const struct found *f, size_t place, bool numbers)
{
	bool any = false;
	for (size_t i = 0; i < f->count; i++) {
		if (!f->list[i].marks[place])
			continue;
		if (any)
			buf_add_char(out, ',');
		if (numbers)
			buf_add_u64(out, i + 1);
		else
			buf_add_str(out, f->list[i].rule);
		any = true;
	}
}

/* How bad the worst finding about the class is. */
static enum paint mark_of(const struct found *f, size_t place)
{
	for (size_t i = 0; i < f->count; i++) {
		if (f->list[i].marks[place])
			return f->list[i].level;
	}
	return PAINT_KEY;
}

static enum paint paint_of(const struct found *f, size_t place, size_t column, uint64_t n)
{
	if (column == 0)
		return mark_of(f, place);
	if (n == 0)
		return PAINT_DIM;
	if (slice_eq_str(slice_str(columns[column].name), "outofmemory"))
		return PAINT_BAD;
	return slice_eq_str(slice_str(columns[column].name), "evicted") ? PAINT_NOTICE : PAINT_NONE;
}

static void add_total(struct table *t, const struct slabs *slabs, enum part part)
{
	for (size_t c = 0; c < COLUMNS; c++) {
		uint64_t total = 0, n;
		if (!(columns[c].parts & part))
			continue;
		for (size_t i = 0; columns[c].adds_up && i < slabs->count; i++)
			total += number_of(&slabs->classes[i], c, &n) ? n : 0;
		if (c == 0)
			table_cell_str(t, PAINT_HEADING, "total");
		else
			table_cell_str(t, PAINT_NONE,
			               columns[c].adds_up ? stat_text(total, columns[c].unit).s
			                                  : "");
	}
	table_cell_str(t, PAINT_NONE, "");
}

/* The columns of PART, with numbers of findings where there are any. */
static void add_part(struct buf *out, const struct style *style, const struct slabs *slabs,
                     const struct found *f, enum part part)
{
	struct table_column shown[COLUMNS + 1];
	size_t used = 0;
	struct table t;
	struct buf text = BUF_INIT;
	for (size_t c = 0; c < COLUMNS; c++) {
		if (columns[c].parts & part)
			shown[used++] = (struct table_column){columns[c].heading, true};
	}
	shown[used++] = (struct table_column){f->count > 0 ? "see" : "", false};
	table_begin(&t, style, out, "slabs", shown, used);
	t.notes = true;
	for (size_t i = 0; i < slabs->count; i++) {
		for (size_t c = 0; c < COLUMNS; c++) {
			uint64_t n = 0;
			if (!(columns[c].parts & part))
				continue;
			bool known = number_of(&slabs->classes[i], c, &n);
			table_cell_str(&t, paint_of(f, i, c, n),
			               known ? stat_text(n, columns[c].unit).s : "");
		}
		buf_clear(&text);
		add_note(&text, f, i, true);
		table_cell(&t, mark_of(f, i), buf_slice(&text));
	}
	if (slabs->count > 1)
		add_total(&t, slabs, part);
	table_end(&t);
	buf_release(&text);
}

/* Columns of the widest line of TEXT. */
static size_t widest(struct slice text)
{
	size_t most = 0;
	while (text.len > 0) {
		size_t taken = paint_columns(slice_take(&text, '\n'));
		most = taken > most ? taken : most;
	}
	return most;
}

static void add_heading(struct buf *out, const struct style *style, const char *text)
{
	paint_add(out, style->color, PAINT_HEADING, text);
	buf_add_char(out, '\n');
}

static void add_pretty_table(struct buf *out, const struct style *style, const struct slabs *slabs,
                             const struct found *f)
{
	struct style wide = *style;
	struct buf whole = BUF_INIT;
	wide.columns = 4096;
	add_part(&whole, &wide, slabs, f, PART_BOTH);
	if (widest(buf_slice(&whole)) <= style->columns) {
		buf_add_slice(out, buf_slice(&whole));
	} else {
		add_heading(out, style, "Memory");
		add_part(out, style, slabs, f, PART_MEMORY);
		buf_add_char(out, '\n');
		add_heading(out, style, "Evictions");
		add_part(out, style, slabs, f, PART_EVICTIONS);
	}
	buf_release(&whole);
}

static void add_findings(struct buf *out, const struct style *style, const struct found *f)
{
	struct buf line = BUF_INIT;
	for (size_t i = 0; i < f->count; i++) {
		const struct slab_finding *finding = &f->list[i];
		buf_clear(&line);
		buf_addf(&line, "%zu ", i + 1);
		paint_add(&line, style->color, finding->level,
		          finding->level == PAINT_BAD ? "bad" : "notice");
		buf_add_str(&line, ": ");
		buf_add_slice(&line, buf_slice(&finding->evidence));
		buf_add_str(&line, ": ");
		buf_add_slice(&line, buf_slice(&finding->advice));
		buf_add_str(out, i == 0 ? "\n" : "");
		wrap_add(out, buf_slice(&line), 2, 0, wrap_width(style));
	}
	buf_release(&line);
}

static void show_pretty(struct buf *out, const struct style *style, const struct slabs_of *list,
                        size_t count)
{
	bool first = true;
	for (size_t i = 0; i < count; i++) {
		struct found f;
		if (!list[i].server)
			continue;
		if (!first)
			buf_add_char(out, '\n');
		first = false;
		if (count > 1) {
			paint_slice(out, style->color, PAINT_HEADING, escape_add_field,
			            slice_str(list[i].server));
			buf_add_char(out, '\n');
		}
		if (list[i].slabs.count == 0) {
			paint_add(out, style->color, PAINT_DIM,
			          "no class has memory yet: nothing was stored\n");
			continue;
		}
		found_init(&f, &list[i].slabs);
		add_pretty_table(out, style, &list[i].slabs, &f);
		add_findings(out, style, &f);
		found_release(&f);
	}
}

static void show_table(struct buf *out, const struct style *style, const struct slabs_of *list,
                       size_t count)
{
	struct table_column shown[COLUMNS + 2] = {{"server", false}};
	bool labelled = count > 1 || style->format == FORMAT_CSV;
	struct table t;
	struct buf text = BUF_INIT;
	for (size_t c = 0; c < COLUMNS; c++)
		shown[c + 1] = (struct table_column){columns[c].name, true};
	shown[COLUMNS + 1] = (struct table_column){"note", false};
	table_begin(&t, style, out, "slabs", labelled ? shown : shown + 1,
	            labelled ? COLUMNS + 2 : COLUMNS + 1);
	for (size_t i = 0; i < count; i++) {
		struct found f;
		if (!list[i].server)
			continue;
		found_init(&f, &list[i].slabs);
		for (size_t row = 0; row < list[i].slabs.count; row++) {
			if (labelled)
				table_cell_str(&t, PAINT_NONE, list[i].server);
			for (size_t c = 0; c < COLUMNS; c++) {
				uint64_t n;
				bool known = number_of(&list[i].slabs.classes[row], c, &n);
				table_cell_str(&t, PAINT_NONE, known ? digits_text(n).s : "");
			}
			buf_clear(&text);
			add_note(&text, &f, row, false);
			table_cell(&t, PAINT_NONE, buf_slice(&text));
		}
		found_release(&f);
	}
	table_end(&t);
	buf_release(&text);
}

static void add_json_row(struct buf *out, const struct slabs_of *of, const struct found *f,
                         size_t row)
{
	json_open(out, '{');
	json_text_member(out, "server", slice_str(of->server));
	for (size_t c = 0; c < COLUMNS; c++) {
		uint64_t n;
		json_name(out, columns[c].name);
		if (number_of(&of->slabs.classes[row], c, &n))
			json_u64(out, n);
		else
			buf_add_str(out, "null");
	}
	json_open_member(out, "note", '[');
	for (size_t i = 0; i < f->count; i++) {
		if (f->list[i].marks[row])
			json_string(out, slice_str(f->list[i].rule));
	}
	buf_add_str(out, "]}");
}

static void add_json_findings(struct buf *out, const struct slabs_of *of, const struct found *f)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct slab_finding *finding = &f->list[i];
		json_open(out, '{');
		json_text_member(out, "server", slice_str(of->server));
		json_string_member(out, "rule", finding->rule);
		json_string_member(out, "level", finding->level == PAINT_BAD ? "bad" : "notice");
		json_open_member(out, "classes", '[');
		for (size_t c = 0; c < of->slabs.count; c++) {
			if (finding->marks[c])
				json_u64(out, of->slabs.classes[c].id);
		}
		buf_add_char(out, ']');
		json_text_member(out, "evidence", buf_slice(&finding->evidence));
		json_text_member(out, "advice", buf_slice(&finding->advice));
		buf_add_char(out, '}');
	}
}

static void show_json(struct buf *out, const struct slabs_of *list, size_t count)
{
	struct buf findings = BUF_INIT;
	buf_add_char(out, '{');
	json_string_member(out, "command", "slabs");
	json_open_member(out, "rows", '[');
	json_open_member(&findings, "findings", '[');
	for (size_t i = 0; i < count; i++) {
		struct found f;
		if (!list[i].server)
			continue;
		found_init(&f, &list[i].slabs);
		for (size_t row = 0; row < list[i].slabs.count; row++)
			add_json_row(out, &list[i], &f, row);
		add_json_findings(&findings, &list[i], &f);
		found_release(&f);
	}
	buf_add_str(out, "],");
	buf_add_slice(out, buf_slice(&findings));
	buf_add_str(out, "]}\n");
	buf_release(&findings);
}

void slab_table_show(struct buf *out, const struct style *style, const struct slabs_of *list,
                     size_t count)
{
	if (style->format == FORMAT_PRETTY)
		show_pretty(out, style, list, count);
	else if (style->format == FORMAT_JSON)
		show_json(out, list, count);
	else
		show_table(out, style, list, count);
}
