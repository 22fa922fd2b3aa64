/*
 * Session stores for servers of several processes or hosts, on Redis and on memcached. Copy these
 * files into your program: they use the public header, POSIX threads, and hiredis or libmemcached.
 *
 * What is stored is sealed by the library under the context's ticket keys: give all hosts the same
 * (tls_ctx_set_ticket_keys_file() or tls_ctx_set_ticket_master()). The store itself need not be
 * trusted: what it makes up does not open.
 *
 * A thread of its own talks to the store, so that no handshake waits in a call: tls_handshake() says
 * TLS_WANT_APP until the answer is there (see tls_pending_set_wake()). A store that is slow, down or
 * confused means full handshakes: a question waits `timeout_ms` at most, and a store that failed is
 * left alone for a second.
 */
#ifndef ADAPTERS_STORE_H
#define ADAPTERS_STORE_H

#include <tlscore/tls.h>

/* Keeps the sessions of the context's server connections in Redis: SETEX, GET and DEL of `prefix` followed
 * by the session ID, in hexadecimal. Returns TLS_OK, or TLS_ERR_USAGE. Whether the server is there shows
 * later. */
int tls_redis_store(tls_ctx *ctx, const char *host, int port, const char *prefix, int timeout_ms);

/* The same in memcached (its binary-safe text protocol, over libmemcached). */
int tls_memcached_store(tls_ctx *ctx, const char *host, int port, const char *prefix, int timeout_ms);

#endif
