#include "trace.h"

static void plain(void)
{
    struct ends ends = {.server_ctx = server_context("server-rsa"), .client_ctx = client_context()};
    SSL_CIPHER const *cipher;
    STACK_OF(X509) *chain;
    X509 *peer;
    int bits = 0, strength;

    theme = "handshake";
    SSL_CTX_set_cipher_list(ends.client_ctx, "ECDHE-RSA-AES128-GCM-SHA256");
    connect_ends(&ends, 0);
    say("before", "%d %d %d", SSL_in_before(ends.client), SSL_in_init(ends.client), SSL_is_init_finished(ends.client));
    say("cipher before", "%s", SSL_get_cipher_name(ends.client));
    say("session before", "%d", SSL_get_session(ends.client) == NULL);
    result("client waits", ends.client, SSL_do_handshake(ends.client));
    result("again", ends.client, SSL_do_handshake(ends.client));
    say("want", "%d %d", SSL_want(ends.client), SSL_want_read(ends.client));
    say("in init", "%d %d %d", SSL_in_before(ends.client), SSL_in_init(ends.client), SSL_is_init_finished(ends.client));
    result("write before it is complete", ends.client, SSL_write(ends.client, "x", 1));
    result("shutdown in the middle", ends.client, SSL_shutdown(ends.client));
    errors("shutdown in the middle error");
    say("complete", "%d", shake(&ends, "results"));
    result("once more", ends.client, SSL_do_handshake(ends.client));
    result("connect once more", ends.client, SSL_connect(ends.client));
    say("version", "%s %#x", SSL_get_version(ends.client), (unsigned)SSL_version(ends.client));
    cipher = SSL_get_current_cipher(ends.server);
    strength = SSL_CIPHER_get_bits(cipher, &bits);
    say("cipher", "%s %s %d %d %s %#lx", SSL_CIPHER_get_name(cipher), SSL_CIPHER_standard_name(cipher), strength, bits,
        SSL_CIPHER_get_version(cipher), (unsigned long)SSL_CIPHER_get_id(cipher));
    say("nids", "%d %d %d %d %d", SSL_CIPHER_get_kx_nid(cipher), SSL_CIPHER_get_auth_nid(cipher),
        SSL_CIPHER_get_cipher_nid(cipher), SSL_CIPHER_get_digest_nid(cipher), SSL_CIPHER_is_aead(cipher));
    say("roles", "%d %d", SSL_is_server(ends.client), SSL_is_server(ends.server));
    say("done", "%d %d %d", SSL_in_before(ends.client), SSL_in_init(ends.client), SSL_is_init_finished(ends.client));
    say("verify result", "%ld %s", SSL_get_verify_result(ends.client),
        X509_verify_cert_error_string(SSL_get_verify_result(ends.client)));
    say("server's verify result", "%ld", SSL_get_verify_result(ends.server));
    peer = SSL_get1_peer_certificate(ends.client);
    say("peer", "%d", peer != NULL);
    X509_free(peer);
    say("no peer", "%d", SSL_get1_peer_certificate(ends.server) == NULL);
    chain = SSL_get_peer_cert_chain(ends.client);
    say("chain", "%d", sk_X509_num(chain));
    say("server's chain", "%d", SSL_get_peer_cert_chain(ends.server) == NULL);
    say("reused", "%d %d", SSL_session_reused(ends.client), SSL_session_reused(ends.server));
    say("secure renegotiation", "%ld", SSL_get_secure_renegotiation_support(ends.client));
    say("shutdown flags", "%d", SSL_get_shutdown(ends.client));
    say("no compression", "%d", SSL_get_current_compression(ends.client) == NULL);
    say("alpn", "%d", ({ const unsigned char *p; unsigned n; SSL_get0_alpn_selected(ends.client, &p, &n); p == NULL && n == 0; }));
    free_ends(&ends);
}

static void failures(void)
{
    struct ends ends = {.server_ctx = server_context("server-rsa"), .client_ctx = client_context()};

    theme = "handshake.failures";
    SSL_CTX_set_cipher_list(ends.client_ctx, "ECDHE-RSA-AES128-GCM-SHA256");
    SSL_CTX_set_cipher_list(ends.server_ctx, "ECDHE-RSA-AES256-GCM-SHA384");
    connect_ends(&ends, 0);
    result("hello", ends.client, SSL_do_handshake(ends.client));
    result("no shared cipher", ends.server, SSL_do_handshake(ends.server));
    errors("no shared cipher error");
    result("again", ends.server, SSL_do_handshake(ends.server));
    result("alert", ends.client, SSL_do_handshake(ends.client));
    say("sticky", "%d %d", SSL_get_error(ends.client, -1), SSL_get_error(ends.client, -1));
    errors("alert error");
    result("alert again", ends.client, SSL_do_handshake(ends.client));
    free_ends(&ends);

    ends = (struct ends){.server_ctx = server_context("server-rsa"), .client_ctx = client_context()};
    SSL_CTX_set_min_proto_version(ends.client_ctx, TLS1_3_VERSION);
    SSL_CTX_set_options(ends.client_ctx, SSL_OP_NO_TLSv1_3);
    connect_ends(&ends, 0);
    result("no protocols", ends.client, SSL_do_handshake(ends.client));
    errors("no protocols error");
    free_ends(&ends);

    ends = (struct ends){.server_ctx = server_context("server-rsa"), .client_ctx = client_context()};
    connect_ends(&ends, 0);
    BIO_write(SSL_get_wbio(ends.client), "GET / HTTP/1.0\r\n\r\n", 18);
    result("http", ends.server, SSL_do_handshake(ends.server));
    errors("http error");
    free_ends(&ends);

    ends = (struct ends){.server_ctx = server_context("server-rsa"), .client_ctx = client_context()};
    connect_ends(&ends, 0);
    BIO_write(SSL_get_wbio(ends.client), "garbage, garbage", 16);
    result("garbage", ends.server, SSL_do_handshake(ends.server));
    errors("garbage error");
    free_ends(&ends);

    ends = (struct ends){.server_ctx = SSL_CTX_new(TLS_server_method()), .client_ctx = client_context()};
    connect_ends(&ends, 0);
    SSL_do_handshake(ends.client);
    result("no certificate", ends.server, SSL_do_handshake(ends.server));
    free_ends(&ends);
    ERR_clear_error();

    ends = (struct ends){.server_ctx = SSL_CTX_new(TLS_method()), .client_ctx = client_context()};
    ends.client = SSL_new(ends.client_ctx);
    ends.server = SSL_new(ends.server_ctx);
    result("no role", ends.server, SSL_do_handshake(ends.server));
    errors("no role error");
    result("read without a role", ends.server, SSL_read(ends.server, (char[4]){0}, 4));
    errors("read without a role error");
    free_ends(&ends);
    say("new of NULL", "%d", SSL_new(NULL) == NULL);
    errors("new of NULL error");
}

void trace_handshake(void)
{
    plain();
    failures();
}
