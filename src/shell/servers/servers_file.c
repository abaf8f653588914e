#include "shell/servers/servers_file.h"

#include "base/file.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define FORM "write a server a line, in a form that mcsh takes as SERVER; # begins a comment"

/* Puts the place before the error of one line. */
static bool refuse_line(const char *path, size_t line, const struct error *why, struct error *error)
{
	return error_set(error, why->hint, "%s:%zu: %s", path, line, why->what);
}

/* What a line says before its comment, without the blanks around it. */
static struct slice without_comment(struct slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] == '#' &&
		    (i == 0 || line.data[i - 1] == ' ' || line.data[i - 1] == '\t'))
			line.len = i;
	}
	return slice_trim(line);
}

/* Whether SPEC, of one line, names a server; else WHY says what it is. */
static bool check_spec(struct slice spec, struct error *why)
{
	struct address address;
	bool is_path = spec.data[0] == '/' || spec.data[0] == '.' ||
	               slice_starts(spec, SLICE("unix:"));
	for (size_t i = 0; i < spec.len && !is_path; i++) {
		if (spec.data[i] == ' ' || spec.data[i] == '\t' || spec.data[i] == ',')
			return error_set(why, FORM, "\"%.*s\" is more than one word",
			                 SLICE_ARGS(spec, 100));
	}
	if (!servers_parse(&spec, 0, &address, why))
		return false;
	address_release(&address);
	return true;
}

/* Connects to what TEXT, the content of the file at PATH, lists. */
static bool connect_listed(struct servers *servers, const char *path, struct slice text,
                           struct error *error)
{
	struct slice *specs = NULL;
	size_t count = 0, cap = 0;
	struct error why;
	bool ok = true;
	if (slice_starts(text, SLICE("\xef\xbb\xbf"))) /* a byte order mark */
		text = slice_skip(text, 3);
	for (size_t line = 1; ok && text.len > 0; line++) {
		struct slice spec = without_comment(slice_take(&text, '\n'));
		if (spec.len == 0)
			continue;
		ok = check_spec(spec, &why) || refuse_line(path, line, &why, error);
		specs = xgrow(specs, &cap, count + 1, sizeof(*specs));
		specs[count++] = spec;
	}
	if (ok && count == 0)
		ok = error_set(error, FORM, "\"%s\" lists no server", path);
	ok = ok && servers_connect(servers, specs, count, error);
	free(specs);
	return ok;
}

bool servers_connect_file(struct servers *servers, struct slice path, struct error *error)
{
	struct buf name = BUF_INIT, text = BUF_INIT;
	if (!file_check_name(path, error))
		return false;
	buf_add_slice(&name, path);
	int fd = open(buf_cstr(&name), O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && file_read(fd, SERVERS_FILE_MAX, &text);
	if (!ok)
		error_set(error,
		          errno == EFBIG ? "a list of servers has 1 MiB at the most"
		                         : "check the path and its rights",
		          "cannot read \"%s\": %s", buf_cstr(&name), strerror(errno));
	file_close(&fd);
	ok = ok && connect_listed(servers, buf_cstr(&name), buf_slice(&text), error);
	buf_release(&name);
	buf_release(&text);
	return ok;
}
