/*
 * Files. Descriptors are read and written whole: a call that a signal interrupts, or that does a
 * part, is made again. What others may have put at a name, in a directory that they can write to,
 * is not followed.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/status.h"

#include <sys/types.h>

/* Writes all of BYTES, and waits where FD takes none at once. False: errno says why not. */
bool file_write(int fd, struct slice bytes);

/* Whether FD takes bytes at once, a pipe FILE_PIPE_STEP of them (PIPE_BUF on Linux). */
bool file_is_writable(int fd);
#define FILE_PIPE_STEP ((size_t)4096)

/* The longest line that a terminal hands over while it edits lines itself (canonical mode): of a
 * longer one it keeps the beginning and the line end, and says nothing. */
#define FILE_TERMINAL_LINE_MAX 4095

/* What to do about a line that file_cut_by_terminal finds. */
#define FILE_TERMINAL_HINT "paste it at a prompt with editing, or read it from a file or a pipe"

/* True when BYTES, just read from FD by one call, are a line that a terminal has cut, or one as
 * long as what it leaves of a longer one. */
bool file_cut_by_terminal(int fd, struct slice bytes);

/* Adds to OUT the path of the user's file NAME: in the directory of the environment's VARIABLE,
 * else in FALLBACK below the home directory. False without a home, too. */
bool file_user_path(const char *variable, const char *fallback, const char *name, struct buf *out);

/* Adds all that is left to read to OUT, which then has at most MAX bytes. False: errno says why
 * not, EFBIG that there is more, EMSGSIZE that a terminal has cut a line. */
bool file_read(int fd, size_t max, struct buf *out);

/* Closes *FD, unless it is -1, which it is then. */
void file_close(int *fd);

/* Whether a file can have the name PATH. On false ERROR says why not. */
bool file_check_name(struct slice path, struct error *error);

/* Opens PATH as open(2) does with HOW, close-on-exec; a file that is made has MODE. A symbolic link
 * or a fifo at PATH that belongs to another user than this one and root is refused. -1: errno says
 * why not, EPERM that it was refused. */
int file_open(const char *path, int how, mode_t mode);

/*
 * A file that takes PATH's place once it is whole. Until then it stands beside it under a name that
 * nothing else has, PATH.XXXXXX and a suffix, readable to its owner alone, or to whom the file that
 * it will replace is readable.
 */
struct file_draft {
	int fd;          /* write here; -1: there is none */
	struct buf path; /* that the file will have: of a symbolic link, what it leads to */
	struct buf name; /* that it has now */
	struct buf part; /* that it gets when it does not become whole; empty: it is removed then */
	bool replaces;   /* a file was there, whose mode and, if possible, owner it has */
	struct file_draft *next; /* of those under way */
};

/* Begins one, which stays where it is in memory until it is released. SUFFIX: what follows PATH in
 * the name of what does not become whole; "": that is removed. False: errno says why not, EPERM
 * also that PATH is such a link or fifo; there is nothing to be released. */
bool file_draft_open(struct file_draft *f, const char *path, const char *suffix);

/* Has the system begin to write to the disk what is in it from byte FROM on, and does not wait.
 * Called now and then while a long file is written, it leaves file_draft_finish little to wait for.
 */
void file_draft_begin_sync(const struct file_draft *f, off_t from);

/* Writes it through to the disk and gives it its name, under which a new file has the mode that the
 * umask leaves. False: errno says why not, and it stays under the name that it has. In any case it
 * is closed. */
bool file_draft_finish(struct file_draft *f);

/* The same for what did not become whole, which has a suffix: its name becomes PATH and that, and
 * its mode stays. */
bool file_draft_keep(struct file_draft *f);

/* Removes what has not got its name yet, and forgets where it was. */
void file_draft_drop(struct file_draft *f);

/* Closes without a word what is still open, and leaves it where it is. */
void file_draft_release(struct file_draft *f);

/* The program ends at once, by a signal or because memory is out: what is under way is not whole,
 * and gets its name or is removed. A signal handler may call it. */
void file_drafts_end(void);

#endif
