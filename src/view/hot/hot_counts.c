#include "view/hot/hot_counts.h"

#include "base/buf.h"
#include "base/key_prefix.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "proto/attributes.h"

#include <stdlib.h>

/* A name is the server, in two bytes, and the key or the client. Keys have 250 bytes at the most.
 */
#define SERVER_BYTES 2
#define KEY_MAX      250
#define NAME_MAX_LEN (SERVER_BYTES + KEY_MAX)

/* Look-ups that may belong to a store, by server and connection; where two meet in one place the
 * older one is a get. */
#define PLACES 4096

/* Connections of a server whose client is known. */
#define CLIENTS_MAX 65536

enum tally {
	HITS,
	MISSES,
	STORES,
	BYTES,
	SIZED,
};

/* One that has been seen, and may yet turn out to be a store's. */
struct look_up {
	bool waits, found;
	size_t server;
	uint64_t fd, size;
	size_t len;
	char key[KEY_MAX];
};

struct client_name {
	uint32_t server, fd;
	char text[56]; /* "[ffff:...]:65535" */
};

struct hot_counts {
	enum hot_by by;
	bool misses;
	struct hitters *hitters;
	struct hot_totals totals;
	struct look_up *places;
	struct client_name *clients; /* PLACES of them, by server and connection */
	struct buf key, name;
};

struct hot_counts *hot_counts_new(enum hot_by by, bool misses)
{
	struct hot_counts *c = xcalloc(1, sizeof(*c));
	c->by = by;
	c->misses = misses;
	c->hitters = hitters_new(HOT_COUNTERS, NAME_MAX_LEN);
	c->places = xcalloc(PLACES, sizeof(*c->places));
	if (by == HOT_CLIENT)
		c->clients = xcalloc(CLIENTS_MAX, sizeof(*c->clients));
	return c;
}

void hot_counts_free(struct hot_counts *c)
{
	if (!c)
		return;
	hitters_free(c->hitters);
	free(c->places);
	free(c->clients);
	buf_release(&c->key);
	buf_release(&c->name);
	free(c);
}

/* Servers are few, and descriptors of a process are the smallest that are free: both in one number
 * meet rarely. */
static size_t mixed(size_t server, uint64_t fd, size_t places)
{
	return (size_t)((fd + server * 1021) % places);
}

static struct client_name *client_at(const struct hot_counts *c, size_t server, uint64_t fd)
{
	return &c->clients[mixed(server, fd, CLIENTS_MAX)];
}

static void add_client(struct hot_counts *c, size_t server, uint64_t fd)
{
	const struct client_name *n = client_at(c, server, fd);
	if (n->text[0] && n->server == server && n->fd == fd)
		buf_add_str(&c->name, n->text);
	else
		buf_addf(&c->name, "fd %llu", (unsigned long long)fd);
}

/* The counter of what KEY, asked for by FD of SERVER, is counted as. */
static struct hitter *counter(struct hot_counts *c, size_t server, uint64_t fd, struct slice key)
{
	size_t named = c->by == HOT_PREFIX ? 0 : server;
	buf_clear(&c->name);
	buf_add_char(&c->name, (char)(named >> 8));
	buf_add_char(&c->name, (char)(named & 0xff));
	if (c->by == HOT_CLIENT)
		add_client(c, server, fd);
	else
		buf_add_slice(&c->name, c->by == HOT_PREFIX ? key_prefix(key) : key);
	return hitters_add(c->hitters, buf_slice(&c->name), 1);
}

static void count_get(struct hot_counts *c, struct look_up *l)
{
	l->waits = false;
	if (l->found)
		c->totals.hits++;
	else
		c->totals.misses++;
	if (c->misses && l->found)
		return;
	struct hitter *h = counter(c, l->server, l->fd, slice_of(l->key, l->len));
	h->tallies[l->found ? HITS : MISSES]++;
	if (l->found) {
		h->tallies[BYTES] += l->size;
		h->tallies[SIZED]++;
	}
}

static void count_store(struct hot_counts *c, size_t server, uint64_t fd, struct slice key,
                        uint64_t size)
{
	c->totals.stores++;
	if (c->misses)
		return;
	struct hitter *h = counter(c, server, fd, key);
	h->tallies[STORES]++;
	h->tallies[BYTES] += size;
	h->tallies[SIZED]++;
}

static uint64_t number_in(const struct event *e, enum event_field field)
{
	uint64_t n = 0;
	return number_parse_u64(e->fields[field], &n) == NUMBER_OK ? n : 0;
}

/* The address that a line of connevents has: "127.0.0.1:4711"; of a socket in the file system there
 * is none. */
static void name_connection(struct hot_counts *c, size_t server, const struct event *e)
{
	struct slice rip = e->fields[EVENT_RIP], port = e->fields[EVENT_RPORT];
	bool v6 = rip.len > 0 && memchr(rip.data, ':', rip.len);
	struct look_up *l = &c->places[mixed(server, number_in(e, EVENT_CFD), PLACES)];
	struct buf name = BUF_INIT;
	if (l->waits)
		count_get(c, l); /* of who was there before */
	if (rip.len > 0 && !slice_eq_str(rip, "unix")) {
		buf_addf(&name, v6 ? "[%.*s]:" : "%.*s:", SLICE_ARGS(rip, 45));
		buf_add_slice(&name, port);
	}
	hot_counts_client(c, server, number_in(e, EVENT_CFD), buf_slice(&name));
	buf_release(&name);
}

void hot_counts_add(struct hot_counts *c, size_t server, const struct event *e)
{
	struct slice type = e->fields[EVENT_TYPE];
	bool get = slice_eq_str(type, "item_get");
	if (c->clients && slice_eq_str(type, "conn_new"))
		name_connection(c, server, e);
	if (!get && !slice_eq_str(type, "item_store"))
		return;
	uint64_t fd = number_in(e, EVENT_CFD);
	struct look_up *l = &c->places[mixed(server, fd, PLACES)];
	buf_clear(&c->key);
	if (!attribute_decode(&c->key, e->fields[EVENT_KEY]))
		buf_add_slice(&c->key, e->fields[EVENT_KEY]);
	struct slice key = buf_slice(&c->key);
	if (key.len > KEY_MAX)
		key.len = KEY_MAX;
	if (!get && l->waits && l->server == server && l->fd == fd &&
	    slice_eq(slice_of(l->key, l->len), key))
		l->waits = false;
	if (l->waits)
		count_get(c, l);
	if (!get) {
		count_store(c, server, fd, key, number_in(e, EVENT_SIZE));
		return;
	}
	l->waits = true;
	l->found = slice_eq_str(e->fields[EVENT_STATUS], "found");
	l->server = server;
	l->fd = fd;
	l->size = number_in(e, EVENT_SIZE);
	l->len = key.len;
	if (key.len > 0)
		memcpy(l->key, key.data, key.len);
}

void hot_counts_client(struct hot_counts *c, size_t server, uint64_t fd, struct slice name)
{
	struct client_name *n = client_at(c, server, fd);
	if (name.len >= sizeof(n->text))
		name.len = sizeof(n->text) - 1;
	*n = (struct client_name){.server = (uint32_t)server, .fd = (uint32_t)fd};
	if (name.len > 0)
		memcpy(n->text, name.data, name.len);
}

void hot_counts_end(struct hot_counts *c)
{
	for (size_t i = 0; i < PLACES; i++) {
		if (c->places[i].waits)
			count_get(c, &c->places[i]);
	}
}

const struct hot_totals *hot_counts_totals(const struct hot_counts *c)
{
	return &c->totals;
}

uint64_t hot_counts_floor(const struct hot_counts *c)
{
	return hitters_floor(c->hitters);
}

size_t hot_counts_names(const struct hot_counts *c)
{
	return hitters_used(c->hitters);
}

size_t hot_counts_top(const struct hot_counts *c, struct hot_row *rows, size_t most)
{
	const struct hitter **top = xcalloc(most + 1, sizeof(*top));
	size_t count = hitters_top(c->hitters, top, most);
	for (size_t i = 0; i < count; i++) {
		const unsigned char *name = (const unsigned char *)top[i]->key.data;
		rows[i] = (struct hot_row){
		    .server = (size_t)name[0] << 8 | name[1],
		    .name = slice_skip(top[i]->key, SERVER_BYTES),
		    .count = top[i]->count,
		    .error = top[i]->error,
		    .hits = top[i]->tallies[HITS],
		    .misses = top[i]->tallies[MISSES],
		    .stores = top[i]->tallies[STORES],
		    .bytes = top[i]->tallies[BYTES],
		    .sized = top[i]->tallies[SIZED],
		};
	}
	free(top);
	return count;
}
