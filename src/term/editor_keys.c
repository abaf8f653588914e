#include "term/editor_private.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <wchar.h>

/* The functions that keys are bound to, in the form that libedit calls. */

static unsigned char refresh_key(EditLine *el, int c)
{
	(void)el, (void)c;
	return CC_REFRESH;
}

static unsigned char nothing_key(EditLine *el, int c)
{
	(void)el, (void)c;
	return CC_ERROR;
}

static unsigned char insert_key(EditLine *el, int c)
{
	(void)c;
	struct editor *e = editor_of(el);
	if (e->insert.len > 0)
		el_winsertstr(el, e->insert.data);
	return CC_REFRESH;
}

static unsigned char accept_key(EditLine *el, int c)
{
	(void)c;
	return editor_settle(editor_of(el), SETTLE_ACCEPT);
}

static unsigned char cancel_key(EditLine *el, int c)
{
	(void)c;
	struct editor *e = editor_of(el);
	e->wanted = 0;
	return editor_settle(e, SETTLE_CANCEL);
}

static unsigned char suspend_key(EditLine *el, int c)
{
	(void)c;
	struct editor *e = editor_of(el);
	e->wanted = 0;
	return editor_settle(e, SETTLE_SUSPEND);
}

/* libedit's own stops before the last character in vi mode, while inserting too. */
static unsigned char end_key(EditLine *el, int c)
{
	(void)c;
	const LineInfoW *line = el_wline(el);
	el_cursor(el, (int)(line->lastchar - line->cursor));
	return CC_CURSOR;
}

static unsigned char delete_key(EditLine *el, int c)
{
	(void)c;
	struct editor *e = editor_of(el);
	const LineInfoW *line = el_wline(el);
	if (line->cursor == line->lastchar)
		return CC_ERROR;
	editor_line_set_cursor(e, editor_line_cursor(e) + 1);
	el_wdeletestr(el, 1);
	return CC_REFRESH;
}

static unsigned char delete_or_end_key(EditLine *el, int c)
{
	const LineInfoW *line = el_wline(el);
	if (line->buffer == line->lastchar)
		return editor_settle(editor_of(el), SETTLE_END);
	return delete_key(el, c);
}

static const struct function {
	const wchar_t *name, *help;
	unsigned char (*call)(EditLine *, int);
} functions[] = {
    {L"mcsh-refresh", L"Draw the line", refresh_key},
    {L"mcsh-nothing", L"Beep", nothing_key},
    {L"mcsh-insert", L"Insert text as it is", insert_key},
    {L"mcsh-accept", L"End the line", accept_key},
    {L"mcsh-cancel", L"Forget the line", cancel_key},
    {L"mcsh-suspend", L"Stop the program", suspend_key},
    {L"mcsh-end", L"Go after the last character", end_key},
    {L"mcsh-delete", L"Delete the character under the cursor", delete_key},
    {L"mcsh-delete-or-end", L"Delete a character; leave when there is none", delete_or_end_key},
    {L"mcsh-complete", L"Complete the word before the cursor", editor_complete_key},
    {L"mcsh-search", L"Search the history as you type", editor_search_begin},
    {L"mcsh-search-step", L"Go on with the search", editor_search_step},
    {L"mcsh-up", L"The older entry of the history", editor_history_up},
    {L"mcsh-down", L"The newer entry of the history", editor_history_down},
};

/* Bound whatever the editrc says: the editor does not work without them. */
static const struct fixed {
	wchar_t key;
	const wchar_t *command;
} fixed[] = {
    {L'\r', L"mcsh-accept"},
    {L'\n', L"mcsh-accept"},
    {KEY_REFRESH, L"mcsh-refresh"},
    {KEY_INSERT, L"mcsh-insert"},
    {KEY_CANCEL, L"mcsh-cancel"},
    {KEY_SUSPEND, L"mcsh-suspend"},
    {KEY_SEARCH, L"mcsh-search-step"},
    {KEY_HOME, L"ed-move-to-beg"},
    {KEY_END, L"mcsh-end"},
    {KEY_DELETE, L"mcsh-delete"},
    {KEY_LEFT, L"ed-prev-char"},
    {KEY_RIGHT, L"ed-next-char"},
    {KEY_UP, L"mcsh-up"},
    {KEY_DOWN, L"mcsh-down"},
    {KEY_WORD_LEFT, L"ed-prev-word"},
    {KEY_WORD_RIGHT, L"em-next-word"},
    {KEY_NOTHING, L"mcsh-nothing"},
};

enum where {
	TYPING,     /* emacs mode, and vi mode while inserting */
	VI_COMMAND, /* vi's command mode */
};

/* Bound unless the editrc gave the key another meaning. */
static const struct preferred {
	const wchar_t *key, *command;
	enum where where;
} preferred[] = {
    {L"\t", L"mcsh-complete", TYPING},
    {L"\x12", L"mcsh-search", TYPING},
    {L"\x12", L"mcsh-search", VI_COMMAND},
    {L"\x04", L"mcsh-delete-or-end", TYPING},
    {L"\x04", L"mcsh-delete-or-end", VI_COMMAND},
    {L"\x0c", L"ed-clear-screen", TYPING},
    {L"\x0c", L"ed-clear-screen", VI_COMMAND},
    {L"\x17", L"ed-delete-prev-word", TYPING},
    {L"\x10", L"mcsh-up", TYPING},
    {L"\x0e", L"mcsh-down", TYPING},
    {L"\x10", L"mcsh-up", VI_COMMAND},
    {L"\x0e", L"mcsh-down", VI_COMMAND},
    {L"k", L"mcsh-up", VI_COMMAND},
    {L"j", L"mcsh-down", VI_COMMAND},
};

/* Function keys, as xterm, rxvt, screen, tmux and the Linux console send them. They are decoded
 * before libedit sees them, because in vi mode it would take their ESC for the ESC key. One that
 * the editrc gave another meaning is left to libedit. */
static const struct sequence {
	const wchar_t *bytes;
	enum private_key key;
} sequences[] = {
    {L"\033[A", KEY_UP},
    {L"\033OA", KEY_UP},
    {L"\033[B", KEY_DOWN},
    {L"\033OB", KEY_DOWN},
    {L"\033[C", KEY_RIGHT},
    {L"\033OC", KEY_RIGHT},
    {L"\033[D", KEY_LEFT},
    {L"\033OD", KEY_LEFT},
    {L"\033[H", KEY_HOME},
    {L"\033OH", KEY_HOME},
    {L"\033[1~", KEY_HOME},
    {L"\033[7~", KEY_HOME},
    {L"\033[F", KEY_END},
    {L"\033OF", KEY_END},
    {L"\033[4~", KEY_END},
    {L"\033[8~", KEY_END},
    {L"\033[3~", KEY_DELETE},
    {L"\033[1;5D", KEY_WORD_LEFT},
    {L"\033[1;3D", KEY_WORD_LEFT},
    {L"\033Od", KEY_WORD_LEFT},
    {L"\033[1;5C", KEY_WORD_RIGHT},
    {L"\033[1;3C", KEY_WORD_RIGHT},
    {L"\033Oc", KEY_WORD_RIGHT},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
_Static_assert(COUNT(sequences) <= sizeof(unsigned) * 8, "owned_keys has a bit for each");

/* What libedit says that KEY is bound to. It prints this on its stream. */
static void describe(struct editor *e, const wchar_t *key, enum where where, struct buf *out)
{
	fflush(e->stream);
	size_t before = e->out.len;
	if (where == VI_COMMAND)
		el_wset(e->el, EL_BIND, L"-a", key, NULL);
	else
		el_wset(e->el, EL_BIND, key, NULL);
	fflush(e->stream);
	buf_clear(out);
	buf_add(out, e->out.data + before, e->out.len - before);
	buf_cut(&e->out, before);
}

#define DESCRIBED (COUNT(preferred) + COUNT(sequences))

static void describe_all(struct editor *e, struct buf out[static DESCRIBED])
{
	for (size_t i = 0; i < COUNT(preferred); i++)
		describe(e, preferred[i].key, preferred[i].where, &out[i]);
	for (size_t i = 0; i < COUNT(sequences); i++)
		describe(e, sequences[i].bytes, TYPING, &out[COUNT(preferred) + i]);
}

static void bind_fixed(struct editor *e)
{
	for (size_t i = 0; i < COUNT(fixed); i++) {
		const wchar_t key[] = {fixed[i].key, L'\0'};
		el_wset(e->el, EL_BIND, key, fixed[i].command, NULL);
		el_wset(e->el, EL_BIND, L"-a", key, fixed[i].command, NULL);
	}
}

/* Binds what means the same as BEFORE the editrc was read. */
static void bind_preferred(struct editor *e, const struct buf before[static DESCRIBED])
{
	struct buf now[DESCRIBED] = {0};
	describe_all(e, now);
	for (size_t i = 0; i < COUNT(preferred); i++) {
		const struct preferred *p = &preferred[i];
		if (!slice_eq(buf_slice(&now[i]), buf_slice(&before[i])))
			continue;
		if (p->where == TYPING)
			el_wset(e->el, EL_BIND, p->key, p->command, NULL);
		else if (e->vi)
			el_wset(e->el, EL_BIND, L"-a", p->key, p->command, NULL);
	}
	for (size_t i = 0; i < COUNT(sequences); i++) {
		size_t d = COUNT(preferred) + i;
		if (slice_eq(buf_slice(&now[d]), buf_slice(&before[d])))
			e->owned_keys |= 1u << i;
	}
	for (size_t i = 0; i < DESCRIBED; i++)
		buf_release(&now[i]);
}

/* Whether the characters that ASCII shows are all bound to what inserts them. They are named by
 * their octal numbers: to libedit "-" begins an option, "^" and "\\" an escape. */
static bool inserts_plainly(struct editor *e)
{
	struct buf bound = BUF_INIT;
	bool all = true;
	for (unsigned c = ' '; c <= '~' && all; c++) {
		wchar_t key[] = {L'\\', L'0' + (c >> 6), L'0' + (c >> 3 & 7), L'0' + (c & 7),
		                 L'\0'};
		describe(e, key, TYPING, &bound);
		all = memmem(bound.data, bound.len, "ed-insert", 9) != NULL;
	}
	buf_release(&bound);
	return all;
}

/* Reads the user's editrc, found as libedit finds it. A fifo would be
 * waited for without end. False when nothing was read. */
static bool read_editrc(struct editor *e)
{
	struct buf path = BUF_INIT;
	struct stat st;
	const char *home = getenv("HOME"), *name = getenv("EDITRC");
	if (name)
		buf_add_str(&path, name);
	else if (home)
		buf_addf(&path, "%s/.editrc", home);
	bool there = path.len > 0 && stat(buf_cstr(&path), &st) == 0;
	bool waits = there && (S_ISFIFO(st.st_mode) || S_ISDIR(st.st_mode));
	bool read = there && !waits && el_source(e->el, buf_cstr(&path)) == 0;
	if (waits)
		error_set(&e->warning, "put a file there, or name another in EDITRC",
		          "\"%s\" is not a file", buf_cstr(&path));
	buf_release(&path);
	return read;
}

bool editor_keys_init(struct editor *e, struct error *error)
{
	for (size_t i = 0; i < COUNT(functions); i++)
		el_wset(e->el, EL_ADDFN, functions[i].name, functions[i].help, functions[i].call);
	/* The editrc decides between the two modes; what it bound shows by comparison. */
	static const wchar_t *const modes[] = {L"vi", L"emacs"};
	struct buf before[2][DESCRIBED] = {0};
	for (size_t m = 0; m < 2; m++) {
		el_wset(e->el, EL_EDITOR, modes[m]);
		describe_all(e, before[m]);
	}
	bool sourced = read_editrc(e);
	const wchar_t *mode = NULL;
	int editing = 0;
	el_wget(e->el, EL_EDITOR, &mode);
	el_wget(e->el, EL_EDITMODE, &editing);
	e->vi = mode && wcscmp(mode, L"vi") == 0;
	e->plain_keys = !e->vi && (!sourced || inserts_plainly(e));
	if (editing) {
		bind_preferred(e, before[e->vi ? 0 : 1]);
		bind_fixed(e);
		el_wset(e->el, EL_SETTY, L"-d", L"-isig", NULL);
	} else {
		error_set(error, "it is the editrc or TERM=emacs that does this",
		          "line editing is turned off");
	}
	for (size_t i = 0; i < DESCRIBED; i++) {
		buf_release(&before[0][i]);
		buf_release(&before[1][i]);
	}
	return editing;
}

/* The length of the control sequence (ECMA-48: parameters, intermediates, a final byte) or of the
 * ESC O letter that BYTES begin with; 0 when they end too soon, 1 when ESC stands for itself. */
static size_t sequence_length(struct slice bytes)
{
	if (bytes.len < 2)
		return 0;
	if (bytes.data[1] != '[' && bytes.data[1] != 'O')
		return 1;
	for (size_t i = 2; i < bytes.len; i++) {
		char c = bytes.data[i];
		if (c >= 0x40 && c <= 0x7e)
			return i + 1;
		if (c < 0x20 || c > 0x3f || bytes.data[1] == 'O')
			return 1;
	}
	return 0;
}

static bool spells(const wchar_t *sequence, struct slice bytes)
{
	if (wcslen(sequence) != bytes.len)
		return false;
	for (size_t i = 0; i < bytes.len; i++)
		if (sequence[i] != (unsigned char)bytes.data[i])
			return false;
	return true;
}

wchar_t editor_keys_sequence(struct editor *e, struct slice bytes, size_t *len)
{
	*len = sequence_length(bytes);
	if (*len <= 1)
		return L'\033';
	bytes.len = *len;
	for (size_t i = 0; i < COUNT(sequences); i++) {
		if (!spells(sequences[i].bytes, bytes))
			continue;
		if (e->owned_keys & 1u << i)
			return sequences[i].key;
		*len = 1;
		return L'\033';
	}
	/* A key that has no meaning here must not leave its tail in the line. */
	struct wide sequence = {0};
	struct buf bound = BUF_INIT;
	describe(e, editor_wide_text(&sequence, bytes), TYPING, &bound);
	bool known = memmem(bound.data, bound.len, "->", 2) != NULL;
	buf_release(&bound);
	editor_wide_release(&sequence);
	if (!known)
		return KEY_NOTHING;
	*len = 1;
	return L'\033';
}
