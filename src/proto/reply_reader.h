/*
 * From bytes to replies. The reader owns an input buffer; it is fed in pieces of any size, a byte
 * at a time if need be, and hands out replies that point into that buffer. It knows nothing of
 * sockets. The caller says what the head of its pending queue expects: memcached's replies do not
 * describe themselves, so a line means what was asked.
 */
#ifndef PROTO_REPLY_READER_H
#define PROTO_REPLY_READER_H

#include "base/buf.h"
#include "proto/field.h"
#include "proto/reply.h"
#include "proto/request.h"

/* The longest line that is accepted (metadump lines carry percent-encoded keys and more). */
#define REPLY_LINE_MAX 65536

enum reader_result {
	READER_MORE,  /* not a whole reply yet: feed */
	READER_REPLY, /* one reply was taken */
	READER_BAD,   /* an unexpected reply: the connection is of no more use */
};

struct reply_reader {
	struct buf in;
	size_t pos;       /* everything before it has been taken */
	size_t scanned;   /* bytes after pos known to hold no line end */
	size_t value_max; /* the largest value accepted, in bytes; may be changed at any time */
	struct fields *fields; /* gets the fields of the bytes that the last reply took; borrowed,
	                        * NULL: nobody asks */
};

/* Whether LINE is ERROR, CLIENT_ERROR or SERVER_ERROR, alone or with words. */
bool reply_line_is_error(struct slice line);

void reply_reader_init(struct reply_reader *r, size_t value_max);
void reply_reader_release(struct reply_reader *r);
/* Forgets all input, for a new connection. */
void reply_reader_reset(struct reply_reader *r);

/* Where to put the next bytes from the network and how many there is space for (at least 1, mostly
 * 64 KiB or what the value being read still lacks). Replies handed out before are gone after this.
 */
char *reply_reader_reserve(struct reply_reader *r, size_t *space);
/* N bytes were put there. */
void reply_reader_fed(struct reply_reader *r, size_t n);
/* Both at once, for tests and tools: copies BYTES in. */
void reply_reader_feed(struct reply_reader *r, struct slice bytes);

/* True when bytes are left that no reply has taken. */
static inline struct slice reply_reader_bytes(const struct reply_reader *r)
{
	return slice_skip(buf_slice(&r->in), r->pos);
}
static inline bool reply_reader_pending(const struct reply_reader *r)
{
	return r->in.len > r->pos;
}

/* For the dialects, which take replies from the input: */

/* The first whole line, without its line end, and its LENGTH with it. */
enum reader_result reader_line(struct reply_reader *r, struct slice *line, size_t *length,
                               struct error *error);

/* The data block of LEN bytes after a line of LENGTH bytes, and the CR LF that must end it. Memory
 * is taken as the bytes arrive, never on the word of the header. */
enum reader_result reader_block(struct reply_reader *r, size_t length, uint64_t len,
                                struct slice *block, struct error *error);

/* Notes, where the reader has fields, that PART of the input is one. */
static inline void reader_note(struct reply_reader *r, enum field_kind kind, struct slice part)
{
	if (r->fields)
		fields_add(r->fields, kind, (size_t)(part.data - (r->in.data + r->pos)), part.len);
}

/* The same for what is left of the first LENGTH bytes. */
static inline void reader_note_to(struct reply_reader *r, enum field_kind kind, size_t length)
{
	if (r->fields)
		fields_add(r->fields, kind, r->fields->end, length - r->fields->end);
}

/* Of a reader that has fields: the end of a line of LENGTH bytes with it; and the BLOCK after it,
 * and the end of that. */
void reader_note_end(struct reply_reader *r, size_t length);
void reader_note_block(struct reply_reader *r, size_t length, struct slice block);

/* Notes the fields of an answer that is LINE alone, of LENGTH bytes with its end: what OUT was read
 * from it. */
void reader_note_line(struct reply_reader *r, struct slice line, size_t length,
                      const struct reply *out);

/* The first LENGTH bytes are OUT's: takes them. */
static inline enum reader_result reader_take(struct reply_reader *r, size_t length,
                                             struct reply *out)
{
	out->wire = slice_of(r->in.data + r->pos, length);
	r->pos += length;
	r->scanned = 0;
	return READER_REPLY;
}

/* The same where they are LINE and its end alone. */
static inline enum reader_result reader_take_line(struct reply_reader *r, struct slice line,
                                                  size_t length, struct reply *out)
{
	if (r->fields)
		reader_note_line(r, line, length, out);
	return reader_take(r, length, out);
}

/* The place of KEY among those of REQUEST, from FROM on first: some servers have an order of their
 * own, and answer a key that was asked twice once. */
bool reader_key_place(const struct request *request, size_t from, struct slice key, size_t *place);

/* LINE does not answer REQUEST: READER_BAD, with ERROR. */
enum reader_result reader_misfit(const struct request *request, struct slice line,
                                 struct error *error);

/* The words of a line, taken one by one: the next run of bytes up to a blank. */
static inline struct slice reader_word(struct slice *rest)
{
	/* Most words are short. */
	size_t from = 0;
	while (from < rest->len && rest->data[from] == ' ')
		from++;
	size_t to = from;
	while (to < rest->len && rest->data[to] != ' ')
		to++;
	struct slice word = slice_skip(*rest, from);
	*rest = slice_skip(*rest, to);
	word.len = to - from;
	return word;
}

/* Whether LINE is ERROR, CLIENT_ERROR or SERVER_ERROR, each alone, with a blank and words, or with
 * a colon: OUT's kind and value then. */
bool reader_error(struct slice line, struct reply *out);

#endif
