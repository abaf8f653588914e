/*
 * Tables of known answers: the files of tests/vectors/. Lines that begin with '#' are comments;
 * the others hold cells between tabs, the first of them the names of the columns.
 */
#ifndef TESTS_LIB_VECTORS_H
#define TESTS_LIB_VECTORS_H

#include "base/slice.h"

struct vectors {
	char *text;
	char **cells;
	size_t columns;
	size_t rows; /* the line of names is row 0 */
};

/* Reads tests/vectors/FILE below $top_srcdir, or below the working directory when that is not set.
 * A file that is missing, empty or ragged ends the running test as failed. */
void vectors_load(struct vectors *v, const char *file);
void vectors_release(struct vectors *v);

/* Borrowed until vectors_release. */
const char *vectors_cell(const struct vectors *v, size_t row, size_t column);

/* The column of that name; an unknown one ends the running test as failed. */
size_t vectors_column(const struct vectors *v, const char *name);

#define VECTORS_KEY_ROOM 256

/* The bytes of a key as the tables write them: {k*250} is 250 letters k, \xNN is a byte. */
struct slice vectors_key(const char *cell, char room[static VECTORS_KEY_ROOM]);

#endif
