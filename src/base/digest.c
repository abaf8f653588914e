#include "base/digest.h"

#include <md5.h>
#include <sha1.h>

_Static_assert(DIGEST_MD5_SIZE == MD5_DIGEST_LENGTH && DIGEST_SHA1_SIZE == SHA1_DIGEST_LENGTH,
               "the sizes are those of libmd");

void digest_md5(struct slice bytes, uint8_t out[static DIGEST_MD5_SIZE])
{
	MD5_CTX context;
	MD5Init(&context);
	MD5Update(&context, (const uint8_t *)bytes.data, bytes.len);
	MD5Final(out, &context);
}

void digest_sha1(struct slice bytes, uint8_t out[static DIGEST_SHA1_SIZE])
{
	SHA1_CTX context;
	SHA1Init(&context);
	SHA1Update(&context, (const uint8_t *)bytes.data, bytes.len);
	SHA1Final(out, &context);
}
