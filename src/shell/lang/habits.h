/*
 * What hands type that know a system shell, another client or a word processor, where mcsh would
 * take it for keys and values: "get a; get b", "get a && get b", "get a # why", "get a 2>&1",
 * "set a <typographic quotes>". It is refused, with what to type in its place; quoted, it is data.
 */
#ifndef SHELL_LANG_HABITS_H
#define SHELL_LANG_HABITS_H

#include "shell/lang/command.h"

/* True when one of the WORDS of LINE is such a habit. COMMANDS say what a next command would be.
 */
bool habits_refuse(const struct command *const *commands, struct slice line,
                   const struct words *words, struct error *error);

/* For an unknown command, the first of WORDS: true when it is a prompt that was pasted with its
 * command, mcsh itself, or has blanks of a web page in it. */
bool habits_explain_unknown(const struct command *const *commands, struct slice line,
                            const struct words *words, struct error *error);

#endif
