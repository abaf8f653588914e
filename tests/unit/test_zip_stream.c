#include "base/zip.h"
#include "lib/unit.h"

/* Bytes that shrink, but not to nothing. */
static void fill(struct buf *b, size_t n)
{
	unsigned state = 1;
	buf_clear(b);
	while (b->len < n) {
		state = state * 1103515245u + 12345u;
		buf_add_char(b, (char)('a' + (state >> 16) % 8));
	}
}

static void pack(struct buf *out, struct slice bytes, size_t piece)
{
	struct zip_writer *w = zip_writer_new();
	while (bytes.len > piece) {
		assert_true(zip_writer_add(w, slice_of(bytes.data, piece), false, out));
		bytes = slice_skip(bytes, piece);
	}
	assert_true(zip_writer_add(w, bytes, true, out));
	zip_writer_free(w);
}

/* Expands PACKED, given in pieces of PIECE bytes, with ROOM bytes to write to. */
static enum zip_result unpack(struct slice packed, size_t piece, size_t room, struct buf *out,
                              bool *at_end)
{
	struct zip_reader *r = zip_reader_new();
	enum zip_result result = ZIP_OK;
	while (result == ZIP_OK) {
		struct slice in = slice_of(packed.data, packed.len < piece ? packed.len : piece);
		size_t before = in.len, made;
		result = zip_reader_take(r, &in, buf_reserve(out, room), room, &made);
		out->len += made;
		packed = slice_skip(packed, before - in.len);
		if (made == 0 && packed.len == 0)
			break;
	}
	*at_end = zip_reader_at_end(r);
	zip_reader_free(r);
	return result;
}

TEST(comes_back_in_any_pieces)
{
	static const size_t pieces[] = {1, 7, 100, 70000, 1000000};
	struct buf bytes = BUF_INIT, packed = BUF_INIT, back = BUF_INIT;
	bool at_end;
	fill(&bytes, 200000);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		buf_clear(&packed);
		buf_clear(&back);
		pack(&packed, buf_slice(&bytes), pieces[i]);
		assert_true(zip_looks_like_gzip(buf_slice(&packed)));
		assert_int_equal(unpack(buf_slice(&packed), pieces[i], pieces[i], &back, &at_end),
		                 ZIP_OK);
		assert_true(at_end);
		assert_bytes(buf_slice(&back), buf_slice(&bytes));
		buf_clear(&back);
		assert_int_equal(zip_inflate(buf_slice(&packed), ZIP_GZIP, 1000000, &back, NULL),
		                 ZIP_OK);
		assert_bytes(buf_slice(&back), buf_slice(&bytes));
	}
	buf_release(&bytes);
	buf_release(&packed);
	buf_release(&back);
}

TEST(nothing_and_several_streams)
{
	struct buf packed = BUF_INIT, back = BUF_INIT;
	bool at_end;
	pack(&packed, SLICE(""), 10);
	pack(&packed, SLICE("one "), 10);
	pack(&packed, SLICE("two"), 10);
	assert_int_equal(unpack(buf_slice(&packed), 1000, 1000, &back, &at_end), ZIP_OK);
	assert_true(at_end);
	assert_text(buf_slice(&back), "one two");
	buf_release(&packed);
	buf_release(&back);
}

TEST(cut_short_and_damaged)
{
	struct buf bytes = BUF_INIT, packed = BUF_INIT, back = BUF_INIT;
	bool at_end;
	fill(&bytes, 50000);
	pack(&packed, buf_slice(&bytes), 1000);
	struct slice half = slice_of(packed.data, packed.len / 2);
	assert_int_equal(unpack(half, 1000, 1000, &back, &at_end), ZIP_OK);
	assert_false(at_end);
	assert_true(back.len > 10000 && back.len < bytes.len);
	assert_bytes(buf_slice(&back), slice_of(bytes.data, back.len));
	packed.data[packed.len - 5] ^= 1; /* in the checksum */
	buf_clear(&back);
	assert_int_equal(unpack(buf_slice(&packed), 1000, 1000, &back, &at_end), ZIP_CORRUPT);
	assert_int_equal(unpack(SLICE("not gzip at all"), 1000, 1000, &back, &at_end), ZIP_CORRUPT);
	buf_release(&bytes);
	buf_release(&packed);
	buf_release(&back);
}

TEST(the_ceiling_holds)
{
	struct buf bytes = BUF_INIT, packed;
	struct zip_writer *w = zip_writer_new();
	fill(&bytes, 200000);
	buf_init(&packed, 20000);
	assert_false(zip_writer_add(w, buf_slice(&bytes), true, &packed));
	zip_writer_free(w);
	buf_release(&bytes);
	buf_release(&packed);
}

UNIT_MAIN(cmocka_unit_test(comes_back_in_any_pieces), cmocka_unit_test(nothing_and_several_streams),
          cmocka_unit_test(cut_short_and_damaged), cmocka_unit_test(the_ceiling_holds))
