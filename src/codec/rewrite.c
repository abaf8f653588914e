#include "codec/rewrite.h"

#include "base/json_pack.h"
#include "base/utf8.h"
#include "base/zip.h"

static bool is_text(struct slice bytes)
{
	return utf8_valid(bytes) && !(bytes.len > 0 && memchr(bytes.data, '\0', bytes.len));
}

/* The levels of zlib, the likeliest first: its own choice is 6. */
static const int levels[] = {ZIP_LEVEL_DEFAULT, 9, 1, 5, 7, 8, 4, 3, 2, 0};

static bool compress(const struct rewrite *r, struct slice inside, int level, struct buf *stored)
{
	for (unsigned i = 0; i < r->prefix; i++)
		buf_add_char(stored, (char)(unsigned char)(inside.len >> 8 * i));
	return zip_deflate(inside, level, stored);
}

/* Finds how STORED was made of INSIDE. */
static bool find_level(struct rewrite *r, struct slice inside, struct slice stored)
{
	struct buf made = BUF_INIT;
	bool found = false;
	for (size_t i = 0; !found && i < sizeof(levels) / sizeof(levels[0]); i++) {
		buf_clear(&made);
		r->level = levels[i];
		found = compress(r, inside, r->level, &made) && slice_eq(buf_slice(&made), stored);
	}
	buf_release(&made);
	return found;
}

/* What the codec stores for TEXT, of the type that was found, or TEXT itself. */
static bool encode(const struct rewrite *r, struct slice text, struct buf *out)
{
	if (r->type == DECODED_BYTES)
		return buf_add_slice(out, text);
	if (!decoded_type_fits(r->type, text))
		return false;
	return r->codec->encode ? r->codec->encode(r->type, text, out) : buf_add_slice(out, text);
}

static bool encodes(const struct rewrite *r, struct slice text, struct slice inside)
{
	struct buf made = BUF_INIT;
	bool same = encode(r, text, &made) && slice_eq(buf_slice(&made), inside);
	buf_release(&made);
	return same;
}

/* The text for INSIDE: what it means to its client, where that makes the same bytes of it, or the
 * bytes themselves. */
static void take_text(struct rewrite *r, const struct decoded *d, struct slice inside)
{
	r->type = d->type;
	bool meant = d->codec && !decoded_by_content(d) && !d->serialiser;
	if (meant && d->type != DECODED_BYTES && encodes(r, buf_slice(&d->text), inside)) {
		buf_add_slice(&r->text, buf_slice(&d->text));
		return;
	}
	r->type = DECODED_BYTES;
	if (d->serialiser)
		r->why = "a serialised object cannot be made of text";
	else if (!is_text(inside))
		r->why = "its bytes are not text";
	r->editable = !r->why;
	r->binary = d->serialiser ? d->text.len == 0 : !is_text(inside);
	buf_add_slice(&r->text, d->serialiser && d->text.len > 0 ? buf_slice(&d->text) : inside);
}

static bool is_document(struct slice text)
{
	struct slice trimmed = slice_trim(text);
	return trimmed.len > 0 && (trimmed.data[0] == '{' || trimmed.data[0] == '[') &&
	       decoded_type_fits(DECODED_JSON, text);
}

/* JSON that is on one line is spread over several. */
static void spread(struct rewrite *r)
{
	struct slice text = buf_slice(&r->text);
	struct buf packed = BUF_INIT;
	r->json = r->editable && is_document(text);
	for (const struct json_spacing *s = json_spacings;
	     r->json && !r->spacing && s->comma.len > 0; s++) {
		buf_clear(&packed);
		json_pack(&packed, text, s);
		if (slice_eq(buf_slice(&packed), text))
			r->spacing = s;
	}
	if (r->spacing) {
		buf_clear(&packed);
		json_spread(&packed, text);
		buf_release(&r->text);
		r->text = packed;
		return;
	}
	buf_release(&packed);
}

void rewrite_begin(struct rewrite *r, const struct codec *profile, uint64_t flags,
                   struct slice stored, size_t inflate_max)
{
	struct decoded d = {0};
	struct slice inside = stored;
	*r = (struct rewrite){.editable = true};
	if (profile) {
		codec_decode(profile, flags, stored, inflate_max, &d);
		r->codec = d.codec ? codec_find(slice_str(d.codec)) : NULL;
	}
	if (d.container && strcmp(d.container, "zlib") == 0 && !d.problem[0]) {
		inside = buf_slice(&d.bytes);
		r->compressed = true;
		r->prefix = r->codec ? r->codec->zlib_prefix : 0;
	}
	bool known = !d.problem[0] && (!d.container || r->compressed);
	if (known) {
		take_text(r, &d, inside);
		spread(r);
	} else {
		r->binary = d.text.len == 0;
		buf_add_slice(&r->text, d.text.len > 0 ? buf_slice(&d.text) : stored);
	}
	if (!known || (r->compressed && !find_level(r, inside, stored))) {
		r->editable = false;
		r->why = d.problem[0] ? "it cannot be read as its flags say"
		                      : "its compressor is another than mcsh's";
	}
	decoded_release(&d);
}

void rewrite_release(struct rewrite *r)
{
	buf_release(&r->text);
}

bool rewrite_end(const struct rewrite *r, struct slice text, struct buf *stored,
                 struct error *error)
{
	struct buf packed = BUF_INIT, inside = BUF_INIT;
	bool ok = true;
	if (r->json && !is_document(text))
		ok = error_set(error, NULL, "it was JSON, and no longer is");
	if (ok && r->spacing) {
		json_pack(&packed, text, r->spacing);
		text = buf_slice(&packed);
	}
	if (ok && r->type != DECODED_BYTES) {
		ok = encode(r, text, &inside) ||
		     error_set(error, NULL, "it was of type %s, and no longer is",
		               decoded_type_name(r->type));
		text = buf_slice(&inside);
	}
	if (ok && r->compressed)
		ok = compress(r, text, r->level, stored) ||
		     error_set(error, NULL, "it is too long to be compressed");
	else if (ok)
		buf_add_slice(stored, text);
	buf_release(&packed);
	buf_release(&inside);
	return ok;
}
