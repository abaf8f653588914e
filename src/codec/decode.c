#include "codec/decode.h"

#include "base/json_read.h"
#include "base/utf8.h"
#include "base/zip.h"
#include "codec/number.h"

#include <stdio.h>

void decode_problem(struct decoded *out, const char *format, ...)
{
	if (out->problem[0] != '\0')
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(out->problem, sizeof out->problem, format, args);
	va_end(args);
}

/* A text of this length is not copied. */
#define BORROWED_MIN ((size_t)64 * 1024)

void decode_clear_text(struct decoded *out)
{
	if (out->borrowed)
		out->text = (struct buf)BUF_INIT;
	out->borrowed = false;
	buf_clear(&out->text);
}

void decode_bytes(struct decoded *out)
{
	out->type = DECODED_BYTES;
	decode_clear_text(out);
}

static void set_text(struct decoded *out, enum decoded_type type, struct slice text)
{
	out->type = type;
	decode_clear_text(out);
	if (text.len < BORROWED_MIN) {
		buf_add_slice(&out->text, text);
		return;
	}
	buf_release(&out->text);
	out->text = (struct buf){.data = (char *)(size_t)text.data, .len = text.len};
	out->borrowed = true;
}

void decode_string(struct decoded *out, struct slice value)
{
	if (utf8_valid(value))
		set_text(out, DECODED_TEXT, value);
	else
		decode_bytes(out);
}

void decode_text(struct decoded *out, struct slice value)
{
	decode_string(out, value);
	if (out->type == DECODED_BYTES)
		decode_problem(out, "the flags say text, and the bytes are not UTF-8");
}

void decode_integer(struct decoded *out, struct slice value, enum decoded_type type)
{
	if (is_stored_integer(value)) {
		set_text(out, type, without_padding(value));
		return;
	}
	decode_string(out, value);
	decode_problem(out, "the flags say an integer, and the bytes are not decimal digits");
}

void decode_double(struct decoded *out, struct slice value)
{
	if (is_double(value)) {
		set_text(out, DECODED_DOUBLE, value);
		return;
	}
	decode_string(out, value);
	decode_problem(out, "the flags say a number, and the bytes are none");
}

void decode_json(struct decoded *out, struct slice value)
{
	if (json_is_valid(value)) {
		set_text(out, DECODED_JSON, value);
		return;
	}
	decode_string(out, value);
	decode_problem(out, "the flags say JSON, and the bytes are no JSON document");
}

void decode_boolean(struct decoded *out, bool value)
{
	set_text(out, DECODED_BOOLEAN, value ? SLICE("true") : SLICE("false"));
}

static void expand(struct decoded *out, enum zip_format format, struct slice value, size_t max,
                   struct slice *inside)
{
	size_t used;
	enum zip_result result = zip_inflate(value, format, max, &out->bytes, &used);
	out->container = format == ZIP_GZIP ? "gzip" : "zlib";
	out->size = out->bytes.len;
	*inside = out->bytes.len > 0 ? buf_slice(&out->bytes) : SLICE("");

	if (result == ZIP_CEILING)
		decode_problem(out,
		               "the %s stream expands to more than the %zu bytes allowed: what "
		               "follows is left out",
		               out->container, max);
	else if (result != ZIP_OK)
		decode_problem(out,
		               "the %s stream %s after %zu of its %zu bytes, %zu bytes came out",
		               out->container, zip_why(result), used, value.len, out->size);
	else if (used < value.len)
		decode_problem(out, "%zu byte%s the end of the %s stream", value.len - used,
		               value.len - used == 1 ? " follows" : "s follow", out->container);
}

void decode_zlib(struct decoded *out, struct slice value, size_t max, struct slice *inside)
{
	expand(out, ZIP_ZLIB, value, max, inside);
}

void decode_gzip(struct decoded *out, struct slice value, size_t max, struct slice *inside)
{
	expand(out, ZIP_GZIP, value, max, inside);
}

struct slice peek_inside(struct slice stored, char bytes[static 64])
{
	bool gzip = zip_looks_like_gzip(stored);
	if (!gzip && !zip_looks_like_zlib(stored))
		return SLICE("");
	struct buf inside = BUF_INIT;
	zip_inflate(stored, gzip ? ZIP_GZIP : ZIP_ZLIB, 64, &inside, NULL);
	size_t n = inside.len;
	if (n > 0)
		memcpy(bytes, inside.data, n);
	buf_release(&inside);
	return slice_of(bytes, n);
}

void codec_decode(const struct codec *p, uint64_t flags, struct slice stored, size_t inflate_max,
                  struct decoded *out)
{
	out->codec = p->name;
	out->stored = out->size = stored.len;
	out->type = DECODED_BYTES;
	p->decode(flags, stored, inflate_max, out);
}
