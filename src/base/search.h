/*
 * A pattern that is looked for within text, as grep has them: a POSIX extended regular expression,
 * or a string of bytes.
 */
#ifndef BASE_SEARCH_H
#define BASE_SEARCH_H

#include "base/buf.h"
#include "base/status.h"

struct search;

/* FIXED: TEXT is a string, not an expression. FOLDED: upper and lower case are the same (of a
 * string, in ASCII). NULL: ERROR says what is wrong with TEXT. */
struct search *search_new(struct slice text, bool fixed, bool folded, struct error *error);
void search_free(struct search *s);

/* Looks in LINE, which stands within memory that a NUL byte ends somewhere after it. True: *AT is
 * where the first match begins in it, *LEN its length. ^ and $ are LINE's ends. */
bool search_find(const struct search *s, struct slice line, size_t *at, size_t *len);

#endif
