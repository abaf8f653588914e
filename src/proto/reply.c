#include "proto/reply.h"

#include "base/quote.h"

#include <stdio.h>

const struct slice reply_words[REPLY_KINDS] = {
    [REPLY_VALUE] = SLICE_INIT("VALUE"),
    [REPLY_STAT] = SLICE_INIT("STAT"),
    [REPLY_END] = SLICE_INIT("END"),
    [REPLY_STORED] = SLICE_INIT("STORED"),
    [REPLY_NOT_STORED] = SLICE_INIT("NOT_STORED"),
    [REPLY_EXISTS] = SLICE_INIT("EXISTS"),
    [REPLY_NOT_FOUND] = SLICE_INIT("NOT_FOUND"),
    [REPLY_DELETED] = SLICE_INIT("DELETED"),
    [REPLY_TOUCHED] = SLICE_INIT("TOUCHED"),
    [REPLY_OK] = SLICE_INIT("OK"),
    [REPLY_RESET] = SLICE_INIT("RESET"),
    [REPLY_VERSION] = SLICE_INIT("VERSION"),
    [REPLY_ERROR] = SLICE_INIT("ERROR"),
    [REPLY_CLIENT_ERROR] = SLICE_INIT("CLIENT_ERROR"),
    [REPLY_SERVER_ERROR] = SLICE_INIT("SERVER_ERROR"),
    [REPLY_HD] = SLICE_INIT("HD"),
    [REPLY_VA] = SLICE_INIT("VA"),
    [REPLY_EN] = SLICE_INIT("EN"),
    [REPLY_NF] = SLICE_INIT("NF"),
    [REPLY_NS] = SLICE_INIT("NS"),
    [REPLY_EX] = SLICE_INIT("EX"),
    [REPLY_MN] = SLICE_INIT("MN"),
    [REPLY_ME] = SLICE_INIT("ME"),
    [REPLY_QUIET] = SLICE_INIT(""),
    [REPLY_LINE] = SLICE_INIT(""),
    [REPLY_NUMBER] = SLICE_INIT(""),
    [REPLY_REFUSED] = SLICE_INIT(""),
    [REPLY_NONE] = SLICE_INIT(""),
    [REPLY_LOST] = SLICE_INIT(""),
};

enum status reply_status(enum reply_kind kind)
{
	static const enum status statuses[REPLY_KINDS] = {
	    [REPLY_NOT_STORED] = STATUS_NEGATIVE, [REPLY_EXISTS] = STATUS_NEGATIVE,
	    [REPLY_NOT_FOUND] = STATUS_NEGATIVE,  [REPLY_EN] = STATUS_NEGATIVE,
	    [REPLY_NF] = STATUS_NEGATIVE,         [REPLY_NS] = STATUS_NEGATIVE,
	    [REPLY_EX] = STATUS_NEGATIVE,         [REPLY_ERROR] = STATUS_SERVER,
	    [REPLY_CLIENT_ERROR] = STATUS_SERVER, [REPLY_SERVER_ERROR] = STATUS_SERVER,
	    [REPLY_REFUSED] = STATUS_SERVER,      [REPLY_LOST] = STATUS_LOST,
	};
	return statuses[kind]; /* STATUS_OK is 0 */
}

struct reply_text reply_text(const struct reply *reply)
{
	struct reply_text text;
	struct buf words = BUF_INIT;
	const char *word = reply_word(reply->kind);
	escape_add_field(&words, reply->value);
	snprintf(text.s, sizeof(text.s), "%s%s%.*s", word, word[0] && words.len > 0 ? " " : "",
	         SLICE_ARGS(buf_slice(&words), sizeof(text.s)));
	buf_release(&words);
	return text;
}

bool reply_wants_login(struct slice text, bool *taken)
{
	static const struct slice words =
	    SLICE_INIT("authentication failure|bad authentication token format|"
	               "auth token too long|bad command line termination");
	*taken = slice_lists(words, '|', text);
	return *taken || slice_eq_str(text, "unauthenticated");
}
