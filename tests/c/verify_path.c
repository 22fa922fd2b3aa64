/* A certificate verified without a connection: what is asked, the path, and which certificate broke which
   rule. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <stdlib.h>

/* A verification of tests/pki's CA. */
static tls_verify *fresh(void)
{
    tls_ctx *ctx = client_ctx();
    tls_verify *verify = tls_verify_new(ctx);
    CHECK(verify != NULL);
    tls_ctx_free(ctx); /* it keeps what it needs */
    return verify;
}

static tls_error_info said(const tls_verify *verify)
{
    tls_error_info error;
    memset(&error, 0xff, sizeof error);
    CHECK_EQ(tls_verify_error(verify, &error), TLS_OK);
    return error;
}

/* The number of the error, 0 for none; the certificate that it is about goes to `place`. */
static int judged(tls_verify *verify, const char *file, int *place)
{
    int rc = tls_verify_file(verify, pki(file));
    tls_error_info error = said(verify);
    CHECK_EQ(rc == TLS_OK, error.number == 0);
    CHECK_EQ(rc == TLS_OK, tls_verify_path_len(verify) > 0);
    if (error.number != 0) {
        CHECK(strlen(error.name) > 0 && strlen(error.text) > 0);
        CHECK_EQ(rc, error.family == TLS_FAMILY_MISUSE ? TLS_ERR_USAGE : TLS_ERR_TLS);
        CHECK(tls_verify_path(verify, 0) == NULL);
    }
    if (place != NULL)
        *place = error.certificate;
    return error.number;
}

static void path(void)
{
    tls_verify *verify = fresh();
    tls_cert *kept;
    CHECK_EQ(tls_verify_path_len(verify), 0);
    CHECK_EQ(said(verify).number, 0);
    CHECK_EQ(said(verify).certificate, -1);
    CHECK_EQ(tls_verify_set_name(verify, "example.test"), TLS_OK);
    CHECK_EQ(judged(verify, "server-p256.pem", NULL), 0);
    CHECK_EQ(tls_verify_path_len(verify), 3);
    CHECK_STR(tls_cert_subject(tls_verify_path(verify, 0)), "CN=server-p256");
    CHECK_STR(tls_cert_subject(tls_verify_path(verify, 1)), "CN=Test Intermediate,O=tlscore tests");
    CHECK_STR(tls_cert_subject(tls_verify_path(verify, 2)), "CN=Test Root,O=tlscore tests");
    CHECK(tls_verify_path(verify, 3) == NULL);
    CHECK(tls_verify_path(verify, SIZE_MAX) == NULL);
    kept = tls_cert_ref(tls_verify_path(verify, 1));
    /* The next one takes its place. */
    CHECK_EQ(judged(verify, "bad-expired.pem", NULL), TLS_REASON_CERTIFICATE_EXPIRED);
    CHECK_EQ(judged(verify, "server-rsa.pem", NULL), 0);
    CHECK_STR(tls_cert_subject(tls_verify_path(verify, 0)), "CN=server-rsa");
    CHECK_EQ(tls_verify_cert(verify, tls_verify_path(verify, 1)), TLS_ERR_TLS); /* a CA is no leaf */
    CHECK_EQ(said(verify).number, TLS_REASON_WRONG_KEY_USAGE);
    CHECK_STR(tls_cert_subject(kept), "CN=Test Intermediate,O=tlscore tests");
    tls_cert_free(kept);
    tls_verify_free(verify);
}

static void asked(void)
{
    tls_verify *verify = fresh();
    CHECK_EQ(judged(verify, "bad-name.pem", NULL), 0); /* no name is asked for */
    CHECK_EQ(tls_verify_set_name(verify, "example.test"), TLS_OK);
    CHECK_EQ(judged(verify, "bad-name.pem", NULL), TLS_REASON_NAME_MISMATCH);
    CHECK_EQ(tls_verify_set_name(verify, "127.0.0.1"), TLS_OK);
    CHECK_EQ(judged(verify, "server-p256.pem", NULL), 0);
    CHECK_EQ(tls_verify_set_name(verify, "b\xc3\xbc" "cher.test"), TLS_ERR_USAGE);
    CHECK_EQ(said(verify).number, TLS_REASON_BAD_SERVER_NAME);
    CHECK(strstr(said(verify).text, "xn--") != NULL);
    CHECK_EQ(tls_verify_set_name(verify, NULL), TLS_OK);
    CHECK_EQ(said(verify).number, 0);

    CHECK_EQ(judged(verify, "client-p256.pem", NULL), TLS_REASON_WRONG_KEY_USAGE);
    CHECK_EQ(tls_verify_set_purpose(verify, TLS_CLIENT), TLS_OK);
    CHECK_EQ(judged(verify, "client-p256.pem", NULL), 0);
    CHECK_EQ(judged(verify, "server-p256.pem", NULL), TLS_REASON_WRONG_KEY_USAGE);
    CHECK_EQ(tls_verify_set_purpose(verify, 3), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_set_purpose(verify, TLS_SERVER), TLS_OK);

    CHECK_EQ(tls_verify_set_time(verify, 1609459200), TLS_OK);
    CHECK_EQ(judged(verify, "bad-expired.pem", NULL), 0);
    CHECK_EQ(tls_verify_set_time(verify, -1), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_set_time(verify, INT64_MAX), TLS_OK);
    CHECK_EQ(judged(verify, "server-p256.pem", NULL), TLS_REASON_CERTIFICATE_EXPIRED);
    CHECK_EQ(tls_verify_set_time(verify, 1767225600), TLS_OK);

    CHECK_EQ(judged(verify, "deep.pem", NULL), 0);
    CHECK_EQ(tls_verify_set_depth(verify, 3), TLS_OK);
    CHECK_EQ(judged(verify, "deep.pem", NULL), TLS_REASON_CERTIFICATE_CHAIN_TOO_LONG);
    CHECK_EQ(tls_verify_set_depth(verify, 7), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_set_depth(verify, SIZE_MAX), TLS_ERR_USAGE);
    tls_verify_free(verify);
}

static void untrusted(void)
{
    static char pem[65536];
    tls_verify *verify = fresh();
    FILE *file;
    size_t len;
    int place = 0;
    CHECK_EQ(judged(verify, "bad-missing-int.pem", &place), TLS_REASON_UNKNOWN_CA);
    CHECK_EQ(place, 0);
    CHECK(strstr(said(verify).text, "CN=Test Intermediate") != NULL);
    CHECK_EQ(tls_verify_add_untrusted_file(verify, pki("int.pem")), TLS_OK);
    CHECK_EQ(judged(verify, "bad-missing-int.pem", NULL), 0);
    CHECK_EQ(tls_verify_add_untrusted_file(verify, pki("no-such-file")), TLS_ERR_USAGE);
    CHECK(strstr(said(verify).text, "no-such-file") != NULL);
    CHECK_EQ(tls_verify_add_untrusted_file(verify, pki("server-p256.key")), TLS_ERR_USAGE);
    CHECK_EQ(said(verify).number, TLS_REASON_BAD_PEM);
    CHECK_EQ(tls_verify_add_untrusted_mem(verify, "junk", 4), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_add_untrusted_mem(verify, NULL, 4), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_add_untrusted_cert(verify, NULL), TLS_ERR_USAGE);
    /* What is untrusted ends no path. */
    CHECK_EQ(tls_verify_add_untrusted_file(verify, pki("other-ca.pem")), TLS_OK);
    CHECK_EQ(judged(verify, "bad-untrusted.pem", &place), TLS_REASON_UNKNOWN_CA);
    CHECK_EQ(place, 1);
    CHECK_EQ(tls_verify_add_untrusted_cert(verify, tls_verify_path(verify, 0)), TLS_ERR_USAGE); /* no path */
    CHECK_EQ(judged(verify, "server-p256.pem", NULL), 0);
    CHECK_EQ(tls_verify_add_untrusted_cert(verify, tls_verify_path(verify, 1)), TLS_OK);

    file = fopen(pki("server-p256.pem"), "rb");
    len = fread(pem, 1, sizeof pem, file);
    fclose(file);
    CHECK_EQ(tls_verify_mem(verify, pem, len), TLS_OK);
    CHECK_EQ(tls_verify_mem(verify, pem, 0), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_mem(verify, NULL, 1), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_file(verify, pki("no-such-file")), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_file(verify, NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_cert(verify, NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_verify_path_len(verify), 0);
    tls_verify_free(verify);
}

/* Every rule by its number, and the certificate by its place. */
static void rules(void)
{
    static const struct {
        const char *file;
        int reason, place;
    } cases[] = {
        {"bad-expired.pem", TLS_REASON_CERTIFICATE_EXPIRED, 0},
        {"bad-not-yet.pem", TLS_REASON_CERTIFICATE_NOT_YET_VALID, 0},
        {"bad-by-int-expired.pem", TLS_REASON_CERTIFICATE_EXPIRED, 1},
        {"bad-by-int-not-ca.pem", TLS_REASON_ISSUER_NOT_CA, 1},
        {"bad-by-int-no-cert-sign.pem", TLS_REASON_ISSUER_NOT_CA, 1},
        {"bad-by-int-rsa1024.pem", TLS_REASON_WEAK_CERTIFICATE, 1},
        {"bad-by-int-eku.pem", TLS_REASON_WRONG_KEY_USAGE, 1},
        {"bad-by-int-constrained.pem", TLS_REASON_NAME_CONSTRAINT_VIOLATION, 0},
        {"bad-by-pathlen0.pem", TLS_REASON_ISSUER_NOT_CA, 2},
        {"bad-eku.pem", TLS_REASON_WRONG_KEY_USAGE, 0},
        {"bad-ca-leaf.pem", TLS_REASON_WRONG_KEY_USAGE, 0},
        {"bad-sha1.pem", TLS_REASON_WEAK_CERTIFICATE, 0},
        {"bad-signature.pem", TLS_REASON_BAD_CERTIFICATE_SIGNATURE, 0},
        {"bad-critical.pem", TLS_REASON_UNSUPPORTED_CERTIFICATE, 0},
        {"bad-v1.pem", TLS_REASON_UNSUPPORTED_CERTIFICATE, 0},
        {"bad-untrusted.pem", TLS_REASON_UNKNOWN_CA, 0},
        {"self-leaf.pem", TLS_REASON_UNKNOWN_CA, 0},
        {"too-deep.pem", TLS_REASON_CERTIFICATE_CHAIN_TOO_LONG, -1},
    };
    tls_verify *verify = fresh();
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        int place = -2;
        CHECK_EQ(judged(verify, cases[i].file, &place), cases[i].reason);
        CHECK_EQ(place, cases[i].place);
    }
    tls_verify_free(verify);
}

/* The policy, and what it says about danger, which is passed over here. */
static void settings(void)
{
    tls_ctx *ctx = client_ctx();
    tls_verify *verify;
    CHECK_EQ(tls_ctx_set_policy(ctx, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_danger_accept_any_cert(ctx), TLS_OK);
    verify = tls_verify_new(ctx);
    CHECK_EQ(judged(verify, "bad-sha1.pem", NULL), 0);
    CHECK_EQ(judged(verify, "bad-v1.pem", NULL), 0);
    CHECK_EQ(judged(verify, "bad-expired.pem", NULL), TLS_REASON_CERTIFICATE_EXPIRED);
    /* Later changes of the context are not seen. */
    CHECK_EQ(tls_ctx_set_policy(ctx, "modern"), TLS_OK);
    CHECK_EQ(judged(verify, "bad-sha1.pem", NULL), 0);
    tls_verify_free(verify);
    tls_ctx_free(ctx);
    CHECK(tls_verify_new(NULL) == NULL);
    tls_verify_free(NULL);
}

int main(void)
{
    path();
    asked();
    untrusted();
    rules();
    settings();
    return checks_done();
}
