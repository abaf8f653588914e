#include "codec/serial/serial.h"
#include "codec/decode.h"
#include "codec/serial/outline.h"

/* Version 1.0 of .NET's BinaryFormatter: a header record with the root's number, -1 and 1, 0. */
static bool is_dotnet(struct slice bytes)
{
	return bytes.len >= 17 && bytes.data[0] == 0 &&
	       slice_starts(slice_skip(bytes, 5), SLICE("\xff\xff\xff\xff\x01\0\0\0\0\0\0\0"));
}

/* Walks BYTES as FORMAT into O. False for a format that is only named. */
static bool walk(struct outline *o, enum serial format, int *protocol)
{
	*protocol = 0;
	switch (format) {
	case SERIAL_PICKLE:
		outline_pickle(o, protocol);
		return true;
	case SERIAL_PHP:
		outline_php(o);
		return true;
	case SERIAL_IGBINARY:
		outline_igbinary(o);
		return true;
	case SERIAL_MSGPACK:
		outline_msgpack(o);
		return true;
	case SERIAL_JAVA:
		outline_java(o);
		return true;
	case SERIAL_MARSHAL:
		outline_marshal(o);
		return true;
	case SERIAL_NONE:
	case SERIAL_DOTNET:
		break;
	}
	return false;
}

bool serial_fits(enum serial format, struct slice bytes)
{
	struct buf text = BUF_INIT;
	struct outline o;
	int protocol;
	if (format == SERIAL_DOTNET)
		return is_dotnet(bytes);
	outline_init(&o, bytes, &text);
	bool fits = bytes.len > 0 && walk(&o, format, &protocol) &&
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
	switch (format) {
	case SERIAL_PICKLE:
		return protocol >= 0 && protocol <= 5 ? pickles[protocol] : "pickle";
	case SERIAL_PHP:
		return "PHP serialize";
	case SERIAL_IGBINARY:
		return "igbinary";
	case SERIAL_MSGPACK:
		return "msgpack";
	case SERIAL_JAVA:
		return "Java serialisation";
	case SERIAL_MARSHAL:
		return "Ruby Marshal 4.8";
	case SERIAL_DOTNET:
		return ".NET BinaryFormatter";
	case SERIAL_NONE:
		break;
	}
	return NULL;
}

void decode_serial(struct decoded *out, enum serial format, struct slice bytes)
{
	struct outline o;
	int protocol;
	decode_clear_text(out);
	outline_init(&o, bytes, &out->text);
	bool walked = walk(&o, format, &protocol);
	outline_release(&o);
	out->type = DECODED_SERIALISED;
	out->serialiser = name_of(format, protocol);
	if (!walked)
		return;
	if (o.state == OUTLINE_BROKEN)
		decode_problem(out, "the %s data makes no sense after %zu of %zu bytes",
		               out->serialiser, o.at, bytes.len);
	else if (o.state == OUTLINE_SHORT)
		decode_problem(out, "the %s data is cut short: %zu bytes do not hold all of it",
		               out->serialiser, bytes.len);
	else if (o.state == OUTLINE_GOING && o.at < bytes.len)
		decode_problem(out, "%zu bytes follow the end of the %s data", bytes.len - o.at,
		               out->serialiser);
}
