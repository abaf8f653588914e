/*
 * One output format: what it does when an answer begins and with each reply. view_begin clears the
 * view's counters and chooses the format; view_reply counts a value before the format sees it.
 */
#ifndef VIEW_FORMAT_FORMAT_H
#define VIEW_FORMAT_FORMAT_H

#include "codec/codec.h"
#include "view/view.h"

struct view_format {
	void (*begin)(struct view *v); /* NULL: nothing to do */
	void (*reply)(struct view *v, const struct reply *reply);
	void (*end_parts)(struct view *v, enum status status); /* NULL: nothing to do */
};

/* True when the answer consists of values (get, gets, gat, gats). */
bool view_asks_values(const struct view *v);
/* Of config get cluster's data block, the next word: the version, then host|ip|port of each node.
 * False at the end. */
bool view_config_next(struct slice *rest, struct slice *word);
/* True when REPLY is that block, and when it is another line of that answer. */
bool view_is_config(const struct view *v, const struct reply *reply);
/* True for gets and gats, whose values carry a cas unique. */
bool view_asks_cas(const struct view *v);
/* True when each value is shown with its key: several keys, or the question says so. */
bool view_shows_keys(const struct view *v);

/*
 * Reads a value by the style's profile into OUT, which the caller releases in any case. True when
 * there is something to show: a type that the flags name, a container or a serialiser, bytes that
 * stand for other bytes, a problem. False for a value that is just its bytes: one without flags
 * that nothing was done to, and any value without a profile or with that named none.
 */
bool view_meaning(const struct style *style, const struct reply *reply, struct decoded *out);

/* The bytes inside the container, or STORED where there is none or nothing came out of it. */
struct slice view_inside(const struct decoded *d, struct slice stored);

/*
 * The value for pipes (plain, csv, redirections): numbers, texts and the like in words, other bytes
 * and serialised objects without their container, and the stored bytes where nothing is to be
 * decoded. A profile that guesses is followed only as far as the flags speak for it, so that a
 * value without flags is printed as it is stored, whatever it looks like. A value that cannot be
 * read is as stored, and complained of. Borrowed from REPLY or from D, which the caller releases.
 */
struct slice view_plain_value(struct view *v, const struct reply *reply, struct decoded *d);
/* The same where view_meaning was asked before: D is what it gave, NULL where that was nothing. */
struct slice view_plain_meaning(struct view *v, const struct reply *reply, const struct decoded *d);

/*
 * A long text goes out piece by piece, so that what is written of it is not kept, too: by then it
 * has been received, and perhaps been expanded. The length is a multiple of three, for base64.
 */
#define VIEW_PIECE ((size_t)48 * 1024)

/* Takes a piece of at most VIEW_PIECE bytes off REST; it tears no character and no CR LF. */
struct slice view_next_piece(struct slice *rest);

/* Makes space in the output when much has gathered there. */
static inline void view_drain(struct view *v)
{
	if (v->drain && v->out->len >= VIEW_PIECE)
		v->drain(v->drain_ctx);
}

/* Adds TEXT by ADD, which treats a text as it does its pieces. */
void view_add_pieces(struct view *v, void (*add)(struct buf *out, struct slice piece),
                     struct slice text);

/* csv_add_data for a value, which may be long, and its bytes in base64. */
void view_add_csv_text(struct view *v, struct slice text);
void view_add_csv_base64(struct view *v, struct slice bytes);

/* For view_add_pieces: the bytes as they are. */
void view_add_bytes(struct buf *out, struct slice bytes);

/* plain: the server and a tab before a line, when servers are to be distinguished. */
void view_add_label(struct view *v);

/* Counts a reply without showing it. */
void view_count(struct view *v, const struct reply *reply);

/* Whether the key has been answered: by a value of its own or, once the answer is complete, by that
 * of the same key at another place. */
bool view_was_seen(const struct view *v, size_t key_index);

/* The negative answers of a get: its keys that had no value. Valid after the last reply. */
size_t view_misses(const struct view *v);

/* In json: the members of REPLY, a value, as an answer's "values" has them, within an object that
 * is open at the end of V's output: "key", "flags", "bytes", "value", and what it means. */
void json_add_value(struct view *v, const struct reply *reply);

/* The formats, each defined in the file of its name; raw, bytes and wire in plain.c. */
extern const struct view_format format_pretty;
extern const struct view_format format_plain;
extern const struct view_format format_raw;
extern const struct view_format format_bytes;
extern const struct view_format format_wire;
extern const struct view_format format_json;
extern const struct view_format format_csv;

#endif
