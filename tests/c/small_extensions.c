/* OCSP staples (RFC 6066 §8), signed certificate timestamps (RFC 6962), max_fragment_length (RFC 6066 §4),
   record_size_limit (RFC 8449), padding (RFC 7685) and TLS_FALLBACK_SCSV (RFC 7507). */
#include "check.h"
#include "support.h"

#include <stdlib.h>

/* A fresh pair of connections of the same contexts. */
static void again(struct pair *p)
{
    tls_conn_free(p->client);
    tls_conn_free(p->server);
    *p = pair_of(p->client_ctx, p->server_ctx);
}

static size_t load(const char *name, unsigned char *out, size_t cap)
{
    FILE *f = fopen(pki(name), "rb");
    size_t n = f != NULL ? fread(out, 1, cap, f) : 0;
    if (f != NULL)
        fclose(f);
    return n;
}

static void staples(void)
{
    static const struct {
        int mode;
        const char *response;
        int rc, error;
    } cases[] = {
        {TLS_OCSP_OFF, "ocsp-p256-good.der", TLS_OK, 0},
        {TLS_OCSP_REQUEST, "ocsp-p256-good.der", TLS_OK, 0},
        {TLS_OCSP_REQUIRE, "ocsp-p256-good.der", TLS_OK, 0},
        {TLS_OCSP_REQUEST, NULL, TLS_OK, 0},
        {TLS_OCSP_REQUIRE, NULL, TLS_ERR_TLS, TLS_REASON_OCSP_RESPONSE_MISSING},
        {TLS_OCSP_REQUEST, "ocsp-p256-revoked.der", TLS_ERR_TLS, TLS_REASON_CERTIFICATE_REVOKED},
        {TLS_OCSP_OFF, "ocsp-p256-revoked.der", TLS_OK, 0},
    };
    unsigned char want[4096], got[4096];
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair p = pair_new("p256");
        size_t len = cases[i].response != NULL ? load(cases[i].response, want, sizeof want) : 0;
        CHECK_EQ(tls_ctx_set_ocsp(p.client_ctx, cases[i].mode), TLS_OK);
        CHECK_EQ(tls_ctx_set_ocsp_response_mem(p.server_ctx, 0, want, len), TLS_OK);
        again(&p);
        CHECK_EQ(pair_handshake(&p, 600), cases[i].rc);
        CHECK_EQ(conn_error(p.client), cases[i].error);
        if (cases[i].rc == TLS_OK && cases[i].mode != TLS_OCSP_OFF) {
            CHECK_EQ(tls_conn_ocsp_response(p.client, got, sizeof got), len);
            CHECK(memcmp(got, want, len) == 0);
        }
        if (cases[i].mode == TLS_OCSP_OFF)
            CHECK_EQ(tls_conn_ocsp_response(p.client, got, sizeof got), 0);
        pair_free(&p);
    }
}

/* Replaced while a connection runs, which keeps what it had. */
static void replaced_live(void)
{
    struct pair p = pair_new("p256");
    unsigned char got[4096];
    struct pair old;
    ptrdiff_t len;
    CHECK_EQ(tls_ctx_set_client_session_cache(p.client_ctx, 0), TLS_OK);
    CHECK_EQ(tls_ctx_set_ocsp(p.client_ctx, TLS_OCSP_REQUEST), TLS_OK);
    CHECK_EQ(tls_ctx_set_ocsp_response_file(p.server_ctx, 0, pki("ocsp-p256-good.der")), TLS_OK);
    again(&p);
    CHECK_EQ(tls_ctx_set_ocsp_response_mem(p.server_ctx, 0, NULL, 0), TLS_OK);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    len = tls_conn_ocsp_response(p.client, got, sizeof got);
    CHECK(len > 100);
    got[0] = 0x5a;
    CHECK_EQ(tls_conn_ocsp_response(p.client, got, (size_t)len - 1), len); /* too small: untouched */
    CHECK_EQ(got[0], 0x5a);
    old = p;
    p = pair_of(p.client_ctx, p.server_ctx);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(tls_conn_ocsp_response(p.client, NULL, 0), 0);
    CHECK_EQ(pair_send(old.client, old.server, "still here", 10, 10), 0);
    tls_conn_free(old.client);
    tls_conn_free(old.server);
    pair_free(&p);
}

static void what_is_refused(void)
{
    static const unsigned char list[] = {0, 4, 0, 2, 7, 7};
    tls_ctx *ctx = server_ctx("p256");
    unsigned char big[20000] = {0x30};
    CHECK_EQ(tls_ctx_set_ocsp(ctx, 3), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_ocsp_response_mem(ctx, 0, "garbage", 7), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_ctx_set_ocsp_response_mem(ctx, 0, big, sizeof big), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_ocsp_response_mem(ctx, 1, NULL, 0), TLS_ERR_USAGE); /* no such keypair */
    CHECK_EQ(tls_ctx_set_ocsp_response_file(ctx, 0, "no/such"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_FILE_UNREADABLE);
    CHECK_EQ(tls_ctx_set_ocsp_response_file(ctx, 0, pki("ca.pem")), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_scts_mem(ctx, 0, list, sizeof list - 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_scts_mem(ctx, 9, list, sizeof list), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_request_scts(ctx, 2), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_fallback_scsv(ctx, -1), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_max_fragment_length(ctx, 1000), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_max_fragment_length(ctx, 1 << 20), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_record_size_limit(ctx, 63), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_record_size_limit(ctx, 16385), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_hello_padding(ctx, 4097), TLS_ERR_USAGE);
    tls_ctx_free(ctx);
}

static void timestamps(void)
{
    static const unsigned char list[] = {0, 4, 0, 2, 7, 7};
    struct pair p = pair_new("rsa");
    unsigned char got[16];
    CHECK_EQ(tls_ctx_set_scts_mem(p.server_ctx, 0, list, sizeof list), TLS_OK);
    CHECK_EQ(tls_ctx_request_scts(p.client_ctx, 1), TLS_OK);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(tls_conn_scts(p.client, got, sizeof got), sizeof list);
    CHECK(memcmp(got, list, sizeof list) == 0);
    CHECK_EQ(tls_conn_scts(p.server, got, sizeof got), 0);
    pair_free(&p);
}

/* The longest record's plaintext on the way, with AES-GCM. */
static size_t longest_record(tls_conn *from, tls_conn *to)
{
    static unsigned char data[40000], wire[100000], got[40000];
    size_t longest = 0, sent = 0, have = 0;
    while (sent < sizeof data) {
        ptrdiff_t n = tls_write(from, data + sent, sizeof data - sent), at = 0, drained;
        CHECK(n > 0);
        if (n <= 0)
            return 0;
        sent += (size_t)n;
        drained = tls_drain(from, wire, sizeof wire);
        while (at < drained) {
            size_t body = (size_t)wire[at + 3] << 8 | wire[at + 4];
            if (body - 24 > longest)
                longest = body - 24;
            at += 5 + (ptrdiff_t)body;
        }
        for (at = 0; at < drained;) {
            ptrdiff_t fed = tls_feed(to, wire + at, (size_t)(drained - at));
            CHECK(fed >= 0);
            at += fed;
            while ((n = tls_read(to, got, sizeof got)) > 0)
                have += (size_t)n;
        }
    }
    CHECK_EQ(have, sizeof data);
    return longest;
}

static void lengths(void)
{
    struct pair p = pair_new("rsa");
    CHECK_EQ(tls_ctx_set_max_fragment_length(p.client_ctx, 512), TLS_OK);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(tls_conn_send_limit(p.server), 512);
    CHECK_EQ(tls_conn_receive_limit(p.server), 512);
    CHECK_EQ(longest_record(p.client, p.server), 512);
    CHECK_EQ(longest_record(p.server, p.client), 512);
    /* In a resumed session too. */
    again(&p);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(tls_conn_resumed(p.client), 1);
    CHECK_EQ(longest_record(p.server, p.client), 512);

    /* Each side has a limit of its own, and that wins. */
    CHECK_EQ(tls_ctx_set_record_size_limit(p.client_ctx, 64), TLS_OK);
    CHECK_EQ(tls_ctx_set_record_size_limit(p.server_ctx, 3000), TLS_OK);
    CHECK_EQ(tls_ctx_set_client_session_cache(p.client_ctx, 0), TLS_OK);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(tls_conn_send_limit(p.client), 3000);
    CHECK_EQ(tls_conn_receive_limit(p.client), 64);
    CHECK_EQ(longest_record(p.client, p.server), 3000);
    CHECK_EQ(longest_record(p.server, p.client), 64);
    CHECK_EQ(tls_ctx_set_record_size_limit(p.client_ctx, 0), TLS_OK);
    CHECK_EQ(tls_ctx_set_max_fragment_length(p.client_ctx, 0), TLS_OK);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(longest_record(p.client, p.server), 16384);

    /* What a side makes of its own accord, in the handshake too; the other is free. */
    CHECK_EQ(tls_ctx_set_max_send_fragment(p.server_ctx, 100), TLS_OK);
    CHECK_EQ(tls_ctx_set_max_send_fragment(p.server_ctx, 63), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_max_send_fragment(p.server_ctx, 16385), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_max_send_fragment(p.server_ctx, 0), TLS_ERR_USAGE);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    CHECK_EQ(longest_record(p.server, p.client), 100);
    CHECK_EQ(longest_record(p.client, p.server), 16384);
    pair_free(&p);
}

static void hellos(void)
{
    struct pair p = pair_new("p256");
    unsigned char hello[8192];
    CHECK_EQ(tls_ctx_set_hello_padding(p.client_ctx, 1000), TLS_OK);
    CHECK_EQ(tls_ctx_set_fallback_scsv(p.client_ctx, 1), TLS_OK);
    again(&p);
    CHECK_EQ(tls_handshake(p.client), TLS_WANT_WRITE);
    CHECK_EQ(tls_drain(p.client, hello, sizeof hello), 5 + 1000);
    CHECK_EQ(tls_feed(p.server, hello, 5 + 1000), 5 + 1000);
    CHECK_EQ(pair_handshake(&p, 600), TLS_OK);
    pair_free(&p);
}

int main(void)
{
    staples();
    replaced_live();
    what_is_refused();
    timestamps();
    lengths();
    hellos();
    return checks_done();
}
