/* Sessions that a server keeps under their IDs, in its cache and elsewhere: who is asked, and who is told. */
#include "trace.h"

static int made, asked, removed;
static SSL_SESSION *elsewhere;
static unsigned char encoded[8192];
static int encoded_len;

static int on_new(SSL *ssl, SSL_SESSION *session)
{
    unsigned char *at = encoded;

    (void)ssl;
    made++;
    encoded_len = i2d_SSL_SESSION(session, NULL);
    if (encoded_len > 0 && encoded_len <= (int)sizeof(encoded))
        i2d_SSL_SESSION(session, &at);
    SSL_SESSION_free(elsewhere);
    elsewhere = session;
    return 1;
}

static SSL_SESSION *lent(SSL *ssl, const unsigned char *id, int len, int *copy)
{
    unsigned int known_len;
    const unsigned char *known = elsewhere == NULL ? NULL : SSL_SESSION_get_id(elsewhere, &known_len);

    (void)ssl;
    asked++;
    *copy = 1;
    return known != NULL && (int)known_len == len && memcmp(known, id, known_len) == 0 ? elsewhere : NULL;
}

static SSL_SESSION *given(SSL *ssl, const unsigned char *id, int len, int *copy)
{
    const unsigned char *at = encoded;

    (void)ssl, (void)id, (void)len;
    asked++;
    *copy = 0;
    return encoded_len > 0 ? d2i_SSL_SESSION(NULL, &at, encoded_len) : NULL;
}

static void on_remove(SSL_CTX *ctx, SSL_SESSION *session)
{
    /* A program may ask the context. */
    removed += SSL_CTX_sess_number(ctx) >= 0 && session != NULL;
}

static struct ends ends;

/* A handshake with what the last one has left. */
static void once(const char *label, SSL_SESSION **session)
{
    struct ends next = {.server_ctx = ends.server_ctx, .client_ctx = ends.client_ctx};
    unsigned int len = 0;
    char text[64];

    made = asked = removed = 0;
    connect_ends(&next, 0);
    if (*session != NULL)
        SSL_set_session(next.client, *session);
    snprintf(text, sizeof(text), "%s results", label);
    shake(&next, text);
    SSL_SESSION_get_id(SSL_get_session(next.server), &len);
    say(label, "reused %d %d, made %d, asked %d, removed %d, number %ld, ID %u", SSL_session_reused(next.client),
        SSL_session_reused(next.server), made, asked, removed, SSL_CTX_sess_number(ends.server_ctx), len);
    errors("errors");
    SSL_SESSION_free(*session);
    *session = SSL_get1_session(next.client);
    SSL_shutdown(next.client);
    SSL_shutdown(next.server);
    SSL_free(next.client);
    SSL_free(next.server);
}

static void begin(const char *name, long mode)
{
    theme = name;
    ends.server_ctx = server_context("server-p256");
    ends.client_ctx = client_context();
    SSL_CTX_set_options(ends.server_ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_id_context(ends.server_ctx, (const unsigned char *)"stored", 6);
    SSL_CTX_set_session_cache_mode(ends.server_ctx, mode);
    SSL_CTX_sess_set_new_cb(ends.server_ctx, on_new);
    SSL_CTX_sess_set_remove_cb(ends.server_ctx, on_remove);
    SSL_CTX_sess_set_get_cb(ends.server_ctx, lent);
}

static void end(SSL_SESSION *session)
{
    SSL_SESSION_free(session);
    SSL_SESSION_free(elsewhere);
    elsewhere = NULL;
    SSL_CTX_free(ends.server_ctx);
    SSL_CTX_free(ends.client_ctx);
}

static void inside(void)
{
    SSL_SESSION *session = NULL, *other = NULL;

    begin("stored.inside", SSL_SESS_CACHE_SERVER);
    once("first", &session);
    once("second", &session);
    removed = 0;
    say("added", "%d", SSL_CTX_add_session(ends.server_ctx, elsewhere));
    say("removed", "%d %d, told %d", SSL_CTX_remove_session(ends.server_ctx, elsewhere),
        SSL_CTX_remove_session(ends.server_ctx, elsewhere), removed);
    say("number", "%ld", SSL_CTX_sess_number(ends.server_ctx));
    once("full", &session);
    removed = 0;
    SSL_CTX_flush_sessions(ends.server_ctx, 1);
    say("flushed none", "%ld, told %d", SSL_CTX_sess_number(ends.server_ctx), removed);
    SSL_CTX_flush_sessions(ends.server_ctx, 0x7fffffff);
    say("flushed", "%ld, told %d", SSL_CTX_sess_number(ends.server_ctx), removed);
    SSL_CTX_sess_set_cache_size(ends.server_ctx, 1);
    once("one", &session);
    once("another", &other);
    SSL_SESSION_free(other);
    end(session);
}

static void outside(const char *name, SSL_SESSION *(*get)(SSL *, const unsigned char *, int, int *))
{
    SSL_SESSION *session = NULL;

    begin(name, SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_get_cb(ends.server_ctx, get);
    once("first", &session);
    say("encoded", "%d", encoded_len > 0);
    once("second", &session);
    SSL_SESSION_free(elsewhere);
    elsewhere = NULL;
    encoded_len = 0;
    once("gone", &session);
    end(session);
}

static void off(void)
{
    SSL_SESSION *session = NULL;

    begin("stored.off", SSL_SESS_CACHE_OFF);
    once("first", &session);
    once("second", &session);
    end(session);
}

void trace_stored(void)
{
    inside();
    outside("stored.lent", lent);
    outside("stored.given", given);
    off();
}
