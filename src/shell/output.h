/*
 * Where results go: gathered in one buffer, written in large pieces, to standard output, through
 * the pager, into a file or into another program. Errors go to standard error, after the results
 * that came before them.
 */
#ifndef SHELL_OUTPUT_H
#define SHELL_OUTPUT_H

#include "base/buf.h"
#include "base/status.h"
#include "shell/tokenize.h"

/* Results are written once this many bytes have gathered. */
#define OUTPUT_BLOCK ((size_t)64 * 1024)

/* What tells results from everything else, for a program that reads both (shell/driver.h). */
#define OUTPUT_MARK "| "

struct output {
	struct buf results;
	int fd;         /* where they go now: standard output, or a sink */
	int failed;     /* errno of the first write that failed; 0: none */
	bool marked;    /* each line that goes to standard output begins with OUTPUT_MARK */
	enum sink sink; /* of the command being run */
	long child;     /* the sink's program; 0: none */
	bool mid_line;  /* what was written to standard output last did not end its line */
	bool adrift;    /* another program wrote there: where the cursor stands is not known */
};

void output_init(struct output *o);
void output_release(struct output *o);

/* Writes what has gathered, marked where that is asked for. False when it cannot be written (see
 * `failed`). */
bool output_flush(struct output *o);

/* The same, and ends the line that is open. */
bool output_end_line(struct output *o);

/* Writes when a block has gathered. */
static inline void output_tick(struct output *o)
{
	if (o->results.len >= OUTPUT_BLOCK)
		output_flush(o);
}

/* Directs results into SINK until output_restore. On false ERROR says why it cannot be had. */
bool output_redirect(struct output *o, enum sink sink, struct slice target, struct error *error);
/* Ends the sink: waits for its program, closes its file. What could not be written is an error.
 * *CODE is the program's exit status; 0 without one. */
bool output_restore(struct output *o, int *code, struct error *error);

/* For a prompt: flushes, and sees to it that the cursor stands at the beginning of a line, of a
 * terminal that is COLUMNS wide (0: not one that can be told). */
void output_settle(struct output *o, unsigned columns);

/* Shows what has gathered through $PAGER, when it has more than ROWS lines. */
void output_page(struct output *o, unsigned rows);

/* Writes TEXT to standard error, results first; whole lines of them where they are marked. */
void output_complain(struct output *o, struct slice text);

#endif
