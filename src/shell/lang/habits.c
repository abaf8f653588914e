#include "shell/lang/habits.h"

#include "base/utf8.h"

/* Of a line that is shown in a hint. */
#define SHOWN_MAX 80

static struct slice shown(struct slice text)
{
	text = slice_trim(text);
	return slice_first(text, SHOWN_MAX);
}

/* “ ” „ ‟ and ‘ ’ ‚ ‛: U+2018 to U+201F. Returns the ASCII quote that is meant, or NUL. */
static char typographic(struct slice text)
{
	if (text.len < 3 || memcmp(text.data, "\xe2\x80", 2) != 0)
		return '\0';
	unsigned char last = (unsigned char)text.data[2];
	return last >= 0x98 && last <= 0x9b ? '\'' : last >= 0x9c && last <= 0x9f ? '"' : '\0';
}

static bool refuse_quotes(struct slice line, struct error *error)
{
	struct buf plain = BUF_INIT;
	for (struct slice rest = shown(line); rest.len > 0;) {
		char quote = typographic(rest);
		buf_add_char(&plain, quote ? quote : rest.data[0]);
		rest = slice_skip(rest, quote ? 3 : 1);
	}
	error_set(error, NULL, "typographic quotes are none of mcsh's");
	error_hint(error, "type %s; in quotes they are data", buf_cstr(&plain));
	buf_release(&plain);
	return true;
}

static bool is_command(const struct command *const *commands, struct slice word)
{
	for (; *commands; commands++) {
		if (slice_eq_str(word, (*commands)->name))
			return true;
	}
	return false;
}

#define ONE_COMMAND "a line holds one command"

/* What stands between two commands in other shells. */
static bool is_separator(struct slice word)
{
	return slice_eq_str(word, "&&") || slice_eq_str(word, "||") || slice_eq_str(word, ";");
}

/* LINE is two commands, the first up to END, the second from BEGIN on. */
static bool refuse_second(struct slice line, size_t end, size_t begin, struct error *error)
{
	struct slice first = shown(slice_of(line.data, end)),
		     second = shown(slice_skip(line, begin));
	error_set(error, NULL, ONE_COMMAND);
	error_hint(error, "type %.*s and, on the next line, %.*s; what is data stands in quotes",
	           (int)first.len, first.data, (int)second.len, second.data);
	return true;
}

/* The word at I ends a command: && || ; alone, or a ; at its end, or one with a command after it.
 */
static bool refuse_separator(const struct command *const *commands, struct slice line,
                             const struct words *words, size_t i, struct error *error)
{
	const struct word *word = &words->list[i];
	struct slice text = word->text;
	bool alone = is_separator(text);
	const char *semicolon = memchr(text.data, ';', text.len);
	if (!alone && !semicolon)
		return false;
	bool next = i + 1 < words->count && is_command(commands, words->list[i + 1].text);
	if (next && alone)
		return refuse_second(line, word->start, words->list[i + 1].start, error);
	if (!semicolon)
		return false;
	size_t at = (size_t)(semicolon - text.data);
	if (at + 1 == text.len && next && at > 0)
		return refuse_second(line, word->start + at, words->list[i + 1].start, error);
	if (at > 0 && is_command(commands, slice_skip(text, at + 1)))
		return refuse_second(line, word->start + at, word->start + at + 1, error);
	return false;
}

/* 2>&1, >&2, &>file, 2>file */
static bool is_redirection(struct slice text)
{
	return slice_starts(text, SLICE("2>")) || slice_starts(text, SLICE("1>")) ||
	       slice_starts(text, SLICE("&>")) || slice_starts(text, SLICE(">&"));
}

static bool refuse_rest(struct slice line, size_t end, const char *what, struct error *error)
{
	struct slice first = shown(slice_of(line.data, end));
	error_set(error, NULL, "%s", what);
	error_hint(error, "type %.*s; what is data stands in quotes", (int)first.len, first.data);
	return true;
}

bool habits_refuse(const struct command *const *commands, struct slice line,
                   const struct words *words, struct error *error)
{
	bool semicolon = memchr(line.data, ';', line.len) != NULL;
	for (size_t i = 1; i < words->count; i++) {
		const struct word *word = &words->list[i];
		if (word->quoted || word->text.len == 0)
			continue;
		switch (word->text.data[0]) {
		case '#':
			if (word->text.len == 1)
				return refuse_rest(line, word->start,
				                   "a comment has a line of its own", error);
			break;
		case '1':
		case '2':
		case '&':
		case '>':
			if (is_redirection(word->text))
				return refuse_rest(line, word->start,
				                   "mcsh redirects what a command prints, by > and "
				                   "|, and not its errors",
				                   error);
			break;
		case '\xe2':
			if (typographic(word->text))
				return refuse_quotes(line, error);
			break;
		default:
			break;
		}
		bool separates = semicolon || word->text.data[0] == '&' ||
		                 word->text.data[0] == '|';
		if (separates && refuse_separator(commands, line, words, i, error))
			return true;
	}
	return false;
}

/* The length of a blank at the start of TEXT that is none to mcsh, though it looks so: U+00A0,
 * U+2000 to U+200A, U+202F, U+3000. 0: there is none. */
static size_t foreign_blank(struct slice text)
{
	uint32_t code = 0;
	size_t n = utf8_decode(text, &code);
	bool blank = code == 0xa0 || (code >= 0x2000 && code <= 0x200a) || code == 0x202f ||
	             code == 0x3000;
	return n > 1 && blank ? n : 0;
}

/* Words of LINE, which a web page has put such blanks between. */
static bool refuse_blanks(struct slice line, struct error *error)
{
	struct buf plain = BUF_INIT;
	for (struct slice rest = shown(line); rest.len > 0;) {
		size_t n = foreign_blank(rest);
		buf_add_char(&plain, n ? ' ' : rest.data[0]);
		rest = slice_skip(rest, n ? n : 1);
	}
	error_set(error, NULL,
	          "blanks of this line are not those of the keyboard, as web pages have them");
	error_hint(error, "type %s", buf_cstr(&plain));
	buf_release(&plain);
	return true;
}

bool habits_explain_unknown(const struct command *const *commands, struct slice line,
                            const struct words *words, struct error *error)
{
	struct slice first = words->list[0].text;
	bool prompt = first.len > 1 && first.data[first.len - 1] == '>';
	bool program = slice_eq_str(first, "mcsh");
	for (struct slice rest = first; rest.len > 0 && !words->list[0].quoted;
	     rest = slice_skip(rest, 1)) {
		if (foreign_blank(rest))
			return refuse_blanks(line, error);
	}
	for (size_t i = 1; i < words->count; i++) {
		if (!words->list[i].quoted && is_separator(words->list[i].text)) {
			error_set(error, "type each on a line of its own", ONE_COMMAND);
			return true;
		}
	}
	if (words->count < 2 || words->list[0].quoted ||
	    !(prompt || slice_eq_str(first, "$") || program))
		return false;
	struct slice rest = shown(slice_skip(line, words->list[1].start));
	error_set(error, NULL, "\"%.*s\" is not a command, it stands before one",
	          SLICE_ARGS(first, 60));
	error_hint(error, "type %.*s", (int)rest.len, rest.data);
	if (program && !is_command(commands, words->list[1].text))
		error_set(error, ".quit leaves it; .connect and .set change what its options do",
		          "mcsh runs here already");
	return true;
}
