/*
 * What a client asks of memcached, as a struct, and whether it can be sent. Its form on the wire is
 * its dialect's (proto/dialect.h).
 */
#ifndef PROTO_REQUEST_H
#define PROTO_REQUEST_H

#include "base/buf.h"
#include "base/status.h"

/* The longest key that the protocol carries, in bytes. */
#define KEY_MAX_BYTES 250

/* Up to this many seconds an exptime is relative to now; above, it is a Unix time. */
#define EXPTIME_RELATIVE_MAX 2592000

/* The longest user, and the longest password: the classic login takes no longer line of both. */
#define LOGIN_MAX_BYTES 127

enum verb {
	VERB_SET,
	VERB_ADD,
	VERB_REPLACE,
	VERB_APPEND,
	VERB_PREPEND,
	VERB_CAS,
	VERB_GET,
	VERB_GETS,
	VERB_GAT,
	VERB_GATS,
	VERB_TOUCH,
	VERB_DELETE,
	VERB_INCR,
	VERB_DECR,
	VERB_STATS,
	VERB_VERSION,
	VERB_VERBOSITY,
	VERB_FLUSH_ALL,
	VERB_SLABS,
	VERB_LRU,
	VERB_LRU_CRAWLER, /* all of it but metadump and mgdump (client/crawl.h) */
	VERB_CACHE_MEMLIMIT,
	VERB_EXTSTORE,
	VERB_REFRESH_CERTS,
	VERB_SHUTDOWN,
	VERB_CONFIG, /* config get cluster, of ElastiCache */
	VERB_QUIT,
	VERB_NOOP,  /* binary: answers nothing, but that all before it was answered */
	VERB_LOGIN, /* opens a connection: its key is the user, its value the password */
	/* What follows has one dialect alone (request_dialect). Meta commands as they are typed,
	 * the request's text has the flags: */
	VERB_MG,
	VERB_MS,
	VERB_MD,
	VERB_MA,
	VERB_MN,
	VERB_ME,
	/* And raw: */
	VERB_RAW, /* bytes of the caller's own, then a fence: a command whose answer ends theirs */
	VERB_LISTEN, /* bytes of the caller's own, answered until the server closes or time is up */
	VERB_COUNT,
};

/* A form of the protocol on the wire; proto/dialect.h has what each can do. */
enum dialect_id {
	DIALECT_CLASSIC, /* proto/classic.h */
	DIALECT_META,    /* proto/meta.h */
	DIALECT_RAW,     /* proto/raw.h */
	DIALECT_BINARY,  /* proto/binary.h */
	DIALECT_COUNT,
};

/* What ends the answer to VERB_RAW's bytes, and with RAW_END_LIST to VERB_LISTEN's too. */
enum raw_end {
	RAW_END_VERSION, /* a fence, `version`, and its VERSION: any server and any proxy knows it
	                  */
	RAW_END_MN,      /* a fence, `mn`, and its MN: where the bytes may ask for the version */
	RAW_END_LIST,    /* no fence: a line that ends a list of keys, or refuses one */
};

/* The shape of the answer that a verb asks for. The reply reader holds every line against it. */
enum expect {
	EXPECT_STORAGE, /* STORED NOT_STORED EXISTS NOT_FOUND */
	EXPECT_VALUES,  /* VALUE blocks, END */
	EXPECT_TOUCH,   /* TOUCHED NOT_FOUND */
	EXPECT_DELETE,  /* DELETED NOT_FOUND */
	EXPECT_NUMBER,  /* a number, NOT_FOUND */
	EXPECT_STATS,   /* STAT, ITEM and PREFIX lines, END; or OK, RESET */
	EXPECT_VERSION, /* VERSION text */
	EXPECT_OK,      /* OK */
	EXPECT_ADMIN,   /* OK, or a line that refuses: BUSY, BADCLASS, NOSPARE, SAME, ... */
	EXPECT_CONFIG,  /* CONFIG and a data block, END */
	EXPECT_CLOSE,   /* no answer, or an error: the server closes */
	EXPECT_FENCE,   /* whatever lines come, up to the fence's answer */
	EXPECT_ANY,     /* whatever lines come, for ever */
	EXPECT_META,    /* a meta answer as it is: its code, its flags, its value */
	EXPECT_NONE,    /* noreply: nothing comes */
};

#define EXPECT_SHAPES (EXPECT_NONE + 1)

struct request {
	enum verb verb;
	bool noreply;
	bool creates;      /* incr, decr: where the key is missing, with `initial` and exptime */
	bool has_exptime;  /* flush_all: send `number` as its delay */
	bool secret;       /* classic, raw: its data may be a login, and is masked in traces; of
	                    * bytes in wire form: all of them */
	bool own;          /* nobody typed it: a trace says so */
	bool key_coded;    /* in meta: its one key goes out in base64, with the flag b */
	bool keys_checked; /* by request_check_keys: request_check skips them */
	enum dialect_id
	    dialect : 8;          /* it goes out in, where it has a choice: see request_dialect */
	enum raw_end raw_end : 8; /* raw, listen */
	uint32_t opaque;          /* sent along, and its answer has to bear it; 0: none */
	uint32_t flags;           /* client flags of a stored value */
	int64_t exptime;          /* as it goes on the wire: 0 never, see EXPTIME_RELATIVE_MAX */
	uint64_t number;          /* delta, cas unique, verbosity level, delay of flush_all; delete:
	                           * the cas that the item must have (not in classic), 0: any */
	uint64_t initial;
	const struct slice *keys; /* borrowed until the last reply has been handed over */
	size_t key_count;
	struct slice value; /* borrowed until the request is encoded */
	struct slice text;  /* stats, slabs, lru, ...: the words after it; meta commands: the flags,
	                     * with blanks between; raw, listen: the bytes as they go out */
};

/* Whether anything on a server is changed (proto/effect.h). */
enum effect {
	EFFECT_UNDECIDED, /* nobody has said: it may change something */
	EFFECT_READS,
	EFFECT_CHANGES,
	EFFECT_BY_TEXT, /* the request's text decides: request_changes */
};

/* What each verb is on the wire, what it asks for, and what it does. */
struct verb_row {
	struct slice word; /* "set"; terminated, and empty for VERB_RAW and VERB_LISTEN */
	enum expect expect;
	enum effect effect;
};

extern const struct verb_row verb_rows[VERB_COUNT];

static inline const char *verb_word(enum verb verb)
{
	return verb_rows[verb].word.data;
}

/* True for the verbs that store a value: set add replace append prepend cas; and for a login, which
 * looks like one. */
static inline bool verb_stores(enum verb verb)
{
	return verb_rows[verb].expect == EXPECT_STORAGE;
}

/* What the reader shall hold the answer against: the verb's shape, EXPECT_NONE with noreply. */
static inline enum expect request_expects(const struct request *request)
{
	return request->noreply ? EXPECT_NONE : verb_rows[request->verb].expect;
}

/* The dialect that REQUEST goes out in. */
static inline enum dialect_id request_dialect(const struct request *request)
{
	if (request->verb < VERB_MG)
		return request->dialect;
	return request->verb < VERB_RAW ? DIALECT_META : DIALECT_RAW;
}

/* Whether the answer is a list of keys: a server may stand still while it is not read. */
static inline bool request_asks_list(const struct request *request)
{
	return request->raw_end == RAW_END_LIST;
}

/* The offset of the first byte that no key may hold, a blank or a control byte; KEY's length: there
 * is none. */
size_t key_bad_byte(struct slice key);

/* Whether the protocol can carry KEY: 1 to 250 bytes, none of them a blank, a control byte or DEL
 * (the documented rule; servers let some of these through, and then nobody can ask for them). In
 * the binary protocol any byte is allowed: request_check_keys knows. */
bool key_check(struct slice key, struct error *error);

/* key_check for each of its keys, which are marked as checked then: whoever changes them after that
 * takes the mark off. */
bool request_check_keys(struct request *request, struct error *error);

/* Whether REQUEST can be sent: its keys, its text, and an exptime that fits the server's 32 bits.
 * On false ERROR says what is wrong; nothing may be sent then. */
bool request_check(const struct request *request, struct error *error);

#endif
