#include "view/overview/classes.h"

struct overview_classes overview_classes_at(const struct overview *o, size_t i)
{
	struct overview_classes all[OVERVIEW_DISTRIBUTIONS] = {
	    {"size", "Sizes", o->sizes, overview_size_borders, OVERVIEW_SIZES, OVERVIEW_SIZES,
	     OVERVIEW_BYTES, o->known & CRAWLED_SIZE},
	    {"ttl", "Time to live", o->ttls, overview_ttl_borders, OVERVIEW_TTLS, OVERVIEW_TTLS - 1,
	     OVERVIEW_SECONDS, true},
	    {"unbumped", "Time since the last bump in the LRU", o->ages, overview_age_borders,
	     OVERVIEW_AGES, OVERVIEW_AGES, OVERVIEW_SECONDS, o->known & CRAWLED_BUMPED},
	};
	return all[i];
}

bool overview_classes_range(const struct overview_classes *c, size_t *first, size_t *last)
{
	*first = 0;
	*last = c->count;
	while (*first < *last && c->classes[*first].items == 0)
		++*first;
	while (*last > *first && c->classes[*last - 1].items == 0)
		--*last;
	return *first < *last;
}

struct short_text overview_border_text(const struct overview_classes *c, size_t class)
{
	struct short_text text = {"never"};
	if (class >= c->borders_count)
		return text;
	text = c->unit == OVERVIEW_BYTES ? size_text(c->borders[class])
	                                 : span_text(c->borders[class]);
	strcat(text.s, "+");
	return text;
}
