/*
 * Preloaded before a program, makes one of its allocations fail: FAILING_AT=N, the Nth one, from 1
 * on. How many there were is written to the file FAILING_COUNT at the program's end, if it is the
 * usual one. The programs that it starts are left alone. Built by fail_allocations.py.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);

static atomic_ulong count;
static unsigned long fail_at;
static const char *count_file;
static int ready;

/* dlsym allocates before it has said where to. */
static _Alignas(max_align_t) char early[1024 * 1024];
static size_t early_used;

static void *take_early(size_t size)
{
	void *p = early + early_used;
	early_used += (size + 15) & ~(size_t)15;
	return early_used <= sizeof(early) ? p : NULL;
}

static int is_early(const void *p)
{
	return (const char *)p >= early && (const char *)p < early + sizeof(early);
}

static void find(void)
{
	static int finding;
	if (finding)
		return;
	finding = 1;
	*(void **)&real_malloc = dlsym(RTLD_NEXT, "malloc");
	*(void **)&real_calloc = dlsym(RTLD_NEXT, "calloc");
	*(void **)&real_realloc = dlsym(RTLD_NEXT, "realloc");
}

__attribute__((constructor)) static void begin(void)
{
	find();
	const char *at = getenv("FAILING_AT");
	fail_at = at ? strtoul(at, NULL, 10) : 0;
	count_file = getenv("FAILING_COUNT");
	unsetenv("LD_PRELOAD");
	ready = 1;
}

__attribute__((destructor)) static void end(void)
{
	ready = 0;
	FILE *f = count_file ? fopen(count_file, "w") : NULL;
	if (f) {
		fprintf(f, "%lu\n", (unsigned long)count);
		fclose(f);
	}
}

static int fails(void)
{
	if (!ready || ++count != fail_at)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	if (fails())
		return NULL;
	return ready ? real_malloc(size) : take_early(size);
}

void *calloc(size_t many, size_t size)
{
	if (fails())
		return NULL;
	return ready ? real_calloc(many, size) : take_early(many * size);
}

void *realloc(void *old, size_t size)
{
	if (fails())
		return NULL;
	if (old && !is_early(old))
		return real_realloc(old, size);
	void *p = ready ? real_malloc(size) : take_early(size);
	if (p && old)
		memcpy(p, old,
		       size < (size_t)(early + sizeof(early) - (char *)old)
		           ? size
		           : (size_t)(early + sizeof(early) - (char *)old));
	return p;
}

void free(void *p)
{
	static void (*real_free)(void *);
	if (!p || is_early(p))
		return;
	if (!real_free)
		*(void **)&real_free = dlsym(RTLD_NEXT, "free");
	real_free(p);
}
