/* Whom a context trusts: a CA from a file, a directory and memory, the system's store, a certificate
   itself, pinned keys, an intermediate on request; how deep a path goes, and by which clock. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "support.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* SHA-256 over the SubjectPublicKeyInfo of tests/pki's int.pem and ca.pem, by `openssl`. */
static void digest_of(const char *file, unsigned char out[32])
{
    char command[512];
    FILE *pipe;
    snprintf(command, sizeof command,
             "openssl x509 -in %s -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary",
             pki(file));
    pipe = popen(command, "r");
    CHECK(pipe != NULL && fread(out, 1, 32, pipe) == 32);
    pclose(pipe);
}

static size_t slurp(const char *path, char *out, size_t cap)
{
    FILE *file = fopen(path, "rb");
    size_t len = file != NULL ? fread(out, 1, cap, file) : 0;
    CHECK(len > 0 && len < cap);
    if (file != NULL)
        fclose(file);
    return len;
}

/* A handshake with a server that shows `cert`: the client's error, 0 for none. */
static int meets(tls_ctx *client, const char *cert)
{
    char file[64], key[64];
    struct pair p;
    int error;
    tls_ctx *server = tls_ctx_new(TLS_SERVER);
    snprintf(file, sizeof file, "%s.pem", cert);
    snprintf(key, sizeof key, "%s.key", cert);
    CHECK_EQ(tls_ctx_set_policy(server, "legacy"), TLS_OK); /* it shows weak ones too */
    CHECK_EQ(tls_ctx_add_keypair_file(server, pki(file), pki(key)), TLS_OK);
    p = pair_of(tls_ctx_ref(client), server);
    pair_handshake(&p, 4096);
    error = conn_error(p.client);
    pair_free(&p);
    return error;
}

static void sources(void)
{
    static char pem[65536];
    char dir[] = "trust-XXXXXX", link[64];
    char *resolved = realpath(pki("ca.pem"), NULL);
    size_t len = slurp(pki("ca.pem"), pem, sizeof pem);
    tls_ctx *file = tls_ctx_new(TLS_CLIENT), *mem = tls_ctx_new(TLS_CLIENT), *in_dir = tls_ctx_new(TLS_CLIENT),
            *system = tls_ctx_new(TLS_CLIENT), *other = tls_ctx_new(TLS_CLIENT);
    CHECK_EQ(tls_ctx_add_ca_file(file, pki("ca.pem")), TLS_OK);
    CHECK_EQ(meets(file, "server-p256"), 0);
    CHECK_EQ(tls_ctx_add_ca_mem(mem, pem, len), TLS_OK);
    CHECK_EQ(meets(mem, "server-p256"), 0);

    CHECK(mkdtemp(dir) != NULL);
    snprintf(link, sizeof link, "%s/ca.pem", dir);
    CHECK(resolved != NULL && symlink(resolved, link) == 0);
    CHECK_EQ(tls_ctx_add_ca_dir(in_dir, dir), TLS_OK);
    CHECK_EQ(meets(in_dir, "server-p256"), 0);
    /* The system's store is where this variable says, read when it is needed. */
    setenv("SSL_CERT_FILE", resolved, 1);
    CHECK_EQ(meets(system, "server-p256"), 0);
    unlink(link);
    rmdir(dir);
    free(resolved);

    CHECK_EQ(tls_ctx_add_ca_file(other, pki("other-ca.pem")), TLS_OK);
    CHECK_EQ(meets(other, "server-p256"), TLS_REASON_UNKNOWN_CA);
    CHECK_EQ(tls_ctx_add_ca_system(other), TLS_OK); /* beside it */
    CHECK_EQ(meets(other, "server-p256"), 0);
    unsetenv("SSL_CERT_FILE");
    tls_ctx_free(file);
    tls_ctx_free(mem);
    tls_ctx_free(in_dir);
    tls_ctx_free(system);
    tls_ctx_free(other);
}

/* A certificate that is trusted itself: with CA:TRUE as with CA:FALSE, and one that a CA issued. */
static void itself(void)
{
    static const char *const names[] = {"self-ca", "self-leaf", "bad-missing-int", "bad-untrusted"};
    size_t i;
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
        char file[64];
        snprintf(file, sizeof file, "%s.pem", names[i]);
        CHECK_EQ(tls_ctx_add_ca_file(ctx, pki(file)), TLS_OK);
        CHECK_EQ(meets(ctx, names[i]), 0);
        CHECK_EQ(meets(ctx, "server-p256"), TLS_REASON_UNKNOWN_CA);
        tls_ctx_free(ctx);
    }
}

static void pins(void)
{
    unsigned char good[32], other[32] = {1};
    tls_ctx *ctx = client_ctx();
    struct pair p;
    digest_of("server-p256.pem", good);
    CHECK_EQ(tls_ctx_add_pin(ctx, other, 32), TLS_OK);
    CHECK_EQ(meets(ctx, "server-p256"), TLS_REASON_CERTIFICATE_NOT_PINNED);
    CHECK_EQ(tls_ctx_add_pin(ctx, good, 31), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_ctx_add_pin(ctx, NULL, 32), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_pin(ctx, good, 32), TLS_OK);
    CHECK_EQ(meets(ctx, "server-p256"), 0);
    CHECK_EQ(meets(ctx, "server-rsa"), TLS_REASON_CERTIFICATE_NOT_PINNED);
    /* A CA's key serves all of its certificates. */
    digest_of("int.pem", good);
    CHECK_EQ(tls_ctx_add_pin(ctx, good, 32), TLS_OK);
    CHECK_EQ(meets(ctx, "server-rsa"), 0);
    tls_ctx_free(ctx);

    /* In place of a CA: for the leaf's own key, when a program says so. */
    ctx = tls_ctx_new(TLS_CLIENT);
    CHECK_EQ(tls_ctx_add_ca_file(ctx, pki("other-ca.pem")), TLS_OK);
    digest_of("self-leaf.pem", good);
    CHECK_EQ(tls_ctx_add_pin(ctx, good, 32), TLS_OK);
    CHECK_EQ(meets(ctx, "self-leaf"), TLS_REASON_UNKNOWN_CA);
    CHECK_EQ(tls_ctx_trust_pins_alone(ctx, 2), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_trust_pins_alone(ctx, 1), TLS_OK);
    CHECK_EQ(meets(ctx, "self-leaf"), 0);
    CHECK_EQ(meets(ctx, "self-ca"), TLS_REASON_UNKNOWN_CA);
    CHECK_EQ(tls_ctx_trust_pins_alone(ctx, 0), TLS_OK);
    CHECK_EQ(meets(ctx, "self-leaf"), TLS_REASON_UNKNOWN_CA);
    tls_ctx_free(ctx);

    /* For one connection alone. */
    p = pair_new("p256");
    CHECK_EQ(tls_conn_add_pin(p.client, other, 32), TLS_OK);
    CHECK_EQ(tls_conn_add_pin(p.client, other, 33), TLS_ERR_USAGE);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_ERR_TLS);
    CHECK_EQ(conn_error(p.client), TLS_REASON_CERTIFICATE_NOT_PINNED);
    CHECK_EQ(tls_conn_add_pin(p.client, other, 32), TLS_ERR_USAGE); /* too late */
    CHECK_EQ(meets(p.client_ctx, "server-p256"), 0);
    pair_free(&p);
}

static void intermediates(void)
{
    tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
    CHECK_EQ(tls_ctx_add_ca_file(ctx, pki("int.pem")), TLS_OK);
    CHECK_EQ(meets(ctx, "server-p256"), TLS_REASON_UNKNOWN_CA);
    CHECK_EQ(tls_ctx_set_partial_chain(ctx, -1), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_partial_chain(ctx, 1), TLS_OK);
    CHECK_EQ(meets(ctx, "server-p256"), 0);
    CHECK_EQ(tls_ctx_set_partial_chain(ctx, 0), TLS_OK);
    CHECK_EQ(meets(ctx, "server-p256"), TLS_REASON_UNKNOWN_CA);
    /* Its root beside it: the intermediate stands for one that the server forgot. */
    CHECK_EQ(tls_ctx_add_ca_file(ctx, pki("ca.pem")), TLS_OK);
    CHECK_EQ(meets(ctx, "bad-missing-int"), 0);
    /* A subject that is empty harms nobody, unless somebody is strict. */
    CHECK_EQ(meets(ctx, "no-subject"), 0);
    CHECK_EQ(tls_ctx_set_strict_certificates(ctx, 2), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_strict_certificates(ctx, 1), TLS_OK);
    CHECK_EQ(meets(ctx, "no-subject"), TLS_REASON_PROFILE_VIOLATION);
    CHECK_EQ(meets(ctx, "server-p256"), 0);
    CHECK_EQ(tls_ctx_set_strict_certificates(ctx, 0), TLS_OK);
    tls_ctx_free(ctx);

    ctx = client_ctx();
    CHECK_EQ(tls_ctx_set_verify_depth(ctx, 7), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_ctx_set_verify_depth(ctx, 0), TLS_OK);
    CHECK_EQ(meets(ctx, "server-p256"), TLS_REASON_CERTIFICATE_CHAIN_TOO_LONG);
    CHECK_EQ(tls_ctx_set_verify_depth(ctx, 1), TLS_OK);
    CHECK_EQ(meets(ctx, "server-p256"), 0);
    CHECK_EQ(meets(ctx, "deep"), TLS_REASON_CERTIFICATE_CHAIN_TOO_LONG);
    CHECK_EQ(tls_ctx_set_verify_depth(ctx, 6), TLS_OK);
    CHECK_EQ(meets(ctx, "deep"), 0);
    tls_ctx_free(ctx);
}

struct watch {
    int64_t now;
    int calls, releases;
};

static int64_t tell(void *arg)
{
    struct watch *watch = arg;
    watch->calls++;
    return watch->now;
}

static void release(void *arg)
{
    ((struct watch *)arg)->releases++;
}

static void clocks(void)
{
    struct watch watch = {1609459200, 0, 0}; /* 2021-01-01 */
    tls_ctx *ctx = client_ctx();
    CHECK_EQ(meets(ctx, "bad-expired"), TLS_REASON_CERTIFICATE_EXPIRED);
    CHECK_EQ(tls_ctx_set_clock(ctx, tell, &watch, release), TLS_OK);
    CHECK_EQ(meets(ctx, "bad-expired"), 0);
    CHECK(watch.calls > 0);
    watch.now = 4420843506; /* 2110-02-03 */
    CHECK_EQ(meets(ctx, "bad-not-yet"), 0);
    CHECK_EQ(meets(ctx, "bad-expired"), TLS_REASON_CERTIFICATE_EXPIRED);
    watch.now = -5;
    CHECK_EQ(meets(ctx, "server-p256"), TLS_REASON_CERTIFICATE_NOT_YET_VALID);
    CHECK_EQ(watch.releases, 0);
    CHECK_EQ(tls_ctx_set_clock(ctx, NULL, NULL, NULL), TLS_OK);
    CHECK_EQ(watch.releases, 1);
    CHECK_EQ(meets(ctx, "server-p256"), 0);
    CHECK_EQ(tls_ctx_set_clock(NULL, tell, &watch, release), TLS_ERR_USAGE);
    CHECK_EQ(watch.releases, 1);
    tls_ctx_free(ctx);
}

/* Old certificates are for the policy legacy. */
static void policies(void)
{
    static const char *const weak[] = {"server-rsa1024", "bad-sha1"};
    size_t i;
    for (i = 0; i < 2; i++) {
        tls_ctx *ctx = client_ctx();
        CHECK_EQ(meets(ctx, weak[i]), TLS_REASON_WEAK_CERTIFICATE);
        CHECK_EQ(tls_ctx_set_policy(ctx, "compatible"), TLS_OK);
        CHECK_EQ(meets(ctx, weak[i]), TLS_REASON_WEAK_CERTIFICATE);
        CHECK_EQ(tls_ctx_set_policy(ctx, "legacy"), TLS_OK);
        CHECK_EQ(meets(ctx, weak[i]), 0);
        tls_ctx_free(ctx);
    }
}

int main(void)
{
    sources();
    itself();
    pins();
    intermediates();
    clocks();
    policies();
    return checks_done();
}
