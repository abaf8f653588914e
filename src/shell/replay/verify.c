#include "shell/replay/verify.h"
#include "shell/report.h"

#include "base/file.h"
#include "base/quote.h"
#include "shell/loop.h"
#include "shell/replay/match.h"
#include "shell/replay/recording.h"
#include "shell/settings.h"
#include "view/diff.h"
#include "view/text/json_write.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A file that is played. */
struct play {
	struct session *session; /* that reports */
	struct session replay;
	const char *path;
	const struct verify_options *options;
	struct normaliser *normaliser;
	struct buf text;   /* of the file */
	struct buf update; /* what it would be if it were to follow */
	struct transcript transcript;
	size_t differing; /* commands */
};

struct file_counts {
	size_t files, commands, differing, updated;
};

static enum status report_file(const struct play *p, enum status status, const struct error *error)
{
	struct error named;
	error_set(&named, error->hint[0] ? error->hint : NULL, "%s: %s", p->path, error->what);
	return report_error(p->session, status, &named);
}

static bool read_file(struct play *p, struct error *error)
{
	int fd = open(p->path, O_RDONLY | O_CLOEXEC);
	buf_init(&p->text, TRANSCRIPT_MAX);
	bool ok = fd >= 0 && file_read(fd, TRANSCRIPT_MAX, &p->text);
	if (!ok)
		error_set(error, "check the path and its rights", "cannot read it: %s",
		          strerror(errno));
	file_close(&fd);
	return ok;
}

/* Writes the update beside the file and puts it in its place, so that there is always a whole one.
 * STATUS_USAGE when no file may be made there, STATUS_LOST when it does not get to the disk. */
static enum status write_file(const struct play *p, struct error *error)
{
	struct file_draft draft;
	enum status status = STATUS_USAGE;
	if (file_draft_open(&draft, p->path, "")) {
		bool ok = file_write(draft.fd, buf_slice(&p->update)) && file_draft_finish(&draft);
		int saved = errno;
		if (!ok)
			file_draft_drop(&draft);
		file_draft_release(&draft);
		errno = saved;
		status = ok ? STATUS_OK : STATUS_LOST;
	}
	if (status != STATUS_OK)
		error_set(error, "it is as it was", "cannot write it: %s", strerror(errno));
	return status;
}

/* The name of the command in LINE. */
static struct slice name_of(struct slice line, struct words *words)
{
	struct error ignored;
	tokenize(line, words, &ignored);
	return words->count > 0 ? words->list[0].text : slice_of(NULL, 0);
}

/* The lines from FROM to END of the file, as they are. */
static void keep_lines(struct play *p, size_t from, size_t end)
{
	for (; from < end; from++) {
		buf_add_slice(&p->update, p->transcript.lines.list[from]);
		buf_add_char(&p->update, '\n');
	}
}

/* Of a step whose output has changed, the comments, and what is after the output as it is. */
static void keep_rest(struct play *p, const struct step *step)
{
	const struct slice *lines = p->transcript.lines.list;
	size_t end = step->end;
	while (end > step->body && (lines[end - 1].len == 0 || lines[end - 1].data[0] == '#'))
		end--;
	for (size_t i = step->body; i < end; i++) {
		if (lines[i].len > 0 && lines[i].data[0] == '#')
			keep_lines(p, i, i + 1);
	}
	keep_lines(p, end, step->end);
}

/* Runs a step and compares; the file's lines, or what they would be, are added to the update. */
static void play_step(struct play *p, const struct step *step, struct buf *shown)
{
	struct transcript *t = &p->transcript;
	struct session *r = &p->replay;
	struct buf written = BUF_INIT, merged = BUF_INIT;
	struct lines got = {0};
	struct words words = {0};
	struct error error = {.what = ""};
	struct match match = {p->normaliser, r->settings.format, name_of(step->command, &words), 0};
	bool runs = !r->mode.leaving;
	buf_clear(shown);
	if (runs)
		session_loop(r, input_string(NULL, step->command));
	else
		error_set(&error, "take it out: the one before it leaves",
		          "the command of line %zu is never run", step->line + 1);
	output_flush(&r->output);
	transcript_add_output(&written, buf_slice(shown), shown->full);
	lines_add(&got, buf_slice(&written));
	match.timeout_ms = r->servers.options.timeout_ms; /* the step may have set it */
	bool same = runs && match_merge(&match, transcript_outputs(t, step), step->outputs_n, &got,
	                                &merged, &error);
	if (error.what[0])
		report_file(p, STATUS_USAGE, &error);
	keep_lines(p, step->line, step->body);
	p->differing += !same;
	if (same || !runs) {
		keep_lines(p, step->body, step->end);
	} else {
		buf_add_slice(&p->update, buf_slice(&merged));
		keep_rest(p, step);
	}
	words_release(&words);
	lines_release(&got);
	buf_release(&written);
	buf_release(&merged);
}

static enum status prepare(struct play *p, struct error *error)
{
	struct session *r = &p->replay;
	unsigned servers = p->options->servers;
	if (!read_file(p, error) || !transcript_read(&p->transcript, buf_slice(&p->text), error) ||
	    !recording_apply_settings(r, p->transcript.settings, &servers, error))
		return STATUS_USAGE;
	if (p->transcript.count == 0) {
		error_set(error, "a command follows the prompt, as in \"mcsh> get foo\"",
		          "the command is missing");
		return STATUS_USAGE;
	}
	servers_place_by(&r->servers, r->settings.distribution);
	return servers_sandbox(&r->servers, servers, error) ? STATUS_OK : STATUS_LOST;
}

/* Shows how the update differs from the file. */
static void show_difference(struct play *p, bool updated)
{
	struct session *s = p->session;
	struct buf *out = &s->output.results, text = BUF_INIT;
	bool json = s->settings.format == FORMAT_JSON, color = !json && settings_style(s).color;
	struct lines after = {0};
	struct diff d = {0};
	lines_add(&after, buf_slice(&p->update));
	diff_make(&d, &p->transcript.lines, &after);
	if (d.changed > 0)
		for (unsigned i = 0; i < 2; i++) {
			buf_add_str(&text, i == 0 ? "--- " : "+++ ");
			escape_add_line(&text, slice_str(p->path));
			buf_add_char(&text, '\n');
		}
	diff_add_unified(&text, &d, color);
	if (json) {
		json_open(out, '{');
		json_bytes_member(out, "file", "file_encoding", slice_str(p->path));
		json_u64_member(out, "commands", p->transcript.count);
		json_u64_member(out, "differing", p->differing);
		json_bool_member(out, "updated", updated);
		json_bytes_member(out, "diff", "diff_encoding", buf_slice(&text));
		buf_add_str(out, "}\n");
	} else {
		buf_add_slice(out, buf_slice(&text));
	}
	diff_release(&d);
	lines_release(&after);
	buf_release(&text);
	output_tick(&s->output);
}

static enum status report(struct play *p, struct file_counts *counts)
{
	struct error error;
	bool update = p->options->update && p->differing > 0;
	enum status status = p->differing > 0 && !update ? STATUS_ASSERT : STATUS_OK;
	enum status written = update ? write_file(p, &error) : STATUS_OK;
	if (written != STATUS_OK) {
		update = false;
		status = report_file(p, written, &error);
	}
	counts->files++;
	counts->commands += p->transcript.count;
	counts->differing += p->differing > 0;
	counts->updated += update;
	show_difference(p, update);
	return status;
}

static void play_steps(struct play *p)
{
	struct buf shown;
	buf_init(&shown, OUTPUT_SHOWN_MAX);
	p->replay.output.mute = true;
	output_copy(&p->replay.output, COPY_REPLAY, &shown);
	struct transcript *t = &p->transcript;
	keep_lines(p, 0, t->count ? t->steps[0].line : t->lines.count);
	for (size_t i = 0; i < t->count; i++)
		play_step(p, &t->steps[i], &shown);
	output_copy(&p->replay.output, COPY_REPLAY, NULL);
	buf_release(&shown);
}

static enum status play_file(struct play *p, struct file_counts *counts)
{
	struct error error;
	session_init(&p->replay, p->session->commands);
	enum status status = prepare(p, &error);
	if (status == STATUS_OK) {
		play_steps(p);
		status = report(p, counts);
	} else {
		report_file(p, status, &error);
	}
	p->replay.output.mute = true;
	session_end(&p->replay);
	transcript_release(&p->transcript);
	buf_release(&p->text);
	buf_release(&p->update);
	return status;
}

static void add_summary(struct session *s, const struct file_counts *t)
{
	struct buf *out = &s->output.results;
	buf_addf(out, "%zu transcript%s, %zu command%s: ", t->files, t->files == 1 ? "" : "s",
	         t->commands, t->commands == 1 ? "" : "s");
	if (t->differing == 0)
		buf_add_str(out, "all as recorded\n");
	else if (t->updated > 0)
		buf_addf(out, "%zu updated\n", t->updated);
	else
		buf_addf(out, "%zu differ%s\n", t->differing, t->differing == 1 ? "s" : "");
}

/* A command that reads standard input finds its end there, and not the terminal. */
static void close_input(void)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
}

enum status verify_files(struct session *s, char *const *files, size_t count,
                         const struct verify_options *options)
{
	struct normaliser *normaliser = normaliser_new();
	struct file_counts counts = {0};
	enum status worst = STATUS_OK;
	close_input();
	for (size_t i = 0; i < count && !s->output.failed; i++) {
		struct play play = {
		    .session = s, .path = files[i], .options = options, .normaliser = normaliser};
		worst = status_max(worst, play_file(&play, &counts));
	}
	if (s->settings.format != FORMAT_JSON && counts.files > 0)
		add_summary(s, &counts);
	normaliser_free(normaliser);
	verdict_raise(&s->verdict, worst);
	return worst;
}
