#ifndef SHELL_SETTLE_H
#define SHELL_SETTLE_H

#include "shell/session.h"

/*
 * Before connections are closed: waits, a second at most, until the servers have carried out
 * what was sent with --noreply; else the next connection could be ahead of it. Looks, too, whether
 * they sent as many answers as a pipelined script asked for. Reports when that is not sure, and
 * returns STATUS_LOST then.
 */
enum status session_settle(struct session *s);

#endif
