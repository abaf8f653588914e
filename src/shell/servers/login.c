#include "shell/servers/login.h"

#include "base/file.h"
#include "base/quote.h"
#include "proto/dialect.h"
#include "shell/io/secret.h"
#include "shell/report.h"
#include "shell/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void login_take_environment(struct buf *password)
{
	char *value = getenv("MCSH_PASSWORD");
	if (!value)
		return;
	buf_add_str(password, value);
	/* The name alone is taken out by unsetenv; /proc shows the bytes. */
	explicit_bzero(value, strlen(value));
	unsetenv("MCSH_PASSWORD");
}

/* Whether other users may read what FD is, as ssh asks of its keys: whose file is another's, as a
 * container's is root's, knows why. */
static bool is_open_to_others(int fd, unsigned *mode)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !(S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode)))
		return false;
	*mode = st.st_mode & 07777;
	return st.st_uid == geteuid() && (*mode & 077) != 0;
}

/* A line that may have its end, and a byte order mark before it. */
static bool take_line(const char *path, struct buf *password, struct error *error)
{
	if (slice_starts(buf_slice(password), SLICE("\xef\xbb\xbf")))
		buf_drop(password, 3);
	if (password->len > 0 && password->data[password->len - 1] == '\n')
		password->len--;
	if (password->len > 0 && password->data[password->len - 1] == '\r')
		password->len--;
	if (password->len > 0 && !memchr(password->data, '\n', password->len))
		return true;
	error_set(error, "it holds the password, and nothing else", "the password file \"%s\" %s",
	          path, password->len > 0 ? "has more than one line" : "is empty");
	return false;
}

static bool read_file(const char *path, struct buf *password, struct error *error)
{
	unsigned mode = 0;
	int fd = file_open(path, O_RDONLY, 0);
	bool ok = fd >= 0;
	if (ok && is_open_to_others(fd, &mode)) {
		error_set(error, NULL, "other users may read the password file \"%s\", mode %04o",
		          path, mode);
		error_hint(error, "chmod 600 %s", path);
		ok = false;
	} else if (!ok || !file_read(fd, 2 * LOGIN_MAX_BYTES, password)) {
		error_set(error, "check the path and its rights",
		          "cannot read the password file \"%s\": %s", path, strerror(errno));
		ok = false;
	} else {
		ok = take_line(path, password, error);
	}
	file_close(&fd);
	return ok;
}

enum status login_ask(struct session *s, struct slice user, struct buf *password, const char *hint,
                      const char *what)
{
	struct buf question = BUF_INIT;
	enum secret_result result = SECRET_NO_TERMINAL;
	buf_add_str(&question, "Password of ");
	escape_add_field(&question, user);
	buf_add_str(&question, ": ");
	output_flush(&s->output);
	if (s->prompt)
		s->prompt->drop_typed(s->prompt->ctx);
	if (!s->mode.driven)
		result = secret_read(buf_cstr(&question), password);
	buf_release(&question);
	if (result == SECRET_READ)
		return STATUS_OK;
	s->mode.leaving |= result == SECRET_GIVEN_UP && !s->mode.interactive;
	if (result == SECRET_GIVEN_UP)
		return report_errorf(s, STATUS_USAGE, NULL, "no password was typed");
	return report_errorf(s, STATUS_USAGE, hint, "%s", what);
}

/* Whether a login can have WORD: SASL parts the two by NUL, memcached's own by a blank. */
static bool fits(struct slice word, bool sasl)
{
	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = (unsigned char)word.data[i];
		if (c == 0 || (!sasl && (c <= ' ' || c == 0x7f)))
			return false;
	}
	return word.len > 0 && word.len <= LOGIN_MAX_BYTES;
}

bool login_set(struct session *s, struct slice user, struct slice password, struct error *error)
{
	bool sasl = dialects[s->servers.options.dialect].packets;
	if (!fits(user, sasl) || !fits(password, sasl))
		return error_set(error,
		                 sasl ? "SASL parts the two by NUL"
		                      : "memcached parts the two by a blank",
		                 sasl ? "a user and a password have 1 to %d bytes without NUL"
		                      : "a user and a password have 1 to %d bytes without blanks",
		                 LOGIN_MAX_BYTES);
	servers_login(&s->servers, user, password);
	return true;
}

/* The password of USER, from wherever it comes. */
static enum status find_password(struct session *s, const char *user, const char *file,
                                 struct buf *password)
{
	struct error error;
	if (file) {
		buf_wipe(password);
		return read_file(file, password, &error) ? STATUS_OK
		                                         : report_error(s, STATUS_USAGE, &error);
	}
	if (password->len > 0)
		return STATUS_OK;
	return login_ask(s, slice_str(user), password,
	                 "give it in MCSH_PASSWORD or by --password-file",
	                 "there is no password for --user, and no terminal to ask for it");
}

enum status login_start(struct session *s, const char *user, const char *password_file,
                        struct buf *given)
{
	struct error error;
	enum status status = STATUS_OK;
	if (user)
		status = find_password(s, user, password_file, given);
	else if (password_file)
		status = report_errorf(s, STATUS_USAGE, "add --user=NAME",
		                       "--password-file is for --user");
	if (user && status == STATUS_OK && !login_set(s, slice_str(user), buf_slice(given), &error))
		status = report_error(s, STATUS_USAGE, &error);
	buf_wipe(given);
	return status;
}

bool login_is_in(const struct session *s, struct slice line)
{
	return s->run.login_typed || command_is_secret(s->commands, line) ||
	       client_login_typed(s->servers.client);
}
