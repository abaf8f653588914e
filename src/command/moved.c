#include "command/moved.h"

#include "base/xalloc.h"
#include "command/arguments.h"
#include "shell/execute.h"
#include "shell/io/interrupt.h"
#include "shell/items/walk.h"
#include "shell/report.h"
#include "view/text/table.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

#include <stdio.h>
#include <stdlib.h>

/* The most made-up keys. */
#define SAMPLE_MAX 100000000u

/* A distribution over servers; a key that has none there counts in the place after the last. */
struct layout {
	struct distribution *distribution;
	struct address *own; /* of servers that are not the session's; NULL: they are */
	size_t count;
};

struct moving {
	struct session *s;
	struct layout from, to;
	uint64_t *counts; /* of each pair of places */
	uint64_t keys, moved;
};

static const char *label(const struct moving *m, const struct layout *l, size_t server)
{
	if (server == l->count)
		return "";
	return l->own ? l->own[server].label : servers_label(&m->s->servers, server);
}

static void release(struct layout *l)
{
	distribution_free(l->distribution);
	for (size_t i = 0; l->own && i < l->count; i++)
		address_release(&l->own[i]);
	free(l->own);
}

static const struct distribution_setup *find_setup(struct slice name, struct error *error)
{
	const struct distribution_setup *setup = distribution_find(name);
	if (!setup)
		error_set(error, "Tab after .set distribution lists them",
		          "unknown distribution \"%.*s\"", SLICE_ARGS(name, 60));
	return setup;
}

/* SPECS, COUNT of them, placed by NAME; none: the session's servers. */
static bool read_layout(struct session *s, struct slice name, const struct slice *specs,
                        size_t count, struct layout *out, struct error *error)
{
	const struct distribution_setup *setup = find_setup(name, error);
	*out = (struct layout){.count = client_server_count(s->servers.client)};
	if (!setup)
		return false;
	if (count == 0) {
		out->distribution = client_distribution(s->servers.client, setup);
		return true;
	}
	struct distribution_server *servers = xcalloc(count, sizeof(*servers));
	out->own = xcalloc(count, sizeof(*out->own));
	bool ok = true;
	for (out->count = 0; ok && out->count < count; out->count += ok) {
		ok = servers_parse(specs, out->count, &out->own[out->count], error);
		if (ok)
			servers[out->count] = address_server(&out->own[out->count]);
	}
	if (ok)
		out->distribution = distribution_new(setup, servers, count);
	free(servers);
	return ok;
}

static size_t place(const struct layout *l, struct slice key)
{
	size_t server = distribution_pick(l->distribution, key, 0);
	return server == DISTRIBUTION_NONE ? l->count : server;
}

static void count_key(struct moving *m, struct slice key)
{
	size_t from = place(&m->from, key), to = place(&m->to, key);
	m->counts[from * (m->to.count + 1) + to]++;
	m->keys++;
	m->moved += strcmp(label(m, &m->from, from), label(m, &m->to, to)) != 0;
}

static bool on_item(void *ctx, size_t server, const struct crawled *item)
{
	(void)server;
	count_key(ctx, item->key);
	return true;
}

/* Counts the keys that the servers list. */
static enum status count_listed(struct moving *m)
{
	struct walk_end end;
	struct walk_plan plan = {.filter = &keyfilter_all,
	                         .end = client_server_count(m->s->servers.client),
	                         .foreign = true,
	                         .ctx = m,
	                         .item = on_item};
	return walk(m->s, &plan, &end);
}

/* key:0, key:1 and so on, the same each time. */
static void count_sample(struct moving *m, struct slice prefix, uint64_t n)
{
	struct buf key = BUF_INIT;
	for (uint64_t i = 0; i < n && !interrupt_pending(); i++) {
		buf_clear(&key);
		buf_add_slice(&key, prefix);
		buf_addf(&key, "key:%llu", (unsigned long long)i);
		count_key(m, buf_slice(&key));
	}
	buf_release(&key);
}

static void show(struct moving *m)
{
	static const struct table_column columns[] = {
	    {"from", false}, {"to", false}, {"keys", true}, {"share", true}, {"moves", false}};
	struct session *s = m->s;
	bool pretty = s->style.format == FORMAT_PRETTY;
	struct table t;
	table_begin(&t, &s->style, &s->output.results, ".where", columns, 5);
	for (size_t i = 0; i < (m->from.count + 1) * (m->to.count + 1); i++) {
		if (m->counts[i] == 0)
			continue;
		const char *from = label(m, &m->from, i / (m->to.count + 1));
		const char *to = label(m, &m->to, i % (m->to.count + 1));
		bool moves = strcmp(from, to) != 0;
		table_cell_str(&t, PAINT_KEY, from);
		table_cell_str(&t, PAINT_KEY, to);
		table_cellf(&t, PAINT_NONE, "%llu", (unsigned long long)m->counts[i]);
		table_cellf(&t, PAINT_NONE, pretty ? "%.1f %%" : "%.1f",
		            100.0 * (double)m->counts[i] / (double)m->keys);
		table_cell_str(&t, moves ? PAINT_NOTICE : PAINT_DIM, moves ? "yes" : "no");
	}
	table_end(&t);
	if (!pretty)
		return;
	struct buf line = BUF_INIT;
	buf_addf(&line, "%s of %s keys would move (%.1f %%)", grouped_text(m->moved).s,
	         grouped_text(m->keys).s,
	         m->keys ? 100.0 * (double)m->moved / (double)m->keys : 0.0);
	wrap_add(&s->output.results, buf_slice(&line), 0, 0, s->style.columns);
	buf_release(&line);
}

enum status moved_show(struct session *s, struct args *args)
{
	struct moving m = {.s = s};
	const struct slice *words = args->operands;
	struct slice text = {0};
	struct error error;
	uint64_t sample = 0;
	enum status status = STATUS_OK;
	bool given = args_option(args, "--sample", &text);
	if (args->count < 2)
		return report_errorf(s, STATUS_USAGE, ".where --moved D1 D2 [SERVER...]",
		                     "--moved wants two distributions");
	if (client_server_count(s->servers.client) + args->count > SERVERS_MAX)
		return report_errorf(s, STATUS_USAGE, "leave some out",
		                     "more than %d servers are named", SERVERS_MAX);
	bool ok = (!given || argument_number(text, "--sample", SAMPLE_MAX, &sample, &error)) &&
	          read_layout(s, words[0], NULL, 0, &m.from, &error) &&
	          read_layout(s, words[1], words + 2, args->count - 2, &m.to, &error);
	if (ok) {
		m.counts = xcalloc((m.from.count + 1) * (m.to.count + 1), sizeof(*m.counts));
		if (given)
			count_sample(&m, execute_prefix(s, args), sample);
		else
			status = count_listed(&m);
		show(&m);
	} else {
		status = report_error(s, STATUS_USAGE, &error);
	}
	free(m.counts);
	release(&m.from);
	release(&m.to);
	return status;
}
