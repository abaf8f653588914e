/*
 * A session with a program at the other end (mcsh --expect): expect, pexpect, or anything that
 * writes a line and reads lines. On a pipe and on a terminal alike, and the same in every release:
 *
 *	session = hello prompt { reply prompt } [ reply ]
 *	hello   = "mcsh expect 1" LF               the number of this grammar
 *	prompt  = "mcsh>" LF                       a command is waited for
 *	more    = "mcsh...>" LF                    the line just sent leaves a quote open
 *	reply   = { data } status
 *	data    = "| " [ field { TAB field } ] LF  fields are as escape_add_field writes them
 *	status  = "= " number " " word LF          the exit status of this command, status_name
 *
 * Errors go to standard error, as everywhere; where that is the same terminal they come before the
 * status and begin with "mcsh: ". Each line that is sent has one reply, an empty one and a comment
 * too; .source and what it runs have one. What is sent last may have no prompt after its reply:
 * the end comes in its place.
 *
 * A terminal neither echoes nor edits meanwhile: a line may be as long as on a pipe, Ctrl-D at its
 * beginning ends the input, Ctrl-C cancels the command that runs or that is being sent.
 */
#ifndef SHELL_DRIVER_H
#define SHELL_DRIVER_H

#include "shell/session.h"

/* Reads commands from standard input and answers them until there are no more. S is `driven`. */
void driver_run(struct session *s);

#endif
