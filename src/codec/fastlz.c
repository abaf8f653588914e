#include "codec/fastlz.h"

enum {
	FAR = 8191, /* level 2: how far back a short reference reaches at the most */
	NEVER_ENDS = -1,
};

struct fastlz {
	struct slice in;
	size_t at;
	size_t max;
	struct buf *out;
};

/* The next byte, or NEVER_ENDS where there is none. */
static int next(struct fastlz *f)
{
	return f->at < f->in.len ? (unsigned char)f->in.data[f->at++] : NEVER_ENDS;
}

static enum fastlz_result literals(struct fastlz *f, size_t n)
{
	if (n > f->in.len - f->at)
		return FASTLZ_TRUNCATED;
	if (n > f->max - f->out->len || !buf_add(f->out, f->in.data + f->at, n))
		return FASTLZ_CEILING;
	f->at += n;
	return FASTLZ_OK;
}

/* Copies LEN bytes from BACK bytes before the end of what came out. The two may overlap, and then
 * the copy repeats itself: it goes forward, byte by byte. */
static enum fastlz_result repeat(struct fastlz *f, size_t back, size_t len)
{
	if (back > f->out->len)
		return FASTLZ_CORRUPT;
	if (len > f->max - f->out->len)
		return FASTLZ_CEILING;
	char *to = buf_reserve(f->out, len);
	if (!to)
		return FASTLZ_CEILING;
	for (size_t i = 0; i < len; i++)
		to[i] = to[(ptrdiff_t)i - (ptrdiff_t)back];
	f->out->len += len;
	return FASTLZ_OK;
}

/* A reference: CONTROL holds three bits of length and the upper five bits of the distance. */
static enum fastlz_result reference(struct fastlz *f, unsigned control, int level)
{
	size_t len = control >> 5;
	size_t back = (size_t)(control & 31) << 8;
	int byte;
	if (len == 7) {
		do {
			byte = next(f);
			if (byte == NEVER_ENDS)
				return FASTLZ_TRUNCATED;
			len += (size_t)byte;
		} while (level == 2 && byte == 255);
	}
	byte = next(f);
	if (byte == NEVER_ENDS)
		return FASTLZ_TRUNCATED;
	back += (size_t)byte;
	if (level == 2 && back == FAR) {
		int high = next(f), low = next(f);
		if (low == NEVER_ENDS)
			return FASTLZ_TRUNCATED;
		back += (size_t)high << 8 | (size_t)low;
	}
	return repeat(f, back + 1, len + 2);
}

enum fastlz_result fastlz_expand(struct slice in, size_t max, struct buf *out, size_t *used)
{
	struct fastlz f = {in, 0, max, out};
	enum fastlz_result result = FASTLZ_OK;
	int control = next(&f);
	int level = control == NEVER_ENDS ? 0 : (control >> 5) + 1;
	if (level < 1 || level > 2)
		result = in.len == 0 ? FASTLZ_TRUNCATED : FASTLZ_CORRUPT;
	control &= 31; /* the first is always a run of literals */
	while (result == FASTLZ_OK) {
		if (control < 32)
			result = literals(&f, (size_t)control + 1);
		else
			result = reference(&f, (unsigned)control, level);
		if (result != FASTLZ_OK || f.at == in.len)
			break;
		control = next(&f);
	}
	*used = f.at;
	return result;
}
