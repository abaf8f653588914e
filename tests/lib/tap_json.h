/*
 * JSON for the tests, read by a reader of their own, so that mcsh's does not judge mcsh.
 */
#ifndef LIB_TAP_JSON_H
#define LIB_TAP_JSON_H

#include <stdbool.h>
#include <stddef.h>

/* Prints a line for each line of TEXT, LEN bytes of JSON documents: the values at PATHS, a blank
 * between them. A path is names and numbers of elements, `.rows[0].key`; `.` is the document. `[]`
 * stands for each element, a blank between them, and `#` at the end for how many members or
 * elements there are. Strings are printed as the text that they mean, what is not there as null,
 * all else as it is written. A path with `?` before it prints nothing: lines where it is null or
 * false are left out. False, with a word on standard error, where a line is not JSON or a path not
 * a path. */
bool tap_json(const char *text, size_t len, char **paths);

#endif
