/*
 * Where lines come from: a string (-c), a descriptor (a script, standard input), or a prompt. One
 * type, so that every command takes the same way whatever its origin.
 */
#ifndef SHELL_IO_INPUT_H
#define SHELL_IO_INPUT_H

#include "base/buf.h"
#include "base/status.h"
#include "shell/lang/data_block.h"

/* The longest command line, all its continuation lines together. */
#define INPUT_LINE_MAX ((size_t)64 << 20)

enum input_result {
	INPUT_LINE,
	INPUT_END,
	INPUT_CANCELLED, /* Ctrl-C at the prompt: what was read of a command is to be forgotten */
	INPUT_TOO_LONG,  /* the line was skipped */
	INPUT_CUT,       /* by the terminal: it and what was typed after it were skipped */
	INPUT_FAILED,    /* it cannot be read; errno says why */
};

/* Reads a line at a prompt; CONTINUATION asks for more of an open command. */
typedef enum input_result input_prompt_fn(void *ctx, bool continuation, struct buf *line);

struct input {
	char *name;        /* for errors: "script.mcsh", "stdin"; NULL: places are not reported */
	size_t line;       /* number of the line read last; 1 is the first */
	size_t first_line; /* where the command being read began */
	char open_quote;   /* of the command being read, which goes on: a quote, '\\', or NUL */
	struct input *below;
	struct data_block data; /* comes next, after a line of the protocol that was refused */
	enum status worst;      /* of the commands read from it and from those above it */
	bool answered_at_end;   /* .source in json: its answer comes after those of the script */

	input_prompt_fn *prompt; /* at a prompt, else NULL */
	void *ctx;
	int fd;       /* else: the descriptor, or -1 for a string */
	bool end;     /* the descriptor has no more */
	int failed;   /* why, an errno that was found while reading ahead; 0: it is the end */
	bool begun;   /* past a byte order mark */
	bool cut;     /* the terminal has cut the line that was read ahead last */
	char end_key; /* at the beginning of a line it ends the input, as Ctrl-D; NUL: none does */
	struct slice text; /* of a string, what is left */
	struct buf buffer; /* read ahead from fd */
	size_t pos;
	size_t ready; /* bytes of the line there, with its end; 0: not looked for yet */
};

/* Where in a script a command stands. */
struct location {
	const char *name; /* of the input, borrowed from it; NULL: not in a script */
	size_t line;
};

/* Where the command that was read last from IN stands. IN may be NULL. */
static inline struct location input_place(const struct input *in)
{
	return in ? (struct location){in->name, in->first_line} : (struct location){0};
}

struct input *input_prompt(input_prompt_fn *prompt, void *ctx);
/* TEXT is borrowed; NAME (may be NULL) is copied, here and below. */
struct input *input_string(const char *name, struct slice text);
/* FD is closed with the input, unless it is standard input. */
struct input *input_descriptor(const char *name, int fd);
/* Frees one input; the ones below stay. */
void input_free(struct input *in);

/* How many are read, with IN and all below it. */
size_t input_depth(const struct input *in);

/* How deep scripts may source scripts. */
#define SOURCE_MAX 16

/* Puts IN, which is taken over, on top of what is read (.source). False when scripts are nested too
 * deep. */
bool input_push(struct input **top, struct input *in);

/* The next line, without its line end, appended to LINE. */
enum input_result input_read(struct input *in, bool continuation, struct buf *line);

/* True when IN or one below it reads standard input: nothing else can then. */
bool input_is_stdin(const struct input *in);

/* True when a whole line is there to be read without waiting. */
bool input_ready(struct input *in);

/* Forgets what the descriptor of IN, a terminal, has given and will give at once. */
void input_drop(struct input *in);

/* True when a byte is there to be read, or comes within MS milliseconds. Not for a prompt. */
bool input_waits(const struct input *in, int ms);

#endif
