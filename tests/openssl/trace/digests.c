/* Hashes of the program's own, and the groups of keys. */
#include "trace.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

static void hex(const char *label, const unsigned char *data, size_t len)
{
    char text[2 * EVP_MAX_MD_SIZE + 1] = "";

    for (size_t i = 0; i < len; i++)
        snprintf(text + 2 * i, 3, "%02x", data[i]);
    say(label, "%s", text);
}

static void by_context(void)
{
    static const char *const names[] = {"MD5", "SHA1", "sha224", "SHA256", "SHA384", "SHA512", "no such hash"};
    unsigned char out[EVP_MAX_MD_SIZE], data[1000];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new(), *copy = EVP_MD_CTX_new();
    unsigned int len = 7;

    theme = "digests.context";
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (unsigned char)(i * 7);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const EVP_MD *md = EVP_get_digestbyname(names[i]);

        theme = "digests.context";
        if (md == NULL) {
            say(names[i], "none");
            continue;
        }
        say(names[i], "%d bytes, blocks of %d, %d, %s", EVP_MD_size(md), EVP_MD_block_size(md), EVP_MD_type(md), EVP_MD_name(md));
        say("by number", "%d", EVP_get_digestbynid(EVP_MD_type(md)) == md);
        for (size_t step = 1; step < 200; step += 63) {
            EVP_DigestInit_ex(ctx, md, NULL);
            for (size_t at = 0; at < sizeof(data); at += step)
                EVP_DigestUpdate(ctx, data + at, at + step < sizeof(data) ? step : sizeof(data) - at);
            say("final", "%d", EVP_DigestFinal_ex(ctx, out, &len));
            hex("pieces", out, len);
        }
        say("at once", "%d", EVP_Digest(data, 3, out, &len, md, NULL));
        hex("three bytes", out, len);
        EVP_Digest(NULL, 0, out, &len, md, NULL);
        hex("nothing", out, len);
    }
    theme = "digests.copy";
    EVP_DigestInit(ctx, EVP_sha256());
    EVP_DigestUpdate(ctx, "abc", 3);
    say("copied", "%d", EVP_MD_CTX_copy_ex(copy, ctx));
    EVP_DigestUpdate(ctx, "d", 1);
    EVP_DigestFinal_ex(ctx, out, NULL);
    hex("abcd", out, 32);
    EVP_DigestFinal_ex(copy, out, &len);
    hex("abc", out, len);
    say("hash of it", "%d %d", EVP_MD_CTX_get0_md(copy) == EVP_sha256(), EVP_MD_CTX_size(copy));
    say("the same again", "%d", EVP_DigestInit_ex(ctx, NULL, NULL));
    EVP_DigestUpdate(ctx, "abc", 3);
    say("final", "%d", EVP_DigestFinal(ctx, out, &len));
    hex("abc", out, len);
    say("reset", "%d", EVP_MD_CTX_reset(copy));
    say("no hash", "%d", EVP_DigestInit_ex(copy, NULL, NULL));
    errors("errors");
    say("copied from nothing", "%d", EVP_MD_CTX_copy_ex(ctx, copy));
    errors("errors");
    EVP_DigestInit_ex(ctx, EVP_sha1(), NULL);
    EVP_DigestFinal_ex(ctx, out, &len);
    say("final twice", "%d", EVP_DigestFinal_ex(ctx, out, &len));
    errors("errors");
    say("behind the end", "%d", EVP_DigestUpdate(ctx, "abc", 3));
    errors("errors");
    say("nothing behind the end", "%d", EVP_DigestUpdate(ctx, "", 0));
    errors("errors");
    EVP_MD_CTX_free(copy);
    EVP_MD_CTX_free(ctx);
    EVP_MD_CTX_free(NULL);
}

static void in_place(void)
{
    static const unsigned char data[] = "abc";
    unsigned char out[EVP_MAX_MD_SIZE], *shared;
    MD5_CTX md5;
    SHA_CTX sha1, kept;
    SHA256_CTX sha256;
    SHA512_CTX sha512;

    theme = "digests.in place";
    say("begun", "%d %d %d %d", MD5_Init(&md5), SHA1_Init(&sha1), SHA256_Init(&sha256), SHA512_Init(&sha512));
    for (int i = 0; i < 100; i++) {
        MD5_Update(&md5, data, 3);
        SHA1_Update(&sha1, data, 3);
        SHA256_Update(&sha256, data, 3);
        SHA512_Update(&sha512, data, 3);
    }
    kept = sha1;
    say("told", "%d %d", MD5_Final(out, &md5), SHA1_Final(out, &sha1));
    hex("SHA-1", out, SHA_DIGEST_LENGTH);
    SHA1_Final(out, &kept);
    hex("SHA-1, the copy", out, SHA_DIGEST_LENGTH);
    SHA256_Final(out, &sha256);
    hex("SHA-256", out, SHA256_DIGEST_LENGTH);
    SHA512_Final(out, &sha512);
    hex("SHA-512", out, SHA512_DIGEST_LENGTH);
    hex("MD5 at once", MD5(data, 3, out), MD5_DIGEST_LENGTH);
    hex("SHA-1 at once", SHA1(data, 3, out), SHA_DIGEST_LENGTH);
    hex("SHA-224 at once", SHA224(data, 3, out), SHA224_DIGEST_LENGTH);
    hex("SHA-256 at once", SHA256(data, 3, out), SHA256_DIGEST_LENGTH);
    hex("SHA-384 at once", SHA384(data, 3, out), SHA384_DIGEST_LENGTH);
    hex("SHA-512 at once", SHA512(data, 3, out), SHA512_DIGEST_LENGTH);
    shared = SHA256(data, 0, NULL);
    hex("nowhere to put it", shared, SHA256_DIGEST_LENGTH);
}

static void of_certificate(void)
{
    BIO *bio = BIO_new_file(PKI "server-rsa.pem", "r");
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned int len = 0;

    theme = "digests.certificate";
    BIO_free(bio);
    X509_digest(cert, EVP_sha512(), out, &len);
    hex("SHA-512", out, len);
    X509_digest(cert, EVP_md5(), out, &len);
    hex("MD5", out, len);
    X509_free(cert);
}

static void group(const char *label, EVP_PKEY *key)
{
    char name[32] = "unchanged", small[10];
    size_t len = 0;
    int found = EVP_PKEY_get_utf8_string_param(key, "group", name, sizeof(name), &len);

    say(label, "%d, %d bits; %d %s", EVP_PKEY_id(key), EVP_PKEY_bits(key), found, found ? name : "none");
    if (found) {
        len = 0;
        say("little room", "%d", EVP_PKEY_get_group_name(key, small, sizeof(small), &len));
        say("no room", "%d %zu", EVP_PKEY_get_group_name(key, NULL, 0, &len), len);
    }
}

static void of_handshake(const char *groups, const char *ciphers)
{
    struct ends ends = {.server_ctx = server_context("server-rsa"), .client_ctx = client_context()};
    EVP_PKEY *key = NULL;

    theme = "digests.group";
    SSL_CTX_set_cipher_list(ends.client_ctx, ciphers);
    SSL_CTX_set_cipher_list(ends.server_ctx, ciphers);
    SSL_CTX_set_dh_auto(ends.server_ctx, 1);
    if (groups != NULL)
        SSL_CTX_set1_groups_list(ends.client_ctx, groups);
    connect_ends(&ends, 0);
    say("before", "%ld", SSL_get_peer_tmp_key(ends.client, &key));
    shake(&ends, groups != NULL ? groups : ciphers);
    if (SSL_get_peer_tmp_key(ends.client, &key) == 1) {
        group("of the server", key);
        EVP_PKEY_free(key);
    } else {
        say("of the server", "none");
    }
    key = NULL;
    if (SSL_get_peer_tmp_key(ends.server, &key) == 1) {
        group("of the client", key);
        EVP_PKEY_free(key);
    } else {
        say("of the client", "none");
    }
    ERR_clear_error();
    free_ends(&ends);
}

static void of_keys(void)
{
    static const char *const files[] = {PKI "server-p256.key", PKI "server-p384.key", PKI "server-p521.key", PKI "server-rsa.key"};

    theme = "digests.key";
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        BIO *bio = BIO_new_file(files[i], "r");
        EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

        group(files[i], key);
        EVP_PKEY_free(key);
        BIO_free(bio);
    }
    ERR_clear_error();
    say("names", "%s %s %s", OBJ_nid2sn(EVP_PKEY_X25519), OBJ_nid2sn(NID_sha256), OBJ_nid2ln(EVP_PKEY_RSA));
}

void trace_digests(void)
{
    by_context();
    in_place();
    of_certificate();
    of_keys();
    of_handshake("X25519", "ECDHE-RSA-AES128-GCM-SHA256");
    of_handshake("P-256", "ECDHE-RSA-AES128-GCM-SHA256");
    of_handshake("P-384", "ECDHE-RSA-AES128-GCM-SHA256");
    of_handshake("P-521", "ECDHE-RSA-AES128-GCM-SHA256");
    of_handshake(NULL, "DHE-RSA-AES128-GCM-SHA256");
    of_handshake(NULL, "AES128-GCM-SHA256");
}
