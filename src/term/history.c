#include "term/history.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct history {
	char *path; /* NULL when nothing is written */
	/* Oldest first; each is allocated by itself. SECRET ones are in here as well. */
	struct entry {
		char *data;
		size_t len;
		bool secret;
	} * entries;
	size_t count, cap;
};

/* What reading the file found, besides the entries. */
struct load {
	size_t dropped; /* lines that were repeated or too old */
	size_t foreign; /* lines that are not of our format */
	bool cut;       /* the file is larger than what is looked at */
};

static void warn(struct error *warning, const char *path, const char *doing)
{
	error_set(warning, "check the file and its directory, or name another in MCSH_HISTFILE",
	          "cannot %s the history %s: %s; it is kept in memory only", doing, path,
	          strerror(errno));
}

static bool keep(struct slice entry)
{
	return entry.len > 0 && entry.len <= HISTORY_ENTRY_MAX && entry.data[0] != ' ' &&
	       entry.data[0] != '\t' && !memchr(entry.data, '\0', entry.len);
}

static void add_escaped(struct buf *out, struct slice entry)
{
	for (size_t i = 0; i < entry.len; i++) {
		if (entry.data[i] == '\\')
			buf_add_str(out, "\\\\");
		else if (entry.data[i] == '\n')
			buf_add_str(out, "\\n");
		else
			buf_add_char(out, entry.data[i]);
	}
	buf_add_char(out, '\n');
}

/* False when LINE is not one of ours. */
static bool add_unescaped(struct buf *out, struct slice line)
{
	buf_clear(out);
	for (size_t i = 0; i < line.len; i++) {
		char c = line.data[i];
		if (c == '\\') {
			if (++i == line.len || (line.data[i] != '\\' && line.data[i] != 'n'))
				return false;
			c = line.data[i] == 'n' ? '\n' : '\\';
		}
		if (!buf_add_char(out, c))
			return false;
	}
	return keep(buf_slice(out));
}

/* mkdir -p for the directory of PATH; those made are for the user alone. */
static void make_parents(const char *path)
{
	char *copy = xstrdup(path);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(copy, 0700); /* a real trouble shows when the file is opened */
		*slash = '/';
	}
	free(copy);
}

/* Opens PATH for reading and appending, with mode 0600 and an exclusive lock. Another session may
 * replace the file by a rewritten one while this one waits for the lock, so it is opened until the
 * name and the descriptor mean the same file. -1 with errno. */
static int open_locked(const char *path)
{
	for (;;) {
		int fd = file_open(path, O_RDWR | O_APPEND | O_CREAT | O_NOCTTY | O_NONBLOCK, 0600);
		if (fd < 0)
			return -1;
		struct stat opened, named;
		if (fstat(fd, &opened) == 0 && S_ISREG(opened.st_mode)) {
			while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
				;
			if (stat(path, &named) != 0 || named.st_ino != opened.st_ino ||
			    named.st_dev != opened.st_dev) {
				close(fd);
				continue;
			}
			/* A file of another owner cannot be narrowed; its owner chose. */
			if (opened.st_mode & 0077)
				(void)fchmod(fd, 0600);
			return fd;
		}
		close(fd);
		errno = EINVAL;
		return -1;
	}
}

/* The last HISTORY_FILE_MAX bytes of the file, from the beginning of a line. */
static bool read_tail(int fd, struct buf *text, struct load *load)
{
	off_t size = lseek(fd, 0, SEEK_END);
	if (size < 0)
		return false;
	size_t want = (size_t)size;
	if (want > HISTORY_FILE_MAX) {
		want = HISTORY_FILE_MAX;
		load->cut = true;
	}
	if (lseek(fd, size - (off_t)want, SEEK_SET) < 0)
		return false;
	char *space = buf_reserve(text, want);
	while (text->len < want) {
		ssize_t n = read(fd, space + text->len, want - text->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
		text->len += (size_t)n;
	}
	if (load->cut)
		buf_drop(text, slice_before(buf_slice(text), '\n').len + 1);
	return true;
}

/* A set of entries, by their index plus one; open addressing, at most half full. */
#define SET_SLOTS ((size_t)1 << 15)
_Static_assert(HISTORY_ENTRIES_MAX * 2 < SET_SLOTS, "the set must stay half empty");

/* Puts the entry in the set, to be found as ID, and says whether it was new. */
static bool set_add(uint16_t *set, const struct history *h, struct slice entry, size_t id)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	for (size_t i = 0; i < entry.len; i++)
		hash = (hash ^ (unsigned char)entry.data[i]) * 16777619u;
	for (size_t slot = hash % SET_SLOTS;; slot = (slot + 1) % SET_SLOTS) {
		if (set[slot] == 0) {
			set[slot] = (uint16_t)(id + 1);
			return true;
		}
		const struct entry *other = &h->entries[set[slot] - 1];
		if (slice_eq(slice_of(other->data, other->len), entry))
			return false;
	}
}

static void push(struct history *h, struct slice entry, bool secret)
{
	h->entries = xgrow(h->entries, &h->cap, h->count + 1, sizeof(*h->entries));
	h->entries[h->count++] = (struct entry){xmemdup0(entry.data, entry.len), entry.len, secret};
}

/* Takes the entries out of TEXT from its end, so that of equal ones the newest stays. */
static void parse(struct history *h, struct slice text, struct load *load)
{
	uint16_t *set = xcalloc(SET_SLOTS, sizeof(*set));
	struct buf entry;
	buf_init(&entry, HISTORY_ENTRY_MAX);
	while (text.len > 0) {
		size_t end = text.len - (text.data[text.len - 1] == '\n');
		const char *before = end ? memrchr(text.data, '\n', end) : NULL;
		size_t start = before ? (size_t)(before - text.data) + 1 : 0;
		struct slice line = slice_of(text.data + start, end - start);
		text.len = start;
		if (line.len == 0)
			continue;
		if (!add_unescaped(&entry, line))
			load->foreign++;
		else if (h->count < HISTORY_ENTRIES_MAX &&
		         set_add(set, h, buf_slice(&entry), h->count))
			push(h, buf_slice(&entry), false);
		else
			load->dropped++;
	}
	for (size_t i = 0; i < h->count / 2; i++) {
		struct entry swapped = h->entries[i];
		h->entries[i] = h->entries[h->count - 1 - i];
		h->entries[h->count - 1 - i] = swapped;
	}
	buf_release(&entry);
	free(set);
}

/* Replaces the file by one with just the entries in memory. When that fails the old one stays as it
 * is, which harms nobody. */
static void rewrite(const struct history *h)
{
	struct file_draft draft;
	struct buf text = BUF_INIT;
	for (size_t i = 0; i < h->count; i++)
		add_escaped(&text, slice_of(h->entries[i].data, h->entries[i].len));
	if (file_draft_open(&draft, h->path, "")) {
		if (text.full || !file_write(draft.fd, buf_slice(&text)) ||
		    !file_draft_finish(&draft))
			file_draft_drop(&draft);
		file_draft_release(&draft);
	}
	buf_release(&text);
}

static bool load_file(struct history *h)
{
	struct buf text = BUF_INIT;
	struct load load = {0};
	make_parents(h->path);
	int fd = open_locked(h->path);
	if (fd < 0)
		return false;
	bool good = read_tail(fd, &text, &load);
	if (good) {
		parse(h, buf_slice(&text), &load);
		if (load.cut || (load.foreign == 0 && load.dropped > HISTORY_SLACK))
			rewrite(h);
	}
	int saved = errno;
	close(fd);
	errno = saved;
	buf_release(&text);
	return good;
}

struct history *history_new(const char *path, struct error *warning)
{
	error_clear(warning);
	struct history *h = xcalloc(1, sizeof(*h));
	if (!path || !*path || strcmp(path, "/dev/null") == 0)
		return h;
	h->path = xstrdup(path);
	if (!load_file(h)) {
		warn(warning, path, "use");
		free(h->path);
		h->path = NULL;
	}
	return h;
}

void history_free(struct history *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->count; i++)
		free(h->entries[i].data);
	free(h->entries);
	free(h->path);
	free(h);
}

static void drop(struct history *h, size_t index)
{
	free(h->entries[index].data);
	h->count--;
	memmove(&h->entries[index], &h->entries[index + 1],
	        (h->count - index) * sizeof(*h->entries));
}

/* One write(2), so that even without the lock a line would not be torn. A last line without its
 * line feed, as a full disk leaves it, is ended first. */
static bool append(const char *path, struct slice entry)
{
	int fd = open_locked(path);
	if (fd < 0)
		return false;
	struct buf line = BUF_INIT;
	char last = '\n';
	off_t size = lseek(fd, 0, SEEK_END);
	if (size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n')
		buf_add_char(&line, '\n');
	add_escaped(&line, entry);
	bool good = file_write(fd, buf_slice(&line));
	int saved = errno;
	if (close(fd) != 0 && good) {
		good = false;
		saved = errno;
	}
	buf_release(&line);
	errno = saved;
	return good;
}

bool history_add(struct history *h, struct slice entry, bool secret, struct error *warning)
{
	error_clear(warning);
	if (!keep(entry))
		return true;
	for (size_t i = h->count; i-- > 0;) {
		const struct entry *old = &h->entries[i];
		if (!slice_eq(slice_of(old->data, old->len), entry))
			continue;
		/* The newest again: the file has it already, unless it was a secret until now. */
		if (i + 1 == h->count && old->secret == secret)
			return true;
		drop(h, i);
		break;
	}
	if (h->count == HISTORY_ENTRIES_MAX)
		drop(h, 0);
	push(h, entry, secret);
	if (secret || !h->path || append(h->path, entry))
		return true;
	warn(warning, h->path, "write");
	free(h->path);
	h->path = NULL;
	return false;
}

size_t history_count(const struct history *h)
{
	return h->count;
}

struct slice history_get(const struct history *h, size_t back)
{
	const struct entry *entry = &h->entries[h->count - 1 - back];
	return slice_of(entry->data, entry->len);
}

/* The last place of PATTERN in TEXT. */
static bool find_last(struct slice text, struct slice pattern, size_t *at)
{
	if (pattern.len > text.len)
		return false;
	for (size_t i = text.len - pattern.len + 1; i-- > 0;) {
		if (memcmp(text.data + i, pattern.data, pattern.len) == 0) {
			*at = i;
			return true;
		}
	}
	return false;
}

bool history_find(const struct history *h, struct slice pattern, size_t back, bool newer,
                  size_t *found, size_t *at)
{
	if (pattern.len == 0)
		return false;
	/* Going newer, the step from 0 wraps to SIZE_MAX, which ends the loop as well. */
	for (size_t i = back; i < h->count; i = newer ? i - 1 : i + 1) {
		if (find_last(history_get(h, i), pattern, at)) {
			*found = i;
			return true;
		}
	}
	return false;
}
