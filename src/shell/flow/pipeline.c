#include "shell/flow/pipeline.h"

#include "base/xalloc.h"
#include "proto/meta.h"
#include "shell/flow/exchange_private.h"
#include "shell/flow/losses.h"
#include "shell/interrupt.h"

#include <stdlib.h>

/* The most commands under way; a power of two. More would no longer fit the processor's caches,
 * and with fewer the servers would have to wait for us. */
#define FLIGHTS_MAX 8192

/* When they are so many, what has come is read until so many are left. */
#define FLIGHTS_LOW (FLIGHTS_MAX / 2)

/* Room for their keys, and what one command may have of it. */
#define KEYS_ROOM ((size_t)512 * 1024)
#define KEYS_MOST ((size_t)32 * 1024)

/* Bytes queued for a server before what can be sent is sent, and before we wait for it. */
#define SEND_AT  ((size_t)64 * 1024)
#define SEND_MAX ((size_t)256 * 1024)

/* Bytes of answers that are kept because another is due. */
#define KEPT_MAX ((size_t)4 * 1024 * 1024)

/* Replies that have been shown are forgotten when they are so many and half of those kept. */
#define SHOWN_MANY 64

/* Commands that go ahead before a server is asked whether it speaks the meta commands: a short
 * script is not worth the question. */
#define META_AFTER 256

/* A command whose answer has not been shown. */
struct flight {
	struct pipeline *pipeline;
	const char *command;
	struct request request; /* its keys, as they were typed, are in the pipeline's room */
	size_t server;
	size_t keys_at;        /* where in the room its keys are */
	struct location place; /* in the script */
	size_t kept;           /* replies that came before its turn */
	bool keyed;
	bool joining; /* it may join other gets */
	bool done;    /* all of it came before its turn */
};

/* Replies that came before their turn. The first one not shown belongs to the first of the commands
 * whose replies are kept here, since these are answered in their order. */
struct early {
	struct gather replies;
	size_t shown;
};

/* One server. Gets that may join others go out later than what was submitted after them, so that
 * their answers are in order among themselves alone. */
struct peer {
	struct early ordered, joining;
	size_t flights; /* commands of its that are under way */
	struct losses losses;
};

struct pipeline {
	struct session *session;
	struct flight *flights; /* a ring of FLIGHTS_MAX */
	size_t head, count;
	char *keys;      /* a ring of KEYS_ROOM */
	size_t keys_to;  /* where the next one's go */
	size_t total;    /* commands that went ahead in all */
	uint32_t opaque; /* of the last one in its meta form */
	size_t fresh;    /* bytes queued since the servers last had a turn */

	/* Of the command whose answer is due: */
	bool begun;
	struct question question;
	struct exchange exchange;

	struct peer *peers; /* one for each server */
	size_t servers;
	size_t kept;  /* bytes of replies that came early */
	bool holding; /* some servers are not read from */
	bool losing;  /* commands were lost, and not all that is to be told of them has been told */
};

static struct flight *flight_at(const struct pipeline *p, size_t i)
{
	return &p->flights[(p->head + i) & (FLIGHTS_MAX - 1)];
}

static struct pipeline *pipeline_new(struct session *s)
{
	struct pipeline *p = xcalloc(1, sizeof(*p));
	p->session = s;
	p->flights = xcalloc(FLIGHTS_MAX, sizeof(*p->flights));
	p->keys = xmalloc(KEYS_ROOM);
	return p;
}

static void release_early(struct pipeline *p)
{
	for (size_t i = 0; i < p->servers; i++) {
		gather_release(&p->peers[i].ordered.replies);
		gather_release(&p->peers[i].joining.replies);
	}
	free(p->peers);
}

/* The list of servers can have changed while nothing was under way. */
static void know_servers(struct pipeline *p)
{
	size_t servers = client_server_count(p->session->client);
	if (servers == p->servers)
		return;
	release_early(p);
	p->servers = servers;
	p->peers = xcalloc(servers, sizeof(*p->peers));
}

void pipeline_free(struct pipeline *p)
{
	if (!p)
		return;
	release_early(p);
	free(p->flights);
	free(p->keys);
	free(p);
}

bool pipeline_busy(const struct session *s)
{
	return s->pipeline && s->pipeline->count > 0;
}

/* Tells of the losses to which none will be added. */
static void tell_losses(struct pipeline *p)
{
	p->losing = false;
	for (size_t i = 0; i < p->servers; i++) {
		if (p->peers[i].flights == 0)
			losses_tell(p->session, &p->peers[i].losses);
		p->losing |= p->peers[i].losses.count > 0;
	}
}

/* Those that REPLY, which tells F that it is lost, belongs to: of its server, or of another one
 * that was lost for the same reason, as all are by Ctrl-C. */
static struct losses *losses_of(struct pipeline *p, const struct flight *f,
                                const struct reply *reply)
{
	struct losses *own = &p->peers[f->server].losses;
	for (size_t i = 0; i < p->servers; i++) {
		struct losses *l = &p->peers[(f->server + i) % p->servers].losses;
		if (l->count > 0 && strcmp(l->error.what, reply->error->what) == 0)
			return l;
	}
	losses_tell(p->session, own);
	p->losing = true;
	return own;
}

/* Shows a reply of the command whose turn it is. */
static void show(struct pipeline *p, struct flight *f, const struct reply *reply)
{
	struct session *s = p->session;
	if (!p->begun) {
		p->begun = true;
		p->question = (struct question){.command = f->command,
		                                .request = &f->request,
		                                .server = exchange_label(s, f->server),
		                                .keyed = f->keyed};
		p->exchange = (struct exchange){.session = s, .question = &p->question};
		output_mark(&s->output);
		view_begin(&s->view, &p->question);
	}
	if (reply->kind == REPLY_LOST)
		p->exchange.told = losses_add(losses_of(p, f, reply), f->place, reply);
	else if (p->losing)
		tell_losses(p);
	s->answering = &f->place;
	exchange_reply(&p->exchange, reply);
	s->answering = NULL;
}

/* Where the replies of F are kept. */
static struct early *early_of(struct pipeline *p, const struct flight *f)
{
	struct peer *peer = &p->peers[f->server];
	return f->joining ? &peer->joining : &peer->ordered;
}

static void keep(struct pipeline *p, struct flight *f, const struct reply *reply)
{
	struct gather *replies = &early_of(p, f)->replies;
	size_t before = gather_size(replies);
	gather_add(replies, reply);
	p->kept += gather_size(replies) - before;
	f->kept++;
	f->done = reply_is_last(reply->kind);
	if (p->kept > KEPT_MAX) {
		conn_hold(client_server(p->session->client, f->server), true);
		p->holding = true;
	}
}

/* Shows what was kept for F, whose turn it is. */
static void show_kept(struct pipeline *p, struct flight *f)
{
	struct early *early = early_of(p, f);
	struct gather *replies = &early->replies;
	for (; f->kept > 0; f->kept--) {
		struct reply reply = gather_at(replies, early->shown++);
		show(p, f, &reply);
	}
	bool all = early->shown == replies->count;
	if (all || (early->shown >= SHOWN_MANY && early->shown >= replies->count / 2)) {
		size_t before = gather_size(replies);
		gather_drop(replies, early->shown);
		p->kept -= before - gather_size(replies);
		early->shown = 0;
	}
}

/* Reads from the server whose answer is due, and from the others when there is room again. */
static void hold_or_read(struct pipeline *p)
{
	struct client *client = p->session->client;
	bool full = p->kept > KEPT_MAX / 2;
	for (size_t i = 0; i < client_server_count(client); i++) {
		bool due = p->count == 0 || flight_at(p, 0)->server == i;
		if (due || !full)
			conn_hold(client_server(client, i), false);
	}
	p->holding = full && p->count > 0;
}

/* The head's answer has been shown. */
static void retire(struct pipeline *p)
{
	struct session *s = p->session;
	session_count(s, p->exchange.status, false);
	p->begun = false;
	p->peers[flight_at(p, 0)->server].flights--;
	p->head = (p->head + 1) & (FLIGHTS_MAX - 1);
	if (--p->count == 0 && p->losing)
		tell_losses(p);
}

/* Shows what came before its turn and has it now. */
static void catch_up(struct pipeline *p)
{
	while (p->count > 0 && flight_at(p, 0)->kept > 0) {
		struct flight *f = flight_at(p, 0);
		show_kept(p, f);
		if (!f->done)
			break;
		retire(p);
	}
	if (p->holding)
		hold_or_read(p);
}

static void on_reply(void *ctx, const struct reply *reply)
{
	struct flight *f = ctx;
	struct pipeline *p = f->pipeline;
	if (f != flight_at(p, 0)) {
		keep(p, f, reply);
		return;
	}
	show(p, f, reply);
	if (reply_is_last(reply->kind)) {
		retire(p);
		catch_up(p);
	}
}

/* Waits for something to come; a person sees it at once. False when nothing will. */
static bool wait_on(struct session *s)
{
	if (s->interactive)
		output_flush(&s->output);
	return client_step(s->client);
}

void pipeline_drain(struct session *s)
{
	while (pipeline_busy(s) && wait_on(s))
		;
}

/* Whether Ctrl-C has come: nothing more of a script is sent then. */
static bool is_interrupted(struct session *s)
{
	session_new_line(s);
	return interrupt_pending();
}

bool pipeline_turn(struct session *s)
{
	if (!pipeline_busy(s))
		return true;
	pipeline_drain(s);
	output_mark(&s->output);
	return !is_interrupted(s);
}

void pipeline_idle(struct session *s)
{
	while (pipeline_busy(s) && !input_ready(s->input) && wait_on(s))
		;
}

/* Whether somebody watches what happens between one command and the next. */
static bool is_watched(const struct session *s)
{
	const struct settings *t = &s->settings;
	return s->depth != 1 || !s->input || s->input->prompt || s->stop_on_error || s->quiet ||
	       t->trace != TRACE_OFF || s->output.sink != SINK_NONE || output_copied(&s->output) ||
	       (t->format == FORMAT_PRETTY && t->timing != TIMING_OFF);
}

static bool can_go_ahead(const struct session *s, const struct ask *ask)
{
	switch (request_expects(ask->request)) {
	case EXPECT_STORAGE:
	case EXPECT_VALUES:
	case EXPECT_TOUCH:
	case EXPECT_DELETE:
	case EXPECT_NUMBER:
		break;
	case EXPECT_NONE:
		if (ask->request->key_count == 0)
			return false;
		break;
	default:
		return false;
	}
	return ask->target.kind != TARGET_ALL && !exchange_divides(s, ask) && !is_watched(s);
}

/* N bytes of the room for keys, or NULL while those under way need it. */
static char *find_room(struct pipeline *p, size_t n)
{
	size_t first = p->count ? flight_at(p, 0)->keys_at : 0;
	if (p->count == 0)
		p->keys_to = 0;
	if (p->count > 0 && p->keys_to <= first)
		return p->keys_to + n < first ? p->keys + p->keys_to : NULL;
	if (p->keys_to + n <= KEYS_ROOM)
		return p->keys + p->keys_to;
	return n < first ? p->keys : NULL;
}

/* The bytes that the keys of ASK take there. */
static size_t keys_size(const struct ask *ask)
{
	const struct request *r = ask->request;
	size_t n = r->key_count * (ask->prefix.len > 0 ? 2 : 1) * sizeof(struct slice);
	for (size_t i = 0; i < r->key_count; i++)
		n += ask->prefix.len + r->keys[i].len;
	return (n + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
}

/* Copies the keys of ASK into ROOM: f->request gets them as they were typed, WIRE with the prefix.
 */
static void copy_keys(struct flight *f, const struct ask *ask, struct request *wire, char *room)
{
	size_t count = ask->request->key_count, prefix = ask->prefix.len;
	struct slice *typed = (struct slice *)(void *)room, *sent = prefix ? typed + count : typed;
	char *at = (char *)(sent + count);
	for (size_t i = 0; i < count; i++) {
		struct slice key = ask->request->keys[i];
		if (prefix)
			memcpy(at, ask->prefix.data, prefix);
		memcpy(at + prefix, key.data, key.len);
		sent[i] = slice_of(at, prefix + key.len);
		typed[i] = slice_of(at + prefix, key.len);
		at += prefix + key.len;
	}
	f->request.keys = typed;
	wire->keys = sent;
}

/* Waits until one more may go, whose keys take N bytes. NULL when nothing moves. */
static char *make_room(struct pipeline *p, size_t n)
{
	struct client *client = p->session->client;
	if (p->count == FLIGHTS_MAX) {
		while (p->count > FLIGHTS_LOW && client_step(client))
			;
	}
	char *room;
	while (!(room = find_room(p, n)) && client_step(client))
		;
	return room;
}

static void send_some(struct pipeline *p, struct conn *conn, size_t bytes)
{
	struct client *client = p->session->client;
	p->fresh += bytes;
	if (p->fresh >= SEND_AT) {
		p->fresh = 0;
		client_poke(client);
	}
	while (conn_backlog(conn) >= SEND_MAX && client_step(client))
		;
}

static bool use_meta(struct session *s, const struct request *wire, size_t server)
{
	if (s->settings.protocol == PROTOCOL_AUTO)
		return meta_does_the_same(wire) && s->settings.format != FORMAT_WIRE &&
		       s->pipeline->total >= META_AFTER && client_speaks_meta(s->client, server);
	return s->settings.protocol == PROTOCOL_META && meta_has_form(wire);
}

/* Whether WIRE is a get that may go out on one line with others and later than changes of other
 * keys. The server has to be a memcached, which answers the keys of a line in their order. */
static bool may_join(struct session *s, const struct request *wire, size_t server)
{
	return (wire->verb == VERB_GET || wire->verb == VERB_GETS) && wire->key_count == 1 &&
	       s->settings.protocol == PROTOCOL_AUTO && s->settings.format != FORMAT_WIRE &&
	       s->pipeline->total >= META_AFTER && client_speaks_meta(s->client, server);
}

/* The mark by which a meta answer is known to be WIRE's, and not one that was sent twice or comes
 * in the place of a lost one. */
static void give_opaque(struct pipeline *p, struct request *wire)
{
	p->opaque = p->opaque < META_OPAQUE_MAX ? p->opaque + 1 : 1;
	wire->opaque = p->opaque;
}

bool pipeline_add(struct session *s, const struct ask *ask, enum status *status)
{
	if (!can_go_ahead(s, ask))
		return false;
	if (!s->pipeline)
		s->pipeline = pipeline_new(s);
	struct pipeline *p = s->pipeline;
	know_servers(p);
	size_t n = keys_size(ask);
	char *room = n <= KEYS_MOST ? make_room(p, n) : NULL;
	*status = STATUS_LOST;
	if (!room)
		return is_interrupted(s);
	struct request wire = *ask->request;
	struct flight *f = flight_at(p, p->count);
	*f = (struct flight){.pipeline = p,
	                     .command = ask->command,
	                     .request = wire,
	                     .keys_at = (size_t)(room - p->keys),
	                     .place = session_location(s),
	                     .keyed = ask->keyed};
	f->request.value.data = NULL; /* its length alone is known later */
	copy_keys(f, ask, &wire, room);
	f->server = exchange_server(s, &ask->target, &wire);
	if (f->server >= client_server_count(s->client))
		return false;
	struct conn *conn = client_server(s->client, f->server);
	if (conn_state(conn) != CONN_OPEN)
		return false;
	wire.meta = f->request.meta = use_meta(s, &wire, f->server);
	if (wire.meta)
		give_opaque(p, &wire);
	f->joining = wire.may_join = may_join(s, &wire, f->server);
	if (is_interrupted(s))
		return true;
	struct error error;
	size_t backlog = conn_backlog(conn);
	if (!exchange_submit(s, &ask->target, &wire, on_reply, f, &error)) {
		*status = session_fail(s, STATUS_USAGE, &error);
		return true;
	}
	p->keys_to = f->keys_at + n;
	p->count++;
	p->total++;
	p->peers[f->server].flights++;
	send_some(p, conn, conn_backlog(conn) - backlog);
	*status = STATUS_OK;
	return true;
}
