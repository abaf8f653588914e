/*
 * What .help says of things that are neither commands nor settings.
 */
#ifndef COMMAND_TOPICS_H
#define COMMAND_TOPICS_H

#include "base/slice.h"

struct topic {
	const char *name;
	const char *summary; /* a line for the list */
	/* Paragraphs of running text, and lines that begin with a blank, which stay as they are: a
	 * form, blanks, what it means. */
	const char *text;
};

/* Every topic, ended by a row without a name. */
extern const struct topic topics[];

/* By its whole name; NULL: there is none. */
const struct topic *topic_find(struct slice name);

#endif
