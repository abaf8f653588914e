#include "shell/telnet.h"

#include "base/number.h"
#include "base/xalloc.h"
#include "proto/classic.h"
#include "proto/raw.h"
#include "proto/software.h"

#include <stdlib.h>

/* More of a line than a server reads: its beginning says all that is looked at here. */
#define LINE_KEPT 8192
/* The words of a line that are looked at. */
#define WORDS_SEEN 8
/* Those of a meta line, at the most (1.6.18). */
#define META_WORDS_MAX 19
/* The longest data block that a server reads at all. */
#define LENGTH_MAX (INT32_MAX - 2)

struct words {
	struct slice at[WORDS_SEEN]; /* those that are not there are empty */
	size_t count;                /* of all */
	struct slice last;
};

static struct words split(struct slice line)
{
	struct words w = {0};
	line = slice_chop(line, '\r');
	for (struct slice word = reader_word(&line); word.len > 0; word = reader_word(&line)) {
		if (w.count < WORDS_SEEN)
			w.at[w.count] = word;
		w.count++;
		w.last = word;
	}
	return w;
}

static bool is_classic_storage(const struct words *w)
{
	return slice_is_among(w->at[0], "set add replace append prepend cas");
}

static bool is_number(struct slice word, uint64_t most)
{
	uint64_t n;
	return number_parse_u64(slice_skip(word, word.len > 0 && word.data[0] == '+'), &n) ==
	           NUMBER_OK &&
	       n <= most;
}

/* The words that the storage line W has at the least, its length the one at *AT; 0: it is none. */
static size_t least_words(const struct words *w, size_t *at)
{
	bool meta = slice_eq_str(w->at[0], "ms");
	*at = meta ? 2 : 4;
	if (!meta && !is_classic_storage(w))
		return 0;
	return slice_eq_str(w->at[0], "cas") ? 6 : *at + 1;
}

static bool read_length(const struct words *w, uint64_t *bytes)
{
	size_t at, least = least_words(w, &at);
	return least > 0 && w->count >= least && number_parse_u64(w->at[at], bytes) == NUMBER_OK;
}

/* Whether the storage line W, whose length can be read, is refused for what else it has. */
static bool is_refused(const struct words *w)
{
	size_t at, least = least_words(w, &at);
	struct slice exptime = w->at[3];
	if (slice_eq_str(w->at[0], "ms")) /* wrong flags are found later, and the data is dropped */
		return w->at[1].len > KEY_MAX_BYTES || w->count > META_WORDS_MAX;
	exptime = slice_skip(exptime, exptime.len > 0 && exptime.data[0] == '-');
	return w->at[1].len > KEY_MAX_BYTES || w->count > least + 1 ||
	       !is_number(w->at[2], UINT32_MAX) || !is_number(exptime, INT32_MAX) ||
	       (least == 6 && !is_number(w->at[5], UINT64_MAX));
}

bool telnet_announces(struct slice line, uint64_t *bytes)
{
	struct words w = split(line);
	return read_length(&w, bytes);
}

bool telnet_version_drops(struct slice version)
{
	return software_is_since(version, 1, 6, 40);
}

/* Whether a flag of the meta line W is a q; the mode, key and length are none. */
static bool is_quiet(struct slice line)
{
	bool stores = slice_eq_str(reader_word(&line), "ms");
	reader_word(&line);
	if (stores)
		reader_word(&line);
	for (struct slice flag = reader_word(&line); flag.len > 0; flag = reader_word(&line)) {
		if (flag.data[0] == 'q')
			return true;
	}
	return false;
}

/* How LINE, whose words are W, is answered. It is not a wrong storage line. */
static enum telnet_answer answer_to(const struct words *w, struct slice line)
{
	struct slice word = w->at[0];
	if (slice_is_among(word, "get gets gat gats stats config"))
		return TELNET_END;
	if (slice_is_among(word, "mg ms md ma"))
		return is_quiet(line) ? TELNET_QUIET : TELNET_ONE;
	if (slice_is_among(word, "mn me version"))
		return TELNET_ONE;
	if (slice_eq_str(word, "lru_crawler") && slice_is_among(w->at[1], "metadump mgdump"))
		return TELNET_LIST;
	if (slice_eq_str(word, "watch"))
		return TELNET_FOREVER;
	if (slice_is_among(word, "quit shutdown"))
		return TELNET_CLOSE;
	if (is_classic_storage(w) ||
	    slice_is_among(word, "delete incr decr touch flush_all verbosity "
	                         "cache_memlimit slabs lru lru_crawler extstore "
	                         "refresh_certs"))
		return slice_eq_str(w->last, "noreply") && w->count > 1 ? TELNET_SILENT
		                                                        : TELNET_ONE;
	return TELNET_UNKNOWN;
}

static enum verb find_verb(struct slice word)
{
	for (enum verb verb = 0; verb < VERB_RAW; verb++) {
		if (verb != VERB_LOGIN && slice_eq(word, verb_rows[verb].word))
			return verb;
	}
	return VERB_RAW;
}

void telnet_init(struct telnet *t)
{
	*t = (struct telnet){0};
	buf_init(&t->line, LINE_KEPT);
}

void telnet_release(struct telnet *t)
{
	buf_release(&t->line);
	free(t->open);
	*t = (struct telnet){0};
}

void telnet_reset(struct telnet *t)
{
	buf_clear(&t->line);
	t->count = 0;
	t->left = 0;
	t->mid = t->dropped = t->block = false;
}

/* The server has read the line in t->line. */
static void add_command(struct telnet *t, bool whole)
{
	struct slice line = slice_chop(buf_slice(&t->line), '\r');
	struct words w = split(line);
	struct telnet_command c = {.answer = answer_to(&w, line),
	                           .verb = find_verb(w.at[0]),
	                           .whole = whole,
	                           .turn = t->turn,
	                           .len = line.len};
	memcpy(c.text, line.len ? line.data : "",
	       line.len < sizeof(c.text) ? line.len : sizeof(c.text));
	uint64_t bytes;
	if (read_length(&w, &bytes) && bytes <= LENGTH_MAX && (t->drops || !is_refused(&w))) {
		c.stores = true;
		t->announced = bytes;
		t->left = bytes + 2;
		t->dropped = is_refused(&w);
	} else if (c.answer == TELNET_SILENT && is_classic_storage(&w)) {
		c.answer = TELNET_ONE; /* refused before noreply is looked at */
	}
	t->open = xgrow(t->open, &t->cap, t->count + 1, sizeof(*t->open));
	t->open[t->count++] = c;
	buf_clear(&t->line);
	t->mid = false;
}

/* Takes from BYTES what belongs to the data block. */
static void take_data(struct telnet *t, struct slice *bytes, bool first, struct telnet_data *data)
{
	uint64_t lacked = t->left;
	size_t n = bytes->len < lacked ? bytes->len : (size_t)lacked;
	for (size_t i = n > 2 ? n - 2 : 0; i < n; i++) {
		t->tail[0] = t->tail[1];
		t->tail[1] = bytes->data[i];
	}
	struct slice typed = *bytes;
	*bytes = slice_skip(*bytes, n);
	t->left -= n;
	struct telnet_command *c = t->count > 0 ? &t->open[t->count - 1] : NULL;
	if (c && c->stores && !t->dropped) {
		c->turn = t->turn;
		c->whole = first;
	}
	if (t->left > 0)
		return;
	typed = slice_chop(slice_chop(typed, '\n'), '\r');
	data->ended = true;
	data->refused = !t->dropped && (t->tail[0] != '\r' || t->tail[1] != '\n');
	data->over = data->refused && typed.len + 2 > lacked ? typed.len + 2 - lacked : 0;
	data->rest = bytes->len;
	t->dropped = false;
}

void telnet_sent(struct telnet *t, struct slice bytes, struct telnet_data *data)
{
	*data = (struct telnet_data){0};
	t->turn++;
	bool first = true;
	while (bytes.len > 0) {
		if (t->left > 0) {
			take_data(t, &bytes, first, data);
		} else {
			struct slice piece = slice_before(bytes, '\n');
			bool ended = piece.len < bytes.len;
			size_t space = LINE_KEPT - t->line.len;
			buf_add(&t->line, piece.data, piece.len < space ? piece.len : space);
			bytes = slice_skip(bytes, piece.len + 1);
			if (ended)
				add_command(t, first);
			else
				t->mid = true;
		}
		first = false;
	}
}

/* Whether LINE can be an answer to C. */
static bool suits(const struct telnet_command *c, struct slice line)
{
	if (c->answer == TELNET_SILENT)
		return reply_line_is_error(line);
	if (c->answer == TELNET_QUIET)
		return !slice_eq_str(line, "MN");
	return true;
}

/* Whether LINE is the last one for C. */
static bool ends(const struct telnet_command *c, struct slice line)
{
	struct slice rest = line, word = reader_word(&rest);
	if (reply_line_is_error(line))
		return true;
	switch (c->answer) {
	case TELNET_END:
		return slice_is_among(word, "END OK RESET") && rest.len == 0;
	case TELNET_LIST:
		return raw_ends_list(line);
	case TELNET_FOREVER:
		return false;
	default:
		return true;
	}
}

static void drop_first(struct telnet *t, size_t n)
{
	if (n == 0)
		return; /* there may never have been one */
	t->count -= n;
	memmove(t->open, t->open + n, t->count * sizeof(*t->open));
}

struct telnet_match telnet_reply(struct telnet *t, const struct reply *reply)
{
	struct telnet_match m = {0};
	size_t at = 0;
	while (!reply->block && at < t->count && !suits(&t->open[at], reply->value))
		at++;
	if (at >= t->count)
		return m;
	drop_first(t, at);
	struct telnet_command *c = t->open;
	m.asked = true;
	c->replies++;
	m.command = *c;
	if (reply->block)
		m.over = c->answer != TELNET_END;
	else if (slice_starts(reply->value, SLICE("VA ")))
		m.over = false;
	else
		m.over = ends(c, reply->value);
	if (!m.over)
		return m;
	if (c->stores && t->count == 1 && t->left > 0) {
		bool server = slice_starts(reply->value, SLICE("SERVER_ERROR"));
		t->dropped = t->drops || server || c->verb == VERB_MS;
		m.cut = !t->dropped;
		t->left = m.cut ? 0 : t->left;
	}
	drop_first(t, 1);
	return m;
}

bool telnet_wanted(const struct telnet *t, uint64_t *left, uint64_t *bytes)
{
	*bytes = t->announced;
	*left = t->left > 2 ? t->left - 2 : 0;
	return t->left > 0;
}

enum telnet_wait telnet_await(const struct telnet *t)
{
	/* The last one waits for its data, and has an answer before that only when it is refused.
	 */
	size_t sure = t->count - (t->count > 0 && t->left > 0 && t->open[t->count - 1].stores);
	for (size_t i = 0; i < sure; i++) {
		const struct telnet_command *c = &t->open[i];
		if (c->answer == TELNET_FOREVER && c->replies > 0)
			return TELNET_ENDLESS;
		if (c->answer != TELNET_SILENT && c->answer != TELNET_QUIET)
			return TELNET_SURELY;
	}
	return t->count > 0 ? TELNET_SHORTLY : TELNET_IDLE;
}

bool telnet_lists(const struct telnet *t)
{
	for (size_t i = 0; i < t->count; i++) {
		if (t->open[i].answer == TELNET_LIST)
			return true;
	}
	return false;
}

bool telnet_silence(struct telnet *t, bool *quiet)
{
	size_t n = 0;
	*quiet = false;
	for (; n < t->count; n++) {
		const struct telnet_command *c = &t->open[n];
		if ((c->answer != TELNET_SILENT && c->answer != TELNET_QUIET) ||
		    (c->stores && n + 1 == t->count && t->left > 0))
			break;
		*quiet |= c->answer == TELNET_QUIET;
	}
	drop_first(t, n);
	return n > 0;
}

bool telnet_refuses(const struct telnet_command *command, const struct reply *reply,
                    struct reply *refusal, struct request *about)
{
	struct slice line = reply->value;
	bool admin = verb_rows[command->verb].expect == EXPECT_ADMIN || command->verb == VERB_STATS;
	*refusal = (struct reply){.kind = REPLY_LINE, .value = line};
	*about = (struct request){.verb = command->verb};
	if (reply->block)
		return false;
	if (reader_error(line, refusal)) {
		/* What was typed by hand may be wrong in itself. */
		if (refusal->kind == REPLY_CLIENT_ERROR || (refusal->kind == REPLY_ERROR && !admin))
			about->verb = VERB_RAW;
		return true;
	}
	if (admin && classic_is_refusal(line, refusal))
		return true;
	refusal->kind = REPLY_LINE;
	return false;
}
