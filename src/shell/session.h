/*
 * One run of mcsh: who is talked to, how answers look, where output goes, what has happened so far.
 * It is passed to everything and is global to nothing.
 */
#ifndef SHELL_SESSION_H
#define SHELL_SESSION_H

#include "base/buf.h"
#include "base/status.h"
#include "client/client.h"
#include "shell/input.h"
#include "shell/lang/command.h"
#include "shell/lang/keys.h"
#include "shell/lang/tokenize.h"
#include "shell/output.h"
#include "shell/sandbox.h"
#include "view/style.h"
#include "view/trace.h"
#include "view/view.h"

enum color_mode {
	COLOR_AUTO,
	COLOR_ON,
	COLOR_OFF
};

/* A text setting's room. */
#define SETTING_TEXT 256

/* How deep commands may run commands (.repeat .repeat ...). */
#define DEPTH_MAX 4

/* How deep scripts may source scripts. */
#define SOURCE_MAX 16

struct frame;
struct pipeline;
struct recording;

/* Where a request goes. */
struct target {
	enum {
		TARGET_KEYS,   /* each key to its server */
		TARGET_SERVER, /* the one at `server` */
		TARGET_HASH,   /* the one of `hash` */
		TARGET_ALL,    /* every one, each answer labelled */
	} kind;
	size_t server;
	uint32_t hash;
};

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

struct session {
	const struct command *const *commands; /* ended by NULL */
	struct client_options options;
	struct client *client;
	unsigned placed_by;   /* the settings.distribution that the client places keys by */
	struct target target; /* of .on; else TARGET_KEYS */
	struct settings settings;
	struct buf login;        /* what options.login points to */
	struct sandbox *sandbox; /* NULL: none */
	bool in_sandbox;         /* its servers are the ones that are talked to */

	bool interactive;   /* a person is at a prompt */
	bool starting;      /* the lines being run are mcshrc's: nobody typed them */
	bool driven;        /* a program is at the other end (shell/driver.h) */
	bool terminal;      /* standard output is a terminal */
	bool utf8;          /* the terminal shows UTF-8 */
	bool stop_on_error; /* -e */
	bool leaving;
	unsigned columns; /* to lay out for; 0: the terminal's */
	bool echoed; /* the terminal shows the ^C that gave a command up, and the cursor is behind
	                it */
	char open_quote; /* of the command that is read and goes on: a quote, '\\', or NUL */
	bool quiet;      /* .repeat: answers are timed, not shown */
	size_t gathered; /* bytes of the answers that are kept until all servers have answered */
	bool asking;     /* the command that is waited for changes nothing (shell/flow/live.h) */
	bool trace_cut;  /* not all of the trace was kept, while holding */
	bool holding;    /* nothing is written meanwhile: a server must be read at once */
	bool streaming;  /* it goes on until it is stopped */
	int64_t gathered_since; /* since when results wait to be written; 0: they do not */
	int64_t reader_from;    /* from when on the end of who reads them ends the command */
	unsigned depth;         /* commands being run: one, more within .repeat */
	struct frame *frames[DEPTH_MAX]; /* memory of each, kept for the next command */

	struct input *input; /* where the current line came from; the stack's top */
	struct output output;
	struct style style; /* of the command being run */
	uint64_t csv_last;  /* which header was written last where results go */
	struct view view;
	struct trace trace;
	struct buf trace_text; /* rendered and not yet written */
	int trace_fd;          /* of settings.trace_file; -1: not open */
	char trace_open[SETTING_TEXT];
	struct keys keys; /* seen in this session, for completion */

	enum status worst;   /* of all commands so far: the exit status */
	enum status last;    /* of the last one that is no assertion */
	enum status excused; /* of all but that one: what `worst` is if its status was expected */
	enum status reply;   /* worst, of the commands since a driver was answered last */
	enum status reply_excused; /* and excused, of these */
	bool ran;                  /* a command that is no assertion */
	size_t asserted;           /* assertions made */
	size_t refuted;            /* of these, the ones that did not hold */
	struct error failure;      /* told last */
	struct {                   /* in json: shell/answer.h */
		bool due;          /* the line being run ends with an object that has a status */
		bool given;        /* it has it */
		bool failed;       /* `error` was told of it */
		struct error error;
	} answer;
	struct pipeline *pipeline;   /* commands that went ahead; NULL: none ever did */
	struct recording *recording; /* .record; NULL: none. Nothing goes ahead then */
	/* Where a command that went ahead stands, while its answer is shown. */
	const struct location *answering;
	struct timing timing; /* of the last exchange */
	size_t exchanges;     /* answers heard so far */

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
 * Talks to the servers of SPECS (COUNT of them, see client/address.h) from now on. On false ERROR
 * says which one cannot be read, and nothing has changed.
 */
bool session_connect(struct session *s, const struct slice *specs, size_t count,
                     struct error *error);

/* The server that TEXT names: its number as .servers counts, from 1, or its address. */
bool session_server(const struct session *s, struct slice text, size_t *server,
                    struct error *error);

/*
 * Before connections are given up: waits, a second at most, until the servers have carried out what
 * was sent with --noreply; else the next connection could be ahead of it. Looks, too, whether they
 * sent as many answers as a pipelined script asked for. Tells when that is not sure, and returns
 * STATUS_LOST then.
 */
enum status session_settle(struct session *s);

/* Logs in as USER on every new connection from now on; an empty USER ends that. Connections are
 * closed. */
void session_login(struct session *s, struct slice user, struct slice password);

/* The servers that a session talks to, taken out of it while others are tried. */
struct session_servers {
	struct client *client;
	unsigned placed_by;
	bool in_sandbox;
};

/* Takes the servers out, connections and all; session_connect comes next. Then exactly one of the
 * others: they come back, or they are given up. */
struct session_servers session_take_servers(struct session *s);
void session_restore_servers(struct session *s, struct session_servers *before);
void session_drop_servers(struct session_servers *before);

/* Starts N private servers and talks to them; those of a sandbox before are ended. With N of 0 it
 * is the sandbox that the session has, or a new one of one server. On false nothing has changed. */
bool session_sandbox(struct session *s, unsigned n, struct error *error);

/* What a prompt says: "127.0.0.1:11211> ", "3 servers> ", "sandbox> ", and that it is not connected
 * where it is not, for whatever reason: idle connections are looked at. */
void session_prompt(struct session *s, struct buf *out);

/* Connects to every server and says at the prompt who is there. */
void session_greet(struct session *s);

/* Where Ctrl-C has just given a command up, the next output begins on a line of its own. */
void session_new_line(struct session *s);

/* Where the command that was read last stands. */
struct location session_location(const struct session *s);

/* True when a word of LINE names a command whose words are secret (`.repeat 2 .auth ...`), whether
 * the line is well formed or not: it is not for the history file, nor for a transcript. */
bool session_is_secret(const struct session *s, struct slice line);

/* Tells ERROR on standard error, behind the answers of what came before, with the place in the
 * script where there is one, and returns STATUS, so that a command can end with it. */
enum status session_fail(struct session *s, enum status status, const struct error *error);
enum status session_failf(struct session *s, enum status status, const char *hint,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Counts the STATUS of a command that is over among those of the session and of a driver's reply.
 * An assertion can excuse the status of the last command that was none. */
void session_count(struct session *s, enum status status, bool asserts);

/* Runs one command; LINE may span lines. What it prints is in the output, not yet written. */
enum status session_execute(struct session *s, struct slice line);

/* Reads INPUT (and what it sources) to its end, running each command. Takes INPUT over. */
void session_loop(struct session *s, struct input *input);

/* Reads INPUT next, before what is left of the current one (.source). Takes it over. False when
 * scripts are nested too deep. */
bool session_push(struct session *s, struct input *input);

/* The session's style for the next command, from settings and terminal. */
struct style session_style(const struct session *s);
/* And how its output is written: a terminal that does not show UTF-8 gets none, but for the formats
 * that are bytes. */
enum output_ascii session_ascii(const struct session *s);

#endif
