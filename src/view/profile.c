#include "view/profile.h"

#include "base/utf8.h"
#include "view/profile/decode.h"

const struct profile *const profiles[] = {
    &profile_none,       &profile_python_memcached, &profile_pylibmc,
    &profile_pymemcache, &profile_php_memcached,    &profile_pecl_memcache,
    &profile_dalli,      &profile_spymemcached,     &profile_node_memcached,
    &profile_auto,
};

const size_t profile_count = sizeof profiles / sizeof profiles[0];

const struct profile *profile_find(struct slice name)
{
	for (size_t i = 0; i < profile_count; i++) {
		if (slice_eq_str(name, profiles[i]->name))
			return profiles[i];
	}
	return NULL;
}

const struct profile *profile_writer(const struct profile *p)
{
	return p->sniff ? p : &profile_python_memcached;
}

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
		return is_json(value);
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
