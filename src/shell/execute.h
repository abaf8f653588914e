/*
 * The memory of commands being run, one frame a depth.
 */
#ifndef SHELL_EXECUTE_H
#define SHELL_EXECUTE_H

struct session;

void execute_release(struct session *s);

#endif
