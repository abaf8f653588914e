#include "proto/classic.h"

#include "base/number.h"

/* How the words after a verb are laid out on its line. */
enum layout {
	LAYOUT_STORAGE, /* key flags exptime bytes [noreply], data block */
	LAYOUT_CAS,     /* key flags exptime bytes cas [noreply], data block */
	LAYOUT_KEYS,    /* key... */
	LAYOUT_GAT,     /* exptime key... */
	LAYOUT_TOUCH,   /* key exptime [noreply] */
	LAYOUT_DELETE,  /* key [noreply] */
	LAYOUT_DELTA,   /* key number [noreply] */
	LAYOUT_TEXT,    /* the request's text, if any */
	LAYOUT_LEVEL,   /* number [noreply] */
	LAYOUT_DELAY,   /* [number] [noreply] */
};

static const enum layout layouts[VERB_COUNT] = {
    [VERB_SET] = LAYOUT_STORAGE,     [VERB_ADD] = LAYOUT_STORAGE,
    [VERB_REPLACE] = LAYOUT_STORAGE, [VERB_APPEND] = LAYOUT_STORAGE,
    [VERB_PREPEND] = LAYOUT_STORAGE, [VERB_CAS] = LAYOUT_CAS,
    [VERB_GET] = LAYOUT_KEYS,        [VERB_GETS] = LAYOUT_KEYS,
    [VERB_GAT] = LAYOUT_GAT,         [VERB_GATS] = LAYOUT_GAT,
    [VERB_TOUCH] = LAYOUT_TOUCH,     [VERB_DELETE] = LAYOUT_DELETE,
    [VERB_INCR] = LAYOUT_DELTA,      [VERB_DECR] = LAYOUT_DELTA,
    [VERB_STATS] = LAYOUT_TEXT,      [VERB_VERSION] = LAYOUT_TEXT,
    [VERB_VERBOSITY] = LAYOUT_LEVEL, [VERB_FLUSH_ALL] = LAYOUT_DELAY,
    [VERB_QUIT] = LAYOUT_TEXT,       [VERB_SLABS] = LAYOUT_TEXT,
    [VERB_LRU] = LAYOUT_TEXT,        [VERB_LRU_CRAWLER] = LAYOUT_TEXT,
    [VERB_EXTSTORE] = LAYOUT_TEXT,   [VERB_CACHE_MEMLIMIT] = LAYOUT_TEXT,
    [VERB_SHUTDOWN] = LAYOUT_TEXT,   [VERB_REFRESH_CERTS] = LAYOUT_TEXT,
    [VERB_CONFIG] = LAYOUT_TEXT,
};

bool classic_has_form(const struct request *request)
{
	if (request->creates || request->key_coded ||
	    (request->verb == VERB_DELETE && request->number != 0))
		return false;
	return request->verb < VERB_MG && request->verb != VERB_NOOP;
}

static ALWAYS_INLINE void add_word(struct buf *out, struct fields *f, enum field_kind kind,
                                   struct slice word)
{
	buf_add_char(out, ' ');
	size_t from = out->len;
	buf_add_slice(out, word);
	fields_note(f, kind, from, out->len);
}

static ALWAYS_INLINE void add_u64(struct buf *out, struct fields *f, enum field_kind kind,
                                  uint64_t n)
{
	buf_add_char(out, ' ');
	size_t from = out->len;
	buf_add_u64(out, n);
	fields_note(f, kind, from, out->len);
}

static ALWAYS_INLINE void add_exptime(struct buf *out, struct fields *f, int64_t n)
{
	buf_add_char(out, ' ');
	size_t from = out->len;
	buf_add_i64(out, n);
	fields_note(f, FIELD_EXPTIME, from, out->len);
}

static ALWAYS_INLINE void add_keys(struct buf *out, struct fields *f, const struct request *r)
{
	for (size_t i = 0; i < r->key_count; i++)
		add_word(out, f, FIELD_KEY, r->keys[i]);
}

static ALWAYS_INLINE void add_line_end(struct buf *out, struct fields *f, enum field_kind kind)
{
	buf_add_slice(out, SLICE("\r\n"));
	fields_note(f, kind, out->len - 2, out->len);
}

static ALWAYS_INLINE void add_words(const struct request *r, enum layout layout, struct buf *out,
                                    struct fields *f)
{
	switch (layout) {
	case LAYOUT_STORAGE:
	case LAYOUT_CAS:
		add_keys(out, f, r);
		add_u64(out, f, FIELD_FLAGS, r->flags);
		add_exptime(out, f, r->exptime);
		add_u64(out, f, FIELD_LENGTH, r->value.len);
		if (layout == LAYOUT_CAS)
			add_u64(out, f, FIELD_CAS, r->number);
		break;
	case LAYOUT_GAT:
		add_exptime(out, f, r->exptime);
		add_keys(out, f, r);
		break;
	case LAYOUT_TOUCH:
		add_keys(out, f, r);
		add_exptime(out, f, r->exptime);
		break;
	case LAYOUT_KEYS:
	case LAYOUT_DELETE:
		add_keys(out, f, r);
		break;
	case LAYOUT_DELTA:
		add_keys(out, f, r);
		add_u64(out, f, FIELD_DELTA, r->number);
		break;
	case LAYOUT_TEXT:
		if (r->text.len > 0)
			add_word(out, f, FIELD_ARGUMENT, r->text);
		break;
	case LAYOUT_DELAY:
		if (r->has_exptime)
			add_u64(out, f, FIELD_DELAY, r->number);
		break;
	case LAYOUT_LEVEL:
		add_u64(out, f, FIELD_LEVEL, r->number);
		break;
	}
}

/* memcached's ASCII authentication (doc/protocol.txt, "Authentication"): a set that stores nothing.
 * A server that wants no login would store it, and so it expires at once. */
static void encode_login(const struct request *login, struct buf *out, struct fields *f)
{
	static const struct slice key = SLICE_INIT("login");
	size_t length = login->keys[0].len + 1 + login->value.len, from = out->len;
	buf_add_slice(out, SLICE("set"));
	fields_note(f, FIELD_COMMAND, from, out->len);
	add_word(out, f, FIELD_KEY, key);
	add_u64(out, f, FIELD_FLAGS, 0);
	add_exptime(out, f, -1);
	add_u64(out, f, FIELD_LENGTH, length);
	add_line_end(out, f, FIELD_LINE_END);
	from = out->len;
	buf_add_slice(out, login->keys[0]);
	buf_add_char(out, ' ');
	buf_add_slice(out, login->value);
	fields_note(f, FIELD_SECRET, from, out->len);
	add_line_end(out, f, FIELD_DATA_END);
}

static ALWAYS_INLINE void encode(const struct request *request, struct buf *out,
                                 struct fields *fields)
{
	enum layout layout = layouts[request->verb];
	size_t from = out->len;
	buf_add_slice(out, verb_rows[request->verb].word);
	fields_note(fields, FIELD_COMMAND, from, out->len);
	add_words(request, layout, out, fields);
	if (request->noreply)
		add_word(out, fields, FIELD_NOREPLY, SLICE("noreply"));
	add_line_end(out, fields, FIELD_LINE_END);
	if (layout == LAYOUT_STORAGE || layout == LAYOUT_CAS) {
		from = out->len;
		buf_add_slice(out, request->value);
		fields_note(fields, request->secret ? FIELD_SECRET : FIELD_DATA, from, out->len);
		add_line_end(out, fields, FIELD_DATA_END);
	}
}

void classic_encode(const struct request *request, struct buf *out, struct fields *fields)
{
	if (request->verb == VERB_LOGIN)
		encode_login(request, out, fields);
	else if (fields)
		encode(request, out, fields);
	else
		encode(request, out, NULL);
}

/* VALUE <key> <flags> <bytes>[ <cas>] and the block after it. */
static enum reader_result take_value(struct reply_reader *r, const struct request *request,
                                     size_t *cursor, struct slice line, size_t length,
                                     struct reply *out, struct error *error)
{
	struct slice rest = slice_skip(line, 6);
	uint64_t len;
	out->kind = REPLY_VALUE;
	size_t i = *cursor;
	/* The keys that are there come in the order in which they were asked for, as a rule. */
	bool next = i < request->key_count && slice_starts(rest, request->keys[i]) &&
	            rest.len > request->keys[i].len && rest.data[request->keys[i].len] == ' ';
	if (next) {
		out->key = slice_of(rest.data, request->keys[i].len);
		rest = slice_skip(rest, out->key.len);
	} else {
		out->key = reader_word(&rest);
	}
	struct slice flags = reader_word(&rest), bytes = reader_word(&rest);
	if (number_parse_u64(flags, &out->flags) != NUMBER_OK ||
	    number_parse_u64(bytes, &len) != NUMBER_OK)
		return reader_misfit(request, line, error);
	struct slice cas = reader_word(&rest);
	out->has_cas = cas.len > 0;
	if ((out->has_cas && number_parse_u64(cas, &out->cas) != NUMBER_OK) ||
	    reader_word(&rest).len > 0)
		return reader_misfit(request, line, error);

	if (!next && !reader_key_place(request, *cursor, out->key, &i))
		return reader_misfit(request, line, error);
	enum reader_result result = reader_block(r, length, len, &out->value, error);
	if (result != READER_REPLY)
		return result;
	out->key_index = i;
	*cursor = i + 1;
	if (r->fields) {
		reader_note(r, FIELD_CODE, slice_of(line.data, 5));
		reader_note(r, FIELD_KEY, out->key);
		reader_note(r, FIELD_FLAGS, flags);
		reader_note(r, FIELD_LENGTH, bytes);
		reader_note(r, FIELD_CAS, cas);
		reader_note_block(r, length, out->value);
	}
	return reader_take(r, length + (size_t)len + 2, out);
}

/* An answer that is one fixed word. */
static bool is_word(enum expect expect, struct slice line, struct reply *out)
{
	/* Those of a shape, the most frequent first; REPLY_VALUE, which is none of them, ends. */
	static const enum reply_kind words[EXPECT_SHAPES][5] = {
	    [EXPECT_VALUES] = {REPLY_END},
	    [EXPECT_STORAGE] = {REPLY_STORED, REPLY_NOT_STORED, REPLY_EXISTS, REPLY_NOT_FOUND},
	    [EXPECT_TOUCH] = {REPLY_TOUCHED, REPLY_NOT_FOUND},
	    [EXPECT_DELETE] = {REPLY_DELETED, REPLY_NOT_FOUND},
	    [EXPECT_NUMBER] = {REPLY_NOT_FOUND},
	    [EXPECT_STATS] = {REPLY_END, REPLY_OK, REPLY_RESET},
	    [EXPECT_OK] = {REPLY_OK},
	    [EXPECT_ADMIN] = {REPLY_OK, REPLY_RESET},
	};
	for (const enum reply_kind *kind = words[expect]; *kind != REPLY_VALUE; kind++) {
		if (slice_eq(line, reply_words[*kind])) {
			out->kind = *kind;
			return true;
		}
	}
	return false;
}

/* STAT <name> <value>; ITEM (cachedump) and PREFIX (detail dump) lines are shown as they are. */
static bool is_stat(struct slice line, struct reply *out)
{
	if (slice_starts(line, SLICE("STAT "))) {
		struct slice rest = slice_skip(line, 5);
		out->kind = REPLY_STAT;
		out->key = reader_word(&rest);
		out->value = slice_skip(rest, 1);
		return out->key.len > 0;
	}
	out->kind = REPLY_LINE;
	out->value = line;
	return slice_starts(line, SLICE("ITEM ")) || slice_starts(line, SLICE("PREFIX "));
}

bool classic_stats_without_end(const struct request *request)
{
	return slice_eq_str(request->text, "sizes_enable") ||
	       slice_eq_str(request->text, "sizes_disable");
}

bool classic_is_refusal(struct slice line, struct reply *out)
{
	struct slice rest = line;
	out->kind = REPLY_REFUSED;
	out->value = line;
	return slice_is_among(reader_word(&rest),
	                      "BUSY BADCLASS NOSPARE NOTFULL UNSAFE SAME NOTSTARTED "
	                      "MEMLIMIT_TOO_SMALL MEMLIMIT_ADJUST_FAILED Error");
}

/* CONFIG cluster <flags> <bytes>, the block, and END after it; some servers put an empty line
 * between. *CURSOR: 1 after the block, 2 after that line. */
static enum reader_result take_config(struct reply_reader *r, const struct request *request,
                                      size_t *cursor, struct slice line, size_t length,
                                      struct reply *out, struct error *error)
{
	struct slice rest = line;
	uint64_t len;
	if (*cursor > 0 && slice_eq(line, SLICE("END"))) {
		out->kind = REPLY_END;
		return reader_take_line(r, line, length, out);
	}
	if (*cursor == 1 && line.len == 0) {
		*cursor = 2;
		out->kind = REPLY_LINE;
		return reader_take_line(r, line, length, out);
	}
	static const enum field_kind kinds[] = {FIELD_CODE, FIELD_KEY, FIELD_FLAGS, FIELD_LENGTH};
	struct slice word = rest;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		word = reader_word(&rest);
		reader_note(r, kinds[i], word);
	}
	if (*cursor > 0 || !slice_starts(line, SLICE("CONFIG ")) ||
	    number_parse_u64(word, &len) != NUMBER_OK)
		return reader_misfit(request, line, error);
	enum reader_result result = reader_block(r, length, len, &out->value, error);
	if (result != READER_REPLY)
		return result;
	*cursor = 1;
	out->kind = REPLY_LINE;
	out->block = true;
	if (r->fields)
		reader_note_block(r, length, out->value);
	return reader_take(r, length + (size_t)len + 2, out);
}

enum reader_result classic_read(struct reply_reader *r, const struct request *request,
                                size_t *cursor, struct reply *out, struct error *error)
{
	enum expect expect = request_expects(request);
	struct slice line;
	size_t length;

	if (expect == EXPECT_STATS && *cursor > 0 && classic_stats_without_end(request)) {
		out->kind = REPLY_END;
		return READER_REPLY;
	}
	enum reader_result result = reader_line(r, &line, &length, error);
	if (result != READER_REPLY)
		return result;
	if (expect == EXPECT_VALUES && slice_starts(line, SLICE("VALUE ")))
		return take_value(r, request, cursor, line, length, out, error);
	if (expect == EXPECT_NUMBER && number_parse_u64(line, &out->number) == NUMBER_OK) {
		out->kind = REPLY_NUMBER;
		return reader_take_line(r, line, length, out);
	}
	if (is_word(expect, line, out) || reader_error(line, out))
		return reader_take_line(r, line, length, out);
	if (expect == EXPECT_STATS && is_stat(line, out)) {
		*cursor = 1;
		return reader_take_line(r, line, length, out);
	}
	if (expect == EXPECT_ADMIN && classic_is_refusal(line, out))
		return reader_take_line(r, line, length, out);
	if (expect == EXPECT_CONFIG)
		return take_config(r, request, cursor, line, length, out, error);
	if (expect == EXPECT_VERSION && slice_starts(line, SLICE("VERSION "))) {
		out->kind = REPLY_VERSION;
		out->value = slice_skip(line, 8);
		return reader_take_line(r, line, length, out);
	}
	return reader_misfit(request, line, error);
}

bool classic_leaves_rest(const struct request *request, size_t cursor, const struct reply *reply,
                         bool alone)
{
	switch (request_expects(request)) {
	case EXPECT_STORAGE: /* a SERVER_ERROR comes after the data, which was read whole */
		return reply->kind == REPLY_ERROR || reply->kind == REPLY_CLIENT_ERROR;
	case EXPECT_VALUES:
		return reply_is_error(reply->kind) &&
		       (alone || request->key_count > 1 || cursor > 0);
	default:
		return false;
	}
}
