/* ClientHello callback, SNI certificate selection, ALPN callback: the rows of these names, with answers at
 * once, later from another thread, wrong, twice and never. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <pthread.h>
#include <stdlib.h>

enum word { NOTHING, GO_ON, CTX, KEYPAIRS, REFUSE, FAIL, CLIENT_CTX, TWICE };

struct desk {
    enum word word;
    int late, asked, released;
    tls_ctx *other;
    tls_pending *kept;
    char name[64];
    size_t ciphers, groups, sigalgs, alpn, raw;
};

static int answer(struct desk *d, tls_pending *pending)
{
    switch (d->word) {
    case GO_ON:
        return tls_pending_go_on(pending);
    case CTX:
        return tls_pending_use_ctx(pending, d->other);
    case KEYPAIRS:
        return tls_pending_use_keypairs_of(pending, d->other);
    case REFUSE:
        CHECK_EQ(tls_pending_refuse_hello(pending, 0), TLS_ERR_USAGE);   /* close_notify is no refusal */
        CHECK_EQ(tls_pending_refuse_hello(pending, 7), TLS_ERR_USAGE);   /* no alert at all */
        CHECK_EQ(tls_pending_refuse_hello(pending, 256), TLS_ERR_USAGE);
        return tls_pending_refuse_hello(pending, 112);
    case CLIENT_CTX:
        CHECK_EQ(tls_pending_use_ctx(pending, d->other), TLS_ERR_USAGE);
        CHECK_EQ(tls_pending_use_ctx(pending, NULL), TLS_ERR_USAGE);
        CHECK_EQ(tls_pending_answer_signature(pending, "x", 1), TLS_ERR_USAGE); /* not what was asked */
        return tls_pending_go_on(pending);
    case TWICE:
        CHECK_EQ(tls_pending_go_on(pending), TLS_OK);
        CHECK_EQ(tls_pending_go_on(pending), TLS_ERR_USAGE);
        CHECK_EQ(tls_pending_refuse_hello(pending, 40), TLS_ERR_USAGE);
        return TLS_OK;
    case FAIL:
        CHECK_EQ(tls_pending_go_on(pending), TLS_OK);
        return TLS_ERR_IO;
    case NOTHING:
        break;
    }
    return TLS_OK;
}

static int on_hello(tls_pending *pending, const tls_hello *hello, void *arg)
{
    struct desk *d = arg;
    size_t len = 0;
    const uint8_t *bytes;
    const char *name = tls_hello_server_name(hello);
    d->asked++;
    snprintf(d->name, sizeof d->name, "%s", name != NULL ? name : "-");
    CHECK_EQ(tls_hello_version(hello), 0x0303);
    CHECK(tls_hello_ciphers(hello, &d->ciphers) != NULL);
    CHECK(tls_hello_groups(hello, &d->groups) != NULL);
    CHECK(tls_hello_sigalgs(hello, &d->sigalgs) != NULL);
    tls_hello_alpn(hello, &d->alpn);
    bytes = tls_hello_raw(hello, &d->raw);
    CHECK(bytes != NULL && bytes[0] == 1 && (size_t)(bytes[2] << 8 | bytes[3]) + 4 == d->raw);
    CHECK(tls_hello_session_id(hello, NULL) != NULL);
    bytes = tls_hello_extension(hello, 0, &len); /* server_name: list, type, name */
    CHECK(name == NULL || (bytes != NULL && len == strlen(name) + 5));
    CHECK(tls_hello_extension(hello, 0x7777, &len) == NULL);
    CHECK(tls_hello_extension(hello, -1, &len) == NULL);
    CHECK(tls_hello_extension(hello, 0x10000, &len) == NULL);
    if (!d->late)
        return answer(d, pending);
    d->kept = tls_pending_ref(pending);
    return TLS_WANT_APP;
}

static void release(void *arg)
{
    ((struct desk *)arg)->released++;
}

static void *answer_late(void *arg)
{
    struct desk *d = arg;
    CHECK_EQ(answer(d, d->kept), TLS_OK);
    return NULL;
}

static int wakes;

static void wake(void *arg)
{
    (void)arg;
    wakes++;
}

/* A server context with this callback; `keypair` NULL: none of its own. */
static tls_ctx *asking(struct desk *d, const char *keypair, int certificate)
{
    tls_ctx *ctx = keypair != NULL ? server_ctx(keypair) : tls_ctx_new(TLS_SERVER);
    CHECK_EQ((certificate ? tls_ctx_set_certificate_callback : tls_ctx_set_hello_callback)(ctx, on_hello, d, release),
             TLS_OK);
    return ctx;
}

/* Runs both ends, answering from a thread of its own where the answer comes late. */
static int converse(struct pair *p, struct desk *d)
{
    pthread_t thread;
    int rc, i;
    if (!d->late)
        return pair_handshake(p, 4096);
    CHECK_EQ(tls_handshake(p->client), TLS_WANT_WRITE);
    shuttle(p->client, p->server, 4096);
    for (i = 0; i < 3; i++)
        CHECK_EQ(tls_handshake(p->server), TLS_WANT_APP);
    CHECK_EQ(d->asked, 1);
    CHECK_EQ(tls_conn_wants(p->server) & TLS_WANTS_APP, TLS_WANTS_APP);
    CHECK(tls_conn_question(p->server) != NULL);
    wakes = 0;
    CHECK_EQ(tls_pending_set_wake(tls_conn_question(p->server), wake, NULL), TLS_OK);
    CHECK_EQ(pthread_create(&thread, NULL, answer_late, d), 0);
    pthread_join(thread, NULL);
    CHECK_EQ(wakes, 1);
    rc = pair_handshake(p, 4096);
    tls_pending_free(d->kept);
    d->kept = NULL;
    return rc;
}


static void client_hello_callback(int late, int certificate)
{
    static const enum word good[] = {NOTHING, GO_ON, KEYPAIRS, CLIENT_CTX, TWICE, CTX};
    size_t i;
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        struct desk d = {.word = good[i], .late = late};
        tls_ctx *client;
        struct pair p;
        if ((late && (d.word == NOTHING || d.word == TWICE)) || (certificate && d.word == CTX))
            continue;
        client = client_ctx();
        d.other = d.word == CLIENT_CTX ? client_ctx() : server_ctx("rsa");
        CHECK_EQ(tls_ctx_set_alpn(client, "h2,http/1.1"), TLS_OK);
        p = pair_of(client, asking(&d, d.word == KEYPAIRS || d.word == CTX ? NULL : "p256", certificate));
        CHECK_EQ(converse(&p, &d), TLS_OK);
        CHECK_EQ(d.asked, 1);
        CHECK_STR(d.name, "localhost");
        CHECK(d.ciphers > 2 && d.groups > 2 && d.sigalgs > 2);
        CHECK_EQ(d.alpn, 3 + 9);
        CHECK_EQ(pair_send(p.client, p.server, "data", 4, 100), 0);
        CHECK_STR(tls_conn_cipher(p.client), d.word == KEYPAIRS || d.word == CTX ? "ECDHE-RSA-AES128-GCM-SHA256"
                                                                               : "ECDHE-ECDSA-AES128-GCM-SHA256");
        CHECK_EQ(d.released, 0);
        tls_ctx_free(d.other);
        pair_free(&p);
        CHECK_EQ(d.released, 1);
    }
}

static void refusals(int late, int certificate)
{
    struct desk d = {.word = REFUSE, .late = late};
    struct pair p = pair_of(client_ctx(), asking(&d, "p256", certificate));
    tls_error_info error;
    CHECK_EQ(converse(&p, &d), TLS_ERR_TLS);
    CHECK_EQ(tls_conn_error(p.server, &error), TLS_OK);
    CHECK_EQ(error.number, TLS_REASON_CONNECTION_REJECTED);
    CHECK_EQ(error.alert, 112);
    CHECK_EQ(error.alert_direction, TLS_ALERT_SENT);
    shuttle(p.server, p.client, 4096);
    CHECK_EQ(tls_handshake(p.client), TLS_ERR_TLS);
    CHECK_EQ(tls_conn_error(p.client, &error), TLS_OK);
    CHECK_EQ(error.alert, 112);
    CHECK_EQ(error.alert_direction, TLS_ALERT_RECEIVED);
    pair_free(&p);
    CHECK_EQ(d.released, 1);
}

static void failures(void)
{
    struct desk d = {.word = FAIL};
    struct pair p = pair_of(client_ctx(), asking(&d, "p256", 0));
    tls_error_info error;
    CHECK_EQ(pair_handshake(&p, 4096), TLS_ERR_TLS);
    CHECK_EQ(tls_conn_error(p.server, &error), TLS_OK);
    CHECK_EQ(error.number, TLS_REASON_CONNECTION_REJECTED);
    CHECK_EQ(error.alert, 80);
    pair_free(&p);

    /* A context comes too late where the certificate is chosen. */
    d = (struct desk){.word = CTX, .other = server_ctx("rsa")};
    p = pair_of(client_ctx(), asking(&d, "p256", 1));
    CHECK(pair_handshake(&p, 4096) < 0);
    CHECK_EQ(conn_error(p.server), TLS_REASON_CALLBACK_MISBEHAVED);
    tls_ctx_free(d.other);
    pair_free(&p);

    /* Never answered; answered when the connection is gone. */
    d = (struct desk){.word = GO_ON, .late = 1};
    p = pair_of(client_ctx(), asking(&d, "p256", 0));
    CHECK_EQ(tls_handshake(p.client), TLS_WANT_WRITE);
    shuttle(p.client, p.server, 4096);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    pair_free(&p);
    CHECK_EQ(tls_pending_go_on(d.kept), TLS_OK);
    CHECK_EQ(tls_pending_go_on(d.kept), TLS_ERR_USAGE);
    tls_pending_free(d.kept);
    CHECK_EQ(d.released, 1);

    /* Taken back: nobody is asked, and the keypair is missed again. */
    d = (struct desk){.word = GO_ON};
    p = pair_of(client_ctx(), asking(&d, NULL, 0));
    CHECK_EQ(tls_ctx_set_hello_callback(p.server_ctx, NULL, NULL, NULL), TLS_OK);
    tls_conn_free(p.server);
    CHECK_EQ(d.released, 1);
    p.server = tls_conn_new_server(p.server_ctx);
    CHECK_EQ(conn_error(p.server), TLS_REASON_NO_KEYPAIR);
    pair_free(&p);
}

static int by_name(tls_pending *pending, const tls_hello *hello, void *arg)
{
    tls_ctx **contexts = arg;
    const char *name = tls_hello_server_name(hello);
    if (name == NULL)
        return tls_pending_refuse_hello(pending, 112);
    return tls_pending_use_ctx(pending, contexts[strcmp(name, "localhost") == 0]);
}

static const char *shown(tls_ctx *server, const char *name, const char *ciphers)
{
    static char subject[256];
    tls_ctx *client = client_ctx();
    struct pair p;
    CHECK_EQ(tls_ctx_danger_accept_any_cert(client), TLS_OK);
    if (ciphers != NULL)
        CHECK_EQ(tls_ctx_set_cipher_list(client, ciphers), TLS_OK);
    p = pair_of(client, tls_ctx_ref(server));
    tls_conn_free(p.client);
    p.client = tls_conn_new(client, name);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    snprintf(subject, sizeof subject, "%s|%s", tls_cert_name(tls_conn_peer_cert(p.client, 0), 0), tls_conn_cipher(p.client));
    pair_free(&p);
    return subject;
}

/* Several keypairs in one context: by name, wildcards too, then by what the client can verify. */
static void sni_certificate_selection(void)
{
    tls_ctx *ctx = server_ctx("p256"), *contexts[2], *front;
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("server-rsa.pem"), pki("server-rsa.key")), TLS_OK);
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("name-wildcard.pem"), pki("name-wildcard.key")), TLS_OK);
    CHECK(strstr(shown(ctx, "localhost", NULL), "|ECDHE-ECDSA-") != NULL);
    CHECK(strstr(shown(ctx, "localhost", "ECDHE-RSA-AES128-GCM-SHA256"), "|ECDHE-RSA-") != NULL);
    CHECK(strncmp(shown(ctx, "host.example.test", NULL), "*.example.test|ECDHE-ECDSA-", 27) == 0);
    CHECK(strncmp(shown(ctx, "a.host.example.test", NULL), "*.", 2) != 0); /* one label alone */

    /* Contexts by name, through the callback. */
    contexts[0] = server_ctx("rsa");
    contexts[1] = server_ctx("p256");
    front = tls_ctx_new(TLS_SERVER);
    CHECK_EQ(tls_ctx_set_hello_callback(front, by_name, contexts, NULL), TLS_OK);
    CHECK(strstr(shown(front, "localhost", NULL), "|ECDHE-ECDSA-") != NULL);
    CHECK(strstr(shown(front, "elsewhere.test", NULL), "|ECDHE-RSA-") != NULL);
    tls_ctx_free(front);
    tls_ctx_free(contexts[0]);
    tls_ctx_free(contexts[1]);
    tls_ctx_free(ctx);
}

struct selector {
    int code;
    const char *name;
    int released;
};

static int select_alpn(const tls_hello *hello, const uint8_t **name, size_t *len, void *arg)
{
    struct selector *s = arg;
    size_t offered;
    CHECK(tls_hello_alpn(hello, &offered) != NULL && offered == 12);
    if (s->name != NULL) {
        *name = (const uint8_t *)s->name;
        *len = strlen(s->name);
    }
    return s->code;
}

static void release_selector(void *arg)
{
    ((struct selector *)arg)->released++;
}

static void alpn_with(int code, const char *name, int rc, int reason, const char *agreed)
{
    struct selector s = {code, name, 0};
    tls_ctx *client = client_ctx(), *server = server_ctx("p256");
    struct pair p;
    CHECK_EQ(tls_ctx_set_alpn(client, "h2,http/1.1"), TLS_OK);
    CHECK_EQ(tls_ctx_set_alpn_callback(server, select_alpn, &s, release_selector), TLS_OK);
    p = pair_of(client, server);
    CHECK_EQ(pair_handshake(&p, 4096), rc);
    CHECK_EQ(conn_error(p.server), reason);
    CHECK_STR(tls_conn_alpn(p.client, NULL), agreed);
    pair_free(&p);
    CHECK_EQ(s.released, 1);
}

static void alpn_callback(void)
{
    alpn_with(TLS_OK, "http/1.1", TLS_OK, 0, "http/1.1");
    alpn_with(TLS_ALPN_IGNORE, NULL, TLS_OK, 0, NULL);
    alpn_with(TLS_ERR_TLS, NULL, TLS_ERR_TLS, TLS_REASON_NO_APPLICATION_PROTOCOL, NULL);
    alpn_with(77, "h2", TLS_ERR_TLS, TLS_REASON_NO_APPLICATION_PROTOCOL, NULL);
    alpn_with(TLS_OK, "spdy/3", TLS_ERR_USAGE, TLS_REASON_CALLBACK_MISBEHAVED, NULL);
    alpn_with(TLS_OK, NULL, TLS_ERR_USAGE, TLS_REASON_CALLBACK_MISBEHAVED, NULL);
    alpn_with(TLS_OK, "", TLS_ERR_USAGE, TLS_REASON_CALLBACK_MISBEHAVED, NULL);
}

int main(void)
{
    int late, certificate;
    for (late = 0; late < 2; late++)
        for (certificate = 0; certificate < 2; certificate++) {
            client_hello_callback(late, certificate);
            refusals(late, certificate);
        }
    failures();
    sni_certificate_selection();
    alpn_callback();
    return checks_done();
}
