/*
 * Programs that run beside mcsh: what reads its results, the user's editor.
 */
#ifndef SHELL_IO_SPAWN_H
#define SHELL_IO_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts COMMAND under the system's shell with its standard input from FD, and its standard output
 * to OUT unless that is -1. Where Ctrl-C cancels a command (SHIELDED) the program that reads its
 * results ignores it: it shall see the end of what came. Returns 0, or what errno would be; *CHILD
 * is its process. */
int spawn_shell(const char *command, int fd, int out, bool shielded, pid_t *child);

#endif
