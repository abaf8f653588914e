/*
 * What the files of .raw alone share: its state, how it writes (raw_prompt_show.c), and how it
 * waits (raw_prompt_wait.c).
 */
#ifndef COMMAND_RAW_PROMPT_PRIVATE_H
#define COMMAND_RAW_PROMPT_PRIVATE_H

#include "command/raw_prompt.h"

#include "client/conn.h"
#include "client/wait.h"
#include "shell/telnet.h"
#include "view/style.h"

/* How the lines of an answer, and what is said of them, are indented. */
#define INDENT      2
#define INDENT_MORE 4

struct raw_prompt {
	struct session *session;
	struct telnet telnet;
	struct raw_prompt_options options;
	struct client_options client; /* of the connection: it waits for ever by itself */
	struct conn *conn;
	struct wait_set wait;
	uint64_t labelled;   /* the turn in which an answer to an earlier line was labelled last */
	bool unasked;        /* the line shown last answers nothing */
	bool looking;        /* what comes answers nothing that was sent last */
	bool login;          /* what is typed next may be the user and the password of a login */
	bool leaving;        /* the connection is being closed from here */
	bool closed;         /* it was lost, which is not reported yet */
	struct error lost;   /* why; empty: the server has closed it */
	int64_t start;       /* when the last line was sent, clock_now() */
	int64_t active;      /* when something was sent or came last */
	struct timing times; /* points in time of the exchange, from start on; 0: not yet */
	bool over;           /* an answer has ended in it */
};

struct buf *raw_prompt_results(const struct raw_prompt *p);

/* TEXT on lines of their own, indented. */
void raw_prompt_add_wrapped(struct raw_prompt *p, enum paint paint, size_t indent,
                            struct slice text);

/* What mcsh has to say, in brackets: nothing else begins with one after two blanks by itself. */
void raw_prompt_note(struct raw_prompt *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A line or a block of an answer, the line that it answers where that is not clear, and what to do
 * where it refuses. */
void raw_prompt_show(struct raw_prompt *p, const struct reply *reply);

/* A reply_fn for what is sent: shows each line as it comes, and remembers when it came and how the
 * connection ended. */
void raw_prompt_on_reply(void *ctx, const struct reply *reply);

/* Before a line is sent: what came since the last one is shown, and an end of the connection
 * reported. Does not wait. */
void raw_prompt_look(struct raw_prompt *p);

/* Sends what is queued, and shows what is answered as it comes, then its times. Returns when the
 * answer or the connection has ended, after the session's timeout where it has to come, after 100
 * ms where it need not, or at Ctrl-C. */
void raw_prompt_await(struct raw_prompt *p);

/* Closes the connection, with a note that says WHY; the next line connects again. */
void raw_prompt_hang_up(struct raw_prompt *p, const char *why);

#endif
