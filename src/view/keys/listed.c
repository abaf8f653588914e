#include "view/keys/listed.h"

#include "base/base64.h"
#include "base/number.h"
#include "proto/attributes.h"
#include "view/text/time.h"

enum {
	KEY,
	EXP,
	LA,
	CAS,
	FETCH,
	CLS,
	SIZE,
	FLAGS,
	KEY_LAST, /* pretty has it there, where its length moves nothing */
	COLUMNS,
};

static const struct row_column columns[COLUMNS] = {
    [KEY] = {"key", NULL, 0, false, PAINT_KEY},
    [EXP] = {"exp", "expires in", 11, true, PAINT_NONE},
    [LA] = {"la", "idle for", 11, true, PAINT_NONE},
    [CAS] = {"cas", NULL, 0, true, PAINT_NONE},
    [FETCH] = {"fetch", "read", 4, false, PAINT_NONE},
    [CLS] = {"cls", "class", 5, true, PAINT_NONE},
    [SIZE] = {"size", "size", 8, true, PAINT_NUMBER},
    [FLAGS] = {"flags", "flags", 6, true, PAINT_NONE},
    [KEY_LAST] = {NULL, "key", 0, false, PAINT_KEY},
};

static const struct row_column key_column[] = {{"key", "key", 0, false, PAINT_KEY}};

const struct row_column *listed_columns(bool keys_alone, size_t *count)
{
	*count = keys_alone ? 1 : COLUMNS;
	return keys_alone ? key_column : columns;
}

/* mg <key>, or mg <base64> b for a key that was stored so. */
static void add_key(struct rows *r, const char *server, struct slice line)
{
	struct slice key = slice_skip(line, 3);
	struct buf decoded = BUF_INIT;
	if (key.len > 2 && memcmp(key.data + key.len - 2, " b", 2) == 0 &&
	    base64_decode(&decoded, slice_of(key.data, key.len - 2)))
		key = buf_slice(&decoded);
	struct slice cells[COLUMNS] = {[KEY] = key, [KEY_LAST] = key};
	rows_add(r, server, cells, NULL);
	buf_release(&decoded);
}

/* What pretty says of the times: "never", "gone", "3 min 20 s". */
static void read_times(const struct slice *cells, int64_t now, struct short_text *expires,
                       struct short_text *idle)
{
	int64_t exp, la;
	if (number_parse_i64(cells[EXP], &exp) == NUMBER_OK && exp > now)
		*expires = span_text((uint64_t)(exp - now));
	else if (number_parse_i64(cells[EXP], &exp) == NUMBER_OK)
		*expires = exp <= 0 ? (struct short_text){"never"} : (struct short_text){"gone"};
	if (number_parse_i64(cells[LA], &la) == NUMBER_OK && la <= now)
		*idle = span_text((uint64_t)(now - la));
}

/* The values of LINE's words, by their column. The words come in the order of the columns, as a
 * rule.
 */
static void read_words(struct slice line, struct slice *cells)
{
	struct attribute a;
	size_t next = KEY;
	while (attribute_next(&line, &a)) {
		for (size_t n = 0; n < KEY_LAST; n++) {
			size_t i = (next + n) % KEY_LAST;
			if (!slice_eq_str(a.name, columns[i].name))
				continue;
			cells[i] = a.value;
			next = i + 1;
			break;
		}
	}
}

void listed_add(struct rows *r, const char *server, struct slice line, int64_t now)
{
	struct slice cells[COLUMNS] = {{0}}, eyes[COLUMNS] = {{0}};
	struct short_text expires = {""}, idle = {""};
	struct buf key = BUF_INIT;
	if (slice_starts(line, SLICE("mg "))) {
		add_key(r, server, line);
		return;
	}
	read_words(line, cells);
	if (cells[KEY].len == 0)
		cells[KEY] = line;
	else if (attribute_decode(&key, cells[KEY]))
		cells[KEY] = buf_slice(&key);
	cells[KEY_LAST] = cells[KEY];
	read_times(cells, now, &expires, &idle);
	eyes[EXP] = slice_str(expires.s);
	eyes[LA] = slice_str(idle.s);
	rows_add(r, server, cells, eyes);
	buf_release(&key);
}
