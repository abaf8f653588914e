#include "client/transport/openssl.h"

#include <dlfcn.h>
#include <string.h>

#define STRING(text)  #text
#define EXPAND(macro) STRING(macro)

/* "libssl.so.3". It brings libcrypto, whose functions are found through it. */
#define LIBRARY "libssl.so." EXPAND(OPENSSL_SHLIB_VERSION)
#define PACKAGE "libssl" EXPAND(OPENSSL_SHLIB_VERSION)

bool openssl_load(struct openssl *o, struct error *error)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *found;
	if (!library) {
		error_set(error, "install OpenSSL (Debian: apt install " PACKAGE ")",
		          "TLS needs " LIBRARY ", which cannot be loaded: %s", dlerror());
		return false;
	}
#define LOOK_UP(name)                                                                              \
	found = dlsym(library, #name);                                                             \
	if (!found) {                                                                              \
		error_set(error, "install the OpenSSL that mcsh was built with, or a newer one",   \
		          LIBRARY " has no %s", #name);                                            \
		return false;                                                                      \
	}                                                                                          \
	memcpy(&o->name, &found, sizeof(found));
	OPENSSL_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
	return true;
}
