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

static void prepare(struct batches *b, size_t servers)
{
	if (servers <= b->servers)
		return;
	b->open = xreallocarray(b->open, servers, sizeof(struct batch *));
	for (size_t i = b->servers; i < servers; i++)
		b->open[i] = NULL;
	b->servers = servers;
}

static struct batch *open_batch(struct batches *b, size_t server, enum verb verb)
{
	struct batch *one = b->idle;
	prepare(b, server + 1);
	if (one)
		b->idle = one->next_idle;
	else
		one = xcalloc(1, sizeof(*one));
	one->owner = b;
	one->verb = verb;
	one->count = one->next = 0;
	buf_clear(&one->text);
	memset(one->filter, 0, sizeof(one->filter));
	one->timing = (struct timing){0};
	b->open[server] = one;
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

/* Eight bytes at a time: it is computed for each command. */
static uint32_t hash_of(struct slice key)
{
	uint64_t hash = key.len;
	size_t i = 0;
	for (; i + 8 <= key.len; i += 8)
		hash = mix(hash, eight_at(key.data + i));
	for (; i < key.len; i++)
		hash = mix(hash, (unsigned char)key.data[i]);
	return (uint32_t)hash;
}

static uint64_t *filter_word(struct batch *one, uint32_t hash)
{
	return &one->filter[hash / 64 % FILTER_WORDS];
}

static bool is_on_line(struct batch *one, struct slice key)
{
	uint32_t hash = hash_of(key);
	if (!(*filter_word(one, hash) >> hash % 64 & 1))
		return false;
	for (size_t i = 0; i < one->count; i++) {
		if (one->entries[i].hash == hash && slice_eq(key_at(one, i), key))
			return true;
	}
	return false;
}

bool batch_can_pass(const struct batches *b, size_t server, const struct request *request)
{
	switch (request_expects(request)) {
	case EXPECT_STORAGE:
	case EXPECT_DELETE:
	case EXPECT_NUMBER:
	case EXPECT_TOUCH:
		return request->key_count == 1 && !is_on_line(b->open[server], request->keys[0]);
	default:
		return false;
	}
}

bool batch_add(struct batches *b, struct slot *slot, enum verb verb, struct slice key)
{
	struct batch *one = batch_is_open(b, slot->server) ? b->open[slot->server] : NULL;
	if (one && (one->count == BATCH_KEYS || one->verb != verb))
		return false;
	if (!one)
		one = open_batch(b, slot->server, verb);
	one->entries = xgrow(one->entries, &one->cap, one->count + 1, sizeof(*one->entries));
	uint32_t hash = hash_of(key);
	*filter_word(one, hash) |= UINT64_C(1) << hash % 64;
	buf_add_slice(&one->text, key);
	one->entries[one->count++] = (struct entry){slot, (uint32_t)one->text.len, hash};
	return true;
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

void batch_send(struct batches *b, struct client *client, size_t server)
{
	struct batch *one = b->open[server];
	one->keys = xgrow(one->keys, &one->keys_cap, one->count, sizeof(*one->keys));
	for (size_t i = 0; i < one->count; i++)
		one->keys[i] = key_at(one, i);
	struct request request = {
	    .verb = one->verb, .keys = one->keys, .key_count = one->count, .keys_checked = true};
	struct error error;
	b->open[server] = NULL;
	b->open_count--;
	one->sent = clock_now();
	if (!client_submit(client, &request, server, on_reply, one, &error)) {
		struct reply lost = {
		    .kind = REPLY_LOST, .error = &error, .unsent = true, .timing = &one->timing};
		end(one, &lost);
	}
}

void batch_send_all(struct batches *b, struct client *client)
{
	for (size_t i = 0; b->open_count > 0 && i < b->servers; i++) {
		if (b->open[i])
			batch_send(b, client, i);
	}
}

void batches_release(struct batches *b)
{
	for (size_t i = 0; i < b->servers; i++) {
		if (b->open[i])
			put_away(b->open[i]);
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
