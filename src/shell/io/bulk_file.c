#include "shell/io/bulk_file.h"

#include "base/deadline.h"
#include "base/file.h"
#include "shell/io/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

/* Written once this many bytes have gathered; what may have is full at four times as many. */
#define BLOCK ((size_t)64 * 1024)

#define TICK_NS ((int64_t)100 * NSEC_PER_MSEC)

/* The disk begins to write a file in pieces of so many bytes, and is not left with all of it at the
 * end.
 */
#define SYNC_BYTES ((size_t)8 * 1024 * 1024)

static bool is_packed(struct slice path)
{
	return path.len > 3 && slice_ends(path, SLICE(".gz"));
}

/* Opens a name that is not there, or is a plain file, as a draft, and all else as it is. */
static bool open_file(struct bulk_out *o, struct slice path, struct error *error)
{
	struct stat st;
	struct buf text = BUF_INIT;
	buf_add_slice(&text, path);
	const char *name = buf_cstr(&text);
	if (stat(name, &st) != 0 || S_ISREG(st.st_mode)) {
		if (file_draft_open(&o->draft, name, ".part"))
			o->fd = o->draft.fd;
	} else {
		do
			o->fd = file_open(name, O_WRONLY | O_NOCTTY, 0);
		while (o->fd < 0 && errno == EINTR && !interrupt_pending());
	}
	if (o->fd < 0)
		error_set(error, "nothing was dumped; check the path and its rights",
		          "cannot write \"%s\": %s", name, strerror(errno));
	buf_release(&text);
	return o->fd >= 0;
}

bool bulk_out_open(struct bulk_out *o, struct session *s, struct slice path, struct error *error)
{
	struct stat st;
	*o = (struct bulk_out)BULK_OUT_INIT;
	if (!file_check_name(path, error))
		return false;
	if (slice_eq(path, SLICE("-"))) {
		output_flush(&s->output);
		o->fd = s->output.fd;
		o->output = &s->output;
	} else {
		o->named = true;
		if (!open_file(o, path, error))
			return false;
	}
	o->waits = fstat(o->fd, &st) != 0 || !S_ISREG(st.st_mode);
	if (is_packed(path))
		o->zip = zip_writer_new();
	return true;
}

/* What is on its way into the file. */
static struct buf *outgoing(struct bulk_out *o)
{
	return o->zip ? &o->packed : &o->text;
}

int bulk_out_full(const struct bulk_out *o)
{
	size_t waiting = o->text.len + o->packed.len - o->done;
	return o->waits && waiting > 4 * BLOCK ? o->fd : -1;
}

/* Writes some of PIECE; the number of bytes, or -1 with errno. */
static ssize_t write_piece(struct bulk_out *o, struct slice piece)
{
	if (!o->output)
		return write(o->fd, piece.data, piece.len);
	buf_add_slice(&o->output->results, piece);
	if (output_flush(o->output))
		return (ssize_t)piece.len;
	errno = o->output->failed;
	return -1;
}

/* N more bytes are written. */
static void count_written(struct bulk_out *o, size_t n)
{
	uint64_t from = o->written - o->written % SYNC_BYTES;
	o->done += n;
	o->written += n;
	if (o->draft.fd >= 0 && o->written - from >= SYNC_BYTES)
		file_draft_begin_sync(&o->draft, (off_t)from);
}

/* Writes what stands in outgoing; with WAIT all of it. */
static bool write_out(struct bulk_out *o, bool wait)
{
	struct buf *from = outgoing(o);
	while (o->done < from->len && !o->failed) {
		size_t left = from->len - o->done;
		if (o->waits && !(wait ? interrupt_wait(o->fd, POLLOUT, DEADLINE_NEVER)
		                       : file_is_writable(o->fd))) {
			o->failed = wait ? EINTR : 0;
			return !wait;
		}
		if (o->waits && left > FILE_PIPE_STEP)
			left = FILE_PIPE_STEP;
		ssize_t n = write_piece(o, slice_of(from->data + o->done, left));
		if (n < 0 && errno == EINTR && !interrupt_pending())
			continue;
		if (n < 0) {
			o->failed = errno;
			break;
		}
		count_written(o, (size_t)n);
	}
	if (o->done == from->len) {
		buf_clear(from);
		o->done = 0;
	}
	return !o->failed;
}

bool bulk_out_drain(struct bulk_out *o)
{
	if (o->zip && o->text.len >= BLOCK && o->packed.len < BLOCK) {
		zip_writer_add(o->zip, buf_slice(&o->text), false, &o->packed);
		buf_clear(&o->text);
	}
	return !o->failed && (outgoing(o)->len < BLOCK || write_out(o, false));
}

bool bulk_out_show(struct bulk_out *o)
{
	return !o->failed && write_out(o, false);
}

bool bulk_wait(struct wait_set *set, size_t waiting, const struct bulk_out *out, int wake_fd,
               int64_t until)
{
	struct pollfd file = {.fd = out && out->waits ? out->fd : -1,
	                      .events = out && out->text.len > 0 ? POLLOUT : 0};
	until = deadline_min(deadline_min(set->deadline, until), clock_now() + TICK_NS);
	*wait_other(set, BULK_WAIT_OUT) = file;
	*wait_other(set, BULK_WAIT_WAKE) = (struct pollfd){.fd = wake_fd, .events = POLLIN};
	if (waiting > 0 || (file.fd >= 0 && file.events))
		wait_poll(set, deadline_poll_ms(until));
	else
		set->now = clock_now();
	return wait_other(set, BULK_WAIT_WAKE)->revents == 0;
}

void bulk_waited(struct wait_set *set, struct bulk_out *out)
{
	short found = wait_other(set, BULK_WAIT_OUT)->revents;
	if (out && found & (POLLERR | POLLNVAL) && !out->failed)
		out->failed = EPIPE;
}

bool bulk_out_close(struct bulk_out *o, enum bulk_end end)
{
	if (o->zip && !o->failed) {
		zip_writer_add(o->zip, buf_slice(&o->text), true, &o->packed);
		buf_clear(&o->text);
	}
	write_out(o, true);
	if (!o->named)
		return !o->failed;
	bool good = true;
	if (o->draft.fd < 0)
		good = close(o->fd) == 0;
	else if (end == BULK_NOTHING)
		file_draft_drop(&o->draft);
	else if (end == BULK_WHOLE && !o->failed)
		good = file_draft_finish(&o->draft);
	else
		good = file_draft_keep(&o->draft);
	if (!good && !o->failed)
		o->failed = errno;
	o->fd = -1;
	return !o->failed;
}

const char *bulk_out_part(struct bulk_out *o)
{
	struct slice name = buf_slice(&o->draft.name);
	return name.len == 0 || slice_eq(name, buf_slice(&o->draft.path))
	           ? NULL
	           : buf_cstr(&o->draft.name);
}

void bulk_out_release(struct bulk_out *o)
{
	if (o->fd >= 0 && o->named && o->draft.fd < 0)
		close(o->fd);
	if (o->named) /* the draft of one that was never opened has no descriptor */
		file_draft_release(&o->draft);
	zip_writer_free(o->zip);
	buf_release(&o->text);
	buf_release(&o->packed);
}

bool bulk_in_open(struct bulk_in *in, struct session *s, struct slice path, struct error *error)
{
	struct stat st;
	bool is_stdin = slice_eq(path, SLICE("-"));
	*in = (struct bulk_in){.fd = -1};
	if (!file_check_name(path, error))
		return false;
	if (is_stdin && input_is_stdin(s->input))
		return error_set(error, "name a file, or give the command by -c",
		                 "standard input is where the commands come from");
	buf_add_slice(&in->name, path);
	do
		in->fd = is_stdin ? STDIN_FILENO
		                  : open(buf_cstr(&in->name), O_RDONLY | O_CLOEXEC | O_NOCTTY);
	while (in->fd < 0 && errno == EINTR && !interrupt_pending());
	if (in->fd >= 0 && fstat(in->fd, &st) == 0 && S_ISDIR(st.st_mode))
		errno = EISDIR;
	else if (in->fd >= 0) {
		in->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
		return true;
	}
	return error_set(error, "check the path and its rights", "cannot read \"%s\": %s",
	                 buf_cstr(&in->name), strerror(errno));
}

void bulk_in_release(struct bulk_in *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	zip_reader_free(in->zip);
	buf_release(&in->text);
	buf_release(&in->raw);
	buf_release(&in->name);
}

/* Reads a block of the file after what OUT holds. */
static bool read_block(struct bulk_in *in, struct buf *out, struct error *error)
{
	char *space = buf_reserve(out, BLOCK);
	ssize_t n;
	if (!space)
		return error_set(error, NULL, "a record is too large");
	do
		n = read(in->fd, space, BLOCK);
	while (n < 0 && errno == EINTR && !interrupt_pending());
	if (n < 0) {
		if (errno == EINTR)
			error_set(error, NULL, "interrupted");
		else
			error_set(error, "what came before was loaded", "cannot read \"%s\": %s",
			          buf_cstr(&in->name), strerror(errno));
		return false;
	}
	if (file_cut_by_terminal(in->fd, slice_of(space, (size_t)n)))
		return error_set(error, FILE_TERMINAL_HINT, "the terminal cuts a line at %d bytes",
		                 FILE_TERMINAL_LINE_MAX);
	out->len += (size_t)n;
	in->offset += (uint64_t)n;
	in->ended = n == 0;
	return true;
}

static bool report_damage(const struct bulk_in *in, struct error *error)
{
	return error_set(error, "what came before was loaded", "the gzip file is %s",
	                 in->damage == ZIP_TRUNCATED ? "cut short" : "damaged");
}

/* Expands what was read into the text, reading on until something comes out. What came out before
 * a damage is good: the next call reports the damage. */
static bool expand_more(struct bulk_in *in, struct error *error)
{
	size_t made = 0;
	if (in->damage != ZIP_OK)
		return report_damage(in, error);
	while (made == 0) {
		struct slice raw = slice_skip(buf_slice(&in->raw), in->raw_taken);
		char *space = buf_reserve(&in->text, BLOCK);
		if (!space)
			return error_set(error, NULL, "a record is too large");
		enum zip_result result = zip_reader_take(in->zip, &raw, space, BLOCK, &made);
		in->text.len += made;
		in->raw_taken = in->raw.len - raw.len;
		if (result != ZIP_OK || (made == 0 && in->ended)) {
			if (result == ZIP_OK && zip_reader_at_end(in->zip))
				return true;
			in->damage = result == ZIP_OK ? ZIP_TRUNCATED : result;
			if (made == 0)
				return report_damage(in, error);
		}
		if (made > 0)
			break;
		buf_drop(&in->raw, in->raw_taken);
		in->raw_taken = 0;
		if (!read_block(in, &in->raw, error))
			return false;
	}
	in->ended = false; /* the file may have, the text has not */
	return true;
}

/* The first block says whether it is gzip. */
static bool begin(struct bulk_in *in, struct error *error)
{
	in->begun = true;
	while (in->text.len < 3 && !in->ended) {
		if (!read_block(in, &in->text, error))
			return false;
	}
	if (!zip_looks_like_gzip(buf_slice(&in->text)))
		return true;
	in->zip = zip_reader_new();
	in->raw = in->text;
	buf_init(&in->text, 0);
	in->ended = false;
	return expand_more(in, error);
}

bool bulk_in_more(struct bulk_in *in, size_t max, struct error *error)
{
	if (interrupt_pending())
		return error_set(error, NULL, "interrupted");
	if (!in->begun)
		return begin(in, error);
	if (in->taken > 0) {
		buf_drop(&in->text, in->taken);
		in->taken = 0;
	}
	if (in->text.len > max)
		return error_set(error,
		                 "is it another kind of file? --as names its format; .set "
		                 "max_record raises the limit",
		                 "a record is longer than %zu bytes", max);
	return in->zip ? expand_more(in, error) : read_block(in, &in->text, error);
}
