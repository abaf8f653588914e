#include "shell/greeting.h"

#include "base/quote.h"
#include "base/xalloc.h"
#include "proto/software.h"
#include "shell/flow/ask.h"
#include "shell/report.h"
#include "shell/settings.h"
#include "view/text/wrap.h"

#include <stdlib.h>

/* The first command will show what a server is that did not say. */
static void show(struct session *s, const struct said *said, size_t server)
{
	struct buf text = BUF_INIT, version = BUF_INIT;
	const struct software *software = software_of(slice_str(said->version));
	bool alone = client_server_count(s->servers.client) == 1;
	if (said->lost)
		report_error(s, STATUS_OK, &said->error);
	if (!said->version[0])
		return;
	buf_add_str(&text, s->servers.in_sandbox ? "A private " : "Connected to ");
	escape_add_field(&version, slice_str(said->version));
	software_add(&text, software, buf_slice(&version));
	if (!s->servers.in_sandbox || !alone) {
		buf_add_str(&text, " at ");
		escape_add_line(&text, slice_str(servers_label(&s->servers, server)));
	}
	if (s->servers.in_sandbox && alone)
		buf_add_str(&text, ", gone when you leave");
	if (software->lacks)
		buf_addf(&text, ": %s", software->lacks);
	buf_add_str(&text, ".");
	wrap_add(&s->output.results, buf_slice(&text), 2, 2, s->style.columns);
	buf_release(&text);
	buf_release(&version);
}

void greeting_show(struct session *s)
{
	size_t count = client_server_count(s->servers.client);
	struct said *said = xcalloc(count, sizeof(*said));
	s->style = settings_style(s);
	ask_version(s, 0, count, said);
	for (size_t i = 0; i < count; i++) {
		show(s, &said[i], i);
		if (said[i].version[0])
			client_learn_version(s->servers.client, i, slice_str(said[i].version));
	}
	free(said);
}
