/*
 * libFuzzer target: any bytes as JSON. What must hold: every token lies in the text, in order; a
 * container that opens closes; what is read whole is valid by itself; a document means the same as
 * itself and can be laid out; a string that can be unescaped means what came out.
 */
#include "base/json_find.h"
#include "view/text/json_layout.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

static void check_string(struct slice string)
{
	struct buf means = BUF_INIT;
	check(json_string_same(string, string));
	if (json_unescape(&means, string)) {
		check(means.len <= string.len);
		check(json_string_is(string, buf_slice(&means)));
	}
	buf_release(&means);
}

/* Returns whether TEXT is a document. */
static bool walk(struct slice text)
{
	struct json_read r;
	enum json_token token;
	const char *at = text.data;
	unsigned depth = 0;
	json_read_init(&r, text);
	while ((token = json_read_next(&r)) != JSON_END && token != JSON_FAULT) {
		check(r.text.data >= at && r.text.data + r.text.len <= text.data + text.len);
		at = r.text.data + r.text.len;
		depth += token == JSON_OBJECT || token == JSON_ARRAY;
		depth -= token == JSON_OBJECT_END || token == JSON_ARRAY_END;
		check(depth == r.depth && depth <= JSON_DEPTH_MAX);
		if (token == JSON_STRING || token == JSON_NAME)
			check_string(r.text);
	}
	check((token == JSON_FAULT) == (r.fault != NULL));
	check(json_read_offset(&r) <= text.len);
	check(token == JSON_FAULT || depth == 0);
	check(json_read_next(&r) == token);
	return token == JSON_END;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size), value, inner;
	bool valid = walk(text);
	enum json_found found = json_find(text, SLICE("."), &value);
	check(valid == (found == JSON_FOUND));
	if (!valid) {
		check(!json_equal(text, text) && !json_is_container(text));
		return 0;
	}
	check(walk(value) && slice_eq(slice_trim(text), value));
	if (json_find(text, SLICE("a[0]"), &inner) == JSON_FOUND)
		check(walk(inner));
	/* The bytes as a path, too. */
	if (json_find(SLICE("{\"a\":[1,{\"\":2}]}"), text, &inner) == JSON_FOUND)
		check(walk(inner));
	if (size < 4096)
		json_equal(text, value);
	if (json_is_container(text)) {
		struct buf out = BUF_INIT;
		struct style style = {.columns = 20};
		size_t left = json_layout_add(&out, &style, text, 0);
		check(left == 0 && walk(buf_slice(&out)));
		buf_clear(&out);
		check(json_layout_add(&out, &style, text, 10) < size);
		buf_release(&out);
	}
	return 0;
}
