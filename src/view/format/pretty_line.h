/*
 * The parts of a pretty line: the server before it, a value and what is said of it in a word or a
 * few, remarks in brackets, and the time.
 */
#ifndef VIEW_FORMAT_PRETTY_LINE_H
#define VIEW_FORMAT_PRETTY_LINE_H

#include "codec/codec.h"
#include "view/value.h"
#include "view/view.h"

/* The server's name before an answer of one line, when servers are to be distinguished. */
void pretty_label(struct view *v);
/* The same as a line of its own, before an answer of several lines. */
void pretty_heading(struct view *v);

/* Adds TEXT to the dim remarks in brackets at the end of the line, opening the bracket before the
 * first: "  (3 bytes, flags 8". */
void pretty_note(struct view *v, const char *text);
/* The same for a key that is not there and has a *, which is a byte like others to the server: the
 * command that takes patterns. */
void pretty_note_pattern(struct view *v);
/* Ends the line: the time as the last remark, when it is wanted, and the bracket closed. The parts
 * of the time, when they are wanted, are a line after it. */
void pretty_end_line(struct view *v, const struct timing *timing);
/* The time on a line of its own, when it is wanted. */
void pretty_time_line(struct view *v, const struct timing *timing);

/* A value as it is to be shown. */
struct shown {
	struct decoded decoded;
	bool has_meaning;    /* there is more to show than its bytes: `decoded` */
	struct slice value;  /* of the reply or of `decoded` */
	enum value_form set; /* the form that its type has, or VALUE_QUOTED: by the bytes */
};

/* Reads the value by the style's profile. S is borrowed from REPLY until it is released. */
void shown_read(struct shown *s, const struct view *v, const struct reply *reply);

void shown_release(struct shown *s);

/* JSON is laid out whatever kind of value it stands in. */
enum value_form shown_form(const struct shown *s, const struct style *style, size_t reserved);

/* What kind of value it is, in a word or a few; nothing for bytes on one line. */
void shown_add_kind(struct buf *out, const struct shown *s, enum value_form form);

/* "3 bytes, flags 8, cas 12"; flags of 0 are what nobody asks about. */
void shown_add_remarks(struct buf *out, const struct shown *s, const struct reply *reply);

#endif
