#include "base/spill.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* In memory and in the file a record follows its length. A block in the file, which is the
 * tail of one moment, follows its own. */
typedef uint32_t length_t;

void spill_init(struct spill *s, size_t block)
{
	*s = (struct spill){.block = block, .fd = -1};
}

void spill_release(struct spill *s)
{
	buf_release(&s->head);
	buf_release(&s->tail);
	file_close(&s->fd);
}

static bool fail(struct error *error, const char *doing)
{
	return error_set(error, "is there room where $TMPDIR is (/tmp unless set)?",
	                 "%s the temporary file: %s", doing, strerror(errno));
}

static bool make_file(struct spill *s, struct error *error)
{
	const char *dir = getenv("TMPDIR");
	struct buf name = BUF_INIT;
	buf_addf(&name, "%s/mcsh-XXXXXX", dir && *dir ? dir : "/tmp");
	buf_cstr(&name);
	s->fd = mkostemp(name.data, O_CLOEXEC);
	if (s->fd >= 0)
		unlink(name.data);
	buf_release(&name);
	return s->fd >= 0 || fail(error, "cannot make");
}

static bool write_at(int fd, const char *data, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t done = pwrite(fd, data, n, at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		data += done;
		at += done;
		n -= (size_t)done;
	}
	return true;
}

static bool read_at(int fd, char *data, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t done = pread(fd, data, n, at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done == 0)
			errno = EIO;
		if (done <= 0)
			return false;
		data += done;
		at += done;
		n -= (size_t)done;
	}
	return true;
}

/* The tail becomes a block of the file. */
static bool move_out(struct spill *s, struct error *error)
{
	length_t length = (length_t)s->tail.len;
	if (s->fd < 0 && !make_file(s, error))
		return false;
	if (!write_at(s->fd, (const char *)&length, sizeof(length), s->written) ||
	    !write_at(s->fd, s->tail.data, length, s->written + (off_t)sizeof(length)))
		return fail(error, "cannot write");
	s->written += (off_t)sizeof(length) + (off_t)length;
	buf_clear(&s->tail);
	return true;
}

/* The first block of the file becomes the head. A file that has been read starts again. */
static bool move_in(struct spill *s, struct error *error)
{
	length_t length;
	buf_clear(&s->head);
	s->taken = 0;
	if (!read_at(s->fd, (char *)&length, sizeof(length), s->read))
		return fail(error, "cannot read");
	char *space = buf_reserve(&s->head, length);
	if (!space || !read_at(s->fd, space, length, s->read + (off_t)sizeof(length)))
		return fail(error, "cannot read");
	s->head.len = length;
	s->read += (off_t)sizeof(length) + (off_t)length;
	if (s->read == s->written)
		s->read = s->written = 0;
	return true;
}

/* The tail becomes the head, which is used up. */
static bool swap_blocks(struct spill *s)
{
	struct buf empty = s->head;
	buf_clear(&empty);
	s->head = s->tail;
	s->tail = empty;
	s->taken = 0;
	return true;
}

bool spill_add(struct spill *s, struct slice record, struct error *error)
{
	length_t length = (length_t)record.len;
	if (s->tail.len + sizeof(length) + record.len > s->block) {
		bool queued = s->taken < s->head.len || s->read < s->written;
		if (queued ? !move_out(s, error) : !swap_blocks(s))
			return false;
	}
	buf_add(&s->tail, &length, sizeof(length));
	buf_add_slice(&s->tail, record);
	s->count++;
	return true;
}

bool spill_take(struct spill *s, struct slice *record, struct error *error)
{
	*record = (struct slice){0};
	if (s->count == 0)
		return true;
	if (s->taken == s->head.len && !(s->read < s->written ? move_in(s, error) : swap_blocks(s)))
		return false;
	length_t length;
	memcpy(&length, s->head.data + s->taken, sizeof(length));
	*record = slice_of(s->head.data + s->taken + sizeof(length), length);
	s->taken += sizeof(length) + length;
	s->count--;
	return true;
}
