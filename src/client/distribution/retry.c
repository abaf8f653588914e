#include "client/distribution/retry.h"

#include "base/number.h"

#include <stdio.h>

struct slice retry_text(char space[static RETRY_MAX], struct slice before, struct slice key,
                        struct slice after)
{
	const struct slice parts[] = {before, key, after};
	size_t len = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t n = parts[i].len < RETRY_MAX - len ? parts[i].len : RETRY_MAX - len;
		if (n > 0)
			memcpy(space + len, parts[i].data, n);
		len += n;
	}
	return slice_of(space, len);
}

struct slice retry_text_pecl(char space[static RETRY_MAX], struct slice key, unsigned attempt)
{
	char tail[NUMBER_DIGITS];
	int len = snprintf(tail, sizeof(tail), "-%u", attempt - 1);
	return retry_text(space, SLICE(""), key, slice_of(tail, (size_t)len));
}
