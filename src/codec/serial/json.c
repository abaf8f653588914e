/*
 * Whether bytes are a JSON document, after the grammar of RFC 8259. No tree is built.
 */
#include "base/utf8.h"
#include "codec/decode.h"

enum {
	JSON_DEPTH = 128,
};

struct json {
	struct slice in;
	size_t at;
};

static int peek(const struct json *j)
{
	return j->at < j->in.len ? (unsigned char)j->in.data[j->at] : -1;
}

static bool accept(struct json *j, char c)
{
	if (peek(j) != c)
		return false;
	j->at++;
	return true;
}

static void skip_blanks(struct json *j)
{
	while (peek(j) == ' ' || peek(j) == '\t' || peek(j) == '\n' || peek(j) == '\r')
		j->at++;
}

static bool word(struct json *j, struct slice name)
{
	if (!slice_starts(slice_skip(j->in, j->at), name))
		return false;
	j->at += name.len;
	return true;
}

static bool hex4(struct json *j)
{
	for (int i = 0; i < 4; i++, j->at++) {
		int c = peek(j);
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
	}
	return true;
}

static bool string(struct json *j)
{
	if (!accept(j, '"'))
		return false;
	while (!accept(j, '"')) {
		int c = peek(j);
		if (c < 0x20)
			return false;
		j->at++;
		if (c != '\\')
			continue;
		c = peek(j);
		if (c <= 0 || !strchr("\"\\/bfnrtu", c))
			return false;
		j->at++;
		if (c == 'u' && !hex4(j))
			return false;
	}
	return true;
}

static size_t digits(struct json *j)
{
	size_t start = j->at;
	while (peek(j) >= '0' && peek(j) <= '9')
		j->at++;
	return j->at - start;
}

static bool number(struct json *j)
{
	accept(j, '-');
	bool zero = peek(j) == '0';
	size_t n = digits(j);
	if (n == 0 || (zero && n > 1))
		return false;
	if (accept(j, '.') && digits(j) == 0)
		return false;
	if (accept(j, 'e') || accept(j, 'E')) {
		if (!accept(j, '+'))
			accept(j, '-');
		return digits(j) > 0;
	}
	return true;
}

static bool value(struct json *j, int depth);

static bool members(struct json *j, bool object, char close, int depth)
{
	skip_blanks(j);
	if (accept(j, close))
		return true;
	for (;;) {
		if (object) {
			skip_blanks(j);
			if (!string(j))
				return false;
			skip_blanks(j);
			if (!accept(j, ':'))
				return false;
		}
		if (!value(j, depth))
			return false;
		if (accept(j, close))
			return true;
		if (!accept(j, ','))
			return false;
	}
}

/* A value and the blanks around it. */
static bool value(struct json *j, int depth)
{
	bool ok;
	if (depth >= JSON_DEPTH)
		return false;
	skip_blanks(j);
	switch (peek(j)) {
	case '{':
		j->at++;
		ok = members(j, true, '}', depth + 1);
		break;
	case '[':
		j->at++;
		ok = members(j, false, ']', depth + 1);
		break;
	case '"':
		ok = string(j);
		break;
	case 't':
		ok = word(j, SLICE("true"));
		break;
	case 'f':
		ok = word(j, SLICE("false"));
		break;
	case 'n':
		ok = word(j, SLICE("null"));
		break;
	default:
		ok = number(j);
	}
	skip_blanks(j);
	return ok;
}

bool is_json(struct slice text)
{
	struct json j = {text, 0};
	return text.len > 0 && utf8_valid(text) && value(&j, 0) && j.at == text.len;
}
