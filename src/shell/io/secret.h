/*
 * A password, asked for at the terminal that mcsh was started from and not shown there.
 */
#ifndef SHELL_IO_SECRET_H
#define SHELL_IO_SECRET_H

#include "base/buf.h"

enum secret_result {
	SECRET_READ,
	SECRET_NO_TERMINAL, /* nobody to ask */
	SECRET_GIVEN_UP,    /* Ctrl-C, Ctrl-D, or the terminal is gone */
};

/* Shows QUESTION and adds the line that is typed to SECRET, which the caller wipes. What was typed
 * before the question is not taken for an answer. The terminal is given back as it was, also when a
 * signal ends mcsh. */
enum secret_result secret_read(const char *question, struct buf *secret);

#endif
