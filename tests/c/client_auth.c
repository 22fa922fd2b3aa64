/* Client authentication (RFC 5246 §7.4.4, §7.4.6, §7.4.8): request, require, which keypair answers, what
   both sides can read afterwards, and what a server refuses. */
#include "check.h"
#include "support.h"

static void add_client(tls_ctx *ctx, const char *name)
{
    char cert[64], key[64];
    snprintf(cert, sizeof cert, "%s.pem", name);
    snprintf(key, sizeof key, "%s.key", name);
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki(cert), pki(key)), TLS_OK);
}

static tls_ctx *asking_ctx(int mode)
{
    tls_ctx *ctx = server_ctx("p256");
    CHECK_EQ(tls_ctx_add_ca_file(ctx, pki("ca.pem")), TLS_OK);
    CHECK_EQ(tls_ctx_set_client_auth(ctx, mode), TLS_OK);
    return ctx;
}

/* A client with this keypair (NULL: none) against a server that asks so. */
static struct pair asked(const char *client, int mode)
{
    tls_ctx *ctx = client_ctx();
    if (client != NULL)
        add_client(ctx, client);
    return pair_of(ctx, asking_ctx(mode));
}

/* Every handshake is a full one: a resumed one asks for nothing. */
static tls_ctx *no_resumption(tls_ctx *client)
{
    CHECK_EQ(tls_ctx_set_client_session_cache(client, 0), TLS_OK);
    return client;
}

static int shows(const tls_conn *conn, const char *common_name)
{
    const char *subject = tls_cert_subject(tls_conn_peer_cert(conn, 0));
    return subject != NULL && strstr(subject, common_name) != NULL;
}

static void every_kind_of_key(void)
{
    static const char *const names[] = {"client-rsa",  "client-rsapss", "client-p256",
                                        "client-p384", "client-p521",   "client-ed25519"};
    size_t i;
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        struct pair p = asked(names[i], TLS_CLIENT_AUTH_REQUIRE);
        CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
        CHECK_EQ(tls_conn_verified(p.server), 1);
        CHECK(tls_conn_peer_cert_count(p.server) >= 1);
        CHECK(tls_conn_verified_cert_count(p.server) >= 2);
        CHECK_EQ(tls_conn_cert_requested(p.client), 1);
        CHECK_EQ(tls_conn_cert_requested(p.server), 0);
        CHECK_EQ(tls_conn_keypair(p.client), 0);
        CHECK(tls_conn_client_scheme(p.client) != NULL);
        CHECK_STR(tls_conn_client_scheme(p.client), tls_conn_client_scheme(p.server));
        CHECK_EQ(pair_send(p.client, p.server, "hello", 5, 3), 0);
        CHECK_EQ(pair_send(p.server, p.client, "hello", 5, 3), 0);
        pair_free(&p);
    }
}

static void without_a_certificate(void)
{
    struct pair p = asked(NULL, TLS_CLIENT_AUTH_REQUEST);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_verified(p.server), 0);
    CHECK_EQ(tls_conn_peer_cert_count(p.server), 0);
    CHECK(tls_conn_client_scheme(p.server) == NULL);
    CHECK_EQ(tls_conn_keypair(p.client), TLS_ERR_USAGE);
    pair_free(&p);

    p = asked(NULL, TLS_CLIENT_AUTH_REQUIRE);
    CHECK_EQ(pair_handshake(&p, 700), TLS_ERR_TLS);
    CHECK_EQ(conn_error(p.server), TLS_REASON_PEER_DID_NOT_RETURN_A_CERTIFICATE);
    pair_free(&p);

    /* Nobody asks: a keypair is not shown. */
    p = asked("client-rsa", TLS_CLIENT_AUTH_NONE);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_cert_requested(p.client), 0);
    CHECK_EQ(tls_conn_peer_cert_count(p.server), 0);
    pair_free(&p);
}

static void refused(const char *client, int reason)
{
    static const int modes[] = {TLS_CLIENT_AUTH_REQUEST, TLS_CLIENT_AUTH_REQUIRE};
    size_t i;
    for (i = 0; i < 2; i++) {
        struct pair p = asked(client, modes[i]);
        CHECK_EQ(pair_handshake(&p, 700), TLS_ERR_TLS);
        CHECK_EQ(conn_error(p.server), reason);
        CHECK_EQ(conn_error(p.client), TLS_REASON_ALERT_RECEIVED);
        pair_free(&p);
    }
}

static void bad_certificates(void)
{
    refused("bad-client-expired", TLS_REASON_CERTIFICATE_EXPIRED);
    refused("self-client", TLS_REASON_UNKNOWN_CA);
    refused("server-rsa", TLS_REASON_WRONG_KEY_USAGE); /* serverAuth alone */
}

/* The keypair that the request fits: by type and scheme, then by the CAs it names. */
static void several_keypairs(void)
{
    tls_ctx *client = no_resumption(client_ctx()), *server = asking_ctx(TLS_CLIENT_AUTH_REQUIRE);
    struct pair p;
    unsigned char name[256], kept;
    ptrdiff_t len;
    add_client(client, "self-client");
    add_client(client, "client-rsa");
    add_client(client, "client-p256");
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK(tls_conn_keypair(p.client) >= 1); /* of a CA that is named */
    CHECK_EQ(tls_conn_client_ca_count(p.client), 1);
    len = tls_conn_client_ca(p.client, 0, NULL, 0);
    CHECK(len > 0 && len < (ptrdiff_t)sizeof name);
    name[len - 1] = kept = 0x5a;
    CHECK_EQ(tls_conn_client_ca(p.client, 0, name, (size_t)len - 1), len); /* too small: untouched */
    CHECK_EQ(name[len - 1], kept);
    CHECK_EQ(tls_conn_client_ca(p.client, 0, name, sizeof name), len);
    CHECK_EQ(name[0], 0x30);
    CHECK_EQ(tls_conn_client_ca(p.client, 1, name, sizeof name), TLS_ERR_USAGE);
    tls_conn_free(p.client);
    tls_conn_free(p.server);

    /* A server that verifies RSA alone. */
    CHECK_EQ(tls_ctx_set_sigalgs(server, "rsa_pss_rsae_sha256:rsa_pkcs1_sha256"), TLS_OK);
    CHECK_EQ(tls_ctx_set_keypair_file(server, pki("server-rsa.pem"), pki("server-rsa.key")), TLS_OK);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_keypair(p.client), 1);
    CHECK(strncmp(tls_conn_client_scheme(p.server), "rsa_", 4) == 0);
    pair_free(&p);
}

/* Which names a server sends. */
static void names(void)
{
    tls_ctx *client = no_resumption(client_ctx()), *server = asking_ctx(TLS_CLIENT_AUTH_REQUEST);
    struct pair p;
    CHECK_EQ(tls_ctx_set_client_ca_file(server, pki("other-ca.pem")), TLS_OK);
    add_client(client, "client-p256");
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_client_ca_count(p.client), 1);
    CHECK_EQ(tls_conn_verified(p.server), 1); /* a name is a hint, trust is not changed by it */
    tls_conn_free(p.client);
    tls_conn_free(p.server);

    CHECK_EQ(tls_ctx_set_client_ca_mem(server, NULL, 0), TLS_OK);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_cert_requested(p.client), 1);
    CHECK_EQ(tls_conn_client_ca_count(p.client), 0);
    tls_conn_free(p.client);
    tls_conn_free(p.server);

    CHECK_EQ(tls_ctx_set_client_ca_trusted(server), TLS_OK);
    CHECK_EQ(tls_ctx_set_client_ca_file(server, "no/such.pem"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(server), TLS_REASON_FILE_UNREADABLE);
    CHECK_EQ(tls_ctx_set_client_ca_mem(server, "garbage", 7), TLS_ERR_USAGE);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_client_ca_count(p.client), 1);
    CHECK(shows(p.server, "client"));
    pair_free(&p);
}

/* A resumed handshake shows no certificate: the chain and the path come with the session. */
static void resumed(int tickets)
{
    tls_ctx *client = client_ctx(), *server = asking_ctx(TLS_CLIENT_AUTH_REQUIRE);
    size_t chain, path;
    struct pair p;
    CHECK_EQ(tls_ctx_set_tickets(server, tickets), TLS_OK);
    add_client(client, "client-rsa");
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.server), 0);
    chain = tls_conn_peer_cert_count(p.server);
    path = tls_conn_verified_cert_count(p.server);
    tls_conn_free(p.client);
    tls_conn_free(p.server);

    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.server), 1);
    CHECK_EQ(tls_conn_verified(p.server), 1);
    CHECK_EQ(tls_conn_peer_cert_count(p.server), chain);
    CHECK_EQ(tls_conn_verified_cert_count(p.server), path);
    CHECK(shows(p.server, "client-rsa"));
    tls_conn_free(p.client);
    tls_conn_free(p.server);

    /* What was judged by other CAs is judged again. */
    CHECK_EQ(tls_ctx_add_ca_file(server, pki("other-ca.pem")), TLS_OK);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.server), 0);
    CHECK_EQ(tls_conn_verified(p.server), 1);
    pair_free(&p);
}

static void modes(void)
{
    tls_ctx *server = server_ctx("p256"), *client = client_ctx();
    tls_conn *conn;
    struct pair p;
    CHECK_EQ(tls_ctx_set_client_auth(server, 3), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_client_auth(server, -1), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(server), TLS_REASON_BAD_ARGUMENT);
    /* The system's CAs do not vouch for clients. */
    CHECK_EQ(tls_ctx_set_client_auth(server, TLS_CLIENT_AUTH_REQUEST), TLS_OK);
    conn = tls_conn_new_server(server);
    CHECK_EQ(conn_error(conn), TLS_REASON_NO_TRUST_ANCHORS);
    CHECK_EQ(tls_conn_set_client_auth(conn, 7), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_client_auth(conn, TLS_CLIENT_AUTH_NONE), TLS_OK);
    CHECK_EQ(conn_error(conn), 0);
    tls_conn_free(conn);
    conn = tls_conn_new_server(server);
    CHECK_EQ(tls_handshake(conn), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(conn), TLS_REASON_NO_TRUST_ANCHORS);
    tls_conn_free(conn);

    /* Danger: any certificate will do, and nothing is called verified. */
    CHECK_EQ(tls_ctx_danger_accept_any_cert(server), TLS_OK);
    CHECK_EQ(tls_ctx_set_client_auth(server, TLS_CLIENT_AUTH_REQUIRE), TLS_OK);
    add_client(client, "self-client");
    p = pair_of(client, server);
    CHECK_EQ(tls_conn_set_client_auth(p.client, TLS_CLIENT_AUTH_REQUIRE), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_WRONG_ROLE);
    CHECK_EQ(pair_handshake(&p, 700), TLS_OK);
    CHECK_EQ(tls_conn_verified(p.server), 0);
    CHECK_EQ(tls_conn_peer_cert_count(p.server), 1);
    /* For a renegotiation; renegotiation.c goes on from here. */
    CHECK_EQ(tls_conn_set_client_auth(p.server, TLS_CLIENT_AUTH_NONE), TLS_OK);
    CHECK_EQ(tls_conn_set_client_auth(p.server, 3), TLS_ERR_USAGE);
    pair_free(&p);

    /* Once the hello has come it is too late: a setter does all that it says, or nothing. */
    client = client_ctx();
    p = pair_of(client, server_ctx("p256"));
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_READ);
    CHECK_EQ(tls_conn_set_client_auth(p.server, TLS_CLIENT_AUTH_NONE), TLS_OK);
    CHECK_EQ(tls_handshake(p.client), TLS_WANT_WRITE);
    shuttle(p.client, p.server, 4096);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_WRITE);
    CHECK_EQ(tls_conn_set_client_auth(p.server, TLS_CLIENT_AUTH_NONE), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.server), TLS_REASON_WRONG_ORDER);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    pair_free(&p);
}

int main(void)
{
    every_kind_of_key();
    without_a_certificate();
    bad_certificates();
    several_keypairs();
    names();
    resumed(1);
    resumed(0);
    modes();
    return checks_done();
}
