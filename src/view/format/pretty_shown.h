/*
 * A value as the pretty format shows it, and what it says of the value in a word or a few.
 */
#ifndef VIEW_FORMAT_PRETTY_SHOWN_H
#define VIEW_FORMAT_PRETTY_SHOWN_H

#include "codec/codec.h"
#include "view/value.h"
#include "view/view.h"

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

/* "1 line", "1,234 lines" */
void shown_add_count(struct buf *out, uint64_t n, const char *one, const char *many);

#endif
