#include "base/utf8.h"
#include "term/editor_private.h"

#include <stdarg.h>

/* The library's own steps through the history cut a line under way at 1,024 characters, and its
 * incremental search takes neither wide characters nor arrow keys. So both are done here. */

static void show_walk(struct editor *e)
{
	if (e->walk == 0)
		editor_line_replace(e, buf_slice(&e->typed));
	else
		editor_line_replace(e, history_get(e->history, e->walk - 1));
}

unsigned char editor_history_up(EditLine *el, int c)
{
	(void)c;
	struct editor *e = editor_of(el);
	if (e->walk >= history_count(e->history))
		return CC_ERROR;
	if (e->walk++ == 0)
		editor_line_text(e, &e->typed);
	show_walk(e);
	return CC_REFRESH;
}

unsigned char editor_history_down(EditLine *el, int c)
{
	(void)c;
	struct editor *e = editor_of(el);
	if (e->walk == 0)
		return CC_ERROR;
	e->walk--;
	show_walk(e);
	return CC_REFRESH;
}

unsigned char editor_search_begin(EditLine *el, int c)
{
	(void)c;
	struct editor *e = editor_of(el);
	struct search *s = &e->search;
	editor_line_text(e, &s->original);
	s->original_cursor = editor_line_cursor(e);
	buf_clear(&s->pattern);
	s->found = 0;
	s->failed = false;
	s->on = true;
	return CC_REFRESH;
}

#define CONTROL(letter) ((letter)-0x40)

bool editor_search_wants(wchar_t c)
{
	return c == CONTROL('R') || c == CONTROL('S') || c == CONTROL('G') || c == CONTROL('H') ||
	       c == 0x7f || (c >= L' ' && !(c >= 0x7f && c < 0xa0));
}

static void back_to_original(struct editor *e)
{
	editor_line_replace(e, buf_slice(&e->search.original));
	editor_line_set_cursor(e, e->search.original_cursor);
}

static void chop_character(struct buf *pattern)
{
	size_t n = pattern->len;
	while (n > 0 && utf8_continues(pattern->data[--n]))
		;
	buf_cut(pattern, n);
}

/* Shows the match nearest to FROM. */
static void find(struct editor *e, size_t from, bool newer)
{
	struct search *s = &e->search;
	size_t at;
	s->failed = !history_find(e->history, buf_slice(&s->pattern), from, newer, &s->found, &at);
	if (s->failed)
		return;
	struct slice entry = history_get(e->history, s->found);
	editor_line_replace(e, entry);
	size_t after = utf8_count(slice_skip(entry, at));
	size_t end = editor_line_cursor(e);
	editor_line_set_cursor(e, end > after ? end - after : 0);
	/* Up and down go on from here. */
	if (e->walk == 0) {
		buf_clear(&e->typed);
		buf_add_slice(&e->typed, buf_slice(&s->original));
	}
	e->walk = s->found + 1;
}

unsigned char editor_search_step(EditLine *el, int c)
{
	(void)c;
	struct editor *e = editor_of(el);
	struct search *s = &e->search;
	switch (s->key) {
	case CONTROL('G'):
		s->on = false;
		back_to_original(e);
		return CC_REFRESH;
	case CONTROL('R'):
		find(e, s->found + 1, false);
		break;
	case CONTROL('S'):
		find(e, s->found - 1, true);
		break;
	case CONTROL('H'):
	case 0x7f:
		chop_character(&s->pattern);
		s->failed = false;
		if (s->pattern.len > 0)
			find(e, 0, false);
		else
			back_to_original(e);
		return CC_REFRESH;
	default: {
		char bytes[4];
		buf_add(&s->pattern, bytes, utf8_encode((uint32_t)s->key, bytes));
		find(e, s->found, false);
	}
	}
	return s->failed ? CC_REFRESH_BEEP : CC_REFRESH;
}

void editor_search_prompt(struct editor *e, struct buf *out)
{
	buf_add_str(out, e->search.failed ? "(not found: '" : "(search: '");
	buf_add_slice(out, buf_slice(&e->search.pattern));
	buf_add_str(out, "') ");
}

/* The history as libedit asks for it, for those of its commands that are not replaced, such as vi's
 * / and n. REF is the editor; only the operations that step through the entries are answered. */
int editor_history_event(void *ref, HistEventW *event, int op, ...)
{
	struct editor *e = ref;
	size_t count = history_count(e->history);
	size_t back = e->event_back;
	if (op == H_FIRST)
		back = 0;
	else if (op == H_LAST)
		back = count - 1; /* wraps when there is none, and is then refused */
	else if (op == H_NEXT)
		back++;
	else if (op == H_PREV)
		back--;
	else if (op != H_CURR)
		return -1;
	if (back >= count)
		return -1;
	e->event_back = back;
	event->num = (int)(count - back);
	event->str = editor_wide_text(&e->event, history_get(e->history, back));
	return 0;
}
