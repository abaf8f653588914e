/*
 * json: one object for each answer, on one line. Members, in this order, those that apply:
 *
 *   command      the word typed
 *   key | keys   one key ("key_encoding":"base64" when it is not UTF-8) | an array of them
 *   server       who answered
 *   status       status_name(): ok, negative (a miss among several counts), server, lost
 *   reply        the server's word: "STORED"
 *   number       of incr and decr
 *   version
 *   meta         of a meta command: {cas, flags, hit, idle, key, opaque, size, ttl, won, stale,
 *                fetching}, those that were returned; another flag is a member of its letter
 *   item         of me: {exp, ttl, la, cas, fetch, cls, size}; ttl is exp in seconds from now, or
 * -1 silent       true when the answer to a quiet one was a silence values       [{key, flags,
 * bytes, cas, value}]; "encoding":"base64" after a value that is not UTF-8; `bytes` is the length
 * as stored. After these, when its profile says more of a value (view_meaning): type       bytes,
 * text, int, long, double, bool, json, time or object decoded    the value as this type: a number
 * (a string where it would be none in JSON, or takes more than 64 bits), true or false, the JSON
 * document itself, or a string; "decoded_encoding":"base64" after bytes that are not UTF-8 outline
 * instead of decoded: what can be shown of an object profile    whose meaning it is container
 * "zlib", ...; and `size`, the bytes inside of it serialiser "pickle protocol 4", ... why what
 * decided, when the profile guesses problem    why the bytes cannot be read as the flags say stats
 * {name: value}, integers as numbers repeated     [{name, value}], of a name that came before:
 * those of an object are unique lines        [line]; of config get cluster the version and the
 * nodes; of a command that listens
 * (.raw --for), when one server answers, each line is an object of its own as it comes, {command,
 * server, line}, without a status missing      the keys that had no value; absent when the answer
 * broke off noreply      true when no answer was asked for error, hint  the server's words
 * ("CLIENT_ERROR ..."), or why the answer was lost time_us      {connect, send, wait, receive,
 * total}, whole microseconds
 *
 * Values of more than a MiB in all are written as they come: then status, and reply, follow
 * them.
 *
 * In an array a key or line that is not UTF-8 is {"base64":"..."}. Where each of several servers
 * answers, these objects are in one: {"command":...,"answers":[{...},...],"status":...}, whose
 * status is the worst of theirs.
 */
#include "view/format/format.h"
#include "view/format/meta.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "view/text/json_write.h"

/* The bytes of values that are kept for the status to stand before them. */
#define STREAM_AT ((size_t)1 << 20)

static void string_member(struct buf *out, const char *name, const char *text)
{
	if (text && *text)
		json_string_member(out, name, text);
}

static void add_keys(struct view *v)
{
	const struct request *request = v->question.request;
	if (request->key_count == 0)
		return;
	if (!view_shows_keys(v)) {
		json_bytes_member(v->out, "key", "key_encoding", request->keys[0]);
		return;
	}
	json_open_member(v->out, "keys", '[');
	for (size_t i = 0; i < request->key_count; i++)
		json_bytes(v->out, request->keys[i]);
	buf_add_char(v->out, ']');
}

/* What the arena gathered: the elements of `values` or `lines`. */
static void add_gathered(struct view *v, const char *name, const char *brackets)
{
	json_name(v->out, name);
	buf_add_char(v->out, brackets[0]);
	buf_add_slice(v->out, buf_slice(&v->arena));
	buf_add_char(v->out, brackets[1]);
}

static void add_missing(struct view *v)
{
	const struct request *request = v->question.request;
	json_open_member(v->out, "missing", '[');
	for (size_t i = 0; i < request->key_count; i++) {
		if (!view_was_seen(v, i))
			json_bytes(v->out, request->keys[i]);
	}
	buf_add_char(v->out, ']');
}

/* Whether lines go out as they come. Answers of several servers are parts of one object. */
static bool listens(const struct view *v)
{
	return v->question.request->verb == VERB_LISTEN && !v->question.label;
}

static void add_answer(struct view *v, const struct reply *reply)
{
	const char *word = reply_word(reply->kind);
	if (reply->kind == REPLY_NUMBER) {
		json_u64_member(v->out, "number", reply->number);
	} else if (reply->kind == REPLY_VERSION) {
		json_bytes_member(v->out, "version", "version_encoding", reply->value);
	} else if (reply->kind != REPLY_END && !reply_is_error(reply->kind) && word[0]) {
		json_string_member(v->out, "reply", word);
	}

	bool stats = v->question.request->verb == VERB_STATS && reply->kind == REPLY_END;
	if ((view_asks_values(v) || v->kept > 0) && !v->streams)
		add_gathered(v, "values", "[]");
	if (!json_stats_empty(&v->stats) || (stats && v->lines == 0))
		json_stats_write(&v->stats, "stats", v->out);
	if (v->lines > 0 && !listens(v))
		add_gathered(v, "lines", "[]");
	if (view_asks_values(v) && reply->kind == REPLY_END)
		add_missing(v);
	if (view_asks_meta(v) && !reply_is_error(reply->kind) && reply->kind != REPLY_LOST)
		meta_json(v, reply);
}

static void add_error(struct view *v, const struct reply *reply)
{
	if (reply_is_error(reply->kind)) {
		/* The server's words as one text: "SERVER_ERROR out of memory". */
		buf_clear(&v->arena);
		buf_add_str(&v->arena, reply_word(reply->kind));
		if (reply->value.len > 0) {
			if (v->arena.len > 0)
				buf_add_char(&v->arena, ' ');
			buf_add_slice(&v->arena, reply->value);
		}
		json_bytes_member(v->out, "error", "error_encoding", buf_slice(&v->arena));
	} else if (reply->kind == REPLY_LOST && reply->error) {
		json_string_member(v->out, "error", reply->error->what);
		string_member(v->out, "hint", reply->error->hint);
	}
}

static void add_time(struct buf *out, const char *name, int64_t ns)
{
	json_u64_member(out, name, ns > 0 ? ((uint64_t)ns + 500) / 1000 : 0);
}

static void add_timing(struct buf *out, const struct timing *timing)
{
	if (!timing)
		return;
	json_open_member(out, "time_us", '{');
	add_time(out, "connect", timing->connect);
	add_time(out, "send", timing->send);
	add_time(out, "wait", timing->wait);
	add_time(out, "receive", timing->receive);
	add_time(out, "total", timing->total);
	buf_add_char(out, '}');
}

/* Where values are written: into the arena, or out at once. */
static struct buf *values_out(struct view *v)
{
	return v->streams ? v->out : &v->arena;
}

/* Space is made only where text of VALUES goes out, and within a string: what comes next sees by
 * the last byte whether a comma is due. */
static void reserve(struct view *v)
{
	if (v->streams)
		view_drain(v);
}

static void add_string(struct view *v, struct slice text)
{
	struct buf *out = values_out(v);
	json_comma(out);
	buf_add_char(out, '"');
	while (text.len > VIEW_PIECE) {
		json_add_text(out, view_next_piece(&text));
		reserve(v);
	}
	json_add_text(out, text);
	buf_add_char(out, '"');
}

/* json_bytes_member. */
static void add_bytes(struct view *v, const char *name, const char *encoding, struct slice bytes)
{
	struct buf *out = values_out(v);
	if (bytes.len <= VIEW_PIECE) {
		json_bytes_member(out, name, encoding, bytes);
		return;
	}
	json_name(out, name);
	if (utf8_valid(bytes)) {
		add_string(v, bytes);
		return;
	}
	buf_add_char(out, '"');
	for (; bytes.len > VIEW_PIECE; bytes = slice_skip(bytes, VIEW_PIECE)) {
		base64_add(out, slice_of(bytes.data, VIEW_PIECE));
		reserve(v);
	}
	base64_add(out, bytes);
	buf_add_char(out, '"');
	if (encoding)
		json_string_member(out, encoding, "base64");
}

static void add_document(struct view *v, struct slice text)
{
	struct json_document_state state = {0};
	json_comma(values_out(v));
	text = slice_trim(text);
	while (text.len > VIEW_PIECE) {
		json_document_piece(values_out(v), view_next_piece(&text), &state);
		reserve(v);
	}
	json_document_piece(values_out(v), text, &state);
}

static void add_decoded(struct view *v, const struct decoded *d, struct slice stored)
{
	struct buf *out = values_out(v);
	struct slice text = buf_slice(&d->text);
	if (d->type == DECODED_BYTES) {
		add_bytes(v, "decoded", "decoded_encoding", view_inside(d, stored));
		return;
	}
	if (d->type == DECODED_SERIALISED) {
		if (text.len > 0)
			json_bytes_member(out, "outline", NULL, text);
		return;
	}
	json_name(out, "decoded");
	if ((d->type == DECODED_INTEGER || d->type == DECODED_LONG) && text.len <= VIEW_PIECE)
		json_number_or_string(out, text);
	else if (d->type == DECODED_BOOLEAN || d->type == DECODED_JSON ||
	         (d->type == DECODED_DOUBLE && decoded_type_fits(DECODED_JSON, text)))
		add_document(v, text);
	else
		add_string(v, text);
}

static void add_meaning(struct view *v, const struct decoded *d, struct slice stored)
{
	struct buf *out = values_out(v);
	string_member(out, "type", decoded_type_name(d->type));
	add_decoded(v, d, stored);
	string_member(out, "profile", d->codec);
	string_member(out, "container", d->container);
	if (d->container && d->bytes.len == d->size)
		json_u64_member(out, "size", d->size);
	string_member(out, "serialiser", d->serialiser);
	string_member(out, "why", d->why);
	string_member(out, "problem", d->problem);
}

/* The members that are known before the answer has ended. */
static void begin_object(struct view *v)
{
	struct buf *out = v->out;
	buf_add_char(out, '{');
	json_string_member(out, "command", v->question.command);
	add_keys(v);
	json_string_member(out, "server", v->question.server);
}

/* From here on values go out as they come; how it ended follows them. */
static void begin_stream(struct view *v)
{
	v->streams = true;
	begin_object(v);
	json_open_member(v->out, "values", '[');
	buf_add_slice(v->out, buf_slice(&v->arena));
	buf_clear(&v->arena);
}

static void add_value_members(struct view *v, const struct reply *reply,
                              const struct decoded *meaning)
{
	struct buf *out = values_out(v);
	json_bytes_member(out, "key", "key_encoding", reply->key);
	json_u64_member(out, "flags", reply->flags);
	json_u64_member(out, "bytes", reply->value.len);
	if (reply->has_cas)
		json_u64_member(out, "cas", reply->cas);
	add_bytes(v, "value", "encoding", reply->value);
	if (meaning)
		add_meaning(v, meaning, reply->value);
}

void json_add_value(struct view *v, const struct reply *reply)
{
	struct decoded decoded;
	bool has_meaning = view_meaning(v->style, reply, &decoded);
	v->streams = true;
	add_value_members(v, reply, has_meaning ? &decoded : NULL);
	decoded_release(&decoded);
}

static void keep_value(struct view *v, const struct reply *reply)
{
	struct decoded decoded;
	bool has_meaning = view_meaning(v->style, reply, &decoded);
	size_t size = reply->value.len + decoded.text.len + decoded.bytes.len;
	if (!v->streams && v->arena.len + size > STREAM_AT)
		begin_stream(v);
	/* What was written before may have left the output. */
	if (v->kept++ > 0)
		buf_add_char(values_out(v), ',');
	buf_add_char(values_out(v), '{');
	add_value_members(v, reply, has_meaning ? &decoded : NULL);
	decoded_release(&decoded);
	buf_add_char(values_out(v), '}');
}

/* Before one server's answer: the comma after the one before it, or the beginning of them all. */
static void begin_part(struct view *v)
{
	struct buf *out = v->out;
	if (v->question.part > 0) {
		buf_add_char(out, ',');
		return;
	}
	buf_add_char(out, '{');
	json_string_member(out, "command", v->question.command);
	json_open_member(out, "answers", '[');
}

static void finish(struct view *v, const struct reply *reply)
{
	struct buf *out = v->out;
	enum status status = reply_status(reply->kind);
	if (status == STATUS_OK && view_asks_values(v) && reply->kind == REPLY_END &&
	    view_misses(v) > 0)
		status = STATUS_NEGATIVE;
	if (v->question.label)
		begin_part(v);
	if (v->streams)
		buf_add_char(out, ']');
	else
		begin_object(v);
	json_string_member(out, "status", status_name(status));
	add_answer(v, reply);
	if (reply->kind == REPLY_NONE)
		buf_add_str(out, ",\"noreply\":true");
	add_error(v, reply);
	add_timing(out, reply->timing);
	buf_add_str(out, v->question.label ? "}" : "}\n");
}

static void json_end_parts(struct view *v, enum status status)
{
	buf_add_str(v->out, "],");
	json_string_member(v->out, "status", status_name(status));
	buf_add_str(v->out, "}\n");
}

static void add_line(struct view *v, struct slice line)
{
	struct slice word;
	if (v->question.request->verb == VERB_CONFIG) {
		while (view_config_next(&line, &word))
			json_bytes(&v->arena, word);
		return;
	}
	if (!listens(v)) {
		json_bytes(&v->arena, line);
		return;
	}
	begin_object(v);
	json_bytes_member(v->out, "line", "line_encoding", line);
	buf_add_str(v->out, "}\n");
}

/* The value of mg, and what goes with it. */
static void keep_meta_value(struct view *v, const struct reply *reply)
{
	struct reply value = meta_as_value(v, reply);
	keep_value(v, &value);
	finish(v, reply);
}

static void json_reply(struct view *v, const struct reply *reply)
{
	if (reply->kind == REPLY_VA && v->question.request->verb == VERB_MG) {
		keep_meta_value(v, reply);
		return;
	}
	switch (reply->kind) {
	case REPLY_VALUE:
		keep_value(v, reply);
		break;
	case REPLY_STAT:
		json_stats_add(&v->stats, reply->key, reply->value);
		break;
	case REPLY_LINE:
		add_line(v, reply->value);
		break;
	default:
		finish(v, reply);
	}
}

const struct view_format format_json = {NULL, json_reply, json_end_parts};
