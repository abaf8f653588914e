#include "codec/codec.h"
#include "codec/decode.h"

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
