#include "lib/overview.h"

#include <stdio.h>

const char *const overview_labels[] = {"10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211"};

void overview_well(struct overview *o, size_t servers)
{
	static const struct {
		const char *name, *value;
	} stats[] = {
	    {"version", "1.6.18"},      {"uptime", "100000"},
	    {"curr_connections", "10"}, {"max_connections", "1024"},
	    {"cmd_get", "10000"},       {"get_hits", "9500"},
	    {"get_misses", "500"},      {"cmd_set", "20000"},
	    {"bytes", "1000000"},       {"limit_maxbytes", "67108864"},
	    {"curr_items", "5000"},     {"total_items", "20000"},
	    {"evictions", "0"},         {"store_too_large", "0"},
	    {"get_expired", "100"},
	};
	overview_init(o, overview_labels, servers);
	o->time = OVERVIEW_NOW;
	o->listed = o->whole = true;
	for (size_t i = 0; i < servers; i++) {
		for (size_t k = 0; k < sizeof(stats) / sizeof(stats[0]); k++)
			overview_take_stat(o, i, slice_str(stats[k].name),
			                   slice_str(stats[k].value));
	}
}

void overview_says(struct overview *o, size_t server, const char *name, const char *value)
{
	overview_take_stat(o, server, slice_str(name), slice_str(value));
}

void overview_items(struct overview *o, size_t server, struct made_items m)
{
	char key[40];
	for (unsigned i = 0; i < m.count; i++) {
		struct crawled item = {.now = OVERVIEW_NOW,
		                       .exptime = m.ttl > 0 ? OVERVIEW_NOW + m.ttl : 0,
		                       .bumped = OVERVIEW_NOW - m.age,
		                       .size = m.size,
		                       .known = CRAWLED_EXPTIME | CRAWLED_BUMPED | CRAWLED_CAS |
		                                CRAWLED_FETCHED | CRAWLED_CLASS | CRAWLED_SIZE,
		                       .fetched = !m.unread};
		snprintf(key, sizeof(key), "%s%u", m.prefix, i);
		item.key = slice_str(key);
		overview_item(o, server, &item, m.misplaced);
	}
}
