/* What programs use beside TLS: base64, ways to fill a store, keys to pin, addresses, seeds. */
#include "trace.h"

#include <unistd.h>

static void text(const char *label, BIO *bio)
{
    char buf[512];
    int n = BIO_read(bio, buf, sizeof(buf));

    say(label, "%d", n);
    for (int i = 0; i < n; i++)
        if (buf[i] == '\n')
            buf[i] = '|';
    if (n > 0)
        say("text", "%.*s", n, buf);
}

static void encode(size_t len, size_t step, int flags)
{
    BIO *base64 = BIO_new(BIO_f_base64()), *mem = BIO_new(BIO_s_mem());
    char data[200];

    memset(data, 'x', sizeof(data));
    data[0] = (char)0xfb;
    data[1] = (char)0xff;
    BIO_set_flags(base64, flags);
    BIO_push(base64, mem);
    for (size_t at = 0; at < len; at += step)
        say("written", "%d", BIO_write(base64, data + at, (int)(at + step < len ? step : len - at)));
    say("waits", "%d", BIO_wpending(base64) > 0);
    say("flushed", "%d", (int)BIO_flush(base64));
    text("encoded", mem);
    BIO_free_all(base64);
}

static void decode(const char *label, const char *from, int flags, size_t room)
{
    BIO *base64 = BIO_new(BIO_f_base64()), *mem = BIO_new_mem_buf(from, -1);
    char out[256];
    int n;

    BIO_set_flags(base64, flags);
    BIO_push(base64, mem);
    say(label, "%d", n = BIO_read(base64, out, (int)room));
    if (n > 0)
        say("decoded", "%.*s", n, out);
    n = BIO_read(base64, out, sizeof(out));
    say("then", "%d", n > 0 ? n : 0);
    if (n > 0)
        say("decoded then", "%.*s", n, out);
    BIO_free_all(base64);
}

static void base64(void)
{
    theme = "helpers.base64";
    for (size_t len = 0; len < 5; len++)
        encode(len, 2, BIO_FLAGS_BASE64_NO_NL);
    encode(100, 7, BIO_FLAGS_BASE64_NO_NL);
    encode(1, 1, 0);
    encode(48, 48, 0);
    encode(100, 7, 0);
    encode(200, 200, 0);
    decode("one line", "SGVsbG8sIHdvcmxkIQ==", BIO_FLAGS_BASE64_NO_NL, 200);
    decode("little room", "SGVsbG8sIHdvcmxkIQ==", BIO_FLAGS_BASE64_NO_NL, 4);
    decode("with line feed", "SGVsbG8sIHdvcmxkIQ==\n", BIO_FLAGS_BASE64_NO_NL, 200);
    decode("lines", "SGVs\nbG8s\nIHdvcmxkIQ==\n", 0, 200);
    decode("no last line feed", "SGVsbG8sIHdvcmxkIQ==", 0, 200);
    decode("words in front", "some words, and more\nSGVsbG8s\n", 0, 200);
    decode("an end", "SGVsbG8s\n-----END\n", 0, 200);
    decode("nothing", "", 0, 200);
    decode("nothing in one line", "", BIO_FLAGS_BASE64_NO_NL, 200);
    decode("nonsense", "(((\n", 0, 200);
}

static void lookups(void)
{
    X509_STORE *store = X509_STORE_new();
    X509_LOOKUP *files = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    X509_LOOKUP *directories = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());

    theme = "helpers.lookup";
    say("the same", "%d %d", X509_STORE_add_lookup(store, X509_LOOKUP_file()) == files, files == directories);
    say("certificates", "%d", X509_load_cert_file(files, PKI "server-rsa.pem", X509_FILETYPE_PEM));
    say("CRL", "%d", X509_load_crl_file(files, PKI "crl-int.pem", X509_FILETYPE_PEM));
    say("CRL in DER", "%d", X509_load_crl_file(files, PKI "crl-int.der", X509_FILETYPE_ASN1));
    ERR_clear_error();
    say("no CRL", "%d", X509_load_crl_file(files, PKI "ca.pem", X509_FILETYPE_PEM));
    say("no certificate", "%d", X509_load_cert_file(files, PKI "crl-int.pem", X509_FILETYPE_PEM));
    say("no file", "%d", X509_load_crl_file(files, "no such file", X509_FILETYPE_PEM));
    say("error", "%d", ERR_peek_error() != 0);
    ERR_clear_error();
    say("both", "%d", X509_load_cert_crl_file(files, PKI "crl-int.pem", X509_FILETYPE_PEM));
    say("by command", "%d", X509_LOOKUP_load_file(files, PKI "ca.pem", X509_FILETYPE_PEM));
    say("a directory", "%d", X509_LOOKUP_add_dir(directories, "tests/pki:tests/keys", X509_FILETYPE_PEM));
    ERR_clear_error();
    X509_STORE_free(store);
}

/* A client that asks for CRLs, as wget sets it up. */
static void revoked(const char *crl)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    X509_STORE *store = SSL_CTX_get_cert_store(ends.client_ctx);
    X509_LOOKUP *files = X509_STORE_add_lookup(store, X509_LOOKUP_file());

    theme = "helpers.revoked";
    SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    say(crl, "%d %d", X509_load_crl_file(files, crl, X509_FILETYPE_PEM), X509_load_crl_file(files, PKI "crl-ca.pem", X509_FILETYPE_PEM));
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_NONE, NULL);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    say("verified", "%ld", SSL_get_verify_result(ends.client));
    free_ends(&ends);
}

static void keys(void)
{
    BIO *bio = BIO_new_file(PKI "server-p256.pem", "r");
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    unsigned char buf[200], *at = buf, *made = NULL;
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), NULL);

    theme = "helpers.key";
    BIO_free(bio);
    say("length", "%d", len);
    say("written", "%d", i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &at));
    say("moved on", "%d", (int)(at - buf));
    say("made", "%d", i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &made));
    say("the same", "%d", memcmp(buf, made, (size_t)len));
    say("bytes", "%02x %02x", buf[0], buf[len - 1]);
    OPENSSL_free(made);
    X509_free(cert);
}

static void addresses(void)
{
    static const char *const all[] = {"127.0.0.1", "::1", "2001:db8::1", "localhost", "", "1.2.3", "256.1.1.1", "::ffff:1.2.3.4"};
    ASN1_OCTET_STRING *one = a2i_IPADDRESS("127.0.0.1"), *same = a2i_IPADDRESS("127.0.0.1"), *other = a2i_IPADDRESS("127.0.0.2");

    theme = "helpers.address";
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        ASN1_OCTET_STRING *address = a2i_IPADDRESS(all[i]);

        if (address != NULL)
            say(all[i], "%d, %d bytes, ends with %d", address->type, address->length, address->data[address->length - 1]);
        else
            say(all[i], "none");
        ASN1_OCTET_STRING_free(address);
    }
    say("compared", "%d %d", ASN1_OCTET_STRING_cmp(one, same), ASN1_OCTET_STRING_cmp(one, other) < 0);
    ASN1_OCTET_STRING_free(one);
    ASN1_OCTET_STRING_free(same);
    ASN1_OCTET_STRING_free(other);
    ERR_clear_error();
}

static void seeds(void)
{
    char name[64], small[4];

    theme = "helpers.seed";
    setenv("RANDFILE", "build/test/openssl/seed", 1);
    say("named", "%s", RAND_file_name(name, sizeof(name)));
    say("no room", "%d", RAND_file_name(small, sizeof(small)) == NULL);
    say("written", "%d", RAND_write_file(name) > 0);
    say("loaded", "%d %d", RAND_load_file(name, 16), RAND_load_file(name, -1) > 0);
    unlink(name);
    say("no file", "%d", RAND_load_file(name, 16));
    say("error", "%d", ERR_peek_error() != 0);
    say("nowhere", "%d", RAND_write_file("no such directory/file"));
    ERR_clear_error();
    unsetenv("RANDFILE");
    setenv("HOME", "home", 1);
    say("at home", "%s", RAND_file_name(name, sizeof(name)));
}

void trace_helpers(void)
{
    base64();
    lookups();
    revoked(PKI "crl-int.pem");
    revoked(PKI "crl-int-revoked.pem");
    keys();
    addresses();
    seeds();
}
