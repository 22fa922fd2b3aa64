/* Renegotiation (RFC 5746): refused by default, by own request, by the peer's, with data in flight, for a
   client certificate that is needed later, and what stays as it was. */
#include "check.h"
#include "support.h"

static struct pair in_mode(int client, int server)
{
    tls_ctx *c = client_ctx(), *s = server_ctx("p256");
    struct pair p;
    CHECK_EQ(tls_ctx_set_renegotiation(c, client), TLS_OK);
    CHECK_EQ(tls_ctx_set_renegotiation(s, server), TLS_OK);
    p = pair_of(c, s);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_handshakes(p.client), 1);
    CHECK_EQ(tls_conn_handshakes(p.server), 1);
    return p;
}

/* Moves what waits, in chunks of `step`, while both read; nobody has data. */
static void carry_on(struct pair *p, size_t step)
{
    char none;
    size_t moved;
    do {
        CHECK(tls_read(p->client, &none, 1) < 0);
        CHECK(tls_read(p->server, &none, 1) < 0);
        moved = shuttle(p->client, p->server, step) + shuttle(p->server, p->client, step);
    } while (moved > 0);
}

static void goes_on(struct pair *p)
{
    CHECK_EQ(pair_send(p->client, p->server, "question", 8, 3), 0);
    CHECK_EQ(pair_send(p->server, p->client, "answer", 6, 3), 0);
}

static void either_side_starts(void)
{
    static const size_t steps[] = {1, 700, 100000};
    size_t i;
    for (i = 0; i < 3; i++) {
        struct pair p = in_mode(TLS_RENEGOTIATION_ALLOW, TLS_RENEGOTIATION_ALLOW);
        tls_conn *const starters[] = {p.client, p.server};
        int n;
        for (n = 0; n < 6; n++) {
            int rc = tls_renegotiate(starters[n % 2]);
            CHECK(rc == TLS_OK || rc == TLS_WANT_WRITE);
            CHECK(tls_renegotiate(starters[n % 2]) != TLS_ERR_USAGE); /* asked already */
            carry_on(&p, steps[i]);
            CHECK_EQ(tls_handshake(p.client), TLS_OK);
            CHECK_EQ(tls_handshake(p.server), TLS_OK);
            CHECK_EQ(tls_conn_handshakes(p.client), n + 2);
            CHECK_EQ(tls_conn_handshakes(p.server), n + 2);
            goes_on(&p);
        }
        pair_free(&p);
    }
}

static void refused_by_default(void)
{
    /* Who asks is told, once, and nothing else happens. */
    static const int modes[][2] = {{TLS_RENEGOTIATION_OWN, TLS_RENEGOTIATION_REFUSE},
                                   {TLS_RENEGOTIATION_REFUSE, TLS_RENEGOTIATION_OWN},
                                   {TLS_RENEGOTIATION_OWN, TLS_RENEGOTIATION_OWN}};
    size_t i;
    for (i = 0; i < 3; i++) {
        struct pair p = in_mode(modes[i][0], modes[i][1]);
        tls_conn *asker = modes[i][0] == TLS_RENEGOTIATION_OWN ? p.client : p.server;
        tls_conn *other = asker == p.client ? p.server : p.client;
        char none;
        CHECK(tls_renegotiate(asker) != TLS_ERR_USAGE);
        CHECK(tls_handshake(asker) < 0); /* waits */
        CHECK_EQ(tls_conn_renegotiation_refused(asker), 0);
        shuttle(asker, other, 700);
        CHECK(tls_read(other, &none, 1) < 0);
        shuttle(other, asker, 700);
        CHECK_EQ(tls_handshake(asker), TLS_ERR_TLS);
        CHECK_EQ(conn_error(asker), TLS_REASON_NO_RENEGOTIATION);
        CHECK_EQ(tls_conn_renegotiation_refused(asker), 1);
        CHECK_EQ(tls_handshake(asker), TLS_OK);
        CHECK_EQ(tls_conn_handshakes(asker), 1);
        goes_on(&p);
        pair_free(&p);
    }
}

static void wrong_calls(void)
{
    struct pair p = pair_new("p256");
    CHECK_EQ(tls_renegotiate(p.client), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_WRONG_ORDER);
    CHECK_EQ(tls_conn_handshakes(p.client), 0);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_renegotiate(p.client), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_RENEGOTIATION_OFF);
    CHECK_EQ(tls_conn_set_renegotiation(p.client, 3), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_renegotiation(p.client, -1), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_renegotiation(p.client_ctx, 7), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(p.client_ctx), TLS_REASON_BAD_ARGUMENT);
    /* At any time, for this connection alone. */
    CHECK_EQ(tls_conn_set_renegotiation(p.client, TLS_RENEGOTIATION_OWN), TLS_OK);
    CHECK_EQ(tls_conn_set_client_auth(p.client, TLS_CLIENT_AUTH_REQUIRE), TLS_ERR_USAGE);
    CHECK(tls_close(p.client) != TLS_ERR_TLS);
    CHECK_EQ(tls_renegotiate(p.client), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_CLOSED_FOR_WRITING);
    pair_free(&p);
}

/* A client's renegotiation resumes the session that it is given, and is a full handshake without. */
static void resumed_when_asked(int tickets)
{
    tls_ctx *c = client_ctx(), *s = server_ctx("p256");
    tls_session *session;
    struct pair p;
    CHECK_EQ(tls_ctx_set_renegotiation(c, TLS_RENEGOTIATION_OWN), TLS_OK);
    CHECK_EQ(tls_ctx_set_renegotiation(s, TLS_RENEGOTIATION_ALLOW), TLS_OK);
    CHECK_EQ(tls_ctx_set_tickets(s, tickets), TLS_OK);
    p = pair_of(c, s);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.client), 0);
    session = tls_conn_session(p.client);
    CHECK(session != NULL && tls_session_has_ticket(session) == tickets);
    CHECK_EQ(tls_conn_set_session(p.client, session), TLS_OK);
    CHECK(tls_renegotiate(p.client) != TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_session(p.client, session), TLS_ERR_USAGE); /* it has begun */
    CHECK_EQ(conn_error(p.client), TLS_REASON_WRONG_ORDER);
    carry_on(&p, 700);
    CHECK_EQ(tls_conn_handshakes(p.client), 2);
    CHECK_EQ(tls_conn_resumed(p.client), 1);
    CHECK_EQ(tls_conn_resumed(p.server), 1);
    goes_on(&p);

    /* Once: the next one is full. So it is where the session is taken back. */
    CHECK(tls_renegotiate(p.client) != TLS_ERR_USAGE);
    carry_on(&p, 700);
    CHECK_EQ(tls_conn_handshakes(p.client), 3);
    CHECK_EQ(tls_conn_resumed(p.client), 0);
    CHECK_EQ(tls_conn_set_session(p.client, session), TLS_OK);
    CHECK_EQ(tls_conn_set_session(p.client, NULL), TLS_OK);
    CHECK(tls_renegotiate(p.client) != TLS_ERR_USAGE);
    carry_on(&p, 700);
    CHECK_EQ(tls_conn_handshakes(p.client), 4);
    CHECK_EQ(tls_conn_resumed(p.client), 0);
    CHECK_EQ(tls_conn_set_session(p.server, session), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.server), TLS_REASON_WRONG_ROLE);
    goes_on(&p);
    tls_session_free(session);
    pair_free(&p);
}

static void client_certificate_later(void)
{
    tls_ctx *c = client_ctx(), *s = server_ctx("p256");
    struct pair p;
    CHECK_EQ(tls_ctx_add_keypair_file(c, pki("client-rsa.pem"), pki("client-rsa.key")), TLS_OK);
    CHECK_EQ(tls_ctx_set_renegotiation(c, TLS_RENEGOTIATION_ALLOW), TLS_OK);
    CHECK_EQ(tls_ctx_set_renegotiation(s, TLS_RENEGOTIATION_OWN), TLS_OK);
    CHECK_EQ(tls_ctx_add_ca_file(s, pki("ca.pem")), TLS_OK);
    p = pair_of(c, s);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_peer_cert_count(p.server), 0);
    goes_on(&p);
    CHECK_EQ(tls_conn_set_client_auth(p.server, TLS_CLIENT_AUTH_REQUIRE), TLS_OK);
    CHECK(tls_renegotiate(p.server) != TLS_ERR_USAGE);
    carry_on(&p, 700);
    CHECK_EQ(tls_handshake(p.server), TLS_OK);
    CHECK_EQ(tls_conn_verified(p.server), 1);
    CHECK(tls_conn_peer_cert_count(p.server) >= 1);
    goes_on(&p);
    pair_free(&p);

    /* Nobody said which CAs: the system's vouch for servers alone. */
    p = in_mode(TLS_RENEGOTIATION_ALLOW, TLS_RENEGOTIATION_OWN);
    CHECK_EQ(tls_conn_set_client_auth(p.server, TLS_CLIENT_AUTH_REQUIRE), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.server), TLS_REASON_NO_TRUST_ANCHORS);
    pair_free(&p);
}

/* A verb that does not read keeps what comes, until somebody reads. */
static void data_in_flight(void)
{
    static unsigned char sent[60000], got[60000];
    struct pair p = in_mode(TLS_RENEGOTIATION_ALLOW, TLS_RENEGOTIATION_ALLOW);
    size_t written = 0, read = 0;
    fill(sent, sizeof sent, 5);
    CHECK(tls_renegotiate(p.client) != TLS_ERR_USAGE);
    while (written < 20000) { /* the server has not seen the hello */
        ptrdiff_t n = tls_write(p.server, sent + written, 2000);
        CHECK(n > 0);
        written += (size_t)n;
        shuttle(p.server, p.client, 700);
        CHECK(tls_write(p.client, "later", 5) < 0);
        CHECK(tls_conn_pending(p.client) <= written);
    }
    CHECK_EQ((int)tls_conn_pending(p.client), (int)written);
    while (read < written) {
        ptrdiff_t n = tls_read(p.client, got + read, 999);
        CHECK(n > 0);
        read += (size_t)n;
    }
    CHECK(memcmp(sent, got, written) == 0);
    carry_on(&p, 700);
    CHECK_EQ(tls_conn_handshakes(p.client), 2);
    goes_on(&p);
    pair_free(&p);
}

/* Two contexts in turn, each with a suite of its own. */
struct turns {
    tls_ctx *ctx[2];
    unsigned calls;
};

static int another_each_time(tls_pending *pending, const tls_hello *hello, void *arg)
{
    struct turns *turns = arg;
    (void)hello;
    return tls_pending_use_ctx(pending, turns->ctx[turns->calls++ % 2]);
}

/* Facts are those of the last complete handshake; what was lent before stays what it was, for eight more. */
static void facts_follow(void)
{
    static const char *const suites[] = {"ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"};
    tls_ctx *c = client_ctx(), *s = server_ctx("p256");
    struct turns turns = {{server_ctx("p256"), server_ctx("p256")}, 0};
    const char *lent[4];
    struct pair p;
    int n;
    CHECK_EQ(tls_ctx_set_renegotiation(c, TLS_RENEGOTIATION_ALLOW), TLS_OK);
    CHECK_EQ(tls_ctx_set_renegotiation(s, TLS_RENEGOTIATION_ALLOW), TLS_OK);
    for (n = 0; n < 2; n++) {
        CHECK_EQ(tls_ctx_set_cipher_list(turns.ctx[n], suites[n]), TLS_OK);
        CHECK_EQ(tls_ctx_set_renegotiation(turns.ctx[n], TLS_RENEGOTIATION_ALLOW), TLS_OK);
    }
    /* The callback of a context that was chosen is its own. */
    CHECK_EQ(tls_ctx_set_hello_callback(s, another_each_time, &turns, NULL), TLS_OK);
    CHECK_EQ(tls_ctx_set_hello_callback(turns.ctx[0], another_each_time, &turns, NULL), TLS_OK);
    CHECK_EQ(tls_ctx_set_hello_callback(turns.ctx[1], another_each_time, &turns, NULL), TLS_OK);
    p = pair_of(c, s);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    for (n = 0; n < 4; n++) {
        lent[n] = tls_conn_cipher(p.client);
        CHECK_STR(lent[n], suites[n % 2]);
        CHECK_STR(tls_conn_cipher(p.server), suites[n % 2]);
        CHECK_STR(lent[0], suites[0]);
        CHECK(tls_renegotiate(p.client) != TLS_ERR_USAGE);
        carry_on(&p, 700);
        CHECK_EQ(tls_conn_handshakes(p.client), n + 2);
    }
    CHECK(lent[0] == lent[2] && lent[1] == lent[3]);
    /* What is asked for again stays; either side may ask for ten handshakes in a minute. */
    lent[0] = tls_conn_version(p.client);
    for (n = 4; n < 16; n++) {
        CHECK_STR(tls_conn_cipher(p.client), suites[n % 2]);
        CHECK(tls_conn_version(p.client) == lent[0]);
        CHECK_STR(tls_cert_subject(tls_conn_peer_cert(p.client, 0)), tls_cert_subject(tls_conn_verified_cert(p.client, 0)));
        CHECK(tls_renegotiate(n % 2 == 0 ? p.client : p.server) != TLS_ERR_USAGE);
        carry_on(&p, 700);
        CHECK_EQ(tls_conn_handshakes(p.client), n + 2);
    }
    pair_free(&p);
    tls_ctx_free(turns.ctx[0]);
    tls_ctx_free(turns.ctx[1]);
}

int main(void)
{
    either_side_starts();
    refused_by_default();
    wrong_calls();
    resumed_when_asked(0);
    resumed_when_asked(1);
    client_certificate_later();
    data_in_flight();
    facts_follow();
    return checks_done();
}
