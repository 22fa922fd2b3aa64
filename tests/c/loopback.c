/* Two connections joined in memory, without any transport: feed and drain in every chunk size. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLENTY = 300000 };

static unsigned char data[PLENTY];

static void facts_agree(const struct pair *p)
{
    CHECK_STR(tls_conn_version(p->client), "TLSv1.2");
    CHECK_STR(tls_conn_version(p->server), "TLSv1.2");
    CHECK_STR(tls_conn_cipher(p->client), tls_conn_cipher(p->server));
    CHECK_EQ(tls_conn_cipher_id(p->client), tls_conn_cipher_id(p->server));
    CHECK_STR(tls_conn_group(p->client), tls_conn_group(p->server));
    CHECK_STR(tls_conn_scheme(p->client), tls_conn_scheme(p->server));
    CHECK_EQ(tls_conn_established(p->client), 1);
    CHECK_EQ(tls_conn_established(p->server), 1);
    CHECK_EQ(tls_conn_verified(p->client), 1);
    CHECK_EQ(tls_conn_extended_master_secret(p->client), 1);
    CHECK_EQ(tls_conn_extended_master_secret(p->server), 1);
    CHECK_STR(tls_conn_server_name(p->server), "localhost");
}

/* close_notify from either side; the other reads a clean end and can still be told apart. */
static void close_both(struct pair *p)
{
    char buf[16];
    tls_close(p->client);
    CHECK_EQ(tls_conn_close_sent(p->client), 1);
    shuttle(p->client, p->server, 1000);
    CHECK_EQ(tls_read(p->server, buf, sizeof buf), 0);
    CHECK_EQ(tls_read(p->server, buf, sizeof buf), 0);
    CHECK_EQ(tls_conn_close_received(p->server), 1);
    CHECK_EQ(tls_write(p->client, "x", 1), TLS_ERR_USAGE);
    CHECK_EQ(conn_error(p->client), TLS_REASON_CLOSED_FOR_WRITING);
    tls_close(p->server);
    shuttle(p->server, p->client, 1000);
    CHECK_EQ(tls_read(p->client, buf, sizeof buf), 0);
    CHECK_EQ(tls_conn_close_received(p->client), 1);
}

static void one_conversation(const char *server, size_t step, size_t len)
{
    struct pair p = pair_new(server);
    CHECK_EQ(pair_handshake(&p, step), TLS_OK);
    facts_agree(&p);
    CHECK_EQ(pair_send(p.client, p.server, data, len, step), 0);
    CHECK_EQ(pair_send(p.server, p.client, data, len, step), 0);
    close_both(&p);
    pair_free(&p);
}

static void chunk_sizes(void)
{
    static const size_t steps[] = {1, 2, 5, 6, 7, 100, 1460, 16384, 16389, 20000};
    size_t i;
    for (i = 0; i < sizeof steps / sizeof *steps; i++)
        one_conversation("p256", steps[i], steps[i] < 100 ? 2000 : PLENTY);
}

static void kinds_of_keys(void)
{
    static const char *names[] = {"rsa", "rsa4096", "rsapss", "p256", "p384", "p521", "ed25519"};
    size_t i;
    for (i = 0; i < sizeof names / sizeof *names; i++)
        one_conversation(names[i], 4096, 1000);
}

/* Each suite of the legacy policy, with data long enough for several records. */
static void every_suite(void)
{
    tls_ctx *legacy = client_ctx();
    char list[2048], *suite, *rest;
    int count = 0;
    CHECK_EQ(tls_ctx_set_policy(legacy, "legacy"), TLS_OK);
    CHECK(tls_ctx_ciphers(legacy, list, sizeof list) > 0);
    tls_ctx_free(legacy);
    for (rest = list; (suite = strtok_r(rest, ":", &rest)) != NULL; count++) {
        struct pair p = pair_of(client_ctx(), server_ctx(strstr(suite, "ECDSA") ? "p256" : "rsa"));
        tls_conn_free(p.client);
        tls_conn_free(p.server);
        CHECK_EQ(tls_ctx_set_policy(p.client_ctx, "legacy"), TLS_OK);
        CHECK_EQ(tls_ctx_set_policy(p.server_ctx, "legacy"), TLS_OK);
        CHECK_EQ(tls_ctx_set_cipher_list(p.client_ctx, suite), TLS_OK);
        p.client = tls_conn_new(p.client_ctx, "localhost");
        p.server = tls_conn_new_server(p.server_ctx);
        CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
        CHECK_STR(tls_conn_cipher(p.server), suite);
        facts_agree(&p);
        CHECK_EQ(pair_send(p.client, p.server, data, 40000, 20000), 0);
        CHECK_EQ(pair_send(p.server, p.client, data, 40000, 20000), 0);
        close_both(&p);
        pair_free(&p);
    }
    CHECK(count >= 22);
}

/* Many small writes and an odd read size. */
static void small_pieces(void)
{
    struct pair p = pair_new("ed25519");
    unsigned char got[3];
    size_t i;
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    for (i = 0; i < 500; i++) {
        CHECK(tls_write(p.client, data + i, 1) == 1);
        shuttle(p.client, p.server, 20000);
        CHECK(tls_read(p.server, got, sizeof got) == 1 && got[0] == data[i]);
    }
    CHECK_EQ(tls_read(p.server, got, sizeof got), TLS_WANT_READ);
    pair_free(&p);
}

/* What tls_conn_pending() and tls_conn_has_pending() promise. */
static void pending_bytes(void)
{
    struct pair p = pair_new("p256");
    char buf[64];
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_conn_has_pending(p.server), 0);
    CHECK_EQ(tls_write(p.client, "hello, world", 12), 12);
    CHECK(tls_conn_wants(p.client) & TLS_WANTS_WRITE);
    shuttle(p.client, p.server, 20000);
    CHECK_EQ(tls_conn_wants(p.client) & TLS_WANTS_WRITE, 0);
    CHECK_EQ(tls_conn_has_pending(p.server), 1);
    CHECK_EQ(tls_read(p.server, buf, 5), 5);
    CHECK(memcmp(buf, "hello", 5) == 0);
    CHECK_EQ(tls_conn_pending(p.server), 7);
    CHECK_EQ(tls_read(p.server, buf, sizeof buf), 7);
    CHECK(memcmp(buf, ", world", 7) == 0);
    CHECK_EQ(tls_conn_pending(p.server), 0);
    CHECK_EQ(tls_conn_has_pending(p.server), 0);
    pair_free(&p);
}

/* A transport that ends without close_notify is an error, never a clean end. */
static void truncation(void)
{
    struct pair p = pair_new("p256");
    char buf[64];
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_write(p.client, "half", 4), 4);
    shuttle(p.client, p.server, 20000);
    CHECK_EQ(tls_feed_eof(p.server), TLS_OK);
    CHECK_EQ(tls_read(p.server, buf, sizeof buf), 4);
    CHECK_EQ(tls_read(p.server, buf, sizeof buf), TLS_ERR_IO);
    CHECK_EQ(conn_error(p.server), TLS_REASON_TRUNCATED);
    CHECK_EQ(tls_read(p.server, buf, sizeof buf), TLS_ERR_IO);
    pair_free(&p);

    p = pair_new("p256");
    tls_handshake(p.server);
    CHECK_EQ(tls_feed_eof(p.server), TLS_OK);
    CHECK_EQ(tls_handshake(p.server), TLS_ERR_IO);
    CHECK_EQ(conn_error(p.server), TLS_REASON_EOF_IN_HANDSHAKE);
    pair_free(&p);
}

/* One changed byte: bad_record_mac, for ever, and the sender learns of it. */
static void tampering(void)
{
    struct pair p = pair_new("p256");
    unsigned char wire[256];
    char buf[64];
    tls_error_info info;
    ptrdiff_t n;
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_write(p.client, "secret", 6), 6);
    n = tls_drain(p.client, wire, sizeof wire);
    CHECK(n > 20);
    wire[n - 1] ^= 1;
    CHECK_EQ(tls_feed(p.server, wire, (size_t)n), n);
    CHECK_EQ(tls_read(p.server, buf, sizeof buf), TLS_ERR_TLS);
    CHECK_EQ(tls_conn_error(p.server, &info), TLS_OK);
    CHECK_STR(info.name, "BAD_RECORD_MAC");
    CHECK_EQ(info.number, TLS_REASON_BAD_RECORD_MAC);
    CHECK_EQ(info.family, TLS_FAMILY_MISBEHAVED);
    CHECK_EQ(info.alert, 20);
    CHECK_EQ(info.alert_direction, TLS_ALERT_SENT);
    CHECK_EQ(tls_write(p.server, "x", 1), TLS_ERR_TLS);
    CHECK_EQ(tls_close(p.server), TLS_ERR_TLS);
    CHECK_EQ(conn_error(p.server), TLS_REASON_BAD_RECORD_MAC);
    CHECK(shuttle(p.server, p.client, 1000) > 0);
    CHECK_EQ(tls_read(p.client, buf, sizeof buf), TLS_ERR_TLS);
    CHECK_EQ(tls_conn_error(p.client, &info), TLS_OK);
    CHECK_EQ(info.number, TLS_REASON_ALERT_RECEIVED);
    CHECK_EQ(info.alert, 20);
    CHECK_EQ(info.alert_direction, TLS_ALERT_RECEIVED);
    pair_free(&p);
}

/* Bytes behind the peer's close_notify belong to whatever follows TLS on this transport. */
static void bytes_behind_the_end(void)
{
    struct pair p = pair_new("p256");
    char buf[64];
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_conn_unread(p.server, buf, sizeof buf), 0);
    tls_close(p.client);
    shuttle(p.client, p.server, 1000);
    CHECK_EQ(tls_feed(p.server, "200 plain again\r\n", 17), 17);
    CHECK_EQ(tls_read(p.server, buf, sizeof buf), 0);
    CHECK_EQ(tls_conn_unread(p.server, buf, 4), 4);
    CHECK(memcmp(buf, "200 ", 4) == 0);
    CHECK_EQ(tls_conn_unread(p.server, buf, sizeof buf), 13);
    CHECK(memcmp(buf, "plain again\r\n", 13) == 0);
    CHECK_EQ(tls_conn_unread(p.server, buf, sizeof buf), 0);
    pair_free(&p);
}

/* Nothing is taken while sealed bytes wait, so the repeated write may pass another buffer. */
static void back_pressure(void)
{
    struct pair p = pair_new("p256");
    char buf[16];
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(tls_write(p.client, "first", 5), 5);
    CHECK_EQ(tls_write(p.client, "second", 6), TLS_WANT_WRITE);
    CHECK_EQ(conn_error(p.client), 0);
    CHECK_EQ(tls_flush(p.client), TLS_WANT_WRITE);
    shuttle(p.client, p.server, 1000);
    CHECK_EQ(tls_flush(p.client), TLS_OK);
    CHECK_EQ(tls_write(p.client, "third", 5), 5);
    shuttle(p.client, p.server, 1000);
    CHECK_EQ(tls_read(p.server, buf, sizeof buf), 10); /* several records in one call */
    CHECK(memcmp(buf, "firstthird", 10) == 0);
    pair_free(&p);
}

static void application_protocols(void)
{
    struct pair p = pair_new("p256");
    size_t len = 99;
    tls_conn_free(p.server);
    CHECK_EQ(tls_ctx_set_alpn(p.server_ctx, "h2,http/1.1"), TLS_OK);
    p.server = tls_conn_new_server(p.server_ctx);
    CHECK_EQ(tls_conn_set_alpn_wire(p.client, "\x08http/1.1\x02h2", 12), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_STR(tls_conn_alpn(p.client, &len), "h2");
    CHECK_EQ(len, 2);
    CHECK_STR(tls_conn_alpn(p.server, NULL), "h2");
    pair_free(&p);

    p = pair_new("p256");
    tls_conn_free(p.server);
    CHECK_EQ(tls_ctx_set_alpn(p.server_ctx, "h2"), TLS_OK);
    p.server = tls_conn_new_server(p.server_ctx);
    CHECK_EQ(tls_conn_set_alpn(p.client, "imap"), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 20000), TLS_ERR_TLS);
    CHECK_EQ(conn_error(p.server), TLS_REASON_NO_APPLICATION_PROTOCOL);
    CHECK_EQ(conn_error(p.client), TLS_REASON_ALERT_RECEIVED);
    pair_free(&p);
}

/* Settings of a context reach the connections made later, not those that exist. */
static void live_reload(void)
{
    tls_ctx *server = server_ctx("rsa"), *client = client_ctx();
    struct pair old = pair_of(tls_ctx_ref(client), tls_ctx_ref(server)), fresh;
    CHECK_EQ(tls_ctx_set_cipher_list(server, "ECDHE-RSA-AES256-GCM-SHA384"), TLS_OK);
    fresh = pair_of(tls_ctx_ref(client), tls_ctx_ref(server));
    tls_ctx_free(client);
    tls_ctx_free(server);
    CHECK_EQ(pair_handshake(&old, 20000), TLS_OK);
    CHECK_EQ(pair_handshake(&fresh, 20000), TLS_OK);
    CHECK_STR(tls_conn_cipher(old.client), "ECDHE-RSA-AES128-GCM-SHA256");
    CHECK_STR(tls_conn_cipher(fresh.client), "ECDHE-RSA-AES256-GCM-SHA384");
    pair_free(&old);
    pair_free(&fresh);
}

int main(void)
{
    fill(data, sizeof data, 1);
    chunk_sizes();
    kinds_of_keys();
    every_suite();
    small_pieces();
    pending_bytes();
    truncation();
    tampering();
    bytes_behind_the_end();
    back_pressure();
    application_protocols();
    live_reload();
    return checks_done();
}
