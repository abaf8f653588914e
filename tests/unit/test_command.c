#include "command/rows.h"
#include "command/table.h"
#include "lib/unit.h"
#include "proto/effect.h"
#include "shell/lang/args.h"
#include "shell/lang/command.h"

/* A command that is added changes what is near a word, or begins like it: not in this list. */
static const struct command *const few[] = {
    &command_set,       &command_get,        &command_gets,        &command_get_multi,
    &command_replace,   &command_delete,     &command_stats,       &command_version,
    &command_flush_all, &command_quit,       &command_dot_format,  &command_dot_timing,
    &command_dot_trace, &command_dot_set,    &command_dot_servers, &command_dot_repeat,
    &command_dot_dump,  &command_dot_raw,    &command_dot_help,    &command_dot_hot,
    &command_dot_keys,  &command_dot_report, &command_dot_quit,    NULL,
};

static const struct command *find(const char *word, struct error *error)
{
	error_clear(error);
	return command_find(few, slice_str(word), error);
}

static void finds(const char *word, const char *name)
{
	struct error error;
	const struct command *c = find(word, &error);
	if (!c)
		print_error("'%s': %s\n", word, error.what);
	assert_non_null(c);
	assert_string_equal(c->name, name);
}

/* HINT is a part of the hint. */
static void finds_none(const char *word, const char *what, const char *hint)
{
	struct error error;
	assert_null(find(word, &error));
	assert_string_equal(error.what, what);
	if (!strstr(error.hint, hint))
		print_error("'%s': hint is '%s'\n", word, error.hint);
	assert_non_null(strstr(error.hint, hint));
}

TEST(names_and_aliases_find_their_row)
{
	for (const struct command *const *c = command_table; *c; c++)
		assert_ptr_equal(command_find(command_table, slice_str((*c)->name), NULL), *c);
	finds("help", ".help");
	finds("?", ".help");
	finds("exit", ".quit");
	finds(".exit", ".quit");
	finds(".server", ".servers");
	finds("quit", "quit");
}

/* --readonly refuses what nobody has decided: a new row, or a new verb, says what it does. */
TEST(every_row_says_whether_it_changes_anything)
{
	for (const struct command *const *c = command_table; *c; c++) {
		bool decided = !(*c)->run || (*c)->effect == EFFECT_READS ||
		               (*c)->effect == EFFECT_CHANGES;
		if (!decided)
			print_error("%s has a run and no effect\n", (*c)->name);
		assert_true(decided);
		assert_true((*c)->run || (*c)->effect == EFFECT_UNDECIDED);
	}
	for (int verb = 0; verb < VERB_COUNT; verb++) {
		if (verb_rows[verb].effect == EFFECT_UNDECIDED)
			print_error("verb %d has no effect\n", verb);
		assert_int_not_equal(verb_rows[verb].effect, EFFECT_UNDECIDED);
	}
}

static bool changes(enum verb verb, const char *text)
{
	struct request request = {.verb = verb, .text = slice_str(text)};
	return request_changes(&request);
}

TEST(the_text_of_a_request_decides_where_words_do)
{
	static const char *const reading[] = {"",      "settings", "items",       "slabs",
	                                      "sizes", "conns",    "detail dump", "cachedump 1 0"};
	for (size_t i = 0; i < sizeof(reading) / sizeof(reading[0]); i++)
		assert_false(changes(VERB_STATS, reading[i]));
	static const char *const changing[] = {
	    "reset",          "r",   "detail on", "detail off", "sizes_enable", "sizes_disable",
	    "reset settings", "set", "cachedump"};
	for (size_t i = 0; i < sizeof(changing) / sizeof(changing[0]); i++)
		assert_true(changes(VERB_STATS, changing[i]));
	assert_false(changes(VERB_MG, ""));
	assert_false(changes(VERB_MG, "v t f s c k O12 q h l b u C5 L P"));
	for (const char *flag = "NRTEMIDFxX"; *flag; flag++) {
		char text[] = {'v', ' ', *flag, '3', '0', ' ', 't', '\0'};
		assert_true(changes(VERB_MG, text));
	}
	assert_true(changes(VERB_MS, "") && changes(VERB_MD, "q") && changes(VERB_MA, ""));
	assert_false(changes(VERB_MN, "") || changes(VERB_ME, ""));
	assert_true(changes(VERB_RAW, "get foo\r\n") && changes(VERB_LISTEN, "watch\r\n"));
}

TEST(an_unambiguous_prefix_does_for_dot_words)
{
	finds(".tra", ".trace");
	finds(".f", ".format");
	finds(".he", ".help");
	finds(".rep", ".repeat");
	finds(".set", ".set");
	finds(".h", ".help");
	finds(".ho", ".hot");
	finds(".repo", ".report");
	finds_none(".s", ".s could be more than one command", ".set, .servers");
	finds_none(".t", ".t could be more than one command", ".timing, .trace");
	finds_none(".", "unknown command \".\"", "see .help");
}

TEST(a_prefix_of_two_commands_is_that_of_the_one_that_does_not_yield)
{
	const struct command *p = command_find(command_table, SLICE(".p"), NULL);
	assert_non_null(p);
	assert_string_equal(p->name, ".profile");
	p = command_find(command_table, SLICE(".pe"), NULL);
	assert_non_null(p);
	assert_string_equal(p->name, ".peek");
}

TEST(protocol_words_are_known_only_whole)
{
	finds_none("flush", "unknown command \"flush\"", "did you mean flush_all?");
	finds_none("flush_al", "unknown command \"flush_al\"", "did you mean flush_all?");
	finds_none("ge", "unknown command \"ge\"", "did you mean get?");
	finds_none("he", "unknown command \"he\"", ".raw");
}

TEST(the_nearest_name_is_offered)
{
	finds_none("gte", "unknown command \"gte\"", "did you mean get?");
	finds_none("GET", "unknown command \"GET\"", "memcached's words are in lower case: get");
	finds_none("Flush_All", "unknown command \"Flush_All\"",
	           "memcached's words are in lower case: flush_all");
	finds_none("del", "unknown command \"del\"", "did you mean delete?");
	finds_none("ping", "unknown command \"ping\"", "did you mean version?");
	finds_none("bigkeys", "unknown command \"bigkeys\"", ".keys --sort size --limit 10");
	finds_none(".bigkeys", "unknown command \".bigkeys\"", ".keys --sort size --limit 10");
	finds_none("trace", "unknown command \"trace\"", "did you mean .trace?");
	finds_none(".tarce", "unknown command \".tarce\"", "did you mean .trace?");
	finds_none("stat", "unknown command \"stat\"", "did you mean stats?");
	finds_none("dellete", "unknown command \"dellete\"", "did you mean delete?");
	finds_none("repalce", "unknown command \"repalce\"", "did you mean replace?");
	finds_none("frobnicate", "unknown command \"frobnicate\"",
	           "see .help, or send a line as it is with .raw");
	finds_none("", "unknown command \"\"", ".help");
}

TEST(words_that_are_long_or_strange_are_shown_short_and_safe)
{
	char word[300];
	struct error error;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(find(word, &error));
	assert_true(strlen(error.what) < 90);
	finds_none("\x1b[2J", "unknown command \"?[2J\"", ".help");
	assert_null(command_find(command_table, SLICE("get\0"), &error));
	assert_null(command_find(command_table, SLICE("\xff"), &error));
	/* Who does not ask why is not told. */
	assert_null(command_find(command_table, SLICE("gte"), NULL));
	assert_null(command_find(command_table, SLICE(".s"), NULL));
	assert_non_null(command_find(command_table, SLICE("get"), NULL));
}

/* A line's words, parsed against the row of the first. */
struct parse {
	struct words words;
	struct slice operands[16];
	struct args args;
	struct error error;
	bool ok;
};

static void parse(struct parse *p, const char *line)
{
	*p = (struct parse){.ok = false};
	assert_int_equal(tokenize(slice_str(line), &p->words, &p->error), TOKENIZE_OK);
	const struct command *c = command_find(command_table, p->words.list[0].text, &p->error);
	assert_non_null(c);
	p->args.line = slice_str(line);
	p->ok =
	    args_parse(c, p->words.list + 1, p->words.count - 1, p->operands, &p->args, &p->error);
}

static void show_option(const struct args *args, const struct command_option *o, struct buf *out)
{
	struct slice value = {0};
	if (!args_option(args, o->name, &value))
		return;
	buf_add_str(out, o->name);
	if (o->value) {
		buf_add_char(out, '=');
		buf_add_slice(out, value);
	}
	buf_add_char(out, ' ');
}

/* The options that were given in the order of the row, then the operands between brackets. */
static void parses(const char *line, const char *want)
{
	struct parse p;
	struct buf got = BUF_INIT;
	parse(&p, line);
	if (!p.ok)
		print_error("'%s': %s\n", line, p.error.what);
	assert_true(p.ok);
	for (const struct command_option *o = p.args.command->options; o && o->name; o++)
		show_option(&p.args, o, &got);
	for (size_t i = 0; i < p.args.count; i++) {
		buf_add_char(&got, '<');
		buf_add_slice(&got, p.args.operands[i]);
		buf_add_char(&got, '>');
		if (i == 0 || !(p.args.command->flags & (COMMAND_MIXED | COMMAND_FAN_OUT)))
			assert_bytes(p.args.words[i].text, p.args.operands[i]);
	}
	assert_bytes(buf_slice(&got), slice_str(want));
	buf_release(&got);
	words_release(&p.words);
}

static void refuses(const char *line, const char *what, const char *hint)
{
	struct parse p;
	parse(&p, line);
	assert_false(p.ok);
	assert_string_equal(p.error.what, what);
	struct buf usage = BUF_INIT;
	buf_add_str(&usage, "usage: ");
	command_usage(p.args.command, &usage);
	assert_string_equal(p.error.hint, hint ? hint : buf_cstr(&usage));
	buf_release(&usage);
	words_release(&p.words);
}

TEST(options_come_before_operands)
{
	parses("set k v", "<k><v>");
	parses("set --time 5 k v", "--time=5 <k><v>");
	parses("set --time=5 k v", "--time=5 <k><v>");
	parses("set --time= k v", "--time= <k><v>");
	parses("set --time=a=b k v", "--time=a=b <k><v>");
	parses("set --noreply --flags 7 --time 1h k v", "--time=1h --flags=7 --noreply <k><v>");
	parses("set --flags 1 --flags 2 k v", "--flags=2 <k><v>");
	parses("set --time -1 k v", "--time=-1 <k><v>");
	parses("set --time --noreply k v", "--time=--noreply <k><v>");
	parses("set --file f k", "--file=f <k>");
	parses("set --file f k 90s", "--file=f <k><90s>");
	parses("cas --file f k 7", "--file=f <k><7>");
}

TEST(two_dashes_end_the_options)
{
	parses("set -- k v", "<k><v>");
	parses("set --flags 1 -- --k --v", "--flags=1 <--k><--v>");
	parses("set -- --flags 1", "<--flags><1>");
	parses("set -- -- v", "<--><v>");
	parses("get -- -x", "<-x>");
}

TEST(what_is_quoted_or_a_negative_number_is_no_option)
{
	parses("set '--flags' 1", "<--flags><1>");
	parses("set \"-x\" 1", "<-x><1>");
	parses("set k -1", "<k><-1>");
	parses("set k v -1", "<k><v><-1>");
	parses("set -1 -2", "<-1><-2>");
	parses("set - -", "<-><->");
	parses("set k --flags", "<k><--flags>");
	parses("get k '--x'", "<k><--x>");
	parses("get -- k --x", "<k><--x>");
	parses("gat -1 k", "<-1><k>");
	parses("incr k -5", "<k><-5>");
	parses("'set' '--time'=5 k", "<--time=5><k>");
	parses("watch fetchers --limit 3 mutations", "--limit=3 <fetchers><mutations>");
	parses("watch fetchers -- --limit", "<fetchers><--limit>");
	parses("watch fetchers '--limit'", "<fetchers><--limit>");
	parses("stats --server 1 items", "<items>");
}

/* The hint is the usage of the command, as .help has it. */
#define ITS_USAGE NULL

TEST(what_does_not_fit_the_row_is_refused_with_its_usage)
{
	refuses("set", "set: missing KEY", ITS_USAGE);
	refuses("set k", "set: missing VALUE", ITS_USAGE);
	refuses("set --file f", "set: missing KEY", ITS_USAGE);
	refuses("set --bogus k v", "set: unknown option --bogus", ITS_USAGE);
	refuses("set -x k v", "set: unknown option -x", ITS_USAGE);
	refuses("set --tim 5 k v", "set: unknown option --tim", ITS_USAGE);
	refuses("set --noreply=1 k v", "--noreply takes no value", ITS_USAGE);
	refuses("set --time", "option --time requires a value, T", ITS_USAGE);
	refuses("set k v w x", "set: too many words; quote a value that holds blanks", ITS_USAGE);
	refuses("set k v 1 --noreply",
	        "option --noreply comes after the operands: options come first", ITS_USAGE);
	refuses("get", "get: missing KEY", "usage: get KEY...");
	refuses("gat 5", "gat: missing KEY", "usage: gat TIME KEY...");
	refuses(
	    "get k --x", "--x stands where get has its keys",
	    "options come first, and those of mcsh when it is started; quote it if it is a key");
	refuses("version now", "version: too many words", "usage: version");
	refuses("cas k v", "cas: missing CAS", ITS_USAGE);
	refuses(".repeat 5", ".repeat: missing COMMAND", "usage: .repeat N COMMAND...");
	refuses(".format xml", ".format: unknown word \"xml\"",
	        "it takes pretty|plain|raw|json|csv|wire");
	refuses(".format JSON", ".format: unknown word \"JSON\"",
	        "it takes pretty|plain|raw|json|csv|wire");
}

TEST(the_telnet_form_is_recognised)
{
	refuses(
	    "set foo 0 0 3", "set takes no flags and length here: mcsh counts the bytes itself",
	    "type set foo VALUE; or, to send the protocol's own line, .raw --data VALUE set foo "
	    "0 0 3");
	refuses(
	    "add foo 5 60 10", "add takes no flags and length here: mcsh counts the bytes itself",
	    "type add foo VALUE; or, to send the protocol's own line, .raw --data VALUE add foo "
	    "5 60 10");
	refuses("append foo 0 0 3",
	        "append takes no flags and length here: mcsh counts the bytes itself",
	        "type append foo VALUE; or, to send the protocol's own line, .raw --data VALUE "
	        "append foo 0 0 3");
	refuses("cas foo 0 -1 3 9 noreply",
	        "cas takes no flags and length here: mcsh counts the bytes itself",
	        "type cas foo VALUE; or, to send the protocol's own line, .raw --data VALUE "
	        "cas foo 0 \"-1\" 3 9 noreply");
	refuses("set foo 0 0 x", "set: too many words; quote a value that holds blanks", ITS_USAGE);
}

/* Every row is whole: what help, completion and the manual take from it is there. */
TEST(every_row_is_whole)
{
	for (const struct command *const *c = command_table; *c; c++) {
		const struct command *r = *c;
		size_t options = 0;
		struct slice rest = slice_str(r->operands);
		struct operand operand;
		bool optional = false, repeated = false;
		assert_true(r->name && r->operands && r->summary && r->about);
		assert_true((r->build != NULL) + (r->run != NULL) == (r->runs ? 2 : 1));
		assert_int_equal(r->sends == NULL, r->replies == NULL);
		assert_true(!r->build || r->sends);
		assert_int_equal((r->flags & COMMAND_CONFIRM) != 0, r->question != NULL);
		assert_true(!r->build || r->name[0] != '.');
		assert_true(r->group < GROUP_COUNT && command_group_title(r->group));
		for (const struct command_option *o = r->options; o && o->name; o++) {
			assert_true(o->name[0] == '-' && o->summary);
			options++;
		}
		assert_true(options <= OPTIONS_MAX);
		/* An operand that must be there does not stand after one that may lack. */
		while (operand_next(&rest, &operand)) {
			assert_true(operand.name.len > 0 && !repeated);
			assert_true(!optional || operand.optional);
			optional = operand.optional;
			repeated = operand.repeated;
		}
		for (const struct command *const *d = c + 1; *d; d++)
			assert_string_not_equal(r->name, (*d)->name);
	}
}

/* The command that WORD names by now, with or without a dot. */
static const char *command_now(struct slice word)
{
	for (const struct command *const *c = command_table; *c; c++) {
		const char *name = (*c)->name;
		if (slice_eq_str(word, name[0] == '.' ? name + 1 : name) ||
		    ((*c)->aliases && slice_is_among(word, (*c)->aliases)))
			return name;
	}
	return NULL;
}

/* How many WORDS there are, which the row of COMMAND has for users of other programs. */
static size_t count_habits(const struct command *command, const char *words)
{
	struct slice rest = slice_str(words);
	struct operand word;
	size_t count = 0;
	for (; operand_next(&rest, &word); count++) {
		const char *now = command_now(word.name);
		if (now)
			print_error("%s: %s is a command now: take it off the row's habits\n",
			            command->name, now);
		assert_null(now);
	}
	return count;
}

TEST(no_habit_is_a_command)
{
	size_t habits = 0, hints = 0;
	for (const struct command *const *c = command_table; *c; c++) {
		habits += (*c)->habits ? count_habits(*c, (*c)->habits) : 0;
		for (const struct command_hint *h = (*c)->hints; h && h->words; h++) {
			assert_non_null(h->hint);
			hints += count_habits(*c, h->words);
		}
	}
	assert_true(habits >= 15 && hints >= 4);
}

/* command/list.h says command_NAME for the row of NAME or .NAME. */
TEST(rows_are_named_after_their_commands)
{
	static const char *const names[] = {
#define COMMAND(name) #name,
#include "command/list.h"
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		bool dot = strncmp(names[i], "dot_", 4) == 0;
		const char *name = command_table[i]->name;
		assert_int_equal(name[0] == '.', dot);
		assert_string_equal(dot ? names[i] + 4 : names[i], dot ? name + 1 : name);
	}
}

TEST(operands_are_read_from_their_list)
{
	struct slice rest = SLICE("KEY [TIME] on|off [WORD...]");
	struct operand o;
	assert_true(operand_next(&rest, &o));
	assert_text(o.name, "KEY");
	assert_true(!o.optional && !o.repeated && !operand_is_choice(o.name));
	assert_true(operand_next(&rest, &o));
	assert_text(o.name, "TIME");
	assert_true(o.optional && !o.repeated);
	assert_true(operand_next(&rest, &o));
	assert_text(o.name, "on|off");
	assert_true(operand_is_choice(o.name));
	assert_true(operand_has_choice(o.name, SLICE("on")));
	assert_true(operand_has_choice(o.name, SLICE("off")));
	assert_false(operand_has_choice(o.name, SLICE("o")));
	assert_false(operand_has_choice(o.name, SLICE("on|off")));
	assert_false(operand_has_choice(o.name, SLICE("")));
	assert_true(operand_next(&rest, &o));
	assert_text(o.name, "WORD");
	assert_true(o.optional && o.repeated);
	assert_false(operand_next(&rest, &o));
}

UNIT_MAIN(cmocka_unit_test(no_habit_is_a_command),
          cmocka_unit_test(rows_are_named_after_their_commands),
          cmocka_unit_test(names_and_aliases_find_their_row),
          cmocka_unit_test(every_row_says_whether_it_changes_anything),
          cmocka_unit_test(the_text_of_a_request_decides_where_words_do),
          cmocka_unit_test(an_unambiguous_prefix_does_for_dot_words),
          cmocka_unit_test(a_prefix_of_two_commands_is_that_of_the_one_that_does_not_yield),
          cmocka_unit_test(protocol_words_are_known_only_whole),
          cmocka_unit_test(the_nearest_name_is_offered),
          cmocka_unit_test(words_that_are_long_or_strange_are_shown_short_and_safe),
          cmocka_unit_test(options_come_before_operands),
          cmocka_unit_test(two_dashes_end_the_options),
          cmocka_unit_test(what_is_quoted_or_a_negative_number_is_no_option),
          cmocka_unit_test(what_does_not_fit_the_row_is_refused_with_its_usage),
          cmocka_unit_test(the_telnet_form_is_recognised), cmocka_unit_test(every_row_is_whole),
          cmocka_unit_test(operands_are_read_from_their_list))
