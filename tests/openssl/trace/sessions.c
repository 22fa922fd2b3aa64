#include "trace.h"

static int made;
static int new_session(SSL *ssl, SSL_SESSION *session)
{
    (void)ssl, (void)session;
    made++;
    return 0;
}

static void again(struct ends *ends, SSL_SESSION *session, const char *label)
{
    struct ends next = {.server_ctx = ends->server_ctx, .client_ctx = ends->client_ctx};
    char text[64];

    connect_ends(&next, 0);
    say(label, "set %d", SSL_set_session(next.client, session));
    snprintf(text, sizeof(text), "%s results", label);
    shake(&next, text);
    snprintf(text, sizeof(text), "%s reused", label);
    say(text, "%d %d", SSL_session_reused(next.client), SSL_session_reused(next.server));
    snprintf(text, sizeof(text), "%s verify", label);
    say(text, "%ld %ld, peers %d %d", SSL_get_verify_result(next.client), SSL_get_verify_result(next.server),
        SSL_get0_peer_certificate(next.client) != NULL, SSL_get0_peer_certificate(next.server) != NULL);
    snprintf(text, sizeof(text), "%s errors", label);
    errors(text);
    SSL_free(next.client);
    SSL_free(next.server);
}

static void resumed(const char *name, uint64_t options, int mutual, int context)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    SSL_SESSION *session;

    theme = name;
    made = 0;
    SSL_CTX_set_options(ends.server_ctx, options);
    SSL_CTX_sess_set_new_cb(ends.server_ctx, new_session);
    if (context)
        SSL_CTX_set_session_id_context(ends.server_ctx, (const unsigned char *)"trace", 5);
    if (mutual) {
        SSL_CTX_load_verify_locations(ends.server_ctx, PKI "ca.pem", NULL);
        SSL_CTX_set_verify(ends.server_ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        SSL_CTX_use_certificate_chain_file(ends.client_ctx, PKI "client-p256.pem");
        SSL_CTX_use_PrivateKey_file(ends.client_ctx, PKI "client-p256.key", SSL_FILETYPE_PEM);
    }
    connect_ends(&ends, 0);
    shake(&ends, "first");
    say("made", "%d", made);
    session = SSL_get1_session(ends.client);
    say("session", "%d, ticket %d, version %#x", session != NULL, SSL_SESSION_has_ticket(session),
        (unsigned)SSL_SESSION_get_protocol_version(session));
    again(&ends, session, "second");
    say("made then", "%d", made);
    say("counted", "%ld %ld %ld", SSL_CTX_sess_accept(ends.server_ctx), SSL_CTX_sess_accept_good(ends.server_ctx),
        SSL_CTX_sess_hits(ends.server_ctx));
    {
        unsigned char *bytes = NULL;
        const unsigned char *at;
        int len = i2d_SSL_SESSION(session, &bytes);
        SSL_SESSION *copy;

        say("encoded", "%d", len > 0 && bytes != NULL);
        at = bytes;
        copy = d2i_SSL_SESSION(NULL, &at, len);
        say("decoded", "%d, all %d", copy != NULL, at == bytes + len);
        again(&ends, copy, "third");
        SSL_SESSION_free(copy);
        at = (const unsigned char *)"nonsense";
        say("nonsense", "%d", d2i_SSL_SESSION(NULL, &at, 8) == NULL);
        ERR_clear_error();
        OPENSSL_free(bytes);
    }
    SSL_SESSION_free(session);
    free_ends(&ends);
}

static void reused(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    BIO *client, *server;

    theme = "sessions.clear";
    connect_ends(&ends, 0);
    shake(&ends, "first");
    SSL_shutdown(ends.client);
    SSL_shutdown(ends.server);
    SSL_shutdown(ends.client);
    say("clear", "%d %d", SSL_clear(ends.client), SSL_clear(ends.server));
    say("before", "%d %d", SSL_in_before(ends.client), SSL_get_shutdown(ends.client));
    BIO_new_bio_pair(&client, 0, &server, 0);
    SSL_set_bio(ends.client, client, client);
    SSL_set_bio(ends.server, server, server);
    shake(&ends, "second");
    say("reused", "%d", SSL_session_reused(ends.client));
    ERR_clear_error();
    free_ends(&ends);
}

void trace_sessions(void)
{
    resumed("sessions.ticket", 0, 0, 0);
    resumed("sessions.id", SSL_OP_NO_TICKET, 0, 0);
    resumed("sessions.mutual", 0, 1, 1);
    resumed("sessions.mutual without context", 0, 1, 0);
    reused();
}
