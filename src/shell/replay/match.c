#include "shell/replay/match.h"

#include "base/deadline.h"
#include "base/pattern.h"
#include "base/xalloc.h"
#include "shell/io/search.h"
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

#define UNIT "(ns|us|µs|ms|s)"
#define META "mg ms ma me"
/* Of me: negative seconds where it is an old server's, but for -1, which is never. */
#define EXP   "-[0-9][0-9]+|-[2-9]|[0-9]+"
#define FIELD "([^,\"]*|\"([^\"]|\"\")*\"),"

static const struct rule rules[] = {
    {"(^|[ \"\t])[^ \"\t/]*(/[^ \"\t]*/mcsh-[A-Za-z0-9]{6}/[0-9]+\\.sock)", 2, "SANDBOX", ALL,
     NULL},

    /* Of the meta commands: the time left, and the time since the last use. */
    {"expires in ([^,]+, [0-9-]+ [0-9:]+ UTC)", 1, "TIME", PRETTY, META},
    {"(used just now|last used [^,)]+ ago)", 1, "TIME", PRETTY, META},
    {"\"(ttl|idle|la)\":([0-9]+)", 2, "TIME", JSON, META},
    {"\"exp\":(" EXP ")", 1, "TIME", JSON, META},
    {"\t[tl]([0-9]+)", 1, "TIME", PLAIN, META},
    {"\tc([0-9]+)", 1, "CAS", PLAIN, META},
    {"^exp\t(" EXP ")$", 1, "TIME", PLAIN, META},
    {"^la\t([0-9]+)$", 1, "TIME", PLAIN, META},
    {"^cas\t([0-9]+)$", 1, "CAS", PLAIN, META},

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
    {"^(< )?(HD|VA [0-9]+)( [^ ]+)* t([0-9]+)", 4, "TIME", ALL, NULL},
    {"^(< )?(HD|VA [0-9]+)( [^ ]+)* l([0-9]+)", 4, "TIME", ALL, NULL},
    {"^(< )?ME [^ ]+ exp=(" EXP ") ", 2, "TIME", ALL, NULL},
    {"^(< )?ME [^ ]+ [^ ]+ la=([0-9]+)", 2, "TIME", ALL, NULL},
    {"^(< )?ME [^ ]+ [^ ]+ [^ ]+ cas=([0-9]+)", 2, "CAS", ALL, NULL},
};

#define RULES (sizeof(rules) / sizeof(rules[0]))

struct normaliser {
	regex_t regexes[RULES];
};

struct normaliser *normaliser_new(void)
{
	struct normaliser *s = xcalloc(1, sizeof(*s));
	for (size_t i = 0; i < RULES; i++) {
		/* The patterns are written here: what fails is the memory for them. */
		if (regcomp(&s->regexes[i], rules[i].pattern, REG_EXTENDED) != 0)
			xalloc_failed();
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
		if (!pattern_exec(regex, text.data, GROUPS, m, flags))
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

/* Adds LINE, which COMMAND (its name) has shown in FORMAT, with names in place of what differs. */
static void normaliser_add(const struct normaliser *s, struct buf *out, struct slice line,
                           enum format format, struct slice command)
{
	struct buf now = BUF_INIT, next = BUF_INIT;
	buf_add_slice(&now, line);
	for (size_t i = 0; i < RULES; i++) {
		const struct rule *rule = &rules[i];
		if (!(rule->formats & 1u << format) ||
		    (rule->commands && !slice_is_among(command, rule->commands)))
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

/* "   0.050 ms+  4,731  ####": there may be more of these lines or fewer the next time. */
static bool normaliser_is_histogram(struct slice line)
{
	const char *at = slice_find(line, SLICE("s+  "));
	size_t before = at ? (size_t)(at - line.data) : 0;
	for (size_t i = 0; i < before; i++) {
		if (!memchr(" 0123456789.,m", line.data[i], 14))
			return false;
	}
	return before > 0 && line.data[0] == ' ';
}

/* The most pairs of lines that are held against each other; beyond it everything is replaced. */
#define PAIRS_MAX ((size_t)4 << 20)

static const struct slice any = {"<any>", 5};

/* A line that is compared. */
struct side {
	struct slice written; /* as it stands in the transcript */
	struct slice normal;  /* what it means, without what differs from run to run; owned */
	bool open;
	bool histogram;
	bool any_lines;        /* <any> alone: any number of lines */
	bool any_bytes;        /* <any> in it */
	struct pattern *regex; /* (re); `raw` is what it is matched with */
	bool broken;           /* (re) that cannot be read */
	struct slice raw;      /* owned */
};

static struct slice copy(struct slice s)
{
	return slice_of(xmemdup0(s.len ? s.data : "", s.len), s.len);
}

static void side_read(struct side *side, const struct match *l, struct slice line, bool wanted,
                      struct error *error)
{
	struct buf arena = BUF_INIT, normal = BUF_INIT;
	struct output_line read = output_line_read(line, &arena);
	normaliser_add(l->normaliser, &normal, read.text, l->format, l->command);
	*side = (struct side){.written = line,
	                      .raw = copy(read.text),
	                      .normal = copy(buf_slice(&normal)),
	                      .open = read.open,
	                      .histogram = normaliser_is_histogram(read.text)};
	if (wanted && read.regex) {
		side->regex = pattern_new(read.text, PATTERN_WHOLE, error);
		side->broken = !side->regex;
	} else if (wanted && !read.escaped) {
		side->any_lines = slice_eq(line, any);
		side->any_bytes = slice_find(side->normal, any);
	}
	buf_release(&arena);
	buf_release(&normal);
}

static struct side *sides_new(const struct match *l, const struct slice *lines, size_t count,
                              bool wanted, struct error *error)
{
	struct side *sides = xcalloc(count + 1, sizeof(*sides));
	for (size_t i = 0; i < count; i++)
		side_read(&sides[i], l, lines[i], wanted, error);
	return sides;
}

static void sides_free(struct side *sides, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free((char *)(size_t)sides[i].raw.data);
		free((char *)(size_t)sides[i].normal.data);
		pattern_free(sides[i].regex);
	}
	free(sides);
}

/* PATTERN, pieces with <any> between them, is TEXT: the first piece stands at its beginning, the
 * last at its end, each of the others as early as it can. */
static bool any_matches(struct slice pattern, struct slice text)
{
	bool first = true;
	for (;;) {
		const char *at = slice_find(pattern, any);
		struct slice piece =
		    slice_of(pattern.data, at ? (size_t)(at - pattern.data) : pattern.len);
		if (!at) /* the last one; the first is not, as there is an <any> */
			return slice_ends(text, piece);
		const char *found = slice_find(text, piece);
		if (!found || (first && found != text.data))
			return false;
		text = slice_skip(text, (size_t)(found - text.data) + piece.len);
		pattern = slice_skip(pattern, piece.len + any.len);
		first = false;
	}
}

struct table {
	const struct side *want, *got;
	size_t n, m;
	unsigned char *ways; /* (n + 1) rows of m + 1 */
	int64_t deadline;
	struct slice
	    late; /* the line at which it passed: no expression matches then; no data: none */
};

static bool matches_regex(struct table *t, const struct pattern *regex, struct slice line)
{
	bool ok = false;
	if (!t->late.data && search_matches(regex, line, t->deadline, &ok) != SEARCH_DONE)
		t->late = line;
	return ok;
}

static bool matches(struct table *t, const struct side *want, const struct side *got)
{
	if (want->open != got->open || want->broken)
		return false;
	if (want->regex)
		return matches_regex(t, want->regex, got->raw);
	if (want->histogram && got->histogram)
		return true;
	return want->any_bytes ? any_matches(want->normal, got->normal)
	                       : slice_eq(want->normal, got->normal);
}

/* The ways on from a pair of lines. */
enum way {
	WAY_END,
	WAY_SAME,    /* both are passed; they match */
	WAY_REPLACE, /* both are passed */
	WAY_DROP,    /* WANT's line is passed; <any> ends */
	WAY_ADD,     /* GOT's line is passed */
	WAY_EAT,     /* GOT's line is passed; it belongs to <any> */
};

/* Keeps in *COST and *WAY the better way, the earlier one where both cost the same. */
static void offer(unsigned *cost, unsigned char *way, unsigned other, enum way by)
{
	if (other >= *cost)
		return;
	*cost = other;
	*way = (unsigned char)by;
}

/* The way from line I of WANT and J of GOT; HERE and BELOW are the costs of this row and of the
 * next one, from each J to the end. */
static void find_way(struct table *t, size_t i, size_t j, unsigned *here, const unsigned *below)
{
	unsigned char *way = &t->ways[i * (t->m + 1) + j];
	unsigned cost = ~0u;
	*way = WAY_END;
	if (i == t->n && j == t->m) {
		here[j] = 0;
		return;
	}
	const struct side *want = i < t->n ? &t->want[i] : NULL;
	if (want && want->any_lines) {
		offer(&cost, way, below[j], WAY_DROP);
		if (j < t->m)
			offer(&cost, way, here[j + 1], WAY_EAT);
	} else {
		if (want && j < t->m) {
			bool same = matches(t, want, &t->got[j]);
			offer(&cost, way, below[j + 1] + !same, same ? WAY_SAME : WAY_REPLACE);
		}
		if (want)
			offer(&cost, way, below[j] + !want->histogram, WAY_DROP);
		if (j < t->m)
			offer(&cost, way, here[j + 1] + !t->got[j].histogram, WAY_ADD);
	}
	here[j] = cost;
}

/* The number of lines that differ. */
static unsigned find_ways(struct table *t)
{
	unsigned *here = xcalloc(t->m + 1, sizeof(*here)),
		 *below = xcalloc(t->m + 1, sizeof(*below));
	for (size_t i = t->n + 1; i-- > 0;) {
		for (size_t j = t->m + 1; j-- > 0;)
			find_way(t, i, j, here, below);
		unsigned *swap = here;
		here = below;
		below = swap;
	}
	unsigned cost = below[0];
	free(here);
	free(below);
	return cost;
}

static void add_line(struct buf *out, const struct side *side)
{
	buf_add_slice(out, side->written);
	buf_add_char(out, '\n');
}

static void follow(const struct table *t, struct buf *out)
{
	size_t i = 0, j = 0;
	for (;;) {
		switch ((enum way)t->ways[i * (t->m + 1) + j]) {
		case WAY_END:
			return;
		case WAY_SAME:
			add_line(out, &t->want[i++]);
			j++;
			break;
		case WAY_REPLACE:
			add_line(out, &t->got[j++]);
			i++;
			break;
		case WAY_DROP:
			if (t->want[i].any_lines)
				add_line(out, &t->want[i]);
			i++;
			break;
		case WAY_ADD:
			add_line(out, &t->got[j++]);
			break;
		case WAY_EAT:
			j++;
			break;
		}
	}
}

bool match_merge(const struct match *l, const struct slice *want, size_t want_count,
                 const struct lines *got, struct buf *merged, struct error *error)
{
	struct side *wants = sides_new(l, want, want_count, true, error);
	struct side *gots = sides_new(l, got->list, got->count, false, error);
	bool same = false;
	struct table t = {.want = wants,
	                  .got = gots,
	                  .n = want_count,
	                  .m = got->count,
	                  .deadline = deadline_in(l->timeout_ms)};
	for (; t.n > 0 && t.m > 0 && !t.want->any_lines && matches(&t, t.want, t.got); t.n--, t.m--)
		add_line(merged, (t.got++, t.want++));
	if ((t.n + 1) <= PAIRS_MAX / (t.m + 1)) {
		t.ways = xcalloc((t.n + 1) * (t.m + 1), 1);
		same = find_ways(&t) == 0;
		follow(&t, merged);
		free(t.ways);
	} else {
		for (size_t j = 0; j < t.m; j++)
			add_line(merged, &t.got[j]);
	}
	if (t.late.data)
		search_say_late(error, l->timeout_ms, t.late.len);
	sides_free(wants, want_count);
	sides_free(gots, got->count);
	return same;
}
