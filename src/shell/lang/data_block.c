#include "shell/lang/data_block.h"

#include "base/number.h"

#include <ctype.h>

/* The words of a protocol line that are looked at. */
#define WORDS_SEEN 7

/* Splits LINE at its blanks, without regard to quotes. Returns how many words it has, WORDS_SEEN at
 * the most. */
static size_t split(struct slice line, struct slice words[static WORDS_SEEN])
{
	size_t n = 0;
	for (line = slice_trim(line); line.len > 0 && n < WORDS_SEEN; line = slice_trim(line))
		words[n++] = slice_take(&line, ' ');
	return n;
}

static bool is_number(struct slice word)
{
	uint64_t ignored;
	if (word.len > 1 && (word.data[0] == '-' || word.data[0] == '+'))
		word = slice_skip(word, 1);
	return number_parse_u64(word, &ignored) == NUMBER_OK;
}

/* WORD, after a line that is whole with LENGTH: noreply, or what servers pass over in its place.
 * One of that length is the value itself, on the line. */
static bool is_passed_over(struct slice word, struct slice length)
{
	uint64_t bytes;
	bool fits = number_parse_u64(length, &bytes) == NUMBER_OK && bytes == word.len;
	return !is_number(word) && (!fits || slice_eq_str(word, "noreply"));
}

/* set KEY FLAGS EXPTIME BYTES [noreply], and cas with a number before noreply. A server passes over
 * another word in that place. */
static bool is_storage(const struct slice *w, size_t n, size_t *bytes)
{
	static const char *const names[] = {"set", "add", "replace", "append", "prepend"};
	bool cas = slice_eq_folded(w[0], "cas");
	bool stores = cas;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		stores |= slice_eq_folded(w[0], names[i]);
	size_t least = cas ? 6 : 5;
	*bytes = 4;
	return stores && (n == least || (n == least + 1 && is_passed_over(w[least], w[4]))) &&
	       is_number(w[2]) && is_number(w[3]) && (!cas || is_number(w[5]));
}

/* ms KEY BYTES FLAG... */
static bool is_meta_set(const struct slice *w, size_t n)
{
	for (size_t i = 3; i < n; i++) {
		if (!isalpha((unsigned char)w[i].data[0]))
			return false;
	}
	return n >= 3 && slice_eq_folded(w[0], "ms");
}

/* VALUE KEY FLAGS BYTES [CAS] */
static bool is_value(const struct slice *w, size_t n, size_t *bytes)
{
	*bytes = 3;
	return slice_eq_folded(w[0], "VALUE") && (n == 4 || (n == 5 && is_number(w[4]))) &&
	       is_number(w[2]);
}

bool data_block_announced(struct slice line, struct slice *word, uint64_t *bytes)
{
	struct slice w[WORDS_SEEN];
	size_t n = split(line, w), at;
	if (n == 0)
		return false;
	*word = w[0];
	if (n == 1 && w[0].data[0] == '$')
		return number_parse_u64(slice_skip(w[0], 1), bytes) == NUMBER_OK;
	if (is_meta_set(w, n))
		at = 2;
	else if (n >= 2 && slice_eq_str(w[0], "VA"))
		at = 1; /* VA BYTES FLAG... */
	else if (!is_storage(w, n, &at) && !is_value(w, n, &at))
		return false;
	/* A bare +9 after ms is a value. */
	return number_parse_u64(slice_skip(w[at], at > 2 && w[at].data[0] == '+'), bytes) ==
	       NUMBER_OK;
}

void data_block_begin(struct data_block *b, struct slice line, bool pasted)
{
	struct slice word;
	uint64_t bytes;
	if (!data_block_announced(line, &word, &bytes) || bytes == 0)
		return;
	*b = (struct data_block){.open = true, .pasted = pasted, .bytes = bytes};
	size_t n = word.len < sizeof(b->word) ? word.len : sizeof(b->word) - 1;
	memcpy(b->word, word.data, n);
}

/* Byte by byte, as in a file. */
static enum data_block_step add_exactly(struct data_block *b, struct slice line)
{
	uint64_t left = b->bytes - b->least;
	bool cr = line.len > 0 && line.data[line.len - 1] == '\r';
	if (line.len == left || (cr && line.len - 1 == left))
		return DATA_BLOCK_END;
	if (line.len > left)
		return b->lines > 1 ? DATA_BLOCK_LOST : DATA_BLOCK_END;
	b->least += line.len + 1;
	return DATA_BLOCK_MORE;
}

/* A terminal makes one CR, or two, of the CR LF that is pasted. */
static enum data_block_step add_pasted(struct data_block *b, struct slice line)
{
	bool doubtful = b->doubtful;
	if (b->lines == 1 && line.len == 0) {
		b->lines = 0; /* the line end of the line before */
		return DATA_BLOCK_MORE;
	}
	b->least += line.len + (b->lines > 1 ? 1 : 0);
	b->most += line.len + (b->lines > 1 ? 2 : 0);
	b->doubtful = b->bytes <= b->most;
	if (b->bytes > b->least)
		return DATA_BLOCK_MORE;
	return b->bytes == b->least || b->lines == 1 || doubtful ? DATA_BLOCK_END : DATA_BLOCK_LOST;
}

enum data_block_step data_block_add(struct data_block *b, struct slice line)
{
	b->lines++;
	enum data_block_step step = b->pasted ? add_pasted(b, line) : add_exactly(b, line);
	b->open = step == DATA_BLOCK_MORE;
	return step;
}
