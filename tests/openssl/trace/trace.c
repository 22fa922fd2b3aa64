#include "trace.h"

#include <signal.h>
#include <stdarg.h>

const char *theme = "";

void say(const char *label, const char *format, ...)
{
    va_list arguments;

    printf("%s.%s: ", theme, label);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

void result(const char *label, SSL *ssl, int value)
{
    say(label, "%d, error %d", value, SSL_get_error(ssl, value));
}

void errors(const char *label)
{
    char text[512] = "";
    unsigned long code;

    while ((code = ERR_get_error()) != 0) {
        size_t used = strlen(text);

        snprintf(text + used, sizeof(text) - used, "%s%d/%d", used > 0 ? " " : "", ERR_GET_LIB(code), ERR_GET_REASON(code));
    }
    say(label, "%s", text[0] != 0 ? text : "none");
}

static void must(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "%s failed\n", what);
    ERR_print_errors_fp(stderr);
    exit(2);
}

SSL_CTX *server_context(const char *name)
{
    char path[256];
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    must(ctx != NULL, "SSL_CTX_new");
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    snprintf(path, sizeof(path), PKI "%s.pem", name);
    must(SSL_CTX_use_certificate_chain_file(ctx, path) == 1, path);
    snprintf(path, sizeof(path), PKI "%s.key", name);
    must(SSL_CTX_use_PrivateKey_file(ctx, path, SSL_FILETYPE_PEM) == 1, path);
    return ctx;
}

SSL_CTX *client_context(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    must(ctx != NULL, "SSL_CTX_new");
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    return ctx;
}

void connect_ends(struct ends *ends, size_t room)
{
    BIO *client, *server;

    ends->client = SSL_new(ends->client_ctx);
    ends->server = SSL_new(ends->server_ctx);
    must(BIO_new_bio_pair(&client, room, &server, room), "BIO_new_bio_pair");
    SSL_set_bio(ends->client, client, client);
    SSL_set_bio(ends->server, server, server);
    SSL_set_connect_state(ends->client);
    SSL_set_accept_state(ends->server);
}

int shake(struct ends *ends, const char *label)
{
    int client = 0, server = 0, client_error = 0, server_error = 0;

    for (int round = 0; round < 100; round++) {
        if (client != 1) {
            client = SSL_do_handshake(ends->client);
            client_error = SSL_get_error(ends->client, client);
            if (client != 1 && client_error != SSL_ERROR_WANT_READ && client_error != SSL_ERROR_WANT_WRITE)
                break;
        }
        if (server != 1) {
            server = SSL_do_handshake(ends->server);
            server_error = SSL_get_error(ends->server, server);
            if (server != 1 && server_error != SSL_ERROR_WANT_READ && server_error != SSL_ERROR_WANT_WRITE)
                break;
        }
        if (client == 1 && server == 1)
            break;
    }
    if (label != NULL)
        say(label, "client %d (%d), server %d (%d)", client, client_error, server, server_error);
    return client == 1 && server == 1;
}

void free_ends(struct ends *ends)
{
    SSL_free(ends->client);
    SSL_free(ends->server);
    SSL_CTX_free(ends->client_ctx);
    SSL_CTX_free(ends->server_ctx);
}

int main(void)
{
    /* OpenSSL writes to sockets without MSG_NOSIGNAL. */
    signal(SIGPIPE, SIG_IGN);
    /* What was said is there, should a library end the program. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
    trace_errors();
    trace_bio();
    trace_context();
    trace_handshake();
    trace_io();
    trace_helpers();
    trace_shutdown();
    trace_verify();
    trace_sessions();
    trace_callbacks();
    trace_objects();
    trace_digests();
    trace_overrule();
    trace_careless();
    trace_asked();
    trace_forged();
    trace_secrets();
    trace_terms();
    trace_ownership();
    trace_stores();
    trace_messages();
    trace_stored();
    trace_lasting();
    trace_demands();
    trace_names();
    trace_status();
    trace_holding();
    return 0;
}
