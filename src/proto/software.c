#include "proto/software.h"

#include "base/number.h"

/* memcached's largest major version, and one more. */
#define MEMCACHED_MAJOR 2

const struct software software_memcached = {.name = "memcached"};
const struct software software_unknown = {.name = "unknown"};
#define SOFTWARE(n, p, l)                                                                          \
	{                                                                                          \
		.name = n, .proxies = p, .lacks = l, .advice = "this is " n ": " l                 \
	}

const struct software software_closing =
    SOFTWARE("a proxy", true,
             "it closes the connection at commands that it does not know, as twemproxy does: no "
             "stats, no lists of keys, no meta commands; ask a server after it");

/* Their VERSION lines, from their sources: a row is taken where its words stand in the line. */
static const struct known {
	const char *words;
	struct software software;
} known[] = {
    /* "mcrouter 1.0", "1.0.0 mcrouter", "mcrouter 0.41.0": MCROUTER_PACKAGE_STRING. */
    {"mcrouter", SOFTWARE("mcrouter", true,
                          "it has statistics of its own, and neither settings, lists of keys, "
                          "watch nor meta commands; "
                          "ask a server after it")},
    /* "1.5.0 DF", "1.6.0 DF": Service::DispatchMC. */
    {" DF",
     SOFTWARE(
	 "Dragonfly", false,
	 "it has neither stats settings, lists of keys nor watch, and of meta commands a part; its "
	 "Redis port shows more")},
    /* "Hazelcast": VersionCommand. */
    {"Hazelcast",
     SOFTWARE(
	 "Hazelcast", false,
	 "it has get, set, add, replace, append, prepend, delete, incr, decr, touch, stats and no "
	 "more")},
    /* "15.0.0.Final", Version.getVersion. It answers mn, and no other meta command. */
    {".Final",
     SOFTWARE(
	 "Infinispan", false,
	 "it has neither settings, lists of keys, watch nor meta commands; its own console shows "
	 "more")},
};

/* Takes the digits at the front of REST as *PART, and a dot after them. */
static bool take_part(struct slice *rest, uint64_t *part)
{
	size_t n = 0;
	while (n < rest->len && rest->data[n] >= '0' && rest->data[n] <= '9')
		n++;
	if (number_parse_u64(slice_of(rest->data, n), part) != NUMBER_OK)
		return false;
	*rest = slice_skip(*rest, n + (n < rest->len && rest->data[n] == '.'));
	return true;
}

const struct software *software_of(struct slice version)
{
	uint64_t part;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (slice_find(version, slice_str(known[i].words)))
			return &known[i].software;
	}
	/* Others count their versions too, and have come further. */
	return take_part(&version, &part) && part <= MEMCACHED_MAJOR ? &software_memcached
	                                                             : &software_unknown;
}

void software_add(struct buf *out, const struct software *software, struct slice shown)
{
	if (shown.len == 0)
		buf_add_str(out, "a server");
	else if (software == &software_memcached)
		buf_addf(out, "memcached %.*s", SLICE_ARGS(shown, 200));
	else if (software == &software_unknown)
		buf_addf(out, "a server of version %.*s", SLICE_ARGS(shown, 200));
	else
		buf_addf(out, "%s (%.*s)", software->name, SLICE_ARGS(shown, 200));
}

bool software_proxies_take(const struct request *request)
{
	switch (request->verb) {
	case VERB_GET:
	case VERB_GETS:
	case VERB_TOUCH:
	case VERB_DELETE:
	case VERB_INCR:
	case VERB_DECR:
	case VERB_VERSION:
	case VERB_QUIT:
		return true;
	default:
		return verb_stores(request->verb);
	}
}

bool software_is_since(struct slice version, unsigned major, unsigned minor, unsigned patch)
{
	const unsigned least[] = {major, minor, patch};
	if (software_of(version) != &software_memcached)
		return false;
	for (size_t i = 0; i < 3; i++) {
		uint64_t part;
		if (!take_part(&version, &part))
			return false;
		if (part != least[i])
			return part > least[i];
	}
	return true;
}
