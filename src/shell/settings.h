/*
 * What .set lists and changes: one row a setting, with its bounds and a sentence.
 */
#ifndef SHELL_SETTINGS_H
#define SHELL_SETTINGS_H

#include "base/buf.h"
#include "base/status.h"
#include "client/options.h"
#include "shell/io/output.h"
#include "shell/io/screen.h"
#include "view/style.h"
#include "view/trace.h"

struct session;

/* A text setting's space. */
#define SETTING_TEXT OPTION_TEXT

/* In what form commands go out, where they have two. */
enum protocol_mode {
	PROTOCOL_AUTO, /* classic, and meta in a script that is pipelined where the server speaks it
	                */
	PROTOCOL_CLASSIC,
	PROTOCOL_META,
	PROTOCOL_BINARY,
};

/* Who made a session read-only; but for the user, nobody takes that back in it. */
enum readonly_by {
	READONLY_BY_USER,    /* .set readonly on */
	READONLY_BY_CLUSTER, /* the mark of the cluster that is talked to */
	READONLY_BY_START,   /* --readonly */
};

/* What .set shows and changes; settings_table has a row for each. */
struct settings {
	enum format format;
	enum timing_mode timing;
	enum trace_mode trace;
	enum protocol_mode protocol;
	enum color_mode color;
	bool json;
	bool confirm;
	enum readonly_by readonly_by; /* with servers.options.readonly */
	bool pager;
	bool csv_guard;
	bool undo;
	size_t max_shown;
	size_t max_record;
	size_t max_answer;
	size_t max_undo;
	char trace_file[SETTING_TEXT];
	unsigned profile;        /* place in codecs (codec/codec.h) */
	size_t min_compress_len; /* bytes; 0: nothing is compressed */
	unsigned compress_level; /* 0: zlib's own choice; else one more than the level */
	unsigned distribution;   /* place in distribution_setups */
	char key_prefix[SETTING_TEXT];
};

enum setting_kind {
	SETTING_BOOL,     /* on, off; a bool */
	SETTING_CHOICE,   /* one of `choices`; an enum */
	SETTING_NAME,     /* one of the names that `name_at` lists; an unsigned, its place there */
	SETTING_DURATION, /* milliseconds in a uint64_t; written as 500ms, 2s, off */
	SETTING_SIZE,     /* bytes in a size_t; written as 64k, 1m, off */
	SETTING_STRING,   /* char[SETTING_TEXT]; "" is off */
};

struct setting {
	const char *name;
	enum setting_kind kind;
	size_t offset; /* in struct session */
	const char *about;
	const char *choices;              /* SETTING_CHOICE: "off|on|full", in the enum's order */
	const char *(*name_at)(size_t i); /* SETTING_NAME: the I-th name, NULL after the last */
	uint64_t least, most; /* DURATION and SIZE; 0 is allowed beside them when off_allowed */
	bool off_allowed;
	bool reconnects; /* it is for new connections: those before are closed when it changes */
};

/* Every setting, ended by a row without a name. */
extern const struct setting settings_table[];

/* By name; an unambiguous prefix will do. NULL: ERROR says so and offers what there is. */
const struct setting *setting_find(struct slice name, struct error *error);

/* Changes it. On false ERROR says what values it takes. `protocol` may close connections: settle
 * them before. */
bool setting_change(struct session *s, const struct setting *setting, struct slice value,
                    struct error *error);

/* Its value as it can be typed. */
void setting_show(const struct session *s, const struct setting *setting, struct buf *out);

/* The words that it takes, BOOL, CHOICE or NAME: "off|on|full"; nothing of the others. */
void setting_choices(const struct setting *setting, struct buf *out);
/* The values it takes: "off|on|full", "10ms to 1h, or off". */
void setting_range(const struct setting *setting, struct buf *out);

/* All of S->settings as they are without .set. */
void settings_init(struct session *s);

/* How the next command is shown: by the settings, the screen, and where results go. */
struct style settings_style(const struct session *s);
/* And how its output is written: a terminal that does not show UTF-8 gets none, but for the formats
 * that are bytes. */
enum output_ascii settings_ascii(const struct session *s);

#endif
