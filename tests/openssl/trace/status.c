/* Stapled OCSP responses: asked for, given, refused. */
#include "trace.h"

static int client_says, server_says, client_asked, server_asked;
static unsigned char response[4096];
static long response_len;

static int at_client(SSL *ssl, void *arg)
{
    const unsigned char *came = NULL;
    long len = SSL_get_tlsext_status_ocsp_resp(ssl, &came);

    client_asked++;
    say("client's callback", "%s, response %d, same %d", (char *)arg, len > 0, len == response_len && memcmp(came, response, len) == 0);
    say("verified before", "%ld, peer %d", SSL_get_verify_result(ssl), SSL_get0_peer_certificate(ssl) != NULL);
    return client_says;
}

static int at_server(SSL *ssl, void *arg)
{
    server_asked++;
    say("server's callback", "%s, type %ld, certificate %d", (char *)arg, (long)SSL_get_tlsext_status_type(ssl), SSL_get_certificate(ssl) != NULL);
    if (response_len > 0) {
        unsigned char *copy = OPENSSL_malloc(response_len);

        memcpy(copy, response, response_len);
        say("given", "%ld", (long)SSL_set_tlsext_status_ocsp_resp(ssl, copy, response_len));
    }
    return server_says;
}

static void read_response(const char *name)
{
    char path[256];
    FILE *file;

    response_len = 0;
    if (name == NULL)
        return;
    snprintf(path, sizeof(path), PKI "%s.der", name);
    file = fopen(path, "rb");
    response_len = (long)fread(response, 1, sizeof(response), file);
    fclose(file);
}

static SSL_CTX *other;
static int choose(SSL *ssl, int *alert, void *arg)
{
    (void)alert, (void)arg;
    SSL_set_SSL_CTX(ssl, other);
    return SSL_TLSEXT_ERR_OK;
}

/* `asks`: 0 not, 1 the SSL, 2 the context. `gives`: 0 nobody, 1 the server's callback, 2 that of a context which is chosen. */
static void one(const char *name, int asks, int gives, const char *file, int server, int client)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    SSL_SESSION *session;
    const unsigned char *came = NULL;

    theme = name;
    client_says = client;
    server_says = server;
    client_asked = server_asked = 0;
    read_response(file);
    other = server_context("server-p256");
    SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_tlsext_status_cb(ends.client_ctx, at_client);
    SSL_CTX_set_tlsext_status_arg(ends.client_ctx, (void *)"client");
    say("type", "%ld", (long)SSL_CTX_get_tlsext_status_type(ends.client_ctx));
    if (asks == 2)
        say("set on the context", "%ld", (long)SSL_CTX_set_tlsext_status_type(ends.client_ctx, TLSEXT_STATUSTYPE_ocsp));
    if (gives > 0) {
        SSL_CTX_set_tlsext_status_cb(gives == 2 ? other : ends.server_ctx, at_server);
        SSL_CTX_set_tlsext_status_arg(gives == 2 ? other : ends.server_ctx, (void *)"server");
    }
    if (gives == 2)
        SSL_CTX_set_tlsext_servername_callback(ends.server_ctx, choose);
    connect_ends(&ends, 0);
    SSL_set_tlsext_host_name(ends.client, "localhost");
    if (asks == 1)
        say("set", "%ld", (long)SSL_set_tlsext_status_type(ends.client, TLSEXT_STATUSTYPE_ocsp));
    say("type of the SSL", "%ld", (long)SSL_get_tlsext_status_type(ends.client));
    shake(&ends, "results");
    errors("errors");
    say("asked", "%d %d", client_asked, server_asked);
    say("response", "%d", SSL_get_tlsext_status_ocsp_resp(ends.client, &came) > 0);
    session = SSL_get1_session(ends.client);
    SSL_shutdown(ends.client);
    SSL_shutdown(ends.server);
    ERR_clear_error();
    SSL_free(ends.client);
    SSL_free(ends.server);
    if (session != NULL && client_says == 1 && asks == 2) {
        connect_ends(&ends, 0);
        SSL_set_tlsext_host_name(ends.client, "localhost");
        SSL_set_session(ends.client, session);
        client_asked = 0;
        shake(&ends, "results then");
        say("reused", "%d, asked %d", SSL_session_reused(ends.client), client_asked);
        SSL_free(ends.client);
        SSL_free(ends.server);
    }
    SSL_SESSION_free(session);
    SSL_CTX_free(ends.client_ctx);
    SSL_CTX_free(ends.server_ctx);
    SSL_CTX_free(other);
}

void trace_status(void)
{
    int (*callback)(SSL *, void *) = NULL;
    void *arg = NULL;
    SSL_CTX *ctx = client_context();

    theme = "status.settings";
    SSL_CTX_set_tlsext_status_cb(ctx, at_client);
    SSL_CTX_set_tlsext_status_arg(ctx, &arg);
    say("callback", "%ld %d", (long)SSL_CTX_get_tlsext_status_cb(ctx, &callback), callback == at_client);
    say("argument", "%ld %d", (long)SSL_CTX_get_tlsext_status_arg(ctx, &arg), arg == &arg);
    SSL_CTX_free(ctx);
    one("status.nobody asks", 0, 1, "ocsp-p256-good", SSL_TLSEXT_ERR_OK, 1);
    one("status.given", 1, 1, "ocsp-p256-good", SSL_TLSEXT_ERR_OK, 1);
    one("status.given, the context asks", 2, 1, "ocsp-p256-good", SSL_TLSEXT_ERR_OK, 1);
    one("status.given, the client refuses", 1, 1, "ocsp-p256-good", SSL_TLSEXT_ERR_OK, 0);
    one("status.given, the client fails", 1, 1, "ocsp-p256-good", SSL_TLSEXT_ERR_OK, -1);
    one("status.given by the context that is chosen", 1, 2, "ocsp-p256-good", SSL_TLSEXT_ERR_OK, 1);
    one("status.not acknowledged", 1, 1, "ocsp-p256-good", SSL_TLSEXT_ERR_NOACK, 1);
    one("status.the server fails", 1, 1, "ocsp-p256-good", SSL_TLSEXT_ERR_ALERT_FATAL, 1);
    one("status.nothing to give", 1, 1, NULL, SSL_TLSEXT_ERR_OK, 1);
    one("status.nobody gives", 1, 0, NULL, SSL_TLSEXT_ERR_OK, 1);
    one("status.nobody gives, the client refuses", 1, 0, NULL, SSL_TLSEXT_ERR_OK, 0);
    one("status.about another certificate", 1, 1, "ocsp-rsa-good", SSL_TLSEXT_ERR_OK, 1);

}
