/*
 * PHP's serialize(): a letter, a colon, and what it says.
 *   N;  b:1;  i:42;  d:1.5;  s:3:"abc";  a:COUNT:{key value ...}
 *   O:LENGTH:"Class":COUNT:{name value ...}  C:LENGTH:"Class":LENGTH:{bytes}
 *   E:LENGTH:"Enum:Case";  r:N;  R:N;  (the Nth value again)
 * An array whose keys are 0, 1, 2 ... is written as a list; a key out of that order is named.
 */
#include "base/number.h"
#include "codec/number.h"
#include "codec/serial/outline.h"

static bool value(struct outline *o);

static bool count(struct outline *o, char end, uint64_t *n)
{
	struct slice digits;
	if (!outline_until(o, end, &digits))
		return false;
	return number_parse_u64(digits, n) == NUMBER_OK || outline_broken(o);
}

/* LENGTH:"bytes" */
static bool counted(struct outline *o, struct slice *bytes)
{
	uint64_t n;
	return count(o, ':', &n) && outline_expect(o, '"') && outline_take(o, n, bytes) &&
	       outline_expect(o, '"');
}

/* A property that is not public has its class, or '*', between two NULs before its name. */
static struct slice property(struct slice name)
{
	if (name.len > 0 && name.data[0] == '\0') {
		const char *end = memchr(name.data + 1, '\0', name.len - 1);
		if (end)
			return slice_skip(name, (size_t)(end - name.data) + 1);
	}
	return name;
}

/* A key and its separator; NEXT is the index that a list would have here. */
static bool key(struct outline *o, bool list, uint64_t next)
{
	unsigned letter;
	struct slice text;
	if (!outline_byte(o, &letter))
		return false;
	if (letter != 's' && letter != 'i')
		return outline_broken(o);
	if (!outline_expect(o, ':'))
		return false;
	if (letter == 's')
		return counted(o, &text) && outline_expect(o, ';') &&
		       outline_quoted(o, property(text)) && outline_str(o, ": ");
	int64_t index;
	if (!outline_until(o, ';', &text))
		return false;
	if (number_parse_i64(text, &index) != NUMBER_OK)
		return outline_broken(o);
	if (list && index >= 0 && (uint64_t)index == next)
		return true;
	return outline_number(o, index) && outline_str(o, ": ");
}

static bool is_list(const struct outline *o, uint64_t n)
{
	return n == 0 || slice_starts(slice_skip(o->in, o->at), SLICE("i:0;"));
}

static bool members(struct outline *o, bool object)
{
	uint64_t n;
	if (!count(o, ':', &n) || !outline_expect(o, '{'))
		return false;
	bool list = !object && is_list(o, n);
	if (!outline_open(o, list ? "[" : "{"))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if (!outline_comma(o, i) || !key(o, list, i) || !value(o))
			return false;
	}
	return outline_expect(o, '}') && outline_close(o, list ? "]" : "}");
}

static bool custom(struct outline *o)
{
	uint64_t n;
	struct slice bytes;
	return count(o, ':', &n) && outline_expect(o, '{') && outline_take(o, n, &bytes) &&
	       outline_expect(o, '}') && outline_str(o, "(") && outline_quoted(o, bytes) &&
	       outline_str(o, ")");
}

static bool named(struct outline *o, unsigned letter)
{
	struct slice name;
	if (!counted(o, &name))
		return false;
	if (letter == 's')
		return outline_expect(o, ';') && outline_quoted(o, name);
	if (!outline_name(o, name))
		return false;
	if (letter == 'E')
		return outline_expect(o, ';');
	return outline_expect(o, ':') && (letter == 'O' ? members(o, true) : custom(o));
}

static bool scalar(struct outline *o, unsigned letter)
{
	struct slice text;
	if (!outline_until(o, ';', &text))
		return false;
	if (letter == 'b' && text.len == 1 && (text.data[0] == '0' || text.data[0] == '1'))
		return outline_str(o, text.data[0] == '1' ? "true" : "false");
	if ((letter == 'i' && is_integer(text)) || (letter == 'd' && is_double(text)))
		return outline_add(o, text.data, text.len);
	if ((letter == 'r' || letter == 'R') && is_integer(text))
		return outline_str(o, "&") && outline_add(o, text.data, text.len);
	return outline_broken(o);
}

static bool value(struct outline *o)
{
	unsigned letter;
	if (!outline_byte(o, &letter))
		return false;
	if (letter == 'N')
		return outline_expect(o, ';') && outline_str(o, "null");
	if (letter == 0 || !strchr("abidsrROCE", (int)letter))
		return outline_broken(o);
	if (!outline_expect(o, ':'))
		return false;
	if (letter == 'a')
		return members(o, false);
	if (strchr("sOCE", (int)letter))
		return named(o, letter);
	return scalar(o, letter);
}

bool outline_php(struct outline *o)
{
	return value(o);
}
