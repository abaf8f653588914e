/*
 * Files of any size, written and read through bounded memory, as gzip where that is wanted.
 */
#ifndef SHELL_IO_BULK_FILE_H
#define SHELL_IO_BULK_FILE_H

#include "base/file.h"
#include "base/zip.h"
#include "client/wait.h"
#include "shell/session.h"

#include <poll.h>

/* What is written has its name only once it is whole: until then it is NAME.XXXXXX.part, and what
 * does not become whole ends as NAME.part. A file that is replaced leaves its mode to the new one,
 * and of a symbolic link it is what it leads to. A pipe, a terminal and the like are written as
 * they are. */
struct bulk_out {
	struct buf text; /* what is to be written; add to it */
	struct buf packed;
	size_t done; /* of what is being written */
	struct zip_writer *zip;
	int fd;
	struct output *output;   /* where the session's results go, through which it has to */
	bool waits;              /* FD may not be writable: a pipe, a terminal, a socket */
	int failed;              /* errno of what went wrong */
	bool named;              /* it is none of the session's output */
	struct file_draft draft; /* draft.fd is -1 where FD is written as it is */
	uint64_t written;        /* bytes that went into the file */
};

/* One that was not opened can be released. */
#define BULK_OUT_INIT                                                                              \
	{                                                                                          \
		.fd = -1, .draft.fd = -1                                                           \
	}

/* PATH "-" is where the session's results go. A name in .gz is compressed. On false ERROR says why
 * it cannot be had. */
bool bulk_out_open(struct bulk_out *o, struct session *s, struct slice path, struct error *error);

/* Where more can be added at once, -1; else the descriptor that has to become writable first. */
int bulk_out_full(const struct bulk_out *o);

/* Writes what can be written without waiting, for files everything that has gathered. False when
 * it cannot be written: see `failed`. */
bool bulk_out_drain(struct bulk_out *o);

/* The same however little has gathered: for what is to be seen as it comes. */
bool bulk_out_show(struct bulk_out *o);

enum bulk_end {
	BULK_WHOLE,   /* the file gets its name */
	BULK_PART,    /* it becomes NAME.part */
	BULK_NOTHING, /* it is removed */
};

/* Writes the rest and closes. False when that failed: then nothing is whole. Releases nothing yet.
 */
bool bulk_out_close(struct bulk_out *o, enum bulk_end end);
/* Where what is not whole is, after that; NULL: nowhere. */
const char *bulk_out_part(struct bulk_out *o);
/* Of one that is zeroed, too. */
void bulk_out_release(struct bulk_out *o);

/* The descriptors that are waited for beside connections. */
enum {
	BULK_WAIT_OUT,
	BULK_WAIT_WAKE,
	BULK_WAIT_OTHERS,
};

/* A round's wait of SET, which has these and was prepared: for its connections, where WAITING of
 * them wait, for OUT (NULL: none) to take what it holds, and for WAKE_FD; until UNTIL and for 100
 * ms at the most, so that what is shown goes on. False: WAKE_FD is ready. */
bool bulk_wait(struct wait_set *set, size_t waiting, const struct bulk_out *out, int wake_fd,
               int64_t until);
/* What OUT (NULL: none) learns of it: a reader that has gone is a failure, EPIPE, although nothing
 * was to be written. */
void bulk_waited(struct wait_set *set, struct bulk_out *out);

struct bulk_in {
	struct buf text; /* bytes from `taken` on are there to be read */
	size_t taken;
	struct buf raw; /* as the file has it, before it is expanded */
	size_t raw_taken;
	struct zip_reader *zip;
	enum zip_result damage; /* of the gzip file, found after what is in the text */
	int fd;
	bool ended, begun;
	uint64_t offset; /* bytes of the file that were read */
	uint64_t size;   /* of the whole; 0: not known */
	struct buf name;
};

/* PATH "-" is standard input. On false ERROR says why it cannot be read. */
bool bulk_in_open(struct bulk_in *in, struct session *s, struct slice path, struct error *error);
void bulk_in_release(struct bulk_in *in);

/* What is there to be read, borrowed until the next bulk_in_more. */
static inline struct slice bulk_in_bytes(const struct bulk_in *in)
{
	return slice_skip(buf_slice(&in->text), in->taken);
}
static inline void bulk_in_take(struct bulk_in *in, size_t n)
{
	in->taken += n;
}

/* Reads on, so that there is more than before, or `ended` is set. False when it cannot be read or
 * expanded, when there would be more than MAX bytes at once, and when Ctrl-C came. */
bool bulk_in_more(struct bulk_in *in, size_t max, struct error *error);

#endif
