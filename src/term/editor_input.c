#include "base/utf8.h"
#include "term/editor_private.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* How long the rest of a character or of a function key's sequence may take. What begins with ESC
 * and goes no further in this time is the ESC key. */
#define REST_MS 50

static const struct slice paste_begin = {"\033[200~", 6};
static const struct slice paste_end = {"\033[201~", 6};

static struct slice unread(const struct editor *e)
{
	return slice_of(e->in + e->in_pos, e->in_len - e->in_pos);
}

void editor_drop_input(struct editor *e)
{
	e->in_pos = e->in_len = 0;
	e->pasting = false;
	tcflush(e->in_fd, TCIFLUSH);
}

bool editor_pasting(struct editor *e, int ms)
{
	if (!editor_input_waiting(e)) {
		struct pollfd p = {.fd = e->in_fd, .events = POLLIN};
		if (e->gone || poll(&p, 1, ms) <= 0 || !(p.revents & POLLIN))
			return false;
		ssize_t n = read(e->in_fd, e->in, sizeof(e->in));
		e->in_pos = 0;
		e->in_len = n > 0 ? (size_t)n : 0;
	}
	return editor_input_waiting(e) && !(e->pasting && slice_starts(unread(e), paste_end));
}

/* Moves the bytes not taken yet to the front. */
static void compact(struct editor *e)
{
	memmove(e->in, e->in + e->in_pos, e->in_len - e->in_pos);
	e->in_len -= e->in_pos;
	e->in_pos = 0;
}

/* Reads what the terminal has, after the bytes not taken yet. 1: something came; 0: nothing in MS
 * milliseconds, or no space; -1: leave the read. */
static int fill(struct editor *e, int ms)
{
	compact(e);
	if (e->in_len == sizeof(e->in))
		return 0;
	for (;;) {
		int ready = editor_signals_wait(e, ms);
		if (ready <= 0)
			return ready;
		ssize_t n = read(e->in_fd, e->in + e->in_len, sizeof(e->in) - e->in_len);
		if (n > 0) {
			e->in_len += (size_t)n;
			return 1;
		}
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		e->gone = true;
		return -1;
	}
}

/* True when BYTES could be the beginning of a valid character and end too soon. */
static bool cut_short(struct slice bytes)
{
	unsigned char lead = (unsigned char)bytes.data[0];
	size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (lead < 0xc2 || lead > 0xf4 || bytes.len >= len)
		return false;
	for (size_t i = 1; i < bytes.len; i++)
		if (!utf8_continues(bytes.data[i]))
			return false;
	return true;
}

/* Decodes the next character, waiting a moment for its rest. Its length, with *CODE; 0 when the
 * next byte is not UTF-8; -1: leave the read. */
static int decode(struct editor *e, uint32_t *code)
{
	for (;;) {
		size_t n = utf8_decode(unread(e), code);
		if (n > 0 || !cut_short(unread(e)))
			return (int)n;
		int more = fill(e, REST_MS);
		if (more <= 0)
			return more;
	}
}

static wchar_t insert_bytes(struct editor *e, size_t n)
{
	e->insert.len = 0;
	editor_wide_add_bytes(&e->insert, slice_of(e->in + e->in_pos, n));
	editor_wide_end(&e->insert);
	e->in_pos += n;
	return KEY_INSERT;
}

/* The next piece of a paste: a run of characters up to a line's end. Control characters are data
 * here, so that no pasted byte can act as a command. Returns the key, 0 when the paste has ended,
 * -1: leave the read. */
static int take_pasted(struct editor *e, wchar_t *key)
{
	e->insert.len = 0;
	while (editor_input_waiting(e)) {
		struct slice rest = unread(e);
		unsigned char c = (unsigned char)rest.data[0];
		if (c == '\r' || c == '\n' || c == 0x03) {
			if (e->insert.len > 0)
				break;
			/* Ctrl-C is the way out when the end of the paste got lost. */
			if (c == 0x03) {
				e->pasting = false;
				return 0;
			}
			e->in_pos += rest.len > 1 && c == '\r' && rest.data[1] == '\n' ? 2 : 1;
			*key = L'\r';
			return 1;
		}
		if (slice_starts(paste_end, slice_first(rest, 6))) {
			if (rest.len >= paste_end.len) {
				e->in_pos += paste_end.len;
				e->pasting = false;
				if (e->insert.len > 0)
					break;
				return 0;
			}
			int more = fill(e, REST_MS);
			if (more < 0)
				return -1;
			if (more > 0)
				continue;
		}
		uint32_t code;
		int n = decode(e, &code);
		if (n < 0)
			return -1;
		struct slice bytes = slice_of(e->in + e->in_pos, n ? (size_t)n : 1);
		if (n > 0)
			editor_wide_add_character(&e->insert, code, bytes);
		else
			editor_wide_add_bytes(&e->insert, bytes);
		e->in_pos += bytes.len;
	}
	editor_wide_end(&e->insert);
	*key = KEY_INSERT;
	return 1;
}

/* ESC: a function key that we know, a paste, or libedit's. As take_key. */
static int take_escape(struct editor *e, wchar_t *key)
{
	for (;;) {
		struct slice bytes = unread(e);
		if (slice_starts(bytes, paste_begin)) {
			e->in_pos += paste_begin.len;
			e->pasting = true;
			return 0;
		}
		size_t len;
		*key = editor_keys_sequence(e, bytes, &len);
		if (len > 0) {
			e->in_pos += len;
			return 1;
		}
		int more = fill(e, REST_MS);
		if (more < 0)
			return -1;
		if (more == 0) {
			e->in_pos++;
			*key = L'\033';
			return 1;
		}
	}
}

/* A run of characters that came at once is inserted at once, and costs one drawing; one alone is
 * left to libedit, unless Enter follows and no drawing is needed. False without such a run.
 */
static bool take_run(struct editor *e, wchar_t *key)
{
	size_t begin = e->in_pos;
	while (editor_input_waiting(e) && e->in[e->in_pos] >= ' ' && e->in[e->in_pos] <= '~')
		e->in_pos++;
	size_t n = e->in_pos - begin;
	if (n == 0 || (n == 1 && !editor_input_enters(e))) {
		e->in_pos = begin;
		return false;
	}
	e->insert.len = 0;
	for (size_t i = begin; i < e->in_pos; i++)
		editor_wide_add(&e->insert, (wchar_t)e->in[i]);
	editor_wide_end(&e->insert);
	*key = KEY_INSERT;
	return true;
}

/* Takes one key from the bytes that wait. 1: *KEY; 0: none yet; -1: leave the read. */
static int take_key(struct editor *e, wchar_t *key)
{
	if (e->pasting)
		return take_pasted(e, key);
	unsigned char first = (unsigned char)e->in[e->in_pos];
	bool enabled = first != _POSIX_VDISABLE;
	if (enabled && (first == e->intr || first == e->susp)) {
		e->in_pos++;
		e->wanted = first == e->intr ? KEY_CANCEL : KEY_SUSPEND;
		return -1;
	}
	if (first == '\033')
		return take_escape(e, key);
	uint32_t code = 0;
	int n = decode(e, &code);
	if (n < 0)
		return -1;
	struct slice bytes = slice_of(e->in + e->in_pos, n ? (size_t)n : 1);
	if (n == 0 || (code >= 0x80 && (editor_is_escaped(code) || code >= STYLE_DIM))) {
		*key = insert_bytes(e, bytes.len);
		return 1;
	}
	e->in_pos += bytes.len;
	*key = (wchar_t)code;
	/* libedit's quick way of drawing a character loses the column over one without width. */
	if (code >= 0x80 && utf8_width(code) == 0) {
		e->insert.len = 0;
		editor_wide_add(&e->insert, *key);
		editor_wide_end(&e->insert);
		*key = KEY_INSERT;
	}
	return 1;
}

/* While a search is on, a key that it has no use for ends it and is taken again as usual; only ESC
 * does no more than end it. The key's bytes begin at the front of e->in. */
static void divert_to_search(struct editor *e, wchar_t *key)
{
	if (editor_search_wants(*key)) {
		e->search.key = *key;
		*key = KEY_SEARCH;
		return;
	}
	e->search.on = false;
	e->in_pos = *key == L'\033';
	*key = KEY_REFRESH;
}

/* libedit's way to a character: 1, or -1 to leave el_wgets. Called first for a command's key and
 * then, perhaps, for what the command wants besides. */
int editor_input_getc(EditLine *el, wchar_t *out)
{
	struct editor *e = editor_of(el);
	bool first = e->delivered++ == 0;
	bool searching = first && e->search.on;
	if (e->inject) {
		*out = e->inject;
		e->inject = 0;
		e->first_key = *out;
		return 1;
	}
	for (;;) {
		if (!editor_input_waiting(e)) {
			if (first && editor_hint_update(e)) {
				*out = e->first_key = KEY_REFRESH;
				return 1;
			}
			fflush(e->stream);
			editor_screen_flush(e);
			if (e->gone || fill(e, -1) < 0)
				return -1;
		}
		if (searching)
			compact(e);
		int taken = first && !searching && !e->pasting && e->plain_keys && take_run(e, out)
		                ? 1
		                : take_key(e, out);
		if (taken < 0)
			return -1;
		if (taken == 0)
			continue;
		if (searching)
			divert_to_search(e, out);
		/* Text cannot answer a command that waits for a key, such as ESC: it ends that. */
		if (!first && *out == KEY_INSERT) {
			e->inject = KEY_INSERT;
			return -1;
		}
		if (first)
			e->first_key = *out;
		return 1;
	}
}
