#include "base/quote.h"

#include "base/number.h"
#include "base/utf8.h"

/* What stays as it is beside printable characters, and what is escaped although it is printable. */
enum {
	KEEP_BACKSLASH = 1,
	KEEP_LINES = 2, /* LF, tab, and CR before LF */
	ESCAPE_DOUBLE_QUOTE = 4,
};

/* The letters of the short escapes, and what each means. */
static const char letters[] = "nrt0e\\\"'", meanings[] = "\n\r\t\0\x1b\\\"'";

static void add_escape(struct buf *out, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";
	const char *at = byte == '\'' ? NULL : memchr(meanings, byte, sizeof(meanings) - 1);
	if (at)
		buf_add(out, (char[2]){'\\', letters[at - meanings]}, 2);
	else
		buf_add(out, (char[4]){'\\', 'x', hex[byte >> 4], hex[byte & 15]}, 4);
}

/* The length of the run at the start of BYTES that is printed as it is; 0 when its first byte is
 * escaped. */
static size_t plain_run(struct slice bytes, int rules)
{
	size_t i = utf8_plain_run(bytes);
	while (i < bytes.len) {
		unsigned char c = (unsigned char)bytes.data[i];
		if (c == '\\' && !(rules & KEEP_BACKSLASH))
			break;
		if (c == '"' && (rules & ESCAPE_DOUBLE_QUOTE))
			break;
		if (c >= 0x20 && c < 0x7f) {
			i++;
			continue;
		}
		if ((rules & KEEP_LINES) &&
		    (c == '\n' || c == '\t' ||
		     (c == '\r' && i + 1 < bytes.len && bytes.data[i + 1] == '\n'))) {
			i++;
			continue;
		}
		uint32_t code;
		size_t n = utf8_decode(slice_skip(bytes, i), &code);
		if (n == 0 || utf8_dangerous(code))
			break;
		i += n;
	}
	return i;
}

static void add_escaped(struct buf *out, struct slice bytes, int rules)
{
	while (bytes.len > 0) {
		size_t n = plain_run(bytes, rules);
		buf_add(out, bytes.data, n);
		bytes = slice_skip(bytes, n);
		if (bytes.len > 0) {
			/* A character that is valid UTF-8 and dangerous is escaped byte by byte. */
			add_escape(out, (unsigned char)bytes.data[0]);
			bytes = slice_skip(bytes, 1);
		}
	}
}

void quote_add(struct buf *out, struct slice bytes)
{
	buf_add_char(out, '"');
	add_escaped(out, bytes, ESCAPE_DOUBLE_QUOTE);
	buf_add_char(out, '"');
}

/* What habits_refuse (shell/lang/habits.h) might not take bare: redirections, && and ||,
 * typographic quotes, and a semicolon with what could be a command after it, or nothing. */
static bool is_habit(struct slice bytes)
{
	if (bytes.len > 1 && memchr("12&|>", bytes.data[0], 5) && memchr(">&|", bytes.data[1], 3))
		return true;
	const char *semicolon = memchr(bytes.data, ';', bytes.len);
	if (!semicolon)
		return slice_starts(bytes, SLICE("\xe2\x80"));
	struct slice rest = slice_skip(bytes, (size_t)(semicolon - bytes.data) + 1);
	bool word = rest.len != 1;
	for (size_t i = 0; i < rest.len; i++)
		word &= rest.data[i] == '_' || rest.data[i] == '.' || rest.data[i] == '-' ||
		        (rest.data[i] >= 'a' && rest.data[i] <= 'z');
	return word;
}

static bool is_bare_word(struct slice bytes)
{
	if (bytes.len == 0 || bytes.data[0] == '#' || bytes.data[0] == '-')
		return false;
	if (slice_eq_str(bytes, "|") || slice_eq_str(bytes, ">") || slice_eq_str(bytes, ">>"))
		return false;
	if (is_habit(bytes))
		return false;
	return !memchr(bytes.data, ' ', bytes.len) && !memchr(bytes.data, '\'', bytes.len) &&
	       plain_run(bytes, ESCAPE_DOUBLE_QUOTE) == bytes.len;
}

void quote_add_word(struct buf *out, struct slice bytes)
{
	if (is_bare_word(bytes))
		buf_add_slice(out, bytes);
	else
		quote_add(out, bytes);
}

void escape_add_field(struct buf *out, struct slice bytes)
{
	add_escaped(out, bytes, 0);
}

void escape_add_text(struct buf *out, struct slice bytes)
{
	add_escaped(out, bytes, KEEP_BACKSLASH | KEEP_LINES);
}

void escape_add_line(struct buf *out, struct slice bytes)
{
	add_escaped(out, bytes, KEEP_BACKSLASH);
}

size_t escape_read(struct slice text, char *meaning)
{
	if (text.len < 2)
		return 0;
	if (text.data[1] == 'x') {
		int high = text.len >= 4 ? number_hex_digit(text.data[2]) : -1;
		int low = high >= 0 ? number_hex_digit(text.data[3]) : -1;
		if (low < 0)
			return 0;
		*meaning = (char)(high << 4 | low);
		return 4;
	}
	const char *at = memchr(letters, text.data[1], sizeof(letters) - 1);
	if (!at)
		return 0;
	*meaning = meanings[at - letters];
	return 2;
}

bool bytes_are_text(struct slice bytes)
{
	return plain_run(bytes, KEEP_BACKSLASH | KEEP_LINES) == bytes.len;
}

bool bytes_are_readable(struct slice bytes)
{
	while (bytes.len > 0) {
		uint32_t code;
		bytes = slice_skip(bytes, plain_run(bytes, KEEP_BACKSLASH | KEEP_LINES));
		size_t n = utf8_decode(bytes, &code);
		if (bytes.len > 0 && (n == 0 || utf8_drives(code)))
			return false;
		bytes = slice_skip(bytes, n);
	}
	return true;
}

void escape_add_json(struct buf *out, uint32_t code)
{
	static const char hex[] = "0123456789abcdef";
	if (code > 0xffff) {
		escape_add_json(out, 0xd7c0 + (code >> 10));
		code = 0xdc00 | (code & 0x3ff);
	}
	buf_add(out,
	        (char[6]){'\\', 'u', hex[code >> 12 & 15], hex[code >> 8 & 15], hex[code >> 4 & 15],
	                  hex[code & 15]},
	        6);
}

void ascii_add(struct buf *out, struct slice text, bool json)
{
	while (text.len > 0) {
		size_t n = 0;
		while (n < text.len && (unsigned char)text.data[n] < 0x80)
			n++;
		buf_add(out, text.data, n);
		text = slice_skip(text, n);
		if (text.len == 0)
			break;
		uint32_t code;
		n = json ? utf8_decode(text, &code) : 0;
		if (n > 0)
			escape_add_json(out, code);
		else
			buf_addf(out, "\\x%02x", (unsigned)(unsigned char)text.data[0]);
		text = slice_skip(text, n > 0 ? n : 1);
	}
}
