/* Calls that make no sense: each is refused with a reason, none crashes, and what can go on does. */
#include "check.h"
#include "support.h"

static void null_handles(void)
{
    char buf[8];
    tls_error_info info;
    size_t len = 7;

    tls_ctx_free(NULL);
    tls_conn_free(NULL);
    tls_cert_free(NULL);
    tls_pending_free(NULL);
    tls_conn_set_os_error(NULL, 5);
    CHECK(tls_ctx_ref(NULL) == NULL);
    CHECK(tls_cert_ref(NULL) == NULL);
    CHECK(tls_pending_ref(NULL) == NULL);
    CHECK(tls_conn_new(NULL, "localhost") == NULL);
    CHECK(tls_conn_new_server(NULL) == NULL);

    CHECK_EQ(tls_ctx_error(NULL, &info), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_error(NULL, &info), TLS_ERR_USAGE);
    CHECK(tls_conn_error_text(NULL) != NULL);
    CHECK_EQ(tls_ctx_set_policy(NULL, "modern"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_cipher_list(NULL, "HIGH"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_groups(NULL, "x25519"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_sigalgs(NULL, "ed25519"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_alpn(NULL, "h2"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_alpn_wire(NULL, "\2h2", 3), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_preference(NULL, TLS_PREFER_CLIENT), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_ciphers(NULL, buf, sizeof buf), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_groups(NULL, buf, sizeof buf), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_sigalgs(NULL, buf, sizeof buf), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_ca_file(NULL, "x"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_ca_dir(NULL, "x"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_ca_mem(NULL, "x", 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_ca_system(NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_verify(NULL, TLS_VERIFY_REQUIRED), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_danger_accept_any_name(NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_danger_accept_any_cert(NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_legacy_common_name(NULL, 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_keypair_file(NULL, "x", "y"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_keypair_mem(NULL, "x", 1, "y", 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_keypair_callback(NULL, "x", 1, NULL, NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_keypair_file(NULL, "x", "y"), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_keypair_mem(NULL, "x", 1, "y", 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_keypairs_of(NULL, NULL), TLS_ERR_USAGE);

    CHECK_EQ(tls_conn_set_server_name(NULL, "a"), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_verify_name(NULL, "a"), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_cipher_list(NULL, "HIGH"), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_alpn(NULL, "h2"), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_alpn_wire(NULL, "\2h2", 3), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_verify(NULL, TLS_VERIFY_REQUIRED), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_danger_accept_any_name(NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_danger_accept_any_cert(NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_keypair_file(NULL, "x", "y"), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_keypair_mem(NULL, "x", 1, "y", 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_io(NULL, NULL, NULL, NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_fd(NULL, 0), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_fds(NULL, 0, 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_handshake(NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_read(NULL, buf, sizeof buf), TLS_ERR_USAGE);
    CHECK_EQ(tls_write(NULL, buf, sizeof buf), TLS_ERR_USAGE);
    CHECK_EQ(tls_flush(NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_close(NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_feed(NULL, buf, sizeof buf), TLS_ERR_USAGE);
    CHECK_EQ(tls_feed_eof(NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_drain(NULL, buf, sizeof buf), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_unread(NULL, buf, sizeof buf), TLS_ERR_USAGE);

    CHECK_EQ(tls_conn_wants(NULL), 0);
    CHECK_EQ(tls_conn_pending(NULL), 0);
    CHECK_EQ(tls_conn_has_pending(NULL), 0);
    CHECK(tls_conn_question(NULL) == NULL);
    CHECK_EQ(tls_conn_role(NULL), 0);
    CHECK_EQ(tls_conn_established(NULL), 0);
    CHECK_EQ(tls_conn_verified(NULL), 0);
    CHECK_EQ(tls_conn_close_sent(NULL), 0);
    CHECK_EQ(tls_conn_close_received(NULL), 0);
    CHECK(tls_conn_version(NULL) == NULL);
    CHECK(tls_conn_cipher(NULL) == NULL);
    CHECK(tls_conn_cipher_iana(NULL) == NULL);
    CHECK_EQ(tls_conn_cipher_id(NULL), 0);
    CHECK_EQ(tls_conn_cipher_bits(NULL), 0);
    CHECK(tls_conn_group(NULL) == NULL);
    CHECK(tls_conn_scheme(NULL) == NULL);
    CHECK(tls_conn_alpn(NULL, &len) == NULL);
    CHECK(tls_conn_server_name(NULL) == NULL);
    CHECK_EQ(tls_conn_extended_master_secret(NULL), 0);
    CHECK_EQ(tls_conn_encrypt_then_mac(NULL), 0);
    CHECK_EQ(tls_conn_secure_renegotiation(NULL), 0);
    CHECK_EQ(tls_conn_peer_cert_count(NULL), 0);
    CHECK(tls_conn_peer_cert(NULL, 0) == NULL);
    CHECK_EQ(tls_conn_verified_cert_count(NULL), 0);
    CHECK(tls_conn_verified_cert(NULL, 0) == NULL);

    CHECK(tls_cert_der(NULL, &len) == NULL);
    CHECK(tls_cert_subject(NULL) == NULL);
    CHECK(tls_cert_issuer(NULL) == NULL);
    CHECK(tls_cert_serial(NULL) == NULL);
    CHECK(tls_cert_fingerprint(NULL) == NULL);
    CHECK_EQ(tls_cert_not_before(NULL), 0);
    CHECK_EQ(tls_cert_not_after(NULL), 0);
    CHECK_EQ(tls_cert_name_count(NULL), 0);
    CHECK(tls_cert_name(NULL, 0) == NULL);
    CHECK_EQ(tls_cert_name_type(NULL, 0), 0);
    CHECK_EQ(tls_pending_answer_signature(NULL, "x", 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_pending_answer_decrypted(NULL, "x", 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_pending_answer_error(NULL, "x"), TLS_ERR_USAGE);
    CHECK_EQ(tls_pending_set_wake(NULL, NULL, NULL), TLS_ERR_USAGE);
}

/* Refused, with this reason on the context. */
#define REFUSED(ctx, call, reason) \
    do { \
        CHECK_EQ(call, TLS_ERR_USAGE); \
        CHECK_EQ(ctx_error(ctx), reason); \
    } while (0)

static void contexts(void)
{
    tls_ctx *ctx;
    char out[4];
    tls_key_callbacks empty = {0};

    CHECK(tls_ctx_new(0) == NULL);
    CHECK(tls_ctx_new(4) == NULL);
    CHECK(tls_ctx_new(-1) == NULL);

    ctx = tls_ctx_new(TLS_CLIENT | TLS_SERVER);
    CHECK_EQ(ctx_error(ctx), 0);
    CHECK_EQ(tls_ctx_error(ctx, NULL), TLS_ERR_USAGE);
    REFUSED(ctx, tls_ctx_set_policy(ctx, "relaxed"), TLS_REASON_BAD_POLICY_NAME);
    REFUSED(ctx, tls_ctx_set_policy(ctx, NULL), TLS_REASON_NULL_HANDLE);
    REFUSED(ctx, tls_ctx_set_cipher_list(ctx, "ECDHE+NONSENSE"), TLS_REASON_BAD_CIPHER_LIST);
    REFUSED(ctx, tls_ctx_set_cipher_list(ctx, ""), TLS_REASON_BAD_CIPHER_LIST);
    REFUSED(ctx, tls_ctx_set_cipher_list(ctx, "\xff\xfe"), TLS_REASON_BAD_CIPHER_LIST);
    REFUSED(ctx, tls_ctx_set_cipher_list(ctx, "AES128-SHA"), TLS_REASON_REFUSED_BY_POLICY);
    REFUSED(ctx, tls_ctx_set_groups(ctx, "P-999"), TLS_REASON_BAD_GROUP_LIST);
    REFUSED(ctx, tls_ctx_set_groups(ctx, ""), TLS_REASON_BAD_GROUP_LIST);
    REFUSED(ctx, tls_ctx_set_sigalgs(ctx, "RSA+MD5"), TLS_REASON_BAD_SCHEME_LIST);
    REFUSED(ctx, tls_ctx_set_alpn(ctx, "h2,,http/1.1"), TLS_REASON_BAD_ALPN_LIST);
    REFUSED(ctx, tls_ctx_set_alpn_wire(ctx, "\3h2", 3), TLS_REASON_BAD_ALPN_LIST);
    REFUSED(ctx, tls_ctx_set_alpn_wire(ctx, NULL, 3), TLS_REASON_NULL_HANDLE);
    REFUSED(ctx, tls_ctx_set_preference(ctx, 7), TLS_REASON_BAD_ARGUMENT);
    REFUSED(ctx, tls_ctx_set_verify(ctx, 99), TLS_REASON_BAD_ARGUMENT);
    REFUSED(ctx, tls_ctx_add_ca_file(ctx, "no/such/file"), TLS_REASON_FILE_UNREADABLE);
    REFUSED(ctx, tls_ctx_add_ca_file(ctx, "."), TLS_REASON_FILE_UNREADABLE);
    REFUSED(ctx, tls_ctx_add_ca_file(ctx, "/dev/null"), TLS_REASON_FILE_UNREADABLE);
    REFUSED(ctx, tls_ctx_add_ca_dir(ctx, "no/such/directory"), TLS_REASON_FILE_UNREADABLE);
    REFUSED(ctx, tls_ctx_add_ca_mem(ctx, "", 0), TLS_REASON_BAD_PEM);
    REFUSED(ctx, tls_ctx_add_ca_mem(ctx, NULL, 5), TLS_REASON_NULL_HANDLE);
    REFUSED(ctx, tls_ctx_add_keypair_file(ctx, pki("server-rsa.pem"), pki("server-p256.key")), TLS_REASON_KEY_MISMATCH);
    REFUSED(ctx, tls_ctx_add_keypair_file(ctx, pki("server-rsa.pem"), "no/such/file"), TLS_REASON_FILE_UNREADABLE);
    REFUSED(ctx, tls_ctx_add_keypair_file(ctx, NULL, pki("server-rsa.key")), TLS_REASON_NULL_HANDLE);
    REFUSED(ctx, tls_ctx_add_keypair_callback(ctx, "x", 1, NULL, NULL), TLS_REASON_NULL_HANDLE);
    REFUSED(ctx, tls_ctx_add_keypair_callback(ctx, "x", 1, &empty, NULL), TLS_REASON_NULL_HANDLE);

    /* A resolved list is copied whole or not at all. */
    memcpy(out, "abc", 4);
    CHECK(tls_ctx_ciphers(ctx, out, sizeof out) > (ptrdiff_t)sizeof out);
    CHECK(memcmp(out, "abc", 4) == 0);
    CHECK(tls_ctx_ciphers(ctx, NULL, 0) > 0);
    CHECK_EQ(tls_ctx_ciphers(ctx, NULL, 5), TLS_ERR_USAGE);
    tls_ctx_free(ctx);
}

/* A name that is not in A-labels. */
#define U_LABEL "b\xc3\xbc" "cher.test"

/* A connection that could not be set up says why on every call. */
static void born_failed(tls_conn *conn, int reason)
{
    char buf[16];
    CHECK(conn != NULL);
    CHECK_EQ(conn_error(conn), reason);
    CHECK(tls_handshake(conn) < 0);
    CHECK(tls_read(conn, buf, sizeof buf) < 0);
    CHECK(tls_write(conn, "x", 1) < 0);
    CHECK_EQ(conn_error(conn), reason);
    CHECK(strlen(tls_conn_error_text(conn)) > 5);
    tls_conn_free(conn);
}

static void failed_connections(void)
{
    tls_ctx *client = client_ctx(), *server = server_ctx("p256"), *bare = tls_ctx_new(TLS_SERVER);
    born_failed(tls_conn_new(server, "localhost"), TLS_REASON_WRONG_ROLE);
    born_failed(tls_conn_new_server(client), TLS_REASON_WRONG_ROLE);
    born_failed(tls_conn_new(client, "not a name"), TLS_REASON_BAD_SERVER_NAME);
    born_failed(tls_conn_new(client, ""), TLS_REASON_BAD_SERVER_NAME);
    born_failed(tls_conn_new(client, U_LABEL), TLS_REASON_BAD_SERVER_NAME);
    born_failed(tls_conn_new_server(bare), TLS_REASON_NO_KEYPAIR);
    tls_ctx_free(client);
    tls_ctx_free(server);
    tls_ctx_free(bare);
}

/* A client that verifies and has no name fails closed, before a byte leaves. */
static void no_name(void)
{
    tls_ctx *ctx = client_ctx();
    tls_conn *conn = tls_conn_new(ctx, NULL);
    char buf[1024];
    CHECK(tls_handshake(conn) < 0);
    CHECK_EQ(conn_error(conn), TLS_REASON_NO_SERVER_NAME);
    CHECK(tls_drain(conn, buf, sizeof buf) <= 0);
    tls_conn_free(conn);
    tls_ctx_free(ctx);
}

static void wrong_order(void)
{
    tls_ctx *ctx = client_ctx();
    tls_conn *conn = tls_conn_new(ctx, "localhost");
    char buf[2048];

    CHECK_EQ(tls_conn_set_fd(conn, -1), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_keypair_file(conn, "no/such/file", NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_set_server_name(conn, U_LABEL), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(conn), TLS_REASON_BAD_SERVER_NAME);
    CHECK_EQ(tls_conn_set_verify_name(conn, U_LABEL), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(conn), TLS_REASON_BAD_SERVER_NAME);
    CHECK(strstr(tls_conn_error_text(conn), "xn--") != NULL);
    CHECK_EQ(tls_conn_set_cipher_list(conn, "NONSENSE"), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(conn), TLS_REASON_BAD_CIPHER_LIST);

    /* None of that was fatal: without a transport the handshake waits to be drained and fed. */
    CHECK_EQ(tls_handshake(conn), TLS_WANT_WRITE);
    CHECK_EQ(conn_error(conn), 0);
    /* Who does neither forgot the transport. */
    CHECK_EQ(tls_handshake(conn), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(conn), TLS_REASON_NO_TRANSPORT);
    CHECK_EQ(tls_conn_set_server_name(conn, "other.test"), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(conn), TLS_REASON_WRONG_ORDER);
    CHECK_EQ(tls_conn_set_alpn(conn, "h2"), TLS_ERR_USAGE);
    CHECK_EQ(tls_conn_danger_accept_any_cert(conn), TLS_ERR_USAGE);

    /* Zero lengths and NULL buffers. */
    CHECK_EQ(tls_read(conn, buf, 0), TLS_ERR_USAGE);
    CHECK_EQ(tls_read(conn, NULL, 5), TLS_ERR_USAGE);
    CHECK_EQ(tls_write(conn, buf, 0), 0);
    CHECK_EQ(tls_write(conn, NULL, 0), 0);
    CHECK_EQ(tls_write(conn, NULL, 5), TLS_ERR_USAGE);
    CHECK_EQ(tls_drain(conn, buf, 0), TLS_ERR_USAGE);
    CHECK_EQ(tls_drain(conn, NULL, 5), TLS_ERR_USAGE);
    CHECK_EQ(tls_feed(conn, NULL, 5), TLS_ERR_USAGE);
    CHECK_EQ(tls_feed(conn, buf, 0), 0);
    CHECK_EQ(tls_conn_error(conn, NULL), TLS_ERR_USAGE);

    /* And it still goes on. */
    CHECK(tls_drain(conn, buf, sizeof buf) > 0);
    CHECK_EQ((unsigned char)buf[0], 0x16);
    CHECK_EQ(tls_handshake(conn), TLS_WANT_READ);
    CHECK_EQ(tls_conn_wants(conn), TLS_WANTS_READ);

    /* Facts of a handshake that has not happened. */
    CHECK(tls_conn_version(conn) == NULL);
    CHECK(tls_conn_cipher(conn) == NULL);
    CHECK(tls_conn_group(conn) == NULL);
    CHECK_EQ(tls_conn_established(conn), 0);
    CHECK_EQ(tls_conn_peer_cert_count(conn), 0);
    CHECK_EQ(tls_conn_role(conn), TLS_CLIENT);
    tls_conn_free(conn);
    tls_ctx_free(ctx);
}

/* The context may go first, and its last reference may be given back in any order. */
static void lifetimes(void)
{
    tls_ctx *ctx = client_ctx(), *second = tls_ctx_ref(ctx);
    tls_conn *conn = tls_conn_new(ctx, "localhost");
    char buf[2048];
    CHECK(second == ctx);
    tls_ctx_free(ctx);
    tls_ctx_free(second);
    CHECK_EQ(tls_handshake(conn), TLS_WANT_WRITE);
    CHECK(tls_drain(conn, buf, sizeof buf) > 0);
    tls_conn_free(conn);
}

static void words(void)
{
    tls_error_info info;
    tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
    CHECK_STR(tls_alert_name(40), "handshake_failure");
    CHECK(tls_alert_name(250) == NULL);
    CHECK(tls_alert_name(-1) == NULL);
    CHECK(tls_alert_name(1000) == NULL);
    CHECK(strstr(tls_features(), "TLSv1.2") != NULL);
    CHECK(strlen(tls_version()) >= 5);
    CHECK(tls_ctx_set_policy(ctx, "nonsense") == TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_error(ctx, &info), TLS_OK);
    CHECK_STR(info.name, "BAD_POLICY_NAME");
    CHECK_EQ(info.family, TLS_FAMILY_MISUSE);
    CHECK_EQ(info.alert_direction, TLS_ALERT_NONE);
    CHECK(strstr(info.text, "nonsense") != NULL);
    tls_ctx_free(ctx);
}

int main(void)
{
    null_handles();
    contexts();
    failed_connections();
    no_name();
    wrong_order();
    lifetimes();
    words();
    return checks_done();
}
