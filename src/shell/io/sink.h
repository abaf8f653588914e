/*
 * Results that go elsewhere: into a file, into a program, through the pager.
 */
#ifndef SHELL_IO_SINK_H
#define SHELL_IO_SINK_H

#include "shell/io/output.h"

/* Directs results into SINK until sink_close. On false ERROR says why it cannot be had. */
bool sink_open(struct output *o, enum sink sink, struct slice target, struct error *error);
/* Whether the sink is a file with something in it, to which results are added. */
bool sink_appends(const struct output *o);
/* Ends the sink: waits for its program, closes its file. What could not be written is an error.
 * *CODE is the program's exit status; 0 without one. A program that goes on is ended by Ctrl-C: by
 * the one that has come, or, where the command was GIVEN_UP by that and has printed something, by
 * another one. */
bool sink_close(struct output *o, bool given_up, int *code, struct error *error);

/* Shows what has gathered through $PAGER. False when that failed: ERROR says how, and what has
 * gathered is still there. Without a pager it is there too. */
bool sink_page(struct output *o, struct error *error);

#endif
