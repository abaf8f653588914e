/*
 * POSIX extended regular expressions (regcomp) over counted bytes.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/status.h"

struct pattern;

/* NULL: ERROR says what is wrong with TEXT. WHOLE: it has to match a text from end to end, else
 * somewhere in it. ^ and $ stand for the ends of the text, and . matches a line feed too. */
struct pattern *pattern_new(struct slice text, bool whole, struct error *error);
void pattern_free(struct pattern *p);

bool pattern_matches(const struct pattern *p, struct slice text);

#endif
