/*
 * csv, with a header line (none when the answer before had the same; the server is the first column
 * when several answer):
 *
 *   values   key,flags,bytes,value,encoding   (gets, gats: key,flags,bytes,cas,value,encoding)
 *            value is what plain prints of it (view_plain_value), bytes the length as stored;
 *            encoding is empty for text and "base64" for the rest; misses have no row
 *   stats    name,value; of detail dump and cachedump the prefix or key, and what is after it
 *   stats items, slabs, conns
 *            a row a class (class,number,age,...) or connection (fd,addr,...), a column a counter,
 *            in the order in which they first came; what a row lacks is empty; counters of no class
 *            have a row without one at the end of their server's
 *   mg, ms, md, ma
 *            key,reply,bytes,value,encoding, and a column a flag of an answer, empty where it was
 *            not returned; a silence has no reply
 *   me       key,exp,la,cas,fetch,cls,size
 *   others   as in plain, without a header
 *
 * Keys, names and stats values that are not text are escaped as in plain.
 */
#include "base/base64.h"
#include "base/quote.h"
#include "view/format/format.h"
#include "view/format/meta.h"
#include "view/stats/classes.h"
#include "view/stats/servers.h"
#include "view/text/csv_write.h"

void view_add_csv_text(struct view *v, struct slice text)
{
	const char *quote = csv_quote(v->style, text);
	buf_add_str(v->out, quote);
	view_add_pieces(v, *quote ? csv_add_quoted : view_add_bytes, text);
	if (*quote)
		buf_add_char(v->out, '"');
}

void view_add_csv_base64(struct view *v, struct slice bytes)
{
	for (; bytes.len > VIEW_PIECE; bytes = slice_skip(bytes, VIEW_PIECE)) {
		base64_add(v->out, slice_of(bytes.data, VIEW_PIECE));
		view_drain(v);
	}
	base64_add(v->out, bytes);
}

static void add_server(struct view *v, const char *server)
{
	if (!v->question.label)
		return;
	csv_add_safe(v->out, v->style, slice_str(server));
	buf_add_char(v->out, ',');
}

static void csv_begin(struct view *v)
{
	bool stats = v->question.request->verb == VERB_STATS;
	if (!stats && !view_asks_values(v) && !view_asks_meta(v))
		return;
	if (v->question.label && v->question.part > 0)
		return;
	/* Held back until there is a row, or an answer that has none. */
	v->kept = 1;
}

static void add_header(struct view *v)
{
	if (v->kept == 0)
		return;
	v->kept = 0;
	size_t from = v->out->len;
	if (v->question.label)
		buf_add_str(v->out, "server,");
	if (view_asks_meta(v))
		buf_add_str(v->out, meta_csv_header(v));
	else if (!view_asks_values(v))
		buf_add_str(v->out, "name,value\n");
	else if (view_asks_cas(v))
		buf_add_str(v->out, "key,flags,bytes,cas,value,encoding\n");
	else
		buf_add_str(v->out, "key,flags,bytes,value,encoding\n");
	csv_end_header(v->out, from, v->style);
}

static void add_value(struct view *v, const struct reply *reply)
{
	struct buf *out = v->out;
	csv_add_safe(v->out, v->style, reply->key);
	buf_add_char(out, ',');
	buf_add_u64(out, reply->flags);
	buf_add_char(out, ',');
	buf_add_u64(out, reply->value.len);
	buf_add_char(out, ',');
	if (view_asks_cas(v)) {
		if (reply->has_cas)
			buf_add_u64(out, reply->cas);
		buf_add_char(out, ',');
	}
	struct decoded decoded;
	struct slice value = view_plain_value(v, reply, &decoded);
	if (bytes_are_text(value)) {
		view_add_csv_text(v, value);
		buf_add_str(out, ",\n");
	} else {
		view_add_csv_base64(v, value);
		buf_add_str(out, ",base64\n");
	}
	decoded_release(&decoded);
}

static void add_counter(struct view *v, const char *server, const struct stat *stat)
{
	add_server(v, server);
	csv_add_safe(v->out, v->style, stat->name);
	buf_add_char(v->out, ',');
	csv_add_safe(v->out, v->style, stat->value);
	buf_add_char(v->out, '\n');
}

/* PREFIX <prefix> get 2 ..., or ITEM <key> [1 b; 0 s]. */
static void add_line(struct view *v, struct slice line)
{
	slice_take(&line, ' ');
	struct slice name = slice_take(&line, ' ');
	add_counter(v, v->question.server, &(struct stat){.name = name, .value = line});
}

/* The counters of stats items and its like, which are kept until all servers have answered. */
struct class_table {
	struct slice fields[STATS_FIELDS_MAX]; /* the columns, those without a class last */
	struct slice cells[STATS_FIELDS_MAX];  /* of the row that is being filled */
	size_t count;
	bool filled;
};

static bool has_classes(const struct view *v)
{
	return v->question.request->verb == VERB_STATS &&
	       stats_rows_of(slice_trim(v->question.request->text));
}

/* The column of NAME, found or new; STATS_FIELDS_MAX when there are too many. */
static size_t column_of(struct class_table *t, struct slice name)
{
	size_t i = 0;
	while (i < t->count && !slice_eq(t->fields[i], name))
		i++;
	if (i == t->count && i < STATS_FIELDS_MAX)
		t->fields[t->count++] = name;
	return i;
}

/* Finds the columns; false when there are too many. */
static bool find_columns(const struct view *v, struct class_table *t)
{
	struct stat stat;
	struct slice field;
	const char *server;
	size_t part;
	uint64_t class;
	bool fits = true;
	for (int classes = 1; classes >= 0; classes--) {
		struct slice rest = buf_slice(&v->shared);
		while (fits && stats_next_shared(&rest, &stat, &part, &server)) {
			bool split = stats_split(stat.name, &class, &field);
			if (split == (classes == 1))
				fits = column_of(t, split ? field : stat.name) < STATS_FIELDS_MAX;
		}
	}
	return fits;
}

static void add_class_header(struct view *v, const struct class_table *t)
{
	size_t from = v->out->len;
	if (v->question.label)
		buf_add_str(v->out, "server,");
	buf_add_str(v->out, stats_rows_of(slice_trim(v->question.request->text)));
	for (size_t i = 0; i < t->count; i++) {
		buf_add_char(v->out, ',');
		csv_add_safe(v->out, v->style, t->fields[i]);
	}
	buf_add_char(v->out, '\n');
	csv_end_header(v->out, from, v->style);
}

static void end_row(struct view *v, struct class_table *t)
{
	for (size_t i = 0; t->filled && i < t->count; i++) {
		buf_add_char(v->out, ',');
		csv_add_safe(v->out, v->style, t->cells[i]);
		t->cells[i] = SLICE("");
	}
	if (t->filled)
		buf_add_char(v->out, '\n');
	t->filled = false;
}

/* A row's counters come together. */
static void add_class_rows(struct view *v, struct class_table *t)
{
	struct slice rest = buf_slice(&v->shared), field;
	struct stat stat;
	const char *server;
	size_t part, last_part = 0;
	uint64_t class, last_class = 0;
	bool split, last_split = false;
	while (stats_next_shared(&rest, &stat, &part, &server)) {
		class = 0;
		split = stats_split(stat.name, &class, &field);
		if (part != last_part || class != last_class || split != last_split)
			end_row(v, t);
		if (!t->filled) {
			add_server(v, server);
			if (split)
				buf_add_u64(v->out, class);
		}
		t->filled = true;
		t->cells[column_of(t, split ? field : stat.name)] = stat.value;
		last_part = part;
		last_class = class;
		last_split = split;
	}
	end_row(v, t);
}

/* After the last server's answer, or what there is of it. */
static void show_classes(struct view *v)
{
	struct class_table t = {.count = 0};
	struct slice rest = buf_slice(&v->shared);
	struct stat stat;
	const char *server;
	size_t part;
	if (v->question.label && v->question.part + 1 < v->question.parts)
		return;
	if (find_columns(v, &t)) {
		add_class_header(v, &t);
		add_class_rows(v, &t);
		return;
	}
	v->kept = 1;
	while (stats_next_shared(&rest, &stat, &part, &server)) {
		add_header(v);
		add_counter(v, server, &stat);
	}
}

static void csv_reply(struct view *v, const struct reply *reply)
{
	switch (reply->kind) {
	case REPLY_VALUE:
		add_header(v);
		add_server(v, v->question.server);
		add_value(v, reply);
		break;
	case REPLY_STAT:
		if (has_classes(v)) {
			stats_keep_shared(v, reply);
			break;
		}
		add_header(v);
		add_counter(v, v->question.server,
		            &(struct stat){.name = reply->key, .value = reply->value});
		break;
	case REPLY_LINE:
		if (v->question.request->verb != VERB_STATS) {
			format_plain.reply(v, reply);
			break;
		}
		add_header(v);
		add_line(v, reply->value);
		break;
	case REPLY_END:
		if (has_classes(v))
			show_classes(v);
		else
			add_header(v);
		break;
	case REPLY_HD:
	case REPLY_VA:
	case REPLY_EN:
	case REPLY_NF:
	case REPLY_NS:
	case REPLY_EX:
	case REPLY_ME:
	case REPLY_QUIET:
		if (v->question.request->verb == VERB_ME && reply->kind != REPLY_ME)
			break;
		add_header(v);
		add_server(v, v->question.server);
		meta_csv_row(v, reply);
		break;
	default:
		if (has_classes(v) && v->shared.len > 0)
			show_classes(v);
		format_plain.reply(v, reply);
	}
}

const struct view_format format_csv = {csv_begin, csv_reply, NULL};
