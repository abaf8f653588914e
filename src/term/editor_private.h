/*
 * What the files of the editor share, and the one place that includes libedit.
 *
 *   editor.c           life, the prompt, the reading of one line
 *   editor_keys.c      which key does what, and what the user's editrc had to say about it
 *   editor_input.c     bytes from the terminal to keys; waiting
 *   editor_signal.c    the signals while a line is read
 *   editor_screen.c    what libedit draws, collected so that a key costs one write
 *   editor_line.c      the line as UTF-8, as wide characters, its shape on the screen, its hint
 *   editor_complete.c  Tab
 *   editor_history.c   up, down, search
 *
 * libedit runs unbuffered: el_wgets returns after each command, so that the loop in editor_read is
 * ours. Whatever the editor wants done it asks for by a private key (enum private_key): the loop
 * puts it in e->inject, and it reaches the bound function as if it had been typed.
 */
#ifndef TERM_EDITOR_PRIVATE_H
#define TERM_EDITOR_PRIVATE_H

#include "base/buf.h"
#include "base/status.h"
#include "base/utf8.h"
#include "term/editor.h"
#include "term/history.h"

#include <histedit.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <termios.h>

/* Keys nobody can type: C1 controls, which the input side shows as \xHH when they are typed. */
enum private_key {
	KEY_REFRESH = 0x80,
	KEY_INSERT, /* inserts e->insert, whatever the mode */
	KEY_CANCEL,
	KEY_SUSPEND,
	KEY_SEARCH, /* one step of the search, with the key in e->search.key */
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_UP,
	KEY_DOWN,
	KEY_WORD_LEFT,
	KEY_WORD_RIGHT,
	KEY_NOTHING,
};

/* Plain ASCII shown bold, dim or red travels through libedit as characters of the private planes:
 * they have one column, and the library's notion of what is on the screen stays exact, which its
 * own literal sequences do not achieve (it compares them by their number, not by what they show).
 * The output side makes them the character and its attribute. */
#define STYLE_DIM     0xf0000u
#define STYLE_BOLD    0x100000u
#define STYLE_WARNING 0x100080u

/* Wide characters that grow; terminated when made by editor_wide_text. */
struct wide {
	wchar_t *data;
	size_t len, cap;
};

/* Characters that stand in the line as escapes, typed ones too: all that is dangerous to show but
 * the two joiners, which Persian, Hindi and others are typed with. */
static inline bool editor_is_escaped(uint32_t code)
{
	return utf8_dangerous(code) && code != 0x200c && code != 0x200d;
}

/* What a line waits for after libedit has drawn it a last time, without hint and with the cursor
 * at its end. */
enum settling {
	SETTLE_NONE,
	SETTLE_ACCEPT,
	SETTLE_CANCEL,
	SETTLE_END,
	SETTLE_LIST,
	SETTLE_SUSPEND,
};

struct editor {
	const struct editor_hooks *hooks;
	EditLine *el;
	HistoryW *unused_history; /* what libedit's own history command works on in an editrc */
	struct history *history;
	struct error warning;  /* not reported yet when it is not empty */
	struct error reported; /* the one last returned */
	bool vi, smart;        /* smart: the cursor can move up and lines can be cleared */
	bool style;            /* attributes may be shown */
	int in_fd, out_fd;
	FILE *stream;   /* what libedit writes to */
	struct buf out; /* what it has written and the terminal has not got */
	size_t columns, rows;

	/* Input. */
	char in[4096];
	size_t in_pos, in_len;
	bool pasting;            /* between the brackets of a bracketed paste */
	bool gone;               /* the terminal is */
	bool plain_keys;         /* what ASCII shows is inserted when typed, whatever came before */
	unsigned owned_keys;     /* a bit for each function key that we decode ourselves */
	wchar_t inject;          /* a private key to deliver first, or 0 */
	size_t delivered;        /* characters given to the current el_wgets */
	wchar_t first_key;       /* the first of them */
	cc_t intr, susp;         /* the user's characters for these */
	enum private_key wanted; /* KEY_CANCEL or KEY_SUSPEND until it is under way, or 0 */
	struct wide insert;

	/* Signals. */
	sigset_t old_mask;
	struct sigaction old_actions[7];
	int fatal; /* the signal that ends the read, or 0 */

	/* The line. */
	bool continuation;
	struct wide prompt, hint;
	struct buf hinted; /* the line that the hint was made for */
	enum settling settling;
	size_t kept_cursor; /* where the cursor goes back to after settling */
	struct candidates candidates;

	/* Walking through the history: 0 is the line being typed, kept in `typed`. */
	size_t walk;
	struct buf typed;
	struct wide event; /* the entry that libedit was given last */
	size_t event_back;
	struct search {
		bool on, failed;
		wchar_t key;
		struct buf pattern, original;
		size_t found, original_cursor;
	} search;
};

/* Whether bytes are there that were not taken yet. */
static inline bool editor_input_waiting(const struct editor *e)
{
	return e->in_pos < e->in_len;
}

/* Whether the next key is there and is Enter. */
static inline bool editor_input_enters(const struct editor *e)
{
	return editor_input_waiting(e) && !e->pasting &&
	       (e->in[e->in_pos] == '\r' || e->in[e->in_pos] == '\n');
}

/* editor_line.c */
/* Adds a character, or its bytes as \xHH when it cannot be shown as it is. */
void editor_wide_add(struct wide *w, wchar_t c);
void editor_wide_add_character(struct wide *w, uint32_t code, struct slice bytes);
void editor_wide_add_bytes(struct wide *w, struct slice bytes);
/* Replaces what W holds by TEXT and terminates it; borrowed from W. */
const wchar_t *editor_wide_text(struct wide *w, struct slice text);
const wchar_t *editor_wide_end(struct wide *w);
void editor_wide_release(struct wide *w);
/* ASCII in TEXT with an attribute, the rest as it is. */
void editor_wide_add_styled(struct wide *w, struct slice text, uint32_t style);
/* The line as UTF-8; returns the byte that the cursor is at. */
size_t editor_line_text(struct editor *e, struct buf *out);
size_t editor_line_cursor(struct editor *e);
void editor_line_set_cursor(struct editor *e, size_t position);
/* Replaces the whole line; the cursor goes to its end. */
void editor_line_replace(struct editor *e, struct slice text);
/* Replaces the last COUNT characters before the cursor. */
void editor_line_exchange(struct editor *e, size_t count, struct slice text);
/* Rows between the first row of the prompt and the cursor, at the present width. */
size_t editor_line_rows_above(struct editor *e);

/* Whether there is a hint beside a line such as this. */
bool editor_hint_wanted(const struct editor *e);
/* Asks for the hint if the line has changed since; true when there is another one to show now. */
bool editor_hint_update(struct editor *e);
/* True when there may be a hint on the screen. */
bool editor_hint_shown(const struct editor *e);
struct editor *editor_of(EditLine *el);

/* editor_input.c */
int editor_input_getc(EditLine *el, wchar_t *out);

/* editor_signal.c */
void editor_signals_begin(struct editor *e);
void editor_signals_end(struct editor *e);
/* Waits until there is input, a signal asks for something, or MS milliseconds have passed (-1: no
 * limit). 1: input; 0: time passed; -1: leave the read and look at e->wanted, e->fatal, e->gone. */
int editor_signals_wait(struct editor *e, int ms);
void editor_suspend(struct editor *e);

/* editor_screen.c */
FILE *editor_screen_open(struct editor *e);
void editor_screen_flush(struct editor *e);
void editor_screen_text(struct editor *e, const char *text);
/* Has the terminal put brackets around what is pasted. */
void editor_screen_paste_brackets(struct editor *e, bool on);
void editor_screen_size(struct editor *e);
/* Whether the terminal has another size than screen_size has found. */
bool editor_screen_resized(struct editor *e);
/* Draws prompt and line again: from the row of the cursor, which must be empty, or in place. */
void editor_screen_redraw(struct editor *e);
void editor_screen_redraw_in_place(struct editor *e);
/* Has libedit draw the line a last time, for WHAT. */
unsigned char editor_settle(struct editor *e, enum settling what);

/* editor_keys.c */
bool editor_keys_init(struct editor *e, struct error *error);
/* The private key of the function key whose sequence begins BYTES (ESC first), and the length of
 * the sequence. KEY_NOTHING for one that has no meaning; ESC, of length 1, for what is left to
 * libedit. *LEN is 0 when BYTES end within the sequence. */
wchar_t editor_keys_sequence(struct editor *e, struct slice bytes, size_t *len);

/* editor_complete.c, editor_history.c: functions for libedit, and what belongs to them */
unsigned char editor_complete_key(EditLine *el, int c);
void editor_complete_list(struct editor *e);
unsigned char editor_history_up(EditLine *el, int c);
unsigned char editor_history_down(EditLine *el, int c);
unsigned char editor_search_begin(EditLine *el, int c);
unsigned char editor_search_step(EditLine *el, int c);
bool editor_search_wants(wchar_t c);
void editor_search_prompt(struct editor *e, struct buf *out);
int editor_history_event(void *ref, HistEventW *event, int op, ...);

#endif
