/* One source, built once with each library (-DNAME=...): TLS over memory BIOs. */
#include "beside.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

static void *make(int server, const char *ca, const char *cert, const char *key)
{
    SSL_CTX *ctx = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
    SSL *ssl;
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    if (server) {
        SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
        if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1 || SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
            return NULL;
    } else if (SSL_CTX_load_verify_locations(ctx, ca, NULL) != 1) {
        return NULL;
    }
    ssl = SSL_new(ctx);
    SSL_CTX_free(ctx);
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (server) {
        SSL_set_accept_state(ssl);
    } else {
        SSL_set_connect_state(ssl);
        SSL_set1_host(ssl, "localhost");
    }
    return ssl;
}

static int step(void *half)
{
    int rc = SSL_do_handshake(half);
    if (rc == 1)
        return 1;
    return SSL_get_error(half, rc) == SSL_ERROR_WANT_READ ? 0 : -1;
}

static int in(void *half, const char *data, int len) { return BIO_write(SSL_get_rbio(half), data, len); }
static int out(void *half, char *data, int len) { return BIO_read(SSL_get_wbio(half), data, len); }
static int send(void *half, const char *data, int len) { return SSL_write(half, data, len); }
static int receive(void *half, char *data, int len) { return SSL_read(half, data, len); }
static void drop(void *half) { SSL_free(half); }

const struct half NAME = {
#ifdef TLSCORE_OPENSSL_COMPAT
    "tlscore",
#else
    "OpenSSL",
#endif
    make, step, in, out, send, receive, drop,
};
