/*
 * What standard output is shown on. The terminal is asked here and nowhere else outside the line
 * editor.
 */
#ifndef SHELL_IO_SCREEN_H
#define SHELL_IO_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

enum color_mode {
	COLOR_AUTO,
	COLOR_ON,
	COLOR_OFF
};

struct screen {
	bool terminal;    /* standard output is a terminal */
	bool keyboard;    /* standard input is one */
	bool errors;      /* standard error is one */
	bool utf8;        /* it shows UTF-8 */
	unsigned columns; /* to lay out for; 0: the terminal's */
	bool echoed;      /* it shows the ^C that cancelled a command, and the cursor is after it */
	size_t progress;  /* columns of its last row that progress (shell/io/progress.h) takes */
};

/* Looks at the standard descriptors and at the locale, which is asked of the environment: a locale
 * that nothing else needs costs start-up time. */
void screen_look(struct screen *screen);

/* Rows and columns of the terminal FD; 24 and 80 where nothing is known. */
void screen_size(int fd, unsigned *rows, unsigned *columns);
/* Columns to lay out for, of standard output. */
unsigned screen_columns(const struct screen *screen);

/* The columns of the terminal's rows, where a carriage return leads to the beginning of a row; 0
 * elsewhere. In *ROWS how many rows there are, 24 where nothing is known. ROWS may be NULL. */
unsigned screen_return_columns(unsigned *rows);

/* Whether the terminal, by $TERM, cannot move the cursor. */
bool screen_is_dumb(void);

/* Whether to colour, by MODE: under COLOR_AUTO on a terminal that is not dumb, unless NO_COLOR. */
bool screen_color(const struct screen *screen, enum color_mode mode);

#endif
