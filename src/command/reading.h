/*
 * The items of servers, keys and values, read one server after the other: what .dump and .grep
 * share. A command has a struct reading as the first member of its own struct, which is the CTX
 * that the functions of a dump_plan receive.
 */
#ifndef COMMAND_READING_H
#define COMMAND_READING_H

#include "client/dump.h"
#include "shell/io/bulk_file.h"
#include "shell/io/progress.h"
#include "shell/lang/keyfilter.h"
#include "shell/session.h"

struct reading {
	struct session *s;
	struct slice own_prefix; /* of .set key_prefix: taken off the keys */
	struct keyfilter filter;
	size_t server; /* that is being read */
	struct bulk_out out;
	struct progress progress;
	uint64_t expected;        /* items, for the progress; 0: not known */
	struct dump_counts total; /* of the servers that are done */
	bool enough;              /* no further item is wanted */
};

/* Reads the items of r->server that pass the filter. PLAN has how (cas, in_place, terse), and where
 * they go (item, drain); the rest of it is set here. Adds to r->total. What goes wrong is reported,
 * with WHAT_NOW where Ctrl-Z had the list closed, and raises STATUS. True when the next server may
 * follow. */
bool reading_server(struct reading *r, struct dump_plan *plan, const char *what_now,
                    enum status *status);

#endif
