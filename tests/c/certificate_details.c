/* Everything that can be read of a certificate, from files and memory; what is no certificate gives NULL and zero. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "support.h"

#include <stdlib.h>

static tls_cert *load(const char *path)
{
    tls_error_info error;
    tls_cert *cert = tls_cert_from_file(path, 0, &error);
    CHECK(cert != NULL);
    CHECK_EQ(error.number, 0);
    return cert;
}

static void every_fact(void)
{
    static const struct {
        int type;
        const char *text;
    } names[] = {
        {TLS_NAME_DNS, "a.test"},         {TLS_NAME_EMAIL, "b@c.test"},
        {TLS_NAME_URI, "https://d.test/"}, {TLS_NAME_IP, "192.0.2.1"},
        {TLS_NAME_IP, "2001:db8::1"},     {TLS_NAME_ID, "1.2.3.4"},
        {TLS_NAME_OTHER, "1.3.6.1.5.5.7.8.5"}, {TLS_NAME_DIRECTORY, "O=tlscore,CN=in a name"},
    };
    tls_cert *cert = load("tests/keys/all-names.pem");
    unsigned char pin[32], small[31];
    const unsigned char *value;
    size_t i, len = 0;
    CHECK_EQ(tls_cert_version(cert), 3);
    CHECK_STR(tls_cert_subject(cert), "CN=all names,O=tlscore tests");
    CHECK_STR(tls_cert_issuer(cert), "CN=all names,O=tlscore tests");
    CHECK_STR(tls_cert_common_name(cert), "all names");
    CHECK_STR(tls_cert_serial(cert), "ff01");
    CHECK_STR(tls_cert_signature_algorithm(cert), "sha384WithRSAEncryption");
    CHECK_STR(tls_cert_key_type(cert), "RSA");
    CHECK_STR(tls_cert_key_curve(cert), NULL);
    CHECK_EQ(tls_cert_key_bits(cert), 2048);
    CHECK_EQ(tls_cert_is_ca(cert), 0);
    CHECK_EQ(tls_cert_is_for(cert, "A.test"), 1);
    CHECK_EQ(tls_cert_is_for(cert, "a.test."), 1);
    CHECK_EQ(tls_cert_is_for(cert, "b.test"), 0);
    CHECK_EQ(tls_cert_is_for(cert, "all names"), 0);
    CHECK_EQ(tls_cert_is_for(cert, "b\xc3\xbc" "cher.test"), 0);
    CHECK_EQ(tls_cert_is_for(cert, "192.0.2.1"), 1);
    CHECK_EQ(tls_cert_is_for(cert, "[2001:db8::1]"), 1);
    CHECK_EQ(tls_cert_is_for(cert, "192.0.2.2"), 0);
    CHECK_EQ(tls_cert_is_for(cert, ""), 0);
    CHECK_EQ(tls_cert_is_for(cert, NULL), 0);
    CHECK_STR(tls_cert_key_usage(cert), "digitalSignature, keyEncipherment");
    CHECK_EQ(strlen(tls_cert_fingerprint_sha1(cert)), 40);
    CHECK_EQ(strlen(tls_cert_fingerprint(cert)), 64);
    CHECK_EQ(tls_cert_purpose_count(cert), 2);
    CHECK_STR(tls_cert_purpose(cert, 0), "serverAuth");
    CHECK_STR(tls_cert_purpose(cert, 1), "1.2.3.4.5");
    CHECK_STR(tls_cert_purpose(cert, 2), NULL);
    CHECK_EQ(tls_cert_name_count(cert), sizeof names / sizeof *names);
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK_EQ(tls_cert_name_type(cert, i), names[i].type);
        CHECK_STR(tls_cert_name(cert, i), names[i].text);
    }

    CHECK_EQ(tls_cert_spki_sha256(cert, pin, sizeof pin), TLS_OK);
    CHECK_EQ(tls_cert_spki_sha256(cert, small, sizeof small), TLS_ERR_USAGE);
    CHECK_EQ(tls_cert_spki_sha256(cert, NULL, sizeof pin), TLS_ERR_USAGE);
    CHECK(strncmp(tls_cert_pin(cert), "sha256//", 8) == 0);
    CHECK_EQ(strlen(tls_cert_pin(cert)), 8 + 44);
    value = tls_cert_spki(cert, &len);
    CHECK(value != NULL && value[0] == 0x30);
    CHECK_EQ(len, 294); /* an RSA key of 2048 bits */
    CHECK(tls_cert_spki(cert, NULL) == value);

    CHECK_EQ(tls_cert_extension_count(cert), 4);
    i = tls_cert_extension_find(cert, "2.5.29.15");
    CHECK_STR(tls_cert_extension_oid(cert, i), "2.5.29.15");
    CHECK_EQ(tls_cert_extension_critical(cert, i), 1);
    value = tls_cert_extension_value(cert, i, &len);
    CHECK(len == 4 && memcmp(value, "\x03\x02\x05\xa0", 4) == 0);
    CHECK_EQ(tls_cert_extension_critical(cert, tls_cert_extension_find(cert, "2.5.29.17")), 0);
    i = tls_cert_extension_find(cert, "2.5.29.19");
    CHECK_EQ(i, 4);
    CHECK_EQ(tls_cert_extension_find(cert, "no oid"), 4);
    CHECK_EQ(tls_cert_extension_find(cert, NULL), 4);
    len = 7;
    CHECK(tls_cert_extension_value(cert, i, &len) == NULL);
    CHECK_EQ(len, 7);
    CHECK_STR(tls_cert_extension_oid(cert, i), NULL);
    CHECK_EQ(tls_cert_extension_critical(cert, SIZE_MAX), 0);
    tls_cert_free(cert);
}

static void keys_of_every_kind(void)
{
    static const struct {
        const char *file, *type, *curve;
        int bits, ca;
    } rows[] = {
        {"server-rsa1024.pem", "RSA", NULL, 1024, 0}, {"server-rsapss.pem", "RSA-PSS", NULL, 2048, 0},
        {"server-p256.pem", "EC", "P-256", 256, 0},   {"ca-p384.pem", "EC", "P-384", 384, 1},
        {"server-p521.pem", "EC", "P-521", 521, 0},   {"server-ed25519.pem", "Ed25519", NULL, 256, 0},
        {"bad-explicit.pem", "EC", NULL, 0, 0},       {"bad-curve.pem", "EC", "secp256k1", 256, 0},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        tls_cert *cert = load(pki(rows[i].file));
        CHECK_STR(tls_cert_key_type(cert), rows[i].type);
        CHECK_STR(tls_cert_key_curve(cert), rows[i].curve);
        CHECK_EQ(tls_cert_key_bits(cert), rows[i].bits);
        CHECK_EQ(tls_cert_is_ca(cert), rows[i].ca);
        tls_cert_free(cert);
    }
}

/* A file's certificates one by one; PEM and DER of each lead to the same. */
static void one_after_the_other(void)
{
    tls_error_info error;
    size_t i, len;
    tls_cert *cert, *again;
    for (i = 0; (cert = tls_cert_from_file(pki("deep.pem"), i, &error)) != NULL; i++) {
        const void *der = tls_cert_der(cert, &len);
        again = tls_cert_from_mem(der, len, 0, NULL);
        CHECK_STR(tls_cert_fingerprint(again), tls_cert_fingerprint(cert));
        tls_cert_free(again);
        CHECK(tls_cert_from_mem(der, len, 1, NULL) == NULL);
        again = tls_cert_from_mem(tls_cert_pem(cert), strlen(tls_cert_pem(cert)), 0, NULL);
        CHECK_STR(tls_cert_fingerprint(again), tls_cert_fingerprint(cert));
        tls_cert_free(again);
        tls_cert_free(cert);
    }
    CHECK(i > 3);
    CHECK_EQ(error.number, 0); /* there are no more */
}

static void nothing(const tls_cert *cert)
{
    unsigned char pin[32];
    CHECK_EQ(tls_cert_version(cert), 0);
    CHECK_STR(tls_cert_subject(cert), NULL);
    CHECK_STR(tls_cert_common_name(cert), NULL);
    CHECK_STR(tls_cert_pem(cert), NULL);
    CHECK_STR(tls_cert_fingerprint_sha1(cert), NULL);
    CHECK_STR(tls_cert_key_type(cert), NULL);
    CHECK_STR(tls_cert_key_usage(cert), NULL);
    CHECK_STR(tls_cert_pin(cert), NULL);
    CHECK_STR(tls_cert_signature_algorithm(cert), NULL);
    CHECK_EQ(tls_cert_key_bits(cert), 0);
    CHECK_EQ(tls_cert_is_ca(cert), 0);
    CHECK_EQ(tls_cert_purpose_count(cert), 0);
    CHECK_EQ(tls_cert_extension_count(cert), 0);
    CHECK_EQ(tls_cert_extension_find(cert, "2.5.29.17"), 0);
    CHECK(tls_cert_extension_value(cert, 0, NULL) == NULL);
    CHECK_EQ(tls_cert_spki_sha256(cert, pin, sizeof pin), TLS_ERR_USAGE);
}

static void no_certificates(void)
{
    static const char broken[] = "\n-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    tls_error_info error;
    tls_cert *cert = load(pki("server-p256.pem"));
    unsigned char der[4096];
    size_t len, i;
    const void *whole = tls_cert_der(cert, &len);
    memcpy(der, whole, len);
    CHECK(tls_cert_from_file("no/such.pem", 0, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_FILE_UNREADABLE);
    CHECK(strstr(error.text, "no/such.pem") != NULL);
    CHECK(tls_cert_from_file(pki("server-p256.key"), 0, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_BAD_PEM);
    CHECK(tls_cert_from_mem(broken, sizeof broken - 1, 0, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_BAD_CERTIFICATE_FILE);
    CHECK(strstr(error.text, "line 2: ") != NULL);
    CHECK(tls_cert_from_mem(NULL, 5, 0, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_NULL_HANDLE);
    CHECK(tls_cert_from_mem("", 0, 0, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_BAD_PEM);
    CHECK(tls_cert_from_file(NULL, 0, NULL) == NULL);
    for (i = 1; i < len; i += 7) {
        CHECK(tls_cert_from_mem(der, i, 0, &error) == NULL);
        CHECK_EQ(error.number, TLS_REASON_BAD_CERTIFICATE_FILE);
    }
    /* The outer form is right, a name is not: it can be held, and nothing read of it. */
    for (i = 0; i + 3 < len && memcmp(der + i, "\x55\x04\x03", 3) != 0; i++)
        ;
    CHECK(i + 3 < len);
    der[i - 2] = 0x05;
    tls_cert_free(cert);
    cert = tls_cert_from_mem(der, len, 0, NULL);
    CHECK(cert != NULL);
    nothing(cert);
    nothing(NULL);
    tls_cert_free(cert);
}

/* A bundle is decoded once, however many certificates it has. */
static void all_at_once(void)
{
    size_t count = 99, i;
    tls_error_info error;
    tls_cert *kept;
    tls_cert **certs = tls_certs_from_file(pki("server-p256.pem"), &count, &error);
    CHECK(certs != NULL);
    CHECK_EQ(error.number, 0);
    CHECK_EQ(count, 2);
    for (i = 0; i < count; i++) {
        tls_cert *one = tls_cert_from_file(pki("server-p256.pem"), i, NULL);
        CHECK(one != NULL);
        CHECK(strcmp(tls_cert_fingerprint(one), tls_cert_fingerprint(certs[i])) == 0);
        tls_cert_free(one);
    }
    CHECK(certs[count] == NULL);
    kept = tls_cert_ref(certs[1]);
    tls_certs_free(certs);
    CHECK(tls_cert_subject(kept) != NULL);
    certs = tls_certs_from_mem(tls_cert_pem(kept), strlen(tls_cert_pem(kept)), NULL, NULL);
    CHECK(certs != NULL && certs[0] != NULL && certs[1] == NULL);
    CHECK(strcmp(tls_cert_fingerprint(kept), tls_cert_fingerprint(certs[0])) == 0);
    tls_certs_free(certs);
    tls_cert_free(kept);
    count = 99;
    CHECK(tls_certs_from_mem("nothing", 7, &count, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_BAD_PEM);
    CHECK_EQ(count, 99);
    CHECK(tls_certs_from_mem(NULL, 5, NULL, &error) == NULL);
    CHECK_EQ(error.number, TLS_REASON_NULL_HANDLE);
    CHECK(tls_certs_from_file("no/such.pem", NULL, &error) == NULL);
    CHECK(strstr(error.text, "no/such.pem") != NULL);
    CHECK(tls_certs_from_file(NULL, NULL, NULL) == NULL);
    tls_certs_free(NULL);
}

int main(void)
{
    every_fact();
    keys_of_every_kind();
    one_after_the_other();
    all_at_once();
    no_certificates();
    return checks_done();
}
