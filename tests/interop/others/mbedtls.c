/* A peer on mbedTLS. Its command line is the one that others.py describes. */
#include "common.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_ticket.h>

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context random_source;
static mbedtls_ssl_config config;
static mbedtls_x509_crt chain, roots;
static mbedtls_pk_context key;
static mbedtls_ssl_ticket_context tickets;
static mbedtls_ssl_cache_context cache;
static const char *protocols[5];

static void check(int rc, const char *what)
{
    if (rc != 0)
        fail("mbedtls: %s: -0x%04x", what, -rc);
}

static void configure(int role)
{
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random_source);
    mbedtls_ssl_config_init(&config);
    check(mbedtls_ctr_drbg_seed(&random_source, mbedtls_entropy_func, &entropy, NULL, 0), "random");
    check(mbedtls_ssl_config_defaults(&config, role, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT),
          "defaults");
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random_source);
    mbedtls_ssl_conf_min_version(&config, 3, 3);
    mbedtls_ssl_conf_max_version(&config, 3, 3);
    mbedtls_x509_crt_init(&chain);
    mbedtls_x509_crt_init(&roots);
    mbedtls_pk_init(&key);
    if (option("cert")) {
        check(mbedtls_x509_crt_parse_file(&chain, option("cert")), option("cert"));
        check(mbedtls_pk_parse_keyfile(&key, option("key"), NULL), option("key"));
        check(mbedtls_ssl_conf_own_cert(&config, &chain, &key), "keypair");
    }
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_NONE);
    if (option("ca")) {
        check(mbedtls_x509_crt_parse_file(&roots, option("ca")), option("ca"));
        mbedtls_ssl_conf_ca_chain(&config, &roots, NULL);
        mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
    }
    struct psk psk;
    if (psk_option(&psk))
        check(mbedtls_ssl_conf_psk(&config, psk.key, psk.key_len, (unsigned char *)psk.identity, strlen(psk.identity)),
              "psk");
    if (option("alpn")) {
        int n = 0;
        for (char *name = strtok(strdup(option("alpn")), ","); name && n < 4; name = strtok(NULL, ","))
            protocols[n++] = name;
        check(mbedtls_ssl_conf_alpn_protocols(&config, protocols), "alpn");
    }
}

static void resume_by_everything(void)
{
    mbedtls_ssl_cache_init(&cache);
    mbedtls_ssl_conf_session_cache(&config, &cache, mbedtls_ssl_cache_get, mbedtls_ssl_cache_set);
    mbedtls_ssl_ticket_init(&tickets);
    if (option("tickets") && strcmp(option("tickets"), "no") == 0)
        return;
    check(mbedtls_ssl_ticket_setup(&tickets, mbedtls_ctr_drbg_random, &random_source, MBEDTLS_CIPHER_AES_256_GCM, 600),
          "tickets");
    mbedtls_ssl_conf_session_tickets_cb(&config, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, &tickets);
}

/* Whether the session was resumed; a server is not told. */
static const char *resumed = "?";

static void facts(mbedtls_ssl_context *ssl)
{
    print_facts(mbedtls_ssl_get_ciphersuite(ssl), mbedtls_ssl_get_alpn_protocol(ssl), resumed,
                mbedtls_ssl_get_peer_cert(ssl) != NULL);
}

static void echo(mbedtls_net_context *net)
{
    unsigned char buf[4096];
    mbedtls_ssl_context ssl;
    mbedtls_ssl_init(&ssl);
    check(mbedtls_ssl_setup(&ssl, &config), "setup");
    mbedtls_ssl_set_bio(&ssl, net, mbedtls_net_send, mbedtls_net_recv, NULL);
    int rc = mbedtls_ssl_handshake(&ssl);
    if (rc == 0) {
        facts(&ssl);
        while ((rc = mbedtls_ssl_read(&ssl, buf, sizeof buf)) > 0)
            for (int done = 0, n = rc; done < n; done += rc)
                if ((rc = mbedtls_ssl_write(&ssl, buf + done, (size_t)(n - done))) <= 0)
                    break;
        mbedtls_ssl_close_notify(&ssl);
    } else {
        printf("failed -0x%04x\n", -rc);
        fflush(stdout);
    }
    mbedtls_ssl_free(&ssl);
    mbedtls_net_free(net);
}

static int serve(void)
{
    configure(MBEDTLS_SSL_IS_SERVER);
    resume_by_everything();
    int listener = listen_and_tell();
    for (;;) {
        mbedtls_net_context net;
        mbedtls_net_init(&net);
        net.fd = accept(listener, NULL, NULL);
        echo(&net);
    }
}

static int converse(int port)
{
    unsigned char line[MAX_LINE], back[MAX_LINE];
    size_t len = read_line(line);
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    configure(MBEDTLS_SSL_IS_CLIENT);
    for (int i = 0, times = option("times") ? atoi(option("times")) : 1; i < times; i++) {
        mbedtls_net_context net = {.fd = dial(port)};
        mbedtls_ssl_context ssl;
        mbedtls_ssl_init(&ssl);
        check(mbedtls_ssl_setup(&ssl, &config), "setup");
        check(mbedtls_ssl_set_hostname(&ssl, option("name")), "name");
        if (i > 0)
            check(mbedtls_ssl_set_session(&ssl, &session), "session");
        mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, NULL);
        check(mbedtls_ssl_handshake(&ssl), "handshake");
        for (size_t sent = 0; sent < len;) {
            int rc = mbedtls_ssl_write(&ssl, line + sent, len - sent);
            check(rc > 0 ? 0 : rc, "write");
            sent += (size_t)rc;
        }
        for (size_t got = 0; got < len;) {
            int rc = mbedtls_ssl_read(&ssl, back + got, len - got);
            check(rc > 0 ? 0 : rc ? rc : -1, "read");
            got += (size_t)rc;
        }
        if (memcmp(line, back, len) != 0)
            fail("another line came back");
        /* A resumed session keeps its master secret. */
        mbedtls_ssl_session now;
        mbedtls_ssl_session_init(&now);
        check(mbedtls_ssl_get_session(&ssl, &now), "session");
        resumed = i > 0 && memcmp(session.master, now.master, sizeof now.master) == 0 ? "yes" : "no";
        session = now;
        facts(&ssl);
        check(mbedtls_ssl_close_notify(&ssl), "close");
        int rc = mbedtls_ssl_read(&ssl, back, sizeof back);
        if (rc != MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
            fail("no clean end: -0x%04x", -rc);
        mbedtls_ssl_free(&ssl);
        mbedtls_net_free(&net);
    }
    return 0;
}
