#include "shell/flow/losses.h"
#include "shell/report.h"

bool losses_add(struct losses *l, struct location place, const struct reply *reply)
{
	l->last = place.line;
	if (l->count++ == 0) {
		l->error = *reply->error;
		l->unsent = 0;
		return false;
	}
	l->unsent += reply->unsent;
	if (l->count == 2)
		l->second = place;
	return true;
}

/* What has become of MORE commands, of which SENT were sent. */
static void add_fate(struct error *error, size_t more, size_t sent)
{
	if (sent == 0)
		error_hint(error, more == 1 ? "it was not sent" : "not one of them was sent");
	else if (sent == more)
		error_hint(error, "whether %s carried out is unknown",
		           more == 1 ? "it was" : "they were");
	else
		error_hint(
		    error, "whether the first %zu %s carried out is unknown, the %s not sent", sent,
		    sent == 1 ? "was" : "were", more - sent == 1 ? "other was" : "others were");
}

void losses_report(struct session *s, struct losses *l)
{
	size_t more = l->count > 1 ? l->count - 1 : 0;
	struct error error;
	l->count = 0;
	if (more == 0)
		return;
	if (more == 1)
		error_set(&error, NULL, "1 more command had no answer");
	else
		error_set(&error, NULL, "%zu more commands, to line %zu, had no answer", more,
		          l->last);
	add_fate(&error, more, more - l->unsent);
	struct location here = s->run.place;
	bool due = s->run.answer.due;
	s->run.place = l->second;
	s->run.answer.due = false;
	report_error(s, STATUS_LOST, &error);
	s->run.answer.due = due;
	s->run.place = here;
}
