/*
 * Private memcached servers for trying things: real ones, on unix sockets in a directory that only
 * this user can enter, gone with everything of theirs when mcsh ends, in whatever way it ends.
 *
 * A keeper process stands between: it holds one end of a pipe whose other end only mcsh holds, and
 * when that closes it ends the servers it started and removes the directory. Should the keeper
 * itself be killed, the kernel ends the servers (PR_SET_PDEATHSIG, Linux).
 */
#ifndef SHELL_SERVERS_SANDBOX_H
#define SHELL_SERVERS_SANDBOX_H

#include "base/slice.h"
#include "base/status.h"

/* The most servers in one sandbox. */
#define SANDBOX_MAX 64

struct sandbox;

/* Starts N servers (1 to SANDBOX_MAX) and returns once each accepts connections. NULL: ERROR says
 * why not, and names the package when memcached is not installed. */
struct sandbox *sandbox_new(unsigned n, struct error *error);
/* Ends them and waits until the directory is gone. NULL is fine. */
void sandbox_free(struct sandbox *s);

unsigned sandbox_count(const struct sandbox *s);
/* The path of a server's socket. */
const char *sandbox_path(const struct sandbox *s, unsigned i);

#endif
