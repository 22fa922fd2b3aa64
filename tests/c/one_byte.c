/* The meanest transport that is still one: each callback moves one byte, and answers every other
 * call with TLS_WANT_*. Data goes both ways at the same time and must arrive unchanged. */
#include "check.h"
#include "support.h"

#include <stdlib.h>

enum { LEN = 96 * 1024 };

/* One direction: a ring of bytes between a writer and a reader. */
struct pipe {
    unsigned char bytes[4096];
    size_t head, tail; /* never wrapped: only their difference and their remainders matter */
    unsigned calls;
};

struct end {
    struct pipe *in, *out;
};

static ptrdiff_t read_one(tls_conn *conn, void *buf, size_t len, void *arg)
{
    struct pipe *p = ((struct end *)arg)->in;
    (void)conn;
    if (len == 0 || p->head == p->tail || p->calls++ % 2 == 0)
        return TLS_WANT_READ;
    *(unsigned char *)buf = p->bytes[p->tail++ % sizeof p->bytes];
    return 1;
}

static ptrdiff_t write_one(tls_conn *conn, const void *buf, size_t len, void *arg)
{
    struct pipe *p = ((struct end *)arg)->out;
    (void)conn;
    if (len == 0 || p->head - p->tail == sizeof p->bytes || p->calls++ % 2 == 0)
        return TLS_WANT_WRITE;
    p->bytes[p->head++ % sizeof p->bytes] = *(const unsigned char *)buf;
    return 1;
}

/* What one side still has to send, and what it has got. */
struct side {
    tls_conn *conn;
    const unsigned char *data;
    size_t sent, got;
    unsigned char received[LEN];
    int closed, ended;
};

static int is_want(ptrdiff_t rc)
{
    return rc == TLS_WANT_READ || rc == TLS_WANT_WRITE;
}

/* One try of each verb; 0 on an error. */
static int step(struct side *s)
{
    ptrdiff_t n = 0;
    if (s->sent < LEN) {
        n = tls_write(s->conn, s->data + s->sent, LEN - s->sent < 1000 ? LEN - s->sent : 1000);
        s->sent += n > 0 ? (size_t)n : 0;
    } else if (!s->closed) {
        n = tls_close(s->conn);
        s->closed = n == 0;
    }
    if (n < 0 && !is_want(n))
        return 0;
    if (!s->ended) {
        n = tls_read(s->conn, s->received + s->got, s->got < LEN ? LEN - s->got : 1);
        if (n < 0 && !is_want(n))
            return 0;
        s->ended = n == 0;
        s->got += n > 0 ? (size_t)n : 0;
    }
    return s->got <= LEN;
}

static void converse(const char *policy, const char *suite)
{
    static struct side client, server;
    static struct pipe up, down;
    static unsigned char there[LEN], back[LEN];
    struct end client_end = {&down, &up}, server_end = {&up, &down};
    struct pair p = pair_of(client_ctx(), server_ctx("rsa"));
    long turns;

    tls_conn_free(p.client);
    tls_conn_free(p.server);
    CHECK_EQ(tls_ctx_set_policy(p.client_ctx, policy), TLS_OK);
    CHECK_EQ(tls_ctx_set_policy(p.server_ctx, policy), TLS_OK);
    CHECK_EQ(tls_ctx_set_cipher_list(p.client_ctx, suite), TLS_OK);
    p.client = tls_conn_new(p.client_ctx, "localhost");
    p.server = tls_conn_new_server(p.server_ctx);
    CHECK_EQ(tls_conn_set_io(p.client, read_one, write_one, &client_end), TLS_OK);
    CHECK_EQ(tls_conn_set_io(p.server, read_one, write_one, &server_end), TLS_OK);

    fill(there, LEN, 7);
    fill(back, LEN, 8);
    memset(&up, 0, sizeof up);
    memset(&down, 0, sizeof down);
    client = (struct side){.conn = p.client, .data = there};
    server = (struct side){.conn = p.server, .data = back};
    for (turns = 0; turns < 100L * LEN; turns++) {
        if (!step(&client) || !step(&server))
            break;
        if (client.closed && server.closed && client.ended && server.ended)
            break;
    }
    CHECK_STR(tls_conn_error_text(p.client), "no error");
    CHECK_STR(tls_conn_error_text(p.server), "no error");
    CHECK_STR(tls_conn_cipher(p.client), suite);
    CHECK_EQ(client.got, LEN);
    CHECK_EQ(server.got, LEN);
    CHECK(memcmp(client.received, back, LEN) == 0);
    CHECK(memcmp(server.received, there, LEN) == 0);
    CHECK(client.ended && server.ended);
    pair_free(&p);
}

int main(void)
{
    converse("modern", "ECDHE-RSA-AES128-GCM-SHA256");
    converse("modern", "ECDHE-RSA-CHACHA20-POLY1305");
    converse("compatible", "ECDHE-RSA-AES128-SHA");
    converse("legacy", "AES256-SHA256");
    return checks_done();
}
