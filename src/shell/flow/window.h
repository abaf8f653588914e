/*
 * The requests that are under way, and the order in which their answers are shown: that of the
 * commands. The window knows nothing of printing (shell/flow/show.h does) and nothing of where a
 * request goes (shell/flow/route.h).
 *
 * Awaiting is a window of depth one. In a script it is deeper: commands are sent without waiting
 * for the answers of those before them, to every server at once. That changes what a script costs
 * and nothing else:
 *
 *   - A command is pipelined when its answer is one server's and nothing but its own output depends
 *     on it: the storage commands, get and its kin, touch, delete, incr and decr. All others wait
 *     for what is before them, and so does the report of a command that cannot be sent.
 *   - A server's first command is awaited: one that is not there is reported command by command.
 *   - An answer that overtakes one before it is kept until that has come. When much is kept nothing
 *     more is read but the answer that is due.
 *   - A lost connection loses the commands sent over it: the first is named, the others are
 *     counted, none is sent again.
 *   - Once a good many commands have been pipelined each server is asked whether it speaks the meta
 *     commands, and these are used from then on for what they do the same way (proto/meta.h).
 *   - Gets share lines on such a server, and changes of other keys may be sent before them
 *     (shell/flow/batch.h).
 *   - A meta command bears an opaque, by which its answer is known from those of others.
 */
#ifndef SHELL_FLOW_WINDOW_H
#define SHELL_FLOW_WINDOW_H

#include "shell/flow/ask.h"

struct window;

/*
 * Sends ASK and shows its answer. Where PIPELINED allows it this returns before the answer is
 * there, which is shown, and counts, in its order; it waits then only where too much is under way.
 * Else *STATUS is how it ended: the answer's status, STATUS_USAGE when it could not be sent (which
 * has been reported), or STATUS_LOST when Ctrl-C came before. Returns whether *STATUS is final.
 */
bool window_ask(struct session *s, const struct ask *ask, bool pipelined, enum status *status);

/* Whether answers are to come. */
bool window_busy(const struct session *s);

/* Waits until every answer has been shown. */
void window_drain(struct session *s);

/* The barrier before a command that is not pipelined: waits until every answer before it has been
 * shown; what is shown from then on is its own. False when Ctrl-C ended the wait: the command is
 * not to be carried out. */
bool window_barrier(struct session *s);

/* Waits for answers as long as the input has no line ready. */
void window_idle(struct session *s);

void window_free(struct window *w);

#endif
