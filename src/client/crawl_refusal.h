/*
 * What a server says when it does not list its keys, and what helps then.
 */
#ifndef CLIENT_CRAWL_REFUSAL_H
#define CLIENT_CRAWL_REFUSAL_H

#include "base/slice.h"

/* What helps where LINE is what a server answers instead of a list; NULL: it is not a known
 * refusal. */
const char *crawl_refusal_hint(struct slice line);

#endif
