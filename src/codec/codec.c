#include "codec/codec.h"

#include "base/json_read.h"
#include "base/utf8.h"
#include "codec/number.h"

const char *decoded_type_name(enum decoded_type type)
{
	static const char *const names[DECODED_TYPE_COUNT] = {
	    [DECODED_BYTES] = "bytes", [DECODED_TEXT] = "text",     [DECODED_INTEGER] = "int",
	    [DECODED_LONG] = "long",   [DECODED_DOUBLE] = "double", [DECODED_BOOLEAN] = "bool",
	    [DECODED_JSON] = "json",   [DECODED_TIME] = "time",     [DECODED_SERIALISED] = "object",
	};
	return names[type];
}

bool decoded_type_find(struct slice name, enum decoded_type *type)
{
	for (int t = 0; t < DECODED_TYPE_COUNT; t++) {
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
	default:
		return false;
	}
}

void decoded_release(struct decoded *d)
{
	if (!d->borrowed)
		buf_release(&d->text);
	buf_release(&d->bytes);
}
