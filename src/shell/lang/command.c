#include "shell/lang/command.h"

#include "base/edits.h"

const struct command_option *command_option_at(const struct command *command, size_t i)
{
	static const struct command_option routed[] = {
	    {"--server", "SERVER", "ask this server: its number in .servers, or its address", NULL},
	    {"--hash", "H", "place the key by this number instead of its own hash", NULL},
	    {NULL, NULL, NULL, NULL},
	};
	size_t own = 0;
	while (command->options && command->options[own].name)
		own++;
	if (i < own)
		return &command->options[i];
	if (!command->build && !(command->flags & COMMAND_ROUTED))
		return NULL;
	i -= own;
	return i < sizeof(routed) / sizeof(routed[0]) - 1 ? &routed[i] : NULL;
}

const struct command_option *command_option_named(const struct command *command, struct slice name,
                                                  size_t *i)
{
	const struct command_option *o;
	for (*i = 0; (o = command_option_at(command, *i)); ++*i) {
		if (slice_eq_str(name, o->name))
			return o;
	}
	return NULL;
}

const char *command_group_title(enum command_group group)
{
	static const char *const titles[GROUP_COUNT] = {
	    [GROUP_STORE] = "Store a value",
	    [GROUP_READ] = "Read values",
	    [GROUP_CHANGE] = "Change or remove an item",
	    [GROUP_META] = "Meta commands: what an item is, and atomic changes",
	    [GROUP_SERVER] = "Query and control the server",
	    [GROUP_LOOK] = "How answers look",
	    [GROUP_CONNECT] = "Which servers",
	    [GROUP_EXPLORE] = "Explore a cache",
	    [GROUP_SCRIPT] = "Repeat and script",
	    [GROUP_SHELL] = "The shell itself",
	};
	return titles[group];
}

bool operand_next(struct slice *rest, struct operand *out)
{
	/* Read for each command that is run, and the words are short. */
	size_t from = 0;
	while (from < rest->len && rest->data[from] == ' ')
		from++;
	size_t to = from;
	while (to < rest->len && rest->data[to] != ' ')
		to++;
	struct slice word = slice_of(rest->data + from, to - from);
	*rest = slice_skip(*rest, to);
	if (word.len == 0)
		return false;
	out->optional = word.data[0] == '[';
	if (out->optional)
		word = slice_of(word.data + 1, word.len - 2);
	out->repeated = word.len > 3 && slice_ends(word, SLICE("..."));
	if (out->repeated)
		word.len -= 3;
	out->name = word;
	return true;
}

bool operand_is_choice(struct slice name)
{
	char c = name.len > 0 ? name.data[0] : '\0';
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool operand_has_choice(struct slice name, struct slice word)
{
	return slice_lists(name, '|', word);
}

void command_usage(const struct command *command, struct buf *out)
{
	buf_add_str(out, command->name);
	for (const struct command_option *o = command->options; o && o->name; o++)
		buf_addf(out, o->value ? " [%s %s]" : " [%s]", o->name, o->value);
	struct slice rest = slice_str(command->operands);
	if (slice_trim(rest).len > 0) {
		buf_add_char(out, ' ');
		buf_add_slice(out, rest);
	}
}

static const struct command *nearest(const struct command *const *commands, struct slice word)
{
	const struct command *best = NULL;
	unsigned least = word.len <= 3 ? 2 : 3; /* more edits than this is another word */
	for (; *commands; commands++) {
		struct slice name = slice_str((*commands)->name);
		unsigned d = edits_between(word, name, least);
		/* "trace" for ".trace" is one edit and surely meant. */
		if (d < least) {
			least = d;
			best = *commands;
		}
	}
	return best;
}

static bool is_short_for(const struct command *command, struct slice word, bool yielding)
{
	return yielding == ((command->flags & COMMAND_YIELDS) != 0) &&
	       !(command->flags & COMMAND_EXACT) && slice_starts(slice_str(command->name), word);
}

/* The only command that WORD is short for, of those that yield to others or of those others. */
static const struct command *find_only(const struct command *const *commands, struct slice word,
                                       bool yielding, bool *several)
{
	const struct command *found = NULL;
	*several = false;
	for (; *commands; commands++) {
		if (is_short_for(*commands, word, yielding)) {
			*several |= found != NULL;
			found = *commands;
		}
	}
	return *several ? NULL : found;
}

static const struct command *find_prefix(const struct command *const *commands, struct slice word,
                                         bool *several)
{
	*several = false;
	if (word.len < 2 || word.data[0] != '.')
		return NULL;
	const struct command *found = find_only(commands, word, false, several);
	return found || *several ? found : find_only(commands, word, true, several);
}

static void name_prefixed(const struct command *const *commands, struct slice word,
                          struct error *error)
{
	struct buf names = BUF_INIT;
	for (int yielding = 0; yielding < 2; yielding++) {
		for (const struct command *const *c = commands; *c; c++) {
			if (is_short_for(*c, word, yielding))
				buf_addf(&names, "%s%s", names.len ? ", " : "", (*c)->name);
		}
	}
	error_set(error, NULL, "%.*s could be more than one command", (int)word.len, word.data);
	error_hint(error, "it begins %s", buf_cstr(&names));
	buf_release(&names);
}

/* The most bytes of a habit; a longer word is none. */
#define HABIT_MAX 32

/* WORD in lower case, in SPACE. */
static struct slice lower(struct slice word, char space[HABIT_MAX])
{
	if (word.len > HABIT_MAX)
		return slice_of("", 0);
	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];
		space[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return slice_of(space, word.len);
}

/* What a row has for WORD, which users of other programs type, some with the dot of this one, some
 * in capitals: a hint, or *MEANT, its command. */
static const char *find_habit(const struct command *const *commands, struct slice word,
                              const struct command **meant)
{
	char space[HABIT_MAX];
	word = lower(word, space);
	struct slice bare = slice_starts(word, SLICE(".")) ? slice_skip(word, 1) : word;
	*meant = NULL;
	for (; *commands; commands++) {
		if ((*commands)->habits && slice_is_among(bare, (*commands)->habits))
			*meant = *commands;
		for (const struct command_hint *h = (*commands)->hints; h && h->words; h++) {
			if (slice_is_among(bare, h->words))
				return h->hint;
		}
	}
	return NULL;
}

/* The command that command_find offers for WORD, an unknown one; or NULL. */
static const struct command *meant_by(const struct command *const *commands, struct slice word)
{
	const struct command *meant;
	find_habit(commands, word, &meant);
	return meant ? meant : nearest(commands, word);
}

static bool names_secret(const struct command *c)
{
	return c && (c->flags & COMMAND_SECRET);
}

/* Whether WORD, up to a =, stands for a login or a part of one: login, --password, MCSH_PASSWORD=x.
 */
static bool names_login(const struct command *const *commands, struct slice word)
{
	const struct command *meant;
	char space[HABIT_MAX];
	word = slice_before(word, '=');
	find_habit(commands, word, &meant);
	word = lower(word, space);
	return names_secret(meant) || slice_find(word, SLICE("auth")) ||
	       slice_find(word, SLICE("pass"));
}

const struct command *command_find(const struct command *const *commands, struct slice word,
                                   struct error *error)
{
	bool several;
	for (const struct command *const *c = commands; *c; c++) {
		if (slice_eq_str(word, (*c)->name))
			return *c;
	}
	for (const struct command *const *c = commands; *c; c++) {
		if ((*c)->aliases && slice_is_among(word, (*c)->aliases))
			return *c;
	}
	const struct command *found = find_prefix(commands, word, &several);
	if (found)
		return found;
	if (!error)
		return NULL;
	if (several) {
		name_prefixed(commands, word, error);
		return NULL;
	}
	const struct command *near = nearest(commands, word), *meant;
	const char *hint = find_habit(commands, word, &meant);
	bool dot = word.len > 0 && word.data[0] == '.';
	struct slice name = slice_before(word, '=');
	bool secret = name.len < word.len &&
	              (names_secret(meant_by(commands, name)) || names_login(commands, name));
	error_set(error,
	          secret ? "a blank stands after a command; .help .auth"
	          : dot  ? "see .help"
	                 : "see .help, or send a line as it is with .raw",
	          "unknown command \"%.*s%s\"", SLICE_ARGS(secret ? name : word, 60),
	          secret ? "=***" : "");
	if (hint)
		error_hint(error, "%s", hint);
	else if (meant)
		error_hint(error, "did you mean %s?", meant->name);
	else if (near && slice_eq_folded(word, near->name))
		error_hint(error, "memcached's words are in lower case: %s", near->name);
	else if (near)
		error_hint(error,
		           dot ? "did you mean %s? see .help"
		               : "did you mean %s? see .help, or send a line as it is with .raw",
		           near->name);
	return NULL;
}

/* The place of COMMAND among the operands of ROW, counted from 1; 0: it has none. */
static size_t nested_command(const struct command *row)
{
	struct slice rest = slice_str(row->operands);
	struct operand operand;
	for (size_t i = 1; operand_next(&rest, &operand); i++) {
		if (slice_eq_str(operand.name, "COMMAND"))
			return i;
	}
	return 0;
}

/* Whether WORDS, `.set NAME VALUE` from I on, set something that is not a setting and names a login
 * (`.set password x`). */
static bool sets_secret(const struct command *const *commands, const struct words *words, size_t i)
{
	return i + 1 < words->count && names_login(commands, words->list[i + 1].text);
}

/* bob:secret@host, where servers are named. */
static bool holds_login(struct slice word)
{
	const char *at = word.len > 0 ? memrchr(word.data, '@', word.len) : NULL;
	return at && memchr(word.data, ':', (size_t)(at - word.data));
}

/* Whether a word of an unknown command, or of C, which names servers, is or names a login. */
static bool has_login(const struct command *const *commands, const struct command *c,
                      const struct words *words)
{
	if (c && !strstr(c->operands, "SERVER..."))
		return false;
	for (size_t i = 0; i < words->count; i++) {
		struct slice word = words->list[i].text;
		if (holds_login(word) || (!c && names_login(commands, word)))
			return true;
	}
	return false;
}

/* Whether the word that stands for a command, at I or within that command, was meant for one whose
 * words are secret: the error that it gets offers that. */
static bool means_secret(const struct command *const *commands, const struct words *words, size_t i)
{
	while (i < words->count) {
		struct slice word = words->list[i].text;
		if (word.len == 0)
			return false;
		const struct command *c = command_find(commands, word, NULL);
		/* .Auth=bob, too */
		if (!c && names_secret(meant_by(commands, slice_before(word, '='))))
			return true;
		if (has_login(commands, c, words))
			return true;
		if (c && slice_eq_str(slice_str(c->name), ".set") &&
		    sets_secret(commands, words, i))
			return true;
		bool prompt = !c && (word.data[word.len - 1] == '>' || slice_eq_str(word, "$"));
		size_t step = prompt ? 1 : c ? nested_command(c) : 0;
		if (step == 0)
			return false;
		i += step;
	}
	return false;
}

bool command_is_secret(const struct command *const *commands, struct slice line)
{
	struct words words = {0};
	struct error ignored;
	bool secret = false;
	tokenize(line, &words, &ignored);
	for (size_t i = 0; i < words.count && !secret; i++) {
		if (words.list[i].text.len == 0)
			continue;
		secret = names_secret(command_find(commands, words.list[i].text, NULL));
	}
	/* Words that stand where no command does, as in "> .auth ...", are not among them. */
	secret = secret || means_secret(commands, &words, 0) || slice_find(line, SLICE(".auth "));
	words_release(&words);
	return secret;
}
