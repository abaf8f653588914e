/*
 * The answers to meta commands, in each format: the code, the value, and the flags, each with its
 * meaning by proto/meta_flags.h. An answer without bytes is a silence that a fence has ended.
 */
#ifndef VIEW_FORMAT_META_H
#define VIEW_FORMAT_META_H

#include "view/view.h"

/* True when the question is a meta command as it is typed. */
bool view_asks_meta(const struct view *v);

/* True when an answer to it is a value and no flag: mg with v and nothing else that returns. */
bool view_asks_meta_value(const struct view *v);

/* Whether REPLY is the silence after a quiet command. */
bool meta_is_silence(const struct reply *reply);

/* Adds KEY, of a flag k, out of its base64 where REPLY says so. */
void meta_add_key(struct buf *out, const struct view *v, const struct reply *reply,
                  struct slice key);

/* Of REPLY, an ME: its key, and the attributes after it (proto/attributes.h). */
struct slice meta_item_members(const struct reply *reply, struct slice *key);

/* REPLY, a VA, as the reply to a get: with the key that was asked for and the client flags, if they
 * were returned. */
struct reply meta_as_value(const struct view *v, const struct reply *reply);

/* What the flags of REPLY say, for eyes: phrases with ", " between. */
void meta_add_remarks(struct buf *out, const struct view *v, const struct reply *reply);

/* The answer for eyes, but a value of mg, which is pretty_meta_value's (pretty_values.h). */
void meta_pretty(struct view *v, const struct reply *reply);

/* plain: the value, or the code, and each flag after a tab, letter and token. Nothing of a miss and
 * of a silence. Of me a line for each member: name, tab, value. */
void meta_plain(struct view *v, const struct reply *reply);

/* json: the members of the answer but `values`: number of ma, silent, a member `meta` with one for
 * each flag, `item` of me. */
void meta_json(struct view *v, const struct reply *reply);

/* csv: the header's line, and the row. */
const char *meta_csv_header(const struct view *v);
void meta_csv_row(struct view *v, const struct reply *reply);

#endif
