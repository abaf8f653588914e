/*
 * Reading ahead. The commands of a script are sent without waiting for the answers of those before
 * them, to every server at once, and each answer is shown in the order of the commands, as if it
 * had been awaited. It changes what a script costs and nothing else:
 *
 *   - A command goes this way when its answer is one server's and nothing but its own output
 *     depends on it: the storage commands, get and its kin, touch, delete, incr and decr. All
 *     others wait for what is before them (pipeline_drain), and so does whatever is told about a
 *     command that cannot be sent.
 *   - Where somebody watches the order of things every command is awaited: at a prompt, with -e,
 *     with a trace, with times in pretty answers, into a file or a program, into a transcript.
 *   - A server's first command is awaited too: one that is not there is told of command by command.
 *   - An answer that overtakes one before it is kept until its turn. When much is kept nothing more
 *     is read but the answer that is due.
 *   - A connection lost on the way loses the commands behind it: the first is named, the others are
 *     counted, none is sent again.
 *   - Once a good many commands have gone this way each server is asked whether it speaks the meta
 *     commands, and these are used from then on for what they do the same way (proto/meta.h).
 *   - From then on gets of one key go out together on one line, behind changes of other keys.
 *   - A meta command bears an opaque, by which its answer is known from those of others.
 */
#ifndef SHELL_FLOW_PIPELINE_H
#define SHELL_FLOW_PIPELINE_H

#include "shell/flow/exchange.h"

struct pipeline;

/*
 * Sends ASK; its answer is shown when its turn comes, and counts then. Waits only where too much is
 * under way. False when it has to be awaited, and nothing has been done. *STATUS says whether it
 * could be sent at all; if not that has been told, or Ctrl-C has come.
 */
bool pipeline_add(struct session *s, const struct ask *ask, enum status *status);

/* Whether answers are to come. */
bool pipeline_busy(const struct session *s);

/* Waits until every answer has been shown. */
void pipeline_drain(struct session *s);

/* It is the turn of the command that was read last, which does not go ahead: waits until every
 * answer before it has been shown; what is shown from then on is its own. False when Ctrl-C ended
 * the waiting: the command is not to be carried out. */
bool pipeline_turn(struct session *s);

/* Waits for answers as long as the input has no line ready. */
void pipeline_idle(struct session *s);

void pipeline_free(struct pipeline *p);

#endif
