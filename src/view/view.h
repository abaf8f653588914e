/*
 * One command's answer, rendered as it arrives. The shell begins a view with the question, hands
 * over every reply as it comes, and ends it; the view appends text to a buffer. What the server's
 * errors mean is told on standard error by the shell: of these a view shows nothing, except in
 * the formats that show everything (json, wire).
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "base/buf.h"
#include "proto/reply.h"
#include "proto/request.h"
#include "view/style.h"

/* What was asked; all of it is borrowed until the last reply. */
struct question {
	const char *command; /* the word that was typed, e.g. "get" */
	const struct request *request;
	const char *server; /* where the answer comes from, e.g. "127.0.0.1:11211" */
	bool label;	    /* several servers answer: each says which one it is */
};

struct view_format;

struct view {
	const struct style *style;
	struct buf *out;
	const struct view_format *format;
	struct question question;
	size_t values;	  /* values seen */
	size_t next_key;  /* keys before this one have been shown or found missing */
	struct buf arena; /* what a format must keep until the end */
	size_t kept;	  /* entries in the arena */
	size_t start;	  /* length of out when the view began */
};

void view_init(struct view *v, const struct style *style, struct buf *out);
void view_release(struct view *v);

/* One answer is a begin and then each reply, the last one included. A view can then begin
 * again; it keeps its memory. */
void view_begin(struct view *v, const struct question *question);
void view_reply(struct view *v, const struct reply *reply);

/* The negative answers of a get: its keys less the values that came. Valid after the last reply. */
static inline size_t view_misses(const struct view *v)
{
	return v->question.request->key_count - v->values;
}

#endif
