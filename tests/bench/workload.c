/*
 * The workloads of the benchmarks: the same bytes each time, in the form that each contestant
 *reads.
 *
 *	workload KIND COUNT
 *
 * Mixed commands over 100,000 keys, one in ten of them a counter: 50% get, of which 1 in 10 a miss,
 * 40% set, 10% incr.
 *
 *	script           as mcsh reads them
 *	script-meta      as meta commands on the wire; `mn` ends them
 *	script-classic   as classic commands on the wire; `mn` ends them
 *	script-before    the keys as the commands expect to find them: quiet meta commands, and `mn`
 *	script-printed   what mcsh prints for them, to the byte
 *
 * Items, each with a key of 16 bytes and a value of 16 to 64:
 *
 *	items-tsv        a key, a tab, a value
 *	items-json       JSON Lines
 *	items-meta       quiet meta commands; `mn` ends them
 *	items-noreply    classic commands without answers; `mn` ends them
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS     100000
#define COUNTERS 10000 /* the last of the keys */
#define VALUES   (KEYS - COUNTERS)

/* The counters start here, so that none of them gets longer. */
#define COUNTER_START 1000000

/* Values are cut from this. Neither blank nor capital: they need no quotes in a script, and none
 * looks like the MN that ends a stream of replies. */
static const char letters[] = "it.was.a.bright.cold.day.in.april-0123456789-and.the.clocks.were."
			      "striking.thirteen_abcdefghijklmnopqrstuvwxyz_0f1e2d3c4b5a69788796";

#define VALUE_MIN 16
#define VALUE_MAX 64

struct value {
	const char *text;
	int len;
};

/* splitmix64, by Sebastiano Vigna (public domain): any state will do, and every one is reached. */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static struct value next_value(uint64_t *state)
{
	uint64_t r = next(state);
	return (struct value){letters + r % (sizeof(letters) - VALUE_MAX),
	                      VALUE_MIN + (int)((r >> 32) % (VALUE_MAX - VALUE_MIN + 1))};
}

enum verb {
	GET,
	MISS,
	SET,
	INCR,
};

struct step {
	enum verb verb;
	unsigned key;
	struct value value; /* of a set */
};

static struct step next_step(uint64_t *state)
{
	uint64_t r = next(state);
	unsigned dice = (unsigned)(r % 100), key = (unsigned)(r >> 32);
	if (dice < 45)
		return (struct step){.verb = GET, .key = key % KEYS};
	if (dice < 50)
		return (struct step){.verb = MISS, .key = KEYS + key % KEYS};
	if (dice < 90)
		return (struct step){SET, key % VALUES, next_value(state)};
	return (struct step){.verb = INCR, .key = VALUES + key % COUNTERS};
}

static void print_script(struct step s)
{
	if (s.verb == SET)
		printf("set key-%012u %.*s\n", s.key, s.value.len, s.value.text);
	else
		printf("%s key-%012u\n", s.verb == INCR ? "incr" : "get", s.key);
}

static void print_meta(struct step s)
{
	if (s.verb == SET)
		printf("ms key-%012u %d\r\n%.*s\r\n", s.key, s.value.len, s.value.len,
		       s.value.text);
	else
		printf(s.verb == INCR ? "ma key-%012u v\r\n" : "mg key-%012u f v\r\n", s.key);
}

static void print_classic(struct step s)
{
	if (s.verb == SET)
		printf("set key-%012u 0 0 %d\r\n%.*s\r\n", s.key, s.value.len, s.value.len,
		       s.value.text);
	else
		printf(s.verb == INCR ? "incr key-%012u 1\r\n" : "get key-%012u\r\n", s.key);
}

static void print_before(void)
{
	uint64_t state = 1;
	for (unsigned i = 0; i < VALUES; i++) {
		struct value v = next_value(&state);
		printf("ms key-%012u %d q\r\n%.*s\r\n", i, v.len, v.len, v.text);
	}
	for (unsigned i = VALUES; i < KEYS; i++)
		printf("ms key-%012u 7 q\r\n%d\r\n", i, COUNTER_START);
}

/* What the keys hold, for those who want to know what a script prints. */
struct cache {
	struct value values[VALUES];
	unsigned counters[COUNTERS];
};

static void fill(struct cache *c)
{
	uint64_t state = 1;
	for (unsigned i = 0; i < VALUES; i++)
		c->values[i] = next_value(&state);
	for (unsigned i = 0; i < COUNTERS; i++)
		c->counters[i] = COUNTER_START;
}

static void print_printed(struct cache *c, struct step s)
{
	switch (s.verb) {
	case GET:
		if (s.key < VALUES)
			printf("%.*s\n", c->values[s.key].len, c->values[s.key].text);
		else
			printf("%u\n", c->counters[s.key - VALUES]);
		break;
	case MISS:
		break;
	case SET:
		c->values[s.key] = s.value;
		puts("STORED");
		break;
	case INCR:
		printf("%u\n", ++c->counters[s.key - VALUES]);
		break;
	}
}

/* One item, in the form whose name follows the "items-". */
static void print_item(const char *form, unsigned key, struct value v)
{
	if (strcmp(form, "tsv") == 0)
		printf("key-%012u\t%.*s\n", key, v.len, v.text);
	else if (strcmp(form, "json") == 0)
		printf("{\"key\":\"key-%012u\",\"value\":\"%.*s\"}\n", key, v.len, v.text);
	else if (strcmp(form, "meta") == 0)
		printf("ms key-%012u %d q\r\n%.*s\r\n", key, v.len, v.len, v.text);
	else
		printf("set key-%012u 0 0 %d noreply\r\n%.*s\r\n", key, v.len, v.len, v.text);
}

static bool print_items(const char *form, unsigned count)
{
	static const char *const forms[] = {"tsv", "json", "meta", "noreply"};
	uint64_t state = 2;
	bool known = false;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		known |= strcmp(form, forms[i]) == 0;
	for (unsigned i = 0; known && i < count; i++)
		print_item(form, i, next_value(&state));
	return known;
}

static bool print_steps(const char *kind, unsigned count)
{
	static struct cache cache;
	uint64_t state = 3;
	bool meta = strcmp(kind, "script-meta") == 0, classic = strcmp(kind, "script-classic") == 0,
	     script = strcmp(kind, "script") == 0;
	if (!meta && !classic && !script && strcmp(kind, "script-printed") != 0)
		return false;
	fill(&cache);
	for (unsigned i = 0; i < count; i++) {
		struct step s = next_step(&state);
		if (script)
			print_script(s);
		else if (meta)
			print_meta(s);
		else if (classic)
			print_classic(s);
		else
			print_printed(&cache, s);
	}
	return true;
}

int main(int argc, char **argv)
{
	const char *kind = argc == 3 ? argv[1] : "";
	unsigned count = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	bool before = strcmp(kind, "script-before") == 0;
	if (before)
		print_before();
	else if (!(strncmp(kind, "items-", 6) == 0 ? print_items(kind + 6, count)
	                                           : print_steps(kind, count))) {
		fprintf(stderr, "usage: workload KIND COUNT (the kinds stand in workload.c)\n");
		return 2;
	}
	if (before || strcmp(kind, "script-meta") == 0 || strcmp(kind, "script-classic") == 0 ||
	    strcmp(kind, "items-meta") == 0 || strcmp(kind, "items-noreply") == 0)
		fputs("mn\r\n", stdout);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
