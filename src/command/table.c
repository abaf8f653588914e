#include "command/table.h"

#include "command/rows.h"

#include <stddef.h>

const struct command *const command_table[] = {
#define COMMAND(name) &command_##name,
#include "command/list.h"
    NULL,
};
