#include "command/arguments.h"
#include "shell/report.h"

#include "base/file.h"
#include "base/number.h"
#include "base/quote.h"
#include "shell/flow/window.h"
#include "shell/lang/args.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const struct command_option noreply_options[] = {
    NOREPLY_OPTION,
    {0},
};

#define TIME_FORMS "write seconds, 90s 15m 12h 45d 2w, or @UNIXTIME"

static bool refuse_time(struct slice text, const char *why, struct error *error)
{
	return error_set(error, TIME_FORMS, "the time \"%.*s\" %s", SLICE_ARGS(text, 60), why);
}

/* @UNIXTIME */
static bool unix_time(struct slice text, int64_t *exptime, struct error *error)
{
	uint64_t at;
	enum number_result result = number_parse_u64(slice_skip(text, 1), &at);
	if (result != NUMBER_OK)
		return refuse_time(text, number_why(result), error);
	if (at <= EXPTIME_RELATIVE_MAX)
		return refuse_time(
		    text, "is in January 1970; the server would read it as seconds from now",
		    error);
	if (at > INT32_MAX)
		return refuse_time(text, "is later than the server's 32 bits reach (January 2038)",
		                   error);
	*exptime = (int64_t)at;
	return true;
}

/* A number with a unit. */
static bool span(struct slice text, int64_t *exptime, struct error *error)
{
	uint64_t ms;
	enum number_result result = number_parse_duration(text, 1000, &ms);
	if (result != NUMBER_OK)
		return refuse_time(
		    text, result == NUMBER_JUNK ? "is not a time" : number_why(result), error);
	if (ms % 1000 != 0)
		return refuse_time(text, "is not whole seconds, and the server counts in these",
		                   error);
	uint64_t seconds = ms / 1000;
	uint64_t now = (uint64_t)time(NULL);
	if (seconds > EXPTIME_RELATIVE_MAX) {
		if (seconds > INT32_MAX - now)
			return refuse_time(
			    text, "is later than the server's 32 bits reach (January 2038)", error);
		seconds += now;
	}
	*exptime = (int64_t)seconds;
	return true;
}

bool argument_time(struct session *s, struct slice text, int64_t *exptime, struct error *error)
{
	int64_t seconds;
	if (text.len > 0 && text.data[0] == '@')
		return unix_time(text, exptime, error);
	if (number_parse_i64(text, &seconds) != NUMBER_OK)
		return span(text, exptime, error);
	if (seconds > INT32_MAX || seconds < INT32_MIN)
		return refuse_time(text, "is out of range for the server's 32 bits", error);
	if (seconds > EXPTIME_RELATIVE_MAX)
		report_errorf(s, STATUS_OK,
		              "for a span write a unit, as in 45d; for a date write @UNIXTIME",
		              "warning: the server reads %lld as a date, being over 30 days",
		              (long long)seconds);
	*exptime = seconds;
	return true;
}

bool argument_time_at(struct session *s, const struct args *args, size_t place, int64_t *exptime,
                      struct error *error)
{
	struct error ignored;
	if (argument_time(s, args->operands[place], exptime, error))
		return true;
	if (args->count != 2 || !span(args->operands[1 - place], exptime, &ignored))
		return false;
	struct buf line = BUF_INIT;
	for (size_t i = 2; i-- > 0;) {
		buf_add_char(&line, ' ');
		quote_add_word(&line, slice_first(args->operands[i], 60));
	}
	error_hint(error, "type %s%s", args->command->name, buf_cstr(&line));
	buf_release(&line);
	return false;
}

bool argument_none(struct session *s, struct args *args, struct request *request,
                   struct error *error)
{
	(void)s;
	(void)args;
	(void)request;
	(void)error;
	return true;
}

bool argument_words(struct session *s, struct args *args, struct request *request,
                    struct error *error)
{
	(void)s;
	(void)error;
	buf_clear(&args->file);
	args_join(args, &args->file);
	request->text = buf_slice(&args->file);
	return true;
}

bool argument_key(struct args *args, struct request *request, struct error *error)
{
	request->keys = args->operands;
	request->key_count = 1;
	request->noreply = args_option(args, "--noreply", NULL);
	return request_check_keys(request, error);
}

bool argument_number(struct slice text, const char *name, uint64_t most, uint64_t *out,
                     struct error *error)
{
	enum number_result result = number_parse_u64(text, out);
	if (result == NUMBER_OK && *out <= most)
		return true;
	error_set(error, NULL, "%s \"%.*s\" %s", name, SLICE_ARGS(text, 60),
	          result == NUMBER_OK ? "is too large" : number_why(result));
	error_hint(error, "write a decimal number from 0 to %llu", (unsigned long long)most);
	return false;
}

bool argument_count(const struct args *args, const char *name, const char *what, uint64_t most,
                    uint64_t *out, struct error *error)
{
	struct slice text;
	if (!args_option(args, name, &text) ||
	    (number_parse_u64(text, out) == NUMBER_OK && *out > 0 && *out <= most))
		return true;
	error_set(error, "write a number from 1 on", "%s takes a number of %s", name, what);
	if (most < UINT64_MAX)
		error_hint(error, "write a number from 1 to %llu", (unsigned long long)most);
	return false;
}

/* Whether a file can be read without waiting, unlike a pipe. */
static bool is_at_hand(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool read_file(struct session *s, struct args *args, struct slice path, struct error *error)
{
	bool is_stdin = slice_eq_str(path, "-");
	if (is_stdin && input_is_stdin(s->input))
		return error_set(error, "name a file, or give the command by -c",
		                 "standard input is where the commands come from");
	if (!file_check_name(path, error))
		return false;
	struct buf name = BUF_INIT;
	buf_add_slice(&name, path);
	const char *text = buf_cstr(&name);
	if (is_stdin || !is_at_hand(text))
		window_barrier(s); /* the commands before it do not wait for what it waits for */
	int fd = is_stdin ? STDIN_FILENO : open(text, O_RDONLY | O_CLOEXEC);
	buf_clear(&args->file);
	bool ok = fd >= 0 && file_read(fd, s->servers.options.value_max, &args->file);
	if (!ok && errno == EFBIG) {
		error_set(error, "raise it with .set max_value", "\"%s\" is larger than %zu bytes",
		          text, s->servers.options.value_max);
	} else if (!ok && errno == EMSGSIZE) {
		error_set(error, FILE_TERMINAL_HINT, "the terminal cuts a line at %d bytes",
		          FILE_TERMINAL_LINE_MAX);
	} else if (!ok) {
		error_set(error, "check the path and its rights", "cannot read \"%s\": %s", text,
		          strerror(errno));
	}
	if (fd > STDIN_FILENO)
		close(fd);
	buf_release(&name);
	return ok;
}

/* {"a":1} typed bare is {a:1}: the shell takes the quotes, as other shells do. */
static void warn_of_quotes(struct session *s, const struct args *args, size_t index)
{
	const struct word *word = &args->words[index];
	const char *raw = args->line.data + word->start;
	if (!word->quoted || (raw[0] != '{' && raw[0] != '['))
		return;
	struct buf stored = BUF_INIT;
	escape_add_field(&stored, slice_first(word->text, 40));
	report_errorf(s, STATUS_OK, "quotes are mcsh's own; to keep them write the whole in '...'",
	              "warning: the value is %s%s", buf_cstr(&stored),
	              word->text.len > 40 ? "..." : "");
	buf_release(&stored);
}

bool argument_value(struct session *s, struct args *args, size_t index, struct slice *value,
                    struct error *error)
{
	struct slice path;
	if (!args_option(args, "--file", &path)) {
		*value = args->operands[index];
		warn_of_quotes(s, args, index);
		return true;
	}
	if (!read_file(s, args, path, error))
		return false;
	*value = buf_slice(&args->file);
	return true;
}
