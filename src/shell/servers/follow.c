#include "shell/servers/follow.h"

#include "base/deadline.h"
#include "shell/flow/ask.h"
#include "shell/flow/window.h"
#include "shell/report.h"
#include "shell/servers/discovery.h"

/* From one question for the list to the next. */
#define AGAIN_NS ((int64_t)5 * NSEC_PER_SEC)

/* How many servers are named that left, and that came. */
#define NAMED_MAX 3

/* The names of the servers, a NUL after each. */
static void add_labels(const struct servers *servers, struct buf *out)
{
	for (size_t i = 0; i < client_server_count(servers->client); i++) {
		buf_add_str(out, servers_label(servers, i));
		buf_add_char(out, '\0');
	}
}

static bool has_label(struct slice labels, struct slice label)
{
	while (labels.len > 0) {
		if (slice_eq(slice_take(&labels, '\0'), label))
			return true;
	}
	return false;
}

/* Those of LABELS that OTHERS lack, with what became of them. */
static void add_difference(struct buf *out, struct slice labels, struct slice others,
                           const char *became)
{
	size_t count = 0;
	while (labels.len > 0) {
		struct slice label = slice_take(&labels, '\0');
		if (has_label(others, label) || ++count > NAMED_MAX)
			continue;
		buf_add_str(out, out->len > 0 ? ", " : "");
		buf_add_slice(out, label);
	}
	if (count > NAMED_MAX)
		buf_addf(out, " and %zu more", count - NAMED_MAX);
	if (count > 0)
		buf_addf(out, " %s", became);
}

/* Asks one that is connected, or else the first. Whether there is another list. */
static bool read_configuration(struct session *s)
{
	struct client *client = s->servers.client;
	struct discovery d;
	size_t server = 0, count = client_server_count(client);
	uint64_t before = s->servers.configured;
	while (server < count && conn_state(client_server(client, server)) != CONN_OPEN)
		server++;
	discovery_ask(s, server < count ? server : 0, true, &d);
	report_status(s, discovery_use(s, &d), false);
	return s->servers.configured != before;
}

static bool look_up(struct session *s)
{
	report_status(s, ask_settle(s), false);
	return servers_look_up(&s->servers);
}

/* Whether there is reason to ask for the list. */
static bool is_due(struct servers *servers)
{
	bool cluster = servers->configured > 0;
	if (!cluster && servers->typed.len == 0)
		return false;
	if (servers->followed != 0 && clock_now() < servers->followed + AGAIN_NS)
		return false;
	bool reopened = client_take_reopened(servers->client);
	return client_unreached(servers->client) > 0 || (cluster && reopened);
}

void follow_servers(struct session *s)
{
	struct buf before = BUF_INIT, after = BUF_INIT, text = BUF_INIT;
	if (!is_due(&s->servers) || !window_barrier(s))
		return;
	add_labels(&s->servers, &before);
	bool changed = s->servers.configured > 0 ? read_configuration(s) : look_up(s);
	s->servers.followed = clock_now();
	add_labels(&s->servers, &after);
	add_difference(&text, buf_slice(&before), buf_slice(&after), "left");
	add_difference(&text, buf_slice(&after), buf_slice(&before), "came");
	if (changed && text.len > 0)
		report_errorf(s, STATUS_OK, ".servers lists them", "the servers have changed, %s",
		              buf_cstr(&text));
	buf_release(&before);
	buf_release(&after);
	buf_release(&text);
}
