#include "command/raw_prompt_private.h"

#include "base/quote.h"
#include "view/advice.h"
#include "view/text/paint.h"
#include "view/text/wrap.h"

#include <stdarg.h>

struct buf *raw_prompt_results(const struct raw_prompt *p)
{
	return &p->session->output.results;
}

void raw_prompt_add_wrapped(struct raw_prompt *p, enum paint paint, size_t indent,
                            struct slice text)
{
	struct session *s = p->session;
	struct buf *out = raw_prompt_results(p), lines = BUF_INIT;
	size_t width = screen_columns(&s->screen);
	buf_add_repeat(&lines, ' ', indent);
	wrap_add(&lines, text, indent, indent, width < WRAP_WIDTH ? width : WRAP_WIDTH);
	lines.len--; /* the line feed is the last byte, or the prompt would not know the column */
	paint_slice(out, s->style.color, paint, NULL, buf_slice(&lines));
	buf_add_char(out, '\n');
	buf_release(&lines);
}

void raw_prompt_note(struct raw_prompt *p, const char *format, ...)
{
	struct buf text = BUF_INIT;
	va_list args;
	buf_add_char(&text, '(');
	va_start(args, format);
	buf_vaddf(&text, format, args);
	va_end(args);
	buf_add_char(&text, ')');
	raw_prompt_add_wrapped(p, PAINT_DIM, INDENT, buf_slice(&text));
	buf_release(&text);
}

/* Which line the answer belongs to that comes next, unless it is the one just sent. */
static void label(struct raw_prompt *p, const struct telnet_match *m)
{
	const struct telnet_command *c = &m->command;
	struct buf text = BUF_INIT;
	bool late = p->looking || c->turn != p->telnet.turn, unasked = p->unasked;
	p->unasked = !m->asked;
	if (!m->asked && !unasked)
		raw_prompt_note(p, "to nothing that was sent:");
	if (!m->asked || (!late && (c->whole || c->replies > 1)) ||
	    (late && c->replies > 1 && p->labelled == p->telnet.turn))
		return;
	p->labelled = p->telnet.turn;
	escape_add_line(&text,
	                slice_of(c->text, c->len < sizeof(c->text) ? c->len : sizeof(c->text)));
	if (c->len > sizeof(c->text))
		buf_add_str(&text, "...");
	if (c->len == 0)
		raw_prompt_note(p, "%sto an empty line:", late ? "late, " : "");
	else
		raw_prompt_note(p, "%sto \"%s\":", late ? "late, " : "", buf_cstr(&text));
	buf_release(&text);
}

void raw_prompt_show(struct raw_prompt *p, const struct reply *reply)
{
	struct session *s = p->session;
	struct buf *out = raw_prompt_results(p);
	struct slice text = reply->value;
	struct telnet_match m = telnet_reply(&p->telnet, reply);
	size_t most = s->settings.max_shown;
	struct reply refusal;
	struct request about;
	bool error = telnet_refuses(&m.command, reply, &refusal, &about);
	p->over |= m.over;
	label(p, &m);
	if (most > 0 && text.len > most)
		text.len = most;
	buf_add_repeat(out, ' ', INDENT);
	paint_slice(out, s->style.color,
	            error          ? PAINT_BAD
	            : reply->block ? PAINT_STRING
	                           : PAINT_NONE,
	            escape_add_line, text);
	if (text.len < reply->value.len)
		buf_addf(out, "... (%zu bytes; .set max_shown shows more)", reply->value.len);
	buf_add_char(out, '\n');
	if (error)
		raw_prompt_add_wrapped(p, PAINT_DIM, INDENT_MORE,
		                       slice_str(advice_for(&about, &refusal)));
	if (m.cut)
		raw_prompt_note(p,
		                "its data is not asked for: this server would run it as commands");
	output_tick(&s->output);
}
