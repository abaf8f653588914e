#include "shell/items/walk_names.h"

#include "base/deadline.h"
#include "base/quote.h"
#include "base/xalloc.h"
#include "client/client_wait.h"
#include "proto/item.h"
#include "proto/item_state.h"
#include "shell/flow/look.h"
#include "view/text/time.h"

#include <stdlib.h>
#include <time.h>

/* Keys that are asked for at a time. */
#define BATCH 500
/* Of a line, which may have more after its key and a tab. */
#define LINE_MAX_BYTES 65536

struct naming;

/* A question about one key at one server. */
struct named {
	struct naming *naming;
	struct slice key; /* as it is on the wire */
	size_t at;        /* where it begins in the batch's text */
	size_t server;
	bool answered;
	struct item_state state;
};

struct naming {
	struct walking *walk;
	struct bulk_in in;
	bool *refuses; /* of each server: it was reported, and is asked nothing more */
	struct buf text;
	struct named batch[BATCH];
	size_t count;
	uint64_t bad; /* lines that hold no key */
};

/* A server is reported once, and asked nothing more. */
static void refuse(struct naming *n, size_t server, enum status status, const struct error *error)
{
	if (!n->refuses[server])
		*walk_fail(n->walk) = (struct failure){status, *error};
	n->refuses[server] = true;
}

static void on_reply(void *ctx, const struct reply *reply)
{
	struct named *one = ctx;
	struct error error;
	one->answered = item_state_describe(&one->state, reply);
	if (one->answered)
		return;
	if (reply->kind == REPLY_LOST) {
		refuse(one->naming, one->server, STATUS_LOST, reply->error);
		return;
	}
	error_set(&error,
	          "--keys-from takes the meta command me, which proxies and services such as "
	          "ElastiCache Serverless lack; get KEY shows whether a key is there",
	          "%s answered %s to me",
	          servers_label(&one->naming->walk->s->servers, one->server),
	          reply_word(reply->kind));
	refuse(one->naming, one->server, STATUS_SERVER, &error);
}

/* A server that cannot be asked is found out once. */
static bool can_ask(struct naming *n, size_t server)
{
	struct error error;
	if (n->refuses[server])
		return false;
	if (!look_can(n->walk->s, server, &error))
		refuse(n, server, STATUS_SERVER, &error);
	return !n->refuses[server];
}

static void ask(struct naming *n, struct named *one)
{
	struct session *s = n->walk->s;
	one->key = slice_of(n->text.data + one->at, one->key.len);
	struct request me = {.verb = VERB_ME,
	                     .keys = &one->key,
	                     .key_count = 1,
	                     .key_coded = !item_key_is_classic(one->key)};
	struct error error;
	if (can_ask(n, one->server) &&
	    !client_submit(s->servers.client, &me, one->server, on_reply, one, &error))
		n->bad++;
}

static void hand_over(struct naming *n, const struct named *one, int64_t now)
{
	const struct item_state *state = &one->state;
	struct crawled item = {.key = one->key,
	                       .now = now,
	                       .exptime = state->ttl < 0 ? 0 : now + state->ttl,
	                       .bumped = now - (int64_t)state->bumped,
	                       .cas = state->cas,
	                       .size = state->size,
	                       .cls = state->class,
	                       .fetched = state->fetched,
	                       .known = CRAWLED_EXPTIME | CRAWLED_BUMPED | CRAWLED_CAS |
	                                CRAWLED_FETCHED | CRAWLED_CLASS | CRAWLED_SIZE};
	if (one->answered && state->there && !n->walk->end->enough &&
	    walk_passes(n->walk, one->server, &item))
		walk_hand_over(n->walk, one->server, &item);
}

/* Asks for all keys of the batch, and waits. No server is listing, so the output may take its time.
 */
static void run_batch(struct naming *n)
{
	struct walking *w = n->walk;
	struct client *client = w->s->servers.client;
	size_t failed = w->failed;
	for (size_t i = 0; i < n->count; i++)
		ask(n, &n->batch[i]);
	if (!client_run(client)) { /* what was lost by that does not count as failed */
		w->failed = failed;
		w->end->interrupted = true;
	}
	int64_t now = (int64_t)time(NULL);
	for (size_t i = 0; i < n->count; i++)
		hand_over(n, &n->batch[i], now);
	w->end->looked_at += n->count;
	n->count = 0;
	buf_clear(&n->text);
	walk_show(w, w->end->looked_at, 0, clock_now());
	if (walk_is_full(w)) {
		bulk_out_close(w->plan->out, BULK_WHOLE);
		w->end->unread = w->plan->out->failed != 0;
	}
}

static bool goes_on(const struct naming *n)
{
	const struct walk_end *end = n->walk->end;
	return !end->enough && !end->interrupted && !end->unread;
}

/* The key that stands in the text from AT on, at each server that is asked for it. */
static void add_key(struct naming *n, size_t at)
{
	const struct walk_plan *plan = n->walk->plan;
	struct client *client = n->walk->s->servers.client;
	struct slice key = slice_skip(buf_slice(&n->text), at);
	size_t first = plan->first, end = plan->end;
	if (end - first > 1 && !plan->filter->misplaced) {
		first = client_server_for(client, key);
		end = first + 1;
	}
	if (first == DISTRIBUTION_NONE)
		return;
	for (; first < end && goes_on(n); first++) {
		if (n->count == BATCH) {
			struct buf copy = BUF_INIT;
			buf_add_slice(&copy, key);
			run_batch(n);
			at = 0;
			buf_add_slice(&n->text, buf_slice(&copy));
			buf_release(&copy);
			key = buf_slice(&n->text);
		}
		n->batch[n->count++] =
		    (struct named){.naming = n, .key.len = key.len, .at = at, .server = first};
	}
}

/* LINE begins with a key, escaped as .keys prints it, up to its end or a tab. */
static void add_line(struct naming *n, struct slice line)
{
	size_t at = n->text.len;
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	struct slice rest = slice_before(line, '\t');
	if (rest.len == 0)
		return;
	buf_add_slice(&n->text, n->walk->own_prefix);
	while (rest.len > 0) {
		char byte = rest.data[0];
		size_t length = byte == '\\' ? escape_read(rest, &byte) : 1;
		buf_add_char(&n->text, byte);
		rest = slice_skip(rest, length ? length : 1);
	}
	if (n->text.len - at <= KEY_MAX_BYTES) {
		add_key(n, at);
		return;
	}
	n->bad++;
	buf_cut(&n->text, at);
}

/* The lines that are there; with END the last one, too, which need not have an end. */
static void add_lines(struct naming *n, bool end)
{
	while (goes_on(n)) {
		struct slice text = bulk_in_bytes(&n->in);
		const char *feed = text.len ? memchr(text.data, '\n', text.len) : NULL;
		if (!feed && !(end && text.len > 0))
			return;
		struct slice line = feed ? slice_of(text.data, (size_t)(feed - text.data)) : text;
		bulk_in_take(&n->in, line.len + (feed != NULL));
		add_line(n, line);
	}
}

static void read_all(struct naming *n)
{
	struct failure failure = {.status = STATUS_USAGE};
	while (goes_on(n)) {
		if (!bulk_in_more(&n->in, LINE_MAX_BYTES, &failure.error)) {
			n->walk->end->interrupted = interrupt_pending();
			if (!n->walk->end->interrupted)
				*walk_fail(n->walk) = failure;
			break;
		}
		add_lines(n, n->in.ended);
		if (n->in.ended)
			break;
	}
	if (goes_on(n))
		run_batch(n);
}

void walk_names(struct walking *w)
{
	struct naming n = {.walk = w};
	struct failure failure = {.status = STATUS_USAGE};
	n.refuses = xcalloc(client_server_count(w->s->servers.client), sizeof(*n.refuses));
	if (bulk_in_open(&n.in, w->s, w->plan->filter->names, &failure.error))
		read_all(&n);
	else
		*walk_fail(w) = failure;
	if (n.bad > 0) {
		failure.status = STATUS_USAGE;
		error_set(&failure.error,
		          "a key has 1 to 250 bytes; one a line, escaped as .keys shows it",
		          "%s of \"%.*s\" %s", count_text(n.bad, " line", " lines").s,
		          SLICE_ARGS(w->plan->filter->names, 200),
		          n.bad == 1 ? "is not a key" : "are not keys");
		*walk_fail(w) = failure;
	}
	bulk_in_release(&n.in);
	buf_release(&n.text);
	free(n.refuses);
}
