/*
 * Commands whose words decide what follows them ("slabs automove ratio F"): each of their forms
 * stands in the row, and here words are held against them: before anything is sent, for completion
 * and for the hint at the prompt. Pure.
 *
 * A server may take part of a word for the whole (memcached from 1.6.40 on reads "stats r" as stats
 * reset), so an abbreviation is refused with the words that it could be.
 */
#ifndef SHELL_LANG_FORMS_H
#define SHELL_LANG_FORMS_H

#include "shell/lang/command.h"

/*
 * Whether WORDS are one of COMMAND's forms. False: ERROR says which word is wrong, or that one is
 * missing, and what may stand there.
 */
bool forms_check(const struct command *command, const struct slice *words, size_t count,
                 struct error *error);

/* Calls FN for what may follow WORDS, which forms begin with: fixed words ("ratio", "0|1|2") and
 * values ("SECONDS"). */
void forms_next(const struct command *command, const struct slice *words, size_t count,
                void (*fn)(void *ctx, struct slice name), void *ctx);

/* Adds to OUT what WORDS lack: the rest of the form ("SRC DST"), or, of several, the words to
 * choose from ("reassign|automove"). In brackets where nothing need follow. */
void forms_hint(const struct command *command, const struct slice *words, size_t count,
                struct buf *out);

#endif
