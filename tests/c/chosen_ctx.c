/* What was set on a connection holds where the ClientHello callback chooses another context
   (tls_pending_use_ctx()): the demand for a client's certificate, who judges it, renegotiation. */
#include "check.h"
#include "support.h"

enum own { NOTHING, REFUSING_CALLBACK, ANY_CERT, VERIFY, RENEGOTIATION };

static int use(tls_pending *pending, const tls_hello *hello, void *arg)
{
    (void)hello;
    return tls_pending_use_ctx(pending, arg);
}

static int refuse(tls_pending *pending, const tls_verdict *verdict, void *arg)
{
    (void)pending;
    (void)verdict;
    ++*(int *)arg;
    return TLS_ERR_TLS;
}

/* A context that judges clients by this CA, in front of, or behind, another one. */
static tls_ctx *judging(const char *ca)
{
    tls_ctx *ctx = server_ctx("p256");
    CHECK_EQ(tls_ctx_add_ca_file(ctx, pki(ca)), TLS_OK);
    return ctx;
}

/* A client, with a certificate or without, that follows requests to renegotiate. */
static tls_ctx *client(int certificate)
{
    tls_ctx *ctx = client_ctx();
    CHECK_EQ(tls_ctx_set_renegotiation(ctx, TLS_RENEGOTIATION_ALLOW), TLS_OK);
    CHECK_EQ(tls_ctx_set_client_session_cache(ctx, 0), TLS_OK);
    if (certificate)
        CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("client-rsa.pem"), pki("client-rsa.key")), TLS_OK);
    return ctx;
}

/* A server behind whose context this one is chosen; which is given up here. */
static struct pair chosen(int certificate, tls_ctx *other)
{
    tls_ctx *front = judging("ca.pem");
    struct pair p;
    CHECK_EQ(tls_ctx_set_hello_callback(front, use, other, (void (*)(void *))tls_ctx_free), TLS_OK);
    p = pair_of(client(certificate), front);
    return p;
}

static void demands(void)
{
    static const int modes[] = {TLS_CLIENT_AUTH_NONE, TLS_CLIENT_AUTH_REQUEST, TLS_CLIENT_AUTH_REQUIRE};
    int own, other, certificate;
    for (own = 0; own < 3; own++)
        for (other = 0; other < 3; other++)
            for (certificate = 0; certificate < 2; certificate++) {
                int stricter = own > other ? own : other;
                tls_ctx *ctx = judging("ca.pem");
                struct pair p;
                CHECK_EQ(tls_ctx_set_client_auth(ctx, modes[other]), TLS_OK);
                p = chosen(certificate, ctx);
                CHECK_EQ(tls_conn_set_client_auth(p.server, modes[own]), TLS_OK);
                if (stricter == 2 && !certificate) {
                    CHECK_EQ(pair_handshake(&p, 4096), TLS_ERR_TLS);
                    CHECK_EQ(conn_error(p.server), TLS_REASON_PEER_DID_NOT_RETURN_A_CERTIFICATE);
                } else {
                    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
                    CHECK_EQ(tls_conn_cert_requested(p.client), stricter > 0);
                    CHECK_EQ(tls_conn_verified(p.server), stricter > 0 && certificate);
                }
                pair_free(&p);
            }
}

/* Who judges the client, by what was set on the connection and by what the chosen context says. */
static void judges(enum own own, tls_ctx *other, int rc, int reason, int verified)
{
    int calls = 0;
    struct pair p = chosen(1, other);
    CHECK_EQ(tls_conn_set_client_auth(p.server, TLS_CLIENT_AUTH_REQUIRE), TLS_OK);
    if (own == REFUSING_CALLBACK)
        CHECK_EQ(tls_conn_set_verify_callback(p.server, refuse, &calls, NULL), TLS_OK);
    if (own == ANY_CERT)
        CHECK_EQ(tls_conn_danger_accept_any_cert(p.server), TLS_OK);
    if (own == VERIFY)
        CHECK_EQ(tls_conn_set_verify(p.server, TLS_VERIFY_REQUIRED), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 4096), rc);
    CHECK_EQ(conn_error(p.server), reason);
    CHECK_EQ(tls_conn_verified(p.server), verified);
    CHECK_EQ(calls, own == REFUSING_CALLBACK);
    pair_free(&p);
}

static tls_ctx *lenient(void)
{
    tls_ctx *ctx = server_ctx("p256");
    CHECK_EQ(tls_ctx_danger_accept_any_cert(ctx), TLS_OK);
    return ctx;
}

static void verification(void)
{
    /* The CAs are those of the chosen context. */
    judges(NOTHING, judging("ca.pem"), TLS_OK, 0, 1);
    judges(NOTHING, judging("self-client.pem"), TLS_ERR_TLS, TLS_REASON_UNKNOWN_CA, 0);
    judges(VERIFY, judging("self-client.pem"), TLS_ERR_TLS, TLS_REASON_UNKNOWN_CA, 0);
    judges(NOTHING, server_ctx("p256"), TLS_ERR_USAGE, TLS_REASON_NO_TRUST_ANCHORS, 0);
    judges(REFUSING_CALLBACK, judging("ca.pem"), TLS_ERR_TLS, TLS_REASON_CERTIFICATE_VERIFY_FAILED, 0);
    judges(ANY_CERT, judging("self-client.pem"), TLS_OK, 0, 0);
    /* What accepts any certificate does not on a connection that verifies, by the CAs of its own context. */
    judges(NOTHING, lenient(), TLS_OK, 0, 0);
    judges(VERIFY, lenient(), TLS_OK, 0, 1);
}

/* The context in front needs no CAs of its own; the one that serves does. */
static void cas_behind_the_callback(void)
{
    int i;
    for (i = 0; i < 2; i++) {
        tls_ctx *front = server_ctx("p256"), *other = i == 0 ? judging("ca.pem") : server_ctx("p256");
        struct pair p;
        CHECK_EQ(tls_ctx_set_hello_callback(front, use, other, (void (*)(void *))tls_ctx_free), TLS_OK);
        CHECK_EQ(tls_ctx_set_client_auth(front, TLS_CLIENT_AUTH_REQUEST), TLS_OK);
        p = pair_of(client(1), front);
        CHECK_EQ(tls_conn_set_client_auth(p.server, TLS_CLIENT_AUTH_REQUIRE), TLS_OK);
        CHECK_EQ(pair_handshake(&p, 4096), i == 0 ? TLS_OK : TLS_ERR_USAGE);
        CHECK_EQ(conn_error(p.server), i == 0 ? 0 : TLS_REASON_NO_TRUST_ANCHORS);
        CHECK_EQ(tls_conn_verified(p.server), i == 0);
        pair_free(&p);
    }
}

static void renegotiation(int own)
{
    struct pair p = chosen(1, judging("ca.pem"));
    int round;
    if (own)
        CHECK_EQ(tls_conn_set_renegotiation(p.server, TLS_RENEGOTIATION_OWN), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    if (!own) {
        CHECK_EQ(tls_renegotiate(p.server), TLS_ERR_USAGE);
        CHECK_EQ(conn_error(p.server), TLS_REASON_RENEGOTIATION_OFF);
    } else {
        CHECK_EQ(tls_conn_set_client_auth(p.server, TLS_CLIENT_AUTH_REQUIRE), TLS_OK);
        CHECK(tls_renegotiate(p.server) != TLS_ERR_USAGE);
        for (round = 0; round < 5; round++) {
            char none;
            shuttle(p.server, p.client, 4096);
            CHECK(tls_read(p.client, &none, 1) < 0);
            shuttle(p.client, p.server, 4096);
            CHECK(tls_read(p.server, &none, 1) < 0);
        }
        CHECK_EQ(tls_conn_handshakes(p.server), 2);
        CHECK_EQ(tls_conn_verified(p.server), 1);
    }
    pair_free(&p);
}

int main(void)
{
    demands();
    verification();
    cas_behind_the_callback();
    renegotiation(0);
    renegotiation(1);
    return checks_done();
}
