#include "base/pattern.h"

#include "base/buf.h"
#include "base/xalloc.h"

#include <regex.h>
#include <stdlib.h>

/* Texts up to this, keys among them, are copied without allocating. */
#define SMALL 256

struct pattern {
	regex_t regex;
	bool whole;
};

struct pattern *pattern_new(struct slice text, bool whole, struct error *error)
{
	struct pattern *p = xcalloc(1, sizeof(*p));
	struct buf source = BUF_INIT;
	char why[100] = "it holds a NUL byte";
	buf_add_slice(&source, text);
	bool ok = text.len == 0 || !memchr(text.data, '\0', text.len);
	if (ok) {
		int code = regcomp(&p->regex, buf_cstr(&source), REG_EXTENDED);
		ok = code == 0;
		if (!ok)
			regerror(code, &p->regex, why, sizeof(why));
	}
	p->whole = whole;
	if (!ok) {
		error_set(error, "it is a POSIX extended regular expression, see regex(7)",
		          "cannot read the expression \"%.*s\": %s", SLICE_ARGS(text, 100), why);
		free(p);
		p = NULL;
	}
	buf_release(&source);
	return p;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	regfree(&p->regex);
	free(p);
}

bool pattern_matches(const struct pattern *p, struct slice text)
{
	regmatch_t match = {.rm_so = 0, .rm_eo = (regoff_t)text.len};
	struct buf copy = BUF_INIT; /* a string is asked for even where bytes are counted */
	char small[SMALL + 1];
	const char *string = small;
	if (text.len > SMALL) {
		buf_add_slice(&copy, text);
		string = buf_cstr(&copy);
	} else {
		if (text.len > 0)
			memcpy(small, text.data, text.len);
		small[text.len] = '\0';
	}
	bool ok = regexec(&p->regex, string, 1, &match, REG_STARTEND) == 0 &&
	          (!p->whole || (match.rm_so == 0 && (size_t)match.rm_eo == text.len));
	buf_release(&copy);
	return ok;
}
