/*
 * One run of mcsh: who is talked to, how answers look, where output goes, what has happened so far.
 * It is passed to everything and is global to nothing.
 */
#ifndef SHELL_SESSION_H
#define SHELL_SESSION_H

#include "shell/answer.h"
#include "shell/flow/live.h"
#include "shell/io/input.h"
#include "shell/io/output.h"
#include "shell/io/screen.h"
#include "shell/lang/command.h"
#include "shell/lang/keys.h"
#include "shell/servers/cluster.h"
#include "shell/servers/looks.h"
#include "shell/servers/servers.h"
#include "shell/servers/silence.h"
#include "shell/settings.h"
#include "shell/tracing.h"
#include "shell/verdict.h"
#include "view/style.h"
#include "view/view.h"

struct frame;
struct window;
struct recording;
struct undo;

/* How deep commands may run commands (.repeat .repeat ...). */
#define DEPTH_MAX 4

/* How the session came to be, and whether it goes on. */
struct mode {
	bool interactive;   /* a person is at a prompt */
	bool starting;      /* the lines being run are mcshrc's: nobody typed them */
	bool driven;        /* a program is at the other end (shell/driver.h) */
	bool stop_on_error; /* -e */
	bool leaving;
};

/* The commands being run: one, more within .repeat; and what they leave for later ones. */
struct run {
	unsigned depth;
	struct frame *frames[DEPTH_MAX]; /* memory of each, kept for the next command */
	bool quiet;                      /* .repeat: answers are timed, not shown */
	struct location place; /* of the command that is being run, or whose answer is shown */
	struct answer answer;
	bool login_typed;            /* the line may be a user and a password: login_is_in */
	bool login_follows;          /* the next line may be */
	struct recording *recording; /* .record; NULL: none. Nothing is pipelined then */
	struct keys keys;            /* that commands named, for completion */
	struct looks looks;          /* the counters that were shown last */
	struct silence silence;      /* servers that did not answer the present command in time */
	struct undo *undo; /* what commands took away (shell/items/undo.h); NULL: nothing yet */
};

/* The requests under way, and what came of the last. */
struct flow {
	struct window *window; /* NULL: there never was one */
	struct live live;
	struct timing timing; /* of the last exchange */
	size_t exchanges;     /* answers received so far */
};

/* A line that a command reads for itself: neither remembered nor completed. */
struct prompt_reading {
	const char *prompt;
	/* Adds what is shown at the right of LINE while it is typed. */
	void (*hint)(void *ctx, struct slice line, struct buf *out);
	void *hint_ctx;
};

/* What the prompt does for a session; each gets CTX. */
struct prompt_hooks {
	void *ctx;
	/* Asks a question; whether the answer is WORD, which is named. */
	bool (*ask)(void *ctx, const char *question, const char *word);
	/* Reads a line into LINE, which is empty. */
	enum input_result (*read)(void *ctx, const struct prompt_reading *reading,
	                          struct buf *line);
	/* Receives every whole command that was typed. */
	void (*typed)(void *ctx, struct slice line);
	/* Whether more comes with what was read, as in a paste. */
	bool (*pasting)(void *ctx);
	/* Forgets what was typed ahead. */
	void (*drop_typed)(void *ctx);
};

struct session {
	const struct command *const *commands; /* ended by NULL */
	struct mode mode;
	struct servers servers;
	struct clusters clusters;
	struct settings settings;
	struct screen screen;
	struct input *input; /* where the current line came from; the stack's top */
	struct run run;
	struct flow flow;
	struct verdict verdict;
	struct style style; /* of the command being run */
	struct view view;
	struct output output;
	struct tracing tracing;
	const struct prompt_hooks *prompt; /* NULL: without a prompt */
};

/* Whether more comes with what was read at the prompt, as in a paste. */
static inline bool session_pastes(const struct session *s)
{
	return s->prompt && s->prompt->pasting(s->prompt->ctx);
}

/* Whether a person reads along, to whom more is said than was asked. */
static inline bool session_chats(const struct session *s)
{
	return s->mode.interactive && s->style.format != FORMAT_JSON;
}

/* A session with its settings at their defaults and no server. COMMANDS is borrowed. */
void session_init(struct session *s, const struct command *const *commands);
/* Flushes, closes, frees. Output that could not be written raises the exit status to 4. */
enum status session_end(struct session *s);

#endif
