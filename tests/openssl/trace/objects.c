#include "trace.h"

static X509 *read_cert(const char *path)
{
    BIO *bio = BIO_new_file(path, "r");
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    return cert;
}

static void certificate(const char *label, const char *path)
{
    X509 *cert = read_cert(path);
    unsigned char digest[EVP_MAX_MD_SIZE], *der = NULL;
    const unsigned char *at;
    unsigned int len = 0;
    char text[256], *own;
    BIO *bio = BIO_new(BIO_s_mem());
    EVP_PKEY *key;
    X509 *copy;
    int der_len;

    theme = label;
    say("subject", "%s", X509_NAME_oneline(X509_get_subject_name(cert), text, sizeof(text)));
    own = X509_NAME_oneline(X509_get_issuer_name(cert), NULL, 0);
    say("issuer", "%s", own);
    OPENSSL_free(own);
    say("entries", "%d", X509_NAME_entry_count(X509_get_subject_name(cert)));
    say("common name", "%d %s", X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, text, sizeof(text)), text);
    say("no such", "%d", X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_countryName, text, sizeof(text)));
    X509_NAME_print_ex(bio, X509_get_issuer_name(cert), 0, XN_FLAG_RFC2253);
    BIO_write(bio, "", 1);
    BIO_get_mem_data(bio, &own);
    say("rfc2253", "%s", own);
    BIO_reset(bio);
    X509_NAME_print_ex(bio, X509_get_issuer_name(cert), 0, XN_FLAG_ONELINE);
    BIO_write(bio, "", 1);
    BIO_get_mem_data(bio, &own);
    say("oneline", "%s", own);
    BIO_reset(bio);
    say("version", "%ld", X509_get_version(cert));
    say("serial", "%d bytes, type %d", ASN1_STRING_length(X509_get0_serialNumber(cert)), ASN1_STRING_type(X509_get0_serialNumber(cert)));
    ASN1_TIME_print(bio, X509_get0_notAfter(cert));
    BIO_write(bio, "", 1);
    BIO_get_mem_data(bio, &own);
    say("not after", "%s", own);
    BIO_reset(bio);
    say("now", "%d %d", X509_cmp_current_time(X509_get0_notBefore(cert)), X509_cmp_current_time(X509_get0_notAfter(cert)));
    say("digest", "%d", X509_digest(cert, EVP_sha256(), digest, &len));
    say("digest is", "%u %02x%02x", len, digest[0], digest[31]);
    key = X509_get_pubkey(cert);
    say("key", "%d %d", EVP_PKEY_base_id(key), EVP_PKEY_bits(key));
    EVP_PKEY_free(key);
    say("written", "%d", PEM_write_bio_X509(bio, cert));
    say("pem", "%d", BIO_pending(bio));
    der_len = i2d_X509(cert, &der);
    at = der;
    copy = d2i_X509(NULL, &at, der_len);
    say("der", "%d, all %d, same %d", der_len, at == der + der_len, X509_cmp(cert, copy));
    X509_free(copy);
    OPENSSL_free(der);
    at = (const unsigned char *)"no certificate";
    say("nonsense", "%d", d2i_X509(NULL, &at, 14) == NULL);
    ERR_clear_error();
    BIO_free(bio);
    X509_free(cert);
}

static void lists(void)
{
    STACK_OF(X509) *list = sk_X509_new_null();
    X509 *a = read_cert(PKI "ca.pem"), *b = read_cert(PKI "int.pem");

    int first = sk_X509_push(list, a), second = sk_X509_push(list, b);

    theme = "objects.list";
    say("push", "%d %d", first, second);
    say("value", "%d %d %d", sk_X509_value(list, 0) == a, sk_X509_value(list, 1) == b, sk_X509_value(list, 2) == NULL);
    say("num", "%d %d", sk_X509_num(list), sk_X509_num(NULL));
    say("delete", "%d", sk_X509_delete(list, 0) == a);
    say("then", "%d", sk_X509_num(list));
    X509_free(a);
    sk_X509_pop_free(list, X509_free);
}

static void keys(void)
{
    BIO *bio = BIO_new_file(PKI "server-rsa.key", "r");
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    X509 *cert = read_cert(PKI "server-rsa.pem"), *other = read_cert(PKI "server-rsa4096.pem");
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());

    theme = "objects.key";
    say("read", "%d, type %d, bits %d", key != NULL, EVP_PKEY_base_id(key), EVP_PKEY_bits(key));
    say("fits", "%d %d", X509_check_private_key(cert, key), X509_check_private_key(other, key));
    errors("fits error");
    say("use", "%d %d %d", SSL_CTX_use_certificate(ctx, cert), SSL_CTX_use_PrivateKey(ctx, key), SSL_CTX_check_private_key(ctx));
    say("no more", "%d", PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) == NULL);
    ERR_clear_error();
    BIO_free(bio);
    EVP_PKEY_free(key);
    X509_free(cert);
    X509_free(other);
    SSL_CTX_free(ctx);
}

void trace_objects(void)
{
    certificate("objects.rsa", PKI "server-rsa.pem");
    certificate("objects.ec", PKI "server-p384.pem");
    certificate("objects.ca", PKI "ca.pem");
    lists();
    keys();
    theme = "objects";
    say("time", "%d", ({ ASN1_TIME *t = ASN1_TIME_set(NULL, 1500000000); int r = X509_cmp_current_time(t); ASN1_TIME_free(t); r; }));
    say("version", "%d", OPENSSL_VERSION_NUMBER >= 0x30000000L);
    say("random", "%d %d", RAND_status(), RAND_poll());
    say("init", "%d %d", OPENSSL_init_ssl(0, NULL), SSL_library_init());
}
