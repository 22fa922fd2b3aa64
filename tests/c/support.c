#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *pki(const char *file)
{
    static char paths[8][512];
    static unsigned next;
    const char *dir = getenv("TLS_TEST_PKI");
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", dir != NULL ? dir : "tests/pki", file);
    return path;
}

static void give_up(const char *what, const tls_ctx *ctx)
{
    tls_error_info error = {0};
    tls_ctx_error(ctx, &error);
    fprintf(stderr, "%s: %s: %s\n", what, error.name, error.text);
    exit(1);
}

tls_ctx *client_ctx(void)
{
    tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
    if (tls_ctx_add_ca_file(ctx, pki("ca.pem")) != TLS_OK)
        give_up("ca.pem", ctx);
    return ctx;
}

tls_ctx *server_ctx(const char *name)
{
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    char cert[128], key[128];
    snprintf(cert, sizeof cert, "server-%s.pem", name);
    snprintf(key, sizeof key, "server-%s.key", name);
    if (tls_ctx_add_keypair_file(ctx, pki(cert), pki(key)) != TLS_OK)
        give_up(cert, ctx);
    return ctx;
}

int ctx_error(const tls_ctx *ctx)
{
    tls_error_info error = {0};
    return tls_ctx_error(ctx, &error) == TLS_OK ? error.number : -1;
}

int conn_error(const tls_conn *conn)
{
    tls_error_info error = {0};
    return tls_conn_error(conn, &error) == TLS_OK ? error.number : -1;
}

struct pair pair_of(tls_ctx *client_ctx, tls_ctx *server_ctx)
{
    struct pair p = {client_ctx, server_ctx, NULL, NULL};
    p.client = tls_conn_new(client_ctx, "localhost");
    p.server = tls_conn_new_server(server_ctx);
    return p;
}

struct pair pair_new(const char *server_name)
{
    return pair_of(client_ctx(), server_ctx(server_name));
}

void pair_free(struct pair *p)
{
    tls_conn_free(p->client);
    tls_conn_free(p->server);
    tls_ctx_free(p->client_ctx);
    tls_ctx_free(p->server_ctx);
}

size_t shuttle(tls_conn *from, tls_conn *to, size_t step)
{
    unsigned char buf[20000];
    size_t total = 0;
    ptrdiff_t n;
    if (step > sizeof buf)
        step = sizeof buf;
    while ((n = tls_drain(from, buf, step)) > 0) {
        size_t at = 0;
        while (at < (size_t)n) {
            ptrdiff_t taken = tls_feed(to, buf + at, (size_t)n - at);
            if (taken <= 0) { /* full, or failed: a test that expects this does not use shuttle() */
                total += at;
                return total;
            }
            at += (size_t)taken;
        }
        total += at;
    }
    return total;
}

static int is_want(ptrdiff_t rc)
{
    return rc == TLS_WANT_READ || rc == TLS_WANT_WRITE || rc == TLS_WANT_APP;
}

int pair_handshake(struct pair *p, size_t step)
{
    int round;
    for (round = 0; round < 20; round++) {
        int c = tls_handshake(p->client), s;
        shuttle(p->client, p->server, step);
        s = tls_handshake(p->server);
        shuttle(p->server, p->client, step);
        if (c == TLS_OK && s == TLS_OK)
            return TLS_OK;
        if (c != TLS_OK && !is_want(c))
            return c;
        if (s != TLS_OK && !is_want(s)) {
            tls_handshake(p->client); /* so that the client reads the alert */
            return s;
        }
    }
    return TLS_WANT_READ;
}

int pair_send(tls_conn *from, tls_conn *to, const void *data, size_t len, size_t step)
{
    const unsigned char *bytes = data;
    unsigned char buf[4096];
    size_t sent = 0, got = 0;
    while (got < len) {
        ptrdiff_t n;
        if (sent < len && (n = tls_write(from, bytes + sent, len - sent)) != 0) {
            if (n < 0 && !is_want(n))
                return -1;
            sent += n > 0 ? (size_t)n : 0;
        }
        /* What the receiver cannot take yet is not drained: one read for each chunk. */
        for (;;) {
            unsigned char wire[4096];
            ptrdiff_t have = tls_drain(from, wire, step < sizeof wire ? step : sizeof wire), at = 0;
            if (have <= 0)
                break;
            while (at < have) {
                ptrdiff_t fed = tls_feed(to, wire + at, (size_t)(have - at));
                if (fed < 0)
                    return -1;
                at += fed;
                while ((n = tls_read(to, buf, sizeof buf)) > 0) {
                    if (got + (size_t)n > len || memcmp(buf, bytes + got, (size_t)n) != 0)
                        return -1;
                    got += (size_t)n;
                }
                if (!is_want(n))
                    return -1;
            }
        }
    }
    return 0;
}

void fill(unsigned char *out, size_t len, unsigned seed)
{
    unsigned state = seed * 2654435761u + 1;
    size_t i;
    for (i = 0; i < len; i++) {
        state = state * 1664525u + 1013904223u;
        out[i] = (unsigned char)(state >> 24);
    }
}
