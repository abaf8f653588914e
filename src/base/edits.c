#include "base/edits.h"

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;
	return least < c ? least : c;
}

static char folded(struct slice s, size_t i)
{
	return s.data[i] >= 'A' && s.data[i] <= 'Z' ? (char)(s.data[i] | 0x20) : s.data[i];
}

unsigned edits_between(struct slice a, struct slice b, unsigned most)
{
	unsigned row[3][EDITS_WORD_MAX + 1];
	size_t apart = a.len > b.len ? a.len - b.len : b.len - a.len;
	if (a.len > EDITS_WORD_MAX || b.len > EDITS_WORD_MAX || apart > most)
		return most + 1;
	for (unsigned j = 0; j <= b.len; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		unsigned *now = row[i % 3], *before = row[(i + 2) % 3], *older = row[(i + 1) % 3];
		unsigned least = now[0] = (unsigned)i;
		for (size_t j = 1; j <= b.len; j++) {
			char x = folded(a, i - 1), y = folded(b, j - 1);
			now[j] = min3(before[j] + 1, now[j - 1] + 1, before[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == folded(b, j - 2) && folded(a, i - 2) == y &&
			    older[j - 2] + 1 < now[j])
				now[j] = older[j - 2] + 1;
			least = now[j] < least ? now[j] : least;
		}
		/* A swap reaches back one row further. */
		if (least > most + 1)
			return most + 1;
	}
	unsigned edits = row[a.len % 3][b.len];
	return edits <= most ? edits : most + 1;
}
