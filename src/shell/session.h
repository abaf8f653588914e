/*
 * One run of mcsh: who is talked to, how answers look, where output goes, what has happened so far.
 * It is passed to everything and is global to nothing.
 */
#ifndef SHELL_SESSION_H
#define SHELL_SESSION_H

#include "base/buf.h"
#include "base/status.h"
#include "shell/input.h"
#include "shell/lang/command.h"
#include "shell/lang/keys.h"
#include "shell/lang/tokenize.h"
#include "shell/output.h"
#include "shell/screen.h"
#include "shell/servers.h"
#include "shell/verdict.h"
#include "view/style.h"
#include "view/trace.h"
#include "view/view.h"

/* A text setting's room. */
#define SETTING_TEXT 256

/* How deep commands may run commands (.repeat .repeat ...). */
#define DEPTH_MAX 4

struct frame;
struct window;
struct recording;

/* In what form commands go out, where they have two. */
enum protocol_mode {
	PROTOCOL_AUTO, /* classic, and meta in a script that reads ahead where the server speaks it
	                */
	PROTOCOL_CLASSIC,
	PROTOCOL_META,
};

/* Where in a script a command stands. */
struct location {
	const char *name; /* of the input, borrowed from it; NULL: not in a script */
	size_t line;
};

/* What .set shows and changes; shell/settings.c has a row for each. */
struct settings {
	enum format format;
	enum timing_mode timing;
	enum trace_mode trace;
	enum protocol_mode protocol;
	enum color_mode color;
	bool json;
	bool confirm;
	bool pager;
	bool csv_guard;
	size_t max_shown;
	size_t max_record;
	size_t max_answer;
	char trace_file[SETTING_TEXT];
	unsigned profile;        /* place in profiles (codec/codec.h) */
	size_t min_compress_len; /* bytes; 0: nothing is compressed */
	unsigned compress_level; /* 0: zlib's own choice; else one more than the level */
	unsigned distribution;   /* place in distribution_setups */
	char key_prefix[SETTING_TEXT];
};

/* The trace and where it goes. */
struct tracing {
	struct trace trace;
	struct buf text; /* rendered and not yet written */
	int fd;          /* of settings.trace_file; -1: not open */
	char open[SETTING_TEXT];
	bool holding; /* nothing is written meanwhile: a server must be read at once */
	bool cut;     /* not all of it was kept, while holding */
};

/* What is written while a command is awaited (shell/flow/live.h). */
struct live {
	bool asking;            /* the command changes nothing */
	bool streaming;         /* it goes on until it is stopped */
	int64_t gathered_since; /* since when results wait to be written; 0: they do not */
	int64_t reader_from;    /* from when on the end of who reads them ends the command */
};

/* The object that ends the answer to a line in the json format (shell/answer.h). */
struct answer {
	bool due;    /* the line being run ends with an object that has a status */
	bool given;  /* it has it */
	bool failed; /* `error` was reported for it */
	struct error error;
};

struct session {
	const struct command *const *commands; /* ended by NULL */
	struct servers servers;
	struct settings settings;
	struct screen screen;
	struct verdict verdict;
	struct tracing tracing;

	bool interactive;   /* a person is at a prompt */
	bool starting;      /* the lines being run are mcshrc's: nobody typed them */
	bool driven;        /* a program is at the other end (shell/driver.h) */
	bool stop_on_error; /* -e */
	bool leaving;
	char open_quote; /* of the command that is read and goes on: a quote, '\\', or NUL */
	bool quiet;      /* .repeat: answers are timed, not shown */
	struct live live;
	unsigned depth;                  /* commands being run: one, more within .repeat */
	struct frame *frames[DEPTH_MAX]; /* memory of each, kept for the next command */

	struct input *input; /* where the current line came from; the stack's top */
	struct output output;
	struct style style; /* of the command being run */
	uint64_t csv_last;  /* which header was written last where results go */
	struct view view;
	struct keys keys; /* seen in this session, for completion */

	struct window *window;       /* the requests under way; NULL: there never was one */
	struct recording *recording; /* .record; NULL: none. Nothing is pipelined then */
	struct location place; /* of the command that is being run, or whose answer is shown */
	struct timing timing;  /* of the last exchange */
	size_t exchanges;      /* answers heard so far */
	struct answer answer;

	/* Asks a yes-or-no question at the prompt; set where there is one. */
	bool (*ask)(void *ctx, const char *question);
	/* Hears every whole command that was typed at the prompt; set where there is one. */
	void (*typed)(void *ctx, struct slice line);
	/* Whether more comes with what was read at the prompt, as in a paste; set where there is
	 * one. */
	bool (*pasting)(void *ctx);
	/* Forgets what was typed ahead at the prompt; set where there is one. */
	void (*drop_typed)(void *ctx);
	/* Gives the terminal back after a line was typed; set where there is a prompt. */
	void (*catch_up)(void *ctx);
	void *prompt_ctx;
};

/* When a line was typed at the prompt, the terminal is still as the line editor wants it while a
 * request is sent and answered. Whatever does more than that calls this first. */
static inline void session_catch_up(struct session *s)
{
	if (s->catch_up)
		s->catch_up(s->prompt_ctx);
}

/* Whether a person reads along, to whom more is said than was asked. */
static inline bool session_chats(const struct session *s)
{
	return s->interactive && s->style.format != FORMAT_JSON;
}

/* A session with its settings at their defaults and no server. COMMANDS is borrowed. */
void session_init(struct session *s, const struct command *const *commands);
/* Flushes, closes, frees. Output that could not be written raises the exit status to 4. */
enum status session_end(struct session *s);

/*
 * Before connections are given up: waits, a second at most, until the servers have carried out what
 * was sent with --noreply; else the next connection could be ahead of it. Looks, too, whether they
 * sent as many answers as a pipelined script asked for. Tells when that is not sure, and returns
 * STATUS_LOST then.
 */
enum status session_settle(struct session *s);


#endif
