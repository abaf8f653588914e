#include "codec/codec.h"

#include "base/json_read.h"
#include "base/utf8.h"
#include "codec/decode.h"
#include "codec/number.h"

const char *decoded_type_name(enum decoded_type type)
{
	switch (type) {
	case DECODED_BYTES:
		return "bytes";
	case DECODED_TEXT:
		return "text";
	case DECODED_INTEGER:
		return "int";
	case DECODED_LONG:
		return "long";
	case DECODED_DOUBLE:
		return "double";
	case DECODED_BOOLEAN:
		return "bool";
	case DECODED_JSON:
		return "json";
	case DECODED_TIME:
		return "time";
	case DECODED_SERIALISED:
		return "object";
	}
	return "bytes";
}

bool decoded_type_find(struct slice name, enum decoded_type *type)
{
	for (int t = DECODED_BYTES; t <= DECODED_SERIALISED; t++) {
		if (slice_eq_str(name, decoded_type_name((enum decoded_type)t))) {
			*type = (enum decoded_type)t;
			return true;
		}
	}
	return false;
}

bool decoded_type_fits(enum decoded_type type, struct slice value)
{
	switch (type) {
	case DECODED_BYTES:
		return true;
	case DECODED_TEXT:
		return utf8_valid(value);
	case DECODED_INTEGER:
	case DECODED_LONG:
		return is_integer(value);
	case DECODED_JSON:
		return json_is_valid(value);
	case DECODED_DOUBLE:
	case DECODED_BOOLEAN:
	case DECODED_TIME:
	case DECODED_SERIALISED:
		return false;
	}
	return false;
}

void decoded_release(struct decoded *d)
{
	if (!d->borrowed)
		buf_release(&d->text);
	buf_release(&d->bytes);
}
