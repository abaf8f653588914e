#include "client/distribution/retry.h"

#include "base/number.h"

#include <stdio.h>

struct slice retry_text(char room[static RETRY_ROOM], struct slice before, struct slice key,
                        struct slice after)
{
	const struct slice parts[] = {before, key, after};
	size_t len = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t n = parts[i].len < RETRY_ROOM - len ? parts[i].len : RETRY_ROOM - len;
		if (n > 0)
			memcpy(room + len, parts[i].data, n);
		len += n;
	}
	return slice_of(room, len);
}

struct slice retry_text_pecl(char room[static RETRY_ROOM], struct slice key, unsigned attempt)
{
	char tail[NUMBER_DIGITS];
	int len = snprintf(tail, sizeof(tail), "-%u", attempt - 1);
	return retry_text(room, SLICE(""), key, slice_of(tail, (size_t)len));
}
