#include "shell/flow/parts.h"

#include "base/xalloc.h"
#include "client/client_wait.h"
#include "client/many.h"
#include "shell/answer.h"
#include "shell/flow/listing.h"
#include "shell/flow/show.h"
#include "shell/report.h"

#include <stdlib.h>

/* What one server has to say of the answer. */
struct part {
	struct show show;
	struct gather replies;
	size_t *kept; /* bytes, of all parts */
};

static void on_part(void *ctx, const struct reply *reply)
{
	struct part *part = ctx;
	show_keep(&part->show, &part->replies, part->kept, reply);
}

static void on_share(void *ctx, const struct reply *reply)
{
	show_reply(ctx, reply);
}

enum status parts_shares(struct session *s, const struct ask *ask, const struct request *wire)
{
	bool several = client_server_count(s->servers.client) > 1;
	struct question question = {.command = ask->command,
	                            .request = ask->request,
	                            .server = several ? "all" : servers_label(&s->servers, 0),
	                            .keyed = ask->keyed};
	size_t kept = 0;
	struct part part = {.kept = &kept};
	struct error error;
	show_begin(&part.show, s, &question);
	part.show.shares = several;
	if (!client_get_many(s->servers.client, wire, several ? on_part : on_share,
	                     several ? (void *)&part : &part.show, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (several)
		show_gathered(&part.show, &part.replies);
	if (part.show.ended)
		answer_given(&s->run.answer);
	return part.show.status;
}

/* A list of keys is read as fast as it comes, and shown when it is over. */
struct list_part {
	struct part part;
	struct listing listing;
};

static void on_list(void *ctx, const struct reply *reply)
{
	struct list_part *l = ctx;
	if (reply->kind == REPLY_LINE)
		listing_add(&l->listing, reply);
	else
		on_part(&l->part, reply);
}

static void show_list(struct session *s, struct list_part *l)
{
	struct reply line;
	bool stopped = listing_end();
	if (stopped)
		l->part.show.status =
		    report_errorf(s, STATUS_LOST, "give the command again",
		                  "stopped while the keys were being listed: the list was closed, "
		                  "because a server stands still with one that is not read");
	while (!s->output.failed && listing_take(&l->listing, &line))
		show_reply(&l->part.show, &line);
	if (l->listing.cut)
		l->part.show.status = report_error(s, STATUS_LOST, &l->listing.error);
	l->part.show.reported = stopped;
	show_gathered(&l->part.show, &l->part.replies);
}

enum status parts_list(struct session *s, const struct ask *ask, const struct request *wire,
                       const struct destination *to)
{
	struct question question = {.command = ask->command,
	                            .request = ask->request,
	                            .server = servers_label(&s->servers, to->server)};
	size_t kept = 0;
	struct list_part l = {.part = {.kept = &kept}};
	struct error error;
	listing_init(&l.listing, s);
	show_begin(&l.part.show, s, &question);
	if (client_submit_routed(s->servers.client, wire, to->server, to->route, on_list, &l,
	                         &error)) {
		client_run(s->servers.client);
		show_list(s, &l);
	} else {
		l.part.show.status = report_error(s, STATUS_USAGE, &error);
	}
	if (l.part.show.ended)
		answer_given(&s->run.answer);
	listing_release(&l.listing);
	return l.part.show.status;
}

enum status parts_each(struct session *s, const struct ask *ask, const struct request *wire)
{
	size_t count = client_server_count(s->servers.client), kept = 0;
	struct part *parts = xcalloc(count, sizeof(*parts));
	struct question question = {
	    .command = ask->command, .request = ask->request, .label = true, .parts = count};
	enum status status = STATUS_OK;
	struct error error;
	for (size_t i = 0; i < count; i++) {
		parts[i] =
		    (struct part){.show = {.session = s, .question = question}, .kept = &kept};
		if (!client_submit(s->servers.client, wire, i, on_part, &parts[i], &error)) {
			struct reply lost = {
			    .kind = REPLY_LOST, .error = &error, .timing = &s->flow.timing};
			on_part(&parts[i], &lost);
		}
	}
	client_run(s->servers.client);
	for (size_t i = 0; i < count; i++) {
		bool too_long = parts[i].show.too_long;
		question.server = servers_label(&s->servers, i);
		question.part = i;
		show_begin(&parts[i].show, s, &question);
		parts[i].show.too_long = too_long;
		show_gathered(&parts[i].show, &parts[i].replies);
		status = status_max(status, parts[i].show.status);
	}
	if (!s->run.quiet) {
		view_end_parts(&s->view, status);
		answer_given(&s->run.answer);
	}
	free(parts);
	return status;
}
