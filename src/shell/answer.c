#include "shell/answer.h"

#include "shell/session.h"

#include "view/text/json_write.h"

void answer_begin(struct session *s)
{
	s->run.answer.due = s->settings.format == FORMAT_JSON && !s->mode.starting;
	s->run.answer.given = s->run.answer.failed = false;
}

void answer_given(struct answer *a)
{
	a->given = true;
}

void answer_failed(struct answer *a, const struct error *error)
{
	a->failed = true;
	a->error = *error;
}

static void add_status(const struct answer *a, enum status status, struct buf *out)
{
	json_string_member(out, "status", status_name(status));
	if (status == STATUS_OK || !a->failed)
		return;
	json_string_member(out, "error", a->error.what);
	json_string_member(out, "hint", a->error.hint);
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

void answer_complete(struct answer *a, struct output *o, enum status status)
{
	if (!a->due || a->given || !reopen(o))
		return;
	add_status(a, status, &o->results);
	buf_add_str(&o->results, "}\n");
	a->given = true;
}

void answer_end(struct answer *a, struct output *o, struct slice name, enum status status)
{
	answer_complete(a, o, status);
	if (!a->due || a->given)
		return;
	json_open(&o->results, '{');
	if (name.len > 0)
		json_bytes_member(&o->results, "command", "command_encoding", name);
	add_status(a, status, &o->results);
	buf_add_str(&o->results, "}\n");
	a->given = true;
}
