/*
 * OpenSSL's libssl, as programs of its version 3.0 use it, on tlscore: TLS 1.2.
 *
 *   cc -I$(pkg-config --variable=compatdir tlscore_openssl) program.c $(pkg-config --libs tlscore_openssl)
 *
 * With that -I, #include <openssl/ssl.h> and its like find this header. Each function is there under a name of its
 * own (SSL_new is tlscore_SSL_new), so that a process may have OpenSSL's libssl, too.
 *
 * READ THIS FIRST: certificates. Programs of OpenSSL expect that a client which asks for nothing checks nothing, and
 * so it is here: without SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL), trusted CAs (SSL_CTX_load_verify_locations or
 * SSL_CTX_set_default_verify_paths) and the host's name (SSL_set1_host) whoever sits between the two sides can read
 * and change everything. tlscore's own interface, <tlscore/tls.h>, checks all three unless it is told not to.
 *
 * A name of OpenSSL's that is not here is a compile error whose text says what to use in its place. Where functions
 * behave otherwise than OpenSSL's it is said in openssl-compat/functions.h.
 */
#ifndef TLSCORE_OPENSSL_COMPAT_H
#define TLSCORE_OPENSSL_COMPAT_H

#if defined(HEADER_SSL_H) || defined(OPENSSL_SSL_H)
#error "OpenSSL's own <openssl/ssl.h> is included, too: one translation unit has one of the two"
#endif
#define HEADER_SSL_H
#define OPENSSL_SSL_H

/* Words that C89 and C++98 do not have. */
#if defined(__GNUC__)
#define TLSCORE_INLINE static __inline__
#define TLSCORE_VA_COPY(to, from) __builtin_va_copy(to, from)
#else
#define TLSCORE_INLINE static inline
#define TLSCORE_VA_COPY(to, from) va_copy(to, from)
#endif

#include "openssl-compat/openssl/opensslv.h"
#include "openssl-compat/types.h"
#include "openssl-compat/constants.h"
#include "openssl-compat/names.h"
#include "openssl-compat/functions.h"
#include "openssl-compat/macros.h"

/* The error says which name, and what there is in its place. */
#if defined(__has_attribute)
#if __has_attribute(unavailable)
#define TLSCORE_UNSUPPORTED(name, instead) \
    int name(void) __attribute__((unavailable(#name " is not in tlscore: " instead)));
#elif __has_attribute(error)
#define TLSCORE_UNSUPPORTED(name, instead) \
    int name(void) __attribute__((error(#name " is not in tlscore: " instead)));
#endif
#endif
#ifndef TLSCORE_UNSUPPORTED
/* Not declared: an error, or a warning and an unresolved symbol, without the text. */
#define TLSCORE_UNSUPPORTED(name, instead)
#endif
#define TLSCORE_ABSENT(name) TLSCORE_UNSUPPORTED(name, "tls-portcheck says what there is in its place")
#include "openssl-compat/unsupported.h"

#endif
