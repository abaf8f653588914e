/*
 * node-memcached (JavaScript): 0 string, 2 JSON, 4 Buffer, 8 number. A Buffer is written as the
 * UTF-8 of its bytes taken for Latin-1 characters, and in everything a backslash goes before CR and
 * LF.
 */
#include "base/json_read.h"
#include "base/utf8.h"
#include "codec/decode.h"
#include "codec/number.h"

#include <inttypes.h>

enum {
	FLAG_JSON = 2,
	FLAG_BUFFER = 4,
	FLAG_NUMBER = 8,
};

static bool is_line_end(char c)
{
	return c == '\r' || c == '\n';
}

static bool has_escapes(struct slice value)
{
	for (size_t i = 1; i < value.len; i++) {
		if (value.data[i - 1] == '\\' && is_line_end(value.data[i]))
			return true;
	}
	return false;
}

static void unescape(struct buf *out, struct slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] != '\\' || i + 1 == value.len || !is_line_end(value.data[i + 1]))
			buf_add_char(out, value.data[i]);
	}
}

/* The bytes of a Buffer; false where a character is none of Latin-1. */
static bool latin1(struct buf *out, struct slice text)
{
	while (text.len > 0) {
		uint32_t code;
		size_t n = utf8_decode(text, &code);
		if (n == 0 || code > 0xff)
			return false;
		buf_add_char(out, (char)code);
		text = slice_skip(text, n);
	}
	return true;
}

static void decode_buffer(struct decoded *out, struct slice value)
{
	bool ok = latin1(&out->bytes, value);
	if (ok) {
		out->container = "latin-1 in UTF-8";
		out->size = out->bytes.len;
	} else {
		buf_release(&out->bytes);
		decode_problem(out, "the flags say a Buffer, and the bytes are not the UTF-8 of "
		                    "Latin-1 characters");
	}
	decode_bytes(out);
}

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	struct buf plain = BUF_INIT;
	struct slice value = stored;
	(void)inflate_max; /* nothing grows here */
	if (has_escapes(stored)) {
		unescape(&plain, stored);
		value = buf_slice(&plain);
	}
	switch (flags) {
	case 0:
		decode_string(out, value);
		break;
	case FLAG_JSON:
		decode_json(out, value);
		break;
	case FLAG_BUFFER:
		decode_buffer(out, value);
		break;
	case FLAG_NUMBER:
		if (is_stored_integer(value))
			decode_integer(out, value, DECODED_INTEGER);
		else
			decode_double(out, value);
		break;
	default:
		decode_string(out, value);
		decode_problem(out, "flags %" PRIu64 " are none that node-memcached writes", flags);
	}
	buf_release(&plain);
}

static const char *kind(uint64_t flags, struct slice stored, int *score)
{
	struct buf bytes = BUF_INIT;
	const char *found = NULL;
	if (flags == FLAG_JSON && json_is_valid(stored)) {
		/* Numbers would have had their own flag. */
		*score = is_double(without_padding(stored)) ? 20 : 85;
		found = "a JSON document: a value";
	} else if (flags == FLAG_BUFFER && latin1(&bytes, stored)) {
		*score = is_stored_integer(stored) ? 30 : 55;
		found = "UTF-8 of Latin-1: a Buffer";
	} else if (flags == FLAG_NUMBER && is_double(without_padding(stored))) {
		*score = 80;
		found = "a decimal number: a number";
	}
	buf_release(&bytes);
	return found;
}

static const struct codec_typed typed[DECODED_TYPE_COUNT] = {
    [DECODED_BYTES] = {true, FLAG_BUFFER, 0},   [DECODED_TEXT] = {true, 0, 0},
    [DECODED_INTEGER] = {true, FLAG_NUMBER, 0}, [DECODED_LONG] = {true, FLAG_NUMBER, 0},
    [DECODED_JSON] = {true, FLAG_JSON, 0},
};

static bool encode(enum decoded_type type, struct slice value, struct buf *out)
{
	for (size_t i = 0; i < value.len; i++) {
		char utf8[4], c = value.data[i];
		if (is_line_end(c))
			buf_add_char(out, '\\');
		if (type == DECODED_BYTES)
			buf_add(out, utf8, utf8_encode((unsigned char)c, utf8));
		else
			buf_add_char(out, c);
	}
	return true;
}

const struct codec codec_node_memcached = {
    .name = "node-memcached",
    .about = "node memcached 2 (JavaScript): 0 string, 2 JSON, 4 Buffer, 8 number",
    .kind = kind,
    .decode = decode,
    .typed = typed,
    .encode = encode,
};
