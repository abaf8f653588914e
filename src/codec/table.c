#include "codec/codec.h"
#include "codec/decode.h"

#include <stdlib.h>

const struct codec *const codecs[] = {CODECS(CODEC_ADDRESS)};
const size_t codec_count = sizeof codecs / sizeof codecs[0];

size_t codec_place(struct slice name)
{
	size_t none = 0;
	for (size_t i = 0; i < codec_count; i++) {
		if (slice_eq_str(name, codecs[i]->name))
			return i;
		if (codecs[i] == &codec_none)
			none = i;
	}
	return none;
}

const struct codec *codec_find(struct slice name)
{
	const struct codec *found = codecs[codec_place(name)];
	return slice_eq_str(name, found->name) ? found : NULL;
}

const struct codec *codec_writer(const struct codec *p)
{
	return p->typed ? p : &codec_python_memcached;
}

bool decoded_by_content(const struct decoded *d)
{
	return slice_eq_str(slice_str(d->codec), codec_none.name);
}

/* Takes a flag off what is left of a codec's about: its value, and its name. */
static bool next_flag(struct slice *rest, uint64_t *value, struct slice *name)
{
	while (rest->len > 0 && strchr(" ,;", rest->data[0]))
		*rest = slice_skip(*rest, 1);
	if (rest->len == 0 || rest->data[0] < '0' || rest->data[0] > '9')
		return false; /* of a codec that has no flags */
	char *end;
	*value = strtoull(rest->data, &end, 0);
	*rest = slice_skip(*rest, (size_t)(end - rest->data));
	size_t n = 0;
	while (n < rest->len && !strchr(",;", rest->data[n]))
		n++;
	*name = slice_trim(slice_of(rest->data, n));
	*rest = slice_skip(*rest, n);
	return true;
}

/* The largest value that P names and all of whose bits are set in FLAGS. */
static bool find_flag(const struct codec *p, uint64_t flags, uint64_t *value, struct slice *name)
{
	const char *colon = strchr(p->about, ':');
	struct slice rest = slice_str(colon ? colon + 1 : NULL), one;
	bool found = false;
	for (uint64_t n; next_flag(&rest, &n, &one);) {
		bool fits = flags == 0 ? n == 0 : n > 0 && (flags & n) == n;
		if (!fits || (found && n < *value))
			continue;
		found = true;
		*value = n;
		*name = one;
	}
	return found;
}

void codec_name_flags(const struct codec *p, uint64_t flags, struct buf *out)
{
	uint64_t left = flags, value;
	struct slice name;
	bool any = false;
	if (flags == 0 && find_flag(p, 0, &value, &name)) {
		buf_add_slice(out, name);
		return;
	}
	while (left > 0 && find_flag(p, left, &value, &name)) {
		buf_addf(out, "%s%llu ", any ? " + " : "", (unsigned long long)value);
		buf_add_slice(out, name);
		left &= ~value;
		any = true;
	}
	if (left > 0)
		buf_addf(out, "%s%llu unknown", any ? " + " : "", (unsigned long long)left);
	else if (!any)
		buf_add_str(out, "nothing");
}
