#include "base/json_pack.h"

const struct json_spacing json_spacings[] = {
    {SLICE_INIT(","), SLICE_INIT(":")},
    {SLICE_INIT(", "), SLICE_INIT(": ")},
    {{NULL, 0}, {NULL, 0}},
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct slice skip_blanks(struct slice text)
{
	while (text.len > 0 && is_blank(text.data[0]))
		text = slice_skip(text, 1);
	return text;
}

/* Takes the next token off *REST: a string, one of {}[],: or the run of letters and digits that is
 * a number or a word. Empty at the end. */
static struct slice next_token(struct slice *rest)
{
	*rest = skip_blanks(*rest);
	struct slice text = *rest;
	size_t n = text.len > 0 ? 1 : 0;
	if (n > 0 && text.data[0] == '"') {
		while (n < text.len && text.data[n] != '"')
			n += text.data[n] == '\\' ? 2 : 1;
		n++;
	} else if (n > 0 && !strchr("{}[],:", text.data[0])) {
		while (n < text.len && !is_blank(text.data[n]) && !strchr("{}[],:\"", text.data[n]))
			n++;
	}
	n = n < text.len ? n : text.len;
	*rest = slice_skip(text, n);
	return slice_of(text.data, n);
}

void json_pack(struct buf *out, struct slice text, const struct json_spacing *spacing)
{
	for (struct slice token; (token = next_token(&text)).len > 0;) {
		if (token.data[0] == ',')
			buf_add_slice(out, spacing->comma);
		else if (token.data[0] == ':')
			buf_add_slice(out, spacing->colon);
		else
			buf_add_slice(out, token);
	}
}

static void new_line(struct buf *out, size_t depth)
{
	buf_add_char(out, '\n');
	buf_add_repeat(out, ' ', 2 * depth);
}

void json_spread(struct buf *out, struct slice text)
{
	size_t depth = 0;
	for (struct slice token; (token = next_token(&text)).len > 0;) {
		struct slice next = skip_blanks(text);
		bool closes_next = next.len > 0 && (next.data[0] == '}' || next.data[0] == ']');
		switch (token.data[0]) {
		case '{':
		case '[':
			buf_add_slice(out, token);
			depth++;
			if (!closes_next)
				new_line(out, depth);
			break;
		case '}':
		case ']':
			depth -= depth > 0;
			/* An empty one stays on its line. */
			if (out->len > 0 && out->data[out->len - 1] != '{' &&
			    out->data[out->len - 1] != '[')
				new_line(out, depth);
			buf_add_slice(out, token);
			break;
		case ',':
			buf_add_slice(out, token);
			new_line(out, depth);
			break;
		case ':':
			buf_add_str(out, ": ");
			break;
		default:
			buf_add_slice(out, token);
		}
	}
}
