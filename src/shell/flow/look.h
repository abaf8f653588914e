/*
 * An item, looked at in place: neither moved up in its LRU nor marked as read (proto/item_state.h).
 * It takes the meta commands; what has none of them says so, and nothing is asked in another way.
 */
#ifndef SHELL_FLOW_LOOK_H
#define SHELL_FLOW_LOOK_H

#include "proto/item_state.h"
#include "shell/lang/args.h"
#include "shell/session.h"

struct look {
	struct item_state item;
	struct buf value; /* with item.has_value, as it is stored */
	int64_t now;      /* the Unix time at which it was looked at */
	enum status
	    status; /* STATUS_OK: item says whether it is there; else `error` says what failed */
	struct error error;
};

/* Whether SERVER can be asked, who is asked for its version once a connection. On false ERROR says
 * why not. */
bool look_can(struct session *s, size_t server, struct error *error);

/* By `me`, what the servers from FIRST to below END know of KEY, all at once: counters of gets stay
 * as they are. LOOKS are zeroed by the caller, one for each, who releases them. False when Ctrl-C
 * ended it. */
bool look_at(struct session *s, struct slice key, size_t first, size_t end, struct look *looks);

/* By `mg`, the value, flags, ttl and cas number of the item that LOOK has found at SERVER: one get
 * more in its counters. The item is not there any more where it was deleted meanwhile. */
bool look_into(struct session *s, struct slice key, size_t server, struct look *look);

/* Reports what looking into a stale item took: the token of it. */
void look_report_token(struct session *s, const struct look *look);

void look_release(struct look *look);

/* The server that a command's KEY (with its prefix) belongs to: by --server, --hash, .on or its
 * hash. False: ERROR says what is wrong. */
bool look_server(struct session *s, const struct args *args, struct slice key, size_t *server,
                 struct error *error);

#endif
