/*
 * Ctrl-C. A handler can reach nothing but static data, so here is the one place of it: a pipe that
 * becomes readable when SIGINT arrives. The client core polls it and cancels running commands. And
 * the terminal's modes, to be restored by a signal that ends mcsh.
 */
#ifndef SHELL_IO_INTERRUPT_H
#define SHELL_IO_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

/* Catches SIGINT from now on. Returns the descriptor to poll, or -1 when there is none. */
int interrupt_catch(void);

/* The descriptor that interrupt_catch returned; -1 before. */
int interrupt_fd(void);

/* Whether SIGINT has come since the last call; forgets it. */
bool interrupt_take(void);

/* Whether SIGINT has come, without forgetting it. */
bool interrupt_pending(void);
/* How often it has. */
int interrupt_count(void);

/* Waits until FD has one of EVENTS (poll(2)), which it then has had, DEADLINE passes, or SIGINT
 * comes where it is caught; once it has come nothing is waited for. FD -1: those alone. */
bool interrupt_wait(int fd, short events, int64_t deadline);

/* From now on SIGHUP, SIGTERM, and SIGINT where it is not caught, end the program only after files
 * under way are brought to an end (file_drafts_end), and the terminal and its screen are as below.
 * A signal that is ignored stays so. */
void interrupt_guard_ends(void);

/* Before a signal ends the program, the terminal FD is put back to MODES; NULL: no longer. MODES is
 * copied. */
void interrupt_guard_terminal(int fd, const struct termios *modes);

/* A screen that belongs to a guarded terminal: before a signal ends or stops the program LEAVE,
 * which is borrowed, is written to standard output, and the terminal's modes are put back; NULL: no
 * longer. A signal that is ignored stays so. */
void interrupt_guard_screen(const char *leave);
/* Whether the program was stopped since the last time this was asked, and so left the screen. */
bool interrupt_resumed(void);

/* The descriptors that are cut before the program stops. */
#define INTERRUPT_STOPS 64

/* Before a signal stops the program (Ctrl-Z, or a job in the background that needs the terminal),
 * CUT(FD) is called, from the handler, for the descriptor in each PLACE, of which there are
 * INTERRUPT_STOPS (one beyond has no effect); FD -1: no longer. For what must not be left open by a
 * program that stands still; CUT is the same in all places. A signal that is ignored stays so. */
void interrupt_guard_stop(size_t place, int fd, void (*cut)(int fd));

/* Whether CUT was called since the last time this was asked. */
bool interrupt_was_cut(void);

/* What is long, and has something to report when it is cancelled, catches SIGINT for its time, also
 * where otherwise it would end mcsh. */
struct interrupt_scope {
	struct sigaction before;
	bool catches; /* it was not caught before */
};

/* Returns the descriptor to poll: WAKE_FD when that is one already. A SIGINT that is ignored stays
 * so. */
int interrupt_enter(struct interrupt_scope *scope, int wake_fd);
/* True when SIGINT came in between and would have ended mcsh: it should leave now. */
bool interrupt_leave(const struct interrupt_scope *scope);

#endif
