#include "view/format/json_stats.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/text/json_write.h"

#include <stdlib.h>

struct mark {
	size_t at;       /* in the text */
	size_t name_len; /* with its quotes; a colon and the value follow */
	size_t len;
};

/* A member, to be sorted by its name and, where names are alike, by its place. */
struct member {
	struct slice name;
	size_t place;
};

void json_stats_release(struct json_stats *s)
{
	buf_release(&s->text);
	buf_release(&s->marks);
}

void json_stats_clear(struct json_stats *s)
{
	buf_clear(&s->text);
	buf_clear(&s->marks);
}

void json_stats_add(struct json_stats *s, struct slice name, struct slice value)
{
	struct buf *out = &s->text;
	struct mark mark;
	json_comma(out);
	mark.at = out->len;
	if (utf8_valid(name)) {
		json_string(out, name);
	} else {
		/* A member's name has no space for an encoding; stats names are ASCII in practice.
		 */
		buf_add_str(out, "\"base64:");
		base64_add(out, name);
		buf_add_char(out, '"');
	}
	mark.name_len = out->len - mark.at;
	buf_add_char(out, ':');
	json_number_or_string(out, value);
	mark.len = out->len - mark.at;
	buf_add(&s->marks, &mark, sizeof(mark));
}

static int by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = slice_compare(x->name, y->name);
	return order ? order : x->place < y->place ? -1 : 1;
}

/* Sets AGAIN[i] for each member whose name came before; returns how many these are. */
static size_t find_repeated(const struct json_stats *s, const struct mark *marks, size_t count,
                            bool *again)
{
	struct member *members = xcalloc(count, sizeof(*members));
	size_t repeated = 0;
	for (size_t i = 0; i < count; i++) {
		members[i].name = slice_of(s->text.data + marks[i].at, marks[i].name_len);
		members[i].place = i;
	}
	qsort(members, count, sizeof(*members), by_name);
	for (size_t i = 1; i < count; i++) {
		if (slice_eq(members[i].name, members[i - 1].name)) {
			again[members[i].place] = true;
			repeated++;
		}
	}
	free(members);
	return repeated;
}

static void add_repeated(const struct json_stats *s, const struct mark *marks, size_t count,
                         const bool *again, struct buf *out)
{
	json_open_member(out, "repeated", '[');
	for (size_t i = 0; i < count; i++) {
		if (!again[i])
			continue;
		struct slice member = slice_of(s->text.data + marks[i].at, marks[i].len);
		json_open(out, '{');
		json_name(out, "name");
		buf_add(out, member.data, marks[i].name_len);
		json_name(out, "value");
		buf_add_slice(out, slice_skip(member, marks[i].name_len + 1));
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

void json_stats_write(struct json_stats *s, const char *name, struct buf *out)
{
	const struct mark *marks = (const void *)s->marks.data;
	size_t count = s->marks.len / sizeof(*marks), repeated = 0;
	bool *again = count > 1 ? xcalloc(count, sizeof(*again)) : NULL;
	if (again)
		repeated = find_repeated(s, marks, count, again);
	json_open_member(out, name, '{');
	if (repeated == 0)
		buf_add_slice(out, buf_slice(&s->text));
	for (size_t i = 0; repeated > 0 && i < count; i++) {
		if (again[i])
			continue;
		json_comma(out);
		buf_add(out, s->text.data + marks[i].at, marks[i].len);
	}
	buf_add_char(out, '}');
	if (repeated > 0)
		add_repeated(s, marks, count, again, out);
	free(again);
}
