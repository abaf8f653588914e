#include "shell/replay/recording.h"
#include "shell/report.h"

#include "base/file.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/xalloc.h"
#include "shell/replay/transcript.h"
#include "shell/servers/login.h"
#include "shell/settings.h"
#include "view/text/paint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct recording {
	char *path;
	int fd;
	struct buf shown; /* and not yet written */
	size_t held;      /* of it: a line of the last command that may go on */
	size_t depth;     /* of the inputs whose lines are written */
	bool skip;
	bool commenting; /* the last line was a comment, or the first one of the file */
};

/* Settings that have no part in what answers look like, or that a replay has no use for. */
static bool is_aside(const struct setting *setting)
{
	return slice_is_among(
	    slice_str(setting->name),
	    "trace_file color confirm pager timeout connect_timeout dead_retry tls "
	    "tls_ca tls_cert tls_key tls_name tls_insecure");
}

static void add_settings(struct session *s, struct buf *out)
{
	struct session usual = {0};
	struct buf now = BUF_INIT, before = BUF_INIT;
	settings_init(&usual);
	servers_init(&usual.servers);
	for (const struct setting *row = settings_table; row->name; row++) {
		buf_clear(&now);
		buf_clear(&before);
		setting_show(s, row, &now);
		setting_show(&usual, row, &before);
		if (is_aside(row) || slice_eq(buf_slice(&now), buf_slice(&before)))
			continue;
		buf_addf(out, " %s=", row->name);
		quote_add_word(out, buf_slice(&now));
	}
	unsigned columns = settings_style(s).columns;
	if (s->mode.interactive)
		buf_add_str(out, " prompt=on");
	if (s->mode.driven)
		buf_add_str(out, " driven=on");
	if (columns != 80)
		buf_addf(out, " columns=%u", columns);
	if (s->screen.utf8)
		buf_add_str(out, " utf8=on");
	if (client_server_count(s->servers.client) > 1)
		buf_addf(out, " servers=%zu", client_server_count(s->servers.client));
	servers_release(&usual.servers);
	buf_release(&now);
	buf_release(&before);
}

static bool read_number(struct slice value, uint64_t least, uint64_t most, unsigned *out)
{
	uint64_t n;
	if (number_parse_u64(value, &n) != NUMBER_OK || n < least || n > most)
		return false;
	*out = (unsigned)n;
	return true;
}

static bool read_switch(struct slice value, bool *out)
{
	*out = slice_eq_str(value, "on");
	return *out || slice_eq_str(value, "off");
}

static bool apply_setting(struct session *s, struct slice name, struct slice value,
                          unsigned *servers, struct error *error)
{
	bool ok;
	if (slice_eq_str(name, "prompt"))
		ok = read_switch(value, &s->mode.interactive);
	else if (slice_eq_str(name, "driven"))
		ok = read_switch(value, &s->mode.driven);
	else if (slice_eq_str(name, "utf8"))
		ok = read_switch(value, &s->screen.utf8);
	else if (slice_eq_str(name, "columns"))
		ok = read_number(value, 20, 10000, &s->screen.columns);
	else if (slice_eq_str(name, "servers"))
		ok = read_number(value, 1, SANDBOX_MAX, servers);
	else {
		const struct setting *setting = setting_find(name, error);
		return setting && setting_change(s, setting, value, error);
	}
	if (!ok)
		error_set(
		    error,
		    "prompt, driven and utf8 take on or off, columns 20 to 10000, servers 1 to 64",
		    "invalid value for %.*s: \"%.*s\"", (int)name.len, name.data,
		    SLICE_ARGS(value, 60));
	return ok;
}

bool recording_apply_settings(struct session *s, struct slice settings, unsigned *servers,
                              struct error *error)
{
	struct words words = {0};
	bool ok = tokenize(settings, &words, error) == TOKENIZE_OK;
	for (size_t i = 0; ok && i < words.count; i++) {
		struct slice word = words.list[i].text;
		struct slice name = slice_take(&word, '=');
		ok = apply_setting(s, name, word, servers, error);
	}
	words_release(&words);
	return ok;
}

/* Whether FD is not a file that could lose something: it is empty, a transcript, or a device. */
static bool may_replace(int fd)
{
	struct stat st;
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		return true;
	struct slice header = SLICE(TRANSCRIPT_HEADER);
	char start[sizeof(TRANSCRIPT_HEADER)];
	ssize_t n = read(fd, start, header.len);
	return n == 0 || (n > 0 && slice_eq(slice_of(start, (size_t)n), header));
}

static int open_file(const char *path, struct error *error)
{
	int fd = file_open(path, O_RDWR | O_CREAT | O_NOCTTY, 0666);
	if (fd >= 0 && !may_replace(fd)) {
		error_set(error, "name another file, or remove it",
		          "\"%s\" exists and is not a transcript", path);
		close(fd);
		return -1;
	}
	/* What is not a file, such as /dev/null, cannot be cut (EINVAL). */
	if (fd < 0 || (ftruncate(fd, 0) != 0 && errno != EINVAL) ||
	    (lseek(fd, 0, SEEK_SET) != 0 && errno != ESPIPE)) {
		error_set(error, "check the path and its rights", "cannot write \"%s\": %s", path,
		          strerror(errno));
		file_close(&fd);
		return -1;
	}
	return fd;
}

static void report_unwritten(struct session *s, int code)
{
	report_errorf(s, STATUS_LOST, "what was recorded before is there",
	              "cannot write the transcript: %s", strerror(code));
	verdict_raise(&s->verdict, STATUS_LOST);
}

/* Writes TEXT; what cannot be written ends the recording. */
static void put(struct session *s, struct buf *text)
{
	struct recording *r = s->run.recording;
	if (!file_write(r->fd, buf_slice(text))) {
		int code = errno;
		r->held = 0;
		recording_end(s);
		report_unwritten(s, code);
	}
}

bool recording_begin(struct session *s, const char *path, struct error *error)
{
	int fd = open_file(path, error);
	if (fd < 0)
		return false;
	recording_end(s);
	struct recording *r = xcalloc(1, sizeof(*r));
	struct buf header = BUF_INIT;
	r->path = xstrdup(path);
	r->fd = fd;
	r->depth = input_depth(s->input);
	r->commenting = true;
	r->skip = true; /* the command that begins it */
	buf_init(&r->shown, OUTPUT_SHOWN_MAX);
	s->run.recording = r;
	output_copy(&s->output, COPY_RECORDING, &r->shown);
	buf_add_str(&header, TRANSCRIPT_HEADER);
	add_settings(s, &header);
	buf_add_str(&header, "\n\n");
	put(s, &header);
	buf_release(&header);
	return true;
}

/* Moves the first COUNT bytes of what was shown to OUT. */
static void add_shown(struct recording *r, struct buf *out, size_t count, bool color)
{
	struct slice text = slice_of(r->shown.data, count);
	struct buf plain = BUF_INIT;
	bool cut = r->shown.full && count == r->shown.len;
	if (color) {
		paint_strip(&plain, text);
		text = buf_slice(&plain);
	}
	transcript_add_output(out, text, cut);
	buf_release(&plain);
	r->shown.full &= !cut;
	buf_drop(&r->shown, count);
}

/* LINE as a transcript has it: words that are secret are not in it. */
static void add_line(struct session *s, struct buf *out, struct slice line)
{
	bool comment = line_is_comment(line);
	if (comment && !s->run.recording->commenting)
		buf_add_char(out, '\n');
	s->run.recording->commenting = comment;
	if (comment) {
		buf_add_slice(out, slice_trim(line));
		buf_add_char(out, '\n');
	} else if (login_is_in(s, line)) {
		buf_add_str(out, "# a command whose words are secret was here\n");
	} else {
		transcript_add_command(out, line);
	}
}

void recording_add(struct session *s, struct slice line, const struct input *from)
{
	struct recording *r = s->run.recording;
	struct buf text = BUF_INIT;
	bool color = s->style.color;
	output_flush(&s->output);
	if (r->skip) {
		buf_cut(&r->shown, r->held);
		r->skip = false;
		return;
	}
	if (input_depth(from) <= r->depth && slice_trim(line).len > 0) {
		add_shown(r, &text, r->held, color);
		add_line(s, &text, line);
	}
	/* A line that a sourced script's next command may go on with waits. */
	size_t whole = r->shown.len;
	if (input_depth(s->input) > r->depth && !r->shown.full) {
		while (whole > 0 && r->shown.data[whole - 1] != '\n')
			whole--;
	}
	add_shown(r, &text, whole, color);
	r->held = r->shown.len;
	put(s, &text);
	buf_release(&text);
}

void recording_skip(struct session *s)
{
	if (s->run.recording)
		s->run.recording->skip = true;
}

void recording_end(struct session *s)
{
	struct recording *r = s->run.recording;
	if (!r)
		return;
	output_copy(&s->output, COPY_RECORDING, NULL);
	s->run.recording = NULL;
	struct buf text = BUF_INIT;
	add_shown(r, &text, r->held, s->style.color);
	int code = file_write(r->fd, buf_slice(&text)) ? 0 : errno;
	if (close(r->fd) != 0 && code == 0)
		code = errno;
	buf_release(&text);
	buf_release(&r->shown);
	free(r->path);
	free(r);
	if (code != 0)
		report_unwritten(s, code);
}

const char *recording_path(const struct session *s)
{
	return s->run.recording ? s->run.recording->path : NULL;
}
