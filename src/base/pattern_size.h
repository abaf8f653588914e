/*
 * What regcomp(3) would make of a POSIX extended regular expression. It writes repetitions out, so
 * that of a dozen nested characters come gigabytes; and it looks for back references, which the
 * standard does not have, in a time and a memory without bound.
 */
#ifndef BASE_PATTERN_SIZE_H
#define BASE_PATTERN_SIZE_H

#include "base/slice.h"

/* The most places of an expression when its repetitions are written out. */
#define PATTERN_PLACES 4096

/* Whether TEXT can be compiled and used in little memory. If not, *WHY says what stands against it.
 * TEXT may be malformed, which is for regcomp to say. */
bool pattern_size_check(struct slice text, const char **why);

#endif
