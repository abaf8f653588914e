#include "lib/reading.h"
#include "lib/unit.h"
#include "proto/dialect.h"
#include "proto/meta.h"

TEST(meta_answers_say_the_same)
{
#define META(v)                                                                                    \
	{                                                                                          \
		.verb = (v), .keys = reading_foo, .key_count = 1, .dialect = DIALECT_META          \
	}
	const struct transcript list[] = {
	    {META(VERB_GET), SLICE("EN\r\n"), SLICE("END\nleft 0")},
	    {META(VERB_GET), SLICE("VA 3 f5\r\nbar\r\n"),
	     SLICE("VALUE 0 foo 5 <bar>\nEND\nleft 0")},
	    {META(VERB_GET), SLICE("VA 4 f0\r\nEN\r\n\r\nEN\r\n"),
	     SLICE("VALUE 0 foo 0 <EN\r\n>\nEND\nleft 4")},
	    {META(VERB_GETS), SLICE("VA 0 c18446744073709551615 f7\r\n\r\n"),
	     SLICE("VALUE 0 foo 7 cas 18446744073709551615 <>\nEND\nleft 0")},
	    {META(VERB_SET), SLICE("HD\r\n"), SLICE("STORED\nleft 0")},
	    {META(VERB_ADD), SLICE("NS\r\n"), SLICE("NOT_STORED\nleft 0")},
	    {META(VERB_CAS), SLICE("EX\r\n"), SLICE("EXISTS\nleft 0")},
	    {META(VERB_CAS), SLICE("NF\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {META(VERB_DELETE), SLICE("HD\r\n"), SLICE("DELETED\nleft 0")},
	    {META(VERB_DELETE), SLICE("NF\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {META(VERB_DELETE), SLICE("EX\r\n"), SLICE("EXISTS\nleft 0")},
	    {META(VERB_INCR), SLICE("VA 20\r\n18446744073709551615\r\n"),
	     SLICE("NUMBER 18446744073709551615\nleft 0")},
	    {META(VERB_DECR), SLICE("VA 3\r\n5  \r\n"), SLICE("NUMBER 5\nleft 0")},
	    {META(VERB_DECR), SLICE("NF\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {META(VERB_SET), SLICE("SERVER_ERROR object too large for cache\r\n"),
	     SLICE("SERVER_ERROR <object too large for cache>\nleft 0")},
	    {META(VERB_INCR), SLICE("CLIENT_ERROR non-numeric\r\n"),
	     SLICE("CLIENT_ERROR <non-numeric>\nleft 0")},
	    {META(VERB_GET), SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    /* Blanks too many, and flags that were not asked for, as some versions send them. */
	    {META(VERB_DELETE), SLICE("HD \r\n"), SLICE("DELETED\nleft 0")},
	    {META(VERB_SET), SLICE("HD s3\r\n"), SLICE("STORED\nleft 0")},
	    {META(VERB_GET), SLICE("VA 1  s1 f5 t-1 \r\nx\r\n"),
	     SLICE("VALUE 0 foo 5 <x>\nEND\nleft 0")},
	    {META(VERB_INCR), SLICE("VA 1 \r\n7\r\n"), SLICE("NUMBER 7\nleft 0")},
	    {META(VERB_GATS), SLICE("VA 1 c9 f5\r\nx\r\n"),
	     SLICE("VALUE 0 foo 5 cas 9 <x>\nEND\nleft 0")},
	    {META(VERB_TOUCH), SLICE("HD\r\n"), SLICE("TOUCHED\nleft 0")},
	    {META(VERB_TOUCH), SLICE("EN\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    /* What is no answer to the question. */
	    {META(VERB_TOUCH), SLICE("NF\r\n"), SLICE("bad")},
	    {META(VERB_TOUCH), SLICE("VA 1\r\nx\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("HD\r\n"), SLICE("bad")},
	    {META(VERB_SET), SLICE("EN\r\n"), SLICE("bad")},
	    {META(VERB_SET), SLICE("VA 1\r\nx\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VA \r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VAL 1\r\nx\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VA 1 f\r\nx\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VA 1001 f0\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VA 1 f0\r\nxy\r\n"), SLICE("bad")},
	    {META(VERB_INCR), SLICE("VA 2\r\n1x\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("END\r\n"), SLICE("bad")},
	    {{.verb = VERB_MN}, SLICE("MN\r\n"), SLICE("MN\nleft 0")},
	    {{.verb = VERB_MN}, SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    {{.verb = VERB_MN}, SLICE("OK\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(meta_answers_about_several_keys_end_with_a_noop)
{
	static const struct slice several[] = {SLICE("a"), SLICE("foo"), SLICE("a")};
#define SEVERAL                                                                                    \
	{                                                                                          \
		.verb = VERB_GETS, .keys = several, .key_count = 3, .dialect = DIALECT_META        \
	}
#define SEVERAL_MARKED                                                                             \
	{                                                                                          \
		.verb = VERB_GET, .keys = several, .key_count = 3, .dialect = DIALECT_META,        \
		.opaque = 1                                                                        \
	}
	const struct transcript list[] = {
	    {SEVERAL, SLICE("MN\r\n"), SLICE("END\nleft 0")},
	    {SEVERAL, SLICE("VA 4 f0 c1 ka\r\nMN\r\n\r\nVA 1 f5 c2 kfoo\r\nx\r\nMN\r\n"),
	     SLICE("VALUE 0 a 0 cas 1 <MN\r\n>\nVALUE 1 foo 5 cas 2 <x>\nEND\nleft 0")},
	    {SEVERAL, SLICE("VA 1 ka\r\nx\r\nVA 1 ka\r\ny\r\nMN\r\nMN\r\n"),
	     SLICE("VALUE 0 a 0 <x>\nVALUE 2 a 0 <y>\nEND\nleft 4")},
	    {SEVERAL_MARKED, SLICE("VA 1 f0 kfoo O001\r\nx\r\nMN\r\n"),
	     SLICE("VALUE 1 foo 0 <x>\nEND\nleft 0")},
	    /* A key that was stored in base64 comes back so. */
	    {SEVERAL, SLICE("VA 1 kZm9v b\r\nx\r\nMN\r\n"),
	     SLICE("VALUE 1 foo 0 <x>\nEND\nleft 0")},
	    {SEVERAL, SLICE("SERVER_ERROR out of memory\r\nMN\r\n"),
	     SLICE("SERVER_ERROR <out of memory>\nleft 4")},
	    {SEVERAL, SLICE("VA 1 kZm9v\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("VA 1 kfoo b\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("VA 1 f0\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("VA 1 kb\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("EN\r\n"), SLICE("bad")},
	    /* One that was answered already. */
	    {SEVERAL, SLICE("VA 1 kfoo\r\nx\r\nVA 1 kfoo\r\nx\r\n"),
	     SLICE("VALUE 1 foo 0 <x>\nbad")},
	    {SEVERAL, SLICE("MN \r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("END\r\n"), SLICE("bad")},
	    {SEVERAL_MARKED, SLICE("VA 1 f0 kfoo O002\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL_MARKED, SLICE("VA 1 f0 kfoo\r\nx\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(typed_meta_commands_are_answered_by_their_codes)
{
	static const struct slice coded_foo[] = {SLICE("Zm9v")};
#define TYPED(v, flags)                                                                            \
	{                                                                                          \
		.verb = (v), .keys = reading_foo, .key_count = 1, .text = SLICE_INIT(flags)        \
	}
#define TYPED_CODED(v, flags)                                                                      \
	{                                                                                          \
		.verb = (v), .keys = coded_foo, .key_count = 1, .text = SLICE_INIT(flags)          \
	}
#define TYPED_MARKED(v, flags)                                                                     \
	{                                                                                          \
		.verb = (v), .keys = reading_foo, .key_count = 1, .text = SLICE_INIT(flags),       \
		.opaque = 1                                                                        \
	}
	const struct transcript list[] = {
	    {TYPED(VERB_MG, "v t"), SLICE("VA 3 t-1\r\nbar\r\n"), SLICE("VA <bar>\nleft 0")},
	    {TYPED(VERB_MG, "v"), SLICE("VA 4\r\nEN\r\n\r\n"), SLICE("VA <EN\r\n>\nleft 0")},
	    {TYPED(VERB_MG, "t"), SLICE("HD t99\r\n"), SLICE("HD\nleft 0")},
	    {TYPED(VERB_MG, "v k"), SLICE("EN kfoo\r\n"), SLICE("EN\nleft 0")},
	    {TYPED(VERB_MS, "T0"), SLICE("HD\r\n"), SLICE("HD\nleft 0")},
	    {TYPED(VERB_MS, "ME"), SLICE("NS\r\n"), SLICE("NS\nleft 0")},
	    {TYPED(VERB_MS, "C5"), SLICE("EX\r\nHD\r\n"), SLICE("EX\nleft 4")},
	    {TYPED(VERB_MD, ""), SLICE("NF\r\n"), SLICE("NF\nleft 0")},
	    {TYPED(VERB_MA, "v N0"), SLICE("VA 2 N\r\n13\r\n"), SLICE("VA <13>\nleft 0")},
	    {TYPED(VERB_ME, ""), SLICE("ME foo exp=-1 la=0\r\n"), SLICE("ME\nleft 0")},
	    {TYPED(VERB_ME, ""), SLICE("EN\r\n"), SLICE("EN\nleft 0")},
	    {TYPED(VERB_MG, "y"), SLICE("CLIENT_ERROR invalid flag\r\n"),
	     SLICE("CLIENT_ERROR <invalid flag>\nleft 0")},
	    /* A quiet one ends with the fence, whatever came before it. */
	    {TYPED(VERB_MG, "v q"), SLICE("MN\r\nEN\r\n"), SLICE("EN\nleft 4")},
	    {TYPED(VERB_MS, "q"), SLICE("MN\r\nEN\r\n"), SLICE("\nleft 4")},
	    {TYPED(VERB_MG, "v q"), SLICE("VA 2\r\nMN\r\nMN\r\nEN\r\n"), SLICE("VA <MN>\nleft 4")},
	    {TYPED(VERB_MS, "q"), SLICE("NS\r\nMN\r\n"), SLICE("NS\nleft 0")},
	    {TYPED(VERB_MD, "q"), SLICE("CLIENT_ERROR no\r\nMN\r\n"),
	     SLICE("CLIENT_ERROR <no>\nleft 0")},
	    {TYPED(VERB_MS, "q"), SLICE("NS\r\nNS\r\n"), SLICE("bad")},
	    /* What answers another. */
	    {TYPED_MARKED(VERB_MG, "v"), SLICE("VA 1 O001 W\r\nx\r\n"), SLICE("VA <x>\nleft 0")},
	    {TYPED_MARKED(VERB_MD, "k"), SLICE("NF kfoo O001\r\n"), SLICE("NF\nleft 0")},
	    {TYPED_MARKED(VERB_MD, "O9"), SLICE("NF O9\r\n"), SLICE("NF\nleft 0")},
	    {TYPED_MARKED(VERB_ME, ""), SLICE("EN\r\n"), SLICE("EN\nleft 0")},
	    {TYPED_MARKED(VERB_MG, "v"), SLICE("EN O002\r\n"), SLICE("bad")},
	    {TYPED(VERB_MG, "v O7 k"), SLICE("VA 1 O7\r\nx\r\n"), SLICE("VA <x>\nleft 0")},
	    {TYPED(VERB_MG, "v O7 k"), SLICE("VA 1 O8\r\nx\r\n"), SLICE("bad")},
	    {TYPED_MARKED(VERB_MG, "v O7"), SLICE("VA 1 O001\r\nx\r\n"), SLICE("bad")},
	    {TYPED(VERB_MS, "O7"), SLICE("HD\r\n"), SLICE("bad")},
	    /* A me is answered with the key, out of base64 or in it. */
	    {TYPED(VERB_ME, ""), SLICE("ME Zm9v exp=-1\r\n"), SLICE("ME\nleft 0")},
	    {TYPED_CODED(VERB_ME, "b x"), SLICE("ME foo exp=-1\r\n"), SLICE("ME\nleft 0")},
	    {TYPED(VERB_ME, ""), SLICE("ME bar exp=-1\r\n"), SLICE("bad")},
	    {TYPED(VERB_ME, ""), SLICE("ME food exp=-1\r\n"), SLICE("bad")},
	    {TYPED(VERB_ME, ""), SLICE("ME foo\r\n"), SLICE("bad")},
	    {TYPED(VERB_ME, ""), SLICE("ME\r\n"), SLICE("bad")},
	    {TYPED_MARKED(VERB_MG, "v"), SLICE("EN\r\n"), SLICE("bad")},
	    {TYPED(VERB_MG, "v"), SLICE("NS\r\n"), SLICE("bad")},
	    {TYPED(VERB_MG, "v"), SLICE("MN\r\n"), SLICE("bad")},
	    {TYPED(VERB_MS, ""), SLICE("VA 1\r\nx\r\n"), SLICE("bad")},
	    {TYPED(VERB_MD, ""), SLICE("STORED\r\n"), SLICE("bad")},
	    {TYPED(VERB_MG, "v"), SLICE("VA x\r\n"), SLICE("bad")},
	    {TYPED(VERB_MG, "v"), SLICE("VA 1001\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

/* The flags of an answer are found in its bytes. */
static void check_meta_flags(enum reply_kind kind, struct slice wire, struct slice flags)
{
	struct reply reply = {.kind = kind, .wire = wire};
	assert_bytes(meta_reply_flags(&reply), flags);
}

TEST(the_flags_of_a_meta_answer_stand_after_its_code)
{
	check_meta_flags(REPLY_HD, SLICE("HD\r\n"), SLICE(""));
	check_meta_flags(REPLY_HD, SLICE("HD t99 f7\r\n"), SLICE("t99 f7"));
	check_meta_flags(REPLY_EN, SLICE("EN kfoo \n"), SLICE("kfoo"));
	check_meta_flags(REPLY_VA, SLICE("VA 3\r\nbar\r\n"), SLICE(""));
	check_meta_flags(REPLY_VA, SLICE("VA 3 s3 W\r\na b\r\n"), SLICE("s3 W"));
	check_meta_flags(REPLY_ME, SLICE("ME foo exp=-1\r\n"), SLICE("foo exp=-1"));
}

UNIT_MAIN(cmocka_unit_test(typed_meta_commands_are_answered_by_their_codes),
          cmocka_unit_test(the_flags_of_a_meta_answer_stand_after_its_code),
          cmocka_unit_test(meta_answers_say_the_same),
          cmocka_unit_test(meta_answers_about_several_keys_end_with_a_noop))
