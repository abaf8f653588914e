#include "shell/walk.h"

#include "base/deadline.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "client/crawl.h"
#include "client/wait.h"
#include "shell/flow/ask.h"
#include "shell/interrupt.h"
#include "shell/progress.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/text/paint.h"
#include "view/text/time.h"

#include <stdlib.h>

/* Servers that are listed at a time: each costs a connection, and up to 2 MiB of keys where the
 * output is slow. */
#define AT_ONCE 16

#define TICK_NS ((int64_t)100 * NSEC_PER_MSEC)
/* Without anything new on the screen for so long, the progress is shown. */
#define QUIET_NS ((int64_t)500 * NSEC_PER_MSEC)

/* Of the other descriptors that are waited for. */
enum {
	OUT,
	WAKE,
	OTHERS,
};

struct walking;

/* A server that is being listed. */
struct walked {
	struct walking *walk;
	size_t place, server;
	struct crawl_plan plan;
	struct crawl *crawl; /* NULL: none is, here */
};

/* What went wrong at a server: reported when no server waits any longer. */
struct failure {
	enum status status;
	struct error error;
};

struct walking {
	struct session *s;
	const struct walk_plan *plan;
	struct walk_end *end;
	struct slice own_prefix; /* of .set key_prefix */
	struct walked *places;
	size_t count; /* of the places */
	size_t next;  /* the server that is listed next */
	struct wait_set set;
	struct progress progress;
	uint64_t expected; /* items on the servers that were listed or are */
	uint64_t stored;   /* ever, on these; 0: it is not known of all */
	uint64_t listed;   /* items of the servers that are done */
	bool gave;         /* something was handed over in this round */
	struct failure *failures;
	size_t failed, failed_cap;
};

static void guard(void *ctx, int fd)
{
	const struct walked *v = ctx;
	interrupt_guard_stop(v->place, fd, conn_cut);
}

static void hand_over(struct walking *w, size_t server, const struct crawled *item)
{
	struct crawled shown = *item;
	shown.key = slice_skip(item->key, w->own_prefix.len);
	w->end->found++;
	w->end->bytes += item->size;
	w->gave = true;
	w->end->enough = !w->plan->item(w->plan->ctx, server, &shown);
}

static bool passes(const struct walking *w, size_t server, const struct crawled *item)
{
	const struct keyfilter *f = w->plan->filter;
	struct crawled own;
	if (w->own_prefix.len > 0) {
		if (!slice_starts(item->key, w->own_prefix))
			return false;
		own = *item;
		own.key = slice_skip(item->key, w->own_prefix.len);
		if (!keyfilter_match(f, &own))
			return false;
	} else if (!keyfilter_match(f, item)) {
		return false;
	}
	return !f->misplaced || client_home(w->s->servers.client, item->key) != server;
}

static bool is_full(const struct walking *w)
{
	return w->plan->out && bulk_out_full(w->plan->out) >= 0;
}

/* Of what comes, only that waits which cannot be handed over at once. */
static bool wants(void *ctx, const struct crawled *item)
{
	struct walked *v = ctx;
	struct walking *w = v->walk;
	if (w->end->enough || !passes(w, v->server, item))
		return false;
	if (crawl_waiting(v->crawl) > 0 || is_full(w))
		return true;
	hand_over(w, v->server, item);
	return false;
}

static void begin(struct walking *w, struct walked *v, size_t server)
{
	v->walk = w;
	v->server = server;
	v->plan = (struct crawl_plan){
	    .address = conn_address(client_server(w->s->servers.client, server)),
	    .options = &w->s->servers.options,
	    .ctx = v,
	    .wants = wants,
	    .guard = guard};
	v->crawl = crawl_new(&v->plan);
}

static void note_failure(struct walking *w, const struct walked *v)
{
	w->failures = xgrow(w->failures, &w->failed_cap, w->failed + 1, sizeof(*w->failures));
	struct failure *f = &w->failures[w->failed++];
	f->status = crawl_error(v->crawl, &f->error);
	if (interrupt_was_cut() && f->status == STATUS_LOST)
		error_set(&f->error, "give the command again",
		          "stopped while %s listed its keys: the list was closed, because a server "
		          "stands still with one that is not read",
		          v->plan.address->label);
}

/* The server is done, or is given up. */
static void finish(struct walking *w, struct walked *v)
{
	uint64_t items, stored;
	bool known = crawl_items(v->crawl, &items, &stored);
	w->listed += crawl_looked_at(v->crawl);
	w->expected += known ? items : 0;
	w->stored += known ? stored : 0;
	if (crawl_state(v->crawl) == CRAWL_FAILED)
		note_failure(w, v);
	crawl_free(v->crawl);
	v->crawl = NULL;
}

static uint64_t looked_at(const struct walking *w)
{
	uint64_t n = w->listed;
	for (size_t i = 0; i < w->count; i++)
		n += w->places[i].crawl ? crawl_looked_at(w->places[i].crawl) : 0;
	return n;
}

/* Items of the servers that are listed; 0: one has not said how many it holds. */
static uint64_t expected(const struct walking *w)
{
	uint64_t n = w->expected, items, stored;
	for (size_t i = 0; i < w->count; i++) {
		if (w->places[i].crawl && !crawl_items(w->places[i].crawl, &items, &stored))
			return 0;
		n += w->places[i].crawl ? items : 0;
	}
	return w->next == w->plan->end ? n : 0;
}

/* Places that are free take the next servers. Returns how many lists are under way. */
static size_t start(struct walking *w)
{
	size_t active = 0;
	for (size_t i = 0; i < w->count; i++) {
		struct walked *v = &w->places[i];
		if (!v->crawl && w->next < w->plan->end)
			begin(w, v, w->next++);
		w->set.conns[i] = v->crawl ? crawl_conn(v->crawl) : NULL;
		active += v->crawl != NULL;
	}
	return active;
}

/* Waits until something can be done. False: Ctrl-C came. */
static bool await(struct walking *w)
{
	struct pollfd out = {.fd = -1};
	size_t waiting = wait_prepare(&w->set);
	bool goes_on = false;
	for (size_t i = 0; i < w->count; i++) {
		if (!w->places[i].crawl)
			continue;
		crawl_prepare(w->places[i].crawl);
		goes_on |= crawl_pauses(w->places[i].crawl);
	}
	if (w->plan->out)
		out = bulk_out_pollfd(w->plan->out);
	*wait_other(&w->set, OUT) = out;
	*wait_other(&w->set, WAKE) =
	    (struct pollfd){.fd = w->s->servers.options.wake_fd, .events = POLLIN};
	if (waiting > 0 || goes_on || (out.fd >= 0 && out.events))
		wait_poll(&w->set,
		          deadline_poll_ms(deadline_min(w->set.deadline, clock_now() + TICK_NS)));
	else
		w->set.now = clock_now();
	return wait_other(&w->set, WAKE)->revents == 0;
}

/* What waits is handed over as far as the output takes it; servers that have nothing left are done.
 */
static void deliver(struct walking *w)
{
	struct crawled item;
	for (size_t i = 0; i < w->count; i++) {
		struct walked *v = &w->places[i];
		if (!v->crawl)
			continue;
		crawl_step(v->crawl, w->set.came[i], w->set.now);
		while (!w->end->enough && !is_full(w) && crawl_take(v->crawl, &item))
			hand_over(w, v->server, &item);
		if (crawl_state(v->crawl) != CRAWL_LISTING && crawl_waiting(v->crawl) == 0)
			finish(w, v);
	}
}

/* The line of the progress is gone before anything is written where it stands. */
static void show(struct walking *w)
{
	struct bulk_out *out = w->plan->out;
	if (w->gave && out) {
		progress_clear(&w->progress);
		w->progress.due = w->set.now + QUIET_NS;
	}
	if (out) {
		bulk_out_show(out);
		bulk_out_polled(out, wait_other(&w->set, OUT)->revents);
		w->end->unread = out->failed != 0;
	}
	if (!out || out->text.len == 0)
		progress_items(&w->progress, w->end->found, 0, w->end->bytes, looked_at(w),
		               expected(w));
	w->gave = false;
	tracing_write_some(w->s);
}

static void walk_all(struct walking *w)
{
	struct walk_end *end = w->end;
	while (!end->enough && !end->unread && !end->interrupted && start(w) > 0) {
		if (!await(w)) {
			end->interrupted = true;
			break;
		}
		wait_pump(&w->set);
		deliver(w);
		show(w);
	}
	for (size_t i = 0; i < w->count; i++) {
		if (w->places[i].crawl)
			finish(w, &w->places[i]);
	}
	end->looked_at = w->listed;
}

static void on_stat(void *ctx, const struct reply *reply)
{
	uint64_t *stored = ctx, n;
	if (reply->kind == REPLY_STAT && slice_eq(reply->key, SLICE("total_items")) &&
	    number_parse_u64(reply->value, &n) == NUMBER_OK)
		*stored += n;
}

/* How many items were stored meanwhile: a person is told. */
static void count_stored(struct walking *w)
{
	static const struct request stats = {.verb = VERB_STATS, .own = true};
	uint64_t stored = 0;
	if (!session_chats(w->s) || w->s->style.format != FORMAT_PRETTY || w->failed > 0 ||
	    w->end->enough || w->end->interrupted || w->end->unread)
		return;
	ask_servers(w->s, &stats, w->plan->first, w->plan->end, on_stat, &stored, 0);
	w->end->stored = stored > w->stored ? stored - w->stored : 0;
}

static void report(struct walking *w)
{
	struct session *s = w->s;
	struct walk_end *end = w->end;
	for (size_t i = 0; i < w->failed && !end->unread; i++)
		end->status = status_max(
		    end->status, report_error(s, w->failures[i].status, &w->failures[i].error));
	if (end->interrupted)
		end->status = report_errorf(s, STATUS_LOST, "what was found by then was used",
		                            "interrupted after %llu items",
		                            (unsigned long long)end->found);
}

static bool can_misplace(const struct session *s, const struct walk_plan *plan)
{
	return !plan->filter->misplaced || client_server_count(s->servers.client) > 1;
}

enum status walk(struct session *s, const struct walk_plan *plan, struct walk_end *end)
{
	struct walking w = {.s = s, .plan = plan, .end = end, .next = plan->first};
	*end = (struct walk_end){.picks = keyfilter_picks(plan->filter)};
	if (!can_misplace(s, plan))
		return end->status = report_errorf(s, STATUS_USAGE, "name all of the cluster",
		                                   "--misplaced: on a single server no item is");
	if (!plan->foreign)
		w.own_prefix = slice_str(s->settings.key_prefix);
	end->picks |= w.own_prefix.len > 0;
	w.count = plan->end - plan->first < AT_ONCE ? plan->end - plan->first : AT_ONCE;
	w.places = xcalloc(w.count, sizeof(*w.places));
	for (size_t i = 0; i < w.count; i++)
		w.places[i].place = i;
	wait_init(&w.set, w.count, OTHERS);
	int64_t began = clock_now();
	progress_begin(&w.progress, s);
	w.progress.due = began + QUIET_NS;
	tracing_begin(s);
	s->tracing.holding = true;
	walk_all(&w);
	s->tracing.holding = false;
	tracing_end(s);
	progress_clear(&w.progress);
	end->elapsed = clock_now() - began;
	if (plan->out)
		bulk_out_close(plan->out, BULK_WHOLE);
	count_stored(&w);
	progress_finish(&w.progress);
	report(&w);
	wait_release(&w.set);
	free(w.places);
	free(w.failures);
	return end->status;
}

static void add_line(struct buf *out, const struct style *style, const char *before, uint64_t n,
                     const char *after)
{
	paint_on(out, style->color, PAINT_DIM);
	buf_add_str(out, before);
	if (n > 0)
		time_add_grouped(out, n);
	buf_add_str(out, after);
	paint_off(out, style->color, PAINT_DIM);
	buf_add_char(out, '\n');
}

void walk_add_limits(struct buf *out, const struct style *style, const struct walk_end *end)
{
	if (style->format != FORMAT_PRETTY)
		return;
	if (end->enough)
		add_line(out, style, "the walk was ended there: there may be more", 0, "");
	if (end->stored > 0)
		add_line(out, style, "", end->stored,
		         end->stored == 1
		             ? " item was stored during the walk, which may have missed it"
		             : " items were stored during the walk, which may have missed them");
}

void walk_add_summary(struct buf *out, const struct style *style, const char *one, const char *many,
                      uint64_t shown, const struct walk_end *end)
{
	if (style->format != FORMAT_PRETTY)
		return;
	paint_on(out, style->color, PAINT_DIM);
	buf_add_char(out, '(');
	if (shown < end->found) {
		time_add_grouped(out, shown);
		buf_add_str(out, " shown; ");
	}
	time_add_count(out, end->found, one, many);
	if (end->picks) {
		buf_add_str(out, " of ");
		time_add_grouped(out, end->looked_at);
		buf_add_str(out, " looked at");
	}
	buf_add_str(out, ", ");
	time_add_size(out, end->bytes);
	buf_add_str(out, ", in ");
	time_add(out, end->elapsed);
	buf_add_char(out, ')');
	paint_off(out, style->color, PAINT_DIM);
	buf_add_char(out, '\n');
	walk_add_limits(out, style, end);
}
