/*
 * What a Java stream says about its classes, and what it can refer back to, for the reader of its
 * values (outline_java.c). The functions that return bool are false when the outline has ended.
 */
#ifndef CODEC_SERIAL_JAVA_CLASS_H
#define CODEC_SERIAL_JAVA_CLASS_H

#include "codec/serial/outline.h"

enum {
	TC_NULL = 0x70,
	TC_REFERENCE,
	TC_CLASSDESC,
	TC_OBJECT,
	TC_STRING,
	TC_ARRAY,
	TC_CLASS,
	TC_BLOCKDATA,
	TC_ENDBLOCKDATA,
	TC_RESET,
	TC_BLOCKDATALONG,
	TC_EXCEPTION,
	TC_LONGSTRING,
	TC_PROXYCLASSDESC,
	TC_ENUM,

	SC_WRITE_METHOD = 1,
	SC_SERIALIZABLE = 2,
	SC_EXTERNALIZABLE = 4,
	SC_BLOCK_DATA = 8,

	FIRST_HANDLE = 0x7e0000,
	NO_CLASS = -1, /* no class, no parent */
};

struct java_field {
	char type; /* B C D F I J S Z, or L and [ for what is written like a value */
	struct slice name;
};

struct java_class {
	struct slice name;
	unsigned flags;
	size_t first_field, field_count;
	int parent; /* a place in classes, or NO_CLASS */
};

/* What the stream can refer back to. */
struct handle {
	int class;         /* a description of a class; else NO_CLASS */
	struct slice text; /* a string; else its data is NULL */
};

struct java {
	struct outline *o;
	struct java_class *classes;
	size_t class_count, class_cap;
	struct java_field *fields;
	size_t field_count, field_cap;
	struct handle *handles;
	size_t handle_count, handle_cap;
};

/* An object takes the next handle when its description has been read. */
bool java_new_object_handle(struct java *j);

/* A reference to what came before, its type read already: the handle and its number. */
bool java_back(struct java *j, const struct handle **handle, uint64_t *place);

/* A length of BYTES bytes, and so many bytes. */
bool java_utf(struct java *j, int bytes, struct slice *text);

/* A string object, its TYPE read already. */
bool java_string(struct java *j, unsigned type, struct slice *text);

/* The description of one class, up to its annotations, its type read already: *CLASS gets the
 * number of the new class. One that was made at run time has the names of its interfaces and
 * nothing else. */
bool java_describe(struct java *j, int *class);
bool java_describe_proxy(struct java *j, int *class);

void java_release(struct java *j);

#endif
