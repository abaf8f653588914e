#include "proto/meta_flags.h"

#include "base/number.h"

const struct meta_flag meta_flags[] = {
    {'b', "mg ms md ma me", META_TOKEN_NONE, "the key is in base64", "the key is in base64", NULL,
     0, 0},
    {'c', "mg ms ma", META_TOKEN_NONE, "return the cas number", "the cas number", "cas", 0, 0},
    {'f', "mg", META_TOKEN_NONE, "return the client flags", "the client flags", "flags", 0, 0},
    {'h', "mg", META_TOKEN_NONE, "return whether it was read before",
     "1: it was read before; 0: never", "hit", 0, 0},
    {'k', "mg ms md ma", META_TOKEN_NONE, "return the key", "the key", "key", 0, 0},
    {'l', "mg", META_TOKEN_NONE, "return the seconds since its last use",
     "seconds since its last use", "idle", 0, 0},
    {'s', "mg", META_TOKEN_NONE, "return the value's length", "the value's length, in bytes",
     "size", 0, 0},
    {'s', "ms", META_TOKEN_NONE, "return the length of what is stored",
     "the value's length, in bytes", "size", 20, 0},
    {'t', "mg ma", META_TOKEN_NONE, "return the seconds left to live",
     "seconds left to live; -1: it does not expire", "ttl", 0, 0},
    {'u', "mg", META_TOKEN_NONE, "leave its place in the LRU and its read mark as they are", NULL,
     NULL, 0, 0},
    {'v', "mg", META_TOKEN_NONE, "return the value", NULL, NULL, 0, 0},
    {'v', "ma", META_TOKEN_NONE, "return the new number", NULL, NULL, 0, 0},
    {'q', "mg", META_TOKEN_NONE, "quiet: no answer to a miss", NULL, NULL, 0, 0},
    {'q', "ms md ma", META_TOKEN_NONE, "quiet: no answer when it is done", NULL, NULL, 0, 0},
    {'x', "md", META_TOKEN_NONE, "remove the value and keep the item", NULL, NULL, 27, 0},
    {'C', "mg", META_TOKEN_NUMBER, "leave out the value of the item with this cas number", NULL,
     NULL, 40, 0},
    {'C', "ms md ma", META_TOKEN_NUMBER, "only if the item has this cas number", NULL, NULL, 0, 0},
    {'D', "ma", META_TOKEN_NUMBER, "the delta, 1 unless given", NULL, NULL, 0, 0},
    {'E', "mg ms md ma", META_TOKEN_NUMBER, "the cas number to give to the item", NULL, NULL, 27,
     0},
    {'F', "ms", META_TOKEN_FLAGS, "the client flags, 0 unless given", NULL, NULL, 0, 0},
    {'I', "ms", META_TOKEN_NONE, "if the cas number of C is older: store, and mark it stale", NULL,
     NULL, 0, 'C'},
    {'I', "md", META_TOKEN_NONE, "mark it stale in place of deleting it", NULL, NULL, 0, 0},
    {'J', "ma", META_TOKEN_NUMBER, "the number that N begins with, 0 unless given", NULL, NULL, 0,
     'N'},
    {'L', "mg ms md ma", META_TOKEN_TEXT, "for proxies; a server ignores it", NULL, NULL, 0, 0},
    {'M', "ms", META_TOKEN_MODE, "the mode: E add, A append, P prepend, R replace, S set", NULL,
     NULL, 0, 0},
    {'M', "ma", META_TOKEN_MODE, "the mode: I or + adds, D or - subtracts", NULL, NULL, 0, 0},
    {'N', "mg", META_TOKEN_SECONDS,
     "on a miss make an empty item that lives so long, and win the right to fill it", NULL, NULL, 0,
     0},
    {'N', "ms", META_TOKEN_SECONDS, "with MA or MP: on a miss store it, to live so long", NULL,
     NULL, 20, 'M'},
    {'N', "ma", META_TOKEN_SECONDS, "on a miss make the number, to live so long", NULL, NULL, 0, 0},
    {'O', "mg ms md ma", META_TOKEN_TEXT, "an opaque: the answer repeats it",
     "the opaque of the request", "opaque", 0, 0},
    {'P', "mg ms md ma", META_TOKEN_TEXT, "for proxies; a server ignores it", NULL, NULL, 0, 0},
    {'R', "mg", META_TOKEN_SECONDS,
     "when it has less left to live, win the right to fetch it again", NULL, NULL, 0, 0},
    {'T', "mg ms ma", META_TOKEN_SECONDS, "the new time to live", NULL, NULL, 0, 0},
    {'T', "md", META_TOKEN_SECONDS, "with I: the new time to live", NULL, NULL, 0, 'I'},
    {'W', "", META_TOKEN_NONE, NULL, "won: it is yours to fetch again", "won", 0, 0},
    {'X', "", META_TOKEN_NONE, NULL, "stale: it was marked so", "stale", 0, 0},
    {'Z', "", META_TOKEN_NONE, NULL, "another client has won, and is fetching it", "fetching", 0,
     0},
    {0},
};

const struct meta_flag *meta_flag_find(struct slice command, char letter)
{
	for (const struct meta_flag *f = meta_flags; f->letter; f++) {
		if (f->letter == letter && slice_lists(slice_str(f->commands), ' ', command))
			return f;
	}
	return NULL;
}

const struct meta_flag *meta_flag_answered(char letter)
{
	for (const struct meta_flag *f = meta_flags; f->letter; f++) {
		if (f->letter == letter && f->answers)
			return f;
	}
	return NULL;
}

const char *meta_token_name(enum meta_token token)
{
	static const char *const names[] = {
	    [META_TOKEN_NONE] = "",     [META_TOKEN_NUMBER] = "N",
	    [META_TOKEN_FLAGS] = "N",   [META_TOKEN_SECONDS] = "SECONDS",
	    [META_TOKEN_TEXT] = "TEXT", [META_TOKEN_MODE] = "MODE",
	};
	return names[token];
}

const char *meta_flag_meaning(struct slice command, char letter, bool in_answer)
{
	const struct meta_flag *f = in_answer ? meta_flag_answered(letter)
	                                      : meta_flag_find(command, letter);
	return !f ? NULL : in_answer ? f->answers : f->asks;
}

const char *meta_mode_meaning(struct slice command, char mode)
{
	static const struct {
		const char *command, *modes, *text;
	} rows[] = {
	    {"ms", "E", "add: only if the key is not there"},
	    {"ms", "A", "append"},
	    {"ms", "P", "prepend"},
	    {"ms", "R", "replace: only if the key is there"},
	    {"ms", "S", "set"},
	    {"ma", "I+", "add the delta, as incr"},
	    {"ma", "D-", "subtract the delta, as decr"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (slice_eq_str(command, rows[i].command) && mode && strchr(rows[i].modes, mode))
			return rows[i].text;
	}
	return NULL;
}

struct slice meta_answers(struct slice command)
{
	static const char *const rows[][2] = {
	    {"mg", "VA HD EN"},       {"ms", "HD NS EX NF"}, {"md", "HD NF EX NS"},
	    {"ma", "HD VA NF NS EX"}, {"mn", "MN"},          {"me", "ME EN"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (slice_eq_str(command, rows[i][0]))
			return slice_str(rows[i][1]);
	}
	return slice_of(NULL, 0);
}

/* Which commands take a letter that COMMAND does not. */
static bool refuse_letter(struct slice command, char letter, struct slice word, struct error *error)
{
	char others[20] = "";
	error_set(error, NULL, "%.*s has no flag \"%.*s\"", (int)command.len, command.data,
	          SLICE_ARGS(word, 40));
	for (const struct meta_flag *f = meta_flags; f->letter; f++) {
		if (f->letter != letter || !f->commands[0])
			continue;
		if (others[0])
			strcat(others, " ");
		strcat(others, f->commands); /* four commands at the most: no two rows share one */
	}
	if (others[0])
		error_hint(error, "%c is a flag of %s; .help %.*s lists those of %.*s", letter,
		           others, (int)command.len, command.data, (int)command.len, command.data);
	else if (meta_flag_answered(letter))
		error_hint(error, "%c stands in answers alone; see .help %.*s", letter,
		           (int)command.len, command.data);
	else
		error_hint(error, ".help %.*s lists its flags; --force sends it all the same",
		           (int)command.len, command.data);
	return false;
}

static bool check_number(struct slice word, uint64_t most, struct error *error)
{
	uint64_t n;
	enum number_result result = number_parse_u64(slice_skip(word, 1), &n);
	if (result == NUMBER_OK && n <= most)
		return true;
	error_set(error, NULL, "the number in \"%.*s\" %s", SLICE_ARGS(word, 40),
	          result == NUMBER_OK ? "is too large" : number_why(result));
	error_hint(error, "write %c and a number from 0 to %llu, without a blank between",
	           word.data[0], (unsigned long long)most);
	return false;
}

static bool check_seconds(struct slice word, struct error *error)
{
	int64_t n;
	enum number_result result = number_parse_i64(slice_skip(word, 1), &n);
	if (result == NUMBER_OK && n <= INT32_MAX && n >= INT32_MIN)
		return true;
	error_set(error, NULL, "the time in \"%.*s\" %s", SLICE_ARGS(word, 40),
	          result == NUMBER_OK ? "does not fit 32 bits" : number_why(result));
	error_hint(error,
	           "write %c and seconds, as in %c90; 0 is never, and above 30 days it is a Unix "
	           "time",
	           word.data[0], word.data[0]);
	return false;
}

static bool check_mode(struct slice command, const struct meta_flag *flag, struct slice word,
                       struct error *error)
{
	if (word.len == 2 && meta_mode_meaning(command, word.data[1]))
		return true;
	error_set(error, NULL, "\"%.*s\" is not a mode of %.*s", SLICE_ARGS(word, 40),
	          (int)command.len, command.data);
	error_hint(error, "write M and one letter, %s", flag->asks);
	return false;
}

/* "vtf" is what one types for v t f. */
static bool check_bare(struct slice command, struct slice word, struct error *error)
{
	if (word.len == 1)
		return true;
	error_set(error, NULL, "the flag %c takes nothing after it: \"%.*s\"", word.data[0],
	          SLICE_ARGS(word, 40));
	size_t i = 1;
	while (i < word.len && meta_flag_find(command, word.data[i]))
		i++;
	error_hint(error,
	           i == word.len ? "write a blank between flags" : "leave out what follows it");
	return false;
}

static bool check_text(struct slice word, struct error *error)
{
	if (word.len - 1 <= META_OPAQUE_BYTES)
		return true;
	error_set(error, "31 bytes are the most that a server takes",
	          "the text after %c has %zu bytes", word.data[0], word.len - 1);
	return false;
}

static bool check_token(struct slice command, const struct meta_flag *flag, struct slice word,
                        struct error *error)
{
	switch (flag->token) {
	case META_TOKEN_NONE:
		return check_bare(command, word, error);
	case META_TOKEN_NUMBER:
		return check_number(word, UINT64_MAX, error);
	case META_TOKEN_FLAGS:
		return check_number(word, UINT32_MAX, error);
	case META_TOKEN_SECONDS:
		return check_seconds(word, error);
	case META_TOKEN_TEXT:
		return check_text(word, error);
	case META_TOKEN_MODE:
		return check_mode(command, flag, word, error);
	}
	return false;
}

static bool check_one(struct slice command, struct slice word, struct error *error)
{
	if (word.len == 0)
		return error_set(error, "leave it out", "a flag is empty");
	if (memchr(word.data, ' ', word.len))
		return error_set(error,
		                 "a blank ends a flag; in a value of ms quote the value alone",
		                 "the flag \"%.*s\" has a blank", SLICE_ARGS(word, 40));
	const struct meta_flag *flag = meta_flag_find(command, word.data[0]);
	return flag ? check_token(command, flag, word, error)
	            : refuse_letter(command, word.data[0], word, error);
}

bool meta_flags_check(struct slice command, const struct slice *flags, size_t count, size_t others,
                      struct error *error)
{
	for (size_t i = 0; i < count; i++) {
		if (!check_one(command, flags[i], error))
			return false;
		for (size_t j = 0; j < i; j++) {
			if (flags[j].data[0] == flags[i].data[0])
				return error_set(error, "a server takes each flag once",
				                 "the flag %c stands twice", flags[i].data[0]);
		}
	}
	if (1 + others + count <= META_WORDS_MOST)
		return true;
	error_set(error, NULL, "the line has %zu words", 1 + others + count);
	error_hint(error, "memcached takes %d on a line of meta commands, %d before 1.6.%d",
	           META_WORDS_MOST, META_WORDS, META_WORDS_SINCE);
	return false;
}

unsigned meta_flags_since(struct slice command, const struct slice *flags, size_t count,
                          size_t others, struct slice *why)
{
	unsigned since = 0;
	*why = slice_of("", 0);
	for (size_t i = 0; i < count; i++) {
		const struct meta_flag *f = meta_flag_find(command, flags[i].data[0]);
		if (f && f->since > since) {
			since = f->since;
			*why = flags[i];
		}
	}
	if (1 + others + count > META_WORDS && since < META_WORDS_SINCE) {
		since = META_WORDS_SINCE;
		*why = slice_of("", 0);
	}
	return since;
}
