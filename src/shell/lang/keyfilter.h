/*
 * Which of the items that servers list a command is about: the options that .keys and every other
 * command share that walks through the keys, as one object. Pure.
 */
#ifndef SHELL_LANG_KEYFILTER_H
#define SHELL_LANG_KEYFILTER_H

#include "base/pattern.h"
#include "proto/crawled.h"
#include "shell/lang/args.h"

/* The rows of these options, for a command's table of them; --match is a row of its own, since in
 * .dump it takes a GLOB. */
/* clang-format off */
#define KEYFILTER_MATCH                                                                            \
	{"--match", "REGEX", "only keys in which this matches: a POSIX extended expression", NULL}
#define KEYFILTER_OF_ITEMS                                                                         \
	{"--prefix", "P", "only keys that begin with P", NULL},                                    \
	{"--larger", "N", "only items of more than N bytes (header, key and value); 10k, 1m", NULL}, \
	{"--smaller", "N", "only items of less than N bytes", NULL},                               \
	{"--ttl-under", "T", "only items that expire in less than T (90s, 15m, 12h, 45d)", NULL},  \
	{"--ttl-over", "T", "only items that expire, and not within T", NULL},                     \
	{"--forever", NULL, "only items that never expire", NULL},                                 \
	{"--unbumped", "T", "only items that no use has moved up in their LRU for T", NULL},       \
	{"--unread", NULL, "only items that nobody has read since they were stored", NULL},        \
	{"--misplaced", NULL, "only items on servers that are not asked for their keys", NULL},    \
	{"--class", "N", "only items in slab class N", NULL}
/* And where the keys come from, for a command that walks (shell/items/walk.h). */
#define KEYFILTER_OPTIONS                                                                          \
	KEYFILTER_OF_ITEMS,                                                                        \
	{"--keys-from", "FILE", "the keys in FILE, a line each, are looked up; no server lists", NULL}
/* clang-format on */

struct keyfilter {
	bool has_glob;
	struct slice glob, prefix;
	struct pattern *regex; /* NULL: none */
	uint64_t larger;       /* 0: any; sizes above this pass */
	uint64_t smaller;      /* UINT64_MAX: any; sizes below this pass */
	int64_t ttl_from;      /* milliseconds that are left at the least; -1: any */
	int64_t ttl_below;     /* and below which they are; -1: any */
	int64_t unbumped;      /* milliseconds at the least; -1: any */
	int64_t cls;           /* -1: any */
	bool forever, unread;
	bool misplaced; /* asked for; it takes the distribution, so keyfilter_match leaves it out */
	struct slice names; /* a file of keys, in place of what servers list; empty: none */
	bool takes_names;   /* the row has that option */
	unsigned asks;      /* CRAWLED_... that an item must have for an answer */
};

/* Lets everything pass. */
extern const struct keyfilter keyfilter_all;
/* Reads the options of ARGS whose row has them. GLOB: a pattern for the whole key, as base/glob.h
 * has it; NULL: none. On false ERROR says what is wrong. What F points to is borrowed from ARGS;
 * keyfilter_release in either case. */
bool keyfilter_read(struct keyfilter *f, const struct args *args, const struct slice *glob,
                    struct error *error);
void keyfilter_release(struct keyfilter *f);

/* Whether ITEM passes. What its server does not say (known) passes no filter that asks for it. */
bool keyfilter_match(const struct keyfilter *f, const struct crawled *item);

/* Adds the options that choose items among ARGS, and GLOB (NULL: none), as they can be typed:
 * "user:* --larger 10k"; nothing where there are none. */
void keyfilter_describe(struct buf *out, const struct args *args, const struct slice *glob);

/* What every key that passes begins with, as far as F says so. */
struct slice keyfilter_beginning(const struct keyfilter *f);

/* Whether F leaves out anything at all. */
bool keyfilter_picks(const struct keyfilter *f);

#endif
