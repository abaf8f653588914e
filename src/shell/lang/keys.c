#include "shell/lang/keys.h"

#include "base/xalloc.h"

#include <stdlib.h>

void keys_add(struct keys *k, struct slice key)
{
	if (key.len == 0 || memchr(key.data, '\0', key.len))
		return;
	for (size_t i = 0; i < k->count; i++) {
		if (slice_eq_str(key, k->list[i]))
			return;
	}
	free(k->list[k->next]);
	k->list[k->next] = xmemdup0(key.data, key.len);
	k->next = (k->next + 1) % KEYS_MAX;
	if (k->count < KEYS_MAX)
		k->count++;
}

void keys_release(struct keys *k)
{
	for (size_t i = 0; i < k->count; i++)
		free(k->list[i]);
	*k = (struct keys){0};
}
