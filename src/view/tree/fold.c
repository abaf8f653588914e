#include "view/tree/fold.h"

#include "base/number.h"

#define UUID_LENGTH 36
/* A mixture of letters and digits that is not a word, from so many on. */
#define HEX_MIN 8
#define RUN_MIN 20

/* Kinds of bytes. */
enum {
	DIGIT = 1,
	LETTER = 2,
	HEXADECIMAL = 4,
	SEPARATOR = 8, /* and nothing else */
};

void separators_init(struct separators *s, struct slice bytes)
{
	*s = (struct separators){0};
	for (int c = 0; c < 256; c++) {
		bool digit = c >= '0' && c <= '9';
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool hexadecimal = digit || (letter && number_hex_digit((char)c) >= 0);
		s->kinds[c] = (unsigned char)((digit ? DIGIT : 0) | (letter ? LETTER : 0) |
		                              (hexadecimal ? HEXADECIMAL : 0));
	}
	for (size_t i = 0; i < bytes.len; i++)
		s->kinds[(unsigned char)bytes.data[i]] = SEPARATOR;
}

static unsigned kind(const struct separators *s, char c)
{
	return s->kinds[(unsigned char)c];
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters and digits at the start of TEXT. */
struct run {
	size_t length;
	unsigned any, all; /* kinds that one of its bytes is, and that all are */
};

static struct run run_of(const struct separators *s, struct slice text)
{
	struct run run = {.all = HEXADECIMAL};
	for (; run.length < text.len; run.length++) {
		unsigned k = kind(s, text.data[run.length]);
		if (!(k & (DIGIT | LETTER)))
			break;
		run.any |= k;
		run.all &= k;
	}
	return run;
}

/* Whatever separates, a UUID is one thing. */
static bool is_uuid(struct slice text)
{
	if (text.len < UUID_LENGTH)
		return false;
	for (size_t i = 0; i < UUID_LENGTH; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? text.data[i] != '-' : number_hex_digit(text.data[i]) < 0)
			return false;
	}
	return text.len == UUID_LENGTH ||
	       !(is_digit(text.data[UUID_LENGTH]) || is_letter(text.data[UUID_LENGTH]));
}

/* TEXT, a run of letters and digits, with each run of digits as <n>. */
static void fold_digits(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len;) {
		if (!is_digit(text.data[i])) {
			buf_add_char(out, text.data[i++]);
			continue;
		}
		while (i < text.len && is_digit(text.data[i]))
			i++;
		buf_add_str(out, "<n>");
	}
}

/* Takes a run, or a byte that is none, off *REST. */
static void fold_run(const struct separators *s, struct slice *rest, struct buf *out)
{
	struct run run = run_of(s, *rest);
	bool mixed = (run.any & DIGIT) && (run.any & LETTER);
	if (run.length == 0) {
		buf_add_char(out, rest->data[0]);
		run.length = 1;
	} else if (is_uuid(*rest)) {
		buf_add_str(out, "<uuid>");
		run.length = UUID_LENGTH;
	} else if (mixed && (run.length >= RUN_MIN || (run.all && run.length >= HEX_MIN))) {
		buf_add_str(out, "<hash>");
	} else if (!(run.any & DIGIT)) {
		buf_add(out, rest->data, run.length);
	} else {
		fold_digits(slice_of(rest->data, run.length), out);
	}
	*rest = slice_skip(*rest, run.length);
}

bool fold_next(const struct separators *s, struct slice *rest, struct buf *out)
{
	if (rest->len == 0)
		return false;
	while (rest->len > 0 && kind(s, rest->data[0]) != SEPARATOR)
		fold_run(s, rest, out);
	while (rest->len > 0 && kind(s, rest->data[0]) == SEPARATOR) {
		buf_add_char(out, rest->data[0]);
		*rest = slice_skip(*rest, 1);
	}
	return true;
}
