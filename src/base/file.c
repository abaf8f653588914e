#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* What is asked for in one call. */
#define PIECE ((size_t)64 * 1024)

bool file_write(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.data, bytes.len);
		if (n < 0 && errno == EAGAIN) {
			struct pollfd space = {.fd = fd, .events = POLLOUT};
			poll(&space, 1, -1);
		} else if (n < 0 && errno != EINTR) {
			return false;
		}
		bytes = slice_skip(bytes, n > 0 ? (size_t)n : 0);
	}
	return true;
}

bool file_is_writable(int fd)
{
	struct pollfd space = {.fd = fd, .events = POLLOUT};
	return poll(&space, 1, 0) > 0;
}

bool file_cut_by_terminal(int fd, struct slice bytes)
{
	struct termios modes;
	return bytes.len > FILE_TERMINAL_LINE_MAX && bytes.data[bytes.len - 1] == '\n' &&
	       tcgetattr(fd, &modes) == 0 && (modes.c_lflag & ICANON);
}

bool file_user_path(const char *variable, const char *fallback, const char *name, struct buf *out)
{
	const char *dir = getenv(variable), *home = getenv("HOME");
	if (dir && dir[0] == '/')
		return buf_addf(out, "%s/%s", dir, name);
	return home && home[0] == '/' && buf_addf(out, "%s/%s/%s", home, fallback, name);
}

bool file_read(int fd, size_t max, struct buf *out)
{
	for (;;) {
		char *space = buf_reserve(out, PIECE);
		if (!space || out->len > max) {
			errno = EFBIG;
			return false;
		}
		/* No more than it takes to know that it is too much. */
		size_t ask = out->cap - out->len;
		if (ask > max - out->len)
			ask = max - out->len + 1;
		ssize_t n = read(fd, space, ask);
		if (n < 0 && errno != EINTR)
			return false;
		if (n == 0)
			return true;
		if (n > 0 && file_cut_by_terminal(fd, slice_of(space, (size_t)n))) {
			errno = EMSGSIZE;
			return false;
		}
		out->len += n > 0 ? (size_t)n : 0;
	}
}

/* Whether ST, from lstat(2), is a link or a fifo that another user may have put there. */
static bool is_planted(const struct stat *st)
{
	return (S_ISLNK(st->st_mode) || S_ISFIFO(st->st_mode)) && st->st_uid != geteuid() &&
	       st->st_uid != 0;
}

void file_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

bool file_check_name(struct slice path, struct error *error)
{
	if (path.len > 0 && !memchr(path.data, '\0', path.len))
		return true;
	return error_set(error, "no file has such a name",
	                 path.len ? "a NUL byte is in the name of the file"
	                          : "the name of the file is empty");
}

int file_open(const char *path, int how, mode_t mode)
{
	struct stat st;
	bool there = lstat(path, &st) == 0;
	if (there && is_planted(&st)) {
		errno = EPERM;
		return -1;
	}
	/* What became a link since then is refused: ELOOP. */
	if (!there || !S_ISLNK(st.st_mode))
		how |= O_NOFOLLOW;
	return open(path, how | O_CLOEXEC, mode);
}

/* What FD's file will replace gives it its mode and, where that is allowed, its owner. A group that
 * cannot be given gets no rights. */
static bool take_mode(int fd, const struct stat *old)
{
	struct stat st;
	mode_t mode = old->st_mode & 07777;
	if (fstat(fd, &st) != 0)
		return false;
	if (st.st_gid != old->st_gid && fchown(fd, (uid_t)-1, old->st_gid) != 0)
		mode &= ~(mode_t)(S_ISGID | S_IRWXG);
	if (st.st_uid != old->st_uid && fchown(fd, old->st_uid, (gid_t)-1) != 0)
		mode &= ~(mode_t)S_ISUID;
	return fchmod(fd, mode) == 0;
}

/* Those that have a temporary name: a signal handler and the end of memory reach no object. */
static struct file_draft *volatile under_way;

static void forget(const struct file_draft *f)
{
	struct file_draft *d = under_way;
	if (d == f)
		under_way = f->next;
	for (; d; d = d->next) {
		if (d->next == f)
			d->next = f->next;
	}
}

void file_drafts_end(void)
{
	for (const struct file_draft *f = under_way; f; f = f->next) {
		if (f->part.len > 0)
			(void)rename(f->name.data, f->part.data);
		else
			(void)unlink(f->name.data);
	}
}

bool file_draft_open(struct file_draft *f, const char *path, const char *suffix)
{
	struct stat st;
	*f = (struct file_draft){.fd = -1};
	if (lstat(path, &st) == 0 && is_planted(&st)) {
		errno = EPERM;
		return false;
	}
	char *target = realpath(path, NULL); /* NULL: it is not there yet */
	buf_add_str(&f->path, target ? target : path);
	buf_cstr(&f->path);
	buf_addf(&f->name, "%s.XXXXXX%s", f->path.data, suffix);
	buf_cstr(&f->name);
	if (*suffix) {
		buf_addf(&f->part, "%s%s", f->path.data, suffix);
		buf_cstr(&f->part);
	}
	f->replaces = target && stat(target, &st) == 0;
	free(target);
	f->fd = mkostemps(f->name.data, (int)strlen(suffix), O_CLOEXEC);
	if (f->fd >= 0) {
		f->next = under_way;
		under_way = f;
	}
	if (f->fd >= 0 && (!f->replaces || take_mode(f->fd, &st)))
		return true;
	int saved = errno;
	file_draft_drop(f);
	file_draft_release(f);
	errno = saved;
	return false;
}

void file_draft_begin_sync(const struct file_draft *f, off_t from)
{
#ifdef SYNC_FILE_RANGE_WRITE
	(void)sync_file_range(f->fd, from, 0, SYNC_FILE_RANGE_WRITE);
#else
	(void)f, (void)from;
#endif
}

/* A name is on the disk when its directory is. Not every file system can be asked for it. */
static void sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf name = BUF_INIT;
	buf_add(&name, path, slash ? (size_t)(slash - path) + 1 : 0);
	int fd = open(slash ? buf_cstr(&name) : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	buf_release(&name);
}

/* What an open file gets when it is made: umask(2) can only be asked by being set. */
static mode_t usual_mode(void)
{
	mode_t mask = umask(077);
	umask(mask);
	return 0666 & ~mask;
}

/* Closes and renames to TO, unless FAILED says already why not (an errno). */
static bool settle(struct file_draft *f, struct buf *to, int failed)
{
	if (close(f->fd) != 0 && !failed)
		failed = errno;
	f->fd = -1;
	if (!failed && rename(buf_cstr(&f->name), buf_cstr(to)) != 0)
		failed = errno;
	forget(f);
	if (!failed) {
		sync_directory(buf_cstr(to));
		buf_clear(&f->name);
		buf_add_slice(&f->name, buf_slice(to));
	}
	errno = failed;
	return !failed;
}

bool file_draft_finish(struct file_draft *f)
{
	bool good = (f->replaces || fchmod(f->fd, usual_mode()) == 0) && fsync(f->fd) == 0;
	return settle(f, &f->path, good ? 0 : errno);
}

bool file_draft_keep(struct file_draft *f)
{
	(void)fsync(f->fd); /* what the disk has space for */
	return settle(f, &f->part, 0);
}

void file_draft_drop(struct file_draft *f)
{
	file_close(&f->fd);
	forget(f);
	if (f->name.len > 0 && !slice_eq(buf_slice(&f->name), buf_slice(&f->path)))
		(void)unlink(buf_cstr(&f->name));
	buf_clear(&f->name);
}

void file_draft_release(struct file_draft *f)
{
	file_close(&f->fd);
	forget(f);
	buf_release(&f->path);
	buf_release(&f->name);
	buf_release(&f->part);
}
