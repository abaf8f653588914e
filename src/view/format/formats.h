/*
 * The formats, each defined in the file of its name; raw, bytes and wire in plain.c.
 */
#ifndef VIEW_FORMAT_FORMATS_H
#define VIEW_FORMAT_FORMATS_H

#include "view/format/format.h"

extern const struct view_format format_pretty;
extern const struct view_format format_plain;
extern const struct view_format format_raw;
extern const struct view_format format_bytes;
extern const struct view_format format_wire;
extern const struct view_format format_json;
extern const struct view_format format_csv;

#endif
