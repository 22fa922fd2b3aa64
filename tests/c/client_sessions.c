/* A client's sessions: kept for each host, exported and imported as a blob, offered where they fit. */
#include "check.h"
#include "support.h"

#include <stdlib.h>

/* Two contexts that live through several connections; each connection is made and freed here. */
static tls_ctx *client, *server;

static struct pair fresh(void)
{
    return pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
}

/* Connects, perhaps with a session; whether it was resumed. *out receives the connection's session. */
static int connect_with(const tls_session *session, tls_session **out)
{
    struct pair p = fresh();
    int resumed;
    if (session != NULL)
        CHECK_EQ(tls_conn_set_session(p.client, session), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 500), TLS_OK);
    CHECK_EQ(pair_send(p.client, p.server, "ping", 4, 100), 0);
    resumed = tls_conn_resumed(p.client);
    CHECK_EQ(tls_conn_resumed(p.server), resumed);
    CHECK_EQ(tls_conn_verified(p.client), 1);
    CHECK_EQ(tls_conn_verified_cert_count(p.client) > 0, 1);
    CHECK_STR(tls_conn_group(p.client), "x25519");
    if (out != NULL)
        *out = tls_conn_session(p.client);
    pair_free(&p);
    return resumed;
}

static void test_per_host_store(void)
{
    struct pair p;
    CHECK_EQ(connect_with(NULL, NULL), 0);
    CHECK_EQ(connect_with(NULL, NULL), 1);
    CHECK_EQ(connect_with(NULL, NULL), 1);
    /* Another host is another session. */
    p = fresh();
    CHECK_EQ(tls_conn_set_server_name(p.client, "example.test"), TLS_OK);
    CHECK_EQ(tls_conn_set_verify_name(p.client, "localhost"), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 500), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.client), 0);
    pair_free(&p);
    CHECK_EQ(tls_ctx_set_client_session_cache(client, 0), TLS_OK);
    CHECK_EQ(connect_with(NULL, NULL), 0);
    CHECK_EQ(connect_with(NULL, NULL), 0);
}

static void test_export_import(void)
{
    tls_session *session = NULL, *copy = NULL;
    tls_error_info error;
    unsigned char *blob;
    ptrdiff_t len, i;
    CHECK_EQ(connect_with(NULL, &session), 0);
    CHECK(session != NULL);
    len = tls_session_export(session, NULL, 0);
    CHECK(len > 100 && len < 100000);
    blob = malloc((size_t)len);
    CHECK_EQ(tls_session_export(session, blob, (size_t)len - 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_session_export(session, blob, (size_t)len), len);
    CHECK_EQ(tls_session_import(blob, (size_t)len, &copy, &error), TLS_OK);
    CHECK_STR(tls_session_server_name(copy), "localhost");
    CHECK_EQ(tls_session_lifetime(copy), 7200);
    CHECK_EQ(tls_session_issued(copy), tls_session_issued(session));
    CHECK_EQ(connect_with(copy, NULL), 1);
    tls_session_free(copy);
    for (i = 0; i < len; i++) {
        copy = NULL;
        CHECK_EQ(tls_session_import(blob, (size_t)i, &copy, &error), TLS_ERR_USAGE);
        CHECK_EQ(error.number, TLS_REASON_BAD_SESSION);
        CHECK(copy == NULL);
    }
    /* A broken copy is refused, or leads to a full handshake; it never breaks a connection. */
    for (i = 0; i < len; i += 7) {
        blob[i] ^= 0x10;
        if (tls_session_import(blob, (size_t)len, &copy, NULL) == TLS_OK) {
            struct pair p = fresh();
            CHECK_EQ(tls_conn_set_session(p.client, copy), TLS_OK);
            pair_handshake(&p, 5000);
            CHECK_EQ(tls_conn_established(p.client), tls_conn_established(p.server));
            tls_session_free(copy);
            pair_free(&p);
        }
        blob[i] ^= 0x10;
    }
    free(blob);
    tls_session_free(session);
}

/* What was made without verification never resumes where it must be verified. */
static void test_bound_to_verification(void)
{
    tls_session *session = NULL;
    struct pair p = fresh();
    CHECK_EQ(tls_conn_danger_accept_any_cert(p.client), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 500), TLS_OK);
    session = tls_conn_session(p.client);
    CHECK(session != NULL);
    pair_free(&p);
    CHECK_EQ(connect_with(session, NULL), 0);
    p = fresh();
    CHECK_EQ(tls_conn_danger_accept_any_cert(p.client), TLS_OK);
    CHECK_EQ(tls_conn_set_session(p.client, session), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 500), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.client), 1);
    CHECK_EQ(tls_conn_verified(p.client), 0);
    pair_free(&p);
    tls_session_free(session);
}

/* A connection that fails takes its session along (RFC 5246 7.2.2). */
static void test_failure_forgets(void)
{
    static const unsigned char rubbish[] = {23, 3, 3, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6,
                                            7,  8, 9, 0, 1,  2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4};
    unsigned char buf[16];
    struct pair p = fresh();
    CHECK_EQ(tls_ctx_set_client_session_cache(client, 16), TLS_OK);
    pair_free(&p);
    CHECK_EQ(connect_with(NULL, NULL), 0);
    p = fresh();
    CHECK_EQ(pair_handshake(&p, 500), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.client), 1);
    CHECK_EQ(tls_feed(p.client, rubbish, sizeof rubbish), (ptrdiff_t)sizeof rubbish);
    CHECK_EQ(tls_read(p.client, buf, sizeof buf), TLS_ERR_TLS);
    CHECK_EQ(conn_error(p.client), TLS_REASON_BAD_RECORD_MAC);
    CHECK(tls_conn_session(p.client) == NULL);
    pair_free(&p);
    CHECK_EQ(connect_with(NULL, NULL), 0);
}

int main(void)
{
    client = client_ctx();
    server = server_ctx("p256");
    test_per_host_store();
    test_export_import();
    test_bound_to_verification();
    test_failure_forgets();
    tls_ctx_free(client);
    tls_ctx_free(server);
    return checks_done();
}
