#include "base/zip_stream.h"

#include "base/xalloc.h"
#include "base/zip_private.h"

#include <stdlib.h>

/* Space made at a time. */
#define STEP (16 * 1024)

struct zip_writer {
	z_stream z;
};

struct zip_reader {
	z_stream z;
	bool at_end; /* the last stream ended, and no byte of another has come */
};

struct zip_writer *zip_writer_new(void)
{
	struct zip_writer *w = xcalloc(1, sizeof(*w));
	w->z = zip_fresh;
	deflateInit2(&w->z, ZIP_LEVEL_DEFAULT, Z_DEFLATED, ZIP_WINDOW_GZIP, ZIP_MEMORY_LEVEL,
	             Z_DEFAULT_STRATEGY);
	return w;
}

void zip_writer_free(struct zip_writer *w)
{
	if (!w)
		return;
	deflateEnd(&w->z);
	free(w);
}

bool zip_writer_add(struct zip_writer *w, struct slice bytes, bool end, struct buf *out)
{
	z_stream *z = &w->z;
	do {
		zip_feed(z, &bytes);
		int flush = end && bytes.len == 0 ? Z_FINISH : Z_NO_FLUSH;
		do {
			char *space = buf_reserve(out, STEP);
			if (!space)
				return false;
			z->next_out = (Bytef *)space;
			z->avail_out = STEP;
			deflate(z, flush);
			out->len += STEP - z->avail_out;
		} while (z->avail_out == 0);
	} while (bytes.len > 0);
	return true;
}

struct zip_reader *zip_reader_new(void)
{
	struct zip_reader *r = xcalloc(1, sizeof(*r));
	r->z = zip_fresh;
	inflateInit2(&r->z, ZIP_WINDOW_GZIP);
	return r;
}

void zip_reader_free(struct zip_reader *r)
{
	if (!r)
		return;
	inflateEnd(&r->z);
	free(r);
}

enum zip_result zip_reader_take(struct zip_reader *r, struct slice *in, char *out, size_t space,
                                size_t *made)
{
	z_stream *z = &r->z;
	*made = 0;
	if (space > UINT_MAX)
		space = UINT_MAX;
	while (*made == 0 && (in->len > 0 || z->avail_out == 0)) {
		if (r->at_end) {
			if (in->len == 0)
				break;
			inflateReset(z);
			r->at_end = false;
		}
		struct slice rest = *in;
		z->avail_in = 0; /* what is left of it is in *in, and may have moved since */
		zip_feed(z, &rest);
		uInt fed = z->avail_in;
		z->next_out = (Bytef *)out;
		z->avail_out = (uInt)space;
		int code = inflate(z, Z_NO_FLUSH);
		*in = slice_skip(*in, fed - z->avail_in);
		*made = space - z->avail_out;
		if (code == Z_STREAM_END)
			r->at_end = true;
		else if (code != Z_OK && code != Z_BUF_ERROR)
			return ZIP_CORRUPT;
		else if (*made == 0 && in->len == 0)
			break;
	}
	return ZIP_OK;
}

bool zip_reader_at_end(const struct zip_reader *r)
{
	return r->at_end;
}
