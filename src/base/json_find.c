#include "base/json_find.h"

#include "base/number.h"

/* One step of a path: a name (as it is written in JSON, or plain), which is an index as well when
 * it is a number without quotes. */
struct step {
	struct slice name;
	bool json;     /* NAME is the inside of a JSON string */
	bool is_index; /* INDEX is set */
	uint64_t index;
};

/* [0] or ["name"]. */
static bool take_bracket(struct slice *path, struct step *step)
{
	struct slice inside = slice_skip(*path, 1);
	if (inside.len > 0 && inside.data[0] == '"') {
		struct json_read r;
		json_read_init(&r, inside);
		if (json_read_next(&r) != JSON_STRING)
			return false;
		*step = (struct step){.name = r.text, .json = true};
		inside = slice_skip(inside, json_read_offset(&r));
	} else {
		*step = (struct step){.name = slice_before(inside, ']'), .is_index = true};
		if (number_parse_u64(step->name, &step->index) != NUMBER_OK)
			return false;
		inside = slice_skip(inside, step->name.len);
	}
	if (inside.len == 0 || inside.data[0] != ']')
		return false;
	*path = slice_skip(inside, 1);
	return true;
}

/* A name or a number up to the next dot or bracket. */
static bool take_name(struct slice *path, struct step *step)
{
	size_t n = 0;
	while (n < path->len && path->data[n] != '.' && path->data[n] != '[')
		n++;
	*step = (struct step){.name = slice_of(path->data, n)};
	step->is_index = number_parse_u64(step->name, &step->index) == NUMBER_OK;
	*path = slice_skip(*path, n);
	return n > 0;
}

/* Takes the first step off the path, which is not empty. */
static bool take_step(struct slice *path, struct step *step)
{
	if (path->data[0] == '[')
		return take_bracket(path, step);
	return take_name(path, step);
}

/* The dot between two steps; before a bracket there is none. */
static bool take_dot(struct slice *path)
{
	if (path->len == 0 || path->data[0] == '[')
		return true;
	if (path->data[0] != '.')
		return false;
	*path = slice_skip(*path, 1);
	return path->len > 0;
}

static bool step_is(const struct step *step, struct slice name)
{
	return step->json ? json_string_same(name, step->name) : json_string_is(name, step->name);
}

/* The member or element of a document that a step leads to. The document is read to its end. */
static enum json_found follow(struct slice document, const struct step *step, struct slice *value)
{
	enum json_found found = JSON_NOT_THERE;
	struct json_read r;
	json_read_init(&r, document);
	enum json_token token = json_read_next(&r);
	if (token == JSON_OBJECT) {
		while ((token = json_read_next(&r)) == JSON_NAME) {
			bool here = step_is(step, r.text);
			struct slice member;
			if (!json_read_value(&r, &member))
				return JSON_BAD_TEXT;
			if (here) {
				*value = member;
				found = JSON_FOUND;
			}
		}
	} else if (token == JSON_ARRAY) {
		struct slice element;
		for (uint64_t i = 0; json_read_value(&r, &element); i++) {
			if (step->is_index && i == step->index) {
				*value = element;
				found = JSON_FOUND;
			}
		}
	}
	while (token != JSON_END && token != JSON_FAULT)
		token = json_read_next(&r);
	return r.fault ? JSON_BAD_TEXT : found;
}

enum json_found json_find(struct slice document, struct slice path, struct slice *value)
{
	struct json_read r;
	struct slice here;
	json_read_init(&r, document);
	if (!json_read_value(&r, &here) || json_read_next(&r) != JSON_END)
		return JSON_BAD_TEXT;
	if (path.len > 0 && path.data[0] == '.')
		path = slice_skip(path, 1);
	/* A path that cannot be read is one wherever the document ends. */
	enum json_found found = JSON_FOUND;
	while (path.len > 0) {
		struct step step;
		if (!take_step(&path, &step) || !take_dot(&path))
			return JSON_BAD_PATH;
		if (found == JSON_FOUND)
			found = follow(here, &step, &here);
	}
	if (found == JSON_FOUND)
		*value = here;
	return found;
}

/* A number as 0.DIGITS * 10^EXPONENT. The digits have no zero at either end; zero has none. */
struct decimal {
	bool negative;
	struct slice digits; /* may hold one dot */
	int64_t exponent;
};

/* False when the exponent is beyond what 64 bits hold. */
static bool decimal_parse(struct slice text, struct decimal *d)
{
	*d = (struct decimal){.negative = text.data[0] == '-'};
	struct slice mantissa = slice_skip(text, d->negative ? 1 : 0);
	size_t n = 0, point;
	while (n < mantissa.len && mantissa.data[n] != 'e' && mantissa.data[n] != 'E')
		n++;
	struct slice exponent = slice_skip(mantissa, n + 1);
	if (exponent.len > 0 && exponent.data[0] == '+')
		exponent = slice_skip(exponent, 1);
	if (n < mantissa.len && number_parse_i64(exponent, &d->exponent) != NUMBER_OK)
		return false;
	mantissa.len = n;
	point = slice_before(mantissa, '.').len;
	size_t first = 0;
	while (first < n && (mantissa.data[first] == '0' || mantissa.data[first] == '.'))
		first++;
	while (n > first && (mantissa.data[n - 1] == '0' || mantissa.data[n - 1] == '.'))
		n--;
	d->digits = slice_of(mantissa.data + first, n - first);
	if (d->digits.len == 0) {
		*d = (struct decimal){.digits = d->digits}; /* -0 is 0 */
		return true;
	}
	int64_t shift = point > first ? (int64_t)(point - first) : -(int64_t)(first - point - 1);
	return !__builtin_add_overflow(d->exponent, shift, &d->exponent);
}

static bool take_digit(struct slice *digits, char *digit)
{
	if (digits->len > 0 && digits->data[0] == '.')
		*digits = slice_skip(*digits, 1);
	if (digits->len == 0)
		return false;
	*digit = digits->data[0];
	*digits = slice_skip(*digits, 1);
	return true;
}

static bool number_equal(struct slice a, struct slice b)
{
	struct decimal x, y;
	if (slice_eq(a, b))
		return true;
	if (!decimal_parse(a, &x) || !decimal_parse(b, &y))
		return false;
	if (x.negative != y.negative || x.exponent != y.exponent)
		return false;
	char c, d;
	while (take_digit(&x.digits, &c)) {
		if (!take_digit(&y.digits, &d) || c != d)
			return false;
	}
	return !take_digit(&y.digits, &d);
}

static bool value_equal(struct slice a, struct slice b);

static bool array_equal(struct json_read *a, struct json_read *b)
{
	struct slice x, y;
	for (;;) {
		bool one = json_read_value(a, &x), other = json_read_value(b, &y);
		if (!one || !other)
			return one == other;
		if (!value_equal(x, y))
			return false;
	}
}

/* The last member of an object of that name. */
static bool find_member(struct slice object, struct slice name, struct slice *value)
{
	struct step step = {.name = name, .json = true};
	return follow(object, &step, value) == JSON_FOUND;
}

/* Whether OTHER has COUNT members, each of a name that OBJECT has. */
static bool same_names(struct slice object, struct slice other, size_t count)
{
	struct json_read r;
	struct slice value;
	json_read_init(&r, other);
	json_read_next(&r);
	while (json_read_next(&r) == JSON_NAME) {
		if (count-- == 0 || !find_member(object, r.text, &value))
			return false;
		json_read_value(&r, &value);
	}
	return count == 0;
}

/* Members mostly come in the same order, so the next one of B is tried before all are looked
 * through. Each value is compared once: the time must not double with each level. */
static bool object_equal(struct slice a, struct slice b)
{
	struct json_read r, next;
	size_t count = 0;
	json_read_init(&r, a);
	json_read_init(&next, b);
	json_read_next(&r);
	json_read_next(&next);
	bool in_order = true;
	for (; json_read_next(&r) == JSON_NAME; count++) {
		struct slice name = r.text, value, same = {0};
		json_read_value(&r, &value);
		in_order = in_order && json_read_next(&next) == JSON_NAME &&
		           json_string_same(next.text, name) && json_read_value(&next, &same);
		if (!in_order && (!find_member(a, name, &value) || !find_member(b, name, &same)))
			return false;
		if (!value_equal(value, same))
			return false;
	}
	return in_order ? json_read_next(&next) == JSON_OBJECT_END : same_names(a, b, count);
}

/* Both are valid. */
static bool value_equal(struct slice a, struct slice b)
{
	struct json_read x, y;
	json_read_init(&x, a);
	json_read_init(&y, b);
	enum json_token token = json_read_next(&x);
	if (json_read_next(&y) != token)
		return false;
	switch (token) {
	case JSON_OBJECT:
		return object_equal(a, b);
	case JSON_ARRAY:
		return array_equal(&x, &y);
	case JSON_STRING:
		return json_string_same(x.text, y.text);
	case JSON_NUMBER:
		return number_equal(x.text, y.text);
	default:
		return true;
	}
}

bool json_equal(struct slice a, struct slice b)
{
	return json_is_valid(a) && json_is_valid(b) && value_equal(a, b);
}
