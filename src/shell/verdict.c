#include "shell/verdict.h"

void verdict_count(struct verdict *v, enum status status, bool asserts)
{
	if (asserts) {
		v->excused = status_max(v->excused, status);
		v->reply_excused = status_max(v->reply_excused, status);
	} else {
		v->ran = true;
		v->last = status;
		v->excused = v->worst;
		v->reply_excused = v->reply;
	}
	v->worst = status_max(v->worst, status);
	v->reply = status_max(v->reply, status);
}

void verdict_raise(struct verdict *v, enum status status)
{
	v->worst = status_max(v->worst, status);
	v->reply = status_max(v->reply, status);
}

void verdict_excuse(struct verdict *v)
{
	v->worst = v->excused;
	v->reply = v->reply_excused;
}

void verdict_failed(struct verdict *v, const struct error *error)
{
	v->failure = *error;
}

void verdict_assert(struct verdict *v, bool holds)
{
	v->asserted++;
	v->refuted += !holds;
}

enum status verdict_take_reply(struct verdict *v)
{
	enum status status = v->reply;
	v->reply = v->reply_excused = STATUS_OK;
	return status;
}
