#include "shell/lang/args.h"

#include "base/number.h"
#include "base/quote.h"
#include "shell/lang/data_block.h"
#include "shell/lang/forms.h"

bool args_option_given(const struct args *args, const char *name, struct slice *value)
{
	size_t i;
	if (!command_option_named(args->command, slice_str(name), &i) || !args->given[i])
		return false;
	if (value)
		*value = args->values[i];
	return true;
}

void args_join(const struct args *args, struct buf *out)
{
	for (size_t i = 0; i < args->count; i++) {
		buf_add_str(out, i > 0 ? " " : "");
		buf_add_slice(out, args->operands[i]);
	}
}

struct slice args_rest(const struct args *args, size_t i)
{
	size_t from = args->words[i].start, to = args->words[args->count - 1].end;
	return slice_of(args->line.data + from, to - from);
}

/* Puts the usage into ERROR's hint. */
static bool refuse(const struct command *command, struct error *error)
{
	struct buf usage = BUF_INIT;
	command_usage(command, &usage);
	error_hint(error, "usage: %s", buf_cstr(&usage));
	buf_release(&usage);
	return false;
}

/* A word that begins with two dashes, bare, is an option; a negative number never is. */
static bool looks_like_option(const struct word *word)
{
	return !word->quoted && word->text.len > 1 && word->text.data[0] == '-' &&
	       !(word->text.data[1] >= '0' && word->text.data[1] <= '9');
}

/* Reads one option at WORDS[*I], and its value. */
static bool parse_option(const struct word *words, size_t count, size_t *i, struct args *out,
                         struct error *error)
{
	struct slice name = words[*i].text, value = {0};
	size_t place;
	const char *equals = memchr(name.data, '=', name.len);
	if (equals) {
		value = slice_skip(name, (size_t)(equals - name.data) + 1);
		name.len = (size_t)(equals - name.data);
	}
	const struct command_option *o = command_option_named(out->command, name, &place);
	if (!o) {
		error_set(error, NULL, "%s: unknown option %.*s", out->command->name,
		          SLICE_ARGS(name, 60));
		return refuse(out->command, error);
	}
	if (!o->value && equals) {
		error_set(error, NULL, "%s takes no value", o->name);
		return refuse(out->command, error);
	}
	if (o->value && !equals) {
		if (++*i == count) {
			error_set(error, NULL, "option %s requires a value, %s", o->name, o->value);
			return refuse(out->command, error);
		}
		value = words[*i].text;
	}
	out->any_given = out->given[place] = true;
	out->values[place] = value;
	++*i;
	return true;
}

static bool is_replaced(const struct args *args, struct slice operand)
{
	const struct command_option *o;
	for (size_t i = 0; args->any_given && (o = command_option_at(args->command, i)); i++) {
		if (args->given[i] && o->replaces && slice_eq_str(operand, o->replaces))
			return true;
	}
	return false;
}

/* "set foo 0 0 3" is what one types into telnet: the data follows on a line of its own there. */
static bool is_telnet_form(const struct args *args)
{
	const struct command *command = args->command;
	struct slice word;
	uint64_t bytes;
	return command->build && verb_stores(command->verb) &&
	       data_block_announced(args->line, &word, &bytes);
}

/* set KEY FLAGS EXPTIME LENGTH VALUE, the protocol's two lines in one. */
static bool refuse_one_line(const struct args *args, struct error *error)
{
	const struct slice *o = args->operands;
	uint64_t flags, n;
	if (!args->command->build || !verb_stores(args->command->verb) ||
	    args->command->verb == VERB_CAS || args->count != 5 ||
	    number_parse_u64(o[1], &flags) != NUMBER_OK ||
	    number_parse_u64(o[2], &n) != NUMBER_OK || number_parse_u64(o[3], &n) != NUMBER_OK)
		return false;
	struct buf line = BUF_INIT;
	if (flags != 0)
		buf_addf(&line, "--flags %.*s ", SLICE_ARGS(o[1], 20));
	quote_add_word(&line, slice_first(o[0], 60));
	buf_add_char(&line, ' ');
	quote_add_word(&line, slice_first(o[4], 60));
	if (!slice_eq_str(o[2], "0"))
		buf_addf(&line, " %.*s", SLICE_ARGS(o[2], 20));
	error_set(error, NULL, "%s takes no length here: mcsh counts the bytes itself",
	          args->command->name);
	error_hint(error, "type %s %s", args->command->name, buf_cstr(&line));
	buf_release(&line);
	return true;
}

/* set KEY VALUE EX 10, as Redis has it. */
static bool refuse_redis(const struct args *args, struct error *error)
{
	const struct slice *o = args->operands;
	if (!args->command->build || !verb_stores(args->command->verb) || args->count < 3)
		return false;
	bool found = slice_is_among(o[2], "EX ex PX px EXAT exat NX nx XX xx KEEPTTL keepttl");
	if (!found)
		return false;
	struct slice time = args->count > 3 ? o[3] : SLICE("SECONDS");
	struct buf key = BUF_INIT, value = BUF_INIT;
	quote_add_word(&key, slice_first(o[0], 60));
	quote_add_word(&value, slice_first(o[1], 60));
	error_set(error, NULL, "%.*s is an option of Redis", (int)o[2].len, o[2].data);
	if (slice_is_among(o[2], "NX nx XX xx"))
		error_hint(error, "type %s %s %s",
		           slice_is_among(o[2], "NX nx") ? "add" : "replace", buf_cstr(&key),
		           buf_cstr(&value));
	else if (slice_is_among(o[2], "EX ex"))
		error_hint(error, "type %s %s %s %.*s", args->command->name, buf_cstr(&key),
		           buf_cstr(&value), SLICE_ARGS(time, 20));
	else
		error_hint(error, "type %s %s %s SECONDS, or @UNIXTIME", args->command->name,
		           buf_cstr(&key), buf_cstr(&value));
	buf_release(&key);
	buf_release(&value);
	return true;
}

/* What the row has at the I-th place of those that are given; empty: nothing. */
static struct slice operand_at(const struct args *args, size_t i)
{
	struct slice rest = slice_str(args->command->operands);
	struct operand operand;
	while (operand_next(&rest, &operand)) {
		if (is_replaced(args, operand.name))
			continue;
		if (i == 0 || operand.repeated)
			return operand.name;
		i--;
	}
	return SLICE("");
}

/* set KEY VALUE noreply, as the protocol has it. Where a value or a key stands it is one. */
static bool refuse_noreply(const struct args *args, struct error *error)
{
	size_t place, last = args->count - 1;
	if (args->count == 0 || !slice_eq(args->operands[last], SLICE("noreply")) ||
	    args->words[last].quoted ||
	    !command_option_named(args->command, SLICE("--noreply"), &place) ||
	    slice_is_among(operand_at(args, last), "KEY VALUE WORD") || is_telnet_form(args))
		return false;
	struct buf line = BUF_INIT;
	for (size_t i = 0; i < last; i++) {
		buf_add_char(&line, ' ');
		quote_add_word(&line, slice_first(args->operands[i], 60));
	}
	error_set(error, NULL, "noreply is an option here, and options come first");
	error_hint(error, "type %s --noreply%s", args->command->name, buf_cstr(&line));
	buf_release(&line);
	return true;
}

/* An option that stands after the operands. */
static bool is_misplaced(const struct args *args, struct error *error)
{
	for (size_t i = 0; i < args->count; i++) {
		size_t place;
		if (!command_option_named(args->command, args->operands[i], &place))
			continue;
		error_set(error, NULL, "option %s comes after the operands: options come first",
		          command_option_at(args->command, place)->name);
		refuse(args->command, error);
		return true;
	}
	return false;
}

static bool too_many(const struct args *args, struct error *error)
{
	const struct slice *o = args->operands;
	const char *name = args->command->name;
	if (is_telnet_form(args)) {
		struct buf key = BUF_INIT, line = BUF_INIT;
		quote_add_word(&key, slice_first(o[0], 60));
		for (size_t i = 0; i < args->count && i < 6; i++) {
			buf_add_char(&line, ' ');
			quote_add_word(&line, slice_first(o[i], 60));
		}
		error_set(error, NULL,
		          "%s takes no flags and length here: mcsh counts the bytes itself", name);
		error_hint(
		    error,
		    "type %s %s VALUE; or, to send the protocol's own line, .raw --data VALUE %s%s",
		    name, buf_cstr(&key), name, buf_cstr(&line));
		buf_release(&key);
		buf_release(&line);
		return false;
	}
	if (refuse_one_line(args, error) || is_misplaced(args, error))
		return false;
	error_set(error, NULL, "%s: too many words%s", name,
	          strstr(args->command->operands, "VALUE") ? "; quote a value that holds blanks"
	                                                   : "");
	return refuse(args->command, error);
}

/* `get foo --format json`: a key that looks like an option is hardly meant as a key. */
static bool is_bare_option(const struct args *args, size_t i, struct error *error)
{
	const struct word *word = &args->words[i];
	if (args->options_ended || word->quoted || !slice_starts(word->text, SLICE("--")) ||
	    word->text.len < 3)
		return false;
	error_set(
	    error,
	    "options come first, and those of mcsh when it is started; quote it if it is a key",
	    "%.*s stands where %s has its keys", SLICE_ARGS(word->text, 60), args->command->name);
	return true;
}

/* Holds the operands against the row. */
static bool check_operands(const struct args *args, struct error *error)
{
	struct slice rest = slice_str(args->command->operands);
	struct operand operand;
	size_t i = 0;
	/* Where the words end, those that may lack are not looked at: they come last. */
	while (!(i >= args->count && slice_starts(rest, SLICE(" ["))) &&
	       operand_next(&rest, &operand)) {
		if (args->any_given && is_replaced(args, operand.name))
			continue;
		if (i >= args->count && !operand.optional) {
			error_set(error, NULL, "%s: missing %.*s", args->command->name,
			          (int)operand.name.len, operand.name.data);
			return refuse(args->command, error);
		}
		if (i < args->count && operand_is_choice(operand.name) &&
		    !operand_has_choice(operand.name, args->operands[i])) {
			error_set(error, NULL, "%s: unknown word \"%.*s\"", args->command->name,
			          SLICE_ARGS(args->operands[i], 60));
			error_hint(error, "it takes %.*s", (int)operand.name.len,
			           operand.name.data);
			return false;
		}
		size_t end = operand.repeated ? args->count : i + 1;
		bool key = slice_eq_str(operand.name, "KEY");
		for (; key && i < end && i < args->count; i++) {
			if (is_bare_option(args, i, error))
				return false;
		}
		i = end;
	}
	return i >= args->count || too_many(args, error);
}

bool args_parse(const struct command *command, const struct word *words, size_t count,
                struct slice *operands, struct args *out, struct error *error)
{
	bool mixed = command->flags & (COMMAND_MIXED | COMMAND_FAN_OUT);
	out->command = command;
	out->words = words;
	out->operands = operands;
	out->count = 0;
	out->options_ended = false;
	out->any_given = false;
	memset(out->given, 0, sizeof(out->given));
	for (size_t i = 0; i < count;) {
		bool option = !out->options_ended && (mixed || out->count == 0) &&
		              looks_like_option(&words[i]);
		if (option && slice_eq_str(words[i].text, "--")) {
			i++;
			out->options_ended = true;
		} else if (option) {
			if (!parse_option(words, count, &i, out, error))
				return false;
		} else {
			if (out->count == 0)
				out->words = words + i;
			operands[out->count++] = words[i++].text;
		}
	}
	if (command->forms)
		return forms_check(command, out->operands, out->count, error);
	return !refuse_redis(out, error) && !refuse_noreply(out, error) &&
	       check_operands(out, error);
}
