/*
 * A file that lists servers, of --servers-file and .connect --servers-file: a server a line, in any
 * form of client/address.h, with its weight if it has one. Blank lines are passed over, and what
 * follows a # at the beginning of a line or after a blank.
 */
#ifndef SHELL_SERVERS_SERVERS_FILE_H
#define SHELL_SERVERS_SERVERS_FILE_H

#include "shell/servers/servers.h"

/* The most bytes that such a file has. */
#define SERVERS_FILE_MAX ((size_t)1 << 20)

/* Talks to the servers that the file at PATH lists, from now on, in its order. On false ERROR says
 * what is wrong, with the file's name and its line, and nothing has changed. */
bool servers_connect_file(struct servers *servers, struct slice path, struct error *error);

#endif
