/*
 * How many edits make one word of another: to insert, delete or replace a byte, or to swap two
 * neighbours; upper and lower case are the same.
 */
#ifndef BASE_EDITS_H
#define BASE_EDITS_H

#include "base/slice.h"

/* The longest word that is compared. */
#define EDITS_WORD_MAX 250

/* Edits from A to B; MOST + 1 where these are more, or a word is longer than EDITS_WORD_MAX. */
unsigned edits_between(struct slice a, struct slice b, unsigned most);

#endif
