/* What careless programs do: lengths and answers that are none, data of their own, lists of ciphers. Memory checkers look on;
 * who owns what is in ownership.c. */
#include "trace.h"

static X509 *read_cert(const char *path)
{
    BIO *bio = BIO_new_file(path, "r");
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    return cert;
}

static void copies(void)
{
    X509 *cert = read_cert(PKI "ca.pem"), *copy = X509_dup(cert);

    theme = "careless.copy";
    say("copy", "itself %d, the same %d", copy == cert, X509_cmp(copy, cert));
    X509_free(copy);
    X509_free(cert);
}

static int made, freed;
static void on_new(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl, void *argp)
{
    (void)parent, (void)ptr, (void)ad, (void)idx, (void)argl, (void)argp;
    made++;
}
static void on_free(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl, void *argp)
{
    (void)parent, (void)ptr, (void)ad, (void)idx, (void)argl, (void)argp;
    freed++;
}

static void data(void)
{
    X509_STORE *store;
    X509_STORE_CTX *ctx;
    int of_store = X509_STORE_get_ex_new_index(0, NULL, on_new, NULL, on_free);
    int of_ctx = X509_STORE_CTX_get_ex_new_index(0, NULL, NULL, NULL, on_free);

    theme = "careless.data";
    made = freed = 0;
    store = X509_STORE_new();
    X509_STORE_set_ex_data(store, of_store, &made);
    say("made", "%d", made);
    ctx = X509_STORE_CTX_new();
    X509_STORE_CTX_init(ctx, store, NULL, NULL);
    X509_STORE_CTX_set_ex_data(ctx, of_ctx, &made);
    X509_STORE_CTX_cleanup(ctx);
    say("cleanup", "%d", freed > 0);
    X509_STORE_CTX_init(ctx, store, NULL, NULL);
    say("then", "%d", X509_STORE_CTX_get_ex_data(ctx, of_ctx) == NULL);
    X509_STORE_CTX_free(ctx);
    freed = 0;
    X509_STORE_free(store);
    say("store freed", "%d", freed);
}

static void lists(void)
{
    static const char *const all[] = {"HIGH:!FOO", "ECDHE-RSA-AES128-GCM-SHA256:foo", "foo", "foo:!bar", "",
                                      "ECDHE-ECDSA-AES128-GCM-SHA256,nonsense ECDHE-RSA-AES128-GCM-SHA256"};
    SSL_CTX *ctx = client_context();

    theme = "careless.list";
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        SSL *ssl = SSL_new(ctx);
        int of_ctx = SSL_CTX_set_cipher_list(ctx, all[i]), of_ssl = SSL_set_cipher_list(ssl, all[i]);

        say(all[i][0] ? all[i] : "empty", "%d %d", of_ctx, of_ssl);
        errors("errors");
        SSL_free(ssl);
    }
    SSL_CTX_free(ctx);
}

static void peeks(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char text[64] = "";
    int n;

    theme = "careless.peek";
    connect_ends(&ends, 0);
    shake(&ends, NULL);
    SSL_write(ends.client, "hello world", 11);
    n = SSL_peek(ends.server, text, -1);
    result("negative", ends.server, n);
    errors("negative errors");
    n = SSL_read(ends.server, text, -1);
    result("negative read", ends.server, n);
    errors("negative read errors");
    for (int want = 1; want < 64; want *= 4) {
        n = SSL_peek(ends.server, text, want);
        say("peek", "%d of %d: %.*s, pending %d", n, want, n > 0 ? n : 0, text, SSL_pending(ends.server));
    }
    n = SSL_read(ends.server, text, sizeof(text));
    say("read", "%d: %.*s", n, n, text);
    free_ends(&ends);
}

static SSL *looked_at;
static int password(char *buf, int size, int rwflag, void *arg)
{
    (void)rwflag;
    (void)arg;
    say("password", "%d %d", SSL_get_certificate(looked_at) == NULL, SSL_check_private_key(looked_at));
    snprintf(buf, (size_t)size, "wrong");
    return 5;
}

static int long_gets(BIO *bio, char *out, int len)
{
    (void)bio;
    (void)out;
    return len + 100000;
}

static void others(void)
{
    SSL_CTX *ctx = client_context();
    SSL *ssl = SSL_new(ctx);
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *verification = X509_STORE_CTX_new();
    X509 *cert = read_cert(PKI "self-leaf.pem"), *old = read_cert(PKI "ca.pem");
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | 99, "liar");
    const unsigned char *at = (const unsigned char *)"no certificate";
    BIO *bio;

    theme = "careless.other";
    X509_STORE_CTX_init(verification, store, cert, NULL);
    say("verify", "%d, %d", X509_verify_cert(verification), X509_STORE_CTX_get_error(verification));
    say("once", "%d, %d", X509_verify_cert(verification), X509_STORE_CTX_get_error(verification));
    X509_STORE_CTX_free(verification);
    X509_STORE_free(store);
    say("not read", "%d %d", d2i_X509(&old, &at, 14) == NULL, old == NULL);
    X509_free(old);
    X509_free(cert);
    ERR_clear_error();

    BIO_meth_set_gets(method, long_gets);
    bio = BIO_new(method);
    BIO_set_init(bio, 1);
    say("liar", "%d", PEM_read_bio_X509(bio, NULL, NULL, NULL) == NULL);
    BIO_free(bio);
    BIO_meth_free(method);
    ERR_clear_error();

    say("descriptor", "%d", SSL_set_fd(ssl, 0));
    say("descriptor is", "%d", SSL_get_fd(ssl));
    say("broken list", "%d", SSL_set_alpn_protos(ssl, (const unsigned char *)"\5h2", 3));
    looked_at = ssl;
    SSL_CTX_set_default_passwd_cb(ctx, password);
    SSL_free(ssl);
    looked_at = ssl = SSL_new(ctx);
    say("key", "%d", SSL_use_PrivateKey_file(ssl, "tests/keys/gnutls-3des.key", SSL_FILETYPE_PEM));
    ERR_clear_error();
    SSL_free(ssl);
    SSL_CTX_free(ctx);
}

void trace_careless(void)
{
    others();
    copies();
    data();
    lists();
    peeks();
}
