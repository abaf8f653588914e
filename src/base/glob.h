/*
 * Names that fit a pattern, as shells have it: * any bytes, ? one byte, [abc] [a-z] [!a] one byte
 * of a set, \ the next byte as it is. Bytes are compared, not characters, and a slash is nothing
 * special.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/slice.h"

/* Whether the whole of NAME fits PATTERN. Takes time in the product of their lengths at the most. A
 * [ without its ] stands for itself. */
bool glob_match(struct slice pattern, struct slice name);

#endif
