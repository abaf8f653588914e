/*
 * msgpack, as PHP's extension writes it: an object is a map whose first key is nil and whose first
 * value is the name of its class.
 */
#include "codec/serial/outline.h"

enum {
	FIXMAP = 0x80,
	FIXARRAY = 0x90,
	FIXSTR = 0xa0,
	NIL = 0xc0,
	FALSE_VALUE = 0xc2,
	TRUE_VALUE = 0xc3,
	BIN = 0xc4, /* and the two after it: lengths of 1, 2 and 4 bytes */
	EXT = 0xc7,
	FLOAT = 0xca,
	DOUBLE = 0xcb,
	UINT = 0xcc, /* 1, 2, 4 and 8 bytes */
	INT = 0xd0,
	FIXEXT = 0xd4, /* 1, 2, 4, 8 and 16 bytes */
	STR = 0xd9,
	ARRAY = 0xdc, /* counts of 2 and 4 bytes */
	MAP = 0xde,
	FIXINT_NEGATIVE = 0xe0,
};

static bool value(struct outline *o);

static bool array(struct outline *o, uint64_t n)
{
	return outline_members(o, "[]", n, value);
}

static bool pair(struct outline *o)
{
	return value(o) && outline_str(o, ": ") && value(o);
}

/* The name of the class, read over and written, when the map is an object: nil and a short string
 * come first. */
static bool class_name(struct outline *o, uint64_t *n)
{
	if (*n == 0 || o->in.len - o->at < 2)
		return true;
	unsigned first = (unsigned char)o->in.data[o->at];
	unsigned second = (unsigned char)o->in.data[o->at + 1];
	if (first != NIL || second < FIXSTR || second >= NIL)
		return true;
	struct slice name;
	o->at += 2;
	--*n;
	return outline_take(o, second & 31, &name) && outline_name(o, name);
}

static bool map(struct outline *o, uint64_t n)
{
	return class_name(o, &n) && outline_members(o, "{}", n, pair);
}

static bool string(struct outline *o, uint64_t n)
{
	struct slice text;
	return outline_take(o, n, &text) && outline_quoted(o, text);
}

static bool extension(struct outline *o, uint64_t n)
{
	unsigned type;
	return outline_byte(o, &type) && outline_str(o, "ext") &&
	       outline_number(o, outline_signed(type, 1)) && outline_str(o, "(") && string(o, n) &&
	       outline_str(o, ")");
}

static bool number(struct outline *o, unsigned type)
{
	uint64_t n;
	int bytes = 1 << (type - UINT) % 4;
	if (!outline_big(o, bytes, &n))
		return false;
	return type < INT ? outline_unsigned(o, n) : outline_number(o, outline_signed(n, bytes));
}

/* The types from 0xc0 on that announce a length or a count. */
static bool announced(struct outline *o, unsigned type)
{
	uint64_t n;
	unsigned first = type >= MAP      ? MAP - 1
	                 : type >= ARRAY  ? ARRAY - 1
	                 : type >= STR    ? STR
	                 : type >= FIXEXT ? FIXEXT
	                 : type >= EXT    ? EXT
	                                  : BIN;
	if (first == FIXEXT)
		return extension(o, (uint64_t)1 << (type - FIXEXT));
	if (!outline_big(o, 1 << (type - first), &n))
		return false;
	if (type >= MAP)
		return map(o, n);
	if (type >= ARRAY)
		return array(o, n);
	return first == EXT ? extension(o, n) : string(o, n);
}

static bool value(struct outline *o)
{
	unsigned type;
	uint64_t n;
	if (!outline_byte(o, &type))
		return false;
	if (type < FIXMAP)
		return outline_unsigned(o, type);
	if (type >= FIXINT_NEGATIVE)
		return outline_number(o, outline_signed(type, 1));
	if (type < FIXARRAY)
		return map(o, type & 15);
	if (type < FIXSTR)
		return array(o, type & 15);
	if (type < NIL)
		return string(o, type & 31);
	switch (type) {
	case NIL:
		return outline_str(o, "null");
	case FALSE_VALUE:
		return outline_str(o, "false");
	case TRUE_VALUE:
		return outline_str(o, "true");
	case NIL + 1:
		return outline_broken(o);
	case FLOAT:
		return outline_big(o, 4, &n) && outline_double(o, outline_float_bits(n), true);
	case DOUBLE:
		return outline_big(o, 8, &n) && outline_double(o, outline_double_bits(n), false);
	default:
		return type >= UINT && type < FIXEXT ? number(o, type) : announced(o, type);
	}
}

bool outline_msgpack(struct outline *o)
{
	return value(o);
}
