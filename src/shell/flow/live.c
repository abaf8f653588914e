#include "shell/flow/live.h"

#include "base/deadline.h"
#include "client/client_wait.h"
#include "shell/flow/listing.h"
#include "shell/session.h"
#include "shell/tracing.h"

#include <errno.h>

/* For how long what has come may wait for more, in nanoseconds. */
#define GATHER_NS ((int64_t)20 * NSEC_PER_MSEC)

/* After how long a reader that has gone ends a command: an answer that comes at once is worth its
 * connection. */
#define READER_NS ((int64_t)100 * NSEC_PER_MSEC)

/* Whether the answer changes nothing on the server, so that its rest is not missed. */
static bool only_asks(const struct request *request)
{
	switch (request_expects(request)) {
	case EXPECT_VALUES:
	case EXPECT_STATS:
	case EXPECT_FENCE:
	case EXPECT_ANY:
		return true;
	default:
		return false;
	}
}

void live_begin(struct session *s, const struct request *request)
{
	s->flow.live.asking = only_asks(request);
	s->flow.live.streaming = request_expects(request) == EXPECT_ANY;
	s->tracing.holding = request_asks_list(request);
	s->flow.live.reader_from = s->flow.live.asking && !s->output.mute ? clock_now() + READER_NS
	                                                                  : DEADLINE_NEVER;
}

void live_end(struct session *s)
{
	s->flow.live.asking = s->flow.live.streaming = s->tracing.holding = false;
	s->flow.live.reader_from = DEADLINE_NEVER;
	s->servers.options.reader_fd = 0;
}

/* Whether what has gathered can be written now. */
static bool is_due(const struct session *s)
{
	const struct output *o = &s->output;
	if (s->tracing.holding)
		return false;
	if (s->mode.interactive && s->screen.terminal && s->settings.pager && o->sink == SINK_NONE)
		return s->flow.live.streaming;
	/* Pretty looks back at the line that it is in. */
	return s->style.format != FORMAT_PRETTY || o->results.len == 0 ||
	       o->results.data[o->results.len - 1] == '\n';
}

/* Writes what has come when it is old enough. Returns when that will be. */
static int64_t write_gathered(struct session *s, int64_t now)
{
	if ((s->output.results.len == 0 && s->tracing.text.len == 0) || !is_due(s)) {
		s->flow.live.gathered_since = 0;
		return DEADLINE_NEVER;
	}
	if (s->flow.live.gathered_since == 0)
		s->flow.live.gathered_since = now;
	if (now - s->flow.live.gathered_since < GATHER_NS)
		return s->flow.live.gathered_since + GATHER_NS;
	s->flow.live.gathered_since = 0;
	tracing_write(&s->tracing);
	output_flush(&s->output);
	return DEADLINE_NEVER;
}

int64_t live_write(void *session)
{
	struct session *s = session;
	int64_t now = clock_now(), next = write_gathered(s, now);
	if (s->tracing.holding)
		listing_guard(s);
	if (s->output.failed && s->flow.live.asking)
		client_give_up(s->servers.client, NULL);
	if (now < s->flow.live.reader_from)
		return deadline_min(next, s->flow.live.reader_from);
	s->servers.options.reader_fd = s->output.fd;
	return next;
}

bool live_is_unread(struct session *s, const struct reply *reply)
{
	if (reply->kind != REPLY_LOST || !client_unread(s->servers.client))
		return false;
	if (!s->output.failed)
		s->output.failed = EPIPE;
	return true;
}
