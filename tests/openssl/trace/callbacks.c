#include "trace.h"

static SSL_CTX *other;
static int answer;

static int servername(SSL *ssl, int *alert, void *arg)
{
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

    (void)alert;
    say("servername", "%s, type %d, argument %s", name ? name : "none", SSL_get_servername_type(ssl), (char *)arg);
    if (other != NULL && name != NULL && strcmp(name, "other.test") == 0)
        say("set_SSL_CTX", "%d", SSL_set_SSL_CTX(ssl, other) == other && SSL_get_SSL_CTX(ssl) == other);
    return answer;
}

static int alpn(SSL *ssl, const unsigned char **out, unsigned char *outlen, const unsigned char *in, unsigned int inlen,
                void *arg)
{
    say("alpn", "%u bytes, argument %s, name %s", inlen, (char *)arg,
        SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) ? SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) : "none");
    if (answer == SSL_TLSEXT_ERR_OK)
        SSL_select_next_proto((unsigned char **)out, outlen, (const unsigned char *)"\2h2\10http/1.1", 12, in, inlen);
    return answer;
}

static void names(const char *name, const char *host, int said)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char text[128];
    X509 *peer;

    theme = name;
    answer = said;
    other = server_context("server-rsa");
    SSL_CTX_set_tlsext_servername_callback(ends.server_ctx, servername);
    SSL_CTX_set_tlsext_servername_arg(ends.server_ctx, (void *)"argument");
    connect_ends(&ends, 0);
    if (host != NULL)
        say("host name", "%ld", SSL_set_tlsext_host_name(ends.client, host));
    shake(&ends, "results");
    errors("errors");
    peer = SSL_get1_peer_certificate(ends.client);
    if (peer != NULL)
        say("peer", "%s", X509_NAME_oneline(X509_get_subject_name(peer), text, sizeof(text)));
    X509_free(peer);
    say("name then", "%s", SSL_get_servername(ends.server, 0) ? SSL_get_servername(ends.server, 0) : "none");
    free_ends(&ends);
    SSL_CTX_free(other);
    other = NULL;
}

static void protocols(const char *name, int said, const char *offered, unsigned len)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    const unsigned char *chosen;
    unsigned int chosen_len;

    theme = name;
    answer = said;
    SSL_CTX_set_alpn_select_cb(ends.server_ctx, alpn, (void *)"argument");
    connect_ends(&ends, 0);
    SSL_set_tlsext_host_name(ends.client, "localhost");
    if (len > 0)
        say("protos", "%d", SSL_set_alpn_protos(ends.client, (const unsigned char *)offered, len));
    shake(&ends, "results");
    errors("errors");
    SSL_get0_alpn_selected(ends.client, &chosen, &chosen_len);
    say("chosen", "%.*s", (int)chosen_len, chosen ? (const char *)chosen : "");
    free_ends(&ends);
}

static int events;
static void info(const SSL *ssl, int where, int value)
{
    char label[32];

    (void)ssl;
    /* Which states there are in between is a library's own matter. */
    if (where & SSL_CB_LOOP)
        return;
    if ((where & SSL_CB_EXIT) && value < 0)
        return;
    snprintf(label, sizeof(label), "event %d", events++);
    if (where & SSL_CB_ALERT)
        say(label, "%s alert %s %s", where & SSL_CB_READ ? "read" : "write", SSL_alert_type_string_long(value),
            SSL_alert_desc_string_long(value));
    else
        say(label, "%#x %d", (unsigned)where, value);
}

static void informed(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    char buf[8];

    theme = "callbacks.info";
    events = 0;
    SSL_CTX_set_info_callback(ends.client_ctx, info);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    SSL_shutdown(ends.server);
    SSL_read(ends.client, buf, sizeof(buf));
    SSL_shutdown(ends.client);
    free_ends(&ends);

    theme = "callbacks.info failure";
    events = 0;
    ends = (struct ends){.server_ctx = server_context("server-p256"), .client_ctx = client_context()};
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_info_callback(ends.client_ctx, info);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    ERR_clear_error();
    free_ends(&ends);
}

static int freed;
static void free_data(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl, void *argp)
{
    (void)parent, (void)ad, (void)idx, (void)argp;
    if (ptr != NULL)
        freed += (int)argl;
}

static void data(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());
    SSL *ssl = SSL_new(ctx);
    int mine = 5, index = SSL_get_ex_new_index(7, NULL, NULL, NULL, free_data);
    int second = SSL_get_ex_new_index(1, NULL, NULL, NULL, NULL);

    theme = "callbacks.data";
    say("indices differ", "%d", index > 0 && second != index);
    say("nothing", "%d", SSL_get_ex_data(ssl, index) == NULL);
    say("set", "%d %d", SSL_set_ex_data(ssl, index, &mine), SSL_set_app_data(ssl, &mine));
    say("get", "%d %d %d", SSL_get_ex_data(ssl, index) == &mine, SSL_get_app_data(ssl) == &mine,
        SSL_get_ex_data(ssl, second) == NULL);
    SSL_free(ssl);
    say("freed", "%d", freed);
    SSL_CTX_free(ctx);
}

void trace_callbacks(void)
{
    names("callbacks.name", "localhost", SSL_TLSEXT_ERR_OK);
    names("callbacks.other name", "other.test", SSL_TLSEXT_ERR_OK);
    names("callbacks.no name", NULL, SSL_TLSEXT_ERR_NOACK);
    names("callbacks.refused name", "localhost", SSL_TLSEXT_ERR_ALERT_FATAL);
    protocols("callbacks.alpn", SSL_TLSEXT_ERR_OK, "\10http/1.1\2h2", 12);
    protocols("callbacks.alpn passed", SSL_TLSEXT_ERR_NOACK, "\2h2", 3);
    protocols("callbacks.alpn refused", SSL_TLSEXT_ERR_ALERT_FATAL, "\2h2", 3);
    protocols("callbacks.alpn not offered", SSL_TLSEXT_ERR_OK, "", 0);
    informed();
    data();
}
