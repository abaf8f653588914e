/*
 * Runs one command; and what it makes of the options that many commands share.
 */
#ifndef SHELL_EXECUTE_H
#define SHELL_EXECUTE_H

#include "shell/flow/ask.h"
#include "shell/lang/args.h"
#include "shell/session.h"

/* Runs one command; LINE may span lines. What it prints is in the output, not yet written. */
enum status session_execute(struct session *s, struct slice line);

/* Where the command's request goes: --server, --hash, .on, or by its keys. */
bool execute_target(struct session *s, const struct args *args, struct target *target,
                    struct error *error);

/* The servers that a command is meant for that goes to all unless one is named: FIRST to below END.
 */
bool execute_servers(struct session *s, const struct args *args, size_t *first, size_t *end,
                     struct error *error);

/* Builds the request of a protocol command (a row with `build` and not for `run`): REQUEST, and how
 * it is asked, ASK, which borrows it. On false ERROR says what is wrong with ARGS. */
bool execute_build(struct session *s, struct args *args, struct request *request, struct ask *ask,
                   struct error *error);

/* Whether a command is its function's own, and not a request that is built. */
bool execute_runs(const struct args *args);

/* What is put before its keys: --key-prefix, or .set key_prefix. Borrowed from ARGS or S. */
struct slice execute_prefix(const struct session *s, const struct args *args);

/* Whether commands that destroy ask first: at a prompt, unless that was switched off, and of
 * production always. */
bool execute_asks(const struct session *s);

/* Asks QUESTION, lines without the last line feed, and reports where the answer is another than yes
 * or the name of what is production. STATUS_OK: COMMAND is to be carried out. */
enum status execute_confirm(struct session *s, const char *command, struct slice question);

/* Frees the memory of commands that were run, which is kept from one to the next. */
void execute_release(struct run *run);

#endif
