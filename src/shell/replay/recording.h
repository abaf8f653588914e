/*
 * .record: the session is written to a transcript (shell/replay/transcript.h) as it goes on.
 */
#ifndef SHELL_REPLAY_RECORDING_H
#define SHELL_REPLAY_RECORDING_H

#include "shell/session.h"

/* Begins a transcript at PATH, with what the session is set to. What is there is replaced if it is
 * a transcript or empty. On false ERROR says why not. */
bool recording_begin(struct session *s, const char *path, struct error *error);

/* While there is one (s->run.recording): LINE, read from the input FROM, was run, and what it
 * showed is complete. Lines of a script that a command has sourced are not written, what they show
 * is. */
void recording_add(struct session *s, struct slice line, const struct input *from);

/* The command being run was not carried out, and is left out. */
void recording_skip(struct session *s);

/* Ends it, if there is one. */
void recording_end(struct session *s);

/* Where it goes; NULL: there is none. */
const char *recording_path(const struct session *s);

/*
 * The settings of a transcript's first line: "format=pretty prompt=on columns=100". A name is a
 * setting's, or one of
 *	prompt   on: the session is at a prompt
 *	driven   on: a program is at the other end (shell/driver.h)
 *	columns  the width that is laid out for, 80 unless given
 *	utf8     on: the terminal shows UTF-8
 *	servers  the number of servers, 1 unless given
 * Sets S as they say, but for the servers, whose number is stored. On false ERROR says what it does
 * not know.
 */
bool recording_apply_settings(struct session *s, struct slice settings, unsigned *servers,
                              struct error *error);

#endif
