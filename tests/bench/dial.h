/* What the programs that limits are measured by have in common. */
#ifndef BENCH_DIAL_H
#define BENCH_DIAL_H

/* A connected socket to SERVER, 127.0.0.1:PORT or the path of a unix socket. Ends the program when
 * there is none. */
int dial(const char *server);

void set_nonblocking(int fd);

/* Ends the program with a line on standard error: WHAT, and what errno says. */
_Noreturn void die(const char *what);

#endif
