#include "shell/replay/transcript.h"

#include "base/quote.h"
#include "base/xalloc.h"

#include <stdlib.h>

#define PROMPT    "mcsh> "
#define CONTINUED "...> "

static const struct slice suffix_regex = {" (re)", 5};
static const struct slice suffix_escaped = {" (esc)", 6};
static const struct slice suffix_open = {" (no-eol)", 9};

static bool cut_suffix(struct slice *line, struct slice suffix)
{
	if (!slice_ends(*line, suffix))
		return false;
	line->len -= suffix.len;
	return true;
}

/* A line that begins with PREFIX; its last blank may be gone, as editors take it away. */
static bool begins(struct slice line, struct slice prefix)
{
	return slice_starts(line, prefix) || slice_eq(line, slice_of(prefix.data, prefix.len - 1));
}

static bool is_comment(struct slice line)
{
	return slice_starts(line, SLICE("#"));
}

static bool is_output(struct slice line)
{
	return !is_comment(line) && !begins(line, SLICE(PROMPT)) && !begins(line, SLICE(CONTINUED));
}

struct output_line output_line_read(struct slice line, struct buf *arena)
{
	struct output_line out = {.open = cut_suffix(&line, suffix_open)};
	out.escaped = cut_suffix(&line, suffix_escaped);
	out.regex = !out.escaped && cut_suffix(&line, suffix_regex);
	out.text = line;
	if (!out.escaped)
		return out;
	size_t from = arena->len;
	while (line.len > 0) {
		char byte = line.data[0];
		size_t n = byte == '\\' ? escape_read(line, &byte) : 1;
		buf_add_char(arena, byte); /* a backslash that begins no escape is itself */
		line = slice_skip(line, n ? n : 1);
	}
	out.text = slice_skip(buf_slice(arena), from);
	return out;
}

/* Whether LINE, as it is, would be read as something else than this output. */
static bool is_special(struct slice line, bool last)
{
	if (line.len == 0)
		return last; /* layout */
	char end = line.data[line.len - 1];
	return !bytes_are_text(line) || !is_output(line) || end == ' ' || end == '\t' ||
	       slice_find(line, SLICE("<any>")) || slice_ends(line, suffix_regex) ||
	       slice_ends(line, suffix_escaped) || slice_ends(line, suffix_open);
}

/* An escape even where escape_add_field would keep the byte. */
static void add_hex(struct buf *out, char byte)
{
	buf_addf(out, "\\x%02x", (unsigned)(unsigned char)byte);
}

static void add_escaped(struct buf *out, struct slice line)
{
	struct slice rest = line;
	if (!is_output(line)) {
		add_hex(out, line.data[0]);
		rest = slice_skip(rest, 1);
	}
	bool blank = rest.len > 0 && rest.data[rest.len - 1] == ' ';
	rest.len -= blank;
	escape_add_field(out, rest);
	if (blank)
		add_hex(out, ' ');
	buf_add_slice(out, suffix_escaped);
}

void transcript_add_output(struct buf *out, struct slice output, bool cut)
{
	struct lines lines = {0};
	while (cut && output.len > 0 && output.data[output.len - 1] != '\n')
		output.len--;
	bool open = output.len > 0 && output.data[output.len - 1] != '\n';
	lines_add(&lines, output);
	size_t content = lines.count; /* after it are blank lines alone */
	while (content > 0 && lines.list[content - 1].len == 0)
		content--;
	for (size_t i = 0; i < lines.count; i++) {
		if (is_special(lines.list[i], i >= content))
			add_escaped(out, lines.list[i]);
		else
			buf_add_slice(out, lines.list[i]);
		if (open && i + 1 == lines.count)
			buf_add_slice(out, suffix_open);
		buf_add_char(out, '\n');
	}
	if (cut)
		buf_add_str(out, "<any>\n");
	lines_release(&lines);
}

void transcript_add_command(struct buf *out, struct slice command)
{
	const char *prompt = PROMPT;
	for (bool more = true; more; prompt = CONTINUED) {
		size_t before = command.len;
		struct slice line = slice_take(&command, '\n');
		more = line.len < before;
		buf_add_str(out, prompt);
		buf_add_slice(out, line);
		buf_add_char(out, '\n');
	}
}

static bool refuse(struct error *error, size_t line, const char *hint, const char *what)
{
	return error_set(error, hint, "line %zu %s", line + 1, what);
}

/* The first line, where it is a header. */
static bool read_header(struct transcript *t, struct error *error)
{
	struct slice first = t->lines.count ? t->lines.list[0] : slice_of(NULL, 0);
	struct slice known = SLICE(TRANSCRIPT_HEADER), name = known;
	name.len -= 1; /* without its number */
	if (first.len > 0 && first.data[first.len - 1] == '\r')
		return refuse(error, 0, "write its lines with LF alone: sed -i 's/\\r$//' FILE",
		              "ends with CR LF");
	if (!slice_starts(first, name))
		return true;
	struct slice rest = slice_skip(first, known.len);
	if (!slice_starts(first, known) || (rest.len > 0 && rest.data[0] != ' '))
		return refuse(error, 0, "see TRANSCRIPTS in man mcsh",
		              "is the header of a transcript that this mcsh does not know");
	t->settings = slice_trim(rest);
	return true;
}

/* The command at line I and the lines that go on with it; returns the line after them. */
static size_t read_command(struct transcript *t, size_t i)
{
	struct step step = {.line = i, .outputs = t->outputs.count};
	size_t from = t->arena.len;
	buf_add_slice(&t->arena, slice_skip(t->lines.list[i], sizeof(PROMPT) - 1));
	for (i++; i < t->lines.count && begins(t->lines.list[i], SLICE(CONTINUED)); i++) {
		buf_add_char(&t->arena, '\n');
		buf_add_slice(&t->arena, slice_skip(t->lines.list[i], sizeof(CONTINUED) - 1));
	}
	step.command.len = t->arena.len - from;
	step.body = i;
	t->steps = xgrow(t->steps, &t->cap, t->count + 1, sizeof(*t->steps));
	t->steps[t->count++] = step;
	return i;
}

/* The commands' slices, once the arena no longer moves. */
static void place_commands(struct transcript *t)
{
	struct slice rest = buf_slice(&t->arena);
	for (size_t i = 0; i < t->count; i++) {
		t->steps[i].command.data = rest.data;
		rest = slice_skip(rest, t->steps[i].command.len);
	}
}

/* The lines after a command up to the next one; returns where they end. */
static size_t read_body(struct transcript *t, size_t i)
{
	struct step *step = &t->steps[t->count - 1];
	size_t blanks = 0; /* just before */
	for (; i < t->lines.count && !begins(t->lines.list[i], SLICE(PROMPT)); i++) {
		struct slice line = t->lines.list[i];
		if (line.len == 0) {
			blanks++;
			continue;
		}
		for (; !is_comment(line) && blanks > 0; blanks--)
			lines_add_one(&t->outputs, slice_of(NULL, 0));
		if (!is_comment(line))
			lines_add_one(&t->outputs, line);
		blanks = 0;
	}
	step->end = i;
	step->outputs_n = t->outputs.count - step->outputs;
	return i;
}

bool transcript_read(struct transcript *t, struct slice text, struct error *error)
{
	/* A byte order mark is not part of the text. */
	lines_add(&t->lines, slice_skip(text, slice_starts(text, SLICE("\xef\xbb\xbf")) ? 3 : 0));
	if (!read_header(t, error))
		return false;
	size_t i = 0;
	while (i < t->lines.count && !begins(t->lines.list[i], SLICE(PROMPT))) {
		if (t->lines.list[i].len > 0 && !is_comment(t->lines.list[i]))
			return refuse(error, i,
			              "a command begins with \"mcsh> \", a comment with \"#\"; a "
			              "script of commands alone is run by mcsh -f",
			              "is output, and no command is before it");
		i++;
	}
	while (i < t->lines.count)
		i = read_body(t, read_command(t, i));
	place_commands(t);
	return true;
}

void transcript_release(struct transcript *t)
{
	lines_release(&t->lines);
	lines_release(&t->outputs);
	buf_release(&t->arena);
	free(t->steps);
	*t = (struct transcript){0};
}
