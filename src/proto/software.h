/*
 * What answers: the software and its version, by the words of its VERSION line. memcached's own is
 * a number ("1.6.18"); others who speak its protocol name themselves there, as their sources have
 * it. A proxy may pass on the version of a server.
 */
#ifndef PROTO_SOFTWARE_H
#define PROTO_SOFTWARE_H

#include "base/buf.h"
#include "proto/request.h"

struct software {
	const char *name; /* "memcached", "mcrouter" */
	/* It hands the requests on to servers of its own. */
	bool proxies;
	/* What it lacks of memcached, and what to do: a sentence that follows its name. NULL: of
	 * memcached itself, and of software that is not known. */
	const char *lacks;
	/* The same with its name, for an error. */
	const char *advice;
};

/* For memcached; for one that closes the connection, without a word, at a command that it does not
 * know, and so is a proxy that hands VERSION on; and for one that is none of those known. */
extern const struct software software_memcached, software_closing, software_unknown;

/* By VERSION, the words after VERSION. */
const struct software *software_of(struct slice version);

/* Appends what answers, for eyes: "memcached 1.6.18", "Dragonfly (1.6.0 DF)". SHOWN is its version
 * with what cannot be seen escaped (base/quote.h), empty: not known. */
void software_add(struct buf *out, const struct software *software, struct slice shown);

/* Whether proxies of every kind hand REQUEST's verb on: those for one key or several. At any other
 * twemproxy and its like close the connection without a word. */
bool software_proxies_take(const struct request *request);

/* Whether VERSION is memcached's, and MAJOR.MINOR.PATCH or a later one. */
bool software_is_since(struct slice version, unsigned major, unsigned minor, unsigned patch);

#endif
