#include "base/deadline.h"
#include "base/json_find.h"
#include "base/pattern.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/answer.h"
#include "shell/io/search.h"
#include "shell/lang/args.h"
#include "shell/report.h"
#include "view/diff.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"

/* The most lines of a difference that are shown. */
#define SHOWN_LINES 20

#define FORMS                                                                                      \
	"write .expect TEXT, .expect -re REGEX, .expect status N, or .expect json PATH VALUE, "    \
	"each one word: quote what holds blanks"

/* What the last command showed: without colours, and without its last line feed. */
struct shown {
	struct slice text;
	bool whole;
	struct buf uncoloured;
};

static void shown_get(struct session *s, struct shown *shown)
{
	*shown = (struct shown){0};
	shown->text = output_shown(&s->output, &shown->whole);
	if (s->style.color) {
		paint_strip(&shown->uncoloured, shown->text);
		shown->text = buf_slice(&shown->uncoloured);
	}
	shown->text = slice_chop(shown->text, '\n');
}

static void add_json(struct session *s, const char *command, enum status status,
                     struct slice expected, const struct slice *got)
{
	struct buf *out = &s->output.results;
	json_open(out, '{');
	json_string_member(out, "command", command);
	json_string_member(out, "status", status_name(status));
	json_bytes_member(out, "expected", "expected_encoding", expected);
	if (got)
		json_bytes_member(out, "got", "got_encoding", *got);
	buf_add_str(out, "}\n");
	answer_given(&s->run.answer);
}

static enum status holds(struct session *s, const struct args *args, struct slice expected)
{
	verdict_assert(&s->verdict, true);
	if (s->style.format == FORMAT_JSON)
		add_json(s, args->command->name, STATUS_OK, expected, NULL);
	return STATUS_OK;
}

/* What to say of two texts whose lines are the same. */
static const char *alike(struct slice expected, struct slice got)
{
	if (got.len > expected.len)
		return "(there is one more line feed at the end)\n";
	if (got.len < expected.len)
		return "(there is one line feed less at the end)\n";
	return "(as text it is the same: \\ before . [ ( * + ? { | ^ $ takes their meaning)\n";
}

/* Reports ERROR, and shows how GOT differs from EXPECTED where DIFF. */
static enum status refute(struct session *s, const struct args *args, struct error *error,
                          struct slice expected, struct slice got, bool diff)
{
	verdict_assert(&s->verdict, false);
	if (diff && s->style.format != FORMAT_JSON)
		error_hint(error, "- expected, + got");
	report_error(s, STATUS_ASSERT, error);
	if (s->style.format == FORMAT_JSON) {
		add_json(s, args->command->name, STATUS_ASSERT, expected, &got);
	} else if (diff) {
		struct lines a = {0}, b = {0};
		struct diff d = {0};
		struct buf text = BUF_INIT;
		lines_add(&a, expected);
		lines_add(&b, got);
		diff_make(&d, &a, &b);
		diff_add_short(&text, &d, SHOWN_LINES, s->style.color);
		if (d.changed == 0)
			buf_add_str(&text, alike(expected, got));
		output_complain(&s->output, buf_slice(&text));
		output_capture(&s->output, buf_slice(&text));
		buf_release(&text);
		diff_release(&d);
		lines_release(&a);
		lines_release(&b);
	}
	return STATUS_ASSERT;
}

static enum status expect_status(struct session *s, const struct args *args)
{
	struct error error;
	uint64_t wanted;
	struct slice expected = args->operands[1];
	if (!argument_number(expected, "the status", STATUS_ASSERT, &wanted, &error))
		return report_error(s, STATUS_USAGE, &error);
	if ((enum status)wanted == s->verdict.last) {
		verdict_excuse(&s->verdict);
		return holds(s, args, expected);
	}
	char digit[2] = {(char)('0' + (int)s->verdict.last), '\0'};
	error_set(&error, NULL, "expected status %u (%s), got %u (%s)", (unsigned)wanted,
	          status_name((enum status)wanted), (unsigned)s->verdict.last,
	          status_name(s->verdict.last));
	return refute(s, args, &error, expected, slice_str(digit), false);
}

static enum status expect_text(struct session *s, const struct args *args, struct slice expected,
                               struct shown *shown)
{
	struct error error;
	if (slice_eq(shown->text, expected))
		return holds(s, args, expected);
	error_set(&error, NULL, "expected other output");
	return refute(s, args, &error, expected, shown->text, true);
}

static enum status expect_match(struct session *s, const struct args *args, struct slice regex,
                                struct shown *shown)
{
	struct error error;
	struct pattern *pattern = pattern_new(regex, 0, &error);
	if (!pattern)
		return report_error(s, STATUS_USAGE, &error);
	bool ok;
	uint64_t ms = s->servers.options.timeout_ms;
	enum search_end end = search_matches(pattern, shown->text, deadline_in(ms), &ok);
	pattern_free(pattern);
	if (ok)
		return holds(s, args, regex);
	if (end == SEARCH_DONE)
		error_set(&error, NULL, "expected a match of the expression");
	else if (end == SEARCH_LATE)
		search_say_late(&error, ms, shown->text.len);
	else
		error_set(&error, NULL, "interrupted before a match of the expression was found");
	return refute(s, args, &error, regex, shown->text, end == SEARCH_DONE);
}

/* TEXT without the lines of errors, which no line of JSON looks like. */
static void add_without_errors(struct buf *out, struct slice text)
{
	struct lines lines = {0};
	lines_add(&lines, text);
	for (size_t i = 0; i < lines.count; i++) {
		if (slice_starts(lines.list[i], SLICE("mcsh: ")))
			continue;
		buf_add_slice(out, lines.list[i]);
		buf_add_char(out, '\n');
	}
	lines_release(&lines);
}

/* Whether VALUE, a JSON value, is EXPECTED: JSON, or the text of a string. */
static bool json_is(struct slice value, struct slice expected)
{
	struct slice whole;
	if (json_find(expected, SLICE("."), &whole) == JSON_FOUND)
		return json_equal(value, expected);
	return value.data[0] == '"' &&
	       json_string_is(slice_of(value.data + 1, value.len - 2), expected);
}

static enum status expect_json(struct session *s, const struct args *args, struct shown *shown)
{
	struct slice path = args->operands[1], expected = args->operands[2], value;
	struct error error;
	struct buf document = BUF_INIT;
	enum status status;
	add_without_errors(&document, shown->text);
	enum json_found found = json_find(buf_slice(&document), path, &value);
	if (found == JSON_FOUND && json_is(value, expected)) {
		status = holds(s, args, expected);
	} else if (found == JSON_FOUND) {
		error_set(&error, NULL, "expected another value at %.*s", SLICE_ARGS(path, 100));
		status = refute(s, args, &error, expected, value, true);
	} else if (found == JSON_BAD_PATH) {
		error_set(&error, "write it like .values[0].flags", "cannot read the path \"%.*s\"",
		          SLICE_ARGS(path, 100));
		status = report_error(s, STATUS_USAGE, &error);
	} else {
		if (found == JSON_NOT_THERE)
			error_set(&error, NULL, "expected a value at %.*s, and there is none",
			          SLICE_ARGS(path, 100));
		else
			error_set(&error, ".format json makes every answer JSON",
			          "expected JSON, and the output is none");
		status = refute(s, args, &error, expected, shown->text, false);
	}
	buf_release(&document);
	return status;
}

/* What was shown is looked at. */
static enum status expect_shown(struct session *s, const struct args *args)
{
	struct shown shown;
	struct slice expected = args->operands[args->count - 1];
	enum status status;
	shown_get(s, &shown);
	if (!shown.whole) {
		struct error error;
		error_set(&error, "ask for less, or for the status alone",
		          "more than %zu bytes were shown, too many to compare", OUTPUT_SHOWN_MAX);
		status = refute(s, args, &error, expected, slice_of(NULL, 0), false);
	} else if (args->count == 3) {
		status = expect_json(s, args, &shown);
	} else if (args_option(args, "-re", NULL)) {
		status = expect_match(s, args, expected, &shown);
	} else {
		status = expect_text(s, args, expected, &shown);
	}
	buf_release(&shown.uncoloured);
	return status;
}

static enum status run_expect(struct session *s, struct args *args)
{
	bool regex = args_option(args, "-re", NULL);
	if (!s->verdict.ran)
		return report_errorf(s, STATUS_USAGE, "put it after the command that it is about",
		                     "%s has no command before it", args->command->name);
	if (args->count == 1 ||
	    (!regex && args->count == 3 && slice_eq_str(args->operands[0], "json")))
		return expect_shown(s, args);
	if (!regex && args->count == 2 && slice_eq_str(args->operands[0], "status"))
		return expect_status(s, args);
	return report_errorf(s, STATUS_USAGE, FORMS, "this is none of the forms of %s",
	                     args->command->name);
}

static const struct command_option expect_options[] = {
    {"-re", NULL, "TEXT is an extended regular expression, found anywhere in it", NULL},
    {NULL, NULL, NULL, NULL},
};

const struct command command_dot_expect = {
    .name = ".expect",
    .group = GROUP_SCRIPT,
    .flags = COMMAND_ASSERTS,
    .operands = "WORD...",
    .suggest = "status json",
    .options = expect_options,
    .summary = "check what the last command showed",
    .about =
	"`.expect TEXT` holds what the last command showed, its errors too, against TEXT, one word "
	"without the last line feed; `-re` finds an extended regular expression in it, whose ^ and "
	"$ are the ends of the whole. `.expect status N` is about its exit status; a miss that was "
	"expected does not count for that of mcsh. `.expect json PATH VALUE` finds a value in what "
	"was shown, and compares it as JSON if VALUE is JSON, else as a string. What does not hold "
	"is reported with file and line and what differs, and the script goes on unless -e was "
	"given; the exit status is 5. Several can follow one command. Behind a pipe or a "
	"redirection it is what the command gave there.",
    .example = "> set foo bar\nSTORED\n> .expect STORED\n> get nope\n> .expect status 1\n"
	       "> get foo\nbar\n> .expect -re '^b.r$'\n"
	       "> set page '{\"hits\": [7, 8]}'\nSTORED\n"
	       "> get page\n{\"hits\": [7, 8]}\n> .expect json .hits[1] 8\n",
    .effect = EFFECT_READS,
    .run = run_expect,
};
