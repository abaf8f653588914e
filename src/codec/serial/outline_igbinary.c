/*
 * igbinary, the compact form of PHP values (version 1 and 2): four bytes of version, then a type
 * byte before each value, numbers with the highest byte first. A string that came before is named
 * by its place among all strings; names of classes count among them.
 */
#include "base/xalloc.h"
#include "codec/serial/outline.h"

#include <stdlib.h>

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

struct igbinary {
	struct outline *o;
	struct slice *names; /* the strings so far */
	size_t count, cap;
};

static bool value(struct igbinary *g);

/* True when TYPE is one of the three that begin at FIRST; *N gets their length or number. */
static bool is_one_of(unsigned type, unsigned first)
{
	return type >= first && type < first + 3;
}

static bool sized(struct igbinary *g, unsigned type, unsigned first, uint64_t *n)
{
	return outline_big(g->o, 1 << (type - first), n);
}

static bool new_string(struct igbinary *g, uint64_t len, struct slice *text)
{
	if (!outline_take(g->o, len, text))
		return false;
	if (g->count >= OUTLINE_TABLE)
		return outline_cut(g->o);
	g->names = xgrow(g->names, &g->cap, g->count + 1, sizeof *g->names);
	g->names[g->count++] = *text;
	return true;
}

static bool old_string(struct igbinary *g, uint64_t id, struct slice *text)
{
	if (id >= g->count)
		return outline_broken(g->o);
	*text = g->names[id];
	return true;
}

/* A string of any kind, TYPE read already. */
static bool string(struct igbinary *g, unsigned type, struct slice *text)
{
	uint64_t n;
	*text = SLICE("");
	if (type == STRING_EMPTY)
		return true;
	if (type == STRING64)
		return outline_big(g->o, 8, &n) && new_string(g, n, text);
	if (is_one_of(type, STRING_ID))
		return sized(g, type, STRING_ID, &n) && old_string(g, n, text);
	if (is_one_of(type, STRING))
		return sized(g, type, STRING, &n) && new_string(g, n, text);
	return outline_broken(g->o);
}

static bool integer(struct igbinary *g, unsigned type)
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
	return outline_big(g->o, bytes, &n) && (!negative || outline_str(g->o, "-")) &&
	       outline_unsigned(g->o, n);
}

static bool key(struct igbinary *g, bool list, uint64_t next)
{
	struct outline *o = g->o;
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
		return integer(g, type) && outline_str(o, ": ");
	}
	struct slice text;
	return string(g, type, &text) && outline_quoted(o, text) && outline_str(o, ": ");
}

static bool members(struct igbinary *g, uint64_t n, bool object)
{
	struct outline *o = g->o;
	bool list = !object && (n == 0 || slice_starts(slice_skip(o->in, o->at), SLICE("\x06\0")));
	if (!outline_open(o, list ? "[" : "{"))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if ((i > 0 && !outline_str(o, ", ")) || !key(g, list, i) || !value(g))
			return false;
	}
	return outline_close(o, list ? "]" : "}");
}

/* What follows the name of a class: a list of properties, or bytes of its own. */
static bool body(struct igbinary *g)
{
	unsigned type;
	uint64_t n;
	struct slice bytes;
	if (!outline_byte(g->o, &type))
		return false;
	if (is_one_of(type, ARRAY))
		return sized(g, type, ARRAY, &n) && members(g, n, true);
	if (is_one_of(type, OBJECT_CUSTOM))
		return sized(g, type, OBJECT_CUSTOM, &n) && outline_take(g->o, n, &bytes) &&
		       outline_str(g->o, "(") && outline_quoted(g->o, bytes) &&
		       outline_str(g->o, ")");
	return outline_broken(g->o);
}

/* The case of an enum is a string of its own behind the name of the class. */
static bool object(struct igbinary *g, struct slice class)
{
	unsigned type;
	struct slice name;
	if (!outline_name(g->o, class))
		return false;
	if (g->o->at < g->o->in.len && g->o->in.data[g->o->at] == ENUM_CASE) {
		g->o->at++;
		return outline_byte(g->o, &type) && string(g, type, &name) &&
		       outline_str(g->o, ":") && outline_name(g->o, name);
	}
	return body(g);
}

static bool again(struct igbinary *g, unsigned type, unsigned first)
{
	uint64_t n;
	return sized(g, type, first, &n) && outline_str(g->o, "&") && outline_unsigned(g->o, n);
}

static bool simple(struct igbinary *g, unsigned type)
{
	uint64_t n;
	switch (type) {
	case NIL:
		return outline_str(g->o, "null");
	case FALSE_VALUE:
		return outline_str(g->o, "false");
	case TRUE_VALUE:
		return outline_str(g->o, "true");
	case DOUBLE:
		return outline_big(g->o, 8, &n) &&
		       outline_double(g->o, outline_double_bits(n), false);
	default:
		return outline_broken(g->o);
	}
}

static bool value(struct igbinary *g)
{
	unsigned type;
	uint64_t n;
	struct slice text;
	if (!outline_byte(g->o, &type))
		return false;
	/* A mark before a value that others refer to; it holds no value itself. */
	if (type == REFERENCE && !outline_byte(g->o, &type))
		return false;
	if ((type >= LONG && type < DOUBLE) || type == LONG64 || type == LONG64_NEGATIVE)
		return integer(g, type);
	if ((type >= STRING_EMPTY && type < ARRAY) || type == STRING64)
		return string(g, type, &text) && outline_quoted(g->o, text);
	if (is_one_of(type, ARRAY))
		return sized(g, type, ARRAY, &n) && members(g, n, false);
	if (is_one_of(type, OBJECT))
		return sized(g, type, OBJECT, &n) && new_string(g, n, &text) && object(g, text);
	if (is_one_of(type, OBJECT_ID))
		return sized(g, type, OBJECT_ID, &n) && old_string(g, n, &text) && object(g, text);
	if (is_one_of(type, ARRAY_REF))
		return again(g, type, ARRAY_REF);
	if (is_one_of(type, OBJECT_REF))
		return again(g, type, OBJECT_REF);
	return simple(g, type);
}

bool outline_igbinary(struct outline *o)
{
	struct igbinary g = {.o = o};
	uint64_t version;
	bool ok = outline_big(o, 4, &version) &&
	          ((version >= 1 && version <= 2) || outline_broken(o)) && value(&g);
	free(g.names);
	return ok;
}
