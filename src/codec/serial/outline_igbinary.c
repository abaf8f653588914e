/*
 * igbinary, the compact form of PHP values (version 1 and 2): four bytes of version, then a type
 * byte before each value, numbers with the highest byte first. A string that came before is named
 * by its place among all strings; names of classes count among them.
 */
#include "codec/serial/outline.h"

enum {
	NIL = 0x00,
	ARRAY_REF = 0x01, /* three types: a length in 1, 2 or 4 bytes; so with all that follow */
	FALSE_VALUE = 0x04,
	TRUE_VALUE = 0x05,
	LONG = 0x06, /* 8, 16 and 32 bits, each positive, then negative */
	DOUBLE = 0x0c,
	STRING_EMPTY = 0x0d,
	STRING_ID = 0x0e,
	STRING = 0x11,
	ARRAY = 0x14,
	OBJECT = 0x17,
	OBJECT_ID = 0x1a,
	OBJECT_CUSTOM = 0x1d,
	LONG64 = 0x20,
	LONG64_NEGATIVE = 0x21,
	OBJECT_REF = 0x22,
	REFERENCE = 0x25,
	STRING64 = 0x26,
	ENUM_CASE = 0x27,
};

static bool value(struct outline *o);

/* True when TYPE is one of the three that begin at FIRST; *N gets their length or number. */
static bool is_one_of(unsigned type, unsigned first)
{
	return type >= first && type < first + 3;
}

static bool sized(struct outline *o, unsigned type, unsigned first, uint64_t *n)
{
	return outline_big(o, 1 << (type - first), n);
}

static bool new_string(struct outline *o, uint64_t len, struct slice *text)
{
	return outline_take(o, len, text) && outline_remember(o, *text);
}

/* A string of any kind, TYPE read already. */
static bool string(struct outline *o, unsigned type, struct slice *text)
{
	uint64_t n;
	*text = SLICE("");
	if (type == STRING_EMPTY)
		return true;
	if (type == STRING64)
		return outline_big(o, 8, &n) && new_string(o, n, text);
	if (is_one_of(type, STRING_ID))
		return sized(o, type, STRING_ID, &n) && outline_recall(o, n, text);
	if (is_one_of(type, STRING))
		return sized(o, type, STRING, &n) && new_string(o, n, text);
	return outline_broken(o);
}

static bool integer(struct outline *o, unsigned type)
{
	uint64_t n;
	bool negative;
	int bytes = 8;
	if (type == LONG64 || type == LONG64_NEGATIVE) {
		negative = type == LONG64_NEGATIVE;
	} else {
		negative = (type - LONG) & 1;
		bytes = 1 << (type - LONG) / 2;
	}
	return outline_big(o, bytes, &n) && (!negative || outline_str(o, "-")) &&
	       outline_unsigned(o, n);
}

static bool key(struct outline *o, bool list, uint64_t next)
{
	unsigned type;
	if (!outline_byte(o, &type))
		return false;
	if ((type >= LONG && type < DOUBLE) || type == LONG64 || type == LONG64_NEGATIVE) {
		/* In a list only a key out of order is written. */
		size_t start = o->at;
		uint64_t n;
		if (list && type < DOUBLE && type % 2 == 0) {
			if (!outline_big(o, 1 << (type - LONG) / 2, &n))
				return false;
			if (n == next)
				return true;
			o->at = start;
		}
		return integer(o, type) && outline_str(o, ": ");
	}
	struct slice text;
	return string(o, type, &text) && outline_quoted(o, text) && outline_str(o, ": ");
}

static bool members(struct outline *o, uint64_t n, bool object)
{
	bool list = !object && (n == 0 || slice_starts(slice_skip(o->in, o->at), SLICE("\x06\0")));
	if (!outline_open(o, list ? "[" : "{"))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if (!outline_comma(o, i) || !key(o, list, i) || !value(o))
			return false;
	}
	return outline_close(o, list ? "]" : "}");
}

/* What follows the name of a class: a list of properties, or bytes of its own. */
static bool body(struct outline *o)
{
	unsigned type;
	uint64_t n;
	struct slice bytes;
	if (!outline_byte(o, &type))
		return false;
	if (is_one_of(type, ARRAY))
		return sized(o, type, ARRAY, &n) && members(o, n, true);
	if (is_one_of(type, OBJECT_CUSTOM))
		return sized(o, type, OBJECT_CUSTOM, &n) && outline_take(o, n, &bytes) &&
		       outline_str(o, "(") && outline_quoted(o, bytes) && outline_str(o, ")");
	return outline_broken(o);
}

/* The case of an enum is a string of its own after the name of the class. */
static bool object(struct outline *o, struct slice class)
{
	unsigned type;
	struct slice name;
	if (!outline_name(o, class))
		return false;
	if (o->at < o->in.len && o->in.data[o->at] == ENUM_CASE) {
		o->at++;
		return outline_byte(o, &type) && string(o, type, &name) && outline_str(o, ":") &&
		       outline_name(o, name);
	}
	return body(o);
}

static bool again(struct outline *o, unsigned type, unsigned first)
{
	uint64_t n;
	return sized(o, type, first, &n) && outline_reference(o, n);
}

static bool simple(struct outline *o, unsigned type)
{
	uint64_t n;
	switch (type) {
	case NIL:
		return outline_str(o, "null");
	case FALSE_VALUE:
		return outline_str(o, "false");
	case TRUE_VALUE:
		return outline_str(o, "true");
	case DOUBLE:
		return outline_big(o, 8, &n) && outline_double(o, outline_double_bits(n), false);
	default:
		return outline_broken(o);
	}
}

static bool value(struct outline *o)
{
	unsigned type;
	uint64_t n;
	struct slice text;
	if (!outline_byte(o, &type))
		return false;
	/* A mark before a value that others refer to; it holds no value itself. */
	if (type == REFERENCE && !outline_byte(o, &type))
		return false;
	if ((type >= LONG && type < DOUBLE) || type == LONG64 || type == LONG64_NEGATIVE)
		return integer(o, type);
	if ((type >= STRING_EMPTY && type < ARRAY) || type == STRING64)
		return string(o, type, &text) && outline_quoted(o, text);
	if (is_one_of(type, ARRAY))
		return sized(o, type, ARRAY, &n) && members(o, n, false);
	if (is_one_of(type, OBJECT))
		return sized(o, type, OBJECT, &n) && new_string(o, n, &text) && object(o, text);
	if (is_one_of(type, OBJECT_ID))
		return sized(o, type, OBJECT_ID, &n) && outline_recall(o, n, &text) &&
		       object(o, text);
	if (is_one_of(type, ARRAY_REF))
		return again(o, type, ARRAY_REF);
	if (is_one_of(type, OBJECT_REF))
		return again(o, type, OBJECT_REF);
	return simple(o, type);
}

bool outline_igbinary(struct outline *o)
{
	uint64_t version;
	return outline_big(o, 4, &version) &&
	       ((version >= 1 && version <= 2) || outline_broken(o)) && value(o);
}
