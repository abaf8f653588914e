/*
 * Every command of mcsh.
 */
#ifndef COMMAND_TABLE_H
#define COMMAND_TABLE_H

#include "shell/lang/command.h"

/* Ended by NULL, in the order in which .help lists them. */
extern const struct command *const command_table[];

#endif
