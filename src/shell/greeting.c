#include "shell/greeting.h"

#include "base/quote.h"
#include "base/xalloc.h"
#include "proto/software.h"
#include "shell/flow/ask.h"
#include "shell/report.h"
#include "shell/settings.h"
#include "view/text/wrap.h"

#include <stdlib.h>

/* What one server answered. */
struct greeting {
	struct buf version; /* empty: it wants a login, or is something else */
	const struct software *software;
	bool lost;
	struct error error; /* then */
};

static void on_version(void *ctx, const struct reply *reply)
{
	struct greeting *g = ctx;
	g->lost = reply->kind == REPLY_LOST;
	if (g->lost)
		g->error = *reply->error;
	if (reply->kind != REPLY_VERSION)
		return;
	escape_add_field(&g->version, reply->value);
	g->software = software_of(reply->value);
}

/* The first command will show what a server is that did not say. */
static void show(struct session *s, const struct greeting *g, size_t server)
{
	struct buf text = BUF_INIT;
	bool alone = client_server_count(s->servers.client) == 1;
	if (g->lost)
		report_error(s, STATUS_OK, &g->error);
	if (g->version.len == 0)
		return;
	buf_add_str(&text, s->servers.in_sandbox ? "A private " : "Connected to ");
	software_add(&text, g->software, buf_slice(&g->version));
	if (!s->servers.in_sandbox || !alone) {
		buf_add_str(&text, " at ");
		escape_add_line(&text, slice_str(servers_label(&s->servers, server)));
	}
	if (s->servers.in_sandbox && alone)
		buf_add_str(&text, ", gone when you leave");
	if (g->software->lacks)
		buf_addf(&text, ": %s", g->software->lacks);
	buf_add_str(&text, ".");
	wrap_add(&s->output.results, buf_slice(&text), 2, 2, s->style.columns);
	buf_release(&text);
}

void greeting_show(struct session *s)
{
	static const struct request version = {.verb = VERB_VERSION, .own = true};
	size_t count = client_server_count(s->servers.client);
	struct greeting *greetings = xcalloc(count, sizeof(*greetings));
	s->style = settings_style(s);
	ask_servers(s, &version, 0, count, on_version, greetings, sizeof(*greetings));
	for (size_t i = 0; i < count; i++) {
		show(s, &greetings[i], i);
		if (greetings[i].version.len > 0)
			client_learn_version(s->servers.client, i,
			                     buf_slice(&greetings[i].version));
		buf_release(&greetings[i].version);
	}
	free(greetings);
}
