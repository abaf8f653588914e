/*
 * What .set shows, for .help too.
 */
#ifndef COMMAND_SETTINGS_H
#define COMMAND_SETTINGS_H

#include "shell/session.h"
#include "shell/settings.h"

/* Shows a setting, its value and what it takes; all of them when ONLY is NULL. */
enum status settings_show(struct session *s, const struct setting *only);

#endif
