/*
 * The lines after a refused line of the protocol, such as "set foo 0 0 9", which are the data that
 * it announces (shell/lang/data_block.h): they are passed over and not run, with one report.
 *
 * In a script they are counted byte by byte. At a prompt that holds for a paste alone, since what a
 * person types is never taken for data. A program at the other end (--expect, json) gets a report
 * for each of its lines. Where data ends within a line it is not known where commands begin: the
 * rest of the paste or of the script is not run.
 *
 * The loop asks data_lines_next, reads a line or a command as that says, and gives what it read to
 * data_lines_take before anything else.
 */
#ifndef SHELL_DATA_LINES_H
#define SHELL_DATA_LINES_H

#include "shell/session.h"

enum data_line {
	DATA_LINE_NONE,  /* what was read is no data: run it */
	DATA_LINE_TAKEN, /* it was passed over */
	DATA_LINE_LAST,  /* it was, and nothing more of this input may be run */
};

/* LINE, which was read from s->input, was refused: what comes next is the data that it announces,
 * if it does. */
void data_lines_begin(struct session *s, struct slice line);

/* Whether the next line of s->input is data, and no command that may go on over lines. */
bool data_lines_next(struct session *s);

/* What became of LINE, of which RESULT was read; LINE is overwritten when it was passed over. */
enum data_line data_lines_take(struct session *s, struct buf *line, enum input_result result);

#endif
