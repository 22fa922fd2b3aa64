/* What a program can read of the peer's certificates, and what is refused of them. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <stdlib.h>

static void readable(void)
{
    struct pair p = pair_new("p256");
    const tls_cert *leaf, *issuer;
    tls_cert *kept;
    const unsigned char *der;
    size_t len = 0, i, names[5] = {0};
    CHECK_EQ(tls_conn_peer_cert_count(p.client), 0);
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_conn_peer_cert_count(p.client), 2);
    CHECK_EQ(tls_conn_peer_cert_count(p.server), 0);
    CHECK(tls_conn_verified_cert_count(p.client) >= 2);
    CHECK_EQ(tls_conn_verified_cert_count(p.server), 0);
    CHECK(tls_conn_peer_cert(p.client, 2) == NULL);
    CHECK(tls_conn_peer_cert(p.client, SIZE_MAX) == NULL);

    leaf = tls_conn_peer_cert(p.client, 0);
    issuer = tls_conn_peer_cert(p.client, 1);
    CHECK_STR(tls_cert_subject(leaf), "CN=server-p256");
    CHECK_STR(tls_cert_issuer(leaf), tls_cert_subject(issuer));
    CHECK(strstr(tls_cert_issuer(leaf), "Test Intermediate") != NULL);
    CHECK_EQ(strlen(tls_cert_fingerprint(leaf)), 64);
    CHECK(strlen(tls_cert_serial(leaf)) >= 2);
    CHECK_EQ(tls_cert_not_before(leaf), 1577836800); /* 2020-01-01 */
    CHECK_EQ(tls_cert_not_after(leaf), 4733510400);  /* 2120-01-01 */
    der = tls_cert_der(leaf, &len);
    CHECK(der != NULL && len > 200 && der[0] == 0x30);

    for (i = 0; i < tls_cert_name_count(leaf); i++)
        names[tls_cert_name_type(leaf, i)]++;
    CHECK_EQ(names[TLS_NAME_DNS], 3);
    CHECK_EQ(names[TLS_NAME_IP], 2);
    CHECK_STR(tls_cert_name(leaf, 0), "localhost");
    CHECK(tls_cert_name(leaf, tls_cert_name_count(leaf)) == NULL);
    CHECK_EQ(tls_cert_name_type(leaf, 99), 0);

    kept = tls_cert_ref(leaf); /* outlives the connection */
    pair_free(&p);
    CHECK_STR(tls_cert_subject(kept), "CN=server-p256");
    tls_cert_free(kept);
}

/* The server's certificate against our CA and this name. */
static void judged(const char *server_file, const char *name, int reason, int alert)
{
    tls_ctx *server = tls_ctx_new(TLS_SERVER), *client = client_ctx();
    char cert[64], key[64];
    struct pair p;
    tls_error_info info;
    snprintf(cert, sizeof cert, "%s.pem", server_file);
    snprintf(key, sizeof key, "%s.key", server_file);
    CHECK_EQ(tls_ctx_add_keypair_file(server, pki(cert), pki(key)), TLS_OK);
    p = pair_of(client, server);
    tls_conn_free(p.client);
    p.client = tls_conn_new(client, name);
    CHECK_EQ(pair_handshake(&p, 20000), reason == 0 ? TLS_OK : TLS_ERR_TLS);
    CHECK_EQ(tls_conn_error(p.client, &info), TLS_OK);
    CHECK_EQ(info.number, reason);
    CHECK_EQ(tls_conn_verified(p.client), reason == 0);
    if (reason != 0) {
        CHECK_EQ(info.family, TLS_FAMILY_CERTIFICATE);
        CHECK_EQ(info.alert, alert);
        CHECK_EQ(info.alert_direction, TLS_ALERT_SENT);
        tls_handshake(p.server);
        CHECK_EQ(tls_conn_error(p.server, &info), TLS_OK);
        CHECK_EQ(info.number, TLS_REASON_ALERT_RECEIVED);
        CHECK_EQ(info.alert, alert);
    }
    pair_free(&p);
}

/* With a name of its own for sending and for verifying, by any name, and without any verification. */
static void danger(void)
{
    struct pair p = pair_new("p256");
    tls_conn_free(p.client);
    p.client = tls_conn_new(p.client_ctx, NULL);
    CHECK_EQ(tls_conn_set_server_name(p.client, "front.test."), TLS_OK);
    CHECK_EQ(tls_conn_set_verify_name(p.client, "127.0.0.1"), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_STR(tls_conn_server_name(p.server), "front.test");
    CHECK_EQ(tls_conn_verified(p.client), 1);
    pair_free(&p);

    p = pair_new("p256");
    tls_conn_free(p.client);
    p.client = tls_conn_new(p.client_ctx, "elsewhere.test");
    CHECK_EQ(tls_conn_danger_accept_any_name(p.client), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_conn_verified(p.client), 0);
    CHECK(tls_conn_verified_cert_count(p.client) > 0);
    pair_free(&p);

    p = pair_of(tls_ctx_new(TLS_CLIENT), server_ctx("p256"));
    CHECK_EQ(tls_conn_danger_accept_any_cert(p.client), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_conn_verified(p.client), 0);
    CHECK_EQ(tls_conn_verified_cert_count(p.client), 0);
    CHECK_EQ(tls_conn_peer_cert_count(p.client), 2);
    pair_free(&p);
}

int main(void)
{
    readable();
    judged("server-p256", "localhost", 0, -1);
    judged("server-p256", "example.test", 0, -1);
    judged("server-p256", "a.wild.test", 0, -1);
    judged("server-p256", "A.WILD.TEST", 0, -1);
    judged("server-p256", "127.0.0.1", 0, -1);
    judged("server-p256", "::1", 0, -1);
    judged("server-p256", "wild.test", TLS_REASON_NAME_MISMATCH, 42);
    judged("server-p256", "a.b.wild.test", TLS_REASON_NAME_MISMATCH, 42);
    judged("server-p256", "127.0.0.2", TLS_REASON_NAME_MISMATCH, 42);
    judged("bad-name", "localhost", TLS_REASON_NAME_MISMATCH, 42);
    judged("bad-expired", "localhost", TLS_REASON_CERTIFICATE_EXPIRED, 45);
    judged("bad-not-yet", "localhost", TLS_REASON_CERTIFICATE_NOT_YET_VALID, 45);
    judged("bad-untrusted", "localhost", TLS_REASON_UNKNOWN_CA, 48);
    judged("bad-missing-int", "localhost", TLS_REASON_UNKNOWN_CA, 48);
    judged("bad-eku", "localhost", TLS_REASON_WRONG_KEY_USAGE, 43);
    judged("bad-signature", "localhost", TLS_REASON_BAD_CERTIFICATE_SIGNATURE, 42);
    judged("name-cn", "cn.example.test", TLS_REASON_NAME_MISMATCH, 42);
    danger();
    return checks_done();
}
