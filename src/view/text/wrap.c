#include "view/text/wrap.h"

#include "view/text/paint.h"

/* Words that begin what is typed at a shell, and those after which something to type stands. */
#define PROGRAMS SLICE("mcsh memcached sed apt-get")
#define LEADS    SLICE("type write")

/* Words of a sentence, and of no command but in quotes. */
#define PROSE                                                                                      \
	SLICE("a an and are by for from has if in is it its of on or so that the to which with")

/* What stands after a number (view/text/time.h), after a blank that does not break. */
#define UNITS SLICE("B KiB MiB GiB TiB PiB EiB ms s min h d %")

/* The first word of TEXT, with the blanks in its quotes; without them when a quote is not closed.
 */
static struct slice quoted_word(struct slice text)
{
	char quote = '\0', before = ' ';
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c == ' ' && !quote)
			return slice_of(text.data, i);
		if (c == quote)
			quote = '\0';
		else if (!quote && (c == '"' || (c == '\'' && before == ' ')))
			quote = c;
		before = c;
	}
	return quote ? slice_before(text, ' ') : text;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* WORD, which TEXT begins with, and where it is a number the unit after it: "(1.5 KiB)". */
static struct slice with_unit(struct slice text, struct slice word)
{
	if (word.len == 0 || !is_digit(word.data[word.len - 1]))
		return word;
	struct slice unit = slice_before(slice_skip(text, word.len + 1), ' '), bare = unit;
	while (bare.len > 0 && strchr(".,;:)", bare.data[bare.len - 1]))
		bare.len--;
	return slice_lists(UNITS, ' ', bare) ? slice_of(word.data, word.len + 1 + unit.len) : word;
}

struct slice wrap_unbroken(struct slice text)
{
	return with_unit(text, slice_before(text, ' '));
}

/* Whether TEXT begins with a command of mcsh, one of its options, or a program with arguments. */
static bool begins_command(struct slice text)
{
	if (text.len > 0 && text.data[0] == '(')
		text = slice_skip(text, 1);
	struct slice word = slice_before(text, ' '),
		     next = slice_before(slice_skip(text, word.len + 1), ' ');
	if (word.len > 2 && word.data[0] == '.')
		return word.data[1] >= 'a' && word.data[1] <= 'z' &&
		       !memchr(word.data, '\'', word.len);
	if (slice_lists(PROGRAMS, ' ', word))
		return slice_starts(next, SLICE("-")) || slice_eq_str(next, "install") ||
		       (next.len > 0 && memchr(next.data, ':', next.len));
	return slice_starts(word, SLICE("--"));
}

/* Whether a command ends with WORD, because the sentence goes on after it. */
static bool ends_command(struct slice word)
{
	if (word.len > 3 && memcmp(word.data + word.len - 3, "...", 3) == 0)
		return false;
	return word.len > 0 && strchr(".,;:)", word.data[word.len - 1]);
}

/* A command that TEXT begins with, to the end of the part of the sentence. */
static struct slice command_at(struct slice text)
{
	struct slice word = quoted_word(text);
	size_t len = word.len;
	while (len < text.len && !ends_command(word)) {
		word = quoted_word(slice_skip(text, len + 1));
		if (slice_lists(PROSE, ' ', word))
			break;
		len += 1 + word.len;
	}
	return slice_of(text.data, len);
}

/* As many of the alternatives that WORD lists ("one|two|three") as fit in COLUMNS; all of them
 * where not even one does. */
static struct slice some_of(struct slice word, size_t columns)
{
	size_t n = 0;
	for (size_t i = 0; i < word.len; i++) {
		if (word.data[i] == '|' && paint_columns(slice_of(word.data, i + 1)) <= columns)
			n = i + 1;
	}
	return n > 0 ? slice_of(word.data, n) : word;
}

void wrap_add(struct buf *out, struct slice text, size_t indent, size_t column, size_t width)
{
	bool led = false;
	size_t broken = 0; /* bytes left of a command that no line has space for */
	while (text.len > 0) {
		struct slice word = slice_before(text, ' '), piece = word;
		bool command = broken == 0 &&
		               (led ? !slice_lists(PROSE, ' ', word) : begins_command(text));
		if (broken == 0)
			piece = command ? command_at(text) : with_unit(text, quoted_word(text));
		size_t columns = paint_columns(piece);
		bool fits = indent + columns <= width;
		if (!fits && !command)
			columns = paint_columns(word);
		if (column > indent && column + 1 + columns > width) {
			buf_add_char(out, '\n');
			column = 0;
		}
		if (column < indent) {
			buf_add_repeat(out, ' ', indent - column);
			column = indent;
		} else if (column > indent) {
			buf_add_char(out, ' ');
			column++;
		}
		if (!fits) {
			broken = command ? piece.len : broken;
			piece = command ? word : some_of(word, width > column ? width - column : 0);
		}
		buf_add_slice(out, piece);
		column += paint_columns(piece);
		led = slice_lists(LEADS, ' ', piece);
		broken = broken > piece.len ? broken - piece.len - 1 : 0;
		bool torn = piece.len < word.len;
		text = slice_skip(text, piece.len + (torn ? 0 : 1));
		if (torn) {
			buf_add_char(out, '\n');
			column = 0;
		}
	}
	buf_add_char(out, '\n');
}

/* As wrap_piece does, of a piece that is not broken. */
static size_t add_piece(struct buf *out, struct slice piece, const char *gap, size_t indent,
                        size_t column, size_t width)
{
	size_t columns = paint_columns(piece);
	if (column > 0 && column + strlen(gap) + columns > width) {
		buf_add_char(out, '\n');
		buf_add_repeat(out, ' ', indent);
		column = indent;
	} else if (column > 0) {
		buf_add_str(out, gap);
		column += strlen(gap);
	}
	buf_add_slice(out, piece);
	return column + columns;
}

size_t wrap_piece(struct buf *out, struct slice piece, const char *gap, size_t indent,
                  size_t column, size_t width)
{
	if (indent + paint_columns(piece) <= width)
		return add_piece(out, piece, gap, indent, column, width);
	while (piece.len > 0) {
		struct slice word = wrap_unbroken(piece);
		column = add_piece(out, word, gap, indent, column, width);
		piece = slice_skip(piece, word.len + 1);
		gap = " ";
	}
	return column;
}

void wrap_add_painted(struct buf *out, const struct style *style, enum paint paint,
                      struct slice text, size_t indent)
{
	paint_on(out, style->color, paint);
	buf_add_repeat(out, ' ', indent);
	wrap_add(out, text, indent, indent, wrap_width(style));
	out->len--; /* the line feed follows the colour */
	paint_off(out, style->color, paint);
	buf_add_char(out, '\n');
}
