/* What a program asks for holds, and what it takes back is gone: verification, names, levels, lists, virtual hosts. */
#include "trace.h"

#include <unistd.h>

static int allowed, asked;

static int overrule(int ok, X509_STORE_CTX *ctx)
{
    if (!ok)
        say("told", "%d at %d", X509_STORE_CTX_get_error(ctx), X509_STORE_CTX_get_error_depth(ctx));
    return ok || allowed == 1 || X509_STORE_CTX_get_error(ctx) == allowed;
}

static void outcome(struct ends *ends)
{
    shake(ends, "results");
    say("result", "%ld", SSL_get_verify_result(ends->client));
    ERR_clear_error();
    SSL_free(ends->client);
    SSL_free(ends->server);
}

static void callback_taken_away(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    theme = "demands.callback taken away";
    allowed = 1;
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, overrule);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    say("there", "%d", SSL_CTX_get_verify_callback(ends.client_ctx) != NULL);
    connect_ends(&ends, 0);
    SSL_set_verify(ends.client, SSL_VERIFY_PEER, overrule);
    SSL_set_verify(ends.client, SSL_VERIFY_PEER, NULL);
    say("of the SSL", "%d", SSL_get_verify_callback(ends.client) != NULL);
    outcome(&ends);
    connect_ends(&ends, 0);
    theme = "demands.callback taken away, used";
    outcome(&ends);
    SSL_CTX_free(ends.client_ctx);
    SSL_CTX_free(ends.server_ctx);
}

static void name_and_address(const char *name, const char *host, const char *address, int allow)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    theme = name;
    allowed = allow;
    SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, overrule);
    connect_ends(&ends, 0);
    SSL_set1_host(ends.client, address);
    SSL_set1_host(ends.client, host);
    outcome(&ends);
    SSL_CTX_free(ends.client_ctx);
    SSL_CTX_free(ends.server_ctx);
}

static void flags(const char *name, const char *server, unsigned long flag)
{
    struct ends ends = {.server_ctx = server_context(server), .client_ctx = client_context()};

    theme = name;
    allowed = 0;
    SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    connect_ends(&ends, 0);
    say("set", "%d", X509_VERIFY_PARAM_set_flags(SSL_get0_param(ends.client), flag));
    ERR_clear_error();
    outcome(&ends);
    SSL_CTX_free(ends.client_ctx);
    SSL_CTX_free(ends.server_ctx);
}

static void purpose(const char *name, const char *server, int asked_for)
{
    struct ends ends = {.server_ctx = server_context(server), .client_ctx = client_context()};

    theme = name;
    SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    connect_ends(&ends, 0);
    say("set", "%d", X509_VERIFY_PARAM_set_purpose(SSL_get0_param(ends.client), asked_for));
    outcome(&ends);
    SSL_CTX_free(ends.client_ctx);
    SSL_CTX_free(ends.server_ctx);
}

/* A weak certificate, the level of the client's context, and a list of its SSL with a level of its own. */
static void level(const char *server, int of_context, const char *list, int allow)
{
    struct ends ends = {.server_ctx = SSL_CTX_new(TLS_server_method()), .client_ctx = client_context()};
    char path[256], name[128];

    snprintf(name, sizeof(name), "demands.level %d, %s, list %s, %d", of_context, server, list ? list : "none", allow);
    theme = name;
    allowed = allow;
    SSL_CTX_set_max_proto_version(ends.server_ctx, TLS1_2_VERSION);
    SSL_CTX_set_security_level(ends.server_ctx, 0);
    snprintf(path, sizeof(path), PKI "%s.pem", server);
    SSL_CTX_use_certificate_chain_file(ends.server_ctx, path);
    snprintf(path, sizeof(path), PKI "%s.key", server);
    SSL_CTX_use_PrivateKey_file(ends.server_ctx, path, SSL_FILETYPE_PEM);
    SSL_CTX_set_security_level(ends.client_ctx, of_context);
    SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, overrule);
    connect_ends(&ends, 0);
    if (list != NULL)
        say("list", "%d", SSL_set_cipher_list(ends.client, list));
    outcome(&ends);
    SSL_CTX_free(ends.client_ctx);
    SSL_CTX_free(ends.server_ctx);
}

static void level_set_later(void)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    theme = "demands.level set behind SSL_new";
    allowed = 0;
    SSL_CTX_load_verify_locations(ends.client_ctx, PKI "ca.pem", NULL);
    SSL_CTX_set_verify(ends.client_ctx, SSL_VERIFY_PEER, NULL);
    connect_ends(&ends, 0);
    SSL_CTX_set_security_level(ends.client_ctx, 5);
    outcome(&ends);
    connect_ends(&ends, 0);
    theme = "demands.level set before SSL_new";
    outcome(&ends);
    SSL_CTX_free(ends.client_ctx);
    SSL_CTX_free(ends.server_ctx);
}

static int tls12_ciphers(STACK_OF(SSL_CIPHER) *ciphers)
{
    int n = 0;

    for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); i++)
        n += (SSL_CIPHER_get_id(sk_SSL_CIPHER_value(ciphers, i)) >> 8 & 0xff) != 0x13;
    return n;
}

static void lists(void)
{
    static const char *const refused[] = {"NOSUCH", "", "!ALL", "ALL:@SECLEVEL=6", "ALL:@NOSUCH", "ALL:@SECLEVEL=", "AES128-SHA:@STRENGTH"};

    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        struct ends ends = {.server_ctx = server_context("server-rsa"), .client_ctx = client_context()};
        char name[64];

        snprintf(name, sizeof(name), "demands.list \"%s\"", refused[i]);
        theme = name;
        connect_ends(&ends, 0);
        say("of the SSL", "%d", SSL_set_cipher_list(ends.client, refused[i]));
        say("left of the SSL's", "%d", tls12_ciphers(SSL_get_ciphers(ends.client)) > 0);
        ERR_clear_error();
        outcome(&ends);
        say("of the context", "%d", SSL_CTX_set_cipher_list(ends.client_ctx, refused[i]));
        errors("errors");
        say("left", "%d", tls12_ciphers(SSL_CTX_get_ciphers(ends.client_ctx)) > 0);
        connect_ends(&ends, 0);
        outcome(&ends);
        say("another", "%d", SSL_CTX_set_cipher_list(ends.client_ctx, "DEFAULT"));
        connect_ends(&ends, 0);
        outcome(&ends);
        SSL_CTX_free(ends.client_ctx);
        SSL_CTX_free(ends.server_ctx);
    }
}

/* A file with a whole certificate and what `behind` has. */
static void chain_file(const char *name, const char *behind)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    char path[] = "/tmp/tlscore-chain-XXXXXX", text[8192];
    int fd = mkstemp(path);
    FILE *file = fopen(PKI "server-p256.pem", "r");
    size_t len = fread(text, 1, sizeof(text) - 1, file);
    char *end;

    fclose(file);
    text[len] = 0;
    end = strstr(text, "-----END CERTIFICATE-----") + 26;
    strcpy(end, behind);
    if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        exit(2);
    close(fd);
    theme = name;
    ERR_clear_error();
    say("taken", "%d", SSL_CTX_use_certificate_chain_file(ctx, path));
    say("told", "%d", ERR_peek_error() != 0);
    ERR_clear_error();
    SSL_CTX_free(ctx);
    unlink(path);
}

static SSL_CTX *other;
static int choose(SSL *ssl, int *alert, void *arg)
{
    (void)alert;
    (void)arg;
    SSL_set_SSL_CTX(ssl, other);
    return SSL_TLSEXT_ERR_OK;
}
static int choose_first(SSL *ssl, int *alert, void *arg)
{
    (void)alert;
    (void)arg;
    SSL_set_SSL_CTX(ssl, other);
    return SSL_CLIENT_HELLO_SUCCESS;
}
static int count_names(SSL *ssl, int *alert, void *arg)
{
    (void)ssl;
    (void)alert;
    asked += arg ? 10 : 1;
    return SSL_TLSEXT_ERR_OK;
}
static int certificate(SSL *ssl, void *arg)
{
    (void)ssl;
    asked += arg ? 10 : 1;
    return 1;
}

static void names_sent(struct ends *ends)
{
    STACK_OF(X509_NAME) *names = SSL_get_client_CA_list(ends->client);
    char text[256] = "none";

    if (names != NULL && sk_X509_NAME_num(names) > 0)
        X509_NAME_oneline(sk_X509_NAME_value(names, 0), text, sizeof(text));
    say("names", "%s", text);
}

/* What the context that is chosen brings: c(ertificate callbacks), C(the SSL's own), n(ames of CAs), s(ignatures), l(evel),
   h(chosen in the ClientHello's callback), b(chosen before the handshake), L(a list that selects nothing). */
static void host(const char *name, char what)
{
    struct ends ends = {.server_ctx = server_context("server-rsa"), .client_ctx = client_context()};

    theme = name;
    asked = 0;
    other = server_context("server-rsa");
    if (what == 'h')
        SSL_CTX_set_client_hello_cb(ends.server_ctx, choose_first, NULL);
    else if (what != 'b')
        SSL_CTX_set_tlsext_servername_callback(ends.server_ctx, choose);
    if (what == 'c' || what == 'C' || what == 'h' || what == 'b') {
        SSL_CTX_set_cert_cb(ends.server_ctx, certificate, NULL);
        SSL_CTX_set_cert_cb(other, certificate, (void *)"other");
    }
    if (what == 'h' || what == 'b') {
        SSL_CTX_set_tlsext_servername_callback(ends.server_ctx, count_names);
        SSL_CTX_set_tlsext_servername_arg(ends.server_ctx, NULL);
    }
    if (what == 'h') {
        SSL_CTX_set_tlsext_servername_callback(other, count_names);
        SSL_CTX_set_tlsext_servername_arg(other, (void *)"other");
    }
    if (what == 'n') {
        SSL_CTX_set_verify(ends.server_ctx, SSL_VERIFY_PEER, NULL);
        SSL_CTX_set_client_CA_list(ends.server_ctx, SSL_load_client_CA_file(PKI "ca.pem"));
        SSL_CTX_set_client_CA_list(other, SSL_load_client_CA_file(PKI "other-ca.pem"));
    }
    if (what == 's') {
        SSL_CTX_set1_sigalgs_list(other, "RSA+SHA512");
        SSL_CTX_set1_sigalgs_list(ends.client_ctx, "RSA+SHA256");
        SSL_CTX_set_cipher_list(ends.client_ctx, "ECDHE-RSA-AES128-GCM-SHA256");
    }
    if (what == 'l')
        SSL_CTX_set_security_level(other, 5);
    if (what == 'L')
        SSL_CTX_set_cipher_list(other, "NOSUCH");
    ERR_clear_error();
    connect_ends(&ends, 0);
    if (what == 'C')
        SSL_set_cert_cb(ends.server, certificate, NULL);
    if (what == 'b')
        SSL_set_SSL_CTX(ends.server, other);
    SSL_set_tlsext_host_name(ends.client, "localhost");
    shake(&ends, "results");
    say("asked", "%d", asked);
    if (what == 'n')
        names_sent(&ends);
    ERR_clear_error();
    free_ends(&ends);
    SSL_CTX_free(other);
}

static void authorities(const char *name, int later, uint64_t options)
{
    struct ends ends = {.server_ctx = server_context("server-p256"), .client_ctx = client_context()};

    theme = name;
    SSL_CTX_set_verify(ends.server_ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_options(ends.server_ctx, options);
    if (!later)
        SSL_CTX_set_client_CA_list(ends.server_ctx, SSL_load_client_CA_file(PKI "ca.pem"));
    connect_ends(&ends, 0);
    if (later)
        SSL_CTX_set_client_CA_list(ends.server_ctx, SSL_load_client_CA_file(PKI "ca.pem"));
    shake(&ends, "results");
    names_sent(&ends);
    free_ends(&ends);
}

static void chain_of_store(const char *name, long mode)
{
    struct ends ends = {.server_ctx = SSL_CTX_new(TLS_server_method()), .client_ctx = client_context()};
    BIO *bio = BIO_new_file(PKI "server-p256.pem", "r");
    X509 *cert;

    theme = name;
    SSL_CTX_set_max_proto_version(ends.server_ctx, TLS1_2_VERSION);
    SSL_CTX_use_certificate_file(ends.server_ctx, PKI "server-p256.pem", SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(ends.server_ctx, PKI "server-p256.key", SSL_FILETYPE_PEM);
    while ((cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(ends.server_ctx), cert);
        X509_free(cert);
    }
    BIO_free(bio);
    ERR_clear_error();
    SSL_CTX_set_mode(ends.server_ctx, mode);
    connect_ends(&ends, 0);
    shake(&ends, "results");
    say("sent", "%d", sk_X509_num(SSL_get_peer_cert_chain(ends.client)));
    free_ends(&ends);
}

void trace_demands(void)
{
    callback_taken_away();
    name_and_address("demands.both right", "localhost", "127.0.0.1", 0);
    name_and_address("demands.other address", "localhost", "192.0.2.9", 64);
    name_and_address("demands.other name", "other.test", "127.0.0.1", 64);
    name_and_address("demands.both wrong, the address overruled", "other.test", "192.0.2.9", 64);
    name_and_address("demands.both wrong, the name overruled", "other.test", "192.0.2.9", 62);
    name_and_address("demands.both wrong, all overruled", "other.test", "192.0.2.9", 1);
    flags("demands.strict", "no-subject", X509_V_FLAG_X509_STRICT);
    flags("demands.self-signatures", "server-p256", X509_V_FLAG_CHECK_SS_SIGNATURE);
    purpose("demands.any purpose", "client-p256", X509_PURPOSE_ANY);
    purpose("demands.client purpose", "client-p256", X509_PURPOSE_SSL_CLIENT);
    purpose("demands.server purpose", "client-p256", X509_PURPOSE_SSL_SERVER);
    for (int of_context = 0; of_context <= 2; of_context += 2) {
        level("server-rsa1024", of_context, NULL, 0);
        level("server-rsa1024", of_context, "ALL:@SECLEVEL=0", 0);
        level("server-rsa1024", of_context, "ALL:@SECLEVEL=2", 0);
        level("bad-sha1", of_context, NULL, 0);
        level("bad-sha1", of_context, "ALL:@SECLEVEL=0", 0);
        level("bad-sha1", of_context, "ALL:@SECLEVEL=2", 0);
    }
    level("bad-sha1", 2, NULL, 66);
    level("bad-sha1", 2, NULL, 68);
    level("server-rsa1024", 2, NULL, 66);
    level("server-p256", 3, NULL, 1);
    level_set_later();
    lists();
    chain_file("demands.chain file", "");
    chain_file("demands.chain file, other text", "what is this\n");
    chain_file("demands.chain file, no end", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    chain_file("demands.chain file, no certificate", "-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n");
    chain_file("demands.chain file, no base64", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");
    host("demands.host's callback", 'c');
    host("demands.host's callback in place of the SSL's", 'C');
    host("demands.host chosen by the ClientHello", 'h');
    host("demands.host chosen before", 'b');
    host("demands.host's names", 'n');
    host("demands.host's signatures", 's');
    host("demands.host's level", 'l');
    host("demands.host's empty list", 'L');
    authorities("demands.names", 0, 0);
    authorities("demands.names set later", 1, 0);
    authorities("demands.no names", 0, SSL_OP_DISABLE_TLSEXT_CA_NAMES);
    chain_of_store("demands.chain of the store", 0);
    chain_of_store("demands.no chain of the store", SSL_MODE_NO_AUTO_CHAIN);
}
