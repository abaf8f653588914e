#include "shell/session.h"
#include "client/client_wait.h"
#include "shell/report.h"

#include "base/deadline.h"
#include "base/quote.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/flow/live.h"
#include "shell/flow/window.h"
#include "shell/items/undo.h"
#include "shell/replay/recording.h"
#include "shell/settings.h"
#include "shell/tracing.h"

#include <errno.h>

/* A value that is not what its flags say was printed as it is stored. */
static void on_unreadable(void *ctx, struct slice key, const char *problem)
{
	struct buf name = BUF_INIT;
	quote_add_word(&name, key);
	report_errorf(ctx, STATUS_OK,
	              "it is shown as stored; .profile chooses whose flags to believe",
	              "warning: %s: %s", buf_cstr(&name), problem);
	buf_release(&name);
}

static void on_spent(void *ctx, int64_t ns)
{
	struct session *s = ctx;
	client_spent(s->servers.client, ns);
}

/* The view has a long value in pieces. */
static void on_drain(void *ctx)
{
	struct session *s = ctx;
	output_flush(&s->output);
}

void session_init(struct session *s, const struct command *const *commands)
{
	*s = (struct session){.commands = commands};
	settings_init(s);
	servers_init(&s->servers);
	s->servers.options.live = live_write;
	s->servers.options.live_ctx = s;
	s->flow.live.reader_from = DEADLINE_NEVER;
	output_init(&s->output);
	s->output.spent = on_spent;
	s->output.spent_ctx = s;
	view_init(&s->view, &s->style, &s->output.results);
	s->view.complain = on_unreadable;
	s->view.complain_ctx = s;
	s->view.drain = on_drain;
	s->view.drain_ctx = s;
	tracing_init(&s->tracing, s);
}

enum status session_end(struct session *s)
{
	if (s->verdict.refuted > 0)
		report_errorf(s, STATUS_OK, NULL, "%zu of %zu assertions failed",
		              s->verdict.refuted, s->verdict.asserted);
	recording_end(s);
	verdict_raise(&s->verdict, ask_settle(s));
	/* A reader that has seen enough and left is not a failure; a driver reads to the end. */
	if (!output_flush(&s->output) && (s->output.failed != EPIPE || s->mode.driven)) {
		if (s->output.failed != EPIPE)
			report_errorf(s, STATUS_LOST, "make room, and run it again",
			              "cannot write the output: %s", strerror(s->output.failed));
		verdict_raise(&s->verdict, STATUS_LOST);
	}
	servers_release(&s->servers);
	clusters_release(&s->clusters);
	execute_release(&s->run);
	window_free(s->flow.window);
	tracing_release(&s->tracing);
	view_release(&s->view);
	output_release(&s->output);
	looks_release(&s->run.looks);
	silence_release(&s->run.silence);
	keys_release(&s->run.keys);
	undo_free(s->run.undo);
	return s->verdict.worst;
}
