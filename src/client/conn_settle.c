#include "client/conn_private.h"

static const char unconfirmed[] = "whether what was sent with --noreply was carried out is unknown";
static const char unproven[] = "whether every answer belongs to its command is unknown";

void conn_settle(struct conn *c)
{
	static const struct request fence = {.verb = VERB_RAW};
	bool quiet = c->unfenced;
	if (!quiet && c->queue.count > 0 &&
	    request_is_marked(&queue_at(&c->queue, c->queue.count - 1)->request))
		c->unproven = false; /* its answer will show it */
	if ((quiet || c->unproven) &&
	    conn_enqueue(c, &fence, (struct route){.kind = ROUTE_SERVER}, NULL, NULL)) {
		struct pending *p = queue_at(&c->queue, c->queue.count - 1);
		p->settles = true;
		p->quiet = quiet;
		c->unfenced = c->unproven = false;
	}
}

/* WHAT happened, and HINT says what is not certain for it; the first doubt stays. */
static void add_doubt(struct conn *c, const char *what, const char *hint)
{
	if (!c->doubt.what[0])
		error_set(&c->doubt, hint, "%s", what);
	if (c->owner && c->owner->doubt)
		c->owner->doubt(c->owner->ctx);
}

bool conn_unsettled(const struct conn *c)
{
	return c->unfenced || c->unproven || c->doubt.what[0];
}

bool conn_take_doubt(struct conn *c, struct error *error)
{
	if (!c->doubt.what[0])
		return false;
	*error = c->doubt;
	error_clear(&c->doubt);
	return true;
}

void conn_doubt(struct conn *c, const char *what, bool quiet)
{
	add_doubt(c, what, quiet ? unconfirmed : unproven);
}

void conn_refuse_quiet(struct conn *c, const char *what)
{
	add_doubt(c, what, "what was sent with --noreply was refused; .auth USER logs in");
}

void conn_fail_unasked(struct conn *c)
{
	struct error error;
	error_set(&error, unproven, "%s sent something that was not asked for", c->address->label);
	add_doubt(c, error.what, unproven);
	conn_fail(c, &error);
}
