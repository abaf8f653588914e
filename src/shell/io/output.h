/*
 * Where results go: gathered in one buffer, written in large pieces, to standard output, through
 * the pager, into a file or into another program. Errors go to standard error, after the results
 * that came before them.
 */
#ifndef SHELL_IO_OUTPUT_H
#define SHELL_IO_OUTPUT_H

#include "base/buf.h"
#include "base/status.h"
#include "shell/lang/tokenize.h"

#include <sys/types.h>

/* Results are written once this many bytes have gathered. */
#define OUTPUT_BLOCK ((size_t)64 * 1024)

/* What distinguishes results from everything else, for a program that reads both (shell/driver.h).
 */
#define OUTPUT_MARK "| "

/* What is kept of what a command showed. */
#define OUTPUT_SHOWN_MAX ((size_t)1 << 20)

/* Who can have a copy of all that is shown. */
enum copy {
	COPY_RECORDING, /* .record */
	COPY_REPLAY,    /* mcsh --verify */
	COPIES,
};

/* What becomes of bytes beyond ASCII that are shown: a terminal may not know them. */
enum output_ascii {
	OUTPUT_AS_IT_IS,
	OUTPUT_ASCII,
	OUTPUT_ASCII_JSON, /* in JSON's way */
};

struct output {
	enum output_ascii ascii;
	struct buf results;
	uint64_t csv_last; /* which table's header was written last where they go */
	/* Receives how many nanoseconds each write has taken. May be NULL. */
	void (*spent)(void *ctx, int64_t ns);
	void *spent_ctx;
	bool written;   /* they are, and are about to be forgotten */
	int fd;         /* where they go now: standard output, or a sink */
	int failed;     /* errno of the first write that failed; 0: none */
	bool marked;    /* each line that goes to standard output begins with OUTPUT_MARK */
	enum sink sink; /* of the command being run */
	pid_t child;    /* the sink's program; 0: none */
	bool fed;       /* and something was written to it */
	bool mid_line;  /* what was written to standard output last did not end its line */
	bool adrift;    /* another program wrote there: where the cursor stands is not known */

	size_t mark;                /* from here on the results are in none of the two below */
	struct buf shown;           /* what the marked command showed, errors too */
	struct buf *copies[COPIES]; /* what all commands show, errors too; NULL: not asked for */
	bool uncaptured;            /* what is shown now is not the marked command's */
	bool own;                   /* it is the shell's own, and no command's */
	bool mute;  /* nothing is written but to sinks: the copy is all that is wanted */
	int caught; /* with a copy: the file that a sink's program prints to; else -1 */
};

void output_init(struct output *o);
void output_release(struct output *o);

/* Writes what has gathered, marked where that is asked for. False when it cannot be written (see
 * `failed`). */
bool output_flush(struct output *o);

/* Writes what has gathered without allocating, for when memory has run out: all that is whole, to
 * the end of a line or of the last command. */
void output_last(struct output *o);

/* Writes all of TEXT to FD, timed as results are. Returns 0, or errno. */
int output_write(struct output *o, int fd, struct slice text);

/* Flushes, and ends the line that is open. */
bool output_end_line(struct output *o);

/* Writes when a block has gathered. */
static inline void output_tick(struct output *o)
{
	if (o->results.len >= OUTPUT_BLOCK)
		output_flush(o);
}

/* Writes what has gathered to FD as the terminal shows it; it is kept. */
void output_show(struct output *o, int fd);
/* Clears what has gathered, as if it had been written. */
void output_forget(struct output *o);

/* For a prompt: flushes, and sees to it that the cursor stands at the beginning of a line, of a
 * terminal that is COLUMNS wide (0: unknown, and no matter unless it is adrift). */
void output_settle(struct output *o, unsigned columns);

/* Whether what has gathered fills a terminal of ROWS rows of COLUMNS columns. */
bool output_is_long(const struct output *o, unsigned rows, unsigned columns);

/* Writes TEXT to standard error, results first; whole lines of them where they are marked. */
void output_complain(struct output *o, struct slice text);

/* Copies all that commands show to COPY (NULL: no longer). What a sink's program prints is shown
 * when it is over, meanwhile. */
void output_copy(struct output *o, enum copy which, struct buf *copy);

static inline bool output_copied(const struct output *o)
{
	return o->copies[COPY_RECORDING] || o->copies[COPY_REPLAY];
}

/*
 * What a command shows can be asked for when it is over: output_mark where it begins to show,
 * output_shown after it. The answer is borrowed until the next of these; it is cut, and *WHOLE
 * false, after OUTPUT_SHOWN_MAX bytes. What is shown after output_shown belongs to no command
 * until the next mark. Marking costs next to nothing: bytes are copied only when they are written
 * before the next mark.
 */
static inline void output_mark(struct output *o)
{
	if (output_copied(o))
		output_flush(o);
	o->mark = o->results.len;
	o->uncaptured = o->own = false;
	if (o->shown.len > 0)
		buf_clear(&o->shown);
}

struct slice output_shown(struct output *o, bool *whole);

/* What is shown from here on is a command's that is about the marked one. */
void output_unmark(struct output *o);

/* What is shown from here on, until the next mark, is the shell's own: a prompt, a question. */
void output_aside(struct output *o);

/* Adds TEXT, which goes to standard error, to what the marked command showed, and to the copy. */
void output_capture(struct output *o, struct slice text);

#endif
