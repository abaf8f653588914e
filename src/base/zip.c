#include "base/zip.h"

#include "base/xalloc.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

enum {
	ZIP_WINDOW_BITS = 15,
	ZIP_WINDOW_GZIP = ZIP_WINDOW_BITS + 16, /* the window's bits, and a gzip header around it */
	ZIP_MEMORY_LEVEL = 8,
};

/* Memory taken at a time. */
#define STEP (16 * 1024)

/* xcalloc does not fail, and so no call of zlib ends with Z_MEM_ERROR. */
static void *zip_alloc(void *opaque, unsigned items, unsigned size)
{
	(void)opaque;
	return xcalloc(items, size);
}

static void zip_free(void *opaque, void *memory)
{
	(void)opaque;
	free(memory);
}

/* A stream whose memory is the program's: no call on it ends with Z_MEM_ERROR. */
static const z_stream zip_fresh = {.zalloc = zip_alloc, .zfree = zip_free};

/* Hands over the next part of *REST, once what was handed over before has been taken: zlib counts
 * in unsigned int. */
static void zip_feed(z_stream *z, struct slice *rest)
{
	if (z->avail_in > 0)
		return;
	size_t n = rest->len < UINT_MAX ? rest->len : UINT_MAX;
	z->next_in = (const Bytef *)rest->data;
	z->avail_in = (uInt)n;
	*rest = slice_skip(*rest, n);
}

/* Space for the next piece, at most LIMIT bytes; false when there is none. */
static bool reserve(z_stream *z, struct buf *out, size_t limit)
{
	size_t max = out->max ? out->max : BUF_MAX;
	size_t left = max > out->len ? max - out->len : 0;
	if (left > limit)
		left = limit;
	if (left > STEP)
		left = STEP;
	z->next_out = left > 0 ? (Bytef *)buf_reserve(out, left) : NULL;
	z->avail_out = (uInt)left;
	return left > 0;
}

static enum zip_result result_of(int code)
{
	if (code == Z_STREAM_END)
		return ZIP_OK;
	return code == Z_BUF_ERROR ? ZIP_TRUNCATED : ZIP_CORRUPT;
}

/* All that may come out is out: what is left of the stream must be its end (a checksum, an empty
 * last block) and not one byte more. */
static enum zip_result finish_full(z_stream *z, struct slice *rest)
{
	int code = Z_OK;
	while (code == Z_OK) {
		Bytef one;
		zip_feed(z, rest);
		z->next_out = &one;
		z->avail_out = 1;
		code = inflate(z, Z_NO_FLUSH);
		if (z->avail_out == 0)
			return ZIP_CEILING;
	}
	return result_of(code);
}

static enum zip_result inflate_all(z_stream *z, struct slice *rest, size_t max, struct buf *out)
{
	size_t start = out->len;
	int code = Z_OK;
	while (code == Z_OK) {
		zip_feed(z, rest);
		if (!reserve(z, out, max - (out->len - start)))
			return finish_full(z, rest);
		uInt space = z->avail_out;
		code = inflate(z, Z_NO_FLUSH);
		out->len += space - z->avail_out;
	}
	return result_of(code);
}

enum zip_result zip_inflate(struct slice in, enum zip_format format, size_t max, struct buf *out,
                            size_t *used)
{
	z_stream z = zip_fresh;
	if (inflateInit2(&z, format == ZIP_GZIP ? ZIP_WINDOW_GZIP : ZIP_WINDOW_BITS) != Z_OK)
		return ZIP_CORRUPT;
	struct slice rest = in;
	enum zip_result result = inflate_all(&z, &rest, max, out);
	if (used)
		*used = in.len - rest.len - z.avail_in;
	inflateEnd(&z);
	return result;
}

const char *zip_why(enum zip_result result)
{
	static const char *const why[] = {
	    [ZIP_OK] = "is whole",
	    [ZIP_TRUNCATED] = "is cut short",
	    [ZIP_CORRUPT] = "is damaged",
	    [ZIP_CEILING] = "expands to more than is allowed",
	};
	return why[result];
}

bool zip_deflate(struct slice in, int level, struct buf *out)
{
	z_stream z = zip_fresh;
	if (deflateInit2(&z, level, Z_DEFLATED, ZIP_WINDOW_BITS, ZIP_MEMORY_LEVEL,
	                 Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	size_t start = out->len;
	struct slice rest = in;
	int code = Z_OK;
	while (code != Z_STREAM_END) {
		zip_feed(&z, &rest);
		if (!reserve(&z, out, SIZE_MAX))
			break;
		uInt space = z.avail_out;
		code = deflate(&z, rest.len > 0 ? Z_NO_FLUSH : Z_FINISH);
		out->len += space - z.avail_out;
	}
	deflateEnd(&z);
	if (code != Z_STREAM_END) {
		buf_cut(out, start);
		out->full = true;
	}
	return code == Z_STREAM_END;
}

bool zip_compress_if_smaller(struct slice value, size_t min_compress_len, int level,
                             struct buf *out)
{
	buf_clear(out);
	if (min_compress_len == 0 || value.len <= min_compress_len)
		return false;
	/* A ceiling one below the value's length makes the stream shorter or refuses it. */
	size_t max = out->max;
	size_t shorter = value.len - 1;
	out->max = max && max < shorter ? max : shorter;
	bool ok = out->max > 0 && zip_deflate(value, level, out);
	out->max = max;
	out->full = false;
	return ok;
}

bool zip_looks_like_zlib(struct slice bytes)
{
	if (bytes.len < 2)
		return false;
	unsigned method = (unsigned char)bytes.data[0];
	unsigned flags = (unsigned char)bytes.data[1];
	return (method & 15) == 8 && method >> 4 <= 7 && !(flags & 32) &&
	       (method << 8 | flags) % 31 == 0;
}

bool zip_looks_like_gzip(struct slice bytes)
{
	return slice_starts(bytes, SLICE("\x1f\x8b\x08"));
}

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
