#include "trace.h"

static int calls, overruled;

static int callback(int ok, X509_STORE_CTX *ctx)
{
    char name[128], label[32];
    X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
    SSL *ssl = X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx());

    snprintf(label, sizeof(label), "callback %d", calls++);
    say(label, "ok %d, error %d, depth %d, ssl %d, %s", ok, X509_STORE_CTX_get_error(ctx),
        X509_STORE_CTX_get_error_depth(ctx), ssl != NULL, X509_NAME_oneline(X509_get_subject_name(cert), name, sizeof(name)));
    return overruled ? 1 : ok;
}

static void one(const char *name, const char *server, const char *ca, const char *host, int mode, int with_callback)
{
    struct ends ends = {.server_ctx = server_context(server), .client_ctx = client_context()};
    char path[256];

    theme = name;
    calls = 0;
    if (ca != NULL) {
        snprintf(path, sizeof(path), PKI "%s.pem", ca);
        say("CA", "%d", SSL_CTX_load_verify_locations(ends.client_ctx, path, NULL));
    }
    SSL_CTX_set_verify(ends.client_ctx, mode, with_callback ? callback : NULL);
    connect_ends(&ends, 0);
    if (host != NULL)
        say("host", "%d", SSL_set1_host(ends.client, host));
    shake(&ends, "results");
    errors("errors");
    say("result", "%ld", SSL_get_verify_result(ends.client));
    say("verified chain", "%d", sk_X509_num(SSL_get0_verified_chain(ends.client)));
    say("peer name", "%s", SSL_get0_peername(ends.client) ? SSL_get0_peername(ends.client) : "none");
    free_ends(&ends);
}

static int whole(X509_STORE_CTX *ctx, void *arg)
{
    say("whole", "%s", (char *)arg);
    X509_STORE_CTX_set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

static void alone(const char *name, const char *leaf, const char *ca, int server)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *untrusted = sk_X509_new_null();
    char path[256];
    BIO *bio;
    X509 *cert, *next;

    theme = name;
    snprintf(path, sizeof(path), PKI "%s.pem", leaf);
    bio = BIO_new_file(path, "r");
    cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    while ((next = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
        sk_X509_push(untrusted, next);
    BIO_free(bio);
    ERR_clear_error();
    snprintf(path, sizeof(path), PKI "%s.pem", ca);
    say("store", "%d", X509_STORE_load_locations(store, path, NULL));
    X509_STORE_CTX_init(ctx, store, cert, untrusted);
    X509_STORE_CTX_set_default(ctx, server ? "ssl_server" : "ssl_client");
    say("verified", "%d", X509_verify_cert(ctx));
    say("error", "%d at %d", X509_STORE_CTX_get_error(ctx), X509_STORE_CTX_get_error_depth(ctx));
    say("chain", "%d", sk_X509_num(X509_STORE_CTX_get0_chain(ctx)));
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    sk_X509_pop_free(untrusted, X509_free);
    X509_free(cert);
}

static void clients(const char *name, int mode, const char *cert, const char *ca)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char path[256];

    theme = name;
    if (ca != NULL) {
        snprintf(path, sizeof(path), PKI "%s.pem", ca);
        SSL_CTX_load_verify_locations(ends.server_ctx, path, NULL);
        SSL_CTX_set_client_CA_list(ends.server_ctx, SSL_load_client_CA_file(path));
    }
    if (cert != NULL) {
        snprintf(path, sizeof(path), PKI "%s.pem", cert);
        SSL_CTX_use_certificate_chain_file(ends.client_ctx, path);
        snprintf(path, sizeof(path), PKI "%s.key", cert);
        SSL_CTX_use_PrivateKey_file(ends.client_ctx, path, SSL_FILETYPE_PEM);
    }
    SSL_CTX_set_verify(ends.server_ctx, mode, NULL);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    errors("errors");
    say("result", "%ld", SSL_get_verify_result(ends.server));
    say("peer", "%d", SSL_get0_peer_certificate(ends.server) != NULL);
    say("chain", "%d", sk_X509_num(SSL_get_peer_cert_chain(ends.server)));
    free_ends(&ends);
}

void trace_verify(void)
{
    struct ends ends;

    one("verify.none", "server-p256", NULL, NULL, SSL_VERIFY_NONE, 0);
    one("verify.unknown", "server-p256", NULL, NULL, SSL_VERIFY_PEER, 0);
    one("verify.good", "server-p256", "ca", "localhost", SSL_VERIFY_PEER, 1);
    one("verify.address", "server-p256", "ca", "127.0.0.1", SSL_VERIFY_PEER, 0);
    one("verify.wildcard", "server-p256", "ca", "a.wild.test", SSL_VERIFY_PEER, 0);
    one("verify.name", "server-p256", "ca", "other.test", SSL_VERIFY_PEER, 0);
    one("verify.name callback", "server-p256", "ca", "other.test", SSL_VERIFY_PEER, 1);
    one("verify.expired", "bad-expired", "ca", NULL, SSL_VERIFY_PEER, 0);
    one("verify.expired unasked", "bad-expired", "ca", NULL, SSL_VERIFY_NONE, 0);
    one("verify.not yet", "bad-not-yet", "ca", NULL, SSL_VERIFY_PEER, 0);
    one("verify.purpose", "bad-eku", "ca", NULL, SSL_VERIFY_PEER, 0);
    one("verify.self-signed", "self-leaf", "ca", NULL, SSL_VERIFY_PEER, 0);
    one("verify.self-signed trusted", "self-leaf", "self-leaf", NULL, SSL_VERIFY_PEER, 0);
    one("verify.other CA", "server-p256", "other-ca", NULL, SSL_VERIFY_PEER, 1);
    one("verify.missing intermediate", "bad-missing-int", "ca", NULL, SSL_VERIFY_PEER, 0);
    one("verify.signature", "bad-signature", "ca", NULL, SSL_VERIFY_PEER, 0);
    overruled = 1;
    one("verify.overruled", "bad-expired", "ca", NULL, SSL_VERIFY_PEER, 1);
    one("verify.overruled CA", "server-p256", NULL, NULL, SSL_VERIFY_PEER, 1);
    overruled = 0;

    theme = "verify.whole";
    ends = (struct ends){.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(ends.client_ctx, whole, (void *)"argument");
    connect_ends(&ends, 0);
    shake(&ends, "results");
    errors("errors");
    say("result", "%ld", SSL_get_verify_result(ends.client));
    free_ends(&ends);

    alone("verify.alone", "server-rsa", "ca", 1);
    alone("verify.alone unknown", "server-rsa", "other-ca", 1);
    alone("verify.alone purpose", "server-rsa", "ca", 0);
    alone("verify.alone expired", "bad-expired", "ca", 1);

    clients("verify.client none", SSL_VERIFY_PEER, NULL, "ca");
    clients("verify.client required", SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL, "ca");
    clients("verify.client good", SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, "client-p256", "ca");
    clients("verify.client unknown", SSL_VERIFY_PEER, "client-p256", "other-ca");
    clients("verify.client expired", SSL_VERIFY_PEER, "bad-client-expired", "ca");
    clients("verify.client unasked", SSL_VERIFY_NONE, "client-p256", "ca");
}
