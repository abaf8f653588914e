/* Whether mcsh ended as it must, and showed nothing under a name that is not its own. */
#include "attack/attack.h"

#include "base/number.h"

#include <ctype.h>
#include <stdio.h>

/* Whether a mutation can have changed the bytes of a value itself, or the numbers in its head. */
static bool corrupts(const struct session *s)
{
	for (size_t i = 0; i < s->mutation_count; i++) {
		const struct mutation *m = &s->mutations[i];
		if (m->done && !m->no_effect &&
		    (m->kind == MUTATE_LENGTH || m->kind == MUTATE_BYTE || m->kind == MUTATE_CUT ||
		     m->kind == MUTATE_LINE_END || m->kind == MUTATE_EXTRA ||
		     m->kind == MUTATE_GREETING))
			return true;
	}
	return false;
}

/* Whether TEXT begins as the value of a key does. */
static bool names_key(struct slice text)
{
	if (text.len <= KEY_BYTES || text.data[KEY_BYTES] != '~' || !strchr("hbce", text.data[0]))
		return false;
	for (size_t i = 1; i < KEY_BYTES; i++) {
		if (!isxdigit((unsigned char)text.data[i]))
			return false;
	}
	return true;
}

/* How many bytes of KEY differ from those that VALUE begins with. */
static size_t differences(struct slice key, struct slice value)
{
	size_t n = 0;
	for (size_t i = 0; i < KEY_BYTES; i++)
		n += key.data[i] != value.data[i];
	return n;
}

/* VALUE, as it was printed, was shown as that of KEY. */
static bool check_value(const struct session *s, struct slice key, struct slice value,
                        struct buf *why)
{
	/* A wrong byte makes one other byte at most. */
	if (key.len == KEY_BYTES && names_key(value) &&
	    differences(key, value) > (corrupts(s) ? 1 : 0)) {
		buf_addf(why, "%.*s is shown with the value of %.*s", KEY_BYTES, key.data,
		         KEY_BYTES, value.data);
		return false;
	}
	if (corrupts(s) || key.len != KEY_BYTES)
		return true;
	struct buf raw = BUF_INIT, shown = BUF_INIT;
	key_value(key, &raw);
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.data[i] == '\r' || raw.data[i] == '\n')
			buf_add_str(&shown, raw.data[i] == '\r' ? "\\r" : "\\n");
		else
			buf_add_char(&shown, raw.data[i]);
	}
	bool right = key_is_hit(key) && slice_eq(value, buf_slice(&shown));
	if (!right)
		buf_addf(why, "%.*s is shown with the value \"%.*s\"", KEY_BYTES, key.data,
		         (int)(value.len < 80 ? value.len : 80), value.data);
	buf_release(&raw);
	buf_release(&shown);
	return right;
}

/* The text after NAME in TEXT up to one of ENDS; empty when it is not there. */
static struct slice field(struct slice text, const char *name, const char *ends)
{
	const char *at = text.len ? memmem(text.data, text.len, name, strlen(name)) : NULL;
	if (!at)
		return slice_of(NULL, 0);
	struct slice rest = slice_skip(text, (size_t)(at - text.data) + strlen(name));
	size_t n = 0;
	while (n < rest.len && !strchr(ends, rest.data[n]))
		n++;
	return slice_of(rest.data, n);
}

static bool check_number(const struct session *s, struct slice text, uint64_t right,
                         const char *what, struct slice key, struct buf *why)
{
	uint64_t n;
	if (corrupts(s) || text.len == 0 || (number_parse_u64(text, &n) == NUMBER_OK && n == right))
		return true;
	buf_addf(why, "%.*s is shown with the %s %.*s", KEY_BYTES, key.data, what, (int)text.len,
	         text.data);
	return false;
}

/* Whether each pipelined answer bears its request's opaque. */
static bool marks_answers(const struct session *s)
{
	return strcmp(s->protocol, "meta") == 0 || strcmp(s->protocol, "binary") == 0;
}

/* Whether a reply that says nothing of its key can have come to stand at another command: a classic
 * one in another order, or with an error or a line in front. Where one is too many or missing the
 * status says so (check_status). */
static bool may_shift(const struct session *s)
{
	for (size_t i = 0; i < s->mutation_count; i++) {
		const struct mutation *m = &s->mutations[i];
		bool moves = m->kind == MUTATE_DUPLICATE || m->kind == MUTATE_OMIT ||
		             m->kind == MUTATE_SWAP;
		if (m->done && !m->no_effect &&
		    (m->kind == MUTATE_ERROR || m->kind == MUTATE_FOREIGN ||
		     (moves && !marks_answers(s))))
			return true;
	}
	return corrupts(s);
}

/* The word or the number that answers the command of a line of JSON. */
static bool check_word(const struct session *s, struct slice line, struct buf *why)
{
	struct slice verb = field(line, "{\"command\":\"", "\""),
		     key = field(line, "\"key\":\"", "\""),
		     reply = field(line, "\"reply\":\"", "\"");
	if (may_shift(s) || key.len != KEY_BYTES || line.data[2] != 'c')
		return true;
	const char *right = key_answer(verb, key);
	if (right && reply.len > 0 && !slice_eq_str(reply, right)) {
		buf_addf(why, "%.*s %.*s is answered by %.*s", (int)verb.len, verb.data, KEY_BYTES,
		         key.data, (int)reply.len, reply.data);
		return false;
	}
	return check_number(s, field(line, "\"number\":", ",}"), key_number(key), "number", key,
	                    why);
}

/* Every {"key":...,"value":"..."} of a line of JSON. */
static bool check_json(const struct session *s, struct slice line, struct buf *why)
{
	static const char begin[] = "{\"key\":\"";
	while (line.len > 0) {
		const char *at = memmem(line.data, line.len, begin, strlen(begin));
		if (!at)
			return true;
		line = slice_skip(line, (size_t)(at - line.data) + 1);
		const char *next = memmem(line.data, line.len, begin, strlen(begin));
		struct slice one =
		    slice_of(line.data, next ? (size_t)(next - line.data) : line.len);
		struct slice key = field(one, "\"key\":\"", "\"");
		if (key.len != KEY_BYTES)
			continue;
		struct slice value = field(one, "\"value\":\"", "\"");
		if (value.len > 0 && !check_value(s, key, value, why))
			return false;
		if (!check_number(s, field(one, "\"flags\":", ",}"), key_flags(key), "flags", key,
		                  why) ||
		    !check_number(s, field(one, "\"cas\":", ",}"), key_cas(key), "cas", key, why))
			return false;
	}
	return true;
}

/* "key TAB value", or "key TAB cas TAB value". */
static bool check_plain(const struct session *s, struct slice line, struct buf *why)
{
	if (line.len <= KEY_BYTES || line.data[KEY_BYTES] != '\t' || line.data[0] == 'n')
		return true;
	struct slice key = slice_of(line.data, KEY_BYTES);
	struct slice value = slice_skip(line, KEY_BYTES + 1);
	const char *tab = value.len ? memchr(value.data, '\t', value.len) : NULL;
	if (tab) {
		size_t len = (size_t)(tab - value.data);
		if (!check_number(s, slice_of(value.data, len), key_cas(key), "cas", key, why))
			return false;
		value = slice_skip(value, len + 1);
	}
	return check_value(s, key, value, why);
}

/* A line of the answer to COMMAND that --expect marks as data. */
static bool check_awaited(const struct session *s, const struct command *c, struct slice line,
                          struct buf *why)
{
	bool alone = strcmp(c->verb, "get") == 0 || strcmp(c->verb, "gat") == 0;
	if (!alone || c->count != 1)
		return check_plain(s, line, why);
	return check_value(s, key_slice(&c->keys[0]), line, why);
}

static bool check_lines(const struct session *s, struct slice printed, struct buf *why)
{
	size_t prompts = 0;
	while (printed.len > 0) {
		const char *end = memchr(printed.data, '\n', printed.len);
		struct slice line =
		    slice_of(printed.data, end ? (size_t)(end - printed.data) : printed.len);
		printed = slice_skip(printed, line.len + 1);
		bool right = true;
		if (s->form == FORM_JSON || s->form == FORM_TRACED) {
			right = check_word(s, line, why) && check_json(s, line, why);
		} else if (s->form == FORM_PLAIN) {
			right = check_plain(s, line, why);
		} else if (s->form == FORM_EXPECT && slice_eq_str(line, "mcsh>")) {
			prompts++;
		} else if (s->form == FORM_EXPECT && slice_starts(line, SLICE("| ")) &&
		           prompts >= 2 && prompts <= s->count + 1) {
			/* The first command sets the protocol. */
			right =
			    check_awaited(s, &s->commands[prompts - 2], slice_skip(line, 2), why);
		}
		if (!right)
			return false;
	}
	return true;
}

/* Whether C is answered by a miss or the like. */
static bool is_negative(const struct command *c)
{
	for (size_t i = 0; i < c->count; i++) {
		struct slice key = key_slice(&c->keys[i]);
		const char *word = key_answer(slice_str(c->verb), key);
		if (strncmp(c->verb, "set -", 5) == 0 || c->verb[0] == '.')
			continue;
		if (word ? strncmp(word, "NOT_", 4) == 0 || strcmp(word, "EXISTS") == 0
		         : !key_is_hit(key))
			return true;
	}
	return false;
}

/* Whether nothing was changed, and the time was long enough on any machine. */
static bool harmless(const struct session *s)
{
	if (!s->patient)
		return false;
	for (size_t i = 0; i < s->mutation_count; i++) {
		const struct mutation *m = &s->mutations[i];
		if (m->done && !m->no_effect && m->kind != MUTATE_DRIP)
			return false;
	}
	return true;
}

/* The only mutation that there was, or NULL. */
static const struct mutation *only(const struct session *s)
{
	const struct mutation *found = NULL;
	for (size_t i = 0; i < s->mutation_count; i++) {
		const struct mutation *m = &s->mutations[i];
		if (!m->done || m->no_effect)
			continue;
		if (found)
			return NULL;
		found = m;
	}
	return found;
}

/* Whether the answer that M changed may hold any lines: that to .raw, and to what mcsh asks of its
 * own to learn whether a server knows the meta commands. */
static bool takes_any(const struct session *s, const struct mutation *m)
{
	char raw[100];
	/* A long one is cut. */
	bool whole = strlen(m->request) < sizeof(m->request) - 1;
	snprintf(raw, sizeof(raw), "\n.raw %s%s", m->request, whole ? "\n" : "");
	/* A value that is left out among several that were asked for quietly is a miss. */
	if (m->kind == MUTATE_OMIT && memmem(m->request, strlen(m->request), " k q", 4))
		return true;
	return strcmp(m->request, "mn") == 0 || strcmp(m->request, "version") == 0 ||
	       memmem(s->script.data, s->script.len, raw, strlen(raw));
}

static bool check_status(const struct session *s, struct slice errors, int status, struct buf *why)
{
	const struct mutation *m = only(s);
	if (status < 0 || status > 4) {
		buf_addf(why, "ended with status %d", status);
		return false;
	}
	if (harmless(s)) {
		int right = 0;
		for (size_t i = 0; i < s->count; i++)
			right |= is_negative(&s->commands[i]);
		if (status == right && errors.len == 0)
			return true;
		buf_addf(why, "ended with status %d in place of %d though nothing was changed",
		         status, right);
		return false;
	}
	if (!m || s->dumps || takes_any(s, m))
		return true;
	bool counts = m->kind == MUTATE_OMIT || m->kind == MUTATE_DUPLICATE ||
	              m->kind == MUTATE_OTHER_KEY || m->kind == MUTATE_STALL ||
	              m->kind == MUTATE_OPAQUE;
	counts |= m->kind == MUTATE_LINE_END && strncmp(m->request, "packet ", 7) == 0;
	counts |= (m->kind == MUTATE_EXTRA || m->kind == MUTATE_GREETING) && !m->error_line;
	counts |= m->kind == MUTATE_FOREIGN;
	if (counts && status != 4) {
		buf_addf(why, "ended with status %d in place of 4", status);
		return false;
	}
	return true;
}

bool check(const struct session *s, struct slice printed, struct slice errors, int status,
           struct buf *why)
{
	return check_lines(s, printed, why) && check_status(s, errors, status, why);
}
