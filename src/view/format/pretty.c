/*
 * pretty, for eyes: one line where one is enough, what was got first, and after it in dim brackets
 * what a person would ask next. Times are shown only here, and only when the style says so.
 */
#include "base/quote.h"
#include "view/format/format.h"
#include "view/format/meta.h"
#include "view/format/pretty_line.h"
#include "view/format/pretty_values.h"
#include "view/stats/servers.h"
#include "view/stats/stats.h"
#include "view/text/paint.h"

/* Why a server said no, by what it was asked. */
static const char *why_not(enum verb verb, enum reply_kind kind)
{
	switch (kind) {
	case REPLY_NOT_STORED:
		if (verb == VERB_ADD)
			return "the key exists already";
		if (verb == VERB_REPLACE)
			return "no such key";
		if (verb == VERB_APPEND || verb == VERB_PREPEND)
			return "no such key, or the result would be too large";
		return NULL;
	case REPLY_EXISTS:
		return "changed since its cas was read";
	case REPLY_NOT_FOUND:
		return "no such key";
	default:
		return NULL;
	}
}

/* Counters that a server has only while it is asked to count. */
static const char *why_empty(struct slice set)
{
	if (slice_eq_str(set, "detail dump"))
		return "stats detail on starts the counting";
	if (slice_eq_str(set, "sizes"))
		return "what was stored before it was enabled is not counted";
	return NULL;
}

static void add_word(struct view *v, const struct reply *reply)
{
	bool negative = reply_status(reply->kind) == STATUS_NEGATIVE;
	pretty_label(v);
	paint_add(v->out, v->style->color, negative ? PAINT_MISS : PAINT_GOOD,
	          reply_word(reply->kind));
	const char *why = why_not(v->question.request->verb, reply->kind);
	if (why)
		pretty_note(v, why);
	if (reply->kind == REPLY_NOT_FOUND)
		pretty_note_pattern(v);
	pretty_end_line(v, reply->timing);
}

static void add_number(struct view *v, const struct reply *reply)
{
	pretty_label(v);
	paint_on(v->out, v->style->color, PAINT_NUMBER);
	buf_add_u64(v->out, reply->number);
	paint_off(v->out, v->style->color, PAINT_NUMBER);
	pretty_end_line(v, reply->timing);
}

static void add_version(struct view *v, const struct reply *reply)
{
	pretty_label(v);
	buf_add_str(v->out, "memcached ");
	paint_slice(v->out, v->style->color, PAINT_STRING, escape_add_field, reply->value);
	pretty_end_line(v, reply->timing);
}

/* "configuration 12, 2 nodes", and a line a node. */
static void add_config(struct view *v, struct slice text)
{
	struct slice rest = text, word, version;
	size_t nodes = 0;
	if (!view_config_next(&rest, &version))
		return;
	text = rest;
	while (view_config_next(&rest, &word))
		nodes++;
	pretty_label(v);
	buf_add_str(v->out, "configuration ");
	escape_add_field(v->out, version);
	buf_addf(v->out, ", %zu node%s\n", nodes, nodes == 1 ? "" : "s");
	while (view_config_next(&text, &word)) {
		buf_add_str(v->out, "  ");
		paint_slice(v->out, v->style->color, PAINT_KEY, escape_add_field, word);
		buf_add_char(v->out, '\n');
	}
}

static void add_line(struct view *v, const struct reply *reply)
{
	if (view_is_config(v, reply)) {
		add_config(v, reply->value);
		return;
	}
	if (v->lines == 1)
		pretty_heading(v);
	escape_add_text(v->out, reply->value);
	buf_add_char(v->out, '\n');
}

/* The last server has answered, or not: all that was kept is shown. */
static void end_shared(struct view *v, const struct reply *reply)
{
	if (v->question.part + 1 < v->question.parts)
		return;
	if (v->shared.len > 0)
		stats_show_shared(v);
	pretty_time_line(v, reply->timing);
}

static void end_answer(struct view *v, const struct reply *reply)
{
	if (view_asks_values(v)) {
		pretty_values_end(v, reply);
		return;
	}
	if (v->question.request->verb == VERB_QUIT)
		return; /* how long it takes to leave is of no use */
	if (v->question.request->verb == VERB_SHUTDOWN) {
		pretty_label(v);
		paint_add(v->out, v->style->color, PAINT_GOOD, "closed the connection");
		pretty_note(v, "as a server does that ends");
		pretty_end_line(v, reply->timing);
		return;
	}
	if (stats_are_shared(v)) {
		end_shared(v, reply);
		return;
	}
	if (v->shared.len > 0) {
		pretty_heading(v);
		stats_show(v);
	} else if (v->lines == 0 && v->question.request->verb == VERB_STATS) {
		pretty_label(v);
		paint_add(v->out, v->style->color, PAINT_DIM, "nothing to show");
		const char *why = why_empty(v->question.request->text);
		if (why)
			pretty_note(v, why);
		pretty_end_line(v, reply->timing);
		return;
	}
	pretty_time_line(v, reply->timing);
}

/* What came before an answer broke off is shown; the error itself is reported by the shell. */
static void break_off(struct view *v, const struct reply *reply)
{
	if (view_asks_values(v)) {
		pretty_values_end(v, reply);
	} else if (stats_are_shared(v)) {
		end_shared(v, reply);
	} else if (v->shared.len > 0) {
		pretty_heading(v);
		stats_show(v);
	}
}

static void pretty_reply(struct view *v, const struct reply *reply)
{
	switch (reply->kind) {
	case REPLY_VALUE:
		pretty_value(v, reply);
		break;
	case REPLY_STAT:
		stats_keep_shared(v, reply);
		break;
	case REPLY_LINE:
		add_line(v, reply);
		break;
	case REPLY_END:
		end_answer(v, reply);
		break;
	case REPLY_NUMBER:
		add_number(v, reply);
		break;
	case REPLY_VERSION:
		add_version(v, reply);
		break;
	case REPLY_NONE:
		pretty_label(v);
		paint_add(v->out, v->style->color, PAINT_DIM, "sent, no reply asked for");
		pretty_end_line(v, reply->timing);
		break;
	case REPLY_ERROR:
	case REPLY_CLIENT_ERROR:
	case REPLY_SERVER_ERROR:
	case REPLY_REFUSED:
	case REPLY_LOST:
		break_off(v, reply);
		break;
	default: /* STORED and its like */
		if (reply->kind == REPLY_VA && v->question.request->verb == VERB_MG)
			pretty_meta_value(v, reply);
		else if (view_asks_meta(v))
			meta_pretty(v, reply);
		else
			add_word(v, reply);
	}
}

const struct view_format format_pretty = {NULL, pretty_reply, NULL};
