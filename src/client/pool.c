#include "client/pool.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/client_wait.h"
#include "client/many.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* All fences have this long together. */
#define SETTLE_MS 1000

/* A thread that waits for a client; it stands on that thread's stack. */
struct waiter {
	struct waiter *next;
	struct client *client; /* what it was given; NULL while it waits */
	pthread_cond_t served;
};

struct pool {
	const struct client_options *options;
	struct client *model; /* of all clients: it opens no connection itself */
	size_t max;
	pthread_condattr_t monotonic;

	pthread_mutex_t lock; /* guards what follows */
	size_t made;          /* clients there are, or about to be */
	struct client **idle; /* the one given back last is at the end, and is the next to go */
	size_t idle_count;
	/* Threads that wait, the longest first. While one does, no client is idle and none is left
	 * to be made. */
	struct waiter *first, **end;
	size_t waiting;
};

struct pool *pool_new(const struct client_options *options, const struct client *like, size_t max)
{
	assert(max > 0);
	struct pool *pool = xcalloc(1, sizeof(*pool));
	pool->options = options;
	pool->model = client_like(like, options);
	pool->max = max;
	pool->idle = xcalloc(max, sizeof(struct client *));
	pool->end = &pool->first;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&pool->monotonic);
	pthread_condattr_setclock(&pool->monotonic, CLOCK_MONOTONIC);
	return pool;
}

static void send_fences(struct client *client)
{
	for (size_t i = 0; i < client_server_count(client); i++)
		conn_settle(client_server(client, i));
	client_poke(client);
}

bool pool_settle(struct pool *pool, struct error *error)
{
	int64_t deadline = deadline_in(SETTLE_MS);
	struct error other;
	bool sure = true;
	assert(!pool->first && pool->idle_count == pool->made);
	for (size_t i = 0; i < pool->idle_count; i++)
		send_fences(pool->idle[i]);
	for (size_t i = 0; i < pool->idle_count; i++) {
		struct client *client = pool->idle[i];
		/* What has come meanwhile is read all the same. */
		if (clock_now() >= deadline && client_poke(client) && client_busy(client))
			client_give_up(client, NULL);
		sure &= client_settle(client, sure ? error : &other);
	}
	return sure;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	assert(!pool->first && pool->idle_count == pool->made);
	for (size_t i = 0; i < pool->idle_count; i++)
		client_free(pool->idle[i]);
	client_free(pool->model);
	pthread_condattr_destroy(&pool->monotonic);
	pthread_mutex_destroy(&pool->lock);
	free(pool->idle);
	free(pool);
}

static void leave_queue(struct pool *pool, struct waiter *waiter)
{
	struct waiter **link = &pool->first;
	while (*link != waiter)
		link = &(*link)->next;
	*link = waiter->next;
	if (!*link)
		pool->end = link;
	pool->waiting--;
}

/* Waits after those who wait already. The lock is held, but not while waiting. NULL: the time was
 * up. */
static struct client *wait_for_client(struct pool *pool, int64_t deadline)
{
	struct waiter self = {0};
	struct timespec until = {.tv_sec = (time_t)(deadline / NSEC_PER_SEC),
	                         .tv_nsec = (long)(deadline % NSEC_PER_SEC)};
	int code = 0;

	pthread_cond_init(&self.served, &pool->monotonic);
	*pool->end = &self;
	pool->end = &self.next;
	pool->waiting++;
	while (!self.client && code != ETIMEDOUT)
		code = deadline == DEADLINE_NEVER
		           ? pthread_cond_wait(&self.served, &pool->lock)
		           : pthread_cond_timedwait(&self.served, &pool->lock, &until);
	if (!self.client)
		leave_queue(pool, &self);
	pthread_cond_destroy(&self.served);
	return self.client;
}

bool pool_borrow(struct pool *pool, int64_t deadline, struct client **out, struct error *error)
{
	struct client *client = NULL;
	bool make = false;

	pthread_mutex_lock(&pool->lock);
	if (pool->idle_count > 0) {
		client = pool->idle[--pool->idle_count];
	} else if (pool->made < pool->max) {
		pool->made++;
		make = true;
	} else {
		client = wait_for_client(pool, deadline);
	}
	pthread_mutex_unlock(&pool->lock);
	if (make)
		client = client_like(pool->model, pool->options);
	if (!client)
		error_set(error, "allow more connections or more time",
		          pool->max == 1 ? "the connection was in use until the time was up"
		                         : "all %zu connections were in use until the time was up",
		          pool->max);
	*out = client;
	return client != NULL;
}

void pool_return(struct pool *pool, struct client *client)
{
	assert(!client_busy(client));
	pthread_mutex_lock(&pool->lock);
	struct waiter *next = pool->first;
	if (next) {
		leave_queue(pool, next);
		next->client = client;
		/* Under the lock: as soon as it is free the waiter may be gone. */
		pthread_cond_signal(&next->served);
	} else {
		pool->idle[pool->idle_count++] = client;
	}
	pthread_mutex_unlock(&pool->lock);
}

enum pool_result pool_call(struct pool *pool, const struct request *request, size_t server,
                           reply_fn *fn, void *ctx, struct error *error)
{
	struct client *client;
	bool sent, many = server == SERVER_BY_KEY && request->key_count > 1 &&
	                  request_expects(request) == EXPECT_VALUES;
	if (!pool_borrow(pool, deadline_in(pool->options->timeout_ms), &client, error))
		return POOL_REFUSED;
	if (many) {
		sent = client_get_many(client, request, fn, ctx, error);
	} else {
		sent = client_submit(client, request, server, fn, ctx, error);
		client_run(client);
	}
	bool given_up = client_given_up(client);
	pool_return(pool, client);
	return !sent ? POOL_REFUSED : given_up ? POOL_INTERRUPTED : POOL_ANSWERED;
}

size_t pool_server_count(const struct pool *pool)
{
	return client_server_count(pool->model);
}

size_t pool_waiting(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	size_t waiting = pool->waiting;
	pthread_mutex_unlock(&pool->lock);
	return waiting;
}
