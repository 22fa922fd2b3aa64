/* Key exchanges beside ECDHE: DHE and its groups. */
#include "check.h"
#include "support.h"

#include <stdlib.h>

/* A pair of the legacy policy with these cipher lists. */
static struct pair legacy(const char *client_ciphers, const char *server_ciphers)
{
    tls_ctx *client = client_ctx(), *server = server_ctx("rsa");
    CHECK_EQ(tls_ctx_set_policy(client, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_set_policy(server, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_set_cipher_list(client, client_ciphers), TLS_OK);
    CHECK_EQ(tls_ctx_set_cipher_list(server, server_ciphers), TLS_OK);
    CHECK_EQ(tls_ctx_set_client_session_cache(client, 0), TLS_OK); /* full handshakes alone */
    return pair_of(client, server);
}

/* New connections, after the contexts were changed. */
static void again(struct pair *p)
{
    tls_conn_free(p->client);
    tls_conn_free(p->server);
    p->client = tls_conn_new(p->client_ctx, "localhost");
    p->server = tls_conn_new_server(p->server_ctx);
}

static void dhe_rfc7919(void)
{
    struct pair p = legacy("DHE", "DHE");
    CHECK_EQ(tls_conn_dh_bits(p.client), 0);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_STR(tls_conn_group(p.client), "ffdhe2048");
    CHECK_STR(tls_conn_group(p.server), "ffdhe2048");
    CHECK_EQ(tls_conn_dh_bits(p.client), 2048);
    CHECK_EQ(tls_conn_dh_bits(p.server), 2048);
    CHECK_STR(tls_conn_cipher(p.client), "DHE-RSA-AES128-GCM-SHA256");
    CHECK_EQ(pair_send(p.client, p.server, "data", 4, 100), 0);

    CHECK_EQ(tls_ctx_set_groups(p.client_ctx, "ffdhe3072:ffdhe2048"), TLS_OK);
    CHECK_EQ(tls_ctx_set_groups(p.server_ctx, "ffdhe4096:ffdhe3072"), TLS_OK);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_STR(tls_conn_group(p.client), "ffdhe3072");

    /* None in common: no DHE suite (RFC 7919 4). */
    CHECK_EQ(tls_ctx_set_groups(p.server_ctx, "ffdhe4096"), TLS_OK);
    again(&p);
    CHECK(pair_handshake(&p, 4096) != TLS_OK);
    CHECK_EQ(conn_error(p.server), TLS_REASON_NO_SHARED_FFDHE_GROUP);
    pair_free(&p);
}

static void dhe_in_the_legacy_policy_only(void)
{
    tls_ctx *ctx = client_ctx();
    CHECK_EQ(tls_ctx_set_cipher_list(ctx, "DHE-RSA-AES128-GCM-SHA256"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_REFUSED_BY_POLICY);
    CHECK_EQ(tls_ctx_set_groups(ctx, "ffdhe2048"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_REFUSED_BY_POLICY);
    CHECK_EQ(tls_ctx_set_cipher_list(ctx, "EDH"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_CIPHER_LIST);
    tls_ctx_free(ctx);
}

/* A client without finite fields among its groups gets the server's own. */
static void dh_params(void)
{
    struct pair p = legacy("DHE", "DHE");
    CHECK_EQ(tls_ctx_set_groups(p.client_ctx, "X25519"), TLS_OK);
    CHECK_EQ(tls_ctx_set_dh_params_file(p.server_ctx, pki("dh2048.pem")), TLS_OK);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_STR(tls_conn_group(p.client), NULL);
    CHECK_EQ(tls_conn_dh_bits(p.client), 2048);
    pair_free(&p);
}

static void dh_params_that_are_none(void)
{
    static const char x[] = "-----BEGIN DH PARAMETERS-----\nMAcCAgD6AgEF\n-----END DH PARAMETERS-----\n";
    tls_ctx *ctx = server_ctx("rsa");
    CHECK_EQ(tls_ctx_set_dh_params_file(ctx, NULL), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_NULL_HANDLE);
    CHECK_EQ(tls_ctx_set_dh_params_file(ctx, pki("no-such-file")), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_FILE_UNREADABLE);
    CHECK_EQ(tls_ctx_set_dh_params_file(ctx, pki("ca.pem")), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_DH_PARAMS);
    CHECK_EQ(tls_ctx_set_dh_params_mem(ctx, x, sizeof x - 1), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_DH_PARAMS);
    CHECK_EQ(tls_ctx_set_dh_params_mem(ctx, x, 40), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_PEM);
    CHECK_EQ(tls_ctx_set_dh_params_mem(ctx, NULL, 3), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_NULL_HANDLE);
    CHECK_EQ(tls_ctx_set_dh_params_mem(ctx, NULL, 0), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_DH_PARAMS);
    CHECK_EQ(tls_ctx_set_dh_params_file(ctx, pki("dh1024.pem")), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_DH_PARAMS);
    tls_ctx_free(ctx);
}

static void danger_accept_1024_bit_dh(void)
{
    struct pair p = legacy("DHE", "DHE");
    tls_error_info error;
    CHECK_EQ(tls_ctx_set_groups(p.client_ctx, "X25519"), TLS_OK);
    CHECK_EQ(tls_ctx_danger_accept_1024_bit_dh(p.server_ctx), TLS_OK);
    CHECK_EQ(tls_ctx_set_dh_params_file(p.server_ctx, pki("dh1024.pem")), TLS_OK);
    again(&p);
    CHECK(pair_handshake(&p, 4096) != TLS_OK);
    CHECK_EQ(tls_conn_error(p.client, &error), TLS_OK);
    CHECK_EQ(error.number, TLS_REASON_DH_KEY_TOO_SMALL);
    CHECK_STR(tls_alert_name(error.alert), "insufficient_security");

    CHECK_EQ(tls_ctx_danger_accept_1024_bit_dh(p.client_ctx), TLS_OK);
    again(&p);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    CHECK_EQ(tls_conn_dh_bits(p.server), 1024);
    pair_free(&p);
}

int main(void)
{
    dhe_rfc7919();
    dhe_in_the_legacy_policy_only();
    dh_params();
    dh_params_that_are_none();
    danger_accept_1024_bit_dh();
    return checks_done();
}
