/* Who owns what, and what threads may share. Memory checkers see here what a wrong count does. */
#include "trace.h"
#include <pthread.h>

static int swallow(BIO *bio, const char *data, int len)
{
    (void)bio, (void)data;
    return len;
}

static int ready(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static long agree(BIO *bio, int cmd, long num, void *ptr)
{
    (void)bio, (void)cmd, (void)num, (void)ptr;
    return 1;
}

static BIO_METHOD *new_filter(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_FILTER, "filter");

    BIO_meth_set_write(method, swallow);
    BIO_meth_set_create(method, ready);
    BIO_meth_set_ctrl(method, agree);
    return method;
}

/* BIO_free gives back one BIO; what is behind it stays. */
static void chains(void)
{
    char buf[8];
    BIO_METHOD *method = new_filter();
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    BIO *filter = BIO_new(method), *mem = BIO_new(BIO_s_mem());

    theme = "ownership.chain";
    BIO_puts(mem, "hello");
    BIO_push(filter, mem);
    say("free the filter", "%d", BIO_free(filter));
    say("what was behind it", "%d", BIO_read(mem, buf, 5));
    filter = BIO_new_ssl(ctx, 1);
    BIO_push(filter, mem);
    say("free an SSL filter", "%d", BIO_free(filter));
    say("write behind it", "%d", BIO_puts(mem, "x"));
    BIO_read(mem, buf, sizeof(buf));
    filter = BIO_new(method);
    BIO_push(filter, mem);
    BIO_up_ref(mem);
    BIO_free_all(filter);
    say("all of a chain but what others hold", "%d", BIO_puts(mem, "y"));
    BIO_free(mem);
    BIO_meth_free(method);
    SSL_CTX_free(ctx);
}

static void ssl_filter(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *one = SSL_new(ctx), *other = SSL_new(ctx);
    BIO *filter = BIO_new(BIO_f_ssl());

    theme = "ownership.ssl filter";
    BIO_set_ssl(filter, one, BIO_NOCLOSE);
    BIO_set_ssl(filter, other, BIO_NOCLOSE);
    say("the first lives", "%d", SSL_get_verify_mode(one));
    SSL_free(one);
    BIO_set_ssl(filter, other, BIO_CLOSE);
    BIO_free(filter);
    SSL_CTX_free(ctx);
}

static void set_bio(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(ctx);
    BIO *a = BIO_new(BIO_s_mem()), *b = BIO_new(BIO_s_mem()), *c = BIO_new(BIO_s_mem());

    theme = "ownership.SSL_set_bio";
    SSL_set_bio(ssl, a, a);
    /* The same reader: the writer's reference alone is taken. */
    SSL_set_bio(ssl, a, b);
    say("another writer", "%d %d %d", SSL_get_rbio(ssl) == a, SSL_get_wbio(ssl) == b, BIO_puts(a, "x"));
    SSL_set_bio(ssl, c, b);
    say("another reader", "%d %d", SSL_get_rbio(ssl) == c, SSL_get_wbio(ssl) == b);
    /* OpenSSL takes the second reference itself. */
    SSL_set_bio(ssl, b, b);
    say("the writer for both", "%d %d", SSL_get_rbio(ssl) == b, BIO_puts(b, "x"));
    SSL_free(ssl);
    SSL_CTX_free(ctx);
}

static X509 *certificate(const char *path)
{
    BIO *bio = BIO_new_file(path, "r");
    X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    return x509;
}

static void lent_chains(void)
{
    SSL_CTX *ctx = server_context("server-rsa");
    X509 *more = certificate(PKI "server-rsa.pem");
    STACK_OF(X509) *extra = NULL, *again = NULL, *only = NULL, *own = NULL;

    theme = "ownership.lent chains";
    SSL_CTX_clear_extra_chain_certs(ctx);
    SSL_CTX_clear_chain_certs(ctx);
    say("none", "%ld %d", SSL_CTX_get_extra_chain_certs_only(ctx, &only), only == NULL);
    X509_up_ref(more);
    SSL_CTX_add_extra_chain_cert(ctx, more);
    SSL_CTX_get_extra_chain_certs(ctx, &extra);
    SSL_CTX_get_extra_chain_certs(ctx, &again);
    SSL_CTX_get0_chain_certs(ctx, &own);
    say("extra", "%d, the same %d, own %d", sk_X509_num(extra), extra == again, sk_X509_num(own));
    X509_up_ref(more);
    SSL_CTX_add_extra_chain_cert(ctx, more);
    say("the list that was lent follows", "%d", sk_X509_num(extra));
    SSL_CTX_add1_chain_cert(ctx, more);
    SSL_CTX_get0_chain_certs(ctx, &own);
    say("own", "%d", sk_X509_num(own));
    SSL_CTX_clear_extra_chain_certs(ctx);
    SSL_CTX_get_extra_chain_certs(ctx, &extra);
    say("the own ones stand in", "%d", extra == own);
    SSL_CTX_get_extra_chain_certs_only(ctx, &only);
    say("but not for only", "%d", only == NULL);
    X509_free(more);
    SSL_CTX_free(ctx);
}

static void values(void)
{
    unsigned char byte[4] = { 0 };
    ASN1_TIME *time = ASN1_TIME_set(NULL, 1000000), *same = ASN1_TIME_set(time, 3000000000);
    BIO *a = NULL, *b = NULL;

    theme = "ownership.values";
    say("random bytes of a negative length", "%d", RAND_bytes(byte, -1));
    say("a time set again", "%d %d %s", same == time, ASN1_STRING_length(time), ASN1_STRING_get0_data(time));
    ASN1_TIME_set(time, 1500000000);
    say("and back", "type %d, length %d", ASN1_STRING_type(time), ASN1_STRING_length(time));
    ASN1_TIME_free(time);
    say("a pair that no memory holds", "%d", BIO_new_bio_pair(&a, (size_t)1 << 60, &b, 1));
    ERR_clear_error();
}

static void *look(void *arg)
{
    X509 *x509 = arg;
    X509_NAME *name = X509_get_subject_name(x509);
    char text[256], first[256];
    size_t wrong = 0;

    X509_NAME_oneline(name, first, sizeof(first));
    for (int i = 0; i < 5000; i++) {
        const ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, 0));

        value = i % 2 ? value : X509_get0_serialNumber(x509);
        wrong += ASN1_STRING_length(value) <= 0 || ASN1_STRING_get0_data(value) == NULL;
        X509_NAME_oneline(name, text, sizeof(text));
        wrong += strcmp(text, first) != 0;
    }
    return (void *)wrong;
}

/* What one certificate says to many threads. */
static void threads(void)
{
    X509 *x509 = certificate(PKI "server-rsa.pem");
    pthread_t thread[4];
    size_t wrong = 0;

    theme = "ownership.threads";
    for (int i = 0; i < 4; i++)
        pthread_create(&thread[i], NULL, look, x509);
    for (int i = 0; i < 4; i++) {
        void *seen;

        pthread_join(thread[i], &seen);
        wrong += (size_t)seen;
    }
    say("wrong answers", "%zu", wrong);
    X509_free(x509);
}

void trace_ownership(void)
{
    chains();
    ssl_filter();
    set_bio();
    lent_chains();
    values();
    threads();
}
