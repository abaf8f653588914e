/*
 * The texts that clients hash in place of a key when its server failed.
 */
#ifndef CLIENT_DISTRIBUTION_RETRY_H
#define CLIENT_DISTRIBUTION_RETRY_H

#include "base/slice.h"

/* Space for a key and what a retry adds to it. */
#define RETRY_MAX 300

/* BEFORE, KEY and AFTER in one. A key above the 250 bytes that memcached carries may be cut. */
struct slice retry_text(char space[static RETRY_MAX], struct slice before, struct slice key,
                        struct slice after);

/* What pecl memcache hashes after ATTEMPT servers (1 and up) have failed: "key-0", "key-1", ... */
struct slice retry_text_pecl(char space[static RETRY_MAX], struct slice key, unsigned attempt);

#endif
