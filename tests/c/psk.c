/* Pre-shared keys: fixed, behind callbacks, answered later. */
#include "check.h"
#include "support.h"

#include <stdlib.h>

static const unsigned char key[32] = {1, 2, 3, 4, 5, 6, 7, 8};

/* Contexts of the legacy policy without certificates; the lists are the client's. */
static struct pair psk_pair(tls_ctx **client, tls_ctx **server, const char *ciphers)
{
    struct pair p = {tls_ctx_new(TLS_CLIENT), tls_ctx_new(TLS_SERVER), NULL, NULL};
    CHECK_EQ(tls_ctx_set_policy(p.client_ctx, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_set_policy(p.server_ctx, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_set_cipher_list(p.client_ctx, ciphers), TLS_OK);
    *client = p.client_ctx;
    *server = p.server_ctx;
    return p;
}

/* Without a name: nobody has a certificate. */
static void connect_pair(struct pair *p)
{
    p->client = tls_conn_new(p->client_ctx, NULL);
    p->server = tls_conn_new_server(p->server_ctx);
}

static void psk(void)
{
    static const char *const lists[] = {"kPSK", "kECDHEPSK", "kDHEPSK"};
    size_t i, len;
    for (i = 0; i < 3; i++) {
        tls_ctx *client, *server;
        struct pair p = psk_pair(&client, &server, lists[i]);
        CHECK_EQ(tls_ctx_set_psk(client, "device 7", 8, key, sizeof key), TLS_OK);
        CHECK_EQ(tls_ctx_set_psk(server, "device 7", 8, key, sizeof key), TLS_OK);
        connect_pair(&p);
        CHECK_STR(tls_conn_psk_identity(p.client, NULL), NULL);
        CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
        CHECK_STR(tls_conn_psk_identity(p.client, NULL), "device 7");
        CHECK_STR(tls_conn_psk_identity(p.server, &len), "device 7");
        CHECK_EQ(len, 8);
        CHECK_EQ(tls_conn_verified(p.client), 0);
        CHECK(tls_conn_peer_cert(p.client, 0) == NULL);
        CHECK_EQ(pair_send(p.client, p.server, "data", 4, 100), 0);
        CHECK_EQ(pair_send(p.server, p.client, "data", 4, 100), 0);

        /* A session of it resumes, and knows the identity. */
        tls_conn_free(p.client);
        tls_conn_free(p.server);
        connect_pair(&p);
        CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
        CHECK_EQ(tls_conn_resumed(p.client), 1);
        CHECK_STR(tls_conn_psk_identity(p.client, NULL), "device 7");
        CHECK_STR(tls_conn_psk_identity(p.server, NULL), "device 7");

        /* Another key of the same name ends it. */
        tls_conn_free(p.client);
        tls_conn_free(p.server);
        CHECK_EQ(tls_ctx_set_psk(server, "device 7", 8, key, sizeof key - 1), TLS_OK);
        connect_pair(&p);
        CHECK(pair_handshake(&p, 4096) != TLS_OK);
        CHECK_EQ(tls_conn_resumed(p.server), 0);
        CHECK_EQ(conn_error(p.server), TLS_REASON_BAD_RECORD_MAC);
        CHECK(tls_conn_psk_identity(p.server, NULL) == NULL);
        pair_free(&p);
    }
}

static void rsa_psk(void)
{
    struct pair p = pair_new("rsa");
    CHECK_EQ(tls_ctx_set_policy(p.client_ctx, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_set_policy(p.server_ctx, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_set_psk(p.client_ctx, "x", 1, key, sizeof key), TLS_OK);
    CHECK_EQ(tls_ctx_set_psk(p.server_ctx, "x", 1, key, sizeof key), TLS_OK);
    CHECK_EQ(tls_ctx_set_cipher_list(p.client_ctx, "kRSAPSK"), TLS_OK);
    tls_conn_free(p.client);
    tls_conn_free(p.server);
    p.client = tls_conn_new(p.client_ctx, "localhost");
    p.server = tls_conn_new_server(p.server_ctx);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_EQ(tls_conn_verified(p.client), 1);
    CHECK_STR(tls_conn_psk_identity(p.server, NULL), "x");
    pair_free(&p);
}

/* A wrong key and an unknown identity end alike. */
static void psk_unknown_identity(void)
{
    static const struct {
        const char *identity;
        size_t key_len;
    } wrong[] = {{"device 7", sizeof key - 1}, {"device 8", sizeof key}};
    size_t i;
    for (i = 0; i < 2; i++) {
        tls_ctx *client, *server;
        struct pair p = psk_pair(&client, &server, "aPSK");
        tls_error_info error;
        CHECK_EQ(tls_ctx_set_psk(client, wrong[i].identity, 8, key, wrong[i].key_len), TLS_OK);
        CHECK_EQ(tls_ctx_set_psk(server, "device 7", 8, key, sizeof key), TLS_OK);
        connect_pair(&p);
        CHECK(pair_handshake(&p, 4096) != TLS_OK);
        CHECK_EQ(conn_error(p.server), TLS_REASON_BAD_RECORD_MAC);
        CHECK_EQ(tls_conn_error(p.client, &error), TLS_OK);
        CHECK_STR(tls_alert_name(error.alert), "bad_record_mac");
        pair_free(&p);
    }
}

static void psk_suites_only_with_a_key(void)
{
    tls_ctx *client, *server;
    struct pair p = psk_pair(&client, &server, "aPSK");
    char list[4096];
    CHECK_EQ(tls_ctx_ciphers(client, list, sizeof list), 0);
    connect_pair(&p);
    CHECK_EQ(tls_handshake(p.client), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.client), TLS_REASON_BAD_CIPHER_LIST);
    CHECK_EQ(tls_handshake(p.server), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p.server), TLS_REASON_NO_KEYPAIR);
    pair_free(&p);

    p = psk_pair(&client, &server, "aPSK");
    CHECK_EQ(tls_ctx_set_psk(client, "x", 1, key, 1), TLS_OK);
    CHECK(tls_ctx_ciphers(client, list, sizeof list) > 0);
    CHECK(strstr(list, "ECDHE-PSK-AES128-GCM-SHA256") != NULL);
    pair_free(&p);
}

static void psk_lengths(void)
{
    static const char zeros[1025];
    tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
    CHECK_EQ(tls_ctx_set_psk(ctx, "x", 1, NULL, 0), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_ctx_set_psk(ctx, "x", 1, NULL, 5), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_NULL_HANDLE);
    CHECK_EQ(tls_ctx_set_psk(ctx, NULL, 5, key, 5), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_NULL_HANDLE);
    CHECK_EQ(tls_ctx_set_psk(ctx, "x", 1, zeros, 1025), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_ctx_set_psk(ctx, zeros, 1025, key, 5), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_ctx_set_psk_hint(ctx, zeros, 1025), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_ctx_set_psk(ctx, NULL, 0, zeros, 1024), TLS_OK);
    CHECK_EQ(tls_ctx_set_psk(ctx, zeros, 1024, key, 1), TLS_OK);
    CHECK_EQ(tls_ctx_set_psk_hint(ctx, NULL, 0), TLS_OK);
    tls_ctx_free(ctx);
}

/* One program's keys, for both sides. */
struct desk {
    int later, fail, released, asked;
    char name[64];
    size_t name_len;
    tls_pending *pending;
};

static int look_up(struct desk *desk, tls_pending *pending, const uint8_t *name, size_t len, const char *identity)
{
    desk->asked++;
    desk->name_len = len;
    if (len < sizeof desk->name)
        memcpy(desk->name, name, len);
    if (desk->later) {
        desk->pending = tls_pending_ref(pending);
        return TLS_WANT_APP;
    }
    CHECK_EQ(tls_pending_answer_psk(pending, identity, identity != NULL ? strlen(identity) : 0, key, sizeof key), TLS_OK);
    return desk->fail ? TLS_ERR_IO : TLS_OK;
}

static int for_hint(tls_pending *pending, const uint8_t *hint, size_t len, void *arg)
{
    return look_up(arg, pending, hint, len, "by callback");
}

static int for_identity(tls_pending *pending, const uint8_t *identity, size_t len, void *arg)
{
    return look_up(arg, pending, identity, len, NULL);
}

static void release(void *arg)
{
    ((struct desk *)arg)->released++;
}

static void psk_callback(int later)
{
    const tls_psk_callbacks at_client = {for_hint, NULL, release}, at_server = {NULL, for_identity, release};
    struct desk c = {0}, s = {0};
    tls_ctx *client, *server;
    struct pair p = psk_pair(&client, &server, "kECDHEPSK");
    int round;
    c.later = s.later = later;
    CHECK_EQ(tls_ctx_set_psk_callback(client, &at_client, &c), TLS_OK);
    CHECK_EQ(tls_ctx_set_psk_callback(server, &at_server, &s), TLS_OK);
    CHECK_EQ(tls_ctx_set_psk_hint(server, "which?", 6), TLS_OK);
    connect_pair(&p);
    for (round = 0; round < 4; round++) {
        pair_handshake(&p, 4096);
        if (c.pending != NULL) {
            CHECK_EQ(tls_handshake(p.client), TLS_WANT_APP);
            CHECK_EQ(tls_pending_answer_session(c.pending, NULL, 0), TLS_ERR_USAGE);
            CHECK_EQ(tls_pending_answer_psk(c.pending, "by callback", 11, key, sizeof key), TLS_OK);
            CHECK_EQ(tls_pending_answer_psk(c.pending, "by callback", 11, key, sizeof key), TLS_ERR_USAGE);
            tls_pending_free(c.pending);
            c.pending = NULL;
        }
        if (s.pending != NULL) {
            CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
            CHECK_EQ(tls_pending_answer_psk(s.pending, NULL, 0, NULL, 5), TLS_ERR_USAGE);
            CHECK_EQ(tls_pending_answer_psk(s.pending, NULL, 0, key, sizeof key), TLS_OK);
            tls_pending_free(s.pending);
            s.pending = NULL;
        }
    }
    CHECK_EQ(tls_conn_established(p.client), 1);
    CHECK_EQ(tls_conn_established(p.server), 1);
    CHECK(c.asked == 1 && c.name_len == 6 && memcmp(c.name, "which?", 6) == 0);
    CHECK(s.asked == 1 && s.name_len == 11 && memcmp(s.name, "by callback", 11) == 0);
    CHECK_EQ(c.released + s.released, 0);
    CHECK_EQ(tls_ctx_set_psk_callback(client, NULL, NULL), TLS_OK);
    pair_free(&p);
    CHECK_EQ(c.released, 1);
    CHECK_EQ(s.released, 1);
}

/* What a callback answered before it failed is no key. */
static void psk_answered_and_failed(void)
{
    const tls_psk_callbacks at_client = {for_hint, NULL, release};
    struct desk c = {.fail = 1};
    tls_ctx *client, *server;
    struct pair p = psk_pair(&client, &server, "aPSK");
    CHECK_EQ(tls_ctx_set_psk(server, "by callback", 11, key, sizeof key), TLS_OK);
    CHECK_EQ(tls_ctx_set_psk_callback(client, &at_client, &c), TLS_OK);
    connect_pair(&p);
    CHECK(pair_handshake(&p, 4096) != TLS_OK);
    CHECK_EQ(conn_error(p.client), TLS_REASON_PSK_IDENTITY_NOT_FOUND);
    CHECK_EQ(c.asked, 1);
    pair_free(&p);
    CHECK_EQ(c.released, 1);
}

static int nobody(tls_pending *pending, const uint8_t *name, size_t len, void *arg)
{
    (void)name;
    (void)len;
    ++*(int *)arg;
    return *(int *)arg == 1 ? TLS_OK : tls_pending_answer_psk(pending, NULL, 0, NULL, 0);
}

static void psk_callback_without_a_key(void)
{
    const tls_psk_callbacks none = {NULL, NULL, NULL}, no_client = {NULL, nobody, NULL}, asked = {nobody, NULL, NULL};
    tls_ctx *client, *server;
    struct pair p = psk_pair(&client, &server, "aPSK");
    int count = 0, i;
    CHECK_EQ(tls_ctx_set_psk_callback(client, &none, NULL), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(client), TLS_REASON_NULL_HANDLE);
    CHECK_EQ(tls_ctx_set_psk(server, "x", 1, key, sizeof key), TLS_OK);
    for (i = 0; i < 3; i++) {
        CHECK_EQ(tls_ctx_set_psk_callback(client, i == 0 ? &no_client : &asked, &count), TLS_OK);
        connect_pair(&p);
        CHECK(pair_handshake(&p, 4096) != TLS_OK);
        CHECK_EQ(conn_error(p.client), TLS_REASON_PSK_IDENTITY_NOT_FOUND);
        CHECK_EQ(count, i);
        tls_conn_free(p.client);
        tls_conn_free(p.server);
        p.client = p.server = NULL;
    }
    pair_free(&p);
}

int main(void)
{
    psk();
    rsa_psk();
    psk_unknown_identity();
    psk_suites_only_with_a_key();
    psk_lengths();
    psk_callback(0);
    psk_callback(1);
    psk_callback_without_a_key();
    psk_answered_and_failed();
    return checks_done();
}
