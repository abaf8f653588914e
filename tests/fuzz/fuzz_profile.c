/*
 * libFuzzer target: any bytes with any flags, read by every profile. Build with
 * clang -fsanitize=fuzzer,address,undefined. The input's first byte chooses the flags' kind, the
 * next four are the flags, the rest is the stored value. What must hold of any answer is checked
 * here; crashes, leaks and wild memory are the sanitizers' business.
 */
#include "codec/codec.h"

#include "base/utf8.h"
#include "base/zip.h"

#include <stdlib.h>

enum {
	INFLATE_MAX = 1 << 16
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

/* Flags that clients do write come up too rarely by chance. */
static uint64_t choose_flags(uint8_t kind, uint32_t flags)
{
	static const uint32_t known[] = {0,  1,   2,   3,   4,    5,    6,    7,    8,    9,
	                                 10, 12,  16,  24,  48,   80,   81,   84,   85,   86,
	                                 87, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 65536};
	if (kind < 0x80)
		return known[kind % (sizeof known / sizeof known[0])];
	return flags;
}

static void decode(const struct codec *p, uint64_t flags, struct slice stored)
{
	struct decoded d = {0};
	codec_decode(p, flags, stored, INFLATE_MAX, &d);
	check(d.codec != NULL && d.stored == stored.len);
	check(d.bytes.len <= INFLATE_MAX || !d.container || d.bytes.len <= stored.len);
	check(utf8_valid(slice_of(d.text.data ? d.text.data : "", d.text.len)));
	check(memchr(d.problem, '\0', sizeof d.problem) && memchr(d.why, '\0', sizeof d.why));
	if (d.type == DECODED_SERIALISED)
		check(d.serialiser != NULL && d.text.len <= DECODED_OUTLINE_MAX);
	if (d.type == DECODED_BYTES)
		check(d.text.len == 0);
	decoded_release(&d);
}

/* Values compressed by the fuzzer's own hand would take it too long to find. */
static void decode_compressed(uint64_t flags, struct slice stored)
{
	struct buf stream = BUF_INIT;
	zip_deflate(stored, 1, &stream);
	for (size_t i = 0; i < codec_count; i++)
		decode(codecs[i], flags, buf_slice(&stream));
	buf_release(&stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t given;
	if (size < 5)
		return 0;
	memcpy(&given, data + 1, sizeof given);
	uint64_t flags = choose_flags(data[0], given);
	/* A copy of the exact size shows the sanitizer any byte read beyond the value. */
	char *copy = malloc(size - 5 + 1);
	check(copy != NULL);
	struct slice stored = slice_of(copy + 1, size - 5);
	memcpy(copy + 1, data + 5, size - 5);
	for (size_t i = 0; i < codec_count; i++)
		decode(codecs[i], flags, stored);
	if (flags & 10)
		decode_compressed(flags, stored);
	free(copy);
	return 0;
}
