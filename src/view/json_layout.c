#include "view/json_layout.h"

#include "base/utf8.h"
#include "view/paint.h"

/* A position in a document. */
struct scan {
	const char *at;
	const char *end;
};

static void skip_blanks(struct scan *s)
{
	while (s->at < s->end && memchr(" \t\r\n", *s->at, 4))
		s->at++;
}

static bool take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool take_word(struct scan *s, struct slice word)
{
	if (!slice_starts(slice_of(s->at, (size_t)(s->end - s->at)), word))
		return false;
	s->at += word.len;
	return true;
}

static bool take_digits(struct scan *s)
{
	const char *from = s->at;
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return s->at > from;
}

static bool take_number(struct scan *s)
{
	take(s, '-');
	if (!take(s, '0') && !take_digits(s))
		return false;
	if (take(s, '.') && !take_digits(s))
		return false;
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			take(s, '-');
		return take_digits(s);
	}
	return true;
}

static bool take_hex(struct scan *s)
{
	for (int i = 0; i < 4; i++, s->at++) {
		if (s->at == s->end || !memchr("0123456789abcdefABCDEF", *s->at, 22))
			return false;
	}
	return true;
}

static bool take_string(struct scan *s)
{
	if (!take(s, '"'))
		return false;
	while (s->at < s->end) {
		unsigned char c = (unsigned char)*s->at++;
		if (c == '"')
			return true;
		if (c < 0x20)
			return false;
		if (c != '\\')
			continue;
		if (s->at == s->end || !memchr("\"\\/bfnrtu", *s->at, 9))
			return false;
		if (*s->at++ == 'u' && !take_hex(s))
			return false;
	}
	return false;
}

static bool take_value(struct scan *s, unsigned depth);

/* Members of an object, elements of an array, and the closing bracket. */
static bool take_members(struct scan *s, bool object, unsigned depth)
{
	char close = object ? '}' : ']';
	skip_blanks(s);
	if (take(s, close))
		return true;
	for (;;) {
		skip_blanks(s);
		if (object) {
			if (!take_string(s))
				return false;
			skip_blanks(s);
			if (!take(s, ':'))
				return false;
		}
		if (!take_value(s, depth))
			return false;
		skip_blanks(s);
		if (take(s, close))
			return true;
		if (!take(s, ','))
			return false;
	}
}

/* DEPTH counts the containers around the value. */
static bool take_value(struct scan *s, unsigned depth)
{
	skip_blanks(s);
	if (s->at == s->end)
		return false;
	switch (*s->at) {
	case '{':
	case '[':
		if (depth == JSON_DEPTH_MAX)
			return false;
		return take_members(s, *s->at++ == '{', depth + 1);
	case '"':
		return take_string(s);
	case 't':
		return take_word(s, SLICE("true"));
	case 'f':
		return take_word(s, SLICE("false"));
	case 'n':
		return take_word(s, SLICE("null"));
	default:
		return take_number(s);
	}
}

bool json_is_container(struct slice text)
{
	struct scan s = {text.data, text.data + text.len};
	if (text.len == 0)
		return false;
	skip_blanks(&s);
	if (s.at == s.end || (*s.at != '{' && *s.at != '['))
		return false;
	if (!take_value(&s, 0))
		return false;
	skip_blanks(&s);
	return s.at == s.end;
}

/* Below here the document is known to be valid. */

/* Columns of the value at S, written on one line; WIDTH + 1 when it needs more than WIDTH. */
static size_t line_columns(struct scan s, size_t width)
{
	size_t columns = 0;
	unsigned depth = 0;
	bool string = false;
	while (s.at < s.end && columns <= width) {
		char c = *s.at;
		uint32_t code;
		size_t n = utf8_decode(slice_of(s.at, (size_t)(s.end - s.at)), &code);
		s.at += n > 0 ? n : 1;
		if (string) {
			columns += n > 0 ? (size_t)utf8_width(code) : 1;
			if (c == '\\') {
				columns++;
				s.at++;
			}
			string = c != '"';
			continue;
		}
		if (memchr(" \t\r\n", c, 4))
			continue;
		if (depth == 0 && columns > 0 && memchr(",}]", c, 3))
			return columns; /* a scalar ended */
		columns += c == ',' || c == ':' ? 2 : 1;
		string = c == '"';
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return columns;
	}
	return columns;
}

bool json_layout_is_line(struct slice text, size_t width)
{
	struct scan s = {text.data, text.data + text.len};
	skip_blanks(&s);
	return line_columns(s, width) <= width;
}

struct layout {
	struct buf *out;
	const struct style *style;
	struct scan s;
	size_t stop; /* length of OUT beyond which it breaks off */
	bool stopped;
};

static void add_token(struct layout *l, enum paint paint, const char *from)
{
	paint_on(l->out, l->style->color, paint);
	buf_add(l->out, from, (size_t)(l->s.at - from));
	paint_off(l->out, l->style->color, paint);
}

static void new_line(struct layout *l, size_t indent)
{
	if (l->out->len > l->stop) {
		l->stopped = true;
		return;
	}
	buf_add_char(l->out, '\n');
	buf_add_repeat(l->out, ' ', indent);
}

static void lay_value(struct layout *l, size_t indent, size_t used, bool flat);

/* INDENT is that of the line on which the container opens. */
static void lay_members(struct layout *l, size_t indent, bool flat)
{
	bool object = *l->s.at == '{';
	buf_add_char(l->out, *l->s.at++);
	skip_blanks(&l->s);
	for (bool first = true; !memchr("}]", *l->s.at, 2); first = false) {
		if (!first) {
			buf_add_char(l->out, *l->s.at++); /* the comma */
			if (flat)
				buf_add_char(l->out, ' ');
		}
		if (!flat)
			new_line(l, indent + 2);
		skip_blanks(&l->s);
		if (l->stopped)
			return;
		size_t used = indent + 2;
		if (object) {
			const char *from = l->s.at;
			take_string(&l->s);
			used += utf8_columns(slice_of(from, (size_t)(l->s.at - from))) + 2;
			add_token(l, PAINT_KEY, from);
			skip_blanks(&l->s);
			l->s.at++;
			buf_add(l->out, ": ", 2);
		}
		lay_value(l, indent + 2, used, flat);
		if (l->stopped)
			return;
		skip_blanks(&l->s);
	}
	if (!flat)
		new_line(l, indent);
	if (!l->stopped)
		buf_add_char(l->out, *l->s.at++);
}

/* USED columns of the line are taken; a comma may follow the value. */
static void lay_value(struct layout *l, size_t indent, size_t used, bool flat)
{
	skip_blanks(&l->s);
	const char *from = l->s.at;
	if (*from == '{' || *from == '[') {
		size_t left = l->style->columns > used + 1 ? l->style->columns - used - 1 : 0;
		lay_members(l, indent, flat || line_columns(l->s, left) <= left);
		return;
	}
	take_value(&l->s, 0);
	enum paint paint = *from == '"' ? PAINT_STRING : PAINT_NUMBER;
	add_token(l, paint, from);
}

size_t json_layout_add(struct buf *out, const struct style *style, struct slice text, size_t max)
{
	struct layout l = {.out = out,
	                   .style = style,
	                   .s = {text.data, text.data + text.len},
	                   .stop = max > 0 ? out->len + max : SIZE_MAX};
	lay_value(&l, 0, 0, false);
	return l.stopped ? (size_t)(l.s.end - l.s.at) : 0;
}
