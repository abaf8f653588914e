#include "view/text/json_write.h"

#include "base/base64.h"
#include "base/json_read.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"

void json_comma(struct buf *out)
{
	char last = out->len > 0 ? out->data[out->len - 1] : '\n';
	if (!memchr("{[:,\n", last, 5))
		buf_add_char(out, ',');
}

void json_open(struct buf *out, char bracket)
{
	json_comma(out);
	buf_add_char(out, bracket);
}

void json_name(struct buf *out, const char *name)
{
	json_comma(out);
	buf_add_char(out, '"');
	buf_add_str(out, name);
	buf_add(out, "\":", 2);
}

static void add_escape(struct buf *out, uint32_t code)
{
	static const char short_ones[] = "\"\\\n\r\t", letters[] = "\"\\nrt";
	const char *at = code < 0x80 ? memchr(short_ones, (int)code, sizeof(short_ones) - 1) : NULL;
	if (at)
		buf_add(out, (char[2]){'\\', letters[at - short_ones]}, 2);
	else
		escape_add_json(out, code);
}

void json_add_text(struct buf *out, struct slice text)
{
	size_t run = 0;
	for (;;) {
		run += utf8_plain_run(slice_skip(text, run));
		if (run == text.len)
			break;
		uint32_t code = 0;
		size_t n = utf8_decode(slice_skip(text, run), &code);
		if (n == 0) {
			/* Promised not to happen; U+FFFD keeps the document valid if it does. */
			code = 0xfffd;
			n = 1;
		} else if (code != '"' && code != '\\' && !utf8_dangerous(code)) {
			run += n;
			continue;
		}
		buf_add(out, text.data, run);
		add_escape(out, code);
		text = slice_skip(text, run + n);
		run = 0;
	}
	buf_add(out, text.data, run);
}

void json_string(struct buf *out, struct slice text)
{
	json_comma(out);
	buf_add_char(out, '"');
	json_add_text(out, text);
	buf_add_char(out, '"');
}

void json_u64(struct buf *out, uint64_t n)
{
	json_comma(out);
	buf_add_u64(out, n);
}

void json_string_member(struct buf *out, const char *name, const char *text)
{
	json_name(out, name);
	json_string(out, slice_str(text));
}

void json_u64_member(struct buf *out, const char *name, uint64_t n)
{
	json_name(out, name);
	json_u64(out, n);
}

void json_bool_member(struct buf *out, const char *name, bool value)
{
	json_name(out, name);
	buf_add_str(out, value ? "true" : "false");
}

void json_open_member(struct buf *out, const char *name, char bracket)
{
	json_name(out, name);
	json_open(out, bracket);
}

void json_number_or_string(struct buf *out, struct slice text)
{
	int64_t n;
	uint64_t u;
	bool negative = text.len > 1 && text.data[0] == '-';
	struct slice digits = slice_skip(text, negative ? 1 : 0);
	bool padded = digits.len > 1 && digits.data[0] == '0';
	if (!padded &&
	    (number_parse_u64(text, &u) == NUMBER_OK || number_parse_i64(text, &n) == NUMBER_OK)) {
		json_comma(out);
		buf_add_slice(out, text);
	} else {
		json_bytes(out, text);
	}
}

void json_document_piece(struct buf *out, struct slice text, struct json_document_state *state)
{
	while (text.len > 0) {
		uint32_t code = 0;
		size_t n = utf8_decode(text, &code);
		n = n > 0 ? n : 1;
		bool escaped = state->escaped; /* whatever it is: a quote does not end the string */
		state->escaped = state->in_string && !escaped && code == '\\';
		if (code == '"' && !escaped)
			state->in_string = !state->in_string;
		if (state->in_string && utf8_dangerous(code))
			escape_add_json(out, code);
		else if (state->in_string || !memchr(" \t\r\n", text.data[0], 4))
			buf_add(out, text.data, n);
		text = slice_skip(text, n);
	}
}

void json_bytes(struct buf *out, struct slice bytes)
{
	if (utf8_valid(bytes)) {
		json_string(out, bytes);
		return;
	}
	json_open(out, '{');
	json_bytes_member(out, "base64", NULL, bytes);
	buf_add_char(out, '}');
}

void json_text_member(struct buf *out, const char *name, struct slice bytes)
{
	json_name(out, name);
	json_bytes(out, bytes);
}

void json_bytes_member(struct buf *out, const char *name, const char *encoding, struct slice bytes)
{
	json_name(out, name);
	if (utf8_valid(bytes)) {
		json_string(out, bytes);
		return;
	}
	buf_add_char(out, '"');
	base64_add(out, bytes);
	buf_add_char(out, '"');
	if (encoding)
		json_string_member(out, encoding, "base64");
}
