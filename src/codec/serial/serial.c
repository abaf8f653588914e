#include "codec/serial/serial.h"
#include "codec/decode.h"
#include "codec/serial/outline.h"

/* Version 1.0 of .NET's BinaryFormatter: a header record with the root's number, -1 and 1, 0. */
static bool is_dotnet(struct slice bytes)
{
	return bytes.len >= 17 && bytes.data[0] == 0 &&
	       slice_starts(slice_skip(bytes, 5), SLICE("\xff\xff\xff\xff\x01\0\0\0\0\0\0\0"));
}

/* A format without a reader is only named. */
static const struct {
	const char *name;
	bool (*walk)(struct outline *o);
} formats[] = {
    [SERIAL_NONE] = {NULL, NULL},
    [SERIAL_PICKLE] = {"pickle", outline_pickle},
    [SERIAL_PHP] = {"PHP serialize", outline_php},
    [SERIAL_IGBINARY] = {"igbinary", outline_igbinary},
    [SERIAL_MSGPACK] = {"msgpack", outline_msgpack},
    [SERIAL_JAVA] = {"Java serialisation", outline_java},
    [SERIAL_MARSHAL] = {"Ruby Marshal 4.8", outline_marshal},
    [SERIAL_DOTNET] = {".NET BinaryFormatter", NULL},
};

bool serial_fits(enum serial format, struct slice bytes)
{
	struct buf text = BUF_INIT;
	struct outline o;
	if (format == SERIAL_DOTNET)
		return is_dotnet(bytes);
	outline_init(&o, bytes, &text);
	if (formats[format].walk)
		formats[format].walk(&o);
	bool fits = bytes.len > 0 && formats[format].walk &&
	            (o.state == OUTLINE_CUT || (o.state == OUTLINE_GOING && o.at == bytes.len));
	outline_release(&o);
	buf_release(&text);
	return fits;
}

enum serial serial_sniff(struct slice bytes)
{
	if (bytes.len >= 3 && (unsigned char)bytes.data[0] == 0x80 && bytes.data[1] >= 2 &&
	    bytes.data[1] <= 5)
		return SERIAL_PICKLE;
	if (slice_starts(bytes, SLICE("\xac\xed\x00\x05")))
		return SERIAL_JAVA;
	if (bytes.len >= 3 && slice_starts(bytes, SLICE("\x04\x08")))
		return SERIAL_MARSHAL;
	if (bytes.len >= 5 &&
	    (slice_starts(bytes, SLICE("\0\0\0\x01")) || slice_starts(bytes, SLICE("\0\0\0\x02"))))
		return SERIAL_IGBINARY;
	if (is_dotnet(bytes))
		return SERIAL_DOTNET;
	if (serial_fits(SERIAL_PHP, bytes))
		return SERIAL_PHP;
	return serial_fits(SERIAL_PICKLE, bytes) ? SERIAL_PICKLE : SERIAL_NONE;
}

static const char *name_of(enum serial format, int protocol)
{
	static const char *const pickles[] = {"pickle protocol 0", "pickle protocol 1",
	                                      "pickle protocol 2", "pickle protocol 3",
	                                      "pickle protocol 4", "pickle protocol 5"};
	bool known = format == SERIAL_PICKLE && protocol >= 0 && protocol <= 5;
	return known ? pickles[protocol] : formats[format].name;
}

void decode_serial(struct decoded *out, enum serial format, struct slice bytes)
{
	struct outline o;
	decode_clear_text(out);
	outline_init(&o, bytes, &out->text);
	if (formats[format].walk)
		formats[format].walk(&o);
	outline_release(&o);
	out->type = DECODED_SERIALISED;
	out->serialiser = name_of(format, o.protocol);
	if (!formats[format].walk)
		return;
	if (o.state == OUTLINE_BROKEN)
		decode_problem(out, "the %s data makes no sense after %zu of %zu bytes",
		               out->serialiser, o.at, bytes.len);
	else if (o.state == OUTLINE_SHORT)
		decode_problem(out, "the %s data is cut short: %zu byte%s not hold all of it",
		               out->serialiser, bytes.len, bytes.len == 1 ? " does" : "s do");
	else if (o.state == OUTLINE_GOING && o.at < bytes.len)
		decode_problem(out, "%zu byte%s the end of the %s data", bytes.len - o.at,
		               bytes.len - o.at == 1 ? " follows" : "s follow", out->serialiser);
}
