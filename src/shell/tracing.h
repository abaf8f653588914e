/*
 * Where the trace goes: among the results at a prompt, to standard error in a script, or to the
 * file that .set trace_file names. Never into results that are redirected.
 */
#ifndef SHELL_TRACING_H
#define SHELL_TRACING_H

#include "proto/reply.h"
#include "shell/settings.h"
#include "view/trace.h"

struct session;

/* The trace and where it goes. */
struct tracing {
	struct session *session; /* whose it is */
	struct trace trace;
	struct unsent *unsent; /* explained requests that no byte of was sent yet */
	size_t unsent_count, unsent_cap;
	/* The lines of one form that were explained last, and those left out after them. */
	const char *alike_server;
	enum reply_kind alike;
	size_t alike_count;
	struct buf text; /* rendered and not yet written */
	int fd;          /* of settings.trace_file; -1: not open */
	char open[SETTING_TEXT];
	bool holding; /* nothing is written meanwhile: a server must be read at once */
	bool cut;     /* not all of it was kept, while holding */
};

/* Around each exchange. */
void tracing_begin(struct tracing *t);
void tracing_end(struct tracing *t);
/* What has been traced so far is written: an error comes after what explains it. */
void tracing_write(struct tracing *t);
/* The same without waiting for who reads it, while a server must not be left unread. Returns the
 * descriptor that has to become writable before more is asked for, -1: none. */
int tracing_write_some(struct tracing *t);
void tracing_init(struct tracing *tracing, struct session *s);
void tracing_release(struct tracing *tracing);

#endif
