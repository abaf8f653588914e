#include "lib/vectors.h"
#include "base/xalloc.h"
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

static char *read_file(const char *file)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	snprintf(path, sizeof(path), "%s/tests/vectors/%s", top ? top : ".", file);
	FILE *stream = fopen(path, "r");
	if (!stream)
		fail_msg("%s cannot be opened", path);
	size_t len = 0, cap = 0;
	char *text = NULL;
	do {
		text = xgrow(text, &cap, len + 4096, 1);
		len += fread(text + len, 1, cap - len - 1, stream);
	} while (!feof(stream) && !ferror(stream));
	fclose(stream);
	text[len] = '\0';
	return text;
}

/* Cuts a line at its tabs and appends its cells; returns their number. */
static size_t add_cells(struct vectors *v, char *line, size_t *cap)
{
	size_t count = 0, used = v->columns * v->rows;
	for (char *cell = line; cell; count++) {
		v->cells = xgrow(v->cells, cap, used + count + 1, sizeof(*v->cells));
		v->cells[used + count] = cell;
		cell = strchr(cell, '\t');
		if (cell)
			*cell++ = '\0';
	}
	return count;
}

void vectors_load(struct vectors *v, const char *file)
{
	*v = (struct vectors){.text = read_file(file)};
	size_t cap = 0;
	for (char *line = v->text; *line;) {
		char *end = strchr(line, '\n');
		if (!end)
			fail_msg("%s: the last line is cut off", file);
		*end = '\0';
		if (*line != '#') {
			size_t count = add_cells(v, line, &cap);
			if (v->rows > 0 && count != v->columns)
				fail_msg("%s: '%s' has %zu cells, not %zu", file, line, count,
				         v->columns);
			v->columns = count;
			v->rows++;
		}
		line = end + 1;
	}
	if (v->rows < 2)
		fail_msg("%s holds no rows", file);
}

void vectors_release(struct vectors *v)
{
	free(v->cells);
	free(v->text);
}

const char *vectors_cell(const struct vectors *v, size_t row, size_t column)
{
	return v->cells[row * v->columns + column];
}

size_t vectors_column(const struct vectors *v, const char *name)
{
	for (size_t column = 0; column < v->columns; column++)
		if (strcmp(vectors_cell(v, 0, column), name) == 0)
			return column;
	fail_msg("no column is named %s", name);
	return 0;
}

struct slice vectors_key(const char *cell, char room[static VECTORS_KEY_ROOM])
{
	if (strcmp(cell, "{k*250}") == 0) {
		memset(room, 'k', 250);
		return slice_of(room, 250);
	}
	size_t len = 0;
	while (*cell && len < VECTORS_KEY_ROOM) {
		if (strncmp(cell, "\\x", 2) != 0) {
			room[len++] = *cell++;
			continue;
		}
		char digits[3] = {cell[2], cell[3], '\0'}, *end;
		room[len++] = (char)strtoul(digits, &end, 16);
		if (*end)
			fail_msg("\\x%s is no byte", digits);
		cell += 4;
	}
	return slice_of(room, len);
}
