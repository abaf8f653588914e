/*
 * What applications put in front of their keys.
 */
#ifndef BASE_KEY_PREFIX_H
#define BASE_KEY_PREFIX_H

#include "base/slice.h"

/* KEY up to and with the first of : / . | - _; empty where it has none. */
static inline struct slice key_prefix(struct slice key)
{
	for (size_t i = 0; i < key.len; i++) {
		switch (key.data[i]) {
		case ':':
		case '/':
		case '.':
		case '|':
		case '-':
		case '_':
			return slice_of(key.data, i + 1);
		default:
			break;
		}
	}
	return slice_of(NULL, 0);
}

#endif
