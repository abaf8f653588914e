#include "shell/io/screen.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool locale_is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

void screen_look(struct screen *screen)
{
	screen->terminal = isatty(STDOUT_FILENO);
	screen->keyboard = isatty(STDIN_FILENO);
	screen->errors = isatty(STDERR_FILENO);
	screen->utf8 = screen->terminal && locale_is_utf8();
}

void screen_size(int fd, unsigned *rows, unsigned *columns)
{
	struct winsize size = {0};
	(void)ioctl(fd, TIOCGWINSZ, &size);
	*rows = size.ws_row > 0 ? size.ws_row : 24;
	*columns = size.ws_col > 1 ? size.ws_col : 80;
}

unsigned screen_columns(const struct screen *screen)
{
	unsigned rows, columns;
	if (screen->columns)
		return screen->columns;
	screen_size(STDOUT_FILENO, &rows, &columns);
	return screen->terminal && columns >= 20 ? columns : 80;
}

bool screen_is_dumb(void)
{
	const char *term = getenv("TERM");
	return !term || !*term || strcmp(term, "dumb") == 0;
}

unsigned screen_return_columns(unsigned *rows)
{
	unsigned unused, columns;
	screen_size(STDOUT_FILENO, rows ? rows : &unused, &columns);
	return screen_is_dumb() ? 0 : columns;
}

bool screen_color(const struct screen *screen, enum color_mode mode)
{
	const char *no = getenv("NO_COLOR");
	if (mode != COLOR_AUTO)
		return mode == COLOR_ON;
	return screen->terminal && !(no && *no) && !screen_is_dumb();
}
