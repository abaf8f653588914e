/*
 * One command's answer, rendered as it arrives. The shell begins a view with the question, hands
 * over every reply as it comes, the last one included; the view appends text to a buffer. What the
 * server's errors mean is reported on standard error by the shell: of these a view shows nothing,
 * except in the formats that show everything (json, wire).
 *
 * The formats, for a get of foo (flags 0, the three bytes bar):
 *
 *   pretty  "bar"  (3 bytes, 0.084 ms)
 *   plain   bar
 *   raw     the bytes as stored, nothing added
 *   json    {"command":"get","key":"foo","server":"...","status":"ok","values":[...],...}
 *   csv     key,flags,bytes,value,encoding and a row
 *   wire    the reply's bytes as they were received
 *
 * A value that a client library compressed or gave a type is shown as what it means to the style's
 * profile (view/format/format.h); raw and wire never look at that.
 *
 * Each format's file (plain.c, json.c, csv.c, pretty.c) holds its exact contract.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "base/buf.h"
#include "proto/reply.h"
#include "proto/request.h"
#include "view/format/json_stats.h"
#include "view/style.h"

/* What was asked; all of it is borrowed until the last reply. */
struct question {
	const char *command; /* the word that was typed, e.g. "get" */
	const struct request *request;
	const char *server; /* where the answer comes from, e.g. "127.0.0.1:11211" */
	bool label;         /* several servers answer: each says which one it is */
	size_t part;        /* with label: how many servers have answered this command before */
	size_t parts;       /* and how many are asked */
	bool keyed;         /* values carry their keys even when one key was asked (get_multi) */
};

struct view_format;

struct view {
	const struct style *style;
	struct buf *out;
	const struct view_format *format;
	struct question question;
	size_t values;           /* values seen */
	size_t lines;            /* lines seen (REPLY_LINE) */
	struct buf arena;        /* what a format must keep until the end of an answer */
	struct json_stats stats; /* json: counters, until the end of an answer */
	size_t kept;             /* entries in the arena */
	bool overflow;           /* there were more than the style allows: none of them is shown */
	struct buf
	    shared; /* what a format must keep until the last of several servers has answered */
	struct buf seen;    /* of several keys, a byte for each, 1 when its value came */
	bool tail_open;     /* pretty: a line waits for the end of its "(3 bytes, ...)" */
	size_t tail_column; /* the columns that are taken then */
	/* Receives a value that cannot be read as its flags say, in formats that have no space to
	 * tell; NULL: nobody does. KEY is borrowed for the call. */
	void (*complain)(void *ctx, struct slice key, const char *problem);
	void *complain_ctx;
	/* Makes space: writes what OUT holds, in the midst of an answer; NULL: OUT has to hold all
	 * of it. */
	void (*drain)(void *ctx);
	void *drain_ctx;
	bool streams;     /* json: the answer is so long that it is written as it comes */
	size_t key_width; /* pretty: columns for the keys of a list */
};

/* STYLE and OUT are borrowed for as long as the view is used. OUT may be emptied between calls;
 * a command whose answer outgrows OUT's ceiling leaves OUT marked as full. */
void view_init(struct view *v, const struct style *style, struct buf *out);
void view_release(struct view *v);

/* One answer is a begin and then each reply, the last one included. A view can then begin
 * again; it keeps its memory. The style is looked at again by each begin. */
void view_begin(struct view *v, const struct question *question);
void view_reply(struct view *v, const struct reply *reply);

/* After the answers of several servers (questions with a label), however many there were: STATUS
 * is that of them all. In json they are the elements of one object, which ends here. */
void view_end_parts(struct view *v, enum status status);

#endif
