/*
 * The card of each server: what it is and what it can do (client/survey.h), in the session's
 * format.
 */
#ifndef COMMAND_CAPABILITIES_H
#define COMMAND_CAPABILITIES_H

#include "shell/session.h"

/* Asks every server of the session, and shows the cards. STATUS_LOST when one is not there. */
enum status capabilities_show(struct session *s);

#endif
