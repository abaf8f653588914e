#include "shell/replay/normalise.h"

#include "base/xalloc.h"
#include "shell/lang/command.h"

#include <regex.h>
#include <stdlib.h>

#define PRETTY (1u << FORMAT_PRETTY)
#define PLAIN  (1u << FORMAT_PLAIN)
#define RAW    (1u << FORMAT_RAW)
#define JSON   (1u << FORMAT_JSON)
#define CSV    (1u << FORMAT_CSV)
#define WIRE   (1u << FORMAT_WIRE)
#define ALL    (~0u)

/* The most groups in a pattern, the whole among them. */
#define GROUPS 6

struct rule {
	const char *pattern;
	int group; /* of the pattern: what differs */
	const char *name;
	unsigned formats;
	const char *commands; /* of these only; NULL: of any */
};

#define UNIT  "(ns|us|µs|ms|s)"
#define FIELD "([^,\"]*|\"([^\"]|\"\")*\"),"

static const struct rule rules[] = {
    {"/[^ \"\t]*/mcsh-[A-Za-z0-9]{6}/[0-9]+\\.sock", 0, "SANDBOX", ALL, NULL},

    {"(^|[^0-9A-Za-z_.,])([0-9][0-9,]*(\\.[0-9]+)? " UNIT ")($|[^0-9A-Za-z_])", 2, "TIME", PRETTY,
     NULL},
    {"(connect|send|wait|receive) ([0-9]+\\.[0-9]+)", 2, "TIME", PRETTY, NULL},
    {"[0-9][0-9,]* per second", 0, "RATE", PRETTY, NULL},
    {"[(,] ?cas ([0-9]+)", 1, "CAS", PRETTY, NULL},

    {"\"cas\":([0-9]+)", 1, "CAS", JSON, NULL},
    {"\"time_us\":(\\{[^}]*\\})", 1, "TIME", JSON, NULL},
    {"\"server\":(\"([^\"\\]|\\\\.)*\")", 1, "SERVER", JSON, NULL},
    {"\"(min|median|p[0-9]+|max|seconds|per_second)\":([0-9.]+)", 2, "TIME", JSON,
     ".repeat .bench"},
    /* What the command before has shown is compared there. */
    {"\"got\":(\"([^\"\\]|\\\\.)*\")", 1, "GOT", JSON, ".expect"},
    {"\"histogram\":(\\[[^]]*\\])", 1, "HISTOGRAM", JSON, ".bench"},

    {"^[^\t]*\t([0-9]+)\t", 1, "CAS", PLAIN, "gets gats"},
    {"^(min|median|p[0-9]+|max|seconds|per_second)\t([0-9.]+)$", 2, "TIME", PLAIN | RAW | WIRE,
     ".repeat .bench"},

    {"^" FIELD "[0-9]+,[0-9]+,([0-9]+),", 3, "CAS", CSV, "gets gats"},
    {"^\\.repeat,[0-9]+,(.*)", 1, "TIME", CSV, ".repeat"},
    {"^\\.bench(,[0-9]+){5},(.*)", 2, "TIME", CSV, ".bench"},

    /* The protocol itself: in the wire format, after .raw and in a trace. */
    {"^(< )?VALUE [^ ]+ [0-9]+ [0-9]+ ([0-9]+)", 2, "CAS", ALL, NULL},
    {"^(< )?(HD|VA [0-9]+)( [^ ]+)* c([0-9]+)", 4, "CAS", ALL, NULL},
};

#define RULES (sizeof(rules) / sizeof(rules[0]))

struct normaliser {
	regex_t regexes[RULES];
};

struct normaliser *normaliser_new(void)
{
	struct normaliser *s = xcalloc(1, sizeof(*s));
	for (size_t i = 0; i < RULES; i++) {
		if (regcomp(&s->regexes[i], rules[i].pattern, REG_EXTENDED) != 0)
			abort(); /* the patterns are written here */
	}
	return s;
}

void normaliser_free(struct normaliser *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < RULES; i++)
		regfree(&s->regexes[i]);
	free(s);
}

/* Adds TEXT, a part of a string, with the rule applied wherever it fits; AT_START: it begins the
 * line. */
static void apply(const struct rule *rule, const regex_t *regex, struct buf *out, struct slice text,
                  bool at_start)
{
	regmatch_t m[GROUPS];
	while (text.len > 0) {
		m[0] = (regmatch_t){.rm_so = 0, .rm_eo = (regoff_t)text.len};
		int flags = REG_STARTEND | (at_start ? 0 : REG_NOTBOL);
		if (regexec(regex, text.data, GROUPS, m, flags) != 0)
			break;
		buf_add(out, text.data, (size_t)m[rule->group].rm_so);
		buf_add_str(out, rule->name);
		/* What follows may be the beginning of the next one. */
		text = slice_skip(text, (size_t)m[rule->group].rm_eo);
		at_start = false;
	}
	buf_add_slice(out, text);
}

/* The length of the quoted string that TEXT begins with. */
static size_t quoted_length(struct slice text)
{
	size_t i = 1;
	while (i < text.len && text.data[i] != '"')
		i += text.data[i] == '\\' ? 2 : 1;
	return i + 1 < text.len ? i + 1 : text.len;
}

/* The same, but not within quotes: there are values. */
static void apply_unquoted(const struct rule *rule, const regex_t *regex, struct buf *out,
                           struct slice line)
{
	bool at_start = true;
	while (line.len > 0) {
		struct slice bare = slice_before(line, '"');
		apply(rule, regex, out, bare, at_start);
		line = slice_skip(line, bare.len);
		size_t n = line.len > 0 ? quoted_length(line) : 0;
		buf_add(out, line.data, n);
		line = slice_skip(line, n);
		at_start = false;
	}
}

void normaliser_add(const struct normaliser *s, struct buf *out, struct slice line,
                    enum format format, struct slice command)
{
	struct buf now = BUF_INIT, next = BUF_INIT;
	buf_add_slice(&now, line);
	for (size_t i = 0; i < RULES; i++) {
		const struct rule *rule = &rules[i];
		if (!(rule->formats & 1u << format) ||
		    (rule->commands && !list_names(rule->commands, command)))
			continue;
		buf_clear(&next);
		buf_cstr(&now);
		if (rule->formats == PRETTY)
			apply_unquoted(rule, &s->regexes[i], &next, buf_slice(&now));
		else
			apply(rule, &s->regexes[i], &next, buf_slice(&now), true);
		struct buf swap = now;
		now = next;
		next = swap;
	}
	buf_add_slice(out, buf_slice(&now));
	buf_release(&now);
	buf_release(&next);
}

/* "   0.050 ms+  4,731  ####" */
bool normaliser_is_histogram(struct slice line)
{
	static const struct slice border = {"s+  ", 4};
	const char *at = line.len > 0 ? memmem(line.data, line.len, border.data, border.len) : NULL;
	size_t before = at ? (size_t)(at - line.data) : 0;
	for (size_t i = 0; i < before; i++) {
		if (!memchr(" 0123456789.,m", line.data[i], 14))
			return false;
	}
	return before > 0 && line.data[0] == ' ';
}
