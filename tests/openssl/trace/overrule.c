/* Verify callbacks that overrule some errors, and what is asked of certificates by parameters. */
#include "trace.h"

#include <unistd.h>

static const int *allowed;
static int returned;

static int callback(int ok, X509_STORE_CTX *ctx)
{
    int error = X509_STORE_CTX_get_error(ctx);

    say("told", "%d, error %d, depth %d", ok, error, X509_STORE_CTX_get_error_depth(ctx));
    if (returned < 0)
        return ok ? 1 : returned;
    for (const int *a = allowed; !ok && *a != 0; a++) {
        if (*a == error)
            return 1;
    }
    return ok;
}

static void outcome(struct ends *ends)
{
    shake(ends, "results");
    say("result", "%ld", SSL_get_verify_result(ends->client));
    ERR_clear_error();
    free_ends(ends);
}

static void one(const char *name, const char *server, const char *ca, const char *host, const int *allow)
{
    struct ends ends = {.server_ctx = server_context(server), .client_ctx = client_context()};
    char path[256];

    theme = name;
    allowed = allow;
    if (ca != NULL) {
        snprintf(path, sizeof(path), PKI "%s.pem", ca);
        SSL_CTX_load_verify_locations(ends.client_ctx, path, NULL);
    }
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, callback);
    connect_ends(&ends, 0);
    if (host != NULL)
        SSL_set1_host(ends.client, host);
    outcome(&ends);
}
#define ALLOW(...) ((const int[]){__VA_ARGS__, 0})

/* `how`: what is done to the parameters of a client whose certificate is for localhost. */
static void parameters(const char *name, void (*how)(SSL_CTX *, SSL *))
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    theme = name;
    SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    connect_ends(&ends, 0);
    how(ends.client_ctx, ends.client);
    outcome(&ends);
}

static void flags_behind_host(SSL_CTX *ctx, SSL *ssl)
{
    X509_VERIFY_PARAM *param = X509_VERIFY_PARAM_new();

    (void)ctx;
    SSL_set1_host(ssl, "other.test");
    SSL_set_verify_depth(ssl, 5);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_TRUSTED_FIRST);
    say("set1", "%d", SSL_set1_param(ssl, param));
    say("depth", "%d", SSL_get_verify_depth(ssl));
    X509_VERIFY_PARAM_free(param);
}
static void host_of_store(SSL_CTX *ctx, SSL *ssl)
{
    (void)ssl;
    X509_VERIFY_PARAM_set1_host(X509_STORE_get0_param(SSL_CTX_get_cert_store(ctx)), "other.test", 0);
}
static void address_of_store(SSL_CTX *ctx, SSL *ssl)
{
    (void)ssl;
    X509_VERIFY_PARAM_set1_ip_asc(X509_STORE_get0_param(SSL_CTX_get_cert_store(ctx)), "192.0.2.7");
}
static void bad_host_behind_good(SSL_CTX *ctx, SSL *ssl)
{
    X509_VERIFY_PARAM *param = X509_VERIFY_PARAM_new();

    (void)ctx;
    say("host", "%d", X509_VERIFY_PARAM_set1_host(param, "other.test", 0));
    say("with a NUL", "%d", X509_VERIFY_PARAM_set1_host(param, "localhost\0.evil", 15));
    SSL_set1_param(ssl, param);
    X509_VERIFY_PARAM_free(param);
}
static void no_wildcard(SSL_CTX *ctx, SSL *ssl)
{
    (void)ctx;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_WILDCARDS);
    SSL_set1_host(ssl, "a.wild.test");
}
static void crls(SSL_CTX *ctx, SSL *ssl)
{
    (void)ssl;
    X509_STORE_set_flags(SSL_CTX_get_cert_store(ctx), X509_V_FLAG_CRL_CHECK);
    SSL_set_verify(ssl, SSL_VERIFY_PEER, callback);
}
static void crls_of_all(SSL_CTX *ctx, SSL *ssl)
{
    X509_STORE_set_flags(SSL_CTX_get_cert_store(ctx), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    SSL_set_verify(ssl, SSL_VERIFY_PEER, callback);
}
static void crls_and_other_name(SSL_CTX *ctx, SSL *ssl)
{
    crls(ctx, ssl);
    SSL_set1_host(ssl, "other.test");
}
static void crls_of_strangers(SSL_CTX *ctx, SSL *ssl)
{
    SSL_CTX_set_cert_store(ctx, X509_STORE_new());
    crls(ctx, ssl);
}
static void no_depth(SSL_CTX *ctx, SSL *ssl) { SSL_set_verify_depth(ssl, SSL_CTX_get_verify_depth(ctx)); }
static void no_intermediates(SSL_CTX *ctx, SSL *ssl)
{
    (void)ctx;
    SSL_set_verify_depth(ssl, 0);
}
static void before_all_times(SSL_CTX *ctx, SSL *ssl)
{
    (void)ctx;
    X509_VERIFY_PARAM *param = X509_VERIFY_PARAM_new();

    X509_VERIFY_PARAM_set_time(param, -1);
    SSL_set1_param(ssl, param);
    X509_VERIFY_PARAM_free(param);
}
static void level(SSL_CTX *ctx, SSL *ssl)
{
    (void)ssl;
    SSL_CTX_set_security_level(ctx, 5);
    say("level", "%d", SSL_CTX_get_security_level(ctx));
    SSL_CTX_set_security_level(ctx, 2);
}
static void unhashed(SSL_CTX *ctx, SSL *ssl)
{
    (void)ssl;
    SSL_CTX_set_cert_store(ctx, X509_STORE_new());
    say("directory", "%d", SSL_CTX_load_verify_locations(ctx, NULL, PKI));
}
static const char *name_to_try;
static void no_name(SSL_CTX *ctx, SSL *ssl)
{
    (void)ctx;
    SSL_set1_host(ssl, name_to_try);
}
static void nothing(SSL_CTX *ctx, SSL *ssl)
{
    (void)ctx;
    (void)ssl;
}
static void mode_without_peer(SSL_CTX *ctx, SSL *ssl)
{
    (void)ctx;
    SSL_set1_host(ssl, "other.test");
    SSL_set_verify(ssl, SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
}

static const char *const no_names[] = {"127.1", "0x7f.1", "256.1.1.1", "fe80::1%eth0", "localhost:443", "b\xc3\xbc.de", "a..b", "*",
                                       "*.test", ".", "-a", "local host", "localhost\n"};

/* What was loaded stays, whatever becomes of the file. */
static void loaded(const char *name, const char *then)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char path[] = "/tmp/tlscore-ca-XXXXXX", text[65536];
    int fd = mkstemp(path);
    FILE *from = fopen(PKI "ca.pem", "r");
    size_t len = fread(text, 1, sizeof(text), from);

    fclose(from);
    theme = name;
    if (write(fd, text, len) != (ssize_t)len)
        exit(2);
    say("load", "%d", SSL_CTX_load_verify_locations(ends.client_ctx, path, NULL));
    if (then != NULL) {
        from = fopen(then, "r");
        len = fread(text, 1, sizeof(text), from);
        fclose(from);
        if (ftruncate(fd, 0) != 0 || pwrite(fd, text, len, 0) != (ssize_t)len)
            exit(2);
    } else {
        unlink(path);
    }
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    connect_ends(&ends, 0);
    outcome(&ends);
    close(fd);
    unlink(path);
}

void trace_overrule(void)
{
    one("overrule.self-signed, other name", "self-leaf", NULL, "other.test", ALLOW(18));
    one("overrule.self-signed, both", "self-leaf", NULL, "other.test", ALLOW(18, 62));
    one("overrule.unknown, other name", "server-p256", "other-ca", "other.test", ALLOW(19, 20, 21));
    one("overrule.unknown, nobody", "server-p256", NULL, "localhost", ALLOW(20));
    one("overrule.expired of an unknown CA", "bad-expired", "other-ca", NULL, ALLOW(19, 20, 21));
    one("overrule.expired of an unknown CA, all", "bad-expired", "other-ca", NULL, ALLOW(19, 20, 21, 10));
    one("overrule.expired, other name", "bad-expired", "ca", "other.test", ALLOW(10));
    one("overrule.not yet, other name", "bad-not-yet", "ca", "other.test", ALLOW(9));
    one("overrule.purpose, other name", "bad-eku", "ca", "other.test", ALLOW(26));
    returned = -1;
    one("overrule.minus one", "self-leaf", NULL, NULL, ALLOW(1));
    returned = 0;
    parameters("parameters.flags behind a host", flags_behind_host);
    parameters("parameters.host of the store", host_of_store);
    parameters("parameters.address of the store", address_of_store);
    parameters("parameters.bad host", bad_host_behind_good);
    parameters("parameters.no wildcard", no_wildcard);
    parameters("parameters.nothing", nothing);
    parameters("parameters.mode without PEER", mode_without_peer);
    allowed = ALLOW(3);
    parameters("parameters.CRLs", crls);
    parameters("parameters.CRLs of all", crls_of_all);
    parameters("parameters.CRLs, other name", crls_and_other_name);
    parameters("parameters.CRLs, strangers", crls_of_strangers);
    parameters("parameters.no depth", no_depth);
    parameters("parameters.no intermediates", no_intermediates);
    parameters("parameters.before all times", before_all_times);
    parameters("parameters.level", level);
    parameters("parameters.directory without links", unhashed);
    for (size_t i = 0; i < sizeof(no_names) / sizeof(*no_names); i++) {
        name_to_try = no_names[i];
        parameters(name_to_try, no_name);
    }
    loaded("loaded.and removed", NULL);
    loaded("loaded.and replaced", PKI "other-ca.pem");
}
