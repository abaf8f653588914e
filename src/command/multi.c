#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/many.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "command/storing.h"
#include "proto/dialect.h"
#include "shell/answer.h"
#include "shell/execute.h"
#include "shell/flow/protocol.h"
#include "shell/flow/window.h"
#include "shell/items/undo_take.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/summary.h"

#include <stdlib.h>

static const struct command_option delete_options[] = {
    {"--key-prefix", "P", "put P before every key; it is not shown", NULL},
    NOREPLY_OPTION,
    {NULL, NULL, NULL, NULL},
};

static const struct command_option set_options[] = {
    {"--key-prefix", "P", "put P before every key; it is not shown", NULL},
    STORAGE_TIME_OPTION,
    STORAGE_FLAGS_OPTION,
    STORAGE_TYPE_OPTION,
    STORAGE_COMPRESS_OPTION,
    NOREPLY_OPTION,
    {NULL, NULL, NULL, NULL},
};

/* What is stored under one key. */
struct stored {
	struct slice value;
	uint32_t flags;
	struct buf space; /* the value's bytes, where they are not the typed ones */
};

/* One command's many requests. */
struct batch {
	struct session *session;
	struct args *args;
	enum verb verb;
	const struct slice *typed; /* the keys as they were typed */
	const struct slice *keys;  /* and as they go on the wire */
	struct stored *values;     /* set_multi: what is stored under each; else NULL */
	int64_t exptime;
	struct target target;
	bool noreply;
	struct buf text;     /* words of failure, one after the other */
	size_t *begin, *end; /* of each key's words in it; equal when it succeeded */
	bool *absent;        /* delete_multi: it was not there */
	/* delete_multi: what .undo can bring back; NULL: nothing. Of a round, whose keys are those
	 * at the places `round`; those for the next one are at `next`. */
	struct undo_item *kept;
	size_t *round, *next;
	size_t next_count;
	enum status status;
};

static struct slice key_of(void *ctx, size_t i)
{
	const struct batch *b = ctx;
	return b->keys[b->kept ? b->round[i] : i];
}

static void fill(void *ctx, size_t i, struct request *request)
{
	struct batch *b = ctx;
	request->number = b->kept && !b->noreply ? b->kept[i].cas : 0;
	if (b->kept)
		i = b->round[i];
	request->verb = b->verb;
	request->keys = &b->keys[i];
	request->key_count = 1;
	request->keys_checked = true;
	request->noreply = b->noreply;
	request->dialect = protocol_choose(b->session, request, 0, 0).dialect;
	uint32_t opaques = dialect_of(request)->opaque_max;
	request->opaque = opaques > 0 ? (uint32_t)(i % opaques) + 1 : 0;
	if (b->values) {
		request->value = b->values[i].value;
		request->flags = b->values[i].flags;
		request->exptime = b->exptime;
	}
}

static void on_reply(void *ctx, size_t i, const struct reply *reply)
{
	struct batch *b = ctx;
	enum status status = reply_status(reply->kind);
	if (b->kept) {
		bool again = undo_taken(b->session, &b->kept[i], reply->kind);
		i = b->round[i];
		if (again) {
			b->next[b->next_count++] = i;
			return;
		}
	}
	b->begin[i] = b->text.len;
	if (b->verb == VERB_DELETE && reply->kind == REPLY_NOT_FOUND) {
		b->absent[i] = true;
		status = STATUS_OK; /* it is not there now, which is what was asked */
	} else if (reply->kind == REPLY_LOST) {
		buf_add_str(&b->text, reply->error->what);
	} else if (status != STATUS_OK) {
		buf_addf(&b->text, "%s%s", reply_word(reply->kind), reply->value.len ? " " : "");
		buf_add_slice(&b->text, reply->value);
	}
	b->end[i] = b->text.len;
	b->status = status_max(b->status, status);
}

/* Every key has been checked before anything is sent: of a command with a bad key nothing is. An
 * empty key is refused whatever its prefix is, as by python-memcached. */
static bool check_keys(enum dialect_id dialect, const struct slice *typed, const struct slice *keys,
                       size_t count, struct error *error)
{
	struct request all = {.dialect = dialect, .keys = keys, .key_count = count};
	for (size_t i = 0; i < count; i++) {
		if (typed[i].len == 0 && !key_check(typed[i], error))
			return false;
	}
	return request_check_keys(&all, error);
}

static void show(struct batch *b, size_t count, int64_t total)
{
	struct session *s = b->session;
	struct slice *words = xcalloc(count, sizeof(*words));
	for (size_t i = 0; i < count; i++)
		words[i] = slice_of(b->text.data + b->begin[i], b->end[i] - b->begin[i]);
	struct outcome o = {
	    .command = b->args->command->name,
	    .done_word = b->verb == VERB_DELETE ? "deleted" : "stored",
	    .absent_word = "not there",
	    .keys = b->typed,
	    .words = words,
	    .absent = b->absent,
	    .count = count,
	    .status = b->status,
	    .total_ns = total,
	};
	s->flow.timing = (struct timing){.total = total};
	s->flow.exchanges++;
	if (!s->run.quiet) {
		summary_add_outcome(&s->output.results, &s->style, &o);
		answer_given(&s->run.answer);
	}
	free(words);
}

/* The items of a round are not deleted: they could not be read, and STATUS and ERROR say why. */
static void leave_round(struct batch *b, size_t count, enum status status,
                        const struct error *error)
{
	for (size_t i = 0; i < count; i++) {
		b->begin[b->round[i]] = b->text.len;
		buf_add_str(&b->text, error->what);
		b->end[b->round[i]] = b->text.len;
	}
	report_error(b->session, status, error);
	b->status = status_max(b->status, status);
}

/* Deletes what is read just before, for .undo; again, what was stored meanwhile. */
static void delete_kept(struct batch *b, const struct many *all)
{
	struct session *s = b->session;
	struct many many = *all;
	b->kept = xcalloc(all->count, sizeof(*b->kept));
	b->round = xcalloc(all->count, sizeof(*b->round));
	b->next = xcalloc(all->count, sizeof(*b->next));
	for (size_t i = 0; i < all->count; i++)
		b->next[i] = i;
	undo_begin(s);
	for (unsigned round = 0; many.count > 0; round++) {
		for (size_t i = 0; i < many.count; i++) {
			b->round[i] = b->next[i];
			b->kept[i].server = many_server(s->servers.client, &many, i);
			b->kept[i].key = b->keys[b->round[i]];
		}
		struct error error;
		enum status status = undo_take(s, b->kept, many.count, round, &error);
		if (status != STATUS_OK) {
			leave_round(b, many.count, status, &error);
			break;
		}
		b->next_count = 0;
		tracing_begin(&s->tracing);
		client_do_many(s->servers.client, &many);
		tracing_end(&s->tracing);
		many.count = b->next_count;
	}
	undo_end(s);
	free(b->kept);
	free(b->round);
	free(b->next);
}

/* Sends all of it and shows what became of it. */
static enum status run_batch(struct batch *b, size_t count)
{
	struct session *s = b->session;
	struct many many = {.count = count,
	                    .fill = fill,
	                    .on_reply = on_reply,
	                    .key = key_of,
	                    .server = b->target.kind == TARGET_SERVER ? b->target.server
	                                                              : SERVER_BY_KEY,
	                    .by_hash = b->target.kind == TARGET_HASH,
	                    .hash = b->target.hash,
	                    .ctx = b};
	b->begin = xcalloc(count, sizeof(*b->begin));
	b->end = xcalloc(count, sizeof(*b->end));
	b->absent = xcalloc(count, sizeof(*b->absent));
	int64_t start = clock_now();
	if (s->settings.undo && b->verb == VERB_DELETE) {
		delete_kept(b, &many);
	} else {
		tracing_begin(&s->tracing);
		client_do_many(s->servers.client, &many);
		tracing_end(&s->tracing);
	}
	show(b, count, clock_now() - start);
	buf_release(&b->text);
	free(b->begin);
	free(b->end);
	free(b->absent);
	return b->status;
}

static enum status run_delete_multi(struct session *s, struct args *args)
{
	struct batch b = {.session = s, .args = args, .verb = VERB_DELETE, .typed = args->operands};
	struct buf arena = BUF_INIT;
	struct error error;
	struct slice *keys =
	    ask_prefixed(execute_prefix(s, args), args->operands, args->count, &arena);
	enum status status;
	b.keys = keys;
	b.noreply = args_option(args, "--noreply", NULL);
	if (execute_target(s, args, &b.target, &error) &&
	    check_keys(s->servers.options.dialect, args->operands, keys, args->count, &error))
		status = run_batch(&b, args->count);
	else
		status = report_error(s, STATUS_USAGE, &error);
	free(keys);
	buf_release(&arena);
	return status;
}

/* KEY VALUE KEY VALUE ... */
static enum status run_set_multi(struct session *s, struct args *args)
{
	struct batch b = {.session = s, .args = args, .verb = VERB_SET};
	size_t count = args->count / 2;
	struct buf arena = BUF_INIT;
	struct storing how;
	struct slice time;
	struct error error;
	if (args->count % 2 != 0)
		return report_errorf(s, STATUS_USAGE,
		                     "give KEY VALUE KEY VALUE ...; quote what holds blanks",
		                     "the last key has no value");
	struct slice *typed = xcalloc(count, sizeof(*typed));
	struct stored *values = xcalloc(count, sizeof(*values));
	bool ok = execute_target(s, args, &b.target, &error);
	for (size_t i = 0; i < count; i++)
		typed[i] = args->operands[2 * i];
	struct slice *keys = ask_prefixed(execute_prefix(s, args), typed, count, &arena);
	ok = ok && check_keys(s->servers.options.dialect, typed, keys, count, &error);
	ok = ok && storing_read(s, args, &how, &error);
	for (size_t i = 0; i < count && ok; i++) {
		values[i].value = args->operands[2 * i + 1];
		ok = storing_apply(&how, &values[i].value, &values[i].flags, &values[i].space,
		                   &error);
	}
	if (ok && args_option(args, "--time", &time))
		ok = argument_time(s, time, &b.exptime, &error);
	b.typed = typed;
	b.keys = keys;
	b.values = values;
	b.noreply = args_option(args, "--noreply", NULL);
	enum status status = ok ? run_batch(&b, count) : report_error(s, STATUS_USAGE, &error);
	for (size_t i = 0; i < count; i++)
		buf_release(&values[i].space);
	free(values);
	free(typed);
	free(keys);
	buf_release(&arena);
	return status;
}

const struct command command_set_multi = {
    .name = "set_multi",
    .group = GROUP_STORE,
    .flags = COMMAND_ROUTED,
    .operands = "KEY VALUE [WORD...]",
    .options = set_options,
    .habits = "mset",
    .summary = "store many values",
    .about = "Stores each VALUE under the KEY before it, on all servers at once, and prints a line "
	     "for each key that was not stored: the key, a tab and why. Nothing is printed when "
	     "all were stored. A key that the protocol cannot carry stops it before anything is "
	     "sent.",
    .sends = "set <key> <flags> <exptime> <bytes>\\r\\n<value>\\r\\n, for each key",
    .replies = "STORED for each",
    .example = "> set_multi k1 1 k2 2 k3 3\n> get k1 k3\nk1\t1\nk3\t3\n",
    .effect = EFFECT_CHANGES,
    .run = run_set_multi,
};

const struct command command_delete_multi = {
    .name = "delete_multi",
    .group = GROUP_CHANGE,
    .flags = COMMAND_ROUTED,
    .operands = "KEY...",
    .options = delete_options,
    .summary = "remove many items",
    .about =
	"Removes each KEY, on all servers at once, and prints a line for each key whose server "
	"did not do it: the key, a tab and why. A missing key is not a failure.",
    .sends = "delete <key>\\r\\n, for each key",
    .replies = "DELETED or NOT_FOUND for each",
    .example = "> set_multi k1 1 k2 2\n> delete_multi k1 k2 k3\n> get k1 k2\n",
    .effect = EFFECT_CHANGES,
    .run = run_delete_multi,
};
