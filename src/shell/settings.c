#include "shell/settings.h"

#include "base/number.h"
#include "codec/codec.h"
#include "proto/dialect.h"
#include "shell/readonly.h"
#include "shell/session.h"

#include <stddef.h>
#include <time.h>

#define IN(member) offsetof(struct session, member)
#define HOUR_MS    3600000u

static const char *distribution_name(size_t i)
{
	return i < distribution_setup_count ? distribution_setups[i].name : NULL;
}

static const char *codec_name(size_t i)
{
	return i < codec_count ? codecs[i]->name : NULL;
}

const struct setting settings_table[] = {
    {"format", SETTING_CHOICE, IN(settings.format),
     .about = "How answers are written; pretty at a prompt, plain elsewhere.",
     .choices = "pretty|plain|raw|json|csv|wire"},
    {"timing", SETTING_CHOICE, IN(settings.timing),
     .about = "Whether pretty answers show their time; full shows its parts.",
     .choices = "off|on|full"},
    {"trace", SETTING_CHOICE, IN(settings.trace),
     .about = "Whether the bytes that cross the wire are shown, and as what.",
     .choices = "off|on|hex|explain"},
    {"protocol", SETTING_CHOICE, IN(settings.protocol),
     .about = "What goes on the wire; auto: classic, and meta in scripts where that is faster. "
              "binary is deprecated by memcached.",
     .choices = "auto|classic|meta|binary"},
    {"trace_file", SETTING_STRING, IN(settings.trace_file),
     .about = "A file that the trace is appended to, in place of the terminal."},
    {"color", SETTING_CHOICE, IN(settings.color),
     .about = "Colours; auto: on a terminal, unless NO_COLOR is set or TERM is dumb.",
     .choices = "auto|on|off"},
    {"json", SETTING_BOOL, IN(settings.json),
     .about = "Whether pretty lays out values that are JSON."},
    {"max_shown", SETTING_SIZE, IN(settings.max_shown),
     .about = "Pretty and the trace on a terminal cut longer values and say what is left.",
     .least = 16, .most = (uint64_t)1 << 30, .off_allowed = true},
    {"csv_guard", SETTING_BOOL, IN(settings.csv_guard),
     .about = "Whether csv marks what a spreadsheet would compute (=, +, -, @) by a ' before it."},
    {"pager", SETTING_BOOL, IN(settings.pager),
     .about = "Whether output longer than the screen goes through $PAGER, at a prompt."},
    {"confirm", SETTING_BOOL, IN(settings.confirm),
     .about = "Whether commands that destroy ask first, at a prompt."},
    {"undo", SETTING_BOOL, IN(settings.undo),
     .about = "Whether what delete, delete_multi, .purge and .edit take away is kept for .undo."},
    {"readonly", SETTING_BOOL, IN(servers.options.readonly),
     .about = "Whether commands that change anything on a server are refused."},
    {"profile", SETTING_NAME, IN(settings.profile),
     .about = "Which client's flags and bytes are believed; auto sniffs.", .name_at = codec_name},
    {"min_compress_len", SETTING_SIZE, IN(settings.min_compress_len),
     .about = "Values longer than this are compressed when stored, if it makes them smaller.",
     .least = 1, .most = UINT32_MAX, .off_allowed = true},
    {"compress_level", SETTING_CHOICE, IN(settings.compress_level),
     .about = "How hard zlib tries: 1 fast, 9 small; default is its own choice, as Python's.",
     .choices = "default|0|1|2|3|4|5|6|7|8|9"},
    {"distribution", SETTING_NAME, IN(settings.distribution),
     .about = "Which client's way of placing keys on several servers is followed.",
     .name_at = distribution_name},
    {"key_prefix", SETTING_STRING, IN(settings.key_prefix),
     .about = "Put before every key on the wire, and taken off in what is shown."},
    {"dead_retry", SETTING_DURATION, IN(servers.options.dead_retry_ms),
     .about = "Of several servers, one that is down is passed over for this long.", .least = 1,
     .most = 24 * HOUR_MS, .off_allowed = true},
    {"timeout", SETTING_DURATION, IN(servers.options.timeout_ms),
     .about = "How long a command may take, connecting included.", .least = 1, .most = 24 * HOUR_MS,
     .off_allowed = true},
    {"connect_timeout", SETTING_DURATION, IN(servers.options.connect_timeout_ms),
     .about = "How long connecting may take.", .least = 1, .most = HOUR_MS, .off_allowed = true},
    {"tls", SETTING_BOOL, IN(servers.options.tls.on),
     .about = "Whether TCP servers are talked to by TLS; those written tls:// always are.",
     .reconnects = true},
    {"tls_ca", SETTING_STRING, IN(servers.options.tls.ca),
     .about = "The file of the authorities (PEM) that may sign a server's certificate; off: "
              "those that the system trusts.",
     .reconnects = true},
    {"tls_cert", SETTING_STRING, IN(servers.options.tls.cert),
     .about = "The file of the certificate (PEM) that is shown to servers that ask for one.",
     .reconnects = true},
    {"tls_key", SETTING_STRING, IN(servers.options.tls.key),
     .about = "The file of its private key (PEM); off: it is in the same file.",
     .reconnects = true},
    {"tls_name", SETTING_STRING, IN(servers.options.tls.name),
     .about = "The name that a server's certificate must have; off: that of its address.",
     .reconnects = true},
    {"tls_insecure", SETTING_BOOL, IN(servers.options.tls.insecure),
     .about = "Whether every certificate is believed: then anyone on the way can read all.",
     .reconnects = true},
    {"max_value", SETTING_SIZE, IN(servers.options.value_max),
     .about = "The largest value accepted from a server, from --file or out of compression.",
     .least = 1024, .most = (uint64_t)1 << 30},
    {"max_answer", SETTING_SIZE, IN(settings.max_answer),
     .about = "The most that is kept of an answer that is shown only when it is whole.",
     .least = 65536, .most = (uint64_t)1 << 30},
    {"max_record", SETTING_SIZE, IN(settings.max_record),
     .about = "The longest record, mostly a line, that .load reads.", .least = 1024,
     .most = (uint64_t)1 << 30},
    {"max_undo", SETTING_SIZE, IN(settings.max_undo),
     .about = "The most that is kept for .undo: keys and values, and 72 bytes for each.",
     .least = 65536, .most = (uint64_t)1 << 34},
    {0},
};

void settings_init(struct session *s)
{
	s->settings = (struct settings){.format = FORMAT_PLAIN,
	                                .json = true,
	                                .confirm = true,
	                                .pager = true,
	                                .max_shown = 4096,
	                                .max_record = (size_t)16 << 20,
	                                .max_answer = (size_t)16 << 20,
	                                .max_undo = (size_t)64 << 20,
	                                .profile = (unsigned)codec_place(SLICE("auto"))};
}

const struct setting *setting_find(struct slice name, struct error *error)
{
	const struct setting *found = NULL;
	for (const struct setting *t = settings_table; t->name; t++) {
		if (slice_eq_str(name, t->name))
			return t;
		if (slice_starts(slice_str(t->name), name)) {
			if (found) {
				error_set(error, "write more of it; .set lists them",
				          "\"%.*s\" could be %s or %s", (int)name.len, name.data,
				          found->name, t->name);
				return NULL;
			}
			found = t;
		}
	}
	if (!found || name.len == 0) {
		/* What is after a = may be a password. */
		struct slice word = slice_before(name, '=');
		error_set(error,
		          word.len < name.len ? "write .set SETTING VALUE; .set lists them"
		                              : ".set lists them",
		          "unknown setting \"%.*s\"", SLICE_ARGS(word, 60));
		return NULL;
	}
	return found;
}

/* The I-th of the words that T takes, as setting_show writes them. False after the last. */
static bool choice_at(const struct setting *t, int i, struct slice *word)
{
	if (t->kind == SETTING_NAME) {
		const char *name = t->name_at((size_t)i);
		*word = slice_str(name);
		return name != NULL;
	}
	struct slice rest = slice_str(t->kind == SETTING_BOOL ? "on|off" : t->choices);
	while (i-- > 0)
		slice_take(&rest, '|');
	*word = slice_before(rest, '|');
	return rest.len > 0;
}

/* The place of VALUE among these words, or -1. */
static int choice_index(const struct setting *t, struct slice value)
{
	struct slice word;
	for (int i = 0; choice_at(t, i, &word); i++) {
		if (slice_eq(word, value))
			return i;
	}
	return -1;
}

static bool parse_bool(struct slice value, bool *on)
{
	*on = slice_is_among(value, "on yes true 1");
	return *on || slice_is_among(value, "off no false 0");
}

void setting_choices(const struct setting *t, struct buf *out)
{
	struct slice word;
	if (t->kind != SETTING_BOOL && t->kind != SETTING_CHOICE && t->kind != SETTING_NAME)
		return;
	for (int i = 0; choice_at(t, i, &word); i++) {
		if (i > 0)
			buf_add_char(out, '|');
		buf_add_slice(out, word);
	}
}

static void add_duration(uint64_t ms, struct buf *out)
{
	static const struct {
		uint64_t ms;
		const char *unit;
	} units[] = {{3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
	size_t i = 0;
	while (ms % units[i].ms != 0)
		i++;
	buf_addf(out, "%llu%s", (unsigned long long)(ms / units[i].ms), units[i].unit);
}

static void add_size(uint64_t bytes, struct buf *out)
{
	static const char units[] = {'g', 'm', 'k'};
	for (unsigned i = 0; i < 3; i++) {
		uint64_t unit = (uint64_t)1 << (30 - 10 * i);
		if (bytes >= unit && bytes % unit == 0) {
			buf_addf(out, "%llu%c", (unsigned long long)(bytes / unit), units[i]);
			return;
		}
	}
	buf_add_u64(out, bytes);
}

static void add_amount(const struct setting *t, uint64_t amount, struct buf *out)
{
	if (amount == 0)
		buf_add_str(out, "off");
	else if (t->kind == SETTING_DURATION)
		add_duration(amount, out);
	else
		add_size(amount, out);
}

/* Of very many words only how many there are. */
#define RANGE_NAMES 16

void setting_range(const struct setting *t, struct buf *out)
{
	size_t count = 0;
	switch (t->kind) {
	case SETTING_BOOL:
	case SETTING_CHOICE:
		setting_choices(t, out);
		return;
	case SETTING_NAME:
		while (t->name_at(count))
			count++;
		if (count > RANGE_NAMES)
			buf_addf(out, "one of %zu names, which Tab lists", count);
		else
			setting_choices(t, out);
		return;
	case SETTING_STRING:
		buf_add_str(out, "text, or off");
		return;
	case SETTING_DURATION:
	case SETTING_SIZE:
		add_amount(t, t->least, out);
		buf_add_str(out, " to ");
		add_amount(t, t->most, out);
		break;
	}
	if (t->off_allowed)
		buf_add_str(out, ", or off");
}

static bool refuse(const struct setting *t, struct slice value, struct error *error)
{
	struct buf range = BUF_INIT;
	setting_range(t, &range);
	error_set(error, NULL, "invalid value for %s: \"%.*s\"", t->name, SLICE_ARGS(value, 60));
	error_hint(error, "it takes %s", buf_cstr(&range));
	buf_release(&range);
	return false;
}

/* A duration or a size within the setting's bounds. */
static bool parse_amount(const struct setting *t, struct slice value, uint64_t *amount)
{
	if (t->off_allowed && (slice_eq_str(value, "off") || slice_eq_str(value, "0"))) {
		*amount = 0;
		return true;
	}
	enum number_result result = t->kind == SETTING_DURATION
	                                ? number_parse_duration(value, 1000, amount)
	                                : number_parse_size(value, amount);
	return result == NUMBER_OK && *amount >= t->least && *amount <= t->most;
}

/* What is asked for while a cluster makes the session read-only is so when that is left, too. */
static bool change_readonly(struct session *s, bool on, struct error *error)
{
	if (!on && !readonly_may_end(s, error))
		return false;
	if (s->servers.options.readonly && s->settings.readonly_by == READONLY_BY_CLUSTER)
		s->clusters.own_readonly = on;
	return true;
}

bool setting_change(struct session *s, const struct setting *t, struct slice value,
                    struct error *error)
{
	char *place = (char *)s + t->offset;
	uint64_t amount;
	int index;
	bool on;

	switch (t->kind) {
	case SETTING_BOOL:
		if (!parse_bool(value, &on))
			return refuse(t, value, error);
		if (place == (char *)&s->servers.options.readonly && !change_readonly(s, on, error))
			return false;
		*(bool *)place = on;
		return true;
	case SETTING_CHOICE:
	case SETTING_NAME:
		index = choice_index(t, value);
		if (index < 0)
			return refuse(t, value, error);
		if (s->mode.driven && place == (char *)&s->settings.format && index != FORMAT_PLAIN)
			return error_set(error, "leave --expect out for the others",
			                 "the format of --expect is plain");
		*(unsigned *)(void *)place = (unsigned)index;
		if (place == (char *)&s->settings.protocol)
			servers_speak(&s->servers, dialect_spoken(value));
		return true;
	case SETTING_DURATION:
	case SETTING_SIZE:
		if (!parse_amount(t, value, &amount))
			return refuse(t, value, error);
		if (t->kind == SETTING_DURATION)
			*(uint64_t *)(void *)place = amount;
		else
			*(size_t *)(void *)place = (size_t)amount;
		return true;
	case SETTING_STRING:
		if (slice_eq_str(value, "off"))
			value.len = 0;
		if (value.len >= SETTING_TEXT || (value.len && memchr(value.data, '\0', value.len)))
			return refuse(t, value, error);
		if (value.len > 0)
			memcpy(place, value.data, value.len);
		place[value.len] = '\0';
		return true;
	}
	return false;
}

void setting_show(const struct session *s, const struct setting *t, struct buf *out)
{
	const char *place = (const char *)s + t->offset;
	struct slice word;
	switch (t->kind) {
	case SETTING_BOOL:
		buf_add_str(out, *(const bool *)place ? "on" : "off");
		return;
	case SETTING_CHOICE:
	case SETTING_NAME:
		choice_at(t, (int)*(const unsigned *)(const void *)place, &word);
		buf_add_slice(out, word);
		return;
	case SETTING_STRING:
		buf_add_str(out, *place ? place : "off");
		return;
	case SETTING_DURATION:
		add_amount(t, *(const uint64_t *)(const void *)place, out);
		return;
	case SETTING_SIZE:
		add_amount(t, *(const size_t *)(const void *)place, out);
		return;
	}
}

struct style settings_style(const struct session *s)
{
	bool redirected = s->output.sink != SINK_NONE;
	return (struct style){
	    .format = redirected && s->settings.format == FORMAT_PRETTY ? FORMAT_PLAIN
	                                                                : s->settings.format,
	    .timing = s->settings.timing,
	    .color = !redirected && screen_color(&s->screen, s->settings.color),
	    .utf8 = s->screen.utf8,
	    .json = s->settings.json,
	    .value_bytes = redirected,
	    .fields = s->mode.driven && !redirected,
	    .columns = redirected && !s->screen.columns ? 80 : screen_columns(&s->screen),
	    .csv_guard = s->settings.csv_guard,
	    .max_shown = s->settings.max_shown,
	    .now = (int64_t)time(NULL),
	    .profile = codecs[s->settings.profile],
	    .gather_max = s->settings.max_answer,
	    .inflate_max = s->servers.options.value_max,
	};
}

enum output_ascii settings_ascii(const struct session *s)
{
	enum format format = s->settings.format;
	if (!s->screen.terminal || s->screen.utf8 || format == FORMAT_RAW || format == FORMAT_WIRE)
		return OUTPUT_AS_IT_IS;
	return format == FORMAT_JSON ? OUTPUT_ASCII_JSON : OUTPUT_ASCII;
}
