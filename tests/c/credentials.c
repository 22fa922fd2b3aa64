/* Keys and certificates from files and memory: encrypted ones with their passwords, PKCS #12, and everything that
 * is no such thing: missing, empty, a directory, a FIFO, too large, damaged, of another certificate. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The path of a file of tests/keys. Static, overwritten by the next call. */
static const char *keys(const char *file)
{
    static char path[256];
    snprintf(path, sizeof path, "tests/keys/%s", file);
    return path;
}

/* What the password callback was asked, and what it answers. */
struct answers {
    const char *words[4]; /* NULL: no more */
    size_t count;         /* how often it was asked */
    char place[256];
    int released;
};

static ptrdiff_t answer(const char *place, size_t attempt, char *out, size_t cap, void *arg)
{
    struct answers *a = arg;
    a->count++;
    snprintf(a->place, sizeof a->place, "%s", place);
    CHECK_EQ(cap, TLS_PASSWORD_MAX);
    if (attempt >= 4 || a->words[attempt] == NULL)
        return -1;
    memcpy(out, a->words[attempt], strlen(a->words[attempt]));
    return (ptrdiff_t)strlen(a->words[attempt]);
}

static ptrdiff_t too_long(const char *place, size_t attempt, char *out, size_t cap, void *arg)
{
    (void)place, (void)attempt, (void)out, (void)arg;
    return (ptrdiff_t)cap + 1;
}

static void released(void *arg)
{
    ((struct answers *)arg)->released++;
}

static tls_key *key_of(const char *path, ptrdiff_t (*ask)(const char *, size_t, char *, size_t, void *), void *arg, tls_error_info *error)
{
    char pem[16384];
    FILE *file = fopen(path, "r");
    size_t len = file == NULL ? 0 : fread(pem, 1, sizeof pem, file);
    if (file != NULL)
        fclose(file);
    return tls_key_from_mem(pem, len, ask, arg, error);
}

static void serves(tls_ctx *ctx)
{
    struct pair p = pair_of(client_ctx(), ctx);
    CHECK_EQ(pair_handshake(&p, 4096), TLS_OK);
    pair_free(&p);
}

/* GnuTLS, NSS and Java ask for so many iterations that valgrind would take minutes: the Rust tests have those. */
static void encrypted_keys(void)
{
    static const char *const files[] = {"pbes2-aes-256-cbc.key", "scrypt.key", "pbe-3des.key", "old-aes128.key",
                                        "encrypted.der", "pbes2-hmacWithSHA512.key", "python-old.key"};
    size_t i;
    for (i = 0; i < sizeof files / sizeof *files; i++) {
        struct answers a = {{"wrong", "secret"}, 0, "", 0};
        tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
        CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("server-p256.pem"), keys(files[i])), TLS_ERR_USAGE);
        CHECK_EQ(ctx_error(ctx), TLS_REASON_PASSWORD_NEEDED);
        CHECK_EQ(tls_ctx_set_password_callback(ctx, answer, &a, released), TLS_OK);
        CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("server-p256.pem"), keys(files[i])), TLS_OK);
        CHECK_EQ(a.count, 2);
        CHECK_STR(a.place, keys(files[i]));
        a.words[1] = NULL;
        CHECK_EQ(tls_ctx_set_keypair_file(ctx, pki("server-p256.pem"), keys(files[i])), TLS_ERR_USAGE);
        CHECK_EQ(ctx_error(ctx), TLS_REASON_WRONG_PASSWORD);
        CHECK_EQ(a.released, 0);
        CHECK_EQ(tls_ctx_set_password_callback(ctx, too_long, NULL, NULL), TLS_OK);
        CHECK_EQ(a.released, 1);
        CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("server-p256.pem"), keys(files[i])), TLS_ERR_USAGE);
        CHECK_EQ(ctx_error(ctx), TLS_REASON_CALLBACK_MISBEHAVED);
        serves(ctx);
    }
}

static void pkcs12(void)
{
    static const char *const files[] = {"openssl.p12", "openssl-legacy.p12", "openssl-3des.p12", "openssl-sha512.p12",
                                        "python-3des.p12", "python-sha384.p12"};
    unsigned char bytes[16384];
    size_t i, len;
    FILE *file;
    for (i = 0; i < sizeof files / sizeof *files; i++) {
        struct answers a = {{"secret"}, 0, "", 0};
        tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
        CHECK_EQ(tls_ctx_add_pkcs12_file(ctx, keys(files[i]), "wrong"), TLS_ERR_USAGE);
        CHECK_EQ(ctx_error(ctx), TLS_REASON_WRONG_PASSWORD);
        CHECK_EQ(tls_ctx_add_pkcs12_file(ctx, keys(files[i]), NULL), TLS_ERR_USAGE);
        CHECK_EQ(ctx_error(ctx), TLS_REASON_PASSWORD_NEEDED);
        CHECK_EQ(tls_ctx_add_pkcs12_file(ctx, keys(files[i]), "secret"), TLS_OK);
        CHECK_EQ(tls_ctx_set_password_callback(ctx, answer, &a, NULL), TLS_OK);
        CHECK_EQ(tls_ctx_set_pkcs12_file(ctx, keys(files[i]), NULL), TLS_OK);
        CHECK_EQ(a.count, 1);
        file = fopen(keys(files[i]), "rb");
        len = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        CHECK_EQ(tls_ctx_add_pkcs12_mem(ctx, bytes, len, "secret"), TLS_OK);
        CHECK_EQ(tls_ctx_set_pkcs12_mem(ctx, bytes, len, NULL), TLS_OK);
        CHECK_STR(a.place, "memory");
        CHECK_EQ(tls_ctx_set_pkcs12_mem(ctx, bytes, len - 1, "secret"), TLS_ERR_USAGE);
        CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_PKCS12);
        CHECK_EQ(tls_ctx_add_pkcs12_mem(ctx, NULL, 1, "secret"), TLS_ERR_USAGE);
        CHECK_EQ(ctx_error(ctx), TLS_REASON_NULL_HANDLE);
        serves(ctx);
    }
}

/* The context's error: its number, and that its sentence holds `says`. */
static void refused(tls_ctx *ctx, int rc, int number, const char *says)
{
    tls_error_info error;
    CHECK_EQ(rc, TLS_ERR_USAGE);
    tls_ctx_error(ctx, &error);
    CHECK_EQ(error.number, number);
    CHECK(strstr(error.text, says) != NULL);
    if (strstr(error.text, says) == NULL)
        fprintf(stderr, "    \"%s\" is not in \"%s\"\n", says, error.text);
}

static void files_that_are_none(void)
{
    char dir[] = "/tmp/tlscore-credentials-XXXXXX", path[64];
    const char *cert = pki("server-p256.pem");
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    FILE *file;
    CHECK(mkdtemp(dir) != NULL);
    refused(ctx, tls_ctx_add_keypair_file(ctx, cert, "no/such.key"), TLS_REASON_FILE_UNREADABLE, "no/such.key: ");
    refused(ctx, tls_ctx_add_keypair_file(ctx, dir, NULL), TLS_REASON_FILE_UNREADABLE, "is no regular file");
    refused(ctx, tls_ctx_add_pkcs12_file(ctx, dir, NULL), TLS_REASON_FILE_UNREADABLE, "is no regular file");

    snprintf(path, sizeof path, "%s/fifo", dir);
    CHECK_EQ(mkfifo(path, 0600), 0);
    refused(ctx, tls_ctx_add_keypair_file(ctx, cert, path), TLS_REASON_FILE_UNREADABLE, "is no regular file");
    refused(ctx, tls_ctx_add_keypair_file(ctx, path, NULL), TLS_REASON_FILE_UNREADABLE, "/fifo: ");
    refused(ctx, tls_ctx_add_pkcs12_file(ctx, path, NULL), TLS_REASON_FILE_UNREADABLE, "/fifo: ");
    unlink(path);

    snprintf(path, sizeof path, "%s/empty", dir);
    file = fopen(path, "w");
    fclose(file);
    refused(ctx, tls_ctx_add_keypair_file(ctx, path, NULL), TLS_REASON_BAD_PEM, "/empty: a certificate was expected");
    refused(ctx, tls_ctx_add_keypair_file(ctx, cert, path), TLS_REASON_BAD_PEM, "/empty: a private key was expected");
    refused(ctx, tls_ctx_add_pkcs12_file(ctx, path, NULL), TLS_REASON_BAD_PKCS12, "/empty: a PKCS #12 file was");
    unlink(path);

    snprintf(path, sizeof path, "%s/large", dir);
    file = fopen(path, "w");
    CHECK_EQ(ftruncate(fileno(file), (16 << 20) + 1), 0);
    fclose(file);
    refused(ctx, tls_ctx_add_keypair_file(ctx, cert, path), TLS_REASON_FILE_UNREADABLE, "larger than 16777216 bytes");
    if (geteuid() != 0) {
        chmod(path, 0);
        refused(ctx, tls_ctx_add_keypair_file(ctx, cert, path), TLS_REASON_FILE_UNREADABLE, "Permission denied");
    }
    unlink(path);
    rmdir(dir);
    tls_ctx_free(ctx);
}

static void keys_that_are_none(void)
{
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    const char *cert = pki("server-p256.pem");
    refused(ctx, tls_ctx_add_keypair_file(ctx, cert, pki("server-rsa.key")), TLS_REASON_KEY_MISMATCH, "RSA of 2048");
    refused(ctx, tls_ctx_add_keypair_file(ctx, cert, pki("ca-p256.key")), TLS_REASON_KEY_MISMATCH, "does not belong");
    refused(ctx, tls_ctx_add_keypair_file(ctx, cert, cert), TLS_REASON_BAD_PEM, "no private key among");
    refused(ctx, tls_ctx_add_keypair_file(ctx, pki("server-p256.key"), NULL), TLS_REASON_BAD_PEM, "no certificate");
    refused(ctx, tls_ctx_add_keypair_file(ctx, cert, keys("openssl.p12")), TLS_REASON_BAD_PRIVATE_KEY, "PKCS #12");
    refused(ctx, tls_ctx_add_pkcs12_file(ctx, cert, NULL), TLS_REASON_BAD_PKCS12, "SEQUENCE");
    refused(ctx, tls_ctx_add_pkcs12_file(ctx, keys("bad-no-key.p12"), "secret"), TLS_REASON_BAD_PKCS12, "no private key");
    refused(ctx, tls_ctx_add_pkcs12_file(ctx, keys("bad-no-cert.p12"), "secret"), TLS_REASON_BAD_PKCS12,
            "none of 0 certificates");
    tls_ctx_free(ctx);
}

/* Keys that are loaded on their own. */
static void keys_apart(void)
{
    tls_error_info error;
    struct answers a = {.words = {"wrong", "secret"}};
    tls_key *key = key_of("tests/pki/server-p256.key", NULL, NULL, &error);
    tls_cert *own = tls_cert_from_file("tests/pki/server-p256.pem", 0, NULL);
    tls_cert *other = tls_cert_from_file("tests/pki/server-p384.pem", 0, NULL);
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    char chain[16384];
    FILE *file = fopen("tests/pki/server-p256.pem", "r");
    size_t len = fread(chain, 1, sizeof chain, file);
    fclose(file);

    CHECK(key != NULL);
    CHECK_EQ(error.number, 0);
    CHECK_STR(tls_key_type(key), "EC");
    CHECK_EQ(tls_key_bits(key), 256);
    CHECK_EQ(tls_key_fits(key, own), 1);
    CHECK_EQ(tls_key_fits(key, other), 0);
    CHECK_EQ(tls_ctx_add_keypair_key(ctx, tls_cert_pem(other), strlen(tls_cert_pem(other)), key), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_error(ctx, &error), TLS_OK);
    CHECK_EQ(error.number, TLS_REASON_KEY_MISMATCH);
    CHECK_EQ(tls_ctx_add_keypair_key(ctx, chain, len, NULL), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_keypair_key(ctx, chain, len, key), TLS_OK);
    CHECK(tls_key_ref(key) == key);
    tls_key_free(key);
    tls_key_free(key);
    serves(ctx);
    tls_cert_free(own);
    tls_cert_free(other);

    key = key_of("tests/pki/server-rsa-encrypted.key", answer, &a, &error);
    CHECK(key != NULL);
    CHECK_EQ(a.count, 2);
    CHECK_EQ(tls_key_bits(key), 2048);
    tls_key_free(key);
    CHECK(key_of("tests/pki/server-rsa-encrypted.key", NULL, NULL, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_PASSWORD_NEEDED);
    CHECK(key_of("tests/pki/ca.pem", NULL, NULL, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_BAD_PEM);
    CHECK(tls_key_from_mem("", 0, NULL, NULL, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_BAD_PEM);
}

int main(void)
{
    keys_apart();
    encrypted_keys();
    pkcs12();
    files_that_are_none();
    keys_that_are_none();
    return checks_done();
}
