#include "view/text/json_layout.h"

#include "base/json_read.h"
#include "base/utf8.h"
#include "view/text/paint.h"

bool json_is_container(struct slice text)
{
	struct json_read r;
	json_read_init(&r, text);
	enum json_token token = json_read_next(&r);
	if (token != JSON_OBJECT && token != JSON_ARRAY)
		return false;
	return json_read_rest(&r) && json_read_next(&r) == JSON_END;
}

/* Below here the document is known to be valid. */

static bool opens(enum json_token token)
{
	return token == JSON_OBJECT || token == JSON_ARRAY;
}

static bool closes(enum json_token token)
{
	return token == JSON_OBJECT_END || token == JSON_ARRAY_END;
}

/* Columns of TEXT; of one that surely has more than WIDTH only as much is looked at as shows it. */
static size_t columns_up_to(struct slice text, size_t width)
{
	size_t columns = 0;
	while (text.len > 0 && columns <= width) {
		uint32_t code = 0;
		size_t n = utf8_decode(text, &code);
		columns += (size_t)utf8_width(code);
		text = slice_skip(text, n > 0 ? n : 1);
	}
	return columns;
}

/* Columns of the container that R has just opened, written on one line; more than WIDTH when it
 * needs more than WIDTH. */
static size_t line_columns(struct json_read r, size_t width)
{
	unsigned outside = r.depth - 1;
	size_t columns = 1;
	bool first = true;
	while (r.depth > outside && columns <= width) {
		enum json_token token = json_read_next(&r);
		if (closes(token)) {
			columns++;
			first = false;
			continue;
		}
		columns += first ? 0 : 2; /* ", " */
		columns += columns_up_to(r.text, width);
		if (token == JSON_STRING || token == JSON_NAME)
			columns += 2; /* its quotes */
		if (token == JSON_NAME)
			columns += 2; /* ": " */
		first = token == JSON_NAME || opens(token);
	}
	return columns;
}

bool json_layout_is_line(struct slice text, size_t width)
{
	struct json_read r;
	json_read_init(&r, text);
	json_read_next(&r);
	return line_columns(r, width) <= width;
}

struct layout {
	struct buf *out;
	const struct style *style;
	struct json_read read;
	size_t stop; /* length of OUT beyond which it breaks off */
	size_t left; /* bytes of the document that it left out */
};

/* The TOKEN that was read last, as it is written. */
static struct slice written(const struct layout *l, enum json_token token)
{
	struct slice text = l->read.text;
	if (token == JSON_STRING || token == JSON_NAME)
		return slice_of(text.data - 1, text.len + 2);
	return text;
}

static void add_token(struct layout *l, enum json_token token, enum paint paint)
{
	paint_slice(l->out, l->style->color, paint, NULL, written(l, token));
}

/* A line of its own for TOKEN, which was read last; false when the layout breaks off there. */
static bool new_line(struct layout *l, enum json_token token, size_t indent)
{
	if (l->out->len > l->stop) {
		l->left = (size_t)(l->read.end - written(l, token).data);
		return false;
	}
	buf_add_char(l->out, '\n');
	buf_add_repeat(l->out, ' ', indent);
	return true;
}

static bool lay_value(struct layout *l, enum json_token token, size_t indent, size_t used,
                      bool flat);

/* The inside of the container that has just been opened, and its end. INDENT is that of the line
 * on which it opens. */
static bool lay_members(struct layout *l, size_t indent, bool flat)
{
	buf_add_slice(l->out, l->read.text);
	enum json_token token = json_read_next(&l->read);
	for (bool first = true; !closes(token); first = false) {
		if (!first)
			buf_add(l->out, ", ", flat ? 2 : 1);
		if (!flat && !new_line(l, token, indent + 2))
			return false;
		size_t used = indent + 2;
		if (token == JSON_NAME) {
			used += utf8_columns(written(l, token)) + 2;
			add_token(l, token, PAINT_KEY);
			buf_add(l->out, ": ", 2);
			token = json_read_next(&l->read);
		}
		if (!lay_value(l, token, indent + 2, used, flat))
			return false;
		token = json_read_next(&l->read);
	}
	if (!flat && !new_line(l, token, indent))
		return false;
	return buf_add_slice(l->out, l->read.text);
}

/* USED columns of the line are taken; a comma may follow the value. False when it breaks off. */
static bool lay_value(struct layout *l, enum json_token token, size_t indent, size_t used,
                      bool flat)
{
	if (opens(token)) {
		size_t left = l->style->columns > used + 1 ? l->style->columns - used - 1 : 0;
		return lay_members(l, indent, flat || line_columns(l->read, left) <= left);
	}
	add_token(l, token, token == JSON_STRING ? PAINT_STRING : PAINT_NUMBER);
	return true;
}

size_t json_layout_add(struct buf *out, const struct style *style, struct slice text, size_t max)
{
	struct layout l = {.out = out, .style = style, .stop = max > 0 ? out->len + max : SIZE_MAX};
	json_read_init(&l.read, text);
	lay_value(&l, json_read_next(&l.read), 0, 0, false);
	return l.left;
}
