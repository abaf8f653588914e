#include "lib/codec.h"

#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

void codec_add_hex(struct buf *out, const char *piece)
{
	struct buf once = BUF_INIT;
	unsigned byte;
	while (sscanf(piece, "%2x", &byte) == 1) {
		buf_add_char(&once, (char)byte);
		piece += 2;
	}
	size_t times = *piece == '*' ? strtoul(piece + 1, NULL, 10) : 1;
	for (size_t i = 0; i < times; i++)
		buf_add_slice(out, buf_slice(&once));
	buf_release(&once);
}

const struct codec *codec_named(const char *name)
{
	const struct codec *p = codec_find(slice_str(name));
	if (!p)
		fail_msg("no profile %s", name);
	return p;
}
