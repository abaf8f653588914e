#include "client/restore.h"

#include "base/base64.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "client/client_wait.h"
#include "proto/reply_reader.h"

#include <stdio.h>
#include <stdlib.h>

/* A chunk is sent when it has this many bytes; a larger item is one alone, so that an error can be
 * reported with its line. */
#define CHUNK_BYTES ((size_t)64 * 1024)
/* Chunks under way to a server. */
#define CHUNKS 4
/* A chunk's memory is kept up to this. */
#define CHUNK_KEEP (2 * CHUNK_BYTES)

/* Classic commands under way, and their bytes. */
#define SINGLES      512
#define SINGLE_BYTES ((size_t)1024 * 1024)

struct chunk {
	struct restore *restore;
	struct lane *lane;
	struct buf text;
	uint64_t first, last; /* lines */
	uint64_t count, bytes;
	uint64_t negative, refused;
	bool under_way;
};

struct lane {
	enum {
		LANE_NEW, /* not asked yet what it knows */
		LANE_META,
		LANE_CLASSIC
	} kind;
	struct chunk chunks[CHUNKS];
	size_t filling; /* the chunk that gathers */
	bool lost;      /* a chunk was: sending more is of no use */
};

/* An item that was sent by a classic command. */
struct single {
	struct restore *restore;
	struct single *next_free;
	uint64_t line;
	size_t bytes;
	struct slice key;
	char space[KEY_MAX_BYTES];
};

struct restore {
	const struct restore_plan *plan;
	struct lane *lanes;
	struct single *singles, *free_single; /* made when there is need */
	size_t single_bytes;
	struct restore_counts counts;
	bool lost;
	struct error error; /* why */
};

struct restore *restore_new(const struct restore_plan *plan)
{
	struct restore *r = xcalloc(1, sizeof(*r));
	r->plan = plan;
	r->lanes = xcalloc(client_server_count(plan->client), sizeof(*r->lanes));
	return r;
}

void restore_free(struct restore *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < client_server_count(r->plan->client); i++) {
		for (size_t k = 0; k < CHUNKS; k++)
			buf_release(&r->lanes[i].chunks[k].text);
	}
	free(r->lanes);
	free(r->singles);
	free(r);
}

const struct restore_counts *restore_counts(const struct restore *r)
{
	return &r->counts;
}

static void lose(struct restore *r, const struct error *error)
{
	if (!r->lost)
		r->error = *error;
	r->lost = true;
}

/* One round of waiting. */
static void wait(struct restore *r)
{
	struct error error;
	if (client_step(r->plan->client) || !client_given_up(r->plan->client))
		return;
	error_set(&error, "its connection is closed", "interrupted");
	lose(r, &error);
}

/* Chunks. */

static void on_chunk(void *ctx, const struct reply *reply)
{
	struct chunk *c = ctx;
	struct restore *r = c->restore;
	if (reply->kind == REPLY_LINE) {
		struct slice line = reply->value;
		if (slice_starts(line, SLICE("NS")) || slice_starts(line, SLICE("NF")) ||
		    slice_starts(line, SLICE("EX"))) {
			c->negative++;
		} else if (!slice_starts(line, SLICE("HD"))) {
			struct reply error = *reply;
			if (!reader_error(line, &error))
				error.kind = REPLY_ERROR;
			c->refused++;
			r->plan->refused(r->plan->ctx, c->first, c->last, VERB_SET, &error);
		}
		return;
	}
	uint64_t answered = c->negative + c->refused;
	r->counts.negative += c->negative;
	r->counts.refused += c->refused;
	if (reply->kind == REPLY_END) {
		r->counts.stored += c->count > answered ? c->count - answered : 0;
		r->counts.bytes += c->count > answered ? c->bytes : 0;
	} else {
		r->counts.unknown += c->count > answered ? c->count - answered : 0;
		c->lane->lost = true;
		if (reply->error)
			lose(r, reply->error);
	}
	buf_clear(&c->text);
	if (c->text.cap > CHUNK_KEEP)
		buf_release(&c->text);
	c->count = c->bytes = c->negative = c->refused = 0;
	c->under_way = false;
}

/* Sends the chunk that gathers, and waits until another can. */
static void send_chunk(struct restore *r, size_t server)
{
	struct lane *lane = &r->lanes[server];
	struct chunk *c = &lane->chunks[lane->filling];
	struct error error;
	if (c->count == 0)
		return;
	struct request request = {
	    .verb = VERB_RAW, .text = buf_slice(&c->text), .raw_end = RAW_END_MN};
	c->restore = r;
	c->lane = lane;
	c->under_way = true;
	if (!client_submit(r->plan->client, &request, server, on_chunk, c, &error)) {
		c->under_way = false;
		lose(r, &error);
		return;
	}
	lane->filling = (lane->filling + 1) % CHUNKS;
	while (lane->chunks[lane->filling].under_way && !r->lost)
		wait(r);
}

static char *put(char *to, struct slice text)
{
	memcpy(to, text.data, text.len);
	return to + text.len;
}

static char *put_number(char *to, char flag, uint64_t n)
{
	char digits[NUMBER_DIGITS - 1];
	*to++ = ' ';
	if (flag)
		*to++ = flag;
	return put(to, number_u64(digits, n));
}

/* The item as a command: "ms key 5 F7 T1800000000 q" and the value. */
static bool add_command(struct buf *out, const struct item *item, struct slice key, bool base64)
{
	enum {
		LINE_REST = 128
	}; /* all but the key: a length, two numbers, words */
	char *space = buf_reserve(out, base64_length(key.len) + item->value.len + LINE_REST);
	if (!space)
		return false;
	buf_add(out, "ms ", 3);
	if (base64)
		base64_add(out, key);
	else
		buf_add_slice(out, key);
	char *to = put_number(out->data + out->len, '\0', item->value.len);
	if (item->flags)
		to = put_number(to, 'F', item->flags);
	if (item->exptime)
		to = put_number(to, 'T', (uint64_t)item->exptime);
	if (base64)
		to = put(to, SLICE(" b"));
	to = put(to, SLICE(" q\r\n"));
	if (item->value.len > 0)
		to = put(to, item->value);
	to = put(to, SLICE("\r\n"));
	out->len = (size_t)(to - out->data);
	return true;
}

static enum restore_result add_to_chunk(struct restore *r, size_t server, const struct item *item,
                                        struct slice key, bool base64, uint64_t line,
                                        struct error *error)
{
	struct lane *lane = &r->lanes[server];
	struct chunk *c = &lane->chunks[lane->filling];
	size_t bytes = key.len + item->value.len;
	if (c->count > 0 && c->text.len + bytes > CHUNK_BYTES) {
		send_chunk(r, server);
		c = &lane->chunks[lane->filling];
	}
	if (r->lost)
		return RESTORE_LOST;
	if (!add_command(&c->text, item, key, base64)) {
		error_set(error, NULL, "the value is too large to send");
		return RESTORE_BAD;
	}
	if (c->count++ == 0)
		c->first = line;
	c->last = line;
	c->bytes += bytes;
	return RESTORE_OK;
}

/* Classic commands. */

static void on_single(void *ctx, const struct reply *reply)
{
	struct single *one = ctx;
	struct restore *r = one->restore;
	if (reply->kind == REPLY_STORED) {
		r->counts.stored++;
		r->counts.bytes += one->bytes;
	} else if (reply->kind == REPLY_LOST) {
		r->counts.unknown++;
		lose(r, reply->error);
	} else if (reply_is_error(reply->kind)) {
		r->counts.refused++;
		r->plan->refused(r->plan->ctx, one->line, one->line, r->plan->verb, reply);
	} else {
		r->counts.negative++;
	}
	r->single_bytes -= one->bytes;
	one->next_free = r->free_single;
	r->free_single = one;
}

static void make_singles(struct restore *r)
{
	r->singles = xcalloc(SINGLES, sizeof(*r->singles));
	for (size_t i = 0; i < SINGLES; i++) {
		r->singles[i].restore = r;
		r->singles[i].next_free = r->free_single;
		r->free_single = &r->singles[i];
	}
}

static enum restore_result send_single(struct restore *r, const struct item *item, struct slice key,
                                       uint64_t line, struct error *error)
{
	if (!r->singles)
		make_singles(r);
	size_t bytes = key.len + item->value.len;
	while (!r->lost &&
	       (!r->free_single || (r->single_bytes > 0 && r->single_bytes + bytes > SINGLE_BYTES)))
		wait(r);
	if (r->lost)
		return RESTORE_LOST;
	struct single *one = r->free_single;
	r->free_single = one->next_free;
	one->line = line;
	one->bytes = bytes;
	memcpy(one->space, key.data, key.len);
	one->key = slice_of(one->space, key.len);
	struct request request = {.verb = r->plan->verb,
	                          .flags = (uint32_t)item->flags,
	                          .exptime = item->exptime,
	                          .keys = &one->key,
	                          .key_count = 1,
	                          .value = item->value};
	r->single_bytes += bytes;
	/* By its key, a server found to be down is passed over. */
	if (client_submit(r->plan->client, &request, r->plan->server, on_single, one, error))
		return RESTORE_OK;
	r->single_bytes -= bytes;
	one->next_free = r->free_single;
	r->free_single = one;
	return RESTORE_BAD;
}

/* Both. */

/* The server that KEY goes to. With META it has said whether it knows the meta commands. */
static size_t find_lane(struct restore *r, struct slice key, bool meta)
{
	size_t server = r->plan->server, tries = client_server_count(r->plan->client);
	do {
		if (r->plan->server == SERVER_BY_KEY)
			server = client_server_for(r->plan->client, key);
		if (!meta || server == DISTRIBUTION_NONE || r->lanes[server].kind != LANE_NEW)
			break;
		/* One found to be down is passed over when the key is placed again. */
		r->lanes[server].kind =
		    client_speaks(r->plan->client, server, DIALECT_META) ? LANE_META : LANE_CLASSIC;
	} while (r->plan->server == SERVER_BY_KEY && tries-- > 0);
	return server;
}

/* Whether a key of LEN bytes that needs base64 can be sent to LANE. */
static bool takes_base64(const struct restore *r, const struct lane *lane, size_t len,
                         struct error *error)
{
	if (r->plan->verb != VERB_SET)
		return error_set(
		    error,
		    "add and replace do not carry it, and an ms that is refused deletes the "
		    "old value; load it without --add and --replace",
		    "a blank or a control byte is in its key");
	if (r->plan->classic || lane->kind == LANE_CLASSIC)
		return error_set(error,
		                 r->plan->classic
		                     ? "only meta commands carry it: .set protocol auto"
		                     : "this server takes such a key by no command",
		                 "a blank or a control byte is in its key");
	if (base64_length(len) > KEY_MAX_BYTES)
		return error_set(error, "in base64 it is longer than the 250 bytes of a key",
		                 "a blank or a control byte is in its key of %zu bytes", len);
	return true;
}

/* The key with its prefix, in SPACE if need be. */
static bool whole_key(const struct restore *r, struct slice *key, char space[static KEY_MAX_BYTES],
                      struct error *error)
{
	size_t len = r->plan->prefix.len + key->len;
	if (key->len == 0 || len > KEY_MAX_BYTES)
		return error_set(error, "memcached's keys have 1 to 250 bytes",
		                 key->len == 0 ? "its key is empty" : "its key has %zu bytes", len);
	if (r->plan->prefix.len == 0)
		return true;
	memcpy(space, r->plan->prefix.data, r->plan->prefix.len);
	memcpy(space + r->plan->prefix.len, key->data, key->len);
	*key = slice_of(space, len);
	return true;
}

enum restore_result restore_add(struct restore *r, const struct item *item, uint64_t line,
                                struct error *error)
{
	char space[KEY_MAX_BYTES];
	struct slice key = item->key;
	if (r->lost) {
		*error = r->error;
		return RESTORE_LOST;
	}
	if (!whole_key(r, &key, space, error))
		return RESTORE_BAD;
	if (item->exptime > INT32_MAX) {
		error_set(error, "a server's times end in January 2038",
		          "its exptime is later than the server's 32 bits reach");
		return RESTORE_BAD;
	}
	bool base64 = !r->plan->any_key && !item_key_is_classic(key);
	bool meta = !r->plan->classic && r->plan->verb == VERB_SET;
	size_t server = find_lane(r, key, meta);
	if (server == DISTRIBUTION_NONE) {
		error_set(error, "give one of the servers a weight, or name one",
		          "no server holds its key");
		return RESTORE_BAD;
	}
	if (base64 && !takes_base64(r, &r->lanes[server], key.len, error))
		return RESTORE_BAD;
	enum restore_result result;
	if (meta && r->lanes[server].kind == LANE_META)
		result = add_to_chunk(r, server, item, key, base64, line, error);
	else
		result = send_single(r, item, key, line, error);
	if (result == RESTORE_LOST)
		*error = r->error;
	return result;
}

/* Sends what has gathered for the servers that can be asked; of the rest no answer comes. */
static void send_rest(struct restore *r, bool interrupted)
{
	for (size_t i = 0; i < client_server_count(r->plan->client); i++) {
		struct lane *lane = &r->lanes[i];
		if (lane->kind != LANE_META)
			continue;
		if (interrupted || lane->lost)
			r->counts.unknown += lane->chunks[lane->filling].count;
		else
			send_chunk(r, i);
	}
}

enum restore_result restore_finish(struct restore *r, struct error *error)
{
	send_rest(r, r->lost && client_given_up(r->plan->client));
	/* When one server is lost the others still answer, into memory that is freed after this. */
	client_run(r->plan->client);
	if (!r->lost)
		return RESTORE_OK;
	*error = r->error;
	return RESTORE_LOST;
}
