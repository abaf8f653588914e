/*
 * Load: one request, sent again and again by many threads over a pool, and what it measured.
 */
#ifndef CLIENT_LOAD_H
#define CLIENT_LOAD_H

#include "base/histogram.h"
#include "client/pool.h"

#define LOAD_THREADS_MAX 1024

/* In a server's place: round-robin over the servers, call by call. */
#define LOAD_ROUND_ROBIN (SERVER_BY_KEY - 1)

/* Bytes of the request. Where the text varies, each {} in it becomes a number, another in each
 * call. */
struct load_text {
	struct slice before; /* put before the text as it is */
	struct slice text;
	bool varies;
};

struct load_plan {
	struct pool *pool;
	unsigned threads;              /* 1 to LOAD_THREADS_MAX */
	uint64_t count;                /* calls of all threads together; 0: until the time is up */
	int64_t span;                  /* how long, in nanoseconds; 0: until all calls are made */
	uint64_t numbers;              /* 1 or more: {} becomes 0 to numbers - 1 */
	const struct request *request; /* but for its keys and its value */
	const struct load_text *keys;  /* request->key_count of them */
	struct load_text value;
	size_t server; /* where it goes: an index, SERVER_BY_KEY or LOAD_ROUND_ROBIN */
};

struct load_result {
	uint64_t commands;   /* calls that were answered, refused or lost */
	uint64_t errors;     /* of these, answered with an error, refused or lost */
	uint64_t misses;     /* of these, answered with a miss */
	uint64_t not_stored; /* and with the other negative answers, by their names */
	uint64_t exists;
	uint64_t not_found;
	enum status worst;       /* of all calls */
	int64_t elapsed;         /* from the start of all threads to the end of the last, in ns */
	bool interrupted;        /* by wake_fd, or because TICK said so */
	struct histogram times;  /* of the calls that were answered: from asking the pool for a
	                        connection to the last byte, so waiting for one counts */
	enum reply_kind failure; /* the first error of a thread; REPLY_END when there was none */
	char words[200];         /* the server's words with it, cut */
	size_t words_len;
	struct error error; /* with REPLY_LOST */
};

/* Called about ten times a second by the thread that called load_run, with the number of calls
 * made and the nanoseconds passed. False ends the run. */
typedef bool load_tick_fn(void *ctx, uint64_t commands, int64_t elapsed);

/*
 * Carries PLAN out and waits for its end. Of T threads, thread t makes the calls t, t + T, t + 2 T
 * and so on, and call n puts the number n modulo plan->numbers: what each thread asks does not
 * depend on chance. A thread that loses three calls in a row ends the run: the server is gone. The
 * caller frees the result. NULL when the threads cannot be had; ERROR says so.
 */
struct load_result *load_run(const struct load_plan *plan, load_tick_fn *tick, void *ctx,
                             struct error *error);

/* Adds TEXT to OUT, with NUMBER in each {} if it varies. */
void load_expand(struct buf *out, const struct load_text *text, uint64_t number);

#endif
