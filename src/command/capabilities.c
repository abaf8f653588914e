#include "command/capabilities.h"

#include "base/quote.h"
#include "base/xalloc.h"
#include "client/survey.h"
#include "shell/tracing.h"
#include "view/stats/stat.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/wrap.h"

#include <stdlib.h>

/* What a card has beside yes and no. */
static const struct fact {
	const char *name;
	size_t offset; /* of the text in struct card */
	enum stat_unit unit;
} facts[] = {
    {"version", offsetof(struct card, version), UNIT_TEXT},
    {"uptime", offsetof(struct card, uptime), UNIT_SECONDS},
    {"memory", offsetof(struct card, memory), UNIT_BYTES},
    {"item_size_max", offsetof(struct card, item_max), UNIT_BYTES},
    {"connections", offsetof(struct card, connections), UNIT_COUNT},
};

#define FACTS (sizeof(facts) / sizeof(facts[0]))

static struct slice fact(const struct card *card, size_t i)
{
	return slice_str((const char *)card + facts[i].offset);
}

static bool is_up(const struct card *card)
{
	return !card->lost.what[0];
}

static const struct {
	const char *word;
	enum paint paint;
} states[] = {
    [FINDING_UNKNOWN] = {"unknown", PAINT_DIM},
    [FINDING_NO] = {"no", PAINT_NONE},
    [FINDING_YES] = {"yes", PAINT_GOOD},
};

/* Why F is as it is, without the name of the server that it is about. */
static const char *reason(const struct servers *servers, size_t server, const struct finding *f)
{
	struct slice label = slice_str(servers_label(servers, server)), why = slice_str(f->why);
	bool named = slice_starts(why, label) &&
	             slice_starts(slice_skip(why, label.len), SLICE(": "));
	return named ? f->why + label.len + 2 : f->why;
}

/* For eyes a plain yes has its meaning. */
static const char *note(struct session *s, size_t server, const struct finding *f,
                        enum capability i)
{
	bool plain_yes = f->state == FINDING_YES && !f->why[0];
	return plain_yes && s->style.format == FORMAT_PRETTY ? capability_meaning(i)
	                                                     : reason(&s->servers, server, f);
}

/* The first cells of each row; pretty has them above the table. */
static void begin_row(struct session *s, struct table *t, size_t server, const char *name)
{
	if (s->style.format != FORMAT_PRETTY) {
		table_cellf(t, PAINT_NONE, "%zu", server + 1);
		table_cell_str(t, PAINT_KEY, servers_label(&s->servers, server));
	}
	table_cell_str(t, PAINT_KEY, name);
}

static void add_fact(struct session *s, struct table *t, const struct card *card, size_t i)
{
	struct buf text = BUF_INIT;
	struct slice value = fact(card, i);
	bool pretty = s->style.format == FORMAT_PRETTY;
	if (pretty && value.len > 0 && facts[i].unit != UNIT_TEXT)
		stat_add_value(&text, value, facts[i].unit);
	else
		buf_add_slice(&text, value);
	table_cell(t, PAINT_NONE, buf_slice(&text));
	table_cell_str(t, PAINT_NONE, "");
	buf_release(&text);
}

static void add_rows(struct session *s, struct table *t, const struct card *card, size_t server)
{
	bool up = is_up(card);
	begin_row(s, t, server, "state");
	table_cell_str(t, up ? PAINT_GOOD : PAINT_BAD, up ? "up" : "down");
	table_cellf(t, PAINT_NONE, "%s%s%s", card->lost.what, card->lost.hint[0] ? ": " : "",
	            card->lost.hint);
	if (!up)
		return;
	begin_row(s, t, server, "software");
	table_cell_str(t, PAINT_NONE, card->software->name);
	table_cell_str(t, PAINT_NONE, card->software->lacks ? card->software->lacks : "");
	for (size_t i = 0; i < FACTS; i++) {
		begin_row(s, t, server, facts[i].name);
		add_fact(s, t, card, i);
	}
	for (enum capability i = 0; i < CAPABILITY_COUNT; i++) {
		const struct finding *f = &card->found[i];
		begin_row(s, t, server, capability_name(i));
		table_cell_str(t, states[f->state].paint, states[f->state].word);
		table_cell_str(t, PAINT_DIM, note(s, server, f, i));
	}
}

static const struct table_column columns[] = {
    {"number", true}, {"server", false}, {"capability", false}, {"answer", false}, {"note", false}};

static void show_tables(struct session *s, const struct card *cards, size_t count)
{
	struct table t;
	table_begin(&t, &s->style, &s->output.results, ".servers", columns, 5);
	for (size_t i = 0; i < count; i++)
		add_rows(s, &t, &cards[i], i);
	table_end(&t);
}

/* A card: "1: 127.0.0.1:11211", and what there is to say. */
static void show_card(struct session *s, const struct card *card, size_t server)
{
	struct buf *out = &s->output.results, line = BUF_INIT;
	struct table t;
	buf_addf(&line, "%zu: ", server + 1);
	escape_add_line(&line, slice_str(servers_label(&s->servers, server)));
	paint_slice(out, s->style.color, PAINT_HEADING, NULL, buf_slice(&line));
	buf_add_char(out, '\n');
	table_begin(&t, &s->style, out, ".servers", columns + 2, 3);
	t.notes = true;
	add_rows(s, &t, card, server);
	table_end(&t);
	buf_release(&line);
}

static void add_reasons(struct session *s, struct buf *out, const struct card *card, size_t server)
{
	json_open_member(out, "why", '{');
	for (enum capability i = 0; i < CAPABILITY_COUNT; i++) {
		if (card->found[i].why[0])
			json_string_member(out, capability_name(i),
			                   reason(&s->servers, server, &card->found[i]));
	}
	if (!is_up(card))
		json_string_member(out, "state", card->lost.what);
	if (card->software->lacks)
		json_string_member(out, "software", card->software->lacks);
	buf_add_char(out, '}');
}

static void add_object(struct session *s, struct buf *out, const struct card *card, size_t server)
{
	static const char *const words[] = {
	    [FINDING_UNKNOWN] = "null", [FINDING_NO] = "false", [FINDING_YES] = "true"};
	json_open(out, '{');
	json_u64_member(out, "number", server + 1);
	json_text_member(out, "server", slice_str(servers_label(&s->servers, server)));
	json_string_member(out, "state", is_up(card) ? "up" : "down");
	json_string_member(out, "software", card->software->name);
	for (size_t i = 0; i < FACTS; i++) {
		struct slice value = fact(card, i);
		json_name(out, facts[i].name);
		if (value.len == 0)
			buf_add_str(out, "null");
		else if (facts[i].unit == UNIT_TEXT)
			json_bytes(out, value);
		else
			json_number_or_string(out, value);
	}
	for (enum capability i = 0; i < CAPABILITY_COUNT; i++) {
		json_name(out, capability_name(i));
		buf_add_str(out, words[card->found[i].state]);
	}
	add_reasons(s, out, card, server);
	buf_add_char(out, '}');
}

static void show_json(struct session *s, const struct card *cards, size_t count)
{
	struct buf *out = &s->output.results;
	buf_add_char(out, '{');
	json_string_member(out, "command", ".servers");
	json_open_member(out, "rows", '[');
	for (size_t i = 0; i < count; i++)
		add_object(s, out, &cards[i], i);
	buf_add_str(out, "]}\n");
}

enum status capabilities_show(struct session *s)
{
	size_t count = client_server_count(s->servers.client);
	struct card *cards = xcalloc(count, sizeof(*cards));
	enum status status = STATUS_OK;
	tracing_begin(&s->tracing);
	bool whole = survey_run(s->servers.client, &s->servers.options, cards);
	tracing_end(&s->tracing);
	for (size_t i = 0; i < count; i++) {
		if (cards[i].found[CAPABILITY_LOGIN].state == FINDING_YES)
			client_guard(s->servers.client, i);
	}
	if (s->style.format == FORMAT_JSON)
		show_json(s, cards, count);
	else if (s->style.format != FORMAT_PRETTY)
		show_tables(s, cards, count);
	for (size_t i = 0; i < count; i++) {
		if (s->style.format == FORMAT_PRETTY && i > 0)
			buf_add_char(&s->output.results, '\n');
		if (s->style.format == FORMAT_PRETTY)
			show_card(s, &cards[i], i);
		if (!is_up(&cards[i]))
			status = STATUS_LOST;
	}
	free(cards);
	return whole ? status : STATUS_LOST;
}
