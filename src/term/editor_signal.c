#include "term/editor_private.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

/* What the editor listens to while it reads. Those that end the program come last. */
static const int listened[] = {SIGWINCH, SIGINT, SIGTSTP, SIGCONT, SIGHUP, SIGTERM, SIGQUIT};
#define LISTENED (sizeof(listened) / sizeof(listened[0]))
_Static_assert(LISTENED == sizeof(((struct editor *)0)->old_actions) / sizeof(struct sigaction),
               "an old action for each signal");

/* The one thing a signal handler can do here is to leave a mark; it cannot be passed anything, so
 * this is the only variable of the program that belongs to no object. It is written while a handler
 * of ours is installed and read in signals_wait alone. */
static volatile sig_atomic_t caught[NSIG];

static void mark(int signal)
{
	caught[signal] = 1;
}

/* Outside of ppoll(2) the signals are blocked, so that none is lost between a look at `caught` and
 * the wait. */
void editor_signals_begin(struct editor *e)
{
	sigset_t ours;
	sigemptyset(&ours);
	for (size_t i = 0; i < LISTENED; i++)
		sigaddset(&ours, listened[i]);
	sigprocmask(SIG_BLOCK, &ours, &e->old_mask);
	for (size_t i = 0; i < LISTENED; i++) {
		struct sigaction action = {.sa_handler = mark};
		sigaction(listened[i], NULL, &e->old_actions[i]);
		caught[listened[i]] = 0;
		bool by_choice = listened[i] == SIGWINCH || listened[i] == SIGCONT;
		if (by_choice || e->old_actions[i].sa_handler != SIG_IGN)
			sigaction(listened[i], &action, NULL);
	}
}

/* A signal that came in the meantime is delivered to the program's own handler by this. */
void editor_signals_end(struct editor *e)
{
	for (size_t i = 0; i < LISTENED; i++)
		sigaction(listened[i], &e->old_actions[i], NULL);
	sigprocmask(SIG_SETMASK, &e->old_mask, NULL);
}

static bool take(int signal)
{
	bool was = caught[signal];
	caught[signal] = 0;
	return was;
}

/* The terminal as the editor wants it, whatever happened to it while the program was stopped. */
static void resume(struct editor *e)
{
	el_wset(e->el, EL_PREP_TERM, 0);
	el_wset(e->el, EL_PREP_TERM, 1);
	editor_screen_paste_brackets(e, true);
	editor_screen_size(e);
	el_resize(e->el);
	editor_screen_redraw(e);
	fflush(e->stream);
	editor_screen_flush(e);
}

/* Stops the whole job, as the terminal's own Ctrl-Z would, and returns when it goes on. */
void editor_suspend(struct editor *e)
{
	editor_screen_paste_brackets(e, false);
	editor_screen_flush(e);
	el_wset(e->el, EL_PREP_TERM, 0);
	editor_signals_end(e);
	kill(0, SIGTSTP);
	editor_signals_begin(e);
	resume(e);
}

/* -1 when the read must be left. */
static int handle(struct editor *e)
{
	for (size_t i = 4; i < LISTENED; i++) {
		if (take(listened[i])) {
			e->fatal = listened[i];
			return -1;
		}
	}
	if (take(SIGINT)) {
		e->wanted = KEY_CANCEL;
		return -1;
	}
	if (take(SIGTSTP)) {
		e->wanted = KEY_SUSPEND;
		return -1;
	}
	if (take(SIGCONT))
		resume(e);
	/* The signal may come after a key that was typed at the new size. */
	if (take(SIGWINCH) || editor_screen_resized(e)) {
		editor_screen_redraw_in_place(e);
		fflush(e->stream);
		editor_screen_flush(e);
	}
	return 0;
}

int editor_signals_wait(struct editor *e, int ms)
{
	sigset_t open = e->old_mask;
	for (size_t i = 0; i < LISTENED; i++)
		sigdelset(&open, listened[i]);
	for (;;) {
		struct pollfd input = {.fd = e->in_fd, .events = POLLIN};
		struct timespec limit = {.tv_nsec = (long)ms * 1000000};
		int n = ppoll(&input, 1, ms < 0 ? NULL : &limit, &open);
		int error = errno;
		if (handle(e) < 0)
			return -1;
		if (n >= 0)
			return n;
		if (error != EINTR) {
			e->gone = true;
			return -1;
		}
	}
}
