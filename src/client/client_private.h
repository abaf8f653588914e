/*
 * What the files of a client share: client/client.c has its servers and which of them a request
 * goes to, client/client_wait.c the loop that waits for all of them.
 */
#ifndef CLIENT_CLIENT_PRIVATE_H
#define CLIENT_CLIENT_PRIVATE_H

#include "client/client.h"
#include "client/wait.h"

/* Whether a server speaks a dialect, as far as it was asked. */
struct spoken {
	enum {
		DIALECT_UNKNOWN,
		DIALECT_SPOKEN, /* over connection number `asked` */
		DIALECT_FOREIGN,
	} state;
	uint64_t asked;
};

struct server {
	struct address address;
	struct conn *conn;
	int64_t dead_until; /* 0: not marked */
	bool unreached;     /* the last attempt to connect has failed */
	bool left;          /* client_take_left */
	struct spoken dialects[DIALECT_COUNT];
	struct buf version;     /* what it answered to `version`; empty: nothing, or not yet */
	uint64_t version_asked; /* over this connection */
};

struct client {
	const struct client_options *options;
	struct server *servers;
	size_t count;
	struct distribution *distribution; /* NULL with one server */
	const struct distribution_setup *setup;
	struct conn_owner owner;
	int64_t away;         /* nanoseconds spent on other things than the servers */
	int64_t mark;         /* when all that had passed had been counted, there or as theirs */
	int64_t away_at_mark; /* and what there was of it then */
	bool stepping;        /* a step is under way */
	bool given_up;        /* the last run was interrupted, or nobody reads the answer */
	bool unread;          /* the latter */
	bool give_up;         /* client_give_up was called */
	struct error why;     /* and for this reason; empty: the answer is not read */
	bool doubted;         /* a server's conn_take_doubt has something to say */
	bool login_typed;     /* client_login_typed */
	size_t unreached;     /* servers that the last attempt to connect did not reach */
	bool reopened;        /* client_take_reopened */
	size_t rescued;       /* requests that went elsewhere because their server is down */
	struct wait_set wait; /* for each server, and these descriptors: */
};

enum {
	OTHER_WAKE,
	OTHER_READER,
	OTHERS,
};

/* What has passed since the mark was ours. Returns what time it is. */
int64_t client_count_away(struct client *client);

#endif
