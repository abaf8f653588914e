/*
 * The serialised forms, and by what bytes each is recognised.
 */
#ifndef CODEC_SERIAL_SERIAL_H
#define CODEC_SERIAL_SERIAL_H

#include "codec/codec.h"

/* The formats, in the order in which they are tried. */
enum serial {
	SERIAL_NONE,
	SERIAL_PICKLE,
	SERIAL_PHP,
	SERIAL_IGBINARY,
	SERIAL_MSGPACK,
	SERIAL_JAVA,
	SERIAL_MARSHAL,
	SERIAL_DOTNET,
};

/* The format that the bytes announce themselves to be, or SERIAL_NONE. Formats without a mark of
 * their own (pickle protocols 0 and 1, PHP serialize) are recognised when the whole of the bytes
 * reads as one value; msgpack is not, for almost anything begins like it. */
enum serial serial_sniff(struct slice bytes);

/* True when the whole of the bytes reads as one value of FORMAT; of long ones, when nothing was
 * wrong as far as an outline goes. */
bool serial_fits(enum serial format, struct slice bytes);

/* Fills OUT as a value of FORMAT: type, serialiser, outline in text, and a problem where the bytes
 * stop making sense. */
void decode_serial(struct decoded *out, enum serial format, struct slice bytes);

#endif
