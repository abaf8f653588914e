/*
 * Ruby's Marshal, format 4.8: two bytes of version, then a letter before each value. Integers are
 * packed (see packed), symbols that came before are named by their number.
 */
#include "base/xalloc.h"
#include "codec/decode.h"
#include "codec/serial/outline.h"

#include <stdlib.h>

struct marshal {
	struct outline *o;
	int nest; /* values inside values, brackets or not */
	struct slice *symbols;
	size_t count, cap;
};

static bool value(struct marshal *m);

/* A packed integer: 0 is 0; 1 to 4 and -1 to -4 say how many bytes follow, lowest first; the rest
 * is the number itself, moved away from zero by 5. */
static bool packed(struct outline *o, int64_t *n)
{
	unsigned byte;
	if (!outline_byte(o, &byte))
		return false;
	int64_t c = outline_signed(byte, 1);
	if (c > 4 || c < -4) {
		*n = c > 0 ? c - 5 : c + 5;
		return true;
	}
	uint64_t number = 0;
	int bytes = (int)(c < 0 ? -c : c);
	if (bytes > 0 && !outline_little(o, bytes, &number))
		return false;
	*n = (int64_t)number - (c < 0 ? (int64_t)1 << 8 * bytes : 0);
	return true;
}

static bool length(struct outline *o, uint64_t *n)
{
	int64_t number;
	if (!packed(o, &number))
		return false;
	*n = (uint64_t)number;
	return number >= 0 || outline_broken(o);
}

static bool counted(struct outline *o, struct slice *bytes)
{
	uint64_t n;
	return length(o, &n) && outline_take(o, n, bytes);
}

/* A symbol, new or told again, its letter read already. */
static bool symbol(struct marshal *m, unsigned letter, struct slice *name)
{
	uint64_t n;
	if (letter == ';') {
		if (!length(m->o, &n))
			return false;
		if (n >= m->count)
			return outline_broken(m->o);
		*name = m->symbols[n];
		return true;
	}
	if (letter != ':')
		return outline_broken(m->o);
	if (!counted(m->o, name))
		return false;
	if (m->count >= OUTLINE_TABLE)
		return outline_cut(m->o);
	m->symbols = xgrow(m->symbols, &m->cap, m->count + 1, sizeof *m->symbols);
	m->symbols[m->count++] = *name;
	return true;
}

/* A symbol where only one can be: a class, the name of a variable. One with characters outside
 * ASCII has its encoding around it. */
static bool next_symbol(struct marshal *m, struct slice *name)
{
	unsigned letter;
	if (!outline_byte(m->o, &letter))
		return false;
	if (letter != 'I')
		return symbol(m, letter, name);
	uint64_t n;
	struct slice variable;
	if (!outline_byte(m->o, &letter) || !symbol(m, letter, name) || !length(m->o, &n))
		return false;
	m->o->mute++;
	bool ok = true;
	for (uint64_t i = 0; ok && i < n; i++) {
		ok = outline_byte(m->o, &letter) && symbol(m, letter, &variable) && value(m);
	}
	m->o->mute--;
	return ok;
}

static bool class_name(struct marshal *m)
{
	struct slice name;
	return next_symbol(m, &name) && outline_name(m->o, name);
}

/* Pairs of a symbol and a value in braces. */
static bool variables(struct marshal *m)
{
	uint64_t n;
	struct slice name;
	if (!length(m->o, &n) || !outline_open(m->o, "{"))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if ((i > 0 && !outline_str(m->o, ", ")) || !next_symbol(m, &name) ||
		    !outline_name(m->o, name) || !outline_str(m->o, ": ") || !value(m))
			return false;
	}
	return outline_close(m->o, "}");
}

/* A value with variables of its own, which for strings are their encoding: not shown. */
static bool with_variables(struct marshal *m)
{
	bool ok = value(m);
	m->o->mute++;
	ok = ok && variables(m);
	m->o->mute--;
	return ok;
}

static bool array(struct marshal *m)
{
	uint64_t n;
	if (!length(m->o, &n) || !outline_open(m->o, "["))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if ((i > 0 && !outline_str(m->o, ", ")) || !value(m))
			return false;
	}
	return outline_close(m->o, "]");
}

/* A symbol is written a: 1 as a key and :a as a value. */
static bool hash_key(struct marshal *m)
{
	struct outline *o = m->o;
	unsigned letter = o->at < o->in.len ? (unsigned char)o->in.data[o->at] : 0;
	struct slice name;
	if (letter == ':' || letter == ';')
		return next_symbol(m, &name) && outline_name(o, name);
	return value(m);
}

static bool hash(struct marshal *m, bool has_default)
{
	uint64_t n;
	if (!length(m->o, &n) || !outline_open(m->o, "{"))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if ((i > 0 && !outline_str(m->o, ", ")) || !hash_key(m) ||
		    !outline_str(m->o, ": ") || !value(m))
			return false;
	}
	if (!outline_close(m->o, "}"))
		return false;
	if (!has_default)
		return true;
	m->o->mute++;
	bool ok = value(m);
	m->o->mute--;
	return ok;
}

static bool number(struct marshal *m, unsigned letter)
{
	struct slice text;
	int64_t n;
	if (letter == 'i')
		return packed(m->o, &n) && outline_number(m->o, n);
	if (letter == 'f') {
		/* Digits, or "inf", "-inf", "nan". Old versions put bytes behind a NUL. */
		if (!counted(m->o, &text))
			return false;
		const char *nul = text.len > 0 ? memchr(text.data, '\0', text.len) : NULL;
		if (nul)
			text.len = (size_t)(nul - text.data);
		return is_double(text) ? outline_add(m->o, text.data, text.len)
		                       : outline_broken(m->o);
	}
	unsigned sign;
	uint64_t shorts;
	return outline_byte(m->o, &sign) &&
	       ((sign == '+' || sign == '-') || outline_broken(m->o)) && length(m->o, &shorts) &&
	       outline_take(m->o, shorts * 2, &text) && outline_magnitude(m->o, sign == '-', text);
}

/* Class(value): what a class dumped of itself, or a kind of String, Array or Hash. */
static bool wrapped(struct marshal *m, unsigned letter)
{
	struct slice bytes;
	if (!class_name(m) || !outline_open(m->o, "("))
		return false;
	bool ok = letter == 'u' ? counted(m->o, &bytes) && outline_quoted(m->o, bytes) : value(m);
	return ok && outline_close(m->o, ")");
}

static bool text(struct marshal *m, unsigned letter)
{
	struct slice bytes;
	unsigned options;
	if (letter == ':' || letter == ';')
		return symbol(m, letter, &bytes) && outline_str(m->o, ":") &&
		       outline_name(m->o, bytes);
	if (!counted(m->o, &bytes))
		return false;
	if (letter == '"')
		return outline_quoted(m->o, bytes);
	if (letter == '/')
		return outline_byte(m->o, &options) && outline_str(m->o, "/") &&
		       outline_name(m->o, bytes) && outline_str(m->o, "/");
	return outline_name(m->o, bytes);
}

static bool any_value(struct marshal *m)
{
	unsigned letter;
	uint64_t n;
	if (!outline_byte(m->o, &letter))
		return false;
	switch (letter) {
	case '0':
		return outline_str(m->o, "nil");
	case 'T':
		return outline_str(m->o, "true");
	case 'F':
		return outline_str(m->o, "false");
	case 'i':
	case 'f':
	case 'l':
		return number(m, letter);
	case '"':
	case ':':
	case ';':
	case '/':
	case 'c': /* a class, a module, either */
	case 'm':
	case 'M':
		return text(m, letter);
	case 'I':
		return with_variables(m);
	case '[':
		return array(m);
	case '{':
	case '}':
		return hash(m, letter == '}');
	case 'o':
	case 'S':
		return class_name(m) && variables(m);
	case 'C':
	case 'e':
	case 'u':
	case 'U':
	case 'd':
		return wrapped(m, letter);
	case '@': /* the Nth object again */
		return length(m->o, &n) && outline_str(m->o, "&") && outline_unsigned(m->o, n);
	default:
		return outline_broken(m->o);
	}
}

static bool value(struct marshal *m)
{
	if (m->nest >= 2 * OUTLINE_DEPTH)
		return outline_cut(m->o);
	m->nest++;
	bool ok = any_value(m);
	m->nest--;
	return ok;
}

bool outline_marshal(struct outline *o)
{
	struct marshal m = {.o = o};
	bool ok = outline_expect(o, 4) && outline_expect(o, 8) && value(&m);
	free(m.symbols);
	return ok;
}
