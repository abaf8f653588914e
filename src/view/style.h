/*
 * How answers are to look: plain data, filled by the shell from its settings and the terminal.
 */
#ifndef VIEW_STYLE_H
#define VIEW_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum format {
	FORMAT_PRETTY,
	FORMAT_PLAIN,
	FORMAT_RAW,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_WIRE,
};

enum timing_mode {
	TIMING_OFF,
	TIMING_ON,
	TIMING_FULL
};

enum trace_mode {
	TRACE_OFF,
	TRACE_ON,
	TRACE_HEX,
	TRACE_EXPLAIN
};

struct codec;

struct style {
	enum format format;
	enum timing_mode timing;
	bool color; /* ANSI colours may be used */
	bool utf8;  /* the terminal shows UTF-8: box drawing and block characters may be used */
	bool json;  /* pretty: values that are JSON are laid out */
	bool value_bytes; /* one value alone goes out as its bytes, nothing added (redirections) */
	bool csv_guard;   /* csv: what a spreadsheet would compute is marked as text */
	uint64_t *csv_last; /* csv: which header was written last; NULL: each is written */
	bool fields;        /* plain: whatever stands in a line is a field, a value alone too */
	unsigned columns;   /* width to lay out for; 80 when unknown */
	const struct codec *profile; /* whose flags and bytes to believe; NULL: nobody's */
	size_t inflate_max;          /* the most bytes that a compressed value may expand to */
	size_t gather_max; /* bytes kept of an answer of lines that is shown whole; 0: BUF_MAX */
	int64_t now; /* the Unix time, for dates that are counted from it; 0: it is not known */
	size_t max_shown; /* pretty: a value longer than this is cut, with a count; 0: never */
};

/* What a colour means. view/text/paint.h makes it escape sequences, or nothing. */
enum paint {
	PAINT_NONE,
	PAINT_GOOD,    /* it was done */
	PAINT_BAD,     /* an error */
	PAINT_MISS,    /* a negative answer: not there, not stored */
	PAINT_STRING,  /* a value that is text */
	PAINT_NUMBER,  /* a value that is a number */
	PAINT_KEY,     /* keys and names */
	PAINT_HEADING, /* headings */
	PAINT_DIM,     /* lengths, times, hints */
	PAINT_SENT,    /* trace: to the server */
	PAINT_GOT,     /* trace: from the server */
	PAINT_DATA,    /* trace: a data block, either way */
	PAINT_NOTICE,  /* health: not bad yet, and worth a look */
};

#endif
