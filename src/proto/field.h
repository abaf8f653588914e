/*
 * Where each field of a request or of a reply lies in its bytes. Whoever encodes or reads notes it
 * as it goes, where the caller has given an array for it: nothing is parsed twice.
 */
#ifndef PROTO_FIELD_H
#define PROTO_FIELD_H

#include "base/slice.h"

enum field_kind {
	FIELD_BLANK,     /* between two words */
	FIELD_LINE_END,  /* CR LF; of some servers LF alone */
	FIELD_COMMAND,   /* the first word of a request */
	FIELD_KEY,       /* of a request, or of the value that answers it */
	FIELD_FLAGS,     /* the client's flags of an item */
	FIELD_EXPTIME,   /* seconds, or a Unix time: EXPTIME_RELATIVE_MAX */
	FIELD_LENGTH,    /* bytes of the data block */
	FIELD_CAS,       /* cas unique */
	FIELD_DELTA,     /* of incr and decr */
	FIELD_LEVEL,     /* of verbosity */
	FIELD_DELAY,     /* of flush_all, in seconds */
	FIELD_ARGUMENT,  /* the words after a command that has no other name for them */
	FIELD_NOREPLY,   /* the word noreply */
	FIELD_META_FLAG, /* of a meta command or of its answer: a letter, and its token */
	FIELD_DATA,      /* a data block */
	FIELD_SECRET,    /* the same of a login: nobody shall see it */
	FIELD_DATA_END,  /* the CR LF after it */
	FIELD_LINE,      /* a line or a part of one that means nothing by itself here */
	FIELD_FENCE,  /* a command that ends the answer to those before it, its line end included */
	FIELD_CODE,   /* the first word of an answer */
	FIELD_NAME,   /* of a statistic */
	FIELD_VALUE,  /* of a statistic */
	FIELD_NUMBER, /* the answer of incr and decr */
	FIELD_VERSION, /* the server's */
	FIELD_MESSAGE, /* the server's words about an error */
	/* Of a packet's header (proto/packet.h), and of its extras: */
	FIELD_MAGIC,
	FIELD_OPCODE,
	FIELD_KEY_LENGTH,
	FIELD_EXTRAS_LENGTH,
	FIELD_DATA_TYPE,
	FIELD_VBUCKET,
	FIELD_STATUS,
	FIELD_BODY_LENGTH,
	FIELD_OPAQUE,
	FIELD_INITIAL, /* of incr and decr, where the key is missing */
	FIELD_REST,    /* all that found no place in the array */
	FIELD_COUNT,
};

struct field {
	enum field_kind kind;
	size_t offset; /* from the first byte of the request or of the reply */
	size_t length;
};

/* The caller's array, of at least one field. Each byte belongs to one field; the fields are in the
 * order of their bytes. The last one takes whatever does not fit (FIELD_REST). */
struct fields {
	struct field *at;
	size_t max;
	size_t count;
	size_t end;  /* bytes that belong to one */
	size_t base; /* while encoding: where in the buffer the request begins */
};

/* The field's name, in a word or two: "exptime". */
const char *field_name(enum field_kind kind);

/* Encoding without fields, which is what a script does, shall not ask at every word whether there
 * are any: what writes them is compiled twice. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* Forgets what was noted; offsets count from BASE on. */
void fields_begin(struct fields *f, size_t base);

/* LENGTH bytes from OFFSET on; what lies between them and the field before is blank. */
void fields_add(struct fields *f, enum field_kind kind, size_t offset, size_t length);

/* For who encodes: the bytes FROM..TO of the buffer. F may be NULL. */
static inline void fields_note(struct fields *f, enum field_kind kind, size_t from, size_t to)
{
	if (f)
		fields_add(f, kind, from - f->base, to - from);
}

#endif
