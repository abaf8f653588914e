/*
 * Asks servers what they can do (client/capability.h), all at once, over connections of its own:
 * one for the questions of the session's dialect, one for those that are text where that is binary,
 * and one that speaks packets. Each answer is waited for as long as the timeout, or SURVEY_MS where
 * there is none, and a server that let one pass is asked nothing more: for COUNT servers that is as
 * long as for the slowest.
 */
#ifndef CLIENT_SURVEY_H
#define CLIENT_SURVEY_H

#include "client/capability.h"
#include "client/client.h"

/* Where the options have no timeout. */
#define SURVEY_MS 5000

/* A packet is answered at once, or, where a server speaks text alone, never. */
#define SURVEY_PACKET_MS 1000

/*
 * Fills CARDS, one for each server of CLIENT, whose connections are left alone. OPTIONS are copied;
 * their trace is called. False when options->wake_fd ended it: what is not known then stays so.
 */
bool survey_run(struct client *client, const struct client_options *options, struct card *cards);

#endif
