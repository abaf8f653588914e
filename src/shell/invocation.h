/*
 * The command line: what is to be run, in which mode, with which settings.
 */
#ifndef SHELL_INVOCATION_H
#define SHELL_INVOCATION_H

#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>

struct session;

/* The most -c and -f on one command line. */
#define SOURCES_MAX 1000

struct source {
	const char *text;
	bool is_file;
};

struct invocation {
	struct source sources[SOURCES_MAX];
	size_t source_count;
	unsigned sandbox;         /* servers in it; 0: none */
	const char *servers_file; /* lists the servers; NULL: not given */
	bool format_given, timing_given, trace_given;
	const char *user, *password_file; /* NULL: not given */
	struct buf password;              /* MCSH_PASSWORD, which the environment has no more */
	uint64_t wait_ms;                 /* for servers that are starting; 0: not */
	bool expect;                      /* a program drives the session */
	bool verify, update;
	bool edit; /* with the line editor, where the terminal allows it */
	bool rc;   /* run the commands of mcshrc first */
};

/* Reads the options into IN, which is set to their defaults first, and into S; optind is then the
 * place of the first operand. --help and --version end the program. On false ERROR says what cannot
 * be. */
bool invocation_read(struct invocation *in, struct session *s, int argc, char **argv,
                     struct error *error);

#endif
