/*
 * Allocation that does not fail: when memory is out, one line is written to standard error and the
 * program ends with status 4. Sizes that come from the network or from a file are checked against
 * a ceiling before they get here, so what fails here is the machine, not an input.
 */
#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H

#include <stddef.h>

/*
 * FN is called with CTX when memory is out, before the program ends: what is ready to be written
 * can be written. It must not allocate. NULL: nothing is called. One at a time, for the program:
 * allocation fails anywhere, also in threads, and no caller could pass it on. CTX stays valid until
 * the program ends.
 */
void xalloc_at_end(void (*fn)(void *ctx), void *ctx);

/* Ends the program so, where a library says that memory is out. */
_Noreturn void xalloc_failed(void);

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
/* The product COUNT * SIZE is checked for overflow. */
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
/* A NUL-terminated copy of LEN bytes. */
char *xmemdup0(const char *data, size_t len);

/* Grows an array held in *ARRAY so that it has space for at least NEED elements of SIZE bytes;
 * capacity doubles, so that appending one at a time costs linear time. */
void *xgrow(void *array, size_t *cap, size_t need, size_t size);

#endif
