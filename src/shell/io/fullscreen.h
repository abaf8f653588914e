/*
 * The whole terminal for a command that draws it again and again: the alternate screen, and keys as
 * they are pressed. Whatever ends or stops mcsh meanwhile, Ctrl-Z too, leaves the terminal as it
 * was; when it goes on it has the screen again.
 */
#ifndef SHELL_IO_FULLSCREEN_H
#define SHELL_IO_FULLSCREEN_H

#include "base/slice.h"

#include <stdbool.h>
#include <termios.h>

struct fullscreen {
	struct termios before;
	unsigned rows, columns;
	bool open;
	bool fresh; /* what is on the screen was drawn for another size */
};

/* Takes the terminal of standard input and output; false when they are none that can. */
bool fullscreen_open(struct fullscreen *f);
void fullscreen_close(struct fullscreen *f);

/* Whether the terminal has another size, or mcsh was stopped, since the last call: what was drawn
 * is gone, and rows and columns are as they are now. */
bool fullscreen_changed(struct fullscreen *f);

/* Writes TEXT, lines with line feeds, from the top of the screen, and clears what is below and
 * beside them. No line is wider than the screen. */
void fullscreen_draw(struct fullscreen *f, struct slice text);

/* The next key that was typed; -1: none, -2: the keyboard is gone. A key that sends more than one
 * byte is 0. */
int fullscreen_key(void);

#endif
