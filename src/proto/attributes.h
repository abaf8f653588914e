/*
 * Lines of name=value words, as lru_crawler metadump and watch send them (crawler.c and logger.c of
 * memcached): "key=foo%20bar exp=-1 la=1795374908 cas=2 fetch=no cls=1 size=66".
 */
#ifndef PROTO_ATTRIBUTES_H
#define PROTO_ATTRIBUTES_H

#include "base/buf.h"

struct attribute {
	struct slice name, value; /* as they stand in the line, and borrowed from it */
};

/* Takes the next word off *REST. A word without a = has an empty name, and is all value. False at
 * the end. */
bool attribute_next(struct slice *rest, struct attribute *out);

/* Appends the key that TEXT stands for: %20 is a blank, every other byte is itself. False, with OUT
 * as it was, when a % has no two hexadecimal digits after it. */
bool attribute_decode(struct buf *out, struct slice text);

#endif
