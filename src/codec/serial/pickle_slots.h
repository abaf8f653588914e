/*
 * The values of a pickle, as outline_pickle.c makes them: a slot is the text of a value as Python
 * writes it, or a bracket around other slots. Slots have numbers from 1 on.
 */
#ifndef CODEC_SERIAL_PICKLE_SLOTS_H
#define CODEC_SERIAL_PICKLE_SLOTS_H

#include "codec/serial/outline.h"

enum {
	SLOTS_STEP = OUTLINE_TABLE +
	             4, /* most that the stack holds: an opcode pushes less than 4 */
	PICKLE_SLOTS_MAX = 2 * SLOTS_STEP, /* a slot for each mark on it besides */
	LINKS_MAX = 3 * SLOTS_STEP,        /* all of it, linked twice besides */
};

enum kind {
	TEXT,
	CUT, /* reading was abandoned here */
	LIST,
	TUPLE,
	SET,
	DICT, /* children: key, value, key, value ... */
	FROZENSET,
	CALL, /* children: what is called, a tuple of arguments, states */
};

struct pickle_slot {
	enum kind kind;
	bool ends;            /* the text was cut: nothing is written after it */
	size_t at, len;       /* of the text, in texts */
	unsigned first, last; /* links of the children; 0 is none */
};

/* A child's place in its parent: through the memo a slot can be the child of several. */
struct link {
	unsigned slot;
	unsigned next; /* a link; 0 is none */
};

struct slots {
	struct outline piece; /* writes the text of the next slot to scratch */
	struct buf scratch, texts;
	unsigned slot_count, link_count;
	struct pickle_slot slots[PICKLE_SLOTS_MAX]; /* number 0 is not used; so with the links */
	struct link links[LINKS_MAX];
};

void slots_init(struct slots *s);
void slots_release(struct slots *s);

/* False when a table has reached OUTLINE_TABLE: asked before each opcode, for nothing below checks
 * the ceilings above. */
bool slots_within_limits(const struct slots *s);

/* Each returns the number of a new slot: an empty one of KIND, and the text that was written to
 * what slots_begin_text returned. Of a text that met the ceiling the beginning is kept. */
unsigned slots_new(struct slots *s, enum kind kind);
struct outline *slots_begin_text(struct slots *s);
unsigned slots_end_text(struct slots *s);

/* Texts of the forms that only pickles have: two's complement of any length, the lowest byte first;
 * Python's raw-unicode-escape (Latin-1 with \uXXXX and \UXXXXXXXX); a Python 2 string literal
 * without its quotes. */
unsigned slots_long(struct slots *s, struct slice bytes);
unsigned slots_unicode(struct slots *s, struct slice text);
unsigned slots_literal(struct slots *s, struct slice text);

void slots_add_child(struct slots *s, unsigned parent, unsigned child);

/* The text of a TEXT, borrowed until the next one is made. */
struct slice slots_text(const struct slots *s, unsigned slot);

/* True for what a pickle fills: LIST, TUPLE, SET and DICT. */
bool slots_is_container(const struct slots *s, unsigned slot);

/* Writes SLOT and all in it. False when the outline has ended. */
bool slots_write(struct slots *s, struct outline *o, unsigned slot);

#endif
