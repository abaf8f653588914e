#include "base/search.h"

#include "base/xalloc.h"

#include <regex.h>
#include <stdlib.h>

struct search {
	bool fixed, folded;
	regex_t regex;
	struct buf text; /* fixed; in lower case where it is folded */
};

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

struct search *search_new(struct slice text, bool fixed, bool folded, struct error *error)
{
	struct search *s = xcalloc(1, sizeof(*s));
	char why[100] = "it holds a NUL byte";
	s->fixed = fixed;
	s->folded = folded;
	buf_add_slice(&s->text, text);
	for (size_t i = 0; folded && fixed && i < s->text.len; i++)
		s->text.data[i] = fold(s->text.data[i]);
	bool ok = fixed || text.len == 0 || !memchr(text.data, '\0', text.len);
	if (ok && !fixed) {
		int code =
		    regcomp(&s->regex, buf_cstr(&s->text), REG_EXTENDED | (folded ? REG_ICASE : 0));
		ok = code == 0;
		if (!ok)
			regerror(code, &s->regex, why, sizeof(why));
	}
	if (ok)
		return s;
	error_set(error,
	          "it is a POSIX extended regular expression, see regex(7); -F takes a string",
	          "cannot read the expression \"%.*s\": %s", SLICE_ARGS(text, 100), why);
	buf_release(&s->text);
	free(s);
	return NULL;
}

void search_free(struct search *s)
{
	if (!s)
		return;
	if (!s->fixed)
		regfree(&s->regex);
	buf_release(&s->text);
	free(s);
}

static bool is_at(const struct slice text, const char *data)
{
	for (size_t i = 0; i < text.len; i++) {
		if (fold(data[i]) != text.data[i])
			return false;
	}
	return true;
}

static bool find_string(const struct search *s, struct slice line, size_t *at)
{
	struct slice text = buf_slice(&s->text);
	if (text.len > line.len)
		return false;
	if (text.len == 0) {
		*at = 0;
		return true;
	}
	if (!s->folded) {
		const char *found = memmem(line.data, line.len, text.data, text.len);
		*at = found ? (size_t)(found - line.data) : 0;
		return found != NULL;
	}
	for (*at = 0; *at + text.len <= line.len; ++*at) {
		if (is_at(text, line.data + *at))
			return true;
	}
	return false;
}

bool search_find(const struct search *s, struct slice line, size_t *at, size_t *len)
{
	if (s->fixed) {
		*len = s->text.len;
		return find_string(s, line, at);
	}
	regmatch_t match = {.rm_so = 0, .rm_eo = (regoff_t)line.len};
	if (regexec(&s->regex, line.data, 1, &match, REG_STARTEND) != 0)
		return false;
	*at = (size_t)match.rm_so;
	*len = (size_t)(match.rm_eo - match.rm_so);
	return true;
}
