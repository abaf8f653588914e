/*
 * A pattern that is looked for in counted bytes, as grep has them: a POSIX extended regular
 * expression (regcomp), or a string.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/status.h"

#include <regex.h>

struct pattern;

enum {
	PATTERN_WHOLE = 1,  /* it has to match a text from end to end, else somewhere in it */
	PATTERN_FIXED = 2,  /* it is a string, not an expression */
	PATTERN_FOLDED = 4, /* upper and lower case are the same; of a string, in ASCII */
};

/* NULL: ERROR says what is wrong with TEXT. HOW joins those above. ^ and $ stand for the ends of
 * the text, and . matches a line feed too. */
struct pattern *pattern_new(struct slice text, unsigned how, struct error *error);
void pattern_free(struct pattern *p);

bool pattern_matches(const struct pattern *p, struct slice text);

/* Whether looking takes a time that grows with the length of the text alone. That of an expression
 * may grow with its square, and pattern_find cannot be interrupted: shell/io/search.h bounds it. */
bool pattern_is_quick(const struct pattern *p);

/* Looks in LINE, which stands within memory that a NUL byte ends somewhere after it. True: *AT is
 * where the first match begins in it, *LEN its length. */
bool pattern_find(const struct pattern *p, struct slice line, size_t *at, size_t *len);

/* Whether an expression matches, as regexec(3) does. Where that runs out of memory it ends the
 * program (base/xalloc.h): it would be taken for no match. */
bool pattern_exec(const regex_t *regex, const char *text, size_t groups, regmatch_t *match,
                  int flags);

#endif
