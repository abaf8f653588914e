/* What a session asks, and what belongs to its keys. */
#include "attack/attack.h"

#include "base/xalloc.h"

#include <stdlib.h>

uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

size_t rng_below(struct rng *rng, size_t n)
{
	return (size_t)(rng_next(rng) % n);
}

bool rng_once_in(struct rng *rng, size_t n)
{
	return rng_below(rng, n) == 0;
}

/* Keys. */

static uint64_t hash(struct slice key, uint64_t salt)
{
	struct rng rng = {salt};
	for (size_t i = 0; i < key.len; i++)
		rng.state = rng_next(&rng) ^ (unsigned char)key.data[i];
	return rng_next(&rng);
}

static struct key make_key(struct rng *rng, const char *letters, size_t count)
{
	struct key key;
	uint64_t bits = rng_next(rng);
	key.text[0] = letters[rng_below(rng, count)];
	for (size_t i = 1; i < KEY_BYTES; i++, bits >>= 4)
		key.text[i] = "0123456789abcdef"[bits & 15];
	return key;
}

struct key key_random(struct rng *rng)
{
	return make_key(rng, "hhhhhhhhhhbccccmmmme", 20);
}

struct key key_random_hit(struct rng *rng)
{
	return make_key(rng, "hhhhhbcc", 8);
}

struct slice key_slice(const struct key *key)
{
	return slice_of(key->text, KEY_BYTES);
}

bool key_is_hit(struct slice key)
{
	return key.data[0] != 'm';
}

void key_value(struct slice key, struct buf *out)
{
	struct rng rng = {hash(key, 1)};
	size_t len = rng_below(&rng, 60);
	buf_add_slice(out, key);
	buf_add_char(out, '~');
	if (key.data[0] == 'b')
		len = 2000 + rng_below(&rng, 30000);
	if (key.data[0] == 'c')
		buf_add_str(out, "\r\nEND\r\nVALUE m0123456789 0 3\r\nabc\r\nHD\r\n");
	buf_add_repeat(out, (char)('a' + rng_below(&rng, 26)), len);
}

uint64_t key_flags(struct slice key)
{
	return hash(key, 2) & 0xffffffff;
}

uint64_t key_cas(struct slice key)
{
	return hash(key, 3) >> 8;
}

uint64_t key_number(struct slice key)
{
	return hash(key, 4) >> 20;
}

const char *key_answer(struct slice verb, struct slice key)
{
	bool hit = key_is_hit(key);
	if (slice_eq_str(verb, "set"))
		return "STORED";
	if (slice_eq_str(verb, "add") || slice_eq_str(verb, "replace") ||
	    slice_eq_str(verb, "append") || slice_eq_str(verb, "prepend"))
		return hit && key.data[0] != 'e' ? "STORED" : "NOT_STORED";
	if (slice_eq_str(verb, "cas"))
		return key.data[0] == 'e' ? "EXISTS" : hit ? "STORED" : "NOT_FOUND";
	if (slice_eq_str(verb, "delete"))
		return hit ? "DELETED" : "NOT_FOUND";
	if (slice_eq_str(verb, "touch"))
		return hit ? "TOUCHED" : "NOT_FOUND";
	return NULL;
}

/* The script. */

static void add_keys(struct session *s, struct command *c)
{
	for (size_t i = 0; i < c->count; i++) {
		c->keys[i] = key_random(&s->rng);
		buf_add_char(&s->script, ' ');
		buf_add_slice(&s->script, key_slice(&c->keys[i]));
	}
}

static void add_command(struct session *s, struct command *c, const char *load_file)
{
	static const char *const verbs[] = {
	    "get",     "get",    "get",     "get",  "get",  "get",    "get",   "gets",
	    "gets",    "gat",    "gats",    "set",  "set",  "set",    "add",   "replace",
	    "append",  "cas",    "delete",  "incr", "incr", "decr",   "touch", "set --noreply",
	    "prepend", "delete", "version", "incr", "set",  "delete", "stats", "get"};
	static const char *const rare[] = {".raw get", "stats", ".dump -", ".load", "stats items"};
	bool is_rare = rng_once_in(&s->rng, s->dumps ? 4 : 40);
	c->verb = is_rare ? rare[rng_below(&s->rng, 5)] : verbs[rng_below(&s->rng, 32)];
	if (c->verb == rare[0] && strcmp(s->protocol, "binary") == 0)
		c->verb = "stats"; /* .raw has no packets */
	struct slice verb = slice_str(c->verb);
	c->count = 1;
	buf_add_slice(&s->script, verb);
	if (slice_eq_str(verb, ".load"))
		buf_addf(&s->script, " %s", load_file);
	if (slice_starts(verb, SLICE("gat")))
		buf_add_str(&s->script, " 60");
	if (slice_starts(verb, SLICE("g")) && rng_once_in(&s->rng, 4))
		c->count = 2 + rng_below(&s->rng, KEYS_MAX - 1);
	if (slice_eq_str(verb, "version") || slice_starts(verb, SLICE("stats")) ||
	    slice_eq_str(verb, ".dump -") || slice_eq_str(verb, ".load"))
		c->count = 0;
	add_keys(s, c);
	const char *answer = c->count ? key_answer(verb, key_slice(&c->keys[0])) : NULL;
	if (slice_eq_str(verb, "touch"))
		buf_add_str(&s->script, " 100");
	else if (slice_starts(verb, SLICE("set --")) || (answer && !slice_eq_str(verb, "delete"))) {
		buf_add_char(&s->script, ' ');
		buf_add_repeat(&s->script, 'v', 1 + rng_below(&s->rng, 40));
		if (slice_eq_str(verb, "cas"))
			buf_add_str(&s->script, " 77");
	} else if (slice_eq_str(verb, "incr")) {
		buf_add_str(&s->script, " 3");
	}
	buf_add_char(&s->script, '\n');
}

static void plan_mutations(struct session *s)
{
	size_t many[] = {0, 1, 1, 1, 1, 1, 1, 1, 2, MUTATIONS_MAX};
	s->mutation_count = many[rng_below(&s->rng, 10)];
	s->patient = true;
	for (size_t i = 0; i < s->mutation_count; i++) {
		struct mutation *m = &s->mutations[i];
		/* What costs a timeout comes less often. */
		do {
			m->kind = (enum mutation_kind)rng_below(&s->rng, MUTATE_KINDS);
		} while ((m->kind == MUTATE_STALL || m->kind == MUTATE_TRICKLE ||
		          m->kind == MUTATE_ENDLESS || m->kind == MUTATE_OMIT) &&
		         !rng_once_in(&s->rng, m->kind == MUTATE_TRICKLE ? 20 : 3));
		m->at = rng_below(&s->rng, s->count);
		m->die = rng_next(&s->rng);
		m->wants_lines = (m->kind == MUTATE_ENDLESS || m->kind == MUTATE_TRICKLE) &&
		                 !rng_once_in(&s->rng, 3);
		s->patient &= m->kind == MUTATE_DRIP;
	}
	s->timeout = s->patient ? "--timeout=30s" : "--timeout=150ms";
}

void session_plan(struct session *s, const char *load_file)
{
	static const char *const others[] = {"--format=pretty", "--format=csv", "--format=raw",
	                                     "--format=wire"};
	static const char *const protocols[] = {"classic", "meta", "auto", "binary"};
	s->rng.state = s->seed;
	size_t form = rng_below(&s->rng, 12);
	s->form = form < 5    ? FORM_JSON
	          : form < 7  ? FORM_PLAIN
	          : form < 9  ? FORM_EXPECT
	          : form < 11 ? FORM_TRACED
	                      : FORM_OTHER;
	s->format = s->form == FORM_JSON || s->form == FORM_TRACED ? "--format=json"
	            : s->form == FORM_OTHER                        ? others[rng_below(&s->rng, 4)]
	                                                           : "--format=plain";
	s->protocol = protocols[rng_below(&s->rng, 4)];
	buf_addf(&s->script, ".set protocol %s\n", s->protocol);
	s->dumps = rng_once_in(&s->rng, 20);
	s->count = 1 + rng_below(&s->rng, s->dumps ? 12 : 80);
	/* Beyond 256 commands `auto` asks for the meta commands. */
	if (rng_once_in(&s->rng, 15))
		s->count = 300 + rng_below(&s->rng, 600);
	s->commands = xcalloc(s->count, sizeof(*s->commands));
	s->dumped_count = rng_below(&s->rng, 24);
	for (size_t i = 0; i < s->dumped_count; i++)
		s->dumped[i] = key_random_hit(&s->rng);
	for (size_t i = 0; i < s->count; i++)
		add_command(s, &s->commands[i], load_file);
	plan_mutations(s);
}

void session_release(struct session *s)
{
	buf_release(&s->script);
	free(s->commands);
}
