#include "proto/request.h"

#include "base/quote.h"
#include "proto/meta.h"

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
	LAYOUT_RAW,     /* the request's text, a fence */
	LAYOUT_LISTEN,  /* the request's text */
};

static const struct verb_row {
	const char *word;
	enum layout layout;
	enum expect expect;
} verbs[VERB_COUNT] = {
    [VERB_SET] = {"set", LAYOUT_STORAGE, EXPECT_STORAGE},
    [VERB_ADD] = {"add", LAYOUT_STORAGE, EXPECT_STORAGE},
    [VERB_REPLACE] = {"replace", LAYOUT_STORAGE, EXPECT_STORAGE},
    [VERB_APPEND] = {"append", LAYOUT_STORAGE, EXPECT_STORAGE},
    [VERB_PREPEND] = {"prepend", LAYOUT_STORAGE, EXPECT_STORAGE},
    [VERB_CAS] = {"cas", LAYOUT_CAS, EXPECT_STORAGE},
    [VERB_GET] = {"get", LAYOUT_KEYS, EXPECT_VALUES},
    [VERB_GETS] = {"gets", LAYOUT_KEYS, EXPECT_VALUES},
    [VERB_GAT] = {"gat", LAYOUT_GAT, EXPECT_VALUES},
    [VERB_GATS] = {"gats", LAYOUT_GAT, EXPECT_VALUES},
    [VERB_TOUCH] = {"touch", LAYOUT_TOUCH, EXPECT_TOUCH},
    [VERB_DELETE] = {"delete", LAYOUT_DELETE, EXPECT_DELETE},
    [VERB_INCR] = {"incr", LAYOUT_DELTA, EXPECT_NUMBER},
    [VERB_DECR] = {"decr", LAYOUT_DELTA, EXPECT_NUMBER},
    [VERB_STATS] = {"stats", LAYOUT_TEXT, EXPECT_STATS},
    [VERB_VERSION] = {"version", LAYOUT_TEXT, EXPECT_VERSION},
    [VERB_VERBOSITY] = {"verbosity", LAYOUT_LEVEL, EXPECT_OK},
    [VERB_FLUSH_ALL] = {"flush_all", LAYOUT_DELAY, EXPECT_OK},
    [VERB_QUIT] = {"quit", LAYOUT_TEXT, EXPECT_CLOSE},
    [VERB_RAW] = {"", LAYOUT_RAW, EXPECT_FENCE},
    [VERB_LISTEN] = {"", LAYOUT_LISTEN, EXPECT_ANY},
    [VERB_META_NOOP] = {"mn", LAYOUT_TEXT, EXPECT_NOOP},
};

const char *verb_word(enum verb verb)
{
	return verbs[verb].word;
}

bool verb_stores(enum verb verb)
{
	return verbs[verb].expect == EXPECT_STORAGE;
}

enum expect request_expects(const struct request *request)
{
	return request->noreply ? EXPECT_NONE : verbs[request->verb].expect;
}

bool request_is_marked(const struct request *request)
{
	if (request->meta)
		return request->opaque != 0;
	enum expect expect = request_expects(request);
	return expect == EXPECT_VERSION || expect == EXPECT_NOOP || expect == EXPECT_FENCE;
}

/* The offset of the first byte that no key may hold, or key.len. Eight bytes at a time while none
 * of them can be one: checking is a good part of what a large get costs here. */
static size_t key_bad_byte(struct slice key)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	size_t i = 0, next = 0;
	for (; i + 8 <= key.len; i = next) {
		uint64_t word;
		memcpy(&word, key.data + i, 8);
		/* A high bit comes out set where a byte is below 0x21, and where it is 0x7f. Bytes
		 * from 0x80 on may set it wrongly; they are then looked at one by one. */
		uint64_t low = (word - ones * 0x21) & ~word;
		uint64_t del = ((word ^ ones * 0x7f) - ones) & ~(word ^ ones * 0x7f);
		if ((low | del) & highs)
			break;
		/* The last eight may overlap the eight before them. */
		next = i + 8 < key.len && i + 16 > key.len ? key.len - 8 : i + 8;
	}
	while (i < key.len && (unsigned char)key.data[i] > 0x20 && key.data[i] != 0x7f)
		i++;
	return i;
}

bool key_check(struct slice key, struct error *error)
{
	if (key.len == 0) {
		error_set(error, "a key has 1 to 250 bytes", "the key is empty");
		return false;
	}
	if (key.len > KEY_MAX_BYTES) {
		error_set(
		    error,
		    "memcached takes 250 bytes at the most; shorten it or store under its hash",
		    "the key has %zu bytes", key.len);
		return false;
	}
	size_t i = key_bad_byte(key);
	if (i == key.len)
		return true;
	struct buf shown = BUF_INIT;
	escape_add_field(&shown, slice_of(key.data + i, 1));
	error_set(error, "a key holds no blanks and no control bytes", "the key has %s at byte %zu",
	          key.data[i] == ' ' ? "a blank" : buf_cstr(&shown), i + 1);
	buf_release(&shown);
	return false;
}

/* Text that goes into a command line: no byte in it may end the line. */
static bool text_check(struct slice text, struct error *error)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c < 0x20 || c == 0x7f) {
			error_set(error,
			          "leave it out: it could end the line and begin another command",
			          "the argument has a control byte (0x%02x) at byte %zu", c, i + 1);
			return false;
		}
	}
	if (text.len > 1024) {
		error_set(error, "1024 bytes are the most that fit a command line",
		          "the argument has %zu bytes", text.len);
		return false;
	}
	return true;
}

/* memcached reads a line of up to 2048 bytes however it is torn; only get and gets may be longer.
 */
#define GAT_LINE_MAX 2000

static size_t keys_length(const struct request *request)
{
	size_t len = 0;
	for (size_t i = 0; i < request->key_count; i++)
		len += request->keys[i].len + 1;
	return len;
}

static bool check_keys(const struct request *request, struct error *error)
{
	for (size_t i = 0; i < request->key_count; i++) {
		if (!key_check(request->keys[i], error))
			return false;
	}
	return true;
}

bool request_check_keys(struct request *request, struct error *error)
{
	request->keys_checked = request->keys_checked || check_keys(request, error);
	return request->keys_checked;
}

bool request_check(const struct request *request, struct error *error)
{
	if (!request->keys_checked && !check_keys(request, error))
		return false;
	enum layout layout = verbs[request->verb].layout;
	if (layout == LAYOUT_TEXT && !text_check(request->text, error))
		return false;
	if (layout == LAYOUT_GAT && keys_length(request) > GAT_LINE_MAX) {
		error_set(
		    error,
		    "give fewer keys at once: memcached closes on a longer line of this command",
		    "the keys take more than %d bytes together", GAT_LINE_MAX);
		return false;
	}
	if (request->exptime > INT32_MAX || request->exptime < INT32_MIN) {
		error_set(error,
		          "the server keeps times in 32 bits: 2147483647 (in 2038) is the last",
		          "the expiry time %lld is too large", (long long)request->exptime);
		return false;
	}
	return true;
}

static void add_word(struct buf *out, struct slice word)
{
	buf_add_char(out, ' ');
	buf_add_slice(out, word);
}

static void add_u64(struct buf *out, uint64_t n)
{
	buf_add_char(out, ' ');
	buf_add_u64(out, n);
}

static void add_i64(struct buf *out, int64_t n)
{
	buf_add_char(out, ' ');
	buf_add_i64(out, n);
}

static void add_keys(struct buf *out, const struct request *r)
{
	for (size_t i = 0; i < r->key_count; i++)
		add_word(out, r->keys[i]);
}

static void add_words(const struct request *r, enum layout layout, struct buf *out)
{
	switch (layout) {
	case LAYOUT_STORAGE:
	case LAYOUT_CAS:
		add_keys(out, r);
		add_u64(out, r->flags);
		add_i64(out, r->exptime);
		add_u64(out, r->value.len);
		if (layout == LAYOUT_CAS)
			add_u64(out, r->number);
		break;
	case LAYOUT_GAT:
		add_i64(out, r->exptime);
		add_keys(out, r);
		break;
	case LAYOUT_TOUCH:
		add_keys(out, r);
		add_i64(out, r->exptime);
		break;
	case LAYOUT_KEYS:
	case LAYOUT_DELETE:
		add_keys(out, r);
		break;
	case LAYOUT_DELTA:
		add_keys(out, r);
		add_u64(out, r->number);
		break;
	case LAYOUT_TEXT:
		if (r->text.len > 0)
			add_word(out, r->text);
		break;
	case LAYOUT_DELAY:
		if (!r->has_exptime)
			break;
		/* fall through */
	case LAYOUT_LEVEL:
		add_u64(out, r->number);
		break;
	case LAYOUT_RAW:
	case LAYOUT_LISTEN:
		break;
	}
}

struct slice request_fence(const struct request *request)
{
	if (request->is_list)
		return slice_of(NULL, 0);
	return request->fence_mn ? SLICE("mn\r\n") : SLICE("version\r\n");
}

bool request_encode(const struct request *request, struct buf *out)
{
	const struct verb_row *row = &verbs[request->verb];
	size_t start = out->len;
	out->full = false;
	if (request->meta) {
		meta_encode(request, out);
	} else if (row->layout == LAYOUT_RAW || row->layout == LAYOUT_LISTEN) {
		buf_add_slice(out, request->text);
		if (row->layout == LAYOUT_RAW)
			buf_add_slice(out, request_fence(request));
	} else {
		buf_add_str(out, row->word);
		add_words(request, row->layout, out);
		if (request->noreply)
			buf_add_str(out, " noreply");
		buf_add_str(out, "\r\n");
		if (row->layout == LAYOUT_STORAGE || row->layout == LAYOUT_CAS) {
			buf_add_slice(out, request->value);
			buf_add_str(out, "\r\n");
		}
	}
	if (out->full)
		buf_cut(out, start);
	return !out->full;
}
