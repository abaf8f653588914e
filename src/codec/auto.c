/*
 * Whose value it is, by flags and content together. Every codec says how sure it is; the surest
 * one decodes, and `why` says what spoke for it and who else might have meant it.
 */
#include "base/zip.h"
#include "codec/decode.h"
#include "codec/serial/serial.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	CLOSE = 25,               /* a score so near to the best makes the answer a guess */
	COMPARED_MAX = 64 * 1024, /* of what comes out of a stream so much is compared */
	WHY_BYTES = 200,
};

static const struct codec *const clients[] = {CODEC_CLIENTS(CODEC_ADDRESS)};

enum {
	CLIENT_COUNT = sizeof clients / sizeof clients[0],
};

/* How sure it is that CLIENT wrote it, and WHY. 0: it did not. */
static int sniff(const struct codec *client, uint64_t flags, struct slice stored,
                 char why[WHY_BYTES])
{
	int score = 0;
	uint64_t user = client->user_shift ? flags >> client->user_shift : 0;
	const char *kind = client->kind(flags, stored, &score);
	char users[60] = "";
	if (!kind)
		return 0;
	if (user != 0)
		snprintf(users, sizeof users, " (0x%" PRIx64 " of the user's)", user);
	snprintf(why, WHY_BYTES, "flags %" PRIu64 "%s and %s as %s writes it", flags, users, kind,
	         client->name);
	return score;
}

static bool is_whole_number(enum decoded_type type)
{
	return type == DECODED_INTEGER || type == DECODED_LONG;
}

/* Many clients mean the same by the same flags: to name a second one would warn of nothing. */
static bool means_the_same(const struct decoded *best, uint64_t flags, struct slice stored,
                           const struct codec *other)
{
	struct decoded d = {0};
	codec_decode(other, flags, stored, COMPARED_MAX, &d);
	bool same =
	    (d.type == best->type || (is_whole_number(d.type) && is_whole_number(best->type))) &&
	    slice_eq(buf_slice(&d.text), buf_slice(&best->text));
	decoded_release(&d);
	return same;
}

static void mention_rival(struct decoded *out, uint64_t flags, struct slice stored,
                          const struct codec *best, const int scores[])
{
	int top = 0, place = -1;
	for (size_t i = 0; i < CLIENT_COUNT; i++) {
		if (clients[i] == best)
			top = scores[i];
	}
	/* A long value is not expanded once more for each of them: both see its beginning. */
	struct decoded begin = {0};
	bool cut = out->container && out->size > COMPARED_MAX;
	if (cut)
		codec_decode(best, flags, stored, COMPARED_MAX, &begin);
	for (size_t i = 0; i < CLIENT_COUNT; i++) {
		if (clients[i] != best && scores[i] > 0 && scores[i] >= top - CLOSE &&
		    (place < 0 || scores[i] > scores[place]) &&
		    !means_the_same(cut ? &begin : out, flags, stored, clients[i]))
			place = (int)i;
	}
	decoded_release(&begin);
	if (place < 0)
		return;
	size_t used = strlen(out->why);
	snprintf(out->why + used, sizeof out->why - used, "; %s could have written it too",
	         clients[place]->name);
}

/* The content alone. UTF-8 text is taken for text whatever it looks like; other bytes may show by
 * themselves what they are. */
static void decode_content(struct decoded *out, struct slice stored, size_t max, const char *flags)
{
	const char *kind;
	struct slice value = stored;
	out->codec = codec_none.name;
	decode_string(out, stored);
	enum serial format = out->type == DECODED_TEXT ? SERIAL_NONE : serial_sniff(stored);
	if (out->type == DECODED_TEXT) {
		kind = stored.len > 0 ? "the bytes are valid UTF-8: text" : "the value is empty";
	} else if (format != SERIAL_NONE) {
		decode_serial(out, format, stored);
		kind = "the bytes begin like those of a serialiser";
	} else if (zip_looks_like_gzip(stored)) {
		decode_gzip(out, stored, max, &value);
		decode_string(out, value);
		kind = "the bytes begin like a gzip stream";
	} else if (zip_looks_like_zlib(stored) &&
	           zip_inflate(stored, ZIP_ZLIB, max, &out->bytes, NULL) == ZIP_OK) {
		buf_clear(&out->bytes);
		decode_zlib(out, stored, max, &value);
		decode_string(out, value);
		kind = "the bytes are a zlib stream";
	} else {
		buf_release(&out->bytes);
		kind = "the bytes are no UTF-8 text";
	}
	snprintf(out->why, sizeof out->why, "%s, and %s", flags, kind);
}

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	int scores[CLIENT_COUNT];
	const struct codec *best = NULL;
	int top = 0;
	char why[WHY_BYTES];

	if (flags == 0) {
		decode_content(out, stored, inflate_max, "no flags set");
		return;
	}
	for (size_t i = 0; i < CLIENT_COUNT; i++) {
		scores[i] = sniff(clients[i], flags, stored, why);
		if (scores[i] > top) {
			top = scores[i];
			best = clients[i];
			snprintf(out->why, sizeof out->why, "%s", why);
		}
	}
	if (!best) {
		snprintf(why, sizeof why,
		         "flags %" PRIu64 " with such bytes fit no client known here", flags);
		decode_content(out, stored, inflate_max, why);
		return;
	}
	codec_decode(best, flags, stored, inflate_max, out);
	mention_rival(out, flags, stored, best, scores);
}

const struct codec codec_auto = {
    .name = "auto",
    .about = "whose flags and bytes they look like, and says so; writes as python-memcached",
    .guesses = true,
    .decode = decode,
};
