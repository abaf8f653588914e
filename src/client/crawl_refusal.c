#include "client/crawl_refusal.h"

#include <stddef.h>
#include <string.h>

/* What else a server says when it is asked for its keys, and what helps. Of the rows that a line
 * begins with the longest is taken, whatever their order; "ERROR" alone is a command not known. */
static const struct refusal {
	const char *starts, *hint;
} refusals[] = {
    {"CLIENT_ERROR unauthenticated",
     "it wants a login before anything else (it was started with -Y): .auth USER"},
    {"BUSY", "another list or crawl is under way there; try again when it has ended"},
    {"CLIENT_ERROR lru crawler disabled",
     "its keys cannot be listed; lru_crawler enable switches it on, unless it was started with "
     "-o no_lru_crawler"},
    {"ERROR metadump not allowed", "it was started with -X, which forbids it"},
    {"ERROR key dump not allowed", "it was started with -X, which forbids it"},
    {"BADCLASS", "it has no such slab class; stats items names those in use"},
    {"ERROR Too many open connections",
     "it is at its limit of connections (-c); close some, or raise it"},
    {"ERROR locked", "its hash table grows, and cannot be walked meanwhile; try again"},
    {"NOTSTARTED", "it found nothing to list; try again"},
    /* ElastiCache Serverless: "Supported Memcached commands" in its guide. */
    {"ERROR",
     "it has no lru_crawler metadump, as proxies, services such as ElastiCache Serverless, and "
     "memcached before 1.4.31"},
    {"ERROR ", "its keys cannot be listed now; try again"},
    {"CLIENT_ERROR", "its keys cannot be listed"},
    {"SERVER_ERROR", "its keys cannot be listed now; try again"},
};

const char *crawl_refusal_hint(struct slice line)
{
	const struct refusal *best = NULL;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		if (slice_starts(line, slice_str(r->starts)) &&
		    (!best || strlen(r->starts) > strlen(best->starts)))
			best = r;
	}
	return best ? best->hint : NULL;
}
