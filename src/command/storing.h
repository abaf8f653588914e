/*
 * How a storage command's values are to be stored: the flags and the bytes that --type, --flags,
 * --min-compress-len and the session's settings ask for.
 */
#ifndef COMMAND_STORING_H
#define COMMAND_STORING_H

#include "codec/codec.h"
#include "shell/session.h"

struct storing {
	const struct codec *profile; /* whose conventions are followed */
	bool typed;                  /* --type was given */
	enum decoded_type type;      /* bytes, unless typed */
	uint32_t flags;              /* before compression */
	size_t min_compress_len;     /* longer values are compressed; 0: none is */
	int level;                   /* of zlib, see base/zip.h */
};

/* Reads the options of a command that has them, those not given by the settings. On false ERROR
 * says what does not go together, or what the profile's client has no way to store. */
bool storing_read(const struct session *s, const struct args *args, struct storing *how,
                  struct error *error);

/*
 * Makes of *VALUE, as it was typed, what is stored, and sets *FLAGS. Bytes that are made again are
 * put into SPACE, which may hold the value that was typed: what it held is freed. On false, when
 * the value is not of the type, ERROR says so.
 */
bool storing_apply(const struct storing *how, struct slice *value, uint32_t *flags,
                   struct buf *space, struct error *error);

/* What can be typed: the types of codec/codec.h that have a literal. */
#define STORAGE_TYPES "text|int|long|json|bytes"

#define STORAGE_TIME_OPTION                                                                        \
	{                                                                                          \
		"--time", "T", "when it expires: seconds, 90s 15m 12h 45d, @UNIXTIME; 0 never",    \
		    NULL                                                                           \
	}
#define STORAGE_FLAGS_OPTION                                                                       \
	{                                                                                          \
		"--flags", "F", "the 32-bit number kept with the value (default 0)", NULL          \
	}
#define STORAGE_COMPRESS_OPTION                                                                    \
	{                                                                                          \
		"--min-compress-len", "N",                                                         \
		    "compress with zlib when longer than N bytes and smaller so; 0 never", NULL    \
	}
#define STORAGE_TYPE_OPTION                                                                        \
	{                                                                                          \
		"--type", STORAGE_TYPES,                                                           \
		    "check the value, and store it as .profile's client would", NULL               \
	}

#endif
