/* Limits of use: the keys of one direction protect so much and no more. Who is told, what fails, and what
   new keys bring. */
#include "check.h"
#include "support.h"

struct told {
    int times, renegotiate, close;
};

static void near_the_end(tls_conn *conn, void *arg)
{
    struct told *told = arg;
    told->times++;
    if (told->renegotiate)
        CHECK(tls_renegotiate(conn) != TLS_ERR_USAGE);
    if (told->close)
        CHECK(tls_close(conn) != TLS_ERR_USAGE);
}

/* So many records in each direction. */
static struct pair limited(unsigned client, unsigned server)
{
    tls_ctx *c = client_ctx(), *s = server_ctx("p256");
    struct pair p;
    CHECK_EQ(tls_ctx_set_key_limit(c, client), TLS_OK);
    CHECK_EQ(tls_ctx_set_key_limit(s, server), TLS_OK);
    CHECK_EQ(tls_ctx_set_renegotiation(c, TLS_RENEGOTIATION_ALLOW), TLS_OK);
    CHECK_EQ(tls_ctx_set_renegotiation(s, TLS_RENEGOTIATION_ALLOW), TLS_OK);
    p = pair_of(c, s);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    return p;
}

static void carry_on(struct pair *p)
{
    char none;
    size_t moved;
    do {
        CHECK(tls_read(p->client, &none, 1) < 0);
        CHECK(tls_read(p->server, &none, 1) < 0);
        moved = shuttle(p->client, p->server, 700) + shuttle(p->server, p->client, 700);
    } while (moved > 0);
}

static void nobody_listens(void)
{
    struct pair p = limited(16, 0);
    int n;
    for (n = 0; n < 15; n++) /* the Finished was the first record */
        CHECK_EQ(pair_send(p.client, p.server, "x", 1, 100), 0);
    for (n = 0; n < 3; n++) {
        CHECK_EQ(tls_write(p.client, "x", 1), TLS_ERR_USAGE);
        CHECK_EQ(conn_error(p.client), TLS_REASON_KEY_LIMIT_REACHED);
    }
    /* Not fatal: the other direction, new keys and the end are possible. */
    CHECK_EQ(pair_send(p.server, p.client, "x", 1, 100), 0);
    CHECK(tls_renegotiate(p.client) != TLS_ERR_USAGE);
    carry_on(&p);
    CHECK_EQ(tls_conn_handshakes(p.client), 2);
    CHECK_EQ(pair_send(p.client, p.server, "x", 1, 100), 0);
    pair_free(&p);
}

static void the_peer_goes_on(void)
{
    struct pair p = limited(0, 16);
    char x;
    int n;
    for (n = 0; n < 15; n++)
        CHECK_EQ(pair_send(p.client, p.server, "x", 1, 100), 0);
    CHECK_EQ(tls_write(p.client, "x", 1), 1);
    shuttle(p.client, p.server, 100);
    CHECK_EQ(tls_read(p.server, &x, 1), TLS_ERR_TLS);
    CHECK_EQ(conn_error(p.server), TLS_REASON_KEY_LIMIT_EXCEEDED);
    /* To the peer it is a clean end. */
    CHECK_EQ(tls_conn_close_sent(p.server), 1);
    shuttle(p.server, p.client, 100);
    CHECK_EQ(tls_read(p.client, &x, 1), 0);
    pair_free(&p);
}

/* Told once for the keys of each handshake, whichever direction it is. */
static void told_in_time(int writing)
{
    struct pair p = limited(16, 0);
    struct told told = {0, 1, 0};
    int round, n;
    CHECK_EQ(tls_conn_set_key_limit_callback(p.client, near_the_end, &told), TLS_OK);
    for (round = 1; round <= 3; round++) {
        for (n = 0; told.times < round && n < 20; n++)
            if (writing)
                CHECK_EQ(pair_send(p.client, p.server, "x", 1, 100), 0);
            else
                CHECK_EQ(pair_send(p.server, p.client, "x", 1, 100), 0);
        CHECK_EQ(n, 13);
        carry_on(&p);
        CHECK_EQ(tls_conn_handshakes(p.client), round + 1);
    }
    pair_free(&p);
}

/* Each direction has its keys: whoever does nothing about the one is told about the other. */
static void told_of_each_direction(void)
{
    struct pair p = limited(16, 0);
    struct told told = {0, 0, 0};
    int n;
    CHECK_EQ(tls_conn_set_key_limit_callback(p.client, near_the_end, &told), TLS_OK);
    for (n = 0; n < 15; n++)
        CHECK_EQ(pair_send(p.client, p.server, "x", 1, 100), 0);
    CHECK_EQ(told.times, 1);
    for (n = 0; n < 12; n++)
        CHECK_EQ(pair_send(p.server, p.client, "x", 1, 100), 0);
    CHECK_EQ(told.times, 1);
    for (; n < 15; n++)
        CHECK_EQ(pair_send(p.server, p.client, "x", 1, 100), 0);
    CHECK_EQ(told.times, 2);
    /* New keys for both. */
    CHECK(tls_renegotiate(p.client) != TLS_ERR_USAGE);
    carry_on(&p);
    for (n = 0; n < 13; n++)
        CHECK_EQ(pair_send(p.server, p.client, "x", 1, 100), 0);
    CHECK_EQ(told.times, 3);
    pair_free(&p);
}

static void close_in_time(void)
{
    struct pair p = limited(16, 0);
    struct told told = {0, 0, 1};
    char x;
    int n;
    CHECK_EQ(tls_conn_set_key_limit_callback(p.client, near_the_end, &told), TLS_OK);
    for (n = 0; n < 12; n++)
        CHECK_EQ(pair_send(p.client, p.server, "x", 1, 100), 0);
    CHECK_EQ(tls_write(p.client, "x", 1), 1);
    CHECK_EQ(told.times, 1);
    shuttle(p.client, p.server, 100);
    CHECK_EQ(tls_read(p.server, &x, 1), 1);
    CHECK_EQ(tls_read(p.server, &x, 1), 0);
    CHECK_EQ(tls_write(p.client, "x", 1), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_CLOSED_FOR_WRITING);
    /* Nobody any more. */
    CHECK_EQ(tls_conn_set_key_limit_callback(p.client, NULL, NULL), TLS_OK);
    pair_free(&p);
}

int main(void)
{
    nobody_listens();
    the_peer_goes_on();
    told_in_time(1);
    told_in_time(0);
    told_of_each_direction();
    close_in_time();
    return checks_done();
}
