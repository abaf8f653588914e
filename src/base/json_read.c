#include "base/json_read.h"

#include "base/number.h"
#include "base/utf8.h"

void json_read_init(struct json_read *r, struct slice text)
{
	*r = (struct json_read){.begin = text.data, .at = text.data, .want = JSON_WANT_VALUE};
	r->end = text.len > 0 ? text.data + text.len : text.data;
}

size_t json_read_offset(const struct json_read *r)
{
	return (size_t)(r->at - r->begin);
}

static enum json_token fault(struct json_read *r, const char *why)
{
	r->fault = why;
	return JSON_FAULT;
}

static void skip_blanks(struct json_read *r)
{
	while (r->at < r->end &&
	       (*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || *r->at == '\n'))
		r->at++;
}

static bool take(struct json_read *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* The four digits of \uXXXX; -1 when they are none. */
static int32_t hex4(const char *at, const char *end)
{
	int32_t code = 0;
	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = number_hex_digit(at[i]);
		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code;
}

/* From a backslash to after its escape. */
static bool skip_escape(struct json_read *r)
{
	r->at++;
	if (r->at == r->end || !memchr("\"\\/bfnrtu", *r->at, 9))
		return false;
	if (*r->at++ != 'u')
		return true;
	if (hex4(r->at, r->end) < 0)
		return false;
	r->at += 4;
	return true;
}

/* From a quote to after the closing one. */
static bool read_string(struct json_read *r)
{
	const char *from = ++r->at;
	r->escaped = false;
	for (;;) {
		r->at += utf8_plain_run(slice_of(r->at, (size_t)(r->end - r->at)));
		if (r->at == r->end) {
			r->fault = "a string does not end";
			return false;
		}
		if (*r->at == '"')
			break;
		if (*r->at == '\\') {
			r->escaped = true;
			if (!skip_escape(r)) {
				r->fault = "a string holds an escape that JSON does not know";
				return false;
			}
			continue;
		}
		uint32_t code;
		size_t n = utf8_decode(slice_of(r->at, (size_t)(r->end - r->at)), &code);
		if (n == 0 || code < 0x20) {
			r->fault = n == 0 ? "a string is not UTF-8"
			                  : "a string holds a control character";
			return false;
		}
		r->at += n;
	}
	r->text = slice_of(from, (size_t)(r->at - from));
	r->at++;
	return true;
}

static bool take_digits(struct json_read *r)
{
	const char *from = r->at;
	while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
		r->at++;
	return r->at > from;
}

static bool take_number(struct json_read *r)
{
	take(r, '-');
	if (!take(r, '0') && !take_digits(r))
		return false;
	if (take(r, '.') && !take_digits(r))
		return false;
	if (take(r, 'e') || take(r, 'E')) {
		if (!take(r, '+'))
			take(r, '-');
		return take_digits(r);
	}
	return true;
}

static enum json_token scalar_done(struct json_read *r, const char *from, enum json_token token)
{
	if (token != JSON_STRING)
		r->text = slice_of(from, (size_t)(r->at - from));
	r->want = r->depth > 0 ? JSON_WANT_MORE : JSON_WANT_END;
	return token;
}

static enum json_token read_word(struct json_read *r, struct slice word, enum json_token token)
{
	const char *from = r->at;
	if (!slice_starts(slice_of(from, (size_t)(r->end - from)), word))
		return fault(r, "invalid value");
	r->at += word.len;
	return scalar_done(r, from, token);
}

static enum json_token open_container(struct json_read *r, bool object)
{
	if (r->depth == JSON_DEPTH_MAX)
		return fault(r, "it is nested too deeply");
	uint64_t *objects = &r->objects[r->depth / 64], bit = UINT64_C(1) << r->depth % 64;
	*objects = object ? *objects | bit : *objects & ~bit;
	r->depth++;
	r->text = slice_of(r->at++, 1);
	r->want = JSON_WANT_FIRST;
	return object ? JSON_OBJECT : JSON_ARRAY;
}

static enum json_token read_value(struct json_read *r)
{
	const char *from = r->at;
	if (from == r->end)
		return fault(r, "it ends too early");
	switch (*from) {
	case '{':
	case '[':
		return open_container(r, *from == '{');
	case '"':
		return read_string(r) ? scalar_done(r, from, JSON_STRING) : JSON_FAULT;
	case 't':
		return read_word(r, SLICE("true"), JSON_TRUE);
	case 'f':
		return read_word(r, SLICE("false"), JSON_FALSE);
	case 'n':
		return read_word(r, SLICE("null"), JSON_NULL);
	default:
		return take_number(r) ? scalar_done(r, from, JSON_NUMBER)
		                      : fault(r, "invalid value");
	}
}

static bool in_object(const struct json_read *r)
{
	unsigned last = r->depth - 1;
	return r->depth > 0 && (r->objects[last / 64] >> last % 64 & 1);
}

/* A name and the colon after it. */
static enum json_token read_name(struct json_read *r)
{
	if (r->at == r->end)
		return fault(r, "it ends too early");
	if (*r->at != '"')
		return fault(r, "a member has no name in quotes");
	if (!read_string(r))
		return JSON_FAULT;
	skip_blanks(r);
	if (!take(r, ':'))
		return fault(r, "a colon is missing after a name");
	r->want = JSON_WANT_VALUE;
	return JSON_NAME;
}

static enum json_token close_container(struct json_read *r)
{
	enum json_token token = in_object(r) ? JSON_OBJECT_END : JSON_ARRAY_END;
	r->text = slice_of(r->at++, 1);
	r->depth--;
	r->want = r->depth > 0 ? JSON_WANT_MORE : JSON_WANT_END;
	return token;
}

enum json_token json_read_next(struct json_read *r)
{
	if (r->fault)
		return JSON_FAULT;
	skip_blanks(r);
	if (r->want == JSON_WANT_END)
		return r->at == r->end ? JSON_END : fault(r, "more follows its end");
	if (r->want == JSON_WANT_VALUE)
		return read_value(r);
	if (r->at < r->end && *r->at == (in_object(r) ? '}' : ']'))
		return close_container(r);
	if (r->want == JSON_WANT_MORE) {
		if (!take(r, ','))
			return fault(r,
			             r->at == r->end ? "it ends too early" : "a comma is missing");
		skip_blanks(r);
	}
	return in_object(r) ? read_name(r) : read_value(r);
}

bool json_read_rest(struct json_read *r)
{
	unsigned outside = r->depth > 0 ? r->depth - 1 : 0;
	while (r->depth > outside) {
		if (json_read_next(r) == JSON_FAULT)
			return false;
	}
	return !r->fault;
}

bool json_read_value(struct json_read *r, struct slice *value)
{
	enum json_token token = json_read_next(r);
	const char *from = r->text.data;
	switch (token) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		if (!json_read_rest(r))
			return false;
		break;
	case JSON_STRING:
		from--; /* its quote */
		break;
	case JSON_NUMBER:
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		break;
	default:
		return false;
	}
	*value = slice_of(from, (size_t)(r->at - from));
	return true;
}

bool json_is_valid(struct slice text)
{
	struct json_read r;
	struct slice value;
	json_read_init(&r, text);
	return json_read_value(&r, &value) && json_read_next(&r) == JSON_END;
}

/* Takes a character from the front of a valid string: its code point, or half of a pair that
 * stands alone. */
static uint32_t take_character(struct slice *string)
{
	uint32_t code;
	const char *at = string->data, *end = at + string->len;
	if (*at != '\\') {
		size_t n = utf8_decode(*string, &code);
		*string = slice_skip(*string, n);
		return code;
	}
	static const char names[] = "bfnrt", means[] = "\b\f\n\r\t";
	const char *name = memchr(names, at[1], sizeof(names) - 1);
	if (at[1] != 'u') {
		*string = slice_skip(*string, 2);
		return (unsigned char)(name ? means[name - names] : at[1]);
	}
	code = (uint32_t)hex4(at + 2, end);
	at += 6;
	if (code >= 0xd800 && code < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
		uint32_t low = (uint32_t)hex4(at + 2, end);
		if (low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			at += 6;
		}
	}
	*string = slice_of(at, (size_t)(end - at));
	return code;
}

bool json_unescape(struct buf *out, struct slice string)
{
	size_t before = out->len;
	while (string.len > 0) {
		struct slice plain = slice_before(string, '\\');
		bool added = buf_add_slice(out, plain);
		string = slice_skip(string, plain.len);
		if (added && string.len > 0) {
			uint32_t code = take_character(&string);
			char bytes[4];
			added = (code < 0xd800 || code > 0xdfff) &&
			        buf_add(out, bytes, utf8_encode(code, bytes));
		}
		if (!added) {
			buf_cut(out, before);
			return false;
		}
	}
	return true;
}

bool json_string_is(struct slice string, struct slice bytes)
{
	if (string.len == 0 || !memchr(string.data, '\\', string.len))
		return slice_eq(string, bytes);
	while (string.len > 0) {
		uint32_t code = take_character(&string);
		char want[4];
		if (code >= 0xd800 && code <= 0xdfff)
			return false;
		size_t n = utf8_encode(code, want);
		if (!slice_starts(bytes, slice_of(want, n)))
			return false;
		bytes = slice_skip(bytes, n);
	}
	return bytes.len == 0;
}

bool json_string_same(struct slice string, struct slice other)
{
	if (slice_eq(string, other))
		return true;
	while (string.len > 0 && other.len > 0) {
		if (take_character(&string) != take_character(&other))
			return false;
	}
	return string.len == 0 && other.len == 0;
}
