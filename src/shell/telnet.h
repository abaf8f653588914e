/*
 * What goes on over a connection on which a person types the protocol by hand (.raw alone). It
 * follows the bytes as the server reads them: which of them are a command line and which are data,
 * and to which command each line that comes back belongs. It is pure: no input, output or clock.
 *
 *	telnet_sent    after bytes were sent
 *	telnet_reply   with each line and each data block that came
 *	telnet_wanted  what the server reads next
 *	telnet_await   what it is to answer
 *
 * memcached reads a data block of the announced length and the CR LF after it, whatever they are;
 * it refuses the block where the last two bytes are not CR LF, and what follows is a command again.
 * A storage line that is wrong in itself is refused at once: since 1.6.40 its data is read and
 * dropped where the length can be read, before that it is run as commands.
 */
#ifndef SHELL_TELNET_H
#define SHELL_TELNET_H

#include "base/buf.h"
#include "proto/reply.h"
#include "proto/request.h"

/* What is kept of a command line, in bytes. */
#define TELNET_TEXT_MAX 60

/* What a command is answered by. */
enum telnet_answer {
	TELNET_ONE,  /* one line, or VA with its block */
	TELNET_END,  /* lines up to END, or one that says something else */
	TELNET_LIST, /* of keys, to its end; a server may stand still with one that is not read */
	TELNET_FOREVER, /* after OK lines without end, else one line */
	TELNET_CLOSE,   /* the end of the connection, or one line */
	TELNET_SILENT,  /* nothing, but for an error: noreply */
	TELNET_QUIET,   /* a meta command with q: one line, or nothing */
	TELNET_UNKNOWN, /* not a word of memcached: one line of any kind, more by others */
};

/* A command as the server has read it. */
struct telnet_command {
	enum telnet_answer answer;
	enum verb verb; /* VERB_RAW where it is not one of mcsh's */
	bool stores;    /* its line announced data */
	bool whole;     /* what was sent in one go began with it, or with its data */
	uint64_t turn;  /* of the telnet_sent that completed it, or its line where data lacks */
	size_t replies; /* lines that came for it */
	size_t len;     /* of its line, without the line end; text has the beginning */
	char text[TELNET_TEXT_MAX];
};

struct telnet {
	bool drops;      /* the server drops the data of lines that it refuses (1.6.40 and newer) */
	struct buf line; /* what was sent of a line that has no end yet */
	bool mid;        /* it did not begin with what was sent last */
	uint64_t turn;   /* counts telnet_sent */
	uint64_t announced; /* the length of the data block that was begun last */
	uint64_t left;      /* bytes that it lacks, its line end included; 0: a line is read */
	bool dropped;       /* it belongs to a command that was refused */
	char tail[2];       /* its last two bytes so far */
	struct telnet_command *open; /* in the order in which they are to be answered */
	size_t count, cap;
	bool block; /* the reply before this announced a data block */
};

/* What the server makes of data that is not of the announced length. */
struct telnet_data {
	bool ended;    /* a data block has ended within the bytes */
	bool refused;  /* without its CR LF */
	uint64_t over; /* bytes that were too many, line ends apart */
	size_t rest;   /* bytes after the block, which are read as commands */
};

struct telnet_match {
	bool asked; /* else nothing that was sent is to be answered */
	bool over;  /* its answer ends here */
	bool cut;   /* it was refused at its line: data is no longer wanted */
	struct telnet_command command;
};

enum telnet_wait {
	TELNET_IDLE,    /* nothing is to be answered */
	TELNET_SHORTLY, /* what there is may get no answer, or not before its data */
	TELNET_SURELY,
	TELNET_ENDLESS,
};

void telnet_init(struct telnet *t);
void telnet_release(struct telnet *t);

/* The connection is a new one: nothing was sent. */
void telnet_reset(struct telnet *t);

/* Whether VERSION, of a server, is one that drops the data of lines that it refuses. */
bool telnet_version_drops(struct slice version);

/* Whether LINE, without its line end, makes a server wait for data: *BYTES, without the line end of
 * the block. Whether it is wrong otherwise is not looked at: newer servers wait all the same. */
bool telnet_announces(struct slice line, uint64_t *bytes);

/* BYTES were sent. DATA says what became of a data block. */
void telnet_sent(struct telnet *t, struct slice bytes, struct telnet_data *data);

/* REPLY, a REPLY_LINE, came. */
struct telnet_match telnet_reply(struct telnet *t, const struct reply *reply);

/* Whether the server reads data next, of *BYTES bytes *LEFT; 0 left: only its line end lacks. */
bool telnet_wanted(const struct telnet *t, uint64_t *left, uint64_t *bytes);

enum telnet_wait telnet_await(const struct telnet *t);

/* Whether one of the commands asks for a list of keys. */
bool telnet_lists(const struct telnet *t);

/* No answer came for a while: commands that may have none are over. True when there was one, and
 * *QUIET when it was a quiet one of meta. */
bool telnet_silence(struct telnet *t, bool *quiet);

/* Whether REPLY, of an answer to COMMAND, refuses it: *REFUSAL is it by its kind and words, ABOUT
 * the request that advice_for (view/advice.h) is asked about. */
bool telnet_refuses(const struct telnet_command *command, const struct reply *reply,
                    struct reply *refusal, struct request *about);

#endif
