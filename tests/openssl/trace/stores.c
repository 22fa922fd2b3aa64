/* What stores show of what they trust, and what certificates say they are. */
#include "trace.h"

static X509 *read_cert(const char *path)
{
    BIO *bio = BIO_new_file(path, "r");
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    return cert;
}

static void count(const char *label, X509_STORE *store)
{
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
    int cas = 0;

    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509_OBJECT *object = sk_X509_OBJECT_value(objects, i);

        if (X509_OBJECT_get_type(object) == X509_LU_X509 && X509_check_ca(X509_OBJECT_get0_X509(object)) == 1)
            cas++;
    }
    say(label, "%d, %d CAs", sk_X509_OBJECT_num(objects), cas);
}

static void objects(void)
{
    static const char *const few[] = {PKI "ca.pem", PKI "server-rsa.pem", PKI "ca.pem", PKI "other-ca.pem"};
    X509_STORE *store = X509_STORE_new();
    X509 *own = read_cert(PKI "self-leaf.pem"), *kept;

    theme = "stores.objects";
    count("none", store);
    for (size_t i = 0; i < sizeof(few) / sizeof(*few); i++) {
        X509_STORE_load_locations(store, few[i], NULL);
        count(few[i], store);
    }
    X509_STORE_add_cert(store, own);
    count("one more", store);
    say("no file", "%d", X509_STORE_load_locations(store, "no such file", NULL));
    ERR_clear_error();
    X509_STORE_load_locations(store, "tests/openssl/pki/bundle.pem", NULL);
    count("a bundle", store);
    kept = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(X509_STORE_get0_objects(store), 0));
    X509_up_ref(kept);
    X509_STORE_free(store);
    say("kept", "%d", X509_get_version(kept) == 2);
    X509_free(kept);
    X509_free(own);
}

static void issuers(void)
{
    static const char *const all[] = {
        PKI "ca.pem", PKI "ca-no-cert-sign.pem", PKI "int.pem", PKI "int-not-ca.pem", PKI "int-no-cert-sign.pem", PKI "server-rsa.pem",
        PKI "self-ca.pem", PKI "self-leaf.pem", PKI "bad-v1.pem", PKI "no-usage.pem", PKI "bad-ca-leaf.pem",
        "tests/openssl/pki/kind-v1.pem", "tests/openssl/pki/kind-v1-leaf.pem", "tests/openssl/pki/kind-cert-sign.pem",
        "tests/openssl/pki/kind-signature.pem", "tests/openssl/pki/kind-netscape.pem", "tests/openssl/pki/kind-netscape-server.pem",
    };

    theme = "stores.is a CA";
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        X509 *cert = read_cert(all[i]);

        say(all[i], "%d", X509_check_ca(cert));
        X509_free(cert);
    }
}

static void strings(void)
{
    X509 *cert = read_cert(PKI "server-rsa.pem");
    ASN1_TIME *time = ASN1_TIME_set(NULL, 0);

    theme = "stores.string";
    say("serial", "%d %d", X509_get_serialNumber(cert)->length == ASN1_STRING_length(X509_get_serialNumber(cert)), X509_get_serialNumber(cert)->type);
    say("time", "%d %d %.*s", time->length, time->type, time->length, time->data);
    ASN1_TIME_set(time, 4102444800);
    say("another time", "%d %d %s", time->length, time->type, time->data);
    ASN1_TIME_free(time);
    X509_free(cert);
}

void trace_stores(void)
{
    objects();
    issuers();
    strings();
}
