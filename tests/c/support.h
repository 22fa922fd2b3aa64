/* What the C tests share: contexts on the test PKI, and two connections joined in memory. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <tlscore/tls.h>

/* The path of a file of tests/pki. Static, overwritten by the eighth call after it. */
const char *pki(const char *file);

/* A context that trusts the test CA; a context with the server-NAME keypair. Never NULL. */
tls_ctx *client_ctx(void);
tls_ctx *server_ctx(const char *name);

/* The number of the error that stands on it. */
int ctx_error(const tls_ctx *ctx);
int conn_error(const tls_conn *conn);

/* A client (for "localhost") and a server, without a transport. */
struct pair {
    tls_ctx *client_ctx, *server_ctx;
    tls_conn *client, *server;
};
struct pair pair_new(const char *server_name);               /* of fresh contexts, default policy */
struct pair pair_of(tls_ctx *client_ctx, tls_ctx *server_ctx); /* takes the contexts over */
void pair_free(struct pair *p);

/* Moves what waits in `from` to `to`, `step` bytes at a time; returns how many bytes went. */
size_t shuttle(tls_conn *from, tls_conn *to, size_t step);

/* Runs both handshakes with chunks of `step`. Returns TLS_OK, or the first error of either side. */
int pair_handshake(struct pair *p, size_t step);

/* All of `len` from one side to the other, through chunks of `step`; 0 when it arrived unchanged. */
int pair_send(tls_conn *from, tls_conn *to, const void *data, size_t len, size_t step);

/* Bytes that look like nothing, always the same for a seed. */
void fill(unsigned char *out, size_t len, unsigned seed);

#endif
