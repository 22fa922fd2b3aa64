/* Policy strings: named policies, OpenSSL's cipher strings, IANA names, lists of groups and schemes, what
 * they resolve to, and the word that nobody knows. */
#include "check.h"
#include "support.h"

#include <stdlib.h>

typedef ptrdiff_t (*reader)(const tls_ctx *ctx, char *out, size_t cap);
typedef int (*setter)(tls_ctx *ctx, const char *list);

/* What a list resolved to. Static, overwritten by the next call. */
static const char *resolved(const tls_ctx *ctx, reader read)
{
    static char text[8192];
    ptrdiff_t len = read(ctx, NULL, 0);
    CHECK(len > 0 && (size_t)len < sizeof text);
    CHECK_EQ(read(ctx, text, (size_t)len + 1), len);
    CHECK_EQ(strlen(text), len);
    return text;
}

static int has(const char *list, const char *word)
{
    size_t len = strlen(word);
    const char *at;
    for (at = list; (at = strstr(at, word)) != NULL; at += len) {
        int begins = at == list || at[-1] == ':';
        if (begins && (at[len] == ':' || at[len] == '\0'))
            return 1;
    }
    return 0;
}

static void policies(void)
{
    static const struct {
        const char *name;
        int cbc, rsa, sha1;
    } rows[] = {{"modern", 0, 0, 0}, {"compatible", 1, 0, 0}, {"legacy", 1, 1, 1}};
    size_t i;
    for (i = 0; i < 3; i++) {
        tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
        const char *list;
        if (i > 0) /* modern is the default */
            CHECK_EQ(tls_ctx_set_policy(ctx, rows[i].name), TLS_OK);
        list = resolved(ctx, tls_ctx_ciphers);
        CHECK(has(list, "ECDHE-RSA-AES128-GCM-SHA256"));
        CHECK_EQ(has(list, "ECDHE-RSA-AES128-SHA"), rows[i].cbc);
        CHECK_EQ(has(list, "AES128-SHA"), rows[i].rsa);
        CHECK_EQ(has(list, "DHE-RSA-AES128-GCM-SHA256"), rows[i].rsa);
        CHECK_EQ(has(list, "DES-CBC3-SHA"), rows[i].rsa);
        CHECK(strstr(list, "NULL") == NULL && strstr(list, "ADH") == NULL && strstr(list, "AECDH") == NULL);
        list = resolved(ctx, tls_ctx_sigalgs);
        CHECK_EQ(has(list, "rsa_pkcs1_sha1"), rows[i].sha1);
        CHECK(has(list, "ed25519"));
        CHECK(has(resolved(ctx, tls_ctx_groups), "x25519"));
        tls_ctx_free(ctx);
    }
}

static void openssl_strings(void)
{
    static const struct {
        const char *list, *first, *without;
    } rows[] = {
        {"HIGH:!aNULL", "ECDHE-ECDSA-AES128-GCM-SHA256", "ADH-AES128-SHA"},
        {"DEFAULT:!AES", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-GCM-SHA256"},
        {"ECDHE+AESGCM:!AES256", "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"},
        {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"},
        {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA"},
        {"ALL:-ECDHE-ECDSA-AES256-GCM-SHA384:@STRENGTH", NULL, "ECDHE-ECDSA-AES256-GCM-SHA384"},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        tls_ctx *ctx = tls_ctx_new(TLS_CLIENT | TLS_SERVER);
        const char *list;
        CHECK_EQ(tls_ctx_set_cipher_list(ctx, rows[i].list), TLS_OK);
        list = resolved(ctx, tls_ctx_ciphers);
        if (rows[i].first != NULL)
            CHECK(strncmp(list, rows[i].first, strlen(rows[i].first)) == 0);
        CHECK(!has(list, rows[i].without));
        tls_ctx_free(ctx);
    }
}

/* The word that is not known is named; what was set before stays. */
static void unknown_words(void)
{
    static const struct {
        setter set;
        reader read;
        const char *list, *word;
        int reason;
    } rows[] = {
        {tls_ctx_set_cipher_list, tls_ctx_ciphers, "HIGH:SPECKLED", "SPECKLED", TLS_REASON_BAD_CIPHER_LIST},
        {tls_ctx_set_cipher_list, tls_ctx_ciphers, "", NULL, TLS_REASON_BAD_CIPHER_LIST},
        {tls_ctx_set_cipher_list, tls_ctx_ciphers, "aNULL", NULL, TLS_REASON_BAD_CIPHER_LIST},
        {tls_ctx_set_groups, tls_ctx_groups, "x25519:brainpoolP1", "brainpoolP1", TLS_REASON_BAD_GROUP_LIST},
        {tls_ctx_set_sigalgs, tls_ctx_sigalgs, "ed25519:md5", "md5", TLS_REASON_BAD_SCHEME_LIST},
        {tls_ctx_set_policy, tls_ctx_ciphers, "modem", "modem", TLS_REASON_BAD_POLICY_NAME},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
        char before[8192];
        tls_error_info error;
        snprintf(before, sizeof before, "%s", resolved(ctx, rows[i].read));
        CHECK_EQ(rows[i].set(ctx, rows[i].list), TLS_ERR_USAGE);
        CHECK_EQ(tls_ctx_error(ctx, &error), TLS_OK);
        CHECK_EQ(error.number, rows[i].reason);
        if (rows[i].word != NULL)
            CHECK(strstr(error.text, rows[i].word) != NULL);
        CHECK_STR(resolved(ctx, rows[i].read), before);
        CHECK_EQ(rows[i].set(ctx, NULL), TLS_ERR_USAGE);
        tls_ctx_free(ctx);
    }
}

static void too_small_a_place(void)
{
    tls_ctx *ctx = tls_ctx_new(TLS_CLIENT);
    ptrdiff_t len = tls_ctx_groups(ctx, NULL, 0);
    char text[256] = "untouched";
    CHECK_EQ(tls_ctx_groups(ctx, text, (size_t)len), len); /* no room for the NUL */
    CHECK_STR(text, "untouched");
    CHECK_EQ(tls_ctx_groups(ctx, NULL, 5), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_groups(NULL, text, sizeof text), TLS_ERR_USAGE);
    tls_ctx_free(ctx);
}

/* OpenSSL's security levels: what they take from the lists, and from keypairs. */
static void levels(void)
{
    tls_ctx *ctx = tls_ctx_new(TLS_SERVER);
    tls_error_info error;
    CHECK_EQ(tls_ctx_security_level(ctx), 0);
    CHECK_EQ(tls_ctx_set_cipher_list(ctx, "DEFAULT:@SECLEVEL=4"), TLS_OK);
    CHECK_EQ(tls_ctx_security_level(ctx), 4);
    CHECK(!has(resolved(ctx, tls_ctx_ciphers), "ECDHE-RSA-AES128-GCM-SHA256"));
    CHECK_STR(resolved(ctx, tls_ctx_groups), "secp384r1:secp521r1");
    CHECK(!has(resolved(ctx, tls_ctx_sigalgs), "rsa_pss_rsae_sha256"));
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("server-rsa.pem"), pki("server-rsa.key")), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_WEAK_KEYPAIR);
    /* The hashes of the chain count too, but for that of a root. */
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("server-p384.pem"), pki("server-p384.key")), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_WEAK_KEYPAIR);
    CHECK_EQ(tls_ctx_error(ctx, &error), TLS_OK);
    CHECK(strstr(error.text, "signed with SHA-256, security level 4 wants at least 384 bits") != NULL);
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("ca-p384.pem"), pki("ca-p384.key")), TLS_OK);
    CHECK_EQ(tls_ctx_set_security_level(ctx, 5), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_WEAK_KEYPAIR);
    CHECK_EQ(tls_ctx_error(ctx, &error), TLS_OK);
    CHECK(strstr(error.text, "security level 5 wants 512") != NULL);
    CHECK_EQ(tls_ctx_set_groups(ctx, "X25519"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_GROUP_LIST);
    CHECK_EQ(tls_ctx_set_security_level(ctx, 6), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_BAD_ARGUMENT);
    CHECK_EQ(tls_ctx_set_security_level(ctx, -1), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_set_security_level(ctx, 256), TLS_ERR_USAGE);
    CHECK_EQ(tls_ctx_security_level(ctx), 4);
    CHECK_EQ(tls_ctx_set_security_level(ctx, 0), TLS_OK);
    CHECK(has(resolved(ctx, tls_ctx_groups), "x25519"));
    CHECK_EQ(tls_ctx_set_groups(ctx, "DEFAULT:-P-384:?nonsense"), TLS_OK);
    CHECK_STR(resolved(ctx, tls_ctx_groups), "x25519:secp256r1:secp521r1");
    /* A key of 1024 bits wants the policy legacy, which can then not be left. */
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("server-rsa1024.pem"), pki("server-rsa1024.key")), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_WEAK_KEYPAIR);
    CHECK_EQ(tls_ctx_set_policy(ctx, "legacy"), TLS_OK);
    CHECK_EQ(tls_ctx_add_keypair_file(ctx, pki("server-rsa1024.pem"), pki("server-rsa1024.key")), TLS_OK);
    CHECK_EQ(tls_ctx_set_policy(ctx, "modern"), TLS_ERR_USAGE);
    CHECK_EQ(ctx_error(ctx), TLS_REASON_WEAK_KEYPAIR);
    tls_ctx_free(ctx);
}

int main(void)
{
    policies();
    openssl_strings();
    unknown_words();
    too_small_a_place();
    levels();
    return checks_done();
}
