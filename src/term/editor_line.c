#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/editor_private.h"

#include <limits.h>
#include <stdlib.h>
#include <wchar.h>

/* The hint gets shorter than this or is not shown. */
#define HINT_MAX 512

void editor_wide_add(struct wide *w, wchar_t c)
{
	w->data = xgrow(w->data, &w->cap, w->len + 1, sizeof(*w->data));
	w->data[w->len++] = c;
}

void editor_wide_add_bytes(struct wide *w, struct slice bytes)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char b = (unsigned char)bytes.data[i];
		editor_wide_add(w, L'\\');
		editor_wide_add(w, L'x');
		editor_wide_add(w, digits[b >> 4]);
		editor_wide_add(w, digits[b & 15]);
	}
}

void editor_wide_add_character(struct wide *w, uint32_t code, struct slice bytes)
{
	bool control = code == 0 || (code >= 0x7f && code < 0xa0);
	if (control || code >= STYLE_DIM || (code > 0x7f && editor_is_escaped(code)))
		editor_wide_add_bytes(w, bytes);
	else
		editor_wide_add(w, (wchar_t)code);
}

const wchar_t *editor_wide_end(struct wide *w)
{
	editor_wide_add(w, L'\0');
	w->len--;
	return w->data;
}

const wchar_t *editor_wide_text(struct wide *w, struct slice text)
{
	w->len = 0;
	while (text.len > 0) {
		uint32_t code;
		size_t n = utf8_decode(text, &code);
		if (n > 0)
			editor_wide_add_character(w, code, slice_of(text.data, n));
		else
			editor_wide_add_bytes(w, slice_of(text.data, n = 1));
		text = slice_skip(text, n);
	}
	return editor_wide_end(w);
}

void editor_wide_add_styled(struct wide *w, struct slice text, uint32_t style)
{
	while (text.len > 0) {
		uint32_t code;
		size_t n = utf8_decode(text, &code);
		if (n == 0 || (code < 0x80 && (code < ' ' || code == 0x7f)))
			editor_wide_add(w, L'?');
		else if (code >= ' ' && code < 0x7f)
			editor_wide_add(w, (wchar_t)(style + code));
		else
			editor_wide_add_character(w, code, slice_of(text.data, n));
		text = slice_skip(text, n ? n : 1);
	}
}

void editor_wide_release(struct wide *w)
{
	free(w->data);
	*w = (struct wide){0};
}

size_t editor_line_text(struct editor *e, struct buf *out)
{
	const LineInfoW *line = el_wline(e->el);
	size_t cursor = 0;
	buf_clear(out);
	for (const wchar_t *c = line->buffer; c <= line->lastchar; c++) {
		char bytes[4];
		if (c == line->cursor)
			cursor = out->len;
		if (c < line->lastchar)
			buf_add(out, bytes, utf8_encode((uint32_t)*c, bytes));
	}
	return cursor;
}

size_t editor_line_cursor(struct editor *e)
{
	const LineInfoW *line = el_wline(e->el);
	return (size_t)(line->cursor - line->buffer);
}

void editor_line_set_cursor(struct editor *e, size_t position)
{
	const LineInfoW *line = el_wline(e->el);
	size_t len = (size_t)(line->lastchar - line->buffer);
	ptrdiff_t there = (ptrdiff_t)(position < len ? position : len);
	el_cursor(e->el, (int)(there - (line->cursor - line->buffer)));
}

void editor_line_exchange(struct editor *e, size_t count, struct slice text)
{
	struct wide w = {0};
	el_wdeletestr(e->el, (int)count);
	if (text.len > 0)
		el_winsertstr(e->el, editor_wide_text(&w, text));
	editor_wide_release(&w);
}

void editor_line_replace(struct editor *e, struct slice text)
{
	editor_line_set_cursor(e, SIZE_MAX);
	editor_line_exchange(e, editor_line_cursor(e), text);
}

/* In place of the C library's: libedit counts the columns of prompt and line by it, and they must
 * be those that output is laid out with, whatever the locale's tables say. */
int wcwidth(wchar_t c)
{
	if (c < L' ' || (c >= 0x7f && c < 0xa0))
		return c == L'\0' ? 0 : -1;
	return utf8_width((uint32_t)c);
}

/* Moves the position over a character the way libedit draws it: a wide one does not straddle the
 * edge, a tab goes to the next stop, a control is shown as ^X. */
static void advance(size_t *row, size_t *column, wchar_t c, size_t width)
{
	if (c == L'\n') {
		++*row;
		*column = 0;
		return;
	}
	size_t n = 2;
	if (c == L'\t') {
		n = 8 - *column % 8;
	} else if (c >= L' ') {
		int columns = wcwidth(c);
		n = columns < 0 ? 0 : (size_t)columns;
		if (*column + n > width) {
			++*row;
			*column = 0;
		}
	}
	*column += n;
	if (*column >= width) {
		++*row;
		*column -= width;
	}
}

size_t editor_line_rows_above(struct editor *e)
{
	const LineInfoW *line = el_wline(e->el);
	size_t row = 0, column = 0;
	for (size_t i = 0; i < e->prompt.len; i++)
		advance(&row, &column, e->prompt.data[i], e->columns);
	for (const wchar_t *c = line->buffer; c < line->cursor; c++)
		advance(&row, &column, *c, e->columns);
	return row < e->rows ? row : e->rows - 1;
}

bool editor_hint_wanted(const struct editor *e)
{
	return e->smart && !e->continuation && !e->search.on && e->settling == SETTLE_NONE;
}

bool editor_hint_shown(const struct editor *e)
{
	return editor_hint_wanted(e) && e->hint.len > 0;
}

/* A line that fills the screen's width leaves no space for a hint, so none is asked for. */
bool editor_hint_update(struct editor *e)
{
	if (!editor_hint_wanted(e))
		return false;
	struct buf line = BUF_INIT, text;
	buf_init(&text, HINT_MAX);
	bool changed = false;
	editor_line_text(e, &line);
	if (!slice_eq(buf_slice(&line), buf_slice(&e->hinted)) || !e->hint.data) {
		struct wide old = e->hint;
		e->hint = (struct wide){0};
		if (line.len / 4 < e->columns)
			e->hooks->hint(e->hooks->ctx, buf_slice(&line), &text);
		if (!text.full && e->style)
			editor_wide_add_styled(&e->hint, buf_slice(&text), STYLE_DIM);
		else if (!text.full)
			editor_wide_text(&e->hint, buf_slice(&text));
		editor_wide_end(&e->hint);
		changed = !old.data || wcscmp(old.data, e->hint.data) != 0;
		editor_wide_release(&old);
		struct buf swapped = e->hinted;
		e->hinted = line;
		line = swapped;
	}
	buf_release(&line);
	buf_release(&text);
	return changed;
}

struct editor *editor_of(EditLine *el)
{
	struct editor *e = NULL;
	el_wget(el, EL_CLIENTDATA, &e);
	return e;
}
