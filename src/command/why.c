/* .why: what can be known, without changing anything, of why a key is not there. */
#include "view/why/why.h"
#include "base/xalloc.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/flow/look.h"
#include "shell/items/walk.h"
#include "shell/report.h"

#include <stdlib.h>

struct asking {
	struct session *session;
	struct why_facts facts;
	struct why_server *servers;
};

static void on_stat(void *ctx, const struct reply *reply)
{
	struct sample *sample = ctx;
	if (reply->kind == REPLY_STAT)
		sample_add(sample, reply->key, reply->value);
}

static void on_item_stat(void *ctx, const struct reply *reply)
{
	if (reply->kind == REPLY_STAT)
		why_facts_item_stat(ctx, reply->key, reply->value);
}

static bool on_listed(void *ctx, size_t server, const struct crawled *item)
{
	struct asking *a = ctx;
	if (slice_eq(item->key, a->facts.key))
		a->servers[server].presence = WHY_PRESENT;
	why_facts_listed(&a->facts, server, item);
	return true;
}

/* Which servers have it, by `me`; what does not speak the meta commands is known by its list. */
static enum status look_everywhere(struct asking *a, const struct args *args)
{
	struct session *s = a->session;
	struct why_facts *f = &a->facts;
	struct look *looks = xcalloc(f->count, sizeof(*looks));
	enum status status = STATUS_OK;
	struct error error;
	for (size_t i = 0; i < f->count; i++) {
		if (!look_can(s, i, &error))
			continue;
		look_at(s, f->key, i, i + 1, &looks[i]);
		if (looks[i].status == STATUS_OK)
			a->servers[i].presence = looks[i].item.there ? WHY_PRESENT : WHY_ABSENT;
		else
			status = status_max(status, looks[i].status);
	}
	/* A walk finds, and reports, the servers that are down itself. */
	bool walks = !looks[f->own].item.there && !args_option(args, "--no-list", NULL);
	for (size_t i = 0; i < f->count; i++) {
		if (looks[i].status != STATUS_OK && !(walks && looks[i].status == STATUS_LOST))
			report_error(s, looks[i].status, &looks[i].error);
	}
	f->item = looks[f->own].item;
	f->now = looks[f->own].now;
	free(looks);
	return status;
}

static void ask_own(struct asking *a)
{
	struct why_facts *f = &a->facts;
	ask_stats(a->session, "", f->own, f->own + 1, on_stat, &f->stats, 0);
	ask_stats(a->session, "settings", f->own, f->own + 1, on_stat, &f->settings, 0);
	ask_stats(a->session, "items", f->own, f->own + 1, on_item_stat, f, 0);
}

/* The keys of all servers, or, where these cannot be had, those that were named here. */
static void look_for_nears(struct asking *a, const struct args *args)
{
	struct session *s = a->session;
	struct walk_end end;
	struct walk_plan plan = {.filter = &keyfilter_all,
	                         .end = a->facts.count,
	                         .foreign = true,
	                         .ctx = a,
	                         .item = on_listed};
	if (!args_option(args, "--no-list", NULL))
		a->facts.listed = walk(s, &plan, &end) == STATUS_OK;
	for (size_t i = 0; !a->facts.listed && i < s->run.keys.count; i++)
		why_facts_named(&a->facts, slice_str(s->run.keys.list[i]), a->facts.own);
}

static enum status explain(struct asking *a, const struct args *args)
{
	struct session *s = a->session;
	struct why_facts *f = &a->facts;
	f->count = client_server_count(s->servers.client);
	f->servers = a->servers = xcalloc(f->count, sizeof(*a->servers));
	for (size_t i = 0; i < f->count; i++)
		a->servers[i].label = servers_label(&s->servers, i);
	f->home = client_home(s->servers.client, f->key);
	enum status status = look_everywhere(a, args);
	if (!f->item.there && a->servers[f->own].presence != WHY_UNKNOWN) {
		ask_own(a);
		look_for_nears(a, args);
	} else if (!f->item.there) {
		look_for_nears(a, args);
		if (f->listed)
			ask_own(a);
		f->item.there = a->servers[f->own].presence == WHY_PRESENT;
	}
	if (status != STATUS_OK && a->servers[f->own].presence == WHY_UNKNOWN && !f->listed)
		return status; /* which has been reported */
	why_add(&s->output.results, &s->style, f);
	return status_max(status, f->item.there ? STATUS_OK : STATUS_NEGATIVE);
}

static enum status run_why(struct session *s, struct args *args)
{
	struct asking a = {.session = s};
	struct buf arena = BUF_INIT;
	struct slice *keys = ask_prefixed(execute_prefix(s, args), args->operands, 1, &arena);
	struct error error;
	enum status status;
	a.facts.key = keys[0];
	a.facts.shown = args->operands[0];
	if (look_server(s, args, keys[0], &a.facts.own, &error))
		status = explain(&a, args);
	else
		status = report_error(s, STATUS_USAGE, &error);
	why_facts_release(&a.facts);
	free(a.servers);
	free(keys);
	buf_release(&arena);
	return status;
}

static const struct command_option why_options[] = {
    {"--no-list", NULL, "look for near keys among those named here, not on the servers", NULL},
    {0},
};

const struct command command_dot_why = {
    .name = ".why",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "KEY",
    .options = why_options,
    .summary = "show why a key is not there, as far as that can be known",
    .about =
	"Looks for what has become of KEY without changing anything, and shows the causes that can "
	"be, the likeliest first, with the evidence for each: its server is down; another has it; "
	"it is spelt "
	"nearly so, or with another prefix, among the keys that the servers list; it has expired, "
	"by the time that keys like it have; it was evicted, by its slab class and the age of the "
	"oldest item there; the server was flushed or restarted; the value was larger than its "
	"limit, or found no memory; it was deleted, which no server notes, or never stored. Below "
	"these stands what is unlikely or ruled out, and by what. Listing the keys walks through "
	"all servers, as .keys does; "
	"--no-list leaves that out. The status is 0 when the key is there on its server, and 1 "
	"when it is not. In plain a line is likelihood, cause, evidence and what to do.",
    .sends = "me <key>\\r\\n to every server, stats, stats settings and stats items to its own, "
	     "lru_crawler metadump hash\\r\\n to every one",
    .replies = "ME <key> <name>=<value>*, EN; STAT <name> <value>, END; key=<key> ..., END",
    .example = "> set user:17 foo\nSTORED\n> .why usr:17 | head -n 1 | cut -f 1,2,3\n"
	       "likely\tspelling\tuser:17 (1 edit away) is there\n",
    .effect = EFFECT_READS,
    .run = run_why,
};
