/*
 * The data block after a line of memcached's own protocol. Such lines get into a script or a paste
 * from telnet sessions, dumps and captures: "set foo 0 0 9", "VALUE foo 0 9", RESP's "$9". mcsh
 * refuses the line; the bytes that it announces are not commands and must not be run as such.
 */
#ifndef SHELL_LANG_DATA_BLOCK_H
#define SHELL_LANG_DATA_BLOCK_H

#include "base/slice.h"

#include <stdint.h>

struct data_block {
	bool open;     /* bytes of it are still to come */
	bool pasted;   /* at a terminal, where a line end may have been one byte or two */
	bool doubtful; /* pasted: it may be whole already */
	char word[10]; /* of the line that announced it: "set", "VALUE" */
	uint64_t bytes;
	uint64_t least, most; /* of them, those that came; without `pasted` only `least` counts */
	size_t lines;         /* that came */
	size_t first_line;    /* their first, in the input's count */
};

enum data_block_step {
	DATA_BLOCK_MORE,
	DATA_BLOCK_END,
	DATA_BLOCK_LOST, /* it ends within a line after its first: where commands begin is unknown
	                  */
};

/* True when LINE, of which nothing is unquoted, is a line of the protocol that announces data, well
 * formed for mcsh or not: of a storage command (classic or meta), of a value in an answer, or of a
 * RESP string. *WORD is its first word. */
bool data_block_announced(struct slice line, struct slice *word, uint64_t *bytes);

/* Opens B when LINE announces at least one byte. */
void data_block_begin(struct data_block *b, struct slice line, bool pasted);

/* The next LINE, without its line feed, and perhaps with a CR. Anything but MORE closes B. */
enum data_block_step data_block_add(struct data_block *b, struct slice line);

#endif
