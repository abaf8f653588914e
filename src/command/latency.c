#include "view/live/latency.h"
#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/transport/rtt.h"
#include "client/wait.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/io/progress.h"
#include "shell/report.h"
#include "shell/watchers.h"
#include "view/text/time.h"

#include <stdlib.h>

#define SPAN_DEFAULT ((int64_t)5 * NSEC_PER_SEC)
/* From one question to the next of the same server; and what the last one may take. */
#define PAUSE ((int64_t)5 * NSEC_PER_MSEC)
#define GRACE NSEC_PER_SEC
#define TICK  ((int64_t)100 * NSEC_PER_MSEC)

/* It changes nothing, every server and proxy knows it, and nothing is looked up for it. */
static const struct request question = {.verb = VERB_VERSION, .own = true};

/* One server, asked over a connection of its own. */
struct probe {
	struct conn *conn;
	const char *server;
	struct histogram times;
	struct rtt rtt;
	uint64_t lost;
	int64_t due;
	bool asked, warm; /* warm: the connection is open, and what is asked now counts */
	struct failure failure;
};

struct latency {
	struct session *s;
	struct client_options options;
	struct probe *probes;
	size_t count;
	struct wait_set wait;
	struct progress progress;
	int64_t start, end;
	bool interrupted;
};

static void on_reply(void *ctx, const struct reply *reply)
{
	struct probe *p = ctx;
	if (!reply_is_last(reply->kind))
		return;
	p->asked = false;
	p->lost += reply->kind == REPLY_LOST;
	if (!failure_take(&p->failure, &question, reply) && p->warm)
		histogram_add(&p->times, reply->timing->total);
	p->warm = true;
}

/* Asks those whose time has come; when the next one's does. */
static int64_t ask(struct latency *l, int64_t now)
{
	int64_t next = l->end;
	for (size_t i = 0; i < l->count; i++) {
		struct probe *p = &l->probes[i];
		if (p->failure.status != STATUS_OK || now >= l->end)
			continue;
		if (!p->asked && now >= p->due) {
			p->asked = conn_submit(p->conn, &question, ROUTE_HERE, on_reply, p);
			p->due = p->due + PAUSE > now ? p->due + PAUSE : now + PAUSE;
		}
		if (!p->asked)
			next = deadline_min(next, p->due);
	}
	return next;
}

static void draw(struct latency *l, int64_t now)
{
	uint64_t round_trips = 0;
	for (size_t i = 0; i < l->count; i++)
		round_trips += l->probes[i].times.count;
	struct short_text text =
	    short_textf("%s round trips, %s left", grouped_text(round_trips).s,
	                span_text((uint64_t)((l->end > now ? l->end - now : 0) / NSEC_PER_SEC)).s);
	progress_draw(&l->progress, slice_str(text.s));
}

/* One round; false when it is over. */
static bool step(struct latency *l)
{
	int64_t now = clock_now(), next = ask(l, now);
	size_t waiting = wait_prepare(&l->wait);
	if (now >= l->end && (waiting == 0 || now >= l->end + GRACE))
		return false;
	bool any = false;
	for (size_t i = 0; i < l->count; i++)
		any |= l->probes[i].failure.status == STATUS_OK;
	if (!any)
		return false;
	*wait_other(&l->wait, 0) =
	    (struct pollfd){.fd = l->s->servers.options.wake_fd, .events = POLLIN};
	if (next <= now)
		next = l->end + GRACE;
	wait_poll(&l->wait,
	          deadline_poll_ms(deadline_min(deadline_min(l->wait.deadline, next), now + TICK)));
	l->interrupted = wait_other(&l->wait, 0)->revents != 0;
	wait_pump(&l->wait);
	if (clock_now() - l->start >= TICK)
		draw(l, l->wait.now);
	return !l->interrupted;
}

static void begin(struct latency *l, struct session *s, size_t first, size_t count, int64_t span)
{
	*l = (struct latency){.s = s, .options = s->servers.options, .count = count};
	l->options.trace = NULL;
	l->options.message = NULL;
	l->options.live = NULL;
	l->probes = xcalloc(count, sizeof(*l->probes));
	wait_init(&l->wait, count, 1);
	l->start = clock_now();
	l->end = l->start + span;
	for (size_t i = 0; i < count; i++) {
		struct probe *p = &l->probes[i];
		p->server = servers_label(&s->servers, first + i);
		p->conn = conn_new(conn_address(client_server(s->servers.client, first + i)),
		                   &l->options, NULL);
		p->due = l->start;
		l->wait.conns[i] = p->conn;
	}
}

static enum status finish(struct latency *l)
{
	struct session *s = l->s;
	struct latency_of *list = xcalloc(l->count, sizeof(*list));
	enum status status = STATUS_OK;
	int64_t elapsed = deadline_min(clock_now(), l->end) - l->start;
	for (size_t i = 0; i < l->count; i++) {
		struct probe *p = &l->probes[i];
		conn_rtt(p->conn, &p->rtt);
		if (p->asked && !l->interrupted)
			p->lost++;
		if (p->asked && !l->interrupted && p->failure.status == STATUS_OK) {
			p->failure.status = STATUS_LOST;
			error_set(&p->failure.error, "--for gives it longer",
			          "%s did not answer by the end", p->server);
		}
		if (p->failure.status != STATUS_OK)
			status = status_max(status, failure_report(s, &p->failure));
		list[i] = (struct latency_of){p->server, &p->times, p->lost, p->rtt.smoothed,
		                              p->rtt.least};
	}
	latency_show(&s->output.results, &s->style, list, l->count, elapsed);
	free(list);
	if (l->interrupted)
		status = report_errorf(s, STATUS_LOST, "what was measured until then is shown",
		                       "interrupted");
	return status;
}

static void release(struct latency *l)
{
	for (size_t i = 0; i < l->count; i++)
		conn_free(l->probes[i].conn);
	wait_release(&l->wait);
	free(l->probes);
}

static enum status run_latency(struct session *s, struct args *args)
{
	struct latency l;
	struct error error;
	size_t first, end;
	int64_t span = SPAN_DEFAULT;
	if (!watchers_span(args, &span, &error) || !execute_servers(s, args, &first, &end, &error))
		return report_error(s, STATUS_USAGE, &error);
	begin(&l, s, first, end - first, span);
	progress_begin(&l.progress, s);
	while (step(&l)) {
	}
	progress_finish(&l.progress);
	enum status status = finish(&l);
	release(&l);
	return status;
}

static const struct command_option latency_options[] = {
    {"--for", "T", "measure for this long (500ms, 5s, 2m; default 5s)", NULL},
    {0},
};

const struct command command_dot_latency = {
    .name = ".latency",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED,
    .operands = "",
    .options = latency_options,
    .habits = "ping",
    .summary = "measure the round trip to each server",
    .about =
	"Asks each server for its version 200 times a second, over a connection of its own, and "
	"shows percentiles and a histogram of how long the answers took, opening the connection "
	"not counted. Over TCP it shows, too, which part of the median is the network, by the "
	"least round trip that the kernel has seen (TCP_INFO), and which the rest: the server, and "
	"waking both programs. A server that answers at once acknowledges with the answer, so that "
	"on a near network a part of its work is in the first. Ctrl-C ends it and shows what was "
	"measured by then. The trace is off meanwhile.",
    .sends = "version\\r\\n, on a connection of its own",
    .replies = "VERSION <version>",
    .example = "> .latency --for 100ms | cut -f3\n0\n",
    .effect = EFFECT_READS,
    .run = run_latency,
};
