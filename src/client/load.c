#include "client/load.h"

#include "base/deadline.h"
#include "base/xalloc.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define TICK_MS 100

/* So many calls lost in a row, and a thread takes the server for gone. */
#define LOST_MAX 3

/* What a thread needs: its frames are small, and a thousand of them shall not be dear. */
#define STACK_BYTES ((size_t)256 * 1024)

struct load {
	const struct load_plan *plan;
	atomic_bool stop;

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	bool started;
	unsigned running;
	int64_t start;
};

struct worker {
	struct load *load;
	pthread_t thread;
	uint64_t call, left; /* the number of the next call; how many there are to make */
	struct request request;
	struct slice *keys;        /* the request's; they point into texts, or into the plan */
	struct buf *texts;         /* of each key, and of the value after them */
	atomic_uint_fast64_t done; /* for the ticks */
	unsigned lost;             /* in a row */
	size_t values;             /* received for the call under way */
	enum status status;        /* of the call under way */
	enum reply_kind last;      /* the reply that ended it */
	int64_t end;
	struct load_result result;
};

void load_expand(struct buf *out, const struct load_text *text, uint64_t number)
{
	struct slice rest = text->text;
	buf_add_slice(out, text->before);
	while (rest.len > 0) {
		const char *at = text->varies ? memmem(rest.data, rest.len, "{}", 2) : NULL;
		size_t len = at ? (size_t)(at - rest.data) : rest.len;
		buf_add(out, rest.data, len);
		if (at)
			buf_add_u64(out, number);
		rest = slice_skip(rest, len + 2);
	}
}

static struct slice fill(struct buf *space, const struct load_text *text, uint64_t number)
{
	if (!text->varies && text->before.len == 0)
		return text->text;
	buf_clear(space);
	load_expand(space, text, number);
	return buf_slice(space);
}

static void prepare(struct worker *w)
{
	const struct load_plan *plan = w->load->plan;
	uint64_t number = w->call % plan->numbers;
	size_t count = w->request.key_count;
	for (size_t i = 0; i < count; i++)
		w->keys[i] = fill(&w->texts[i], &plan->keys[i], number);
	w->request.value = fill(&w->texts[count], &plan->value, number);
}

/* Keeps the first error. */
static void note_failure(struct load_result *r, const struct reply *reply)
{
	if (r->failure != REPLY_END)
		return;
	r->failure = reply->kind;
	if (reply->kind == REPLY_LOST) {
		r->error = *reply->error;
		return;
	}
	r->words_len = reply->value.len < sizeof(r->words) ? reply->value.len : sizeof(r->words);
	if (r->words_len > 0)
		memcpy(r->words, reply->value.data, r->words_len);
}

static void on_reply(void *ctx, const struct reply *reply)
{
	struct worker *w = ctx;
	if (reply->kind == REPLY_VALUE)
		w->values++;
	if (!reply_is_last(reply->kind))
		return;
	w->status = status_max(w->status, reply_status(reply->kind));
	w->last = reply->kind;
	if (w->status == STATUS_OK && request_expects(&w->request) == EXPECT_VALUES &&
	    w->values < w->request.key_count)
		w->status = STATUS_NEGATIVE;
}

static void on_first_reply(void *ctx, const struct reply *reply)
{
	struct worker *w = ctx;
	on_reply(ctx, reply);
	if (reply_is_error(reply->kind) || reply->kind == REPLY_LOST)
		note_failure(&w->result, reply);
}

/* One call. False when it was cancelled. */
static bool call(struct worker *w)
{
	const struct load_plan *plan = w->load->plan;
	struct load_result *r = &w->result;
	struct error error;
	size_t server = plan->server == LOAD_ROUND_ROBIN
	                    ? (size_t)(w->call % pool_server_count(plan->pool))
	                    : plan->server;

	prepare(w);
	w->values = 0;
	w->status = STATUS_OK;
	w->last = REPLY_END;
	int64_t start = clock_now();
	enum pool_result result = pool_call(plan->pool, &w->request, server,
	                                    r->failure == REPLY_END ? on_first_reply : on_reply, w,
	                                    &error);
	w->end = clock_now();
	if (result == POOL_INTERRUPTED)
		return false;
	if (result == POOL_REFUSED) {
		w->status = STATUS_LOST;
		note_failure(r, &(struct reply){.kind = REPLY_LOST, .error = &error});
	}
	r->commands++;
	r->errors += w->status >= STATUS_USAGE;
	r->misses += w->status == STATUS_NEGATIVE && w->last == REPLY_END;
	r->not_stored += w->last == REPLY_NOT_STORED;
	r->exists += w->last == REPLY_EXISTS;
	r->not_found += w->last == REPLY_NOT_FOUND;
	r->worst = status_max(r->worst, w->status);
	w->lost = w->status == STATUS_LOST ? w->lost + 1 : 0;
	if (w->status != STATUS_LOST)
		histogram_add(&r->times, w->end - start);
	return true;
}

static int64_t wait_start(struct load *load)
{
	pthread_mutex_lock(&load->lock);
	while (!load->started)
		pthread_cond_wait(&load->changed, &load->lock);
	int64_t start = load->start;
	pthread_mutex_unlock(&load->lock);
	return start;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct load *load = w->load;
	const struct load_plan *plan = load->plan;
	int64_t start = wait_start(load);
	int64_t until = plan->span ? start + plan->span : DEADLINE_NEVER;

	w->end = start;
	for (; w->left > 0 && w->end < until; w->left--) {
		if (atomic_load_explicit(&load->stop, memory_order_relaxed))
			break;
		w->result.interrupted = !call(w);
		if (w->result.interrupted || w->lost == LOST_MAX) {
			atomic_store(&load->stop, true);
			break;
		}
		atomic_store_explicit(&w->done, w->result.commands, memory_order_relaxed);
		w->call += plan->threads;
	}
	pthread_mutex_lock(&load->lock);
	if (--load->running == 0)
		pthread_cond_broadcast(&load->changed);
	pthread_mutex_unlock(&load->lock);
	return NULL;
}

static struct worker *worker_new(struct load *load, unsigned number)
{
	const struct load_plan *plan = load->plan;
	struct worker *w = xcalloc(1, sizeof(*w));
	size_t keys = plan->request->key_count;
	w->load = load;
	w->call = number;
	w->left = plan->count / plan->threads + (number < plan->count % plan->threads);
	if (plan->count == 0)
		w->left = UINT64_MAX;
	w->request = *plan->request;
	w->keys = xcalloc(keys + 1, sizeof(*w->keys));
	w->texts = xcalloc(keys + 1, sizeof(*w->texts));
	w->request.keys = w->keys;
	w->request.keys_checked = false; /* they vary */
	w->result.failure = REPLY_END;
	atomic_init(&w->done, 0);
	return w;
}

static void worker_free(struct worker *w)
{
	for (size_t i = 0; i <= w->request.key_count; i++)
		buf_release(&w->texts[i]);
	free(w->texts);
	free(w->keys);
	free(w);
}

/* Starts the threads, with all signals blocked: these are the caller's business. Returns how many
 * could be started. */
static unsigned start_threads(struct load *load, struct worker **workers)
{
	pthread_attr_t attr;
	sigset_t all, before;
	unsigned n = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	load->running = load->plan->threads;
	while (n < load->plan->threads &&
	       pthread_create(&workers[n]->thread, &attr, work, workers[n]) == 0)
		n++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);

	pthread_mutex_lock(&load->lock);
	load->running -= load->plan->threads - n;
	if (n < load->plan->threads)
		atomic_store(&load->stop, true);
	load->start = clock_now();
	load->started = true;
	pthread_cond_broadcast(&load->changed);
	pthread_mutex_unlock(&load->lock);
	return n;
}

/* Waits a tick, or until the last thread is done. True when it is. */
static bool wait_end(struct load *load)
{
	int64_t tick = deadline_in(TICK_MS);
	struct timespec until = {.tv_sec = (time_t)(tick / NSEC_PER_SEC),
	                         .tv_nsec = (long)(tick % NSEC_PER_SEC)};
	int code = 0;
	pthread_mutex_lock(&load->lock);
	while (load->running > 0 && code == 0)
		code = pthread_cond_timedwait(&load->changed, &load->lock, &until);
	bool ended = load->running == 0;
	pthread_mutex_unlock(&load->lock);
	return ended;
}

/* Watches over the threads until they are done. True when TICK ended the run. */
static bool watch(struct load *load, struct worker *const *workers, unsigned count,
                  load_tick_fn *tick, void *ctx)
{
	bool ended = false;
	while (!wait_end(load)) {
		uint64_t done = 0;
		for (unsigned i = 0; i < count; i++)
			done += atomic_load_explicit(&workers[i]->done, memory_order_relaxed);
		if (!ended && tick && !tick(ctx, done, clock_now() - load->start)) {
			atomic_store(&load->stop, true);
			ended = true;
		}
	}
	return ended;
}

static void add_result(struct load_result *into, const struct worker *w, int64_t start)
{
	const struct load_result *r = &w->result;
	into->commands += r->commands;
	into->errors += r->errors;
	into->misses += r->misses;
	into->not_stored += r->not_stored;
	into->exists += r->exists;
	into->not_found += r->not_found;
	into->worst = status_max(into->worst, r->worst);
	into->interrupted |= r->interrupted;
	if (w->end - start > into->elapsed)
		into->elapsed = w->end - start;
	histogram_merge(&into->times, &r->times);
	if (into->failure == REPLY_END && r->failure != REPLY_END) {
		into->failure = r->failure;
		into->error = r->error;
		memcpy(into->words, r->words, sizeof(r->words));
		into->words_len = r->words_len;
	}
}

struct load_result *load_run(const struct load_plan *plan, load_tick_fn *tick, void *ctx,
                             struct error *error)
{
	struct load load = {.plan = plan, .lock = PTHREAD_MUTEX_INITIALIZER};
	struct worker **workers = xcalloc(plan->threads, sizeof(struct worker *));
	struct load_result *result = xcalloc(1, sizeof(*result));
	pthread_condattr_t monotonic;

	result->failure = REPLY_END;
	atomic_init(&load.stop, false);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&load.changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	for (unsigned i = 0; i < plan->threads; i++)
		workers[i] = worker_new(&load, i);

	unsigned started = start_threads(&load, workers);
	result->interrupted = watch(&load, workers, started, tick, ctx);
	for (unsigned i = 0; i < started; i++) {
		pthread_join(workers[i]->thread, NULL);
		add_result(result, workers[i], load.start);
	}
	for (unsigned i = 0; i < plan->threads; i++)
		worker_free(workers[i]);
	free(workers);
	pthread_cond_destroy(&load.changed);
	pthread_mutex_destroy(&load.lock);
	if (started == plan->threads)
		return result;
	error_set(error, "use fewer threads", "cannot start more than %u threads", started);
	free(result);
	return NULL;
}
