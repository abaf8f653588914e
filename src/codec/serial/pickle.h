/*
 * The objects of a pickle as nodes: the opcodes (outline_pickle.c) drive a machine with a stack and
 * a memo (pickle_machine.c), and what it has built is written at the end (pickle_write.c). A node
 * names a thing and its parts; nothing is imported or called.
 */
#ifndef CODEC_SERIAL_PICKLE_H
#define CODEC_SERIAL_PICKLE_H

#include "codec/serial/outline.h"

enum node_kind {
	NODE_WORD,     /* text: None, True, False, or digits */
	NODE_INT,      /* bits, signed */
	NODE_DOUBLE,   /* bits */
	NODE_LONG,     /* text: two's complement, lowest byte first */
	NODE_STR,      /* text: UTF-8 */
	NODE_BYTES,    /* text */
	NODE_REPR,     /* text: a Python 2 string literal without its quotes */
	NODE_UNICODE,  /* text: Latin-1 with \uXXXX and \UXXXXXXXX */
	NODE_GLOBAL,   /* text: the module, name: the name in it */
	NODE_LIST,     /* children */
	NODE_TUPLE,    /* children */
	NODE_SET,      /* children */
	NODE_FROZEN,   /* children */
	NODE_DICT,     /* children: key, value, key, value ... */
	NODE_CALL,     /* children: what is called, a tuple of arguments, states */
	NODE_UNKNOWN,  /* a thing kept outside of the pickle */
	NODE_ELLIPSIS, /* here reading was given up */
};

struct node {
	enum node_kind kind;
	struct slice text;
	struct slice name;
	uint64_t bits;
	unsigned first, last; /* links of the children; 0 is none */
};

/* A child's place in its parent: a node can be the child of several. */
struct link {
	unsigned node;
	unsigned next; /* a link; 0 is none */
};

struct pickle {
	struct outline *o;
	struct node *nodes; /* number 0 is not used */
	size_t node_count, node_cap;
	struct link *links; /* number 0 is not used */
	size_t link_count, link_cap;
	unsigned *stack; /* nodes; 0 is a mark */
	size_t stack_count, stack_cap;
	unsigned *memo; /* nodes; 0 is an empty place */
	size_t memo_count, memo_cap;
	uint64_t memo_next; /* where MEMOIZE puts: the number of objects put so far */
	int nest;           /* nodes inside nodes, while writing */
	int protocol;
};

/* On the stack, and as the answer of what returns a node: none. */
#define PICKLE_MARK 0

void pickle_init(struct pickle *p, struct outline *o);
void pickle_release(struct pickle *p);

/* To be asked before each opcode: false, and the outline is cut, when a table has met its limit.
 * One opcode adds at most as many links as the stack is high, so this bounds the tables to twice
 * the limit. */
bool pickle_within_limits(struct pickle *p);

/* The stack. Those that return bool are false when the outline has ended; pickle_push never is. */
bool pickle_push(struct pickle *p, unsigned node);
bool pickle_push_new(struct pickle *p, struct node node);
bool pickle_push_text(struct pickle *p, enum node_kind kind, struct slice text);
/* The node on top, which is no mark; PICKLE_MARK, and the outline is broken, when there is none. */
unsigned pickle_top(struct pickle *p);
unsigned pickle_pop(struct pickle *p);
/* The place of the highest mark. */
bool pickle_find_mark(struct pickle *p, size_t *at);

/* A container of all above the highest mark; a tuple of the COUNT topmost things. */
bool pickle_collect(struct pickle *p, enum node_kind kind);
bool pickle_tuple_of(struct pickle *p, size_t count);
/* All above the highest mark, or the COUNT topmost things, go into the container below. What is
 * filled may also be an object of a class that came from a call. */
bool pickle_fill(struct pickle *p);
bool pickle_fill_with(struct pickle *p, size_t count);

/* The memo: the node on top is remembered; a remembered one is pushed. */
bool pickle_put(struct pickle *p, uint64_t place);
bool pickle_get(struct pickle *p, uint64_t place);

/* What lies below the arguments on the stack is called, with a dict of keywords above them if
 * KEYWORDS; the state of an object is laid into it. */
bool pickle_call(struct pickle *p, bool keywords);
bool pickle_build(struct pickle *p);

/* What lies on the stack when reading was given up, made into one thing: what is above a mark
 * belongs to the container below the mark; in protocol 0, which fills containers piece by piece,
 * what is above any container belongs to it. PICKLE_MARK when there is nothing. */
unsigned pickle_salvage(struct pickle *p);

/* Writes node ROOT as the literal that Python would. */
bool pickle_write(struct pickle *p, unsigned root);

#endif
