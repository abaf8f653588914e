#ifndef CLIENT_DISTRIBUTION_JUMP_H
#define CLIENT_DISTRIBUTION_JUMP_H

#include <stdint.h>

/* "A Fast, Minimal Memory, Consistent Hash Algorithm" by John Lamping and Eric Veach
 * (arxiv.org/abs/1406.2294): a bucket from 0 to BUCKETS - 1 for a hash of 64 bits. BUCKETS is at
 * least 1. */
uint32_t jump_bucket(uint64_t hash, uint32_t buckets);

#endif
