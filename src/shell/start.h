/*
 * What is done between the command line and the first command: options that would have no effect
 * are refused, what is not safe is said, and servers that are still starting are waited for.
 */
#ifndef SHELL_START_H
#define SHELL_START_H

#include "shell/session.h"

/* The TLS settings of the command line. STATUS_USAGE, and an error, where one is given and no
 * server is talked to by TLS: what was meant to be encrypted would not be. */
enum status start_check_tls(struct session *s);

/* Warns that certificates are not checked, where they are not. */
void start_warn_insecure(struct session *s);

/* Waits until every server has answered a question, after the login where there is one; at most
 * MS milliseconds. STATUS_LOST, and an error for each server that is not there, when they have
 * passed; sooner when a server wants a login or refuses it. 0: does not wait. */
enum status start_wait(struct session *s, uint64_t ms);

#endif
