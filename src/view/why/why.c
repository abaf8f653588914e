#include "view/why/why.h"

#include "base/quote.h"
#include "view/keys/item_card.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

/* As many keys alike as say something of the one that is not there. */
#define ALIKE_ENOUGH 3

/* A server that was started or flushed less than this before, in seconds, has hardly been filled
 * again, unless keys alike are there. */
#define YOUNG 3600

static const char *own_label(const struct why_facts *f)
{
	return f->servers[f->own].label;
}

static bool has(const struct why_facts *f, const char *name, uint64_t *n)
{
	return sample_number(&f->stats, name, n);
}

static enum why_likelihood is_there(const struct why_facts *f, struct why_finding *w)
{
	if (!f->item.there)
		return WHY_NOT_ASKED;
	buf_addf(&w->evidence, "it is on %s: ", own_label(f));
	item_card_add_ttl(&w->evidence, &f->item, f->now);
	buf_addf(&w->evidence, ", %s", f->item.fetched ? "read since it was stored" : "never read");
	buf_add_str(&w->todo, ".peek shows it");
	return WHY_CERTAIN;
}

static enum why_likelihood is_down(const struct why_facts *f, struct why_finding *w)
{
	const struct why_server *home = &f->servers[f->home];
	if (f->item.there || f->home == f->own || home->presence != WHY_UNKNOWN)
		return WHY_NOT_ASKED;
	buf_addf(&w->evidence, "%s, which it belongs to, did not answer; it is looked for on %s",
	         home->label, own_label(f));
	buf_add_str(&w->todo, ".servers says why; what is stored on others meanwhile is not found "
	                      "when it is back");
	return WHY_LIKELY;
}

static enum why_likelihood is_elsewhere(const struct why_facts *f, struct why_finding *w)
{
	size_t here = 0, silent = 0;
	for (size_t i = 0; i < f->count; i++) {
		if (f->servers[i].presence == WHY_UNKNOWN)
			silent++;
		if (i == f->own || f->servers[i].presence != WHY_PRESENT)
			continue;
		buf_addf(&w->evidence, "%s%s", here > 0 ? ", " : "it is on ", f->servers[i].label);
		here++;
	}
	if (here > 0) {
		buf_addf(&w->evidence, ", and looked for on %s", own_label(f));
		buf_add_str(&w->todo,
		            "another client places keys otherwise; which ones, is shown by ");
		buf_add_str(&w->todo, ".where ");
		quote_add_word(&w->todo, f->shown);
		buf_addf(&w->todo, "; or it was stored while %s was down", own_label(f));
		return WHY_CERTAIN;
	}
	if (f->count == 1 || f->item.there)
		return WHY_NOT_ASKED;
	if (silent > 0) {
		buf_addf(&w->evidence, "%zu of %zu servers did not say whether they have it",
		         silent, f->count);
		return WHY_POSSIBLE;
	}
	buf_addf(&w->evidence, "none of the %zu servers has it", f->count);
	return WHY_RULED_OUT;
}

/* The near keys with the fewest edits, and those of another prefix. Returns how many. */
static size_t add_nears(const struct why_facts *f, struct buf *out)
{
	unsigned least = 0;
	size_t count = 0;
	for (; count < f->near_count; count++) {
		const struct why_near *n = &f->nears[count];
		if (n->edits > 0 && least > 0 && n->edits > least)
			break;
		least = n->edits;
		if (count > 0)
			buf_add_str(out, ", ");
		quote_add_word(out, buf_slice(&n->key));
		if (n->edits == 0)
			buf_add_str(out, " (another prefix, or zeros)");
		else
			buf_addf(out, " (%u edit%s away)", n->edits, n->edits == 1 ? "" : "s");
	}
	return count;
}

static enum why_likelihood is_misspelt(const struct why_facts *f, struct why_finding *w)
{
	if (f->item.there)
		return WHY_NOT_ASKED;
	size_t count = add_nears(f, &w->evidence);
	if (count > 0) {
		buf_add_str(&w->evidence, f->listed ? (count == 1 ? " is" : " are")
		                                    : (count == 1 ? " was" : " were"));
		buf_add_str(&w->evidence, f->listed ? " there" : " named before");
		buf_add_str(&w->todo,
		            "see whether that is meant; .set key_prefix is put before a key");
		return WHY_LIKELY;
	}
	if (!f->listed)
		return WHY_NOT_ASKED;
	buf_addf(&w->evidence, "of the %s listed none is spelt nearly so",
	         count_text(f->looked_at, " key that is", " keys that are").s);
	return WHY_RULED_OUT;
}

/* The class that keys like it are in, or that has evicted the most; 0: none. */
static unsigned likely_class(const struct why_facts *f)
{
	unsigned best = 0;
	for (unsigned i = 1; i < WHY_CLASSES; i++) {
		if (f->alike >= ALIKE_ENOUGH ? f->alike_by_class[i] > f->alike_by_class[best]
		                             : f->classes[i].evicted > f->classes[best].evicted)
			best = i;
	}
	return best;
}

/* What expires that way leaves no key that shows it. */
static const char date_trap[] = "a time of more than 30 days in seconds is read as a date, and the "
				"item is gone at once: 45d, or @UNIXTIME";

static enum why_likelihood has_expired(const struct why_facts *f, struct why_finding *w)
{
	uint64_t unread = 0;
	if (f->item.there)
		return WHY_NOT_ASKED;
	if (f->alike >= ALIKE_ENOUGH) {
		bool all = f->expiring == f->alike;
		buf_addf(&w->evidence, "%s%s like ", all ? "all of " : "of ",
		         count_text(f->alike, " key", " keys").s);
		why_facts_add_shape(f, &w->evidence);
		if (f->expiring == 0) {
			buf_add_str(&w->evidence, " none expires");
			buf_add_str(&w->todo, date_trap);
			return WHY_UNLIKELY;
		}
		if (!all)
			buf_addf(&w->evidence, " %s", grouped_text(f->expiring).s);
		buf_add_str(&w->evidence, f->expiring == 1 ? " expires" : " expire");
		buf_add_str(&w->evidence, ", the last in ");
		buf_add_str(&w->evidence, span_text((uint64_t)f->ttl_most).s);
		buf_add_str(&w->todo, "look at the time that its client stores it with");
		/* Where their class evicts what has still longer to live, that comes first. */
		const struct why_class *c = &f->classes[likely_class(f)];
		bool outlived = c->evicted == 0 || c->age >= (uint64_t)f->ttl_most;
		return all && outlived ? WHY_LIKELY : WHY_POSSIBLE;
	}
	if (!has(f, "expired_unfetched", &unread))
		return WHY_NOT_ASKED;
	buf_addf(&w->evidence, "%s does not note what expires", own_label(f));
	if (unread > 0) {
		buf_addf(&w->evidence, "; %s did before anyone read them",
		         count_text(unread, " item", " items").s);
	}
	buf_add_str(&w->todo, date_trap);
	return WHY_POSSIBLE;
}

static enum why_likelihood was_evicted(const struct why_facts *f, struct why_finding *w)
{
	uint64_t evictions;
	unsigned class = likely_class(f);
	const struct why_class *c = &f->classes[class];
	if (f->item.there || !has(f, "evictions", &evictions))
		return WHY_NOT_ASKED;
	if (evictions == 0) {
		buf_addf(&w->evidence, "%s has evicted nothing", own_label(f));
		return WHY_RULED_OUT;
	}
	bool alike = f->alike >= ALIKE_ENOUGH && class > 0;
	if (alike && c->evicted == 0) {
		buf_addf(&w->evidence, "class %u, where keys like ", class);
		why_facts_add_shape(f, &w->evidence);
		buf_add_str(&w->evidence, " are, has evicted nothing");
		return WHY_RULED_OUT;
	}
	buf_addf(&w->evidence, "%s evicted",
	         count_text(class > 0 ? c->evicted : evictions, " item was", " items were").s);
	if (class > 0) {
		buf_addf(&w->evidence, " of class %u%s; the oldest there was used ", class,
		         alike ? ", where keys like it are" : "");
		buf_add_str(&w->evidence, span_text(c->age).s);
		buf_add_str(&w->evidence, " ago, and what was used before that is gone");
	}
	buf_add_str(&w->todo, "slabs shows which classes lack memory");
	return alike ? WHY_LIKELY : WHY_POSSIBLE;
}

static enum why_likelihood found_no_memory(const struct why_facts *f, struct why_finding *w)
{
	uint64_t refused = 0;
	if (f->item.there || !has(f, "store_no_memory", &refused) || refused == 0)
		return WHY_NOT_ASKED;
	buf_add_str(&w->evidence, count_text(refused, " store", " stores").s);
	buf_addf(&w->evidence, " found no memory on %s", own_label(f));
	buf_add_str(&w->todo, "stats settings: evictions off is memcached -M");
	return WHY_POSSIBLE;
}

static enum why_likelihood was_flushed(const struct why_facts *f, struct why_finding *w)
{
	uint64_t flushes, uptime = 0, oldest = 0;
	if (f->item.there || !has(f, "cmd_flush", &flushes))
		return WHY_NOT_ASKED;
	has(f, "uptime", &uptime);
	if (flushes == 0) {
		buf_addf(&w->evidence, "nobody has flushed %s since it started, %s ago",
		         own_label(f), span_text(uptime).s);
		return WHY_RULED_OUT;
	}
	buf_addf(&w->evidence, "%s was flushed ", own_label(f));
	buf_add_str(&w->evidence, count_text(flushes, " time", " times").s);
	sample_number(&f->settings, "oldest", &oldest);
	if (oldest > 60 && oldest <= uptime + 61) {
		uint64_t ago = uptime + 61 - oldest;
		buf_addf(&w->evidence, ", the last time about %s ago", span_text(ago).s);
		return ago < YOUNG && f->alike < ALIKE_ENOUGH ? WHY_LIKELY : WHY_POSSIBLE;
	}
	buf_addf(&w->evidence, " in %s", span_text(uptime).s);
	return WHY_POSSIBLE;
}

static enum why_likelihood was_restarted(const struct why_facts *f, struct why_finding *w)
{
	uint64_t uptime;
	if (f->item.there || !has(f, "uptime", &uptime))
		return WHY_NOT_ASKED;
	buf_addf(&w->evidence, "%s was started %s ago, with nothing in it", own_label(f),
	         span_text(uptime).s);
	return uptime < YOUNG && f->alike < ALIKE_ENOUGH ? WHY_LIKELY : WHY_POSSIBLE;
}

static enum why_likelihood was_too_large(const struct why_facts *f, struct why_finding *w)
{
	uint64_t refused, most = 0;
	if (f->item.there || !has(f, "store_too_large", &refused))
		return WHY_NOT_ASKED;
	sample_number(&f->settings, "item_size_max", &most);
	if (refused == 0) {
		buf_addf(&w->evidence, "%s has refused no store for its size", own_label(f));
		return WHY_RULED_OUT;
	}
	buf_addf(&w->evidence,
	         "%s refused as larger than %s, and a set that is refused deletes what was there",
	         count_text(refused, " store was", " stores were").s, size_text(most).s);
	buf_add_str(&w->todo,
	            "watch mutations shows status=too_large; memcached -I raises the limit");
	return WHY_POSSIBLE;
}

static void add_watch(const struct why_facts *f, struct buf *todo)
{
	buf_add_str(todo, ".watch ");
	quote_add_word(todo, f->shown);
	buf_add_str(todo, " shows who stores or deletes it, from now on");
}

static enum why_likelihood was_deleted(const struct why_facts *f, struct why_finding *w)
{
	uint64_t deleted, uptime = 0;
	if (f->item.there || !has(f, "delete_hits", &deleted))
		return WHY_NOT_ASKED;
	has(f, "uptime", &uptime);
	if (deleted == 0) {
		buf_addf(&w->evidence,
		         "nobody has deleted anything from %s since it started, %s ago",
		         own_label(f), span_text(uptime).s);
		return WHY_RULED_OUT;
	}
	buf_addf(&w->evidence, "%s deleted from %s; which, no server notes",
	         count_text(deleted, " item was", " items were").s, own_label(f));
	add_watch(f, &w->todo);
	return WHY_POSSIBLE;
}

static enum why_likelihood was_never_stored(const struct why_facts *f, struct why_finding *w)
{
	uint64_t stored;
	if (f->item.there)
		return WHY_NOT_ASKED;
	if (has(f, "cmd_set", &stored) && stored == 0) {
		buf_addf(&w->evidence, "nobody has stored anything on %s", own_label(f));
		return WHY_CERTAIN;
	}
	buf_addf(&w->evidence, "no server notes what it has never had; %s",
	         f->count == 1 ? "is this the only one of its clients?"
	                       : "are these all of its clients' servers?");
	add_watch(f, &w->todo);
	return WHY_POSSIBLE;
}

/* In the order in which they are shown where they are equally likely. */
static const struct {
	const char *cause;
	enum why_likelihood (*look)(const struct why_facts *f, struct why_finding *w);
} rules[WHY_RULES] = {
    {"there", is_there},          {"down", is_down},
    {"elsewhere", is_elsewhere},  {"spelling", is_misspelt},
    {"expired", has_expired},     {"evicted", was_evicted},
    {"too large", was_too_large}, {"no memory", found_no_memory},
    {"deleted", was_deleted},     {"flushed", was_flushed},
    {"restarted", was_restarted}, {"never stored", was_never_stored},
};

size_t why_find(const struct why_facts *f, struct why_finding findings[WHY_RULES])
{
	size_t count = 0;
	for (enum why_likelihood likelihood = WHY_CERTAIN; likelihood < WHY_NOT_ASKED;
	     likelihood++) {
		for (size_t i = 0; i < WHY_RULES; i++) {
			struct why_finding w = {.cause = rules[i].cause};
			w.likelihood = rules[i].look(f, &w);
			if (w.likelihood == likelihood)
				findings[count++] = w;
			else
				why_release(&w, 1);
		}
	}
	return count;
}

void why_release(struct why_finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_release(&findings[i].evidence);
		buf_release(&findings[i].todo);
	}
}

static const struct {
	const char *word;
	enum paint paint;
} words[] = {
    [WHY_CERTAIN] = {"certain", PAINT_GOOD},    [WHY_LIKELY] = {"likely", PAINT_NOTICE},
    [WHY_POSSIBLE] = {"possible", PAINT_NONE},  [WHY_UNLIKELY] = {"unlikely", PAINT_NONE},
    [WHY_RULED_OUT] = {"ruled out", PAINT_DIM},
};

/* Columns before the evidence in pretty. */
#define INDENT 26

static void add_pretty(struct buf *out, const struct style *style, const struct why_facts *f,
                       const struct why_finding *findings, size_t count)
{
	paint_slice(out, style->color, PAINT_KEY, quote_add_word, f->shown);
	if (!f->item.there) {
		buf_add_str(out, "  ");
		paint_add(out, style->color, PAINT_MISS, "(miss)");
	}
	buf_add_char(out, '\n');
	for (size_t i = 0; i < count; i++) {
		const struct why_finding *w = &findings[i];
		struct buf line = BUF_INIT;
		const char *word = words[w->likelihood].word;
		bool again = i > 0 && w->likelihood == findings[i - 1].likelihood;
		buf_add_str(out, "  ");
		paint_add(out, style->color, words[w->likelihood].paint, again ? "" : word);
		buf_add_repeat(out, ' ', 11 - (again ? 0 : strlen(word)));
		paint_add(out, style->color, PAINT_HEADING, w->cause);
		buf_add_repeat(out, ' ', INDENT - 13 - strlen(w->cause));
		escape_add_line(&line, buf_slice(&w->evidence));
		wrap_add(out, buf_slice(&line), INDENT, INDENT, style->columns);
		if (w->todo.len > 0) {
			buf_add_repeat(out, ' ', INDENT);
			wrap_add(out, buf_slice(&w->todo), INDENT, INDENT, style->columns);
		}
		buf_release(&line);
	}
}

static void add_json(struct buf *out, const struct why_facts *f, const struct why_finding *findings,
                     size_t count)
{
	buf_add_char(out, '{');
	json_string_member(out, "command", ".why");
	json_bytes_member(out, "key", "key_encoding", f->shown);
	json_bool_member(out, "found", f->item.there);
	json_string_member(out, "server", own_label(f));
	json_open_member(out, "rows", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(out, '{');
		json_string_member(out, "likelihood", words[findings[i].likelihood].word);
		json_string_member(out, "cause", findings[i].cause);
		json_text_member(out, "evidence", buf_slice(&findings[i].evidence));
		json_text_member(out, "todo", buf_slice(&findings[i].todo));
		buf_add_char(out, '}');
	}
	buf_add_str(out, "]}\n");
}

void why_add(struct buf *out, const struct style *style, const struct why_facts *f)
{
	static const struct table_column columns[] = {
	    {"likelihood", false}, {"cause", false}, {"evidence", false}, {"todo", false}};
	struct why_finding findings[WHY_RULES];
	size_t count = why_find(f, findings);
	struct table t;
	if (style->format == FORMAT_PRETTY) {
		add_pretty(out, style, f, findings, count);
	} else if (style->format == FORMAT_JSON) {
		add_json(out, f, findings, count);
	} else {
		table_begin(&t, style, out, ".why", columns, 4);
		for (size_t i = 0; i < count; i++) {
			table_cell_str(&t, PAINT_NONE, words[findings[i].likelihood].word);
			table_cell_str(&t, PAINT_NONE, findings[i].cause);
			table_cell(&t, PAINT_NONE, buf_slice(&findings[i].evidence));
			table_cell(&t, PAINT_NONE, buf_slice(&findings[i].todo));
		}
		table_end(&t);
	}
	why_release(findings, count);
}
