/* What CAs say about revocation: OCSP staples (RFC 6960, RFC 6066 §8, RFC 7633) and CRLs (RFC 5280 §5). */
#include "check.h"
#include "support.h"

#include <stdlib.h>

/* 2020-01-01, 2021-01-01 and 2119-01-01 */
#define FROM 1577836800LL
#define EARLY 1609459200LL
#define TO 4701974400LL

/* A fresh pair of connections of the same contexts. */
static void again(struct pair *p)
{
    tls_conn_free(p->client);
    tls_conn_free(p->server);
    *p = pair_of(p->client_ctx, p->server_ctx);
}

static void staples(void)
{
    static const struct {
        const char *keypair, *response;
        int mode, error;
    } cases[] = {
        {"p256", "ocsp-p256-good.der", TLS_OCSP_REQUIRE, 0},
        {"p256", "ocsp-p256-delegated.der", TLS_OCSP_REQUIRE, 0},
        {"rsa", "ocsp-rsa-good.der", TLS_OCSP_REQUIRE, 0},
        {"p256", "ocsp-p256-revoked.der", TLS_OCSP_REQUEST, TLS_REASON_CERTIFICATE_REVOKED},
        {"p256", "ocsp-p256-revoked.der", TLS_OCSP_REQUIRE, TLS_REASON_CERTIFICATE_REVOKED},
        {"p256", "ocsp-p256-revoked.der", TLS_OCSP_OFF, 0},
        {"p256", NULL, TLS_OCSP_REQUEST, 0},
        {"p256", NULL, TLS_OCSP_REQUIRE, TLS_REASON_OCSP_RESPONSE_MISSING},
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair p = pair_new(cases[i].keypair);
        tls_ocsp_info info;
        int stapled = cases[i].response != NULL && cases[i].mode != TLS_OCSP_OFF;
        CHECK_EQ(tls_ctx_set_ocsp(p.client_ctx, cases[i].mode), TLS_OK);
        if (cases[i].response != NULL)
            CHECK_EQ(tls_ctx_set_ocsp_response_file(p.server_ctx, 0, pki(cases[i].response)), TLS_OK);
        again(&p);
        CHECK_EQ(tls_conn_ocsp_info(p.client, &info), 0);
        CHECK_EQ(pair_handshake(&p, 600), cases[i].error == 0 ? TLS_OK : TLS_ERR_TLS);
        CHECK_EQ(conn_error(p.client), cases[i].error);
        info.status = 77;
        CHECK_EQ(tls_conn_ocsp_info(p.client, &info), stapled);
        CHECK_EQ(tls_conn_ocsp_info(p.server, &info), 0);
        if (!stapled) {
            CHECK_EQ(info.status, 77);
        } else if (cases[i].error == 0) {
            CHECK_EQ(info.status, TLS_OCSP_GOOD);
            CHECK_EQ(info.error, 0);
            CHECK(info.revoked_at == TLS_NO_TIME);
            CHECK_EQ(info.revocation_reason, -1);
        } else {
            CHECK_EQ(info.status, TLS_OCSP_REVOKED);
            CHECK(info.error != 0);
            CHECK(info.revoked_at == EARLY);
            CHECK_EQ(info.revocation_reason, 1); /* keyCompromise */
        }
        if (stapled)
            CHECK(info.produced_at == FROM && info.this_update == FROM && info.next_update == TO);
        pair_free(&p);
    }
}

/* The default asks, and nobody is told that a staple is right whom nobody verified. */
static void defaults(void)
{
    struct pair p = pair_new("p256");
    tls_ocsp_info info;
    CHECK_EQ(tls_ctx_set_ocsp_response_file(p.server_ctx, 0, pki("ocsp-p256-good.der")), TLS_OK);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(tls_conn_ocsp_info(p.client, &info), 1);
    CHECK_EQ(info.error, 0);
    CHECK_EQ(tls_conn_ocsp_info(p.client, NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_danger_accept_any_cert(p.client_ctx), TLS_OK);
    CHECK_EQ(tls_ctx_set_ocsp_response_file(p.server_ctx, 0, pki("ocsp-p256-revoked.der")), TLS_OK);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(tls_conn_ocsp_info(p.client, &info), 1);
    CHECK_EQ(info.status, TLS_OCSP_REVOKED);
    CHECK(info.error != 0);
    pair_free(&p);
}

/* RFC 7633: such a certificate is no good without its staple, whatever the client asks for. */
static void must_staple(void)
{
    static const int modes[] = {TLS_OCSP_OFF, TLS_OCSP_REQUEST, TLS_OCSP_REQUIRE};
    size_t i;
    int stapled;
    for (i = 0; i < sizeof modes / sizeof *modes; i++)
        for (stapled = 0; stapled < 2; stapled++) {
            struct pair p = pair_new("p256");
            int good = stapled && modes[i] != TLS_OCSP_OFF;
            CHECK_EQ(tls_ctx_set_ocsp(p.client_ctx, modes[i]), TLS_OK);
            CHECK_EQ(tls_ctx_set_keypair_file(p.server_ctx, pki("must-staple.pem"), pki("must-staple.key")), TLS_OK);
            if (stapled)
                CHECK_EQ(tls_ctx_set_ocsp_response_file(p.server_ctx, 0, pki("ocsp-must-staple-good.der")), TLS_OK);
            again(&p);
            CHECK_EQ(pair_handshake(&p, 600), good ? TLS_OK : TLS_ERR_TLS);
            CHECK_EQ(conn_error(p.client), good ? 0 : TLS_REASON_OCSP_RESPONSE_MISSING);
            pair_free(&p);
        }
}

/* A server is told when what it staples is no good; what it had stays. */
static void own_staples(void)
{
    static const struct {
        const char *response;
        int reason;
    } bad[] = {
        {"ocsp-rsa-good.der", TLS_REASON_BAD_STAPLE},
        {"ocsp-p256-expired.der", TLS_REASON_BAD_STAPLE},
        {"ocsp-p256-stranger.der", TLS_REASON_BAD_STAPLE},
        {"ca.pem", TLS_REASON_BAD_ARGUMENT},
    };
    struct pair p = pair_new("p256");
    tls_ocsp_info info;
    size_t i;
    CHECK_EQ(tls_ctx_set_ocsp_response_file(p.server_ctx, 0, pki("ocsp-p256-good.der")), TLS_OK);
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_EQ(tls_ctx_set_ocsp_response_file(p.server_ctx, 0, pki(bad[i].response)), TLS_ERR_USAGE);
        CHECK_EQ(ctx_error(p.server_ctx), bad[i].reason);
    }
    again(&p);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(tls_conn_ocsp_info(p.client, &info), 1);
    pair_free(&p);
}

static int crl(tls_ctx *ctx, const char *name)
{
    return tls_ctx_add_crl_file(ctx, pki(name));
}

static void expect(struct pair *p, int error)
{
    again(p);
    CHECK_EQ(pair_handshake(p, 600), error == 0 ? TLS_OK : TLS_ERR_TLS);
    CHECK_EQ(conn_error(p->client), error);
}

/* What a client asks of CRLs, each list and each leave in its turn, on one context. */
static void crls_of_a_client(void)
{
    struct pair p = pair_new("p256");
    tls_ctx *other = tls_ctx_new(TLS_CLIENT);
    CHECK_EQ(tls_ctx_set_client_session_cache(p.client_ctx, 0), TLS_OK);
    CHECK_EQ(crl(p.client_ctx, "crl-int.pem"), TLS_OK);
    expect(&p, TLS_REASON_UNABLE_TO_GET_CRL); /* nobody tells about the intermediate */
    CHECK_EQ(tls_ctx_set_crl_leaf_only(p.client_ctx, 1), TLS_OK);
    expect(&p, 0);
    CHECK_EQ(tls_ctx_set_crl_leaf_only(p.client_ctx, 0), TLS_OK);
    CHECK_EQ(tls_ctx_allow_unknown_revocation(p.client_ctx, 1), TLS_OK);
    expect(&p, 0);
    CHECK_EQ(tls_ctx_allow_unknown_revocation(p.client_ctx, 0), TLS_OK);
    CHECK_EQ(crl(p.client_ctx, "crl-ca.pem"), TLS_OK);
    expect(&p, 0);
    CHECK_EQ(crl(p.client_ctx, "crl-int-revoked.pem"), TLS_OK); /* newer */
    expect(&p, TLS_REASON_CERTIFICATE_REVOKED);
    CHECK_EQ(crl(p.client_ctx, "crl-int.der"), TLS_OK); /* older: the newer stays */
    expect(&p, TLS_REASON_CERTIFICATE_REVOKED);
    CHECK_EQ(tls_ctx_clear_crls(p.client_ctx), TLS_OK);
    expect(&p, 0);
    CHECK_EQ(crl(other, "crl-ca.pem"), TLS_OK);
    CHECK_EQ(crl(other, "crl-int-expired.pem"), TLS_OK);
    CHECK_EQ(tls_ctx_set_crls_of(p.client_ctx, other), TLS_OK);
    expect(&p, TLS_REASON_CRL_HAS_EXPIRED);
    CHECK_EQ(tls_ctx_allow_expired_crls(p.client_ctx, 1), TLS_OK);
    expect(&p, 0);
    CHECK_EQ(tls_ctx_clear_crls(p.client_ctx), TLS_OK);
    CHECK_EQ(crl(p.client_ctx, "crl-ca.pem"), TLS_OK);
    CHECK_EQ(crl(p.client_ctx, "crl-int-forged.pem"), TLS_OK);
    expect(&p, TLS_REASON_CRL_SIGNATURE_FAILURE);
    tls_ctx_free(other);
    pair_free(&p);
}

/* A server's, about its clients. */
static void crls_of_a_server(void)
{
    static const struct {
        const char *list;
        int error;
    } cases[] = {
        {"crl-int.pem", 0},
        {"crl-int-revoked.pem", TLS_REASON_CERTIFICATE_REVOKED},
        {"crl-int-expired.pem", TLS_REASON_CRL_HAS_EXPIRED},
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair p = pair_new("rsa");
        CHECK_EQ(tls_ctx_set_client_auth(p.server_ctx, TLS_CLIENT_AUTH_REQUIRE), TLS_OK);
        CHECK_EQ(tls_ctx_add_ca_file(p.server_ctx, pki("ca.pem")), TLS_OK);
        CHECK_EQ(tls_ctx_add_keypair_file(p.client_ctx, pki("client-p256.pem"), pki("client-p256.key")), TLS_OK);
        CHECK_EQ(crl(p.server_ctx, "crl-ca.pem"), TLS_OK);
        CHECK_EQ(crl(p.server_ctx, cases[i].list), TLS_OK);
        again(&p);
        CHECK_EQ(pair_handshake(&p, 600), cases[i].error == 0 ? TLS_OK : TLS_ERR_TLS);
        CHECK_EQ(conn_error(p.server), cases[i].error);
        pair_free(&p);
    }
}

static void lists_that_are_refused(void)
{
    tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
    tls_error_info info;
    CHECK_EQ(crl(ctx, "crl-int-delta.pem"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_CRL);
    CHECK_EQ(tls_ctx_error(ctx, &info), TLS_OK);
    CHECK(strstr(info.text, "crl-int-delta.pem") != NULL && strstr(info.text, "line 1") != NULL);
    CHECK_EQ(crl(ctx, "no-such.pem"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_FILE_UNREADABLE);
    CHECK_EQ(crl(ctx, "ca.pem"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_PEM);
    CHECK_EQ(tls_ctx_add_crl_mem(ctx, "0\0", 2), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_CRL);
    CHECK_EQ(tls_ctx_add_crl_mem(ctx, "", 0), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_crl_mem(ctx, "garbage", 7), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_crl_dir(ctx, pki("no-such")), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_crl_dir(ctx, pki("")), TLS_ERR_USAGE); /* it has the delta */
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_CRL);
    CHECK_EQ(tls_ctx_set_crl_leaf_only(ctx, 2), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_crls_of(ctx, NULL), TLS_ERR_USAGE);
    tls_ctx_free(ctx);
}

int main(void)
{
    staples();
    defaults();
    must_staple();
    own_staples();
    crls_of_a_client();
    crls_of_a_server();
    lists_that_are_refused();
    return checks_done();
}
