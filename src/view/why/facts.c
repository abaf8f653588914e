#include "view/why/facts.h"

#include "base/edits.h"
#include "base/number.h"
#include "base/quote.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_separator(char c)
{
	return strchr(":/.|-_", c) && c != '\0';
}

static bool has_digits(struct slice key)
{
	for (size_t i = 0; i < key.len; i++) {
		if (is_digit(key.data[i]))
			return true;
	}
	return false;
}

static struct slice skip_digits(struct slice s)
{
	while (s.len > 0 && is_digit(s.data[0]))
		s = slice_skip(s, 1);
	return s;
}

static struct slice skip_zeros(struct slice s)
{
	while (s.len > 1 && s.data[0] == '0' && is_digit(s.data[1]))
		s = slice_skip(s, 1);
	return s;
}

/* Whether A and B are the same but for their numbers; *EQUAL: these are equal, too. */
static bool same_shape(struct slice a, struct slice b, bool *equal)
{
	*equal = true;
	while (a.len > 0 && b.len > 0) {
		if (!is_digit(a.data[0]) || !is_digit(b.data[0])) {
			if (a.data[0] != b.data[0])
				return false;
			a = slice_skip(a, 1);
			b = slice_skip(b, 1);
			continue;
		}
		struct slice m = skip_zeros(a), n = skip_zeros(b);
		a = skip_digits(a);
		b = skip_digits(b);
		*equal &=
		    slice_eq(slice_of(m.data, m.len - a.len), slice_of(n.data, n.len - b.len));
	}
	return a.len == 0 && b.len == 0;
}

/* KEY up to its last separator with something after it, that included. */
static struct slice stem_of(struct slice key)
{
	for (size_t n = key.len > 0 ? key.len - 1 : 0; n > 0; n--) {
		if (is_separator(key.data[n - 1]))
			return slice_of(key.data, n);
	}
	return slice_of(key.data, 0);
}

/* Whether LONGER is SHORTER after a prefix that ends in a separator. */
static bool is_prefixed(struct slice longer, struct slice shorter)
{
	size_t n = longer.len - shorter.len;
	return longer.len > shorter.len && shorter.len > 0 && is_separator(longer.data[n - 1]) &&
	       slice_eq(slice_skip(longer, n), shorter);
}

static unsigned most_edits(struct slice key)
{
	return key.len <= 1 ? 0 : key.len <= 4 ? 1 : key.len <= 12 ? 2 : 3;
}

static void keep_near(struct why_facts *f, struct slice key, size_t server, unsigned edits)
{
	size_t at = f->near_count;
	for (size_t i = 0; i < at; i++) {
		if (slice_eq(buf_slice(&f->nears[i].key), key))
			return; /* on another server, or named as well as listed */
	}
	if (at == WHY_NEARS && f->nears[at - 1].edits <= edits)
		return;
	if (at < WHY_NEARS)
		f->near_count++;
	else
		at--;
	struct buf kept = f->nears[at].key;
	for (; at > 0 && f->nears[at - 1].edits > edits; at--)
		f->nears[at] = f->nears[at - 1];
	buf_clear(&kept);
	buf_add_slice(&kept, key);
	f->nears[at] = (struct why_near){kept, server, edits};
}

/* Whether KEY is alike: then it is not a misspelling, unless its numbers are equal. */
static bool look_near(struct why_facts *f, struct slice key, size_t server)
{
	bool equal, alike = same_shape(key, f->key, &equal);
	if (slice_eq(key, f->key))
		return false;
	if (alike && !equal)
		return has_digits(key);
	if (alike || is_prefixed(key, f->key) || is_prefixed(f->key, key)) {
		keep_near(f, key, server, 0);
		return false;
	}
	unsigned most = most_edits(f->key), edits = edits_between(key, f->key, most);
	if (edits <= most)
		keep_near(f, key, server, edits > 0 ? edits : 1);
	return !has_digits(f->key) && stem_of(f->key).len > 0 && slice_starts(key, stem_of(f->key));
}

void why_facts_named(struct why_facts *f, struct slice key, size_t server)
{
	look_near(f, key, server);
}

void why_facts_listed(struct why_facts *f, size_t server, const struct crawled *item)
{
	f->looked_at++;
	if (!look_near(f, item->key, server) || server != f->own)
		return;
	int64_t ttl = crawled_ttl(item);
	f->alike++;
	if (ttl >= 0)
		f->expiring++;
	if (ttl > f->ttl_most)
		f->ttl_most = ttl;
	if (item->cls < WHY_CLASSES)
		f->alike_by_class[item->cls]++;
}

void why_facts_item_stat(struct why_facts *f, struct slice name, struct slice value)
{
	uint64_t class, n;
	if (!slice_eq_str(slice_take(&name, ':'), "items") ||
	    number_parse_u64(slice_take(&name, ':'), &class) != NUMBER_OK || class >= WHY_CLASSES ||
	    number_parse_u64(value, &n) != NUMBER_OK)
		return;
	struct why_class *c = &f->classes[class];
	if (slice_eq_str(name, "number"))
		c->items = n;
	else if (slice_eq_str(name, "evicted"))
		c->evicted = n;
	else if (slice_eq_str(name, "age"))
		c->age = n;
	else if (slice_eq_str(name, "outofmemory"))
		c->out_of_memory = n;
}

void why_facts_add_shape(const struct why_facts *f, struct buf *out)
{
	struct slice rest = f->key;
	if (!has_digits(rest)) {
		escape_add_field(out, stem_of(rest));
		buf_add_char(out, '*');
		return;
	}
	while (rest.len > 0) {
		if (is_digit(rest.data[0])) {
			buf_add_str(out, "<n>");
			rest = skip_digits(rest);
			continue;
		}
		escape_add_field(out, slice_of(rest.data, 1));
		rest = slice_skip(rest, 1);
	}
}

void why_facts_release(struct why_facts *f)
{
	for (size_t i = 0; i < f->near_count; i++)
		buf_release(&f->nears[i].key);
	sample_release(&f->stats);
	sample_release(&f->settings);
}
