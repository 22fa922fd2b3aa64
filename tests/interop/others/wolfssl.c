/* A peer on wolfSSL. Its command line is the one that others.py describes. */
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include "common.h"

static WOLFSSL_CTX *ctx;

static void check(int ok, const char *what)
{
    if (ok != WOLFSSL_SUCCESS)
        fail("wolfssl: %s: %d", what, ok);
}

static struct psk psk;

static unsigned as_client(WOLFSSL *ssl, const char *hint, char *identity, unsigned max, unsigned char *key, unsigned key_max)
{
    (void)ssl;
    (void)hint;
    if (psk.key_len > key_max)
        return 0;
    snprintf(identity, max, "%s", psk.identity);
    memcpy(key, psk.key, psk.key_len);
    return (unsigned)psk.key_len;
}

static unsigned as_server(WOLFSSL *ssl, const char *identity, unsigned char *key, unsigned key_max)
{
    (void)ssl;
    if (strcmp(identity, psk.identity) != 0 || psk.key_len > key_max)
        return 0;
    memcpy(key, psk.key, psk.key_len);
    return (unsigned)psk.key_len;
}

static void configure(WOLFSSL_METHOD *method)
{
    wolfSSL_Init();
    ctx = wolfSSL_CTX_new(method);
    if (!ctx)
        fail("wolfssl: no context");
    if (option("cert")) {
        check(wolfSSL_CTX_use_certificate_chain_file(ctx, option("cert")), option("cert"));
        check(wolfSSL_CTX_use_PrivateKey_file(ctx, option("key"), WOLFSSL_FILETYPE_PEM), option("key"));
    }
    if (psk_option(&psk)) {
        wolfSSL_CTX_set_psk_client_callback(ctx, as_client);
        wolfSSL_CTX_set_psk_server_callback(ctx, as_server);
    }
    wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_NONE, NULL);
    if (option("ca")) {
        check(wolfSSL_CTX_load_verify_locations(ctx, option("ca"), NULL), option("ca"));
        wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
}

static WOLFSSL *connection(int fd)
{
    WOLFSSL *ssl = wolfSSL_new(ctx);
    if (!ssl)
        fail("wolfssl: no connection");
    check(wolfSSL_set_fd(ssl, fd), "fd");
    if (option("alpn")) {
        char *list = strdup(option("alpn"));
        check(wolfSSL_UseALPN(ssl, list, (unsigned)strlen(list), WOLFSSL_ALPN_FAILED_ON_MISMATCH), "alpn");
        free(list);
    }
    return ssl;
}

static void facts(WOLFSSL *ssl)
{
    char alpn[64] = "", *name = NULL;
    unsigned short len = 0;
    if (wolfSSL_ALPN_GetProtocol(ssl, &name, &len) == WOLFSSL_SUCCESS)
        snprintf(alpn, sizeof alpn, "%.*s", len, name);
    WOLFSSL_X509 *peer = wolfSSL_get_peer_certificate(ssl);
    print_facts(wolfSSL_get_cipher_name(ssl), alpn, wolfSSL_session_reused(ssl) ? "yes" : "no", peer != NULL);
}

static void echo(WOLFSSL *ssl)
{
    char buf[4096];
    int n = wolfSSL_accept(ssl);
    if (n != WOLFSSL_SUCCESS) {
        printf("failed %d\n", wolfSSL_get_error(ssl, n));
        fflush(stdout);
        return;
    }
    facts(ssl);
    while ((n = wolfSSL_read(ssl, buf, sizeof buf)) > 0)
        if (wolfSSL_write(ssl, buf, n) != n)
            break;
    wolfSSL_shutdown(ssl);
}

static int serve(void)
{
    configure(wolfTLSv1_2_server_method());
    if (!option("tickets") || strcmp(option("tickets"), "no") != 0)
        wolfSSL_CTX_UseSessionTicket(ctx);
    for (int listener = listen_and_tell();;) {
        int fd = accept(listener, NULL, NULL);
        WOLFSSL *ssl = connection(fd);
        echo(ssl);
        wolfSSL_free(ssl);
        close(fd);
    }
}

static int converse(int port)
{
    unsigned char line[MAX_LINE], back[MAX_LINE];
    size_t len = read_line(line);
    WOLFSSL_SESSION *session = NULL;
    configure(wolfTLSv1_2_client_method());
    if (!option("tickets") || strcmp(option("tickets"), "no") != 0)
        check(wolfSSL_CTX_UseSessionTicket(ctx), "tickets");
    for (int i = 0, times = option("times") ? atoi(option("times")) : 1; i < times; i++) {
        int fd = dial(port);
        WOLFSSL *ssl = connection(fd);
        const char *name = option("name");
        check(wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, name, (unsigned short)strlen(name)), "name");
        check(wolfSSL_check_domain_name(ssl, name), "name");
        /* Refused when there is nothing to resume by: then the handshake is a full one. */
        if (session)
            wolfSSL_set_session(ssl, session);
        int rc = wolfSSL_connect(ssl);
        if (rc != WOLFSSL_SUCCESS)
            fail("wolfssl: handshake: %d", wolfSSL_get_error(ssl, rc));
        if (wolfSSL_write(ssl, line, (int)len) != (int)len)
            fail("wolfssl: write");
        for (size_t got = 0; got < len;) {
            int n = wolfSSL_read(ssl, back + got, (int)(len - got));
            if (n <= 0)
                fail("wolfssl: read: %d", wolfSSL_get_error(ssl, n));
            got += (size_t)n;
        }
        if (memcmp(line, back, len) != 0)
            fail("another line came back");
        facts(ssl);
        session = wolfSSL_get1_session(ssl);
        /* Once for our close_notify, once for the peer's. */
        if (wolfSSL_shutdown(ssl) != WOLFSSL_SUCCESS && wolfSSL_shutdown(ssl) != WOLFSSL_SUCCESS)
            fail("wolfssl: no clean end");
        wolfSSL_free(ssl);
        close(fd);
    }
    return 0;
}
