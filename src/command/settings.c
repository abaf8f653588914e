#include "command/settings.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "codec/codec.h"
#include "command/rows.h"
#include "proto/dialect.h"
#include "shell/flow/ask.h"
#include "shell/lang/args.h"
#include "shell/report.h"
#include "shell/settings.h"
#include "shell/start.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/wrap.h"

/* Columns for a setting's name and its value, in .set. */
#define NAME_WIDTH  18
#define VALUE_WIDTH 18

static void add_value(const struct session *s, const struct setting *setting, struct buf *out)
{
	struct buf value = BUF_INIT;
	setting_show(s, setting, &value);
	escape_add_line(out, buf_slice(&value));
	buf_release(&value);
}

/* The setting and its value, as the object that the command's answer is. */
static void add_json(struct session *s, const struct args *args, const struct setting *setting)
{
	struct buf *out = &s->output.results, value = BUF_INIT;
	setting_show(s, setting, &value);
	json_open(out, '{');
	json_string_member(out, "command", args->command->name);
	json_string_member(out, "setting", setting->name);
	json_bytes_member(out, "value", "encoding", buf_slice(&value));
	buf_add_str(out, "}\n");
	buf_release(&value);
}

/* "trace is hex": at a prompt, where silence would leave one wondering. */
static void confirm_change(struct session *s, const struct args *args,
                           const struct setting *setting)
{
	if (s->style.format == FORMAT_JSON) {
		add_json(s, args, setting);
		return;
	}
	if (!s->mode.interactive)
		return;
	buf_addf(&s->output.results, "%s is ", setting->name);
	add_value(s, setting, &s->output.results);
	buf_add_char(&s->output.results, '\n');
}

/* Whether connections are closed when SETTING becomes VALUE. */
static bool closes(const struct servers *servers, const struct setting *setting, struct slice value)
{
	return setting->reconnects || (strcmp(setting->name, "protocol") == 0 &&
	                               dialect_spoken(value) != servers->options.dialect);
}

static enum status change(struct session *s, const struct args *args, const struct setting *setting,
                          struct slice value)
{
	struct error error;
	enum status status = closes(&s->servers, setting, value) ? ask_settle(s) : STATUS_OK;
	if (!setting_change(s, setting, value, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (setting->reconnects)
		client_renew(s->servers.client);
	if (slice_eq_str(slice_str(setting->name), "tls_insecure"))
		start_warn_insecure(s);
	confirm_change(s, args, setting);
	return status;
}

/* For eyes: name and value, and the meaning in full; below them where the window is narrow. */
static void show_text(struct session *s, const struct setting *only)
{
	struct buf *out = &s->output.results, value = BUF_INIT, text = BUF_INIT;
	unsigned width = wrap_width(&s->style);
	size_t indent = width < 2 * (NAME_WIDTH + VALUE_WIDTH) ? 4 : NAME_WIDTH + VALUE_WIDTH;
	for (const struct setting *row = settings_table; row->name; row++) {
		if (only && row != only)
			continue;
		buf_clear(&value);
		add_value(s, row, &value);
		size_t columns = strlen(row->name) < NAME_WIDTH ? NAME_WIDTH - strlen(row->name)
		                                                : 1;
		size_t used = strlen(row->name) + columns + utf8_columns(buf_slice(&value));
		paint_add(out, s->style.color, PAINT_KEY, row->name);
		buf_add_repeat(out, ' ', columns);
		paint_add(out, s->style.color, PAINT_STRING, buf_cstr(&value));
		if (indent == 4 || used + 1 > indent) {
			buf_add_char(out, '\n');
			used = 0;
		}
		buf_clear(&text);
		buf_addf(&text, "%s", row->about);
		if (only) {
			buf_add_str(&text, " It takes ");
			setting_range(row, &text);
			buf_add_char(&text, '.');
		}
		wrap_add(out, buf_slice(&text), indent, used, width);
	}
	buf_release(&text);
	buf_release(&value);
}

enum status settings_show(struct session *s, const struct setting *only)
{
	if (s->style.format == FORMAT_PRETTY) {
		show_text(s, only);
		return STATUS_OK;
	}
	static const struct table_column columns[] = {
	    {"setting", false}, {"value", false}, {"takes", false}, {"meaning", false}};
	struct buf text = BUF_INIT;
	struct table t;
	table_begin(&t, &s->style, &s->output.results, ".set", columns, 4);
	for (const struct setting *row = settings_table; row->name; row++) {
		if (only && row != only)
			continue;
		table_cell_str(&t, PAINT_KEY, row->name);
		buf_clear(&text);
		setting_show(s, row, &text);
		table_cell(&t, PAINT_STRING, buf_slice(&text));
		buf_clear(&text);
		setting_range(row, &text);
		table_cell(&t, PAINT_NONE, buf_slice(&text));
		table_cell_str(&t, PAINT_DIM, row->about);
	}
	table_end(&t);
	buf_release(&text);
	return STATUS_OK;
}

static enum status run_set(struct session *s, struct args *args)
{
	struct error error;
	if (args->count == 0)
		return settings_show(s, NULL);
	const struct setting *setting = setting_find(args->operands[0], &error);
	if (!setting)
		return report_error(s, STATUS_USAGE, &error);
	return args->count == 1 ? settings_show(s, setting)
	                        : change(s, args, setting, args->operands[1]);
}

/* .format, .timing and .trace: the setting of their own name. */
static enum status run_named(struct session *s, struct args *args)
{
	struct error error;
	const struct setting *setting = setting_find(slice_str(args->command->name + 1), &error);
	if (!setting)
		return report_error(s, STATUS_USAGE, &error);
	if (args->count == 1)
		return change(s, args, setting, args->operands[0]);
	if (s->style.format == FORMAT_JSON) {
		add_json(s, args, setting);
		return STATUS_OK;
	}
	add_value(s, setting, &s->output.results);
	buf_add_char(&s->output.results, '\n');
	return STATUS_OK;
}

const struct command command_dot_format = {
    .name = ".format",
    .group = GROUP_LOOK,
    .operands = "[pretty|plain|raw|json|csv|wire]",
    .summary = "choose how answers are written",
    .about = "pretty is for eyes, and what a prompt starts with; plain is for pipes; raw is a "
	     "value's bytes and nothing else; json is one object a command; csv is for tables; "
	     "wire is the reply as it was received. Without a word it shows which one is in use.",
    .example = "> .format csv\n> .format\ncsv\n",
    .effect = EFFECT_READS,
    .run = run_named,
};

const struct command command_dot_timing = {
    .name = ".timing",
    .group = GROUP_LOOK,
    .operands = "[off|on|full]",
    .summary = "show how long answers take",
    .about = "on shows the total after each pretty answer; full its parts too: connecting, "
	     "sending, waiting for the first byte, receiving. json has them always.",
    .example = "> .timing full\n> .timing\nfull\n",
    .effect = EFFECT_READS,
    .run = run_named,
};

const struct command command_dot_trace = {
    .name = ".trace",
    .group = GROUP_LOOK,
    .operands = "[off|on|hex|explain]",
    .summary = "show the bytes that cross the wire",
    .about =
	"on shows every line of the protocol as it crosses, > sent and < received, with line "
	"ends and other bytes escaped; hex adds a dump; explain puts the name of each field "
	"under its bytes and says what it means, as .explain does of a command that is not "
	"sent; of a long list it draws three lines and counts the rest. In json each message, and "
	"each line, is an object then. At a prompt it stands before the "
	"answer; in a script it goes to standard error, or to the file of .set trace_file.",
    .example = "> .trace on\n> .trace\non\n",
    .effect = EFFECT_READS,
    .run = run_named,
};

static enum status list_profiles(struct session *s)
{
	static const struct table_column columns[] = {{"profile", false},
	                                              {"client and flags", false}};
	struct table t;
	table_begin(&t, &s->style, &s->output.results, ".profile", columns, 2);
	for (size_t i = 0; i < codec_count; i++) {
		table_cell_str(&t, PAINT_KEY, codecs[i]->name);
		table_cell_str(&t, PAINT_NONE, codecs[i]->about);
	}
	table_end(&t);
	return STATUS_OK;
}

static enum status run_profile(struct session *s, struct args *args)
{
	return args_option(args, "--list", NULL) ? list_profiles(s) : run_named(s, args);
}

static const struct command_option profile_options[] = {
    {"--list", NULL, "every profile, its client and what its flags mean", NULL},
    {0},
};

const struct command command_dot_profile = {
    .name = ".profile",
    .group = GROUP_LOOK,
    .operands = "[PROFILE]",
    .options = profile_options,
    .summary = "choose which client's flags to believe",
    .about =
	"A client library notes in an item's flags what it did to the value: its type, whether "
	"it is compressed. The same flags mean other things to other libraries. With a profile, "
	"values are shown as what that library meant; auto looks at flags and bytes and says "
	"in pretty and json what it went by; none shows bytes. In plain, csv and redirections "
	"a compressed or typed value is printed as its text, under auto only if the flags say so; "
	"a serialised object stays bytes, and is never executed. raw is always the stored bytes. "
	"set --type writes as this client does. Without a word it shows which one is in use.",
    .example = "> .profile pylibmc\n> set --type int n 42\nSTORED\n> .profile\npylibmc\n",
    .effect = EFFECT_READS,
    .run = run_profile,
};

const struct command command_dot_set = {
    .name = ".set",
    .group = GROUP_LOOK,
    .operands = "[SETTING] [VALUE]",
    .summary = "list and change settings",
    .about = "Alone it lists every setting with its value, the values it takes and what it means; "
	     "with a name it shows that one; with a value it changes it.",
    .example = "> .set max_shown 64k\n> .set timeout 2s\n",
    .effect = EFFECT_READS,
    .run = run_set,
};
