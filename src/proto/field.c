#include "proto/field.h"

const char *field_name(enum field_kind kind)
{
	static const char *const names[FIELD_COUNT] = {
	    [FIELD_BLANK] = "blank",
	    [FIELD_LINE_END] = "line end",
	    [FIELD_COMMAND] = "command",
	    [FIELD_KEY] = "key",
	    [FIELD_FLAGS] = "flags",
	    [FIELD_EXPTIME] = "exptime",
	    [FIELD_LENGTH] = "length",
	    [FIELD_CAS] = "cas",
	    [FIELD_DELTA] = "delta",
	    [FIELD_LEVEL] = "level",
	    [FIELD_DELAY] = "delay",
	    [FIELD_ARGUMENT] = "argument",
	    [FIELD_NOREPLY] = "noreply",
	    [FIELD_META_FLAG] = "meta flag",
	    [FIELD_DATA] = "data",
	    [FIELD_SECRET] = "secret",
	    [FIELD_DATA_END] = "data end",
	    [FIELD_LINE] = "line",
	    [FIELD_FENCE] = "fence",
	    [FIELD_CODE] = "code",
	    [FIELD_NAME] = "name",
	    [FIELD_VALUE] = "value",
	    [FIELD_NUMBER] = "number",
	    [FIELD_VERSION] = "version",
	    [FIELD_MESSAGE] = "message",
	    [FIELD_MAGIC] = "magic",
	    [FIELD_OPCODE] = "opcode",
	    [FIELD_KEY_LENGTH] = "key length",
	    [FIELD_EXTRAS_LENGTH] = "extras length",
	    [FIELD_DATA_TYPE] = "data type",
	    [FIELD_VBUCKET] = "vbucket",
	    [FIELD_STATUS] = "status",
	    [FIELD_BODY_LENGTH] = "body length",
	    [FIELD_OPAQUE] = "opaque",
	    [FIELD_INITIAL] = "initial",
	    [FIELD_REST] = "rest",
	};
	return names[kind];
}

void fields_begin(struct fields *f, size_t base)
{
	f->count = f->end = 0;
	f->base = base;
}

static void push(struct fields *f, enum field_kind kind, size_t length)
{
	if (length == 0)
		return;
	if (f->count < f->max)
		f->at[f->count++] = (struct field){.kind = kind, .offset = f->end};
	else
		f->at[f->max - 1].kind = FIELD_REST;
	f->at[f->count - 1].length += length;
	f->end += length;
}

void fields_add(struct fields *f, enum field_kind kind, size_t offset, size_t length)
{
	if (length == 0)
		return;
	push(f, FIELD_BLANK, offset - f->end);
	push(f, kind, length);
}
