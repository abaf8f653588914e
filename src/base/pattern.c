#include "base/pattern.h"

#include "base/buf.h"
#include "base/pattern_size.h"
#include "base/xalloc.h"

#include <errno.h>
#include <stdlib.h>

/* Texts up to this, keys among them, are copied without allocating. */
#define SMALL 256

struct pattern {
	unsigned how;
	regex_t regex;
	struct buf text; /* of a string; in lower case where it is folded */
};

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool compile(struct pattern *p, struct slice text, struct error *error)
{
	char said[100];
	const char *why = "it holds a NUL byte";
	int flags = REG_EXTENDED | (p->how & PATTERN_FOLDED ? REG_ICASE : 0);
	int code = REG_BADPAT;
	if ((text.len == 0 || !memchr(text.data, '\0', text.len)) &&
	    pattern_size_check(text, &why)) {
		code = regcomp(&p->regex, buf_cstr(&p->text), flags);
		regerror(code, &p->regex, said, sizeof(said));
		why = said;
	}
	return code == 0 ||
	       error_set(error, "it is a POSIX extended regular expression, see regex(7)",
	                 "cannot read the expression \"%.*s\": %s", SLICE_ARGS(text, 100), why);
}

struct pattern *pattern_new(struct slice text, unsigned how, struct error *error)
{
	struct pattern *p = xcalloc(1, sizeof(*p));
	bool fixed = how & PATTERN_FIXED;
	p->how = how;
	buf_add_slice(&p->text, text);
	for (size_t i = 0; fixed && (how & PATTERN_FOLDED) && i < p->text.len; i++)
		p->text.data[i] = fold(p->text.data[i]);
	if (fixed || compile(p, text, error))
		return p;
	buf_release(&p->text);
	free(p);
	return NULL;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	if (!(p->how & PATTERN_FIXED))
		regfree(&p->regex);
	buf_release(&p->text);
	free(p);
}

static bool is_at(struct slice text, const char *data)
{
	for (size_t i = 0; i < text.len; i++) {
		if (fold(data[i]) != text.data[i])
			return false;
	}
	return true;
}

static bool find_string(const struct pattern *p, struct slice line, size_t *at)
{
	struct slice text = buf_slice(&p->text);
	if (!(p->how & PATTERN_FOLDED)) {
		const char *found = slice_find(line, text);
		*at = found ? (size_t)(found - line.data) : 0;
		return found || text.len == 0;
	}
	for (*at = 0; *at + text.len <= line.len; ++*at) {
		if (is_at(text, line.data + *at))
			return true;
	}
	return false;
}

bool pattern_is_quick(const struct pattern *p)
{
	return p->how & PATTERN_FIXED && (!(p->how & PATTERN_FOLDED) || p->text.len <= SMALL);
}

bool pattern_exec(const regex_t *regex, const char *text, size_t groups, regmatch_t *match,
                  int flags)
{
	errno = 0;
	int code = regexec(regex, text, groups, match, flags);
	if (code == REG_ESPACE || (code != 0 && errno == ENOMEM)) /* glibc's code is REG_NOMATCH */
		xalloc_failed();
	return code == 0;
}

bool pattern_find(const struct pattern *p, struct slice line, size_t *at, size_t *len)
{
	if (p->how & PATTERN_FIXED) {
		*len = p->text.len;
		return find_string(p, line, at);
	}
	regmatch_t match = {.rm_so = 0, .rm_eo = (regoff_t)line.len};
	if (!pattern_exec(&p->regex, line.data, 1, &match, REG_STARTEND))
		return false;
	*at = (size_t)match.rm_so;
	*len = (size_t)(match.rm_eo - match.rm_so);
	return true;
}

bool pattern_matches(const struct pattern *p, struct slice text)
{
	struct buf copy = BUF_INIT; /* a string is asked for even where bytes are counted */
	char small[SMALL + 1];
	const char *string = small;
	size_t at, len;
	if (text.len > SMALL) {
		buf_add_slice(&copy, text);
		string = buf_cstr(&copy);
	} else {
		if (text.len > 0)
			memcpy(small, text.data, text.len);
		small[text.len] = '\0';
	}
	bool ok = pattern_find(p, slice_of(string, text.len), &at, &len) &&
	          (!(p->how & PATTERN_WHOLE) || len == text.len);
	buf_release(&copy);
	return ok;
}
