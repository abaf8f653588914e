/*
 * .raw alone: a prompt whose lines go to a server as they are typed, on a connection of their own,
 * and whose answers are shown as they come, each with the line that it answers.
 */
#ifndef COMMAND_RAW_PROMPT_H
#define COMMAND_RAW_PROMPT_H

#include "shell/lang/args.h"
#include "shell/session.h"

struct raw_prompt_options {
	size_t server;
	bool crlf;    /* each line goes out with CR LF after it */
	bool escapes; /* \r \n \t \0 \e \\ \" \' \xHH are read as the bytes that they mean */
};

/* Reads and sends until Ctrl-D or a dot. Only where s->input is a prompt. STATUS_LOST when the
 * server cannot be reached to begin with. */
enum status raw_prompt_run(struct session *s, const struct raw_prompt_options *options);

#endif
