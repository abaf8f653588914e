#include "client/many.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/client_private.h"
#include "client/client_wait.h"

#include <stdlib.h>

/* Up to this many keys go on one line; of more, each line takes LINE_KEYS: the server then answers
 * the first while it reads the next. */
#define ONE_LINE_KEYS 600
#define LINE_KEYS     200

/* gat and gats may not be on longer lines, whatever the number of keys. */
#define GAT_LINE_BYTES 1900

/* While a server has this much to take, it is given no more. */
#define BACKLOG_BYTES    ((size_t)256 * 1024)
#define BACKLOG_REQUESTS ((size_t)8192)

/* The indexes 0 to count-1, sorted by server and, of one server, by index. */
struct shares {
	size_t *index;
	size_t *begin; /* of each server's share; one more than there are servers */
};

static void shares_init(struct shares *s, size_t servers, const size_t *server_of, size_t count)
{
	s->index = xreallocarray(NULL, count, sizeof(*s->index));
	s->begin = xcalloc(servers + 1, sizeof(*s->begin));
	for (size_t i = 0; i < count; i++)
		s->begin[server_of[i] + 1]++;
	for (size_t i = 0; i < servers; i++)
		s->begin[i + 1] += s->begin[i];
	size_t *next = xcalloc(servers, sizeof(*next));
	for (size_t i = 0; i < count; i++)
		s->index[s->begin[server_of[i]] + next[server_of[i]]++] = i;
	free(next);
}

static void shares_release(struct shares *s)
{
	free(s->index);
	free(s->begin);
}

struct get {
	struct client *client;
	const struct request *request;
	reply_fn *fn;
	void *ctx;
	bool one_line;  /* there is but one: how it ends is how all ends */
	bool over;      /* the last reply was handed on */
	unsigned round; /* times that keys were divided again, because servers were down */
	size_t *again;  /* keys to ask for in the next round, by their place in the request */
	size_t again_count;
};

/* One line of keys that goes to a server. */
struct line {
	struct get *get;
	const struct slice *keys;
	const size_t *index; /* of each key, its place in the request */
	size_t count;
	size_t server;
};

static bool may_go_elsewhere(const struct get *get, const struct reply *reply)
{
	return reply->kind == REPLY_LOST && reply->unsent && client_passes_over(get->client) &&
	       get->round < DISTRIBUTION_TRIES && !client_given_up(get->client);
}

static void on_line(void *ctx, const struct reply *reply)
{
	struct line *line = ctx;
	struct get *get = line->get;
	struct reply copy = *reply;

	if (reply->kind == REPLY_VALUE) {
		copy.key_index = line->index[reply->key_index];
		get->fn(get->ctx, &copy);
	} else if (may_go_elsewhere(get, reply)) {
		get->client->servers[line->server].left = true;
		for (size_t i = 0; i < line->count; i++)
			get->again[get->again_count++] = line->index[i];
	} else if (get->one_line) {
		get->over = true;
		get->fn(get->ctx, reply);
	} else if (reply->kind != REPLY_END) {
		copy.timing = NULL;
		get->fn(get->ctx, &copy);
	}
}

/* How many of the COUNT keys from KEYS on go on one line. */
static size_t line_keys(enum verb verb, const struct slice *keys, size_t count)
{
	size_t most = count > ONE_LINE_KEYS ? LINE_KEYS : count;
	if (verb != VERB_GAT && verb != VERB_GATS)
		return most;
	size_t n = 0, bytes = 0;
	while (n < most && (n == 0 || bytes + keys[n].len + 1 <= GAT_LINE_BYTES))
		bytes += keys[n++].len + 1;
	return n;
}

/* Cuts the shares into lines; the caller frees them. */
static struct line *cut_lines(struct get *get, const struct shares *shares,
                              const struct slice *keys, const size_t *index, size_t *line_count)
{
	struct line *lines = NULL;
	size_t count = 0, cap = 0;
	for (size_t server = 0; server < client_server_count(get->client); server++) {
		size_t at = shares->begin[server], end = shares->begin[server + 1];
		size_t most = end - at > ONE_LINE_KEYS ? LINE_KEYS : end - at;
		while (at < end) {
			size_t n = line_keys(get->request->verb, keys + at,
			                     end - at < most ? end - at : most);
			lines = xgrow(lines, &cap, count + 1, sizeof(*lines));
			lines[count++] = (struct line){get, keys + at, index + at, n, server};
			at += n;
		}
	}
	*line_count = count;
	return lines;
}

/* Asks for the keys at the COUNT places INDEX. False when none could be asked for. */
static bool ask_round(struct get *get, const size_t *index, const size_t *server_of, size_t count,
                      struct error *error)
{
	struct shares shares;
	struct slice *keys = xreallocarray(NULL, count, sizeof(*keys));
	size_t *places = xreallocarray(NULL, count, sizeof(*places)), sent = 0, line_count;
	shares_init(&shares, client_server_count(get->client), server_of, count);
	for (size_t i = 0; i < count; i++) {
		places[i] = index[shares.index[i]];
		keys[i] = get->request->keys[places[i]];
	}
	struct line *lines = cut_lines(get, &shares, keys, places, &line_count);
	get->one_line = line_count == 1 && get->round == 0;
	for (size_t i = 0; i < line_count; i++) {
		struct request part = *get->request;
		part.keys = lines[i].keys;
		part.key_count = lines[i].count;
		/* To the server that its keys were sorted by: a dead mark may have ended meanwhile.
		 */
		sent +=
		    client_submit(get->client, &part, lines[i].server, on_line, &lines[i], error);
		/* A server begins while the next one's keys are being written. */
		if (i + 1 < line_count && lines[i + 1].server != lines[i].server)
			conn_pump(client_server(get->client, lines[i].server), 0);
	}
	client_run(get->client);
	free(lines);
	free(places);
	free(keys);
	shares_release(&shares);
	return sent > 0;
}

/* The server of each key at the places INDEX; false when one has none. */
static bool find_servers(const struct get *get, const size_t *index, size_t *server_of,
                         size_t count, struct error *error)
{
	if (client_server_count(get->client) == 1) {
		memset(server_of, 0, count * sizeof(*server_of));
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		server_of[i] = client_server_for(get->client, get->request->keys[index[i]]);
		if (server_of[i] >= client_server_count(get->client))
			return error_set(error, "give one of the servers a weight, or name one",
			                 "no server holds this key");
	}
	return true;
}

static bool ask_all(struct get *get, size_t *index, size_t *server_of, struct error *error)
{
	size_t count = get->request->key_count;
	for (size_t i = 0; i < count; i++)
		index[i] = i;
	while (count > 0) {
		get->again_count = 0;
		if (!find_servers(get, index, server_of, count, error) ||
		    !ask_round(get, index, server_of, count, error))
			return false;
		count = get->again_count;
		memcpy(index, get->again, count * sizeof(*index));
		/* A round in which no server is left to try is the last: all of them are dead. */
		get->round = count > 0 &&
		                     client_is_dead(get->client,
		                                    client_server_for(get->client,
		                                                      get->request->keys[index[0]]))
		                 ? DISTRIBUTION_TRIES
		                 : get->round + 1;
	}
	return true;
}

bool client_get_many(struct client *client, const struct request *request, reply_fn *fn, void *ctx,
                     struct error *error)
{
	size_t count = request->key_count;
	struct request checked = *request;
	if (!request_check_keys(&checked, error))
		return false;
	size_t *space = xreallocarray(NULL, count, 3 * sizeof(*space));
	struct get get = {.client = client,
	                  .request = &checked,
	                  .fn = fn,
	                  .ctx = ctx,
	                  .again = space + 2 * count};
	int64_t start = clock_now();
	bool ok = ask_all(&get, space, space + count, error);
	free(space);
	if (ok && !get.over) {
		struct timing timing = {.total = clock_now() - start};
		struct reply end = {.kind = REPLY_END, .timing = &timing};
		fn(ctx, &end);
	}
	return ok;
}

struct job {
	const struct many *many;
	size_t i;
};

static void on_job(void *ctx, const struct reply *reply)
{
	struct job *job = ctx;
	if (reply_is_last(reply->kind))
		job->many->on_reply(job->many->ctx, job->i, reply);
}

static void report_unsent(const struct many *many, size_t i, const struct error *error)
{
	struct reply reply = {.kind = REPLY_LOST, .error = error};
	many->on_reply(many->ctx, i, &reply);
}

static bool submit_job(struct client *client, struct job *job, const struct request *request,
                       struct error *error)
{
	const struct many *many = job->many;
	size_t server = many->place ? many->place(many->ctx, job->i) : many->server;
	return many->by_hash ? client_submit_hash(client, request, many->hash, on_job, job, error)
	                     : client_submit(client, request, server, on_job, job, error);
}

size_t many_server(struct client *client, const struct many *many, size_t i)
{
	size_t server = many->by_hash ? client_server_for_hash(client, many->hash)
	                : many->place ? many->place(many->ctx, i)
	                : many->server == SERVER_BY_KEY
	                    ? client_server_for(client, many->key(many->ctx, i))
	                    : many->server;
	return server < client_server_count(client) ? server : 0;
}

/* Gives SERVER as much as it may have; *NEXT is its share's next, END the end of it. */
static void feed(struct client *client, size_t server, struct job *jobs, const size_t *index,
                 size_t *next, size_t end)
{
	struct conn *c = client_server(client, server);
	struct error error;
	while (*next < end && conn_backlog(c) < BACKLOG_BYTES &&
	       conn_waiting(c) < BACKLOG_REQUESTS) {
		struct job *job = &jobs[index[(*next)++]];
		struct request request = {0};
		job->many->fill(job->many->ctx, job->i, &request);
		if (!submit_job(client, job, &request, &error))
			report_unsent(job->many, job->i, &error);
	}
}

bool client_do_many(struct client *client, const struct many *many)
{
	size_t servers = client_server_count(client), left = 0;
	size_t *server_of = xcalloc(many->count, sizeof(*server_of));
	struct job *jobs = xcalloc(many->count, sizeof(*jobs));
	struct shares shares;
	struct error error;
	for (size_t i = 0; i < many->count; i++) {
		jobs[i] = (struct job){many, i};
		server_of[i] = many_server(client, many, i);
	}
	shares_init(&shares, servers, server_of, many->count);
	size_t *next = xcalloc(servers, sizeof(*next));
	memcpy(next, shares.begin, servers * sizeof(*next));
	bool going = true;
	do {
		left = 0;
		for (size_t i = 0; i < servers; i++) {
			feed(client, i, jobs, shares.index, &next[i], shares.begin[i + 1]);
			left += shares.begin[i + 1] - next[i];
		}
		going = client_step(client);
	} while (going || (left > 0 && !client_given_up(client)));
	error_set(&error, "nothing was sent for it", "interrupted");
	for (size_t server = 0; server < servers; server++) {
		for (size_t i = next[server]; i < shares.begin[server + 1]; i++)
			report_unsent(many, shares.index[i], &error);
	}
	free(next);
	shares_release(&shares);
	free(jobs);
	free(server_of);
	return left == 0 && !client_given_up(client);
}
