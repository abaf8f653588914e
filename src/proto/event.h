/*
 * A line of a watching connection, as logger.c of memcached (1.6.18 to 1.6.45) writes it (the first
 * one here has been cut in two):
 *
 *	ts=1795705517.23728 gid=5 type=item_store key=foo status=stored cmd=set ttl=60 clsid=1
 *		cfd=24 size=3
 *	ts=1795705517.23729 gid=6 type=proxy_user msg=any words
 *	ts=1795705517.23730 gid=7 <24 get foo
 *	skipped=12
 *
 * Lines are not always in the order of gid.
 */
#ifndef PROTO_EVENT_H
#define PROTO_EVENT_H

#include "base/buf.h"

#include <stdint.h>

/* What an event may say; the value as it stands in the line, and empty where it does not. */
enum event_field {
	EVENT_GID,    /* numbers the events of a server */
	EVENT_TYPE,   /* item_get, item_store, eviction, deleted, conn_new, ...; rawcmd of a command
	               */
	EVENT_KEY,    /* encoded: attribute_decode (proto/attributes.h) */
	EVENT_STATUS, /* found, not_found, flushed, expired; stored, too_large, ... */
	EVENT_CMD,    /* set, add, ...; delete, md */
	EVENT_TTL,
	EVENT_CLSID,
	EVENT_CFD,
	EVENT_SIZE,
	EVENT_FETCH, /* of an eviction: whether it was ever read */
	EVENT_LA,    /* seconds since it was used */
	EVENT_RIP,
	EVENT_RPORT,
	EVENT_TRANSPORT,
	EVENT_REASON,
	EVENT_FIELDS,
};

struct event {
	bool skipped; /* not an event: NUMBER of them were left out by the server */
	uint64_t number;
	uint64_t sec; /* Unix time */
	uint32_t usec;
	struct slice fields[EVENT_FIELDS];
	struct slice text; /* of other types, what follows the type; of rawcmd the command */
};

/* The name of a field in the line: "gid". */
const char *event_field_name(enum event_field field);

/*
 * Reads LINE, without its line end; what OUT holds is borrowed from it. False when it is none of
 * these. What a server leaves at random in a line stays out: clsid and cfd of a store that was
 * refused for its size or for want of memory.
 */
bool event_parse(struct slice line, struct event *out);

#endif
