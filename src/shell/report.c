#include "shell/report.h"

#include "base/quote.h"
#include "shell/answer.h"
#include "shell/io/interrupt.h"
#include "shell/io/progress.h"
#include "view/text/paint.h"
#include "view/text/wrap.h"

#include <stdarg.h>
#include <stdio.h>

/* What the command being run has shown, ERROR among it, without its place in a script. */
static void capture_failure(struct session *s, const struct error *error)
{
	struct buf text = BUF_INIT, clean = BUF_INIT;
	buf_addf(&text, "mcsh: %s%s%s", error->what, error->hint[0] ? ": " : "", error->hint);
	escape_add_text(&clean, buf_slice(&text));
	buf_add_char(&clean, '\n');
	output_capture(&s->output, buf_slice(&clean));
	buf_release(&text);
	buf_release(&clean);
}

void report_new_line(struct session *s)
{
	if (s->mode.interactive && s->screen.terminal && interrupt_pending() && !s->screen.echoed) {
		if (s->output.sink == SINK_NONE)
			buf_add_char(&s->output.results, '\n');
		else /* results go elsewhere, the terminal is what the ^C is on */
			output_complain(&s->output, SLICE("\n"));
		s->screen.echoed = true;
	}
}

enum status report_error(struct session *s, enum status status, const struct error *error)
{
	progress_wipe(s);
	report_new_line(s);
	struct buf text = BUF_INIT, clean = BUF_INIT;
	verdict_failed(&s->verdict, error);
	if (status != STATUS_OK && s->run.answer.due)
		answer_failed(&s->run.answer, error);
	buf_add_str(&text, "mcsh: ");
	if (s->run.place.name) {
		escape_add_line(&text, slice_str(s->run.place.name));
		buf_addf(&text, ":%zu: ", s->run.place.line);
	}
	buf_add_str(&text, error->what);
	if (error->hint[0])
		buf_addf(&text, ": %s", error->hint);
	/* What came from outside was cleaned of controls by error_set; invalid UTF-8 is escaped
	 * here. */
	escape_add_text(&clean, buf_slice(&text));
	buf_clear(&text);
	if (s->mode.interactive && s->screen.terminal) {
		paint_add(&text, screen_color(&s->screen, s->settings.color), PAINT_BAD, "mcsh:");
		wrap_add(&text, slice_skip(buf_slice(&clean), 6), 2, 5, screen_columns(&s->screen));
	} else {
		buf_addf(&text, "%s\n", buf_cstr(&clean));
	}
	output_complain(&s->output, buf_slice(&text));
	capture_failure(s, error);
	buf_release(&text);
	buf_release(&clean);
	return status;
}

enum status report_errorf(struct session *s, enum status status, const char *hint,
                          const char *format, ...)
{
	struct error error;
	char what[sizeof(error.what)];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	error_set(&error, hint, "%s", what);
	return report_error(s, status, &error);
}

enum status report_key(struct session *s, enum status status, const char *hint, struct slice key,
                       const char *what)
{
	struct buf word = BUF_INIT;
	quote_add_word(&word, slice_of(key.data, key.len < 80 ? key.len : 80));
	report_errorf(s, status, hint, "%s %s", buf_cstr(&word), what);
	buf_release(&word);
	return status;
}

void report_status(struct session *s, enum status status, bool asserts)
{
	verdict_count(&s->verdict, status, asserts);
	for (struct input *in = s->input; in; in = in->below)
		in->worst = status_max(in->worst, status);
}

enum status report_refused(struct session *s, const struct error *error)
{
	report_error(s, STATUS_USAGE, error);
	answer_end(&s->run.answer, &s->output, slice_of(NULL, 0), STATUS_USAGE);
	report_status(s, STATUS_USAGE, false);
	return STATUS_USAGE;
}
