/*
 * Bytes of the caller's own, and lines of any kind as their answer. That ends as enum raw_end says
 * (VERB_RAW: mostly with the answer to a fence, a command sent after them), or not at all
 * (VERB_LISTEN). A data block is a line of its own, whatever it holds.
 */
#ifndef PROTO_RAW_H
#define PROTO_RAW_H

#include "proto/field.h"
#include "proto/reply_reader.h"

/* Nothing but `version`, which any server and any proxy answers: a fence after other commands. */
extern const struct request raw_version;

/* These are a row of proto/dialect.c: see struct dialect. */
bool raw_has_form(const struct request *request);
void raw_encode(const struct request *request, struct buf *out, struct fields *fields);
enum reader_result raw_read(struct reply_reader *r, const struct request *request, size_t *cursor,
                            struct reply *out, struct error *error);
bool raw_is_marked(const struct request *request);
size_t raw_fence_len(const struct request *request);

/* Whether LINE is the end of a list of keys (lru_crawler metadump, mgdump), or refuses one. */
bool raw_ends_list(struct slice line);

#endif
