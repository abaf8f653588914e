/*
 * A session of the hostile server: what mcsh is given to type, what it is answered, and what may
 * come of it. All of it follows from one seed. See hostile.c.
 */
#ifndef TESTS_ATTACK_ATTACK_H
#define TESTS_ATTACK_ATTACK_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* splitmix64. */
struct rng {
	uint64_t state;
};

uint64_t rng_next(struct rng *rng);
/* 0 to N - 1. */
size_t rng_below(struct rng *rng, size_t n);
/* True once in N. */
bool rng_once_in(struct rng *rng, size_t n);

/*
 * Keys and what belongs to them. A key is a letter and ten hexadecimal digits; all that a server
 * says of it follows from the key, so that whoever sees an answer knows whose it is:
 *
 *   h   a short value        b   a long one       c   one that holds lines of the protocol
 *   m   a miss               e   another client's: EXISTS, NOT_STORED
 */
#define KEY_BYTES 11

struct key {
	char text[KEY_BYTES];
};

struct key key_random(struct rng *rng);
/* A key with a value. */
struct key key_random_hit(struct rng *rng);
struct slice key_slice(const struct key *key);

bool key_is_hit(struct slice key);
/* The value begins with the key and '~'. */
void key_value(struct slice key, struct buf *out);
uint64_t key_flags(struct slice key);
uint64_t key_cas(struct slice key);
uint64_t key_number(struct slice key);

/* The word that answers VERB ("set", "touch") about a key: "STORED", "NOT_FOUND"; NULL for verbs
 * that are answered by a value or a number. */
const char *key_answer(struct slice verb, struct slice key);

#define KEYS_MAX 12

struct command {
	const char *verb;
	struct key keys[KEYS_MAX];
	size_t count;
};

enum form {
	FORM_JSON,   /* pipelined, an object a command */
	FORM_PLAIN,  /* pipelined */
	FORM_EXPECT, /* awaited, one by one */
	FORM_TRACED, /* awaited, JSON, with a trace to nowhere */
	FORM_OTHER,  /* pretty, csv, raw or wire: only looked at for crashes and time */
};

enum mutation_kind {
	MUTATE_DRIP,      /* a byte at a time: harms nothing */
	MUTATE_DUPLICATE, /* a reply twice */
	MUTATE_OMIT,      /* not at all */
	MUTATE_SWAP,      /* after the next one */
	MUTATE_EXTRA,     /* a line nobody asked for, before it or after it */
	MUTATE_OTHER_KEY, /* the whole reply to another key */
	MUTATE_LENGTH,    /* a length that is not the block's */
	MUTATE_BYTE,      /* a byte replaced: NUL, ESC, CR, any */
	MUTATE_CUT,       /* bytes missing in the middle */
	MUTATE_LINE_END,  /* LF alone, CR alone, none; of a packet another magic */
	MUTATE_OPAQUE,    /* that of another request */
	MUTATE_CLOSE,     /* the end, after some of its bytes */
	MUTATE_STALL,     /* silence, after some of its bytes */
	MUTATE_ENDLESS,   /* a line without an end, or lines without an end */
	MUTATE_TRICKLE,   /* lines without an end, slowly */
	MUTATE_FOREIGN,   /* what a web server, a TLS or a Redis port says */
	MUTATE_ERROR,     /* one of memcached's errors */
	MUTATE_GREETING,  /* something before the first request of a connection */
	MUTATE_KINDS,
};

extern const char *const mutation_names[MUTATE_KINDS];

struct mutation {
	enum mutation_kind kind;
	uint64_t at;      /* the exchange that it hits */
	uint64_t die;     /* decides the rest */
	size_t way;       /* what an endless stream repeats */
	bool wants_lines; /* waits for an answer of several lines */
	char first[120];  /* the value that it repeats */
	size_t first_len;
	char request[80]; /* that it hit, for a look */
	bool done;
	bool
	    error_line; /* done with an error of memcached's, or a STAT line: mcsh may believe it */
	bool no_effect; /* nothing was changed by it after all */
};

#define MUTATIONS_MAX 4

struct session {
	uint64_t seed;
	struct rng rng;
	enum form form;
	const char *format;   /* of --format */
	const char *protocol; /* of .set protocol */
	const char *timeout;
	bool patient; /* it is so long that it never passes */
	struct command *commands;
	size_t count;
	struct key dumped[24]; /* what the server has, for .dump */
	size_t dumped_count;
	struct buf script;
	struct mutation mutations[MUTATIONS_MAX];
	size_t mutation_count;
	uint64_t exchanges; /* answered so far */
	bool dumps;         /* .dump and .load are among the commands */
};

/* Fills S, which is zero, by s->seed. LOAD_FILE is a file of items for .load. */
void session_plan(struct session *s, const char *load_file);
void session_release(struct session *s);

/*
 * Serves the session on LISTENER until the process of PIDFD ends. False: it was silent for a minute
 * before, or the session lasts for twenty.
 */
bool serve(struct session *s, int listener, int pidfd);

/* The honest answer to the request at the beginning of IN, appended to OUT. Returns the bytes of
 * the request, 0 when it is not whole. */
size_t answer(const struct session *s, struct slice in, struct buf *out);

/* The binary protocol. Whether BYTES begin a packet; answer; the words for REQUEST in M->request: a
 * quiet one ends with " k q", as the meta form does; mutate, false where it does what it does to
 * text. */
bool is_packet(struct slice bytes);
size_t packet_answer(struct slice in, struct buf *out);
void packet_describe(struct slice request, char *out, size_t size);
bool packet_mutate(struct mutation *m, struct buf *reply, struct rng *rng);

/* Changes REPLY as M says; what else has to be done with the connection is in M's kind. */
void mutate(struct mutation *m, struct buf *reply);
/* A piece of a stream that does not end. */
void mutate_endless(const struct mutation *m, struct buf *out, uint64_t serial);
/* What is sent before the first request of a connection. */
void mutate_greet(struct mutation *m, struct buf *out);

/* Whether what mcsh printed and how it ended is right; WHY says what is not. */
bool check(const struct session *s, struct slice printed, struct slice errors, int status,
           struct buf *why);

#endif
