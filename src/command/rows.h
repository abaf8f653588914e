/*
 * The rows of all commands (command/list.h), each defined in the file of its command.
 */
#ifndef COMMAND_ROWS_H
#define COMMAND_ROWS_H

#include "shell/lang/command.h"

#define COMMAND(name) extern const struct command command_##name;
#include "command/list.h"

#endif
