#include "view/explain/meaning.h"

#include "base/number.h"
#include "base/quote.h"
#include "proto/dialect.h"
#include "proto/meta_flags.h"
#include "proto/packet.h"
#include "view/advice.h"
#include "view/explain/answers.h"
#include "view/text/fit.h"
#include "view/text/time.h"

/* A longer value is not read for its meaning, nor does one that expands get longer. */
#define DECODE_MOST ((size_t)1024 * 1024)

struct slice meaning_text(const struct message *m, const struct field *field)
{
	return field->kind == FIELD_SECRET ? SLICE("***")
	                                   : slice_of(m->bytes.data + field->offset, field->length);
}

static struct short_text bytes_text(uint64_t n)
{
	return count_text(n, " byte", " bytes");
}

/* The day and the time SECONDS after M's now. */
static struct short_text date_after(const struct message *m, int64_t seconds)
{
	return date_text((uint64_t)(m->now + seconds));
}

static void add_exptime(struct buf *out, const struct message *m, int64_t exptime)
{
	int64_t ahead = exptime > EXPTIME_RELATIVE_MAX ? exptime - m->now : exptime;
	if (exptime == 0) {
		buf_add_str(out, "never expires");
	} else if (exptime < 0) {
		buf_add_str(out, "expired at once");
	} else if (exptime <= EXPTIME_RELATIVE_MAX) {
		buf_addf(out, "%s from now: ", span_text((uint64_t)ahead).s);
		buf_add_str(out, date_after(m, ahead).s);
	} else {
		buf_addf(out, "over 30 days, so a Unix time: %s%s", date_text((uint64_t)exptime).s,
		         ahead > 0 ? ", in " : ", which is past");
		if (ahead > 0)
			buf_add_str(out, span_text((uint64_t)ahead).s);
	}
}

static void add_flags(struct buf *out, const struct message *m, uint64_t flags)
{
	const struct codec *p = codec_writer(m->profile);
	if (flags == 0 && !m->profile->typed && !m->profile->guesses) {
		buf_add_str(out, "no client's");
		return;
	}
	codec_name_flags(p, flags, out);
	buf_addf(out, " (%s)", p->name);
}

static bool joins(const struct request *r)
{
	return r->verb == VERB_APPEND || r->verb == VERB_PREPEND;
}

bool meaning_is_packet(const struct message *m)
{
	return dialect_of(m->request)->packets;
}

/* Whether FIELD is a number in a packet. */
static bool is_binary(const struct message *m, const struct field *field)
{
	switch (field->kind) {
	case FIELD_KEY:
	case FIELD_ARGUMENT:
	case FIELD_DATA:
	case FIELD_SECRET:
	case FIELD_NAME:
	case FIELD_VALUE:
	case FIELD_VERSION:
	case FIELD_MESSAGE:
		return false;
	default:
		return meaning_is_packet(m);
	}
}

void meaning_show(struct buf *out, const struct message *m, const struct field *field, size_t most)
{
	struct slice text = meaning_text(m, field);
	if (text.len > most)
		text.len = most;
	if (!is_binary(m, field)) {
		escape_add_field(out, slice_of(text.data, fit_bytes(text, most)));
		return;
	}
	for (size_t i = 0; i < text.len; i++)
		buf_addf(out, "%s%02x", i > 0 ? " " : "", (unsigned char)text.data[i]);
}

/* The number that FIELD is. */
static bool read_number(const struct message *m, const struct field *field, int64_t *n)
{
	struct slice text = meaning_text(m, field);
	uint64_t u = 0;
	if (is_binary(m, field)) {
		if (text.len > 8)
			return false;
		u = number_big(text.data, text.len);
		*n = field->kind == FIELD_EXPTIME ? (int32_t)(uint32_t)u : (int64_t)u;
		return true;
	}
	if (field->kind == FIELD_EXPTIME)
		return number_parse_i64(text, n) == NUMBER_OK;
	if (number_parse_u64(text, &u) != NUMBER_OK)
		return false;
	*n = (int64_t)u;
	return true;
}

/* Of a packet's header. False: it is none of its fields. */
static bool add_header(struct buf *out, const struct message *m, const struct field *field,
                       uint64_t n)
{
	const char *name;
	switch (field->kind) {
	case FIELD_MAGIC:
		buf_add_str(out, n == PACKET_REQUEST ? "a request" : "an answer");
		return true;
	case FIELD_OPCODE:
		name = opcode_name((unsigned)n);
		buf_add_str(out, name ? name : "an unknown one");
		return true;
	case FIELD_STATUS:
		name = packet_status_name((unsigned)n);
		buf_add_str(out, n == PACKET_OK ? "done" : name ? name : "an unknown one");
		return true;
	case FIELD_KEY_LENGTH:
	case FIELD_EXTRAS_LENGTH:
		buf_add_str(out, bytes_text(n).s);
		return true;
	case FIELD_BODY_LENGTH:
		buf_addf(out, "%s after the header: extras, key and value", bytes_text(n).s);
		return true;
	case FIELD_DATA_TYPE:
		buf_add_str(out, "raw bytes: there is no other");
		return true;
	case FIELD_VBUCKET:
		buf_add_str(out, "memcached has none");
		return true;
	case FIELD_OPAQUE:
		buf_addf(out, m->reply ? "%llu: the request's" : "%llu: the answer repeats it",
		         (unsigned long long)n);
		return true;
	case FIELD_CAS:
		if (n == 0 && meaning_is_packet(m))
			buf_add_str(out, "none");
		return n == 0 && meaning_is_packet(m);
	default:
		return false;
	}
}

/* A number of the message, which it has written itself or has been read as one. */
static void add_number(struct buf *out, const struct message *m, const struct field *field)
{
	bool kept = !m->reply && joins(m->request);
	int64_t number;
	if (!read_number(m, field, &number))
		return;
	uint64_t n = (uint64_t)number;
	if (add_header(out, m, field, n))
		return;
	if (is_binary(m, field)) {
		buf_addf(out, "%lld", (long long)number);
		if (field->kind == FIELD_NUMBER || field->kind == FIELD_INITIAL)
			return;
		buf_add_str(out, ": ");
	}
	bool makes = !is_binary(m, field) || field[-1].kind != FIELD_INITIAL;
	switch (field->kind) {
	case FIELD_EXPTIME:
		if (!makes && number < 0)
			buf_add_str(out, "on a miss no item is made");
		else if (kept)
			buf_add_str(out, "not looked at: the item keeps its own");
		else
			add_exptime(out, m, number);
		break;
	case FIELD_FLAGS:
		if (kept)
			buf_add_str(out, "not looked at: the item keeps its own");
		else
			add_flags(out, m, n);
		break;
	case FIELD_LENGTH:
		buf_addf(out, "%s of data, without the line end", bytes_text(n).s);
		break;
	case FIELD_CAS:
		buf_add_str(out, m->reply ? "cas unique: a new one with each change of the item"
		                          : "cas unique: stored only if the item still has it");
		break;
	case FIELD_DELTA:
		buf_add_str(out, m->request->verb == VERB_DECR
		                     ? "taken off the number; it does not go below 0"
		                     : "added to the number; after 2^64 - 1 comes 0");
		break;
	case FIELD_DELAY:
		if (n == 0)
			buf_add_str(out, "at once");
		else
			buf_addf(out, "items of before are gone in %s", span_text(n).s);
		break;
	case FIELD_LEVEL:
		buf_add_str(out, n == 0 ? "errors alone go to the server's log"
		                        : "more goes to the server's log");
		break;
	default:
		break;
	}
}

/* The commands whose meta flags a request has. */
static struct slice meta_command(const struct message *m)
{
	const struct field *first = m->fields->at;
	if (!m->reply && m->fields->count > 0 && first->kind == FIELD_COMMAND)
		return meaning_text(m, first);
	return SLICE("");
}

/* A flag that is nothing but its number. False: it is another one. */
static bool add_meta_number(struct buf *out, const struct message *m, char letter,
                            struct slice token)
{
	int64_t n;
	if (number_parse_i64(token, &n) != NUMBER_OK)
		return false;
	if (letter == (m->reply ? 'f' : 'F')) {
		buf_add_str(out, "the client flags: ");
		add_flags(out, m, (uint64_t)n);
		return true;
	}
	if (!m->reply || letter != 't')
		return false;
	if (n < 0)
		buf_add_str(out, "it does not expire");
	else
		buf_addf(out, "%s left to live: %s", span_text((uint64_t)n).s, date_after(m, n).s);
	return true;
}

static void add_meta_flag(struct buf *out, const struct message *m, struct slice text)
{
	char letter = text.data[0];
	const char *meaning = meta_flag_meaning(meta_command(m), letter, m->reply != NULL);
	struct slice token = slice_skip(text, 1);
	if (!meaning) {
		buf_add_str(out, "not in memcached's documentation");
		return;
	}
	const char *mode = !m->reply && letter == 'M' && token.len > 0
	                       ? meta_mode_meaning(meta_command(m), token.data[0])
	                       : NULL;
	int64_t n;
	if (add_meta_number(out, m, letter, token))
		return;
	buf_addf(out, mode ? "the mode: %s" : "%s", mode ? mode : meaning);
	if (!m->reply && strchr("TNR", letter) && number_parse_i64(token, &n) == NUMBER_OK) {
		buf_add_str(out, ": ");
		add_exptime(out, m, n);
	}
}

/* What a client has made of a value, where it has made anything of it. */
static void add_data(struct buf *out, const struct message *m, struct slice data)
{
	uint64_t flags = m->reply ? m->reply->flags : m->request->flags;
	struct decoded d = {0};
	if (flags == 0 || data.len > DECODE_MOST)
		return;
	codec_decode(codec_writer(m->profile), flags, data, DECODE_MOST, &d);
	if (d.problem[0]) {
		buf_add_str(out, d.problem);
	} else {
		if (d.container) {
			buf_addf(out, "%s of %s: ", d.container, bytes_text(d.size).s);
		}
		buf_add_str(out, d.serialiser ? d.serialiser : decoded_type_name(d.type));
	}
	decoded_release(&d);
}

void meaning_add(struct buf *out, const struct message *m, const struct field *field)
{
	struct slice text = meaning_text(m, field);
	switch (field->kind) {
	case FIELD_COMMAND:
		if (m->request->verb == VERB_LOGIN)
			buf_add_str(out, "the login has the form of a set; nothing is stored");
		else if (!slice_eq(text, verb_rows[m->request->verb].word))
			buf_addf(out, "the %s form of %s", dialect_of(m->request)->name,
			         verb_word(m->request->verb));
		break;
	case FIELD_KEY:
		if (!m->reply && m->request->verb != VERB_LOGIN && m->request->key_count == 1 &&
		    !slice_eq(text, m->request->keys[0])) {
			buf_add_str(out, "base64 of ");
			quote_add_word(out, m->request->keys[0]);
		}
		break;
	case FIELD_META_FLAG:
		add_meta_flag(out, m, text);
		break;
	case FIELD_DATA:
		add_data(out, m, text);
		break;
	case FIELD_NOREPLY:
		buf_add_str(out, "the server sends no answer, but may send an error");
		break;
	case FIELD_FENCE:
		buf_add_str(out, m->reply ? "the answer to mcsh's own fence"
		                          : "mcsh's own fence: its answer shows where yours ends");
		break;
	case FIELD_SECRET:
		buf_add_str(out, "user and password, which no trace shows");
		break;
	case FIELD_CODE:
		if (m->reply->kind != REPLY_STAT) /* there are too many of them */
			buf_add_str(out, answer_meaning(m->request, m->reply->kind));
		break;
	case FIELD_MESSAGE:
		buf_add_str(out, advice_for(m->request, m->reply));
		break;
	case FIELD_REST:
		buf_addf(out, "%s of further fields", bytes_text(field->length).s);
		break;
	default:
		add_number(out, m, field);
	}
}
