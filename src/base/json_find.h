/*
 * Values in a JSON document: found by a path, and compared by what they mean.
 */
#ifndef BASE_JSON_FIND_H
#define BASE_JSON_FIND_H

#include "base/json_read.h"

enum json_found {
	JSON_FOUND = 0,
	JSON_NOT_THERE, /* the document has nothing at that path */
	JSON_BAD_PATH,  /* the path cannot be read */
	JSON_BAD_TEXT,  /* the document is not JSON */
};

/* The value at PATH, as it is written (see json_read_value). A path is names and the numbers of
 * elements, counted from 0, with dots between them; a number can also stand in brackets, as can a
 * name in quotes with JSON's escapes, which any name can: `values[0].flags`, `.values.0.flags`,
 * `["a.b"][0]`. A dot may stand in front; `.` and the empty path are the whole document. Of
 * members with the same name the last one counts. *VALUE is only set when it is found. */
enum json_found json_find(struct slice document, struct slice path, struct slice *value);

/* True when both are valid JSON values and mean the same: members in any order, strings by the
 * characters they mean, numbers by their exact value (1, 1.0 and 10e-1 are the same). JSON
 * does not settle what an object with a name twice means: it may be found to differ from all. */
bool json_equal(struct slice a, struct slice b);

#endif
