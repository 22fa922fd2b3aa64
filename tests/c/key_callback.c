/* A private key behind callbacks that answer at once, later from another thread, wrongly, twice or
 * never. libcrypto plays the token. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <stdlib.h>

enum answer { AT_ONCE, LATER, FAIL, FAIL_WITH_TEXT, GARBAGE, TWICE, SILENT_OK, SIGN_AND_FAIL, NEVER };

struct token {
    EVP_PKEY *key;
    enum answer answer;
    int signs, decrypts, releases, wakes, scheme;
    tls_pending *kept;
    unsigned char message[1024];
    size_t len;
};

static EVP_PKEY *load_key(const char *name)
{
    FILE *f = fopen(pki(name), "r");
    EVP_PKEY *key = f != NULL ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
    if (f != NULL)
        fclose(f);
    return key;
}

/* rsa_pkcs1_sha256 (0401), rsa_pss_rsae_sha256 (0804), ecdsa with SHA-256 (0403) and their like. */
static size_t sign(const struct token *t, unsigned char *out, size_t cap)
{
    static const struct {
        int scheme;
        const char *digest;
        int pss;
    } known[] = {{0x0401, "SHA256", 0}, {0x0501, "SHA384", 0}, {0x0601, "SHA512", 0}, {0x0804, "SHA256", 1},
                 {0x0805, "SHA384", 1}, {0x0806, "SHA512", 1}, {0x0403, "SHA256", 0}, {0x0503, "SHA384", 0}};
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pk;
    size_t i, len = 0;
    for (i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].scheme != t->scheme)
            continue;
        EVP_DigestSignInit_ex(md, &pk, known[i].digest, NULL, NULL, t->key, NULL);
        if (known[i].pss) {
            EVP_PKEY_CTX_set_rsa_padding(pk, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(pk, RSA_PSS_SALTLEN_DIGEST);
        }
        len = cap;
        if (EVP_DigestSign(md, out, &len, t->message, t->len) != 1)
            len = 0;
    }
    EVP_MD_CTX_free(md);
    return len;
}

static int answer_signature(struct token *t, tls_pending *pending)
{
    unsigned char out[1024];
    size_t len = sign(t, out, sizeof out);
    CHECK(len > 0);
    if (t->answer == GARBAGE)
        out[len / 2] ^= 1;
    return tls_pending_answer_signature(pending, out, len);
}

static int on_sign(tls_pending *pending, int scheme, const uint8_t *message, size_t len, void *arg)
{
    struct token *t = arg;
    t->signs++;
    t->scheme = scheme;
    CHECK(len > 64 && len <= sizeof t->message);
    t->len = len < sizeof t->message ? len : sizeof t->message;
    memcpy(t->message, message, t->len);
    switch (t->answer) {
    case FAIL:
        return TLS_ERR_IO;
    case SIGN_AND_FAIL:
        CHECK_EQ(answer_signature(t, pending), TLS_OK);
        return TLS_ERR_IO;
    case FAIL_WITH_TEXT:
        CHECK_EQ(tls_pending_answer_error(pending, "the token was pulled out"), TLS_OK);
        return TLS_ERR_IO;
    case SILENT_OK: /* says it has answered, and has not */
        return TLS_OK;
    case LATER:
    case NEVER:
        t->kept = tls_pending_ref(pending);
        return TLS_WANT_APP;
    case TWICE:
        CHECK_EQ(answer_signature(t, pending), TLS_OK);
        CHECK_EQ(answer_signature(t, pending), TLS_ERR_USAGE);
        CHECK_EQ(tls_pending_answer_error(pending, "no"), TLS_ERR_USAGE);
        return TLS_OK;
    case AT_ONCE:
    case GARBAGE:
        break;
    }
    CHECK_EQ(tls_pending_answer_decrypted(pending, "x", 1), TLS_ERR_USAGE); /* not what was asked */
    CHECK_EQ(answer_signature(t, pending), TLS_OK);
    return TLS_OK;
}

static int on_decrypt(tls_pending *pending, const uint8_t *in, size_t len, void *arg)
{
    struct token *t = arg;
    unsigned char out[1024];
    size_t out_len = sizeof out;
    EVP_PKEY_CTX *pk = EVP_PKEY_CTX_new(t->key, NULL);
    int good;
    t->decrypts++;
    CHECK_EQ(len, 256);
    good = EVP_PKEY_decrypt_init(pk) == 1 && EVP_PKEY_CTX_set_rsa_padding(pk, RSA_NO_PADDING) == 1 &&
           EVP_PKEY_decrypt(pk, out, &out_len, in, len) == 1;
    EVP_PKEY_CTX_free(pk);
    CHECK(good && out_len == len);
    CHECK_EQ(tls_pending_answer_decrypted(pending, out, out_len), TLS_OK);
    return TLS_OK;
}

static void on_release(void *arg)
{
    ((struct token *)arg)->releases++;
}

static void on_wake(void *arg)
{
    ((struct token *)arg)->wakes++;
}

static char *read_file(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    char *text = malloc(65536);
    *len = f != NULL ? fread(text, 1, 65536, f) : 0;
    if (f != NULL)
        fclose(f);
    return text;
}

static tls_ctx *token_ctx(struct token *t, const char *name, enum answer answer)
{
    tls_key_callbacks callbacks = {.sign = on_sign, .decrypt = on_decrypt, .release = on_release};
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    char file[64];
    size_t len;
    char *pem;
    snprintf(file, sizeof file, "server-%s.key", name);
    *t = (struct token){.key = load_key(file), .answer = answer};
    CHECK(t->key != NULL);
    snprintf(file, sizeof file, "server-%s.pem", name);
    pem = read_file(pki(file), &len);
    CHECK_EQ(tls_ctx_add_keypair_callback(ctx, pem, len, &callbacks, t), TLS_OK);
    free(pem);
    return ctx;
}

static void token_free(struct token *t, int releases)
{
    CHECK_EQ(t->releases, releases);
    EVP_PKEY_free(t->key);
}

static void at_once(const char *name, enum answer answer)
{
    struct token t;
    struct pair p = pair_of(client_ctx(), token_ctx(&t, name, answer));
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(t.signs, 1);
    CHECK_EQ(tls_conn_verified(p.client), 1);
    pair_free(&p);
    token_free(&t, 1);
}

static void refused(enum answer answer, int server_reason)
{
    struct token t;
    struct pair p = pair_of(client_ctx(), token_ctx(&t, "p256", answer));
    CHECK_EQ(pair_handshake(&p, 20000), TLS_ERR_TLS);
    if (server_reason != 0)
        CHECK_EQ(conn_error(p.server), server_reason);
    if (answer == FAIL_WITH_TEXT)
        CHECK(strstr(tls_conn_error_text(p.server), "pulled out") != NULL);
    CHECK(conn_error(p.client) != 0);
    pair_free(&p);
    token_free(&t, 1);
}

static void *answer_from_elsewhere(void *arg)
{
    struct token *t = arg;
    CHECK_EQ(answer_signature(t, t->kept), TLS_OK);
    CHECK_EQ(answer_signature(t, t->kept), TLS_ERR_USAGE);
    tls_pending_free(t->kept);
    return NULL;
}

/* The connection says TLS_WANT_APP until another thread has answered, and then goes on. */
static void later(const char *name)
{
    struct token t;
    struct pair p = pair_of(client_ctx(), token_ctx(&t, name, LATER));
    pthread_t thread;
    tls_handshake(p.client);
    shuttle(p.client, p.server, 20000);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    CHECK(tls_conn_wants(p.server) & TLS_WANTS_APP);
    CHECK_EQ(t.signs, 1);
    CHECK(tls_conn_question(p.server) != NULL);
    CHECK_EQ(tls_pending_set_wake(tls_conn_question(p.server), on_wake, &t), TLS_OK);
    CHECK_EQ(pthread_create(&thread, NULL, answer_from_elsewhere, &t), 0);
    pthread_join(thread, NULL);
    CHECK_EQ(t.wakes, 1);
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK(tls_conn_question(p.server) == NULL);
    CHECK_EQ(pair_send(p.client, p.server, "data", 4, 20000), 0);
    pair_free(&p);
    token_free(&t, 1);
}

/* Freed while it waits: an answer that comes too late is taken, and goes nowhere. */
static void answered_after_the_end(void)
{
    struct token t;
    struct pair p = pair_of(client_ctx(), token_ctx(&t, "p256", NEVER));
    tls_handshake(p.client);
    shuttle(p.client, p.server, 20000);
    CHECK_EQ(tls_handshake(p.server), TLS_WANT_APP);
    pair_free(&p);
    answer_signature(&t, t.kept);
    tls_pending_free(t.kept);
    CHECK_EQ(t.wakes, 0);
    token_free(&t, 1);
}

/* RSA key exchange: the token does the raw private operation, the library the unpadding. */
static void decrypts(void)
{
    struct token t;
    struct pair p = pair_of(client_ctx(), token_ctx(&t, "rsa", AT_ONCE));
    tls_conn_free(p.client);
    tls_conn_free(p.server);
    CHECK_EQ(tls_ctx_set_policy(p.client_ctx, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_set_policy(p.server_ctx, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_set_cipher_list(p.client_ctx, "AES128-GCM-SHA256"), TLS_OK);
    p.client = tls_conn_new(p.client_ctx, "localhost");
    p.server = tls_conn_new_server(p.server_ctx);
    CHECK_EQ(pair_handshake(&p, 20000), TLS_OK);
    CHECK_EQ(t.signs, 0);
    CHECK_EQ(t.decrypts, 1);
    pair_free(&p);
    token_free(&t, 1);
}

static void refused_at_set_up(void)
{
    struct token t = {0};
    tls_key_callbacks callbacks = {.sign = on_sign, .release = on_release};
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    CHECK_EQ(tls_ctx_add_keypair_callback(ctx, "no certificate", 14, &callbacks, &t), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_add_keypair_callback(ctx, NULL, 0, &callbacks, &t), TLS_ERR_USAGE);
    tls_ctx_free(ctx);
    CHECK_EQ(t.releases, 0);
}

int main(void)
{
    at_once("rsa", AT_ONCE);
    at_once("p256", AT_ONCE);
    at_once("p384", AT_ONCE);
    at_once("p256", TWICE);
    later("rsa");
    later("p256");
    refused(FAIL, TLS_REASON_SIGNING_FAILED);
    refused(FAIL_WITH_TEXT, TLS_REASON_SIGNING_FAILED);
    refused(SIGN_AND_FAIL, TLS_REASON_SIGNING_FAILED);
    refused(SILENT_OK, 0);
    refused(GARBAGE, TLS_REASON_ALERT_RECEIVED);
    answered_after_the_end();
    decrypts();
    refused_at_set_up();
    return checks_done();
}
