#include "codec/serial/java_class.h"

#include "base/xalloc.h"

#include <stdlib.h>

static bool new_handle(struct java *j, int class, struct slice text)
{
	if (j->handle_count >= OUTLINE_TABLE)
		return outline_cut(j->o);
	j->handles = xgrow(j->handles, &j->handle_cap, j->handle_count + 1, sizeof *j->handles);
	j->handles[j->handle_count++] = (struct handle){class, text};
	return true;
}

bool java_new_object_handle(struct java *j)
{
	return new_handle(j, NO_CLASS, slice_of(NULL, 0));
}

bool java_back(struct java *j, const struct handle **handle, uint64_t *place)
{
	if (!outline_big(j->o, 4, place))
		return false;
	if (*place < FIRST_HANDLE || *place - FIRST_HANDLE >= j->handle_count)
		return outline_broken(j->o);
	*place -= FIRST_HANDLE;
	*handle = &j->handles[*place];
	return true;
}

bool java_utf(struct java *j, int bytes, struct slice *text)
{
	uint64_t n;
	return outline_big(j->o, bytes, &n) && outline_take(j->o, n, text);
}

bool java_string(struct java *j, unsigned type, struct slice *text)
{
	return java_utf(j, type == TC_STRING ? 2 : 8, text) && new_handle(j, NO_CLASS, *text);
}

/* A string object or a reference to one: the class of a field that is an object. Not shown. */
static bool type_name(struct java *j)
{
	unsigned type;
	struct slice text;
	const struct handle *handle;
	uint64_t place;
	if (!outline_byte(j->o, &type))
		return false;
	if (type == TC_STRING || type == TC_LONGSTRING)
		return java_string(j, type, &text);
	return type == TC_REFERENCE ? java_back(j, &handle, &place) : outline_broken(j->o);
}

static bool read_field(struct java *j)
{
	unsigned type;
	struct java_field field;
	if (!outline_byte(j->o, &type) || !java_utf(j, 2, &field.name))
		return false;
	if (type == 0 || !strchr("BCDFIJSZL[", (int)type))
		return outline_broken(j->o);
	if (j->field_count >= OUTLINE_TABLE)
		return outline_cut(j->o);
	field.type = (char)type;
	j->fields = xgrow(j->fields, &j->field_cap, j->field_count + 1, sizeof *j->fields);
	j->fields[j->field_count++] = field;
	return (type != 'L' && type != '[') || type_name(j);
}

static bool add_class(struct java *j, struct java_class class, int *number)
{
	if (j->class_count >= OUTLINE_TABLE)
		return outline_cut(j->o);
	j->classes = xgrow(j->classes, &j->class_cap, j->class_count + 1, sizeof *j->classes);
	*number = (int)j->class_count;
	j->classes[j->class_count++] = class;
	return new_handle(j, *number, slice_of(NULL, 0));
}

bool java_describe(struct java *j, int *number)
{
	struct java_class class = {.first_field = j->field_count, .parent = NO_CLASS};
	struct slice version;
	unsigned flags;
	uint64_t count;
	if (!java_utf(j, 2, &class.name) || !outline_take(j->o, 8, &version) ||
	    !add_class(j, class, number) || !outline_byte(j->o, &flags) ||
	    !outline_big(j->o, 2, &count))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		if (!read_field(j))
			return false;
	}
	j->classes[*number].flags = flags;
	j->classes[*number].field_count = (size_t)count;
	return true;
}

bool java_describe_proxy(struct java *j, int *number)
{
	struct java_class class = {.name = SLICE("proxy"), .parent = NO_CLASS};
	struct slice name;
	uint64_t count;
	if (!add_class(j, class, number) || !outline_big(j->o, 4, &count))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		if (!java_utf(j, 2, &name))
			return false;
	}
	return true;
}

void java_release(struct java *j)
{
	free(j->classes);
	free(j->fields);
	free(j->handles);
}
