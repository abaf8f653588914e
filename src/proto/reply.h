/*
 * What memcached answers, as a struct. A request's answer is a run of replies: none or more that
 * are followed by others (REPLY_VALUE, REPLY_STAT, REPLY_LINE), then one that ends it.
 */
#ifndef PROTO_REPLY_H
#define PROTO_REPLY_H

#include "base/slice.h"
#include "base/status.h"

#include <stdint.h>

enum reply_kind {
	/* More replies of the same answer follow these. */
	REPLY_VALUE, /* key, flags, value, cas when has_cas */
	REPLY_STAT,  /* key is the name, value the rest of the line */
	REPLY_LINE,  /* value: a line, or the data block that the line before it announced */
	/* These end an answer. */
	REPLY_END,
	REPLY_STORED,
	REPLY_NOT_STORED,
	REPLY_EXISTS,
	REPLY_NOT_FOUND,
	REPLY_DELETED,
	REPLY_TOUCHED,
	REPLY_OK,
	REPLY_RESET,
	REPLY_NUMBER,       /* number */
	REPLY_VERSION,      /* value: the version */
	REPLY_ERROR,        /* value: the words after ERROR, mostly none */
	REPLY_CLIENT_ERROR, /* value: the server's words */
	REPLY_SERVER_ERROR, /* value: the server's words */
	REPLY_REFUSED,      /* value: the line, of a word of its own: "BUSY currently ..." */
	/* A typed meta command's, as it is: meta_reply_flags (proto/meta.h) has its flags. */
	REPLY_HD,    /* done, with no value */
	REPLY_VA,    /* value */
	REPLY_EN,    /* mg, me: a miss */
	REPLY_NF,    /* not found */
	REPLY_NS,    /* not stored */
	REPLY_EX,    /* another cas */
	REPLY_MN,    /* no-op */
	REPLY_ME,    /* as flags: the key, and what is known of its item */
	REPLY_QUIET, /* a quiet meta command's silence, once the fence after it was answered */
	REPLY_NONE,  /* noreply: the request was sent, no answer will come */
	REPLY_LOST,  /* the answer never came or did not fit: error says why */
};

#define REPLY_KINDS (REPLY_LOST + 1)

/* Where the time of one exchange went, in nanoseconds. */
struct timing {
	int64_t connect; /* 0 when the connection was there already */
	int64_t send;
	int64_t wait;    /* from the last byte sent to the first byte received */
	int64_t receive; /* from the first byte to the last */
	int64_t total;
};

struct software;

struct reply {
	enum reply_kind kind;
	bool has_cas;
	bool block;   /* REPLY_LINE: a data block, not a line */
	bool unsent;  /* REPLY_LOST: no byte of the request was sent */
	bool hung_up; /* REPLY_LOST: the server closed the connection */
	bool closing; /* it is not known what else the server will send for this answer */
	uint64_t flags;
	uint64_t cas;
	uint64_t number;
	size_t key_index; /* REPLY_VALUE: which of the request's keys it answers */
	struct slice key; /* slices are borrowed until the reply's handler returns */
	struct slice value;
	struct slice wire;  /* the bytes as they were received; empty for NONE and LOST */
	const char *server; /* the label of who answered; NULL from the reader alone */
	const struct software *software; /* of an error: what answered, by proto/software.h; NULL:
	                                  * it has not been asked for its version */
	const struct timing *timing;     /* set on the reply that ends an answer, else NULL */
	const struct error *error;       /* REPLY_LOST only */
};

static inline bool reply_is_last(enum reply_kind kind)
{
	return kind >= REPLY_END;
}

/* True for ERROR, CLIENT_ERROR, SERVER_ERROR and what else refuses. */
static inline bool reply_is_error(enum reply_kind kind)
{
	return kind >= REPLY_ERROR && kind <= REPLY_REFUSED;
}

/* The server's own word for each kind ("STORED", "CLIENT_ERROR"), terminated; "" for those that
 * have none. */
extern const struct slice reply_words[REPLY_KINDS];

static inline const char *reply_word(enum reply_kind kind)
{
	return reply_words[kind].data;
}

/* What an error says, as one line of text: the server's word and what stands after it, escaped, and
 * cut where it is longer. For a format: reply_text(reply).s. */
struct reply_text {
	char s[400];
};
struct reply_text reply_text(const struct reply *reply);

/* Whether a server that was started with -Y answers so, where it takes no command before a login:
 * TEXT stands after CLIENT_ERROR. No other server sends these words. *TAKEN: what it answers was
 * taken for a login, so that its data may be a user and a password. */
bool reply_wants_login(struct slice text, bool *taken);

/* How an answer that ended with KIND counts: OK, NEGATIVE, SERVER or LOST. REPLY_END counts as OK;
 * whether keys were missing is the asker's to know. */
enum status reply_status(enum reply_kind kind);

#endif
