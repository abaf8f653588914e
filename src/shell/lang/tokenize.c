#include "shell/lang/tokenize.h"

#include "base/eight.h"
#include "base/quote.h"
#include "base/xalloc.h"

#include <stdlib.h>

struct scanner {
	struct slice line;
	size_t pos;
	struct words *words;
	struct error *error;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Bytes that are more than themselves in a bare word. */
static const bool special[256] = {[' '] = true,  ['\t'] = true, ['\n'] = true, ['\r'] = true,
                                  ['\''] = true, ['"'] = true,  ['\\'] = true};

/* The place of the first such byte from POS on, or the line's length. Eight bytes at a time while
 * none of them can be one: those below 0x28, and the backslash. */
static inline size_t bare_end(struct slice line, size_t pos)
{
	while (pos + 8 <= line.len) {
		uint64_t word = eight_at(line.data + pos);
		size_t place = 8;
		if (eight_found(eight_below(word, 0x28) | eight_equal(word, '\\'), &place) &&
		    special[(unsigned char)line.data[pos + place]])
			return pos + place;
		pos += place < 8 ? place + 1 : 8;
	}
	while (pos < line.len && !special[(unsigned char)line.data[pos]])
		pos++;
	return pos;
}

/* The length of a backslash and the line end after it at POS, or 0. */
static size_t line_join(struct slice line, size_t pos)
{
	if (pos >= line.len || line.data[pos] != '\\')
		return 0;
	struct slice rest = slice_skip(line, pos);
	return slice_starts(rest, SLICE("\\\n")) ? 2 : slice_starts(rest, SLICE("\\\r\n")) ? 3 : 0;
}

/* The escape after the backslash at the scanner's position. */
static enum tokenize_result scan_escape(struct scanner *s)
{
	if (s->pos + 1 >= s->line.len)
		return TOKENIZE_OPEN;
	char c = s->line.data[s->pos + 1], meaning;
	size_t joined = line_join(s->line, s->pos);
	if (joined > 0) { /* the line goes on */
		s->pos += joined;
		return TOKENIZE_OK;
	}
	size_t length = escape_read(slice_skip(s->line, s->pos), &meaning);
	if (length > 0) {
		buf_add_char(&s->words->arena, meaning);
		s->pos += length;
		return TOKENIZE_OK;
	}
	if (c == 'x')
		error_set(s->error, "write \\x and two hex digits, as in \\x0a",
		          "the \\x at column %zu is not followed by two hex digits", s->pos + 1);
	else
		error_set(s->error,
		          "known are \\n \\r \\t \\0 \\e \\\\ \\\" \\' \\xHH; in '...' a backslash "
		          "is itself",
		          "unknown escape \\%c at column %zu", c, s->pos + 1);
	return TOKENIZE_BAD;
}

/* A quoted piece; the scanner stands on its opening quote. */
static enum tokenize_result scan_quoted(struct scanner *s)
{
	char quote = s->line.data[s->pos++];
	while (s->pos < s->line.len) {
		char c = s->line.data[s->pos];
		if (c == quote) {
			s->pos++;
			return TOKENIZE_OK;
		}
		if (c == '\\' && quote == '"') {
			enum tokenize_result result = scan_escape(s);
			if (result != TOKENIZE_OK)
				return result;
			continue;
		}
		buf_add_char(&s->words->arena, c);
		s->pos++;
	}
	return TOKENIZE_OPEN;
}

/* The rest of a word that is more than a bare piece of the line: what it means goes to the arena.
 */
static enum tokenize_result scan_pieces(struct scanner *s)
{
	enum tokenize_result result = TOKENIZE_OK;
	while (result == TOKENIZE_OK && s->pos < s->line.len && !is_blank(s->line.data[s->pos])) {
		char c = s->line.data[s->pos];
		size_t end = bare_end(s->line, s->pos);
		if (c == '\'' || c == '"') {
			result = scan_quoted(s);
		} else if (c == '\\') {
			result = scan_escape(s);
		} else {
			buf_add(&s->words->arena, s->line.data + s->pos, end - s->pos);
			s->pos = end;
		}
	}
	return result;
}

/* One word. Of a quoted one the slice is made once the arena no longer moves. */
static enum tokenize_result scan_word(struct scanner *s)
{
	struct words *w = s->words;
	enum tokenize_result result = TOKENIZE_OK;
	size_t end = bare_end(s->line, s->pos);
	struct word word = {.start = s->pos};

	if (end == s->line.len || is_blank(s->line.data[end])) {
		word.text = slice_of(s->line.data + s->pos, end - s->pos);
		s->pos = end;
	} else {
		size_t from = w->arena.len;
		word.quoted = true;
		result = scan_pieces(s);
		word.text = slice_of(NULL, w->arena.len - from);
	}
	word.end = s->pos;
	if (w->count == w->cap)
		w->list = xgrow(w->list, &w->cap, w->count + 1, sizeof(*w->list));
	w->list[w->count++] = word;
	return result;
}

static enum sink sink_of(const struct words *w)
{
	const struct word *last = &w->list[w->count - 1];
	if (last->quoted || last->text.len > 2)
		return SINK_NONE;
	if (slice_eq(last->text, SLICE("|")))
		return SINK_PIPE;
	if (slice_eq(last->text, SLICE(">>")))
		return SINK_APPEND;
	return slice_eq(last->text, SLICE(">")) ? SINK_FILE : SINK_NONE;
}

/* Gives each quoted word its place in the arena, where there is any. */
static void place_words(struct words *w)
{
	const char *at = w->arena.data;
	for (size_t i = 0; at && i < w->count; i++) {
		struct word *word = &w->list[i];
		if (!word->quoted)
			continue;
		word->text.data = at;
		at += word->text.len;
	}
}

static void skip_blanks(struct scanner *s)
{
	while (s->pos < s->line.len) {
		char c = s->line.data[s->pos];
		size_t n = is_blank(c) ? 1 : c == '\\' ? line_join(s->line, s->pos) : 0;
		if (n == 0)
			break;
		s->pos += n;
	}
}

/* What follows | > or >>, whose word is the last one and is taken away here. */
static enum tokenize_result scan_target(struct scanner *s, enum sink sink)
{
	struct words *w = s->words;
	static const char *const names[] = {"", "|", ">", ">>"};
	w->sink = sink;
	w->count--;
	skip_blanks(s);
	if (w->count == 0 || s->pos == s->line.len) {
		error_set(s->error, "quote it, if it is meant as a word of the command",
		          w->count == 0 ? "no command before %s" : "nothing after %s", names[sink]);
		return TOKENIZE_BAD;
	}
	if (sink == SINK_PIPE) {
		w->target = slice_trim(slice_skip(s->line, s->pos));
		return TOKENIZE_OK;
	}
	enum tokenize_result result = scan_word(s);
	skip_blanks(s);
	if (result == TOKENIZE_OK && s->pos < s->line.len) {
		bool errors = slice_starts(slice_skip(s->line, s->pos), SLICE("2>"));
		error_set(s->error,
		          errors
		              ? "leave 2> out: what a command prints is redirected, not its errors"
		              : "it takes one file name, at the end of the line",
		          "too many words after %s and its file", names[sink]);
		result = TOKENIZE_BAD;
	}
	return result;
}

enum tokenize_result tokenize(struct slice line, struct words *w, struct error *error)
{
	struct scanner s = {.line = line, .words = w, .error = error};
	enum tokenize_result result = TOKENIZE_OK;
	w->count = 0;
	w->sink = SINK_NONE;
	w->target = slice_of(NULL, 0);
	buf_clear(&w->arena);

	skip_blanks(&s);
	if (s.pos < line.len && line.data[s.pos] == '#')
		return TOKENIZE_OK;
	while (result == TOKENIZE_OK && s.pos < line.len) {
		result = scan_word(&s);
		if (result != TOKENIZE_OK)
			break;
		enum sink sink = sink_of(w);
		if (sink != SINK_NONE) {
			result = scan_target(&s, sink);
			break;
		}
		skip_blanks(&s);
		if (w->count > WORDS_MAX) {
			error_set(error, "split it over several commands",
			          "the line has more than %d words", WORDS_MAX);
			result = TOKENIZE_BAD;
		}
	}
	if (w->arena.full) {
		error_set(error, "give large values by --file", "the line is too long");
		result = TOKENIZE_BAD;
	}
	place_words(w);
	if (result == TOKENIZE_OK && (w->sink == SINK_FILE || w->sink == SINK_APPEND))
		w->target = w->list[--w->count].text;
	return result;
}

/* Whether nothing but a line end is left at POS: the line feed is added with the next line. */
static bool ends_line(struct slice text, size_t pos)
{
	return pos >= text.len || (pos + 1 == text.len && text.data[pos] == '\r');
}

/* One byte, or an escape, outside of quotes. False when more input is needed to know. */
static bool step_bare(struct open_state *s, struct slice text)
{
	char c = text.data[s->pos];
	if (is_blank(c)) {
		/* A bare | ends what is ours; what is after it has the system shell's quotes. */
		s->over = s->in_word && s->pos - s->word == 1 && text.data[s->word] == '|';
		s->in_word = false;
		s->pos++;
		return true;
	}
	if (!s->in_word) {
		s->in_word = true;
		s->word = s->pos;
		s->over = c == '#' && slice_trim(slice_of(text.data, s->pos)).len == 0;
	}
	if (c == '\\' && ends_line(text, s->pos + 1))
		return false;
	if (c == '\'' || c == '"')
		s->quote = c;
	s->pos += c == '\\' ? 2 : 1;
	return true;
}

static bool step_quoted(struct open_state *s, struct slice text)
{
	char c = text.data[s->pos];
	bool escape = c == '\\' && s->quote == '"';
	if (escape && ends_line(text, s->pos + 1))
		return false;
	if (c == s->quote)
		s->quote = '\0';
	s->pos += escape ? 2 : 1;
	return true;
}

/* Whether TEXT has a byte that could leave it open. */
static bool may_be_open(struct slice text)
{
	return text.len > 0 &&
	       (memchr(text.data, '\'', text.len) || memchr(text.data, '"', text.len) ||
	        memchr(text.data, '\\', text.len));
}

bool tokenize_open(struct open_state *s, struct slice text)
{
	if (s->pos == 0 && !may_be_open(text))
		return false;
	while (s->pos < text.len && !s->over) {
		if (!(s->quote ? step_quoted(s, text) : step_bare(s, text)))
			return true;
	}
	return s->quote != '\0';
}

void words_release(struct words *w)
{
	free(w->list);
	buf_release(&w->arena);
	*w = (struct words){0};
}
