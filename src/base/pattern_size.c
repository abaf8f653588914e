#include "base/pattern_size.h"

#include <ctype.h>
#include <stdint.h>

#define DEPTH_MAX 100

struct scan {
	struct slice rest;
	unsigned depth;
	bool refers_back;
};

static char next(const struct scan *s)
{
	return s->rest.len > 0 ? s->rest.data[0] : '\0';
}

static char take(struct scan *s)
{
	char c = next(s);
	s->rest = slice_skip(s->rest, 1);
	return c;
}

/* What follows a [, up to its ]. */
static void skip_bracket(struct scan *s)
{
	if (next(s) == '^')
		take(s);
	if (next(s) == ']')
		take(s);
	while (s->rest.len > 0 && next(s) != ']') {
		char c = take(s), kind = next(s);
		if (c != '[' || (kind != ':' && kind != '.' && kind != '='))
			continue;
		take(s);
		while (s->rest.len > 1 && !(next(s) == kind && s->rest.data[1] == ']'))
			take(s);
		s->rest = slice_skip(s->rest, s->rest.len < 2 ? s->rest.len : 2);
	}
	if (s->rest.len > 0)
		take(s);
}

/* More than PATTERN_PLACES are as many as one more. */
static uint64_t at_most(uint64_t places)
{
	return places > PATTERN_PLACES ? PATTERN_PLACES + 1 : places;
}

static uint64_t take_number(struct scan *s)
{
	uint64_t n = 0;
	while (isdigit((unsigned char)next(s)))
		n = at_most(n * 10 + (uint64_t)(take(s) - '0'));
	return n;
}

/* How often what stands before is written out: of *, +, ? and, after its {, of {n}, {n,} and {n,m}.
 */
static uint64_t take_times(struct scan *s)
{
	uint64_t least = take_number(s), most = least;
	if (next(s) == ',') {
		take(s);
		most = isdigit((unsigned char)next(s)) ? take_number(s) : least + 1;
	}
	if (next(s) == '}')
		take(s);
	uint64_t times = most > least ? most : least;
	return times > 0 ? times : 1;
}

/* The places of the alternatives up to the ) of their group, or to the end. */
static uint64_t count_places(struct scan *s)
{
	uint64_t sum = 0, last = 0;
	if (++s->depth > DEPTH_MAX)
		return PATTERN_PLACES + 1;
	while (s->rest.len > 0 && sum <= PATTERN_PLACES) {
		uint64_t times = 1;
		char c = take(s);
		if (c == ')' && s->depth > 1)
			break;
		if (c == '+')
			times = 2;
		else if (c == '{' && (isdigit((unsigned char)next(s)) || next(s) == ','))
			times = take_times(s);
		if (c == '+' || c == '*' || c == '?' || times > 1) {
			sum = at_most(sum + last * (times - 1));
			last = at_most(last * times);
			continue;
		}
		if (c == '(') {
			last = at_most(count_places(s) + 1);
		} else {
			last = 1;
			if (c == '[')
				skip_bracket(s);
			else if (c == '\\')
				s->refers_back |= next(s) >= '1' && next(s) <= '9';
			if (c == '\\' && s->rest.len > 0)
				take(s);
		}
		sum = at_most(sum + last);
	}
	s->depth--;
	return sum;
}

bool pattern_size_check(struct slice text, const char **why)
{
	struct scan s = {.rest = text};
	uint64_t places = count_places(&s);
	*why = places > PATTERN_PLACES ? "its repetitions make it too large"
	       : s.refers_back ? "it refers back to a group, for which no time would be enough"
	                       : NULL;
	return !*why;
}
