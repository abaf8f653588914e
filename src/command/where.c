#include "base/quote.h"
#include "base/xalloc.h"
#include "command/mcrouter.h"
#include "command/moved.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/io/interrupt.h"
#include "shell/report.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/wrap.h"

#include <stdlib.h>

static const struct command_option where_options[] = {
    {"--ask", NULL, "ask every server whether it has the key", NULL},
    {"--all", NULL, "pretty: a row for each kind of client, in place of groups", NULL},
    {"--moved", NULL, "D1 D2 [SERVER...] in place of KEY: what another layout would move", NULL},
    {"--sample", "N", "with --moved: N made-up keys, in place of those on the servers", NULL},
    {NULL, NULL, NULL, NULL},
};

/* Whether each server has a key: one of these for each. */
enum presence {
	PRESENCE_UNKNOWN,
	PRESENCE_NO,
	PRESENCE_YES
};

static void on_presence(void *ctx, const struct reply *reply)
{
	enum presence *p = ctx;
	if (reply->kind == REPLY_VALUE)
		*p = PRESENCE_YES;
	else if (reply->kind == REPLY_END && *p == PRESENCE_UNKNOWN)
		*p = PRESENCE_NO;
}

/* Asks every server for KEY, all at once; none answered: raises STATUS. The caller frees. */
static enum presence *find_key(struct session *s, const struct slice *key, enum status *status)
{
	struct request request = {.verb = VERB_GET, .keys = key, .key_count = 1};
	size_t count = client_server_count(s->servers.client);
	enum presence *found = xcalloc(count, sizeof(*found));
	ask_servers(s, &request, 0, count, on_presence, found, sizeof(*found));
	size_t silent = 0;
	while (silent < count && found[silent] == PRESENCE_UNKNOWN)
		silent++;
	if (silent == count)
		*status = STATUS_LOST;
	return found;
}

static const char *presence_word(enum presence p)
{
	return p == PRESENCE_YES ? "yes" : p == PRESENCE_NO ? "no" : "no answer";
}

/* What each set-up makes of the session's servers. */
static struct distribution **build_all(const struct client *client)
{
	struct distribution **built =
	    xcalloc(distribution_setup_count, sizeof(struct distribution *));
	for (size_t i = 0; i < distribution_setup_count; i++)
		built[i] = client_distribution(client, &distribution_setups[i]);
	return built;
}

static void free_all(struct distribution **built)
{
	for (size_t i = 0; i < distribution_setup_count; i++)
		distribution_free(built[i]);
	free(built);
}

/* One row a set-up: where it places the key. */
static void add_rows(struct servers *servers, struct table *t, struct distribution *const *built,
                     struct slice shown, struct slice key, const enum presence *found,
                     const struct buf *routes)
{
	for (size_t i = 0; i < distribution_setup_count; i++) {
		const struct distribution_setup *setup = &distribution_setups[i];
		size_t server = distribution_pick(built[i], key, 0);
		table_cell(t, PAINT_KEY, shown);
		table_cell_str(t, i == servers->placed_by ? PAINT_GOOD : PAINT_NONE, setup->name);
		if (server == DISTRIBUTION_NONE) {
			table_cell_str(t, PAINT_NONE, "");
			table_cell_str(t, PAINT_NONE, "");
		} else {
			table_cellf(t, PAINT_NUMBER, "%zu", server + 1);
			table_cell_str(t, PAINT_NONE, servers_label(servers, server));
		}
		if (found)
			table_cell_str(t, PAINT_NONE,
			               server == DISTRIBUTION_NONE ? ""
			                                           : presence_word(found[server]));
		table_cell_str(t, PAINT_DIM, setup->clients);
		if (routes)
			table_cell(t, PAINT_NONE,
			           server == DISTRIBUTION_NONE ? slice_of(NULL, 0)
			                                       : buf_slice(&routes[server]));
	}
}

/* Whether SETUP is an everyday one: the rest are the same with another hash, by options. */
static bool is_common(const struct distribution_setup *setup)
{
	return !strstr(setup->clients, ", hash ") || strstr(setup->clients, "(its default)");
}

/* ", which has it", where it was asked. */
static const char *presence_clause(enum presence p)
{
	return p == PRESENCE_YES  ? ", which has it"
	       : p == PRESENCE_NO ? ", which does not have it"
	                          : ", which does not answer";
}

static void add_server_name(struct session *s, struct buf *out, size_t server,
                            const enum presence *found)
{
	paint_slice(out, s->style.color, PAINT_HEADING, escape_add_field,
	            slice_str(servers_label(&s->servers, server)));
	if (found)
		buf_add_str(out, presence_clause(found[server]));
}

/* The common set-ups that place KEY on SERVER; the session's is there in any case. */
static bool add_choosers(struct session *s, struct buf *out, struct distribution *const *built,
                         struct slice key, size_t server, size_t column)
{
	bool any = false;
	for (size_t i = 0; i < distribution_setup_count; i++) {
		const struct distribution_setup *setup = &distribution_setups[i];
		if ((!is_common(setup) && i != s->servers.placed_by) ||
		    distribution_pick(built[i], key, 0) != server)
			continue;
		struct buf name = BUF_INIT;
		paint_add(&name, s->style.color,
		          i == s->servers.placed_by ? PAINT_GOOD : PAINT_NONE, setup->name);
		if (any) {
			buf_add_char(out, ',');
			column++;
		}
		column = wrap_piece(out, buf_slice(&name), any ? " " : "", 5, column,
		                    s->style.columns - 1);
		buf_release(&name);
		any = true;
	}
	return any;
}

/* For eyes: the server, or a line for each with the kinds of clients that choose it. */
static void show_groups(struct session *s, struct distribution *const *built, struct slice shown,
                        struct slice key, const enum presence *found)
{
	struct buf *out = &s->output.results, line = BUF_INIT;
	const char *arrow = s->style.utf8 ? "\xe2\x86\x90 " : "<- ";
	size_t count = client_server_count(s->servers.client);
	paint_slice(&line, s->style.color, PAINT_KEY, quote_add_word, shown);
	if (count == 1) {
		buf_add_str(&line, " is on ");
		add_server_name(s, &line, 0, found);
		buf_add_str(&line, found ? "" : ", the only server");
	}
	wrap_add(out, buf_slice(&line), 0, 0, s->style.columns);
	for (size_t i = 0; count > 1 && i < count; i++) {
		size_t from = out->len;
		buf_clear(&line);
		buf_add_str(&line, "  ");
		add_server_name(s, &line, i, found);
		size_t column = paint_columns(buf_slice(&line));
		if (column + 24 > s->style.columns) {
			wrap_add(out, slice_skip(buf_slice(&line), 2), 2, 0, s->style.columns);
			buf_add_str(out, "  ");
			column = 2;
		} else {
			buf_add_slice(out, buf_slice(&line));
			buf_add_char(out, ' ');
			column++;
		}
		buf_add_str(out, arrow);
		bool any = add_choosers(s, out, built, key, i, column + (s->style.utf8 ? 2 : 3));
		if (!any && !found)
			out->len = from;
		else if (!any)
			buf_add_str(out, "none of them\n");
		else
			buf_add_char(out, '\n');
	}
	buf_release(&line);
}

/* For eyes, after the groups: what an mcrouter does with the key. */
static void show_routes(struct session *s, const struct buf *routes)
{
	struct buf line = BUF_INIT;
	for (size_t i = 0; routes && i < client_server_count(s->servers.client); i++) {
		if (routes[i].len == 0)
			continue;
		buf_clear(&line);
		buf_addf(&line, "  %s is mcrouter, and sends it to ",
		         servers_label(&s->servers, i));
		escape_add_field(&line, buf_slice(&routes[i]));
		wrap_add(&s->output.results, buf_slice(&line), 4, 0, s->style.columns);
	}
	buf_release(&line);
}

static enum status run_where(struct session *s, struct args *args)
{
	static const struct table_column asked[] = {
	    {"key", false},    {"distribution", false}, {"number", true},    {"server", false},
	    {"has it", false}, {"clients", false},      {"routed_to", false}};
	static const struct table_column computed[] = {{"key", false},
	                                               {"distribution", false},
	                                               {"number", true},
	                                               {"server", false},
	                                               {"clients", false}};
	struct error error;
	if (args_option(args, "--moved", NULL))
		return moved_show(s, args);
	if (args_option(args, "--sample", NULL))
		return report_errorf(s, STATUS_USAGE, ".where --moved --sample N D1 D2 [SERVER...]",
		                     "--sample is for --moved");
	struct buf arena = BUF_INIT;
	struct table t;
	bool ask = args_option(args, "--ask", NULL);
	bool groups = s->style.format == FORMAT_PRETTY && !args_option(args, "--all", NULL);
	struct slice *keys =
	    ask_prefixed(execute_prefix(s, args), args->operands, args->count, &arena);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < args->count && status == STATUS_OK; i++) {
		if (!key_check(args->operands[i].len > 0 ? keys[i] : args->operands[i], &error))
			status = report_error(s, STATUS_USAGE, &error);
	}
	bool *routers = ask && status == STATUS_OK ? mcrouter_find(s) : NULL;
	if (status == STATUS_OK) {
		table_begin(&t, &s->style, &s->output.results, args->command->name,
		            ask ? asked : computed, ask ? (routers ? 7 : 6) : 5);
		struct distribution **built = build_all(s->servers.client);
		for (size_t i = 0; i < args->count && !interrupt_pending(); i++) {
			enum presence *found = ask ? find_key(s, &keys[i], &status) : NULL;
			struct buf *routes = routers ? mcrouter_routes(s, routers, keys[i]) : NULL;
			if (groups)
				show_groups(s, built, args->operands[i], keys[i], found);
			else
				add_rows(&s->servers, &t, built, args->operands[i], keys[i], found,
				         routes);
			if (groups)
				show_routes(s, routes);
			mcrouter_free(s, routes);
			free(found);
		}
		table_end(&t);
		free_all(built);
	}
	free(routers);
	free(keys);
	buf_release(&arena);
	return status;
}

const struct command command_dot_where = {
    .name = ".where",
    .group = GROUP_CONNECT,
    .operands = "KEY...",
    .options = where_options,
    .summary = "show which server each kind of client keeps a key on",
    .about = "Client libraries place keys on several servers in different ways. For each KEY this "
	     "shows the server that each of them would choose among the servers of this session, "
	     "and which libraries do so. For eyes that is a line for each server with the kinds of "
	     "clients that choose it, as .set distribution knows them, leaving out those that "
	     "differ by a hash that is set as an option; --all shows every one in a row of its "
	     "own, as the other formats do. With --ask every server is asked whether it has the "
	     "key, which counts as a get there; one that is mcrouter by its version, where it "
	     "sends the key, too. With --moved it shows how many keys of those on the servers, or "
	     "of a sample, would move if not D1 but D2 placed them, on the SERVERs named then, "
	     "else on the same: from where, where to, and their share in percent.",
    .sends = "with --ask: get <key>\\r\\n, with --moved lru_crawler metadump hash\\r\\n, to every "
	     "server",
    .replies = "VALUE <key> <flags> <bytes>, END; key=<key> ..., END",
    .example = "> .where foo | head -n 1 | cut -f1-3\nfoo\tpython-memcached\t1\n",
    .effect = EFFECT_READS,
    .run = run_where,
};
