/*
 * Ruby's Marshal, format 4.8: two bytes of version, then a letter before each value. Integers are
 * packed (see packed), symbols that came before are named by their number.
 */
#include "codec/number.h"
#include "codec/serial/outline.h"

static bool value(struct outline *o);

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

/* A symbol, new or by its number, its letter read already. */
static bool symbol(struct outline *o, unsigned letter, struct slice *name)
{
	uint64_t n;
	if (letter == ';')
		return length(o, &n) && outline_recall(o, n, name);
	if (letter != ':')
		return outline_broken(o);
	return counted(o, name) && outline_remember(o, *name);
}

/* A symbol where only one can be: a class, the name of a variable. One with characters outside
 * ASCII has its encoding around it. */
static bool next_symbol(struct outline *o, struct slice *name)
{
	unsigned letter;
	if (!outline_byte(o, &letter))
		return false;
	if (letter != 'I')
		return symbol(o, letter, name);
	uint64_t n;
	struct slice variable;
	if (!outline_byte(o, &letter) || !symbol(o, letter, name) || !length(o, &n))
		return false;
	o->mute++;
	bool ok = true;
	for (uint64_t i = 0; ok && i < n; i++) {
		ok = outline_byte(o, &letter) && symbol(o, letter, &variable) && value(o);
	}
	o->mute--;
	return ok;
}

static bool class_name(struct outline *o)
{
	struct slice name;
	return next_symbol(o, &name) && outline_name(o, name);
}

static bool variable(struct outline *o)
{
	return class_name(o) && outline_str(o, ": ") && value(o);
}

/* Pairs of a symbol and a value in braces. */
static bool variables(struct outline *o)
{
	uint64_t n;
	return length(o, &n) && outline_members(o, "{}", n, variable);
}

/* A value with variables of its own, which for strings are their encoding: not shown. */
static bool with_variables(struct outline *o)
{
	bool ok = value(o);
	o->mute++;
	ok = ok && variables(o);
	o->mute--;
	return ok;
}

static bool array(struct outline *o)
{
	uint64_t n;
	return length(o, &n) && outline_members(o, "[]", n, value);
}

/* A symbol is written a: 1 as a key and :a as a value. */
static bool hash_key(struct outline *o)
{
	unsigned letter = o->at < o->in.len ? (unsigned char)o->in.data[o->at] : 0;
	struct slice name;
	if (letter == ':' || letter == ';')
		return next_symbol(o, &name) && outline_name(o, name);
	return value(o);
}

static bool hash_pair(struct outline *o)
{
	return hash_key(o) && outline_str(o, ": ") && value(o);
}

static bool hash(struct outline *o, bool has_default)
{
	uint64_t n;
	if (!length(o, &n) || !outline_members(o, "{}", n, hash_pair))
		return false;
	o->mute++;
	bool ok = !has_default || value(o);
	o->mute--;
	return ok;
}

static bool number(struct outline *o, unsigned letter)
{
	struct slice text;
	int64_t n;
	if (letter == 'i')
		return packed(o, &n) && outline_number(o, n);
	if (letter == 'f') {
		/* Digits, or "inf", "-inf", "nan". Old versions put bytes after a NUL. */
		if (!counted(o, &text))
			return false;
		const char *nul = text.len > 0 ? memchr(text.data, '\0', text.len) : NULL;
		if (nul)
			text.len = (size_t)(nul - text.data);
		return is_double(text) ? outline_add(o, text.data, text.len) : outline_broken(o);
	}
	unsigned sign;
	uint64_t shorts;
	return outline_byte(o, &sign) && ((sign == '+' || sign == '-') || outline_broken(o)) &&
	       length(o, &shorts) && outline_take(o, shorts * 2, &text) &&
	       outline_magnitude(o, sign == '-', text);
}

/* Class(value): what a class dumped of itself, or a kind of String, Array or Hash. */
static bool wrapped(struct outline *o, unsigned letter)
{
	struct slice bytes;
	if (!class_name(o) || !outline_open(o, "("))
		return false;
	bool ok = letter == 'u' ? counted(o, &bytes) && outline_quoted(o, bytes) : value(o);
	return ok && outline_close(o, ")");
}

static bool text(struct outline *o, unsigned letter)
{
	struct slice bytes;
	unsigned options;
	if (letter == ':' || letter == ';')
		return symbol(o, letter, &bytes) && outline_str(o, ":") && outline_name(o, bytes);
	if (!counted(o, &bytes))
		return false;
	if (letter == '"')
		return outline_quoted(o, bytes);
	if (letter == '/')
		return outline_byte(o, &options) && outline_str(o, "/") && outline_name(o, bytes) &&
		       outline_str(o, "/");
	return outline_name(o, bytes);
}

static bool any_value(struct outline *o)
{
	unsigned letter;
	uint64_t n;
	if (!outline_byte(o, &letter))
		return false;
	switch (letter) {
	case '0':
		return outline_str(o, "nil");
	case 'T':
		return outline_str(o, "true");
	case 'F':
		return outline_str(o, "false");
	case 'i':
	case 'f':
	case 'l':
		return number(o, letter);
	case '"':
	case ':':
	case ';':
	case '/':
	case 'c': /* a class, a module, either */
	case 'm':
	case 'M':
		return text(o, letter);
	case 'I':
		return with_variables(o);
	case '[':
		return array(o);
	case '{':
	case '}':
		return hash(o, letter == '}');
	case 'o':
	case 'S':
		return class_name(o) && variables(o);
	case 'C':
	case 'e':
	case 'u':
	case 'U':
	case 'd':
		return wrapped(o, letter);
	case '@': /* the Nth object again */
		return length(o, &n) && outline_reference(o, n);
	default:
		return outline_broken(o);
	}
}

static bool value(struct outline *o)
{
	return outline_enter(o) && outline_leave(o, any_value(o));
}

bool outline_marshal(struct outline *o)
{
	return outline_expect(o, 4) && outline_expect(o, 8) && value(o);
}
