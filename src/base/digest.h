/*
 * MD5 and SHA-1 of bytes that are all in memory, by libmd. Here they place keys on
 * servers, as other clients do; nothing is kept secret or signed with them.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/slice.h"

#include <stdint.h>

#define DIGEST_MD5_SIZE  16
#define DIGEST_SHA1_SIZE 20

void digest_md5(struct slice bytes, uint8_t out[static DIGEST_MD5_SIZE]);
void digest_sha1(struct slice bytes, uint8_t out[static DIGEST_SHA1_SIZE]);

#endif
