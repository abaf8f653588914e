#include "shell/lang/keyfilter.h"

#include "base/glob.h"
#include "base/number.h"
#include "base/quote.h"

#define MS 1000

/* The most that a time may be: what seconds of 32 bits hold. */
#define TIME_MAX ((uint64_t)UINT32_MAX * MS)

/* Option NAME of ARGS as a time in *MS; untouched where it is not given. */
static bool read_time(const struct args *args, const char *name, int64_t *ms, struct error *error)
{
	struct slice text;
	uint64_t n;
	if (!args_option(args, name, &text))
		return true;
	if (number_parse_duration(text, MS, &n) != NUMBER_OK || n > TIME_MAX)
		return error_set(error, "write 90s, 15m, 12h or 45d", "%s takes a time", name);
	*ms = (int64_t)n;
	return true;
}

static bool read_size(const struct args *args, const char *name, uint64_t *size,
                      struct error *error)
{
	struct slice text;
	if (args_option(args, name, &text) && number_parse_size(text, size) != NUMBER_OK)
		return error_set(error, "write 500, 10k or 1m", "%s takes a size in bytes", name);
	return true;
}

static bool read_class(struct keyfilter *f, const struct args *args, struct error *error)
{
	struct slice text;
	uint64_t n;
	if (!args_option(args, "--class", &text))
		return true;
	if (number_parse_u64(text, &n) != NUMBER_OK || n > 255)
		return error_set(error, "stats items names those in use",
		                 "--class takes the number of a slab class");
	f->cls = (int64_t)n;
	return true;
}

/* --match: a regular expression, or, where the row calls it so, a second GLOB. */
static bool read_match(struct keyfilter *f, const struct args *args, struct error *error)
{
	struct slice text;
	size_t i;
	if (!args_option(args, "--match", &text))
		return true;
	const char *value = command_option_named(args->command, SLICE("--match"), &i)->value;
	if (strcmp(value, "GLOB") == 0) {
		f->has_glob = true;
		f->glob = text;
		return true;
	}
	/* What a script leaves empty by mistake shall not mean all items of .purge. */
	if (text.len == 0)
		return error_set(error, "leave --match out for all of them",
		                 "--match: an empty expression matches every key");
	f->regex = pattern_new(text, 0, error);
	return f->regex != NULL;
}

static bool contradicts(const struct keyfilter *f, struct error *error)
{
	if (f->forever && (f->ttl_from >= 0 || f->ttl_below >= 0))
		return !error_set(error, "leave one of them out",
		                  "what lasts --forever has no time left for --ttl-under and "
		                  "--ttl-over");
	return false;
}

static unsigned find_asks(const struct keyfilter *f)
{
	unsigned asks = 0;
	if (f->larger > 0 || f->smaller < UINT64_MAX)
		asks |= CRAWLED_SIZE;
	if (f->unbumped >= 0)
		asks |= CRAWLED_BUMPED;
	if (f->unread)
		asks |= CRAWLED_FETCHED;
	if (f->cls >= 0)
		asks |= CRAWLED_CLASS;
	return asks;
}

const struct keyfilter keyfilter_all = {
    .smaller = UINT64_MAX, .ttl_from = -1, .ttl_below = -1, .unbumped = -1, .cls = -1};

bool keyfilter_read(struct keyfilter *f, const struct args *args, const struct slice *glob,
                    struct error *error)
{
	size_t i;
	*f = keyfilter_all;
	if (glob) {
		f->has_glob = true;
		f->glob = *glob;
	}
	args_option(args, "--prefix", &f->prefix);
	f->forever = args_option(args, "--forever", NULL);
	f->unread = args_option(args, "--unread", NULL);
	f->misplaced = args_option(args, "--misplaced", NULL);
	f->takes_names = command_option_named(args->command, SLICE("--keys-from"), &i);
	if (args_option(args, "--keys-from", &f->names) && f->names.len == 0)
		return error_set(error, "- is standard input", "--keys-from takes a file");
	if (!read_match(f, args, error) || !read_size(args, "--larger", &f->larger, error) ||
	    !read_size(args, "--smaller", &f->smaller, error) ||
	    !read_time(args, "--ttl-under", &f->ttl_below, error) ||
	    !read_time(args, "--ttl-over", &f->ttl_from, error) ||
	    !read_time(args, "--unbumped", &f->unbumped, error) || !read_class(f, args, error) ||
	    contradicts(f, error))
		return false;
	if (f->has_glob && f->glob.len == 0)
		return error_set(error, "\"*\" fits all of them", "an empty GLOB fits no key");
	f->asks = find_asks(f);
	return true;
}

void keyfilter_release(struct keyfilter *f)
{
	pattern_free(f->regex);
	f->regex = NULL;
}

void keyfilter_describe(struct buf *out, const struct args *args, const struct slice *glob)
{
	static const struct command_option of_items[] = {KEYFILTER_MATCH, KEYFILTER_OPTIONS};
	size_t from = out->len;
	if (glob)
		quote_add_word(out, *glob);
	for (size_t i = 0; i < sizeof(of_items) / sizeof(of_items[0]); i++) {
		struct slice value;
		if (!args_option(args, of_items[i].name, &value))
			continue;
		buf_addf(out, "%s%s", out->len > from ? " " : "", of_items[i].name);
		if (!of_items[i].value)
			continue;
		buf_add_char(out, ' ');
		quote_add_word(out, value);
	}
}

struct slice keyfilter_beginning(const struct keyfilter *f)
{
	struct slice literal = f->has_glob ? f->glob : slice_of(NULL, 0);
	for (size_t i = 0; i < literal.len; i++) {
		if (memchr("*?[\\", literal.data[i], 4))
			literal.len = i;
	}
	return literal.len > f->prefix.len ? literal : f->prefix;
}

/* Seconds as milliseconds; what is too long for these is as long as they can be. */
static int64_t in_ms(int64_t seconds)
{
	return seconds > INT64_MAX / MS ? INT64_MAX : seconds * MS;
}

static bool time_passes(const struct keyfilter *f, const struct crawled *item)
{
	int64_t left = crawled_ttl(item);
	if (f->forever)
		return left < 0;
	if (f->ttl_from < 0 && f->ttl_below < 0)
		return true;
	return left >= 0 && in_ms(left) >= f->ttl_from &&
	       (f->ttl_below < 0 || in_ms(left) < f->ttl_below);
}

bool keyfilter_match(const struct keyfilter *f, const struct crawled *item)
{
	return (item->known & f->asks) == f->asks && slice_starts(item->key, f->prefix) &&
	       (f->larger == 0 || item->size > f->larger) && item->size < f->smaller &&
	       time_passes(f, item) &&
	       (f->unbumped < 0 || in_ms(crawled_unbumped(item)) >= f->unbumped) &&
	       !(f->unread && item->fetched) && (f->cls < 0 || item->cls == f->cls) &&
	       (!f->has_glob || glob_match(f->glob, item->key)) &&
	       (!f->regex || pattern_matches(f->regex, item->key));
}

bool keyfilter_picks(const struct keyfilter *f)
{
	return f->has_glob || f->prefix.len > 0 || f->regex || f->asks || f->forever ||
	       f->ttl_from >= 0 || f->ttl_below >= 0 || f->misplaced;
}
