#include "view/explain/explain.h"
#include "base/quote.h"
#include "base/xalloc.h"
#include "command/rows.h"
#include "command/storing.h"
#include "proto/dialect.h"
#include "shell/execute.h"
#include "shell/flow/protocol.h"
#include "shell/flow/route.h"
#include "shell/report.h"
#include "view/explain/answers.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

#include <stdlib.h>
#include <time.h>

/* Fields of a request that are named; what is beyond is the last one. */
#define FIELDS_MAX 4096

/* What a label of a list takes at the most. */
#define LABEL_WIDTH 8

/* An answer's word that is longer has its meaning below it. */
#define WORD_MOST 30

/* An explanation that is being given. */
struct explanation {
	struct session *s;
	struct args args; /* of the command that is explained */
	struct request request, wire;
	struct ask ask;
	struct slice *prefixed;
	struct buf arena;
	struct field *fields;
	struct table table; /* plain, csv: every part a row */
	bool json, eyes;
	size_t steps;
};

static const struct table_column columns[] = {
    {"part", false}, {"server", false}, {"offset", true},  {"length", true},
    {"name", false}, {"text", false},   {"meaning", false}};

static void begin_part(struct explanation *x, const char *name, const char *title)
{
	struct buf *out = &x->s->output.results;
	if (x->json) {
		json_open_member(out, name, '[');
	} else if (x->eyes) {
		if (out->len > 1 && out->data[out->len - 2] != '\n')
			buf_add_char(out, '\n');
		wrap_add_painted(out, &x->s->style, PAINT_HEADING, slice_str(title), 0);
		buf_add_char(out, '\n');
	}
}

static void end_part(struct explanation *x)
{
	if (x->json)
		buf_add_char(&x->s->output.results, ']');
}

/* A name and what it means, in a part of them; LABEL names the first in json. */
static void add_line(struct explanation *x, const char *part, const char *label, const char *name,
                     size_t width, enum paint paint, struct slice meaning)
{
	struct buf *out = &x->s->output.results;
	if (x->json) {
		json_open(out, '{');
		json_string_member(out, label, name);
		json_text_member(out, "meaning", meaning);
		buf_add_char(out, '}');
	} else if (x->eyes) {
		explain_row(out, &x->s->style, 2, width, paint, slice_str(name), meaning);
	} else {
		table_cell_str(&x->table, PAINT_NONE, part);
		for (int i = 0; i < 3; i++)
			table_cell_str(&x->table, PAINT_NONE, "");
		table_cell_str(&x->table, PAINT_NONE, name);
		table_cell_str(&x->table, PAINT_NONE, "");
		table_cell(&x->table, PAINT_NONE, meaning);
	}
}

/* A step before the wire. TEXT is released. */
static void add_step(struct explanation *x, const char *name, struct buf *text)
{
	struct short_text numbered = short_textf("%zu. %s", ++x->steps, name);
	add_line(x, "before", "name", x->eyes ? numbered.s : name, LABEL_WIDTH + 3, PAINT_KEY,
	         buf_slice(text));
	buf_release(text);
}

static void add_bytes(struct buf *out, size_t n)
{
	buf_addf(out, "%zu byte%s", n, n == 1 ? "" : "s");
}

static void add_key_step(struct explanation *x)
{
	struct buf text = BUF_INIT;
	const struct slice *keys = x->wire.keys;
	if (x->wire.key_count == 1) {
		quote_add_word(&text, keys[0]);
		buf_add_str(&text, ": ");
		add_bytes(&text, keys[0].len);
		buf_add_str(&text, " of at most 250");
	} else {
		buf_addf(&text, "%zu keys of at most 250 bytes each", x->wire.key_count);
	}
	struct error ignored;
	buf_add_str(&text, dialect_of(&x->wire)->packets ? "; any bytes"
	                   : x->wire.key_count == 1 && !key_check(keys[0], &ignored)
	                       ? "; in base64, for its blanks or control bytes"
	                       : "; no blank, no control byte");
	if (x->ask.prefix.len > 0) {
		buf_add_str(&text, "; with the prefix ");
		quote_add_word(&text, x->ask.prefix);
	}
	add_step(x, "key", &text);
}

/* Of the flags and the bytes that --type asks for. */
static void add_type_step(struct explanation *x, const struct storing *how)
{
	struct buf text = BUF_INIT;
	if (!how->typed) {
		buf_add_str(&text, args_option(&x->args, "--flags", NULL)
		                       ? "the bytes as they are, and the flags of --flags"
		                       : "the bytes as they are, flags 0: no --type was given");
	} else {
		buf_addf(&text, "%s: ", decoded_type_name(how->type));
		if (how->profile->encode)
			buf_addf(&text, "%s's bytes for it", how->profile->name);
		else if (how->type == DECODED_INTEGER || how->type == DECODED_LONG)
			buf_add_str(&text, "its decimal digits");
		else if (how->type == DECODED_TEXT)
			buf_add_str(&text, "its UTF-8");
		else
			buf_add_str(&text, "the bytes as they are");
		buf_addf(&text, ", and the flags %lu (", (unsigned long)how->flags);
		codec_name_flags(how->profile, how->flags, &text);
		buf_addf(&text, ") of %s", how->profile->name);
	}
	add_step(x, "type", &text);
}

static void add_compress_step(struct explanation *x, const struct storing *how)
{
	struct buf text = BUF_INIT;
	size_t len = x->request.value.len, least = how->min_compress_len;
	uint32_t zlib = how->profile->typed[how->type].zlib;
	if (x->request.flags != how->flags) {
		buf_addf(&text, "yes: longer than min_compress_len, %zu, and smaller so: ", least);
		add_bytes(&text, len);
		buf_addf(&text, " of zlib; the flags get %lu more", (unsigned long)zlib);
	} else if (least == 0) {
		buf_add_str(&text, "no: min_compress_len is off");
	} else if (zlib == 0) {
		buf_addf(&text, "no: %s never compresses %s", how->profile->name,
		         decoded_type_name(how->type));
	} else if (len <= least) {
		buf_add_str(&text, "no: ");
		add_bytes(&text, len);
		buf_addf(&text, ", and min_compress_len is %zu: only what is longer", least);
	} else {
		buf_add_str(&text, "no: zlib would not make it smaller");
	}
	add_step(x, "compress", &text);
}

/* The way of a value into flags and bytes: python-memcached's _set, or whose the profile is. */
static void add_value_steps(struct explanation *x)
{
	struct storing how;
	struct error ignored;
	struct buf text = BUF_INIT;
	if (!verb_stores(x->request.verb))
		return;
	if (x->request.verb == VERB_APPEND || x->request.verb == VERB_PREPEND) {
		buf_add_str(&text,
		            "the bytes as they are: a piece of a value has no type, and is not "
		            "compressed");
		add_step(x, "type", &text);
		return;
	}
	if (!storing_read(x->s, &x->args, &how, &ignored))
		return;
	add_type_step(x, &how);
	add_compress_step(x, &how);
}

static const char *place_of(const struct explanation *x, size_t server)
{
	return servers_label(&x->s->servers, server);
}

/* Why the server of KEY is the one it is. */
static void add_why(struct explanation *x, struct buf *text, struct slice key)
{
	const struct client *client = x->s->servers.client;
	const struct distribution_setup *setup = client_setup(client);
	struct distribution *d = client_distribution(client, setup);
	distribution_explain(d, key, text);
	buf_addf(text, "; %s places it so", setup->name);
	if (client_is_dead(client, distribution_pick(d, key, 0)))
		buf_add_str(text, "; that server is down, and the next one is taken");
	distribution_free(d);
}

static void add_server_step(struct explanation *x, const struct destination *to)
{
	struct buf text = BUF_INIT;
	size_t count = client_server_count(x->s->servers.client);
	if (to->kind == TO_EACH && count > 1) {
		buf_addf(&text, "all %zu: each answers for itself", count);
	} else if (count == 1) {
		buf_addf(&text, "%s, the only one: every key is there", place_of(x, 0));
	} else if (x->ask.target.kind == TARGET_SERVER) {
		buf_addf(&text, "%s, which was named", place_of(x, to->server));
	} else if (x->ask.target.kind == TARGET_HASH) {
		buf_addf(&text, "%s, by the hash %lu in the place of the key's",
		         place_of(x, to->server), (unsigned long)x->ask.target.hash);
	} else if (x->wire.key_count == 0) {
		buf_addf(&text, "%s, the first: no key says another", place_of(x, to->server));
	} else if (to->kind == TO_ONE && to->server >= count) {
		buf_add_str(&text, "none: no server has a weight");
	} else if (x->wire.key_count == 1) {
		buf_addf(&text, "%s: ", place_of(x, to->server));
		add_why(x, &text, x->wire.keys[0]);
	} else {
		buf_addf(&text, "each key to its own, of %zu servers: .where KEY says why", count);
	}
	add_step(x, "server", &text);
}

static void add_rows(struct explanation *x, const struct message *m)
{
	struct buf meaning = BUF_INIT;
	for (size_t i = 0; i < m->fields->count; i++) {
		const struct field *field = &m->fields->at[i];
		buf_clear(&meaning);
		meaning_add(&meaning, m, field);
		table_cell_str(&x->table, PAINT_NONE, "request");
		table_cell_str(&x->table, PAINT_NONE, m->server);
		table_cellf(&x->table, PAINT_NONE, "%zu", field->offset);
		table_cellf(&x->table, PAINT_NONE, "%zu", field->length);
		table_cell_str(&x->table, PAINT_NONE, field_name(field->kind));
		table_cell(&x->table, PAINT_NONE, meaning_text(m, field));
		table_cell(&x->table, PAINT_NONE, buf_slice(&meaning));
	}
	buf_release(&meaning);
}

/* WIRE as it would go to the server at PLACE. */
static bool add_request(struct explanation *x, const struct request *wire, const char *place)
{
	struct session *s = x->s;
	struct fields fields = {.at = x->fields, .max = FIELDS_MAX};
	struct buf bytes = BUF_INIT;
	bool fits = dialect_encode(wire, &bytes, &fields);
	struct message m = {.request = wire,
	                    .bytes = buf_slice(&bytes),
	                    .fields = &fields,
	                    .profile = codecs[s->settings.profile],
	                    .now = time(NULL)};
	if (!x->eyes || client_server_count(s->servers.client) > 1)
		m.server = place;
	if (fits && x->json)
		explain_json(&s->output.results, &m);
	else if (fits && x->eyes)
		explain_draw(&s->output.results, &s->style, &m);
	else if (fits)
		add_rows(x, &m);
	buf_release(&bytes);
	return fits;
}

/* The keys of the wire that go to SERVER. */
static void add_share(struct explanation *x, size_t server)
{
	struct request part = x->wire;
	struct slice *keys = xcalloc(part.key_count, sizeof(*keys));
	size_t n = 0;
	for (size_t i = 0; i < part.key_count; i++) {
		if (client_server_for(x->s->servers.client, part.keys[i]) == server)
			keys[n++] = part.keys[i];
	}
	part.keys = keys;
	part.key_count = n;
	if (n > 0)
		add_request(x, &part, place_of(x, server));
	free(keys);
}

static void add_requests(struct explanation *x, const struct destination *to)
{
	size_t count = client_server_count(x->s->servers.client);
	begin_part(x, "requests", short_textf("On the wire, %s", dialect_of(&x->wire)->name).s);
	for (size_t i = 0; i < count; i++) {
		if (to->kind == TO_SHARES)
			add_share(x, i);
		else if (to->kind == TO_EACH ? !x->eyes : to->server == i)
			add_request(x, &x->wire, place_of(x, i));
	}
	if (to->kind == TO_EACH && x->eyes)
		add_request(x, &x->wire, "each of them");
	end_part(x);
}

static void add_answers(struct explanation *x)
{
	const char *word, *text;
	size_t width = 0;
	begin_part(x, "answers", "What can come back");
	for (size_t i = 0; answer_at(&x->wire, i, &word, &text); i++)
		if (strlen(word) > width && strlen(word) < WORD_MOST)
			width = strlen(word);
	for (size_t i = 0; answer_at(&x->wire, i, &word, &text); i++)
		add_line(x, "answer", "reply", word, width, PAINT_GOT, slice_str(text));
	end_part(x);
}

static void add_summary(struct explanation *x)
{
	struct buf text = BUF_INIT;
	const struct command *command = x->args.command;
	buf_addf(&text, "%s: %s. Nothing is sent.", command->name, command->summary);
	wrap_add(&x->s->output.results, buf_slice(&text), 0, 0, x->s->style.columns);
	buf_release(&text);
}

static void begin(struct explanation *x)
{
	struct buf *out = &x->s->output.results;
	if (x->json) {
		json_open(out, '{');
		json_string_member(out, "command", ".explain");
		json_text_member(out, "line", x->args.line);
	} else if (x->eyes) {
		add_summary(x);
	} else {
		table_begin(&x->table, &x->s->style, out, ".explain", columns, 7);
	}
}

static void end(struct explanation *x)
{
	struct buf *out = &x->s->output.results;
	if (x->json)
		buf_add_str(out, "}\n");
	else if (!x->eyes)
		table_end(&x->table);
}

/* The steps of a value are those of the client whose flags it gets. */
static void begin_before(struct explanation *x)
{
	const struct codec *p = codec_writer(codecs[x->s->settings.profile]);
	struct short_text title = {"Before the wire"};
	if (verb_stores(x->request.verb))
		title = short_textf("Before the wire, step by step as %s%s", p->name,
		                    slice_eq_str(SLICE("python-memcached"), p->name) ? "'s _set"
		                                                                     : " does it");
	begin_part(x, "before", title.s);
}

/* What it says when the request is there. */
static enum status explain(struct explanation *x)
{
	struct session *s = x->s;
	struct error error;
	x->wire = x->request;
	if (x->ask.prefix.len > 0 && x->wire.key_count > 0) {
		x->prefixed =
		    ask_prefixed(x->ask.prefix, x->wire.keys, x->wire.key_count, &x->arena);
		x->wire.keys = x->prefixed;
		x->wire.keys_checked = false;
	}
	struct slice first = x->wire.key_count ? x->wire.keys[0] : slice_of(NULL, 0);
	struct destination to = route(s->servers.client, &x->ask, first);
	x->wire.dialect = protocol_choose(s, &x->wire, to.server, 0).dialect;
	if (!request_check(&x->wire, &error) || !dialect_check(&x->wire, &error))
		return report_error(s, STATUS_USAGE, &error);
	begin(x);
	begin_before(x);
	if (x->wire.key_count > 0)
		add_key_step(x);
	add_server_step(x, &to);
	add_value_steps(x);
	end_part(x);
	add_requests(x, &to);
	add_answers(x);
	end(x);
	return STATUS_OK;
}

/* A command that is its function's own: what its row says. */
static enum status refuse(struct session *s, const struct command *command)
{
	struct error error;
	error_set(&error, NULL, "%s is not one request", command->name);
	error_hint(&error, ".help %s says what it sends%s", command->name,
	           command->sends ? ", and .trace explain shows it when it does" : ": nothing");
	return report_error(s, STATUS_USAGE, &error);
}

static enum status run_explain(struct session *s, struct args *args)
{
	struct explanation x = {.s = s,
	                        .json = s->style.format == FORMAT_JSON,
	                        .eyes = s->style.format == FORMAT_PRETTY};
	struct words words = {0};
	struct slice line = args_rest(args, 0), *operands = NULL;
	struct error error;
	enum status status = STATUS_USAGE;
	const struct command *command = NULL;
	if (tokenize(line, &words, &error) == TOKENIZE_OK && words.count > 0)
		command = command_find(s->commands, words.list[0].text, &error);
	if (command && (!command->build || command->flags & COMMAND_SECRET)) {
		status = refuse(s, command);
		words_release(&words);
		return status;
	}
	if (command) {
		operands = xcalloc(words.count, sizeof(*operands));
		x.fields = xcalloc(FIELDS_MAX, sizeof(*x.fields));
		x.args.line = line;
	}
	if (!command ||
	    !args_parse(command, words.list + 1, words.count - 1, operands, &x.args, &error))
		status = report_error(s, STATUS_USAGE, &error);
	else if (execute_runs(&x.args))
		status = refuse(s, command);
	else if (!execute_build(s, &x.args, &x.request, &x.ask, &error))
		status = report_error(s, STATUS_USAGE, &error);
	else
		status = explain(&x);
	buf_release(&x.args.file);
	buf_release(&x.arena);
	free(x.prefixed);
	free(x.fields);
	free(operands);
	words_release(&words);
	return status;
}

static const struct command_hint explain_hints[] = {
    {"describe inspect dissect", ".explain COMMAND"},
    {0},
};

const struct command command_dot_explain = {
    .name = ".explain",
    .group = GROUP_LOOK,
    .flags = COMMAND_VERBATIM,
    .operands = "COMMAND...",
    .hints = explain_hints,
    .summary = "take a command apart that is not sent",
    .about =
	"Says what mcsh would do with COMMAND, and sends nothing: the way before the wire (the key "
	"and its prefix, the type, the flags and the compression of a value, the server and why it "
	"is that one), the bytes with the name of each field under them and what it means, and "
	"what can come back. The flags are explained as the client of .profile has them, times as "
	"lengths and as dates. .trace explain does the same to what is sent and received.",
    .example = "> .explain delete foo | grep ^request | cut -f3-5\n0\t6\tcommand\n"
	       "6\t1\tblank\n7\t3\tkey\n10\t2\tline end\n",
    .effect = EFFECT_READS,
    .run = run_explain,
};
