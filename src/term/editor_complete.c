#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/editor_private.h"

#include <stdlib.h>

static struct slice next_word(struct slice *words)
{
	struct slice word = slice_of(words->data, strnlen(words->data, words->len));
	*words = slice_skip(*words, word.len + 1);
	return word;
}

/* What all candidates begin with, cut at a character's border. */
static struct slice common_prefix(const struct candidates *c)
{
	struct slice words = buf_slice(&c->words);
	struct slice prefix = next_word(&words);
	while (words.len > 0) {
		struct slice word = next_word(&words);
		size_t n = 0;
		while (n < prefix.len && n < word.len && prefix.data[n] == word.data[n])
			n++;
		while (n > 0 && n < prefix.len && utf8_continues(prefix.data[n]))
			n--;
		prefix.len = n;
	}
	return prefix;
}

/* Puts WORD in the place of what LINE has from START to CURSOR. */
static void replace_word(struct editor *e, struct slice line, size_t start, size_t cursor,
                         struct slice word, bool whole)
{
	struct slice typed = slice_of(line.data + start, cursor - start);
	struct buf text = BUF_INIT;
	buf_add_slice(&text, word);
	bool blank = cursor < line.len && line.data[cursor] == ' ';
	if (whole && !blank)
		buf_add_char(&text, ' ');
	editor_line_exchange(e, utf8_count(typed), buf_slice(&text));
	if (whole && blank)
		editor_line_set_cursor(e, editor_line_cursor(e) + 1);
	buf_release(&text);
}

unsigned char editor_complete_key(EditLine *el, int key)
{
	(void)key;
	struct editor *e = editor_of(el);
	struct candidates *c = &e->candidates;
	struct buf line = BUF_INIT;
	size_t cursor = editor_line_text(e, &line);
	unsigned char result = CC_ERROR;
	e->hooks->complete(e->hooks->ctx, buf_slice(&line), cursor, c);
	if (c->count > 0 && c->start <= cursor) {
		struct slice prefix = common_prefix(c);
		struct slice typed = slice_of(line.data + c->start, cursor - c->start);
		bool longer = prefix.len > 0 && !slice_eq(prefix, typed) &&
		              (prefix.len > typed.len || !slice_starts(typed, prefix));
		if (c->count == 1 || longer) {
			replace_word(e, buf_slice(&line), c->start, cursor, prefix, c->count == 1);
			result = CC_REFRESH;
		} else {
			result = editor_settle(e, SETTLE_LIST);
		}
	}
	buf_release(&line);
	return result;
}

/* Adds the candidates in columns, top to bottom, as many as leave the line on the screen. */
static void add_columns(const struct editor *e, struct buf *out)
{
	const struct candidates *c = &e->candidates;
	struct slice *words = xcalloc(c->count, sizeof(*words));
	struct slice rest = buf_slice(&c->words);
	size_t count = 0, widest = 0;
	while (rest.len > 0 && count < c->count) {
		words[count] = next_word(&rest);
		utf8_widen(&widest, words[count++]);
	}
	size_t across = e->columns > widest + 2 ? e->columns / (widest + 2) : 1;
	size_t down = (count + across - 1) / across;
	size_t most = e->rows > 3 ? e->rows - 3 : 1;
	size_t rows = down < most ? down : most;
	size_t shown = count < rows * across ? count : rows * across;
	for (size_t row = 0; row < rows; row++) {
		for (size_t i = row; i < shown; i += rows) {
			buf_add_slice(out, words[i]);
			if (i + rows < shown)
				buf_add_repeat(out, ' ', widest + 2 - utf8_columns(words[i]));
		}
		buf_add_str(out, "\n");
	}
	if (shown < count)
		buf_addf(out, "(and %zu more)\n", count - shown);
	free(words);
}

/* Adds a line for each candidate: the word, and what it means. */
static void add_explained(const struct editor *e, struct buf *out)
{
	const struct candidates *c = &e->candidates;
	struct slice words = buf_slice(&c->words), notes = buf_slice(&c->notes);
	size_t most = e->rows > 3 ? e->rows - 3 : 1, shown = 0;
	for (; words.len > 0 && shown < most; shown++) {
		struct slice word = next_word(&words), note = next_word(&notes);
		size_t width = utf8_columns(word) + 4;
		size_t space = e->columns > width + 1 ? e->columns - width - 1 : 0;
		buf_addf(out, "  %.*s  %.*s\n", (int)word.len, word.data,
		         (int)(note.len < space ? note.len : space), note.data);
	}
	if (shown < c->count)
		buf_addf(out, "(and %zu more)\n", c->count - shown);
}

void editor_complete_list(struct editor *e)
{
	editor_screen_text(e, "\n");
	if (e->candidates.notes.len > 0)
		add_explained(e, &e->out);
	else
		add_columns(e, &e->out);
}
