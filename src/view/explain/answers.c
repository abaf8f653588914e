#include "view/explain/answers.h"

#include "proto/dialect.h"
#include "proto/meta.h"
#include "proto/meta_flags.h"
#include "view/advice.h"

/* What a reply of a shape means. */
static const struct answer {
	enum expect expect;
	enum reply_kind kind;
	const char *word; /* as it comes, where that is not the kind's */
	const char *meta; /* in the meta form; NULL: it has none */
	const char *text;
} answers[] = {
    {EXPECT_STORAGE, REPLY_STORED, NULL, "HD", "it was stored"},
    {EXPECT_STORAGE, REPLY_NOT_STORED, NULL, "NS", NULL},
    {EXPECT_STORAGE, REPLY_EXISTS, NULL, "EX", "the item has another cas unique: it was changed"},
    {EXPECT_STORAGE, REPLY_NOT_FOUND, NULL, "NF", "no item has the key"},
    {EXPECT_VALUES, REPLY_VALUE, "VALUE key flags length", "VA length flags",
     "an item: its data follows, and after that a line end"},
    {EXPECT_VALUES, REPLY_END, NULL, "EN", "nothing more; a key without a value is not there"},
    {EXPECT_TOUCH, REPLY_TOUCHED, NULL, "HD", "the item has the new time"},
    {EXPECT_TOUCH, REPLY_NOT_FOUND, NULL, "EN", "no item has the key"},
    {EXPECT_DELETE, REPLY_DELETED, NULL, "HD", "the item is gone"},
    {EXPECT_DELETE, REPLY_NOT_FOUND, NULL, "NF", "no item had the key"},
    {EXPECT_NUMBER, REPLY_NUMBER, "a number", "VA length", "the item's new value"},
    {EXPECT_NUMBER, REPLY_NOT_FOUND, NULL, "NF", "no item has the key: nothing was made"},
    {EXPECT_STATS, REPLY_STAT, "STAT name value", NULL, "one counter or setting each"},
    {EXPECT_STATS, REPLY_END, NULL, NULL, "the list is whole"},
    {EXPECT_STATS, REPLY_RESET, NULL, NULL, "the counters begin again at 0"},
    {EXPECT_VERSION, REPLY_VERSION, "VERSION text", NULL, "the server's version"},
    {EXPECT_OK, REPLY_OK, NULL, NULL, "done"},
    {EXPECT_ADMIN, REPLY_OK, NULL, NULL, "done"},
    {EXPECT_ADMIN, REPLY_RESET, NULL, NULL, "done, and the counters begin again"},
    {EXPECT_ADMIN, REPLY_REFUSED, "BUSY, BADCLASS ...", NULL, "it cannot be done now, or so"},
    {EXPECT_CONFIG, REPLY_LINE, "CONFIG cluster flags length", NULL, "the list of the nodes"},
    {EXPECT_CONFIG, REPLY_END, NULL, NULL, "it is whole"},
    {EXPECT_CLOSE, REPLY_END, "nothing", NULL, "the server closes the connection"},
    {EXPECT_META, REPLY_QUIET, "nothing", NULL,
     "the usual answer, which q leaves out; mcsh's fence shows it"},
    {EXPECT_META, REPLY_HD, NULL, NULL, "done; flags that were asked for follow"},
    {EXPECT_META, REPLY_VA, "VA length flags", NULL, "a value, whose data follows"},
    {EXPECT_META, REPLY_EN, NULL, NULL, "a miss"},
    {EXPECT_META, REPLY_NF, NULL, NULL, "no item has the key"},
    {EXPECT_META, REPLY_NS, NULL, NULL, "not stored, by the mode"},
    {EXPECT_META, REPLY_EX, NULL, NULL, "the item has another cas unique: it was changed"},
    {EXPECT_META, REPLY_MN, NULL, NULL, "the answer to mn: all before it was answered"},
    {EXPECT_META, REPLY_ME, "ME key ...", NULL, "what the server knows of the item"},
    {EXPECT_FENCE, REPLY_LINE, "any lines", NULL, "up to the answer to mcsh's fence"},
    {EXPECT_ANY, REPLY_LINE, "any lines", NULL, "for as long as it is listened to"},
};

static const struct answer errors[] = {
    {EXPECT_NONE, REPLY_ERROR, NULL, NULL, "the server does not know the command"},
    {EXPECT_NONE, REPLY_CLIENT_ERROR, "CLIENT_ERROR text", NULL, "the line or the data is wrong"},
    {EXPECT_NONE, REPLY_SERVER_ERROR, "SERVER_ERROR text", NULL, "the server could not do it"},
};

/* Errors that are a command's own, and have an advice. */
static const struct known {
	enum expect expect;
	enum reply_kind kind;
	const char *line;
} known[] = {
    {EXPECT_STORAGE, REPLY_SERVER_ERROR, "SERVER_ERROR object too large for cache"},
    {EXPECT_STORAGE, REPLY_SERVER_ERROR, "SERVER_ERROR out of memory storing object"},
    {EXPECT_NUMBER, REPLY_CLIENT_ERROR,
     "CLIENT_ERROR cannot increment or decrement non-numeric value"},
    {EXPECT_OK, REPLY_CLIENT_ERROR, "CLIENT_ERROR flush_all not allowed"},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Whether a classic command goes out as a meta one. */
static bool in_meta_form(const struct request *r)
{
	return request_dialect(r) == DIALECT_META && verb_rows[r->verb].expect != EXPECT_META;
}

/* Whether that answers REQUEST, beyond its shape. */
static bool can_answer(const struct answer *a, const struct request *r)
{
	bool meta = in_meta_form(r);
	if (a->expect != request_expects(r) || (meta && !a->meta))
		return false;
	if (a->kind == REPLY_QUIET)
		return meta_is_quiet(r);
	if (a->expect == EXPECT_META)
		return slice_lists(meta_answers(verb_rows[r->verb].word), ' ',
		                   slice_str(reply_word(a->kind)));
	if (a->expect != EXPECT_STORAGE)
		return true;
	switch (a->kind) {
	case REPLY_STORED:
		return true;
	case REPLY_NOT_STORED:
		return r->verb != VERB_SET && r->verb != VERB_CAS && r->verb != VERB_LOGIN;
	default:
		return r->verb == VERB_CAS;
	}
}

static const char *answer_text(const struct answer *a, const struct request *r)
{
	if (r->verb == VERB_LOGIN && a->kind == REPLY_STORED)
		return "logged in; nothing was stored";
	if (a->kind != REPLY_NOT_STORED)
		return a->text;
	return r->verb == VERB_ADD ? "the key is there already" : "no item has the key";
}

/* The status of a packet that answers so (proto/binary.h); NULL: no packet does. */
static const char *status_word(enum reply_kind kind)
{
	switch (kind) {
	case REPLY_END:
		return "status 0001, or the noop's";
	case REPLY_NOT_FOUND:
		return "status 0001";
	case REPLY_EXISTS:
		return "status 0002";
	case REPLY_NOT_STORED:
		return "status 0001, 0002, 0005";
	case REPLY_CLIENT_ERROR:
		return "status 0004, 0006";
	case REPLY_ERROR:
		return "status 0081";
	case REPLY_SERVER_ERROR:
		return "status 0003, 0082";
	default:
		return "status 0000";
	}
}

/* The I-th of the errors that are REQUEST's own, where they come as lines. */
static bool known_at(const struct request *r, size_t i, const char **word, const char **text)
{
	for (size_t n = 0; n < COUNT(known) && !dialect_of(r)->packets; n++) {
		const struct known *k = &known[n];
		bool flush = k->expect == EXPECT_OK;
		if (k->expect != request_expects(r) || (flush && r->verb != VERB_FLUSH_ALL) ||
		    i-- > 0)
			continue;
		struct reply reply = {
		    .kind = k->kind,
		    .value = slice_skip(slice_str(k->line), sizeof("SERVER_ERROR"))};
		*word = k->line;
		*text = advice_for(r, &reply);
		return true;
	}
	return false;
}

bool answer_at(const struct request *r, size_t i, const char **word, const char **text)
{
	if (request_expects(r) == EXPECT_NONE) {
		*word = "nothing";
		*text =
		    "it was asked for no answer; mcsh asks by a fence whether it was carried out";
		return i == 0;
	}
	bool meta = in_meta_form(r);
	for (size_t n = 0; n < COUNT(answers) + COUNT(errors); n++) {
		const struct answer *a = n < COUNT(answers) ? &answers[n]
		                                            : &errors[n - COUNT(answers)];
		if (n < COUNT(answers) && !can_answer(a, r))
			continue;
		if (i-- > 0)
			continue;
		const char *status = dialect_of(r)->packets ? status_word(a->kind) : NULL;
		bool fenced = meta && a->kind == REPLY_END && dialect_fence_len(r) > 0;
		*word = status            ? status
		        : fenced          ? "MN"
		        : meta && a->meta ? a->meta
		        : a->word         ? a->word
		                          : reply_word(a->kind);
		*text = answer_text(a, r);
		return true;
	}
	return known_at(r, i, word, text);
}

const char *answer_meaning(const struct request *r, enum reply_kind kind)
{
	if (reply_is_error(kind))
		return errors[kind - REPLY_ERROR].text;
	for (size_t i = 0; i < COUNT(answers); i++) {
		if (answers[i].expect == request_expects(r) && answers[i].kind == kind)
			return answer_text(&answers[i], r);
	}
	return "";
}
