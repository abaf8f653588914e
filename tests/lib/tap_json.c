#include "tap_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MAX = 256
};

/* What is left of a document. */
struct text {
	const char *at;
	const char *end;
};

static void skip_blanks(struct text *t)
{
	while (t->at < t->end && (*t->at == ' ' || *t->at == '\t' || *t->at == '\r'))
		t->at++;
}

static bool take(struct text *t, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(t->end - t->at) < len || memcmp(t->at, word, len) != 0)
		return false;
	t->at += len;
	return true;
}

static bool skip_digits(struct text *t)
{
	const char *start = t->at;

	while (t->at < t->end && *t->at >= '0' && *t->at <= '9')
		t->at++;
	return t->at > start;
}

static bool skip_number(struct text *t)
{
	take(t, "-");
	if (!take(t, "0") && !skip_digits(t))
		return false;
	if (take(t, ".") && !skip_digits(t))
		return false;
	if (take(t, "e") || take(t, "E")) {
		if (!take(t, "+"))
			take(t, "-");
		return skip_digits(t);
	}
	return true;
}

/* The four digits of \uXXXX, or -1. */
static int take_hex(struct text *t)
{
	int value = 0;

	for (int i = 0; i < 4; i++, t->at++) {
		const char *digits = "0123456789abcdef0123456789ABCDEF";
		const char *digit = t->at < t->end && *t->at != '\0' ? strchr(digits, *t->at)
		                                                     : NULL;

		if (digit == NULL)
			return -1;
		value = value * 16 + (int)((digit - digits) % 16);
	}
	return value;
}

static void put_utf8(unsigned c, FILE *out)
{
	if (c < 0x80) {
		putc((int)c, out);
		return;
	}
	if (c < 0x800) {
		putc((int)(0xc0 | c >> 6), out);
	} else {
		if (c < 0x10000) {
			putc((int)(0xe0 | c >> 12), out);
		} else {
			putc((int)(0xf0 | c >> 18), out);
			putc((int)(0x80 | (c >> 12 & 0x3f)), out);
		}
		putc((int)(0x80 | (c >> 6 & 0x3f)), out);
	}
	putc((int)(0x80 | (c & 0x3f)), out);
}

static bool take_escape(struct text *t, FILE *out)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *letter;
	int unit, low;

	if (!take(t, "u")) {
		letter = t->at < t->end && *t->at != '\0' ? strchr(letters, *t->at) : NULL;
		if (letter == NULL)
			return false;
		t->at++;
		if (out != NULL)
			putc(meant[letter - letters], out);
		return true;
	}
	unit = take_hex(t);
	if (unit >= 0xd800 && unit < 0xdc00) {
		low = take(t, "\\u") ? take_hex(t) : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return false;
		unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
	}
	if (unit < 0 || (unit >= 0xdc00 && unit < 0xe000))
		return false;
	if (out != NULL)
		put_utf8((unsigned)unit, out);
	return true;
}

/* A string, its text to OUT unless that is NULL. */
static bool take_string(struct text *t, FILE *out)
{
	if (!take(t, "\""))
		return false;
	while (t->at < t->end && *t->at != '"') {
		if ((unsigned char)*t->at < ' ')
			return false;
		if (take(t, "\\")) {
			if (!take_escape(t, out))
				return false;
			continue;
		}
		if (out != NULL)
			putc(*t->at, out);
		t->at++;
	}
	return take(t, "\"");
}

static bool skip_value(struct text *t, int depth);

/* The members of an object, or the elements of an array, up to CLOSE. WANTED is the name that is
 * looked for, or NULL; NUMBER counts down to the wanted element. What is found goes to *FOUND, the
 * last of several; *COUNT is how many there are. */
static bool skip_members(struct text *t, int depth, const char *close, struct text wanted,
                         long number, struct text *found, size_t *count)
{
	*count = 0;
	skip_blanks(t);
	if (take(t, close))
		return true;
	do {
		struct text name, value;

		skip_blanks(t);
		name.at = t->at + 1;
		if (*close == '}' && !take_string(t, NULL))
			return false;
		name.end = t->at - 1;
		skip_blanks(t);
		if (*close == '}' && !take(t, ":"))
			return false;
		skip_blanks(t);
		value.at = t->at;
		if (!skip_value(t, depth + 1))
			return false;
		value.end = t->at;
		if (*close == '}'
		        ? wanted.at != NULL && name.end - name.at == wanted.end - wanted.at &&
		              memcmp(name.at, wanted.at, (size_t)(name.end - name.at)) == 0
		        : number-- == 0)
			*found = value;
		++*count;
		skip_blanks(t);
	} while (take(t, ","));
	return take(t, close);
}

static bool skip_value(struct text *t, int depth)
{
	const struct text none = {0};
	struct text found;
	size_t count;

	skip_blanks(t);
	if (t->at == t->end || depth > DEPTH_MAX)
		return false;
	if (*t->at == '"')
		return take_string(t, NULL);
	if (take(t, "{"))
		return skip_members(t, depth, "}", none, -1, &found, &count);
	if (take(t, "["))
		return skip_members(t, depth, "]", none, -1, &found, &count);
	return take(t, "true") || take(t, "false") || take(t, "null") || skip_number(t);
}

/* The member WANTED or the element NUMBER of VALUE, which is JSON; null when it is not there. */
static struct text member(struct text value, struct text wanted, long number, size_t *count)
{
	struct text found = {.at = "null"};

	found.end = found.at + 4;
	*count = 0;
	if (take(&value, "{"))
		skip_members(&value, 0, "}", wanted, -1, &found, count);
	else if (take(&value, "["))
		skip_members(&value, 0, "]", (struct text){0}, number, &found, count);
	return found;
}

static bool print_path(struct text value, const char *path)
{
	struct text name = {0};
	size_t count;
	char *end;

	if (strcmp(path, "#") == 0) {
		member(value, name, -1, &count);
		printf("%zu", count);
		return true;
	}
	if (*path == '\0' || strcmp(path, ".") == 0) {
		if (value.at < value.end && *value.at == '"')
			return take_string(&value, stdout);
		fwrite(value.at, 1, (size_t)(value.end - value.at), stdout);
		return true;
	}
	if (strncmp(path, "[]", 2) == 0) {
		member(value, name, -1, &count);
		for (size_t i = 0, all = count; i < all; i++) {
			if (i > 0)
				putchar(' ');
			if (!print_path(member(value, name, (long)i, &count), path + 2))
				return false;
		}
		return true;
	}
	if (*path == '[') {
		long number = strtol(path + 1, &end, 10);

		return end > path + 1 && *end == ']' &&
		       print_path(member(value, name, number, &count), end + 1);
	}
	name.at = path + 1;
	name.end = name.at + strcspn(name.at, ".[#");
	return *path == '.' && name.end > name.at &&
	       print_path(member(value, name, -1, &count), name.end);
}

/* Whether the value at PATH, names alone, is neither null nor false. */
static bool holds(struct text value, const char *path)
{
	size_t count;

	while (*path == '.') {
		struct text name = {.at = path + 1, .end = path + 1 + strcspn(path + 1, ".")};

		value = member(value, name, -1, &count);
		path = name.end;
	}
	return !take(&value, "null") && !take(&value, "false");
}

static bool print_line(struct text line, char **paths)
{
	const char *between = "";

	for (char **path = paths; *path != NULL; path++)
		if (**path == '?' && !holds(line, *path + 1))
			return true;
	for (; *paths != NULL; paths++) {
		if (**paths == '?')
			continue;
		fputs(between, stdout);
		if (!print_path(line, *paths)) {
			fprintf(stderr, "tap_tool: %s is not a path\n", *paths);
			return false;
		}
		between = " ";
	}
	putchar('\n');
	return true;
}

bool tap_json(const char *text, size_t len, char **paths)
{
	for (const char *end = text + len; text < end;) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));
		struct text line = {text, feed != NULL ? feed : end}, rest = line;

		if (!skip_value(&rest, 0) || (skip_blanks(&rest), rest.at < rest.end)) {
			fprintf(stderr, "tap_tool: not JSON: %.*s\n", (int)(line.end - line.at),
			        line.at);
			return false;
		}
		if (!print_line(line, paths))
			return false;
		text = line.end + 1;
	}
	return true;
}
