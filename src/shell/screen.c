#include "shell/screen.h"

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

static bool ask_size(struct winsize *size)
{
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, size) == 0;
}

unsigned screen_columns(const struct screen *screen)
{
	struct winsize size;
	if (screen->columns)
		return screen->columns;
	return screen->terminal && ask_size(&size) && size.ws_col >= 20 ? size.ws_col : 80;
}

static bool is_dumb(void)
{
	const char *term = getenv("TERM");
	return !term || !*term || strcmp(term, "dumb") == 0;
}

unsigned screen_return_columns(unsigned *rows)
{
	struct winsize size;
	if (rows)
		*rows = 24;
	if (is_dumb())
		return 0;
	if (!ask_size(&size) || size.ws_row == 0)
		return 80;
	if (rows)
		*rows = size.ws_row;
	return size.ws_col;
}

bool screen_color(const struct screen *screen, enum color_mode mode)
{
	const char *no = getenv("NO_COLOR");
	if (mode != COLOR_AUTO)
		return mode == COLOR_ON;
	return screen->terminal && !(no && *no) && !is_dumb();
}
