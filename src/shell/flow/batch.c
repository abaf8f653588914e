#include "shell/flow/batch.h"

#include "base/deadline.h"
#include "base/eight.h"
#include "base/xalloc.h"

#include <stdlib.h>

/* The filter rules out most keys that are not on the line. */
#define FILTER_WORDS 32

struct entry {
	struct slot *slot;
	uint32_t key_end; /* in the text */
	uint32_t hash;    /* of the key */
};

struct batch {
	struct batches *owner;
	struct batch *next_idle;
	enum verb verb;
	size_t server;
	struct entry *entries;
	struct slice *keys; /* of the entries, once the line is sent */
	size_t count, cap, keys_cap;
	size_t next;     /* the first entry that has no answer */
	struct buf text; /* the keys: a slot's own may be gone before the line has ended */
	uint64_t filter[FILTER_WORDS]; /* a bit for the hash of each key */
	struct gather ahead;           /* values of slots after `next`, which may be a miss */
	struct timing timing;          /* of each answer */
	int64_t sent;
};

static enum lane lane_of(enum verb verb)
{
	return verb == VERB_GETS ? LANE_GETS : LANE_GET;
}

static void prepare(struct batches *b, size_t servers)
{
	if (servers <= b->servers)
		return;
	b->open = xreallocarray(b->open, servers, sizeof(*b->open));
	memset(b->open + b->servers, 0, (servers - b->servers) * sizeof(*b->open));
	b->servers = servers;
}

static struct batch *open_batch(struct batches *b, size_t server, enum verb verb)
{
	struct batch *one = b->idle;
	if (one)
		b->idle = one->next_idle;
	else
		one = xcalloc(1, sizeof(*one));
	one->owner = b;
	one->verb = verb;
	one->server = server;
	one->count = one->next = 0;
	buf_clear(&one->text);
	memset(one->filter, 0, sizeof(one->filter));
	one->timing = (struct timing){0};
	b->open[server][lane_of(verb)] = one;
	b->open_count++;
	return one;
}

/* The spare memory is in one of two places at a time. */
static void swap_spare(struct batch *one)
{
	struct gather other = one->ahead;
	one->ahead = one->owner->spare;
	one->owner->spare = other;
}

static void put_away(struct batch *one)
{
	gather_clear(&one->ahead);
	if (one->owner->spare.cap == 0)
		swap_spare(one);
	gather_release(&one->ahead);
	one->next_idle = one->owner->idle;
	one->owner->idle = one;
}

static struct slice key_at(const struct batch *one, size_t i)
{
	size_t start = i > 0 ? one->entries[i - 1].key_end : 0;
	return slice_of(one->text.data + start, one->entries[i].key_end - start);
}

/* A multiplication carries upwards, so its upper half is what depends on all of BYTES. */
static uint64_t mix(uint64_t hash, uint64_t bytes)
{
	hash = (hash ^ bytes) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static uint64_t four_at(const char *data)
{
	uint32_t word;
	memcpy(&word, data, sizeof(word));
	return word;
}

/* Eight bytes at a time, since it is computed for each command; the last may overlap. Nobody sees
 * it but this process. */
static uint32_t hash_of(struct slice key)
{
	uint64_t hash = key.len;
	const char *end = key.data + key.len;
	for (const char *at = key.data; end - at > 8; at += 8)
		hash = mix(hash, eight_at(at));
	if (key.len >= 8)
		hash = mix(hash, eight_at(end - 8));
	else if (key.len >= 4)
		hash = mix(hash, four_at(key.data) << 32 | four_at(end - 4));
	for (size_t i = 0; key.len < 4 && i < key.len; i++)
		hash = mix(hash, (unsigned char)key.data[i]);
	return (uint32_t)hash;
}

static uint64_t *filter_word(struct batch *one, uint32_t hash)
{
	return &one->filter[hash / 64 % FILTER_WORDS];
}

static bool is_on_line(struct batch *one, struct slice key, uint32_t hash)
{
	if (!(*filter_word(one, hash) >> hash % 64 & 1))
		return false;
	for (size_t i = 0; i < one->count; i++) {
		if (one->entries[i].hash == hash && slice_eq(key_at(one, i), key))
			return true;
	}
	return false;
}

/* The next slot's answer: its value, unless it is a miss, and the end. */
static void answer(struct batch *one, const struct reply *value)
{
	struct slot *slot = one->entries[one->next++].slot;
	struct reply end = {.kind = REPLY_END, .timing = &one->timing};
	if (value) {
		struct reply copy = *value;
		copy.key_index = 0;
		end.server = value->server;
		order_reply(slot, &copy);
	}
	order_reply(slot, &end);
}

/* The line has ended with LAST. A slot whose value did not come missed, or failed as the line did.
 */
static void end(struct batch *one, const struct reply *last)
{
	size_t i = 0;
	gather_sort(&one->ahead);
	while (one->next < one->count) {
		if (i < one->ahead.count && gather_key(&one->ahead, i) == one->next) {
			struct reply value = gather_at(&one->ahead, i++);
			answer(one, &value);
		} else if (last->kind == REPLY_END) {
			answer(one, NULL);
		} else {
			order_reply(one->entries[one->next++].slot, last);
		}
	}
	put_away(one);
}

static void on_reply(void *ctx, const struct reply *reply)
{
	struct batch *one = ctx;
	if (one->timing.total == 0)
		one->timing.total = clock_now() - one->sent;
	if (reply_is_last(reply->kind)) {
		end(one, reply);
	} else if (one->ahead.count == 0 && reply->key_index == one->next) {
		answer(one, reply);
	} else {
		if (one->ahead.cap == 0)
			swap_spare(one);
		gather_add(&one->ahead, reply);
	}
}

/* Queues ONE, which is open. */
static void queue_line(struct batch *one, struct client *client)
{
	one->keys = xgrow(one->keys, &one->keys_cap, one->count, sizeof(*one->keys));
	for (size_t i = 0; i < one->count; i++)
		one->keys[i] = key_at(one, i);
	struct request request = {
	    .verb = one->verb, .keys = one->keys, .key_count = one->count, .keys_checked = true};
	struct error error;
	one->owner->open[one->server][lane_of(one->verb)] = NULL;
	one->owner->open_count--;
	one->sent = clock_now();
	if (!client_submit(client, &request, one->server, on_reply, one, &error)) {
		struct reply lost = {
		    .kind = REPLY_LOST, .error = &error, .unsent = true, .timing = &one->timing};
		end(one, &lost);
	}
}

/* Queues those for SERVER, the longest last: what is on the others can then be shown between its
 * answers, and less has to be kept. */
static void queue_lines(struct batches *b, struct client *client, size_t server)
{
	struct batch *longest = NULL;
	for (size_t lane = 0; lane < LANES; lane++) {
		struct batch *one = b->open[server][lane];
		if (!one)
			continue;
		struct batch *shorter = longest && longest->count <= one->count ? longest : one;
		if (!longest || shorter == longest)
			longest = one;
		if (shorter != longest)
			queue_line(shorter, client);
	}
	if (longest)
		queue_line(longest, client);
}

void batch_add(struct batches *b, struct client *client, struct slot *slot,
               const struct request *request)
{
	struct slice key = request->keys[0];
	uint32_t hash = hash_of(key);
	prepare(b, slot->server + 1);
	slot->lane = lane_of(request->verb);
	struct batch *one = b->open[slot->server][slot->lane];
	if (one && one->count == BATCH_KEYS) {
		queue_lines(b, client, slot->server);
		one = NULL;
	}
	if (!one)
		one = open_batch(b, slot->server, request->verb);
	one->entries = xgrow(one->entries, &one->cap, one->count + 1, sizeof(*one->entries));
	*filter_word(one, hash) |= UINT64_C(1) << hash % 64;
	buf_add_slice(&one->text, key);
	one->entries[one->count++] = (struct entry){slot, (uint32_t)one->text.len, hash};
}

/* Whether REQUEST changes its keys and nothing else. */
static bool changes_keys(const struct request *request)
{
	switch (request_expects(request)) {
	case EXPECT_STORAGE:
	case EXPECT_DELETE:
	case EXPECT_NUMBER:
	case EXPECT_TOUCH:
		return request->key_count == 1;
	default:
		return false;
	}
}

void batch_send_before(struct batches *b, struct client *client, size_t server,
                       const struct request *request)
{
	if (b->open_count == 0 || server >= b->servers)
		return;
	bool may_pass = changes_keys(request);
	uint32_t hash = may_pass ? hash_of(request->keys[0]) : 0;
	for (size_t lane = 0; may_pass && lane < LANES; lane++) {
		struct batch *one = b->open[server][lane];
		may_pass = !one || !is_on_line(one, request->keys[0], hash);
	}
	if (!may_pass)
		queue_lines(b, client, server);
}

void batch_send_all(struct batches *b, struct client *client)
{
	for (size_t i = 0; b->open_count > 0 && i < b->servers; i++)
		queue_lines(b, client, i);
}

void batches_release(struct batches *b)
{
	for (size_t i = 0; i < b->servers; i++) {
		for (size_t lane = 0; lane < LANES; lane++) {
			if (b->open[i][lane])
				put_away(b->open[i][lane]);
		}
	}
	while (b->idle) {
		struct batch *one = b->idle;
		b->idle = one->next_idle;
		buf_release(&one->text);
		free(one->entries);
		free(one->keys);
		free(one);
	}
	free(b->open);
	gather_release(&b->spare);
}
