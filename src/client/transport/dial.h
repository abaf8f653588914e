/*
 * From an address to a connected socket, without blocking: the name is looked up, then each of its
 * addresses is tried, one after the other.
 */
#ifndef CLIENT_TRANSPORT_DIAL_H
#define CLIENT_TRANSPORT_DIAL_H

#include "base/status.h"
#include "client/address.h"

#include <poll.h>

enum dial_result {
	DIAL_WAIT,
	DIAL_OPEN,
	DIAL_FAILED
};

struct dial;

/* NULL with ERROR filled when not even a beginning can be made. ADDRESS is borrowed. */
struct dial *dial_new(const struct address *address, struct error *error);

/* As far as it goes without waiting. On DIAL_OPEN *FD is the caller's: non-blocking, close-on-exec,
 * TCP_NODELAY. On DIAL_WAIT poll dial_pollfd and call again. On DIAL_FAILED ERROR says why the last
 * address did not work. */
enum dial_result dial_step(struct dial *d, int *fd, struct error *error);

struct pollfd dial_pollfd(const struct dial *d);

void dial_free(struct dial *d);

#endif
