#include "view/text/csv_write.h"

#include "base/quote.h"

static bool needs_quotes(struct slice text)
{
	bool quote = text.len > 0 && (text.data[0] == ' ' || text.data[text.len - 1] == ' ');
	for (size_t i = 0; !quote && i < text.len; i++)
		quote = memchr(",\"\r\n", text.data[i], 4) != NULL;
	return quote;
}

void csv_add_quoted(struct buf *out, struct slice text)
{
	const char *mark;
	while (text.len > 0 && (mark = memchr(text.data, '"', text.len))) {
		size_t upto = (size_t)(mark - text.data) + 1;
		buf_add(out, text.data, upto);
		buf_add_char(out, '"');
		text = slice_skip(text, upto);
	}
	buf_add_slice(out, text);
}

void csv_add_field(struct buf *out, struct slice text)
{
	if (!needs_quotes(text)) {
		buf_add_slice(out, text);
		return;
	}
	buf_add_char(out, '"');
	csv_add_quoted(out, text);
	buf_add_char(out, '"');
}

/* Whether a spreadsheet computes it. A number is one to it as it is. */
static bool is_formula(struct slice text)
{
	if (text.len == 0 || !memchr("=+-@\t\r", text.data[0], 6))
		return false;
	bool number = text.len > 1 && (text.data[0] == '-' || text.data[0] == '+');
	for (size_t i = 1; number && i < text.len; i++)
		number = (text.data[i] >= '0' && text.data[i] <= '9') || text.data[i] == '.';
	return !number;
}

const char *csv_quote(const struct style *style, struct slice text)
{
	if (style->csv_guard && is_formula(text))
		return "\"'";
	return needs_quotes(text) ? "\"" : "";
}

void csv_add_data(struct buf *out, const struct style *style, struct slice text)
{
	const char *quote = csv_quote(style, text);
	buf_add_str(out, quote);
	if (!*quote) {
		buf_add_slice(out, text);
		return;
	}
	csv_add_quoted(out, text);
	buf_add_char(out, '"');
}

void csv_add_safe(struct buf *out, const struct style *style, struct slice bytes)
{
	struct buf text = BUF_INIT;
	if (!bytes_are_text(bytes)) {
		escape_add_field(&text, bytes);
		bytes = buf_slice(&text);
	}
	csv_add_data(out, style, bytes);
	buf_release(&text);
}

void csv_end_header(struct buf *out, size_t from, const struct style *style)
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */
	if (!style->csv_last)
		return;
	for (size_t i = from; i < out->len; i++)
		hash = (hash ^ (unsigned char)out->data[i]) * 0x100000001b3;
	if (*style->csv_last == hash || *style->csv_last == CSV_ANY)
		buf_cut(out, from);
	*style->csv_last = hash;
}
