/*
 * The words after a command's name, held against its row: options, operands, warnings.
 */
#ifndef SHELL_LANG_ARGS_H
#define SHELL_LANG_ARGS_H

#include "shell/lang/command.h"

/* The most options that a command has. */
#define OPTIONS_MAX 24

struct args {
	const struct command *command;
	const struct slice *operands; /* borrowed from the line's words */
	const struct word *words;     /* the operands' words, for their places in the line; not with
	                             COMMAND_MIXED */
	size_t count;
	struct slice values[OPTIONS_MAX]; /* by the option's place in its row */
	bool given[OPTIONS_MAX];
	bool any_given;
	bool options_ended; /* by -- */
	struct slice line;  /* the whole line as typed */
	struct buf file;    /* what --file has read, and what else is made of the operands */
	struct slice key;   /* made of one, for a request to point to */
};

/* Whether option NAME was given; if so *VALUE (may be NULL) is its value. Most commands have none:
 * args_option_given looks where there is one. */
bool args_option_given(const struct args *args, const char *name, struct slice *value);
static inline bool args_option(const struct args *args, const char *name, struct slice *value)
{
	return args->any_given && args_option_given(args, name, value);
}

/* Adds the operands with blanks between. */
void args_join(const struct args *args, struct buf *out);

/* The line from operand I on, as it was typed. */
struct slice args_rest(const struct args *args, size_t i);

/* Sorts the COUNT words after the command's name into options and operands and holds them against
 * the row. OPERANDS has space for COUNT slices. A quoted word is never an option. On false ERROR
 * says what is wrong and shows the usage. */
bool args_parse(const struct command *command, const struct word *words, size_t count,
                struct slice *operands, struct args *out, struct error *error);

#endif
