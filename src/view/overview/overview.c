#include "view/overview/overview.h"

#include "base/key_prefix.h"
#include "base/number.h"
#include "base/xalloc.h"

#include <stdlib.h>

static const struct {
	const char *name;
	bool grows;
} counters[OVERVIEW_COUNTERS] = {
    [COUNT_UPTIME] = {"uptime", false},
    [COUNT_CONNECTIONS] = {"curr_connections", false},
    [COUNT_MAX_CONNECTIONS] = {"max_connections", false},
    [COUNT_REJECTED] = {"rejected_connections", true},
    [COUNT_LISTEN_DISABLED] = {"listen_disabled_num", true},
    [COUNT_GETS] = {"cmd_get", true},
    [COUNT_HITS] = {"get_hits", true},
    [COUNT_MISSES] = {"get_misses", true},
    [COUNT_GET_EXPIRED] = {"get_expired", true},
    [COUNT_GET_FLUSHED] = {"get_flushed", true},
    [COUNT_SETS] = {"cmd_set", true},
    [COUNT_BYTES] = {"bytes", false},
    [COUNT_LIMIT] = {"limit_maxbytes", false},
    [COUNT_ITEMS] = {"curr_items", false},
    [COUNT_TOTAL_ITEMS] = {"total_items", true},
    [COUNT_EVICTIONS] = {"evictions", true},
    [COUNT_EVICTED_UNFETCHED] = {"evicted_unfetched", true},
    [COUNT_EXPIRED_UNFETCHED] = {"expired_unfetched", true},
    [COUNT_RECLAIMED] = {"reclaimed", true},
    [COUNT_TOO_LARGE] = {"store_too_large", true},
    [COUNT_NO_MEMORY] = {"store_no_memory", true},
    [COUNT_MALLOC_FAILS] = {"malloc_fails", true},
    [COUNT_READ_BUF_OOM] = {"read_buf_oom", true},
    [COUNT_RESPONSE_OOM] = {"response_obj_oom", true},
    [COUNT_BYTES_READ] = {"bytes_read", true},
    [COUNT_BYTES_WRITTEN] = {"bytes_written", true},
};

const uint64_t overview_size_borders[OVERVIEW_SIZES] = {
    0,    64,    128,   256,   512,    1024,   2048,   4096,
    8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576,
};

#define MINUTE 60
#define HOUR   3600
#define DAY    86400

const uint64_t overview_ttl_borders[OVERVIEW_TTLS - 1] = {
    0, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY,
};

const uint64_t overview_age_borders[OVERVIEW_AGES] = {
    0, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY,
};

/* Of a prefix, in its counter. */
enum tally {
	ITEMS,
	BYTES,
	IGNORED,
	UNREAD_BYTES,
	FOREVER_BYTES,
};

static bool is_unread(const struct crawled *item)
{
	return (item->known & CRAWLED_FETCHED) && !item->fetched;
}

/* An item that was not read was last moved up when it was stored. */
static bool is_ignored(const struct crawled *item)
{
	return is_unread(item) && (item->known & CRAWLED_BUMPED) &&
	       crawled_unbumped(item) >= OVERVIEW_IGNORED;
}

const char *overview_counter_name(enum overview_counter counter)
{
	return counters[counter].name;
}

bool overview_counter_grows(enum overview_counter counter)
{
	return counters[counter].grows;
}

void overview_init(struct overview *o, const char *const *labels, size_t count)
{
	*o = (struct overview){.count = count, .known = ~0u};
	o->servers = xcalloc(count, sizeof(*o->servers));
	for (size_t i = 0; i < count; i++)
		o->servers[i].label = labels[i];
	o->hitters = hitters_new(OVERVIEW_PREFIX_COUNTERS, 250);
}

void overview_release(struct overview *o)
{
	for (size_t i = 0; i < o->count; i++)
		slabs_release(&o->servers[i].slabs);
	free(o->servers);
	hitters_free(o->hitters);
	buf_release(&o->name);
	*o = (struct overview){0};
}

void overview_take_stat(struct overview *o, size_t server, struct slice name, struct slice value)
{
	struct overview_server *s = &o->servers[server];
	s->answered = true;
	if (slice_eq_str(name, "version") && value.len < sizeof(s->version)) {
		memcpy(s->version, value.data, value.len);
		s->version[value.len] = '\0';
	}
	for (size_t i = 0; i < OVERVIEW_COUNTERS; i++) {
		if (!slice_eq_str(name, counters[i].name))
			continue;
		if (number_parse_u64(value, &s->counts.n[i]) == NUMBER_OK)
			s->counts.known |= (uint64_t)1 << i;
		return;
	}
}

static void count(struct overview_share *share, const struct crawled *item)
{
	share->items++;
	share->bytes += item->size;
}

static size_t place(const uint64_t *borders, size_t borders_count, uint64_t n)
{
	size_t i = borders_count - 1;
	while (i > 0 && n < borders[i])
		i--;
	return i;
}

/* The first is below 64 bytes, the second below 128, ... */
static size_t place_of_size(uint64_t size)
{
	size_t bits = 0;
	for (size >>= 6; size > 0 && bits < OVERVIEW_SIZES - 1; size >>= 1)
		bits++;
	return bits;
}

static bool is_number(struct slice prefix)
{
	for (size_t i = 0; i + 1 < prefix.len; i++) {
		if (prefix.data[i] < '0' || prefix.data[i] > '9')
			return false;
	}
	return prefix.len > 1;
}

static void count_prefix(struct overview *o, const struct crawled *item)
{
	struct slice prefix = key_prefix(slice_skip(item->key, o->below.len));
	char number[] = "<n>:";
	if (is_number(prefix)) {
		number[3] = prefix.data[prefix.len - 1];
		prefix = slice_of(number, 4);
	}
	if (o->below.len > 0) {
		buf_clear(&o->name);
		buf_add_slice(&o->name, o->below);
		buf_add_slice(&o->name, prefix);
		prefix = buf_slice(&o->name);
	}
	/* Without sizes what is counted is items. */
	struct hitter *h = hitters_add(o->hitters, prefix, item->size > 0 ? item->size : 1);
	h->tallies[ITEMS]++;
	h->tallies[BYTES] += item->size;
	h->tallies[UNREAD_BYTES] += is_unread(item) ? item->size : 0;
	h->tallies[IGNORED] += is_ignored(item) ? item->size : 0;
	h->tallies[FOREVER_BYTES] += item->exptime == 0 ? item->size : 0;
}

static void keep_large(struct overview *o, size_t server, const struct crawled *item)
{
	size_t i = o->large;
	if (i == OVERVIEW_LARGEST && item->size <= o->largest[i - 1].size)
		return;
	if (i < OVERVIEW_LARGEST)
		o->large++;
	else
		i--;
	for (; i > 0 && o->largest[i - 1].size < item->size; i--)
		o->largest[i] = o->largest[i - 1];
	struct overview_large *l = &o->largest[i];
	*l = (struct overview_large){.server = server,
	                             .size = item->size,
	                             .ttl = crawled_ttl(item),
	                             .key_len = item->key.len};
	if (l->key_len > sizeof(l->key))
		l->key_len = sizeof(l->key);
	memcpy(l->key, item->key.data, l->key_len);
}

void overview_item(struct overview *o, size_t server, const struct crawled *item, bool misplaced)
{
	int64_t ttl = crawled_ttl(item);
	o->known &= item->known;
	count(&o->all, item);
	count(&o->servers[server].listed, item);
	if (is_unread(item))
		count(&o->unread, item);
	if (is_ignored(item))
		count(&o->ignored, item);
	if (ttl < 0)
		count(&o->forever, item);
	if (misplaced)
		count(&o->misplaced, item);
	count(
	    &o->ttls[ttl < 0 ? OVERVIEW_TTLS - 1
	                     : (int)place(overview_ttl_borders, OVERVIEW_TTLS - 1, (uint64_t)ttl)],
	    item);
	if (item->known & CRAWLED_BUMPED)
		count(&o->ages[place(overview_age_borders, OVERVIEW_AGES,
		                     (uint64_t)crawled_unbumped(item))],
		      item);
	if (item->known & CRAWLED_SIZE) {
		count(&o->sizes[place_of_size(item->size)], item);
		keep_large(o, server, item);
	}
	count_prefix(o, item);
}

static void add_up(struct overview *o)
{
	for (size_t i = 0; i < o->count; i++) {
		const struct overview_counts *c = &o->servers[i].counts;
		uint64_t uptime = o->sum.n[COUNT_UPTIME];
		bool before = overview_knows(&o->sum, COUNT_UPTIME);
		if (!o->servers[i].answered)
			continue;
		for (size_t k = 0; k < OVERVIEW_COUNTERS; k++)
			o->sum.n[k] += c->n[k];
		o->sum.known |= c->known;
		o->sum.n[COUNT_UPTIME] = before && uptime < c->n[COUNT_UPTIME] ? uptime
		                                                               : c->n[COUNT_UPTIME];
	}
}

void overview_end(struct overview *o)
{
	const struct hitter *top[OVERVIEW_PREFIXES];
	add_up(o);
	for (size_t i = 0; i < o->count; i++)
		slabs_sort(&o->servers[i].slabs);
	size_t count = hitters_top(o->hitters, top, OVERVIEW_PREFIXES);
	o->prefix_floor = hitters_floor(o->hitters);
	for (size_t i = 0; i < count; i++) {
		const uint64_t *t = top[i]->tallies;
		/* What may be half an error is none of the large ones. */
		if (top[i]->error > 0 && top[i]->error >= top[i]->count / 2)
			continue;
		o->prefixes[o->prefix_count++] = (struct overview_prefix){
		    .name = top[i]->key,
		    .bytes = top[i]->count,
		    .error = top[i]->error,
		    .all = {t[ITEMS], t[BYTES]},
		    .unread = t[UNREAD_BYTES],
		    .forever = t[FOREVER_BYTES],
		    .ignored = t[IGNORED],
		};
	}
}

bool overview_has_all_keys(const struct overview *o)
{
	return o->listed && o->scope.len == 0;
}

bool overview_hit_ratio(const struct overview_counts *c, unsigned *per_mille)
{
	uint64_t gets = c->n[COUNT_HITS] + c->n[COUNT_MISSES];
	if (gets == 0)
		return false;
	*per_mille = (unsigned)((double)c->n[COUNT_HITS] / (double)gets * 1000);
	return true;
}
