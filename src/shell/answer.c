#include "shell/answer.h"

#include "shell/session.h"

#include "view/text/json_write.h"

void answer_begin(struct session *s)
{
	s->run.answer.due = s->settings.format == FORMAT_JSON && !s->mode.starting;
	s->run.answer.given = s->run.answer.failed = false;
}

void answer_given(struct session *s)
{
	s->run.answer.given = true;
}

void answer_failed(struct session *s, const struct error *error)
{
	s->run.answer.failed = true;
	s->run.answer.error = *error;
}

static void add_status(struct session *s, enum status status)
{
	struct buf *out = &s->output.results;
	json_string_member(out, "status", status_name(status));
	if (status == STATUS_OK || !s->run.answer.failed)
		return;
	json_string_member(out, "error", s->run.answer.error.what);
	json_string_member(out, "hint", s->run.answer.error.hint);
}

/* Takes the end off the object that the command wrote last, if it is still at hand. */
static bool reopen(struct output *o)
{
	static const char begin[] = "{\"command\":";
	struct slice text = slice_skip(buf_slice(&o->results), o->mark);
	if (text.len < sizeof(begin) || !slice_ends(text, SLICE("}\n")))
		return false;
	const char *line = memrchr(text.data, '\n', text.len - 1);
	line = line ? line + 1 : text.data;
	text = slice_skip(text, (size_t)(line - text.data));
	if (!slice_starts(text, SLICE(begin)))
		return false;
	buf_cut(&o->results, o->results.len - 2);
	return true;
}

void answer_complete(struct session *s, enum status status)
{
	if (!s->run.answer.due || s->run.answer.given || !reopen(&s->output))
		return;
	add_status(s, status);
	buf_add_str(&s->output.results, "}\n");
	answer_given(s);
}

void answer_end(struct session *s, struct slice name, enum status status)
{
	struct buf *out = &s->output.results;
	if (!s->run.answer.due || s->run.answer.given)
		return;
	answer_complete(s, status);
	if (s->run.answer.given)
		return;
	json_open(out, '{');
	if (name.len > 0)
		json_bytes_member(out, "command", "command_encoding", name);
	add_status(s, status);
	buf_add_str(out, "}\n");
	answer_given(s);
}
