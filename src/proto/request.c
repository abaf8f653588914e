#include "proto/request.h"

#include "base/base64.h"
#include "base/eight.h"
#include "base/quote.h"

const struct verb_row verb_rows[VERB_COUNT] = {
    [VERB_SET] = {SLICE_INIT("set"), EXPECT_STORAGE, EFFECT_CHANGES},
    [VERB_ADD] = {SLICE_INIT("add"), EXPECT_STORAGE, EFFECT_CHANGES},
    [VERB_REPLACE] = {SLICE_INIT("replace"), EXPECT_STORAGE, EFFECT_CHANGES},
    [VERB_APPEND] = {SLICE_INIT("append"), EXPECT_STORAGE, EFFECT_CHANGES},
    [VERB_PREPEND] = {SLICE_INIT("prepend"), EXPECT_STORAGE, EFFECT_CHANGES},
    [VERB_CAS] = {SLICE_INIT("cas"), EXPECT_STORAGE, EFFECT_CHANGES},
    [VERB_GET] = {SLICE_INIT("get"), EXPECT_VALUES, EFFECT_READS},
    [VERB_GETS] = {SLICE_INIT("gets"), EXPECT_VALUES, EFFECT_READS},
    [VERB_GAT] = {SLICE_INIT("gat"), EXPECT_VALUES, EFFECT_CHANGES},
    [VERB_GATS] = {SLICE_INIT("gats"), EXPECT_VALUES, EFFECT_CHANGES},
    [VERB_TOUCH] = {SLICE_INIT("touch"), EXPECT_TOUCH, EFFECT_CHANGES},
    [VERB_DELETE] = {SLICE_INIT("delete"), EXPECT_DELETE, EFFECT_CHANGES},
    [VERB_INCR] = {SLICE_INIT("incr"), EXPECT_NUMBER, EFFECT_CHANGES},
    [VERB_DECR] = {SLICE_INIT("decr"), EXPECT_NUMBER, EFFECT_CHANGES},
    [VERB_STATS] = {SLICE_INIT("stats"), EXPECT_STATS, EFFECT_BY_TEXT},
    [VERB_VERSION] = {SLICE_INIT("version"), EXPECT_VERSION, EFFECT_READS},
    [VERB_VERBOSITY] = {SLICE_INIT("verbosity"), EXPECT_OK, EFFECT_CHANGES},
    [VERB_FLUSH_ALL] = {SLICE_INIT("flush_all"), EXPECT_OK, EFFECT_CHANGES},
    [VERB_SLABS] = {SLICE_INIT("slabs"), EXPECT_ADMIN, EFFECT_CHANGES},
    [VERB_LRU] = {SLICE_INIT("lru"), EXPECT_ADMIN, EFFECT_CHANGES},
    [VERB_LRU_CRAWLER] = {SLICE_INIT("lru_crawler"), EXPECT_ADMIN, EFFECT_CHANGES},
    [VERB_CACHE_MEMLIMIT] = {SLICE_INIT("cache_memlimit"), EXPECT_ADMIN, EFFECT_CHANGES},
    [VERB_EXTSTORE] = {SLICE_INIT("extstore"), EXPECT_ADMIN, EFFECT_CHANGES},
    [VERB_REFRESH_CERTS] = {SLICE_INIT("refresh_certs"), EXPECT_ADMIN, EFFECT_CHANGES},
    [VERB_SHUTDOWN] = {SLICE_INIT("shutdown"), EXPECT_CLOSE, EFFECT_CHANGES},
    [VERB_CONFIG] = {SLICE_INIT("config"), EXPECT_CONFIG, EFFECT_BY_TEXT},
    [VERB_QUIT] = {SLICE_INIT("quit"), EXPECT_CLOSE, EFFECT_READS},
    [VERB_NOOP] = {SLICE_INIT("noop"), EXPECT_FENCE, EFFECT_READS},
    [VERB_LOGIN] = {SLICE_INIT("login"), EXPECT_STORAGE, EFFECT_READS},
    [VERB_MG] = {SLICE_INIT("mg"), EXPECT_META, EFFECT_BY_TEXT},
    [VERB_MS] = {SLICE_INIT("ms"), EXPECT_META, EFFECT_CHANGES},
    [VERB_MD] = {SLICE_INIT("md"), EXPECT_META, EFFECT_CHANGES},
    [VERB_MA] = {SLICE_INIT("ma"), EXPECT_META, EFFECT_CHANGES},
    [VERB_MN] = {SLICE_INIT("mn"), EXPECT_META, EFFECT_READS},
    [VERB_ME] = {SLICE_INIT("me"), EXPECT_META, EFFECT_READS},
    [VERB_RAW] = {SLICE_INIT(""), EXPECT_FENCE, EFFECT_BY_TEXT},
    [VERB_LISTEN] = {SLICE_INIT(""), EXPECT_ANY, EFFECT_CHANGES},
};

/* Eight bytes at a time while none of them can be one: checking is a good part of what a large get
 * costs here. */
size_t key_bad_byte(struct slice key)
{
	size_t i = 0, next = 0, place;
	for (; i + 8 <= key.len; i = next) {
		uint64_t word = eight_at(key.data + i);
		if (eight_found(eight_below(word, 0x21) | eight_equal(word, 0x7f), &place))
			return i + place;
		/* The last eight may overlap the eight before them. */
		next = i + 8 < key.len && i + 16 > key.len ? key.len - 8 : i + 8;
	}
	while (i < key.len && (unsigned char)key.data[i] > 0x20 && key.data[i] != 0x7f)
		i++;
	return i;
}

static bool check_length(struct slice key, struct error *error)
{
	if (key.len == 0)
		return error_set(error, "a key has 1 to 250 bytes", "the key is empty");
	if (key.len > KEY_MAX_BYTES)
		return error_set(
		    error,
		    "memcached takes 250 bytes at the most; shorten it or store under its hash",
		    "the key has %zu bytes", key.len);
	return true;
}

bool key_check(struct slice key, struct error *error)
{
	if (!check_length(key, error))
		return false;
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
		if (c < 0x20 || c == 0x7f)
			return error_set(
			    error, "leave it out: it could end the line and begin another command",
			    "the argument has a control byte (0x%02x) at byte %zu", c, i + 1);
	}
	if (text.len > 1024)
		return error_set(error, "1024 bytes are the most that fit a command line",
		                 "the argument has %zu bytes", text.len);
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

static bool check_coded(struct slice key, struct error *error)
{
	if (key.len > 0 && base64_length(key.len) <= KEY_MAX_BYTES)
		return true;
	return key.len == 0 ? check_length(key, error)
	                    : error_set(error, "186 bytes are the most that base64 makes 250 of",
	                                "the key has %zu bytes, and goes out in base64", key.len);
}

static bool check_keys(const struct request *request, struct error *error)
{
	if (request->key_coded && request->key_count == 1)
		return check_coded(request->keys[0], error);
	bool any = request->dialect == DIALECT_BINARY;
	for (size_t i = 0; i < request->key_count; i++) {
		if (!(any ? check_length : key_check)(request->keys[i], error))
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
	if (request_dialect(request) != DIALECT_RAW && !text_check(request->text, error))
		return false;
	bool is_gat = request->verb == VERB_GAT || request->verb == VERB_GATS;
	if (is_gat && request->dialect == DIALECT_CLASSIC && keys_length(request) > GAT_LINE_MAX)
		return error_set(
		    error,
		    "give fewer keys at once: memcached closes on a longer line of this command",
		    "the keys take more than %d bytes together", GAT_LINE_MAX);
	if (request->exptime > INT32_MAX || request->exptime < INT32_MIN)
		return error_set(
		    error, "the server keeps times in 32 bits: 2147483647 (in 2038) is the last",
		    "the expiry time %lld is too large", (long long)request->exptime);
	return true;
}
