#include "view/stats/sample.h"

#include "base/number.h"
#include "base/xalloc.h"

#include <stdlib.h>

/* What goes up and down (doc/protocol.txt of memcached); all else counts from the start. */
static const char *const gauges[] = {
    "accepting_conns",
    "bytes",
    "connection_structures",
    "curr_connections",
    "curr_items",
    "extstore_bytes_fragmented",
    "extstore_bytes_used",
    "extstore_io_queue",
    "extstore_limit_maxbytes",
    "extstore_objects_used",
    "extstore_pages_free",
    "extstore_pages_used",
    "hash_bytes",
    "hash_is_expanding",
    "hash_power_level",
    "limit_maxbytes",
    "log_watchers",
    "lru_crawler_running",
    "max_connections",
    "read_buf_bytes",
    "read_buf_bytes_free",
    "read_buf_count",
    "reserved_fds",
    "response_obj_bytes",
    "response_obj_count",
    "slab_global_page_pool",
    "slab_reassign_running",
    "threads",
    "time_since_server_cert_refresh",
};

static const char *const identity[] = {"pid", "uptime", "time", "pointer_size"};

static bool lists(const char *const *names, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_str(name, names[i]))
			return true;
	}
	return false;
}

void sample_clear(struct sample *s)
{
	buf_clear(&s->text);
	s->count = 0;
	s->at = 0;
}

void sample_release(struct sample *s)
{
	buf_release(&s->text);
	free(s->ends);
	*s = (struct sample){0};
}

void sample_add(struct sample *s, struct slice name, struct slice value)
{
	if (s->count == SAMPLE_STATS_MAX || name.len > SAMPLE_TEXT_MAX ||
	    value.len > SAMPLE_TEXT_MAX)
		return;
	s->ends = xgrow(s->ends, &s->cap, 2 * s->count + 2, sizeof(*s->ends));
	buf_add_slice(&s->text, name);
	s->ends[2 * s->count] = s->text.len;
	buf_add_slice(&s->text, value);
	s->ends[2 * s->count + 1] = s->text.len;
	s->count++;
}

struct stat sample_at(const struct sample *s, size_t i)
{
	size_t from = i > 0 ? s->ends[2 * i - 1] : 0, name = s->ends[2 * i];
	return (struct stat){.name = slice_of(s->text.data + from, name - from),
	                     .value = slice_of(s->text.data + name, s->ends[2 * i + 1] - name)};
}

static bool find(const struct sample *s, struct slice name, uint64_t *out)
{
	for (size_t i = 0; i < s->count; i++) {
		struct stat stat = sample_at(s, i);
		if (slice_eq(stat.name, name))
			return number_parse_u64(stat.value, out) == NUMBER_OK;
	}
	return false;
}

bool sample_number(const struct sample *s, const char *name, uint64_t *out)
{
	return find(s, slice_str(name), out);
}

/* Whether AFTER is of another process than BEFORE. */
static bool restarted(const struct sample *before, const struct sample *after)
{
	uint64_t a, b;
	if (sample_number(before, "pid", &a) && sample_number(after, "pid", &b) && a != b)
		return true;
	return sample_number(before, "uptime", &a) && sample_number(after, "uptime", &b) && b < a;
}

void interval_of(struct interval *v, const struct sample *before, const struct sample *after)
{
	uint64_t uptime = 0;
	*v = (struct interval){.since = SINCE_LOOK};
	if (!before || before->at == 0)
		v->since = SINCE_START;
	else if (restarted(before, after))
		v->since = SINCE_RESTART;
	if (v->since == SINCE_LOOK)
		v->seconds = (double)(after->at - before->at) / 1e9;
	else if (sample_number(after, "uptime", &uptime))
		v->seconds = (double)uptime;
	v->changes = xcalloc(after->count + 1, sizeof(*v->changes));
	for (size_t i = 0; i < after->count; i++) {
		struct stat stat = sample_at(after, i);
		struct change c = {.name = stat.name};
		if (number_parse_u64(stat.value, &c.now) != NUMBER_OK ||
		    lists(identity, sizeof(identity) / sizeof(identity[0]), stat.name))
			continue;
		c.gauge = lists(gauges, sizeof(gauges) / sizeof(gauges[0]), stat.name);
		if (v->since != SINCE_LOOK || !find(before, stat.name, &c.before))
			c.before = c.gauge ? c.now : 0;
		if (!c.gauge && c.before > c.now) {
			c.before = 0;
			v->reset = true;
		}
		v->changes[v->count++] = c;
	}
}

void interval_release(struct interval *v)
{
	free(v->changes);
	*v = (struct interval){0};
}

const struct change *interval_find(const struct interval *v, struct slice name)
{
	for (size_t i = 0; i < v->count; i++) {
		if (slice_eq(v->changes[i].name, name))
			return &v->changes[i];
	}
	return NULL;
}

bool interval_rise(const struct interval *v, const char *name, uint64_t *rise)
{
	const struct change *c = interval_find(v, slice_str(name));
	if (c)
		*rise = c->now >= c->before ? c->now - c->before : 0;
	return c != NULL;
}

bool interval_rate(const struct interval *v, struct slice name, double *rate)
{
	const struct change *c = v && v->seconds > 0 ? interval_find(v, name) : NULL;
	if (!c || c->gauge)
		return false;
	*rate = (double)(c->now - c->before) / v->seconds;
	return true;
}

struct stat *interval_stats(const struct interval *v, struct buf *arena, size_t *count)
{
	struct stat *stats = xcalloc(v->count + 1, sizeof(*stats));
	size_t *ends = xcalloc(v->count + 1, sizeof(*ends));
	buf_addf(arena, "%.9f", v->seconds);
	ends[0] = arena->len;
	for (size_t i = 0; i < v->count; i++) {
		const struct change *c = &v->changes[i];
		buf_add_u64(arena, c->gauge ? c->now : c->now - c->before);
		ends[i + 1] = arena->len;
	}
	stats[0] = (struct stat){.name = SLICE("uptime"), .value = slice_of(arena->data, ends[0])};
	for (size_t i = 0; i < v->count; i++)
		stats[i + 1] =
		    (struct stat){.name = v->changes[i].name,
		                  .value = slice_of(arena->data + ends[i], ends[i + 1] - ends[i])};
	free(ends);
	*count = v->count + 1;
	return stats;
}
