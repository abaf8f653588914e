#include "view/keys/item_card.h"

#include "base/quote.h"
#include "view/format/format.h"
#include "view/format/pretty_line.h"
#include "view/text/csv_write.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

/* Columns before the facts in pretty, their names included. */
#define INDENT 12

enum fact {
	KEY,
	SERVER,
	PLACED,
	FLAGS,
	BYTES,
	VALUE,
	ENCODING,
	TYPE,
	PROFILE,
	CLASS,
	CHUNK,
	SIZE,
	TTL,
	EXPTIME,
	BUMPED,
	FETCHED,
	CAS,
	STALE,
	FACTS,
};

enum kind {
	TEXT,
	NUMBER,
	YES_NO,
	ELSEWHERE, /* json has it among the members of the value */
};

static const struct {
	const char *name;
	enum kind kind;
} facts[FACTS] = {
    [KEY] = {"key", ELSEWHERE},
    [SERVER] = {"server", TEXT},
    [PLACED] = {"placed", TEXT},
    [FLAGS] = {"flags", ELSEWHERE},
    [BYTES] = {"bytes", ELSEWHERE},
    [VALUE] = {"value", ELSEWHERE},
    [ENCODING] = {"encoding", ELSEWHERE},
    [TYPE] = {"type", ELSEWHERE},
    [PROFILE] = {"profile", ELSEWHERE},
    [CLASS] = {"class", NUMBER},
    [CHUNK] = {"chunk", NUMBER},
    [SIZE] = {"size", NUMBER},
    [TTL] = {"ttl", NUMBER},
    [EXPTIME] = {"exptime", NUMBER},
    [BUMPED] = {"bumped", NUMBER},
    [FETCHED] = {"fetched", YES_NO},
    [CAS] = {"cas", NUMBER},
    [STALE] = {"stale", YES_NO},
};

/* A card with what is made of it: the facts' texts, empty where one is not known. */
struct filled {
	const struct item_card *card;
	struct reply value;
	struct decoded meaning; /* not of json, which has it from the view */
	bool has_meaning;
	struct slice words; /* the value in plain and csv: what `get` prints there */
	struct buf text[FACTS];
};

static void begin_view(struct view *v, const struct style *style, const struct filled *f,
                       struct buf *out)
{
	view_init(v, style, out);
	v->drain = f->card->drain;
	v->drain_ctx = f->card->drain_ctx;
}

static void fill_value(struct filled *f, const struct style *style)
{
	const struct item_card *c = f->card;
	if (!c->item.has_value)
		return;
	buf_add_u64(&f->text[FLAGS], c->item.flags);
	buf_add_u64(&f->text[BYTES], c->value.len);
	if (style->format == FORMAT_JSON)
		return;
	f->has_meaning = view_meaning(style, &f->value, &f->meaning);
	buf_add_str(&f->text[TYPE], f->has_meaning             ? decoded_type_name(f->meaning.type)
	                            : bytes_are_text(c->value) ? "text"
	                                                       : "bytes");
	if (f->has_meaning && !decoded_by_content(&f->meaning))
		buf_add_str(&f->text[PROFILE], f->meaning.codec);
}

static void fill(struct filled *f, const struct style *style)
{
	const struct item_card *c = f->card;
	const struct item_state *item = &c->item;
	buf_add_slice(&f->text[KEY], c->key);
	buf_add_str(&f->text[SERVER], c->server);
	buf_add_slice(&f->text[PLACED], c->placed);
	if (!item->there)
		return;
	fill_value(f, style);
	buf_add_u64(&f->text[CLASS], item->class);
	if (c->chunk > 0)
		buf_add_u64(&f->text[CHUNK], c->chunk);
	buf_add_u64(&f->text[SIZE], item->size);
	buf_add_i64(&f->text[TTL], item->ttl);
	buf_add_i64(&f->text[EXPTIME], item->ttl < 0 ? 0 : c->now + item->ttl);
	buf_add_u64(&f->text[BUMPED], item->bumped);
	buf_add_str(&f->text[FETCHED], item->fetched ? "yes" : "no");
	if (item->cas > 0)
		buf_add_u64(&f->text[CAS], item->cas);
	if (item->stale)
		buf_add_str(&f->text[STALE], "yes");
}

void item_card_add_ttl(struct buf *out, const struct item_state *item, int64_t now)
{
	if (item->ttl < 0) {
		buf_add_str(out, "never expires");
		return;
	}
	buf_addf(out, "%s, until %s", span_text((uint64_t)item->ttl).s,
	         date_text((uint64_t)(now + item->ttl)).s);
}

/* "69 bytes, class 1, in a chunk of 96: 27 unused" */
static void add_size(struct buf *out, const struct item_card *c)
{
	const struct item_state *item = &c->item;
	buf_addf(out, "%s, class %u", count_text(item->size, " byte", " bytes").s, item->class);
	if (c->chunk == 0)
		return;
	if (item->size > c->chunk) {
		buf_addf(out, ", in several chunks of up to %s", grouped_text(c->chunk).s);
		return;
	}
	buf_addf(out, ", in a chunk of %s: %s unused", grouped_text(c->chunk).s,
	         grouped_text(c->chunk - item->size).s);
}

static void add_bumped(struct buf *out, const struct item_state *item)
{
	if (item->bumped == 0) {
		buf_add_str(out, "just now");
		return;
	}
	buf_add_str(out, span_text(item->bumped).s);
	buf_add_str(out,
	            " ago; idle for that long at the most, since a use moves it up only where the "
	            "last one was a minute before");
}

/* A line of the card: NAME and TEXT. */
static void add_line(struct buf *out, const struct style *style, const char *name, struct buf *text)
{
	if (text->len == 0)
		return;
	size_t pad = INDENT - 2 - strlen(name);
	buf_add_str(out, "  ");
	paint_add(out, style->color, PAINT_HEADING, name);
	buf_add_repeat(out, ' ', pad);
	wrap_add(out, buf_slice(text), INDENT, INDENT, style->columns);
	buf_clear(text);
}

static void add_value(struct buf *out, const struct style *style, const struct filled *f)
{
	struct style untimed = *style;
	struct request get = {.verb = VERB_GET, .keys = &f->card->key, .key_count = 1};
	struct question question = {.command = f->card->command, .request = &get, .server = ""};
	struct reply end = {.kind = REPLY_END};
	struct view v;
	untimed.timing = TIMING_OFF;
	begin_view(&v, &untimed, f, out);
	view_begin(&v, &question);
	view_reply(&v, &f->value);
	view_reply(&v, &end);
	view_release(&v);
}

/* What the flags and the type mean to the profile. */
static void add_meaning(struct buf *line, const struct style *style, const struct filled *f)
{
	const struct decoded *d = &f->meaning;
	buf_add_slice(line, buf_slice(&f->text[TYPE]));
	if (f->has_meaning && d->serialiser)
		buf_addf(line, ", %s", d->serialiser);
	if (f->has_meaning && d->container)
		buf_addf(line, ", stored as %s", d->container);
	buf_add_str(line, ", flags ");
	if (style->profile && f->text[PROFILE].len > 0) {
		codec_name_flags(codec_find(slice_str(d->codec)), f->card->item.flags, line);
		buf_addf(line, " of %s", d->codec);
	} else {
		buf_add_u64(line, f->card->item.flags);
	}
}

static void add_server(struct buf *out, const struct style *style, const struct item_card *c)
{
	struct buf line = BUF_INIT;
	escape_add_field(&line, slice_str(c->server));
	if (c->placed.len > 0) {
		buf_add_str(&line, ": ");
		buf_add_slice(&line, c->placed);
	}
	add_line(out, style, "server", &line);
	buf_release(&line);
}

static void add_facts(struct buf *out, const struct style *style, const struct filled *f)
{
	const struct item_card *c = f->card;
	struct buf line = BUF_INIT;
	add_server(out, style, c);
	if (c->item.has_value)
		add_meaning(&line, style, f);
	else
		buf_add_str(&line, "not known: the value and its flags were not read");
	add_line(out, style, "type", &line);
	add_size(&line, c);
	add_line(out, style, "memory", &line);
	item_card_add_ttl(&line, &c->item, c->now);
	add_line(out, style, "ttl", &line);
	add_bumped(&line, &c->item);
	add_line(out, style, "bumped", &line);
	buf_add_str(&line, c->item.fetched ? "yes, since it was stored" : "never");
	add_line(out, style, "fetched", &line);
	buf_add_u64(&line, c->item.cas);
	if (c->item.cas == 0)
		buf_add_str(&line, ": the server keeps none");
	add_line(out, style, "cas", &line);
	if (c->item.stale)
		buf_add_str(&line, c->item.token
		                       ? "yes, and this look took the token to fetch it again"
		                       : "yes, and someone else is fetching it");
	add_line(out, style, "stale", &line);
	buf_release(&line);
}

static void add_pretty(struct buf *out, const struct style *style, const struct filled *f)
{
	const struct item_card *c = f->card;
	paint_slice(out, style->color, PAINT_KEY, quote_add_word, c->key);
	if (!c->item.there) {
		buf_add_str(out, "  ");
		paint_add(out, style->color, PAINT_MISS, "(miss)");
		buf_add_char(out, '\n');
		add_server(out, style, c);
	} else {
		buf_add_char(out, '\n');
		if (c->item.has_value)
			add_value(out, style, f);
		add_facts(out, style, f);
	}
}

static void add_plain(struct buf *out, const struct style *style, const struct filled *f)
{
	struct view v;
	begin_view(&v, style, f, out);
	for (enum fact i = KEY; f->card->item.there && i < FACTS; i++) {
		struct slice text = buf_slice(&f->text[i]);
		if (text.len == 0 && !(i == VALUE && f->card->item.has_value))
			continue;
		if (f->card->keyed) {
			escape_add_field(out, f->card->key);
			buf_add_char(out, '\t');
		}
		buf_addf(out, "%s\t", facts[i].name);
		view_add_pieces(&v, escape_add_field, i == VALUE ? f->words : text);
		buf_add_char(out, '\n');
	}
	view_release(&v);
}

static void add_json(struct buf *out, const struct style *style, const struct filled *f)
{
	const struct item_card *c = f->card;
	buf_add_char(out, '{');
	json_string_member(out, "command", c->command);
	if (c->item.has_value) {
		struct view v;
		begin_view(&v, style, f, out);
		json_add_value(&v, &f->value);
		view_release(&v);
	} else {
		json_bytes_member(out, "key", "key_encoding", c->key);
	}
	json_bool_member(out, "found", c->item.there);
	for (enum fact i = SERVER; i < FACTS; i++) {
		struct slice text = buf_slice(&f->text[i]);
		if (text.len == 0 || facts[i].kind == ELSEWHERE)
			continue;
		json_name(out, facts[i].name);
		if (facts[i].kind == NUMBER)
			json_number_or_string(out, text);
		else if (facts[i].kind == YES_NO)
			buf_add_str(out, slice_eq_str(text, "yes") ? "true" : "false");
		else
			json_bytes(out, text);
	}
	buf_add_str(out, "}\n");
}

static void add_csv(struct buf *out, const struct style *style, const struct filled *f)
{
	size_t from = out->len;
	bool text = bytes_are_text(f->words);
	struct view v;
	if (!f->card->item.there)
		return;
	for (enum fact i = KEY; i < FACTS; i++)
		buf_addf(out, "%s%s", i > 0 ? "," : "", facts[i].name);
	buf_add_char(out, '\n');
	csv_end_header(out, from, style);
	begin_view(&v, style, f, out);
	for (enum fact i = KEY; i < FACTS; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		if (i == VALUE && text)
			view_add_csv_text(&v, f->words);
		else if (i == VALUE)
			view_add_csv_base64(&v, f->words);
		else if (i == ENCODING)
			buf_add_str(out, text ? "" : "base64");
		else
			csv_add_safe(out, style, buf_slice(&f->text[i]));
	}
	buf_add_char(out, '\n');
	view_release(&v);
}

static void find_words(struct filled *f, const struct style *style)
{
	struct view v;
	if (!f->card->item.has_value)
		return;
	view_init(&v, style, NULL);
	f->words = view_plain_meaning(&v, &f->value, f->has_meaning ? &f->meaning : NULL);
	view_release(&v);
}

void item_card_add(struct buf *out, const struct style *style, const struct item_card *card)
{
	struct filled f = {.card = card,
	                   .value = {.kind = REPLY_VALUE,
	                             .key = card->key,
	                             .flags = card->item.flags,
	                             .value = card->value}};
	fill(&f, style);
	switch (style->format) {
	case FORMAT_PRETTY:
		decoded_release(&f.meaning); /* its bytes: the view has its own */
		add_pretty(out, style, &f);
		break;
	case FORMAT_JSON:
		add_json(out, style, &f);
		break;
	case FORMAT_CSV:
		find_words(&f, style);
		add_csv(out, style, &f);
		break;
	case FORMAT_PLAIN:
	case FORMAT_RAW:
	case FORMAT_WIRE:
		find_words(&f, style);
		add_plain(out, style, &f);
		break;
	}
	decoded_release(&f.meaning);
	for (enum fact i = KEY; i < FACTS; i++)
		buf_release(&f.text[i]);
}
