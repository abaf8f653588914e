#include "shell/start.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "shell/flow/ask.h"
#include "shell/report.h"

#include <stdlib.h>
#include <time.h>

/* Between one question to the servers that are not there yet and the next, in milliseconds. */
#define AGAIN_MS 100

/* What of TLS was given that is of no use without it; NULL: nothing. */
static const char *tls_option(const struct tls_options *tls)
{
	return tls->ca[0]      ? "--tls-ca"
	       : tls->cert[0]  ? "--tls-cert"
	       : tls->key[0]   ? "--tls-key"
	       : tls->name[0]  ? "--tls-name"
	       : tls->insecure ? "--insecure"
	                       : NULL;
}

enum status start_check_tls(struct session *s)
{
	const struct tls_options *tls = &s->servers.options.tls;
	const char *option = tls_option(tls);
	for (size_t i = 0; i < client_server_count(s->servers.client); i++) {
		if (conn_address(client_server(s->servers.client, i))->scheme == ADDRESS_TLS)
			option = NULL;
	}
	if (!option || tls->on)
		return STATUS_OK;
	return report_errorf(s, STATUS_USAGE, "give --tls, too, or write tls://HOST:PORT",
	                     "%s is for TLS, and no server is talked to by TLS", option);
}

void start_warn_insecure(struct session *s)
{
	if (s->servers.options.tls.insecure)
		report_errorf(s, STATUS_OK, "--tls-ca FILE trusts an authority of your own",
		              "warning: --insecure: certificates are not checked, and whoever is "
		              "on the way can read and change everything");
}

/* Asks those that are not there yet, until END at the latest. True when there is no more to wait
 * for. */
static bool ask_again(struct session *s, struct said *said, int64_t end)
{
	struct client_options *options = &s->servers.options;
	const struct client_options before = *options;
	size_t count = client_server_count(s->servers.client), there = 0;
	bool shut = false;
	uint64_t left = (uint64_t)deadline_poll_ms(end) + 1;
	if (options->timeout_ms == 0 || options->timeout_ms > left)
		options->timeout_ms = left;
	if (options->connect_timeout_ms == 0 || options->connect_timeout_ms > left)
		options->connect_timeout_ms = left;
	for (size_t i = 0; i < count; i++) {
		if (!said[i].there)
			ask_version(s, i, i + 1, &said[i]);
		there += said[i].there;
		shut |= said[i].shut || conn_refused(client_server(s->servers.client, i));
	}
	options->timeout_ms = before.timeout_ms;
	options->connect_timeout_ms = before.connect_timeout_ms;
	return there == count || shut;
}

enum status start_wait(struct session *s, uint64_t ms)
{
	size_t count = client_server_count(s->servers.client);
	struct said *said = xcalloc(count, sizeof(*said));
	int64_t begin = clock_now(), end = deadline_in(ms);
	enum status status = STATUS_OK;
	while (ms > 0 && !ask_again(s, said, end) && clock_now() < end)
		nanosleep(&(struct timespec){.tv_nsec = AGAIN_MS * NSEC_PER_MSEC}, NULL);
	for (size_t i = 0; ms > 0 && i < count; i++) {
		const struct error *error = &said[i].error;
		if (!said[i].there)
			status = report_errorf(s, STATUS_LOST, error->hint, "waited %.1f s: %s",
			                       (double)(clock_now() - begin) / NSEC_PER_SEC,
			                       error->what);
	}
	free(said);
	return status;
}
