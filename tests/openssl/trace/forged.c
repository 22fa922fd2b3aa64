/* Chains that nobody who is trusted has signed, as clients, servers and X509_verify_cert see them. */
#include "trace.h"

#define FORGED "tests/openssl/pki/"

static void key(SSL_CTX *ctx, const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), FORGED "%s.pem", name);
    SSL_CTX_use_certificate_chain_file(ctx, path);
    snprintf(path, sizeof(path), FORGED "%s.key", name);
    SSL_CTX_use_PrivateKey_file(ctx, path, SSL_FILETYPE_PEM);
}

static void of_server(const char *name)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    key(ends.server_ctx, name);
    SSL_CTX_load_verify_locations(ends.client_ctx, FORGED "root.pem", NULL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    connect_ends(&ends, 0);
    SSL_set1_host(ends.client, "localhost");
    shake(&ends, NULL);
    say("server", "accepted %d, good %d", SSL_is_init_finished(ends.client), SSL_get_verify_result(ends.client) == X509_V_OK);
    ERR_clear_error();
    free_ends(&ends);
}

static void of_client(const char *name)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    key(ends.client_ctx, name);
    SSL_CTX_load_verify_locations(ends.server_ctx, FORGED "root.pem", NULL);
    SSL_CTX_set_verify(ends.server_ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    connect_ends(&ends, 0);
    shake(&ends, NULL);
    say("client", "accepted %d, good %d", SSL_is_init_finished(ends.server), SSL_get_verify_result(ends.server) == X509_V_OK);
    ERR_clear_error();
    free_ends(&ends);
}

static void alone(const char *name, int flags)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *untrusted = sk_X509_new_null();
    char path[256];
    BIO *bio;
    X509 *leaf, *next;

    snprintf(path, sizeof(path), FORGED "%s.pem", name);
    bio = BIO_new_file(path, "r");
    leaf = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    while ((next = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
        sk_X509_push(untrusted, next);
    BIO_free(bio);
    X509_STORE_load_locations(store, FORGED "root.pem", NULL);
    X509_STORE_set_flags(store, flags);
    X509_STORE_CTX_init(ctx, store, leaf, untrusted);
    say("alone", "%d, good %d", X509_verify_cert(ctx) == 1, X509_STORE_CTX_get_error(ctx) == X509_V_OK);
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    sk_X509_pop_free(untrusted, X509_free);
    X509_free(leaf);
    ERR_clear_error();
}

void trace_forged(void)
{
    static const char *const names[] = {"forged", "other", "true"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char label[64];

        snprintf(label, sizeof(label), "forged.%s", names[i]);
        theme = label;
        of_server(names[i]);
        of_client(names[i]);
        alone(names[i], 0);
        alone(names[i], X509_V_FLAG_PARTIAL_CHAIN);
        theme = "";
    }
}
