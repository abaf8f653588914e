#include "shell/rc.h"

#include "base/file.h"
#include "base/xalloc.h"
#include "shell/lang/args.h"
#include "shell/loop.h"
#include "shell/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file as an input; NULL: there is none, or ERROR, which is clear otherwise, says why it cannot
 * be read. */
static struct input *rc_open(struct error *error)
{
	struct buf path = BUF_INIT;
	struct stat st;
	struct input *input = NULL;
	error_clear(error);
	if (!file_user_path("XDG_CONFIG_HOME", ".config", "mcsh/mcshrc", &path)) {
		buf_release(&path);
		return NULL;
	}
	/* A fifo is opened at once then, and would be waited for without end. */
	int fd = open(buf_cstr(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0 && (fstat(fd, &st) != 0 || S_ISFIFO(st.st_mode) || S_ISDIR(st.st_mode))) {
		close(fd);
		error_set(error, "put a file there, or start with --no-rc", "\"%s\" is not a file",
		          buf_cstr(&path));
	} else if (fd >= 0) {
		input = input_descriptor(buf_cstr(&path), fd);
	} else if (errno != ENOENT && errno != ENOTDIR) {
		error_set(error, "check its rights, or start with --no-rc",
		          "cannot read \"%s\": %s", buf_cstr(&path), strerror(errno));
	}
	buf_release(&path);
	return input;
}

void rc_run(struct session *s)
{
	struct error error;
	struct input *input = rc_open(&error);
	const struct client *client = s->servers.client;
	if (error.what[0])
		report_error(s, STATUS_OK, &error);
	if (!input)
		return;
	/* What it sets is the session's own, whatever cluster the command line has named. */
	cluster_lift_settings(s);
	s->mode.starting = true;
	session_loop(s, input);
	s->mode.starting = false;
	if (client == s->servers.client) /* it connected nowhere else */
		cluster_lay_settings(s);
}

/* The next command, with the lines that continue it. */
static bool next_command(struct input *input, struct buf *line)
{
	struct open_state state = {0};
	buf_clear(line);
	enum input_result result = input_read(input, false, line);
	if (result != INPUT_LINE)
		return false;
	while (result == INPUT_LINE && tokenize_open(&state, buf_slice(line))) {
		buf_add_char(line, '\n');
		result = input_read(input, true, line);
	}
	return true;
}

/* LINE, if it is a .cluster. */
static bool read_cluster(struct session *s, struct slice line, struct error *error)
{
	struct words words = {0};
	struct error ignored;
	const struct command *command = NULL;
	bool ok = true;
	if (tokenize(line, &words, &ignored) == TOKENIZE_OK && words.count > 0)
		command = command_find(s->commands, words.list[0].text, NULL);
	if (command && strcmp(command->name, ".cluster") == 0) {
		struct slice *operands = xcalloc(words.count, sizeof(*operands));
		struct args args = {.line = line};
		ok = args_parse(command, words.list + 1, words.count - 1, operands, &args, error) &&
		     (args.count == 0 || cluster_define(s, &args, error));
		free(operands);
	}
	words_release(&words);
	return ok;
}

bool rc_read_clusters(struct session *s, struct error *error)
{
	struct buf line;
	struct input *input = rc_open(error);
	bool ok = !error->what[0];
	if (!input)
		return ok;
	buf_init(&line, INPUT_LINE_MAX);
	while (next_command(input, &line)) {
		struct error why;
		if (read_cluster(s, buf_slice(&line), &why) || !ok)
			continue;
		ok = error_set(error, why.hint, "%s:%zu: %s", input->name, input->first_line,
		               why.what);
	}
	buf_release(&line);
	input_free(input);
	return ok;
}
