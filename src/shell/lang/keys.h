/*
 * The keys seen in this session, for completion: a bounded set, oldest out first.
 */
#ifndef SHELL_LANG_KEYS_H
#define SHELL_LANG_KEYS_H

#include "base/slice.h"

#define KEYS_MAX 1000

struct keys {
	char *list[KEYS_MAX]; /* a ring of owned copies; keys hold no NUL */
	size_t count;
	size_t next;
};

void keys_add(struct keys *k, struct slice key);
void keys_release(struct keys *k);

#endif
