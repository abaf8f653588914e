#include "base/utf8.h"
#include "command/rows.h"
#include "command/settings.h"
#include "proto/meta_flags.h"
#include "shell/lang/args.h"
#include "shell/report.h"
#include "shell/settings.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

/* Where the meanings of a command's forms begin. */
#define FORM_WIDTH 32

/* The columns of the flags of a meta command. */
#define FLAG_WIDTH 8

/* What .help says of things that are neither commands nor settings. */
struct topic {
	const char *name;
	const char *summary; /* a line for the list */
	/* Paragraphs of running text, and lines that begin with a blank, which stay as they are: a
	 * form, blanks, what it means. */
	const char *text;
};

static const struct topic topics[] = {
    {"quoting", "words, quotes and escapes on a line",
     "Blanks separate words. Pieces that touch are one word. A line whose first character is # is "
     "a comment. An open quote goes on in the next line.\n"
     " 'text'      the bytes as they are\n"
     " \"text\"      with escapes: \\n \\r \\t \\0 \\e \\\\ \\\" \\' \\xHH\n"
     " text        a bare word knows the same escapes\n"
     " --          ends the options; what follows is data\n"
     " | COMMAND   pipes what is shown into a shell command\n"
     " > FILE      writes it to a file; >> FILE appends\n"
     "Quoted, these are data: set a '>' stores one character. What mcsh prints in quotes can be "
     "typed back and means the same bytes.\n"},
    {"times", "how a TIME is written, and how the server reads it",
     "A TIME is how long an item lives. mcsh sends what is meant in the form that the server "
     "reads: seconds up to 30 days, a date beyond.\n"
     " 0           never expires\n"
     " 90          seconds\n"
     " 90s 15m     seconds, minutes\n"
     " 12h 45d 2w  hours, days, weeks\n"
     " @UNIXTIME   at that second\n"
     " -1          at once\n"
     "A bare number over 2592000 (30 days) is what the server takes for a date: mcsh warns. Write "
     "45d in place of 3888000.\n"},
    {"formats", "pretty, plain, raw, json, csv and wire",
     ".format chooses how answers are written, --format from the start.\n"
     " pretty      for eyes: decoded, coloured, laid out; at a prompt\n"
     " plain       for pipes: a value and a line feed, name<TAB>value\n"
     " raw         a value's bytes as stored, nothing added\n"
     " json        one object with a status for each command\n"
     " csv         tables, with a header line\n"
     " wire        the reply's bytes as received\n"
     "In pretty, JSON is laid out (.set json), long values are cut (.set max_shown), and what is "
     "longer than the screen goes through $PAGER (.set pager). A value that is redirected arrives "
     "byte for byte.\n"},
    {"redis", "what a redis-cli user types here",
     "memcached has keys and values, and no types: a list or a hash is a value that a client "
     "serialised. What these commands of Redis do is done by:\n"
     " SET k v EX 10   set k v 10s\n"
     " SET k v NX      add k v\n"
     " SET k v XX      replace k v\n"
     " SETEX k 10 v    set k v 10s\n"
     " MGET a b        get a b\n"
     " MSET a 1 b 2    set_multi a 1 b 2\n"
     " GETEX k EX 10   gat 10s k\n"
     " DEL k           delete k\n"
     " EXISTS k        get k, and its status\n"
     " INCR k          incr k; the key must exist\n"
     " DECRBY k 5      decr k 5; never below 0\n"
     " EXPIRE k 10     touch k 10s\n"
     " APPEND k v      append k v\n"
     " WATCH, MULTI    gets k, then cas k v CAS\n"
     " KEYS u:*, SCAN  .keys u:*\n"
     " DBSIZE          .keys --count\n"
     " --bigkeys       .keys --sort size --limit 10\n"
     " DEL by pattern  .purge u:*\n"
     " TTL, TYPE k     .peek k\n"
     " PERSIST k       touch k 0\n"
     " RENAME a b      .copy a b, then delete a\n"
     " SELECT 1        .set key_prefix 1:\n"
     " INFO            stats, .report\n"
     " FLUSHALL        flush_all\n"
     " PING            version\n"
     " MONITOR         watch fetchers mutations\n"},
    {"telnet", "typing the protocol itself, as over telnet",
     "Over telnet the length is counted by hand and the value has a line of its own. mcsh counts, "
     "and asks for neither flags nor length.\n"
     " set k 0 0 3 / abc     set k abc\n"
     " set k 5 60 3 / abc    set --flags 5 k abc 60\n"
     " cas k 0 0 3 42 / abc  cas k abc 42\n"
     " get k                 get k\n"
     "To send the protocol's own line, give the data block with --data:\n"
     " .raw --data abc set k 0 0 3\n"
     " .raw --data abc ms k 3 T60\n"
     "Or type .raw alone: from then on lines go to the server as they are, and data is asked for.\n"
     "To see every byte that crosses, .trace on; .trace hex adds a dump.\n"},
    {0},
};

/* By its whole name; NULL: there is none. */
static const struct topic *topic_find(struct slice name)
{
	for (const struct topic *t = topics; t->name; t++) {
		if (slice_eq_str(name, t->name))
			return t;
	}
	return NULL;
}

static void add_heading(const struct view *v, const char *text)
{
	paint_add(v->out, v->style->color, PAINT_HEADING, text);
}

/* TEXT after COLUMN columns of a line, its further lines under its first; below, where that leaves
 * it less than half of a narrow screen. */
static void add_meaning(const struct view *v, const char *text, size_t column)
{
	const size_t width = wrap_width(v->style);
	if (column * 2 > width && width < 60) {
		buf_add_char(v->out, '\n');
		wrap_add(v->out, slice_str(text), 6, 0, width);
	} else {
		wrap_add(v->out, slice_str(text), column, column - 2, width);
	}
}

/* "  NAME  text"; the names have WIDTH columns. */
static void add_row(const struct view *v, enum paint paint, const char *name, size_t width,
                    const char *text)
{
	buf_add_str(v->out, "  ");
	paint_add(v->out, v->style->color, paint, name);
	buf_add_repeat(v->out, ' ', width - strlen(name));
	add_meaning(v, text, width + 4);
}

static size_t longest_name(const struct session *s)
{
	size_t longest = 0;
	for (const struct command *const *c = s->commands; *c; c++)
		utf8_widen(&longest, slice_str((*c)->name));
	return longest;
}

static void list_group(struct session *s, enum command_group group, size_t name_width)
{
	wrap_add_painted(&s->output.results, &s->style, PAINT_HEADING,
	                 slice_str(command_group_title(group)), 0);
	for (const struct command *const *c = s->commands; *c; c++) {
		if ((*c)->group == group)
			add_row(&s->view, PAINT_KEY, (*c)->name, name_width, (*c)->summary);
	}
}

static void list_text(struct session *s)
{
	size_t name_width = longest_name(s);
	for (unsigned g = 0; g < GROUP_COUNT; g++)
		list_group(s, (enum command_group)g, name_width);
	buf_add_str(&s->output.results, "\n");
	wrap_add(
	    &s->output.results,
	    SLICE(".help WORD describes one command in full. Words of the protocol are plain, "
	          "words of the shell begin with a dot. | pipes an answer into a program, > into a "
	          "file. .help SETTING describes a setting; .set lists them. Further topics:"),
	    0, 0, wrap_width(&s->style));
	for (const struct topic *t = topics; t->name; t++)
		add_row(&s->view, PAINT_KEY, t->name, name_width, t->summary);
}

/* Everything in a row, for programs. */
static void list_table(struct session *s, const struct command *only)
{
	static const struct table_column columns[] = {
	    {"command", false}, {"group", false}, {"usage", false},   {"summary", false},
	    {"about", false},   {"sends", false}, {"replies", false}, {"example", false},
	};
	struct buf usage = BUF_INIT;
	struct table t;
	table_begin(&t, &s->style, &s->output.results, ".help", columns, 8);
	for (const struct command *const *c = s->commands; *c; c++) {
		if (only && *c != only)
			continue;
		buf_clear(&usage);
		command_usage(*c, &usage);
		table_cell_str(&t, PAINT_KEY, (*c)->name);
		table_cell_str(&t, PAINT_NONE, command_group_title((*c)->group));
		table_cell(&t, PAINT_NONE, buf_slice(&usage));
		table_cell_str(&t, PAINT_NONE, (*c)->summary);
		table_cell_str(&t, PAINT_NONE, (*c)->about);
		table_cell_str(&t, PAINT_NONE, (*c)->sends ? (*c)->sends : "");
		table_cell_str(&t, PAINT_NONE, (*c)->replies ? (*c)->replies : "");
		table_cell_str(&t, PAINT_NONE, (*c)->example ? (*c)->example : "");
	}
	table_end(&t);
	buf_release(&usage);
}

/* "--limit N" */
static struct short_text option_text(const struct command_option *o)
{
	return short_textf("%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
}

static void add_options(const struct view *v, const struct command *command)
{
	size_t longest = 0;
	const struct command_option *o;
	for (size_t i = 0; (o = command_option_at(command, i)); i++)
		utf8_widen(&longest, slice_str(option_text(o).s));
	if (longest > 0) {
		add_heading(v, "\nOptions");
		buf_add_char(v->out, '\n');
	}
	for (size_t i = 0; (o = command_option_at(command, i)); i++)
		add_row(v, PAINT_NONE, option_text(o).s, longest, o->summary);
}

static void add_forms(const struct view *v, const struct command *command)
{
	struct buf *out = v->out;
	struct buf form = BUF_INIT;
	add_heading(v, "\nForms");
	buf_add_char(out, '\n');
	for (const struct command_form *f = command->forms; f->words; f++) {
		buf_clear(&form);
		buf_addf(&form, "  %s%s%s", command->name, f->words[0] ? " " : "", f->words);
		buf_add_slice(out, buf_slice(&form));
		/* Below, where the form leaves no space beside it. */
		bool below = form.len + 2 > FORM_WIDTH || v->style->columns < 60;
		size_t column = below ? 6 : FORM_WIDTH;
		if (below) {
			buf_add_char(out, '\n');
			form.len = 0;
		}
		buf_add_repeat(out, ' ', column - form.len);
		wrap_add(out, slice_str(f->summary), column, column, wrap_width(v->style));
	}
	buf_release(&form);
}

/* The flags of a meta command, and those that stand in its answers alone. */
static void add_flags(const struct view *v, const struct command *command)
{
	struct buf *out = v->out, meaning = BUF_INIT;
	struct slice name = slice_str(command->name);
	bool any = false;
	for (const struct meta_flag *f = meta_flags; f->letter; f++) {
		bool own = meta_flag_find(name, f->letter) == f;
		if (!own && !(f->commands[0] == '\0' && slice_eq_str(name, "mg")))
			continue;
		if (!any) {
			add_heading(v, "\nFlags");
			buf_add_char(out, '\n');
		}
		any = true;
		struct short_text flag = short_textf("%c%s", f->letter, meta_token_name(f->token));
		buf_clear(&meaning);
		buf_addf(&meaning, "%s%s", own ? "" : "in answers: ", own ? f->asks : f->answers);
		if (f->since > 0)
			buf_addf(&meaning, " (1.6.%u)", f->since);
		add_row(v, PAINT_NONE, flag.s, FLAG_WIDTH, buf_cstr(&meaning));
	}
	buf_release(&meaning);
}

/* "Sends     text", with the text's further lines under its first. */
static void add_entry(const struct view *v, const char *heading, const char *text)
{
	if (!text)
		return;
	add_heading(v, heading);
	wrap_add(v->out, slice_str(text), 9, strlen(heading), wrap_width(v->style));
}

static void add_example(const struct view *v, const char *text)
{
	struct buf *out = v->out;
	struct slice rest = slice_str(text);
	add_heading(v, "Example");
	buf_add_char(out, '\n');
	while (rest.len > 0) {
		struct slice line = slice_take(&rest, '\n');
		bool typed = slice_starts(line, SLICE("> "));
		buf_add_str(out, "  ");
		paint_slice(out, v->style->color, typed ? PAINT_NONE : PAINT_DIM, NULL, line);
		buf_add_char(out, '\n');
	}
}

static void show_command(const struct view *v, const struct command *command)
{
	struct buf usage = BUF_INIT, *out = v->out;
	command_usage(command, &usage);
	/* The name, then the rest, its further lines under its first. */
	size_t name = strlen(command->name);
	paint_add(out, v->style->color, PAINT_KEY, command->name);
	if (usage.len > name)
		buf_add_char(out, ' ');
	wrap_add(out, slice_skip(buf_slice(&usage), name + 1), name + 1, name + 1,
	         wrap_width(v->style));
	wrap_add(out, slice_str(command->summary), 2, 0, wrap_width(v->style));
	buf_add_char(out, '\n');
	wrap_add(out, slice_str(command->about), 0, 0, wrap_width(v->style));
	if (command->forms)
		add_forms(v, command);
	add_flags(v, command);
	add_options(v, command);
	buf_add_char(out, '\n');
	add_entry(v, "Sends", command->sends);
	add_entry(v, "Answers", command->replies);
	if (command->example)
		add_example(v, command->example);
	buf_release(&usage);
}

/* A line that begins with a blank stays as it is, its meaning below where space is short; the
 * others are running text. */
static void show_topic(const struct view *v, const struct topic *topic)
{
	struct buf *out = v->out;
	struct slice rest = slice_str(topic->text);
	paint_add(out, v->style->color, PAINT_KEY, topic->name);
	buf_add_char(out, ':');
	wrap_add(out, slice_str(topic->summary), 2, strlen(topic->name) + 1, wrap_width(v->style));
	buf_add_char(out, '\n');
	while (rest.len > 0) {
		struct slice line = slice_take(&rest, '\n');
		const char *gap = line.data[0] == ' ' ? memmem(line.data, line.len, "  ", 2) : NULL;
		size_t form = gap ? (size_t)(gap - line.data) : line.len;
		if (line.data[0] != ' ') {
			wrap_add(out, line, 0, 0, wrap_width(v->style));
			continue;
		}
		buf_add_str(out, " ");
		buf_add(out, line.data, form);
		struct slice meaning = slice_skip(line, form);
		size_t blanks = 0;
		while (blanks < meaning.len && meaning.data[blanks] == ' ')
			blanks++;
		meaning = slice_skip(meaning, blanks);
		if (meaning.len == 0) {
			buf_add_char(out, '\n');
			continue;
		}
		bool below = 1 + line.len > wrap_width(v->style);
		if (below)
			buf_add_char(out, '\n');
		else
			buf_add_repeat(out, ' ', blanks);
		size_t column = below ? 4 : 1 + form + blanks;
		wrap_add(out, meaning, column, below ? 0 : column, wrap_width(v->style));
	}
}

static void list_topic(const struct view *v, const struct topic *topic)
{
	static const struct table_column columns[] = {
	    {"topic", false}, {"summary", false}, {"text", false}};
	struct table t;
	table_begin(&t, v->style, v->out, ".help", columns, 3);
	table_cell_str(&t, PAINT_KEY, topic->name);
	table_cell_str(&t, PAINT_NONE, topic->summary);
	table_cell_str(&t, PAINT_NONE, topic->text);
	table_end(&t);
}

/* The setting whose whole name WORD is; NULL: there is none. */
static const struct setting *find_setting(struct slice word)
{
	for (const struct setting *t = settings_table; t->name; t++) {
		if (slice_eq_str(word, t->name))
			return t;
	}
	return NULL;
}

/* The command that is NAME with a dot before it. */
static const struct command *dot_command(const struct session *s, struct slice name)
{
	for (size_t i = 0; s->commands[i]; i++) {
		const char *dotted = s->commands[i]->name;
		if (dotted[0] == '.' && slice_eq_str(name, dotted + 1))
			return s->commands[i];
	}
	return NULL;
}

static enum status run_help(struct session *s, struct args *args)
{
	struct error error;
	const struct command *command = NULL;
	bool table = s->style.format == FORMAT_JSON || s->style.format == FORMAT_CSV ||
	             s->style.fields;
	const struct topic *topic = args->count > 0 ? topic_find(args->operands[0]) : NULL;
	const struct setting *setting = args->count > 0 ? find_setting(args->operands[0]) : NULL;
	if (topic) {
		if (table)
			list_topic(&s->view, topic);
		else
			show_topic(&s->view, topic);
		return STATUS_OK;
	}
	if (setting)
		return settings_show(s, setting);
	if (args->count > 0) {
		command = command_find(s->commands, args->operands[0], &error);
		if (!command)
			command = dot_command(s, args->operands[0]);
		if (!command)
			return report_error(s, STATUS_USAGE, &error);
	}
	if (table)
		list_table(s, command);
	else if (command)
		show_command(&s->view, command);
	else
		list_text(s);
	return STATUS_OK;
}

static const struct command_hint help_hints[] = {
    {"man", "type .help COMMAND"},
    {"history", "the arrow keys go through what was typed, Ctrl-R searches it"},
    {0},
};

const struct command command_dot_help = {
    .name = ".help",
    .aliases = "help ?",
    .group = GROUP_SHELL,
    .operands = "[COMMAND]",
    .suggest = "quoting times formats redis telnet",
    .hints = help_hints,
    .summary = "list the commands, or describe one",
    .about = "Alone it lists every command with a line of what it does. With the name of one it "
	     "shows how it is written, what it does, its options, what it sends, what can come "
	     "back, and an example. With the name of a setting it describes that; quoting, times, "
	     "formats, redis and telnet are topics of their own. COMMAND --help is the same.",
    .example = "> .help get | head -1\nget KEY...\n",
    .effect = EFFECT_READS,
    .run = run_help,
};
