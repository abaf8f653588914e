#include "shell/io/draft.h"

#include "base/file.h"
#include "base/xalloc.h"
#include "shell/io/interrupt.h"
#include "shell/io/spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of a key in the name of a file. */
#define NAME_MOST 60

static bool make_directory(struct draft *d)
{
	const char *places[] = {getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp"};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char path[PATH_MAX];
		if (!places[i] || places[i][0] != '/' || strlen(places[i]) > PATH_MAX - 200)
			continue;
		snprintf(path, sizeof(path), "%s/mcsh-edit-XXXXXX", places[i]);
		if (mkdtemp(path)) {
			d->dir = xstrdup(path);
			return true;
		}
	}
	return false;
}

/* The file's path: of NAME what may stand in any. */
static void make_path(struct draft *d, struct slice name, const char *suffix)
{
	struct buf path = BUF_INIT;
	buf_addf(&path, "%s/", d->dir);
	for (size_t i = 0; i < name.len && i < NAME_MOST; i++) {
		char c = name.data[i];
		bool safe = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		            (c >= 'a' && c <= 'z') || (i > 0 && (c == '.' || c == '-'));
		buf_add_char(&path, safe ? c : '_');
	}
	buf_add_str(&path, suffix);
	d->path = xstrdup(buf_cstr(&path));
	buf_release(&path);
}

static bool write_text(const char *path, struct slice text, struct slice end, bool readonly)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	              readonly ? S_IRUSR : S_IRUSR | S_IWUSR);
	if (fd < 0)
		return false;
	bool ok = file_write(fd, text) && file_write(fd, end);
	int code = errno;
	ok &= close(fd) == 0;
	errno = code;
	return ok;
}

bool draft_make(struct draft *d, struct slice name, const char *suffix, struct slice text,
                bool readonly, struct error *error)
{
	*d = (struct draft){0};
	if (make_directory(d)) {
		make_path(d, name, suffix);
		if (write_text(d->path, text, SLICE("\n"), readonly))
			return true;
	}
	error_set(error, "$TMPDIR can name a directory with space in it",
	          "cannot write a temporary file: %s", strerror(errno));
	draft_drop(d);
	return false;
}

/* The line that runs the editor: the user's words, then the path in quotes. */
static void add_command(struct buf *out, const char *path)
{
	const char *editor = getenv("VISUAL");
	if (!editor || !*editor)
		editor = getenv("EDITOR");
	buf_add_str(out, editor && *editor ? editor : "vi");
	buf_add_str(out, " '");
	for (; *path; path++) {
		if (*path == '\'')
			buf_add_str(out, "'\\'");
		buf_add_char(out, *path);
	}
	buf_add_char(out, '\'');
}

static int wait_for(pid_t child)
{
	int status = 0;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

bool draft_edit(struct draft *d, struct session *s, struct error *error)
{
	struct buf command = BUF_INIT;
	int in = s->screen.keyboard ? STDIN_FILENO : open("/dev/null", O_RDONLY | O_CLOEXEC);
	pid_t child;
	add_command(&command, d->path);
	output_flush(&s->output);
	int code = spawn_shell(buf_cstr(&command), in, -1, false, &child);
	bool ok = code == 0;
	if (!ok) {
		error_set(error, NULL, "cannot run the editor: %s", strerror(code));
	} else {
		code = wait_for(child);
		ok = code == 0 ||
		     error_set(error, "set $VISUAL or $EDITOR to an editor; nothing was stored",
		               "the editor (%s) ended with status %d", buf_cstr(&command), code);
	}
	if (in != STDIN_FILENO && in >= 0)
		close(in);
	/* A Ctrl-C that came meanwhile was for the editor. */
	interrupt_take();
	s->output.adrift = true;
	buf_release(&command);
	return ok;
}

bool draft_read(const struct draft *d, size_t max, struct buf *out, struct error *error)
{
	int fd = open(d->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool ok = fd >= 0 && file_read(fd, max, out);
	if (!ok)
		error_set(error, errno == EFBIG ? "raise it with .set max_value" : NULL,
		          "cannot read %s: %s", d->path, strerror(errno));
	file_close(&fd);
	if (ok && out->len > 0 && out->data[out->len - 1] == '\n')
		out->len--;
	return ok;
}

bool draft_keep(const struct draft *d, struct slice bytes, struct buf *path)
{
	buf_addf(path, "%s.before", d->path);
	return write_text(buf_cstr(path), bytes, slice_of(NULL, 0), false);
}

void draft_drop(struct draft *d)
{
	/* Copies that the editor made stand beside it, and hold what it held. */
	DIR *dir = d->dir ? opendir(d->dir) : NULL;
	const struct dirent *entry;
	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	if (d->dir)
		rmdir(d->dir);
	draft_release(d);
}

void draft_release(struct draft *d)
{
	free(d->path);
	free(d->dir);
	*d = (struct draft){0};
}
