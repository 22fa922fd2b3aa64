/* What lasts: errors in threads that end, a connection that has failed; and what is not there unless it is named. */
#include "trace.h"

#include <pthread.h>
#include <unistd.h>

static pthread_key_t last_key;

static void on_end(void *data)
{
    ERR_raise(ERR_LIB_USER, 3);
    *(int *)data = ERR_GET_REASON(ERR_get_error());
}

static void *thread(void *data)
{
    pthread_setspecific(last_key, data);
    ERR_raise(ERR_LIB_USER, 1);
    return NULL;
}

static void at_exit(void)
{
    theme = "lasting.exit";
    ERR_raise(ERR_LIB_USER, 2);
    errors("errors");
}

static void threads(void)
{
    pthread_t other;
    int seen = 0;

    theme = "lasting.thread";
    pthread_key_create(&last_key, on_end);
    pthread_create(&other, NULL, thread, &seen);
    pthread_join(other, NULL);
    say("error in a key's destructor", "%d", seen);
    atexit(at_exit);
}

static int three_des(SSL_CTX *ctx)
{
    STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(ctx);
    int n = 0;

    for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); i++)
        n += strstr(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, i)), "DES-CBC3") != NULL;
    return n;
}

static void weak(void)
{
    static const char *const lists[] = {"DEFAULT", "ALL", "HIGH:MEDIUM:!aNULL:+3DES", "MEDIUM", "3DES", "SUITEB192"};
    SSL_CTX *ctx = client_context();

    theme = "lasting.3DES";
    say("unasked", "%d", three_des(ctx));
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        int set = SSL_CTX_set_cipher_list(ctx, lists[i]);

        say(lists[i], "%d, %d", set, set == 1 ? three_des(ctx) : -1);
        errors("errors");
    }
    SSL_CTX_free(ctx);
}

/* A record that was changed on its way: the connection is over, and closing it is no longer possible. */
static void failure(void)
{
    struct ends ends = {server_context("server-p256"), client_context(), NULL, NULL};
    char record[256], byte;
    BIO *changed = BIO_new(BIO_s_mem());
    int n;

    theme = "lasting.failure";
    connect_ends(&ends, 0);
    result("exported before", ends.client, SSL_export_keying_material(ends.client, (unsigned char *)record, 8, "EXPERIMENTAL", 12, NULL, 0, 0));
    shake(&ends, "handshake");
    SSL_write(ends.server, "hello", 5);
    n = BIO_read(SSL_get_rbio(ends.client), record, sizeof(record));
    record[n - 1] ^= 1;
    BIO_write(changed, record, n);
    SSL_set0_rbio(ends.client, changed);
    say("open", "%d %d", SSL_is_init_finished(ends.client), SSL_in_init(ends.client));
    result("read", ends.client, SSL_read(ends.client, &byte, 1));
    ERR_clear_error();
    say("over", "%d %d", SSL_is_init_finished(ends.client), SSL_in_init(ends.client));
    result("shutdown", ends.client, SSL_shutdown(ends.client));
    errors("errors");
    say("shutdown flags", "%d", SSL_get_shutdown(ends.client));
    free_ends(&ends);
}

static void keys(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    theme = "lasting.keys";
    say("EC as RSA", "%d", SSL_CTX_use_RSAPrivateKey_file(ctx, PKI "server-p256.key", SSL_FILETYPE_PEM));
    ERR_clear_error();
    say("RSA", "%d", SSL_CTX_use_RSAPrivateKey_file(ctx, PKI "server-rsa.key", SSL_FILETYPE_PEM));
    errors("errors");
    SSL_CTX_free(ctx);
}

static X509 *read_cert(const char *name)
{
    char path[256];
    BIO *bio;
    X509 *cert;

    snprintf(path, sizeof(path), PKI "%s.pem", name);
    bio = BIO_new_file(path, "r");
    cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return cert;
}

/* One verification for a purpose, with or without a look at the time. */
static void alone(const char *label, const char *name, int purpose, unsigned long flags)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    X509 *cert = read_cert(name);
    int ok;

    X509_STORE_load_locations(store, PKI "ca.pem", NULL);
    X509_STORE_CTX_init(ctx, store, cert, NULL);
    X509_STORE_CTX_set_flags(ctx, flags);
    X509_STORE_CTX_set_purpose(ctx, purpose);
    ok = X509_verify_cert(ctx);
    say(label, "%d, %d", ok, X509_STORE_CTX_get_error(ctx));
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    X509_free(cert);
    ERR_clear_error();
}

static void certificates(void)
{
    X509 *cert = read_cert("ca");
    char room[4] = "xxx";

    theme = "lasting.certificate";
    alone("key that signs nothing", "bad-client-no-sign", X509_PURPOSE_SSL_CLIENT, 0);
    alone("key that signs", "client-p256", X509_PURPOSE_SSL_CLIENT, 0);
    alone("expired", "bad-expired", X509_PURPOSE_SSL_SERVER, 0);
    alone("expired, not looked at", "bad-expired", X509_PURPOSE_SSL_SERVER, X509_V_FLAG_NO_CHECK_TIME);
    alone("of nobody, not looked at", "bad-self-signed", X509_PURPOSE_SSL_SERVER, X509_V_FLAG_NO_CHECK_TIME);
    say("no room", "%d %d", X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, room, 0),
        X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, room, -1));
    X509_free(cert);
}

static void descriptors(void)
{
    SSL_CTX *ctx = client_context();
    SSL *ssl = SSL_new(ctx);
    BIO *filter = BIO_new(BIO_f_ssl()), *null = BIO_new(BIO_s_null()), *file;
    FILE *temporary = tmpfile();
    char text[4] = "";

    theme = "lasting.descriptor";
    SSL_set_fd(ssl, 0);
    BIO_set_ssl(filter, ssl, BIO_CLOSE);
    say("behind a filter", "%d", (int)BIO_get_fd(filter, NULL));
    say("null", "%d", (int)BIO_get_close(null));
    file = BIO_new_fd(fileno(temporary), BIO_NOCLOSE);
    BIO_write(file, "one", 3);
    say("told", "%d", (int)BIO_tell(file));
    say("reset", "%d", (int)BIO_reset(file));
    BIO_read(file, text, 3);
    say("read", "%s", text);
    BIO_set_app_data(file, text);
    say("application's data", "%d %d", BIO_get_app_data(file) == text, BIO_get_data(file) == text);
    BIO_free(file);
    fclose(temporary);
    BIO_free(null);
    BIO_free(filter);
    SSL_CTX_free(ctx);
}

void trace_lasting(void)
{
    threads();
    weak();
    failure();
    keys();
    certificates();
    descriptors();
}
