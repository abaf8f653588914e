/*
 * The rows, each defined in the file of its command. Only table.c needs them all.
 */
#ifndef COMMAND_ROWS_H
#define COMMAND_ROWS_H

#include "shell/lang/command.h"

extern const struct command command_set, command_add, command_replace, command_append,
    command_prepend, command_cas, command_set_multi;
extern const struct command command_get, command_gets, command_gat, command_gats, command_get_multi;
extern const struct command command_touch, command_delete, command_incr, command_decr,
    command_delete_multi;
extern const struct command command_stats, command_version, command_verbosity, command_flush_all,
    command_quit;
extern const struct command command_dot_format, command_dot_timing, command_dot_trace,
    command_dot_profile, command_dot_set;
extern const struct command command_dot_servers, command_dot_on, command_dot_where,
    command_dot_auth, command_dot_connect, command_dot_sandbox, command_dot_disconnect;
extern const struct command command_dot_raw, command_dot_repeat, command_dot_bench,
    command_dot_source, command_dot_echo, command_dot_expect, command_dot_record;
extern const struct command command_dot_dump, command_dot_load;
extern const struct command command_dot_help, command_dot_quit;

#endif
