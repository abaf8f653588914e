/*
 * Java's object serialisation, stream version 5 (Java Object Serialization Specification, chapter
 * 6). Classes describe themselves in the stream, which is what makes it walkable: names and types
 * of fields, then their values, then whatever the class wrote of its own.
 */
#include "base/number.h"
#include "base/utf8.h"
#include "codec/number.h"
#include "codec/serial/java_class.h"

/* A value of any kind, its type byte included. */
static bool value(struct java *j);

static bool description(struct java *j, int *class);

/* Skips what a class's loader wrote after its description. */
static bool skip_annotations(struct java *j)
{
	struct outline *o = j->o;
	bool ok = true;
	o->mute++;
	while (ok && o->at < o->in.len && o->in.data[o->at] != TC_ENDBLOCKDATA)
		ok = value(j);
	o->mute--;
	return ok && outline_expect(o, TC_ENDBLOCKDATA);
}

/* A description of a class and of all its parents, or a reference to one; nothing is written. */
static bool any_description(struct java *j, int *class)
{
	unsigned type;
	const struct handle *handle = NULL;
	uint64_t place;
	*class = NO_CLASS;
	if (!outline_byte(j->o, &type))
		return false;
	if (type == TC_NULL)
		return true;
	if (type == TC_REFERENCE) {
		if (!java_back(j, &handle, &place))
			return false;
		*class = handle->class;
		return *class != NO_CLASS || outline_broken(j->o);
	}
	if (type != TC_CLASSDESC && type != TC_PROXYCLASSDESC)
		return outline_broken(j->o);
	int parent;
	if (!(type == TC_CLASSDESC ? java_describe(j, class) : java_describe_proxy(j, class)) ||
	    !skip_annotations(j) || !description(j, &parent))
		return false;
	j->classes[*class].parent = parent;
	return true;
}

static bool description(struct java *j, int *class)
{
	return outline_enter(j->o) && outline_leave(j->o, any_description(j, class));
}

static bool need_description(struct java *j, int *class)
{
	return description(j, class) && (*class != NO_CLASS || outline_broken(j->o));
}

static bool integer(struct java *j, int bytes)
{
	uint64_t n;
	return outline_big(j->o, bytes, &n) && outline_number(j->o, outline_signed(n, bytes));
}

static bool character(struct java *j)
{
	uint64_t unit;
	char text[4];
	if (!outline_big(j->o, 2, &unit))
		return false;
	if (unit >= 0xd800 && unit < 0xe000)
		unit = 0xfffd; /* half of a pair */
	return outline_quoted(j->o, slice_of(text, utf8_encode((uint32_t)unit, text)));
}

static bool boolean(struct java *j)
{
	unsigned byte;
	return outline_byte(j->o, &byte) && outline_str(j->o, byte ? "true" : "false");
}

static bool typed(struct java *j, char type)
{
	uint64_t bits;
	switch (type) {
	case 'B':
		return integer(j, 1);
	case 'S':
		return integer(j, 2);
	case 'I':
		return integer(j, 4);
	case 'J':
		return integer(j, 8);
	case 'C':
		return character(j);
	case 'Z':
		return boolean(j);
	case 'F':
		return outline_big(j->o, 4, &bits) &&
		       outline_double(j->o, outline_float_bits(bits), true);
	case 'D':
		return outline_big(j->o, 8, &bits) &&
		       outline_double(j->o, outline_double_bits(bits), false);
	case 'L':
	case '[':
		return value(j);
	default:
		return outline_broken(j->o);
	}
}

/* The classes from CLASS up to the one that has no parent; 0, and the outline is cut, when they are
 * too many, as in a class that is its own ancestor. */
static int ancestry(struct java *j, int class, int chain[static OUTLINE_DEPTH])
{
	int n = 0;
	for (; class != NO_CLASS; class = j->classes[class].parent) {
		if (n == OUTLINE_DEPTH) {
			outline_cut(j->o);
			return 0;
		}
		chain[n++] = class;
	}
	return n;
}

/* The library's collections keep their elements in data of their own; what fields they have is
 * their bookkeeping, and so are the fields of a class that only adds to one. */
static bool is_collection(const struct java_class *class)
{
	return slice_starts(class->name, SLICE("java.util.")) && (class->flags & SC_WRITE_METHOD);
}

static bool hides_fields(const struct java *j, const struct java_class *class)
{
	return is_collection(class) ||
	       (slice_starts(class->name, SLICE("java.util.")) && class->parent != NO_CLASS &&
	        is_collection(&j->classes[class->parent]));
}

static bool is_map(const struct java_class *class)
{
	return slice_eq_str(class->name, "java.util.HashMap") ||
	       slice_eq_str(class->name, "java.util.Hashtable") ||
	       slice_eq_str(class->name, "java.util.TreeMap");
}

/* Bytes that a class wrote of its own; only those of a date are known to mean something. */
static bool block(struct java *j, const struct java_class *class, int length_bytes, bool *wrote)
{
	struct slice bytes;
	if (!java_utf(j, length_bytes, &bytes))
		return false;
	*wrote = !is_collection(class);
	if (slice_eq_str(class->name, "java.util.Date") && bytes.len == 8) {
		struct buf time = BUF_INIT;
		int64_t ms = (int64_t)number_big(bytes.data, 8);
		if (!add_time_ms(&time, ms))
			buf_add_i64(&time, ms);
		*wrote = true;
		bool ok = outline_add(j->o, time.data, time.len);
		buf_release(&time);
		return ok;
	}
	return !*wrote || (outline_str(j->o, "<") && outline_unsigned(j->o, bytes.len) &&
	                   outline_str(j->o, " bytes>"));
}

/* The data of CLASS's own, up to its end. The comma before an entry is written when it is known
 * that there is one to come. */
static bool own_data(struct java *j, const struct java_class *class)
{
	struct outline *o = j->o;
	bool map = is_map(class);
	if (!outline_open(o, map ? "{" : "["))
		return false;
	size_t written = 0;
	while (o->at < o->in.len && o->in.data[o->at] != TC_ENDBLOCKDATA) {
		char type = o->in.data[o->at];
		bool wrote = true, is_block = type == TC_BLOCKDATA || type == TC_BLOCKDATALONG;
		if (written > 0 && !(is_block && is_collection(class)) &&
		    !outline_str(o, map && written % 2 == 1 ? ": " : ", "))
			return false;
		if (is_block)
			o->at++;
		if (!(is_block ? block(j, class, type == TC_BLOCKDATA ? 1 : 4, &wrote) : value(j)))
			return false;
		written += wrote;
	}
	return outline_expect(o, TC_ENDBLOCKDATA) && outline_close(o, map ? "}" : "]");
}

/* The fields of one class. *OPEN says whether the brace that they are in is open already. */
static bool fields(struct java *j, const struct java_class *class, bool *open)
{
	for (size_t i = 0; i < class->field_count; i++) {
		struct java_field field = j->fields[class->first_field + i];
		if (!(*open ? outline_str(j->o, ", ") : outline_open(j->o, "{")) ||
		    !outline_name(j->o, field.name) || !outline_str(j->o, ": ") ||
		    !typed(j, field.type))
			return false;
		*open = true;
	}
	return true;
}

/* What one class of an object's ancestry contributes. */
static bool class_data(struct java *j, struct java_class class, bool *open)
{
	struct outline *o = j->o;
	if (class.flags & SC_EXTERNALIZABLE && !(class.flags & SC_BLOCK_DATA))
		return outline_cut(o); /* only the class itself could read it */
	bool hidden = hides_fields(j, &class), inner = false, ok = true;
	if (class.flags & SC_SERIALIZABLE) {
		o->mute += hidden;
		ok = fields(j, &class, hidden ? &inner : open);
		o->depth -= ok && inner;
		o->mute -= hidden;
	}
	if (!ok || !(class.flags & (SC_WRITE_METHOD | SC_EXTERNALIZABLE)))
		return ok;
	if (!hidden && o->at < o->in.len && o->in.data[o->at] == TC_ENDBLOCKDATA)
		return outline_expect(o, TC_ENDBLOCKDATA);
	if (*open && !outline_close(o, "}"))
		return false;
	*open = false;
	return own_data(j, &class);
}

/* Integer, Double and their kind hold one field, which is what they are. */
static bool is_box(struct java *j, const struct java_class *class)
{
	return slice_starts(class->name, SLICE("java.lang.")) && class->field_count == 1 &&
	       slice_eq_str(j->fields[class->first_field].name, "value") &&
	       j->fields[class->first_field].type != 'L' &&
	       j->fields[class->first_field].type != '[';
}

static bool object(struct java *j)
{
	int class, chain[OUTLINE_DEPTH];
	if (!need_description(j, &class) || !java_new_object_handle(j))
		return false;
	if (is_box(j, &j->classes[class]))
		return typed(j, j->fields[j->classes[class].first_field].type);
	int n = ancestry(j, class, chain);
	if (n == 0 || !outline_name(j->o, j->classes[class].name))
		return false;
	bool open = false;
	size_t start = j->o->out->len;
	while (n-- > 0) {
		if (!class_data(j, j->classes[chain[n]], &open))
			return false;
	}
	if (open)
		return outline_close(j->o, "}");
	return j->o->out->len > start || outline_str(j->o, "{}");
}

static bool array(struct java *j)
{
	int class;
	uint64_t n;
	struct slice bytes;
	if (!need_description(j, &class) || !java_new_object_handle(j) || !outline_big(j->o, 4, &n))
		return false;
	struct slice name = j->classes[class].name;
	if (name.len < 2 || name.data[0] != '[')
		return outline_broken(j->o);
	if (name.data[1] == 'B')
		return outline_take(j->o, n, &bytes) && outline_str(j->o, "b") &&
		       outline_quoted(j->o, bytes);
	if (!outline_open(j->o, "["))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if (!outline_comma(j->o, i) || !typed(j, name.data[1]))
			return false;
	}
	return outline_close(j->o, "]");
}

/* Class.CONSTANT */
static bool enumeration(struct java *j)
{
	int class;
	unsigned type;
	struct slice text;
	const struct handle *handle;
	uint64_t place;
	if (!need_description(j, &class) || !java_new_object_handle(j) ||
	    !outline_byte(j->o, &type))
		return false;
	if (type == TC_REFERENCE) {
		if (!java_back(j, &handle, &place))
			return false;
		text = handle->text;
	} else if (type != TC_STRING) {
		return outline_broken(j->o);
	} else if (!java_string(j, type, &text)) {
		return false;
	}
	return outline_name(j->o, j->classes[class].name) && outline_str(j->o, ".") &&
	       outline_name(j->o, text);
}

static bool reference(struct java *j)
{
	const struct handle *handle;
	uint64_t place;
	if (!java_back(j, &handle, &place))
		return false;
	if (handle->text.data)
		return outline_quoted(j->o, handle->text);
	if (handle->class != NO_CLASS)
		return outline_name(j->o, j->classes[handle->class].name);
	return outline_reference(j->o, place);
}

/* A description or a class object: its name. DESCRIBED says that the type byte was the former's. */
static bool class_value(struct java *j, bool described)
{
	int class;
	if (described)
		j->o->at--;
	return need_description(j, &class) && (described || java_new_object_handle(j)) &&
	       outline_name(j->o, j->classes[class].name);
}

static bool any_value(struct java *j)
{
	unsigned type;
	struct slice text;
	if (!outline_byte(j->o, &type))
		return false;
	switch (type) {
	case TC_NULL:
		return outline_str(j->o, "null");
	case TC_REFERENCE:
		return reference(j);
	case TC_CLASSDESC:
	case TC_PROXYCLASSDESC:
	case TC_CLASS:
		return class_value(j, type != TC_CLASS);
	case TC_OBJECT:
		return object(j);
	case TC_STRING:
	case TC_LONGSTRING:
		return java_string(j, type, &text) && outline_quoted(j->o, text);
	case TC_ARRAY:
		return array(j);
	case TC_ENUM:
		return enumeration(j);
	case TC_BLOCKDATA:
	case TC_BLOCKDATALONG:
		return java_utf(j, type == TC_BLOCKDATA ? 1 : 4, &text) && outline_str(j->o, "b") &&
		       outline_quoted(j->o, text);
	case TC_RESET:
	case TC_EXCEPTION:
		return outline_cut(j->o); /* what the numbers mean changes here */
	default:
		return outline_broken(j->o);
	}
}

static bool value(struct java *j)
{
	return outline_enter(j->o) && outline_leave(j->o, any_value(j));
}

bool outline_java(struct outline *o)
{
	struct java j = {.o = o};
	uint64_t magic;
	bool ok = outline_big(o, 4, &magic) && (magic == 0xaced0005 || outline_broken(o)) &&
	          value(&j);
	java_release(&j);
	return ok;
}
