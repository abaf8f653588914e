/*
 * One get of many keys over several servers, again and again, through the client core.
 *
 *	get_many ROUNDS KEYS SERVER...
 *
 * Stores KEYS values of 16 to 64 bytes first; prints the median time of one get, in microseconds.
 */
#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/many.h"

#include <stdio.h>
#include <stdlib.h>

struct work {
	struct slice *keys;
	size_t hits, bytes, failed;
};

static const char filler[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

static struct slice key_of(void *ctx, size_t i)
{
	return ((struct work *)ctx)->keys[i];
}

static void fill(void *ctx, size_t i, struct request *request)
{
	struct work *w = ctx;
	request->verb = VERB_SET;
	request->keys = &w->keys[i];
	request->key_count = 1;
	request->value = slice_of(filler, 16 + i % 49);
}

static void on_stored(void *ctx, size_t i, const struct reply *reply)
{
	(void)i;
	((struct work *)ctx)->failed += reply->kind != REPLY_STORED;
}

static void on_value(void *ctx, const struct reply *reply)
{
	struct work *w = ctx;
	if (reply->kind == REPLY_VALUE) {
		w->hits++;
		w->bytes += reply->value.len;
	} else {
		w->failed += reply->kind != REPLY_END;
	}
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	size_t rounds = argc > 3 ? strtoul(argv[1], NULL, 10) : 0;
	size_t count = argc > 3 ? strtoul(argv[2], NULL, 10) : 0, servers = (size_t)argc - 3;
	struct client_options options = {
	    .timeout_ms = 10000, .connect_timeout_ms = 1000, .value_max = 1 << 20, .wake_fd = -1};
	struct error error;
	if (rounds == 0 || count == 0)
		return 2;
	struct address *addresses = xcalloc(servers, sizeof(*addresses));
	for (size_t i = 0; i < servers; i++) {
		if (!address_parse(slice_str(argv[3 + i]), &addresses[i], &error))
			return 2;
	}
	struct client *client = client_new(&options);
	client_set_servers(client, addresses, servers, &distribution_setups[0]);

	struct work work = {.keys = xcalloc(count, sizeof(struct slice))};
	char *names = xcalloc(count, 16);
	for (size_t i = 0; i < count; i++)
		work.keys[i] =
		    slice_of(names + 16 * i, (size_t)snprintf(names + 16 * i, 16, "key:%08zu", i));
	struct many store = {.count = count,
	                     .fill = fill,
	                     .on_reply = on_stored,
	                     .key = key_of,
	                     .server = SERVER_BY_KEY,
	                     .ctx = &work};
	client_do_many(client, &store);

	int64_t *times = xcalloc(rounds, sizeof(*times));
	struct request get = {.verb = VERB_GET, .keys = work.keys, .key_count = count};
	for (size_t i = 0; i < rounds; i++) {
		int64_t start = clock_now();
		if (!client_get_many(client, &get, on_value, &work, &error))
			return 1;
		times[i] = clock_now() - start;
	}
	if (work.failed || work.hits != rounds * count) {
		fprintf(stderr, "get_many: %zu hits of %zu, %zu failed\n", work.hits,
		        rounds * count, work.failed);
		return 1;
	}
	qsort(times, rounds, sizeof(*times), by_value);
	printf("%.0f\n", (double)times[rounds / 2] / 1000);
	client_free(client);
	free(addresses);
	free(times);
	free(names);
	free(work.keys);
	return 0;
}
