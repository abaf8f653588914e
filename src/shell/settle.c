#include "shell/settle.h"

#include "shell/report.h"
#include "shell/tracing.h"

enum status session_settle(struct session *s)
{
	struct error error;
	if (!client_unsettled(s->servers.client))
		return STATUS_OK;
	output_flush(&s->output);
	tracing_begin(&s->tracing);
	bool ok = client_settle(s->servers.client, &error);
	tracing_end(&s->tracing);
	return ok ? STATUS_OK : report_error(s, STATUS_LOST, &error);
}
