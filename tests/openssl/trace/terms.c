/* What a server asks for, changed after its SSL was made: in callbacks, and between handshakes. */
#include "trace.h"

#define DEMAND (SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT)

static SSL_CTX *other;
static void (*change)(SSL *ssl);

static void demand(SSL *ssl) { SSL_set_verify(ssl, DEMAND, NULL); }
static void demand_nothing(SSL *ssl) { SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL); }
static void take_other(SSL *ssl)
{
    SSL_set_SSL_CTX(ssl, other);
    SSL_set_verify(ssl, SSL_CTX_get_verify_mode(other), SSL_CTX_get_verify_callback(other));
}
static void choose_cipher(SSL *ssl) { SSL_set_cipher_list(ssl, "ECDHE-ECDSA-AES256-GCM-SHA384"); }
static void no_ticket(SSL *ssl) { SSL_set_options(ssl, SSL_OP_NO_TICKET); }
static void no_version(SSL *ssl) { SSL_set_options(ssl, SSL_OP_NO_TLSv1_2); }
static void names(SSL *ssl) { SSL_set_client_CA_list(ssl, SSL_load_client_CA_file(PKI "other-ca.pem")); }

static int in_servername(SSL *ssl, int *alert, void *arg)
{
    (void)alert;
    (void)arg;
    change(ssl);
    return SSL_TLSEXT_ERR_OK;
}
static int in_hello(SSL *ssl, int *alert, void *arg)
{
    (void)alert;
    (void)arg;
    change(ssl);
    return SSL_CLIENT_HELLO_SUCCESS;
}
static int in_cert(SSL *ssl, void *arg)
{
    (void)arg;
    change(ssl);
    return 1;
}

static void client_key(SSL_CTX *ctx)
{
    SSL_CTX_use_certificate_chain_file(ctx, PKI "client-p256.pem");
    SSL_CTX_use_PrivateKey_file(ctx, PKI "client-p256.key", SSL_FILETYPE_PEM);
}

static void outcome(struct ends *ends)
{
    say("peer", "%d, %ld", SSL_get0_peer_certificate(ends->server) != NULL, SSL_get_verify_result(ends->server));
    if (change == choose_cipher)
        say("cipher", "%s", SSL_get_cipher_name(ends->server));
    say("ticket", "%d", SSL_get0_session(ends->client) && SSL_SESSION_has_ticket(SSL_get0_session(ends->client)));
}

/* `place`: s(ervername), h(ello), c(ertificate). */
static void callback(const char *name, char place, void (*f)(SSL *), int mode, int with_key)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    theme = name;
    change = f;
    other = server_context("server-p256");
    SSL_CTX_load_verify_locations(other, PKI "ca.pem", NULL);
    SSL_CTX_set_verify(other, DEMAND, NULL);
    SSL_CTX_load_verify_locations(ends.server_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_session_id_context(ends.server_ctx, (const unsigned char *)"x", 1);
    SSL_CTX_set_session_id_context(other, (const unsigned char *)"x", 1);
    SSL_CTX_set_verify(ends.server_ctx, mode, NULL);
    if (place == 's')
        SSL_CTX_set_tlsext_servername_callback(ends.server_ctx, in_servername);
    if (place == 'h')
        SSL_CTX_set_client_hello_cb(ends.server_ctx, in_hello, NULL);
    if (place == 'c')
        SSL_CTX_set_cert_cb(ends.server_ctx, in_cert, NULL);
    if (with_key)
        client_key(ends.client_ctx);
    connect_ends(&ends, 0);
    SSL_set_tlsext_host_name(ends.client, "localhost");
    shake(&ends, "results");
    errors("errors");
    outcome(&ends);
    free_ends(&ends);
    SSL_CTX_free(other);
}

/* A server that wants a certificate later, as per-directory rules of web servers do. */
static void later(const char *name, int with_key)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    int client = -1, server = -1;
    char byte;

    theme = name;
    SSL_CTX_load_verify_locations(ends.server_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_session_id_context(ends.server_ctx, (const unsigned char *)"x", 1);
    SSL_CTX_set_options(ends.server_ctx, SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION);
    if (with_key)
        client_key(ends.client_ctx);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    SSL_set_verify(ends.server, DEMAND, NULL);
    say("renegotiate", "%d", SSL_renegotiate(ends.server));
    say("handshake", "%d", SSL_do_handshake(ends.server) == 1);
    for (int round = 0; round < 8; round++) {
        client = SSL_read(ends.client, &byte, 1);
        server = SSL_read(ends.server, &byte, 1);
    }
    say("goes on", "%d %d", SSL_get_error(ends.client, client) == SSL_ERROR_WANT_READ,
        SSL_get_error(ends.server, server) == SSL_ERROR_WANT_READ);
    say("peer", "%d, %ld", SSL_get0_peer_certificate(ends.server) != NULL, SSL_get_verify_result(ends.server));
    ERR_clear_error();
    free_ends(&ends);
}

static int refuse_all(X509_STORE_CTX *ctx, void *arg)
{
    (void)arg;
    X509_STORE_CTX_set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}
static int accept_all(X509_STORE_CTX *ctx, void *arg)
{
    (void)ctx;
    (void)arg;
    return 1;
}
static int choose_h2(SSL *ssl, const unsigned char **out, unsigned char *outlen, const unsigned char *in, unsigned int inlen,
                     void *arg)
{
    (void)ssl;
    (void)arg;
    return SSL_select_next_proto((unsigned char **)out, outlen, (const unsigned char *)"\2h2", 3, in, inlen) ==
                   OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_NOACK;
}

/* The context that a servername callback chooses brings its own: v(erify callback), c(iphers), a(lpn), n(o key). */
static void host(const char *name, char what)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    const unsigned char *chosen = NULL;
    unsigned int len = 0;

    theme = name;
    change = take_other;
    other = what == 'n' ? SSL_CTX_new(TLS_server_method()) : server_context("server-p256");
    SSL_CTX_set_session_id_context(ends.server_ctx, (const unsigned char *)"x", 1);
    SSL_CTX_set_verify(ends.server_ctx, what == 'v' || what == 'd' ? DEMAND : SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_verify(other, SSL_CTX_get_verify_mode(ends.server_ctx), NULL);
    if (what == 'v')
        SSL_CTX_set_cert_verify_callback(ends.server_ctx, accept_all, NULL);
    if (what == 'v')
        SSL_CTX_set_cert_verify_callback(other, refuse_all, NULL);
    if (what == 'd')
        SSL_CTX_set_cert_verify_callback(ends.server_ctx, accept_all, NULL);
    if (what == 'c')
        SSL_CTX_set_cipher_list(other, "ECDHE-ECDSA-CHACHA20-POLY1305");
    if (what == 'a')
        SSL_CTX_set_alpn_select_cb(other, choose_h2, NULL);
    SSL_CTX_set_tlsext_servername_callback(ends.server_ctx, in_servername);
    client_key(ends.client_ctx);
    connect_ends(&ends, 0);
    SSL_set_alpn_protos(ends.client, (const unsigned char *)"\2h2", 3);
    SSL_set_tlsext_host_name(ends.client, "localhost");
    shake(&ends, "results");
    ERR_clear_error();
    if (what == 'c')
        say("cipher", "%s", SSL_get_cipher_name(ends.server));
    SSL_get0_alpn_selected(ends.client, &chosen, &len);
    say("alpn", "%.*s", (int)len, chosen != NULL ? (const char *)chosen : "");
    free_ends(&ends);
    SSL_CTX_free(other);
}

/* A client's own renegotiation is not complete at once, and may be refused later. */
static void again(const char *name, int refused)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char byte;
    int n;

    theme = name;
    SSL_CTX_set_options(ends.server_ctx, SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    if (refused)
        SSL_set_options(ends.server, SSL_OP_NO_RENEGOTIATION);
    say("renegotiate", "%d", SSL_renegotiate(ends.client));
    n = SSL_do_handshake(ends.client);
    result("at once", ends.client, n);
    n = SSL_read(ends.server, &byte, 1);
    result("server", ends.server, n);
    n = SSL_do_handshake(ends.client);
    say("then", "%d", n == 1);
    ERR_clear_error();
    for (int round = 0; !refused && n != 1 && round < 5; round++) {
        SSL_read(ends.server, &byte, 1);
        n = SSL_do_handshake(ends.client);
    }
    if (!refused)
        result("in the end", ends.client, n);
    ERR_clear_error();
    free_ends(&ends);
}

void trace_terms(void)
{
    host("host.verify callback", 'v');
    host("host.default verify", 'd');
    host("host.ciphers", 'c');
    host("host.alpn", 'a');
    host("host.no key", 'n');
    again("again.allowed", 0);
    again("again.refused", 1);
    for (int with_key = 0; with_key < 2; with_key++) {
        callback(with_key ? "terms.servername, key" : "terms.servername", 's', demand, SSL_VERIFY_NONE, with_key);
        callback(with_key ? "terms.hello, key" : "terms.hello", 'h', demand, SSL_VERIFY_NONE, with_key);
        callback(with_key ? "terms.cert, key" : "terms.cert", 'c', demand, SSL_VERIFY_NONE, with_key);
        callback(with_key ? "terms.other context, key" : "terms.other context", 's', take_other, SSL_VERIFY_NONE, with_key);
        callback(with_key ? "terms.nothing, key" : "terms.nothing", 's', demand_nothing, DEMAND, with_key);
        later(with_key ? "terms.later, key" : "terms.later", with_key);
    }
    callback("terms.cipher", 's', choose_cipher, SSL_VERIFY_NONE, 0);
    callback("terms.ticket", 'h', no_ticket, SSL_VERIFY_NONE, 0);
    callback("terms.version", 'h', no_version, SSL_VERIFY_NONE, 0);
    callback("terms.names", 's', names, SSL_VERIFY_PEER, 1);
}
