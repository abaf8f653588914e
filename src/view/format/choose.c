#include "view/format/choose.h"

#include "view/format/formats.h"

const struct view_format *format_choose(const struct view *v)
{
	enum format format = v->style->format;
	/* A redirected value arrives byte for byte, whatever the answers on the screen look like.
	 */
	if (v->style->value_bytes && (format == FORMAT_PRETTY || format == FORMAT_PLAIN) &&
	    view_asks_values(v) && !view_asks_cas(v) && !view_shows_keys(v))
		return &format_bytes;
	switch (format) {
	case FORMAT_PRETTY:
		return &format_pretty;
	case FORMAT_RAW:
		return &format_raw;
	case FORMAT_JSON:
		return &format_json;
	case FORMAT_CSV:
		return &format_csv;
	case FORMAT_WIRE:
		return &format_wire;
	case FORMAT_PLAIN:
		break;
	}
	return &format_plain;
}
