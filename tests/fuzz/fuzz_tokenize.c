/*
 * libFuzzer target: any bytes as a line. Build with clang -fsanitize=fuzzer,address,undefined. What
 * must hold: the words lie in the line in order; words written by quote_add or quote_add_word are
 * read back as the same words; only a bad line has an error. The rest is the sanitizers' business.
 */
#include "base/quote.h"
#include "shell/lang/tokenize.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

static void check_words(struct slice line, const struct words *w)
{
	size_t at = 0;
	for (size_t i = 0; i < w->count; i++) {
		const struct word *word = &w->list[i];
		check(word->start >= at && word->end > word->start && word->end <= line.len);
		check(word->text.len <= word->end - word->start);
		if (!word->quoted)
			check(slice_eq(word->text,
			               slice_of(line.data + word->start, word->end - word->start)));
		at = word->end;
	}
}

/* The words of W, written by QUOTE, are read back. */
static void check_round_trip(const struct words *w, void (*quote)(struct buf *, struct slice))
{
	struct buf line = BUF_INIT;
	struct words again = {0};
	struct error error;
	/* A first word, since an operator or a comment sign is something else there. */
	buf_add_char(&line, 'x');
	for (size_t i = 0; i < w->count; i++) {
		buf_add_char(&line, ' ');
		quote(&line, w->list[i].text);
	}
	check(tokenize(buf_slice(&line), &again, &error) == TOKENIZE_OK);
	check(again.count == w->count + 1 && again.sink == SINK_NONE);
	for (size_t i = 0; i < w->count; i++)
		check(slice_eq(again.list[i + 1].text, w->list[i].text));
	words_release(&again);
	buf_release(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words w = {0};
	struct error error = {.what = ""};
	struct slice line = slice_of((const char *)data, size);
	enum tokenize_result result = tokenize(line, &w, &error);
	check((result == TOKENIZE_BAD) == (error.what[0] != '\0'));
	if (result == TOKENIZE_OK)
		check_words(line, &w);
	if (result != TOKENIZE_BAD && w.sink == SINK_NONE) {
		check_round_trip(&w, quote_add);
		check_round_trip(&w, quote_add_word);
	}
	/* The bytes as one word, whatever they are. */
	struct word one = {.text = line};
	struct words whole = {.list = &one, .count = 1};
	check_round_trip(&whole, quote_add);
	check_round_trip(&whole, quote_add_word);
	words_release(&w);
	return 0;
}
